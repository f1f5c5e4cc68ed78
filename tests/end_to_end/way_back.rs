//! What to type next, as it is printed: it works wherever the program's folder is and whatever it is called,
//! and what may cost a try of the PIN is warned of first.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use chungthu_issuer::TestKey;
use chungthu_test_support::{Driver, Office, PIN, Paper, PublicKeyObject, write};
use serde_json::{Value, json};

use crate::in_an_office;
use crate::scene::{
    KEY_ID, KEY_LABEL, OldCertificate, assert_failure, assert_untouched, install_with_pin, paper,
    token_with,
};

const KEY: TestKey = TestKey::Rsa2048A;

/// The same place, as seen from where the tests run.
fn relative(place: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap();
    let up = here.components().skip(1).map(|_| "..");
    up.chain([place.strip_prefix("/").unwrap().to_str().unwrap()])
        .collect()
}

/// The words behind this beginning in one of the hints.
fn typed(report: &Value, beginning: &str) -> Option<String> {
    let hints = report["hints"].as_array().unwrap().iter();
    hints
        .filter_map(|hint| hint.as_str().unwrap().split_once(beginning))
        .map(|(_, rest)| rest.split_whitespace().next().unwrap().to_owned())
        .next()
}

/// The token is pulled out in the write, so that nobody knows what is on it; the way back is then typed as it
/// was printed.
fn goes_back(home: impl FnOnce(&Office) -> OsString) {
    in_an_office(Driver::SoftToken, |office| {
        let home = home(office);
        let token = token_with(office, KEY, OldCertificate::Present);
        let before = token.dump();
        let file = paper(office, KEY, Paper::Renewed);
        let pulled = json!({"remove": true});
        let stopped = install_with_pin(office, &file)
            .variable("CHUNGTHU_HOME", &home)
            .scenario(&json!([{"at": {"function": "C_CreateObject", "nth": 1}, "do": pulled}]))
            .run();
        office.bring_tokens_back();
        let stopped = assert_failure(stopped, 6, "WRITE_INCOMPLETE");
        let report = stopped.json();
        assert_eq!(report["token_state"], "unknown", "{stopped:#?}");
        let backup = typed(&report, "chungthu restore ").unwrap();

        // on a line of its own, so that it can be copied
        let command = format!("chungthu restore {backup}");
        let is_whole = stopped.stderr.lines().any(|line| line.trim() == command);
        assert!(is_whole, "{stopped:#?}");

        // a shell runs it as it is printed
        let program = office.place("chungthu");
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_chungthu"), &program).unwrap();
        let line = format!(
            "{} restore {backup} --yes --json --pin-source stdin --module \"$0\"",
            program.display()
        );
        let again = office
            .program("/bin/sh")
            .arguments(["-c", &line])
            .argument(office.library())
            .variable("CHUNGTHU_HOME", &home)
            .stdin(format!("{PIN}\n"))
            .run()
            .expect(0);
        assert_eq!(again.json()["outcome"], "already-restored", "{again:#?}");
        assert_untouched(&before, &token);
        let names_the_place = |hint: &Value| {
            let (_, place) = hint.as_str()?.split_once(" nằm ở ")?;
            Path::new(place).is_absolute().then_some(())
        };
        let hints = report["hints"].as_array().unwrap();
        assert!(
            hints.iter().find_map(names_the_place).is_some(),
            "{report:#}"
        );
    });
}

#[test]
fn the_way_back_is_found_from_a_folder_that_is_named_from_another() {
    goes_back(|office| relative(&office.home()).into());
}

#[test]
fn the_way_back_is_typed_as_printed_where_a_shell_reads_the_folder_otherwise() {
    goes_back(|office| office.place("a \"b\" $HOME `id` 'c'").into());
}

#[test]
#[cfg(target_os = "linux")]
fn the_way_back_is_found_in_a_folder_whose_name_is_no_text() {
    goes_back(|office| office.home().join(OsStr::from_bytes(b"nh\xE0")).into());
}

#[test]
fn trouble_with_the_lock_is_called_by_its_name() {
    in_an_office(Driver::SoftToken, |office| {
        token_with(office, KEY, OldCertificate::Present);
        write(&office.home().join("locks"), "a file");
        let file = paper(office, KEY, Paper::Renewed);
        for (language, words) in [("vi", "Không đặt được khóa"), ("en", "The lock that keeps")]
        {
            let refused = install_with_pin(office, &file).arguments(["--lang", language]);
            let refused = assert_failure(refused.run(), 4, "BACKUP_FAILED");
            let message = refused.json()["message"].as_str().unwrap().to_owned();
            assert!(message.starts_with(words), "{refused:#?}");
            assert!(message.contains("locks"), "{refused:#?}");
        }
    });
}

#[test]
fn after_a_driver_that_was_lost_in_the_login_the_warning_stands_before_any_further_try() {
    in_an_office(Driver::SoftToken, |office| {
        token_with(office, KEY, OldCertificate::Present);
        let file = paper(office, KEY, Paper::Renewed);
        let killed =
            json!([{"at": {"function": "C_Login", "nth": 1}, "do": {"kill": "host-after"}}]);
        for (language, words) in [
            ("vi", "Nếu không chắc mã PIN"),
            ("en", "If you are not sure"),
        ] {
            let lost = install_with_pin(office, &file).arguments(["--lang", language]);
            let lost = assert_failure(lost.scenario(&killed).run(), 4, "MODULE_CRASHED");
            let first = lost.json()["hints"][0].as_str().unwrap().to_owned();
            assert!(first.contains(words), "{lost:#?}");
        }
    });
}

#[test]
fn of_two_tokens_with_one_serial_one_is_chosen_by_its_slot_as_told() {
    in_an_office(Driver::SoftToken, |office| {
        for label in ["Van phong", "Ke toan"] {
            let token = office.token(label);
            token.add_key(KEY, KEY_ID, KEY_LABEL, PublicKeyObject::Absent);
        }
        let list = |which: &[&str]| {
            let list = office.chungthu(["list", "--json"]).arguments(which);
            list.profile("zero-serial").run()
        };
        let refused = assert_failure(list(&[]), 3, "TOKEN_AMBIGUOUS").json();
        let uri = typed(&refused, "--token ").unwrap();
        let (beginning, _) = uri.split_once('=').unwrap();
        let seen = office.chungthu(["tokens", "-v", "--lang", "en"]);
        let seen = seen.profile("zero-serial").run().expect(0).stdout;
        let slots: Vec<&str> = seen
            .lines()
            .filter_map(|line| line.trim().strip_prefix("Slot:"))
            .map(str::trim)
            .collect();
        assert_eq!(slots.len(), 2, "{seen}");
        for (slot, label) in slots.iter().zip(["Van phong", "Ke toan"]) {
            let shown = list(&["--token", &format!("{beginning}={slot}")]);
            let shown = shown.expect(0).json();
            assert_eq!(shown["token"]["label"], label, "{shown:#}");
        }
    });
}
