//! Public keys: what identifies one, and verifying a token's signature with it.

use chungthu_token::object::PublicKeyValue;
use chungthu_token::session::SignatureScheme;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, RSA_PKCS1_2048_8192_SHA256,
    RsaPublicKeyComponents, UnparsedPublicKey,
};
use x509_parser::asn1_rs::Tag;
use x509_parser::prelude::FromDer;
use x509_parser::public_key::RSAPublicKey;
use x509_parser::x509::SubjectPublicKeyInfo;

use crate::digest::{sha256, upper_hex};
use crate::elements::{dotted, inside};

const RSA_ENCRYPTION: &str = "1.2.840.113549.1.1.1";
const EC_PUBLIC_KEY: &str = "1.2.840.10045.2.1";
/// The sizes ring verifies: smaller is unsafe, larger is a way to keep a processor busy.
const VERIFIABLE_RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// The public key of a certificate. Two are equal if their SubjectPublicKeyInfo is, byte for byte;
/// [`Self::is_same_key`] compares the keys themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    der: Vec<u8>,
    key_type: KeyType,
}

/// What the key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyType {
    /// RSA (RFC 8017).
    Rsa {
        /// Modulus, big end first, without leading zero octets (as `CKA_MODULUS`).
        modulus: Vec<u8>,
        /// Public exponent, big end first, without leading zero octets (as `CKA_PUBLIC_EXPONENT`).
        exponent: Vec<u8>,
        /// Length of the modulus in bits.
        bits: usize,
    },
    /// Elliptic curve (RFC 5480).
    Ec {
        /// The curve.
        curve: Curve,
        /// The point as encoded in the certificate: `04 || x || y` when uncompressed, without an OCTET
        /// STRING around it.
        point: Vec<u8>,
    },
    /// Anything else; the program cannot match or verify it.
    Other {
        /// Algorithm in dotted form.
        algorithm: String,
    },
}

/// An elliptic curve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Curve {
    /// secp256r1.
    P256,
    /// secp384r1.
    P384,
    /// secp521r1.
    P521,
    /// Another curve: its OID in dotted form, empty if the parameters name none.
    Other(String),
}

/// The bytes are no SubjectPublicKeyInfo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a SubjectPublicKeyInfo")]
pub struct PublicKeyError;

