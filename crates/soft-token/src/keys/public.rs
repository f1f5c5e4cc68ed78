//! Public keys: read from objects, and verifying.

use cryptoki_sys::*;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::{Pkcs1v15Sign, traits::PublicKeyParts};
use sha2::Sha256;

use super::{Mechanism, P256_PARAMETERS, P384_PARAMETERS, digest_for_curve, integer, modulus_bits};
use crate::{object::Object, refusal::Refusal};

/// A public key ready to verify.
#[derive(Debug)]
pub(crate) enum PublicKey {
    Rsa(rsa::PublicKey),
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
}

impl PublicKey {
    /// Reads the numbers of a public key object; `None` if some are missing or do not fit.
    pub(crate) fn from_object(object: &Object) -> Option<Self> {
        match object.number(CKA_KEY_TYPE)? {
            CKK_RSA => {
                let modulus = integer(object.bytes(CKA_MODULUS)?)?;
                let exponent = integer(object.bytes(CKA_PUBLIC_EXPONENT)?)?;
                rsa::PublicKey::new(modulus, exponent).ok().map(Self::Rsa)
            }
            CKK_EC => {
                let parameters = object.bytes(CKA_EC_PARAMS)?;
                let point = match object.bytes(CKA_EC_POINT)? {
                    [4, length, point @ ..] if point.len() == usize::from(*length) => point,
                    _ => return None,
                };
                if parameters == P256_PARAMETERS {
                    p256::ecdsa::VerifyingKey::from_sec1_bytes(point)
                        .ok()
                        .map(Self::P256)
                } else if parameters == P384_PARAMETERS {
                    p384::ecdsa::VerifyingKey::from_sec1_bytes(point)
                        .ok()
                        .map(Self::P384)
                } else {
                    None
                }
            }
            _ => None,
        }
    }

    /// Writes what the token itself works out about a public key that was brought in.
    pub(crate) fn write_derived(&self, object: &mut Object) {
        if let Self::Rsa(key) = self {
            object.set_number(CKA_MODULUS_BITS, modulus_bits(key));
        }
    }

    /// How many bytes a signature has.
    fn signature_length(&self) -> usize {
        match self {
            Self::Rsa(key) => key.size(),
            Self::P256(_) => 64,
            Self::P384(_) => 96,
        }
    }

    pub(crate) fn verify(
        &self,
        mechanism: Mechanism,
        data: &[u8],
        signature: &[u8],
    ) -> Result<(), Refusal> {
        if signature.len() != self.signature_length() {
            return Err(Refusal(CKR_SIGNATURE_LEN_RANGE));
        }
        let is_right = match self {
            Self::Rsa(key) => match mechanism {
                Mechanism::Sha256Rsa => key.pkcs1v15_verify::<Sha256>(data, signature).is_ok(),
                Mechanism::Rsa => key
                    .verify(Pkcs1v15Sign::new_unprefixed(), data, signature)
                    .is_ok(),
                Mechanism::Ecdsa | Mechanism::Sha256Ecdsa => {
                    return Err(Refusal(CKR_KEY_TYPE_INCONSISTENT));
                }
            },
            Self::P256(key) => {
                let digest = digest_for_curve(mechanism, data, 32)?;
                p256::ecdsa::Signature::from_slice(signature)
                    .is_ok_and(|signature| key.verify_prehash(&digest, &signature).is_ok())
            }
            Self::P384(key) => {
                let digest = digest_for_curve(mechanism, data, 48)?;
                p384::ecdsa::Signature::from_slice(signature)
                    .is_ok_and(|signature| key.verify_prehash(&digest, &signature).is_ok())
            }
        };
        if is_right {
            Ok(())
        } else {
            Err(Refusal(CKR_SIGNATURE_INVALID))
        }
    }
}
