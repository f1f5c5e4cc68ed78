//! The way back: a backup, and the token as it was when the backup was made.

use std::path::{Path, PathBuf};

use chungthu_issuer::TestKey;
use chungthu_test_support::{
    Command, Driver, Dump, Object, Office, PIN, Paper, PublicKeyObject, Token, WRONG_PIN, issue,
};
use serde_json::Value;

use crate::in_an_office;
use crate::scene::{
    CERTIFICATE_LABEL, KEY_ID, KEY_LABEL, OldCertificate, assert_failure, assert_untouched,
    install_with_pin, paper, token_with,
};

const KEY: TestKey = TestKey::Rsa2048A;

on_each_driver! {
    a_restore_brings_every_attribute_back => brings_back;
    a_restore_keeps_the_newer_certificate_if_asked_to => keeps_the_new_one;
    a_key_that_had_no_certificate_has_none_again => restores_none;
    a_restore_can_be_undone => is_undone;
    an_expired_certificate_is_brought_back_with_a_warning => restores_an_expired_one;
    a_backup_is_found_by_its_bare_name => is_found_by_name;
    a_backup_of_another_key_changes_nothing => refuses_another_key;
    a_dry_run_of_a_restore_changes_nothing => plans;
    a_wrong_pin_restores_nothing => refuses_a_wrong_pin;
}

/// `restore BACKUP --yes --json`, without a PIN yet.
fn restore<'office>(office: &'office Office, backup: &Path) -> Command<'office> {
    let command = office.chungthu(["restore", "--yes", "--json"]);
    command.argument(backup)
}

fn restored(office: &Office, backup: &Path) -> Value {
    let report = restore(office, backup).pin(PIN).run().expect(0).json();
    assert_eq!(report["schema"], "chungthu/1", "{report:#}");
    assert_eq!(report["command"], "restore", "{report:#}");
    assert_eq!(report["outcome"], "restored", "{report:#}");
    assert_eq!(report["change"], Value::Null, "{report:#}");
    report
}

/// The newest backup of the office; their names sort by time.
fn last_backup(office: &Office) -> PathBuf {
    let files = office.files_below(&office.home().join("backups"));
    let names = files.into_iter().map(|(name, _)| name);
    let backups = names.filter(|name| name.extension().is_some_and(|ending| ending == "json"));
    backups.max().unwrap()
}

/// Installs this paper on a token that holds the key, and gives the backup.
fn installed(office: &Office, kind: Paper) -> PathBuf {
    let file = paper(office, KEY, kind);
    let report = install_with_pin(office, &file).run().expect(0).json();
    assert_eq!(report["outcome"], "installed", "{report:#}");
    last_backup(office)
}

/// The objects without what a token makes anew for each.
fn lasting(dump: &Dump) -> Vec<Object> {
    let mut objects: Vec<Object> = dump
        .objects()
        .iter()
        .map(|object| object.without("CKA_UNIQUE_ID"))
        .collect();
    objects.sort();
    objects
}

fn brings_back(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    // one more under another id and label
    let elsewhere = issue(KEY, Paper::Older);
    token.add_certificate(&elsewhere, "e0e1", "Chứng thư cũ hơn");
    let before = token.dump();
    let backup = installed(office, Paper::RenewedAndChanged);
    let new = issue(KEY, Paper::RenewedAndChanged);
    assert_eq!(token.dump().certificates_with(&new).len(), 1);
    assert_eq!(token.dump().certificates().len(), 1);

    let report = restored(office, &backup);

    assert_eq!(report["placement"], "beside", "{report:#}");
    let replaced = report["replaced"].as_array().unwrap();
    assert_eq!(replaced.len(), 1, "{report:#}");
    assert_eq!(lasting(&before), lasting(&token.dump()));

    // again: nothing to do, so no PIN and no changing call
    let now = token.dump();
    let again = restore(office, &backup).spied().run().expect(0);
    assert_eq!(again.json()["outcome"], "already-restored", "{again:#?}");
    if let Some(calls) = &again.calls {
        calls.assert_none_changing();
    }
    assert_eq!(now, token.dump());
}

