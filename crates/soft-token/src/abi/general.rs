//! Entries about the library, the slots and the tokens.
#![expect(
    unsafe_code,
    reason = "entries of a C table take the caller's pointers"
)]

use std::{ffi::c_void, path::PathBuf};

use cryptoki_sys::*;

use super::{dispatch, memory};
use crate::{
    attribute,
    profile::{Arguments, Profile},
    provision::{DIRECTORY_VARIABLE, PROFILE_VARIABLE, SCENARIO_VARIABLE},
    refusal::Refusal,
};

pub(super) unsafe extern "C" fn initialize(arguments: *mut c_void) -> CK_RV {
    dispatch("C_Initialize", |library| {
        let profile = profile()?;
        let arguments: *const CK_C_INITIALIZE_ARGS = arguments.cast();
        let mut given = None;
        if !arguments.is_null() {
            // SAFETY: not null, so by the standard it points to the arguments.
            let arguments = unsafe { memory::read(arguments) }?;
            check_arguments(arguments)?;
            given = Some(Arguments {
                system_locks: arguments.flags & CKF_OS_LOCKING_OK != 0,
                init_string: profile.needs_init_string() && has_string(arguments),
            });
        }
        profile.accept_arguments(given)?;
        library.start(folder(), profile)
    })
}

/// Asked only where a string is wanted: what programs put there otherwise may be anything.
fn has_string(arguments: CK_C_INITIALIZE_ARGS) -> bool {
    let string: *const u8 = arguments.pReserved.cast();
    // SAFETY: a program that was told to give a string gives null or a string, which has a byte.
    unsafe { memory::read(string) }.is_ok_and(|first| first != 0)
}

/// The library locks with the system's own means, so a program that wants its mutexes used instead
/// is refused. The reserved field is looked over: some programs put something there.
fn check_arguments(arguments: CK_C_INITIALIZE_ARGS) -> Result<(), Refusal> {
    // Copied out first: on Windows the fields of the structure are unaligned.
    let (create, destroy) = (arguments.CreateMutex, arguments.DestroyMutex);
    let (lock, unlock) = (arguments.LockMutex, arguments.UnlockMutex);
    let callbacks = [
        create.is_some(),
        destroy.is_some(),
        lock.is_some(),
        unlock.is_some(),
    ];
    let any = callbacks.contains(&true);
    if any && callbacks.contains(&false) {
        return Err(Refusal(CKR_ARGUMENTS_BAD));
    }
    if any && arguments.flags & CKF_OS_LOCKING_OK == 0 {
        return Err(Refusal(CKR_CANT_LOCK));
    }
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a driver has no other way to learn where its tokens are"
)]
pub(super) fn folder() -> Option<PathBuf> {
    std::env::var_os(DIRECTORY_VARIABLE).map(PathBuf::from)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the program under test must not know, so only the environment can tell"
)]
pub(super) fn scenario_file() -> Option<PathBuf> {
    std::env::var_os(SCENARIO_VARIABLE).map(PathBuf::from)
}

/// The quirks to take on. A name that is none is an error that no other arguments would mend.
#[expect(
    clippy::disallowed_methods,
    reason = "the program under test must not know, so only the environment can tell"
)]
fn profile() -> Result<Profile, Refusal> {
    let names = std::env::var_os(PROFILE_VARIABLE).unwrap_or_default();
    let profile = names.to_str().and_then(Profile::parse);
    profile.ok_or(Refusal(CKR_GENERAL_ERROR))
}

pub(super) unsafe extern "C" fn finalize(reserved: *mut c_void) -> CK_RV {
    dispatch("C_Finalize", |library| {
        if !reserved.is_null() {
            return Err(Refusal(CKR_ARGUMENTS_BAD));
        }
        library.profile().end();
        library.stop();
        Ok(())
    })
}

pub(super) unsafe extern "C" fn get_info(info: *mut CK_INFO) -> CK_RV {
    dispatch("C_GetInfo", |library| {
        // SAFETY: the caller's promise about `info`.
        unsafe { memory::write(info, library.info()) }
    })
}

