//! What comes out of the pipe of a broken driver host.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| chungthu_token::fuzzing::frames(bytes));
