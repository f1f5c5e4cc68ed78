//! Logins that fail: each is counted, called by its right name, and never the one too many.

use chungthu_issuer::TestKey;
use chungthu_test_support::{
    Command, Driver, KeyUse, Office, Outcome, PIN, Paper, PublicKeyObject, WRONG_PIN, issue,
};
use serde_json::{Value, json};

use crate::in_an_office;
use crate::scene::{
    KEY_ID, KEY_LABEL, OldCertificate, assert_failure, assert_untouched, install, paper, token_with,
};

const KEY: TestKey = TestKey::Rsa2048A;

/// What every `C_Login` from the `nth` on does.
fn at_login(nth: usize, deed: &Value) -> Value {
    json!([{"at": {"function": "C_Login", "nth": nth, "times": 0}, "do": deed}])
}

fn try_pin<'office>(office: &'office Office, pin: &str) -> Command<'office> {
    install(office, &paper(office, KEY, Paper::Renewed)).pin(pin)
}

fn logins(office: &Office) -> usize {
    let calls = office.calls_made();
    calls.iter().filter(|call| *call == "C_Login").count()
}

/// What `tokens` says of the one token's PIN.
fn pin_told(office: &Office) -> Value {
    let report = office.chungthu(["tokens", "--json"]).run().expect(0).json();
    report["modules"][0]["tokens"][0]["pin"].clone()
}

fn failed_logins(office: &Office) -> u64 {
    pin_told(office)["failed_logins"].as_u64().unwrap()
}

fn assert_warned(outcome: Outcome, codes: &[&str]) {
    let report = outcome.expect(0).json();
    assert_eq!(report["outcome"], "installed", "{report:#}");
    let warnings = report["warnings"].as_array().unwrap().iter();
    let found: Vec<&str> = warnings
        .map(|warning| warning["code"].as_str().unwrap())
        .filter(|code| code.starts_with("PIN_"))
        .collect();
    assert_eq!(found, codes, "{report:#}");
}

#[test]
fn a_failed_login_is_counted_and_told_until_one_succeeds() {
    in_an_office(Driver::SoftToken, |office| {
        let _token = token_with(office, KEY, OldCertificate::Present);
        assert_eq!(failed_logins(office), 0);

        let outcome = try_pin(office, WRONG_PIN).arguments(["--lang", "en"]).run();
        let outcome = assert_failure(outcome, 5, "PIN_WRONG");
        let seen = "This computer has seen 1 failed login";
        assert!(
            outcome.json()["hints"].to_string().contains(seen),
            "{outcome:#?}"
        );
        assert!(outcome.stderr.contains(seen), "{outcome:#?}");
        assert_eq!(failed_logins(office), 1);
        let page = office.chungthu(["tokens", "--lang", "en"]).run().expect(0);
        let shown = "1 failed login from this";
        assert!(page.stdout.contains(shown), "{}", page.stdout);

        let outcome = try_pin(office, PIN).run();
        assert_warned(outcome, &["PIN_COUNT_LOW", "PIN_TRIES_COUNTED"]);
        assert_eq!(failed_logins(office), 0);
    });
}

#[test]
fn a_token_without_flags_is_warned_of_after_one_failed_login_and_left_alone_after_two() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let frozen = |pin| try_pin(office, pin).profile("frozen-pin-flags");
        assert_failure(frozen(WRONG_PIN).run(), 5, "PIN_WRONG");
        let warned = frozen(WRONG_PIN).arguments(["--lang", "en"]).run();
        let warned = assert_failure(warned, 5, "PIN_WRONG");
        let warning = "This computer has seen 1 failed login to this token";
        assert!(warned.stderr.contains(warning), "{warned:#?}");
        let before = token.dump();
        // the token itself has one try left, which the look above gave back
        assert!(!token.accepts_pin(WRONG_PIN) && !token.accepts_pin(WRONG_PIN));

        let refused = frozen(PIN).scenario(&json!([])).run();

        assert_failure(refused, 5, "PIN_FINAL_TRY");
        assert_eq!(logins(office), 0);
        assert_untouched(&before, &token);
        let outcome = frozen(PIN).argument("--allow-final-try").run();
        assert_warned(outcome, &["PIN_TRIES_COUNTED"]);
        assert_eq!(failed_logins(office), 0);
    });
}

