//! Files in the repository that tests write: the same text, or the test fails and says how to renew it.

use std::path::Path;

/// Compares, or with `CHUNGTHU_UPDATE=1` writes.
pub(crate) fn check(path: &str, expected: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if wants_update() {
        crate::files::write(&file, expected.as_bytes(), crate::files::Existing::Replace).unwrap();
    }
    let found = std::fs::read_to_string(&file)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    assert!(
        found == expected,
        "{path} is out of date: run the tests once with CHUNGTHU_UPDATE=1"
    );
}

#[expect(
    clippy::disallowed_methods,
    reason = "a switch for the developer who runs the tests"
)]
fn wants_update() -> bool {
    std::env::var_os("CHUNGTHU_UPDATE").is_some()
}
