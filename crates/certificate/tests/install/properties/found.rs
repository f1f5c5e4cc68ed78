//! What the properties found, as plain tests.

use chungthu_certificate::install::{Policy, TokenState};
use chungthu_token::error::{Cause, Operation, TokenError};
use chungthu_token::fake::{Effect, IdChanges, Writing};

use crate::office::{Ending, Halves, KEY_ID, Office, PIN};

use super::of_key;
use super::world::{At, KeyUse, Standing, Task, What, World, is_of_key};

const UNIT: &str = "Văn phòng";

fn of_year(year: i32, at: At) -> Standing {
    Standing {
        what: What::OfKey(year, UNIT),
        at,
        is_private: false,
        is_labelled: true,
    }
}

fn world(standing: Vec<Standing>) -> World {
    World {
        halves: Halves::Both,
        has_id: true,
        key_use: KeyUse::Signs,
        has_other_key: false,
        standing,
        is_crowded: false,
        writing: Writing::Stores,
        id_changes: IdChanges::Work,
        leaves_halves: false,
        is_blind_to_values: false,
        room: None,
    }
}

fn install(policy: Policy) -> Task {
    Task::Install {
        year: 2029,
        unit: UNIT,
        policy,
    }
}

fn restore(meanwhile: Vec<Standing>, policy: Policy) -> Task {
    Task::Restore { meanwhile, policy }
}

const REMOVE_FIRST: Policy = Policy {
    keep_old: false,
    remove_old_first: true,
    allow_final_try: false,
    allow_expired: false,
    allow_older: false,
    allow_not_yet_valid: false,
};

/// The first run is finished, and the second finds nothing to do.
fn is_done_by_one_run(world: &World, task: &Task) -> Office {
    let (mut office, request) = world.asked(task).unwrap();
    office.run(&request, PIN, |_| {}).report();
    let there = of_key(&office);
    let again = office.run(&request, PIN, |_| {});
    assert!(matches!(again, Ending::AlreadyInstalled), "{again:?}");
    assert_eq!(of_key(&office), there);
    office
}

#[test]
fn of_two_copies_whose_ids_differ_in_a_nul_one_is_removed() {
    let world = world(vec![
        of_year(2029, At::KeyIdWithNul),
        of_year(2029, At::KeyId),
    ]);
    let office = is_done_by_one_run(&world, &install(Policy::default()));
    let left = of_key(&office);
    assert_eq!(left.len(), 1);
    assert_eq!(left[0][1], KEY_ID, "the one with the key's very id stays");
}

#[test]
fn two_copies_whose_ids_differ_in_a_nul_are_brought_back_both() {
    let world = world(vec![
        of_year(2026, At::KeyId),
        of_year(2026, At::KeyIdWithNul),
    ]);
    let office = is_done_by_one_run(&world, &restore(Vec::new(), Policy::default()));
    assert_eq!(of_key(&office).len(), 2);
}

#[test]
fn copies_with_and_without_an_id_are_brought_back_each_to_its_place() {
    let mut world = world(vec![of_year(2026, At::Elsewhere), of_year(2026, At::NoId)]);
    world.has_id = false;
    let (mut office, request) = world
        .asked(&restore(Vec::new(), Policy::default()))
        .unwrap();
    let refused = TokenError::new(Operation::RemoveCertificate, Cause::Refused);
    let token = &office.token;
    token.fail(Operation::RemoveCertificate, 1, Effect::NotDone, refused);
    office.run(&request, PIN, |_| {});
    office.token.revive();
    office.run(&request, PIN, |_| {}).report();
    assert_eq!(of_key(&office), of_key(&world.office()));
}

#[test]
fn no_certificate_is_given_an_empty_id_in_the_place_of_a_temporary_one() {
    let mut world = world(vec![of_year(2029, At::TemporaryId)]);
    world.has_id = false;
    world.id_changes = IdChanges::AreIgnored;
    let office = is_done_by_one_run(&world, &install(Policy::default()));
    assert_eq!(of_key(&office).len(), 1);
    assert!(!office.token.log().contains(&Operation::SetCertificateId));
}

