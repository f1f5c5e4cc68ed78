//! What a plan and an error tell beside what is done: warnings, and whether room can be made.

use chungthu_certificate::install::locate::look;
use chungthu_certificate::install::login::Target;
use chungthu_certificate::install::{
    Placement, Plan, Refusal, Request, Step, StepFailure, TokenState, Warning, plan, temporary_id,
};
use chungthu_certificate::records::{Backup, RecordKind};
use chungthu_issuer::TestKey;
use chungthu_token::error::{Cause, Operation, TokenError};
use chungthu_token::fake::{Effect, FakeToken, Writing};
use chungthu_token::object::NewCertificate;
use chungthu_token::session::Access;
use chungthu_token::token::SlotId;

use crate::office::{
    Ending, Halves, KEY_ID, LABEL, NOW, Office, PIN, as_object, certificate, put_key,
};

const KEY: TestKey = TestKey::P256;

fn office_with(years: &[i32]) -> Office {
    let office = Office::new(KEY);
    for year in years {
        let certificate = certificate(KEY, "Văn phòng", *year);
        office
            .token
            .put_certificate(&as_object(&certificate, KEY_ID));
    }
    office
}

fn request() -> Request {
    Office::request(&certificate(KEY, "Văn phòng", 2029))
}

/// The token of the request's key.
fn found(office: &Office, request: &Request) -> Target {
    let candidates = std::slice::from_ref(&request.certificate);
    let drivers = [office.launcher.found()];
    let survey = look(
        &office.launcher,
        &drivers,
        candidates,
        &[],
        None,
        &office.records,
    );
    survey.choose().unwrap().target
}

/// The plan before a login.
fn planned(office: &Office, request: &Request) -> Plan {
    found(office, request).plan(request).unwrap()
}

#[test]
fn room_could_still_be_made_only_by_an_old_certificate_that_was_to_go_and_did_not_go_first() {
    let may = |years: &[i32], keep_old, remove_old_first| {
        let mut office = office_with(years);
        office.token.write_by(Writing::Refuses);
        let mut request = request();
        request.policy.keep_old = keep_old;
        request.policy.remove_old_first = remove_old_first;
        office
            .run(&request, PIN, |_| {})
            .error()
            .may_still_remove_first
    };
    assert!(may(&[2026], false, false));
    assert!(!may(&[], false, false));
    assert!(!may(&[2026], true, false));
    assert!(!may(&[2026], false, true));
}

#[test]
fn where_nothing_is_written_no_room_is_made() {
    let mut office = office_with(&[]);
    office.run(&request(), PIN, |_| {}).report();
    let (_, bytes) = office
        .records
        .files
        .iter()
        .find(|((kind, name), _)| *kind == RecordKind::Backup && !name.ends_with(".cer"))
        .unwrap();
    let backup = Backup::from_json(std::str::from_utf8(bytes).unwrap()).unwrap();
    let mut to_none = Request::restore(&backup, Vec::new(), NOW).unwrap();
    let plan = planned(&office, &to_none);
    assert!(!plan.adds());
    let refused = TokenError::new(Operation::RemoveCertificate, Cause::Refused);
    let token = office.token.clone();
    token.fail(Operation::RemoveCertificate, 1, Effect::NotDone, refused);
    assert!(
        !office
            .run(&to_none, PIN, |_| {})
            .error()
            .may_still_remove_first
    );
    to_none.policy.remove_old_first = true;
    assert!(!planned(&office, &to_none).may_remove_first);
}

#[test]
fn a_key_that_was_not_seen_is_told_only_where_nothing_is_to_be_done() {
    let hidden = |year| {
        let token = FakeToken::new("1", "VGCA Token", PIN);
        put_key(&token, KEY, KEY_ID, Halves::PrivateOnly);
        let certificate = certificate(KEY, "Văn phòng", year);
        token.put_certificate(&as_object(&certificate, KEY_ID));
        let plan = planned(&Office::with(&[token]), &request());
        plan.warnings.contains(&Warning::KeyNotSeen)
    };
    assert!(hidden(2029));
    assert!(!hidden(2026));
    let plan = planned(&office_with(&[2029]), &request());
    assert!(!plan.warnings.contains(&Warning::KeyNotSeen));
}

#[test]
fn a_stranger_is_told_of_only_where_it_stands_under_the_keys_id() {
    let told = |id: &[u8]| {
        let office = office_with(&[2026]);
        let stranger = certificate(TestKey::P384, "Văn phòng", 2026);
        office.token.put_certificate(&as_object(&stranger, id));
        let warnings = planned(&office, &request()).warnings;
        let is_it = |one: &&Warning| matches!(one, Warning::ForeignCertificateUnderId { .. });
        warnings.iter().filter(is_it).count()
    };
    assert_eq!(told(KEY_ID), 1);
    assert_eq!(told(b"elsewhere"), 0);
}

#[test]
fn that_an_older_one_is_installed_is_told_once() {
    let mut request = request();
    request.policy.allow_older = true;
    let told = |years: &[i32]| {
        let warnings = planned(&office_with(years), &request).warnings;
        let is_it = |one: &&Warning| **one == Warning::OlderThanInstalled;
        warnings.iter().filter(is_it).count()
    };
    assert_eq!(told(&[2031, 2032]), 1);
    assert_eq!(told(&[2026]), 0);
}

