//! Entries about sessions and logins.
#![expect(
    unsafe_code,
    reason = "entries of a C table take the caller's pointers"
)]

use std::ffi::c_void;

use cryptoki_sys::*;

use super::{dispatch, memory};
use crate::refusal::Refusal;

pub(super) unsafe extern "C" fn open_session(
    slot: CK_SLOT_ID,
    flags: CK_FLAGS,
    _application: *mut c_void,
    _notify: CK_NOTIFY,
    session: *mut CK_SESSION_HANDLE,
) -> CK_RV {
    dispatch("C_OpenSession", |library| {
        if session.is_null() {
            return Err(Refusal(CKR_ARGUMENTS_BAD));
        }
        let opened = library.open_session(slot, flags)?;
        // SAFETY: the caller's promise about `session`.
        unsafe { memory::write(session, library.told_handle(opened)) }
    })
}

pub(super) unsafe extern "C" fn close_session(session: CK_SESSION_HANDLE) -> CK_RV {
    dispatch("C_CloseSession", |library| library.close_session(session))
}

pub(super) unsafe extern "C" fn close_all_sessions(slot: CK_SLOT_ID) -> CK_RV {
    dispatch("C_CloseAllSessions", |library| {
        library.close_all_sessions(slot)
    })
}

pub(super) unsafe extern "C" fn get_session_info(
    session: CK_SESSION_HANDLE,
    info: *mut CK_SESSION_INFO,
) -> CK_RV {
    dispatch("C_GetSessionInfo", |library| {
        let found = library.session_info(session)?;
        // SAFETY: the caller's promise about `info`.
        unsafe { memory::write(info, found) }
    })
}

pub(super) unsafe extern "C" fn login(
    session: CK_SESSION_HANDLE,
    user_type: CK_USER_TYPE,
    pin: *mut CK_UTF8CHAR,
    pin_length: CK_ULONG,
) -> CK_RV {
    dispatch("C_Login", |library| {
        // A null PIN asks for a keypad, which this token has not.
        if pin.is_null() {
            return Err(Refusal(CKR_ARGUMENTS_BAD));
        }
        // SAFETY: the caller's promise about `pin`.
        let pin = unsafe { memory::secret(pin, pin_length) }?;
        library.log_in(session, user_type, &pin)
    })
}

pub(super) unsafe extern "C" fn logout(session: CK_SESSION_HANDLE) -> CK_RV {
    dispatch("C_Logout", |library| library.log_out(session))
}
