//! Profiles: how the library is started, and what a process with a quirk sees of a token.
#![expect(unsafe_code, reason = "the C boundary itself is under test")]

use std::ptr::null_mut;

use chungthu_soft_token::provision::{KeyDescription, KeyKind};
use cryptoki::{
    error::RvError,
    mechanism::Mechanism,
    object::{Attribute, AttributeType, ObjectClass, ObjectHandle},
    session::Session,
};
use cryptoki_sys::*;

use crate::{
    bench::{Bench, ID, OLD, PIN, all, alone, certificates, log_in, refusal},
    raw::{Raw, call},
};

const ID_AND_NUL: [u8; 2] = [ID[0], 0];
const P256_PARAMETERS: [u8; 10] = [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];

/// What `C_Initialize` answers to no arguments, to locking by the system, and to that with a string.
fn starts() -> [CK_RV; 3] {
    let raw = Raw::load();
    let mut string = *b"configdir='x'\0";
    let mut arguments = CK_C_INITIALIZE_ARGS {
        CreateMutex: None,
        DestroyMutex: None,
        LockMutex: None,
        UnlockMutex: None,
        flags: CKF_OS_LOCKING_OK,
        pReserved: null_mut(),
    };
    let start = |arguments: *mut CK_C_INITIALIZE_ARGS| {
        let answer = call!(raw, C_Initialize(arguments.cast()));
        if answer == CKR_OK {
            assert_eq!(call!(raw, C_Finalize(null_mut())), CKR_OK);
        }
        answer
    };
    let (none, locking) = (start(null_mut()), start(&raw mut arguments));
    arguments.pReserved = string.as_mut_ptr().cast();
    [none, locking, start(&raw mut arguments)]
}

#[test]
fn a_misspelt_profile_keeps_the_library_from_starting() {
    alone!(
        a_misspelt_profile_keeps_the_library_from_starting,
        "read-only,red-only",
        |_| assert_eq!(starts(), [CKR_GENERAL_ERROR; 3])
    );
}

#[test]
fn without_a_profile_any_arguments_will_do() {
    alone!(without_a_profile_any_arguments_will_do, |_| assert_eq!(
        starts(),
        [CKR_OK; 3]
    ));
}

#[test]
fn a_driver_may_need_an_init_string() {
    alone!(
        a_driver_may_need_an_init_string,
        "needs-init-string",
        |_| assert_eq!(starts(), [CKR_ARGUMENTS_BAD, CKR_ARGUMENTS_BAD, CKR_OK])
    );
}

#[test]
fn a_driver_may_refuse_to_start_without_arguments() {
    alone!(
        a_driver_may_refuse_to_start_without_arguments,
        "no-null-arguments",
        |_| assert_eq!(starts(), [CKR_ARGUMENTS_BAD, CKR_OK, CKR_OK])
    );
}

#[test]
fn a_driver_may_refuse_locking_arguments() {
    alone!(
        a_driver_may_refuse_locking_arguments,
        "no-locking-arguments",
        |_| assert_eq!(starts(), [CKR_OK, CKR_CANT_LOCK, CKR_CANT_LOCK])
    );
}

/// A token with an RSA key of id 1, its certificate, and a P-256 key of id 2.
fn furnish(bench: &Bench) {
    let token = bench.office_token();
    token
        .generate_key_pair(KeyKind::P256, &KeyDescription::new(&[2], ""))
        .unwrap();
}

/// How many private keys, public keys and certificates the session sees.
fn counts(session: &Session) -> [usize; 3] {
    [
        ObjectClass::PRIVATE_KEY,
        ObjectClass::PUBLIC_KEY,
        ObjectClass::CERTIFICATE,
    ]
    .map(|class| all(session, class).len())
}

/// The keys of a class, RSA first: a token lists in the order in which things came.
fn keys(session: &Session, class: ObjectClass) -> [ObjectHandle; 2] {
    all(session, class).try_into().unwrap()
}

fn value(session: &Session, object: ObjectHandle, wanted: AttributeType) -> Option<Vec<u8>> {
    match session.get_attributes(object, &[wanted]).unwrap().pop() {
        Some(
            Attribute::Modulus(bytes)
            | Attribute::PublicExponent(bytes)
            | Attribute::EcPoint(bytes)
            | Attribute::EcParams(bytes)
            | Attribute::Id(bytes),
        ) => Some(bytes),
        None => None,
        other => panic!("{other:?}"),
    }
}

#[test]
fn public_keys_may_be_missing() {
    alone!(
        public_keys_may_be_missing,
        "no-public-key-objects",
        |bench| {
            furnish(bench);
            assert_eq!(counts(&bench.driver().user()), [2, 0, 1]);
        }
    );
}

#[test]
fn private_keys_may_tell_nothing_of_themselves() {
    alone!(
        private_keys_may_tell_nothing_of_themselves,
        "no-public-values-on-private-keys,ec-points-on-private-keys",
        |bench| {
            furnish(bench);
            let driver = bench.driver();
            let session = driver.user();
            for key in keys(&session, ObjectClass::PRIVATE_KEY) {
                for wanted in [
                    AttributeType::Modulus,
                    AttributeType::PublicExponent,
                    AttributeType::EcPoint,
                ] {
                    assert_eq!(value(&session, key, wanted), None);
                }
                assert!(value(&session, key, AttributeType::Id).is_some());
            }
            // The public half still tells, and the key still signs.
            let [rsa, _] = keys(&session, ObjectClass::PUBLIC_KEY);
            assert!(value(&session, rsa, AttributeType::Modulus).is_some());
            let [rsa, _] = keys(&session, ObjectClass::PRIVATE_KEY);
            session.sign(&Mechanism::Sha256RsaPkcs, rsa, b"x").unwrap();
        }
    );
}

