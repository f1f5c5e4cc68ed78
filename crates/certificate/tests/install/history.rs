//! The history: what a change leaves behind, what damaged lines do, and what it tells a later plan.

use chungthu_certificate::Certificate;
use chungthu_certificate::install::{
    EarlierRenewal, InstallChange, Placement, Plan, Request, TokenState, Warning,
};
use chungthu_certificate::records::{
    Action, Backup, History, HistoryEntry, HistoryOutcome, RecordKind,
};
use chungthu_issuer::TestKey;
use chungthu_token::error::{Cause, Operation, TokenError};
use chungthu_token::fake::Effect;
use time::Duration;

use crate::office::{Ending, KEY_ID, NOW, Office, PIN, Records, as_object, certificate};

const KEY: TestKey = TestKey::P256;
const UNIT: &str = "Văn phòng";

fn office() -> Office {
    let office = Office::new(KEY);
    let old = certificate(KEY, UNIT, 2026);
    office.token.put_certificate(&as_object(&old, KEY_ID));
    office
}

fn history(records: &Records) -> History {
    History::read(records).unwrap()
}

/// Installs as the front desk does: asks the history before and writes it after.
fn install(office: &mut Office, certificate: &Certificate) -> Plan {
    let request = Request {
        renewed_before: history(&office.records).renewal_before(certificate),
        ..Office::request(certificate)
    };
    let report = office.run(&request, PIN, |_| {}).report();
    let entry = HistoryEntry::finished(&report, NOW);
    entry.keep(&mut office.records).unwrap();
    report.plan
}

fn restore(office: &mut Office, keep_new: bool) {
    let backups = office
        .records
        .files
        .iter()
        .filter(|((kind, name), _)| *kind == RecordKind::Backup && !name.ends_with(".cer"));
    let (_, backup) = backups.max_by_key(|((_, name), _)| name.clone()).unwrap();
    let backup = Backup::from_json(std::str::from_utf8(backup).unwrap()).unwrap();
    let mut request = Request::restore(&backup, Vec::new(), NOW).unwrap();
    request.policy.keep_old = keep_new;
    let report = office.run(&request, PIN, |_| {}).report();
    let entry = HistoryEntry::finished(&report, NOW);
    entry.keep(&mut office.records).unwrap();
}

/// Puts these bytes behind what is in the history.
fn add(records: &mut Records, bytes: &[u8]) {
    let name = (RecordKind::History, "history.jsonl".to_owned());
    records.files.entry(name).or_default().extend(bytes);
}

#[test]
fn an_entry_tells_the_whole_change_and_is_read_as_it_was_written() {
    let mut office = office();
    let (old, new) = (certificate(KEY, UNIT, 2026), certificate(KEY, UNIT, 2029));
    let report = office.install(&new).report();
    let east = time::UtcOffset::from_hms(7, 0, 0).unwrap();
    let time = NOW.checked_to_offset(east).unwrap() + Duration::milliseconds(5);
    let entry = HistoryEntry::finished(&report, time);

    assert_eq!(entry.time, NOW);
    assert!(entry.time.offset().is_utc());
    assert_eq!(entry.action, Action::Install);
    assert_eq!(entry.outcome, HistoryOutcome::Installed);
    assert_eq!(entry.token.serial, report.plan.token.serial);
    assert_eq!(entry.token.label, report.plan.token.label);
    assert_eq!(entry.public_key_sha256, new.public_key().sha256());
    assert_eq!(entry.holder.as_deref(), Some("UBND xã Trình Diễn"));
    let certificate = entry.certificate.as_ref().unwrap();
    assert_eq!(certificate.serial, new.serial_number());
    assert_eq!(certificate.not_before, new.not_before());
    assert_eq!(certificate.not_after, new.not_after());
    assert_eq!(certificate.sha256, new.sha256());
    assert_eq!(entry.change, Some(InstallChange::Renewal));
    assert_eq!(entry.placement, Some(Placement::Beside));
    assert_eq!(entry.token_state, None);
    let [replaced] = entry.replaced.as_slice() else {
        panic!("{entry:?}");
    };
    assert_eq!(replaced.sha256, old.sha256());
    assert_eq!(replaced.serial, old.serial_number());
    assert_eq!(replaced.removed, Some(true));
    assert_eq!(entry.backup.as_deref(), Some(report.backup.as_str()));

    entry.keep(&mut office.records).unwrap();
    let read = history(&office.records);
    assert_eq!(read.entries, [entry]);
    assert_eq!((read.damaged, read.newer, read.is_cut), (0, 0, false));
}

