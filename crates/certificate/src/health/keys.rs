//! Findings about the keys on a token.

use chungthu_token::object::AttributeType;

use super::finding::{Fact, Finding, FindingCode as Code, Subject};
use super::strength::is_weak;
use crate::install::ProofError;
use crate::inventory::{Inventory, Key, SignTest};

/// What the key objects show.
pub(super) fn keys(inventory: &Inventory) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !inventory.keys.is_empty() && !inventory.shows_private_keys() {
        findings.push(Finding::new(Code::KeysHidden, Subject::Token));
    }
    for (index, key) in inventory.keys.iter().enumerate() {
        findings.extend(of_key(inventory, index, key));
    }
    findings
}

fn of_key(inventory: &Inventory, index: usize, key: &Key) -> Vec<Finding> {
    let subject = Subject::Key(index);
    let (kind, bits) = key.kind().unzip();
    let described = |code| {
        Finding::new(code, subject)
            .with_some("type", kind)
            .with_some("bits", bits)
    };
    let mut findings = vec![described(Code::KeyFound)];
    if key.kind().is_some_and(|(kind, bits)| is_weak(kind, bits)) {
        findings.push(described(Code::KeyWeak));
    }
    let extractable = key.flag(AttributeType::Extractable);
    let sensitive = key.flag(AttributeType::Sensitive);
    if extractable == Some(true) || sensitive == Some(false) {
        let word =
            |flag: Option<bool>| flag.map(|flag| Fact::Word(if flag { "yes" } else { "no" }));
        findings.push(
            Finding::new(Code::KeyExtractable, subject)
                .with_some("extractable", word(extractable))
                .with_some("sensitive", word(sensitive)),
        );
    }
    if key.flag(AttributeType::AlwaysAuthenticate) == Some(true) {
        findings.push(Finding::new(Code::KeyAlwaysAuthenticate, subject));
    }
    if key.flag(AttributeType::Sign) == Some(false) {
        findings.push(Finding::new(Code::KeyNotForSigning, subject));
    }
    if inventory.certificates_of(index).next().is_none() {
        findings.push(described(Code::KeyWithoutCertificate));
    }
    let with_id = inventory.keys.iter().filter(|other| other.id == key.id);
    let is_first = inventory.keys.iter().position(|other| other.id == key.id) == Some(index);
    if key.id.is_empty() {
        findings.push(Finding::new(Code::KeyWithoutId, subject));
    } else if let (count @ 2.., true) = (with_id.count(), is_first) {
        findings.push(Finding::new(Code::KeysShareId, subject).with("count", count));
    }
    findings
}

/// What the trial signatures showed.
pub(super) fn proofs(inventory: &Inventory, tests: &[SignTest]) -> Vec<Finding> {
    let tests = tests.iter();
    tests
        .map(|test| {
            let subject = Subject::Key(test.key);
            let key = inventory.keys.get(test.key);
            let kind = key.and_then(Key::kind).map(|(kind, _)| kind);
            match &test.problem {
                None => Finding::new(Code::SignTestPassed, subject).with_some("type", kind),
                Some(problem) => Finding::new(Code::SignTestFailed, subject)
                    .with("problem", Fact::Word(name(problem)))
                    .with_some("answer", answer(problem)),
            }
        })
        .collect()
}

/// The word of the JSON form.
const fn name(problem: &ProofError) -> &'static str {
    match problem {
        ProofError::NotSigned(_) => "not-signed",
        ProofError::WrongKey => "wrong-key",
        ProofError::UnsupportedKey => "unsupported-key",
        ProofError::NoRandom => "no-random",
    }
}

fn answer(problem: &ProofError) -> Option<String> {
    match problem {
        ProofError::NotSigned(error) => error.return_value().map(|value| value.to_string()),
        ProofError::WrongKey | ProofError::UnsupportedKey | ProofError::NoRandom => None,
    }
}
