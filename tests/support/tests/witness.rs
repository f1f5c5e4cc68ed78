//! The judge is judged first: on each driver the witness shows exactly what it was told to put there.

#![expect(clippy::panic, reason = "a helper of the tests fails the test")]

use chungthu_issuer::TestKey;
use chungthu_test_support::{
    Driver, KeyUse, Office, PIN, Paper, PublicKeyObject, WRONG_PIN, filler_certificate, issue,
};

const KEYS: [(TestKey, &str); 3] = [
    (TestKey::Rsa2048A, "01"),
    (TestKey::Rsa3072, "0203"),
    (TestKey::P256, "f0"),
];

fn shows_what_was_put_there(driver: Driver) {
    // No program is under test here; the witness itself is.
    let Some(office) = Office::new("", driver) else {
        return;
    };
    let token = office.token("Van phong");
    for (key, id) in KEYS {
        token.add_key(key, id, "Khóa ký", PublicKeyObject::Present);
        token.add_certificate(&issue(key, Paper::Old), id, "Chứng thư");
    }
    token.add_fillers(&filler_certificate(TestKey::Rsa2048B), 5);

    let dump = token.dump();
    assert_eq!(dump.keys().len(), 6, "{dump:#?}");
    assert_eq!(dump.certificates().len(), 8, "{dump:#?}");
    for (key, id) in KEYS {
        let found = dump.certificates_with(&issue(key, Paper::Old));
        let [certificate] = found.as_slice() else {
            panic!("{} certificates", found.len());
        };
        assert_eq!(certificate.attribute("CKA_ID"), Some(id));
        assert_eq!(certificate.label(), "Chứng thư");
    }
    assert_eq!(dump, token.dump(), "a second look shows the same");

    assert_kinds_of_keys_and_certificates(&office);

    assert!(!token.accepts_pin(WRONG_PIN));
    assert!(token.accepts_pin(PIN));
}

fn assert_kinds_of_keys_and_certificates(office: &Office) {
    let token = office.token("Ke toan");
    let key = TestKey::Rsa2048A;
    let uses = [
        (KeyUse::Signing, "01", "00"),
        (KeyUse::Decrypting, "00", "00"),
        (KeyUse::SigningWithPinEachTime, "01", "01"),
    ];
    for (usage, ..) in uses {
        token.add_key_for(usage, key, "01", "Khóa ký", PublicKeyObject::Absent);
    }
    token.add_private_certificate(&issue(key, Paper::Old), "01", "Chứng thư");

    let dump = token.dump();
    for (usage, sign, always) in uses {
        let is_so = dump.keys().iter().any(|found| {
            found.attribute("CKA_SIGN") == Some(sign)
                && found.attribute("CKA_ALWAYS_AUTHENTICATE").unwrap_or("00") == always
        });
        assert!(is_so, "{usage:?}: {dump:#?}");
    }
    let [certificate] = dump.certificates()[..] else {
        panic!("{dump:#?}");
    };
    assert_eq!(certificate.attribute("CKA_PRIVATE"), Some("01"));
}

#[test]
fn the_witness_shows_what_was_put_on_a_soft_token() {
    shows_what_was_put_there(Driver::SoftToken);
}

#[cfg(unix)]
#[test]
fn the_witness_shows_what_was_put_on_softhsm2() {
    shows_what_was_put_there(Driver::SoftHsm2);
}

#[cfg(unix)]
#[test]
fn the_witness_shows_what_was_put_on_kryoptic() {
    shows_what_was_put_there(Driver::Kryoptic);
}
