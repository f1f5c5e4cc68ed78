//! What was done on this computer: written after a change, told by `history`, asked by the next plan.

mod file;

use std::path::PathBuf;

use chungthu_issuer::TestKey;
use chungthu_test_support::{Driver, Office, PIN, Paper, WRONG_PIN, issue};
use serde_json::Value;

use crate::in_an_office;
use crate::scene::{OldCertificate, assert_failure, install, install_with_pin, paper, token_with};

const KEY: TestKey = TestKey::Rsa2048A;

/// A test on the soft token with a token that holds the old certificate.
fn at_work(scenario: impl FnOnce(&Office, &str)) {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        scenario(office, token.serial());
    });
}

fn installed(office: &Office, kind: Paper) -> Value {
    let file = paper(office, KEY, kind);
    install_with_pin(office, &file).run().expect(0).json()
}

/// `history --json`, without a word about a driver.
fn history(office: &Office) -> Value {
    let outcome = office.chungthu_without_module(["history", "--json"]);
    let json = outcome.run().expect(0).json();
    assert_eq!(json["schema"], "chungthu/1", "{json:#}");
    assert_eq!(json["command"], "history", "{json:#}");
    json
}

fn entries(office: &Office) -> Vec<Value> {
    let json = history(office);
    assert_eq!(json["outcome"], "listed", "{json:#}");
    json["entries"].as_array().unwrap().clone()
}

fn text(office: &Office, arguments: &[&str]) -> String {
    let outcome = office.chungthu_without_module(["history"]);
    outcome.arguments(arguments).run().expect(0).stdout
}

fn history_file(office: &Office) -> PathBuf {
    office.home().join("history.jsonl")
}

/// A page without its line breaks.
fn flat(page: &str) -> String {
    let words: Vec<&str> = page.split_whitespace().collect();
    words.join(" ")
}

/// The message of the warning with this code.
fn warning(report: &Value, code: &str) -> Option<String> {
    let warnings = report["warnings"].as_array().unwrap();
    let found = warnings.iter().find(|warning| warning["code"] == code)?;
    Some(found["message"].as_str().unwrap().to_owned())
}

#[test]
fn an_install_and_its_restore_are_told_the_newest_first() {
    at_work(|office, serial| {
        let report = installed(office, Paper::Renewed);
        let backup = PathBuf::from(report["replaced"][0]["backup"].as_str().unwrap());
        let name = backup.file_name().unwrap().to_str().unwrap();
        let restore = office.chungthu(["restore", name, "--yes", "--json"]);
        let restored = restore.pin(PIN).run().expect(0).json();
        assert_eq!(restored["outcome"], "restored", "{restored:#}");

        let all = entries(office);
        let [second, first] = all.as_slice() else {
            panic!("{all:#?}");
        };
        let (new, old) = (
            &report["certificate"],
            &report["replaced"][0]["certificate"],
        );
        assert_eq!(first["action"], "install");
        assert_eq!(first["outcome"], "installed");
        assert_eq!(first["change"], "renewal");
        assert_eq!(first["placement"], "beside");
        assert_eq!(first["token"]["serial"], serial);
        assert_eq!(first["token"]["label"], report["token"]["label"]);
        assert_eq!(first["holder"], new["subject"]["common_name"]);
        assert_eq!(first["public_key_sha256"], new["public_key"]["sha256"]);
        for fact in ["serial", "not_before", "not_after", "sha256"] {
            assert_eq!(first["certificate"][fact], new[fact], "{first:#}");
        }
        for fact in ["serial", "not_after", "sha256"] {
            assert_eq!(first["replaced"][0][fact], old[fact], "{first:#}");
        }
        assert_eq!(first["replaced"][0]["removed"], true);
        assert_eq!(first["backup"], name);
        assert_eq!(second["action"], "restore");
        assert_eq!(second["outcome"], "restored");
        assert_eq!(second["change"], Value::Null);
        assert_eq!(second["certificate"]["sha256"], old["sha256"]);
        assert_eq!(second["replaced"][0]["sha256"], new["sha256"]);

        let vietnamese = text(office, &[]);
        let english = text(office, &["--lang", "en"]);
        for page in [&vietnamese, &english] {
            let new = page.find(new["serial"].as_str().unwrap()).unwrap();
            let old = page.find(old["serial"].as_str().unwrap()).unwrap();
            assert!(old < new, "the newest first: {page}");
            assert!(page.contains(serial), "{page}");
            assert!(
                page.lines()
                    .all(|line| line.chars().count() <= 80 || line.contains('/'))
            );
        }
        assert!(vietnamese.contains("cài đặt") && vietnamese.contains("đưa về bản"));
        assert!(english.contains("install") && english.contains("restore"));
    });
}

