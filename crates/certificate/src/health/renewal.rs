//! Findings about the right to a renewal.

use super::Examined;
use super::finding::{Fact, Finding, FindingCode as Code, Subject};
use crate::Certificate;
use crate::inventory::Inventory;
use crate::records::History;
use crate::rules::{
    KnownPast, NEW_FOR_AGENCY, NEW_FOR_PERSON, RENEWAL_BASIS, RENEWAL_OR_CHANGE, RenewalRight,
    renewal_right, validity_days,
};

/// What can be asked for, and until when.
pub(super) fn findings(
    examined: &Examined<'_>,
    inventory: &Inventory,
    index: usize,
    facts: &Certificate,
) -> Option<Finding> {
    let past = past(examined.history, inventory, facts);
    let rules = &examined.rules;
    let new = |code| Finding::new(code, Subject::Certificate(index)).with("basis", RENEWAL_BASIS);
    let renewal = |finding: Finding| {
        finding
            .with("days_needed", rules.days_needed)
            .with("form", RENEWAL_OR_CHANGE.now)
            .with("form_before", RENEWAL_OR_CHANGE.before)
    };
    let replacement = |finding: Finding| {
        finding
            .with("form_person", NEW_FOR_PERSON.now)
            .with("form_agency", NEW_FOR_AGENCY.now)
            .with("form_person_before", NEW_FOR_PERSON.before)
            .with("form_agency_before", NEW_FOR_AGENCY.before)
    };
    let days_left = facts.days_left(examined.now);
    Some(match renewal_right(facts, &past, rules, examined.now)? {
        RenewalRight::Open { until } if days_left <= rules.notice_days => {
            let days = (until - examined.now).whole_days();
            renewal(
                new(Code::RenewalNow)
                    .with("until", until)
                    .with("days", days),
            )
        }
        RenewalRight::Open { until } => renewal(new(Code::RenewalOpen).with("until", until)),
        RenewalRight::TooLate => replacement(
            new(Code::RenewalTooLate)
                .with("days_left", days_left)
                .with("days_needed", rules.days_needed),
        ),
        RenewalRight::Used(because) => replacement(
            new(Code::RenewalUsed)
                .with("because", Fact::Word(because.name()))
                .with("days_of_validity", validity_days(facts)),
        ),
    })
}

fn past(history: &History, inventory: &Inventory, facts: &Certificate) -> KnownPast {
    let has_predecessor = inventory
        .certificates
        .iter()
        .filter_map(|seen| seen.certificate.as_ref())
        .any(|other| {
            other.public_key().is_same_key(facts.public_key())
                && other.not_after() < facts.not_after()
        });
    KnownPast {
        installed_as_renewal: history.installed_as_renewal(facts),
        other_renewal: history.renewal_before(facts),
        has_predecessor,
    }
}
