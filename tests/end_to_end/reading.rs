//! `tokens`, `list` and `show`: what is there, without a login and without a change.

use chungthu_issuer::TestKey;
use chungthu_test_support::{Driver, Office, Paper, issue, published_certificates};

use crate::in_an_office;
use crate::scene::{CERTIFICATE_LABEL, KEY_ID, OldCertificate, assert_failure, paper, token_with};

const KEY: TestKey = TestKey::Rsa2048A;

on_each_driver! {
    tokens_tells_label_and_serial_without_a_login => tells_tokens;
    list_pairs_the_certificate_with_its_key => lists;
    the_languages_differ_and_the_json_does_not => speaks_two_languages;
}

fn tells_tokens(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let outcome = office
        .chungthu(["tokens", "--json"])
        .spied()
        .run()
        .expect(0);
    let json = outcome.json();
    let found = json["modules"][0]["tokens"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["label"] == token.label());
    assert_eq!(found.unwrap()["serial"], token.serial(), "{json:#}");
    if let Some(calls) = &outcome.calls {
        calls.assert_none_changing();
    }
}

fn lists(office: &Office) {
    let _token = token_with(office, KEY, OldCertificate::Present);
    let outcome = office.chungthu(["list", "--json"]).spied().run().expect(0);
    let json = outcome.json();
    let certificates = json["certificates"].as_array().unwrap();
    assert_eq!(certificates.len(), 1, "{json:#}");
    assert_eq!(certificates[0]["id"], KEY_ID, "{json:#}");
    assert_eq!(certificates[0]["label"], CERTIFICATE_LABEL, "{json:#}");
    assert_eq!(certificates[0]["key_on_token"], true, "{json:#}");
    if let Some(calls) = &outcome.calls {
        calls.assert_none_changing();
    }
}

fn speaks_two_languages(office: &Office) {
    let _token = token_with(office, KEY, OldCertificate::Present);
    let text = |language| {
        office
            .chungthu(["list", "--lang", language])
            .run()
            .expect(0)
            .stdout
    };
    assert_ne!(text("vi"), text("en"));
    let json = |language| {
        let arguments = ["list", "--json", "--lang", language];
        office.chungthu(arguments).run().expect(0).json()
    };
    assert_eq!(json("vi"), json("en"));
}

#[test]
fn show_explains_a_file_in_json_and_in_text() {
    in_an_office(Driver::SoftToken, |office| {
        let file = paper(office, KEY, Paper::Renewed);
        let show = |arguments: &[&str]| {
            office
                .chungthu_without_module(["show"])
                .argument(&file)
                .arguments(arguments)
                .run()
                .expect(0)
        };
        let json = show(&["--json"]).json();
        let certificate = &json["certificates"][0];
        assert_eq!(
            certificate["subject"]["common_name"], "ỦY BAN NHÂN DÂN XÃ ĐẮK HÀ",
            "{json:#}"
        );
        let units = certificate["subject"]["organizational_units"]
            .as_array()
            .unwrap();
        assert_eq!(units.len(), 2, "{json:#}");
        assert_eq!(certificate["email"][0], "dakha@demo.invalid", "{json:#}");
        assert_eq!(certificate["public_key"]["bits"], 2048, "{json:#}");
        for language in ["vi", "en"] {
            let text = show(&["--lang", language]).stdout;
            assert!(text.contains("ỦY BAN NHÂN DÂN XÃ ĐẮK HÀ"), "{text}");
        }
    });
}

#[test]
fn show_judges_by_the_given_date() {
    in_an_office(Driver::SoftToken, |office| {
        let file = paper(office, KEY, Paper::Renewed);
        let days_left = |now: &str| {
            let outcome = office
                .chungthu_without_module(["show", "--json", "--now", now])
                .argument(&file)
                .run();
            outcome.expect(0).json()["certificates"][0]["days_left"]
                .as_i64()
                .unwrap()
        };
        let difference = days_left("2030-01-01T00:00:00Z") - days_left("2030-01-11T00:00:00Z");
        assert_eq!(difference, 10);
    });
}

#[test]
fn a_driver_that_is_not_there_is_named() {
    refuses_module("khong-co.so", None, "MODULE_NOT_FOUND");
}

#[test]
fn a_file_that_is_no_driver_is_named() {
    refuses_module(
        "ghi-chu.so",
        Some(b"day khong phai trinh dieu khien"),
        "MODULE_NOT_PKCS11",
    );
}

fn refuses_module(name: &str, content: Option<&[u8]>, code: &str) {
    in_an_office(Driver::SoftToken, |office| {
        let module = match content {
            Some(content) => office.paper(name, content),
            None => office.place(name),
        };
        let file = office.paper("moi.cer", issue(KEY, Paper::Renewed));
        let outcome = office
            .chungthu_without_module(["install", "--yes", "--json", "--module"])
            .argument(module)
            .argument(file)
            .run();
        assert_failure(outcome, 4, code);
    });
}

/// The published certificates, where `CHUNGTHU_CERTIFICATES` names a folder with them.
#[test]
fn published_certificates_verify_against_their_authorities() {
    let Some(folder) = published_certificates() else {
        return;
    };
    in_an_office(Driver::SoftToken, |office: &Office| {
        let leaves = office.files_below(&folder.join("leaf"));
        assert!(!leaves.is_empty());
        for (leaf, _) in leaves {
            let outcome = office
                .chungthu_without_module(["show", "--json", "--ca"])
                .argument(folder.join("ca"))
                .argument(&leaf)
                .run()
                .expect(0);
            let state = &outcome.json()["certificates"][0]["issuer_check"]["state"];
            assert_eq!(state, "verified", "{}: {outcome:#?}", leaf.display());
        }
    });
}
