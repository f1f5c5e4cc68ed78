//! `health` in JSON: each token with its verdict and findings.

use std::collections::BTreeMap;

use chungthu_certificate::health::{Fact as KnownFact, Finding as Known, Severity, Subject, worst};
use serde::Serialize;

use super::failure::Problem;
use super::tokens::Token;
use crate::dates::rfc3339;
use crate::pages::Shown;
use crate::words::{Sentences, Words, sentences};
use chungthu_certificate::lower_hex;

/// `health`: findings about tokens.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Health {
    /// `examined`
    outcome: &'static str,
    tokens: Vec<TokenHealth>,
    /// The drivers that could not be used.
    problems: Vec<DriverProblem>,
}

/// One token.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct TokenHealth {
    token: Token,
    /// `good` (nothing to do), `attention` (warnings) or `problem` (errors).
    verdict: &'static str,
    findings: Vec<Finding>,
}

/// A driver that could not be used.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct DriverProblem {
    /// Its file.
    pub(crate) module: String,
    #[serde(flatten)]
    pub(crate) problem: Problem,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Finding {
    /// A stable name; docs/health-findings.md lists them all.
    code: &'static str,
    /// `ok`, `info`, `warning` or `error`; the same for all findings of a code.
    severity: &'static str,
    subject: About,
    /// By name; what is not known is left out.
    facts: BTreeMap<&'static str, Fact>,
    /// One sentence, in the chosen language.
    message: String,
    /// What to do, in the chosen language; null where there is nothing.
    next: Option<String>,
}

/// What a finding is about.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct About {
    /// `driver`, `token`, `pin`, `key` or `certificate`.
    kind: &'static str,
    /// `CKA_ID` of a key or certificate object, lower-case hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// Fingerprint of a certificate, upper-case hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
}

/// A fact: text, a number, or a time (RFC 3339, UTC).
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
enum Fact {
    Number(i64),
    Text(String),
}

impl Health {
    pub(crate) const fn new(tokens: Vec<TokenHealth>, problems: Vec<DriverProblem>) -> Self {
        Self {
            outcome: "examined",
            tokens,
            problems,
        }
    }
}

/// The word for the worst finding.
const fn verdict(severity: Severity) -> &'static str {
    match severity {
        Severity::Ok | Severity::Info => "good",
        Severity::Warning => "attention",
        Severity::Error => "problem",
    }
}

impl TokenHealth {
    pub(crate) fn new(shown: &Shown<'_>, token: Token, words: &Words) -> Self {
        let findings = shown.findings.iter();
        Self {
            token,
            verdict: verdict(worst(shown.findings)),
            findings: findings
                .map(|finding| Finding::new(finding, shown, words))
                .collect(),
        }
    }
}

impl Finding {
    fn new(known: &Known, shown: &Shown<'_>, words: &Words) -> Self {
        let name = crate::pages::finding_name(shown, known.subject, words);
        let Sentences { message, next } = sentences(known, &name, words);
        Self {
            code: known.code.name(),
            severity: known.severity().name(),
            subject: About::new(known.subject, shown),
            facts: known
                .facts
                .iter()
                .map(|(name, fact)| (*name, Fact::new(fact)))
                .collect(),
            message,
            next,
        }
    }
}

impl About {
    fn new(subject: Subject, shown: &Shown<'_>) -> Self {
        let plain = |kind| Self {
            kind,
            id: None,
            sha256: None,
        };
        let inventory = shown.inventory;
        match subject {
            Subject::Driver => plain("driver"),
            Subject::Token => plain("token"),
            Subject::Pin => plain("pin"),
            Subject::Key(index) => Self {
                id: inventory
                    .and_then(|inventory| inventory.keys.get(index))
                    .map(|key| lower_hex(&key.id)),
                ..plain("key")
            },
            Subject::Certificate(index) => {
                let seen = inventory.and_then(|inventory| inventory.certificates.get(index));
                Self {
                    id: seen.map(|seen| lower_hex(seen.object.id())),
                    sha256: seen
                        .and_then(|seen| seen.certificate.as_ref())
                        .map(|facts| facts.sha256()),
                    ..plain("certificate")
                }
            }
        }
    }
}

impl Fact {
    fn new(fact: &KnownFact) -> Self {
        match fact {
            KnownFact::Text(text) => Self::Text(text.clone()),
            KnownFact::Word(word) => Self::Text((*word).to_owned()),
            KnownFact::Number(number) => Self::Number(*number),
            KnownFact::Time(time) => Self::Text(rfc3339(*time)),
        }
    }
}
