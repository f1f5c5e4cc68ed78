//! The history: one line for each install and restore that changed a token, or may have, from this computer.

use std::path::Path;

use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, UtcOffset};

use super::backup::BackupToken;
use super::{RecordKind, Storage, StorageError};
use crate::Certificate;
use crate::install::{
    EarlierRenewal, InstallChange, InstallError, Placement, Plan, Report, TokenState,
};

/// The form of the lines that this version writes.
const SCHEMA: &str = "chungthu-history/1";
/// What the forms of all versions begin with.
const SCHEMAS: &str = "chungthu-history/";
/// How much of its end is read, in bytes: some thousand lines.
const LIMIT: usize = 4 * 1024 * 1024;

/// One line: what was done to which token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    schema: String,
    /// When it ended, UTC, to the second.
    #[serde(with = "time::serde::rfc3339")]
    pub time: OffsetDateTime,
    /// What was asked for.
    pub action: Action,
    /// What came of it.
    pub outcome: HistoryOutcome,
    /// The token.
    pub token: BackupToken,
    /// SHA-256 of the key's SubjectPublicKeyInfo, upper-case hex.
    pub public_key_sha256: String,
    /// The subject's common name in the certificate by whose key the token was found.
    pub holder: Option<String>,
    /// The certificate that was wanted on the token, of several the one that ends last; `None` for
    /// a restore to a state without any.
    pub certificate: Option<HistoryCertificate>,
    /// What the certificate was to the one before; `None` for a restore.
    pub change: Option<InstallChange>,
    /// The key's other certificates that were there before.
    pub replaced: Vec<ReplacedCertificate>,
    /// How the certificate came to its place; `None` where it was stopped.
    pub placement: Option<Placement>,
    /// What a look showed after a stop; `None` where it was finished.
    pub token_state: Option<TokenState>,
    /// The backup's file name, if one was written.
    pub backup: Option<String>,
}

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names of the commands")]
pub enum Action {
    Install,
    Restore,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HistoryOutcome {
    /// The certificate is in its place.
    Installed,
    /// The backed-up state is back.
    Restored,
    /// It stopped after the first changing call was tried.
    Stopped,
}

/// The certificate concerned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryCertificate {
    /// Serial number, upper-case hex.
    pub serial: String,
    /// Begin of validity, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub not_before: OffsetDateTime,
    /// End of validity, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub not_after: OffsetDateTime,
    /// Of its DER, upper-case hex.
    pub sha256: String,
}

/// A certificate that was there before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplacedCertificate {
    /// Serial number, upper-case hex.
    pub serial: String,
    /// End of validity, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub not_after: OffsetDateTime,
    /// Of its DER, upper-case hex.
    pub sha256: String,
    /// Whether it is gone from the token; `None` where it was stopped.
    pub removed: Option<bool>,
}

impl HistoryEntry {
    /// A finished install or restore. `time`: its end.
    #[must_use]
    pub fn finished(report: &Report, time: OffsetDateTime) -> Self {
        let plan = &report.plan;
        Self {
            outcome: if plan.is_restore {
                HistoryOutcome::Restored
            } else {
                HistoryOutcome::Installed
            },
            replaced: report
                .replaced
                .iter()
                .filter(|removal| is_other(plan, &removal.certificate))
                .map(|removal| ReplacedCertificate::of(&removal.certificate, Some(removal.removed)))
                .collect(),
            placement: Some(report.placement),
            backup: file_name(&report.backup),
            ..Self::of(plan, time)
        }
    }

    /// An install or restore that stopped; `None` where nothing was tried that changes the token.
    /// `plan`: what was being carried out; `time`: when it stopped.
    #[must_use]
    pub fn stopped(error: &InstallError, plan: &Plan, time: OffsetDateTime) -> Option<Self> {
        (error.state != TokenState::NotTouched).then(|| Self {
            token_state: Some(error.state),
            backup: error.backup.as_deref().and_then(file_name),
            ..Self::of(plan, time)
        })
    }

    /// What the plan tells, as of a run that stopped.
    fn of(plan: &Plan, time: OffsetDateTime) -> Self {
        let certificate = &plan.certificate;
        let utc = time.checked_to_offset(UtcOffset::UTC).unwrap_or(time);
        Self {
            schema: SCHEMA.to_owned(),
            time: utc.replace_nanosecond(0).unwrap_or(utc),
            action: if plan.is_restore {
                Action::Restore
            } else {
                Action::Install
            },
            outcome: HistoryOutcome::Stopped,
            token: BackupToken::of(&plan.token),
            public_key_sha256: certificate.public_key().sha256(),
            holder: certificate.subject().common_name().map(str::to_owned),
            certificate: (!plan.wanted.is_empty()).then(|| HistoryCertificate::of(certificate)),
            change: plan.change,
            replaced: plan
                .old
                .iter()
                .map(|old| &old.certificate)
                .filter(|old| is_other(plan, old))
                .map(|old| ReplacedCertificate::of(old, None))
                .collect(),
            placement: None,
            token_state: None,
            backup: None,
        }
    }

    /// Adds the entry to the history.
    ///
    /// # Errors
    /// When the record cannot be written.
    pub fn keep(&self, storage: &mut dyn Storage) -> Result<(), StorageError> {
        // plain strings and lists: there is nothing in it that JSON cannot say
        let line = serde_json::to_vec(self).unwrap_or_default();
        storage.append(RecordKind::History, History::NAME, &line)
    }
}

impl HistoryCertificate {
    fn of(certificate: &Certificate) -> Self {
        Self {
            serial: certificate.serial_number(),
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            sha256: certificate.sha256(),
        }
    }
}

