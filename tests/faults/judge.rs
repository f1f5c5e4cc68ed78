//! What must be true after every run, whatever went wrong: each rule with its own words.

use chungthu_test_support::{Dump, Object};
use serde_json::Value;

use crate::fault::{CHANGING, Fault, Sight};
use crate::scene::{KEY_ID, Ran, Scene};
use crate::snapshot::Snapshot;

/// What is left on the token of the key's certificates, as the witness sees it.
struct Seen {
    /// Every object of the certificates is as before, but for what a token makes anew for each.
    is_as_before: bool,
    /// How many of those that were there before still stand where they stood.
    left: usize,
    /// How many of the wanted ones are there, wherever.
    brought: usize,
    /// Objects more than before.
    more: bool,
}

/// The rules that a run broke. `records`: the office's files after it.
pub(crate) fn judge(
    scene: &Scene,
    fault: Option<&Fault>,
    ran: &Ran,
    records: &Snapshot,
) -> Vec<String> {
    let mut broken = Vec::new();
    let mut rule = |is_kept: bool, words: String| {
        if !is_kept {
            broken.push(words);
        }
    };
    let (before, after) = (&scene.before, &ran.after);
    rule(before.keys() == after.keys(), "a key was changed".into());
    rule(
        others(scene, before) == others(scene, after),
        "another certificate was changed".into(),
    );
    rule(
        ran.count("C_Login") <= 1,
        format!("{} logins", ran.count("C_Login")),
    );
    rule(
        is_journalled(&scene.start, ran, records),
        "a changing call without its line in the journal".into(),
    );
    let seen = Seen::new(scene, after);
    let is_changed = !seen.is_as_before;
    let backups = records.records("home/backups", "json");
    let is_new = |name: &std::path::Path| {
        let known = scene.start.records("home/backups", "json");
        !known.iter().any(|(known, _)| *known == name)
    };
    let backup = backups
        .last()
        .map(|(name, _)| *name)
        .filter(|name| is_new(name));
    rule(
        backup.is_some() || !is_changed,
        "the certificates were changed and there is no backup".into(),
    );
    if let Some(code) = ran.code {
        let json = ran.json();
        broken.extend(contract(scene, code, &json));
        broken.extend(agreement(scene, fault, code, &json, ran, &seen));
        let had_any = !scene.there.is_empty();
        if had_any && seen.left == 0 && seen.brought == 0 && !is_finished(scene, after) {
            let name = backup.and_then(|name| name.file_name()).unwrap_or_default();
            let is_named = json["hints"].to_string().contains(&*name.to_string_lossy());
            if !is_named || name.is_empty() {
                broken
                    .push("no certificate is left, and the report does not name the backup".into());
            }
        }
    } else if !fault.is_none_or(|fault| fault.name.starts_with("kill program")) {
        broken.push("the program was killed by a signal".into());
    }
    broken
}

/// The wanted state: what the undisturbed run left, or, where certificates are kept, all of them.
pub(crate) fn is_finished(scene: &Scene, after: &Dump) -> bool {
    let found = essentials(after);
    let keeps = scene
        .walk
        .options
        .iter()
        .any(|one| one.starts_with("--keep"));
    found == essentials(&scene.clean.after)
        || keeps && {
            let mut all = essentials(&scene.before);
            let new = scene.wanted.iter();
            all.extend(new.map(|der| {
                (
                    Some(hexadecimal(der)),
                    Some(KEY_ID.to_owned()),
                    Some("01".to_owned()),
                )
            }));
            all.sort();
            found == all
        }
}

/// What makes a certificate object what it is: its value, its id but for NULs at the end, which some
/// drivers add in what they show, that it stays.
type Essential = (Option<String>, Option<String>, Option<String>);

pub(crate) fn essentials(dump: &Dump) -> Vec<Essential> {
    let mut all: Vec<_> = dump.certificates().into_iter().map(essential).collect();
    all.sort();
    all
}

fn essential(object: &Object) -> Essential {
    let get = |name| object.attribute(name).map(str::to_owned);
    let id = get("CKA_ID").map(|mut id| {
        while id.ends_with("00") {
            id.truncate(id.len() - 2);
        }
        id
    });
    (get("CKA_VALUE"), id, get("CKA_TOKEN"))
}

/// The certificates as a restore must bring them back: all attributes but the token's own number.
pub(crate) fn lasting(dump: &Dump) -> Vec<Object> {
    let certificates = dump.certificates().into_iter();
    let mut all: Vec<Object> = certificates
        .map(|object| object.without("CKA_UNIQUE_ID"))
        .collect();
    all.sort();
    all
}

