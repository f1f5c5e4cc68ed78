//! The PIN: tried at most once, never when a look tells that it should not be, and left nowhere.
//!
//! That it is left nowhere is looked at after every run of every test here, in outputs and files.

use chungthu_issuer::TestKey;
use chungthu_test_support::{Driver, Office, PIN, Paper, Token, WRONG_PIN, issue};

use crate::in_an_office;
use crate::scene::{
    OldCertificate, assert_failure, assert_installed, assert_untouched, install, install_with_pin,
    paper, token_with,
};

const KEY: TestKey = TestKey::Rsa2048A;

on_each_driver! {
    a_wrong_pin_is_tried_once_and_changes_nothing => tries_a_wrong_pin_once;
    no_pin_given_is_no_login => refuses_without_a_pin;
    a_pin_with_accents_is_no_login => |office| refuses_a_shape(office, "Mật khẩu");
    a_pin_with_a_control_character_is_no_login => |office| refuses_a_shape(office, "1234\t5678");
    the_pin_is_in_no_log_however_much_is_logged => logs_no_pin;
    one_login_is_enough => logs_in_once;
    a_pin_from_a_file_is_taken => takes_a_pin_file;
    a_pin_from_the_environment_is_taken => takes_a_pin_variable;
    there_is_no_option_for_a_pin_on_the_command_line => has_no_pin_option;
}

fn tries_a_wrong_pin_once(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let before = token.dump();

    let file = paper(office, KEY, Paper::Renewed);
    let outcome = install(office, &file).pin(WRONG_PIN).spied().run();

    let outcome = assert_failure(outcome, 5, "PIN_WRONG");
    let json = outcome.json();
    assert_eq!(json["pkcs11"]["function"], "C_Login", "{outcome:#?}");
    assert!(
        json["pkcs11"]["return_value"]
            .as_str()
            .unwrap()
            .contains("CKR_PIN_INCORRECT"),
        "{outcome:#?}"
    );
    if let Some(calls) = &outcome.calls {
        assert_eq!(calls.count("C_Login"), 1, "{outcome:#?}");
        assert_eq!(calls.count("C_CreateObject"), 0, "{outcome:#?}");
    }
    assert_untouched(&before, &token);
}

fn refuses_without_a_pin(office: &Office) {
    refuses(office, "", "PIN_NOT_GIVEN");
}

fn refuses_a_shape(office: &Office, pin: &str) {
    refuses(office, &format!("{pin}\n"), "PIN_SHAPE");
}

fn refuses(office: &Office, stdin: &str, code: &str) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let before = token.dump();

    let file = paper(office, KEY, Paper::Renewed);
    let outcome = install(office, &file)
        .arguments(["--pin-source", "stdin"])
        .stdin(stdin)
        .spied()
        .run();

    let outcome = assert_failure(outcome, 5, code);
    if let Some(calls) = &outcome.calls {
        calls.assert_none_changing();
    }
    assert_untouched(&before, &token);
}

fn logs_no_pin(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let log = office.home().join("nhat-ky.log");
    let file = paper(office, KEY, Paper::Renewed);
    // Each run looks for the PIN in everything there is; see `run`.
    for pin in [WRONG_PIN, PIN] {
        let outcome = install(office, &file)
            .pin(pin)
            .arguments(["-v", "-v", "--log-file"])
            .argument(&log)
            .run();
        assert_eq!(
            outcome.code(),
            Some(if pin == PIN { 0 } else { 5 }),
            "{outcome:#?}"
        );
        assert!(
            !std::fs::read(&log).unwrap().is_empty(),
            "nothing was logged"
        );
    }
    let new = issue(KEY, Paper::Renewed);
    assert_eq!(token.dump().certificates_with(&new).len(), 1);
}

fn logs_in_once(office: &Office) {
    let _token = token_with(office, KEY, OldCertificate::Present);
    let file = paper(office, KEY, Paper::Renewed);
    let outcome = install_with_pin(office, &file).spied().run().expect(0);
    if let Some(calls) = &outcome.calls {
        for function in ["C_Login", "C_CreateObject", "C_DestroyObject"] {
            assert_eq!(calls.count(function), 1, "{function}: {outcome:#?}");
        }
        for function in [
            "C_SetAttributeValue",
            "C_CopyObject",
            "C_InitPIN",
            "C_SetPIN",
        ] {
            assert_eq!(calls.count(function), 0, "{function}: {outcome:#?}");
        }
        assert_eq!(
            calls.processes(),
            2,
            "the new certificate is read back by a second process"
        );
    }
}

fn takes_a_pin_file(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let before = token.dump();
    let secret = office.place("pin.txt");
    chungthu_test_support::write(&secret, format!("{PIN}\n"));
    let file = paper(office, KEY, Paper::Renewed);
    let source = format!("file:{}", secret.display());
    let outcome = install(office, &file)
        .arguments(["--pin-source", &source])
        .run();
    assert_eq!(outcome.expect(0).json()["outcome"], "installed");
    let (old, new) = (issue(KEY, Paper::Old), issue(KEY, Paper::Renewed));
    assert_installed(&before, &token.dump(), &new, &old);
}

