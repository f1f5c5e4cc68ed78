//! The session traits: what the rest of the program may ask of a driver, in whole operations.
//!
//! Two implementations: [`crate::host::HostLauncher`] (a driver in its own process) and
//! [`crate::fake::FakeLauncher`] (in memory, for tests). No method touches a key object.

use serde::{Deserialize, Serialize};

use crate::error::TokenError;
use crate::module::ModulePath;
use crate::object::{Fence, NewCertificate, Object, ObjectClass, ObjectHandle, Query};
use crate::pin::Credential;
use crate::token::{DriverInformation, SlotId, SlotReport, TokenInformation};

/// Starts a driver, each in a process of its own.
pub trait Launcher {
    /// Starts `module` and initialises it.
    ///
    /// # Errors
    /// When the file is no driver for this program, or does not load, start or answer in time.
    fn launch(&self, module: &ModulePath) -> Result<Box<dyn Driver>, TokenError>;
}

/// One started driver. Dropping it ends its process without ceremony; [`Driver::finish`] ends it
/// politely.
pub trait Driver {
    /// What the driver says of itself.
    ///
    /// # Errors
    /// What the driver answers, or that it died or says nothing.
    fn information(&mut self) -> Result<DriverInformation, TokenError>;

    /// The slots with a token. `detail` also asks for the reader's names.
    ///
    /// # Errors
    /// When the slot list itself cannot be had; a bad slot is an error inside its report.
    fn slots(&mut self, detail: SlotDetail) -> Result<Vec<SlotReport>, TokenError>;

    /// The numbers of the slots with a token, and nothing more.
    ///
    /// # Errors
    /// When the slot list cannot be had.
    fn slot_numbers(&mut self) -> Result<Vec<SlotId>, TokenError>;

    /// The token's own words, read now: PIN flags change with every try.
    ///
    /// # Errors
    /// As the driver answers.
    fn token(&mut self, slot: SlotId) -> Result<TokenInformation, TokenError>;

    /// Opens the one session this process keeps with the slot; a second call answers what is open.
    /// A token that refuses to be written is opened read-only: the answer tells what was granted.
    ///
    /// # Errors
    /// As the driver answers.
    fn open(&mut self, slot: SlotId, wanted: Access) -> Result<Access, TokenError>;

    /// Finds objects; handles only.
    ///
    /// # Errors
    /// As the driver answers.
    fn find(&mut self, slot: SlotId, query: &Query) -> Result<Vec<ObjectHandle>, TokenError>;

    /// Reads the attributes of objects of one class. An object that vanished is left out.
    ///
    /// # Errors
    /// As the driver answers.
    fn read(
        &mut self,
        slot: SlotId,
        class: ObjectClass,
        handles: &[ObjectHandle],
    ) -> Result<Vec<Object>, TokenError>;

    /// Finds and reads objects in a session of their own, opened and closed for it.
    ///
    /// # Errors
    /// As the driver answers.
    fn read_in_fresh_session(
        &mut self,
        slot: SlotId,
        query: &Query,
    ) -> Result<Vec<Object>, TokenError>;

    /// Logs the user in. At most one call per run of the program.
    ///
    /// # Errors
    /// As the driver answers; whether it may have cost a try: [`TokenError::may_have_cost_a_try`].
    fn log_in(&mut self, slot: SlotId, credential: &Credential) -> Result<(), TokenError>;

    /// Signs `message` with a private key. The signature is PKCS#1 for RSA, `r || s` for EC.
    /// `login` is for a key that wants one for each signature (`CKA_ALWAYS_AUTHENTICATE`): it is
    /// given between the two calls of the signature, as `CKU_CONTEXT_SPECIFIC` (PKCS#11 2.40, 5.6).
    ///
    /// # Errors
    /// As the driver answers.
    fn sign(
        &mut self,
        slot: SlotId,
        key: ObjectHandle,
        scheme: SignatureScheme,
        message: &[u8],
        login: Option<&Credential>,
    ) -> Result<Vec<u8>, TokenError>;

    /// Whether the session is still logged in. Another program may have ended the login: it belongs to
    /// the token's use by this process, and some drivers share it with others.
    ///
    /// # Errors
    /// As the driver answers.
    fn is_logged_in(&mut self, slot: SlotId) -> Result<bool, TokenError>;

    /// Writes a certificate object. The handle is what the driver answered; nothing is verified.
    ///
    /// # Errors
    /// As the driver answers; an error does not mean that nothing was written.
    fn add_certificate(
        &mut self,
        slot: SlotId,
        certificate: &NewCertificate,
    ) -> Result<ObjectHandle, TokenError>;

    /// Gives one certificate object another `CKA_ID`, if its value is `expected_value` at this moment.
    ///
    /// # Errors
    /// `Cause::FenceClosed` with nothing done; else as the driver answers. Some drivers answer that
    /// they did it and did nothing.
    fn set_certificate_id(
        &mut self,
        slot: SlotId,
        handle: ObjectHandle,
        id: &[u8],
        expected_value: &[u8],
    ) -> Result<(), TokenError>;

    /// Removes one certificate object, if everything the fence demands is true at this moment.
    ///
    /// # Errors
    /// `Cause::FenceClosed` with nothing done; else as the driver answers.
    fn remove_certificate(
        &mut self,
        slot: SlotId,
        handle: ObjectHandle,
        fence: &Fence,
    ) -> Result<(), TokenError>;

    /// Changes the user's PIN (`C_SetPIN`), in the session as it is. Both credentials are PINs, or both are
    /// given on the reader or in the driver's own window. Nothing is verified.
    ///
    /// # Errors
    /// As the driver answers; an error does not always mean that the old PIN is in force. Whether it may have
    /// cost a try: [`TokenError::may_have_cost_a_try`].
    fn change_pin(
        &mut self,
        slot: SlotId,
        old: &Credential,
        new: &Credential,
    ) -> Result<(), TokenError>;

    /// Logs the security officer in (`C_Login`), gives the user a new PIN (`C_InitPIN`), which also unlocks
    /// a locked one, and logs the officer out. No session of this process may be read-only. Nothing is
    /// verified.
    ///
    /// # Errors
    /// As the driver answers; the failed call tells how far it came.
    fn unblock_pin(
        &mut self,
        slot: SlotId,
        officer: &Credential,
        new: &Credential,
    ) -> Result<(), TokenError>;

    /// Logs out and lets the driver finish, within a time limit. What it does wrong now no longer
    /// matters and is only told.
    ///
    /// # Errors
    /// As the driver answers.
    fn finish(&mut self) -> Result<(), TokenError>;
}

/// How much of a slot is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SlotDetail {
    /// The token only.
    Token,
    /// The token and the reader's name.
    TokenAndReader,
}

/// What a session may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Access {
    /// Nothing is written.
    ReadOnly,
    /// Certificates may be written.
    ReadWrite,
}

/// How a challenge is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignatureScheme {
    /// ECDSA on P-256 over SHA-256, `r || s`, 64 bytes.
    EcdsaP256Sha256,
    /// ECDSA on P-384 over SHA-384, `r || s`, 96 bytes.
    EcdsaP384Sha384,
    /// RSASSA-PKCS1-v1_5 over SHA-256.
    RsaPkcs1Sha256,
}
