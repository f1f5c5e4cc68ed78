//! The fixed keys, read from `keys/`, and signatures with them. They are public and protect nothing.

use std::sync::OnceLock;

use p256::ecdsa::signature::Signer as _;
use rcgen::SignatureAlgorithm;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::signature::SignatureEncoding as _;

use crate::IssueError;
use crate::encoding::{content, parts};

/// A key that stands for the key on a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TestKey {
    /// RSA, 2048 bits.
    Rsa2048A,
    /// RSA, 2048 bits, another one.
    Rsa2048B,
    /// RSA, 3072 bits.
    Rsa3072,
    /// EC on P-256 (secp256r1).
    P256,
    /// EC on P-384 (secp384r1).
    P384,
}

impl TestKey {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Rsa2048A,
        Self::Rsa2048B,
        Self::Rsa3072,
        Self::P256,
        Self::P384,
    ];

    /// The private key as PKCS#8 DER.
    #[must_use]
    pub const fn pkcs8_der(self) -> &'static [u8] {
        match self {
            Self::Rsa2048A => RSA_2048_A.private,
            Self::Rsa2048B => RSA_2048_B.private,
            Self::Rsa3072 => RSA_3072.private,
            Self::P256 => include_bytes!("../keys/p-256.pk8"),
            Self::P384 => include_bytes!("../keys/p-384.pk8"),
        }
    }

    /// The public key as SubjectPublicKeyInfo DER.
    #[must_use]
    pub const fn public_key_der(self) -> &'static [u8] {
        match self {
            Self::Rsa2048A => RSA_2048_A.public,
            Self::Rsa2048B => RSA_2048_B.public,
            Self::Rsa3072 => RSA_3072.public,
            Self::P256 => include_bytes!("../keys/p-256.spki"),
            Self::P384 => include_bytes!("../keys/p-384.spki"),
        }
    }

    /// Signs as a token would: RSA PKCS#1 v1.5 with SHA-256, or ECDSA with the digest of the curve's
    /// size (SHA-256, SHA-384) as fixed-length `r || s`.
    ///
    /// # Errors
    /// Only if a key file was damaged.
    pub fn sign(self, message: &[u8]) -> Result<Vec<u8>, IssueError> {
        match self {
            Self::Rsa2048A => RSA_2048_A.sign_sha256(message),
            Self::Rsa2048B => RSA_2048_B.sign_sha256(message),
            Self::Rsa3072 => RSA_3072.sign_sha256(message),
            Self::P256 => Ok(p256_signature(message)?.to_bytes().to_vec()),
            Self::P384 => Ok(p384_signature(message)?.to_bytes().to_vec()),
        }
    }
}

impl rcgen::PublicKeyData for TestKey {
    fn der_bytes(&self) -> &[u8] {
        public_key_bits(self.public_key_der())
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        match self {
            Self::Rsa2048A | Self::Rsa2048B | Self::Rsa3072 => &rcgen::PKCS_RSA_SHA256,
            Self::P256 => &rcgen::PKCS_ECDSA_P256_SHA256,
            Self::P384 => &rcgen::PKCS_ECDSA_P384_SHA384,
        }
    }
}

/// Certificate requests want ECDSA signatures as a DER SEQUENCE, unlike [`TestKey::sign`].
impl rcgen::SigningKey for TestKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let signature = match self {
            Self::P256 => p256_signature(message).map(|made| made.to_der().as_bytes().to_vec()),
            Self::P384 => p384_signature(message).map(|made| made.to_der().as_bytes().to_vec()),
            Self::Rsa2048A | Self::Rsa2048B | Self::Rsa3072 => Self::sign(*self, message),
        };
        signature.map_err(|_| rcgen::Error::RemoteKeyError)
    }
}

/// An RSA key pair from two files; the private half is decoded at its first use.
#[derive(Debug)]
pub(crate) struct RsaPair {
    name: &'static str,
    private: &'static [u8],
    public: &'static [u8],
    decoded: OnceLock<rsa::PrivateKey>,
}

