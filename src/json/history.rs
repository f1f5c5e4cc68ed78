//! `history` in JSON: what was done on this computer.

use chungthu_certificate::install::TokenState;
use chungthu_certificate::records::{
    Action, HistoryCertificate, HistoryEntry as Facts, HistoryOutcome, ReplacedCertificate,
};
use serde::Serialize;

use super::install::{change_name, placement_name};
use crate::dates::rfc3339;

/// `history`: what was done on this computer.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct History {
    /// `listed`; with `--forget` `forgotten` or `nothing-to-forget`.
    pub(crate) outcome: &'static str,
    /// Where it is kept, on this computer alone.
    pub(crate) file: String,
    /// The newest first.
    pub(crate) entries: Vec<HistoryEntry>,
    /// What of the file could not be told.
    pub(crate) problems: Vec<HistoryProblem>,
}

/// One install or restore.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct HistoryEntry {
    /// When it ended, RFC 3339, UTC.
    time: String,
    /// `install` or `restore`.
    action: &'static str,
    /// `installed`, `restored` or `stopped`.
    outcome: &'static str,
    token: HistoryToken,
    /// The common name in the certificate.
    holder: Option<String>,
    /// Of the SubjectPublicKeyInfo, upper-case hex.
    public_key_sha256: String,
    /// The certificate that was wanted on the token; null for a restore to a state without any.
    certificate: Option<InHistory>,
    /// `first`, `renewal`, `information-change`, `renewal-and-change` or `reissue`; null for a restore.
    change: Option<&'static str>,
    /// The key's other certificates that were there before.
    replaced: Vec<ReplacedInHistory>,
    /// As in `install`; null where it was stopped.
    placement: Option<&'static str>,
    /// `unchanged`, `leftover`, `new-and-old`, `only-new`, `old-missing` or `unknown`; of a restore, what it brings
    /// back is the new. Null where it was finished.
    token_state: Option<&'static str>,
    /// The backup's file name, which `restore` takes; null where none was written.
    backup: Option<String>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct HistoryToken {
    serial: String,
    label: String,
    model: String,
    manufacturer: String,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct InHistory {
    /// Upper-case hex.
    serial: String,
    /// RFC 3339, UTC.
    not_before: String,
    /// RFC 3339, UTC.
    not_after: String,
    /// Upper-case hex.
    sha256: String,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ReplacedInHistory {
    /// Upper-case hex.
    serial: String,
    /// RFC 3339, UTC.
    not_after: String,
    /// Upper-case hex.
    sha256: String,
    /// Whether it was removed; null where it was stopped.
    removed: Option<bool>,
}

/// Something of the file that could not be told.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct HistoryProblem {
    /// `HISTORY_CUT`, `HISTORY_LINES_DAMAGED` or `HISTORY_LINES_NEWER`.
    pub(crate) code: &'static str,
    /// In the chosen language.
    pub(crate) message: String,
    /// How many lines; null where that is not known.
    pub(crate) count: Option<usize>,
}

impl HistoryEntry {
    pub(crate) fn new(facts: &Facts) -> Self {
        Self {
            time: rfc3339(facts.time),
            action: match facts.action {
                Action::Install => "install",
                Action::Restore => "restore",
            },
            outcome: match facts.outcome {
                HistoryOutcome::Installed => "installed",
                HistoryOutcome::Restored => "restored",
                HistoryOutcome::Stopped => "stopped",
            },
            token: HistoryToken {
                serial: facts.token.serial.clone(),
                label: facts.token.label.clone(),
                model: facts.token.model.clone(),
                manufacturer: facts.token.manufacturer.clone(),
            },
            holder: facts.holder.clone(),
            public_key_sha256: facts.public_key_sha256.clone(),
            certificate: facts.certificate.as_ref().map(InHistory::new),
            change: facts.change.map(change_name),
            replaced: facts.replaced.iter().map(ReplacedInHistory::new).collect(),
            placement: facts.placement.map(placement_name),
            token_state: facts.token_state.map(|state| match state {
                TokenState::NotTouched => "not-touched",
                TokenState::Unchanged => "unchanged",
                TokenState::Leftover => "leftover",
                TokenState::NewAndOld => "new-and-old",
                TokenState::OnlyNew => "only-new",
                TokenState::OldMissing => "old-missing",
                TokenState::Unknown => "unknown",
            }),
            backup: facts.backup.clone(),
        }
    }
}

impl InHistory {
    fn new(facts: &HistoryCertificate) -> Self {
        Self {
            serial: facts.serial.clone(),
            not_before: rfc3339(facts.not_before),
            not_after: rfc3339(facts.not_after),
            sha256: facts.sha256.clone(),
        }
    }
}

impl ReplacedInHistory {
    fn new(facts: &ReplacedCertificate) -> Self {
        Self {
            serial: facts.serial.clone(),
            not_after: rfc3339(facts.not_after),
            sha256: facts.sha256.clone(),
            removed: facts.removed,
        }
    }
}
