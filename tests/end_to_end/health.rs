//! `health`: findings about a token, without a login and without a change.

use chungthu_issuer::TestKey;
use chungthu_test_support::{Driver, Office, PIN};
use serde_json::Value;

use crate::in_an_office;
use crate::scene::{OldCertificate, token_with};

const KEY: TestKey = TestKey::Rsa2048A;
/// What a look at a plain token may cost.
const CALLS: usize = 40;

on_each_driver! {
    health_judges_a_plain_token_in_few_calls_without_a_login => judges;
    a_trial_signature_proves_the_key_with_one_login => signs;
    a_wrong_pin_for_a_trial_signature_is_told_and_nothing_else_is => refuses_a_wrong_pin;
}

/// The codes of the findings about the only token.
fn codes(json: &Value) -> Vec<&str> {
    let findings = json["tokens"][0]["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| finding["code"].as_str().unwrap())
        .collect()
}

fn judges(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let before = token.dump();
    let outcome = office
        .chungthu(["health", "--json", "--token", token.serial()])
        .spied()
        .run()
        .expect(1);
    let json = outcome.json();
    assert_eq!(json["tokens"][0]["verdict"], "attention", "{json:#}");
    for code in [
        "DRIVER_ANSWERS",
        "TOKEN_ANSWERS",
        "PIN_READY",
        "CERTIFICATE_ENDS_SOON",
    ] {
        assert!(codes(&json).contains(&code), "{code}: {json:#}");
    }
    if let Some(calls) = &outcome.calls {
        calls.assert_none_changing();
        assert_eq!(calls.count("C_Login"), 0);
        assert!(calls.total() <= CALLS, "{} calls", calls.total());
    }
    assert_eq!(token.dump(), before);
}

fn signs(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let before = token.dump();
    let outcome = office
        .chungthu(["health", "--json", "--sign-test", "--token", token.serial()])
        .pin(PIN)
        .spied()
        .run()
        .expect(1);
    let json = outcome.json();
    assert!(codes(&json).contains(&"SIGN_TEST_PASSED"), "{json:#}");
    if let Some(calls) = &outcome.calls {
        assert_eq!(calls.count("C_Login"), 1);
    }
    assert_eq!(token.dump(), before);
}

fn refuses_a_wrong_pin(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let outcome = office
        .chungthu(["health", "--json", "--sign-test", "--token", token.serial()])
        .pin("Wrong9999")
        .run()
        .expect(5);
    assert_eq!(outcome.json()["code"], "PIN_WRONG");
    // it is counted like every login
    let json = office
        .chungthu(["health", "--json", "--token", token.serial()])
        .run()
        .expect(1)
        .json();
    assert!(codes(&json).contains(&"PIN_FAILED_LOGINS"), "{json:#}");
}

/// The profiles of the table in the documentation, which a test of the soft token writes.
fn profiles() -> Vec<String> {
    let page = include_str!("../../docs/soft-token-profiles.md");
    let rows = page
        .lines()
        .skip_while(|line| !line.starts_with("| Name |"));
    rows.skip(2)
        .take_while(|line| line.starts_with("| `"))
        .map(|line| line.split('`').nth(1).unwrap().to_owned())
        .collect()
}

#[test]
fn health_answers_on_every_profile_and_changes_nothing() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let before = token.dump();
        let profiles = profiles();
        assert!(profiles.len() > 50, "{profiles:?}");
        for profile in profiles {
            let outcome = office
                .chungthu(["health", "--json", "--all"])
                .profile(&profile)
                .run();
            let json = outcome.json();
            // a driver that never starts for us is a failure of its own
            let is_refusing = ["needs-init-string"].contains(&profile.as_str());
            let expected = if is_refusing { Some(4) } else { Some(1) };
            assert_eq!(outcome.code(), expected, "{profile}: {json:#}");
            assert_eq!(token.dump(), before, "{profile}");
        }
    });
}

#[test]
fn health_tells_the_state_of_the_pin() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        for (code, severity) in [
            ("PIN_READY", "ok"),
            ("PIN_LOW", "warning"),
            ("PIN_FINAL_TRY", "error"),
            ("PIN_LOCKED", "error"),
        ] {
            let json = office.chungthu(["health", "--json"]).run().json();
            let findings = json["tokens"][0]["findings"].as_array().unwrap();
            let found = findings.iter().find(|finding| finding["code"] == code);
            assert_eq!(found.unwrap()["severity"], severity, "{json:#}");
            // another program takes one try
            token.try_pin("Wrong9999");
        }
        let page = office.chungthu(["health", "--lang", "vi"]).run().expect(1);
        assert!(page.stdout.contains("Mẫu số 06"), "{}", page.stdout);
    });
}

#[test]
fn health_asks_for_no_pin_that_would_be_refused() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        token.try_pin("Wrong9999");
        token.try_pin("Wrong9999");
        let outcome = office
            .chungthu(["health", "--json", "--sign-test"])
            .pin(PIN)
            .run()
            .expect(5);
        assert_eq!(outcome.json()["code"], "PIN_FINAL_TRY");
        // the try is still there
        let allowed = office
            .chungthu(["health", "--json", "--sign-test", "--allow-final-try"])
            .pin(PIN)
            .run()
            .expect(1);
        assert!(codes(&allowed.json()).contains(&"SIGN_TEST_PASSED"));
    });
}

#[test]
fn health_of_all_tokens_gives_each_its_own_verdict() {
    in_an_office(Driver::SoftToken, |office| {
        let _first = token_with(office, KEY, OldCertificate::Present);
        let _second = office.token("Trống");
        let ambiguous = office.chungthu(["health", "--json"]).run().expect(3);
        assert_eq!(ambiguous.json()["code"], "TOKEN_AMBIGUOUS");
        let json = office
            .chungthu(["health", "--json", "--all"])
            .run()
            .expect(1)
            .json();
        let tokens = json["tokens"].as_array().unwrap();
        assert_eq!(tokens.len(), 2, "{json:#}");
        let labels: Vec<&Value> = tokens.iter().map(|one| &one["token"]["label"]).collect();
        assert!(labels.iter().any(|label| **label == "Trống"), "{labels:?}");
    });
}

#[test]
fn a_trial_signature_is_for_one_token() {
    in_an_office(Driver::SoftToken, |office| {
        let outcome = office.chungthu(["health", "--all", "--sign-test"]).run();
        assert_eq!(outcome.code(), Some(2));
    });
}
