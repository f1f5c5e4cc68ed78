//! The journal: one line before and one after each call that changes a token.

use serde::Serialize;
use time::OffsetDateTime;

use super::backup::{stem, timestamp};
use crate::digest::{sha256, upper_hex};
use crate::install::{Plan, Step};

/// The journal of one run; beside the backup of the same name.
#[derive(Clone, Debug)]
pub struct Journal {
    name: String,
    token: String,
    new_sha256: String,
}

/// Where a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The call is about to be made.
    Before,
    /// The call answered that it did it.
    After,
    /// The call answered an error.
    Failed,
}

/// What a line says.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// When, UTC.
    pub time: OffsetDateTime,
    /// Which step.
    pub step: Step,
    /// Before or after the call.
    pub moment: Moment,
    /// The DER of the old certificate concerned, if one is.
    pub old: Option<&'a [u8]>,
    /// Short English for a failure.
    pub detail: Option<String>,
}

#[derive(Serialize)]
struct Line<'a> {
    time: String,
    token: &'a str,
    step: &'static str,
    moment: &'static str,
    new_sha256: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
}

impl Journal {
    /// The journal that goes with the backup called `backup_name`.
    #[must_use]
    pub fn new(backup_name: &str, plan: &Plan) -> Self {
        Self {
            name: format!("{}.jsonl", stem(backup_name)),
            token: plan.token.serial.clone(),
            new_sha256: plan.certificate.sha256(),
        }
    }

    /// Its record name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// One line of JSON, without its end.
    #[must_use]
    pub fn line(&self, entry: &Entry<'_>) -> String {
        let line = Line {
            time: timestamp(entry.time),
            token: &self.token,
            step: entry.step.name(),
            moment: match entry.moment {
                Moment::Before => "before",
                Moment::After => "after",
                Moment::Failed => "failed",
            },
            new_sha256: &self.new_sha256,
            old_sha256: entry.old.map(|old| upper_hex(&sha256(old))),
            detail: entry.detail.as_deref(),
        };
        // plain strings: there is nothing in it that JSON cannot say
        serde_json::to_string(&line).unwrap_or_default()
    }
}
