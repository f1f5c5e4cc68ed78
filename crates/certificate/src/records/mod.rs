//! What is kept of a change to a token: the backup before it and the journal beside it.

mod backup;
mod journal;

pub use backup::{Backup, BackupError, BackupObject, BackupToken};
pub use journal::{Entry, Journal, Moment};

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

    /// Appends one line (without its end) to a record, made if it is not there, and flushes it.
    ///
    /// # Errors
    /// When it cannot be written.
    fn append(&mut self, kind: RecordKind, name: &str, line: &[u8]) -> Result<(), StorageError>;
}

/// The kinds of record, each with a folder of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RecordKind {
    /// Certificates as they were before a change.
    Backup,
    /// The steps of a change.
    Journal,
}

/// A record that could not be kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot write {place}: {detail}")]
pub struct StorageError {
    /// The file or folder.
    pub place: String,
    /// The system's words.
    pub detail: String,
}
