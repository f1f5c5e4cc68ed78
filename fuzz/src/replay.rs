//! The corpus on stable: every file that a fuzzer found worth keeping.

use std::path::Path;

/// Gives every file of this target's corpus to its body.
fn replay(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(target);
    let files = std::fs::read_dir(&folder).unwrap();
    let mut count = 0;
    for file in files {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let outcome = std::panic::catch_unwind(|| check(&bytes));
        assert!(outcome.is_ok(), "{}", path.display());
        count += 1;
    }
    assert!(count > 5, "the corpus of {target} is gone");
}

#[test]
fn every_certificate_file_of_the_corpus_holds() {
    replay("certificate_file", crate::certificate_file::check);
}

#[test]
fn every_certificate_of_the_corpus_holds() {
    replay("certificate", crate::certificate::check);
}

#[test]
fn every_token_of_the_corpus_holds() {
    replay("attributes", crate::attributes::check);
}

#[test]
fn every_record_of_the_corpus_holds() {
    replay("records", crate::records::check);
}

#[test]
fn every_uri_of_the_corpus_holds() {
    replay("settings", crate::settings::check);
}
