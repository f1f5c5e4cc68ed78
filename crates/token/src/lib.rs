//! The workshop: drivers, slots, PIN, sessions, object listing and the few writes a token allows.
//!
//! This crate knows PKCS#11 and no X.509: it stores and lists DER bytes and key ids. Everything it
//! returns is an owned value, so that the in-memory [`fake`] and the pipe to a [`host`] process are
//! two implementations of the same [`session::Driver`] trait. It has no method that makes, alters or
//! removes a key, and none that initialises a token.

pub mod error;
pub mod fake;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
pub mod host;
pub mod module;
pub mod object;
pub mod pin;
mod pkcs11;
pub mod return_value;
pub mod session;
pub mod token;
pub mod uri;
#[cfg(windows)]
mod windows;
