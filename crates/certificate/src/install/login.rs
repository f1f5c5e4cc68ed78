//! The one login, and the plan made again after it.

use chungthu_token::error::TokenError;
use chungthu_token::module::ModulePath;
use chungthu_token::object::{AttributeType, Object, ObjectHandle};
use chungthu_token::pin::Credential;
use chungthu_token::session::Driver;
use chungthu_token::token::{SlotId, TokenInformation};
use time::OffsetDateTime;

use crate::install::execute::Ready;
use crate::install::matching::{KeyMatch, match_key, silent_keys};
use crate::install::observation::{Observation, WantedIssuer};
use crate::install::observe::observe;
use crate::install::pin::FailedLogin;
use crate::install::plan::{ConfirmedPlan, Plan, ProofPlan};
use crate::install::planning::plan;
use crate::install::proof::prove;
use crate::install::refusal::Refusal;
use crate::install::report::{InstallError, StepFailure, TokenState};
use crate::install::request::Request;
use crate::records::{CutOff, PinTries, Storage, StorageError};

/// The token that holds the key, with its driver running and a session open.
pub struct Target {
    driver: Box<dyn Driver>,
    module: ModulePath,
    slot: SlotId,
    observation: Box<Observation>,
}

/// After the login.
pub enum LoggedIn {
    /// All is as it was confirmed.
    Ready(Ready),
    /// More became visible: this plan must be confirmed too.
    MoreSeen(Pending),
}

/// A logged-in token whose plan waits for a second yes.
pub struct Pending {
    ready: Ready,
}

impl Pending {
    /// The plan as it is now.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        self.ready.plan()
    }

    /// The person's second yes.
    #[must_use]
    pub fn confirm(self) -> Ready {
        self.ready
    }

    /// The person's no: logs out; nothing was changed.
    pub fn abandon(mut self) {
        self.ready.finish();
    }
}

impl Target {
    pub(super) const fn new(
        driver: Box<dyn Driver>,
        module: ModulePath,
        slot: SlotId,
        observation: Box<Observation>,
    ) -> Self {
        Self {
            driver,
            module,
            slot,
            observation,
        }
    }

    /// The token.
    #[must_use]
    pub const fn token(&self) -> &TokenInformation {
        &self.observation.token
    }

    /// What was seen of it without a login.
    #[must_use]
    pub const fn observation(&self) -> &Observation {
        &self.observation
    }

    /// Takes what this computer remembers of this token into what was seen of it: failed logins, and
    /// runs that did not come to a good end.
    ///
    /// # Errors
    /// When a record cannot be read. A login would be refused then.
    pub fn recall(&mut self, storage: &dyn Storage) -> Result<(), StorageError> {
        self.observation.failed_logins = PinTries::of(self.token()).count(storage)?;
        self.observation.cut_off = CutOff::of(self.token()).runs(storage)?;
        Ok(())
    }

    /// What would be done.
    ///
    /// # Errors
    /// Why nothing is to be done.
    pub fn plan(&self, request: &Request) -> Result<Plan, Refusal> {
        plan(request, &self.observation, &self.module, self.slot)
    }

    /// Lets the driver end; nothing was changed.
    pub fn release(mut self) {
        self.driver.finish().ok();
    }