fn keeps_the_new_one(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let backup = installed(office, Paper::Renewed);
    for outcome in ["restored", "already-restored"] {
        let command = restore(office, &backup).argument("--keep-new").pin(PIN);
        let report = command.run().expect(0).json();
        assert_eq!(report["outcome"], outcome, "{report:#}");
        let codes = report["warnings"].to_string();
        assert!(codes.contains("OLD_KEPT"), "{report:#}");
        let after = token.dump();
        assert_eq!(after.certificates().len(), 2);
        for kind in [Paper::Old, Paper::Renewed] {
            assert_eq!(after.certificates_with(&issue(KEY, kind)).len(), 1);
        }
    }
}

fn restores_none(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Absent);
    let before = token.dump();
    let backup = installed(office, Paper::Renewed);
    let report = restored(office, &backup);
    assert_eq!(report["placement"], "already-there", "{report:#}");
    assert_eq!(report["read_back"], Value::Null, "{report:#}");
    assert_eq!(before, token.dump());
    // that nothing is seen without a login is no proof
    let again = restore(office, &backup).pin(PIN).run().expect(0).json();
    assert_eq!(again["outcome"], "already-restored", "{again:#}");
}

fn is_undone(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let backup = installed(office, Paper::Renewed);
    let renewed = token.dump();
    let _report = restored(office, &backup);
    let undo = last_backup(office);
    assert_ne!(undo, backup);
    let _report = restored(office, &undo);
    assert_eq!(lasting(&renewed), lasting(&token.dump()));
}

fn restores_an_expired_one(office: &Office) {
    let token = office.token("Van phong");
    token.add_key(KEY, KEY_ID, KEY_LABEL, PublicKeyObject::Present);
    token.add_certificate(&issue(KEY, Paper::Expired), KEY_ID, CERTIFICATE_LABEL);
    let before = token.dump();
    let backup = installed(office, Paper::Renewed);
    let report = restored(office, &backup);
    let codes = report["warnings"].to_string();
    assert!(codes.contains("CERT_EXPIRED"), "{report:#}");
    assert_eq!(lasting(&before), lasting(&token.dump()));
}

fn is_found_by_name(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let before = token.dump();
    let backup = installed(office, Paper::Renewed);
    let _report = restored(office, Path::new(backup.file_name().unwrap()));
    assert_eq!(lasting(&before), lasting(&token.dump()));
}

fn refuses_another_key(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let backup = installed(office, Paper::Renewed);
    let foreign = std::fs::read(&backup).unwrap();
    in_an_office(office.driver(), |other| {
        let file = other.paper("ban-sao.json", &foreign);
        let untouched = token_with(other, TestKey::P256, OldCertificate::Present);
        let before = untouched.dump();
        let outcome = restore(other, &file).pin(PIN).spied().run();
        let outcome = assert_failure(outcome, 3, "BACKUP_OTHER_KEY");
        if let Some(calls) = &outcome.calls {
            calls.assert_none_changing();
        }
        assert_untouched(&before, &untouched);
    });
    assert_eq!(token.dump().certificates().len(), 1);
}

fn plans(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let backup = installed(office, Paper::Renewed);
    let before = token.dump();
    let outcome = restore(office, &backup).argument("--dry-run").spied().run();
    let outcome = outcome.expect(0);
    let report = outcome.json();
    assert_eq!(report["outcome"], "planned", "{report:#}");
    if let Some(calls) = &outcome.calls {
        calls.assert_none_changing();
    }
    assert_untouched(&before, &token);
}

fn refuses_a_wrong_pin(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let backup = installed(office, Paper::Renewed);
    let before = token.dump();
    let outcome = restore(office, &backup).pin(WRONG_PIN).spied().run();
    let outcome = assert_failure(outcome, 5, "PIN_WRONG");
    if let Some(calls) = &outcome.calls {
        assert_eq!(calls.count("C_Login"), 1, "{outcome:#?}");
        assert_eq!(calls.count("C_CreateObject"), 0, "{outcome:#?}");
    }
    assert_untouched(&before, &token);
}