#[test]
fn an_entry_names_the_backups_file_and_no_folder() {
    let mut report = office().install(&certificate(KEY, UNIT, 2029)).report();
    report.backup = "/home/van.thu/backups/a.json".into();
    let entry = HistoryEntry::finished(&report, NOW);
    assert_eq!(entry.backup.as_deref(), Some("a.json"));
}

#[test]
fn a_copy_of_the_new_certificate_is_not_replaced_by_it() {
    let mut office = office();
    let new = certificate(KEY, UNIT, 2029);
    for id in [KEY_ID, KEY_ID] {
        office.token.put_certificate(&as_object(&new, id));
    }
    let report = office.install(&new).report();
    assert_eq!(report.replaced.len(), 2);
    let entry = HistoryEntry::finished(&report, NOW);
    assert_eq!(entry.replaced.len(), 1);
    assert_eq!(
        entry.replaced[0].sha256,
        certificate(KEY, UNIT, 2026).sha256()
    );
}

#[test]
fn a_run_that_stopped_leaves_an_entry_only_if_a_write_was_tried() {
    let mut office = office();
    let new = certificate(KEY, UNIT, 2029);
    let plan = install(&mut self::office(), &new);
    let removal = Operation::RemoveCertificate;
    let refused = TokenError::new(removal, Cause::Refused);
    office.token.fail(removal, 1, Effect::NotDone, refused);
    let error = office.install(&new).error();
    assert_eq!(error.state, TokenState::NewAndOld);
    let entry = HistoryEntry::stopped(&error, &plan, NOW).unwrap();
    assert_eq!(entry.outcome, HistoryOutcome::Stopped);
    assert_eq!(entry.token_state, Some(TokenState::NewAndOld));
    assert_eq!(entry.placement, None);
    assert_eq!(entry.replaced[0].removed, None);
    assert_eq!(entry.backup, error.backup);
    entry.keep(&mut office.records).unwrap();
    assert_eq!(history(&office.records).entries, [entry]);

    let mut office = self::office();
    let Ending::Stopped(error) = office.run(&Office::request(&new), "Sai.12345", |_| {}) else {
        panic!("a wrong PIN");
    };
    assert_eq!(HistoryEntry::stopped(&error, &plan, NOW), None);
}

#[test]
fn a_restore_to_no_certificate_names_the_holder_and_what_was_removed() {
    let mut office = Office::new(KEY);
    let new = certificate(KEY, UNIT, 2029);
    install(&mut office, &new);
    restore(&mut office, false);
    let newest = history(&office.records).entries.swap_remove(0);
    assert_eq!(newest.action, Action::Restore);
    assert_eq!(newest.outcome, HistoryOutcome::Restored);
    assert_eq!(newest.certificate, None);
    assert_eq!(newest.change, None);
    assert_eq!(newest.holder.as_deref(), Some("UBND xã Trình Diễn"));
    assert_eq!(newest.replaced[0].sha256, new.sha256());
}

