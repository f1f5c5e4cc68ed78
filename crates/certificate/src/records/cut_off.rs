//! Whether the last run that changed a token was cut off: then a nameless object on it may be of its making.

use chungthu_token::token::TokenInformation;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::backup::timestamp;
use super::{RecordKind, Storage, StorageError, name_of};

/// The form of the lines that this version writes.
const SCHEMA: &str = "chungthu-cut-off/1";
/// How much of its end is read, in bytes: there is one line, unless somebody wrote more.
const LIMIT: usize = 64 * 1024;

/// The record of one token, written before the first changing call of a run and emptied at its end.
///
/// Some drivers leave an object without value, id and label of a certificate that they refuse. The run
/// that made it clears it away; where it is cut off before it can, nothing about the object says whose
/// it is. What tells is that the token had one fewer before that run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutOff {
    name: String,
}

#[derive(Serialize, Deserialize)]
struct Line {
    schema: String,
    time: String,
    /// How many certificate objects without a value the token had.
    empty_certificates: usize,
}

impl CutOff {
    /// The record of this token. `None` for one without a serial number, which cannot be told from another.
    #[must_use]
    pub fn of(token: &TokenInformation) -> Option<Self> {
        token.has_serial().then(|| Self {
            name: name_of(token),
        })
    }

    /// How many empty certificate objects the token had before the run that was cut off; of several in a
    /// row, before the first. `None` where the last run came to its end, and where the record is damaged.
    ///
    /// # Errors
    /// When the record is there and cannot be read at all.
    pub fn empty_certificates(&self, storage: &dyn Storage) -> Result<Option<usize>, StorageError> {
        let end = storage.read_end(RecordKind::CutOff, &self.name, LIMIT)?;
        let first = end.bytes.split(|octet| *octet == b'\n').next();
        let line = first.and_then(|line| serde_json::from_slice::<Line>(line).ok());
        let line = line.filter(|line| line.schema == SCHEMA && end.is_whole);
        Ok(line.map(|line| line.empty_certificates))
    }

    /// Notes that a run begins on a token with so many of them.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(
        &self,
        storage: &mut dyn Storage,
        time: OffsetDateTime,
        empty_certificates: usize,
    ) -> Result<(), StorageError> {
        let line = Line {
            schema: SCHEMA.to_owned(),
            time: timestamp(time),
            empty_certificates,
        };
        // plain strings and numbers: there is nothing in it that JSON cannot say
        let line = serde_json::to_vec(&line).unwrap_or_default();
        storage.append(RecordKind::CutOff, &self.name, &line)
    }

    /// Notes that the run came to its end, and nothing of it is left.
    ///
    /// # Errors
    /// When it is there and cannot be written.
    pub fn end(&self, storage: &mut dyn Storage) -> Result<(), StorageError> {
        storage.empty(RecordKind::CutOff, &self.name)
    }
}
