//! The same assertions on the fake and on real drivers in host processes: the fake behaves like a
//! token, and every token behaves as the workflows expect.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod bench;
mod hosts;

use chungthu_issuer::TestKey;
use chungthu_token::error::{Cause, FenceReason};
use chungthu_token::object::{
    AttributeType, Fence, Instead, ObjectClass, PublicKeyValue, Query, SearchKey,
};
use chungthu_token::pin::{Credential, Pin};
use chungthu_token::session::{Access, Driver, SignatureScheme, SlotDetail};
use chungthu_token::token::{PinState, SlotId};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

use crate::bench::{Bench, KEY_ID, LABEL, PIN, on_every_bench};

fn by(class: ObjectClass, by: SearchKey) -> Query {
    Query {
        class,
        by,
        limit: 0,
    }
}

fn certificates(by_key: SearchKey) -> Query {
    by(ObjectClass::Certificate, by_key)
}

fn logged_in(bench: &Bench) -> (Box<dyn Driver>, SlotId) {
    let (mut driver, slot) = bench.open(Access::ReadWrite);
    driver
        .log_in(slot, &Credential::Pin(Pin::new(PIN, None).unwrap()))
        .unwrap();
    (driver, slot)
}

#[test]
fn a_token_tells_its_label_and_serial_and_that_its_pin_is_ready() {
    on_every_bench(|bench| {
        let mut driver = bench.launch();
        let slots = driver.slots(SlotDetail::TokenAndReader).unwrap();
        let token = slots.iter().find_map(|slot| {
            slot.token
                .as_ref()
                .ok()
                .filter(|token| token.label == LABEL)
        });
        let token = token.unwrap();
        assert_eq!(token.serial, bench.serial());
        assert_eq!(token.pin_state(), PinState::Ready);
        assert!(token.is_initialized() && !token.is_write_protected());
        driver.information().unwrap();
    });
}

#[test]
fn private_keys_are_hidden_until_the_login_and_public_halves_are_not() {
    on_every_bench(|bench| {
        let (mut driver, slot) = bench.open(Access::ReadWrite);
        let private = by(ObjectClass::PrivateKey, SearchKey::All);
        assert!(driver.find(slot, &private).unwrap().is_empty());
        let public = driver
            .find(slot, &by(ObjectClass::PublicKey, SearchKey::All))
            .unwrap();
        let public = driver.read(slot, ObjectClass::PublicKey, &public).unwrap();
        assert_eq!(public[0].id(), KEY_ID);
        driver
            .log_in(slot, &Credential::Pin(Pin::new(PIN, None).unwrap()))
            .unwrap();
        let private = driver.find(slot, &private).unwrap();
        let private = driver
            .read(slot, ObjectClass::PrivateKey, &private)
            .unwrap();
        assert_eq!(private.len(), 1);
        assert_eq!(private[0].id(), KEY_ID);
        assert_eq!(private[0].public_key(), public[0].public_key());
        assert!(matches!(
            private[0].public_key(),
            Some(PublicKeyValue::Rsa { .. })
        ));
        assert_ne!(private[0].flag(AttributeType::Sign), Some(false));
    });
}

#[test]
fn the_key_signs_after_the_login_and_the_signature_verifies_in_software() {
    on_every_bench(|bench| {
        let (mut driver, slot) = logged_in(bench);
        let key = driver
            .find(slot, &by(ObjectClass::PrivateKey, SearchKey::All))
            .unwrap()[0];
        let message = b"a message of some length";
        let signature = driver
            .sign(slot, key, SignatureScheme::RsaPkcs1Sha256, message, None)
            .unwrap();
        let spki = TestKey::Rsa2048A.public_key_der();
        // the RSAPublicKey is the last 270 bytes of a 2048-bit SubjectPublicKeyInfo
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &spki[spki.len() - 270..]);
        key.verify(message, &signature).unwrap();
    });
}

#[test]
fn a_wrong_pin_is_told_as_such_and_the_flags_show_it() {
    on_every_bench(|bench| {
        let (mut driver, slot) = bench.open(Access::ReadWrite);
        let wrong = Credential::Pin(Pin::new("Wrong1234", None).unwrap());
        let error = driver.log_in(slot, &wrong).unwrap_err();
        assert_eq!(error.cause, Cause::PinWrong);
        if bench.shows_wrong_tries() {
            assert_eq!(driver.token(slot).unwrap().pin_state(), PinState::CountLow);
        }
        driver
            .log_in(slot, &Credential::Pin(Pin::new(PIN, None).unwrap()))
            .unwrap();
        assert_eq!(driver.token(slot).unwrap().pin_state(), PinState::Ready);
    });
}