/// Why a signature is not proved. Only [`Self::Wrong`] says something against the signer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The scheme is for another type of key.
    #[error("the scheme {scheme:?} does not belong to this type of key")]
    OtherKeyType {
        /// The scheme asked for.
        scheme: SignatureScheme,
    },
    /// RSA outside 2048 to 8192 bits, or an exponent that is even, below 3 or above 2^33 - 1.
    #[error("an RSA key of {bits} bits with this exponent cannot be verified")]
    UnsupportedRsaKey {
        /// Length of the modulus in bits.
        bits: usize,
    },
    /// The signature is not by this key over this message.
    #[error("the signature is wrong")]
    Wrong,
}

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7); nothing may follow it.
    ///
    /// # Errors
    /// If it is none, or if an RSA key inside is none.
    pub fn from_der(der: &[u8]) -> Result<Self, PublicKeyError> {
        let (rest, parsed) = SubjectPublicKeyInfo::from_der(der).map_err(|_| PublicKeyError)?;
        // The parser does not look behind the two fields.
        let exact = inside(der, Tag::Sequence).is_some_and(|fields| fields.len() == 2);
        if !rest.is_empty() || !exact {
            return Err(PublicKeyError);
        }
        let bits = parsed.subject_public_key.data.as_ref();
        let algorithm = dotted(&parsed.algorithm.algorithm);
        let key_type = match algorithm.as_str() {
            RSA_ENCRYPTION => {
                let (_, key) = RSAPublicKey::from_der(bits).map_err(|_| PublicKeyError)?;
                let exact = inside(bits, Tag::Sequence).is_some_and(|fields| fields.len() == 2);
                if !exact {
                    return Err(PublicKeyError);
                }
                let modulus = without_leading_zeros(key.modulus).to_vec();
                let bits = bit_length(&modulus);
                KeyType::Rsa {
                    modulus,
                    exponent: without_leading_zeros(key.exponent).to_vec(),
                    bits,
                }
            }
            EC_PUBLIC_KEY => {
                let named = parsed
                    .algorithm
                    .parameters
                    .as_ref()
                    .and_then(|any| any.as_oid().ok());
                let curve = Curve::from_oid(&named.map(|oid| dotted(&oid)).unwrap_or_default());
                KeyType::Ec {
                    curve,
                    point: bits.to_vec(),
                }
            }
            _ => KeyType::Other { algorithm },
        };
        Ok(Self {
            der: der.to_vec(),
            key_type,
        })
    }

    /// The SubjectPublicKeyInfo, DER, as in the certificate.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// SHA-256 of [`Self::der`], upper-case hex.
    #[must_use]
    pub fn sha256(&self) -> String {
        upper_hex(&sha256(&self.der))
    }

    /// What the key is.
    #[must_use]
    pub const fn key_type(&self) -> &KeyType {
        &self.key_type
    }

    /// Size as people name it: bits of the RSA modulus or of the curve's field; `None` if unknown.
    #[must_use]
    pub const fn bits(&self) -> Option<usize> {
        match &self.key_type {
            KeyType::Rsa { bits, .. } => Some(*bits),
            KeyType::Ec { curve, .. } => curve.bits(),
            KeyType::Other { .. } => None,
        }
    }

    /// True if both are the same key, also where the surrounding encoding differs (an algorithm
    /// parameter NULL left out). Unknown types are compared byte for byte.
    #[must_use]
    pub fn is_same_key(&self, other: &Self) -> bool {
        match (&self.key_type, &other.key_type) {
            (KeyType::Rsa { .. }, KeyType::Rsa { .. })
            | (KeyType::Ec { .. }, KeyType::Ec { .. }) => self.key_type == other.key_type,
            (KeyType::Rsa { .. } | KeyType::Ec { .. } | KeyType::Other { .. }, _) => {
                self.der == other.der
            }
        }
    }

    /// True if a token's key object shows this key. An object that shows no exponent does not
    /// contradict.
    #[must_use]
    pub fn is_shown_as(&self, value: &PublicKeyValue) -> bool {
        match (value, &self.key_type) {
            (
                PublicKeyValue::Rsa { modulus, exponent },
                KeyType::Rsa {
                    modulus: own_modulus,
                    exponent: own_exponent,
                    ..
                },
            ) => {
                modulus == own_modulus
                    && exponent
                        .as_ref()
                        .is_none_or(|exponent| exponent == own_exponent)
            }
            (
                PublicKeyValue::Ec { point },
                KeyType::Ec {
                    point: own_point, ..
                },
            ) => point == own_point,
            (PublicKeyValue::Rsa { .. }, KeyType::Ec { .. } | KeyType::Other { .. })
            | (PublicKeyValue::Ec { .. }, KeyType::Rsa { .. } | KeyType::Other { .. }) => false,
        }
    }

    /// The scheme this key's signatures can be verified with; `None` if there is none.
    #[must_use]
    pub fn scheme(&self) -> Option<SignatureScheme> {
        match &self.key_type {
            KeyType::Rsa { bits, exponent, .. } => {
                is_verifiable_rsa(*bits, exponent).then_some(SignatureScheme::RsaPkcs1Sha256)
            }
            KeyType::Ec {
                curve: Curve::P256, ..
            } => Some(SignatureScheme::EcdsaP256Sha256),
            KeyType::Ec {
                curve: Curve::P384, ..
            } => Some(SignatureScheme::EcdsaP384Sha384),
            KeyType::Ec {
                curve: Curve::P521 | Curve::Other(_),
                ..
            }
            | KeyType::Other { .. } => None,
        }
    }

    /// Verifies a signature over the message itself, not over its digest.
    ///
    /// # Errors
    /// [`VerifyError::Wrong`] if the signature is not by this key; the other errors say that the
    /// question could not be asked.
    pub fn verify_signature(
        &self,
        scheme: SignatureScheme,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        let result = match (scheme, &self.key_type) {
            (
                SignatureScheme::RsaPkcs1Sha256,
                KeyType::Rsa {
                    modulus,
                    exponent,
                    bits,
                },
            ) => {
                if !is_verifiable_rsa(*bits, exponent) {
                    return Err(VerifyError::UnsupportedRsaKey { bits: *bits });
                }
                RsaPublicKeyComponents {
                    n: modulus,
                    e: exponent,
                }
                .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
            (
                SignatureScheme::EcdsaP256Sha256,
                KeyType::Ec {
                    curve: Curve::P256,
                    point,
                },
            ) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature),
            (
                SignatureScheme::EcdsaP384Sha384,
                KeyType::Ec {
                    curve: Curve::P384,
                    point,
                },
            ) => UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point).verify(message, signature),
            (
                SignatureScheme::RsaPkcs1Sha256
                | SignatureScheme::EcdsaP256Sha256
                | SignatureScheme::EcdsaP384Sha384,
                KeyType::Rsa { .. } | KeyType::Ec { .. } | KeyType::Other { .. },
            ) => return Err(VerifyError::OtherKeyType { scheme }),
        };
        result.map_err(|_| VerifyError::Wrong)
    }
}

impl Curve {
    fn from_oid(dotted: &str) -> Self {
        match dotted {
            "1.2.840.10045.3.1.7" => Self::P256,
            "1.3.132.0.34" => Self::P384,
            "1.3.132.0.35" => Self::P521,
            other => Self::Other(other.to_owned()),
        }
    }

    /// Size of the field in bits.
    #[must_use]
    pub const fn bits(&self) -> Option<usize> {
        match self {
            Self::P256 => Some(256),
            Self::P384 => Some(384),
            Self::P521 => Some(521),
            Self::Other(_) => None,
        }
    }
}

/// ring's own limits, asked for beforehand so that "cannot" is not reported as "wrong".
fn is_verifiable_rsa(bits: usize, exponent: &[u8]) -> bool {
    let value = exponent
        .iter()
        .fold(0_u64, |value, octet| value << 8 | u64::from(*octet));
    VERIFIABLE_RSA_BITS.contains(&bits)
        && exponent.len() <= 5
        && (3..1 << 33).contains(&value)
        && value % 2 == 1
}

fn without_leading_zeros(octets: &[u8]) -> &[u8] {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    octets.get(zeros..).unwrap_or_default()
}

/// Bits of a big-endian number without leading zero octets.
fn bit_length(magnitude: &[u8]) -> usize {
    let unused = magnitude
        .first()
        .map_or(0, |first| first.leading_zeros() as usize);
    magnitude.len() * 8 - unused
}

#[cfg(test)]
mod tests;
