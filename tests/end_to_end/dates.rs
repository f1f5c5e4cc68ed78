//! Certificates that come too late, too early or in the wrong order.

use chungthu_issuer::TestKey;
use chungthu_test_support::{Command, Driver, Office, Paper, issue};

use crate::in_an_office;
use crate::scene::{
    OldCertificate, assert_failure, assert_installed, assert_untouched, install_with_pin, paper,
    token_with,
};

const KEY: TestKey = TestKey::Rsa2048A;

on_each_driver! {
    an_expired_certificate_is_refused_before_the_pin =>
        |office| refuses(office, Paper::Expired, "CERT_EXPIRED");
    a_certificate_from_the_future_is_refused_before_the_pin =>
        |office| refuses(office, Paper::NotYetValid, "CERT_NOT_YET_VALID");
    a_certificate_older_than_the_installed_one_is_refused_before_the_pin =>
        |office| refuses(office, Paper::Older, "CERT_OLDER_THAN_INSTALLED");
    an_expired_certificate_is_installed_if_asked_to =>
        |office| installs_if_asked(office, Paper::Expired, OldCertificate::Absent, "--allow-expired");
    an_older_certificate_is_installed_if_asked_to =>
        |office| installs_if_asked(office, Paper::Older, OldCertificate::Present, "--allow-older");
    a_certificate_from_the_future_is_put_beside_the_old_one_if_asked_to => keeps_the_old_one;
    a_certificate_without_an_end_is_taken_and_told => tells_the_last_day_of_all;
}

fn refuses(office: &Office, kind: Paper, code: &str) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let before = token.dump();

    let file = paper(office, KEY, kind);
    let outcome = install_with_pin(office, &file).spied().run();

    let outcome = assert_failure(outcome, 3, code);
    if let Some(calls) = &outcome.calls {
        calls.assert_none_changing();
    }
    assert_untouched(&before, &token);
}

fn installs_if_asked(office: &Office, kind: Paper, old: OldCertificate, option: &str) {
    let token = token_with(office, KEY, old);
    let before = token.dump();

    let file = paper(office, KEY, kind);
    let outcome = install_with_pin(office, &file).argument(option).run();

    assert_eq!(outcome.expect(0).json()["outcome"], "installed");
    let (old, new) = (issue(KEY, Paper::Old), issue(KEY, kind));
    assert_installed(&before, &token.dump(), &new, &old);
}

fn keeps_the_old_one(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let before = token.dump();

    let file = paper(office, KEY, Paper::NotYetValid);
    let outcome = install_with_pin(office, &file)
        .argument("--allow-not-yet-valid")
        .run()
        .expect(0);

    assert_eq!(outcome.json()["outcome"], "installed", "{outcome:#?}");
    let after = token.dump();
    assert_eq!(before.keys(), after.keys());
    for kept in [Paper::Old, Paper::NotYetValid] {
        assert_eq!(after.certificates_with(&issue(KEY, kept)).len(), 1);
    }
}

#[test]
fn a_step_back_is_not_called_the_same_validity() {
    in_an_office(Driver::SoftToken, |office| {
        let _token = token_with(office, KEY, OldCertificate::Present);
        let file = paper(office, KEY, Paper::Older);
        let dry_run = |form: &str| {
            let install = office.chungthu(["install", "--dry-run", "--allow-older"]);
            install.argument(form).argument(&file).run().expect(0)
        };
        assert_eq!(dry_run("--json").json()["change"], "reissue");
        let text = dry_run("--lang=en").stdout;
        assert!(
            text.contains("an older certificate of the same key"),
            "{text}"
        );
        assert!(!text.contains("same end"), "{text}");
    });
}

/// `99991231235959Z` (RFC 5280, 4.1.2.5) is in the year 10000 by Vietnam's clocks.
fn tells_the_last_day_of_all(office: &Office) {
    let _token = token_with(office, KEY, OldCertificate::Present);
    let file = paper(office, KEY, Paper::Endless);
    let on_file = |command: &str, arguments: &[&str]| {
        let command = office.chungthu([command]).argument(&file);
        told(command.arguments(arguments))
    };
    on_file("show", &[]);
    on_file("install", &["--dry-run"]);
    let outcome = install_with_pin(office, &file).run().expect(0);
    assert_eq!(outcome.json()["outcome"], "installed", "{outcome:#?}");
    told(office.chungthu(["list"]));
    told(office.chungthu(["history"]));
    // a new run finds the very certificate
    told(Command::argument(
        install_with_pin(office, &file),
        "--dry-run",
    ));
}

/// The last day is told.
fn told(command: Command<'_>) {
    let text = command.arguments(["--lang", "en"]).run().expect(0);
    assert!(text.stdout.contains("9999-12-31"), "{text:#?}");
}
