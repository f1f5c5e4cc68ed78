//! Tokens that refuse the plain way: what is tried next, and what is never tried.

use chungthu_certificate::install::{
    Placement, Step, StepFailure, TokenState, Warning, temporary_id,
};
use chungthu_issuer::TestKey;
use chungthu_token::error::{Cause, Operation, TokenError};
use chungthu_token::fake::{Effect, IdChanges, Writing};
use chungthu_token::object::{AttributeType, NewCertificate, ObjectClass};

use crate::office::{Ending, KEY_ID, Office, PIN, as_object, certificate, count, steps};

const KEY: TestKey = TestKey::P256;

/// A token with an old certificate, and the new one that comes.
fn scene() -> (Office, Vec<u8>, chungthu_certificate::Certificate) {
    let office = Office::new(KEY);
    let old = certificate(KEY, "Văn phòng", 2026);
    office.token.put_certificate(&as_object(&old, KEY_ID));
    (
        office,
        old.der().to_vec(),
        certificate(KEY, "Văn phòng", 2029),
    )
}

#[test]
fn a_token_with_one_certificate_an_id_takes_the_new_one_aside_and_then_in_its_place() {
    let (mut office, _, new) = scene();
    office.token.write_by(Writing::OneForEachId);
    let report = office.install(&new).report();
    assert_eq!(report.placement, Placement::TemporaryId);
    assert_eq!(
        steps(&report)[2..6],
        [Step::Add, Step::AddAside, Step::SetId, Step::ReadBack]
    );
    assert_eq!(office.certificates(), [new.der()]);
    assert_eq!(office.token.objects().last().unwrap().id(), KEY_ID);
}

#[test]
fn an_id_that_does_not_change_ends_with_the_token_as_it_was() {
    for changes in [IdChanges::AreIgnored, IdChanges::AreRefused] {
        let (mut office, old, new) = scene();
        office.token.write_by(Writing::OneForEachId);
        office.token.change_ids_by(changes);
        let error = office.install(&new).error();
        let StepFailure::Token(cause) = &error.failure else {
            panic!("{error:?}")
        };
        assert_eq!(cause.operation, Operation::SetCertificateId);
        assert_eq!(error.state, TokenState::Unchanged, "{changes:?}");
        assert_eq!(office.certificates(), [old]);
    }
}

#[test]
fn a_certificate_left_under_its_temporary_id_is_filed_by_the_next_run() {
    let (mut office, _, new) = scene();
    office.token.write_by(Writing::OneForEachId);
    let aside = as_object(&new, &temporary_id(new.der()));
    office.token.put_certificate(&aside);
    let report = office.install(&new).report();
    assert_eq!(report.placement, Placement::TemporaryId);
    assert_eq!(count(&office, Operation::AddCertificate), 0);
    assert_eq!(office.certificates(), [new.der()]);
}

#[test]
fn a_full_token_stays_as_it_is_and_no_other_place_is_tried() {
    let (mut office, old, new) = scene();
    office.token.set_room(1);
    let error = office.install(&new).error();
    assert!(
        matches!(&error.failure, StepFailure::Token(error) if error.cause == Cause::TokenFull),
        "{error:?}"
    );
    assert_eq!(error.state, TokenState::Unchanged);
    assert_eq!(count(&office, Operation::AddCertificate), 1);
    assert_eq!(office.certificates(), [old]);
}

#[test]
fn with_the_persons_word_a_full_token_gives_up_the_old_one_first() {
    let (mut office, _, new) = scene();
    office.token.set_room(1);
    let mut request = Office::request(&new);
    request.policy.remove_old_first = true;
    let report = office.run(&request, PIN, |_| {}).report();
    assert_eq!(report.placement, Placement::OldRemovedFirst);
    assert!(report.replaced[0].removed);
    assert_eq!(office.certificates(), [new.der()]);
}

#[test]
fn with_the_persons_word_the_old_one_still_goes_last_where_that_is_possible() {
    let (mut office, _, new) = scene();
    let mut request = Office::request(&new);
    request.policy.remove_old_first = true;
    let report = office.run(&request, PIN, |_| {}).report();
    assert_eq!(report.placement, Placement::Beside);
    assert_eq!(office.certificates(), [new.der()]);
}

#[test]
fn the_old_one_is_put_back_where_the_new_one_is_refused_even_in_its_stead() {
    let (mut office, old, new) = scene();
    office.token.set_room(1);
    let mut request = Office::request(&new);
    request.policy.remove_old_first = true;
    // the first try is refused for want of room; every template after it for a reason of its own
    for nth in 2..=4 {
        let refused = TokenError::new(Operation::AddCertificate, Cause::Refused);
        let operation = Operation::AddCertificate;
        office.token.fail(operation, nth, Effect::NotDone, refused);
    }
    let error = office.run(&request, PIN, |_| {}).error();
    assert_eq!(error.step, Some(Step::PutBack));
    assert_eq!(error.state, TokenState::Unchanged);
    assert_eq!(office.certificates(), [old]);
}

