//! The table: every entry is there, and the library must be initialised before most of them.
#![expect(unsafe_code, reason = "the C boundary itself is under test")]

use std::ptr::null_mut;

use cryptoki_sys::*;

use crate::{
    bench::alone,
    raw::{Raw, call, length},
};

#[test]
fn what_the_token_does_not_do_it_says() {
    alone!(what_the_token_does_not_do_it_says, |bench| {
        bench.token();
        let (raw, session) = Raw::with_session();
        let s = session;
        let codes = [
            call!(raw, C_GetOperationState(s, null_mut(), null_mut())),
            call!(raw, C_SetOperationState(s, null_mut(), 0, 0, 0)),
            call!(raw, C_CopyObject(s, 1, null_mut(), 0, null_mut())),
            call!(raw, C_EncryptInit(s, null_mut(), 1)),
            call!(raw, C_Encrypt(s, null_mut(), 0, null_mut(), null_mut())),
            call!(
                raw,
                C_EncryptUpdate(s, null_mut(), 0, null_mut(), null_mut())
            ),
            call!(raw, C_EncryptFinal(s, null_mut(), null_mut())),
            call!(raw, C_DecryptInit(s, null_mut(), 1)),
            call!(raw, C_Decrypt(s, null_mut(), 0, null_mut(), null_mut())),
            call!(
                raw,
                C_DecryptUpdate(s, null_mut(), 0, null_mut(), null_mut())
            ),
            call!(raw, C_DecryptFinal(s, null_mut(), null_mut())),
            call!(raw, C_DigestInit(s, null_mut())),
            call!(raw, C_Digest(s, null_mut(), 0, null_mut(), null_mut())),
            call!(raw, C_DigestUpdate(s, null_mut(), 0)),
            call!(raw, C_DigestKey(s, 1)),
            call!(raw, C_DigestFinal(s, null_mut(), null_mut())),
            call!(raw, C_SignRecoverInit(s, null_mut(), 1)),
            call!(raw, C_SignRecover(s, null_mut(), 0, null_mut(), null_mut())),
            call!(raw, C_VerifyRecoverInit(s, null_mut(), 1)),
            call!(
                raw,
                C_VerifyRecover(s, null_mut(), 0, null_mut(), null_mut())
            ),
            call!(
                raw,
                C_DigestEncryptUpdate(s, null_mut(), 0, null_mut(), null_mut())
            ),
            call!(
                raw,
                C_DecryptDigestUpdate(s, null_mut(), 0, null_mut(), null_mut())
            ),
            call!(
                raw,
                C_SignEncryptUpdate(s, null_mut(), 0, null_mut(), null_mut())
            ),
            call!(
                raw,
                C_DecryptVerifyUpdate(s, null_mut(), 0, null_mut(), null_mut())
            ),
            call!(raw, C_GenerateKey(s, null_mut(), null_mut(), 0, null_mut())),
            call!(raw, C_WrapKey(s, null_mut(), 1, 1, null_mut(), null_mut())),
            call!(
                raw,
                C_UnwrapKey(s, null_mut(), 1, null_mut(), 0, null_mut(), 0, null_mut())
            ),
            call!(
                raw,
                C_DeriveKey(s, null_mut(), 1, null_mut(), 0, null_mut())
            ),
            call!(raw, C_GetFunctionStatus(s)),
            call!(raw, C_CancelFunction(s)),
        ];
        assert_eq!(codes, [CKR_FUNCTION_NOT_SUPPORTED; 30]);
    });
}

#[test]
fn nothing_works_before_the_library_is_initialised_nor_after_it_is_finalised() {
    alone!(
        nothing_works_before_the_library_is_initialised_nor_after_it_is_finalised,
        |bench| {
            bench.token();
            let raw = Raw::load();
            let refused = || {
                let codes = [
                    call!(raw, C_Finalize(null_mut())),
                    call!(raw, C_GetInfo(null_mut())),
                    call!(raw, C_GetSlotList(CK_TRUE, null_mut(), null_mut())),
                    call!(raw, C_CloseSession(1)),
                    call!(raw, C_DigestInit(1, null_mut())),
                ];
                assert_eq!(codes, [CKR_CRYPTOKI_NOT_INITIALIZED; 5]);
            };
            refused();
            assert_eq!(call!(raw, C_Initialize(null_mut())), CKR_OK);
            let code = call!(raw, C_Initialize(null_mut()));
            assert_eq!(code, CKR_CRYPTOKI_ALREADY_INITIALIZED);
            assert_eq!(call!(raw, C_Finalize(null_mut())), CKR_OK);
            refused();
            assert_eq!(call!(raw, C_Initialize(null_mut())), CKR_OK);
        }
    );
}