#[test]
fn a_certificate_is_not_tried_as_pin() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let before = token.dump();
        let block = pem::encode(&pem::Pem::new("CERTIFICATE", issue(KEY, Paper::Renewed)));
        let file = office.paper("moi.pem", &block);
        let other = office.paper("ban-sao.pem", &block);
        let from = |place: &std::path::Path| format!("file:{}", place.display());
        let run = |file: &std::path::Path, source: &str| {
            let install = install(office, file).arguments(["--pin-source", source]);
            install.stdin(&block).spied().run()
        };
        let mut outcomes = vec![
            assert_failure(run(&file, &from(&file)), 2, "USAGE"),
            assert_failure(run(&file, &from(&other)), 5, "PIN_SHAPE"),
            assert_failure(run(&file, "stdin"), 5, "PIN_SHAPE"),
        ];
        if cfg!(unix) {
            for name in ["/dev/stdin", "/proc/self/fd/0"] {
                let outcome = run(std::path::Path::new(name), "stdin");
                outcomes.push(assert_failure(outcome, 2, "USAGE"));
            }
        }
        for calls in outcomes.iter().filter_map(|outcome| outcome.calls.as_ref()) {
            assert_eq!(calls.count("C_Login"), 0, "{calls:#?}");
        }
        assert!(token.accepts_pin(PIN));
        assert_untouched(&before, &token);
    });
}

fn takes_a_pin_variable(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let before = token.dump();
    let file = paper(office, KEY, Paper::Renewed);
    let outcome = install(office, &file)
        .arguments(["--pin-source", "env:MA_PIN"])
        .variable("MA_PIN", PIN)
        .run();
    assert_eq!(outcome.expect(0).json()["outcome"], "installed");
    let (old, new) = (issue(KEY, Paper::Old), issue(KEY, Paper::Renewed));
    assert_installed(&before, &token.dump(), &new, &old);
}

fn has_no_pin_option(office: &Office) {
    let file = paper(office, KEY, Paper::Renewed);
    let outcome = install(office, &file)
        .arguments(["--pin", "12345678"])
        .spied()
        .run()
        .expect(2);
    if let Some(calls) = &outcome.calls {
        assert_eq!(calls.total(), 0, "{outcome:#?}");
    }
}

/// An office with a token whose PIN was tried wrongly this many times; three lock the soft token.
fn after_wrong_tries(tries: usize, scenario: impl FnOnce(&Office, &Token<'_>)) {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        for _ in 0..tries {
            assert!(!token.accepts_pin(WRONG_PIN));
        }
        scenario(office, &token);
    });
}

#[test]
fn a_locked_pin_is_not_tried() {
    after_wrong_tries(3, |office, _| {
        let file = paper(office, KEY, Paper::Renewed);
        let outcome = install_with_pin(office, &file).spied().run();
        let outcome = assert_failure(outcome, 5, "PIN_LOCKED");
        if let Some(calls) = &outcome.calls {
            calls.assert_none_changing();
        }
    });
}

#[test]
fn the_last_try_is_not_spent() {
    after_wrong_tries(2, |office, token| {
        let file = paper(office, KEY, Paper::Renewed);
        let outcome = install_with_pin(office, &file).spied().run();
        let outcome = assert_failure(outcome, 5, "PIN_FINAL_TRY");
        if let Some(calls) = &outcome.calls {
            calls.assert_none_changing();
        }
        assert!(token.accepts_pin(PIN), "the last try is still there");
    });
}

#[test]
fn the_last_try_is_spent_if_asked_to() {
    after_wrong_tries(2, |office, token| {
        let file = paper(office, KEY, Paper::Renewed);
        let outcome = install_with_pin(office, &file)
            .argument("--allow-final-try")
            .run();
        assert_eq!(outcome.expect(0).json()["outcome"], "installed");
        let new = issue(KEY, Paper::Renewed);
        assert_eq!(token.dump().certificates_with(&new).len(), 1);
    });
}

#[test]
fn a_low_count_of_tries_is_a_warning() {
    after_wrong_tries(1, |office, token| {
        let file = paper(office, KEY, Paper::Renewed);
        let report = install_with_pin(office, &file).run().expect(0).json();
        assert_eq!(report["outcome"], "installed", "{report:#}");
        let warnings = report["warnings"].as_array().unwrap();
        let about_pin = warnings
            .iter()
            .filter(|warning| warning["code"].as_str().unwrap().starts_with("PIN_"));
        assert_eq!(about_pin.count(), 1, "{report:#}");
        assert!(token.accepts_pin(PIN));
    });
}
