//! What the matrix found, each as a test of its own that says what a person would see.

use serde_json::{Value, json};

use crate::judge::is_finished;
use crate::scene::{Desk, Ran, Scene};
use crate::walk::{Walk, rungs};

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