#[test]
fn one_of_two_copies_lost_is_not_said_to_be_nothing() {
    let mut world = world(vec![of_year(2026, At::KeyId)]);
    world.writing = Writing::Refuses;
    let task = restore(vec![of_year(2029, At::KeyId)], REMOVE_FIRST);
    let (mut office, request) = world.asked(&task).unwrap();
    assert_eq!(of_key(&office).len(), 2);
    let error = office.run(&request, PIN, |_| {}).error();
    assert_eq!(of_key(&office).len(), 1);
    assert_eq!(error.state, TokenState::OldMissing);
}

#[test]
fn what_only_a_login_shows_is_not_said_to_be_gone_where_nobody_could_look_with_one() {
    let hidden = Standing {
        is_private: true,
        ..of_year(2026, At::KeyId)
    };
    let mut world = world(vec![hidden]);
    world.writing = Writing::Refuses;
    let mut unknown = 0;
    for nth in 1..20 {
        let (mut office, request) = world.asked(&install(Policy::default())).unwrap();
        let refused = TokenError::new(Operation::Find, Cause::Refused);
        let token = &office.token;
        token.fail(Operation::Find, nth, Effect::NotDone, refused);
        if let Ending::Stopped(error) = office.run(&request, PIN, |_| {}) {
            assert_ne!(error.state, TokenState::OldMissing, "{nth}");
            unknown += usize::from(error.state == TokenState::Unknown);
        }
    }
    assert!(unknown > 0);
}

#[test]
fn a_copy_that_stayed_is_not_taken_for_what_was_put_back() {
    let mut world = world(vec![of_year(2023, At::KeyId), of_year(2023, At::KeyId)]);
    world.writing = Writing::OneForEachId;
    world.id_changes = IdChanges::AreIgnored;
    world.leaves_halves = true;
    let (mut office, request) = world.asked(&install(REMOVE_FIRST)).unwrap();
    let error = office.run(&request, PIN, |_| {}).error();
    assert_eq!(office.certificates(), [of_key(&office)[0][0].clone()]);
    assert_eq!(error.state, TokenState::OldMissing);
}

#[test]
fn what_this_run_has_placed_is_not_taken_for_the_next_one_that_was_refused() {
    let unlabelled = Standing {
        is_labelled: false,
        ..of_year(2023, At::KeyId)
    };
    let stranger = Standing {
        what: What::NoCertificate,
        ..of_year(2023, At::KeyId)
    };
    let mut world = world(vec![stranger, unlabelled, of_year(2023, At::KeyIdWithNul)]);
    world.writing = Writing::OneSubjectForEachLabel;
    world.leaves_halves = true;
    let (mut office, request) = world
        .asked(&restore(Vec::new(), Policy::default()))
        .unwrap();
    let objects = office.token.objects().len();
    office.run(&request, PIN, |_| {}).report();
    // two for one, and nothing beside
    assert_eq!(office.token.objects().len(), objects + 1);
    assert_eq!(of_key(&office).len(), 2);
}

#[test]
fn half_a_restore_to_a_key_that_had_nothing_has_lost_nothing() {
    let mut world = world(vec![of_year(2023, At::KeyId), of_year(2026, At::KeyId)]);
    world.room = Some(1);
    let (mut office, request) = world
        .asked(&restore(Vec::new(), Policy::default()))
        .unwrap();
    // as after a run that removed what there was
    let token = &office.token;
    for object in token.objects().iter().filter(|object| is_of_key(object)) {
        token.take_away(object.handle);
    }
    token.set_room(1);
    let error = office.run(&request, PIN, |_| {}).error();
    assert_eq!(of_key(&office).len(), 1);
    assert_eq!(error.state, TokenState::NewAndOld);
}

#[test]
fn a_certificate_that_waits_under_a_temporary_id_is_not_in_place_because_it_alone_shows_the_key() {
    let hidden = Standing {
        is_private: true,
        ..of_year(2026, At::KeyId)
    };
    let mut world = world(vec![hidden, of_year(2029, At::TemporaryId)]);
    world.halves = Halves::PrivateOnly;
    let office = is_done_by_one_run(&world, &install(Policy::default()));
    let left = of_key(&office);
    assert_eq!(left.len(), 1);
    assert_eq!(left[0][1], KEY_ID);
}