#[test]
fn a_private_ec_key_may_show_its_point() {
    alone!(
        a_private_ec_key_may_show_its_point,
        "ec-points-on-private-keys",
        |bench| {
            furnish(bench);
            let driver = bench.driver();
            let session = driver.user();
            let point = |class| value(&session, keys(&session, class)[1], AttributeType::EcPoint);
            let private = point(ObjectClass::PRIVATE_KEY);
            assert!(private.is_some());
            assert_eq!(private, point(ObjectClass::PUBLIC_KEY));
        }
    );
}

#[test]
fn a_point_may_be_raw_and_its_curve_spelt_out() {
    alone!(
        a_point_may_be_raw_and_its_curve_spelt_out,
        "raw-ec-points,explicit-ec-parameters",
        |bench| {
            furnish(bench);
            let driver = bench.driver();
            let session = driver.user();
            let [_, public] = keys(&session, ObjectClass::PUBLIC_KEY);
            let point = value(&session, public, AttributeType::EcPoint).unwrap();
            assert_eq!((point.len(), point[0]), (65, 4));
            let [_, private] = keys(&session, ObjectClass::PRIVATE_KEY);
            for key in [public, private] {
                let curve = value(&session, key, AttributeType::EcParams).unwrap();
                // A SEQUENCE of 247 bytes that begins with version 1 and names no curve.
                assert_eq!(curve[..6], [0x30, 0x81, 0xf7, 2, 1, 1]);
                assert!(!curve.windows(10).any(|window| window == P256_PARAMETERS));
            }
            let signature = session.sign(&Mechanism::Ecdsa, private, &[7; 32]).unwrap();
            session
                .verify(&Mechanism::Ecdsa, public, &[7; 32], &signature)
                .unwrap();
        }
    );
}

#[test]
fn a_modulus_may_begin_with_a_zero() {
    alone!(
        a_modulus_may_begin_with_a_zero,
        "leading-zero-modulus",
        |bench| {
            furnish(bench);
            let driver = bench.driver();
            let session = driver.user();
            for class in [ObjectClass::PRIVATE_KEY, ObjectClass::PUBLIC_KEY] {
                let [rsa, _] = keys(&session, class);
                let modulus = value(&session, rsa, AttributeType::Modulus).unwrap();
                assert_eq!((modulus.len(), modulus[0]), (257, 0));
            }
        }
    );
}

#[test]
fn ids_may_end_in_a_nul_that_the_private_key_has_not() {
    alone!(
        ids_may_end_in_a_nul_that_the_private_key_has_not,
        "trailing-nul-ids",
        |bench| {
            bench.office_token();
            let driver = bench.driver();
            let session = driver.user();
            let id = |class| value(&session, all(&session, class)[0], AttributeType::Id).unwrap();
            assert_eq!(id(ObjectClass::PRIVATE_KEY), ID);
            assert_eq!(id(ObjectClass::PUBLIC_KEY), ID_AND_NUL);
            assert_eq!(id(ObjectClass::CERTIFICATE), ID_AND_NUL);
            let found = |id: &[u8]| {
                let found = session.find_objects(&[Attribute::Id(id.to_vec())]).unwrap();
                found.len()
            };
            assert_eq!((found(&ID), found(&ID_AND_NUL)), (1, 2));
        }
    );
}

#[test]
fn a_search_by_value_may_find_nothing() {
    alone!(
        a_search_by_value_may_find_nothing,
        "no-search-by-value",
        |bench| {
            furnish(bench);
            let driver = bench.driver();
            let session = driver.user();
            let [rsa, _] = keys(&session, ObjectClass::PUBLIC_KEY);
            let modulus = value(&session, rsa, AttributeType::Modulus).unwrap();
            let found = |wanted| session.find_objects(&[wanted]).unwrap().len();
            assert_eq!(found(Attribute::Value(OLD.to_vec())), 0);
            assert_eq!(found(Attribute::Modulus(modulus)), 0);
            assert_eq!(found(Attribute::Id(ID.to_vec())), 3);
        }
    );
}

#[test]
fn everything_may_be_hidden_before_the_login() {
    alone!(
        everything_may_be_hidden_before_the_login,
        "hides-everything-before-login",
        |bench| {
            furnish(bench);
            let driver = bench.driver();
            let session = driver.reader();
            assert_eq!(counts(&session), [0, 0, 0]);
            log_in(&session, PIN).unwrap();
            assert_eq!(counts(&session), [2, 2, 1]);
            assert_eq!(certificates(&session), [OLD]);
        }
    );
}

#[test]
fn private_keys_may_be_shown_before_the_login_that_signing_wants() {
    alone!(
        private_keys_may_be_shown_before_the_login_that_signing_wants,
        "private-keys-shown-before-login",
        |bench| {
            furnish(bench);
            let driver = bench.driver();
            let session = driver.reader();
            assert_eq!(counts(&session), [2, 2, 1]);
            let [key, _] = keys(&session, ObjectClass::PRIVATE_KEY);
            assert!(value(&session, key, AttributeType::Modulus).is_some());
            let sign = || session.sign(&Mechanism::Sha256RsaPkcs, key, b"x");
            assert_eq!(refusal(sign()), RvError::UserNotLoggedIn);
            log_in(&session, PIN).unwrap();
            sign().unwrap();
        }
    );
}
