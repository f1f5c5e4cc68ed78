//! What a driver shows of its objects, through a whole install on a token in memory.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| chungthu_fuzz::attributes::check(bytes));
