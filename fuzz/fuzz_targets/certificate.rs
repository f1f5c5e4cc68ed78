//! One certificate in DER.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| chungthu_fuzz::certificate::check(bytes));