#[test]
fn a_second_run_says_when_it_was_installed() {
    at_work(|office, _| {
        installed(office, Paper::Renewed);
        let file = paper(office, KEY, Paper::Renewed);
        let again = install(office, &file).run().expect(0).json();
        assert_eq!(again["outcome"], "already-installed");
        assert_eq!(
            again["installed_at"],
            entries(office)[0]["time"],
            "{again:#}"
        );
        assert_eq!(entries(office).len(), 1, "nothing was done");
        let page = office.chungthu(["install", "--lang", "en"]).argument(&file);
        let page = flat(&page.run().expect(0).stdout);
        let day = again["installed_at"].as_str().unwrap()[..4].to_owned();
        assert!(
            page.contains("from this computer on") && page.contains(&day),
            "{page}"
        );
    });
}

#[test]
fn a_second_renewal_is_warned_of_and_a_restore_takes_the_warning_back() {
    at_work(|office, _| {
        let first = installed(office, Paper::Renewed);
        assert_eq!(warning(&first, "RENEWED_BEFORE"), None);
        let serial = first["certificate"]["serial"].as_str().unwrap();

        let again = paper(office, KEY, Paper::RenewedAgain);
        let dry_run = |language: &str| {
            let plan = office.chungthu(["install", "--dry-run", "--lang", language]);
            plan.argument(&again)
        };
        for language in ["vi", "en"] {
            let page = flat(&dry_run(language).run().expect(0).stdout);
            for said in [serial, "130/2018/NĐ-CP", "68/2024/NĐ-CP"] {
                assert!(page.contains(said), "{said}: {page}");
            }
        }
        let plan = dry_run("en").argument("--json").run().expect(0).json();
        assert_eq!(plan["outcome"], "planned");
        assert_eq!(plan["change"], "renewal");
        assert!(warning(&plan, "RENEWED_BEFORE").unwrap().contains(serial));

        // of several files the one that is for this token is asked about
        let another = office.paper("khac.cer", issue(TestKey::Rsa2048B, Paper::Renewed));
        let several = office.chungthu(["install", "--dry-run", "--json"]);
        let several = several.argument(another).argument(&again).run();
        let plan = several.expect(0).json();
        assert!(warning(&plan, "RENEWED_BEFORE").unwrap().contains(serial));

        let backup = first["replaced"][0]["backup"].as_str().unwrap();
        let restore = office.chungthu(["restore", backup, "--yes", "--json"]);
        let restored = restore.pin(PIN).run().expect(0).json();
        assert_eq!(restored["outcome"], "restored");
        let plan = dry_run("en").argument("--json").run().expect(0).json();
        assert_eq!(warning(&plan, "RENEWED_BEFORE"), None);

        installed(office, Paper::Renewed);
        let second = installed(office, Paper::RenewedAgain);
        assert_eq!(second["outcome"], "installed");
        assert!(warning(&second, "RENEWED_BEFORE").unwrap().contains(serial));
    });
}

#[test]
fn a_run_that_stopped_in_the_write_is_told_and_one_before_it_is_not() {
    at_work(|office, _| {
        let file = paper(office, KEY, Paper::Renewed);
        let wrong = install(office, &file).pin(WRONG_PIN).run();
        assert_failure(wrong, 5, "PIN_WRONG");
        assert_eq!(entries(office), Vec::<Value>::new());

        let refused = install_with_pin(office, &file).profile("refuses-certificates");
        assert_failure(refused.run(), 4, "TOKEN_REFUSED_CERTIFICATE");
        let all = entries(office);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0]["outcome"], "stopped", "{all:#?}");
        assert_eq!(all[0]["token_state"], "unchanged", "{all:#?}");
        assert!(text(office, &["--lang", "en"]).contains("stopped"));
        // what was stopped is no renewal
        let report = installed(office, Paper::RenewedAgain);
        assert_eq!(warning(&report, "RENEWED_BEFORE"), None);
    });
}

#[test]
fn a_history_that_cannot_be_written_is_a_warning_and_no_failure() {
    at_work(|office, _| {
        std::fs::create_dir(history_file(office)).unwrap();
        let report = installed(office, Paper::Renewed);
        assert_eq!(report["outcome"], "installed", "{report:#}");
        let told = warning(&report, "HISTORY_NOT_KEPT").unwrap();
        assert!(told.contains("history.jsonl"), "{told}");

        let restore = office.chungthu(["restore", "--yes", "--lang", "en"]);
        let restore = restore.argument(report["replaced"][0]["backup"].as_str().unwrap());
        let page = flat(&restore.pin(PIN).run().expect(0).stdout);
        assert!(
            page.contains("could not be written into the history"),
            "{page}"
        );

        let outcome = office.chungthu_without_module(["history", "--json"]).run();
        assert_failure(outcome, 3, "FILE_UNREADABLE");
    });
}