#[test]
fn what_a_refused_write_leaves_behind_is_removed_and_what_others_left_is_not() {
    let (mut office, old, new) = scene();
    let stray = office.token.put(
        ObjectClass::Certificate,
        &[(AttributeType::Class, &[1])],
        None,
    );
    office.token.write_by(Writing::OneForEachId);
    office.token.leave_halves();
    office.install(&new).report();
    assert_eq!(office.certificates(), [Vec::new(), new.der().to_vec()]);
    let objects = office.token.objects();
    assert!(objects.iter().any(|object| object.handle == stray));

    let (mut office, _, new) = scene();
    office.token.write_by(Writing::Refuses);
    office.token.leave_halves();
    let error = office.install(&new).error();
    assert_eq!(error.state, TokenState::Unchanged);
    assert_eq!(office.certificates(), [old]);
}

#[test]
fn bytes_that_were_not_asked_for_are_cleared_away_and_the_old_one_stays() {
    let (mut office, old, new) = scene();
    office.token.write_by(Writing::Damages);
    let error = office.install(&new).error();
    assert!(
        matches!(error.failure, StepFailure::StoredDifferently),
        "{error:?}"
    );
    assert_eq!(error.state, TokenState::Unchanged);
    assert_eq!(office.certificates(), [old]);
}

#[test]
fn what_cannot_be_cleared_away_is_told() {
    for writing in [Writing::Damages, Writing::Refuses] {
        let (mut office, old, new) = scene();
        office.token.write_by(writing);
        office.token.leave_halves();
        for nth in 1..=9 {
            let refused = TokenError::new(Operation::RemoveCertificate, Cause::Refused);
            let operation = Operation::RemoveCertificate;
            office.token.fail(operation, nth, Effect::NotDone, refused);
        }
        let error = office.install(&new).error();
        assert_eq!(error.state, TokenState::Leftover, "{writing:?}");
        assert!(office.certificates().contains(&old));
        assert!(office.certificates().len() > 1);
    }
}

#[test]
fn before_anything_is_removed_every_template_is_tried() {
    let (mut office, _, new) = scene();
    office.token.write_by(Writing::Refuses);
    let mut request = Office::request(&new);
    request.policy.remove_old_first = true;
    office.run(&request, PIN, |_| {}).error();
    let log = office.token.log();
    let first_removal = log
        .iter()
        .position(|entry| *entry == Operation::RemoveCertificate);
    let adds = log[..first_removal.unwrap()]
        .iter()
        .filter(|entry| **entry == Operation::AddCertificate);
    // beside, aside, and each of three templates again
    assert_eq!(adds.count(), 5);
}

#[test]
fn an_error_after_which_the_certificate_is_there_is_no_failure() {
    let (mut office, _, new) = scene();
    let lie = TokenError::new(Operation::AddCertificate, Cause::Refused);
    office
        .token
        .fail(Operation::AddCertificate, 1, Effect::Done, lie);
    let report = office.install(&new).report();
    assert_eq!(report.placement, Placement::Beside);
    assert_eq!(count(&office, Operation::AddCertificate), 1);
    assert_eq!(office.certificates(), [new.der()]);
}

#[test]
fn a_token_that_only_the_officer_may_write_is_asked_once() {
    let (mut office, old, new) = scene();
    let cause = Cause::WriteNeedsSecurityOfficer;
    let refused = TokenError::new(Operation::AddCertificate, cause);
    office
        .token
        .fail(Operation::AddCertificate, 1, Effect::NotDone, refused);
    let error = office.install(&new).error();
    assert_eq!(error.state, TokenState::Unchanged);
    assert_eq!(count(&office, Operation::AddCertificate), 1);
    assert_eq!(office.certificates(), [old]);
}

#[test]
fn a_driver_that_replaces_although_the_old_one_was_to_stay_is_told_of() {
    let (mut office, _, new) = scene();
    office.token.write_by(Writing::Replaces);
    let mut request = Office::request(&new);
    request.policy.keep_old = true;
    let report = office.run(&request, PIN, |_| {}).report();
    assert_eq!(report.placement, Placement::ReplacedByDriver);
    assert!(report.replaced[0].removed);
}

