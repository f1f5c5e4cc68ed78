//! Backups, the history, counts of logins and runs that were cut off: files of ours that a disk, an editor or
//! somebody else may have changed.

use std::sync::LazyLock;

use chungthu_certificate::Certificate;
use chungthu_certificate::records::{
    Backup, CutOff, History, HistoryEntry, PinTries, RecordKind, Storage as _,
};
use chungthu_issuer::{Authority, Generation, Request, Subject, TestKey};

use chungthu_token::token::TokenInformation;
use time::OffsetDateTime;

use crate::memory::Memory;

/// The certificate of whose key the history is asked.
static ASKED: LazyLock<Certificate> = LazyLock::new(|| {
    let authority = Authority::new(Generation::G1Like).expect("the fixed keys are whole");
    let request = Request::new(Subject::new().country("VN"), TestKey::P256.public_key_der());
    let der = authority.issue(&request).expect("the fixed keys are whole");
    Certificate::from_der(&der).expect("our own certificates can be read")
});

/// # Panics
/// If a record is taken that does not agree with itself, or lines of a history go missing.
pub fn check(bytes: &[u8]) {
    if let Ok(backup) = Backup::read(bytes) {
        self::backup(&backup);
    }
    history(bytes);
    of_token(bytes);
}

/// The records of one token, and the name of their files.
fn of_token(bytes: &[u8]) {
    let token = TokenInformation {
        label: "token".to_owned(),
        manufacturer: String::new(),
        model: String::new(),
        serial: String::from_utf8_lossy(bytes).chars().take(64).collect(),
        flags: 0,
        minimum_pin_length: 0,
        maximum_pin_length: 0,
        free_public_memory: None,
        total_public_memory: None,
        hardware_version: String::new(),
        firmware_version: String::new(),
    };
    let lines = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let mut storage = Memory::default();
    let tries = PinTries::of(&token);
    storage
        .append(RecordKind::PinTries, tries.name(), lines)
        .expect("memory does not fail");
    let filled = lines.split(|octet| *octet == b'\n');
    let filled = filled.filter(|line| !line.trim_ascii().is_empty());
    // a line is one login, or takes one back
    assert!(tries.count(&storage).expect("memory does not fail") <= filled.count());
    let record = CutOff::of(&token);
    let Some(name) = record.name() else {
        return;
    };
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.');
    assert!(name.chars().all(is_plain), "{name}");
    storage
        .append(RecordKind::CutOff, name, lines)
        .expect("memory does not fail");
    for run in record.runs(&storage).expect("memory does not fail") {
        let ended = record.end(
            &mut storage,
            OffsetDateTime::UNIX_EPOCH,
            &run.public_key_sha256,
        );
        ended.expect("memory does not fail");
    }
    assert_eq!(record.runs(&storage), Ok(Vec::new()));
}

fn backup(backup: &Backup) {
    let again = Backup::read(backup.to_json().as_bytes());
    assert_eq!(again.as_ref(), Ok(backup));
    let installed = backup.installed().expect("it was checked when it was read");
    let key = installed.public_key().sha256();
    assert_eq!(key, backup.public_key_sha256);
    for one in &backup.certificates {
        let object = one.object();
        let certificate = Certificate::from_der(object.value()).expect("it was checked as well");
        assert!(certificate.public_key().is_same_key(installed.public_key()));
        assert_eq!(certificate.sha256(), one.sha256);
        assert!(object.id().len() <= 4096);
    }
    // a name for a file, and no way to another folder
    for name in [backup.name(), backup.certificate_name(0)] {
        let is_plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '.');
        assert!(name.chars().all(is_plain), "{name}");
    }
}

fn history(bytes: &[u8]) {
    let mut storage = Memory::default();
    let lines = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    storage
        .append(RecordKind::History, History::NAME, lines)
        .expect("memory does not fail");
    let history = History::read(&storage).expect("memory does not fail");
    let filled = lines
        .split(|octet| *octet == b'\n')
        .filter(|line| !line.trim_ascii().is_empty());
    let known = history.entries.len() + history.damaged + history.newer;
    assert!(history.is_cut || known == filled.count());
    for entry in &history.entries {
        let text = serde_json::to_string(entry).expect("plain values");
        let back: HistoryEntry = serde_json::from_str(&text).expect("what was written can be read");
        assert_eq!(back, *entry);
    }
    let asked = &*ASKED;
    assert!(history.renewal_before(asked).is_none() || !history.entries.is_empty());
    assert!(history.installed(asked).is_none() || !history.entries.is_empty());
}
