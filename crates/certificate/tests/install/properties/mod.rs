//! Properties of the plan and of its execution, on arbitrary tokens, requests and interruptions.
//! `PROPTEST_CASES` says how many.

mod found;
mod world;

use std::collections::BTreeSet;

use chungthu_certificate::install::{
    Goal, Plan, PlannedStep, Policy, Refusal, Request, TokenState, temporary_id,
};
use chungthu_certificate::records::RecordKind;
use chungthu_token::error::Operation;
use chungthu_token::fake::{IdChanges, Writing};
use chungthu_token::object::{AttributeType, Object, ObjectClass, ObjectHandle};
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestCaseResult};

use crate::office::{Ending, Halves, Office, PIN};

use self::world::{World, is_of_key, stop, task, world};

/// The normal run has the same cases each time; more of them, with `PROPTEST_CASES`, are always others.
fn configuration() -> ProptestConfig {
    const NORMALLY: u32 = 256;
    let default = ProptestConfig::default();
    ProptestConfig {
        rng_seed: if default.cases == NORMALLY {
            RngSeed::Fixed(2026)
        } else {
            default.rng_seed
        },
        failure_persistence: None,
        max_shrink_iters: 4000,
        ..default
    }
}

proptest! {
    #![proptest_config(configuration())]

    #[test]
    fn a_run_changes_nothing_but_certificates_of_its_key_and_loses_none(
        world in world(), task in task(), stop in prop::option::of(stop()),
    ) {
        let Some((mut office, request)) = world.asked(&task) else { return Ok(()) };
        let before = office.token.objects();
        if let Some(stop) = &stop {
            stop.plan_on(&office.token);
        }
        let ending = watched(&world, &mut office, &request, stop.is_some())?;
        if stop.is_none() {
            // but for one that a driver removes unasked
            if world.writing != Writing::Replaces {
                no_half_is_left(&before, &office)?;
            }
            // of many certificates a second run may find one that the first did not
            let is_sure = !world.is_crowded && !mixes_up_copies(&world, &request);
            if matches!(ending, Ending::Installed(_)) && is_sure {
                a_second_run_does_nothing(&world, &mut office, &request)?;
            }
        }
    }

    #[test]
    fn a_run_stopped_anywhere_and_run_again_ends_as_one_that_was_not_stopped(
        world in world(), task in task(), stop in stop(),
    ) {
        let (Some((mut plain, request)), Some((mut office, _))) =
            (world.asked(&task), world.asked(&task)) else { return Ok(()) };
        let wanted = plain.run(&request, PIN, |_| {});
        stop.plan_on(&office.token);
        let first = watched(&world, &mut office, &request, true)?;
        office.token.revive();
        let again = watched(&world, &mut office, &request, false)?;
        let context = || format!(
            "first {}\nagain {}\nunstopped {}", told(&first), told(&again), told(&wanted)
        );
        // what a stopped run left may take the room that the next one made
        let is_out_of_room = world.room.is_some() && world.leaves_halves;
        match &wanted {
            Ending::Installed(_) | Ending::AlreadyInstalled if is_out_of_room => {}
            Ending::Installed(_) | Ending::AlreadyInstalled => {
                // of many, what a stopped restore placed is found by the next one only under the subject
                // or the id that it searches for
                let is_lost_in_many = world.is_crowded && !matches!(request.goal, Goal::Install);
                if mixes_up_copies(&world, &request) || is_lost_in_many {
                    return Ok(());
                }
                let is_done = matches!(again, Ending::Installed(_) | Ending::AlreadyInstalled)
                    || is_hidden_now(&world, &again, &office.token.objects());
                prop_assert!(is_done, "{}", context());
                // of many certificates only those that a search finds are known to be the key's, and an
                // old one that only a login shows is no reason to ask for one
                let shown = |office: &Office| {
                    let mut shown = of_key(office);
                    let is_asked = !matches!(again, Ending::AlreadyInstalled);
                    shown.retain(|[.., private]| is_asked || private != &[1]);
                    shown
                };
                // its label went with an old one that was removed first
                let has_lost_its_label = request.policy.remove_old_first;
                let is_same =
                    world.is_crowded || has_lost_its_label || shown(&office) == shown(&plain);
                prop_assert!(is_same, "{}", context());
            }
            Ending::Refused(refusal) => {
                let is_it = matches!(&again, Ending::Refused(other) if other == refusal);
                prop_assert!(is_it, "{}", context());
            }
            // with the person's word to remove first, a stop in between leaves the backup as the way back
            Ending::Stopped(_) if request.policy.remove_old_first => {}
            // a backup of several that the token does not take: how many it has by then may differ
            Ending::Stopped(_)
                if matches!(&request.goal, Goal::Restore(objects) if objects.len() > 1) => {}
            Ending::Stopped(_) if world.writing == Writing::Replaces => {}
            // what shows it from its memory was stopped before it told
            Ending::Stopped(_) if world.writing == Writing::OnlyRemembers => {}
            // the unstopped run cleared away what was in its own way
            Ending::Stopped(_) if matches!(again, Ending::Installed(_)) => {}
            Ending::Stopped(_) => {
                let [one, other] = [&office, &plain].map(|office| lasting(&office.token.objects()));
                prop_assert!(one == other, "{}", context());
            }
        }
    }
}

