//! Profiles: how the library is ended, and what slots, tokens and sessions say of themselves.
#![expect(unsafe_code, reason = "the C boundary itself is under test")]

use std::{
    ptr::null_mut,
    time::{Duration, Instant},
};

use chungthu_soft_token::provision::TokenFile;
use cryptoki::{
    error::RvError,
    object::{AttributeType, ObjectClass},
};
use cryptoki_sys::*;

use crate::{
    bench::{Bench, LABEL, OLD, PIN, SO_PIN, all, alone, certificates, log_in, refusal},
    raw::{Raw, call, length},
};

/// Longer than any call takes on a busy machine; a hang is longer still.
const PATIENCE: Duration = Duration::from_secs(20);

/// Starts the library and ends it again.
fn start_and_end() {
    let raw = Raw::load();
    assert_eq!(call!(raw, C_Initialize(null_mut())), CKR_OK);
    assert_eq!(call!(raw, C_Finalize(null_mut())), CKR_OK);
}

#[test]
fn a_driver_may_crash_when_it_is_ended() {
    alone!(
        a_driver_may_crash_when_it_is_ended,
        "crashes-in-finalize",
        |bench| {
            if bench.part() == "end" {
                start_and_end();
                return;
            }
            let ended = bench.process("end").end_within(PATIENCE);
            assert!(!ended.unwrap().success());
        }
    );
}

#[test]
fn a_driver_may_hang_when_it_is_ended() {
    alone!(
        a_driver_may_hang_when_it_is_ended,
        "hangs-in-finalize",
        |bench| {
            let reached = bench.folder.join("reached");
            if bench.part() == "end" {
                let raw = Raw::load();
                assert_eq!(call!(raw, C_Initialize(null_mut())), CKR_OK);
                std::fs::write(&reached, "").unwrap();
                assert_eq!(call!(raw, C_Finalize(null_mut())), CKR_OK);
                return;
            }
            let ended = bench.process("end").end_within(Duration::from_secs(3));
            assert!(reached.exists(), "too slow a machine for this test");
            assert_eq!(ended, None);
        }
    );
}

#[test]
fn a_driver_may_be_slow() {
    alone!(a_driver_may_be_slow, "slow", |bench| {
        bench.office_token();
        let driver = bench.driver();
        let slot = driver.slot();
        let started = Instant::now();
        driver.0.get_token_info(slot).unwrap();
        assert!(started.elapsed() >= Duration::from_millis(20));
    });
}

/// What `C_GetSlotList` answers, without and with a buffer.
fn slot_list(raw: &Raw, counts_only: bool) -> (CK_RV, Vec<CK_SLOT_ID>) {
    let mut slots: [CK_SLOT_ID; 8] = [0; 8];
    let mut count = length(&slots);
    let buffer = if counts_only {
        null_mut()
    } else {
        slots.as_mut_ptr()
    };
    let answer = call!(raw, C_GetSlotList(CK_TRUE, buffer, &raw mut count));
    let count = usize::try_from(count).unwrap();
    let listed = if answer == CKR_OK {
        slots[..count].to_vec()
    } else {
        Vec::new()
    };
    (answer, listed)
}

fn two_tokens(bench: &Bench) -> Raw {
    bench.office_token();
    TokenFile::create(&bench.folder, "two", LABEL, SO_PIN, PIN).unwrap();
    let raw = Raw::load();
    assert_eq!(call!(raw, C_Initialize(null_mut())), CKR_OK);
    raw
}

#[test]
fn the_first_slot_list_may_fail() {
    alone!(
        the_first_slot_list_may_fail,
        "first-slot-list-fails",
        |bench| {
            let raw = two_tokens(bench);
            assert_eq!(slot_list(&raw, false), (CKR_GENERAL_ERROR, vec![]));
            assert_eq!(slot_list(&raw, false), (CKR_OK, vec![1, 2]));
        }
    );
}

