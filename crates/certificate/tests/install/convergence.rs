//! Stopping after any step and running again ends installed, and the key is never named in a change.

use chungthu_certificate::install::{Step, StepFailure, TokenState};
use chungthu_certificate::records::RecordKind;
use chungthu_issuer::TestKey;
use chungthu_token::error::{Cause, Operation, TokenError};
use chungthu_token::fake::{Effect, FakeToken, Writing};

use crate::office::{Ending, Halves, KEY_ID, Office, PIN, as_object, certificate, put_key};

/// Operations that a run asks after the login, with more repetitions than it makes.
const AFTER_LOGIN: [Operation; 6] = [
    Operation::Sign,
    Operation::Find,
    Operation::Read,
    Operation::AddCertificate,
    Operation::RemoveCertificate,
    Operation::Open,
];

#[test]
fn a_run_stopped_at_any_operation_is_finished_by_the_next_run() {
    let key = TestKey::P256;
    let old = certificate(key, "Văn phòng", 2026);
    let new = certificate(key, "Văn phòng", 2029);
    let mut stopped = 0;
    for operation in AFTER_LOGIN {
        for nth in 1..=25 {
            for effect in [Effect::NotDone, Effect::Done] {
                let mut office = Office::new(key);
                office.token.put_certificate(&as_object(&old, KEY_ID));
                let error = TokenError::new(operation, Cause::Refused);
                office.token.fail(operation, nth, effect, error);
                let first = office.install(&new);
                if !matches!(first, Ending::Stopped(_) | Ending::Refused(_)) {
                    // this run asks for the operation less often; the failure is still to come
                    assert_eq!(office.certificates(), [new.der()]);
                    continue;
                }
                stopped += 1;
                if let Ending::Stopped(error) = first {
                    let there = office.certificates();
                    let has = |value: &[u8]| there.iter().any(|found| found == value);
                    let expected = match (has(new.der()), has(old.der())) {
                        (true, true) => vec![TokenState::NewAndOld],
                        (true, false) => vec![TokenState::OnlyNew],
                        (false, true) => vec![TokenState::Unchanged, TokenState::NotTouched],
                        (false, false) => {
                            panic!("nothing left after {operation:?} {nth} {effect:?}")
                        }
                    };
                    assert!(
                        expected.contains(&error.state),
                        "{operation:?} {nth} {effect:?}: {error:?}"
                    );
                }
                let again = office.install(&new);
                assert!(
                    matches!(again, Ending::Installed(_) | Ending::AlreadyInstalled),
                    "{operation:?} {nth} {effect:?}: {again:?}"
                );
                assert_eq!(
                    office.certificates(),
                    [new.der()],
                    "{operation:?} {nth} {effect:?}"
                );
            }
        }
    }
    assert!(stopped > 20, "only {stopped} runs were stopped");
}

#[test]
fn a_token_pulled_out_under_the_run_is_not_said_to_be_as_it_was() {
    let key = TestKey::P256;
    let new = certificate(key, "Văn phòng", 2029);
    for operation in [
        Operation::AddCertificate,
        Operation::RemoveCertificate,
        Operation::SetCertificateId,
    ] {
        let mut office = Office::new(key);
        let old = certificate(key, "Văn phòng", 2026);
        office.token.put_certificate(&as_object(&old, KEY_ID));
        if operation == Operation::SetCertificateId {
            office.token.write_by(Writing::OneForEachId);
        }
        office.token.pull_at(operation);
        let error = office.install(&new).error();
        assert!(
            matches!(&error.failure, StepFailure::Token(error) if error.cause == Cause::TokenRemoved),
            "{operation:?}: {error:?}"
        );
        assert_eq!(error.state, TokenState::Unknown, "{operation:?}");
        assert!(error.backup.is_some());
        office.token.plug_in();
        office.install(&new).report();
        assert_eq!(office.certificates(), [new.der()], "{operation:?}");
    }
}

#[test]
fn without_a_backup_nothing_is_changed() {
    let mut office = Office::new(TestKey::P256);
    office.records.is_broken = true;
    let error = office
        .install(&certificate(TestKey::P256, "Văn phòng", 2029))
        .error();
    assert!(matches!(error.failure, StepFailure::Storage(_)));
    assert_eq!(error.step, Some(Step::BackUp));
    assert_eq!(error.state, TokenState::NotTouched);
    assert!(office.certificates().is_empty());
    assert!(office.records.text(RecordKind::Journal).is_empty());
}

#[test]
fn a_template_that_is_refused_is_tried_once_more_without_the_private_attribute() {
    let mut office = Office::new(TestKey::P256);
    let refused = TokenError::new(Operation::AddCertificate, Cause::TemplateRefused);
    office
        .token
        .fail(Operation::AddCertificate, 1, Effect::NotDone, refused);
    let new = certificate(TestKey::P256, "Văn phòng", 2029);
    office.install(&new).report();
    assert_eq!(office.certificates(), [new.der()]);
    let adds = office
        .token
        .log()
        .into_iter()
        .filter(|entry| *entry == Operation::AddCertificate);
    assert_eq!(adds.count(), 2);
}

#[test]
fn a_driver_that_stores_nothing_is_found_out_before_the_old_one_is_removed() {
    // also where the old certificate stands under another id than the key's
    for old_id in [KEY_ID, b"elsewhere"] {
        let mut office = Office::new(TestKey::P256);
        let old = certificate(TestKey::P256, "Văn phòng", 2026);
        office.token.put_certificate(&as_object(&old, old_id));
        office.token.write_by(Writing::OnlyRemembers);
        let new = certificate(TestKey::P256, "Văn phòng", 2029);
        let error = office.install(&new).error();
        assert!(matches!(error.failure, StepFailure::NotStored), "{error:?}");
        assert_eq!(error.step, Some(Step::ReadBack));
        assert_eq!(error.state, TokenState::Unchanged);
        assert_eq!(office.certificates(), [old.der()]);
    }
}

#[test]
fn a_key_without_an_id_and_an_old_certificate_elsewhere_are_handled_like_any_other() {
    let token = FakeToken::new("8888", "VGCA Token", PIN);
    put_key(&token, TestKey::P256, b"", Halves::Both);
    let old = certificate(TestKey::P256, "Văn phòng", 2026);
    token.put_certificate(&as_object(&old, b"elsewhere"));
    let mut office = Office::with(&[token]);
    let new = certificate(TestKey::P256, "Văn phòng", 2029);
    office.install(&new).report();
    assert_eq!(office.certificates(), [new.der()]);
}
