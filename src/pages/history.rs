//! What was done on this computer, as a table, the newest first.

use chungthu_certificate::records::{
    Action, History as Facts, HistoryCertificate, HistoryEntry, HistoryOutcome,
};
use comfy_table::{ColumnConstraint, Width};

use super::change::change_words;
use super::objects::{finish, table};
use crate::dates;
use crate::page::Page;
use crate::words::{Common, History, Words};

/// The table of these entries, what could not be read, and where it stands. `of_token`: one token
/// alone was asked for.
pub(crate) fn history(
    entries: &[&HistoryEntry],
    facts: &Facts,
    of_token: bool,
    file: &str,
    words: &Words,
) -> Page {
    let mut page = Page::new();
    page.heading(&words.say(&History::Heading));
    page.blank();
    if entries.is_empty() {
        page.paragraph(&words.say(if of_token {
            &History::NoneOfToken
        } else {
            &History::None
        }));
    } else {
        page.line(&entries_table(entries, words));
    }
    page.blank();
    for (_, problem, _) in problems(facts) {
        page.warning(&words.say(&Common::Warning), &words.say(&problem));
    }
    let file = file.to_owned();
    page.paragraph(&words.say(&History::Place { file }));
    page
}

/// What of the record could not be told: a stable name, the words, how many lines.
pub(crate) fn problems(facts: &Facts) -> Vec<(&'static str, History, Option<usize>)> {
    let mut problems = Vec::new();
    if facts.is_cut {
        problems.push(("HISTORY_CUT", History::ProblemCut, None));
    }
    if facts.damaged > 0 {
        let count = facts.damaged;
        let words = History::ProblemDamaged { count };
        problems.push(("HISTORY_LINES_DAMAGED", words, Some(count)));
    }
    if facts.newer > 0 {
        let count = facts.newer;
        let words = History::ProblemNewer { count };
        problems.push(("HISTORY_LINES_NEWER", words, Some(count)));
    }
    problems
}

/// Two facts stand in one cell where one belongs to the other: more columns would break serial numbers.
fn entries_table(entries: &[&HistoryEntry], words: &Words) -> String {
    let mut table = table(
        &[
            History::ColumnDate,
            History::ColumnAction,
            History::ColumnHolder,
            History::ColumnCertificate,
            History::ColumnToken,
        ],
        words,
    );
    // two blanks, then whole: a serial number of 8 bytes or the words with a date; a token's serial
    for (index, width) in [(3, 21), (4, 18)] {
        if let Some(column) = table.column_mut(index) {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width)));
        }
    }
    for entry in entries {
        table.add_row([
            dates::day(words.language(), entry.time),
            action(entry, words),
            entry.holder.clone().unwrap_or_default(),
            entry.certificate.as_ref().map_or_else(
                || words.say(&History::NoCertificate),
                |certificate| certificate_cell(certificate, words),
            ),
            join(&[&entry.token.label, &entry.token.serial]),
        ]);
    }
    finish(&table)
}

fn action(entry: &HistoryEntry, words: &Words) -> String {
    let is_stopped = entry.outcome == HistoryOutcome::Stopped;
    let action = words.say(&match (entry.action, is_stopped) {
        (Action::Install, false) => History::Install,
        (Action::Install, true) => History::InstallStopped,
        (Action::Restore, false) => History::Restore,
        (Action::Restore, true) => History::RestoreStopped,
    });
    let change = entry.change.map(|change| words.say(&change_words(change)));
    join(&[&action, &change.unwrap_or_default()])
}

fn certificate_cell(certificate: &HistoryCertificate, words: &Words) -> String {
    let not_after = dates::day(words.language(), certificate.not_after);
    let end = words.say(&History::ValidTo { not_after });
    join(&[&certificate.serial, &end])
}

/// One below the other; what is empty is left out.
fn join(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts
        .iter()
        .copied()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join("\n")
}