#[test]
fn the_label_is_the_old_certificates_and_not_a_copys() {
    let mut office = office_with(&[2026]);
    let copy = NewCertificate {
        label: b"copy".to_vec(),
        ..as_object(&certificate(KEY, "Văn phòng", 2029), b"elsewhere")
    };
    office.token.put_certificate(&copy);
    let report = office.run(&request(), PIN, |_| {}).report();
    assert_eq!(report.plan.wanted[0].label, LABEL);
}

#[test]
fn a_session_that_may_only_read_is_refused_like_a_token_that_says_so() {
    let office = office_with(&[2026]);
    let request = request();
    let target = found(&office, &request);
    let mut observation = target.observation().clone();
    let module = office.launcher.found().module.unwrap();
    assert!(plan(&request, &observation, &module, SlotId(0)).is_ok());
    observation.access = Access::ReadOnly;
    assert_eq!(
        plan(&request, &observation, &module, SlotId(0)),
        Err(Refusal::TokenWriteProtected)
    );
}

#[test]
fn the_last_try_is_planned_for_only_where_it_is_allowed() {
    const FINAL_TRY: u64 = 0x2_0000;
    let mut office = office_with(&[2026]);
    office.token.set_flags(FINAL_TRY);
    let mut request = request();
    let refusal = office.run(&request, PIN, |_| {}).refusal();
    assert_eq!(refusal, Refusal::PinFinalTry);
    request.policy.allow_final_try = true;
    let warnings = planned(&office, &request).warnings;
    assert!(warnings.contains(&Warning::PinCountLow));
}

#[test]
fn on_a_full_token_an_old_one_goes_first_where_that_is_allowed() {
    let mut office = office_with(&[2026]);
    office.token.set_room(1);
    let mut request = request();
    let error = office.run(&request, PIN, |_| {}).error();
    assert!(matches!(error.failure, StepFailure::Token(error) if error.cause == Cause::TokenFull));
    request.policy.remove_old_first = true;
    let report = office.run(&request, PIN, |_| {}).report();
    assert_eq!(report.placement, Placement::OldRemovedFirst);
    assert_eq!(office.certificates(), [request.certificate.der()]);
}

#[test]
fn a_temporary_id_is_made_of_the_certificates_digest() {
    // SHA-256 of "abc": FIPS 180-2, B.1
    let digest = [0xBA, 0x78, 0x16, 0xBF, 0x8F, 0x01, 0xCF];
    assert_eq!(temporary_id(b"abc"), [&[0xF0], &digest[..]].concat());
}

#[test]
fn an_id_that_is_refused_is_cleared_away_and_one_that_could_not_be_asked_for_waits() {
    for (cause, state) in [
        (Cause::Unsupported, TokenState::Unchanged),
        (Cause::WriteProtected, TokenState::Unchanged),
        (Cause::Refused, TokenState::Unchanged),
        (Cause::SessionGone, TokenState::NewAndOld),
        (Cause::LoginNeeded, TokenState::NewAndOld),
    ] {
        let mut office = office_with(&[2026]);
        office.token.write_by(Writing::OneForEachId);
        let operation = Operation::SetCertificateId;
        let refused = TokenError::new(operation, cause.clone());
        office.token.fail(operation, 1, Effect::NotDone, refused);
        let error = office.run(&request(), PIN, |_| {}).error();
        assert_eq!(error.state, state, "{cause:?}");
        let left = usize::from(state == TokenState::NewAndOld);
        assert_eq!(office.certificates().len(), 1 + left, "{cause:?}");
    }
}

#[test]
fn nothing_goes_first_where_room_would_not_help() {
    for (operation, cause, is_removed) in [
        (Operation::AddCertificate, Cause::Unsupported, false),
        (Operation::AddCertificate, Cause::LoginNeeded, false),
        (Operation::AddCertificate, Cause::TokenFull, true),
        // it takes the certificate, but not under the key's id
        (Operation::SetCertificateId, Cause::Unsupported, true),
    ] {
        let mut office = office_with(&[2026]);
        if operation == Operation::SetCertificateId {
            office.token.write_by(Writing::OneForEachId);
        }
        let refused = TokenError::new(operation, cause.clone());
        office.token.fail(operation, 1, Effect::NotDone, refused);
        let mut request = request();
        request.policy.remove_old_first = true;
        let ending = office.run(&request, PIN, |_| {});
        assert_eq!(
            matches!(ending, Ending::Installed(_)),
            is_removed,
            "{cause:?}"
        );
        let removals = office.token.log();
        let removals = removals
            .iter()
            .filter(|one| **one == Operation::RemoveCertificate);
        assert_eq!(removals.count() > 0, is_removed, "{operation:?} {cause:?}");
    }
}

#[test]
fn what_another_program_writes_meanwhile_is_no_leftover() {
    let mut office = office_with(&[2026]);
    office.token.write_by(Writing::OneForEachId);
    let stranger = certificate(TestKey::P384, "Văn phòng", 2026);
    office.meanwhile = Some((Step::Add, as_object(&stranger, b"elsewhere")));
    let report = office.run(&request(), PIN, |_| {}).report();
    assert_eq!(report.placement, Placement::TemporaryId);
    let there = office.certificates();
    assert!(there.contains(&stranger.der().to_vec()));
    assert_eq!(there.len(), 2);
}