/// What cannot be a backup is refused before any driver is loaded.
fn refused_at_once(code: &str, sentence: &str, prepare: impl FnOnce(&Office, &[u8]) -> PathBuf) {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let backup = installed(office, Paper::Renewed);
        let before = token.dump();
        let file = prepare(office, &std::fs::read(backup).unwrap());
        let command = restore(office, &file).arguments(["--lang", "en"]).pin(PIN);
        let outcome = assert_failure(command.spied().run(), 3, code);
        let json = outcome.json();
        let message = json["message"].as_str().unwrap();
        assert!(message.contains(sentence), "{message}");
        assert!(!json["hints"].as_array().unwrap().is_empty(), "{json:#}");
        assert_eq!(json.get("token_state"), None, "{json:#}");
        if let Some(calls) = &outcome.calls {
            assert_eq!(calls.total(), 0, "a driver was loaded: {outcome:#?}");
        }
        assert_untouched(&before, &token);
    });
}

#[test]
fn a_damaged_backup_is_refused() {
    refused_at_once("BACKUP_UNREADABLE", "damaged", |office, good| {
        let text = String::from_utf8(good.to_vec()).unwrap();
        // one digit of the certificate is another
        let start = text.find("\"0x011\": \"3082").unwrap();
        let (head, tail) = text.split_at(start);
        office.paper(
            "hong.json",
            format!("{head}{}", tail.replacen("3082", "3182", 1)),
        )
    });
}

#[test]
fn a_backup_whose_key_is_damaged_is_refused() {
    refused_at_once("BACKUP_UNREADABLE", "damaged", |office, good| {
        let text = String::from_utf8(good.to_vec()).unwrap();
        // no old certificate, and what was installed then does not tell the key
        let mut backup: Value = serde_json::from_str(&text).unwrap();
        backup["certificates"] = Value::Array(Vec::new());
        backup["installed"] = Value::String("3082".to_owned());
        office.paper("hong.json", backup.to_string())
    });
}

#[test]
fn a_backup_that_is_cut_short_is_refused() {
    refused_at_once("BACKUP_UNREADABLE", "no backup", |office, good| {
        office.paper("cut.json", &good[..good.len() / 2])
    });
}

#[test]
fn a_foreign_file_is_no_backup() {
    refused_at_once("BACKUP_UNREADABLE", "no backup", |office, _| {
        office.paper("khac.json", "{\"certificates\": []}")
    });
}

#[test]
fn a_certificate_is_no_backup() {
    refused_at_once("BACKUP_UNREADABLE", "no backup", |office, _| {
        office.paper("moi.cer", issue(KEY, Paper::Renewed))
    });
}

#[test]
fn a_backup_of_a_newer_program_is_refused() {
    refused_at_once("BACKUP_UNREADABLE", "newer version", |office, good| {
        let text = String::from_utf8(good.to_vec()).unwrap();
        let text = text.replace("chungthu-backup/1", "chungthu-backup/2");
        office.paper("moi-hon.json", text)
    });
}

/// A newer form may have other fields altogether; its name alone tells.
#[test]
fn a_backup_of_a_newer_program_in_another_form_is_refused() {
    refused_at_once("BACKUP_UNREADABLE", "newer version", |office, _| {
        office.paper(
            "moi-hon.json",
            "{\"schema\": \"chungthu-backup/2\", \"objects\": []}",
        )
    });
}

#[test]
fn an_empty_file_is_no_backup() {
    refused_at_once("BACKUP_UNREADABLE", "no backup", |office, _| {
        office.paper("trong.json", "")
    });
}