pub(super) unsafe extern "C" fn get_slot_list(
    with_token: CK_BBOOL,
    slots: *mut CK_SLOT_ID,
    count: *mut CK_ULONG,
) -> CK_RV {
    dispatch("C_GetSlotList", |library| {
        let list = library.slot_list(with_token != CK_FALSE, slots.is_null())?;
        let told = library.told_count(attribute::number(list.len()));
        // SAFETY: the caller's promise about `slots` and `count`.
        unsafe { memory::write_list(slots, count, &list, told) }
    })
}

pub(super) unsafe extern "C" fn get_slot_info(slot: CK_SLOT_ID, info: *mut CK_SLOT_INFO) -> CK_RV {
    dispatch("C_GetSlotInfo", |library| {
        let found = library.slot_info(slot)?;
        // SAFETY: the caller's promise about `info`.
        unsafe { memory::write(info, found) }
    })
}

pub(super) unsafe extern "C" fn get_token_info(
    slot: CK_SLOT_ID,
    info: *mut CK_TOKEN_INFO,
) -> CK_RV {
    dispatch("C_GetTokenInfo", |library| {
        let mut found = library.token_info(slot)?;
        library.tell_token(&mut found);
        // SAFETY: the caller's promise about `info`.
        unsafe { memory::write(info, found) }
    })
}

pub(super) unsafe extern "C" fn wait_for_slot_event(
    flags: CK_FLAGS,
    _slot: *mut CK_SLOT_ID,
    _reserved: *mut c_void,
) -> CK_RV {
    dispatch("C_WaitForSlotEvent", |_| {
        let waits = flags & CKF_DONT_BLOCK == 0;
        Err(Refusal(if waits {
            CKR_FUNCTION_NOT_SUPPORTED
        } else {
            CKR_NO_EVENT
        }))
    })
}

pub(super) unsafe extern "C" fn get_mechanism_list(
    slot: CK_SLOT_ID,
    mechanisms: *mut CK_MECHANISM_TYPE,
    count: *mut CK_ULONG,
) -> CK_RV {
    dispatch("C_GetMechanismList", |library| {
        let list = library.mechanisms(slot)?;
        let told = library.told_count(attribute::number(list.len()));
        // SAFETY: the caller's promise about `mechanisms` and `count`.
        unsafe { memory::write_list(mechanisms, count, &list, told) }
    })
}

pub(super) unsafe extern "C" fn get_mechanism_info(
    slot: CK_SLOT_ID,
    mechanism: CK_MECHANISM_TYPE,
    info: *mut CK_MECHANISM_INFO,
) -> CK_RV {
    dispatch("C_GetMechanismInfo", |library| {
        let found = library.mechanism_info(slot, mechanism)?;
        // SAFETY: the caller's promise about `info`.
        unsafe { memory::write(info, found) }
    })
}

pub(super) unsafe extern "C" fn init_token(
    slot: CK_SLOT_ID,
    pin: *mut CK_UTF8CHAR,
    pin_length: CK_ULONG,
    label: *mut CK_UTF8CHAR,
) -> CK_RV {
    dispatch("C_InitToken", |library| {
        if pin.is_null() {
            return Err(Refusal(CKR_ARGUMENTS_BAD));
        }
        // SAFETY: the caller's promise about `pin`.
        let pin = unsafe { memory::secret(pin, pin_length) }?;
        // SAFETY: by the standard a label has 32 bytes.
        let label = unsafe { memory::read(label.cast()) }?;
        library.initialise_token(slot, &label, &pin)
    })
}

pub(super) unsafe extern "C" fn init_pin(
    session: CK_SESSION_HANDLE,
    pin: *mut CK_UTF8CHAR,
    pin_length: CK_ULONG,
) -> CK_RV {
    dispatch("C_InitPIN", |library| {
        // SAFETY: the caller's promise about `pin`.
        let pin = unsafe { memory::secret(pin, pin_length) }?;
        library.initialise_pin(session, &pin)
    })
}

pub(super) unsafe extern "C" fn set_pin(
    session: CK_SESSION_HANDLE,
    old: *mut CK_UTF8CHAR,
    old_length: CK_ULONG,
    new: *mut CK_UTF8CHAR,
    new_length: CK_ULONG,
) -> CK_RV {
    dispatch("C_SetPIN", |library| {
        // SAFETY: the caller's promise about `old`.
        let old = unsafe { memory::secret(old, old_length) }?;
        // SAFETY: the caller's promise about `new`.
        let new = unsafe { memory::secret(new, new_length) }?;
        library.set_pin(session, &old, &new)
    })
}
