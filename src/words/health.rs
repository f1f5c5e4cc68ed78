//! Words of `health`. A finding's sentence has its code as id, and its facts as values.

use std::borrow::Cow;

use chungthu_certificate::health::{Fact, Finding, FindingCode};
use fluent_bundle::{FluentArgs, FluentValue};

use super::catalogue::messages;
use super::{Argument as _, Words};
use crate::dates;

messages! {
    /// The frame of the findings.
    Health {
        Heading { label: String, serial: String } = "health-heading",
        HeadingNameless = "health-heading-nameless",
        Verdict = "health-verdict",
        VerdictGood = "health-verdict-good",
        VerdictAttention { count: usize } = "health-verdict-attention",
        VerdictProblem { count: usize } = "health-verdict-problem",
        ErrorsHeading = "health-errors-heading",
        WarningsHeading = "health-warnings-heading",
        NotesHeading = "health-notes-heading",
        PassedHeading = "health-passed-heading",
        Next = "health-next",
        AndMore { count: usize } = "health-and-more",
        NotTold = "health-not-told",
        NoSignTest = "health-no-sign-test",
        KeyName { kind: String, bits: usize } = "health-key-name",
        KeyNameSilent = "health-key-name-silent",
        ObjectName { number: usize } = "health-object-name",
        NameWithSerial { name: String, serial: String } = "health-name-with-serial",
    }
}

/// What a finding says, and what is to be done about it.
pub(crate) struct Sentences {
    pub(crate) message: String,
    pub(crate) next: Option<String>,
}

/// The id of a finding's sentence in the catalogues.
fn id(code: FindingCode) -> String {
    let name = code.name().to_lowercase().replace('_', "-");
    format!("finding-{name}")
}

/// Puts a finding into words. `name`: what it is about, by a name that a person knows.
pub(crate) fn sentences(finding: &Finding, name: &str, words: &Words) -> Sentences {
    let mut values = FluentArgs::new();
    values.set("name", name);
    for fact in finding.code.facts() {
        values.set(Cow::Borrowed(*fact), value(finding.fact(fact), words));
    }
    let id = id(finding.code);
    Sentences {
        message: words.format(&id, &values).unwrap_or_else(|| id.clone()),
        next: words.format(&format!("{id}-next"), &values),
    }
}

fn value<'a>(fact: Option<&'a Fact>, words: &Words) -> FluentValue<'a> {
    match fact {
        Some(Fact::Text(text)) => FluentValue::from(text.as_str()),
        Some(Fact::Word(word)) => FluentValue::from(*word),
        Some(Fact::Number(number)) => number.value(),
        Some(Fact::Time(time)) => FluentValue::from(dates::day(words.language(), *time)),
        None => FluentValue::from(words.say(&Health::NotTold)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chungthu_certificate::health::{Severity, Subject};

    use super::*;
    use crate::words::{Language, parity};

    #[test]
    fn every_finding_has_its_sentences_in_both_catalogues_and_none_is_left_over() {
        let mut wanted = BTreeSet::new();
        for code in FindingCode::ALL {
            let id = id(*code);
            let has_next = Words::new(Language::English)
                .text(&format!("{id}-next"))
                .is_some();
            let is_wanted = code.severity() >= Severity::Warning;
            assert!(has_next || !is_wanted, "{id} leaves the reader alone");
            if has_next {
                wanted.insert(format!("{id}-next"));
            }
            wanted.insert(id);
        }
        let found: BTreeSet<String> = parity::ids_beginning_with("finding-").into_iter().collect();
        assert_eq!(found, wanted);
    }

    #[test]
    fn a_sentence_uses_only_facts_that_its_finding_has() {
        for code in FindingCode::ALL {
            for id in [id(*code), format!("{}-next", id(*code))] {
                for values in parity::values_of(&id) {
                    for value in values.iter().filter(|value| !value.starts_with('-')) {
                        let is_known = value == "name" || code.facts().contains(&value.as_str());
                        assert!(is_known, "{id}: {value}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_findings_are_published_with_their_sentences() {
        let mut text = String::from(
            "# Findings of `health`\n\n\
             Written by a test from the table in `crates/certificate/src/health/finding.rs` and the catalogues\n\
             (`CHUNGTHU_UPDATE=1 cargo test`). Codes, severities and the names of facts are public and stable. ‹…› stands for a fact;\n\
             ‹name› for what the finding is about.\n\n\
             | Code | Severity | Facts | Sentence | Câu tiếng Việt |\n|---|---|---|---|---|\n",
        );
        for code in FindingCode::ALL {
            let [english, vietnamese] = [Language::English, Language::Vietnamese].map(|language| {
                let mut finding = Finding::new(*code, Subject::Token);
                for fact in code.facts() {
                    finding = finding.with(fact, format!("‹{fact}›"));
                }
                sentences(&finding, "‹name›", &Words::new(language)).message
            });
            let facts: Vec<String> = code
                .facts()
                .iter()
                .map(|fact| format!("`{fact}`"))
                .collect();
            text.push_str(&format!(
                "| `{}` | {} | {} | {english} | {vietnamese} |\n",
                code.name(),
                code.severity().name(),
                facts.join(", ")
            ));
        }
        crate::drift::check("docs/health-findings.md", &text);
    }
}
