//! PIN care: giving a token another PIN, with its old one or with the security officer's.
//!
//! One call that compares a PIN, counted like a login; then one login with the new PIN through a second
//! process, which costs nothing where the change is real and unmasks a driver that only says so (decision
//! 0021). Keys and certificates are not touched.

use chungthu_token::error::{Cause, Operation, TokenError};
use chungthu_token::pin::Credential;
use chungthu_token::session::{Access, Driver, Launcher};
use chungthu_token::token::{LostTries, SlotId, TokenInformation};
use time::OffsetDateTime;

use crate::install::login::{Record, Stop, counted};
use crate::install::{FailedLogin, StepFailure};
use crate::inventory::Place;
use crate::records::{PinTries, Storage, StorageError};

/// What is changed, and with whose PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// The user changes the PIN.
    Change,
    /// The security officer gives the user a new one, which unlocks it too.
    Unblock,
}

/// What it needs beside the two PINs.
pub struct Context<'a> {
    /// Starts the token's driver, twice.
    pub launcher: &'a dyn Launcher,
    /// The token.
    pub place: &'a Place,
    /// Go on although one more wrong PIN locks it.
    pub allow_final_try: bool,
    /// Where the tries are counted.
    pub storage: &'a mut dyn Storage,
    /// The time, UTC.
    pub clock: &'a dyn Fn() -> OffsetDateTime,
}

/// A PIN that was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// A login with it through a second process succeeded.
    Verified,
    /// It was not tried: it is typed elsewhere, or the second process could not be had.
    NotVerified,
}

/// Why it is not, or may not be, changed.
#[derive(Debug)]
pub struct PinCareError {
    /// What failed.
    pub failure: StepFailure,
    /// What a failed try means, where one was made.
    pub tried: Option<FailedLogin>,
    /// Which PIN is in force.
    pub state: PinInForce,
    /// The token's words as they were read last.
    pub token: TokenInformation,
}

/// Which PIN is in force after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinInForce {
    /// The one that was: nothing was sent, or the token refused before it changed anything.
    Old,
    /// Nobody knows; trying both would cost tries.
    Unknown,
    /// The driver says that it was changed, and the token does not take the new one.
    NotTheNew,
}

/// Whether the security officer's PIN may be tried.
///
/// # Errors
/// It is locked, for ever; or one try is left, without `allow_final_try`.
pub const fn may_try_officer_pin(
    flags: LostTries,
    failed_before: usize,
    allow_final_try: bool,
) -> Result<(), LostTries> {
    match flags {
        LostTries::All => Err(LostTries::All),
        LostTries::AllButOne if !allow_final_try => Err(LostTries::AllButOne),
        // silent flags after two failures, as for the user's PIN
        LostTries::NoneTold if failed_before > 1 && !allow_final_try => Err(LostTries::AllButOne),
        LostTries::AllButOne | LostTries::Some | LostTries::NoneTold => Ok(()),
    }
}

/// Changes or unblocks the PIN of a token. `tried` is the user's old PIN, or the officer's.
///
/// # Errors
/// As [`PinCareError`] says.
pub fn set_pin(
    task: Task,
    tried: Credential,
    new: &Credential,
    context: Context<'_>,
) -> Result<Changed, Box<PinCareError>> {
    let Context {
        launcher,
        place,
        allow_final_try,
        storage,
        clock,
    } = context;
    if let Task::Change = task {
        place
            .may_log_in(allow_final_try, storage)
            .map_err(|error| old_in_force(error.failure, &place.token))?;
    }
    let mut record = Record { storage, clock };
    first(task, tried, new, launcher, place, &mut record)?;
    verify(new, launcher, place, &mut record)
}

/// The change itself.
fn first(
    task: Task,
    tried: Credential,
    new: &Credential,
    launcher: &dyn Launcher,
    place: &Place,
    record: &mut Record<'_>,
) -> Result<(), Box<PinCareError>> {
    let token_error = |error| old_in_force(StepFailure::Token(error), &place.token);
    let mut driver = launcher.launch(&place.module).map_err(token_error)?;
    let outcome = send(task, tried, new, driver.as_mut(), place, record);
    driver.finish().ok();
    outcome
}

