//! The main job: a renewed or changed certificate comes, and the token has it.

use chungthu_issuer::TestKey;
use chungthu_test_support::{Driver, Office, Paper, PublicKeyObject, issue};
use serde_json::Value;

use crate::scene::{
    CERTIFICATE_LABEL, KEY_ID, KEY_LABEL, OldCertificate, assert_backed_up, assert_installed,
    install, install_with_pin, paper, token_with,
};

on_each_driver! {
    a_renewed_certificate_replaces_the_old_one_with_an_rsa_2048_key =>
        |office| replaces(office, TestKey::Rsa2048A, Paper::Renewed, "renewal");
    a_renewed_certificate_replaces_the_old_one_with_an_rsa_3072_key =>
        |office| replaces(office, TestKey::Rsa3072, Paper::Renewed, "renewal");
    a_renewed_certificate_replaces_the_old_one_with_a_p_256_key =>
        |office| replaces(office, TestKey::P256, Paper::Renewed, "renewal");
    changed_information_replaces_the_old_certificate_with_an_rsa_2048_key =>
        |office| replaces(office, TestKey::Rsa2048A, Paper::InformationChanged, "information-change");
    changed_information_replaces_the_old_certificate_with_an_rsa_3072_key =>
        |office| replaces(office, TestKey::Rsa3072, Paper::InformationChanged, "information-change");
    changed_information_replaces_the_old_certificate_with_a_p_256_key =>
        |office| replaces(office, TestKey::P256, Paper::InformationChanged, "information-change");
    a_certificate_with_new_dates_and_names_replaces_the_old_one =>
        |office| replaces(office, TestKey::Rsa2048A, Paper::RenewedAndChanged, "renewal-and-change");
    a_certificate_of_the_first_generation_replaces_the_old_one =>
        |office| replaces(office, TestKey::Rsa2048A, Paper::FirstGeneration, "renewal");
    a_first_certificate_is_added_to_an_rsa_2048_key =>
        |office| adds(office, TestKey::Rsa2048A);
    a_first_certificate_is_added_to_an_rsa_3072_key =>
        |office| adds(office, TestKey::Rsa3072);
    a_first_certificate_is_added_to_a_p_256_key =>
        |office| adds(office, TestKey::P256);
    every_copy_of_the_old_certificate_is_retired_with_an_rsa_2048_key =>
        |office| retires_every_copy(office, TestKey::Rsa2048A);
    every_copy_of_the_old_certificate_is_retired_with_an_rsa_3072_key =>
        |office| retires_every_copy(office, TestKey::Rsa3072);
    every_copy_of_the_old_certificate_is_retired_with_a_p_256_key =>
        |office| retires_every_copy(office, TestKey::P256);
    a_key_that_only_its_certificate_shows_gets_the_new_one => without_a_public_key_object;
    an_rsa_key_that_nothing_shows_is_found_after_the_login =>
        |office| finds_a_hidden_key(office, TestKey::Rsa2048A);
    an_ec_key_that_nothing_shows_is_found_after_the_login =>
        |office| finds_a_hidden_key(office, TestKey::P256);
    the_old_certificate_stays_if_asked_to => keeps_the_old_one;
    a_pem_file_is_installed_like_a_der_file => takes_pem;
}

fn replaces(office: &Office, key: TestKey, paper: Paper, change: &str) {
    installs(office, key, paper, change, OldCertificate::Present);
}

fn adds(office: &Office, key: TestKey) {
    installs(office, key, Paper::Renewed, "first", OldCertificate::Absent);
}

fn retires_every_copy(office: &Office, key: TestKey) {
    installs(
        office,
        key,
        Paper::Renewed,
        "renewal",
        OldCertificate::Twice,
    );
}

