//! The journal: one line before and one after each call that changes a token.

use chungthu_token::token::TokenInformation;
use serde::Serialize;
use time::OffsetDateTime;

use super::backup::{stem, timestamp};
use crate::digest::{sha256, upper_hex};
use crate::install::Step;

/// The journal of one run; beside the backup of the same name.
#[derive(Clone, Debug)]
pub struct Journal {
    name: String,
    token: String,
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
    /// The bytes of the certificate concerned: the one that is written, re-filed or removed.
    pub certificate: &'a [u8],
    /// Short English for a failure.
    pub detail: Option<String>,
}

#[derive(Serialize)]
struct Line<'a> {
    time: String,
    token: &'a str,
    step: &'static str,
    moment: &'static str,
    sha256: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
}

impl Journal {
    /// The journal that goes with the backup called `backup_name`.
    #[must_use]
    pub fn new(backup_name: &str, token: &TokenInformation) -> Self {
        Self {
            name: format!("{}.jsonl", stem(backup_name)),
            token: token.serial.clone(),
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
            sha256: upper_hex(&sha256(entry.certificate)),
            detail: entry.detail.as_deref(),
        };
        // plain strings: there is nothing in it that JSON cannot say
        serde_json::to_string(&line).unwrap_or_default()
    }
}
