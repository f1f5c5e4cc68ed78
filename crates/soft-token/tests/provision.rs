//! Provisioning without a driver.
#![cfg(test)]

use std::{fs, io};

use chungthu_soft_token::provision::{
    KeyDescription, KeyKind, ProvisionError, TokenFile, library_file_name,
};

const CERTIFICATE: &[u8] = include_bytes!("keys/old.cer");
const KEY: &[u8] = include_bytes!("keys/rsa-2048.p8");

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn token(folder: &tempfile::TempDir) -> TokenFile {
    TokenFile::create(folder.path(), "one", "Văn thư", "87654321", "123456").unwrap()
}

#[test]
fn a_token_has_a_serial_of_its_own_and_keeps_it() {
    let folder = folder();
    let one = token(&folder);
    let other = TokenFile::create(folder.path(), "two", "", "8765", "1234").unwrap();
    let serial = one.serial().unwrap();
    assert_eq!(serial.len(), 16);
    assert!(serial.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_ne!(serial, other.serial().unwrap());
    let again = TokenFile::open(&folder.path().join("one.token")).unwrap();
    assert_eq!(again.serial().unwrap(), serial);
    assert_eq!(again, one);
}

#[test]
fn a_token_is_never_made_over_another() {
    let folder = folder();
    let serial = token(&folder).serial().unwrap();
    let again = TokenFile::create(folder.path(), "one", "", "8765", "1234");
    assert!(matches!(
        again,
        Err(ProvisionError::File { source, .. }) if source.kind() == io::ErrorKind::AlreadyExists
    ));
    let kept = TokenFile::open(&folder.path().join("one.token")).unwrap();
    assert_eq!(kept.serial().unwrap(), serial);
}

#[test]
fn impossible_labels_and_pins_make_no_file() {
    let folder = folder();
    let create = |label: &str, officer: &str, user: &str| {
        TokenFile::create(folder.path(), "one", label, officer, user).unwrap_err()
    };
    assert!(matches!(
        create(&"ă".repeat(17), "8765", "1234"),
        ProvisionError::Label
    ));
    assert!(matches!(create("", "876", "1234"), ProvisionError::Pin));
    assert!(matches!(
        create("", "8765", &"1".repeat(17)),
        ProvisionError::Pin
    ));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_key_comes_back_as_its_subject_public_key_info() {
    let folder = folder();
    let token = token(&folder);
    let key = KeyDescription::new(&[1], "Ký số");
    let imported = token.import_private_key(KEY, &key).unwrap();
    assert!(contains(CERTIFICATE, &imported));
    let lengths = [KeyKind::P256, KeyKind::P384]
        .map(|kind| token.generate_key_pair(kind, &key).unwrap().len());
    assert_eq!(lengths, [91, 120]);
}

#[test]
fn what_is_no_key_and_no_certificate_is_refused() {
    let folder = folder();
    let token = token(&folder);
    let before = fs::read(token.path()).unwrap();
    let key = KeyDescription::new(&[1], "");
    let no_key = token.import_private_key(CERTIFICATE, &key);
    assert!(matches!(no_key, Err(ProvisionError::PrivateKey)));
    let trailing = [CERTIFICATE, &[0]].concat();
    for bytes in [b"", KEY, &CERTIFICATE[1..], &trailing] {
        let refused = token.add_certificate(bytes, &[1], "");
        assert!(matches!(refused, Err(ProvisionError::Certificate)));
    }
    assert_eq!(fs::read(token.path()).unwrap(), before);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test's own file")]
fn a_file_that_is_no_token_is_not_opened() {
    let folder = folder();
    let path = folder.path().join("x.token");
    let kind = |path| match TokenFile::open(path) {
        Err(ProvisionError::File { source, .. }) => source.kind(),
        other => panic!("{other:?}"),
    };
    assert_eq!(kind(&path), io::ErrorKind::NotFound);
    fs::write(&path, "not a token").unwrap();
    assert_eq!(kind(&path), io::ErrorKind::InvalidData);
}

#[test]
fn the_library_is_named_as_the_platform_names_libraries() {
    let expected = if cfg!(windows) {
        "chungthu_soft_token.dll"
    } else if cfg!(target_os = "macos") {
        "libchungthu_soft_token.dylib"
    } else {
        "libchungthu_soft_token.so"
    };
    assert_eq!(library_file_name(), expected);
}

fn contains(whole: &[u8], part: &[u8]) -> bool {
    whole.windows(part.len()).any(|window| window == part)
}
