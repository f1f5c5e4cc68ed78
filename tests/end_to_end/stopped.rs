//! Work that stopped after the first write: the page says which driver failed in which call, at which step,
//! what is on the token and what to do, in both languages; and where a look shows the token as it was, the exit
//! status says so too.

use chungthu_issuer::TestKey;
use chungthu_test_support::{Driver, Office, Outcome, PIN, Paper, issue, write};
use serde_json::{Value, json};

use crate::in_an_office;
use crate::scene::{
    OldCertificate, assert_failure, assert_untouched, install_with_pin, paper, token_with,
};

const KEY: TestKey = TestKey::Rsa2048A;

/// What the page says of a stop at the removal, beside the driver's path.
struct Told {
    language: &'static str,
    stopped: &'static str,
    cause: &'static str,
    step: &'static str,
    state: &'static str,
    next: &'static str,
}

const HUNG: [Told; 2] = [
    Told {
        language: "vi",
        stopped: "dừng giữa chừng sau khi đã bắt đầu ghi",
        cause: "không trả lời lệnh C_DestroyObject sau 2 giây",
        step: "Xóa chứng thư cũ",
        state: "chứng thư mới đã có, chứng thư cũ vẫn còn",
        next: "Chạy lại đúng lệnh này",
    },
    Told {
        language: "en",
        stopped: "The work stopped after the first write.",
        cause: "did not answer C_DestroyObject for 2 seconds",
        step: "Removing the old certificate",
        state: "the new certificate is there, and the old one still is",
        next: "Run the same command again",
    },
];

/// A renewal in which the removal of the old certificate goes wrong.
fn stopped_at_the_removal(language: &str, deed: &Value, check: impl FnOnce(&Office, &Outcome)) {
    in_an_office(Driver::SoftToken, |office| {
        token_with(office, KEY, OldCertificate::Present);
        let file = paper(office, KEY, Paper::Renewed);
        write(&office.home().join("config.toml"), "driver_timeout = 2\n");
        let outcome = office
            .chungthu(["install", "--yes", "--lang", language])
            .argument(file)
            .pin(PIN)
            .scenario(&json!([{"at": {"function": "C_DestroyObject", "nth": 1}, "do": deed}]))
            .run();
        check(office, &outcome.expect(6));
    });
}

/// The page without its line breaks.
fn page(outcome: &Outcome) -> String {
    let words: Vec<&str> = outcome.stderr.split_whitespace().collect();
    words.join(" ")
}

fn assert_told(office: &Office, outcome: &Outcome, told: &Told) {
    let page = page(outcome);
    let driver = office.library().display().to_string();
    for words in [
        told.stopped,
        told.cause,
        told.step,
        told.state,
        told.next,
        &driver,
        "WRITE_INCOMPLETE · C_DestroyObject",
    ] {
        assert!(page.contains(words), "not told: {words}\n{outcome:#?}");
    }
}

#[test]
fn a_driver_that_hangs_after_the_write_is_named_with_its_call_and_its_time() {
    for told in &HUNG {
        stopped_at_the_removal(told.language, &json!({"hang": true}), |office, outcome| {
            assert_told(office, outcome, told);
        });
    }
}

#[test]
fn a_driver_that_crashes_after_the_write_is_named_with_its_call() {
    let causes = [
        "bị dừng đột ngột trong lệnh C_DestroyObject",
        "ended abruptly in C_DestroyObject",
    ];
    for (told, cause) in HUNG.iter().zip(causes) {
        let killed = json!({"kill": "host-before"});
        stopped_at_the_removal(told.language, &killed, |office, outcome| {
            assert_told(office, outcome, &Told { cause, ..*told });
        });
    }
}

#[test]
fn an_error_of_the_driver_after_the_write_is_told_with_the_driver_and_the_step() {
    let causes = [
        "Thiết bị không cho xóa chứng thư.",
        "The token does not let a certificate be removed.",
    ];
    for (told, cause) in HUNG.iter().zip(causes) {
        let refused = json!({"answer": "CKR_ACTION_PROHIBITED"});
        stopped_at_the_removal(told.language, &refused, |office, outcome| {
            assert_told(office, outcome, &Told { cause, ..*told });
        });
    }
}

#[test]
fn scripts_are_told_the_driver_and_the_step_too() {
    in_an_office(Driver::SoftToken, |office| {
        token_with(office, KEY, OldCertificate::Present);
        let file = paper(office, KEY, Paper::Renewed);
        let killed = json!({"kill": "host-before"});
        let outcome = install_with_pin(office, &file)
            .scenario(&json!([{"at": {"function": "C_DestroyObject", "nth": 1}, "do": killed}]))
            .run();
        let outcome = assert_failure(outcome, 6, "WRITE_INCOMPLETE");
        let report = outcome.json();
        assert_eq!(report["step"], "remove", "{outcome:#?}");
        let driver = office.library().display().to_string();
        assert_eq!(report["token"]["module"], driver, "{outcome:#?}");
    });
}

/// A backup of a key that had no certificate: the restore only removes, and the driver only says that it did.
#[test]
fn a_removal_that_is_said_and_not_done_is_no_stop_after_a_write() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Absent);
        let file = paper(office, KEY, Paper::Renewed);
        let report = install_with_pin(office, &file).run().expect(0).json();
        assert_eq!(report["outcome"], "installed", "{report:#}");
        let backups = office.files_below(&office.home().join("backups"));
        let (backup, _) = backups.first().unwrap();
        let before = token.dump();
        let lied = json!({"nonsense": "not-stored"});

        let outcome = office
            .chungthu(["restore", "--yes", "--json"])
            .argument(backup)
            .pin(PIN)
            .scenario(&json!([{"at": {"function": "C_DestroyObject", "nth": 1}, "do": lied}]))
            .run();

        let outcome = assert_failure(outcome, 4, "WRITE_NOT_STORED");
        assert_eq!(outcome.json()["token_state"], "unchanged", "{outcome:#?}");
        assert_untouched(&before, &token);
        let new = issue(KEY, Paper::Renewed);
        assert_eq!(token.dump().certificates_with(&new).len(), 1);
    });
}
