//! The numbers of the matrix, as Markdown.

use std::collections::BTreeMap;
use std::fmt;

use crate::fault::Fault;
use crate::known;
use crate::play::Verdict;
use crate::walk::Walk;

/// What came of all cases of one walk.
#[derive(Clone, Debug, Default)]
pub(crate) struct Totals {
    pub(crate) calls: usize,
    pub(crate) cases: usize,
    pub(crate) runs: usize,
    /// How often each end was reported.
    ends: BTreeMap<String, usize>,
    /// How often each known exclusion was met.
    known: BTreeMap<&'static str, usize>,
    /// Case and broken rule.
    pub(crate) broken: Vec<String>,
}

impl Totals {
    /// None yet, of a walk with this many calls.
    pub(crate) fn of(calls: usize) -> Self {
        Self {
            calls,
            ..Self::default()
        }
    }

    pub(crate) fn count(&mut self, walk: &Walk, case: &str, fault: &Fault, verdict: Verdict) {
        self.cases += 1;
        self.runs += verdict.runs;
        *self.ends.entry(verdict.end.clone()).or_default() += 1;
        for rule in verdict.broken {
            match known::reason(walk, fault, &rule) {
                Some(reason) => *self.known.entry(reason).or_default() += 1,
                None => {
                    let told = format!("{} | {case} | {} | {rule}", walk.name, verdict.end);
                    eprintln!("BROKEN {told}");
                    self.broken.push(told);
                }
            }
        }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.calls += other.calls;
        self.cases += other.cases;
        self.runs += other.runs;
        for (end, count) in other.ends {
            *self.ends.entry(end).or_default() += count;
        }
        for (reason, count) in other.known {
            *self.known.entry(reason).or_default() += count;
        }
        self.broken.extend(other.broken);
    }

    /// A row of the table of walks.
    pub(crate) fn row(&self, walk: &str) -> String {
        format!(
            "| {walk} | {} | {} | {} | {} |",
            self.calls,
            self.cases,
            self.runs,
            self.broken.len()
        )
    }
}

/// The head of the table of walks.
pub(crate) const HEAD: &str =
    "| Walk | Calls | Cases | Runs | Broken rules |\n|---|---|---|---|---|";

impl fmt::Display for Totals {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "| End | Cases |\n|---|---|")?;
        for (end, count) in &self.ends {
            writeln!(out, "| {end} | {count} |")?;
        }
        for (reason, count) in &self.known {
            writeln!(out, "\nKnown, {count} times: {reason}")?;
        }
        Ok(())
    }
}
