//! Keys that may not sign, or want a login for each signature.

use chungthu_certificate::install::{ProofPlan, Refusal, Step, StepFailure, Warning};
use chungthu_issuer::TestKey;
use chungthu_token::error::Operation;
use chungthu_token::fake::FakeToken;
use chungthu_token::object::{AttributeType, ObjectClass};

use crate::office::{
    Halves, KEY_ID, Office, PIN, certificate, count, put_key, put_key_with, steps,
};

const KEY: TestKey = TestKey::P256;

/// A token whose key has these attributes besides its own.
fn token_with_key(extra: &[(AttributeType, &[u8])], halves: Halves) -> Office {
    let token = FakeToken::new("7171", "VGCA Token", PIN);
    put_key_with(&token, TestKey::Rsa2048A, KEY_ID, halves, extra);
    Office::with(&[token])
}

#[test]
fn an_encryption_key_shows_itself_instead_of_signing() {
    let mut office = token_with_key(&[(AttributeType::Sign, &[0])], Halves::Both);
    let new = certificate(TestKey::Rsa2048A, "Văn phòng", 2029);
    let report = office.install(&new).report();
    assert_eq!(report.plan.proof, ProofPlan::None);
    assert!(report.plan.warnings.contains(&Warning::PossessionNotProved));
    assert!(!steps(&report).contains(&Step::ProveBefore));
    assert_eq!(count(&office, Operation::Sign), 0);
    // the person is asked again, because the proof falls away
    assert_eq!(office.confirmations, 2);
    assert_eq!(office.certificates(), [new.der()]);
}

#[test]
fn an_encryption_key_that_shows_nothing_of_itself_is_refused() {
    let token = FakeToken::new("7272", "VGCA Token", PIN);
    put_key(&token, KEY, KEY_ID, Halves::Both);
    // only the public half shows the key; the private one neither signs nor tells
    let private = token.objects().pop().unwrap();
    let silent: Vec<(AttributeType, &[u8])> = vec![
        (AttributeType::Id, private.id()),
        (AttributeType::Sign, &[0]),
    ];
    let other = FakeToken::new("7373", "VGCA Token", PIN);
    let public = &token.objects()[0];
    let public: Vec<(AttributeType, &[u8])> = public
        .attributes
        .iter()
        .map(|(attribute, value)| (*attribute, value.as_slice()))
        .collect();
    other.put(ObjectClass::PublicKey, &public, None);
    other.put(ObjectClass::PrivateKey, &silent, None);
    let mut office = Office::with(&[other]);
    let failure = office
        .install(&certificate(KEY, "Văn phòng", 2029))
        .failure();
    assert!(
        matches!(&failure, StepFailure::Refused(refusal) if **refusal == Refusal::KeyMayNotSign),
        "{failure:?}"
    );
    assert!(office.certificates().is_empty());
}

#[test]
fn a_key_that_wants_a_login_for_each_signature_proves_itself_once() {
    let mut office = token_with_key(&[(AttributeType::AlwaysAuthenticate, &[1])], Halves::Both);
    let new = certificate(TestKey::Rsa2048A, "Văn phòng", 2029);
    let report = office.install(&new).report();
    assert_eq!(report.plan.proof, ProofPlan::OneSignatureWithLogin);
    assert_eq!(count(&office, Operation::Sign), 1);
    assert_eq!(count(&office, Operation::LogIn), 1);
    assert!(!steps(&report).contains(&Step::ProveAfter));
    assert_eq!(office.certificates(), [new.der()]);
}