#[test]
fn the_first_slot_list_may_be_empty() {
    alone!(
        the_first_slot_list_may_be_empty,
        "first-slot-list-empty",
        |bench| {
            let raw = two_tokens(bench);
            assert_eq!(slot_list(&raw, false), (CKR_OK, vec![]));
            assert_eq!(slot_list(&raw, false), (CKR_OK, vec![1, 2]));
        }
    );
}

#[test]
fn there_may_be_more_slots_than_were_counted() {
    alone!(
        there_may_be_more_slots_than_were_counted,
        "slot-count-grows",
        |bench| {
            let raw = two_tokens(bench);
            assert_eq!(slot_list(&raw, true).1.len(), 1);
            assert_eq!(slot_list(&raw, false), (CKR_OK, vec![1, 2]));
            let (mut slots, mut count): ([CK_SLOT_ID; 1], _) = ([0], 1);
            let buffer = slots.as_mut_ptr();
            let answer = call!(raw, C_GetSlotList(CK_TRUE, buffer, &raw mut count));
            assert_eq!(answer, CKR_BUFFER_TOO_SMALL);
        }
    );
}

#[test]
fn one_slot_may_be_bad() {
    alone!(one_slot_may_be_bad, "bad-slot", |bench| {
        bench.office_token();
        let driver = bench.driver();
        let slots = driver.0.get_slots_with_token().unwrap();
        let [bad, good] = slots[..] else {
            panic!("{slots:?}");
        };
        let failures = [
            refusal(driver.0.get_slot_info(bad)),
            refusal(driver.0.get_token_info(bad)),
            refusal(driver.0.open_ro_session(bad)),
        ];
        assert_eq!(failures, [RvError::DeviceError; 3]);
        let session = driver.0.open_ro_session(good).unwrap();
        assert_eq!(certificates(&session), [OLD]);
    });
}

/// What the first token says of itself, byte for byte.
fn token_info(raw: &Raw) -> CK_TOKEN_INFO {
    let mut info = CK_TOKEN_INFO::default();
    assert_eq!(call!(raw, C_GetTokenInfo(1, &raw mut info)), CKR_OK);
    info
}

fn info_of(bench: &Bench) -> CK_TOKEN_INFO {
    bench.office_token();
    let raw = Raw::load();
    assert_eq!(call!(raw, C_Initialize(null_mut())), CKR_OK);
    token_info(&raw)
}

#[test]
fn texts_may_be_dirty() {
    alone!(texts_may_be_dirty, "dirty-labels", |bench| {
        let info = info_of(bench);
        let (label, model, serial) = (info.label, info.model, info.serialNumber);
        for text in [&label[..], &model[..], &serial[..]] {
            assert!(text.contains(&0) && text.contains(&0x1b), "{text:?}");
            assert!(str::from_utf8(text).is_err(), "{text:?}");
        }
        let mut parts = label.windows(LABEL.len());
        assert!(parts.any(|part| part == LABEL.as_bytes()), "{label:?}");
        let raw = Raw::load();
        let mut slot = CK_SLOT_INFO::default();
        assert_eq!(call!(raw, C_GetSlotInfo(1, &raw mut slot)), CKR_OK);
        let description = slot.slotDescription;
        assert!(description.contains(&0), "{description:?}");
        let mut library = CK_INFO::default();
        assert_eq!(call!(raw, C_GetInfo(&raw mut library)), CKR_OK);
        let description = library.libraryDescription;
        assert!(description.contains(&0), "{description:?}");
    });
}

#[test]
fn a_token_may_have_no_serial() {
    alone!(a_token_may_have_no_serial, "no-serial", |bench| {
        let serial = info_of(bench).serialNumber;
        assert_eq!(serial, [b' '; 16]);
    });
}

#[test]
fn a_token_may_have_zeros_for_a_serial() {
    alone!(
        a_token_may_have_zeros_for_a_serial,
        "zero-serial",
        |bench| {
            let serial = info_of(bench).serialNumber;
            assert_eq!(serial, [b'0'; 16]);
        }
    );
}