fn send(
    task: Task,
    tried: Credential,
    new: &Credential,
    driver: &mut dyn Driver,
    place: &Place,
    record: &mut Record<'_>,
) -> Result<(), Box<PinCareError>> {
    let slot = place.slot;
    let token_error = |error| old_in_force(StepFailure::Token(error), &place.token);
    let token = driver.token(slot).map_err(token_error)?;
    if !token.is_same_token(&place.token) {
        return Err(old_in_force(StepFailure::TokenChanged, &place.token));
    }
    let access = driver.open(slot, Access::ReadWrite).map_err(token_error)?;
    if access == Access::ReadOnly {
        let error = TokenError::new(operation(task), Cause::WriteProtected);
        return Err(token_error(error));
    }
    match task {
        Task::Change => {
            let change = |driver: &mut dyn Driver, old: &Credential| change(driver, slot, old, new);
            match counted(driver, slot, &token, tried, record, change) {
                Ok(_) => Ok(()),
                Err(Stop::LogIn(failed)) => {
                    let (error, login, after) = failed.into_parts();
                    Err(Box::new(PinCareError {
                        state: in_force(&error),
                        failure: StepFailure::Token(error),
                        tried: Some(login),
                        token: after.unwrap_or(token),
                    }))
                }
                Err(Stop::Beside(failure)) => Err(old_in_force(failure, &token)),
            }
        }
        Task::Unblock => unblock(driver, slot, &token, &tried, new, record),
    }
}

/// Some drivers want a login first; then the old PIN was right.
fn change(
    driver: &mut dyn Driver,
    slot: SlotId,
    old: &Credential,
    new: &Credential,
) -> Result<(), TokenError> {
    match driver.change_pin(slot, old, new) {
        Err(error) if error.cause == Cause::LoginNeeded => {
            driver.log_in(slot, old)?;
            driver.change_pin(slot, old, new)
        }
        outcome => outcome,
    }
}

fn unblock(
    driver: &mut dyn Driver,
    slot: SlotId,
    token: &TokenInformation,
    officer: &Credential,
    new: &Credential,
    record: &mut Record<'_>,
) -> Result<(), Box<PinCareError>> {
    let storage_error = |error: StorageError| old_in_force(StepFailure::Storage(error), token);
    let outcome = PinTries::of_officer(token)
        .around(record.storage, record.clock, officer, || {
            driver.unblock_pin(slot, officer, new)
        })
        .map_err(storage_error)?;
    match outcome {
        Ok(()) => {
            // a new PIN has all its tries; a count too many only makes the next run more careful
            PinTries::of(token).forget(record.storage).ok();
            Ok(())
        }
        Err(error) => Err(Box::new(PinCareError {
            state: in_force(&error),
            failure: StepFailure::Token(error),
            tried: None,
            token: driver.token(slot).unwrap_or_else(|_| token.clone()),
        })),
    }
}

/// A login with the new PIN, through a process that knows nothing of the first.
fn verify(
    new: &Credential,
    launcher: &dyn Launcher,
    place: &Place,
    record: &mut Record<'_>,
) -> Result<Changed, Box<PinCareError>> {
    if matches!(new, Credential::ProtectedAuthenticationPath) {
        return Ok(Changed::NotVerified);
    }
    let Ok(mut driver) = launcher.launch(&place.module) else {
        return Ok(Changed::NotVerified);
    };
    let slot = place.slot;
    let is_ready = driver
        .token(slot)
        .is_ok_and(|token| token.is_same_token(&place.token))
        && driver.open(slot, Access::ReadOnly).is_ok();
    let outcome = if is_ready {
        let log_in = || driver.log_in(slot, new);
        let tries = PinTries::of(&place.token);
        tries.around(record.storage, record.clock, new, log_in).ok()
    } else {
        None
    };
    let token = driver.token(slot).unwrap_or_else(|_| place.token.clone());
    driver.finish().ok();
    match outcome {
        Some(Ok(())) => Ok(Changed::Verified),
        Some(Err(error)) if error.may_have_cost_a_try(new) && !error.is_driver_lost() => {
            Err(Box::new(PinCareError {
                failure: StepFailure::Token(error),
                tried: None,
                state: PinInForce::NotTheNew,
                token,
            }))
        }
        Some(Err(_)) | None => Ok(Changed::NotVerified),
    }
}

/// Only answers that the standard has for before the change say that nothing was changed.
fn in_force(error: &TokenError) -> PinInForce {
    let is_in_the_change = error
        .call
        .as_ref()
        .is_none_or(|call| ["C_SetPIN", "C_InitPIN"].contains(&call.function.as_str()));
    let is_before = matches!(
        error.cause,
        Cause::PinWrong
            | Cause::PinLocked
            | Cause::PinExpired
            | Cause::PinShape
            | Cause::WriteProtected
            | Cause::LoginNeeded
            | Cause::Unsupported
            | Cause::TokenNotInitialized
            | Cause::AlreadyLoggedIn
            | Cause::TokenInUse
            | Cause::Cancelled
    );
    if is_before || !is_in_the_change {
        PinInForce::Old
    } else {
        PinInForce::Unknown
    }
}

const fn operation(task: Task) -> Operation {
    match task {
        Task::Change => Operation::ChangePin,
        Task::Unblock => Operation::UnblockPin,
    }
}

fn old_in_force(failure: StepFailure, token: &TokenInformation) -> Box<PinCareError> {
    Box::new(PinCareError {
        failure,
        tried: None,
        state: PinInForce::Old,
        token: token.clone(),
    })
}
