//! `pin`: one try, the truth about which PIN is in force, and no key or certificate touched.

use chungthu_issuer::TestKey;
use chungthu_test_support::{Command, Driver, Office, PIN, SECURITY_OFFICER_PIN, Token};
use serde_json::{Value, json};

use crate::in_an_office;
use crate::scene::{OldCertificate, assert_failure, token_with};

const KEY: TestKey = TestKey::Rsa2048A;
const NEW: &str = "Moi.Hon-9264";

on_each_driver! {
    a_pin_is_changed_with_one_try_and_proved => changes;
    a_wrong_old_pin_changes_nothing => refuses_a_wrong_old_pin;
    the_security_officer_sets_a_new_pin => unblocks;
}

/// `pin change --yes --json` from this PIN to that one.
fn change<'office>(office: &'office Office, old: &str, new: &str) -> Command<'office> {
    let new = office.paper("ma-moi.txt", new);
    office
        .chungthu(["pin", "change", "--yes", "--json"])
        .pin(old)
        .argument("--new-pin-source")
        .argument(format!("file:{}", new.display()))
}

fn unblock<'office>(office: &'office Office, officer: &str, new: &str) -> Command<'office> {
    let new = office.paper("ma-moi.txt", new);
    let officer = office.paper("ma-so.txt", officer);
    office
        .chungthu(["pin", "unblock", "--yes", "--json"])
        .argument("--so-pin-source")
        .argument(format!("file:{}", officer.display()))
        .argument("--new-pin-source")
        .argument(format!("file:{}", new.display()))
}

/// Which of the two PINs opens the token.
fn in_force(token: &Token<'_>) -> &'static str {
    match (token.accepts_pin(PIN), token.accepts_pin(NEW)) {
        (true, false) => "old",
        (false, true) => "new",
        (true, true) => "both",
        (false, false) => "neither",
    }
}

fn changes(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let before = token.dump();
    let outcome = change(office, PIN, NEW)
        .argument("--token")
        .argument(token.serial())
        .spied()
        .run()
        .expect(0);
    let json = outcome.json();
    assert_eq!(
        (&json["outcome"], &json["verified"]),
        (&"changed".into(), &true.into())
    );
    if let Some(calls) = &outcome.calls {
        // the proof, and no other login
        assert_eq!(
            (calls.count("C_SetPIN"), calls.count("C_Login")),
            (1, 1),
            "{calls:#?}"
        );
    }
    assert_eq!(token.dump_with_pin(NEW), before);
    assert_eq!(in_force(&token), "new");
}

fn refuses_a_wrong_old_pin(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let before = token.dump();
    let outcome = change(office, "Wrong9999", NEW)
        .argument("--token")
        .argument(token.serial())
        .spied()
        .run();
    let outcome = assert_failure(outcome, 5, "PIN_WRONG");
    assert_eq!(outcome.json()["token_state"], "old-pin");
    if let Some(calls) = &outcome.calls {
        assert_eq!(
            (calls.count("C_SetPIN"), calls.count("C_Login")),
            (1, 0),
            "{calls:#?}"
        );
    }
    assert_eq!(in_force(&token), "old");
    assert_eq!(token.dump(), before);
}

fn unblocks(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let before = token.dump();
    let outcome = unblock(office, SECURITY_OFFICER_PIN, NEW)
        .argument("--token")
        .argument(token.serial())
        .run()
        .expect(0);
    assert_eq!(outcome.json()["outcome"], "unblocked");
    assert_eq!(token.dump_with_pin(NEW), before);
    assert_eq!(in_force(&token), "new");
}

#[test]
fn a_locked_token_is_opened_by_the_officer_and_by_nobody_else() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        for _ in 0..3 {
            token.try_pin("Wrong9999");
        }
        let outcome = change(office, PIN, NEW).spied().run();
        let outcome = assert_failure(outcome, 5, "PIN_LOCKED");
        if let Some(calls) = &outcome.calls {
            assert_eq!(calls.count("C_SetPIN"), 0);
        }
        assert_failure(unblock(office, "Wrong9999", NEW).run(), 5, "SO_PIN_WRONG");
        let outcome = unblock(office, SECURITY_OFFICER_PIN, NEW).run().expect(0);
        assert_eq!(outcome.json()["verified"], true);
        assert_eq!(in_force(&token), "new");
    });
}

