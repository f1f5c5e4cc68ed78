//! Scenarios: what each kind of accident does to the caller and to the token.
#![expect(unsafe_code, reason = "the C boundary itself is under test")]

use std::{ptr::null_mut, thread::sleep, time::Duration};

use chungthu_soft_token::provision::bring_back_tokens;
use cryptoki::{
    error::RvError,
    object::{Attribute, AttributeType, ObjectClass},
};
use cryptoki_sys::*;

use crate::{
    bench::{Bench, ID, OLD, PIN, RENEWED, all, alone, certificate, certificates, log_in, refusal},
    raw::{Raw, attribute, call, length, question},
};

/// Plays `part` in another process under the faults, then looks at the token without them.
fn play(bench: &Bench, faults: &str, part: impl FnOnce(&Bench), look: impl FnOnce(&Bench)) {
    match bench.part().as_str() {
        "" => {
            bench.office_token();
            bench.accident("accident", faults).succeed();
            look(bench);
        }
        _ => part(bench),
    }
}

fn values(bench: &Bench) -> Vec<Vec<u8>> {
    certificates(&bench.driver().reader())
}

#[test]
fn an_error_is_answered_at_the_call_it_is_for_and_calls_are_counted() {
    alone!(
        an_error_is_answered_at_the_call_it_is_for_and_calls_are_counted,
        |bench| play(
            bench,
            r#"{"at": {"function": "C_CreateObject", "nth": 2, "times": 2},
                "do": {"answer": "CKR_DEVICE_ERROR"}}"#,
            |bench| {
                let session = bench.driver().user();
                let template = certificate(RENEWED);
                session.create_object(&template).unwrap();
                for _ in 0..2 {
                    let code = refusal(session.create_object(&template));
                    assert_eq!(code, RvError::DeviceError);
                }
                session.create_object(&template).unwrap();
            },
            |bench| {
                assert_eq!(values(bench), [OLD, RENEWED, RENEWED]);
                let calls = bench.calls();
                assert_eq!(calls.first().map(String::as_str), Some("C_Initialize"));
                let created = calls.iter().filter(|call| *call == "C_CreateObject");
                assert_eq!(created.count(), 4);
            },
        )
    );
}

#[test]
fn behind_an_error_the_work_may_be_done_or_half_done() {
    alone!(behind_an_error_the_work_may_be_done_or_half_done, |bench| {
        play(
            bench,
            r#"{"at": {"function": "C_CreateObject", "nth": 1},
                "do": {"answer": 48, "effect": "done"}},
               {"at": {"function": "C_CreateObject", "nth": 2},
                "do": {"answer": "CKR_GENERAL_ERROR", "effect": "half"}},
               {"at": {"function": "C_SetAttributeValue", "nth": 1},
                "do": {"answer": "CKR_GENERAL_ERROR", "effect": "half"}},
               {"at": {"function": "C_DestroyObject", "nth": 1},
                "do": {"answer": "CKR_GENERAL_ERROR", "effect": "half"}}"#,
            |bench| {
                let session = bench.driver().user();
                let template = certificate(RENEWED);
                let code = refusal(session.create_object(&template));
                assert_eq!(code, RvError::DeviceError);
                let code = refusal(session.create_object(&template));
                assert_eq!(code, RvError::GeneralError);
                let objects = all(&session, ObjectClass::CERTIFICATE);
                let [old, whole, half] = objects.as_slice() else {
                    panic!("{objects:?}");
                };
                let read = |object, kind| session.get_attributes(object, &[kind]).unwrap();
                assert_eq!(read(*half, AttributeType::Value), []);
                let id = Attribute::Id(vec![9]);
                refusal(session.update_attributes(*whole, &[id]));
                assert_eq!(read(*whole, AttributeType::Id), [Attribute::Id(vec![])]);
                refusal(session.destroy_object(*old));
                assert_eq!(read(*old, AttributeType::Value), []);
            },
            |bench| {
                let session = bench.driver().reader();
                assert_eq!(all(&session, ObjectClass::CERTIFICATE).len(), 3);
            },
        );
    });
}

/// The lengths that two calls for a certificate's value tell, and the value.
fn tell(raw: &Raw, session: CK_SESSION_HANDLE) -> ([CK_ULONG; 2], Vec<u8>) {
    let object = raw.the(session, CKO_CERTIFICATE);
    let mut asked = [question(CKA_VALUE)];
    let answer = call!(
        raw,
        C_GetAttributeValue(session, object, asked.as_mut_ptr(), 1)
    );
    assert_eq!(answer, CKR_OK);
    let mut value = vec![0; 5000];
    let mut filled = [attribute(CKA_VALUE, &mut value)];
    let answer = call!(
        raw,
        C_GetAttributeValue(session, object, filled.as_mut_ptr(), 1)
    );
    assert_eq!(answer, CKR_OK);
    value.truncate(OLD.len());
    ([asked[0].ulValueLen, filled[0].ulValueLen], value)
}

