//! Key pairs: making them, reading them from an object's attributes, signing and verifying.

mod private;
mod public;

use cryptoki_sys::*;
use rsa::{BoxedUint, traits::PublicKeyParts};
use sha2::{Digest, Sha256};

use crate::{attribute, refusal::Refusal};

pub(crate) use private::PrivateKey;
pub(crate) use public::PublicKey;

/// The DER of the object identifier of P-256, as `CKA_EC_PARAMS` has it.
pub(crate) const P256_PARAMETERS: [u8; 10] = [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
/// The DER of the object identifier of P-384.
pub(crate) const P384_PARAMETERS: [u8; 7] = [6, 5, 0x2b, 0x81, 4, 0, 0x22];
/// The one public exponent of the RSA keys made here.
pub(crate) const PUBLIC_EXPONENT: [u8; 3] = [1, 0, 1];
/// The sizes of RSA keys, in bits.
pub(crate) const RSA_BITS: std::ops::RangeInclusive<CK_ULONG> = 2048..=4096;

/// The key pairs a token can make.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeyKind {
    /// RSA with a modulus of 2048 bits.
    Rsa2048,
    /// RSA with a modulus of 3072 bits.
    Rsa3072,
    /// RSA with a modulus of 4096 bits.
    Rsa4096,
    /// The elliptic curve P-256.
    P256,
    /// The elliptic curve P-384.
    P384,
}

/// How a signature is made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Mechanism {
    /// PKCS#1 v1.5 over what the caller gives, usually a DigestInfo.
    Rsa,
    Sha256Rsa,
    /// ECDSA over the digest that the caller gives.
    Ecdsa,
    Sha256Ecdsa,
}

impl Mechanism {
    pub(crate) fn from_code(code: CK_MECHANISM_TYPE) -> Option<Self> {
        match code {
            CKM_RSA_PKCS => Some(Self::Rsa),
            CKM_SHA256_RSA_PKCS => Some(Self::Sha256Rsa),
            CKM_ECDSA => Some(Self::Ecdsa),
            CKM_ECDSA_SHA256 => Some(Self::Sha256Ecdsa),
            _ => None,
        }
    }

    pub(crate) fn key_type(self) -> CK_KEY_TYPE {
        match self {
            Self::Rsa | Self::Sha256Rsa => CKK_RSA,
            Self::Ecdsa | Self::Sha256Ecdsa => CKK_EC,
        }
    }

    /// Whether the token digests the data itself; only then may it come in parts.
    pub(crate) fn digests(self) -> bool {
        matches!(self, Self::Sha256Rsa | Self::Sha256Ecdsa)
    }
}

/// What a curve signs: the digest, cut or filled to the size of the field. Zeros in front change
/// nothing, and the key crates want at least half a field.
fn digest_for_curve(mechanism: Mechanism, data: &[u8], field: usize) -> Result<Vec<u8>, Refusal> {
    let digest = match mechanism {
        Mechanism::Sha256Ecdsa => Sha256::digest(data).to_vec(),
        Mechanism::Ecdsa if data.is_empty() => return Err(Refusal(CKR_DATA_LEN_RANGE)),
        Mechanism::Ecdsa => data.iter().copied().take(field).collect(),
        Mechanism::Rsa | Mechanism::Sha256Rsa => return Err(Refusal(CKR_KEY_TYPE_INCONSISTENT)),
    };
    left_padded(&digest, field).ok_or(Refusal(CKR_FUNCTION_FAILED))
}

/// The bytes with zeros in front; `None` if they are too many already.
fn left_padded(bytes: &[u8], length: usize) -> Option<Vec<u8>> {
    let mut padded = vec![0; length.checked_sub(bytes.len())?];
    padded.extend_from_slice(bytes);
    Some(padded)
}

fn modulus_bits(key: &rsa::PublicKey) -> CK_ULONG {
    usize::try_from(key.n().bit_width_vartime()).map_or(0, attribute::number)
}

fn integer(bytes: &[u8]) -> Option<BoxedUint> {
    (!bytes.is_empty()).then(|| BoxedUint::from_be_slice_vartime(bytes))
}
