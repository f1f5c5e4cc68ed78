//! The way back: a backup as the goal.

use chungthu_certificate::install::{Placement, Request, TokenState, Warning};
use chungthu_certificate::records::{Backup, BackupError, RecordKind};
use chungthu_certificate::{Certificate, upper_hex};
use chungthu_issuer::TestKey;
use chungthu_token::error::{Cause, Operation, TokenError};
use chungthu_token::fake::{Effect, Writing};
use chungthu_token::object::{NewCertificate, Object, ObjectClass};
use ring::digest::{SHA256, digest};
use serde_json::Value;

use crate::office::{Ending, KEY_ID, NOW, Office, PIN, as_object, certificate};

const KEY: TestKey = TestKey::P256;

/// The backup that the last run wrote.
fn last_backup(office: &Office) -> Backup {
    let backups = office
        .records
        .files
        .iter()
        .filter(|((kind, name), _)| *kind == RecordKind::Backup && !name.ends_with(".cer"));
    let (_, bytes) = backups.max_by_key(|((_, name), _)| name.clone()).unwrap();
    Backup::from_json(std::str::from_utf8(bytes).unwrap()).unwrap()
}

fn restore(office: &mut Office, backup: &Backup) -> Ending {
    let request = Request::restore(backup, Vec::new(), NOW).unwrap();
    office.run(&request, PIN, |_| {})
}

fn on_token(office: &Office) -> Vec<Object> {
    let objects = office.token.objects().into_iter();
    objects
        .filter(|object| object.class == ObjectClass::Certificate)
        .collect()
}

/// Everything but the handle, which a token gives anew.
fn without_handles(objects: &[Object]) -> Vec<Vec<Vec<u8>>> {
    let mut all: Vec<Vec<Vec<u8>>> = objects
        .iter()
        .map(|object| object.attributes.values().cloned().collect())
        .collect();
    all.sort();
    all
}

/// Two old certificates, one under another id and label, and the new one that took their place.
fn renewed() -> (Office, Vec<Object>, Certificate) {
    let mut office = Office::new(KEY);
    let old = certificate(KEY, "Văn phòng", 2026);
    let older = certificate(KEY, "Văn phòng", 2023);
    office.token.put_certificate(&as_object(&old, KEY_ID));
    let elsewhere = NewCertificate {
        label: b"nhan khac".to_vec(),
        ..as_object(&older, b"elsewhere")
    };
    office.token.put_certificate(&elsewhere);
    let before = on_token(&office);
    let new = certificate(KEY, "Văn phòng", 2029);
    office.install(&new).report();
    assert_eq!(office.certificates(), [new.der()]);
    (office, before, new)
}

#[test]
fn a_restore_ends_in_the_backed_up_state_attribute_for_attribute() {
    let (mut office, before, new) = renewed();
    let backup = last_backup(&office);
    let report = restore(&mut office, &backup).report();
    assert!(report.plan.is_restore);
    assert_eq!(report.plan.change, None);
    assert_eq!(
        without_handles(&on_token(&office)),
        without_handles(&before)
    );
    assert_eq!(report.replaced.len(), 1);
    assert_eq!(report.replaced[0].certificate.der(), new.der());
    // and what was there is backed up in its turn, so that the way leads forward again
    let undo = last_backup(&office);
    assert_eq!(undo.certificates.len(), 1);
    restore(&mut office, &undo).report();
    assert_eq!(office.certificates(), [new.der()]);
}

#[test]
fn a_restored_token_needs_no_second_restore() {
    let (mut office, _, _) = renewed();
    let backup = last_backup(&office);
    restore(&mut office, &backup).report();
    let again = restore(&mut office, &backup);
    assert!(matches!(again, Ending::AlreadyInstalled), "{again:?}");
}

#[test]
fn the_newer_one_stays_where_the_person_wants_it() {
    let (mut office, before, new) = renewed();
    let mut request = Request::restore(&last_backup(&office), Vec::new(), NOW).unwrap();
    request.policy.keep_old = true;
    let report = office.run(&request, PIN, |_| {}).report();
    assert!(report.plan.warnings.contains(&Warning::OldKept));
    let there = office.certificates();
    assert_eq!(there.len(), before.len() + 1);
    assert!(there.contains(&new.der().to_vec()));
}

#[test]
fn a_key_that_had_no_certificate_has_none_again() {
    let mut office = Office::new(KEY);
    office
        .install(&certificate(KEY, "Văn phòng", 2029))
        .report();
    let backup = last_backup(&office);
    assert!(backup.certificates.is_empty());
    let report = restore(&mut office, &backup).report();
    assert_eq!(report.placement, Placement::AlreadyThere);
    assert_eq!(report.read_back, None);
    assert!(office.certificates().is_empty());
    let again = restore(&mut office, &backup);
    assert!(matches!(again, Ending::AlreadyInstalled), "{again:?}");
}