#[test]
fn an_error_that_may_be_a_wrong_pin_is_not_called_one_and_is_counted() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let before = token.dump();
        let epass = "frozen-pin-flags,wrong-pin-is-general-error";

        let outcome = try_pin(office, WRONG_PIN).profile(epass).run();

        let outcome = assert_failure(outcome, 5, "LOGIN_FAILED");
        let answer = outcome.json()["pkcs11"]["return_value"].to_string();
        assert!(answer.contains("CKR_GENERAL_ERROR"), "{outcome:#?}");
        assert_eq!(failed_logins(office), 1);
        assert_untouched(&before, &token);
        let outcome = try_pin(office, PIN).profile(epass).run();
        assert_warned(outcome, &["PIN_TRIES_COUNTED"]);
    });
}

#[test]
fn flags_that_lost_a_try_tell_a_wrong_pin_whatever_the_answer() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let general = |pin| try_pin(office, pin).profile("wrong-pin-is-general-error");
        assert_failure(general(WRONG_PIN).run(), 5, "PIN_WRONG");
        assert!(!token.accepts_pin(WRONG_PIN));
        let last = general(WRONG_PIN).argument("--allow-final-try");
        assert_failure(last.run(), 5, "PIN_LOCKED");
    });
}

#[test]
fn a_try_that_locks_is_told_as_locked_though_it_answers_incorrect() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        for _ in 0..2 {
            assert!(!token.accepts_pin(WRONG_PIN));
        }
        let outcome = try_pin(office, WRONG_PIN)
            .profile("locking-try-says-incorrect")
            .argument("--allow-final-try")
            .run();
        let outcome = assert_failure(outcome, 5, "PIN_LOCKED");
        let answer = outcome.json()["pkcs11"]["return_value"].to_string();
        assert!(answer.contains("CKR_PIN_INCORRECT"), "{outcome:#?}");
        assert!(!token.accepts_pin(PIN));
    });
}

#[test]
fn a_token_that_takes_no_pin_for_a_moment_is_not_told_as_locked() {
    in_an_office(Driver::SoftToken, |office| {
        let _token = token_with(office, KEY, OldCertificate::Present);
        let craton = |pin| {
            let quirks = "frozen-pin-flags,pin-back-off";
            try_pin(office, pin)
                .profile(quirks)
                .arguments(["--lang", "en"])
        };
        assert_failure(craton(WRONG_PIN).run(), 5, "PIN_WRONG");

        let outcome = assert_failure(craton(PIN).run(), 5, "PIN_REFUSED_NOW");

        let advice = outcome.json()["hints"].to_string();
        assert!(advice.contains("Wait one minute"), "{outcome:#?}");
        assert_eq!(failed_logins(office), 1, "it cost no try");
        assert_warned(craton(PIN).run(), &["PIN_TRIES_COUNTED"]);
    });
}

#[test]
fn where_the_flags_tell_that_many_tries_are_left_they_decide() {
    in_an_office(Driver::SoftToken, |office| {
        let _token = token_with(office, KEY, OldCertificate::Present);
        let many = |pin| try_pin(office, pin).profile("many-tries");
        for _ in 0..4 {
            assert_failure(many(WRONG_PIN).run(), 5, "PIN_WRONG");
        }
        assert_eq!(failed_logins(office), 4);
        let warnings = ["PIN_COUNT_LOW", "PIN_TRIES_COUNTED"];
        assert_warned(many(PIN).run(), &warnings);
    });
}

/// A driver's or the program's own death is no way to try a PIN uncounted.
#[test]
#[cfg(unix)]
fn a_login_in_which_everything_ended_is_counted() {
    for (deed, status, counted) in [
        ("host-before", Some(4), 1),
        ("host-after", Some(4), 1),
        ("program-before", None, 1),
        ("program-after", None, 1),
    ] {
        in_an_office(Driver::SoftToken, |office| {
            let token = token_with(office, KEY, OldCertificate::Present);
            let before = token.dump();
            let scenario = at_login(1, &json!({"kill": deed}));
            let outcome = try_pin(office, PIN).scenario(&scenario).run();
            assert_eq!(outcome.code(), status, "{deed}: {outcome:#?}");
            assert_eq!(failed_logins(office), counted, "{deed}");
            assert_untouched(&before, &token);
            assert_warned(try_pin(office, PIN).run(), &["PIN_TRIES_COUNTED"]);
        });
    }
}

