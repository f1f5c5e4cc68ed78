//! The failed logins to one token since the last success from here: the flags of some drivers never tell.

use chungthu_token::error::TokenError;
use chungthu_token::pin::Credential;
use chungthu_token::token::TokenInformation;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::backup::timestamp;
use super::{RecordKind, Storage, StorageError, name_of};

/// The form of the lines that this version writes.
const SCHEMA: &str = "chungthu-pin-tries/1";
/// How much of its end is read, in bytes: hundreds of failed logins, where three lock a token.
const LIMIT: usize = 64 * 1024;

/// The record of one token. A line is written and flushed before each login and another after it, so
/// that a login in which everything ended counts too. A success empties the record.
///
/// Tokens without a usable serial that their other words do not tell apart are counted together, which
/// can only make the program more careful.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinTries {
    name: String,
}

#[derive(Serialize, Deserialize)]
struct Line {
    schema: String,
    time: String,
    event: Event,
    /// Short English for what the driver answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Event {
    /// The login is about to be sent.
    UnderWay,
    /// The login sent before it failed.
    Failed,
    /// The login sent before it cost no try.
    NoTry,
}

impl PinTries {
    /// The record of this token.
    #[must_use]
    pub fn of(token: &TokenInformation) -> Self {
        Self {
            name: name_of(token),
        }
    }

    /// The record of this token's security officer, whose PIN has tries of its own.
    #[must_use]
    pub fn of_officer(token: &TokenInformation) -> Self {
        Self {
            name: format!("officer-{}", name_of(token)),
        }
    }

    /// Empties the record, where a new PIN has all its tries.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn forget(&self, storage: &mut dyn Storage) -> Result<(), StorageError> {
        storage.empty(RecordKind::PinTries, &self.name)
    }

    /// The record's name: ASCII letters, digits, `-` and `.`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many logins failed since the last success, those that nobody knows the end of among them. A
    /// line that cannot be read counts as one.
    ///
    /// # Errors
    /// When the record is there and cannot be read at all.
    pub fn count(&self, storage: &dyn Storage) -> Result<usize, StorageError> {
        let end = storage.read_end(RecordKind::PinTries, &self.name, LIMIT)?;
        let (mut open, mut failed) = (0_usize, 0_usize);
        for line in end.bytes.split(|octet| *octet == b'\n') {
            if line.trim_ascii().is_empty() {
                continue;
            }
            let known = serde_json::from_slice::<Line>(line).ok();
            match known.filter(|line| line.schema == SCHEMA) {
                Some(line) if line.event == Event::UnderWay => open += 1,
                Some(line) if line.event == Event::NoTry => open = open.saturating_sub(1),
                Some(_) => {
                    open = open.saturating_sub(1);
                    failed += 1;
                }
                None => failed += 1,
            }
        }
        Ok(open + failed)
    }

    /// Sends a login, with the lines before and after it. What came of it is the inner answer.
    ///
    /// # Errors
    /// When the line before it cannot be written: then no login was sent.
    pub fn around<Answer>(
        &self,
        storage: &mut dyn Storage,
        clock: &dyn Fn() -> OffsetDateTime,
        credential: &Credential,
        log_in: impl FnOnce() -> Result<Answer, TokenError>,
    ) -> Result<Result<Answer, TokenError>, StorageError> {
        self.note(storage, clock(), Event::UnderWay, None)?;
        let outcome = log_in();
        let settled = match &outcome {
            Ok(_) => storage.empty(RecordKind::PinTries, &self.name),
            Err(error) => {
                let event = if error.may_have_cost_a_try(credential) {
                    Event::Failed
                } else {
                    Event::NoTry
                };
                self.note(storage, clock(), event, Some(error.to_string()))
            }
        };
        // what cannot be written now leaves the login counted: one too many, never one too few
        settled.ok();
        Ok(outcome)
    }

    fn note(
        &self,
        storage: &mut dyn Storage,
        time: OffsetDateTime,
        event: Event,
        answer: Option<String>,
    ) -> Result<(), StorageError> {
        let line = Line {
            schema: SCHEMA.to_owned(),
            time: timestamp(time),
            event,
            answer,
        };
        // plain strings: there is nothing in it that JSON cannot say
        let line = serde_json::to_vec(&line).unwrap_or_default();
        storage.append(RecordKind::PinTries, &self.name, &line)
    }
}