/// The certificates that are neither wanted nor the key's: of a half-made object it is not known
/// whose it is, so it is left to the rules of the states.
fn others<'dump>(scene: &Scene, dump: &'dump Dump) -> Vec<&'dump Object> {
    let mut others = dump.certificates();
    let concerned: Vec<String> = scene
        .wanted
        .iter()
        .chain(&scene.there)
        .map(|der| hexadecimal(der))
        .collect();
    others.retain(|object| {
        object.attribute("CKA_VALUE").is_some_and(|value| {
            !value.is_empty() && !concerned.iter().any(|known| known.starts_with(value))
        })
    });
    others
}

impl Seen {
    fn new(scene: &Scene, after: &Dump) -> Self {
        let before: Vec<_> = scene
            .before
            .certificates()
            .into_iter()
            .map(essential)
            .collect();
        let left = |der: &&Vec<u8>| {
            let stood = before
                .iter()
                .find(|one| one.0.as_deref() == Some(&hexadecimal(der)));
            let mut now = after.certificates().into_iter().map(essential);
            stood.is_some_and(|stood| now.any(|one| one == *stood))
        };
        let brought = |der: &&Vec<u8>| !after.certificates_with(der).is_empty();
        Self {
            is_as_before: lasting(&scene.before) == lasting(after),
            left: scene.there.iter().filter(left).count(),
            brought: scene.wanted.iter().filter(brought).count(),
            more: after.certificates().len() > before.len(),
        }
    }
}

/// Before each changing call there is a line in the journal.
fn is_journalled(start: &Snapshot, ran: &Ran, records: &Snapshot) -> bool {
    let lines = |records: &Snapshot| {
        let journals = records.records("home/journal", "jsonl");
        let text = journals.iter().map(|(_, content)| {
            String::from_utf8_lossy(content)
                .matches("\"before\"")
                .count()
        });
        text.sum::<usize>()
    };
    let changes: usize = CHANGING.iter().map(|function| ran.count(function)).sum();
    changes <= lines(records) - lines(start)
}

/// The document is the contract's.
fn contract(scene: &Scene, code: i32, json: &Value) -> Vec<String> {
    let mut broken = Vec::new();
    let is_text = |field: &str| json[field].as_str().is_some_and(|text| !text.is_empty());
    let command = if scene.walk.name.starts_with("restore") {
        "restore"
    } else {
        "install"
    };
    if json["schema"] != "chungthu/1" || json["command"] != command || !is_text("outcome") {
        broken.push("not one JSON document of the contract".into());
    } else if code != 0 && !(is_text("code") && is_text("message") && json["hints"].is_array()) {
        broken.push("a failure without code, message and hints".into());
    }
    if ![0, 2, 3, 4, 5, 6, 7].contains(&code) {
        broken.push(format!("exit status {code}"));
    }
    broken
}

/// Exit status and `token_state` say what the witness sees.
fn agreement(
    scene: &Scene,
    fault: Option<&Fault>,
    code: i32,
    json: &Value,
    ran: &Ran,
    seen: &Seen,
) -> Vec<String> {
    let after = &ran.after;
    let Some(state) = json["token_state"].as_str() else {
        return match code {
            0 if !is_finished(scene, after) => {
                vec!["success, but the token is not as wanted".into()]
            }
            0 => Vec::new(),
            _ if seen.is_as_before => Vec::new(),
            _ => vec!["the token was changed, and its state is not told".into()],
        };
    };
    let (all_wanted, none_left) = (seen.brought == scene.wanted.len(), seen.left == 0);
    let is_any_lost = seen.left < scene.there.len();
    let is_true = match state {
        "not-touched" => scene.before.certificates() == after.certificates(),
        "unchanged" => seen.is_as_before,
        "leftover" => !is_any_lost && seen.brought == 0 && seen.more,
        "new-and-old" => seen.brought > 0 && seen.left > 0,
        "only-new" => all_wanted && none_left,
        "old-missing" => is_any_lost && !all_wanted,
        "unknown" => match fault.map(|fault| fault.sight) {
            Some(Sight::Lost) => true,
            Some(Sight::LoginLost) => scene.walk.hides(),
            Some(Sight::Kept) | None => false,
        },
        _ => false,
    };
    let is_touched = !["not-touched", "unchanged"].contains(&state);
    let mut broken = Vec::new();
    if !is_true {
        broken.push(format!(
            "the report says {state}; the witness sees {} of {} wanted, {} of {} old{}",
            seen.brought,
            scene.wanted.len(),
            seen.left,
            scene.there.len(),
            if seen.more { ", more objects" } else { "" }
        ));
    }
    if code == 0 || is_touched != (code == 6) {
        broken.push(format!("exit status {code} with {state}"));
    }
    broken
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