#[test]
fn a_weak_new_pin_is_found_before_anything_is_sent() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        for new in ["abcd", "abcdefgh", "ABCDEFG8"] {
            let outcome = change(office, PIN, new).spied().run();
            assert!(!outcome.stdout.contains(new), "{}", outcome.stdout);
            let outcome = assert_failure(outcome, 5, "PIN_POLICY");
            if let Some(calls) = &outcome.calls {
                assert_eq!(calls.count("C_SetPIN"), 0);
            }
        }
        assert_eq!(in_force(&token), "old");
    });
}

#[test]
fn two_pins_do_not_come_from_one_place() {
    in_an_office(Driver::SoftToken, |office| {
        let file = office.paper("ma.txt", "Ma.Khac-77");
        let source = format!("file:{}", file.display());
        let outcome = office
            .chungthu(["pin", "change", "--yes", "--json", "--pin-source", &source])
            .arguments(["--new-pin-source", &source])
            .run();
        assert_failure(outcome, 2, "USAGE");
    });
}

#[test]
fn unblocking_without_the_officers_pin_is_explained_and_touches_nothing() {
    in_an_office(Driver::SoftToken, |office| {
        let outcome = office.chungthu(["pin", "unblock"]).spied().run().expect(0);
        assert!(outcome.stdout.contains("Mẫu số 06"), "{}", outcome.stdout);
        if let Some(calls) = &outcome.calls {
            assert_eq!(calls.total(), 0);
        }
        let json = office
            .chungthu(["pin", "unblock", "--json"])
            .run()
            .expect(0)
            .json();
        assert_eq!(
            (&json["outcome"], &json["forms"]["nd68"]),
            (&"explained".into(), &"06".into())
        );
    });
}

#[test]
fn without_a_terminal_nobody_is_asked_and_nothing_is_done() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let outcome = office.chungthu(["pin", "change", "--json"]).pin(PIN).run();
        assert_failure(outcome, 2, "NO_TERMINAL");
        assert_eq!(in_force(&token), "old");
    });
}

/// The first `C_SetPIN` does this.
fn at_the_change(deed: &Value) -> Value {
    json!([{"at": {"function": "C_SetPIN", "nth": 1}, "do": deed}])
}

#[test]
fn what_is_said_of_the_pin_in_force_is_true_whatever_the_driver_answers() {
    let unknown = (6, "PIN_STATE_UNKNOWN", "pin-unknown");
    for (deed, (status, code, state), force) in [
        (json!({"answer": "CKR_GENERAL_ERROR"}), unknown, "old"),
        (
            json!({"answer": "CKR_GENERAL_ERROR", "effect": "done"}),
            unknown,
            "new",
        ),
        (
            json!({"answer": "CKR_DEVICE_ERROR", "effect": "done"}),
            unknown,
            "new",
        ),
        (json!({"answer": "CKR_DEVICE_REMOVED"}), unknown, "old"),
        (json!({"exit": 3}), unknown, "old"),
        (
            json!({"answer": "CKR_PIN_INVALID"}),
            (5, "PIN_POLICY", "old-pin"),
            "old",
        ),
        (
            json!({"answer": "CKR_FUNCTION_NOT_SUPPORTED"}),
            (4, "MODULE_FAILED", "old-pin"),
            "old",
        ),
    ] {
        in_an_office(Driver::SoftToken, |office| {
            let token = token_with(office, KEY, OldCertificate::Present);
            let before = token.dump();
            let outcome = change(office, PIN, NEW)
                .scenario(&at_the_change(&deed))
                .run();
            let outcome = assert_failure(outcome, status, code);
            assert_eq!(outcome.json()["token_state"], state, "{deed}");
            assert_eq!(in_force(&token), force, "{deed}");
            let pin = if force == "old" { PIN } else { NEW };
            assert_eq!(token.dump_with_pin(pin), before, "{deed}");
        });
    }
}

#[test]
fn a_change_that_the_program_did_not_survive_is_counted() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let killed = change(office, PIN, NEW)
            .scenario(&at_the_change(&json!({"kill": "program-before"})))
            .run();
        assert_eq!(killed.code(), None, "{killed:#?}");
        let json = office.chungthu(["tokens", "--json"]).run().expect(0).json();
        assert_eq!(
            json["modules"][0]["tokens"][0]["pin"]["failed_logins"], 1,
            "{json:#}"
        );
        assert_ne!(in_force(&token), "neither");
    });
}

#[test]
fn a_driver_that_wants_the_login_first_gets_it_once() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let outcome = change(office, PIN, NEW)
            .scenario(&at_the_change(&json!({"answer": "CKR_USER_NOT_LOGGED_IN"})))
            .run()
            .expect(0);
        assert_eq!(outcome.json()["verified"], true);
        assert_eq!(in_force(&token), "new");
    });
}
