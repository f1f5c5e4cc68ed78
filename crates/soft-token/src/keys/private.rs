//! Private keys: made here or brought in, and signing.

use cryptoki_sys::*;
use p256::{ecdsa::signature::hazmat::PrehashSigner, elliptic_curve::Generate};
use rand::rngs::SysRng;
use rsa::{
    BoxedUint, Pkcs1v15Sign,
    pkcs8::{DecodePrivateKey, EncodePublicKey},
    traits::{PrivateKeyParts, PublicKeyParts},
};
use sha2::Sha256;

use super::{
    KeyKind, Mechanism, P256_PARAMETERS, P384_PARAMETERS, RSA_BITS, digest_for_curve, integer,
    left_padded, modulus_bits,
};
use crate::{object::Object, refusal::Refusal};

/// A private key ready to sign.
#[derive(Debug)]
pub(crate) enum PrivateKey {
    Rsa(rsa::PrivateKey),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
}

impl PrivateKey {
    pub(crate) fn generate(kind: KeyKind) -> Result<Self, Refusal> {
        let rsa = |bits| {
            rsa::PrivateKey::new(&mut SysRng, bits)
                .map(Self::Rsa)
                .map_err(|_| Refusal(CKR_FUNCTION_FAILED))
        };
        let no_randomness = |_| Refusal(CKR_FUNCTION_FAILED);
        match kind {
            KeyKind::Rsa2048 => rsa(2048),
            KeyKind::Rsa3072 => rsa(3072),
            KeyKind::Rsa4096 => rsa(4096),
            KeyKind::P256 => p256::ecdsa::SigningKey::try_generate_from_rng(&mut SysRng)
                .map(Self::P256)
                .map_err(no_randomness),
            KeyKind::P384 => p384::ecdsa::SigningKey::try_generate_from_rng(&mut SysRng)
                .map(Self::P384)
                .map_err(no_randomness),
        }
    }

    /// Reads an unencrypted PKCS#8 private key; `None` if it is none of the kinds made here.
    pub(crate) fn from_pkcs8(der: &[u8]) -> Option<Self> {
        if let Ok(key) = rsa::PrivateKey::from_pkcs8_der(der) {
            return has_allowed_size(&key).then_some(Self::Rsa(key));
        }
        if let Ok(key) = p256::ecdsa::SigningKey::from_pkcs8_der(der) {
            return Some(Self::P256(key));
        }
        p384::ecdsa::SigningKey::from_pkcs8_der(der)
            .ok()
            .map(Self::P384)
    }

    /// Reads the numbers of a private key object; `None` if some are missing or do not fit.
    pub(crate) fn from_object(object: &Object) -> Option<Self> {
        match object.number(CKA_KEY_TYPE)? {
            CKK_RSA => {
                let number = |attribute| integer(object.bytes(attribute)?);
                let primes = match (number(CKA_PRIME_1), number(CKA_PRIME_2)) {
                    (Some(first), Some(second)) => vec![first, second],
                    _ => Vec::new(), // the key crate finds them from the two exponents
                };
                let key = rsa::PrivateKey::from_components(
                    number(CKA_MODULUS)?,
                    number(CKA_PUBLIC_EXPONENT)?,
                    number(CKA_PRIVATE_EXPONENT)?,
                    primes,
                )
                .ok()?;
                has_allowed_size(&key).then_some(Self::Rsa(key))
            }
            CKK_EC => {
                let scalar = object.bytes(CKA_VALUE)?;
                let parameters = object.bytes(CKA_EC_PARAMS)?;
                if parameters == P256_PARAMETERS {
                    let scalar = left_padded(scalar, 32)?;
                    p256::ecdsa::SigningKey::from_slice(&scalar)
                        .ok()
                        .map(Self::P256)
                } else if parameters == P384_PARAMETERS {
                    let scalar = left_padded(scalar, 48)?;
                    p384::ecdsa::SigningKey::from_slice(&scalar)
                        .ok()
                        .map(Self::P384)
                } else {
                    None
                }
            }
            _ => None,
        }
    }

    /// Writes the numbers of the key into a private key object. As on most tokens the private key
    /// of an elliptic curve does not show the public point.
    pub(crate) fn write_private(&self, object: &mut Object) {
        match self {
            Self::Rsa(key) => {
                write_rsa_public(key, object);
                object.set_bytes(CKA_PRIVATE_EXPONENT, big_endian(key.d()));
                if let [first, second, ..] = key.primes() {
                    object.set_bytes(CKA_PRIME_1, big_endian(first.as_ref()));
                    object.set_bytes(CKA_PRIME_2, big_endian(second.as_ref()));
                }
                let crt = [
                    (CKA_EXPONENT_1, key.dp().cloned()),
                    (CKA_EXPONENT_2, key.dq().cloned()),
                    (CKA_COEFFICIENT, key.crt_coefficient()),
                ];
                for (attribute, number) in crt {
                    if let Some(number) = number {
                        object.set_bytes(attribute, big_endian(&number));
                    }
                }
            }
            Self::P256(key) => {
                write_curve(&P256_PARAMETERS, object);
                object.set_bytes(CKA_VALUE, key.to_bytes().as_slice());
            }
            Self::P384(key) => {
                write_curve(&P384_PARAMETERS, object);
                object.set_bytes(CKA_VALUE, key.to_bytes().as_slice());
            }
        }
    }