/// The root key of the G1-like authority, RSA 2048.
pub(crate) static G1_ROOT: RsaPair = RsaPair {
    name: "authority-g1-root",
    private: include_bytes!("../keys/authority-g1-root.pk8"),
    public: include_bytes!("../keys/authority-g1-root.spki"),
    decoded: OnceLock::new(),
};
/// The key that signs G1-like leaves, RSA 2048.
pub(crate) static G1_ISSUING: RsaPair = RsaPair {
    name: "authority-g1-issuing",
    private: include_bytes!("../keys/authority-g1-issuing.pk8"),
    public: include_bytes!("../keys/authority-g1-issuing.spki"),
    decoded: OnceLock::new(),
};
/// The root key of the G2-like authority, RSA 4096.
pub(crate) static G2_ROOT: RsaPair = RsaPair {
    name: "authority-g2-root",
    private: include_bytes!("../keys/authority-g2-root.pk8"),
    public: include_bytes!("../keys/authority-g2-root.spki"),
    decoded: OnceLock::new(),
};
/// The key that signs G2-like leaves, RSA 4096.
pub(crate) static G2_ISSUING: RsaPair = RsaPair {
    name: "authority-g2-issuing",
    private: include_bytes!("../keys/authority-g2-issuing.pk8"),
    public: include_bytes!("../keys/authority-g2-issuing.spki"),
    decoded: OnceLock::new(),
};
static RSA_2048_A: RsaPair = RsaPair {
    name: "rsa-2048-a",
    private: include_bytes!("../keys/rsa-2048-a.pk8"),
    public: include_bytes!("../keys/rsa-2048-a.spki"),
    decoded: OnceLock::new(),
};
static RSA_2048_B: RsaPair = RsaPair {
    name: "rsa-2048-b",
    private: include_bytes!("../keys/rsa-2048-b.pk8"),
    public: include_bytes!("../keys/rsa-2048-b.spki"),
    decoded: OnceLock::new(),
};
static RSA_3072: RsaPair = RsaPair {
    name: "rsa-3072",
    private: include_bytes!("../keys/rsa-3072.pk8"),
    public: include_bytes!("../keys/rsa-3072.spki"),
    decoded: OnceLock::new(),
};

impl RsaPair {
    /// The public key as SubjectPublicKeyInfo DER.
    pub(crate) const fn public_key_der(&self) -> &'static [u8] {
        self.public
    }

    /// RSA PKCS#1 v1.5 with SHA-256.
    pub(crate) fn sign_sha256(&self, message: &[u8]) -> Result<Vec<u8>, IssueError> {
        let signer = rsa::pkcs1v15::SigningKey::<sha2::Sha256>::new(self.private_key()?.clone());
        let signature = signer
            .try_sign(message)
            .map_err(|error| self.unusable(&error))?;
        Ok(signature.to_vec())
    }

    /// RSA PKCS#1 v1.5 with SHA-1, as generation G1 signed.
    pub(crate) fn sign_sha1(&self, message: &[u8]) -> Result<Vec<u8>, IssueError> {
        let signer = rsa::pkcs1v15::SigningKey::<sha1::Sha1>::new(self.private_key()?.clone());
        let signature = signer
            .try_sign(message)
            .map_err(|error| self.unusable(&error))?;
        Ok(signature.to_vec())
    }

    fn private_key(&self) -> Result<&rsa::PrivateKey, IssueError> {
        if let Some(key) = self.decoded.get() {
            return Ok(key);
        }
        let key =
            rsa::PrivateKey::from_pkcs8_der(self.private).map_err(|error| self.unusable(&error))?;
        Ok(self.decoded.get_or_init(|| key))
    }

    fn unusable(&self, reason: &dyn std::fmt::Display) -> IssueError {
        IssueError::Key {
            key: self.name,
            reason: reason.to_string(),
        }
    }
}

/// The bits of the public key in a SubjectPublicKeyInfo; empty if it is not one.
pub(crate) fn public_key_bits(public_key_der: &[u8]) -> &[u8] {
    let bits = parts(public_key_der)
        .ok()
        .and_then(|parts| parts.last().copied())
        .and_then(|bit_string| content(bit_string).ok());
    // The first content octet of a BIT STRING counts unused bits; keys have none.
    bits.and_then(|octets| octets.get(1..)).unwrap_or_default()
}

fn p256_signature(message: &[u8]) -> Result<p256::ecdsa::Signature, IssueError> {
    let unusable = |reason: String| IssueError::Key {
        key: "p-256",
        reason,
    };
    let key = p256::ecdsa::SigningKey::from_pkcs8_der(TestKey::P256.pkcs8_der())
        .map_err(|error| unusable(error.to_string()))?;
    key.try_sign(message)
        .map_err(|error| unusable(error.to_string()))
}

fn p384_signature(message: &[u8]) -> Result<p384::ecdsa::Signature, IssueError> {
    let unusable = |reason: String| IssueError::Key {
        key: "p-384",
        reason,
    };
    let key = p384::ecdsa::SigningKey::from_pkcs8_der(TestKey::P384.pkcs8_der())
        .map_err(|error| unusable(error.to_string()))?;
    key.try_sign(message)
        .map_err(|error| unusable(error.to_string()))
}
