//! `pkcs11:` URIs (RFC 7512): names for tokens and objects that other programs understand too.
//!
//! Read exactly as the RFC writes them: what it does not allow is an error, and so is an attribute of
//! the path that it does not know, because ignoring one would select more than was meant. Unknown
//! attributes of the query only tell how to get at a token and are ignored. A PIN is refused.

mod encoding;
mod print;
mod read;
mod select;

pub use select::{Candidate, TokenSelector, candidates, slots};

use crate::object::ObjectClass;
use crate::token::TokenInformation;

/// A `pkcs11:` URI. Absent attributes match anything. Printed by [`std::fmt::Display`], read by
/// [`std::str::FromStr`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uri {
    /// `library-description`
    pub library_description: Option<String>,
    /// `library-manufacturer`
    pub library_manufacturer: Option<String>,
    /// `library-version`, major and minor
    pub library_version: Option<(u8, u8)>,
    /// `slot-description`
    pub slot_description: Option<String>,
    /// `slot-id`
    pub slot_id: Option<u64>,
    /// `slot-manufacturer`
    pub slot_manufacturer: Option<String>,
    /// `model`
    pub model: Option<String>,
    /// `manufacturer`
    pub manufacturer: Option<String>,
    /// `serial`
    pub serial: Option<String>,
    /// `token`, the label
    pub token: Option<String>,
    /// `id`, the bytes of `CKA_ID`
    pub id: Option<Vec<u8>>,
    /// `object`, the label (`CKA_LABEL`)
    pub object: Option<String>,
    /// `type`
    pub object_type: Option<ObjectType>,
    /// `module-path`: the driver's file
    pub module_path: Option<String>,
    /// `module-name`: the driver's file name without its ending and without a `lib` before it
    pub module_name: Option<String>,
}

/// `type`: the class of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectType {
    /// `cert`
    Certificate,
    /// `data`
    Data,
    /// `private`
    PrivateKey,
    /// `public`
    PublicKey,
    /// `secret-key`
    SecretKey,
}

/// Why a text is no URI that is taken here. It never repeats a value: one of them may be a PIN.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UriError {
    /// The value is not of the attribute's kind.
    #[error("the value of {attribute} cannot be right")]
    BadValue {
        /// The attribute.
        attribute: &'static str,
    },
    /// The text breaks RFC 7512's grammar.
    #[error("not understood at byte {offset}")]
    Malformed {
        /// Where, counted from 0.
        offset: usize,
    },
    /// `pin-value` or `pin-source`: a PIN has its own way in.
    #[error("a PIN, or where it is, does not belong into a URI")]
    Pin,
    /// An attribute stands twice.
    #[error("{attribute} stands twice")]
    Repeated {
        /// The attribute.
        attribute: &'static str,
    },
    /// RFC 7512 has no such attribute in the path.
    #[error("no attribute is called so at byte {offset}")]
    UnknownAttribute {
        /// Where its name begins, counted from 0.
        offset: usize,
    },
    /// The attribute is known, but this program cannot find tokens by it.
    #[error("{attribute} selects no token here")]
    Unselective {
        /// The attribute.
        attribute: &'static str,
    },
}

impl ObjectType {
    const ALL: [Self; 5] = [
        Self::Certificate,
        Self::Data,
        Self::PrivateKey,
        Self::PublicKey,
        Self::SecretKey,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Certificate => "cert",
            Self::Data => "data",
            Self::PrivateKey => "private",
            Self::PublicKey => "public",
            Self::SecretKey => "secret-key",
        }
    }
}

impl From<ObjectClass> for ObjectType {
    fn from(class: ObjectClass) -> Self {
        match class {
            ObjectClass::Certificate => Self::Certificate,
            ObjectClass::PrivateKey => Self::PrivateKey,
            ObjectClass::PublicKey => Self::PublicKey,
        }
    }
}

impl Uri {
    /// The token's own name: everything it says of itself, without what is empty.
    #[must_use]
    pub fn of_token(token: &TokenInformation) -> Self {
        let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Self {
            model: said(&token.model),
            manufacturer: said(&token.manufacturer),
            serial: said(&token.serial),
            token: said(&token.label),
            ..Self::default()
        }
    }

    /// An object on this token, by its `CKA_ID` and its label, each where it has one.
    #[must_use]
    pub fn with_object(&self, class: ObjectClass, id: &[u8], label: &str) -> Self {
        Self {
            id: (!id.is_empty()).then(|| id.to_vec()),
            object: (!label.is_empty()).then(|| label.to_owned()),
            object_type: Some(class.into()),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests;
