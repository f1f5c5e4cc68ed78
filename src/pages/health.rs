//! A token's health on one screen: the verdict, what has to be done, and what is good.

use chungthu_certificate::health::{Finding, FindingCode, Severity, Subject, worst};
use chungthu_certificate::inventory::{Inventory, Mark};
use chungthu_token::token::TokenInformation;

use super::name_of;
use crate::page::{BAD, FAINT, GOOD, Page, WARNING, styled};
use crate::words::{Health, Sentences, Words, sentences};

/// More findings of one code than this are counted only.
const NAMED: usize = 3;

/// What is shown of a token.
pub(crate) struct Shown<'a> {
    pub(crate) token: &'a TokenInformation,
    /// Its objects, where they could be read.
    pub(crate) inventory: Option<&'a Inventory>,
    pub(crate) findings: &'a [Finding],
}

/// One token's page. In detail each finding has its code.
pub(crate) fn health(page: &mut Page, shown: &Shown<'_>, in_detail: bool, words: &Words) {
    let (label, serial) = (&shown.token.label, &shown.token.serial);
    page.heading(&words.say(&if label.is_empty() && serial.is_empty() {
        Health::HeadingNameless
    } else {
        Health::Heading {
            label: label.clone(),
            serial: serial.clone(),
        }
    }));
    verdict(page, shown.findings, words);
    let mut number = 0;
    for (severity, heading) in [
        (Severity::Error, Health::ErrorsHeading),
        (Severity::Warning, Health::WarningsHeading),
        (Severity::Info, Health::NotesHeading),
        (Severity::Ok, Health::PassedHeading),
    ] {
        let groups = groups(shown.findings, severity);
        if groups.is_empty() {
            continue;
        }
        page.heading(&words.say(&heading));
        for (finding, more) in groups {
            let name = name(shown, finding.subject, words);
            let Sentences { message, next } = sentences(finding, &name, words);
            let mut text = message;
            if more > 0 {
                text = format!("{text} ({})", words.say(&Health::AndMore { count: more }));
            }
            if in_detail {
                text = format!(
                    "{text} {}",
                    styled(FAINT, &format!("[{}]", finding.code.name()))
                );
            }
            let next = next.map(|next| format!("{}: {next}", words.say(&Health::Next)));
            let text = [Some(text), next]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join("\n");
            if severity >= Severity::Warning {
                number += 1;
                page.numbered(number, &text);
            } else {
                page.item(&text);
            }
        }
    }
    let is_sign_tested = shown.findings.iter().any(|finding| {
        matches!(
            finding.code,
            FindingCode::SignTestPassed | FindingCode::SignTestFailed
        )
    });
    let has_certificate = shown.inventory.is_some_and(|inventory| {
        inventory
            .certificates
            .iter()
            .any(|seen| !matches!(seen.mark, Mark::Authority | Mark::Unreadable))
    });
    if !is_sign_tested && has_certificate {
        page.blank();
        page.paragraph(&words.say(&Health::NoSignTest));
    }
}

fn verdict(page: &mut Page, findings: &[Finding], words: &Words) {
    let count = |severity| groups(findings, severity).len();
    let (style, message) = match worst(findings) {
        Severity::Ok | Severity::Info => (GOOD, Health::VerdictGood),
        Severity::Warning => {
            let count = count(Severity::Warning);
            (WARNING, Health::VerdictAttention { count })
        }
        Severity::Error => {
            let count = count(Severity::Error);
            (BAD, Health::VerdictProblem { count })
        }
    };
    page.remark(style, &words.say(&Health::Verdict), &words.say(&message));
}

/// The findings of one severity; of many with one code the first few, the last of them with the number
/// of those left out.
fn groups(findings: &[Finding], severity: Severity) -> Vec<(&Finding, usize)> {
    let mut groups: Vec<(&Finding, usize)> = Vec::new();
    for finding in findings.iter().filter(|one| one.severity() == severity) {
        let of_code = groups
            .iter()
            .filter(|(one, _)| one.code == finding.code)
            .count();
        let last = groups
            .iter_mut()
            .rev()
            .find(|(one, _)| one.code == finding.code);
        match last {
            Some((_, more)) if of_code >= NAMED => *more += 1,
            Some(_) | None => groups.push((finding, 0)),
        }
    }
    groups
}

/// What a finding is about, by a name that a person knows.
pub(crate) fn name(shown: &Shown<'_>, subject: Subject, words: &Words) -> String {
    let inventory = shown.inventory;
    match subject {
        Subject::Driver | Subject::Token | Subject::Pin => shown.token.label.clone(),
        Subject::Key(index) => {
            let key = inventory.and_then(|inventory| inventory.keys.get(index));
            let Some(key) = key else {
                return words.say(&Health::KeyNameSilent);
            };
            let kind = key
                .kind()
                .map_or(Health::KeyNameSilent, |(kind, bits)| Health::KeyName {
                    kind: kind.to_owned(),
                    bits,
                });
            let kind = words.say(&kind);
            if key.label.is_empty() {
                kind
            } else {
                format!("{kind} “{}”", key.label)
            }
        }
        Subject::Certificate(index) => {
            let certificates = inventory.map_or(&[][..], |inventory| &inventory.certificates);
            let facts = certificates
                .get(index)
                .and_then(|seen| seen.certificate.as_ref());
            let Some(facts) = facts else {
                let number = index + 1;
                return words.say(&Health::ObjectName { number });
            };
            let name = name_of(facts);
            let others = certificates
                .iter()
                .filter_map(|seen| seen.certificate.as_ref());
            let is_only = others
                .filter(|other| name_of(other) == name)
                .all(|other| other == facts);
            if is_only {
                name
            } else {
                let serial = facts.serial_number();
                words.say(&Health::NameWithSerial { name, serial })
            }
        }
    }
}