/// An ending without the bytes of certificates.
fn told(ending: &Ending) -> String {
    match ending {
        Ending::Refused(refusal) => format!("{refusal:?}").chars().take(300).collect(),
        Ending::AlreadyInstalled => "already installed".to_owned(),
        Ending::Installed(report) => format!(
            "{:?} {:?} {:?}",
            report.placement, report.read_back, report.steps
        ),
        Ending::Stopped(error) => format!("{:?} {:?} {:?}", error.step, error.failure, error.state),
    }
}

/// One run, and what is true after any.
fn watched(
    world: &World,
    office: &mut Office,
    request: &Request,
    is_stopped: bool,
) -> Result<Ending, TestCaseError> {
    let before = office.token.objects();
    let asked = office.token.log().len();
    let planned = office.plans.len();
    let ending = office.run(request, PIN, |_| {});
    let after = office.token.objects();
    let asked = office.token.log().split_off(asked);
    let logins = asked.iter().filter(|asked| **asked == Operation::LogIn);
    prop_assert!(logins.count() <= 1, "{:?}", asked);
    for plan in office.plans.split_off(planned) {
        the_plan_is_safe(&plan, request.policy)?;
    }
    only_certificates_of_the_key_are_changed(world, &before, &after)?;
    nothing_is_lost(world, office, request, is_stopped, &before, &after)?;
    the_state_is_true(world, request, is_stopped, &ending, &before, &after)?;
    Ok(ending)
}

/// A plan has no place for a key's handle: its steps are indices of certificates, and the one handle
/// among them is of a certificate with the wanted bytes.
fn the_plan_is_safe(plan: &Plan, policy: Policy) -> TestCaseResult {
    let is_removal = |step: &PlannedStep| matches!(step, PlannedStep::Remove { .. });
    let first_removal = plan.steps.iter().position(is_removal);
    let last_write = plan
        .steps
        .iter()
        .rposition(|step| matches!(step, PlannedStep::Add { .. } | PlannedStep::Refile { .. }));
    if let (Some(removal), Some(write)) = (first_removal, last_write) {
        prop_assert!(write < removal, "{:?}", plan.steps);
    }
    prop_assert!(policy.remove_old_first || !plan.may_remove_first);
    prop_assert!(plan.old.iter().all(|old| is_of_key(&old.object)));
    prop_assert!(plan.in_place.iter().all(is_of_key));
    for step in &plan.steps {
        match step {
            PlannedStep::Add { wanted } => prop_assert!(*wanted < plan.wanted.len()),
            PlannedStep::Remove { old } => prop_assert!(plan.old[*old].remove),
            PlannedStep::ClearAway { leftover } => {
                prop_assert!(plan.leftovers[*leftover].is_empty_certificate());
            }
            PlannedStep::Refile { wanted, handle } => {
                let object = plan.in_place.iter().find(|object| object.handle == *handle);
                prop_assert_eq!(object.unwrap().value(), &plan.wanted[*wanted].value);
            }
        }
    }
    Ok(())
}

