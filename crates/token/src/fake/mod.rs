//! A token in memory behind the session traits, for tests of what is built on them.
//!
//! It keeps the rules that the workflows rely on: private objects are hidden before a login, a
//! second driver sees what the first has stored, a wrong PIN is counted. It can be told to fail at
//! an operation, before or after the operation took effect.

mod driver;
mod state;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::{Operation, TokenError};
use crate::module::{Found, ModulePath, Route};
use crate::object::{AttributeType, NewCertificate, Object, ObjectClass, ObjectHandle};
use crate::session::{Driver, Launcher, SignatureScheme};
use crate::token::TokenInformation;

use self::driver::FakeDriver;

/// Signs in place of the token's key: scheme and message to signature.
pub type Signer = Arc<dyn Fn(SignatureScheme, &[u8]) -> Vec<u8> + Send + Sync>;

/// The security officer's PIN of every fake token.
pub const OFFICER_PIN: &str = "Officer-99";

/// A token in memory. Clones share it.
#[derive(Clone)]
pub struct FakeToken {
    state: Arc<Mutex<State>>,
}

/// Starts drivers that all show the same tokens, as second processes do.
#[derive(Clone, Default)]
pub struct FakeLauncher {
    tokens: Vec<FakeToken>,
}

/// When a planned failure strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The operation does nothing and fails.
    NotDone,
    /// The operation does its work, then answers an error.
    Done,
}

pub(crate) struct State {
    pub(crate) information: TokenInformation,
    pub(crate) pin: String,
    /// Whether a new PIN is answered with `CKR_OK` and forgotten.
    pub(crate) forgets_pins: bool,
    pub(crate) objects: Vec<(Object, Option<Signer>)>,
    pub(crate) next_handle: u64,
    pub(crate) log: Vec<Operation>,
    pub(crate) failures: Vec<(Operation, usize, Effect, TokenError)>,
    pub(crate) blind_to_values: bool,
    pub(crate) writing: Writing,
    pub(crate) room: usize,
    pub(crate) leaves_halves: bool,
    pub(crate) id_changes: IdChanges,
    pub(crate) remembered: Vec<ObjectHandle>,
    pub(crate) pulled_at: Option<Operation>,
    pub(crate) is_pulled: bool,
    pub(crate) dies_at: Option<(usize, Effect)>,
    pub(crate) is_dead: bool,
}

/// How the token takes a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// It stores it beside the others.
    Stores,
    /// The driver that wrote it shows it, and nothing was stored: seen on real drivers.
    OnlyRemembers,
    /// It stores it and removes the others with its id, as tokens do that have one place a key.
    Replaces,
    /// It refuses a second certificate under one id, and says no more than "refused".
    OneForEachId,
    /// It refuses a label that a certificate of another subject has, as NSS does.
    OneSubjectForEachLabel,
    /// It refuses every certificate.
    Refuses,
    /// It stores other bytes than it was given.
    Damages,
}

/// What becomes of a certificate's new id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdChanges {
    /// It is set.
    Work,
    /// The driver says that it is set, and it is not.
    AreIgnored,
    /// The driver refuses.
    AreRefused,
}

impl FakeToken {
    const INITIALIZED_WITH_PIN: u64 = 0x40C;

