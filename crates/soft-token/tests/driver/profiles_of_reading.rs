//! Profiles: what searches, attributes and signatures answer.
#![expect(unsafe_code, reason = "the C boundary itself is under test")]

use chungthu_soft_token::provision::{KeyDescription, KeyKind};
use cryptoki::{
    error::RvError,
    mechanism::Mechanism,
    object::{Attribute, ObjectClass},
};
use cryptoki_sys::*;

use crate::{
    bench::{OLD, RENEWED, all, alone, refusal},
    raw::{Raw, attribute, call, length, question},
};

/// The steps of a search for all objects: what each call answers, and how many it tells.
fn steps(raw: &Raw, session: CK_SESSION_HANDLE) -> Vec<(CK_RV, CK_ULONG)> {
    let begun = call!(raw, C_FindObjectsInit(session, std::ptr::null_mut(), 0));
    assert_eq!(begun, CKR_OK);
    let mut steps = Vec::new();
    loop {
        let (mut found, mut count) = ([0; 10], 0);
        let into = found.as_mut_ptr();
        let answer = call!(raw, C_FindObjects(session, into, 10, &raw mut count));
        steps.push((answer, count));
        if answer != CKR_OK || count == 0 {
            assert_eq!(call!(raw, C_FindObjectsFinal(session)), CKR_OK);
            return steps;
        }
    }
}

#[test]
fn a_search_may_tell_one_object_at_a_time() {
    alone!(
        a_search_may_tell_one_object_at_a_time,
        "finds-one-at-a-time",
        |bench| {
            bench.office_token(); // the public key and the certificate show
            let (raw, session) = Raw::with_session();
            let one = (CKR_OK, 1);
            assert_eq!(steps(&raw, session), [one, one, (CKR_OK, 0)]);
        }
    );
}

#[test]
fn a_search_may_fail_after_two_objects() {
    alone!(
        a_search_may_fail_after_two_objects,
        "search-fails-after-two",
        |bench| {
            let token = bench.office_token();
            let (raw, session) = Raw::with_session();
            assert_eq!(steps(&raw, session), [(CKR_OK, 2), (CKR_OK, 0)]);
            token.add_certificate(RENEWED, &[1], "").unwrap();
            let failed = (CKR_DEVICE_ERROR, 0);
            assert_eq!(steps(&raw, session), [(CKR_OK, 2), failed]);
        }
    );
}

#[test]
fn a_search_may_find_whatever_is_shown() {
    alone!(
        a_search_may_find_whatever_is_shown,
        "search-ignores-template",
        |bench| {
            bench.office_token();
            let driver = bench.driver();
            assert_eq!(all(&driver.reader(), ObjectClass::SECRET_KEY).len(), 2);
            assert_eq!(all(&driver.user(), ObjectClass::CERTIFICATE).len(), 3);
        }
    );
}

/// What a call for the value, the start date (which is absent) and the class of the certificate says:
/// its code and the three lengths.
fn lengths(raw: &Raw, session: CK_SESSION_HANDLE, with_buffers: bool) -> (CK_RV, [CK_ULONG; 3]) {
    let certificate = raw.the(session, CKO_CERTIFICATE);
    let mut value = [0; 4096];
    let (mut date, mut class) = ([0; 8], [0; size_of::<CK_ULONG>()]);
    let mut template = if with_buffers {
        [
            attribute(CKA_VALUE, &mut value),
            attribute(CKA_START_DATE, &mut date),
            attribute(CKA_CLASS, &mut class),
        ]
    } else {
        [CKA_VALUE, CKA_START_DATE, CKA_CLASS].map(question)
    };
    let count = length(&template);
    let entries = template.as_mut_ptr();
    let answer = call!(
        raw,
        C_GetAttributeValue(session, certificate, entries, count)
    );
    (answer, template.map(|entry| entry.ulValueLen))
}

#[test]
fn without_a_profile_an_absent_attribute_is_the_calls_code_and_the_others_are_filled() {
    alone!(
        without_a_profile_an_absent_attribute_is_the_calls_code_and_the_others_are_filled,
        |bench| {
            bench.office_token();
            let (raw, session) = Raw::with_session();
            let class = length(&CKO_CERTIFICATE.to_ne_bytes());
            let told = [length(OLD), CK_UNAVAILABLE_INFORMATION, class];
            assert_eq!(
                lengths(&raw, session, true),
                (CKR_ATTRIBUTE_TYPE_INVALID, told)
            );
        }
    );
}

#[test]
fn one_absent_attribute_may_leave_all_unread() {
    alone!(
        one_absent_attribute_may_leave_all_unread,
        "one-bad-attribute-fails-all",
        |bench| {
            bench.office_token();
            let (raw, session) = Raw::with_session();
            let class = length(&CKO_CERTIFICATE.to_ne_bytes());
            let untouched = (CKR_ATTRIBUTE_TYPE_INVALID, [4096, 8, class]);
            assert_eq!(lengths(&raw, session, true), untouched);
        }
    );
}

