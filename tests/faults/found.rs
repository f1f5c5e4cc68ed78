//! What the matrix found, each as a test of its own that says what a person would see.

use serde_json::{Value, json};

use crate::judge::is_finished;
use crate::scene::{Desk, Ran, Scene, Task};
use crate::snapshot::Snapshot;
use crate::walk::{Walk, profiles, rungs};

/// Runs a walk with one fault; `None` where there is no soft token.
fn with_fault(walk: &Walk, at: &Value, deed: &Value) -> Option<(Scene, Ran)> {
    let scene = Scene::lay_out(walk)?;
    let mut desk = Desk::new(walk.paper)?;
    scene.start.put_back(&desk.office);
    let ran = scene.run(&mut desk, &[json!({ "at": at, "do": deed })]);
    Some((scene, ran))
}

fn walk(name: &str) -> Walk {
    let mut walks = rungs().into_iter();
    walks.find(|walk| walk.name == name).unwrap()
}

/// The command ends well, and the token is as after an undisturbed one.
fn assert_finishes(walk: &Walk, at: &Value, deed: &Value) {
    if let Some((scene, ran)) = with_fault(walk, at, deed) {
        assert_eq!(ran.code, Some(0), "{}", ran.stdout);
        assert!(is_finished(&scene, &ran.after), "{:#?}", ran.after);
    }
}

#[test]
fn what_a_failed_removal_left_of_a_certificate_is_cleared_away() {
    let at = json!({ "function": "C_DestroyObject", "nth": 1 });
    let deed = json!({ "answer": "CKR_DEVICE_ERROR", "effect": "half" });
    for name in ["install", "install full, old first", "restore"] {
        assert_finishes(&walk(name), &at, &deed);
    }
}

#[test]
fn a_removal_that_failed_and_was_done_is_none_that_failed() {
    let at = json!({ "function": "C_DestroyObject", "nth": 1 });
    let deed = json!({ "answer": "CKR_GENERAL_ERROR", "effect": "done" });
    for name in ["install", "install full, old first", "restore"] {
        assert_finishes(&walk(name), &at, &deed);
    }
}

/// A half-made object, or a copy under a temporary id: tried once more at the end.
#[test]
fn what_could_not_be_cleared_away_at_first_is_cleared_away_at_the_end() {
    let at = json!({ "function": "C_DestroyObject", "nth": 1 });
    for name in ["install aside, half-made", "install fixed ids, old first"] {
        for effect in ["none", "half"] {
            let deed = json!({ "answer": "CKR_GENERAL_ERROR", "effect": effect });
            assert_finishes(&walk(name), &at, &deed);
        }
        assert_finishes(&walk(name), &at, &json!({ "nonsense": "not-stored" }));
    }
}

/// The driver refuses a write, leaves half of it, and does not show that at the first look.
#[test]
fn what_a_refused_write_left_and_one_look_did_not_show_is_cleared_away_at_the_end() {
    let walk = walk("install aside, half-made");
    let Some(scene) = Scene::lay_out(&walk) else {
        return;
    };
    let calls = &scene.clean.calls;
    let write = calls.iter().position(|call| call == "C_CreateObject");
    let after = |function| {
        let look = calls
            .iter()
            .skip(write.unwrap())
            .position(|call| call == function);
        write.unwrap() + look.unwrap() + 1
    };
    let lies = [
        (after("C_FindObjects"), json!({ "nonsense": "zero-handle" })),
        (
            after("C_GetAttributeValue"),
            json!({ "nonsense": "changed-bytes" }),
        ),
    ];
    for (nth, lie) in lies {
        assert_finishes(&walk, &json!({ "nth": nth }), &lie);
    }
}

/// The old certificate does not show at the login, where alone it would: it is noticed at the end.
#[test]
fn an_old_certificate_that_the_driver_did_not_show_is_noticed_before_all_is_called_well() {
    let walk = walk("install hidden");
    let Some(scene) = Scene::lay_out(&walk) else {
        return;
    };
    let calls = &scene.clean.calls;
    let login = calls.iter().position(|call| call == "C_Login").unwrap();
    let write = calls
        .iter()
        .position(|call| call == "C_CreateObject")
        .unwrap();
    let mut noticed = 0;
    for nth in login + 1..write {
        if calls[nth - 1] != "C_FindObjects" {
            continue;
        }
        let deed = json!({ "nonsense": "zero-handle" });
        let (_, ran) = with_fault(&walk, &json!({ "nth": nth }), &deed).unwrap();
        match ran.code {
            Some(0) => assert!(is_finished(&scene, &ran.after), "{}", ran.stdout),
            Some(6) => {
                assert_eq!(ran.json()["token_state"], "new-and-old", "{}", ran.stdout);
                noticed += 1;
            }
            code => assert_eq!(scene.before, ran.after, "{code:?}"),
        }
    }
    assert_eq!(noticed, 1, "{calls:#?}");
}

