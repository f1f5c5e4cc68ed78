//! Two programs at one token: two runs of this one, and another that writes or logs out meanwhile.

use std::time::Duration;

use chungthu_issuer::TestKey;
use chungthu_test_support::{
    Command, Driver, Office, Outcome, Paper, PublicKeyObject, Running, Token, issue, write,
};
use serde_json::{Value, json};

use crate::in_an_office;
use crate::scene::{
    CERTIFICATE_LABEL, KEY_ID, KEY_LABEL, OldCertificate, assert_failure, assert_installed,
    assert_untouched, install, install_with_pin, paper, token_with,
};

const KEY: TestKey = TestKey::P256;

on_each_driver! {
    of_two_runs_at_once_one_installs => |office| one_of_two_installs(office, 3);
    a_run_that_waits_for_its_pin_keeps_another_off_before_the_login => keeps_another_off;
}

#[test]
fn of_two_runs_at_once_one_installs_twenty_times_over() {
    in_an_office(Driver::SoftToken, |office| one_of_two_installs(office, 20));
}

/// What stands for the key on the token.
fn there(token: &Token<'_>, paper: Paper) -> usize {
    token.dump().certificates_with(&issue(KEY, paper)).len()
}

fn ends_well(outcome: &Outcome) {
    assert_eq!(outcome.code(), Some(0), "{outcome:#?}");
}

fn one_of_two_installs(office: &Office, times: usize) {
    let file = paper(office, KEY, Paper::Renewed);
    let (old, new) = (issue(KEY, Paper::Old), issue(KEY, Paper::Renewed));
    let token = token_with(office, KEY, OldCertificate::Absent);
    for _ in 0..times {
        token.remove_certificate(&new);
        token.add_certificate(&old, KEY_ID, CERTIFICATE_LABEL);
        let before = token.dump();
        let mut runs = [(); 2].map(|()| install_with_pin(office, &file).start());
        for run in &mut runs {
            run.give_stdin();
        }
        let outcomes = runs.map(|run| run.end().json());
        let words = outcomes
            .each_ref()
            .map(|json| (json["outcome"].as_str().unwrap(), json["code"].as_str()));
        let installed = words.iter().filter(|(outcome, _)| *outcome == "installed");
        assert_eq!(installed.count(), 1, "{outcomes:#?}");
        // the last one is for the second that looked before the first wrote, and had to wait for the
        // processor until that one was done
        let is_expected = |(outcome, code): &(&str, Option<&str>)| {
            matches!(*outcome, "installed" | "already-installed")
                || matches!(code, Some("TOKEN_IN_USE" | "TOKEN_CHANGED"))
                // kryoptic shows no token while another process writes to its database
                || (office.driver() == Driver::Kryoptic && *code == Some("TOKEN_NOT_FOUND"))
        };
        assert!(words.iter().all(is_expected), "{outcomes:#?}");
        assert_installed(&before, &token.dump(), &new, &old);
    }
}

/// The run has its lock: it has shown its plan, and waits for the PIN.
fn wait_for_plan(office: &Office, running: &mut Running<'_>) {
    running.wait_until(|| !office.files_below(&office.home().join("locks")).is_empty());
}

fn keeps_another_off(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let before = token.dump();
    let file = paper(office, KEY, Paper::Renewed);
    let mut first = install_with_pin(office, &file).start();
    wait_for_plan(office, &mut first);

    let second = install_with_pin(office, &file).spied().run();
    let second = assert_failure(second, 4, "TOKEN_IN_USE");
    if let Some(calls) = &second.calls {
        calls.assert_none_changing();
        assert_eq!(calls.count("C_Login"), 0, "{second:#?}");
    }
    // who only looks is not kept off
    let dry = install(office, &file).argument("--dry-run").run().expect(0);
    assert_eq!(dry.json()["outcome"], "planned");
    assert_untouched(&before, &token);

    ends_well(&first.end());
    assert_eq!(there(&token, Paper::Renewed), 1);
}

#[test]
fn the_lock_of_a_killed_run_is_no_obstacle() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let file = paper(office, KEY, Paper::Renewed);
        let mut killed = install_with_pin(office, &file).start();
        wait_for_plan(office, &mut killed);
        killed.kill();
        ends_well(&install_with_pin(office, &file).run());
        assert_eq!(there(&token, Paper::Renewed), 1);
    });
}

#[test]
fn a_home_that_cannot_be_written_is_told_before_the_login() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let before = token.dump();
        let file = paper(office, KEY, Paper::Renewed);
        for folder in ["locks", "backups", "journal", "pin-tries", "cut-off"] {
            let in_the_way = office.home().join(folder);
            if in_the_way.is_dir() {
                std::fs::remove_dir_all(&in_the_way).unwrap();
            }
            write(&in_the_way, "a file");
            let run = install_with_pin(office, &file).scenario(&json!([]));
            assert_failure(run.run(), 4, "BACKUP_FAILED");
            assert_eq!(logins(office), 0, "{folder}");
            std::fs::remove_file(&in_the_way).unwrap();
        }
        assert_untouched(&before, &token);
    });
}

