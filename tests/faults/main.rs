//! The matrix of faults: the program against a driver that fails in every call in every way, and after
//! each run the witness, the same command again, and the way back.
//!
//! The tests of every day are a fixed part of it. `CHUNGTHU_MATRIX=all cargo test --release --test faults
//! -- --nocapture` plays all of it and prints the totals; `few` in the place of `all` one fault of each sort
//! in every call of every walk; `rungs` all faults without the profiles; `WALK,WORD,WORD` the walks with that
//! in their names and of these the calls and faults that have all the words.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a helper of the tests fails the test, and a run of hours says how far it is"
)]

mod fault;
mod found;
mod judge;
mod known;
mod play;
#[cfg(target_os = "linux")]
mod records;
mod scene;
mod snapshot;
mod totals;
mod walk;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use fault::{Extent, Fault, HANG, faults};
use play::play;
use scene::{Desk, Scene};
use totals::Totals;
use walk::{Walk, profiles, rungs};

/// One fault in one call of a walk.
struct Case {
    name: String,
    fault: Fault,
}

/// All cases of a scene, call by call.
fn cases(scene: &Scene, extent: Extent) -> Vec<Case> {
    let calls = (1..).zip(&scene.clean.calls);
    let of_call = |(nth, function): (usize, &String)| {
        faults(function, nth, extent).into_iter().map({
            let function = function.clone();
            move |fault| Case {
                name: format!("{function} ({nth}): {}", fault.name),
                fault,
            }
        })
    };
    calls.flat_map(of_call).collect()
}

/// Plays these cases, on as many desks as there are threads.
fn play_all(scene: &Scene, cases: &[Case], threads: usize) -> Totals {
    let totals = Mutex::new(Totals::of(scene.clean.calls.len()));
    let continued = Mutex::new(BTreeSet::new());
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let Some(mut desk) = Desk::new(scene.walk.paper) else {
                    return;
                };
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let verdict = play(&mut desk, scene, &case.fault, &continued);
                    let mut totals = totals.lock().unwrap();
                    totals.count(&scene.walk, &case.name, &case.fault, verdict);
                }
            });
        }
    });
    totals.into_inner().unwrap()
}

/// Plays a part of a walk's few cases: those whose place in their list is `offset` more than a multiple
/// of `stride`.
fn assert_holds(walk: &Walk, stride: usize, offset: usize) {
    let Some(scene) = Scene::lay_out(walk) else {
        return;
    };
    let cases = cases(&scene, Extent::Few);
    assert!(!cases.is_empty(), "no calls were recorded");
    // a driver that does not start makes few calls
    let offset = offset % cases.len();
    let part: Vec<Case> = cases.into_iter().skip(offset).step_by(stride).collect();
    let totals = play_all(&scene, &part, 1);
    assert!(totals.broken.is_empty(), "{:#?}", totals.broken);
}

#[test]
fn a_plain_renewal_survives_every_fault_in_every_call() {
    assert_holds(&Walk::renewal(), 1, 0);
}

#[test]
fn every_rung_and_every_command_survives_faults() {
    for (number, walk) in rungs().into_iter().enumerate().skip(1) {
        assert_holds(&walk, 17, number % 17);
    }
}

/// Every third profile, so that they are played at the same time.
fn assert_profiles_hold(first: usize) {
    for (number, walk) in profiles().into_iter().enumerate().skip(first).step_by(3) {
        assert_holds(&walk, 67, number % 67);
    }
}

#[test]
fn the_first_third_of_the_profiles_survives_faults() {
    assert_profiles_hold(0);
}

#[test]
fn the_second_third_of_the_profiles_survives_faults() {
    assert_profiles_hold(1);
}

#[test]
fn the_last_third_of_the_profiles_survives_faults() {
    assert_profiles_hold(2);
}

/// A write that fails, a disk that is full, a kill before, in and after each write of backup, journal and
/// history.
#[cfg(target_os = "linux")]
#[test]
fn every_write_of_the_records_may_fail_or_be_the_last() {
    let walks = vec![Walk::renewal()];
    assert_survives_disks(walks, Extent::Few);
}

/// Where the old certificate is overwritten or goes first, and of a restore.
#[cfg(target_os = "linux")]
#[test]
fn every_write_of_the_records_of_every_rung_may_fail_or_be_the_last() {
    if chungthu_test_support::matrix().is_some() {
        assert_survives_disks(rungs(), Extent::All);
    }
}

#[cfg(target_os = "linux")]
fn assert_survives_disks(walks: Vec<Walk>, extent: Extent) {
    let mut told: Vec<String> = Vec::new();
    for walk in walks {
        let Some(scene) = Scene::lay_out(&walk) else {
            return;
        };
        let all = records::disturb(&scene, extent);
        assert!(!all.is_empty(), "no writes were recorded");
        let runs: usize = all.iter().map(|one| one.verdict.runs).sum();
        eprintln!(
            "| {}, records | {} cases | {runs} runs |",
            walk.name,
            all.len()
        );
        for one in all {
            let (name, end) = (one.name, one.verdict.end);
            let rules = one.verdict.broken.into_iter();
            told.extend(rules.map(|rule| format!("{} | {name} | {end} | {rule}", walk.name)));
        }
    }
    assert!(told.is_empty(), "{told:#?}");
}

/// `CHUNGTHU_MATRIX` says whether and what.
#[test]
fn the_whole_matrix_holds() {
    let Some(wanted) = chungthu_test_support::matrix() else {
        return;
    };
    let extent = if wanted == "few" {
        Extent::Few
    } else {
        Extent::All
    };
    let is_word = |word: &&str| !["all", "few", "rungs"].contains(word);
    let words: Vec<&str> = wanted.split(',').filter(is_word).collect();
    // half of them wait for a driver that hangs
    let threads = 2 * std::thread::available_parallelism().map_or(1, usize::from);
    let begun = Instant::now();
    let mut all = Totals::default();
    let mut table = vec![totals::HEAD.to_owned()];
    let mut walks = rungs();
    let rungs = walks.len();
    if wanted != "rungs" {
        walks.extend(profiles());
    }
    let is_meant = |walk: &Walk| words.first().is_none_or(|word| walk.name.contains(word));
    for (number, walk) in (0..).zip(walks).filter(|(_, walk)| is_meant(walk)) {
        let Some(scene) = Scene::lay_out(&walk) else {
            return;
        };
        let mut cases = cases(&scene, extent);
        cases.retain(|case| {
            let mut words = words.iter().skip(1);
            // it takes seconds, and what a driver is like makes no difference to it
            let is_meant = number < rungs || case.fault.name != HANG;
            is_meant && words.all(|word| case.name.contains(word))
        });
        if cases.is_empty() {
            continue;
        }
        // of which every run waits for a driver that does not end
        let waits = if walk.profile == "hangs-in-finalize" {
            8
        } else {
            1
        };
        let totals = play_all(&scene, &cases, threads * waits);
        let row = totals.row(&walk.name);
        eprintln!("{row} {} s", begun.elapsed().as_secs());
        table.push(row);
        all.add(totals);
    }
    table.push(all.row("all"));
    let seconds = begun.elapsed().as_secs().max(1);
    eprintln!("\n{}\n\n{all}", table.join("\n"));
    eprintln!(
        "{} runs in {seconds} s; broken rules: {}",
        all.runs,
        all.broken.len()
    );
    for broken in &all.broken {
        eprintln!("- {broken}");
    }
    assert!(all.broken.is_empty());
}
