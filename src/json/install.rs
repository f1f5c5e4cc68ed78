//! `install` and `restore` in JSON: what was planned or done.

use chungthu_certificate::install::{
    InstallChange, MatchedKey, Placement, Plan, PlannedStep, ReadBack, Report, Step,
};
use chungthu_certificate::lower_hex;
use serde::Serialize;
use time::OffsetDateTime;

use super::Warning;
use super::certificate::Certificate;
use super::objects::key_type;
use super::tokens::Token;
use crate::dates::rfc3339;

/// `install` or `restore`: planned, done, or nothing to do.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Install {
    /// `installed`, `already-installed` or `planned`; `restored`, `already-restored` or `planned`.
    outcome: &'static str,
    /// `first`, `renewal`, `information-change`, `renewal-and-change` or `reissue`; null if
    /// nothing is to be done, while the token hides its keys, and for a restore.
    change: Option<&'static str>,
    token: Token,
    /// The certificate that is installed; of a restore, the newest in the backup, or the one that was
    /// installed after it if the backup has none.
    certificate: Certificate,
    /// Null while the token hides its keys.
    key: Option<Key>,
    /// `beside`, `temporary-id`, `old-removed-first`, `already-there` or `replaced-by-driver`; null if
    /// nothing was written.
    placement: Option<&'static str>,
    /// The certificates of the same key that were there before.
    replaced: Vec<Replaced>,
    steps: Vec<StepResult>,
    /// `second-process` or `fresh-session`; null if nothing was written.
    read_back: Option<&'static str>,
    warnings: Vec<Warning>,
    /// What to do now, in the chosen language.
    next: Vec<String>,
    /// When it was installed from this computer, RFC 3339, UTC: with `already-installed`, where the
    /// history knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    installed_at: Option<String>,
}

/// What came of the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    AlreadyDone,
    Planned,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Key {
    /// `CKA_ID`, lower-case hex.
    id: String,
    /// `RSA` or `EC`.
    r#type: String,
    bits: Option<usize>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Replaced {
    certificate: Certificate,
    removed: bool,
    /// Where the backup is; null before it is made.
    backup: Option<String>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct StepResult {
    /// `prove-before`, `back-up`, `add`, `add-aside`, `set-id`, `remove-first`, `put-back`, `clean-up`,
    /// `read-back`, `prove-after`, `remove` or `last-look`.
    name: &'static str,
    /// `planned`, `done`, or `refused` by the token, so that something else was tried.
    result: &'static str,
}

impl Install {
    /// Nothing was done: it was there already, or it was only planned.
    pub(crate) fn of_plan(
        plan: &Plan,
        outcome: Outcome,
        now: OffsetDateTime,
        warnings: Vec<Warning>,
        next: Vec<String>,
    ) -> Self {
        let steps = plan.steps.iter().map(|step| StepResult {
            name: match step {
                PlannedStep::Add { .. } => Step::Add.name(),
                PlannedStep::Refile { .. } => Step::SetId.name(),
                PlannedStep::Remove { .. } => Step::Remove.name(),
                PlannedStep::ClearAway { .. } => Step::CleanUp.name(),
            },
            result: "planned",
        });
        Self {
            outcome: match (outcome, plan.is_restore) {
                (Outcome::AlreadyDone, false) => "already-installed",
                (Outcome::AlreadyDone, true) => "already-restored",
                (Outcome::Planned, _) => "planned",
            },
            change: plan
                .change
                .filter(|_| !plan.steps.is_empty())
                .map(change_name),
            token: Token::new(&plan.token, Some(plan.module.as_path()), Some(plan.slot)),
            certificate: Certificate::new(&plan.certificate, now, Some(&plan.issuer)),
            key: plan.key.as_ref().map(|key| Key::new(key, plan)),
            placement: None,
            replaced: plan
                .old
                .iter()
                .map(|old| Replaced {
                    certificate: Certificate::new(&old.certificate, now, None),
                    removed: false,
                    backup: None,
                })
                .collect(),
            steps: steps.collect(),
            read_back: None,
            warnings,
            next,
            installed_at: None,
        }
    }

    /// The same with the time at which it was installed from here, where that is known.
    pub(crate) fn installed_at(self, time: Option<OffsetDateTime>) -> Self {
        Self {
            installed_at: time.map(rfc3339),
            ..self
        }
    }

    /// It was done.
    pub(crate) fn of_report(
        report: &Report,
        now: OffsetDateTime,
        warnings: Vec<Warning>,
        next: Vec<String>,
    ) -> Self {
        let certificates = report.replaced.iter().map(|removal| Replaced {
            certificate: Certificate::new(&removal.certificate, now, None),
            removed: removal.removed,
            backup: Some(report.backup.clone()),
        });
        let steps = report.steps.iter().map(|taken| StepResult {
            name: taken.step.name(),
            result: if taken.is_refused { "refused" } else { "done" },
        });
        Self {
            outcome: if report.plan.is_restore {
                "restored"
            } else {
                "installed"
            },
            placement: Some(placement_name(report.placement)),
            replaced: certificates.collect(),
            steps: steps.collect(),
            read_back: report.read_back.map(|read_back| match read_back {
                ReadBack::SecondProcess => "second-process",
                ReadBack::FreshSession => "fresh-session",
            }),
            ..Self::of_plan(&report.plan, Outcome::Planned, now, warnings, next)
        }
    }
}

impl Key {
    fn new(key: &MatchedKey, plan: &Plan) -> Self {
        let public = plan.certificate.public_key();
        Self {
            id: lower_hex(&key.id),
            r#type: key_type(public),
            bits: public.bits(),
        }
    }
}

pub(super) const fn change_name(change: InstallChange) -> &'static str {
    match change {
        InstallChange::First => "first",
        InstallChange::Renewal => "renewal",
        InstallChange::InformationChange => "information-change",
        InstallChange::RenewalAndChange => "renewal-and-change",
        InstallChange::Reissue => "reissue",
    }
}

pub(super) const fn placement_name(placement: Placement) -> &'static str {
    match placement {
        Placement::Beside => "beside",
        Placement::TemporaryId => "temporary-id",
        Placement::OldRemovedFirst => "old-removed-first",
        Placement::AlreadyThere => "already-there",
        Placement::ReplacedByDriver => "replaced-by-driver",
    }
}