#[test]
fn a_program_chooses_how_the_library_locks() {
    unsafe extern "C" fn create(_: *mut *mut std::ffi::c_void) -> CK_RV {
        CKR_OK
    }
    unsafe extern "C" fn other(_: *mut std::ffi::c_void) -> CK_RV {
        CKR_OK
    }
    alone!(a_program_chooses_how_the_library_locks, |_| {
        let none = CK_C_INITIALIZE_ARGS {
            CreateMutex: None,
            DestroyMutex: None,
            LockMutex: None,
            UnlockMutex: None,
            flags: 0,
            pReserved: null_mut(),
        };
        let own = CK_C_INITIALIZE_ARGS {
            CreateMutex: Some(create),
            DestroyMutex: Some(other),
            LockMutex: Some(other),
            UnlockMutex: Some(other),
            ..none
        };
        let system = CKF_OS_LOCKING_OK;
        let half = CK_C_INITIALIZE_ARGS {
            UnlockMutex: None,
            ..own
        };
        let cases = [
            (none, CKR_OK),
            (
                CK_C_INITIALIZE_ARGS {
                    flags: system,
                    ..none
                },
                CKR_OK,
            ),
            (
                CK_C_INITIALIZE_ARGS {
                    flags: system,
                    ..own
                },
                CKR_OK,
            ),
            (own, CKR_CANT_LOCK),
            (half, CKR_ARGUMENTS_BAD),
        ];
        let raw = Raw::load();
        for (mut arguments, expected) in cases {
            assert_eq!(
                call!(raw, C_Initialize((&raw mut arguments).cast())),
                expected
            );
            if expected == CKR_OK {
                assert_eq!(call!(raw, C_Finalize(null_mut())), CKR_OK);
            }
        }
    });
}

#[test]
fn lists_tell_their_length_and_want_room_for_all() {
    alone!(lists_tell_their_length_and_want_room_for_all, |bench| {
        bench.token();
        let (raw, _) = Raw::with_session();
        let list = |into: &mut [CK_MECHANISM_TYPE], ask: bool| {
            let mut count = length(into);
            let into = if ask { null_mut() } else { into.as_mut_ptr() };
            let code = call!(raw, C_GetMechanismList(1, into, &raw mut count));
            (code, count)
        };
        assert_eq!(list(&mut [], true), (CKR_OK, 6));
        assert_eq!(list(&mut [0; 5], false), (CKR_BUFFER_TOO_SMALL, 6));
        let mut mechanisms = [0; 8];
        assert_eq!(list(&mut mechanisms, false), (CKR_OK, 6));
        for mechanism in mechanisms.into_iter().take(6) {
            let mut info = CK_MECHANISM_INFO::default();
            let code = call!(raw, C_GetMechanismInfo(1, mechanism, &raw mut info));
            assert_eq!(code, CKR_OK);
        }
        let mut count = 0;
        let code = call!(raw, C_GetMechanismList(99, null_mut(), &raw mut count));
        assert_eq!(code, CKR_SLOT_ID_INVALID);
    });
}

#[test]
fn random_bytes_are_given_and_no_seed_is_taken() {
    alone!(random_bytes_are_given_and_no_seed_is_taken, |bench| {
        bench.token();
        let (raw, session) = Raw::with_session();
        let mut random = [[0; 32]; 2];
        for bytes in &mut random {
            let code = call!(raw, C_GenerateRandom(session, bytes.as_mut_ptr(), 32));
            assert_eq!(code, CKR_OK);
        }
        assert_ne!(random[0], random[1]);
        let code = call!(raw, C_SeedRandom(session, null_mut(), 0));
        assert_eq!(code, CKR_RANDOM_SEED_NOT_SUPPORTED);
    });
}

#[test]
fn slot_events_never_come_and_are_not_waited_for() {
    alone!(slot_events_never_come_and_are_not_waited_for, |bench| {
        bench.token();
        let (raw, _) = Raw::with_session();
        let wait = |flags| {
            let mut slot = 0;
            call!(raw, C_WaitForSlotEvent(flags, &raw mut slot, null_mut()))
        };
        assert_eq!(wait(CKF_DONT_BLOCK), CKR_NO_EVENT);
        assert_eq!(wait(0), CKR_FUNCTION_NOT_SUPPORTED);
    });
}
