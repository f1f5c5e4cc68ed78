//! What was done and what went wrong: data for the report, no sentences.

use chungthu_token::error::TokenError;
use chungthu_token::session::Driver;
use chungthu_token::token::{SlotId, TokenInformation};
use serde::{Deserialize, Serialize};

use crate::Certificate;
use crate::install::pin::FailedLogin;
use crate::install::plan::Plan;
use crate::install::proof::ProofError;
use crate::install::refusal::Refusal;
use crate::records::StorageError;

/// The steps after the login, in the order of an ordinary install; those from [`Step::AddAside`] to
/// [`Step::CleanUp`] only where a token wants them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A challenge signed by the key, verified with the new certificate.
    ProveBefore,
    /// The old certificates' attributes written to a file.
    BackUp,
    /// The new certificate written to the token under the key's id.
    Add,
    /// The same under a temporary id, because the token takes no second certificate under one id.
    AddAside,
    /// The key's id given to the certificate that stands under a temporary one.
    SetId,
    /// One old certificate removed before the new one is written, because the token takes it in no
    /// other way and the person agreed.
    RemoveFirst,
    /// The certificate that was removed first written back, because the new one was refused all the
    /// same.
    PutBack,
    /// What a refused write of this run left behind removed.
    CleanUp,
    /// The new certificate read back by other means than the write.
    ReadBack,
    /// A challenge signed by the key, verified with the certificate as read back.
    ProveAfter,
    /// One old certificate removed.
    Remove,
    /// A last look at the key's certificates.
    LastLook,
}

impl Step {
    /// The name that the journal and the JSON have for it; stable.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ProveBefore => "prove-before",
            Self::BackUp => "back-up",
            Self::Add => "add",
            Self::AddAside => "add-aside",
            Self::SetId => "set-id",
            Self::RemoveFirst => "remove-first",
            Self::PutBack => "put-back",
            Self::CleanUp => "clean-up",
            Self::ReadBack => "read-back",
            Self::ProveAfter => "prove-after",
            Self::Remove => "remove",
            Self::LastLook => "last-look",
        }
    }
}

/// A step that was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepTaken {
    /// Which.
    pub step: Step,
    /// Whether the token refused it, and something else was tried.
    pub is_refused: bool,
}

/// What is told while the steps go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// A step begins; the one before it is done, if nothing was said of it.
    Begins(Step),
    /// It is done.
    Done,
    /// The token refused it; something else is tried next.
    Refused,
}

/// How the new certificate came to its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Placement {
    /// Beside the old one under the key's id (rung A).
    Beside,
    /// Under a temporary id, then given the key's id beside the old one (rung C).
    TemporaryId,
    /// After one old certificate was removed to make room for it (rung B).
    OldRemovedFirst,
    /// It was there already, or none was wanted; only old ones were removed.
    AlreadyThere,
    /// The driver put it in the place of the old one by itself.
    ReplacedByDriver,
}

/// How the new certificate was read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadBack {
    /// Through a second driver process, without login.
    SecondProcess,
    /// From a fresh session of the first: the token hides certificates, or refuses a second process.
    FreshSession,
}

/// An old certificate and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// The certificate, as it stands in the backup.
    pub certificate: Certificate,
    /// Whether it is gone from the token.
    pub removed: bool,
}

/// A finished install.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was planned and confirmed, with what to tell although all went well.
    pub plan: Plan,
    /// How it was placed.
    pub placement: Placement,
    /// How it was read back; `None` where nothing was wanted on the token.
    pub read_back: Option<ReadBack>,
    /// The old certificates.
    pub replaced: Vec<Removal>,
    /// The steps, in order.
    pub steps: Vec<StepTaken>,
    /// Where the backup is, as the storage names it.
    pub backup: String,
}

/// What is on the token, as far as a look after the failure could tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenState {
    /// Nothing was tried that changes it.
    NotTouched,
    /// A look shows it as it was before.
    Unchanged,
    /// The old certificate is as it was, and beside it lies an object that a refused or interrupted
    /// write of this run left and that could not be cleared away.
    Leftover,
    /// The new certificate is there, and the old one too.
    NewAndOld,
    /// The new certificate is there and every old one is gone.
    OnlyNew,
    /// The old certificate is gone and the new one is not there: restore from the backup.
    OldMissing,
    /// It could not be looked at.
    Unknown,
}

/// An install or a restore that stopped.
#[derive(Debug)]
pub struct InstallError {
    /// At which step; `None` before the first.
    pub step: Option<Step>,
    /// Why.
    pub failure: StepFailure,
    /// What of it concerns the PIN, where it was a login that failed.
    pub login: Option<FailedLogin>,
    /// What is on the token now.
    pub state: TokenState,
    /// Where the backup is, if it was written.
    pub backup: Option<String>,
    /// The token concerned.
    pub token: TokenInformation,
    /// Whether it was a restore: then "new" is what the backup has, "old" what was there.
    pub is_restore: bool,
    /// Whether the token has a certificate that could make room and was not allowed to.
    pub may_still_remove_first: bool,
}

/// Why a step failed.
#[derive(Debug)]
pub enum StepFailure {
    /// The driver or the token.
    Token(TokenError),
    /// The key does not answer for the certificate.
    Proof(ProofError),
    /// The backup or the journal could not be written.
    Storage(StorageError),
    /// The token is not as it was when the plan was confirmed.
    TokenChanged,
    /// Another program ended the login of this one, which then met this.
    LoggedOut(Box<Self>),
    /// The plan after the login is refused.
    Refused(Box<Refusal>),
    /// The driver said yes, but the certificate is not there when read back.
    NotStored,
    /// What was read back is not what was written.
    StoredDifferently,
    /// After the removal a look shows something else than the plan promised.
    Incomplete,
}

impl StepFailure {
    /// The failure, or where it came of it, that the login is gone. A driver that cannot tell, or that is
    /// gone too, changes nothing of it.
    pub(super) fn or_logged_out(self, driver: &mut dyn Driver, slot: SlotId) -> Self {
        match driver.is_logged_in(slot) {
            Ok(false) => Self::LoggedOut(Box::new(self)),
            Ok(true) | Err(_) => self,
        }
    }
}
