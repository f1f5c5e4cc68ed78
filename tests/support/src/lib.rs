//! A hermetic office for the end-to-end tests: its own home, its own tokens, a cleaned environment.
//!
//! An [`Office`] runs the program and prepares tokens on one of three drivers: our soft token, SoftHSM2
//! and kryoptic. What is on a token is told by `token-witness`, a program of its own beside the test
//! programs, which shares no code with the program under test.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a helper of the tests fails the test"
)]

mod driver;
mod dump;
mod office;
mod papers;
mod run;
mod spy;
mod surroundings;
mod token;
mod watch;

pub use driver::Driver;
pub use dump::{Dump, Object};
pub use office::Office;
pub use papers::{
    Paper, authority_certificate, filler_certificate, issue, issue_tampered, signing_request,
};
pub use run::{Command, Outcome, Running};
pub use spy::{CHANGING_CALLS, Calls};
pub use surroundings::{
    is_continuous_integration, matrix, now, nss_library, opensc_library, p11tool,
    published_certificates, record_faults_library, spy_library, temporary_folder, wants_update,
    write,
};
pub use token::{KeyUse, PublicKeyObject, Token};
pub use watch::Watch;

/// The user PIN of every token here.
pub const PIN: &str = "Kin.Mat-7351";

/// A PIN of the right shape that no token has.
pub const WRONG_PIN: &str = "Nham.Roi-8264";

/// The security officer's PIN of every token here.
pub const SECURITY_OFFICER_PIN: &str = "So.Mat-481516";