    /// An initialised token without objects.
    #[must_use]
    pub fn new(serial: &str, label: &str, pin: &str) -> Self {
        let information = TokenInformation {
            label: label.to_owned(),
            manufacturer: "chungthu".to_owned(),
            model: "fake".to_owned(),
            serial: serial.to_owned(),
            flags: Self::INITIALIZED_WITH_PIN,
            minimum_pin_length: 4,
            maximum_pin_length: 16,
            free_public_memory: None,
            total_public_memory: None,
            hardware_version: "1.0".to_owned(),
            firmware_version: "1.0".to_owned(),
        };
        let state = State {
            information,
            pin: pin.to_owned(),
            forgets_pins: false,
            objects: Vec::new(),
            next_handle: 1,
            log: Vec::new(),
            failures: Vec::new(),
            blind_to_values: false,
            writing: Writing::Stores,
            room: usize::MAX,
            leaves_halves: false,
            id_changes: IdChanges::Work,
            remembered: Vec::new(),
            pulled_at: None,
            is_pulled: false,
            dies_at: None,
            is_dead: false,
        };
        Self {
            state: Arc::new(Mutex::new(state)),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        // a test that panicked while it held the lock has failed already
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts an object on it, as the office found it.
    pub fn put(
        &self,
        class: ObjectClass,
        attributes: &[(AttributeType, &[u8])],
        signer: Option<Signer>,
    ) -> ObjectHandle {
        self.state().put(class, attributes, signer)
    }

    /// Puts a certificate on it.
    pub fn put_certificate(&self, certificate: &NewCertificate) -> ObjectHandle {
        self.state().put_certificate(certificate)
    }

    /// Takes an object off it, as another program does.
    pub fn take_away(&self, handle: ObjectHandle) {
        let mut state = self.state();
        state.objects.retain(|(object, _)| object.handle != handle);
    }

    /// Every object on it, in the order of their handles.
    #[must_use]
    pub fn objects(&self) -> Vec<Object> {
        self.state()
            .objects
            .iter()
            .map(|(object, _)| object.clone())
            .collect()
    }

    /// The operations asked of it so far, of all drivers.
    #[must_use]
    pub fn log(&self) -> Vec<Operation> {
        self.state().log.clone()
    }

    /// Makes the operation fail when it is asked for the `nth` time (1 = the next).
    pub fn fail(&self, operation: Operation, nth: usize, effect: Effect, error: TokenError) {
        self.state().failures.push((operation, nth, effect, error));
    }

    /// Says that it has a new PIN, and keeps the old one.
    pub fn forget_pins(&self) {
        self.state().forgets_pins = true;
    }

    /// The user's PIN now.
    #[must_use]
    pub fn pin(&self) -> String {
        self.state().pin.clone()
    }

    /// Sets the token's flags (`CKF_…`) besides those of an initialised token.
    pub fn set_flags(&self, flags: u64) {
        self.state().information.flags = Self::INITIALIZED_WITH_PIN | flags;
    }

    /// Makes it take certificates in another way.
    pub fn write_by(&self, writing: Writing) {
        self.state().writing = writing;
    }

    /// Gives it room for so many certificates.
    pub fn set_room(&self, certificates: usize) {
        self.state().room = certificates;
    }

    /// Makes every refused write leave an empty certificate object behind.
    pub fn leave_halves(&self) {
        self.state().leaves_halves = true;
    }

    /// Makes it treat new ids in another way.
    pub fn change_ids_by(&self, changes: IdChanges) {
        self.state().id_changes = changes;
    }

    /// Is pulled out when this operation is asked for the next time: that one is refused without a
    /// better word, and the driver goes on showing what it remembers, as OpenSC does.
    pub fn pull_at(&self, operation: Operation) {
        self.state().pulled_at = Some(operation);
    }

    /// Is plugged in again.
    pub fn plug_in(&self) {
        self.state().is_pulled = false;
    }

    /// Answers nothing more from the `nth` operation on (1 = the next), whatever it is, as for a
    /// program that is killed in it.
    pub fn die_at(&self, nth: usize, effect: Effect) {
        self.state().dies_at = Some((nth, effect));
    }

    /// Answers again; nothing of [`Self::die_at`] and [`Self::fail`] is left, whether it came to it or
    /// not.
    pub fn revive(&self) {
        let mut state = self.state();
        state.dies_at = None;
        state.is_dead = false;
        state.failures.clear();
    }

    /// Answers every search by value or subject with nothing, as some drivers do.
    pub fn be_blind_to_values(&self) {
        self.state().blind_to_values = true;
    }
}

impl State {
    pub(crate) fn put(
        &mut self,
        class: ObjectClass,
        attributes: &[(AttributeType, &[u8])],
        signer: Option<Signer>,
    ) -> ObjectHandle {
        let handle = ObjectHandle(self.next_handle);
        self.next_handle += 1;
        let attributes = attributes
            .iter()
            .map(|(attribute, value)| (*attribute, value.to_vec()))
            .collect();
        self.objects.push((
            Object {
                handle,
                class,
                attributes,
            },
            signer,
        ));
        handle
    }

    pub(crate) fn put_certificate(&mut self, certificate: &NewCertificate) -> ObjectHandle {
        let private = [u8::from(certificate.private.unwrap_or(false))];
        self.put(
            ObjectClass::Certificate,
            &[
                (AttributeType::Class, &[1]),
                (AttributeType::Private, &private),
                (AttributeType::Value, &certificate.value),
                (AttributeType::Subject, &certificate.subject),
                (AttributeType::Issuer, &certificate.issuer),
                (AttributeType::SerialNumber, &certificate.serial_number),
                (AttributeType::Id, &certificate.id),
                (AttributeType::Label, &certificate.label),
            ],
            None,
        )
    }
}

impl FakeLauncher {
    /// A driver with these tokens, one a slot.
    #[must_use]
    pub fn new(tokens: &[FakeToken]) -> Self {
        Self {
            tokens: tokens.to_vec(),
        }
    }

    /// The driver as discovery would answer it.
    #[must_use]
    pub fn found(&self) -> Found {
        let path = PathBuf::from("fake");
        let module = Ok(ModulePath::unchecked(path.clone()));
        Found {
            path,
            route: Route::CommandLine,
            declared_in: None,
            module,
        }
    }
}

impl Launcher for FakeLauncher {
    fn launch(&self, _: &ModulePath) -> Result<Box<dyn Driver>, TokenError> {
        Ok(Box::new(FakeDriver::new(self.tokens.clone())))
    }
}
