//! `history`: what was done on this computer; and how the walk asks the history and adds to it.

use chungthu_certificate::install::{InstallError, Plan, Report, Warning};
use chungthu_certificate::records::{History, HistoryEntry, RecordKind, StorageError};
use time::OffsetDateTime;

use super::Desk;
use super::walk::home;
use crate::failure::{Code, Failure};
use crate::files::Archive;
use crate::json;
use crate::page::Page;
use crate::pages;
use crate::screen::Answer;
use crate::words::{Hint, History as Told, Install, Prompt, What};

pub(super) fn run(desk: &mut Desk<'_>, forget: bool) -> Result<(), Failure> {
    let mut archive = Archive::new(home(desk)?);
    let place = archive.place(RecordKind::History, History::NAME);
    let file = place.display().to_string();
    let history = History::read(&archive).map_err(|error| unreadable(&error))?;
    if forget {
        return self::forget(desk, &history, &mut archive, file);
    }
    list(desk, &history, file);
    Ok(())
}

fn list(desk: &mut Desk<'_>, history: &History, file: String) {
    let token = desk.common.token.as_ref();
    let entries = history.entries.iter();
    let entries: Vec<&HistoryEntry> = entries
        .filter(|entry| token.is_none_or(|which| entry.token.is_meant(which)))
        .collect();
    let words = desk.screen.words();
    if desk.screen.is_json() {
        let problems = pages::history_problems(history).into_iter();
        let view = json::History {
            outcome: "listed",
            file,
            entries: entries.into_iter().map(json::HistoryEntry::new).collect(),
            problems: problems
                .map(|(code, problem, count)| json::HistoryProblem {
                    code,
                    message: words.say(&problem),
                    count,
                })
                .collect(),
        };
        desk.screen.json(&json::document("history", view));
    } else {
        let page = pages::history(&entries, history, token.is_some(), &file, words);
        desk.screen.result(&page);
    }
}

/// Empties the history, after a yes.
fn forget(
    desk: &mut Desk<'_>,
    history: &History,
    archive: &mut Archive,
    file: String,
) -> Result<(), Failure> {
    let mut page = Page::new();
    let outcome = if history.is_empty() {
        let file = file.clone();
        page.paragraph(&desk.screen.say(&Told::NothingToForget { file }));
        "nothing-to-forget"
    } else {
        desk.catch_interrupts();
        agree(desk, &file)?;
        History::forget(archive).map_err(|error| unwritable(&error))?;
        let file = file.clone();
        page.paragraph(&desk.screen.say(&Told::Forgotten { file }));
        "forgotten"
    };
    if desk.screen.is_json() {
        let view = json::History {
            outcome,
            file,
            entries: Vec::new(),
            problems: Vec::new(),
        };
        desk.screen.json(&json::document("history", view));
    } else {
        desk.screen.result(&page);
    }
    Ok(())
}

fn agree(desk: &mut Desk<'_>, file: &str) -> Result<(), Failure> {
    if desk.common.yes {
        return Ok(());
    }
    let mut page = Page::new();
    let file = file.to_owned();
    page.paragraph(&desk.screen.say(&Told::ForgetPlan { file }));
    desk.screen.tell(&page);
    match desk.screen.ask(&Prompt::Forget) {
        Answer::Yes => Ok(()),
        Answer::No | Answer::Interrupted => Err(Failure::new(Code::Cancelled, What::Cancelled)),
        Answer::NobodyThere => {
            let failure = Failure::new(Code::NoTerminal, What::NoTerminalForQuestion);
            Err(failure.hint(Hint::UseYesToForget))
        }
    }
}

fn unreadable(error: &StorageError) -> Failure {
    let what = What::FileUnreadable {
        file: error.place.clone(),
    };
    Failure::new(Code::FileUnreadable, what)
        .detail(&error.detail)
        .hint(Hint::CheckPath)
}

fn unwritable(error: &StorageError) -> Failure {
    let what = What::OutputUnwritable {
        file: error.place.clone(),
    };
    Failure::new(Code::OutputUnwritable, what)
        .detail(&error.detail)
        .hint(Hint::CheckFreeSpace)
}

/// What the history knows. A plan does not need it, so that one that cannot be read is an empty one;
/// adding to it will fail as well, and is told.
pub(super) fn recall(archive: &Archive) -> History {
    History::read(archive).unwrap_or_else(|error| {
        tracing::warn!(%error, "the history cannot be read");
        History::default()
    })
}

/// Adds what was done. Failing at that is a warning in the report: the token is as it should be.
pub(super) fn keep(report: &mut Report, archive: &mut Archive, time: OffsetDateTime) {
    let entry = HistoryEntry::finished(report, time);
    if let Err(StorageError { place, detail }) = entry.keep(archive) {
        let warning = Warning::HistoryNotKept { place, detail };
        report.plan.warnings.push(warning);
    }
}

/// Adds what was stopped; failing at that is a warning beside the failure.
pub(super) fn keep_stopped(
    error: &InstallError,
    plan: &Plan,
    archive: &mut Archive,
    desk: &mut Desk<'_>,
) {
    let entry = HistoryEntry::stopped(error, plan, (desk.clock)());
    let kept = entry.map_or(Ok(()), |entry| entry.keep(archive));
    if let Err(StorageError { place, detail }) = kept {
        desk.warn(&Install::WarningHistoryNotKept { place, detail });
    }
}