impl ReplacedCertificate {
    fn of(certificate: &Certificate, removed: Option<bool>) -> Self {
        Self {
            serial: certificate.serial_number(),
            not_after: certificate.not_after(),
            sha256: certificate.sha256(),
            removed,
        }
    }
}

/// Whether it is no copy of a certificate that is wanted on the token.
fn is_other(plan: &Plan, certificate: &Certificate) -> bool {
    let mut wanted = plan.wanted.iter();
    wanted.all(|new| new.value != certificate.der())
}

/// The last part of a place, which names no folder of this computer.
fn file_name(place: &str) -> Option<String> {
    let name = Path::new(place).file_name()?;
    Some(name.to_string_lossy().into_owned())
}

/// What was done on this computer, as far as it could be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The newest first: the order of the file, whatever the clock said.
    pub entries: Vec<HistoryEntry>,
    /// Lines that could not be read: cut by a crash, or changed.
    pub damaged: usize,
    /// Lines in a form of a newer version.
    pub newer: usize,
    /// Whether the record is so long that its beginning was not read.
    pub is_cut: bool,
}

/// A line that is no entry of this version.
enum Unread {
    Damaged,
    Newer,
}

impl History {
    /// The record's name.
    pub const NAME: &str = "history.jsonl";

    /// Reads the end of the record. Lines that cannot be read are counted.
    ///
    /// # Errors
    /// When the record is there and cannot be read at all.
    pub fn read(storage: &dyn Storage) -> Result<Self, StorageError> {
        let end = storage.read_end(RecordKind::History, Self::NAME, LIMIT)?;
        let mut history = Self {
            is_cut: !end.is_whole,
            ..Self::default()
        };
        // where the beginning is missing, the first line begins somewhere inside
        let begin = usize::from(history.is_cut);
        for line in end.bytes.split(|octet| *octet == b'\n').skip(begin) {
            if line.trim_ascii().is_empty() {
                continue;
            }
            match entry(line) {
                Ok(entry) => history.entries.push(entry),
                Err(Unread::Damaged) => history.damaged += 1,
                Err(Unread::Newer) => history.newer += 1,
            }
        }
        history.entries.reverse();
        Ok(history)
    }

    /// Empties the record; backups and journals stay.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn forget(storage: &mut dyn Storage) -> Result<(), StorageError> {
        storage.empty(RecordKind::History, Self::NAME)
    }

    /// Whether the record holds nothing at all.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.damaged == 0 && self.newer == 0 && !self.is_cut
    }

    /// The latest renewal of this certificate's key that was installed from here with another
    /// certificate, and that no later restore took off the token.
    #[must_use]
    pub fn renewal_before(&self, certificate: &Certificate) -> Option<EarlierRenewal> {
        let sha256 = certificate.sha256();
        self.standing_installs(certificate)
            .find(|(entry, other)| {
                entry.change.is_some_and(InstallChange::is_renewal) && other.sha256 != sha256
            })
            .map(|(entry, other)| EarlierRenewal {
                time: entry.time,
                serial: other.serial.clone(),
            })
    }

    /// When this very certificate was installed from here as a renewal, UTC, if no later restore took it off.
    #[must_use]
    pub fn installed_as_renewal(&self, certificate: &Certificate) -> Option<OffsetDateTime> {
        let sha256 = certificate.sha256();
        self.standing_installs(certificate)
            .find(|(entry, known)| {
                entry.change.is_some_and(InstallChange::is_renewal) && known.sha256 == sha256
            })
            .map(|(entry, _)| entry.time)
    }

    /// When this very certificate was installed from here, UTC, if no later restore took it off.
    #[must_use]
    pub fn installed(&self, certificate: &Certificate) -> Option<OffsetDateTime> {
        let sha256 = certificate.sha256();
        self.standing_installs(certificate)
            .find(|(_, known)| known.sha256 == sha256)
            .map(|(entry, _)| entry.time)
    }

    /// The finished installs of this certificate's key whose certificate no later restore removed,
    /// the newest first.
    fn standing_installs(
        &self,
        certificate: &Certificate,
    ) -> impl Iterator<Item = (&HistoryEntry, &HistoryCertificate)> {
        let key = certificate.public_key().sha256();
        let is_of_key = move |entry: &&HistoryEntry| entry.public_key_sha256 == key;
        let mut taken_off: Vec<&str> = Vec::new();
        // from the newest back: what a restore removed is known before its install is met
        self.entries
            .iter()
            .filter(is_of_key)
            .filter_map(move |entry| {
                if entry.outcome == HistoryOutcome::Restored {
                    let removed = entry
                        .replaced
                        .iter()
                        .filter(|old| old.removed == Some(true));
                    taken_off.extend(removed.map(|old| old.sha256.as_str()));
                }
                let certificate = entry.certificate.as_ref()?;
                let stands = entry.outcome == HistoryOutcome::Installed
                    && !taken_off.contains(&certificate.sha256.as_str());
                stands.then_some((entry, certificate))
            })
    }
}

fn entry(line: &[u8]) -> Result<HistoryEntry, Unread> {
    #[derive(Deserialize)]
    struct Form {
        schema: String,
    }
    let form: Form = serde_json::from_slice(line).map_err(|_| Unread::Damaged)?;
    if form.schema == SCHEMA {
        serde_json::from_slice(line).map_err(|_| Unread::Damaged)
    } else if form.schema.starts_with(SCHEMAS) {
        Err(Unread::Newer)
    } else {
        Err(Unread::Damaged)
    }
}