#[test]
fn an_expired_certificate_is_brought_back_with_a_warning() {
    let mut office = Office::new(KEY);
    let expired = certificate(KEY, "Văn phòng", 2025);
    office.token.put_certificate(&as_object(&expired, KEY_ID));
    office
        .install(&certificate(KEY, "Văn phòng", 2029))
        .report();
    let backup = last_backup(&office);
    let report = restore(&mut office, &backup).report();
    let warnings = &report.plan.warnings;
    assert!(
        warnings
            .iter()
            .any(|warning| matches!(warning, Warning::Expired { .. })),
        "{warnings:?}"
    );
    assert_eq!(office.certificates(), [expired.der()]);
}

#[test]
fn a_backup_of_another_key_changes_nothing() {
    let (office, _, _) = renewed();
    let backup = last_backup(&office);
    let mut other = Office::new(TestKey::Rsa2048B);
    assert!(matches!(
        restore(&mut other, &backup).refusal(),
        chungthu_certificate::install::Refusal::KeyNotOnToken { .. }
    ));
}

#[test]
fn a_restore_works_on_tokens_that_refuse_the_plain_way() {
    for prepare in [
        |office: &Office| office.token.write_by(Writing::OneForEachId),
        |office: &Office| office.token.write_by(Writing::Replaces),
    ] {
        let mut office = Office::new(KEY);
        let old = certificate(KEY, "Văn phòng", 2026);
        office.token.put_certificate(&as_object(&old, KEY_ID));
        prepare(&office);
        office
            .install(&certificate(KEY, "Văn phòng", 2029))
            .report();
        let backup = last_backup(&office);
        restore(&mut office, &backup).report();
        assert_eq!(office.certificates(), [old.der()]);
    }
}

#[test]
fn half_a_restore_is_never_said_to_be_the_whole() {
    let (mut office, _, _) = renewed();
    office.token.set_room(1);
    let mut request = Request::restore(&last_backup(&office), Vec::new(), NOW).unwrap();
    request.policy.remove_old_first = true;
    // one of the two comes back; for the other there is no room
    let error = office.run(&request, PIN, |_| {}).error();
    assert_eq!(office.certificates().len(), 1);
    assert_eq!(error.state, TokenState::OldMissing);
    // nothing is added by the next, and nothing is lost
    let error = office.run(&request, PIN, |_| {}).error();
    assert_eq!(error.state, TokenState::Unchanged);
}

#[test]
fn a_backup_holds_what_is_in_its_place_already() {
    let (mut office, before, _) = renewed();
    let backup = last_backup(&office);
    // as an interrupted restore leaves it
    office
        .token
        .put_certificate(&as_object(&certificate(KEY, "Văn phòng", 2026), KEY_ID));
    let halfway = without_handles(&on_token(&office));
    restore(&mut office, &backup).report();
    assert_eq!(
        without_handles(&on_token(&office)),
        without_handles(&before)
    );
    let undo = last_backup(&office);
    restore(&mut office, &undo).report();
    assert_eq!(without_handles(&on_token(&office)), halfway);
}

#[test]
fn a_restore_stopped_at_any_operation_is_finished_by_the_next() {
    let operations = [
        Operation::Sign,
        Operation::Find,
        Operation::Read,
        Operation::AddCertificate,
        Operation::RemoveCertificate,
    ];
    let mut stopped = 0;
    for operation in operations {
        for nth in 1..=30 {
            for effect in [Effect::NotDone, Effect::Done] {
                let (mut office, before, _) = renewed();
                let backup = last_backup(&office);
                let error = TokenError::new(operation, Cause::Refused);
                office.token.fail(operation, nth, effect, error);
                match restore(&mut office, &backup) {
                    Ending::Stopped(error) => {
                        stopped += 1;
                        assert_ne!(error.state, TokenState::OldMissing);
                        assert!(!office.certificates().is_empty());
                    }
                    Ending::Refused(_) => {}
                    // this run asks for it less often; the failure is still to come
                    Ending::AlreadyInstalled | Ending::Installed(_) => continue,
                }
                let again = restore(&mut office, &backup);
                assert!(
                    matches!(again, Ending::Installed(_) | Ending::AlreadyInstalled),
                    "{operation:?} {nth} {effect:?}: {again:?}"
                );
                assert_eq!(
                    without_handles(&on_token(&office)),
                    without_handles(&before),
                    "{operation:?} {nth} {effect:?}"
                );
            }
        }
    }
    assert!(stopped >= 20, "only {stopped} runs were stopped");
}

#[test]
fn a_damaged_backup_is_told_by_what_is_damaged() {
    let (office, _, _) = renewed();
    let good = last_backup(&office).to_json();
    let backup = last_backup(&office);
    let digits = &backup.certificates[0].attributes["0x011"];
    let flipped = digits.replacen("30", "31", 1);
    assert!(matches!(
        Backup::from_json(&good.replace(digits.as_str(), &flipped)),
        Err(BackupError::Damaged { index: 0 })
    ));
    assert!(matches!(
        Backup::from_json("{}"),
        Err(BackupError::NotABackup(_))
    ));
    assert!(matches!(
        Backup::from_json(&good.replace("chungthu-backup/1", "chungthu-backup/9")),
        Err(BackupError::UnknownSchema(_))
    ));
}