fn installs(office: &Office, key: TestKey, kind: Paper, change: &str, old: OldCertificate) {
    let token = token_with(office, key, old);
    let (old_der, new_der) = (issue(key, Paper::Old), issue(key, kind));
    let file = paper(office, key, kind);
    let before = token.dump();

    let report = install_with_pin(office, &file).run().expect(0).json();

    assert_report(&report, change);
    assert_eq!(report["token"]["label"], token.label());
    assert_eq!(report["token"]["serial"], token.serial());
    assert_backed_up(&report, &old_der, old.copies());
    let after = token.dump();
    assert_installed(&before, &after, &new_der, &old_der);

    // Again: nothing to do, so no PIN, no changing call, nothing changed.
    let again = install(office, &file).spied().run().expect(0);
    assert_eq!(again.json()["outcome"], "already-installed", "{again:#?}");
    if let Some(calls) = &again.calls {
        calls.assert_none_changing();
    }
    assert_eq!(after, token.dump());
}

fn assert_report(report: &Value, change: &str) {
    assert_eq!(report["schema"], "chungthu/1", "{report:#}");
    assert_eq!(report["command"], "install", "{report:#}");
    assert_eq!(report["outcome"], "installed", "{report:#}");
    assert_eq!(report["change"], change, "{report:#}");
    assert_eq!(report["placement"], "beside", "{report:#}");
    assert_eq!(report["read_back"], "second-process", "{report:#}");
    assert_eq!(report["key"]["id"], KEY_ID, "{report:#}");
    for list in ["steps", "next"] {
        assert!(!report[list].as_array().unwrap().is_empty(), "{report:#}");
    }
}

fn without_a_public_key_object(office: &Office) {
    let key = TestKey::P256;
    let token = office.token("Van phong");
    token.add_key(key, KEY_ID, KEY_LABEL, PublicKeyObject::Absent);
    token.add_certificate(&issue(key, Paper::Old), KEY_ID, CERTIFICATE_LABEL);
    let before = token.dump();

    let file = paper(office, key, Paper::Renewed);
    let report = install_with_pin(office, &file).run().expect(0).json();

    assert_report(&report, "renewal");
    let (old, new) = (issue(key, Paper::Old), issue(key, Paper::Renewed));
    assert_installed(&before, &token.dump(), &new, &old);
}

fn finds_a_hidden_key(office: &Office, key: TestKey) {
    let token = office.token("Van phong");
    token.add_key(key, KEY_ID, KEY_LABEL, PublicKeyObject::Absent);
    let before = token.dump();

    let file = paper(office, key, Paper::Renewed);
    let report = install_with_pin(office, &file).run().expect(0).json();

    assert_report(&report, "first");
    let (old, new) = (issue(key, Paper::Old), issue(key, Paper::Renewed));
    assert_installed(&before, &token.dump(), &new, &old);
}

fn keeps_the_old_one(office: &Office) {
    let key = TestKey::Rsa2048A;
    let token = token_with(office, key, OldCertificate::Present);
    let before = token.dump();

    let file = paper(office, key, Paper::Renewed);
    let report = install_with_pin(office, &file)
        .argument("--keep-old")
        .run()
        .expect(0)
        .json();

    assert_eq!(report["outcome"], "installed", "{report:#}");
    let after = token.dump();
    assert_eq!(before.keys(), after.keys());
    let old = issue(key, Paper::Old);
    assert_eq!(
        before.certificates_with(&old),
        after.certificates_with(&old),
        "the old certificate is as it was"
    );
    let new = issue(key, Paper::Renewed);
    assert_eq!(after.certificates_with(&new).len(), 1);
}

fn takes_pem(office: &Office) {
    let key = TestKey::Rsa2048A;
    let token = token_with(office, key, OldCertificate::Present);
    let new = issue(key, Paper::Renewed);
    let text = pem::encode(&pem::Pem::new("CERTIFICATE", new.clone()));
    let file = office.paper("moi.cer", text);

    let report = install_with_pin(office, &file).run().expect(0).json();

    assert_report(&report, "renewal");
    assert_eq!(token.dump().certificates_with(&new).len(), 1);
}
