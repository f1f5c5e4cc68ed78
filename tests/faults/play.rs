//! One case: the run with the fault, the runs after it, and the way back.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use crate::fault::Fault;
use crate::judge::{is_finished, judge, lasting};
use crate::scene::{Desk, Ran, Scene, Task};
use crate::snapshot::Snapshot;

/// What came of a case.
#[derive(Clone, Debug)]
pub(crate) struct Verdict {
    /// The exit status and the token's state, as reported.
    pub(crate) end: String,
    /// How many times the program ran.
    pub(crate) runs: usize,
    /// The rules that were broken.
    pub(crate) broken: Vec<String>,
}

/// The states from which a scene was continued already: what follows is the same each time.
pub(crate) type Continued = Mutex<BTreeSet<String>>;

/// Plays a case; a helper that fails is a broken rule too.
pub(crate) fn play(
    desk: &mut Desk,
    scene: &Scene,
    fault: &Fault,
    continued: &Continued,
) -> Verdict {
    let first = |desk: &mut Desk| scene.run(desk, &fault.scenario);
    guarded(desk, scene, Some(fault), continued, first)
}

/// The same for a run that is disturbed in another way than by its driver.
pub(crate) fn guarded(
    desk: &mut Desk,
    scene: &Scene,
    fault: Option<&Fault>,
    continued: &Continued,
    first: impl FnOnce(&mut Desk) -> Ran,
) -> Verdict {
    let mut verdict = Verdict {
        end: "none".to_owned(),
        runs: 0,
        broken: Vec::new(),
    };
    scene.start.put_back(&desk.office);
    let played = catch_unwind(AssertUnwindSafe(|| {
        verdict.runs += 1;
        let ran = first(desk);
        verdict.end = end(&ran);
        let state = Snapshot::take(&desk.office);
        verdict.broken = judge(scene, fault, &ran, &state);
        let is_new = continued
            .lock()
            .unwrap()
            .insert(state.fingerprint(&ran.after));
        if is_new {
            go_on(desk, scene, &state, &ran, &mut verdict);
        }
    }));
    if let Err(panic) = played {
        let words = panic.downcast_ref::<String>().cloned();
        let words = words.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        verdict
            .broken
            .push(format!("panicked: {}", words.unwrap_or_default()));
    }
    verdict
}

/// What a run ended in, in two words.
pub(crate) fn end(ran: &Ran) -> String {
    let json = ran.json();
    let state = json["token_state"].as_str().or(json["outcome"].as_str());
    match ran.code {
        Some(code) => format!("{code} {}", state.unwrap_or("nothing")),
        None => "killed".to_owned(),
    }
}

/// From the state that the fault left: again, and once more, and then the way back.
fn go_on(desk: &mut Desk, scene: &Scene, state: &Snapshot, ran: &Ran, verdict: &mut Verdict) {
    let mut rule = |is_kept: bool, words: String| {
        if !is_kept {
            verdict.broken.push(words);
        }
    };
    let second = scene.run(desk, &[]);
    let what = || format!("{}: {}", end(&second), second.json()["code"]);
    if scene.finishes() {
        rule(
            second.code == Some(0),
            format!("the second run does not finish: {}", what()),
        );
        rule(
            is_finished(scene, &second.after),
            "after the second run the token is not as wanted".into(),
        );
    } else {
        let clean = &scene.clean;
        let is_same = second.code == clean.code && second.json()["code"] == clean.json()["code"];
        rule(
            is_same,
            format!("the second run is not refused like the first: {}", what()),
        );
        rule(
            lasting(&second.after) == lasting(&clean.after),
            "after the second run the token is not as an undisturbed one leaves it".into(),
        );
    }
    rule(
        second.after.keys() == scene.before.keys() && second.count("C_Login") <= 1,
        "the second run changed a key or logged in twice".into(),
    );
    let third = scene.run(desk, &[]);
    rule(
        third.code == second.code && third.after.certificates() == second.after.certificates(),
        format!("the third run changes something: {}", end(&third)),
    );
    verdict.runs += 2;
    let backups = state.records("home/backups", "json");
    let is_new = backups.len() > scene.start.records("home/backups", "json").len();
    let Some((backup, _)) = backups.last().filter(|_| is_new) else {
        return;
    };
    state.put_back(&desk.office);
    let profile = match scene.restored {
        Some(_) => scene.walk.profile.as_str(),
        None => "",
    };
    let back = desk.run(&scene.walk, None, Task::WayBack { backup, profile }, &[]);
    verdict.runs += 1;
    let mut rule = |is_kept: bool, words: String| {
        if !is_kept {
            verdict.broken.push(words);
        }
    };
    rule(
        back.code == Some(0),
        format!("the restore fails: {}: {}", end(&back), back.json()["code"]),
    );
    let after = lasting(&back.after);
    rule(
        after == lasting(&scene.before) || Some(after) == scene.restored,
        "the restore brings back another state".into(),
    );
    rule(
        back.after.keys() == ran.after.keys(),
        "the restore changed a key".into(),
    );
}