#[test]
fn a_stop_whose_history_cannot_be_written_keeps_its_own_failure() {
    at_work(|office, _| {
        std::fs::create_dir(history_file(office)).unwrap();
        let paper = paper(office, KEY, Paper::Renewed);
        let refused = install_with_pin(office, &paper).profile("refuses-certificates");
        let outcome = assert_failure(refused.run(), 4, "TOKEN_REFUSED_CERTIFICATE");
        assert!(outcome.stderr.contains("history.jsonl"), "{outcome:#?}");
    });
}

#[test]
fn forgetting_asks_and_leaves_backups_and_journals() {
    at_work(|office, _| {
        installed(office, Paper::Renewed);
        let others = || {
            let mut files = office.files_below(&office.home());
            files.retain(|(path, _)| *path != history_file(office));
            files.sort();
            files
        };
        let before = others();
        assert!(before.len() >= 2, "a backup and a journal");

        let forget = || office.chungthu_without_module(["history", "--forget", "--json"]);
        let unasked = assert_failure(forget().run(), 2, "NO_TERMINAL");
        assert!(
            !unasked.json()["hints"][0]
                .as_str()
                .unwrap()
                .contains("--dry-run")
        );
        assert_eq!(entries(office).len(), 1);

        let forgotten = forget().argument("--yes").run().expect(0).json();
        assert_eq!(forgotten["outcome"], "forgotten");
        assert_eq!(forgotten["entries"], Value::Array(Vec::new()));
        assert_eq!(std::fs::read(history_file(office)).unwrap(), b"");
        assert_eq!(entries(office), Vec::<Value>::new());
        assert_eq!(others(), before);

        let again = forget().argument("--yes").run().expect(0).json();
        assert_eq!(again["outcome"], "nothing-to-forget");
        let page = flat(&text(office, &["--forget", "--yes", "--lang", "en"]));
        assert!(page.contains("Backups and journals stay."), "{page}");
    });
}

#[test]
fn what_is_forgotten_warns_of_nothing() {
    at_work(|office, _| {
        installed(office, Paper::Renewed);
        text(office, &["--forget", "--yes"]);
        let report = installed(office, Paper::RenewedAgain);
        assert_eq!(warning(&report, "RENEWED_BEFORE"), None);
        assert_eq!(entries(office).len(), 1);
    });
}

#[test]
fn one_token_is_chosen_by_serial_label_or_uri() {
    at_work(|office, serial| {
        let report = installed(office, Paper::Renewed);
        let label = report["token"]["label"].as_str().unwrap();
        let uri = format!("pkcs11:serial={serial}");
        for (which, count) in [
            (serial, 1),
            (label, 1),
            (uri.as_str(), 1),
            ("pkcs11:token=khong-co", 0),
            ("khong-co", 0),
        ] {
            let outcome = office.chungthu_without_module(["history", "--json", "--token", which]);
            let json = outcome.run().expect(0).json();
            assert_eq!(json["entries"].as_array().unwrap().len(), count, "{which}");
        }
        let page = text(office, &["--token", "khong-co", "--lang", "en"]);
        assert!(page.contains("no entry for that token"), "{page}");
    });
}

#[test]
fn a_history_that_is_not_there_is_empty_and_is_not_made_by_looking() {
    in_an_office(Driver::SoftToken, |office| {
        assert_eq!(entries(office), Vec::<Value>::new());
        let broken = office.chungthu_without_module(["history", "--module", "/khong/co.so"]);
        assert!(!broken.run().expect(0).stdout.is_empty());
        assert!(!history_file(office).exists());
    });
}

#[test]
fn the_demonstration_leaves_no_history() {
    in_an_office(Driver::SoftToken, |office| {
        let demo = office.chungthu_without_module(["demo", "--json"]);
        let json = demo.run().expect(0).json();
        let time = &json["second_run"]["installed_at"];
        assert!(time.is_string(), "the demo's own history: {json:#}");
        assert!(!history_file(office).exists());
    });
}

#[test]
fn words_that_contradict_each_other_are_refused() {
    in_an_office(Driver::SoftToken, |office| {
        for line in [
            vec!["history", "--forget", "--token", "a"],
            vec!["--token", "a", "history", "--forget"],
            vec!["history", "--now", "2030-01-01T00:00:00Z"],
        ] {
            let outcome = office
                .chungthu_without_module(line)
                .argument("--json")
                .run();
            let outcome = assert_failure(outcome, 2, "USAGE");
            assert_eq!(outcome.json()["command"], "history", "{outcome:#?}");
        }
    });
}
