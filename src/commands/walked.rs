//! How far a walk went, as a page and as JSON.

use chungthu_certificate::install::{Plan, Report, Warning};
use time::OffsetDateTime;

use super::{Desk, Done, Work};
use crate::json::{self, Outcome};
use crate::page::Page;
use crate::pages;
use crate::words::{State, Words};

/// How far it went.
pub(super) enum Walked {
    Planned(Box<Plan>),
    /// With the time of the install, where the history knows it.
    AlreadyDone(Box<Plan>, Option<OffsetDateTime>),
    Done(Box<Report>),
}

impl Walked {
    /// What came of it, as a page; none where the plan itself was the result.
    pub(super) fn page(&self, words: &Words) -> Option<Page> {
        match self {
            Self::Planned(_) => None,
            Self::AlreadyDone(plan, installed) => {
                Some(pages::already_installed(plan, *installed, words))
            }
            Self::Done(report) => Some(pages::installed(report, words)),
        }
    }

    /// What is on the token, where something was written.
    pub(super) fn done(&self) -> Option<Done> {
        let Self::Done(report) = self else {
            return None;
        };
        let is_restore = report.plan.is_restore;
        let is_alone = report.replaced.iter().all(|removal| removal.removed);
        let state = match (is_restore, is_alone) {
            (false, true) => State::OnlyNew,
            (false, false) => State::NewAndOld,
            (true, true) => State::RestoreOnly,
            (true, false) => State::RestoreBoth,
        };
        let work = if is_restore {
            Work::Restore
        } else {
            Work::Install
        };
        Some(Done { work, state })
    }

    /// What came of it, for JSON.
    pub(super) fn view(&self, desk: &Desk<'_>, warnings: Vec<json::Warning>) -> json::Install {
        let now = desk.now();
        match self {
            Self::Planned(plan) => {
                json::Install::of_plan(plan, Outcome::Planned, now, warnings, Vec::new())
            }
            Self::AlreadyDone(plan, installed) => {
                json::Install::of_plan(plan, Outcome::AlreadyDone, now, warnings, Vec::new())
                    .installed_at(*installed)
            }
            Self::Done(report) => {
                let next = pages::follow_up(&report.plan, desk.screen.words());
                json::Install::of_report(report, now, warnings, next)
            }
        }
    }

    /// The warnings for JSON.
    pub(super) fn warnings(&self, desk: &Desk<'_>) -> Vec<json::Warning> {
        let warnings: &[Warning] = match self {
            Self::Planned(plan) | Self::AlreadyDone(plan, _) => &plan.warnings,
            Self::Done(report) => &report.plan.warnings,
        };
        let words = desk.screen.words();
        let view = |warning| json::Warning {
            code: pages::warning_code(warning),
            message: pages::warning_words(warning, words),
        };
        warnings.iter().map(view).collect()
    }
}
