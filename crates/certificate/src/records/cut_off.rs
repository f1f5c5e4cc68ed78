//! Whether the last run that changed a token came to a good end: what it may have left is known from it alone.

use chungthu_token::token::TokenInformation;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::backup::timestamp;
use super::{RecordKind, Storage, StorageError, name_of};

/// The form of the lines that this version writes.
const SCHEMA: &str = "chungthu-cut-off/1";
/// How much of its end is read, in bytes: there are few lines, and a good end empties it.
const LIMIT: usize = 64 * 1024;

/// The record of one token: a line before the first changing call of a run, another after its good end.
/// With no run left that did not come to one, the record is empty.
///
/// It tells three things that a token may not: that a nameless object is of our making (some drivers
/// leave one of a certificate that they refuse); that the key is there, where nothing is left that shows
/// it before the login; and that there may be more to do than is seen before it.
///
/// A token without a serial number, which cannot be told from another, has none: nothing is noted of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutOff {
    name: Option<String>,
}

/// A run that did not come to a good end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CutOffRun {
    /// SHA-256 of the key's `SubjectPublicKeyInfo`, upper-case hex.
    pub public_key_sha256: String,
    /// How many certificate objects the token had that say nothing of themselves; `None` where not every
    /// certificate was looked at.
    pub empty_certificates: Option<usize>,
}

#[derive(Serialize, Deserialize)]
struct Line {
    schema: String,
    time: String,
    #[serde(flatten)]
    event: Event,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
enum Event {
    Begun(CutOffRun),
    Ended { public_key_sha256: String },
}

impl CutOff {
    /// The record of this token.
    #[must_use]
    pub fn of(token: &TokenInformation) -> Self {
        Self {
            name: token.has_serial().then(|| name_of(token)),
        }
    }

    /// The record's name, where there is one: ASCII letters, digits, `-` and `.`.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The runs that did not come to a good end; of several with one key the first. Lines that cannot be
    /// read are passed over.
    ///
    /// # Errors
    /// When the record is there and cannot be read at all.
    pub fn runs(&self, storage: &dyn Storage) -> Result<Vec<CutOffRun>, StorageError> {
        let Some(name) = &self.name else {
            return Ok(Vec::new());
        };
        let end = storage.read_end(RecordKind::CutOff, name, LIMIT)?;
        let mut runs: Vec<CutOffRun> = Vec::new();
        for line in end.bytes.split(|octet| *octet == b'\n') {
            let line = serde_json::from_slice::<Line>(line).ok();
            match line
                .filter(|line| line.schema == SCHEMA)
                .map(|line| line.event)
            {
                Some(Event::Begun(run)) => {
                    let key = &run.public_key_sha256;
                    if !runs.iter().any(|known| known.public_key_sha256 == *key) {
                        runs.push(run);
                    }
                }
                Some(Event::Ended { public_key_sha256 }) => {
                    runs.retain(|run| run.public_key_sha256 != public_key_sha256);
                }
                None => {}
            }
        }
        Ok(runs)
    }

    /// Notes that a run begins.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(
        &self,
        storage: &mut dyn Storage,
        time: OffsetDateTime,
        run: CutOffRun,
    ) -> Result<(), StorageError> {
        self.note(storage, time, Event::Begun(run))
    }

    /// Notes that the runs with this key came to a good end.
    ///
    /// # Errors
    /// When the record is there and cannot be read or written.
    pub fn end(
        &self,
        storage: &mut dyn Storage,
        time: OffsetDateTime,
        public_key_sha256: &str,
    ) -> Result<(), StorageError> {
        let Some(name) = &self.name else {
            return Ok(());
        };
        let mut runs = self.runs(storage)?.into_iter();
        if runs.all(|run| run.public_key_sha256 == public_key_sha256) {
            storage.empty(RecordKind::CutOff, name)
        } else {
            let public_key_sha256 = public_key_sha256.to_owned();
            self.note(storage, time, Event::Ended { public_key_sha256 })
        }
    }

    fn note(
        &self,
        storage: &mut dyn Storage,
        time: OffsetDateTime,
        event: Event,
    ) -> Result<(), StorageError> {
        let Some(name) = &self.name else {
            return Ok(());
        };
        let line = Line {
            schema: SCHEMA.to_owned(),
            time: timestamp(time),
            event,
        };
        // plain strings and numbers: there is nothing in it that JSON cannot say
        let line = serde_json::to_vec(&line).unwrap_or_default();
        storage.append(RecordKind::CutOff, name, &line)
    }
}