/// Keys, other keys' certificates and what is no certificate are as they were, handle by handle.
fn only_certificates_of_the_key_are_changed(
    world: &World,
    before: &[Object],
    after: &[Object],
) -> TestCaseResult {
    let handles: BTreeSet<_> = before.iter().map(|object| object.handle).collect();
    // a driver that replaces what has the same id does so unasked
    let is_watched = |object: &&Object| {
        !is_of_key(object)
            && (world.writing != Writing::Replaces || object.class != ObjectClass::Certificate)
    };
    let there: Vec<&Object> = before.iter().filter(is_watched).collect();
    let still: Vec<&Object> = after
        .iter()
        .filter(is_watched)
        .filter(|object| handles.contains(&object.handle))
        .collect();
    prop_assert!(there == still);
    Ok(())
}

fn is_to_none(request: &Request) -> bool {
    matches!(&request.goal, Goal::Restore(objects) if objects.is_empty())
}

/// Of several copies that a backup holds, a driver that ignores new ids may show one for another.
fn mixes_up_copies(world: &World, request: &Request) -> bool {
    let Goal::Restore(objects) = &request.goal else {
        return false;
    };
    let values: BTreeSet<&[u8]> = objects.iter().map(|new| new.value.as_slice()).collect();
    world.id_changes == IdChanges::AreIgnored && values.len() < objects.len()
}

/// A key that had a certificate has one, and each that is gone is in the backup.
fn nothing_is_lost(
    world: &World,
    office: &Office,
    request: &Request,
    is_stopped: bool,
    before: &[Object],
    after: &[Object],
) -> TestCaseResult {
    let may_be_none = is_to_none(request)
        || request.policy.remove_old_first
        || may_deceive(world, request, is_stopped, before);
    if before.iter().any(is_of_key) && !may_be_none {
        prop_assert!(after.iter().any(is_of_key));
    }
    let values: BTreeSet<&[u8]> = after.iter().map(Object::value).collect();
    for lost in before.iter().filter(|object| is_of_key(object)) {
        let is_backed_up = office
            .records
            .files
            .iter()
            .any(|((kind, _), bytes)| *kind == RecordKind::Backup && bytes == lost.value());
        // of many, one that no search finds, and that the driver then replaces unasked, nobody saw
        let was_unseen = world.is_crowded && world.writing == Writing::Replaces;
        prop_assert!(values.contains(lost.value()) || is_backed_up || was_unseen);
    }
    Ok(())
}

/// A driver that shows from its memory what it never stored is found out by another process; but not
/// where that one was stopped too, and not with what only a login shows.
fn may_deceive(world: &World, request: &Request, is_stopped: bool, before: &[Object]) -> bool {
    let is_hidden = matches!(&request.goal, Goal::Restore(objects)
        if objects.iter().any(|new| new.private == Some(true)));
    let was_hidden = before
        .iter()
        .any(|object| is_of_key(object) && object.is_private());
    world.writing == Writing::OnlyRemembers && (is_stopped || is_hidden || was_hidden)
}

