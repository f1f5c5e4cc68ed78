//! A file from the CA, or from whoever sent the mail.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| chungthu_fuzz::certificate_file::check(bytes));