fn logins(office: &Office) -> usize {
    let calls = office.calls_made();
    calls.iter().filter(|call| *call == "C_Login").count()
}

/// An install during whose wait for the PIN another program does something.
fn while_the_pin_is_typed(
    office: &Office,
    file: &std::path::Path,
    other: impl FnOnce(),
) -> Outcome {
    let mut running = install_with_pin(office, file).scenario(&json!([])).start();
    wait_for_plan(office, &mut running);
    other();
    let outcome = running.end();
    assert!(logins(office) <= 1, "{outcome:#?}");
    outcome
}

/// Something that another program does between the plan and the login, and what comes of it.
fn meanwhile(
    other: impl FnOnce(&Office, &Token<'_>),
    then: impl FnOnce(Outcome, &Office, &Token<'_>),
) {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let keys = token.dump();
        let file = paper(office, KEY, Paper::Renewed);
        let outcome = while_the_pin_is_typed(office, &file, || other(office, &token));
        then(outcome, office, &token);
        assert_eq!(keys.keys(), token.dump().keys());
    });
}

#[test]
fn the_new_certificate_put_there_by_another_program_is_not_written_twice() {
    let new = issue(KEY, Paper::Renewed);
    meanwhile(
        |_, token| token.add_certificate(&new, KEY_ID, CERTIFICATE_LABEL),
        |outcome, _, token| {
            assert_eq!(outcome.expect(0).json()["placement"], "already-there");
            assert_eq!(there(token, Paper::Renewed), 1);
            assert_eq!(there(token, Paper::Old), 0);
        },
    );
}

#[test]
fn another_certificate_of_the_key_put_there_meanwhile_is_backed_up_like_the_old_one() {
    let other = issue(KEY, Paper::InformationChanged);
    meanwhile(
        |_, token| token.add_certificate(&other, KEY_ID, CERTIFICATE_LABEL),
        |outcome, office, token| {
            let report = outcome.expect(0).json();
            assert_eq!(report["replaced"].as_array().unwrap().len(), 2);
            assert_eq!(there(token, Paper::Renewed), 1);
            let kept = office.files_below(&office.home().join("backups"));
            assert!(kept.iter().any(|(_, content)| *content == other));
        },
    );
}

#[test]
fn an_old_certificate_that_is_gone_after_the_plan_stops_the_run() {
    let old = issue(KEY, Paper::Old);
    meanwhile(
        |_, token| token.remove_certificate(&old),
        |outcome, _, token| {
            assert_failure(outcome, 4, "TOKEN_CHANGED");
            assert_eq!(there(token, Paper::Renewed), 0);
        },
    );
}

#[test]
fn another_certificate_under_the_old_ones_handle_stops_the_run() {
    let other = issue(KEY, Paper::InformationChanged);
    meanwhile(
        |_, token| token.overwrite_certificate(&other, KEY_ID, CERTIFICATE_LABEL),
        |outcome, _, token| {
            assert_failure(outcome, 4, "TOKEN_CHANGED");
            assert_eq!(there(token, Paper::InformationChanged), 1);
            assert_eq!(there(token, Paper::Renewed), 0);
        },
    );
}

#[test]
fn another_token_in_the_same_slot_is_not_given_the_pin() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let file = paper(office, KEY, Paper::Renewed);
        let first = std::fs::read(office.place("tokens/1.token")).unwrap();
        let other = office.token("Van phong khac");
        other.add_key(KEY, KEY_ID, KEY_LABEL, PublicKeyObject::Absent);
        let second = std::fs::read(office.place("tokens/2.token")).unwrap();
        std::fs::remove_file(office.place("tokens/2.token")).unwrap();

        let swap = |content: &[u8]| write(&office.place("tokens/1.token"), content);
        let mut running = install_with_pin(office, &file)
            .arguments(["--token", token.serial()])
            .scenario(&json!([]))
            .start();
        wait_for_plan(office, &mut running);
        swap(&second);
        assert_failure(running.end(), 4, "TOKEN_CHANGED");
        assert_eq!(logins(office), 0);
        swap(&first);
        ends_well(&install_with_pin(office, &file).run());
    });
}

/// An install that waits before the `nth` call of a function until another program has done something.
fn before_call(
    (function, nth): (&str, usize),
    other: impl FnOnce(&Token<'_>),
    then: impl FnOnce(Outcome, &Token<'_>, &dyn Fn() -> Outcome),
) {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let keys = token.dump();
        let file = paper(office, KEY, Paper::Renewed);
        let go = office.place("go");
        let fault = json!([{"at": {"function": function, "nth": nth}, "do": {"wait-for": go}}]);
        let mut running = install_with_pin(office, &file).scenario(&fault).start();
        running.give_stdin();
        let is_there = || {
            let log = std::fs::read_to_string(office.place("calls.log")).unwrap_or_default();
            log.lines().filter(|call| *call == function).count() >= nth
        };
        running.wait_until(is_there);
        // so that the call itself is what it waits in
        std::thread::sleep(Duration::from_millis(50));
        other(&token);
        write(&go, "");
        then(running.end(), &token, &|| {
            install_with_pin(office, &file).run()
        });
        assert_eq!(keys.keys(), token.dump().keys());
    });
}

