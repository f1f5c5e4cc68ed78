//! Nothing is written that was not agreed to: dry runs, no terminal, words that contradict each other.

use chungthu_issuer::TestKey;
use chungthu_test_support::{Driver, Office, PIN, Paper};

use crate::in_an_office;
use crate::scene::{OldCertificate, assert_failure, assert_untouched, paper, token_with};

const KEY: TestKey = TestKey::Rsa2048A;

on_each_driver! {
    a_dry_run_plans_and_changes_nothing => plans;
    without_a_terminal_and_without_yes_nothing_is_written => refuses_without_yes;
}

fn plans(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let before = token.dump();

    let file = paper(office, KEY, Paper::Renewed);
    let outcome = office
        .chungthu(["install", "--dry-run", "--json"])
        .argument(file)
        .spied()
        .run()
        .expect(0);

    let report = outcome.json();
    assert_eq!(report["outcome"], "planned", "{outcome:#?}");
    assert_eq!(report["change"], "renewal", "{outcome:#?}");
    if let Some(calls) = &outcome.calls {
        calls.assert_none_changing();
    }
    assert_untouched(&before, &token);
}

fn refuses_without_yes(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let before = token.dump();

    let file = paper(office, KEY, Paper::Renewed);
    let outcome = office
        .chungthu(["install", "--json"])
        .argument(file)
        .pin(PIN)
        .spied()
        .run();

    let outcome = assert_failure(outcome, 2, "NO_TERMINAL");
    if let Some(calls) = &outcome.calls {
        calls.assert_none_changing();
    }
    assert_untouched(&before, &token);
}

/// The program refuses these words of `install` before it loads a driver.
fn refused_at_once(arguments: &[&str]) {
    in_an_office(Driver::SoftToken, |office| {
        let _token = token_with(office, KEY, OldCertificate::Present);
        let file = paper(office, KEY, Paper::Renewed);
        let outcome = office
            .chungthu(["install", "--yes", "--json"])
            .argument(file)
            .arguments(arguments)
            .spied()
            .run()
            .expect(2);
        if let Some(calls) = &outcome.calls {
            assert_eq!(calls.total(), 0, "{outcome:#?}");
        }
    });
}

#[test]
fn an_unknown_option_is_a_usage_error() {
    refused_at_once(&["--nhanh-len"]);
}

#[test]
fn an_unknown_language_is_a_usage_error() {
    refused_at_once(&["--lang", "fr"]);
}

#[test]
fn an_unknown_pin_source_is_a_usage_error() {
    refused_at_once(&["--pin-source", "mail"]);
}

#[test]
fn another_date_is_refused_by_what_writes() {
    refused_at_once(&["--now", "2030-01-01T00:00:00Z"]);
}

#[test]
fn install_without_a_file_is_a_usage_error() {
    in_an_office(Driver::SoftToken, |office| {
        let outcome = office.chungthu_without_module(["install"]).run().expect(2);
        assert!(outcome.stdout.is_empty(), "{outcome:#?}");
        assert!(!outcome.stderr.is_empty(), "{outcome:#?}");
    });
}

#[test]
fn a_bare_path_means_install() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let before = token.dump();
        let file = paper(office, KEY, Paper::Renewed);
        let outcome = office
            .chungthu([file.as_os_str()])
            .arguments(["--dry-run", "--json"])
            .run()
            .expect(0);
        assert_eq!(outcome.json()["command"], "install", "{outcome:#?}");
        assert_untouched(&before, &token);
    });
}
