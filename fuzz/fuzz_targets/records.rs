//! Backups and the history.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| chungthu_fuzz::records::check(bytes));