/// What an error says of the token is what is there.
fn the_state_is_true(
    world: &World,
    request: &Request,
    is_stopped: bool,
    ending: &Ending,
    before: &[Object],
    after: &[Object],
) -> TestCaseResult {
    let is_as_before = lasting(before) == lasting(after);
    let is_same = places(before) == places(after);
    let values: BTreeSet<&[u8]> = after.iter().map(Object::value).collect();
    match ending {
        Ending::Refused(_) | Ending::AlreadyInstalled => prop_assert!(before == after),
        Ending::Installed(_) | Ending::Stopped(_)
            if may_deceive(world, request, is_stopped, before) => {}
        Ending::Installed(report) => {
            let wanted = &report.plan.wanted;
            prop_assert!(
                wanted
                    .iter()
                    .all(|new| values.contains(new.value.as_slice()))
            );
        }
        Ending::Stopped(error) => match error.state {
            TokenState::NotTouched => prop_assert!(before == after, "{}", told(ending)),
            TokenState::Unchanged | TokenState::Leftover => {
                prop_assert!(is_as_before, "{}", told(ending))
            }
            // of many certificates the search for one subject does not find all that a backup holds
            TokenState::NewAndOld | TokenState::OnlyNew | TokenState::OldMissing
                if world.is_crowded && !matches!(request.goal, Goal::Install) => {}
            TokenState::NewAndOld | TokenState::OnlyNew | TokenState::OldMissing => {
                prop_assert!(!is_same, "{}", told(ending));
            }
            TokenState::Unknown => {}
        },
    }
    let is_judged =
        matches!(request.goal, Goal::Install) && !may_deceive(world, request, is_stopped, before);
    if let (Ending::Stopped(error), true) = (ending, is_judged) {
        let has_new = values.contains(request.certificate.der());
        match error.state {
            TokenState::NewAndOld | TokenState::OnlyNew => {
                prop_assert!(has_new, "{}", told(ending))
            }
            TokenState::OldMissing => prop_assert!(!has_new, "{}", told(ending)),
            TokenState::NotTouched
            | TokenState::Unchanged
            | TokenState::Leftover
            | TokenState::Unknown => {}
        }
    }
    Ok(())
}

/// Nothing shows the key without a login any more, and something shows another key.
fn is_hidden_now(world: &World, ending: &Ending, there: &[Object]) -> bool {
    let is_shown = |object: &Object| is_of_key(object) && !object.is_private();
    matches!(ending, Ending::Refused(Refusal::KeyNotOnToken { .. }))
        && world.halves == Halves::PrivateOnly
        && !there.iter().any(is_shown)
}

/// Of the objects that are no certificate none is of this run.
fn no_half_is_left(before: &[Object], office: &Office) -> TestCaseResult {
    let empty = |objects: &[Object]| -> Vec<ObjectHandle> {
        let empty = objects
            .iter()
            .filter(|object| object.class == ObjectClass::Certificate && object.value().is_empty());
        empty.map(|object| object.handle).collect()
    };
    prop_assert_eq!(empty(before), empty(&office.token.objects()));
    Ok(())
}

fn a_second_run_does_nothing(
    world: &World,
    office: &mut Office,
    request: &Request,
) -> TestCaseResult {
    let before = office.token.objects();
    let again = watched(world, office, request, false)?;
    let is_done = match &again {
        Ending::AlreadyInstalled => true,
        Ending::Refused(_) => is_hidden_now(world, &again, &before),
        Ending::Installed(_) | Ending::Stopped(_) => false,
    };
    prop_assert!(is_done, "{}", told(&again));
    prop_assert!(before == office.token.objects());
    Ok(())
}

/// The key's certificates: bytes, id, label and whether they are private; the order is no part of it.
type Places = Vec<[Vec<u8>; 4]>;

fn of_key(office: &Office) -> Places {
    places(&office.token.objects())
}

fn places(objects: &[Object]) -> Places {
    let attributes = [
        AttributeType::Value,
        AttributeType::Id,
        AttributeType::Label,
        AttributeType::Private,
    ];
    let of_key = objects.iter().filter(|object| is_of_key(object));
    let mut places: Places = of_key
        .map(|object| attributes.map(|one| object.bytes(one).unwrap_or_default().to_vec()))
        .collect();
    places.sort();
    places
}

/// The same without what a run left under a temporary id, which the next may clear away.
fn lasting(objects: &[Object]) -> Places {
    let mut lasting = places(objects);
    lasting.retain(|[value, id, ..]| *id != temporary_id(value));
    lasting
}
