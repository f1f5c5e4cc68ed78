//! The right token and the right key, by the key itself and nothing else.

use chungthu_issuer::TestKey;
use chungthu_test_support::{Driver, Office, Paper, PublicKeyObject, issue};

use crate::scene::{
    CERTIFICATE_LABEL, KEY_ID, KEY_LABEL, OldCertificate, assert_failure, assert_installed,
    assert_untouched, install, install_with_pin, paper, token_with,
};

on_each_driver! {
    of_two_keys_only_the_right_one_gets_the_certificate => of_two_keys;
    of_two_tokens_only_the_right_one_is_changed => of_two_tokens;
    a_foreign_certificate_costs_no_pin_try => refuses_a_foreign_certificate;
    a_foreign_certificate_of_an_unknown_kind_of_key_costs_no_pin_try => refuses_a_foreign_kind;
    among_two_tokens_that_show_nothing_none_is_guessed => guesses_no_token;
    a_token_that_shows_nothing_can_be_named_by_its_serial => takes_the_named_token;
    a_token_that_is_named_and_absent_is_not_found => refuses_an_absent_name;
    without_a_token_there_is_nothing_to_do => refuses_without_a_token;
}

fn of_two_keys(office: &Office) {
    let key = TestKey::Rsa2048A;
    let token = token_with(office, key, OldCertificate::Present);
    // The neighbour has the same kind of key, the same label and a certificate of its own.
    let neighbour = TestKey::Rsa2048B;
    token.add_key(neighbour, "d4", KEY_LABEL, PublicKeyObject::Present);
    token.add_certificate(&issue(neighbour, Paper::Old), "d4", CERTIFICATE_LABEL);
    let before = token.dump();

    let file = paper(office, key, Paper::Renewed);
    let report = install_with_pin(office, &file).run().expect(0).json();

    assert_eq!(report["outcome"], "installed", "{report:#}");
    assert_eq!(report["key"]["id"], KEY_ID, "{report:#}");
    let (old, new) = (issue(key, Paper::Old), issue(key, Paper::Renewed));
    assert_installed(&before, &token.dump(), &new, &old);
}

fn of_two_tokens(office: &Office) {
    let other = office.token("Ke toan");
    let other_key = TestKey::Rsa2048B;
    other.add_key(other_key, KEY_ID, KEY_LABEL, PublicKeyObject::Present);
    other.add_certificate(&issue(other_key, Paper::Old), KEY_ID, CERTIFICATE_LABEL);
    let other_before = other.dump();
    let key = TestKey::Rsa2048A;
    let token = token_with(office, key, OldCertificate::Present);
    let before = token.dump();

    let file = paper(office, key, Paper::Renewed);
    let report = install_with_pin(office, &file).run().expect(0).json();

    assert_eq!(report["outcome"], "installed", "{report:#}");
    assert_eq!(report["token"]["serial"], token.serial(), "{report:#}");
    let (old, new) = (issue(key, Paper::Old), issue(key, Paper::Renewed));
    assert_installed(&before, &token.dump(), &new, &old);
    assert_untouched(&other_before, &other);
}

fn refuses_a_foreign_certificate(office: &Office) {
    refuses_foreign(office, TestKey::Rsa2048B, OldCertificate::Present);
}

fn refuses_a_foreign_kind(office: &Office) {
    refuses_foreign(office, TestKey::P384, OldCertificate::Absent);
}

fn refuses_foreign(office: &Office, foreign: TestKey, old: OldCertificate) {
    let token = token_with(office, TestKey::Rsa2048A, old);
    let before = token.dump();

    let file = paper(office, foreign, Paper::Renewed);
    let outcome = install_with_pin(office, &file).spied().run();

    let outcome = assert_failure(outcome, 3, "KEY_NOT_ON_TOKEN");
    if let Some(calls) = &outcome.calls {
        calls.assert_none_changing();
    }
    assert_untouched(&before, &token);
}

fn guesses_no_token(office: &Office) {
    let first = office.token("Van phong");
    first.add_key(
        TestKey::Rsa2048A,
        KEY_ID,
        KEY_LABEL,
        PublicKeyObject::Absent,
    );
    let second = office.token("Ke toan");
    second.add_key(
        TestKey::Rsa2048B,
        KEY_ID,
        KEY_LABEL,
        PublicKeyObject::Absent,
    );
    let before = [first.dump(), second.dump()];

    let file = paper(office, TestKey::Rsa2048A, Paper::Renewed);
    let outcome = install_with_pin(office, &file).spied().run();

    let outcome = assert_failure(outcome, 3, "TOKEN_AMBIGUOUS");
    if let Some(calls) = &outcome.calls {
        calls.assert_none_changing();
    }
    assert_eq!(before, [first.dump(), second.dump()]);
}

fn takes_the_named_token(office: &Office) {
    let key = TestKey::Rsa2048A;
    let first = office.token("Van phong");
    first.add_key(key, KEY_ID, KEY_LABEL, PublicKeyObject::Absent);
    let second = office.token("Ke toan");
    second.add_key(
        TestKey::Rsa2048B,
        KEY_ID,
        KEY_LABEL,
        PublicKeyObject::Absent,
    );
    let (before, second_before) = (first.dump(), second.dump());

    let file = paper(office, key, Paper::Renewed);
    let outcome = install_with_pin(office, &file)
        .arguments(["--token", first.serial()])
        .run()
        .expect(0);

    assert_eq!(outcome.json()["outcome"], "installed", "{outcome:#?}");
    let (old, new) = (issue(key, Paper::Old), issue(key, Paper::Renewed));
    assert_installed(&before, &first.dump(), &new, &old);
    assert_untouched(&second_before, &second);
}

fn refuses_an_absent_name(office: &Office) {
    let key = TestKey::Rsa2048A;
    let token = token_with(office, key, OldCertificate::Present);
    let before = token.dump();

    let file = paper(office, key, Paper::Renewed);
    let outcome = install(office, &file)
        .arguments(["--token", "Khong co"])
        .run();

    assert_failure(outcome, 4, "TOKEN_NOT_FOUND");
    assert_untouched(&before, &token);
}

fn refuses_without_a_token(office: &Office) {
    let file = paper(office, TestKey::Rsa2048A, Paper::Renewed);
    let outcome = install(office, &file).run().expect(4);
    let code = outcome.json()["code"].clone();
    // SoftHSM2 and kryoptic always offer a token that nobody has initialised.
    assert!(
        code == "TOKEN_NOT_FOUND" || code == "TOKEN_NOT_INITIALIZED",
        "{outcome:#?}"
    );
}
