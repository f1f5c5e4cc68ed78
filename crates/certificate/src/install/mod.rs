//! Installing a certificate on the token that holds its key: observe, plan, confirm, log in,
//! observe again, execute, verify.
//!
//! The front desk walks through it with one value handed from step to step:
//!
//! 1. [`locate::look`] starts every driver and observes every token without a PIN: a [`locate::Survey`].
//! 2. [`locate::Survey::choose`] finds the one token that holds the key of a certificate: a
//!    [`locate::Choice`] with the [`login::Target`].
//! 3. [`login::Target::plan`] says what would be done, or refuses: a [`Plan`] (a pure function inside).
//! 4. [`Plan::confirm`] is the person's yes: a [`ConfirmedPlan`], which nothing else can make.
//! 5. [`login::Target::log_in`] spends the one login, observes again and plans again: [`login::LoggedIn`].
//! 6. [`execute::Ready::execute`] proves, backs up, writes, reads back, proves, removes: a [`Report`].

mod change;
pub mod execute;
pub mod locate;
pub mod login;
mod matching;
mod observation;
mod observe;
mod pin;
mod placing;
mod plan;
mod planning;
mod proof;
mod refusal;
mod removing;
mod report;
mod request;
mod restore;
mod verify;

pub use change::InstallChange;
pub use matching::{KeyMatch, MatchedKey, PrivateKey, ShownBy, match_key};
pub use observation::{Observation, SeenCertificate, WantedIssuer};
pub use observe::observe;
pub use pin::{FailedLogin, LoginVerdict, PinOutlook};
pub use placing::temporary_id;
pub use plan::{ConfirmedPlan, OldCertificate, Plan, PlannedStep, ProofPlan};
pub use planning::plan;
pub use proof::{ProofError, prove};
pub use refusal::{Refusal, Warning};
pub use report::{
    InstallError, Placement, Progress, ReadBack, Removal, Report, Step, StepFailure, StepTaken,
    TokenState,
};
pub use request::{EarlierRenewal, Goal, Policy, Request, judge_certificate};