#[test]
fn an_absent_attribute_may_be_no_error() {
    alone!(
        an_absent_attribute_may_be_no_error,
        "absent-is-ok-with-length-minus-one",
        |bench| {
            bench.office_token();
            let (raw, session) = Raw::with_session();
            let class = length(&CKO_CERTIFICATE.to_ne_bytes());
            let told = [length(OLD), CK_UNAVAILABLE_INFORMATION, class];
            assert_eq!(lengths(&raw, session, true), (CKR_OK, told));
        }
    );
}

#[test]
fn an_absent_attribute_may_have_a_length_that_is_none() {
    alone!(
        an_absent_attribute_may_have_a_length_that_is_none,
        "nonsense-lengths",
        |bench| {
            bench.office_token();
            let (raw, session) = Raw::with_session();
            let (answer, [value, date, class]) = lengths(&raw, session, true);
            assert_eq!((answer, value), (CKR_OK, length(OLD)));
            assert_eq!(class, length(&CKO_CERTIFICATE.to_ne_bytes()));
            assert!(date >= 1 << 31, "{date}");
        }
    );
}

#[test]
fn optional_attributes_may_have_a_length_that_is_none() {
    alone!(
        optional_attributes_may_have_a_length_that_is_none,
        "nonsense-lengths-of-optional-attributes",
        |bench| {
            bench.office_token();
            let (raw, session) = Raw::with_session();
            let certificate = raw.the(session, CKO_CERTIFICATE);
            let mut template = [CKA_LABEL, CKA_SUBJECT, CKA_ID].map(question);
            let entries = template.as_mut_ptr();
            let answer = call!(raw, C_GetAttributeValue(session, certificate, entries, 3));
            let [label, subject, id] = template.map(|entry| entry.ulValueLen);
            assert_eq!((answer, id), (CKR_OK, 1));
            assert!(label >= 1 << 31 && subject >= 1 << 31, "{label} {subject}");
        }
    );
}

#[test]
fn a_length_may_go_beyond_the_buffer() {
    alone!(
        a_length_may_go_beyond_the_buffer,
        "lengths-beyond-buffers",
        |bench| {
            bench.office_token();
            let (raw, session) = Raw::with_session();
            let class = length(&CKO_CERTIFICATE.to_ne_bytes());
            let (_, told) = lengths(&raw, session, false);
            assert_eq!(told, [length(OLD), CK_UNAVAILABLE_INFORMATION, class]);
            let (_, told) = lengths(&raw, session, true);
            assert_eq!(told, [4097, CK_UNAVAILABLE_INFORMATION, class + 1]);
        }
    );
}

#[test]
fn keys_may_sign_only_what_is_hashed() {
    alone!(
        keys_may_sign_only_what_is_hashed,
        "no-hashing-mechanisms",
        |bench| {
            bench.office_token();
            let session = bench.driver().user();
            let key = all(&session, ObjectClass::PRIVATE_KEY)[0];
            let refused = session.sign(&Mechanism::Sha256RsaPkcs, key, b"x");
            assert_eq!(refusal(refused), RvError::MechanismInvalid);
            session.sign(&Mechanism::RsaPkcs, key, b"x").unwrap();
        }
    );
}

#[test]
fn keys_may_sign_only_what_they_hash() {
    alone!(
        keys_may_sign_only_what_they_hash,
        "no-plain-mechanisms",
        |bench| {
            let token = bench.token();
            let key = KeyDescription::new(&[2], "");
            token.generate_key_pair(KeyKind::P256, &key).unwrap();
            let session = bench.driver().user();
            let key = all(&session, ObjectClass::PRIVATE_KEY)[0];
            let refused = session.sign(&Mechanism::Ecdsa, key, &[7; 32]);
            assert_eq!(refusal(refused), RvError::MechanismInvalid);
            session.sign(&Mechanism::EcdsaSha256, key, b"x").unwrap();
        }
    );
}

#[test]
fn a_search_under_way_may_keep_objects_from_being_destroyed() {
    alone!(
        a_search_under_way_may_keep_objects_from_being_destroyed,
        "destroy-fails-during-search",
        |bench| {
            bench.office_token();
            let (raw, session) = Raw::with_session();
            raw.log_in(session);
            let certificate = raw.the(session, CKO_CERTIFICATE);
            let begun = call!(raw, C_FindObjectsInit(session, std::ptr::null_mut(), 0));
            assert_eq!(begun, CKR_OK);
            let destroy = || call!(raw, C_DestroyObject(session, certificate));
            assert_eq!(destroy(), CKR_OPERATION_ACTIVE);
            assert_eq!(call!(raw, C_FindObjectsFinal(session)), CKR_OK);
            assert_eq!(destroy(), CKR_OK);
        }
    );
}

#[test]
fn an_empty_attribute_may_crash_the_driver() {
    alone!(
        an_empty_attribute_may_crash_the_driver,
        "empty-attribute-crashes",
        |bench| {
            if bench.part() == "search" {
                let session = bench.driver().reader();
                session.find_objects(&[Attribute::Id(vec![1])]).unwrap();
                std::fs::write(bench.folder.join("reached"), "").unwrap();
                session.find_objects(&[Attribute::Id(vec![])]).unwrap();
                return;
            }
            bench.office_token();
            let process = bench.process("search");
            let ended = process.end_within(std::time::Duration::from_secs(20));
            assert!(!ended.unwrap().success());
            assert!(bench.folder.join("reached").exists());
        }
    );
}
