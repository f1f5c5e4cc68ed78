//! What is refused, and that a refusal costs nothing.

use chungthu_certificate::install::{Refusal, StepFailure, TokenState};
use chungthu_issuer::{Authority, Generation, TestKey};
use chungthu_token::error::{Cause, Operation};
use chungthu_token::fake::FakeToken;
use time::macros::datetime;

use crate::office::{
    Ending, Halves, KEY_ID, Office, PIN, as_object, certificate, put_key, subject,
};

const WRITE_PROTECTED: u64 = 0x2;
const COUNT_LOW: u64 = 0x1_0000;
const FINAL_TRY: u64 = 0x2_0000;
const LOCKED: u64 = 0x4_0000;

fn office_with_old() -> Office {
    let office = Office::new(TestKey::Rsa2048A);
    let old = certificate(TestKey::Rsa2048A, "Văn phòng", 2026);
    office.token.put_certificate(&as_object(&old, KEY_ID));
    office
}

#[test]
fn a_certificate_of_another_key_costs_no_login() {
    let mut office = office_with_old();
    let foreign = certificate(TestKey::Rsa2048B, "Văn phòng", 2029);
    assert!(matches!(
        office.install(&foreign).refusal(),
        Refusal::KeyNotOnToken { .. }
    ));
    assert!(!office.token.log().contains(&Operation::LogIn));
}

#[test]
fn dates_are_judged_and_may_be_allowed() {
    let mut office = office_with_old();
    let mut request = Office::request(&certificate(TestKey::Rsa2048A, "Văn phòng", 2029));
    request.now = datetime!(2030-01-01 00:00 UTC);
    assert!(matches!(
        office.run(&request, PIN, |_| {}).refusal(),
        Refusal::Expired { .. }
    ));
    request.now = datetime!(2024-06-01 00:00 UTC);
    assert!(matches!(
        office.run(&request, PIN, |_| {}).refusal(),
        Refusal::NotYetValid { .. }
    ));
    request.policy.allow_not_yet_valid = true;
    let report = office.run(&request, PIN, |_| {}).report();
    assert!(
        !report.replaced[0].removed,
        "the old one is kept until the new one is valid"
    );
}

#[test]
fn an_older_certificate_is_not_put_over_a_newer_one() {
    let mut office = office_with_old();
    let older = certificate(TestKey::Rsa2048A, "Văn phòng", 2026 - 1);
    let mut request = Office::request(&older);
    request.now = datetime!(2025-06-01 00:00 UTC);
    let refusal = office.run(&request, PIN, |_| {}).refusal();
    assert!(matches!(refusal, Refusal::OlderThanInstalled { .. }));
}

#[test]
fn one_serial_with_two_contents_is_an_alarm() {
    let authority = Authority::new(Generation::G2Like).unwrap();
    let issue = |unit: &str| {
        let request =
            chungthu_issuer::Request::new(subject(unit), TestKey::Rsa2048A.public_key_der())
                .serial_number(&[0x41, 0x42, 0x43]);
        let der = authority.issue(&request).unwrap();
        chungthu_certificate::Certificate::from_der(&der).unwrap()
    };
    let mut office = Office::new(TestKey::Rsa2048A);
    office
        .token
        .put_certificate(&as_object(&issue("một"), KEY_ID));
    let refusal = office.install(&issue("hai")).refusal();
    assert!(matches!(refusal, Refusal::SameSerialDifferentBytes { .. }));
}

#[test]
fn a_signature_that_the_issuer_did_not_make_is_refused_before_any_login() {
    let mut office = office_with_old();
    let authority = Authority::new(Generation::G2Like).unwrap();
    let request =
        chungthu_issuer::Request::new(subject("Văn phòng"), TestKey::Rsa2048A.public_key_der())
            .tamper();
    let forged = chungthu_certificate::Certificate::from_der(&authority.issue(&request).unwrap());
    let mut request = Office::request(&forged.unwrap());
    let issuer = chungthu_certificate::Certificate::from_der(authority.certificate()).unwrap();
    request.issuers.push(issuer);
    let refusal = office.run(&request, PIN, |_| {}).refusal();
    assert!(matches!(refusal, Refusal::IssuerSignatureInvalid { .. }));
}

