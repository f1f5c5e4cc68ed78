//! The walks of the matrix: which command, on which token, with which habits of its driver.

use chungthu_test_support::Paper;

/// What lies on the token of the key before the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Old {
    Present,
    /// Only a login shows it.
    Private,
    /// And the paper's certificate under its temporary id, as a run leaves it that was cut off.
    PresentAndAside,
    Absent,
}

/// What the command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Installs the paper.
    Install,
    /// Restores what was there before the paper was installed.
    Restore,
}

/// One command on one token.
#[derive(Clone, Debug)]
pub(crate) struct Walk {
    pub(crate) name: String,
    /// Of the soft token, under which everything is done but the witness's looks.
    pub(crate) profile: String,
    pub(crate) action: Action,
    pub(crate) paper: Paper,
    pub(crate) old: Old,
    pub(crate) options: &'static [&'static str],
}

const RENEWAL: (Action, Paper, Old) = (Action::Install, Paper::Renewed, Old::Present);
const RESTORE: (Action, Paper, Old) = (Action::Restore, Paper::Renewed, Old::Present);
const REMOVE_FIRST: &[&str] = &["--remove-old-first"];

impl Walk {
    fn new(
        name: &str,
        profile: &str,
        (action, paper, old): (Action, Paper, Old),
        options: &'static [&'static str],
    ) -> Self {
        Self {
            name: name.to_owned(),
            profile: profile.to_owned(),
            action,
            paper,
            old,
            options,
        }
    }

    /// The plain renewal.
    pub(crate) fn renewal() -> Self {
        Self::new("install", "", RENEWAL, &[])
    }

    /// Whether a login alone shows what is on the token.
    pub(crate) fn hides(&self) -> bool {
        self.old == Old::Private || self.profile.contains("hides-everything-before-login")
    }
}

/// Every rung of the ladder of places, and every command that writes.
pub(crate) fn rungs() -> Vec<Walk> {
    let first = (Action::Install, Paper::Renewed, Old::Absent);
    let information = (Action::Install, Paper::InformationChanged, Old::Present);
    let private = (Action::Install, Paper::Renewed, Old::Private);
    let aside = (Action::Install, Paper::Renewed, Old::PresentAndAside);
    let one_per_id = "one-certificate-per-id";
    let fixed_ids = "one-certificate-per-id,refuses-id-change";
    vec![
        Walk::renewal(),
        Walk::new("install first", "", first, &[]),
        Walk::new("install information change", "", information, &[]),
        Walk::new("install --keep-old", "", RENEWAL, &["--keep-old"]),
        Walk::new("install aside", one_per_id, RENEWAL, &[]),
        Walk::new(
            "install aside, half-made",
            "one-certificate-per-id,half-made-objects",
            RENEWAL,
            &[],
        ),
        Walk::new("install overwriting", "overwrites-in-place", RENEWAL, &[]),
        Walk::new(
            "install replacing",
            "replaces-under-new-handle",
            RENEWAL,
            &[],
        ),
        Walk::new("install full, old first", "no-room", RENEWAL, REMOVE_FIRST),
        Walk::new(
            "install fixed ids, old first",
            fixed_ids,
            RENEWAL,
            REMOVE_FIRST,
        ),
        Walk::new(
            "install hidden",
            "hides-everything-before-login",
            RENEWAL,
            &[],
        ),
        // the certificate of another key is all that shows before the login
        Walk::new(
            "install fixed ids, old first, no public keys",
            "one-certificate-per-id,refuses-id-change,no-public-key-objects",
            RENEWAL,
            REMOVE_FIRST,
        ),
        Walk::new("install private", "", private, &[]),
        Walk::new("install begun aside", "", aside, &[]),
        Walk::new(
            "install begun aside, fixed ids",
            "refuses-id-change",
            aside,
            &[],
        ),
        Walk::new("restore", "", RESTORE, &[]),
        Walk::new("restore aside", one_per_id, RESTORE, &[]),
        Walk::new("restore --keep-new", "", RESTORE, &["--keep-new"]),
        Walk::new(
            "restore none",
            "",
            (Action::Restore, Paper::Renewed, Old::Absent),
            &[],
        ),
    ]
}

/// An install under every profile that the soft token knows.
pub(crate) fn profiles() -> Vec<Walk> {
    // a test of the soft token keeps this page equal to the library's own table
    let page = include_str!("../../docs/soft-token-profiles.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let names = rows.filter_map(|row| row.split_once('`'));
    names
        .map(|(profile, _)| {
            let old = if profile == "wants-private-true" {
                Old::Private
            } else {
                Old::Present
            };
            let words = (Action::Install, Paper::Renewed, old);
            Walk::new(&format!("install [{profile}]"), profile, words, &[])
        })
        .collect()
}
