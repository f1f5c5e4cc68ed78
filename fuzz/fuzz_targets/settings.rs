//! What a person or an installer writes: the configuration, URIs, p11-kit's files; a test's scenarios.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    chungthu_fuzz::settings::check(bytes);
    chungthu_fuzz::program::check(bytes);
    chungthu_soft_token::fuzzing::scenario(bytes);
    chungthu_token::fuzzing::declaration(bytes);
});