#[test]
fn on_every_kind_of_token_a_stopped_run_is_finished_by_the_next() {
    let kinds: [fn(&Office); 3] = [
        |office| office.token.write_by(Writing::OneForEachId),
        |office| {
            office.token.write_by(Writing::OneForEachId);
            office.token.leave_halves();
        },
        |office| office.token.set_room(1),
    ];
    let operations = [
        Operation::Sign,
        Operation::Find,
        Operation::Read,
        Operation::AddCertificate,
        Operation::SetCertificateId,
        Operation::RemoveCertificate,
    ];
    let mut stopped = 0;
    for (kind, prepare) in kinds.iter().enumerate() {
        for operation in operations {
            for nth in 1..=25 {
                for effect in [Effect::NotDone, Effect::Done] {
                    let (mut office, old, new) = scene();
                    prepare(&office);
                    let cause = TokenError::new(operation, Cause::Refused);
                    office.token.fail(operation, nth, effect, cause);
                    let mut request = Office::request(&new);
                    request.policy.remove_old_first = true;
                    let case = format!("{kind} {operation:?} {nth} {effect:?}");
                    let first = office.run(&request, PIN, |_| {});
                    if !matches!(first, Ending::Stopped(_) | Ending::Refused(_)) {
                        // this run asks for the operation less often; the failure is still to come
                        continue;
                    }
                    if let Ending::Stopped(error) = &first {
                        stopped += 1;
                        let there = office.certificates();
                        let has = |value: &[u8]| there.iter().any(|found| found == value);
                        let is_backed_up = error.backup.is_some();
                        assert!(
                            has(new.der()) || has(&old) || is_backed_up,
                            "{case}: nothing is left"
                        );
                        let is_true = match error.state {
                            TokenState::NotTouched | TokenState::Unchanged => {
                                has(&old) && !has(new.der())
                            }
                            TokenState::Leftover => {
                                has(&old) && !has(new.der()) && there.iter().any(Vec::is_empty)
                            }
                            TokenState::NewAndOld => has(&old) && has(new.der()),
                            TokenState::OnlyNew => !has(&old) && has(new.der()),
                            TokenState::OldMissing => !has(&old) && !has(new.der()),
                            TokenState::Unknown => true,
                        };
                        assert!(is_true, "{case}: {error:?}");
                    }
                    let again = office.run(&request, PIN, |_| {});
                    assert!(
                        matches!(again, Ending::Installed(_) | Ending::AlreadyInstalled),
                        "{case}: {again:?}"
                    );
                    let there: Vec<_> = office.certificates();
                    let full: Vec<_> = there.iter().filter(|value| !value.is_empty()).collect();
                    assert_eq!(full, [new.der()], "{case}");
                }
            }
        }
    }
    assert!(stopped > 60, "only {stopped} runs were stopped");
}

#[test]
fn a_label_that_another_subject_has_is_left_out() {
    let (mut office, _, _) = scene();
    office.token.write_by(Writing::OneSubjectForEachLabel);
    let moved = certificate(KEY, "Phòng khác", 2029);
    let report = office.install(&moved).report();
    assert_eq!(report.placement, Placement::Beside);
    assert_eq!(office.certificates(), [moved.der()]);
    assert_eq!(office.token.objects().last().unwrap().label(), "");
    // the usual templates, and the one without a label
    assert_eq!(count(&office, Operation::AddCertificate), 3);
}

#[test]
fn a_certificate_that_was_to_be_kept_and_was_not_is_no_longer_said_to_be() {
    let (mut office, _, new) = scene();
    office.token.write_by(Writing::Replaces);
    let mut request = Office::request(&new);
    request.policy.keep_old = true;
    let report = office.run(&request, PIN, |_| {}).report();
    assert_eq!(report.placement, Placement::ReplacedByDriver);
    let warnings = &report.plan.warnings;
    assert!(warnings.contains(&Warning::OldNotKept), "{warnings:?}");
    assert!(!warnings.contains(&Warning::OldKept), "{warnings:?}");
    assert_eq!(office.certificates(), [new.der()]);
}

#[test]
fn a_driver_that_cannot_search_by_value_does_not_make_an_old_certificate_seem_lost() {
    let (mut office, _, new) = scene();
    let older = certificate(KEY, "Văn phòng", 2023);
    office
        .token
        .put_certificate(&as_object(&older, b"elsewhere"));
    office.token.be_blind_to_values();
    office.token.write_by(Writing::Refuses);
    let error = office.install(&new).error();
    assert_eq!(error.state, TokenState::Unchanged);
}

#[test]
fn a_removal_that_is_refused_changes_nothing_of_a_token_that_had_both() {
    let (mut office, _, new) = scene();
    office.token.put_certificate(&as_object(&new, KEY_ID));
    let refused = TokenError::new(Operation::RemoveCertificate, Cause::Refused);
    office
        .token
        .fail(Operation::RemoveCertificate, 1, Effect::NotDone, refused);
    let error = office.install(&new).error();
    assert_eq!(error.step, Some(Step::Remove));
    assert_eq!(error.state, TokenState::Unchanged);
}

#[test]
fn a_step_that_the_token_refused_is_not_reported_as_done() {
    let (mut office, _, new) = scene();
    office.token.write_by(Writing::OneForEachId);
    let report = office.install(&new).report();
    let refused = report.steps.iter().filter(|taken| taken.is_refused);
    let refused: Vec<Step> = refused.map(|taken| taken.step).collect();
    assert_eq!(refused, [Step::Add]);
}

/// What a copy under another id is: an old certificate, although its bytes are the new one's.
#[test]
fn a_copy_under_a_foreign_id_goes_and_the_one_in_its_place_stays() {
    let (mut office, _, new) = scene();
    let stray = NewCertificate {
        id: b"sha1-of-the-key".to_vec(),
        ..as_object(&new, KEY_ID)
    };
    office.token.put_certificate(&stray);
    office.install(&new).report();
    assert_eq!(office.certificates(), [new.der()]);
    assert_eq!(office.token.objects().last().unwrap().id(), KEY_ID);
}
