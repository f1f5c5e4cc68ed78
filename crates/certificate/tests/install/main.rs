//! The install workflow on tokens in memory.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a test that cannot go on fails"
)]

mod choosing;
mod convergence;
mod history;
mod keys;
mod matching;
mod office;
mod pin_tries;
mod placing;
mod properties;
mod refusals;
mod renewal;
mod restore;
mod told;
