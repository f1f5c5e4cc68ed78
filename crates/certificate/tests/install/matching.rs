//! Which key is meant where ids do not tell: two keys with one id, one key with two.

use std::sync::Arc;

use chungthu_certificate::install::{ProofPlan, Refusal, StepFailure};
use chungthu_issuer::TestKey;
use chungthu_token::error::Operation;
use chungthu_token::fake::FakeToken;
use chungthu_token::object::{AttributeType, ObjectClass};

use crate::office::{Halves, KEY_ID, Office, PIN, as_object, certificate, put_key, put_key_with};

const OTHER_ID: &[u8] = &[0x55];

fn token() -> FakeToken {
    FakeToken::new("0123456789abcdef", "VGCA Token", PIN)
}

/// A private key that shows nothing of itself, as EC keys do.
fn put_silent_key(token: &FakeToken, key: TestKey, id: &[u8]) {
    let signer = Arc::new(move |_, message: &[u8]| key.sign(message).unwrap());
    let attributes = [(AttributeType::Id, id)];
    token.put(ObjectClass::PrivateKey, &attributes, Some(signer));
}

/// The certificates on the token: values and ids.
fn certificates(office: &Office) -> Vec<(Vec<u8>, Vec<u8>)> {
    let objects = office.token.objects().into_iter();
    objects
        .filter(|object| object.class == ObjectClass::Certificate)
        .map(|object| (object.value().to_vec(), object.id().to_vec()))
        .collect()
}

#[test]
fn two_silent_keys_of_one_id_are_told_apart_by_a_signature() {
    let (wanted, neighbour) = (TestKey::Rsa2048A, TestKey::Rsa2048B);
    for keys in [[wanted, neighbour], [neighbour, wanted]] {
        let token = token();
        for key in keys {
            put_silent_key(&token, key, KEY_ID);
            let old = certificate(key, "Văn phòng", 2026);
            token.put_certificate(&as_object(&old, KEY_ID));
        }
        let mut office = Office::with(&[token]);
        let new = certificate(wanted, "Văn phòng", 2029);
        office.install(&new).report();
        let kept = certificate(neighbour, "Văn phòng", 2026);
        let expected = [&kept, &new].map(|one| (one.der().to_vec(), KEY_ID.to_vec()));
        assert_eq!(certificates(&office), expected);
    }
}

/// A certificate of another key under the id of a silent key does not speak for that key.
#[test]
fn a_foreign_certificate_under_a_silent_keys_id_is_not_taken_for_its_own() {
    let token = token();
    put_silent_key(&token, TestKey::Rsa2048A, KEY_ID);
    for key in [TestKey::Rsa2048A, TestKey::Rsa2048B] {
        let old = certificate(key, "Văn phòng", 2026);
        token.put_certificate(&as_object(&old, KEY_ID));
    }
    let mut office = Office::with(&[token]);
    let for_no_key = certificate(TestKey::Rsa2048B, "Văn phòng", 2029);
    let StepFailure::Refused(refusal) = office.install(&for_no_key).failure() else {
        panic!("not refused")
    };
    assert_eq!(*refusal, Refusal::KeyCannotTell);
    assert!(!office.token.log().contains(&Operation::AddCertificate));
    let new = certificate(TestKey::Rsa2048A, "Văn phòng", 2029);
    office.install(&new).report();
}

#[test]
fn of_one_key_under_two_ids_the_one_with_the_certificate_is_in_use() {
    for id_in_use in [KEY_ID, OTHER_ID] {
        let token = token();
        for id in [KEY_ID, OTHER_ID] {
            put_key(&token, TestKey::Rsa2048A, id, Halves::Both);
        }
        let old = certificate(TestKey::Rsa2048A, "Văn phòng", 2026);
        token.put_certificate(&as_object(&old, id_in_use));
        let mut office = Office::with(&[token]);
        let new = certificate(TestKey::Rsa2048A, "Văn phòng", 2029);
        office.install(&new).report();
        assert_eq!(office.confirmations, 1);
        let expected = (new.der().to_vec(), id_in_use.to_vec());
        assert_eq!(certificates(&office), [expected]);
    }
}

#[test]
fn one_key_twice_under_one_id_is_one_key() {
    let token = token();
    for _ in 0..2 {
        put_key(&token, TestKey::Rsa2048A, KEY_ID, Halves::Both);
    }
    let mut office = Office::with(&[token]);
    let new = certificate(TestKey::Rsa2048A, "Văn phòng", 2029);
    office.install(&new).report();
    let expected = (new.der().to_vec(), KEY_ID.to_vec());
    assert_eq!(certificates(&office), [expected]);
}

#[test]
fn one_key_under_two_ids_without_a_certificate_is_not_guessed() {
    let token = token();
    for id in [KEY_ID, OTHER_ID] {
        put_key(&token, TestKey::Rsa2048A, id, Halves::Both);
    }
    let mut office = Office::with(&[token]);
    let new = certificate(TestKey::Rsa2048A, "Văn phòng", 2029);
    let StepFailure::Refused(refusal) = office.install(&new).failure() else {
        panic!("not refused")
    };
    let ids = [KEY_ID, OTHER_ID].map(<[u8]>::to_vec).to_vec();
    assert_eq!(*refusal, Refusal::KeyAmbiguous { ids });
    assert!(!office.token.log().contains(&Operation::AddCertificate));
}

/// Longmai's habit: the certificate's id has a NUL behind it, the private key's has not.
#[test]
fn an_old_certificate_with_a_nul_behind_its_id_is_found_under_other_names_too() {
    let token = token();
    put_key(&token, TestKey::Rsa2048A, KEY_ID, Halves::Both);
    let old = certificate(TestKey::Rsa2048A, "Phòng cũ", 2026);
    let id = [KEY_ID, &[0]].concat();
    token.put_certificate(&as_object(&old, &id));
    let mut office = Office::with(&[token]);
    let new = certificate(TestKey::Rsa2048A, "Văn phòng", 2029);
    office.install(&new).report();
    let expected = (new.der().to_vec(), KEY_ID.to_vec());
    assert_eq!(certificates(&office), [expected]);
}

#[test]
fn of_two_alike_the_key_that_may_sign_is_meant() {
    let token = token();
    for may_sign in [&[0], &[1]] {
        let extra: [(AttributeType, &[u8]); 1] = [(AttributeType::Sign, may_sign)];
        put_key_with(&token, TestKey::P256, KEY_ID, Halves::PrivateOnly, &extra);
    }
    let mut office = Office::with(&[token]);
    let new = certificate(TestKey::P256, "Văn phòng", 2029);
    let report = office.install(&new).report();
    assert_eq!(report.plan.proof, ProofPlan::TwoSignatures);
}