#[test]
fn lines_that_cannot_be_read_are_counted_and_hide_no_other() {
    let mut office = office();
    install(&mut office, &certificate(KEY, UNIT, 2029));
    let whole = office.records.text(RecordKind::History);
    let records = &mut office.records;
    add(
        records,
        b"\n\xFF\xFE not a line\n{}\n[1]\n\"chungthu-history/1\"\n",
    );
    add(records, br#"{"schema":"chungthu-history/1","time":"2026"}"#);
    add(records, b"\n");
    add(records, whole.replace("history/1", "history/2").as_bytes());
    add(records, br#"{"schema":"chungthu-history/3","what":[]}"#);
    add(records, b"\n");
    // a field that this version does not know hides nothing
    add(records, whole.replacen('{', "{\"more\":1,", 1).as_bytes());
    add(records, &whole.as_bytes()[..whole.len() / 2]);

    let read = history(records);
    assert_eq!(read.entries.len(), 2);
    assert_eq!(read.entries[0], read.entries[1]);
    assert_eq!((read.damaged, read.newer, read.is_cut), (6, 2, false));
}

#[test]
fn every_cut_of_a_line_is_read_without_a_failure() {
    let mut office = office();
    install(&mut office, &certificate(KEY, UNIT, 2029));
    let whole = office.records.text(RecordKind::History).into_bytes();
    for length in 0..whole.len() {
        let mut records = Records::default();
        add(&mut records, &whole[..length]);
        let read = history(&records);
        // only the end of the line may be missing
        let is_whole = length + 1 == whole.len();
        assert_eq!(read.entries.len(), usize::from(is_whole), "{length}");
        assert_eq!(
            read.damaged,
            usize::from(length > 0 && !is_whole),
            "{length}"
        );
    }
}

#[test]
fn of_a_history_beyond_all_measure_the_newest_entries_are_read() {
    let mut office = office();
    add(&mut office.records, &vec![b'x'; 5 * 1024 * 1024]);
    add(&mut office.records, b"\n");
    install(&mut office, &certificate(KEY, UNIT, 2029));
    let read = history(&office.records);
    assert_eq!(
        (read.entries.len(), read.damaged, read.is_cut),
        (1, 0, true)
    );
}

#[test]
fn the_newest_comes_first_whatever_the_clock_said() {
    let mut office = office();
    let report = office.install(&certificate(KEY, UNIT, 2029)).report();
    for days in [0, -400] {
        let entry = HistoryEntry::finished(&report, NOW + Duration::days(days));
        entry.keep(&mut office.records).unwrap();
    }
    let times: Vec<_> = history(&office.records)
        .entries
        .iter()
        .map(|entry| entry.time)
        .collect();
    assert_eq!(times, [NOW - Duration::days(400), NOW]);
}

#[test]
fn a_renewal_after_a_renewal_is_warned_of_and_done() {
    let mut office = office();
    let (first, second) = (certificate(KEY, UNIT, 2029), certificate(KEY, UNIT, 2030));
    let plan = install(&mut office, &first);
    assert_eq!(plan.warnings, [Warning::IssuerUnknown]);
    let plan = install(&mut office, &second);
    let renewal = EarlierRenewal {
        time: NOW,
        serial: first.serial_number(),
    };
    assert!(plan.warnings.contains(&Warning::RenewedBefore(renewal)));
    assert_eq!(office.certificates(), [second.der()]);
}

#[test]
fn only_a_renewal_of_the_same_key_counts() {
    let mut office = office();
    let changed = certificate(KEY, "Phòng khác", 2026);
    install(&mut office, &changed);
    let first = certificate(KEY, "Phòng khác", 2029);
    let plan = install(&mut office, &first);
    assert_eq!(plan.change, Some(InstallChange::Renewal));
    let warns = |plan: &Plan| {
        let mut warnings = plan.warnings.iter();
        warnings.any(|warning| matches!(warning, Warning::RenewedBefore(_)))
    };
    assert!(!warns(&plan), "a change of information is no renewal");
    let plan = install(&mut office, &certificate(KEY, UNIT, 2029));
    assert_eq!(plan.change, Some(InstallChange::InformationChange));
    assert!(!warns(&plan), "a change of information is not forbidden");
    let other = certificate(TestKey::P384, UNIT, 2030);
    assert_eq!(history(&office.records).renewal_before(&other), None);
}

#[test]
fn a_renewal_that_was_taken_back_does_not_count() {
    let mut office = office();
    let (first, second) = (certificate(KEY, UNIT, 2029), certificate(KEY, UNIT, 2030));
    install(&mut office, &first);
    assert!(history(&office.records).renewal_before(&second).is_some());
    assert_eq!(history(&office.records).installed(&first), Some(NOW));
    restore(&mut office, false);
    assert_eq!(history(&office.records).renewal_before(&second), None);
    assert_eq!(history(&office.records).installed(&first), None);
    install(&mut office, &first);
    assert!(history(&office.records).renewal_before(&second).is_some());
    assert_eq!(history(&office.records).renewal_before(&first), None);
    assert_eq!(history(&office.records).installed(&first), Some(NOW));
}

#[test]
fn a_restore_that_kept_the_new_one_takes_nothing_back() {
    let mut office = office();
    let (first, second) = (certificate(KEY, UNIT, 2029), certificate(KEY, UNIT, 2030));
    install(&mut office, &first);
    restore(&mut office, true);
    assert!(history(&office.records).renewal_before(&second).is_some());
}

#[test]
fn a_forgotten_history_is_empty_and_the_backup_is_still_there() {
    let mut office = office();
    install(&mut office, &certificate(KEY, UNIT, 2029));
    assert!(!history(&office.records).is_empty());
    History::forget(&mut office.records).unwrap();
    assert!(history(&office.records).is_empty());
    assert!(!office.records.text(RecordKind::Backup).is_empty());
    assert!(!office.records.text(RecordKind::Journal).is_empty());
}