#[test]
fn the_pin_state_is_judged_before_a_pin_is_asked() {
    let new = certificate(TestKey::Rsa2048A, "Văn phòng", 2029);
    for (flags, expected) in [
        (LOCKED, Refusal::PinLocked),
        (COUNT_LOW | FINAL_TRY, Refusal::PinFinalTry),
        (WRITE_PROTECTED, Refusal::TokenWriteProtected),
    ] {
        let mut office = office_with_old();
        office.token.set_flags(flags);
        assert_eq!(office.install(&new).refusal(), expected);
        assert_eq!(office.confirmations, 0);
    }
}

#[test]
fn a_try_lost_while_the_person_was_typing_is_noticed() {
    let mut office = office_with_old();
    let request = Office::request(&certificate(TestKey::Rsa2048A, "Văn phòng", 2029));
    let ending = office.run(&request, PIN, |token| {
        token.set_flags(COUNT_LOW | FINAL_TRY)
    });
    let StepFailure::Refused(refusal) = ending.failure() else {
        panic!("not refused")
    };
    assert_eq!(*refusal, Refusal::PinFinalTry);
    assert!(!office.token.log().contains(&Operation::LogIn));
}

#[test]
fn a_wrong_pin_is_tried_once_and_the_error_tells_the_new_state() {
    let mut office = office_with_old();
    let request = Office::request(&certificate(TestKey::Rsa2048A, "Văn phòng", 2029));
    let error = office.run(&request, "Wrong123", |_| {}).error();
    assert!(matches!(error.failure, StepFailure::Token(token) if token.cause == Cause::PinWrong));
    assert_eq!(error.state, TokenState::NotTouched);
    assert_eq!(
        error.token.pin_state(),
        chungthu_token::token::PinState::CountLow
    );
    let logins = office
        .token
        .log()
        .into_iter()
        .filter(|entry| *entry == Operation::LogIn);
    assert_eq!(logins.count(), 1);
}

#[test]
fn a_token_changed_between_plan_and_login_stops_the_run() {
    let mut office = office_with_old();
    let request = Office::request(&certificate(TestKey::Rsa2048A, "Văn phòng", 2029));
    let another = certificate(TestKey::Rsa2048A, "Phòng khác", 2027);
    let ending = office.run(&request, PIN, |token| {
        token.put_certificate(&as_object(&another, KEY_ID));
    });
    // more is there than was confirmed: asked again, and both are replaced
    let report = ending.report();
    assert_eq!(report.replaced.len(), 2);
    assert_eq!(office.confirmations, 2);
}

#[test]
fn two_tokens_that_tell_nothing_are_ambiguous_and_no_pin_is_risked() {
    let tokens = ["5555", "6666"].map(|serial| {
        let token = FakeToken::new(serial, "VGCA Token", PIN);
        put_key(&token, TestKey::Rsa2048A, KEY_ID, Halves::PrivateOnly);
        token
    });
    let mut office = Office::with(&tokens);
    let ending = office.install(&certificate(TestKey::Rsa2048A, "Văn phòng", 2029));
    assert!(
        matches!(ending, Ending::Refused(Refusal::TokenAmbiguous { tokens }) if tokens.len() == 2)
    );
}

#[test]
fn a_public_key_without_its_private_key_is_found_out_after_the_login() {
    let token = FakeToken::new("7777", "VGCA Token", PIN);
    put_key(&token, TestKey::Rsa2048B, b"other", Halves::Both);
    let lonely = chungthu_certificate::PublicKey::from_der(TestKey::Rsa2048A.public_key_der());
    let lonely = lonely.unwrap();
    let chungthu_certificate::KeyType::Rsa { modulus, .. } = lonely.key_type() else {
        panic!("an RSA key")
    };
    token.put(
        chungthu_token::object::ObjectClass::PublicKey,
        &[
            (chungthu_token::object::AttributeType::Id, KEY_ID),
            (chungthu_token::object::AttributeType::Modulus, modulus),
        ],
        None,
    );
    let mut office = Office::with(&[token]);
    let ending = office.install(&certificate(TestKey::Rsa2048A, "Văn phòng", 2029));
    let StepFailure::Refused(refusal) = ending.failure() else {
        panic!("not refused")
    };
    assert!(matches!(*refusal, Refusal::KeyNotOnToken { .. }));
    assert!(office.certificates().is_empty());
}
