//! Certificates: from bytes to facts, and what may be concluded from the facts.
//!
//! Most modules are pure: bytes come in, facts go out. [`install`] and [`inventory`] need a token and
//! see it only through the session traits; [`records`] keeps what a change leaves behind. Nothing reads
//! a file, a clock or the environment, and nothing speaks to the user: `Display` is short English for
//! logs.
//!
//! * [`CertificateFile`]: what a file holds, in any container; refuses what holds no certificates.
//! * [`Certificate`], [`DistinguishedName`], [`PublicKey`]: the facts, with the raw DER beside them.
//! * [`check_issuer`], [`ca_generation`], [`KNOWN_AUTHORITIES`]: who issued it.
//! * [`Change`], [`changed_fields`], [`is_older`]: how a new certificate differs from an old one.

#![forbid(unsafe_code)]

mod certificate;
pub mod chain;
mod comparison;
mod digest;
mod elements;
mod extensions;
mod file;
pub mod health;
mod identifier;
pub mod install;
pub mod inventory;
mod issuer;
mod known_authorities;
mod layout;
mod name;
pub mod pin_care;
mod public_key;
mod recognise;
pub mod records;
pub mod rules;
#[cfg(test)]
mod samples;

pub use certificate::{Certificate, CertificateError};
pub use comparison::{
    Change, FieldChange, FieldKind, FieldValue, changed_fields, is_older,
    is_same_serial_different_bytes,
};
pub use digest::{lower_hex, upper_hex};
pub use extensions::{BasicConstraints, ExtendedKeyUsage, KeyUsage};
pub use file::{CertificateFile, Container, FileError, PrivateKeyForm, SIZE_LIMIT};
pub use identifier::{Identifier, IdentifierKind};
pub use issuer::{IssuerCheck, SignatureProblem, ca_generation, check_issuer, known_authority};
pub use known_authorities::{Generation, KNOWN_AUTHORITIES, KnownAuthority};
pub use layout::Field;
pub use name::{DistinguishedName, NameAttribute};
pub use public_key::{Curve, KeyType, PublicKey, PublicKeyError, VerifyError};
pub use recognise::Recognised;
