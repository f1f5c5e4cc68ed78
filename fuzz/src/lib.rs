//! What must hold of every input, whoever wrote it: the bodies of the fuzz targets.
//!
//! This file is also the test `corpus` of the main workspace, which replays `fuzz/corpus` on stable, so
//! that fuzzers and tests cannot say different things. What only `crates/token` can reach is in its
//! module `fuzzing`.

#![cfg_attr(
    test,
    expect(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        reason = "a body that cannot go on has found something"
    )
)]

pub mod attributes;
pub mod certificate;
pub mod certificate_file;
mod memory;
pub mod records;
pub mod settings;

/// The program's own reader of its configuration, whose text nobody can hand to a program.
#[cfg(fuzzing)]
pub mod program;
#[cfg(fuzzing)]
use program::{files, words};

#[cfg(test)]
mod replay;
