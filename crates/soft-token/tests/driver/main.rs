//! The library as a driver: loaded by path, called through the C boundary by clients not ours.
//!
//! A loaded library has one state and one environment for its whole process, so each test runs in a
//! process of its own: this program, started again for that test alone.
#![cfg(test)]
#![expect(
    clippy::disallowed_methods,
    reason = "the tests of a token do to it all that a program might do"
)]

mod attributes;
mod bench;
mod keys;
mod objects;
mod pins;
mod processes;
mod profiles;
mod profiles_of_reading;
mod profiles_of_slots;
mod profiles_of_templates;
mod profiles_of_writing;
mod raw;
mod scenarios;
mod sessions;
mod table;

#[path = "../support/mod.rs"]
mod support;