    /// Writes the public numbers of the key into a public key object.
    pub(crate) fn write_public(&self, object: &mut Object) {
        match self {
            Self::Rsa(key) => {
                write_rsa_public(key, object);
                object.set_number(CKA_MODULUS_BITS, modulus_bits(key.as_public_key()));
            }
            Self::P256(key) => {
                write_curve(&P256_PARAMETERS, object);
                let point = key.verifying_key().to_sec1_point(false);
                object.set_bytes(CKA_EC_POINT, octet_string(point.as_bytes()));
            }
            Self::P384(key) => {
                write_curve(&P384_PARAMETERS, object);
                let point = key.verifying_key().to_sec1_point(false);
                object.set_bytes(CKA_EC_POINT, octet_string(point.as_bytes()));
            }
        }
    }

    /// The DER of the SubjectPublicKeyInfo, as a certificate has it.
    pub(crate) fn subject_public_key_info(&self) -> Option<Vec<u8>> {
        let document = match self {
            Self::Rsa(key) => key.as_public_key().to_public_key_der(),
            Self::P256(key) => key.verifying_key().to_public_key_der(),
            Self::P384(key) => key.verifying_key().to_public_key_der(),
        };
        document.ok().map(|document| document.into_vec())
    }

    /// What kind it is; `None` for an RSA key of an unusual size.
    pub(crate) fn kind(&self) -> Option<KeyKind> {
        match self {
            Self::Rsa(key) => match modulus_bits(key.as_public_key()) {
                2048 => Some(KeyKind::Rsa2048),
                3072 => Some(KeyKind::Rsa3072),
                4096 => Some(KeyKind::Rsa4096),
                _ => None,
            },
            Self::P256(_) => Some(KeyKind::P256),
            Self::P384(_) => Some(KeyKind::P384),
        }
    }

    /// How many bytes a signature has.
    pub(crate) fn signature_length(&self) -> usize {
        match self {
            Self::Rsa(key) => key.size(),
            Self::P256(_) => 64,
            Self::P384(_) => 96,
        }
    }

    pub(crate) fn sign(&self, mechanism: Mechanism, data: &[u8]) -> Result<Vec<u8>, Refusal> {
        let failed = |_| Refusal(CKR_FUNCTION_FAILED);
        match self {
            Self::Rsa(key) => match mechanism {
                Mechanism::Sha256Rsa => key.pkcs1v15_sign::<Sha256>(data).map_err(failed),
                Mechanism::Rsa if data.len() > key.size().saturating_sub(11) => {
                    Err(Refusal(CKR_DATA_LEN_RANGE))
                }
                Mechanism::Rsa => key
                    .sign(Pkcs1v15Sign::new_unprefixed(), data)
                    .map_err(|_| Refusal(CKR_FUNCTION_FAILED)),
                Mechanism::Ecdsa | Mechanism::Sha256Ecdsa => {
                    Err(Refusal(CKR_KEY_TYPE_INCONSISTENT))
                }
            },
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key
                    .sign_prehash(&digest_for_curve(mechanism, data, 32)?)
                    .map_err(|_| Refusal(CKR_FUNCTION_FAILED))?;
                Ok(signature.to_bytes().to_vec())
            }
            Self::P384(key) => {
                let signature: p384::ecdsa::Signature = key
                    .sign_prehash(&digest_for_curve(mechanism, data, 48)?)
                    .map_err(|_| Refusal(CKR_FUNCTION_FAILED))?;
                Ok(signature.to_bytes().to_vec())
            }
        }
    }
}

fn has_allowed_size(key: &rsa::PrivateKey) -> bool {
    RSA_BITS.contains(&modulus_bits(key.as_public_key()))
}

fn big_endian(number: &BoxedUint) -> Vec<u8> {
    number.to_be_bytes_trimmed_vartime().into_vec()
}

fn write_rsa_public(key: &rsa::PrivateKey, object: &mut Object) {
    object.set_number(CKA_KEY_TYPE, CKK_RSA);
    object.set_bytes(CKA_MODULUS, key.n_bytes().into_vec());
    object.set_bytes(CKA_PUBLIC_EXPONENT, key.e_bytes().into_vec());
}

fn write_curve(parameters: &[u8], object: &mut Object) {
    object.set_number(CKA_KEY_TYPE, CKK_EC);
    object.set_bytes(CKA_EC_PARAMS, parameters);
}

/// The DER of an OCTET STRING shorter than 128 bytes, which every point here is.
fn octet_string(point: &[u8]) -> Vec<u8> {
    let length = u8::try_from(point.len()).unwrap_or_default();
    let mut der = vec![4, length];
    der.extend_from_slice(point);
    der
}
