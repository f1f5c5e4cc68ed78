//! Findings about the certificates on a token, beside who issued them.

use std::collections::HashMap;

use chungthu_token::object::{AttributeType, without_trailing_nuls};
use time::OffsetDateTime;

use super::finding::{Fact, Finding, FindingCode as Code, Subject};
use super::strength::is_weak;
use super::{Examined, issuer, renewal};
use crate::chain::is_weak_signature;
use crate::inventory::{CertificateSeen, Inventory, Mark};
use crate::rules::{NEW_FOR_AGENCY, NEW_FOR_PERSON};
use crate::{Certificate, KeyType, KeyUsage};

/// More authorities' certificates than this are counted and not named: a store has hundreds.
const AUTHORITIES_NAMED: usize = 3;

/// What the certificate objects show.
pub(super) fn certificates(examined: &Examined<'_>, inventory: &Inventory) -> Vec<Finding> {
    let mut findings = Vec::new();
    let authorities = of_mark(inventory, Mark::Authority).count();
    if authorities > AUTHORITIES_NAMED {
        findings.push(
            Finding::new(Code::AuthoritiesOnToken, Subject::Token).with("count", authorities),
        );
    }
    for (index, seen) in inventory.certificates.iter().enumerate() {
        let subject = Subject::Certificate(index);
        let Some(facts) = &seen.certificate else {
            let bytes = seen.object.value().len();
            findings.push(Finding::new(Code::ObjectUnreadable, subject).with("bytes", bytes));
            continue;
        };
        if seen.mark == Mark::Authority {
            if authorities <= AUTHORITIES_NAMED {
                findings.push(Finding::new(Code::AuthorityOnToken, subject));
            }
            continue;
        }
        findings.extend(time(examined, inventory, index, seen, facts));
        findings.extend(place(inventory, subject, seen));
        findings.extend(kind(inventory, subject, seen, facts));
        if let Some(Some(chain)) = examined.chains.get(index) {
            findings.extend(issuer::findings(index, facts, chain));
        }
    }
    findings.extend(copies(inventory));
    findings
}

fn of_mark(inventory: &Inventory, mark: Mark) -> impl Iterator<Item = &CertificateSeen> {
    inventory
        .certificates
        .iter()
        .filter(move |seen| seen.mark == mark)
}

/// Its time, and what can be asked for because of it.
fn time(
    examined: &Examined<'_>,
    inventory: &Inventory,
    index: usize,
    seen: &CertificateSeen,
    facts: &Certificate,
) -> Vec<Finding> {
    let now = examined.now;
    let new = |code| Finding::new(code, Subject::Certificate(index));
    match seen.mark {
        Mark::Authority | Mark::Unreadable => Vec::new(),
        // the newer one beside it is what counts
        Mark::Old => Vec::new(),
        Mark::NotYetValid => vec![
            new(Code::CertificateNotYetValid)
                .with("not_before", facts.not_before())
                .with("today", now),
        ],
        Mark::Expired if has_successor(inventory, seen, now) => {
            vec![new(Code::CertificateExpiredLeft).with("not_after", facts.not_after())]
        }
        Mark::Expired => vec![
            new(Code::CertificateExpired)
                .with("days_ago", (now - facts.not_after()).whole_days())
                .with("not_after", facts.not_after())
                .with("form_person", NEW_FOR_PERSON.now)
                .with("form_agency", NEW_FOR_AGENCY.now)
                .with("form_person_before", NEW_FOR_PERSON.before)
                .with("form_agency_before", NEW_FOR_AGENCY.before),
        ],
        Mark::Current => {
            let rights = renewal::findings(examined, inventory, index, facts);
            let is_told = rights
                .iter()
                .any(|right| right.code.severity() > super::Severity::Info);
            let days_left = facts.days_left(now);
            let code = if days_left <= examined.rules.notice_days {
                Code::CertificateEndsSoon
            } else {
                Code::CertificateValid
            };
            let itself = new(code)
                .with("days_left", days_left)
                .with("not_after", facts.not_after());
            // one matter, one finding: what is said of the renewal says when it ends
            let itself = (!is_told).then_some(itself);
            itself.into_iter().chain(rights).collect()
        }
    }
}

