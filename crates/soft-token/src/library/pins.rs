//! Who is logged in, and everything that checks or changes a PIN.

use cryptoki_sys::*;

use super::Library;
use crate::{
    refusal::Refusal,
    token::{LABEL_LENGTH, NoRandomness, PIN_LENGTHS, Pin, Token, Verdict},
};

/// The two who can log in to a token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Role {
    User,
    SecurityOfficer,
}

impl From<NoRandomness> for Refusal {
    fn from(_: NoRandomness) -> Self {
        Self(CKR_FUNCTION_FAILED)
    }
}

impl Library {
    pub(crate) fn log_in(
        &mut self,
        session: CK_SESSION_HANDLE,
        user_type: CK_USER_TYPE,
        pin: &[u8],
    ) -> Result<(), Refusal> {
        match user_type {
            CKU_USER => self.log_in_as(session, Role::User, pin),
            CKU_SO => self.log_in_as(session, Role::SecurityOfficer, pin),
            CKU_CONTEXT_SPECIFIC => self.log_in_for_one_signature(session, pin),
            _ => Err(Refusal(CKR_USER_TYPE_INVALID)),
        }
    }

    fn log_in_as(
        &mut self,
        session: CK_SESSION_HANDLE,
        role: Role,
        pin: &[u8],
    ) -> Result<(), Refusal> {
        let id = self.session(session)?.slot;
        match self.slot(id)?.login {
            Some(already) if already == role => {
                return Err(Refusal(CKR_USER_ALREADY_LOGGED_IN));
            }
            Some(_) => return Err(Refusal(CKR_USER_ANOTHER_ALREADY_LOGGED_IN)),
            None => {}
        }
        let has_reader = self
            .sessions
            .values()
            .any(|session| session.slot == id && !session.writable);
        if role == Role::SecurityOfficer && has_reader {
            return Err(Refusal(CKR_SESSION_READ_ONLY_EXISTS));
        }
        self.check_pin(id, role, pin)?;
        self.slot(id)?.login = Some(role);
        self.change_handles(id);
        Ok(())
    }

    /// The login that a key with `CKA_ALWAYS_AUTHENTICATE` wants between init and sign.
    fn log_in_for_one_signature(
        &mut self,
        session: CK_SESSION_HANDLE,
        pin: &[u8],
    ) -> Result<(), Refusal> {
        let waiting = self
            .session(session)?
            .signing
            .as_ref()
            .is_some_and(|signing| signing.waits_for_login);
        if !waiting {
            return Err(Refusal(CKR_OPERATION_NOT_INITIALIZED));
        }
        let slot = self.session(session)?.slot;
        self.check_pin(slot, Role::User, pin)?;
        if let Some(signing) = &mut self.session(session)?.signing {
            signing.waits_for_login = false;
        }
        Ok(())
    }

    pub(crate) fn log_out(&mut self, session: CK_SESSION_HANDLE) -> Result<(), Refusal> {
        let slot = self.session(session)?.slot;
        if self.slot(slot)?.login.is_none() {
            return Err(Refusal(CKR_USER_NOT_LOGGED_IN));
        }
        self.end_login(slot);
        Ok(())
    }

    /// Ends the login and all that only a login allows.
    pub(super) fn end_login(&mut self, slot: CK_SLOT_ID) {
        if let Some(slot) = self.slots.get_mut(&slot) {
            slot.login = None;
        }
        self.drop_session_objects(slot, |_, object| object.is_private());
        self.handles.forget_private(slot);
        for session in self.sessions.values_mut() {
            if session.slot == slot {
                session.search = None;
                session.signing = None;
                session.verifying = None;
            }
        }
    }

    pub(crate) fn initialise_token(
        &mut self,
        id: CK_SLOT_ID,
        label: &[u8; LABEL_LENGTH],
        pin: &[u8],
    ) -> Result<(), Refusal> {
        self.slot_with_token(id)?;
        if self.sessions.values().any(|session| session.slot == id) {
            return Err(Refusal(CKR_SESSION_EXISTS));
        }
        let label = str::from_utf8(label).map_err(|_| Refusal(CKR_ARGUMENTS_BAD))?;
        let label = label.trim_end_matches([' ', '\0']);
        let store = &mut self.slot(id)?.store;
        if store.read()?.is_initialised() {
            self.check_pin(id, Role::SecurityOfficer, pin)?;
        }
        let pin = new_pin(pin)?;
        let slot = self.slot(id)?;
        slot.store
            .change(|token| Ok::<_, Refusal>(token.initialise(label, pin)?))?;
        self.handles
            .forget(|place| place.slot == id && place.on_token);
        Ok(())
    }

    /// The security officer gives the user a PIN; this is also how a locked one is unlocked.
    pub(crate) fn initialise_pin(
        &mut self,
        session: CK_SESSION_HANDLE,
        pin: &[u8],
    ) -> Result<(), Refusal> {
        let slot = self.slot_of(session)?;
        if slot.login != Some(Role::SecurityOfficer) {
            return Err(Refusal(CKR_USER_NOT_LOGGED_IN));
        }
        let pin = new_pin(pin)?;
        slot.store.change(|token| {
            token.user = Some(pin);
            Ok(())
        })
    }

    /// Changes the PIN of whoever is logged in, or else of the user.
    pub(crate) fn set_pin(
        &mut self,
        session: CK_SESSION_HANDLE,
        old: &[u8],
        new: &[u8],
    ) -> Result<(), Refusal> {
        if !self.session(session)?.writable {
            return Err(Refusal(CKR_SESSION_READ_ONLY));
        }
        let id = self.session(session)?.slot;
        let role = self.slot(id)?.login.unwrap_or(Role::User);
        let new = new_pin(new)?;
        self.check_pin(id, role, old)?;
        self.slot(id)?.store.change(|token| {
            *pin_of(token, role) = Some(new);
            Ok(())
        })
    }

    /// Compares a PIN with the token's. A wrong try is on the disk before the answer is known
    /// here. A PIN of impossible length is a wrong one, and counts.
    fn check_pin(&mut self, slot: CK_SLOT_ID, role: Role, pin: &[u8]) -> Result<(), Refusal> {
        let profile = self.profile;
        let store = &mut self.slot(slot)?.store;
        if profile.has_pin_back_off() && store.take_mark() {
            return Err(Refusal(CKR_PIN_LOCKED));
        }
        let verdict = store.change(|token| match pin_of(token, role) {
            Some(known) => Ok(known.check(pin, profile.pin_tries())),
            None => Err(Refusal(CKR_USER_PIN_NOT_INITIALIZED)),
        })?;
        if profile.has_pin_back_off() && verdict == Verdict::Wrong {
            store.leave_mark()?;
        }
        profile.answer_to_pin(verdict)
    }
}

fn pin_of(token: &mut Token, role: Role) -> &mut Option<Pin> {
    match role {
        Role::User => &mut token.user,
        Role::SecurityOfficer => &mut token.security_officer,
    }
}

fn new_pin(pin: &[u8]) -> Result<Pin, Refusal> {
    if !PIN_LENGTHS.contains(&pin.len()) {
        return Err(Refusal(CKR_PIN_LEN_RANGE));
    }
    Ok(Pin::new(pin)?)
}
