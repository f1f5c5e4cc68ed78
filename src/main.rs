//! `chungthu`: puts a renewed certificate onto the government CA token an office already has.

#![forbid(unsafe_code)]

mod arguments;
mod commands;
mod dates;
#[cfg(test)]
mod drift;
mod drivers;
mod evidence;
mod failure;
mod files;
mod json;
mod page;
mod pages;
mod pin_entry;
mod screen;
mod settings;
mod words;

use std::process::ExitCode;

use time::OffsetDateTime;

fn main() -> ExitCode {
    let arguments: Vec<std::ffi::OsString> = std::env::args_os().collect();
    commands::run(&arguments, &clock)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the clock is read"
)]
fn clock() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}