#[test]
fn a_certificate_written_by_one_driver_is_read_by_another_and_found_in_every_way() {
    on_every_bench(|bench| {
        let (mut driver, slot) = logged_in(bench);
        let new = bench::certificate(2029);
        driver.add_certificate(slot, &new).unwrap();
        let fresh = driver
            .read_in_fresh_session(slot, &certificates(SearchKey::Id(KEY_ID.to_vec())))
            .unwrap();
        assert_eq!(fresh[0].value(), new.value);
        let (mut other, slot) = bench.open(Access::ReadOnly);
        for key in [
            SearchKey::All,
            SearchKey::Id(new.id.clone()),
            SearchKey::Subject(new.subject.clone()),
            SearchKey::Value(new.value.clone()),
        ] {
            let found = other.find(slot, &certificates(key)).unwrap();
            let read = other.read(slot, ObjectClass::Certificate, &found).unwrap();
            assert_eq!(read.len(), 1);
            assert_eq!(read[0].value(), new.value);
            assert_eq!(
                read[0].bytes(AttributeType::Label),
                Some(new.label.as_slice())
            );
            assert_eq!(
                read[0].bytes(AttributeType::Subject),
                Some(new.subject.as_slice())
            );
        }
        let nothing = SearchKey::Value(b"nothing".to_vec());
        assert!(other.find(slot, &certificates(nothing)).unwrap().is_empty());
    });
}

#[test]
fn the_fence_opens_only_for_the_backed_up_value_with_its_successor_in_place() {
    on_every_bench(|bench| {
        let (mut driver, slot) = logged_in(bench);
        let old = bench::certificate(2026);
        let new = bench::certificate(2029);
        let old_handle = driver.add_certificate(slot, &old).unwrap();
        let new_handle = driver.add_certificate(slot, &new).unwrap();
        let instead_of = |value: &[u8]| Instead::Certificate {
            handle: new_handle,
            value: value.to_vec(),
        };
        let fence = Fence {
            expected_value: old.value.clone(),
            instead: instead_of(&new.value),
        };
        let key = driver
            .find(slot, &by(ObjectClass::PrivateKey, SearchKey::All))
            .unwrap()[0];
        for (handle, fence, reason) in [
            (new_handle, fence.clone(), FenceReason::SameHandle),
            (key, fence.clone(), FenceReason::ValueChanged),
            (
                key,
                Fence {
                    instead: Instead::Nothing,
                    ..fence.clone()
                },
                FenceReason::ValueChanged,
            ),
            (
                old_handle,
                Fence {
                    expected_value: new.value.clone(),
                    ..fence.clone()
                },
                FenceReason::ValueChanged,
            ),
            (
                old_handle,
                Fence {
                    instead: instead_of(&old.value),
                    ..fence.clone()
                },
                FenceReason::ReplacementMissing,
            ),
        ] {
            let error = driver.remove_certificate(slot, handle, &fence).unwrap_err();
            assert_eq!(error.cause, Cause::FenceClosed { reason });
        }
        driver.remove_certificate(slot, old_handle, &fence).unwrap();
        driver.finish().unwrap();
        let (mut other, slot) = bench.open(Access::ReadOnly);
        let left = other.find(slot, &certificates(SearchKey::All)).unwrap();
        let left = other.read(slot, ObjectClass::Certificate, &left).unwrap();
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].value(), new.value);
    });
}

#[test]
fn a_certificate_takes_another_id_and_a_key_never_does() {
    on_every_bench(|bench| {
        let (mut driver, slot) = logged_in(bench);
        let new = bench::certificate(2029);
        let handle = driver.add_certificate(slot, &new).unwrap();
        let key = driver
            .find(slot, &by(ObjectClass::PrivateKey, SearchKey::All))
            .unwrap()[0];
        let reason = FenceReason::ValueChanged;
        for (handle, value) in [(key, new.value.as_slice()), (key, b""), (handle, b"other")] {
            let error = driver.set_certificate_id(slot, handle, b"moved", value);
            assert_eq!(error.unwrap_err().cause, Cause::FenceClosed { reason });
        }
        driver
            .set_certificate_id(slot, handle, b"moved", &new.value)
            .unwrap();
        driver.finish().unwrap();
        let (mut other, slot) = logged_in(bench);
        let moved = other
            .find(slot, &certificates(SearchKey::Id(b"moved".to_vec())))
            .unwrap();
        assert_eq!(moved.len(), 1);
        let keys = other
            .find(slot, &by(ObjectClass::PrivateKey, SearchKey::All))
            .unwrap();
        let keys = other.read(slot, ObjectClass::PrivateKey, &keys).unwrap();
        assert_eq!(keys[0].id(), KEY_ID);
    });
}

#[test]
fn an_object_that_is_gone_is_left_out_and_not_an_error() {
    on_every_bench(|bench| {
        let (mut driver, slot) = bench.open(Access::ReadWrite);
        let gone = chungthu_token::object::ObjectHandle(4_000_000);
        assert!(
            driver
                .read(slot, ObjectClass::Certificate, &[gone])
                .unwrap()
                .is_empty()
        );
    });
}
