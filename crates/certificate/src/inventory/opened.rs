//! A token opened with the PIN, to look behind the login or to try a signature. Nothing is written.

use chungthu_token::error::TokenError;
use chungthu_token::module::ModulePath;
use chungthu_token::object::AttributeType;
use chungthu_token::pin::Credential;
use chungthu_token::session::{Access, Driver, Launcher};
use chungthu_token::token::{SlotId, TokenInformation};
use time::OffsetDateTime;

use super::{Inventory, Key, Mark, read_objects};
use crate::PublicKey;
use crate::install::login::{Record, Stop, counted};
use crate::install::{
    InstallError, PinOutlook, ProofError, Refusal, StepFailure, TokenState, Warning, prove,
};
use crate::records::{PinTries, Storage};

/// Where a token was seen.
#[derive(Clone, Debug)]
pub struct Place {
    /// The checked driver file.
    pub module: ModulePath,
    /// Its slot.
    pub slot: SlotId,
    /// Its own words then.
    pub token: TokenInformation,
}

impl Place {
    /// Whether a login may be risked, and what to know of it, before anybody is asked for the PIN.
    ///
    /// # Errors
    /// A locked PIN; one try left, without `allow_final_try`; a count that cannot be read.
    pub fn may_log_in(
        &self,
        allow_final_try: bool,
        storage: &dyn Storage,
    ) -> Result<Vec<Warning>, Box<InstallError>> {
        judge(&self.token, allow_final_try, storage).map_err(|failure| self.stopped(failure))
    }

    fn stopped(&self, failure: StepFailure) -> Box<InstallError> {
        stopped(self.token.clone(), Stop::Beside(failure))
    }
}

fn judge(
    token: &TokenInformation,
    allow_final_try: bool,
    storage: &dyn Storage,
) -> Result<Vec<Warning>, StepFailure> {
    let failed = PinTries::of(token)
        .count(storage)
        .map_err(StepFailure::Storage)?;
    PinOutlook::new(token.pin_state(), failed)
        .judge(allow_final_try)
        .map_err(|refusal: Refusal| StepFailure::Refused(Box::new(refusal)))
}

/// A token whose user is logged in.
pub struct Opened {
    driver: Box<dyn Driver>,
    slot: SlotId,
    credential: Option<Credential>,
}

/// What the proof by a signature showed.
#[derive(Debug)]
pub struct SignTest {
    /// The key, by its place in the inventory.
    pub key: usize,
    /// Why it is not proved; `None` where the certificate verifies the signature.
    pub problem: Option<ProofError>,
}

impl Opened {
    /// The one login: the token's words and the count of failed logins are read again right before.
    ///
    /// # Errors
    /// A wrong or refused PIN; a token that is not what it was; a login that cannot be counted, which is
    /// not sent.
    pub fn log_in(
        launcher: &dyn Launcher,
        place: &Place,
        allow_final_try: bool,
        credential: Credential,
        storage: &mut dyn Storage,
        clock: &dyn Fn() -> OffsetDateTime,
    ) -> Result<Self, Box<InstallError>> {
        let fail = |error| place.stopped(StepFailure::Token(error));
        let mut driver = launcher.launch(&place.module).map_err(fail)?;
        let outcome = enter(
            driver.as_mut(),
            place,
            allow_final_try,
            credential,
            &mut Record { storage, clock },
        );
        match outcome {
            Ok(credential) => Ok(Self {
                driver,
                slot: place.slot,
                credential: Some(credential),
            }),
            Err(stop) => {
                driver.finish().ok();
                Err(stopped(place.token.clone(), stop))
            }
        }
    }

    /// Every object that is visible now.
    ///
    /// # Errors
    /// As the driver answers.
    pub fn inventory(&mut self, now: OffsetDateTime) -> Result<Inventory, TokenError> {
        let objects = read_objects(self.driver.as_mut(), self.slot)?;
        Ok(Inventory::new(objects, now))
    }

    /// Lets every private key sign a challenge that a certificate on the token can verify: the current one
    /// of the key, else its newest. The PIN is wiped at the latest here.
    #[must_use]
    pub fn sign_tests(&mut self, inventory: &Inventory) -> Vec<SignTest> {
        let credential = self.credential.take();
        let keys = inventory.keys.iter().enumerate();
        keys.filter_map(|(index, key)| {
            let handle = key.private.as_ref()?.handle;
            let public_key = certified(inventory, index)?;
            let may_sign = key.flag(AttributeType::Sign) != Some(false);
            may_sign.then(|| {
                let login = credential.as_ref().filter(|_| wants_login(key));
                let (driver, slot) = (self.driver.as_mut(), self.slot);
                let outcome = prove(driver, slot, handle, public_key, login);
                SignTest {
                    key: index,
                    problem: outcome.err(),
                }
            })
        })
        .collect()
    }

    /// Logs out and lets the driver end.
    pub fn finish(mut self) {
        // all that matters is known
        self.driver.finish().ok();
    }
}

fn wants_login(key: &Key) -> bool {
    key.flag(AttributeType::AlwaysAuthenticate) == Some(true)
}

/// The public key that a certificate of this key names.
fn certified(inventory: &Inventory, key: usize) -> Option<&PublicKey> {
    let is_current = |mark| mark == Mark::Current;
    let mut certificates = inventory.certificates_of(key);
    let newest = inventory.certificates_of(key).next();
    let current = certificates.find(|seen| is_current(seen.mark)).or(newest)?;
    current
        .certificate
        .as_ref()
        .map(crate::Certificate::public_key)
}

fn enter(
    driver: &mut dyn Driver,
    place: &Place,
    allow_final_try: bool,
    credential: Credential,
    record: &mut Record<'_>,
) -> Result<Credential, Stop> {
    let slot = place.slot;
    let token = driver.token(slot).map_err(StepFailure::Token)?;
    if !token.is_same_token(&place.token) {
        return Err(StepFailure::TokenChanged.into());
    }
    judge(&token, allow_final_try, record.storage)?;
    driver
        .open(slot, Access::ReadOnly)
        .map_err(StepFailure::Token)?;
    let log_in = |driver: &mut dyn Driver, pin: &Credential| driver.log_in(slot, pin);
    let ((), credential) = counted(driver, slot, &token, credential, record, log_in)?;
    Ok(credential)
}

/// A run that ended before it wrote anything.
fn stopped(token: TokenInformation, stop: Stop) -> Box<InstallError> {
    let (failure, login, token) = match stop {
        Stop::LogIn(failed) => {
            let (error, login, after) = failed.into_parts();
            (
                StepFailure::Token(error),
                Some(login),
                after.unwrap_or(token),
            )
        }
        Stop::Beside(failure) => (failure, None, token),
    };
    Box::new(InstallError {
        step: None,
        failure,
        login,
        state: TokenState::NotTouched,
        backup: None,
        token,
        is_restore: false,
        may_still_remove_first: false,
    })
}
