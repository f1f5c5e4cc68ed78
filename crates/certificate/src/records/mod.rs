//! What is kept of a change to a token: the backup before it, the journal beside it, one line of
//! history after it, the logins that failed, and whether it was cut off.

mod backup;
mod cut_off;
mod history;
mod journal;
mod pin_tries;

pub use backup::{Backup, BackupError, BackupObject, BackupToken};
pub use cut_off::{CutOff, CutOffRun};
pub use history::{
    Action, History, HistoryCertificate, HistoryEntry, HistoryOutcome, ReplacedCertificate,
};
pub use journal::{Entry, Journal, Moment};
pub use pin_tries::PinTries;

use chungthu_token::token::TokenInformation;

use crate::digest::{lower_hex, sha256};

/// Where records are kept; the front desk gives the files, tests a map in memory.
pub trait Storage {
    /// Writes a new record, whole and flushed to the disk together with its folder, before it
    /// returns. Answers the place as a person would name it.
    ///
    /// # Errors
    /// When it cannot be written, or one of that name exists.
    fn create(
        &mut self,
        kind: RecordKind,
        name: &str,
        contents: &[u8],
    ) -> Result<String, StorageError>;

    /// Appends one line (without its end) to a record, made if it is not there, and flushes it. A last
    /// line that was cut is ended first.
    ///
    /// # Errors
    /// When it cannot be written.
    fn append(&mut self, kind: RecordKind, name: &str, line: &[u8]) -> Result<(), StorageError>;

    /// The end of a record, at most `limit` bytes; empty where there is no such record.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    fn read_end(
        &self,
        kind: RecordKind,
        name: &str,
        limit: usize,
    ) -> Result<RecordEnd, StorageError>;

    /// Empties a record; one that is not there is empty.
    ///
    /// # Errors
    /// When it is there and cannot be written.
    fn empty(&mut self, kind: RecordKind, name: &str) -> Result<(), StorageError>;
}

/// The end of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordEnd {
    /// The last bytes.
    pub bytes: Vec<u8>,
    /// Whether that is all of it.
    pub is_whole: bool,
}

/// The kinds of record, each with a place of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RecordKind {
    /// Certificates as they were before a change.
    Backup,
    /// The steps of a change.
    Journal,
    /// What was done on this computer.
    History,
    /// The failed logins to one token since the last success.
    PinTries,
    /// The runs on one token that did not come to a good end.
    CutOff,
}

/// A record that could not be kept or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {detail}")]
pub struct StorageError {
    /// The file or folder.
    pub place: String,
    /// The system's words.
    pub detail: String,
}

/// The name of a record of one token: by its serial alone, because two drivers may show one device with
/// different words; by its other words where it has no usable serial.
fn name_of(token: &TokenInformation) -> String {
    // what makes it a file name may make two serials one; the digest keeps them apart
    let (readable, identity) = if token.has_serial() {
        (token.serial.as_str(), token.serial.clone())
    } else {
        let words = [&token.label, &token.model, &token.manufacturer];
        ("no-serial", words.map(String::as_str).join("\0"))
    };
    let readable: String = readable
        .chars()
        .filter(|character| character.is_ascii_alphanumeric() || *character == '-')
        .take(32)
        .collect();
    let digest = lower_hex(&sha256(identity.as_bytes()));
    let digest = digest.get(..8).unwrap_or_default();
    format!("{readable}-{digest}.jsonl")
}