    /// The one login, at the very last moment: first the token's words and the count of failed logins are
    /// read again, then the PIN is given, then the token is looked at again and the plan made again. The
    /// PIN is wiped here, unless the key turns out to want it once more for its signature.
    ///
    /// # Errors
    /// A wrong or refused PIN; a token that is not what it was; a plan that is refused now; a login that
    /// cannot be counted, which is not sent.
    pub fn log_in(
        mut self,
        confirmed: ConfirmedPlan,
        request: &Request,
        credential: Credential,
        storage: &mut dyn Storage,
        clock: &dyn Fn() -> OffsetDateTime,
    ) -> Result<LoggedIn, Box<InstallError>> {
        let mut record = Record { storage, clock };
        let outcome = self.log_in_and_plan(confirmed.plan(), request, credential, &mut record);
        match outcome {
            Ok((plan, before, is_same, credential)) => {
                let is_wanted_again = plan.proof == ProofPlan::OneSignatureWithLogin;
                let credential = is_wanted_again.then_some(credential);
                let shows_objects = self.observation.shows_any_key();
                let ready = Ready::new(self.driver, plan, credential, before, shows_objects);
                Ok(if is_same {
                    LoggedIn::Ready(ready)
                } else {
                    LoggedIn::MoreSeen(Pending { ready })
                })
            }
            Err(stop) => {
                self.driver.finish().ok();
                let (failure, login, token) = match stop {
                    Stop::LogIn(failed) => {
                        let (error, login, token) = failed.into_parts();
                        (StepFailure::Token(error), Some(login), token)
                    }
                    Stop::Beside(failure) => (failure, None, None),
                };
                Err(Box::new(InstallError {
                    step: None,
                    failure,
                    login,
                    state: TokenState::NotTouched,
                    backup: None,
                    token: token.unwrap_or(self.observation.token),
                    is_restore: confirmed.plan().is_restore,
                    may_still_remove_first: confirmed.plan().may_still_remove_first(),
                }))
            }
        }
    }

    fn log_in_and_plan(
        &mut self,
        confirmed: &Plan,
        request: &Request,
        credential: Credential,
        record: &mut Record<'_>,
    ) -> Result<(Plan, Vec<ObjectHandle>, bool, Credential), Stop> {
        let slot = self.slot;
        let token = self.driver.token(slot).map_err(StepFailure::Token)?;
        if !token.is_same_token(&self.observation.token) {
            return Err(StepFailure::TokenChanged.into());
        }
        // a try may have been lost elsewhere while the person was typing
        self.observation.token = token.clone();
        self.recall(record.storage).map_err(StepFailure::Storage)?;
        plan(request, &self.observation, &self.module, slot).map_err(refused)?;
        let driver = self.driver.as_mut();
        let log_in = |driver: &mut dyn Driver, pin: &Credential| driver.log_in(slot, pin);
        let ((), credential) = counted(driver, slot, &token, credential, record, log_in)?;
        let (now, handles, is_same) = self
            .plan_again(confirmed, request, token)
            .map_err(|failure| failure.or_logged_out(self.driver.as_mut(), slot))?;
        if now.is_done() {
            let key = now.certificate.public_key().sha256();
            let time = (record.clock)();
            // where it cannot be emptied, the next run looks behind the login once more
            CutOff::of(self.token())
                .end(record.storage, time, &key)
                .ok();
        }
        Ok((now, handles, is_same, credential))
    }

    /// What the login made visible, and the plan for it.
    fn plan_again(
        &mut self,
        confirmed: &Plan,
        request: &Request,
        token: TokenInformation,
    ) -> Result<(Plan, Vec<ObjectHandle>, bool), StepFailure> {
        let slot = self.slot;
        let mut observation = observe(
            self.driver.as_mut(),
            slot,
            (token, self.observation.access),
            &request.certificate,
            WantedIssuer::AtHand,
            Some(&self.observation),
        )
        .map_err(StepFailure::Token)?;
        if match_key(&request.certificate, &observation) == KeyMatch::CannotTell {
            observation.proven = self.prove_a_silent_key(request, &observation);
        }
        let now = plan(request, &observation, &self.module, slot).map_err(refused)?;
        match now.since(confirmed, &observation) {
            Since::Same => Ok((now, observation.handles, true)),
            Since::MoreSeen => Ok((now, observation.handles, false)),
            Since::Changed => Err(StepFailure::TokenChanged),
        }
    }
}

/// Where a login is counted, and the time.
pub(crate) struct Record<'a> {
    pub(crate) storage: &'a mut dyn Storage,
    pub(crate) clock: &'a dyn Fn() -> OffsetDateTime,
}

/// Why it went no further.
pub(crate) enum Stop {
    /// The login itself failed.
    LogIn(Box<FailedAttempt>),
    /// Something before or after it.
    Beside(StepFailure),
}