/// The driver goes on with a search whose beginning or end it called a failure. On a token that hides its
/// objects, the session is the only one that sees what became of the certificates.
#[test]
fn a_search_that_hangs_over_does_not_keep_the_token_from_being_looked_at() {
    let walk = walk("install hidden");
    let Some(scene) = Scene::lay_out(&walk) else {
        return;
    };
    let calls = &scene.clean.calls;
    for (function, effect) in [
        ("C_FindObjectsInit", "done"),
        ("C_FindObjectsFinal", "none"),
    ] {
        let last = calls.iter().rposition(|call| call == function).unwrap() + 1;
        let deed = json!({ "answer": "CKR_GENERAL_ERROR", "effect": effect });
        let (_, ran) = with_fault(&walk, &json!({ "nth": last }), &deed).unwrap();
        assert_eq!(ran.code, Some(6), "{}", ran.stdout);
        assert_eq!(ran.json()["token_state"], "only-new", "{}", ran.stdout);
    }
}

/// The driver shows its own process a certificate that it never stored; the one process that would notice
/// ends before it can look.
#[test]
fn a_driver_does_not_vouch_for_itself_where_the_second_process_failed_once() {
    let mut walks = profiles().into_iter();
    let walk = walks.find(|walk| walk.profile == "forgets-new-certificates");
    let at = json!({ "function": "C_Initialize", "nth": 2 });
    for deed in [
        json!({ "kill": "host-before" }),
        json!({ "answer": "CKR_DEVICE_ERROR" }),
    ] {
        let Some((scene, ran)) = with_fault(walk.as_ref().unwrap(), &at, &deed) else {
            return;
        };
        assert_eq!(ran.code, Some(4), "{}", ran.stdout);
        assert_eq!(ran.json()["token_state"], "unchanged", "{}", ran.stdout);
        assert_eq!(scene.before, ran.after);
    }
}

/// The old certificate is a private object, and another program ends the login: it no longer shows, and
/// is there all the same.
#[test]
fn what_a_session_that_was_logged_out_does_not_see_is_not_said_to_be_gone() {
    let walk = walk("install private");
    let Some(scene) = Scene::lay_out(&walk) else {
        return;
    };
    let calls = &scene.clean.calls;
    let write = calls
        .iter()
        .position(|call| call == "C_CreateObject")
        .unwrap()
        + 1;
    let removal = calls
        .iter()
        .position(|call| call == "C_DestroyObject")
        .unwrap()
        + 1;
    let mut stopped = 0;
    for nth in write..=removal {
        let log_out = json!({ "log-out": true });
        let (scene, ran) = with_fault(&walk, &json!({ "nth": nth }), &log_out).unwrap();
        if ran.code == Some(0) {
            // it was the login of the process that only reads
            assert!(
                is_finished(&scene, &ran.after),
                "call {nth}: {}",
                ran.stdout
            );
            continue;
        }
        stopped += 1;
        let state = &ran.json()["token_state"];
        assert!(
            state != "old-missing" && state != "only-new",
            "call {nth}: {}",
            ran.stdout
        );
        assert_eq!(
            ran.after.certificates_with(&scene.there[0]).len(),
            1,
            "call {nth}"
        );
    }
    assert!(stopped > 0, "{calls:#?}");
}

/// A run that was cut off left no certificate of the key, and what shows before the login is another's.
#[test]
fn the_key_is_found_where_nothing_is_left_that_shows_it() {
    let walk = walk("install fixed ids, old first, no public keys");
    let Some(scene) = Scene::lay_out(&walk) else {
        return;
    };
    for again in ["install", "restore"] {
        let mut desk = Desk::new(walk.paper).unwrap();
        scene.start.put_back(&desk.office);
        // the first removal is of a copy under the temporary id
        let at = json!({ "function": "C_DestroyObject", "nth": 2 });
        let deed = json!({ "kill": "program-after" });
        let ran = scene.run(&mut desk, &[json!({ "at": at, "do": deed })]);
        assert!(ran.after.certificates_with(&scene.there[0]).is_empty());
        let records = Snapshot::take(&desk.office);
        let backups = records.records("home/backups", "json");
        let backup = backups.last().unwrap().0;
        let task = match again {
            "install" => Task::Walk,
            _ => Task::WayBack {
                backup,
                profile: "no-public-key-objects",
            },
        };
        let ran = desk.run(&walk, None, task, &[]);
        assert_eq!(ran.code, Some(0), "{again}: {}", ran.stdout);
    }
}
