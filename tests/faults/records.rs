//! A disk that fails, and a program that is killed, at every write of its records.

use std::collections::BTreeSet;
use std::sync::Mutex;

use chungthu_test_support::record_faults_library;

use crate::fault::{CHANGING, Extent};
use crate::play::{Verdict, guarded};
use crate::scene::{Desk, Scene};

/// What a write answers: `ENOSPC` of Linux and a full disk that stays full, `EIO`, `EROFS`.
const ERRORS: [&str; 4] = ["28", "28+", "5", "30"];
const KILLS: [&str; 2] = ["kill-before", "kill-after"];

/// What came of one disturbance.
pub(crate) struct Disturbed {
    pub(crate) name: String,
    pub(crate) verdict: Verdict,
}

/// Disturbs each write of the scene's records in each way. The first of the list is without a
/// disturbance, so that a library that was not loaded does not pass.
pub(crate) fn disturb(scene: &Scene, extent: Extent) -> Vec<Disturbed> {
    let library = record_faults_library().expect("librecord_faults.so is beside this program");
    let Some(mut desk) = Desk::new(scene.walk.paper) else {
        return Vec::new();
    };
    let library = library.display().to_string();
    let folder = desk.office.home().display().to_string();
    let log = desk.office.place("writes.log");
    let environment = |at: usize, deed: &str| {
        [
            ("LD_PRELOAD", library.clone()),
            ("RECORD_FAULTS_FOLDER", folder.clone()),
            ("RECORD_FAULTS_LOG", log.display().to_string()),
            ("RECORD_FAULTS_AT", at.to_string()),
            ("RECORD_FAULTS_DO", deed.to_owned()),
        ]
    };
    scene.start.put_back(&desk.office);
    std::fs::remove_file(&log).ok();
    let undisturbed = scene.run_with(&mut desk, &environment(0, ""));
    assert_eq!(undisturbed.code, scene.clean.code, "{}", undisturbed.stdout);
    let writes = std::fs::read_to_string(&log).expect("the library was loaded");
    let continued = Mutex::new(BTreeSet::new());
    let mut all = Vec::new();
    for (at, write) in (1..).zip(writes.lines()) {
        let half = (write == "write").then_some("kill-half");
        let errors = match extent {
            Extent::Few => &ERRORS[..2],
            Extent::All => &ERRORS[..],
        };
        for deed in errors.iter().copied().chain(KILLS).chain(half) {
            let mut unspoken = Vec::new();
            let mut verdict = guarded(&mut desk, scene, None, &continued, |desk| {
                let ran = scene.run_with(desk, &environment(at, deed));
                let is_untouched = CHANGING.iter().all(|function| ran.count(function) == 0);
                let is_killed = deed.starts_with("kill");
                if is_killed != ran.code.is_none() {
                    unspoken.push(format!("it ended with {:?}", ran.code));
                } else if !is_killed && is_untouched && ran.json()["code"] != "BACKUP_FAILED" {
                    unspoken.push(format!(
                        "nothing was done, and it says {}",
                        ran.json()["code"]
                    ));
                }
                ran
            });
            verdict.broken.extend(unspoken);
            let name = format!("{write} ({at}): {deed}");
            all.push(Disturbed { name, verdict });
        }
    }
    all
}