#[test]
fn each_answer_to_a_login_has_its_code_and_is_counted_or_not() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let before = token.dump();
        for (answer, status, code, counted) in [
            ("CKR_PIN_INCORRECT", 5, "PIN_WRONG", 1),
            ("CKR_PIN_LOCKED", 5, "PIN_REFUSED_NOW", 0),
            ("CKR_PIN_EXPIRED", 5, "PIN_EXPIRED", 0),
            ("CKR_PIN_LEN_RANGE", 5, "PIN_SHAPE", 1),
            ("CKR_PIN_INVALID", 5, "PIN_SHAPE", 1),
            (
                "CKR_USER_PIN_NOT_INITIALIZED",
                4,
                "TOKEN_NOT_INITIALIZED",
                0,
            ),
            ("CKR_USER_ALREADY_LOGGED_IN", 4, "TOKEN_IN_USE", 0),
            ("CKR_USER_ANOTHER_ALREADY_LOGGED_IN", 4, "TOKEN_IN_USE", 0),
            ("CKR_USER_TOO_MANY_TYPES", 4, "TOKEN_IN_USE", 0),
            ("CKR_SESSION_READ_ONLY_EXISTS", 4, "TOKEN_IN_USE", 0),
            ("CKR_FUNCTION_CANCELED", 5, "LOGIN_FAILED", 1),
            ("CKR_ARGUMENTS_BAD", 5, "LOGIN_FAILED", 1),
            ("CKR_GENERAL_ERROR", 5, "LOGIN_FAILED", 1),
            ("CKR_DEVICE_ERROR", 5, "LOGIN_FAILED", 1),
            ("CKR_FUNCTION_NOT_SUPPORTED", 5, "LOGIN_FAILED", 1),
            ("CKR_DEVICE_REMOVED", 4, "TOKEN_REMOVED", 1),
        ] {
            let deed = json!({"answer": answer, "effect": "none"});
            let outcome = try_pin(office, PIN).scenario(&at_login(1, &deed)).run();
            let outcome = assert_failure(outcome, status, code);
            assert_eq!(outcome.json()["token_state"], "not-touched", "{outcome:#?}");
            assert_eq!(logins(office), 1, "{answer}");
            let tries = office.home().join("pin-tries");
            assert_eq!(failed_logins(office), counted, "{answer}");
            std::fs::remove_dir_all(tries).unwrap();
        }
        assert_untouched(&before, &token);
    });
}

#[test]
fn a_dialog_that_the_person_ended_is_no_failed_login() {
    in_an_office(Driver::SoftToken, |office| {
        let _token = token_with(office, KEY, OldCertificate::Present);
        for (answer, status, code) in [
            ("CKR_FUNCTION_CANCELED", 5, "PIN_NOT_GIVEN"),
            ("CKR_ARGUMENTS_BAD", 4, "MODULE_FAILED"),
        ] {
            let deed = json!({"answer": answer, "effect": "none"});
            let outcome = install(office, &paper(office, KEY, Paper::Renewed))
                .arguments(["--pin-source", "token"])
                .scenario(&at_login(1, &deed))
                .run();
            assert_failure(outcome, status, code);
            assert_eq!(failed_logins(office), 0, "{answer}");
        }
    });
}

#[test]
fn a_login_that_cannot_be_counted_is_not_sent() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let before = token.dump();
        chungthu_test_support::write(&office.home().join("pin-tries"), "in the way");
        let outcome = try_pin(office, PIN).scenario(&json!([])).run();
        assert_failure(outcome, 4, "BACKUP_FAILED");
        assert_eq!(logins(office), 0);
        assert_untouched(&before, &token);
    });
}

#[test]
fn the_login_that_a_key_wants_for_its_signature_is_counted_too() {
    in_an_office(Driver::SoftToken, |office| {
        let token = office.token("Van phong");
        let each_time = KeyUse::SigningWithPinEachTime;
        token.add_key_for(each_time, KEY, KEY_ID, KEY_LABEL, PublicKeyObject::Present);
        let before = token.dump();
        let deed = json!({"answer": "CKR_PIN_INCORRECT", "effect": "none"});
        let scenario = at_login(2, &deed);
        let outcome = try_pin(office, PIN).scenario(&scenario).run();
        assert_failure(outcome, 5, "PIN_WRONG");
        assert_eq!(logins(office), 2);
        assert_eq!(failed_logins(office), 1);
        assert_untouched(&before, &token);
        let report = try_pin(office, PIN).run().expect(0).json();
        assert_eq!(report["outcome"], "installed", "{report:#}");
        assert_eq!(failed_logins(office), 0);
        let new = issue(KEY, Paper::Renewed);
        assert_eq!(token.dump().certificates_with(&new).len(), 1);
    });
}
