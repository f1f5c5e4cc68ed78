//! Token health: what was seen of a token, judged. A pure function of facts; nothing is asked here.

mod certificates;
mod device;
mod finding;
mod issuer;
mod keys;
mod look;
mod renewal;
mod strength;

use std::path::PathBuf;
use std::time::Duration;

use chungthu_token::error::TokenError;
use chungthu_token::module::Route;
use chungthu_token::token::{DriverInformation, TokenInformation};
use time::OffsetDateTime;

pub use finding::{Fact, Finding, FindingCode, Severity, Subject};
pub use look::{Seen, Wanted, look};

use crate::chain::Chain;
use crate::inventory::{Inventory, SignTest};
use crate::records::History;
use crate::rules::RenewalRules;

/// The driver, as it was found and as it behaved.
#[derive(Clone, Debug)]
pub struct DriverFacts {
    /// Its file, as it was named.
    pub path: PathBuf,
    /// How it was found.
    pub route: Route,
    /// What it says of itself, if it says anything.
    pub information: Option<DriverInformation>,
    /// How long it took to load and start.
    pub start: Duration,
    /// What went wrong when it was told to end.
    pub end: Option<TokenError>,
}

/// Everything that was seen of one token.
#[derive(Clone, Copy, Debug)]
pub struct Examined<'a> {
    /// The driver that shows it.
    pub driver: &'a DriverFacts,
    /// The reader's name, cleaned.
    pub reader: Option<&'a str>,
    /// The token's own words.
    pub token: &'a TokenInformation,
    /// Its objects, or why they could not be read.
    pub objects: Result<&'a Inventory, &'a TokenError>,
    /// The chains of its certificates, by their place in the inventory; `None` for one that was not built.
    pub chains: &'a [Option<Chain>],
    /// Logins from this computer that failed since the last success; `None` where the record cannot be read.
    pub failed_logins: Option<usize>,
    /// What this computer did before.
    pub history: &'a History,
    /// The signatures that were asked for.
    pub sign_tests: &'a [SignTest],
    /// The rules to go by.
    pub rules: RenewalRules,
    /// The time to judge by.
    pub now: OffsetDateTime,
}

/// Judges a token: every finding, in the order of [`FindingCode::ALL`] within each object.
#[must_use]
pub fn examine(examined: &Examined<'_>) -> Vec<Finding> {
    let mut findings = device::driver(examined.driver);
    findings.extend(device::token(examined));
    let is_in_use = examined.token.is_initialized() && !examined.token.is_certificate_store();
    if is_in_use {
        findings.extend(device::pin(examined));
    }
    match examined.objects {
        Ok(inventory) => {
            let is_empty = inventory.keys.is_empty() && inventory.certificates.is_empty();
            if is_empty && is_in_use {
                findings.push(Finding::new(FindingCode::TokenShowsNothing, Subject::Token));
            }
            findings.extend(keys::keys(inventory));
            findings.extend(certificates::certificates(examined, inventory));
        }
        Err(error) => findings.push(device::unreadable(error)),
    }
    if let Ok(inventory) = examined.objects {
        findings.extend(keys::proofs(inventory, examined.sign_tests));
    }
    findings
}

/// The worst of them; [`Severity::Ok`] for none.
#[must_use]
pub fn worst(findings: &[Finding]) -> Severity {
    findings
        .iter()
        .map(Finding::severity)
        .max()
        .unwrap_or(Severity::Ok)
}