#[test]
fn lengths_and_bytes_of_attributes_may_be_wrong() {
    alone!(lengths_and_bytes_of_attributes_may_be_wrong, |bench| {
        let of = |nth: u8, kind: &str| {
            format!(
                r#"{{"at": {{"function": "C_GetAttributeValue", "nth": {nth}, "times": 2}},
                    "do": {{"nonsense": "{kind}"}}}}"#
            )
        };
        let kinds = [
            "length-zero",
            "length-unavailable",
            "length-2-31",
            "length-2-63",
            "changed-bytes",
        ];
        let faults: Vec<String> = (0..)
            .zip(kinds)
            .map(|(n, kind)| of(2 * n + 1, kind))
            .collect();
        play(
            bench,
            &faults.join(","),
            |_| {
                let (raw, session) = Raw::with_session();
                let highest = 1 << (CK_ULONG::BITS - 1);
                for length in [0, CK_UNAVAILABLE_INFORMATION, 1 << 31, highest] {
                    let (lengths, value) = tell(&raw, session);
                    assert_eq!(lengths, [length; 2]);
                    assert_eq!(value, OLD);
                }
                let (lengths, value) = tell(&raw, session);
                assert_eq!(lengths, [length(OLD); 2]);
                assert_ne!(value, OLD);
                assert_eq!(tell(&raw, session).1, OLD);
            },
            |bench| assert_eq!(values(bench), [OLD]),
        );
    });
}

#[test]
fn counts_and_handles_may_be_wrong() {
    alone!(counts_and_handles_may_be_wrong, |bench| play(
        bench,
        r#"{"at": {"function": "C_GetSlotList", "nth": 1}, "do": {"nonsense": "larger-count"}},
           {"at": {"function": "C_FindObjects", "nth": 1}, "do": {"nonsense": "larger-count"}},
           {"at": {"function": "C_FindObjects", "nth": 2}, "do": {"nonsense": "zero-handle"}},
           {"at": {"function": "C_OpenSession", "nth": 2}, "do": {"nonsense": "zero-handle"}}"#,
        |_| {
            let (raw, session) = Raw::with_session();
            let mut count: CK_ULONG = 0;
            let mut found = [CK_ULONG::MAX; 1];
            call!(raw, C_GetSlotList(CK_TRUE, null_mut(), &raw mut count));
            assert!(count > 1000);
            call!(raw, C_FindObjectsInit(session, null_mut(), 0));
            call!(
                raw,
                C_FindObjects(session, found.as_mut_ptr(), 1, &raw mut count)
            );
            assert!(count > 1000 && found[0] != 0);
            call!(
                raw,
                C_FindObjects(session, found.as_mut_ptr(), 1, &raw mut count)
            );
            assert_eq!((count, found[0]), (1, 0));
            let (flags, mut opened) = (CKF_SERIAL_SESSION, 5);
            call!(
                raw,
                C_OpenSession(1, flags, null_mut(), None, &raw mut opened)
            );
            assert_eq!(opened, 0);
        },
        |_| {},
    ));
}

#[test]
fn a_token_may_speak_nonsense_and_store_nothing() {
    alone!(a_token_may_speak_nonsense_and_store_nothing, |bench| play(
        bench,
        r#"{"at": {"function": "C_GetTokenInfo", "nth": 1}, "do": {"nonsense": "bad-text"}},
           {"at": {"function": "C_GetTokenInfo", "nth": 2}, "do": {"nonsense": "junk-clock"}},
           {"at": {"function": "C_GetTokenInfo", "nth": 3}, "do": {"nonsense": "changed-bytes"}},
           {"at": {"function": "C_CreateObject", "nth": 1}, "do": {"nonsense": "not-stored"}},
           {"at": {"function": "C_DestroyObject", "nth": 1}, "do": {"nonsense": "not-stored"}}"#,
        |bench| {
            let (raw, session) = Raw::with_session();
            let info = || {
                // SAFETY: zeros are a token's words like any other.
                let mut info: CK_TOKEN_INFO = unsafe { std::mem::zeroed() };
                assert_eq!(call!(raw, C_GetTokenInfo(1, &raw mut info)), CKR_OK);
                info
            };
            let (text, clock, serial, plain) = (info(), info(), info(), info());
            assert!(str::from_utf8(&text.label).is_err() && text.label.contains(&0));
            assert!(clock.flags & CKF_CLOCK_ON_TOKEN != 0 && clock.utcTime.contains(&0));
            assert_ne!(serial.serialNumber, plain.serialNumber);
            assert_eq!(call!(raw, C_CloseSession(session)), CKR_OK);
            assert_eq!(call!(raw, C_Finalize(null_mut())), CKR_OK);

            let session = bench.driver().user();
            session.create_object(&certificate(RENEWED)).unwrap();
            let old = all(&session, ObjectClass::CERTIFICATE)[0];
            session.destroy_object(old).unwrap();
        },
        |bench| assert_eq!(values(bench), [OLD]),
    ));
}

