//! `list` in JSON: keys and certificates, paired.

use chungthu_certificate::{KeyType, PublicKey};
use serde::Serialize;

use super::certificate::Certificate;
use super::tokens::Token;

/// `list`: what is on a token.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct List {
    /// `listed`
    pub(crate) outcome: &'static str,
    pub(crate) token: Token,
    pub(crate) keys: Vec<Key>,
    pub(crate) certificates: Vec<CertificateObject>,
}

/// A key: its private object, its public object, or both.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Key {
    /// Its name for other programs (RFC 7512): of the private object where that is visible, else of
    /// the public one.
    pub(crate) uri: String,
    /// `CKA_ID`, lower-case hex.
    pub(crate) id: String,
    /// `RSA` or `EC`; null where the token shows no public value.
    pub(crate) r#type: Option<&'static str>,
    pub(crate) bits: Option<usize>,
    pub(crate) label: String,
    /// The SHA-256 fingerprints of its certificates, the newest first.
    pub(crate) certificates: Vec<String>,
    /// Whether the private key is visible: true, or `unknown` before a login.
    pub(crate) private: Known,
    /// Whether the private key can be taken off the token.
    pub(crate) extractable: Known,
    /// Whether it may sign.
    pub(crate) may_sign: Known,
}

/// A certificate object.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct CertificateObject {
    /// Null for bytes that are no certificate.
    pub(crate) certificate: Option<Certificate>,
    /// Its name for other programs (RFC 7512).
    pub(crate) uri: String,
    /// `CKA_ID`, lower-case hex.
    pub(crate) id: String,
    pub(crate) label: String,
    /// Whether its key is on the token.
    pub(crate) key_on_token: Known,
    /// `current`, `old`, `expired`, `not-yet-valid`, `ca` or `unreadable`.
    pub(crate) state: &'static str,
}

/// Yes, no, or not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub(crate) enum Known {
    /// true or false
    Certain(bool),
    /// `"unknown"`
    Uncertain(Unknown),
}

/// Not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(crate) enum Unknown {
    Unknown,
}

impl Known {
    pub(crate) const UNKNOWN: Self = Self::Uncertain(Unknown::Unknown);

    pub(crate) const fn of(flag: Option<bool>) -> Self {
        match flag {
            Some(flag) => Self::Certain(flag),
            None => Self::UNKNOWN,
        }
    }
}

/// `RSA`, `EC`, or the algorithm in dotted form.
pub(crate) fn key_type(key: &PublicKey) -> String {
    match key.key_type() {
        KeyType::Rsa { .. } => "RSA".to_owned(),
        KeyType::Ec { .. } => "EC".to_owned(),
        KeyType::Other { algorithm } => algorithm.clone(),
    }
}