#[test]
fn the_new_certificate_written_by_two_programs_at_once_is_one_after_the_next_run() {
    let new = issue(KEY, Paper::Renewed);
    before_call(
        ("C_CreateObject", 1),
        |token| token.add_certificate(&new, KEY_ID, CERTIFICATE_LABEL),
        |outcome, token, again| {
            ends_well(&outcome);
            assert_eq!(there(token, Paper::Old), 0);
            ends_well(&again());
            assert_eq!(there(token, Paper::Renewed), 1);
        },
    );
}

#[test]
fn an_old_certificate_that_is_gone_before_the_write_is_told_as_gone() {
    let old = issue(KEY, Paper::Old);
    before_call(
        ("C_CreateObject", 1),
        |token| token.remove_certificate(&old),
        |outcome, token, _| {
            assert_eq!(outcome.expect(0).json()["replaced"][0]["removed"], true);
            assert_eq!(there(token, Paper::Renewed), 1);
        },
    );
}

#[test]
fn a_certificate_that_came_under_the_old_ones_handle_is_not_removed() {
    let other = issue(KEY, Paper::InformationChanged);
    before_call(
        ("C_CreateObject", 1),
        |token| token.overwrite_certificate(&other, KEY_ID, CERTIFICATE_LABEL),
        |outcome, token, _| {
            let outcome = assert_failure(outcome, 6, "WRITE_INCOMPLETE");
            assert_eq!(there(token, Paper::InformationChanged), 1, "{outcome:#?}");
            assert_eq!(there(token, Paper::Renewed), 1);
        },
    );
}

#[test]
fn an_old_certificate_stays_whose_successor_was_taken_away() {
    let new = issue(KEY, Paper::Renewed);
    before_call(
        ("C_SignInit", 2),
        |token| token.remove_certificate(&new),
        |outcome, token, again| {
            assert_failure(outcome, 4, "TOKEN_CHANGED");
            assert_eq!(there(token, Paper::Old), 1);
            ends_well(&again());
            assert_eq!(there(token, Paper::Renewed), 1);
        },
    );
}

#[test]
fn a_login_ended_by_another_program_is_not_made_again() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let (old, new) = (issue(KEY, Paper::Old), issue(KEY, Paper::Renewed));
        let file = paper(office, KEY, Paper::Renewed);
        let run =
            |faults: &Value| -> Command<'_> { install_with_pin(office, &file).scenario(faults) };
        ends_well(&run(&json!([])).run());
        let calls = office.calls_made();
        let login = calls.iter().position(|call| call == "C_Login").unwrap();
        let mut stopped = 0;
        for nth in login + 2..=calls.len() {
            // of equal calls in a row the first
            if calls[nth - 1] == calls[nth - 2] {
                continue;
            }
            token.remove_certificate(&new);
            token.add_certificate(&old, KEY_ID, CERTIFICATE_LABEL);
            let before = token.dump();
            let outcome = run(&json!([{"at": {"nth": nth}, "do": {"log-out": true}}])).run();
            let context = format!("{nth} {}: {outcome:#?}", calls[nth - 1]);
            assert_eq!(logins(office), 1, "{context}");
            let after = token.dump();
            let has = |der: &[u8]| !after.certificates_with(der).is_empty();
            let json = outcome.json();
            let end = (outcome.code(), json["code"].as_str(), has(&old), has(&new));
            let is_true = match end {
                (Some(0), None, false, true) => continue,
                (Some(4), Some("TOKEN_IN_USE"), true, false) => before == after,
                (Some(6), Some("WRITE_INCOMPLETE"), true, true) => true,
                _ => false,
            };
            assert!(is_true, "{context}");
            stopped += 1;
            ends_well(&install_with_pin(office, &file).run());
            assert_installed(&before, &token.dump(), &new, &old);
        }
        assert!(stopped > 10, "only {stopped} runs were stopped");
    });
}

#[test]
fn a_token_that_another_program_holds_is_told_as_in_use() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let before = token.dump();
        let file = paper(office, KEY, Paper::Renewed);
        for (function, answer) in [
            ("C_OpenSession", "CKR_SESSION_COUNT"),
            ("C_OpenSession", "CKR_SESSION_EXISTS"),
            ("C_OpenSession", "CKR_SESSION_READ_WRITE_SO_EXISTS"),
            ("C_Login", "CKR_USER_ANOTHER_ALREADY_LOGGED_IN"),
            ("C_Login", "CKR_USER_ALREADY_LOGGED_IN"),
            ("C_CreateObject", "CKR_SESSION_HANDLE_INVALID"),
            ("C_CreateObject", "CKR_USER_NOT_LOGGED_IN"),
        ] {
            let fault = json!([{
                "at": {"function": function, "nth": 1, "times": 0}, "do": {"answer": answer}
            }]);
            let outcome = install_with_pin(office, &file).scenario(&fault).run();
            assert_failure(outcome, 4, "TOKEN_IN_USE");
            assert!(logins(office) <= 1);
            assert_untouched(&before, &token);
        }
    });
}