#[test]
fn another_programs_logout_takes_the_right_to_write() {
    alone!(another_programs_logout_takes_the_right_to_write, |bench| {
        play(
            bench,
            r#"{"at": {"function": "C_CreateObject", "nth": 1}, "do": {"log-out": true}}"#,
            |bench| {
                let session = bench.driver().user();
                let code = refusal(session.create_object(&certificate(RENEWED)));
                assert_eq!(code, RvError::UserNotLoggedIn);
                log_in(&session, PIN).unwrap();
            },
            |bench| assert_eq!(values(bench), [OLD]),
        )
    });
}

#[test]
fn a_token_that_is_pulled_out_is_away_for_all_processes_until_it_returns() {
    alone!(
        a_token_that_is_pulled_out_is_away_for_all_processes_until_it_returns,
        |bench| match bench.part().as_str() {
            "" => {
                bench.office_token();
                let pulled = r#"{"at": {"function": "C_FindObjectsInit", "nth": 1}, "do": {"remove": true}}"#;
                let back =
                    r#"{"at": {"function": "C_GetSlotList", "nth": 5}, "do": {"return": true}}"#;
                bench
                    .accident("pulled", &format!("{pulled},{back}"))
                    .succeed();
                assert_eq!(values(bench), [OLD]);
                bench.accident("pulled for good", pulled).succeed();
                bench.witness("away").succeed();
                bring_back_tokens(&bench.folder).unwrap();
                assert_eq!(values(bench), [OLD]);
            }
            "away" => assert!(bench.driver().0.get_slots_with_token().unwrap().is_empty()),
            part => {
                let driver = bench.driver();
                let session = driver.reader();
                let template = [Attribute::Id(ID.to_vec())];
                let code = refusal(session.find_objects(&template));
                assert_eq!(code, RvError::DeviceRemoved);
                assert!(driver.0.get_slots_with_token().unwrap().is_empty());
                if part == "pulled" {
                    assert_eq!(driver.0.get_slots_with_token().unwrap().len(), 1);
                }
            }
        }
    );
}

#[test]
fn a_process_may_end_at_any_call() {
    alone!(a_process_may_end_at_any_call, |bench| {
        if !bench.part().is_empty() {
            let session = bench.driver().user();
            session.create_object(&certificate(RENEWED)).unwrap();
            return;
        }
        bench.office_token();
        let ends = [
            (r#""exit": 3"#, Some(3), 1),
            (r#""kill": "host-before""#, None, 1),
            (r#""kill": "host-after""#, None, 2),
        ];
        for (deed, status, certificates) in ends {
            let fault = format!(
                r#"{{"at": {{"function": "C_CreateObject", "nth": 1}}, "do": {{{deed}}}}}"#
            );
            let ended = bench.accident("ends", &fault).end();
            assert!(!ended.status.success());
            assert!(
                status.is_none() || ended.status.code() == status,
                "{ended:?}"
            );
            assert_eq!(values_in(bench, certificates), certificates);
        }
    });
}

/// How many certificates a process of its own sees.
fn values_in(bench: &Bench, expected: usize) -> usize {
    let driver = bench.fresh_driver(&format!("look{expected}{}", bench.calls().len()));
    certificates(&driver.reader()).len()
}

#[test]
fn a_call_may_hang_or_wait() {
    alone!(a_call_may_hang_or_wait, |bench| {
        if !bench.part().is_empty() {
            bench.driver().reader();
            return;
        }
        bench.office_token();
        let at = r#""at": {"function": "C_OpenSession", "nth": 1}"#;
        let mut hanging = bench.accident("hangs", &format!(r#"{{{at}, "do": {{"hang": true}}}}"#));
        let sign = bench.folder.join("go");
        let file = sign.to_str().unwrap().replace('\\', "/");
        sleep(Duration::from_millis(500));
        assert!(hanging.is_running());
        hanging.kill();
        let fault = format!(r#"{{{at}, "do": {{"wait-for": "{file}"}}}}"#);
        let mut waiting = bench.accident("waits", &fault);
        sleep(Duration::from_millis(500));
        assert!(waiting.is_running());
        std::fs::create_dir(&sign).unwrap();
        waiting.succeed();
    });
}

#[test]
fn a_driver_may_print_and_leave_threads_behind() {
    alone!(a_driver_may_print_and_leave_threads_behind, |bench| {
        if !bench.part().is_empty() {
            bench.driver().reader();
            return;
        }
        bench.office_token();
        let ended = bench
            .accident(
                "noise",
                r#"{"at": {"nth": 1}, "do": {"print": "ồn ào"}},
                   {"at": {"nth": 2}, "do": {"threads": 3}}"#,
            )
            .end();
        assert!(ended.status.success());
        assert!(String::from_utf8_lossy(&ended.stdout).contains("ồn ào"));
    });
}

#[test]
fn a_scenario_that_is_not_understood_keeps_the_library_from_starting() {
    alone!(
        a_scenario_that_is_not_understood_keeps_the_library_from_starting,
        |bench| {
            if bench.part().is_empty() {
                let fault = r#"{"at": {"nth": 1}, "do": {"hangs": true}}"#;
                bench.accident("starts", fault).succeed();
                return;
            }
            let raw = Raw::load();
            assert_eq!(call!(raw, C_Initialize(null_mut())), CKR_GENERAL_ERROR);
        }
    );
}
