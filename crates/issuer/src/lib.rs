//! A certification authority in miniature: the demo's and the tests' certificates, in the real CA's profile.
//!
//! Two generations, after the profile measured on real certificates: G1-like (RSA 2048, SHA-1, names
//! without accents, three-byte serial numbers) and G2-like (RSA 4096, SHA-256, names with accents,
//! eight-byte serial numbers). The names say everywhere that this is a demonstration.
//!
//! **The keys in `crates/issuer/keys` are published with the source and protect nothing.** They were
//! made once by `examples/make-keys.rs`; nothing here makes a key at run time, because a debug build
//! takes seconds for one. RSA signatures are deterministic, so a request with the same content gives
//! the same bytes on every machine.
//!
//! [`rcgen`] drafts each certificate: version, serial number, validity, extensions. What it cannot say
//! (an attribute that repeats, SHA-1, the order of extensions) is put right in `rewrite`, which then
//! asks the authority's key for the one signature.

#![forbid(unsafe_code)]

mod authority;
mod encoding;
mod keys;
mod name;
mod pkcs7;
mod profile;
mod request;
mod revocation_list;
mod rewrite;

pub use authority::{Authority, Generation};
pub use keys::TestKey;
pub use name::{Subject, ValueForm};
pub use pkcs7::{Pkcs7Form, certificates_only, signed_document};
pub use request::{KeyUsage, Request, signing_request};
pub use revocation_list::Revoked;

/// Why nothing was issued. With the fixed keys and a sensible request this does not happen.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// rcgen refused the draft, for instance an e-mail address outside ASCII.
    #[error("the certificate could not be drafted: {0}")]
    Draft(#[from] rcgen::Error),
    /// A part could not be encoded or decoded as DER.
    #[error("the certificate could not be encoded: {0}")]
    Encoding(#[from] der::Error),
    /// A fixed key could not be read or did not sign.
    #[error("the fixed key {key} could not be used: {reason}")]
    Key {
        /// File name in `crates/issuer/keys`, without its ending.
        key: &'static str,
        /// The key crate's own words.
        reason: String,
    },
    /// The draft did not have the shape that the rewriting expects.
    #[error("the draft has an unexpected shape")]
    Shape,
}