#[test]
fn a_huge_file_is_no_backup() {
    refused_at_once("BACKUP_UNREADABLE", "no backup", |office, _| {
        office.paper("lon.json", vec![b' '; 5 * 1024 * 1024])
    });
}

#[test]
fn a_folder_is_no_backup() {
    refused_at_once("FILE_UNREADABLE", "cannot be read", |office, _| {
        office.home().join("backups")
    });
}

/// A pipe that nobody writes into would keep the program waiting for ever.
#[cfg(unix)]
#[test]
fn a_pipe_is_no_backup() {
    refused_at_once("FILE_UNREADABLE", "cannot be read", |office, _| {
        let pipe = office.place("ong.json");
        let _made = office.program("mkfifo").argument(&pipe).run().expect(0);
        pipe
    });
}

#[cfg(unix)]
#[test]
fn a_device_is_no_backup() {
    refused_at_once("FILE_UNREADABLE", "cannot be read", |_, _| {
        PathBuf::from("/dev/zero")
    });
}

#[test]
fn a_missing_file_is_no_backup() {
    refused_at_once("FILE_UNREADABLE", "There is no file", |office, _| {
        office.place("khong-co.json")
    });
}

/// Installs and restores on a token with these habits, whose old certificate is back afterwards.
fn with_habits(profile: &str, options: &[&str], placement: &str) {
    in_an_office(Driver::SoftToken, |office| {
        for (number, hidden) in ["", "hides-everything-before-login"].iter().enumerate() {
            let profile = format!("{profile},{hidden}");
            let token = office.token(&format!("Van phong {number}"));
            let token: Token<'_> = token;
            token.add_key(KEY, KEY_ID, KEY_LABEL, PublicKeyObject::Present);
            token.add_certificate(&issue(KEY, Paper::Old), KEY_ID, CERTIFICATE_LABEL);
            let before = token.dump();
            let on_it = |command: Command<'_>| {
                let command = command.argument("--token").argument(token.serial());
                let command = command.arguments(options).profile(&profile).pin(PIN);
                command.run().expect(0).json()
            };
            let file = paper(office, KEY, Paper::RenewedAndChanged);
            let install = office.chungthu(["install", "--yes", "--json"]);
            let report = on_it(Command::argument(install, &file));
            assert_eq!(report["placement"], placement, "{report:#}");
            let backup = last_backup(office);
            let report = on_it(restore(office, &backup));
            assert_eq!(report["outcome"], "restored", "{report:#}");
            assert_eq!(report["placement"], placement, "{report:#}");
            assert_eq!(lasting(&before), lasting(&token.dump()));
            let report = on_it(restore(office, &backup));
            assert_eq!(report["outcome"], "already-restored", "{report:#}");
        }
    });
}

#[test]
fn a_restore_goes_by_way_of_a_temporary_id() {
    with_habits("one-certificate-per-id", &[], "temporary-id");
    with_habits(
        "one-certificate-per-id,half-made-objects",
        &[],
        "temporary-id",
    );
}

#[test]
fn a_restore_overwrites_where_the_driver_does() {
    with_habits("overwrites-in-place", &[], "replaced-by-driver");
    with_habits("replaces-under-new-handle", &[], "replaced-by-driver");
}

#[test]
fn a_restore_makes_room_with_the_persons_word() {
    with_habits("no-room", &["--remove-old-first"], "old-removed-first");
}

#[test]
fn a_label_of_another_subject_is_left_out_and_comes_back() {
    with_habits("refuses-label-of-other-subject", &[], "beside");
}

/// The backup has the id as one driver showed it; another one searches for it to the letter.
#[test]
fn what_stayed_under_an_id_that_was_shown_with_a_nul_is_found_in_its_place() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let before = token.dump();
        let file = paper(office, KEY, Paper::Renewed);
        let install = install_with_pin(office, &file).arguments(["--keep-old"]);
        let _installed = install.profile("trailing-nul-ids").run().expect(0);
        restored(office, &last_backup(office));
        assert_eq!(lasting(&before), lasting(&token.dump()));
    });
}
