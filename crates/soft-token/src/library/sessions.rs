//! Sessions: opening, closing, and what each one is in the middle of.

use cryptoki_sys::*;

use super::{
    Library, Role,
    search::Search,
    signing::{Signing, Verifying},
};
use crate::refusal::Refusal;

/// One session of this process.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) slot: CK_SLOT_ID,
    pub(super) writable: bool,
    pub(super) search: Option<Search>,
    pub(super) signing: Option<Signing>,
    pub(super) verifying: Option<Verifying>,
}

impl Library {
    pub(crate) fn open_session(
        &mut self,
        slot: CK_SLOT_ID,
        flags: CK_FLAGS,
    ) -> Result<CK_SESSION_HANDLE, Refusal> {
        let found = self.slot_with_token(slot)?;
        if flags & CKF_SERIAL_SESSION == 0 {
            return Err(Refusal(CKR_SESSION_PARALLEL_NOT_SUPPORTED));
        }
        if !found.store.read()?.is_initialised() {
            return Err(Refusal(CKR_TOKEN_NOT_RECOGNIZED));
        }
        let writable = flags & CKF_RW_SESSION != 0;
        if !writable && found.login == Some(Role::SecurityOfficer) {
            return Err(Refusal(CKR_SESSION_READ_WRITE_SO_EXISTS));
        }
        if writable {
            self.profile.accept_writing_session()?;
        }
        self.last_session += 1;
        let session = Session {
            slot,
            writable,
            search: None,
            signing: None,
            verifying: None,
        };
        self.sessions.insert(self.last_session, session);
        self.change_handles(slot);
        let profile = self.profile;
        let found = self.slot(slot)?;
        if found.claim.is_none() {
            found.claim = profile.claim(&found.store);
        }
        Ok(self.last_session)
    }

    pub(crate) fn close_session(&mut self, handle: CK_SESSION_HANDLE) -> Result<(), Refusal> {
        let slot = self.session(handle)?.slot;
        self.sessions.remove(&handle);
        self.drop_session_objects(slot, |owner, _| owner == handle);
        if !self.sessions.values().any(|session| session.slot == slot) {
            self.end_login(slot);
            self.end_claim(slot);
        }
        Ok(())
    }

    /// A new session and a new login give objects new handles, where a quirk has it so.
    pub(super) fn change_handles(&mut self, slot: CK_SLOT_ID) {
        if self.profile.changes_handles() {
            self.handles.forget(|place| place.slot == slot);
        }
    }

    pub(crate) fn close_all_sessions(&mut self, slot: CK_SLOT_ID) -> Result<(), Refusal> {
        self.slot(slot)?;
        self.close_sessions_of(slot);
        Ok(())
    }

    pub(super) fn close_sessions_of(&mut self, slot: CK_SLOT_ID) {
        self.sessions.retain(|_, session| session.slot != slot);
        self.drop_session_objects(slot, |_, _| true);
        self.end_login(slot);
        self.end_claim(slot);
    }

    fn end_claim(&mut self, slot: CK_SLOT_ID) {
        if let Some(slot) = self.slots.get_mut(&slot) {
            slot.claim = None;
        }
    }

    pub(crate) fn session_info(
        &mut self,
        handle: CK_SESSION_HANDLE,
    ) -> Result<CK_SESSION_INFO, Refusal> {
        let session = self.session(handle)?;
        let (id, writable) = (session.slot, session.writable);
        let slot = self.slot(id)?;
        // A token that was pulled out has no state to tell.
        slot.store.read()?;
        let state = match (slot.login, writable) {
            (None, false) => CKS_RO_PUBLIC_SESSION,
            (None, true) => CKS_RW_PUBLIC_SESSION,
            (Some(Role::User), false) => CKS_RO_USER_FUNCTIONS,
            (Some(Role::User), true) => CKS_RW_USER_FUNCTIONS,
            (Some(Role::SecurityOfficer), _) => CKS_RW_SO_FUNCTIONS,
        };
        let rights = if writable { CKF_RW_SESSION } else { 0 };
        Ok(CK_SESSION_INFO {
            slotID: id,
            state,
            flags: CKF_SERIAL_SESSION | rights,
            ulDeviceError: 0,
        })
    }
}