/// Whether a valid certificate of the same key is there.
fn has_successor(inventory: &Inventory, seen: &CertificateSeen, now: OffsetDateTime) -> bool {
    let Some(own) = &seen.certificate else {
        return false;
    };
    inventory
        .certificates
        .iter()
        .filter_map(|other| other.certificate.as_ref())
        .any(|other| {
            other.public_key().is_same_key(own.public_key())
                && !other.is_expired(now)
                && !other.is_not_yet_valid(now)
        })
}

/// Whether programs will find its key.
fn place(inventory: &Inventory, subject: Subject, seen: &CertificateSeen) -> Vec<Finding> {
    let mut findings = Vec::new();
    match inventory.has_key(seen) {
        Some(true) => {}
        Some(false) => findings.push(Finding::new(Code::CertificateWithoutKey, subject)),
        None => findings.push(Finding::new(Code::CertificateKeyUnknown, subject)),
    }
    let key = seen.key.and_then(|index| inventory.keys.get(index));
    let id = seen.object.id();
    if let Some(key) = key
        && without_trailing_nuls(&key.id) != without_trailing_nuls(id)
    {
        findings.push(
            Finding::new(Code::CertificateIdDiffers, subject)
                .with("id", crate::lower_hex(id))
                .with("key_id", crate::lower_hex(&key.id)),
        );
    }
    let shown = seen.object.bytes(AttributeType::Subject);
    let own = seen.certificate.as_ref().map(|facts| facts.subject().der());
    // an empty one says nothing, and a driver that shows none is not at fault
    if let (Some(shown @ [_, ..]), Some(own)) = (shown, own)
        && shown != own
    {
        findings.push(Finding::new(Code::CertificateSubjectDiffers, subject));
    }
    findings
}

/// What it may be used for.
fn kind(
    inventory: &Inventory,
    subject: Subject,
    seen: &CertificateSeen,
    facts: &Certificate,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    if facts.is_marked_for_encryption() {
        findings.push(Finding::new(Code::CertificateForEncryption, subject));
    } else if let Some(usage) = facts.key_usage()
        && !usage.contains(&KeyUsage::DigitalSignature)
    {
        let names: Vec<&str> = usage.iter().map(|bit| bit.name()).collect();
        findings.push(
            Finding::new(Code::CertificateNotForSigning, subject)
                .with("key_usage", names.join(", ")),
        );
    }
    let key = facts.public_key();
    let named = match key.key_type() {
        KeyType::Rsa { .. } => Some("RSA"),
        KeyType::Ec { .. } => Some("EC"),
        KeyType::Other { .. } => None,
    };
    let shown = seen.key.and_then(|index| inventory.keys.get(index));
    // a weak key object is a finding of its own
    let is_told = shown.is_some_and(|key| key.value.is_some());
    if let (Some(name), Some(bits), false) = (named, key.bits(), is_told)
        && is_weak(name, bits)
    {
        findings.push(
            Finding::new(Code::CertificateWeakKey, subject)
                .with("type", name)
                .with("bits", bits),
        );
    }
    if is_weak_signature(facts) {
        findings.push(
            Finding::new(Code::CertificateWeakSignature, subject)
                .with("algorithm", facts.signature_algorithm().to_owned()),
        );
    }
    findings
}

/// One certificate in several objects, and several valid certificates of one key.
fn copies(inventory: &Inventory) -> Vec<Finding> {
    let mut places: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (index, seen) in inventory.certificates.iter().enumerate() {
        if seen.certificate.is_some() {
            places.entry(seen.object.value()).or_default().push(index);
        }
    }
    let mut findings: Vec<(usize, Finding)> = Vec::new();
    for indexes in places.values() {
        if let [first, _, ..] = indexes.as_slice() {
            let finding = Finding::new(Code::CertificateDuplicate, Subject::Certificate(*first));
            findings.push((*first, finding.with("count", indexes.len())));
        }
    }
    findings.sort_by_key(|(first, _)| *first);
    let mut findings: Vec<Finding> = findings.into_iter().map(|(_, finding)| finding).collect();
    for index in 0..inventory.keys.len() {
        let mut different: Vec<&[u8]> = inventory
            .certificates_of(index)
            .filter(|seen| matches!(seen.mark, Mark::Current | Mark::Old))
            .map(|seen| seen.object.value())
            .collect();
        different.sort_unstable();
        different.dedup();
        if different.len() > 1 {
            let finding = Finding::new(Code::CertificatesShareKey, Subject::Key(index));
            findings.push(finding.with("count", Fact::from(different.len())));
        }
    }
    findings
}