#[test]
fn flags_may_have_bits_that_nobody_knows() {
    alone!(
        flags_may_have_bits_that_nobody_knows,
        "unknown-flag-bits",
        |bench| {
            let flags = info_of(bench).flags;
            let known =
                CKF_RNG | CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED | CKF_TOKEN_INITIALIZED;
            assert_eq!(flags & known, known);
            assert_eq!(flags & 0x8000, 0x8000);
            for not_set in [CKF_WRITE_PROTECTED, CKF_USER_PIN_LOCKED] {
                assert_eq!(flags & not_set, 0);
            }
        }
    );
}

#[test]
fn a_token_may_hide_that_it_wants_a_login() {
    alone!(
        a_token_may_hide_that_it_wants_a_login,
        "no-login-required-flag",
        |bench| {
            bench.office_token();
            let driver = bench.driver();
            assert!(!driver.info().login_required());
            assert!(all(&driver.reader(), ObjectClass::PRIVATE_KEY).is_empty());
            assert_eq!(all(&driver.user(), ObjectClass::PRIVATE_KEY).len(), 1);
        }
    );
}

#[test]
fn a_clock_may_show_junk() {
    alone!(a_clock_may_show_junk, "junk-clock", |bench| {
        let info = info_of(bench);
        let (flags, time) = (info.flags, info.utcTime);
        assert_ne!(flags & CKF_CLOCK_ON_TOKEN, 0);
        assert!(time.iter().any(|digit| !digit.is_ascii_digit()));
    });
}

#[test]
fn a_label_may_be_the_name_in_the_certificate() {
    alone!(
        a_label_may_be_the_name_in_the_certificate,
        "label-changes-with-certificate",
        |bench| {
            let token = bench.token();
            let raw = Raw::load();
            assert_eq!(call!(raw, C_Initialize(null_mut())), CKR_OK);
            let label = || String::from_utf8_lossy(&{ token_info(&raw).label }).into_owned();
            assert_eq!(label().trim_end(), LABEL);
            token.add_certificate(OLD, &[1], "").unwrap();
            let name = label();
            let name = name.trim_end_matches([' ', '\u{fffd}']);
            assert_ne!(name, LABEL);
            let mut parts = OLD.windows(name.len());
            assert!(parts.any(|part| part == name.as_bytes()), "{name}");
        }
    );
}

#[test]
fn handles_may_change_with_each_session_and_each_login() {
    alone!(
        handles_may_change_with_each_session_and_each_login,
        "handles-change",
        |bench| {
            bench.office_token();
            let driver = bench.driver();
            let session = driver.writer();
            let certificate = || all(&session, ObjectClass::CERTIFICATE)[0];
            let read = |handle| session.get_attributes(handle, &[AttributeType::Id]);
            let first = certificate();
            assert_eq!(certificate(), first);
            read(first).unwrap();
            let _second_session = driver.reader();
            assert_eq!(refusal(read(first)), RvError::ObjectHandleInvalid);
            let second = certificate();
            log_in(&session, PIN).unwrap();
            assert_eq!(refusal(read(second)), RvError::ObjectHandleInvalid);
            read(certificate()).unwrap();
        }
    );
}

#[test]
fn a_second_process_may_find_no_token() {
    alone!(
        a_second_process_may_find_no_token,
        "no-second-process",
        |bench| {
            if bench.part() == "none" {
                let driver = bench.driver();
                assert!(driver.0.get_slots_with_token().unwrap().is_empty());
                let slot = driver.0.get_all_slots().unwrap()[0];
                assert_eq!(
                    refusal(driver.0.open_ro_session(slot)),
                    RvError::TokenNotPresent
                );
                return;
            }
            if bench.part() == "one" {
                assert_eq!(certificates(&bench.driver().reader()), [OLD]);
                return;
            }
            bench.office_token();
            let driver = bench.driver();
            bench.process("one").succeed();
            let session = driver.reader();
            bench.process("none").succeed();
            assert_eq!(certificates(&session), [OLD]);
            drop(session);
            bench.process("one").succeed();
        }
    );
}