/// The last backup after a change to its JSON, read again.
fn changed(office: &Office, change: impl FnOnce(&mut Value)) -> Result<Backup, BackupError> {
    let mut json = serde_json::to_value(last_backup(office)).unwrap();
    change(&mut json);
    Backup::from_json(&json.to_string())
}

/// As if the program had written these attributes itself.
fn seal(object: &mut Value) {
    let attributes = serde_json::to_vec(&object["attributes"]).unwrap();
    let fingerprint = upper_hex(digest(&SHA256, &attributes).as_ref());
    object["attributes_sha256"] = fingerprint.into();
}

#[test]
fn an_edited_id_or_label_is_told_as_damage() {
    let (office, _, _) = renewed();
    assert!(changed(&office, |_| {}).is_ok());
    for attribute in ["0x102", "0x003"] {
        let read = changed(&office, |json| {
            json["certificates"][1]["attributes"][attribute] = "beef".into();
        });
        assert_eq!(read, Err(BackupError::Damaged { index: 1 }), "{attribute}");
    }
}

#[test]
fn what_no_token_gave_is_refused_even_under_a_right_fingerprint() {
    let (office, _, _) = renewed();
    let with_id = |id: &str| {
        changed(&office, |json| {
            let object = &mut json["certificates"][0];
            object["attributes"]["0x102"] = id.into();
            seal(object);
        })
    };
    assert!(with_id("beef").is_ok());
    assert!(with_id(&"ab".repeat(4096)).is_ok());
    let (index, length) = (0, 4097);
    assert_eq!(
        with_id(&"ab".repeat(length)),
        Err(BackupError::IdTooLong { index, length })
    );
    for no_hex in ["xy", "abc", "đ0"] {
        assert_eq!(with_id(no_hex), Err(BackupError::Damaged { index }));
        let read = changed(&office, |json| json["key_id"] = no_hex.into());
        assert_eq!(read, Err(BackupError::KeyIdDamaged));
    }
}

#[test]
fn a_certificate_of_another_key_is_in_no_backup() {
    let (office, _, _) = renewed();
    let mut other = Office::new(TestKey::Rsa2048B);
    let foreign = |year| certificate(TestKey::Rsa2048B, "Văn phòng", year);
    other
        .token
        .put_certificate(&as_object(&foreign(2026), KEY_ID));
    other.install(&foreign(2029)).report();
    let foreign = serde_json::to_value(last_backup(&other)).unwrap();
    assert_eq!(
        changed(&office, |json| json["certificates"][1] =
            foreign["certificates"][0].clone()),
        Err(BackupError::ForeignKey { index: 1 })
    );
    let read = changed(&office, |json| {
        for field in ["installed", "installed_sha256"] {
            json[field] = foreign[field].clone();
        }
    });
    assert_eq!(read, Err(BackupError::InstalledForeignKey));
    let read = changed(&office, |json| {
        json["public_key_sha256"] = foreign["public_key_sha256"].clone();
    });
    assert_eq!(read, Err(BackupError::InstalledForeignKey));
}

#[test]
fn a_backup_is_read_as_an_editor_saved_it() {
    let (office, _, _) = renewed();
    let backup = last_backup(&office);
    let text = backup.to_json();
    let utf16 = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        units.flat_map(bytes).collect()
    };
    for bytes in [
        text.clone().into_bytes(),
        format!("\u{FEFF}{}", text.replace('\n', "\r\n")).into_bytes(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
    ] {
        assert_eq!(Backup::read(&bytes), Ok(backup.clone()));
    }
}

#[test]
fn a_backup_of_another_token_with_the_same_key_is_brought_back_with_a_warning() {
    let (mut office, before, _) = renewed();
    let mut backup = last_backup(&office);
    backup.token.serial = "another".to_owned();
    let report = restore(&mut office, &backup).report();
    let serial = "another".to_owned();
    let warning = Warning::BackupOfOtherToken { serial };
    assert!(report.plan.warnings.contains(&warning));
    assert_eq!(on_token(&office).len(), before.len());
}

#[test]
fn a_backup_of_this_token_is_brought_back_without_a_warning() {
    let (mut office, _, _) = renewed();
    let backup = last_backup(&office);
    let report = restore(&mut office, &backup).report();
    let warnings = &report.plan.warnings;
    let is_it = |warning: &Warning| matches!(warning, Warning::BackupOfOtherToken { .. });
    assert!(!warnings.iter().any(is_it), "{warnings:?}");
}

#[test]
fn a_restore_is_judged_by_the_newest_certificate_of_the_backup() {
    for years in [[2023, 2026], [2026, 2023]] {
        let mut office = Office::new(KEY);
        for year in years {
            let old = certificate(KEY, "Văn phòng", year);
            office.token.put_certificate(&as_object(&old, KEY_ID));
        }
        office
            .install(&certificate(KEY, "Văn phòng", 2029))
            .report();
        let mut backup = last_backup(&office);
        for _ in 0..2 {
            let request = Request::restore(&backup, Vec::new(), NOW).unwrap();
            assert_eq!(request.certificate, certificate(KEY, "Văn phòng", 2026));
            backup.certificates.reverse();
        }
    }
}