/// A login that failed.
pub(crate) struct FailedAttempt {
    pub(super) error: TokenError,
    pub(super) login: FailedLogin,
    /// The token's words after it: the flags may have changed with the try that was spent.
    token: Option<TokenInformation>,
}

impl FailedAttempt {
    /// The error, what it means, and the token's words after it.
    pub(crate) fn into_parts(self) -> (TokenError, FailedLogin, Option<TokenInformation>) {
        (self.error, self.login, self.token)
    }
}

/// Sends a login and counts it. `before`: the token's words, read right before. The PIN comes back after a
/// success only; after a failure it is wiped before anything else is asked.
pub(crate) fn counted<Answer>(
    driver: &mut dyn Driver,
    slot: SlotId,
    before: &TokenInformation,
    credential: Credential,
    record: &mut Record<'_>,
    log_in: impl FnOnce(&mut dyn Driver, &Credential) -> Result<Answer, TokenError>,
) -> Result<(Answer, Credential), Stop> {
    let tries = PinTries::of(before);
    let outcome = tries
        .around(record.storage, record.clock, &credential, || {
            log_in(driver, &credential)
        })
        .map_err(StepFailure::Storage)?;
    match outcome {
        Ok(answer) => Ok((answer, credential)),
        Err(error) => {
            let is_counted = error.may_have_cost_a_try(&credential);
            drop(credential);
            let token = driver.token(slot).ok();
            // it could be read and written a moment ago
            let count = tries.count(record.storage).unwrap_or_default();
            let login = FailedLogin::new(&error, is_counted, before, token.as_ref(), count);
            Err(Stop::LogIn(Box::new(FailedAttempt {
                error,
                login,
                token,
            })))
        }
    }
}

impl From<StepFailure> for Stop {
    fn from(failure: StepFailure) -> Self {
        Self::Beside(failure)
    }
}

impl Target {
    /// Lets each private key that shows nothing of itself sign: the one whose signature verifies
    /// is the certificate's. A key that does not sign is not it, whatever the reason. A key that wants
    /// a login for each signature is not asked: it may be another's, and the PIN was given for one.
    fn prove_a_silent_key(
        &mut self,
        request: &Request,
        observation: &Observation,
    ) -> Option<ObjectHandle> {
        let slot = self.slot;
        let driver = self.driver.as_mut();
        silent_keys(observation)
            .filter(|key| key.flag(AttributeType::AlwaysAuthenticate) != Some(true))
            .map(|key| key.handle)
            .find(|key| {
                let public_key = request.certificate.public_key();
                prove(driver, slot, *key, public_key, None).is_ok()
            })
    }
}

fn refused(refusal: Refusal) -> StepFailure {
    StepFailure::Refused(Box::new(refusal))
}

/// What a plan is to one that was confirmed.
enum Since {
    Same,
    MoreSeen,
    Changed,
}

impl Plan {
    /// Everything that was confirmed must still be there as it was. Beyond that, what differs is
    /// what the login made visible: another id, more certificates, the new one already in place, a
    /// key that proves itself in another way.
    fn since(&self, confirmed: &Self, observation: &Observation) -> Since {
        let id = |plan: &Self| plan.key.as_ref().map(|key| key.id.clone());
        // by what they are: some drivers give all objects new handles at the login
        let mut now: Vec<&Object> = observation
            .certificates
            .iter()
            .map(|seen| &seen.object)
            .collect();
        let is_still_there = confirmed.on_token().all(|before| {
            let is_it = |now: &&Object| now.value() == before.value() && now.id() == before.id();
            let place = now.iter().position(is_it);
            place.map(|place| now.swap_remove(place)).is_some()
        });
        if !is_still_there {
            Since::Changed
        } else if id(self) == id(confirmed)
            && self.steps == confirmed.steps
            && self.wanted == confirmed.wanted
            && self.proof == confirmed.proof
            && self.is_done() == confirmed.is_done()
        {
            Since::Same
        } else {
            Since::MoreSeen
        }
    }
}
