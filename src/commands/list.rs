//! `list`: what is on a token, without a PIN.

use std::path::PathBuf;

use chungthu_certificate::lower_hex;
use chungthu_token::error::TokenError;
use chungthu_token::module::Found;
use chungthu_token::object::{AttributeType, Object, ObjectClass, Query, SearchKey};
use chungthu_token::session::{Access, Driver, Launcher, SlotDetail};
use chungthu_token::token::{SlotId, SlotReport, TokenInformation};
use time::OffsetDateTime;

use super::Desk;
use crate::drivers;
use crate::failure::{Failure, ambiguous, from_token, no_driver, not_found, not_initialized};
use crate::inventory::{Inventory, Mark};
use crate::json::{self, Known};
use crate::page::Page;
use crate::pages;
use crate::words::{Install, List};

pub(super) fn run(desk: &mut Desk<'_>) -> Result<(), Failure> {
    let launcher = drivers::launcher(Vec::new()).map_err(|error| Failure::internal(&error))?;
    let found = desk.discover();
    let mut chosen = choose(desk, &found, &launcher)?;
    let inventory = chosen.inventory(desk)?;
    if desk.screen.is_json() {
        let view = view(&inventory, &chosen.token, Some(&chosen), desk.now());
        desk.screen.json(&json::document("list", view));
    } else {
        let mut page = Page::new();
        let (label, serial) = (chosen.token.label.clone(), chosen.token.serial.clone());
        page.heading(&desk.screen.say(&List::Heading { label, serial }));
        pages::objects(&mut page, &inventory, desk.screen.words());
        desk.screen.result(&page);
    }
    Ok(())
}

/// The one token to look into, with its driver running.
pub(super) struct Chosen {
    driver: Box<dyn Driver>,
    path: PathBuf,
    slot: SlotId,
    token: TokenInformation,
}

/// Finds the token that was asked for, or the only one. A driver that fails hides no other.
pub(super) fn choose(
    desk: &mut Desk<'_>,
    found: &[Found],
    launcher: &dyn Launcher,
) -> Result<Chosen, Failure> {
    if found.is_empty() {
        return Err(no_driver());
    }
    let selector = desk.common.token.clone();
    let mut looks = Vec::new();
    let mut problems = Vec::new();
    for one in found {
        match look(one, launcher) {
            Ok((driver, reports)) => looks.push((driver, one.path.clone(), reports)),
            Err(error) => {
                let failure = from_token(&error, &one.path, desk.screen.words());
                problems.push((one.path.display().to_string(), failure));
            }
        }
    }
    // a single driver that failed: its failure is the answer
    if let ([], [(_, failure)]) = (looks.as_slice(), problems.as_slice()) {
        return Err(failure.clone());
    }
    for (module, failure) in problems {
        let problem = desk.screen.say(&*failure.what);
        desk.warn(&Install::WarningDriver { module, problem });
    }
    let mut tokens: Vec<Seen> = Vec::new();
    for (driver, (_, _, reports)) in looks.iter().enumerate() {
        for report in reports {
            let Ok(token) = &report.token else { continue };
            let seen = Seen {
                driver,
                slot: report.slot,
                token: token.clone(),
            };
            if !tokens.iter().any(|known| known.is_same_device(&seen)) {
                tokens.push(seen);
            }
        }
    }
    let is_one_unused = tokens.iter().any(|seen| !seen.token.is_initialized());
    tokens.retain(|seen| seen.token.is_initialized());
    let (matching, others): (Vec<Seen>, Vec<Seen>) = tokens
        .into_iter()
        .partition(|seen| is_selected(&seen.token, selector.as_deref()));
    let named = |tokens: &[Seen]| -> Vec<TokenInformation> {
        tokens.iter().map(|seen| seen.token.clone()).collect()
    };
    let words = desk.screen.words();
    let chosen = match matching.as_slice() {
        [seen] => seen.clone(),
        [] if is_one_unused && others.is_empty() => return Err(not_initialized()),
        [] => return Err(not_found(found.len(), &named(&others), words)),
        _ => return Err(ambiguous(&named(&matching), words)),
    };
    let mut result = None;
    for (index, (mut driver, path, _)) in looks.into_iter().enumerate() {
        if index == chosen.driver {
            let (slot, token) = (chosen.slot, chosen.token.clone());
            result = Some(Chosen {
                driver,
                path,
                slot,
                token,
            });
        } else {
            // it served; how it ends is of no interest
            driver.finish().ok();
        }
    }
    result.ok_or_else(no_driver)
}

/// A token of a driver.
#[derive(Clone)]
struct Seen {
    driver: usize,
    slot: SlotId,
    token: TokenInformation,
}

impl Seen {
    /// One device that two drivers show.
    fn is_same_device(&self, other: &Self) -> bool {
        self.driver != other.driver
            && !self.token.serial.is_empty()
            && self.token.serial == other.token.serial
    }
}

fn look(
    found: &Found,
    launcher: &dyn Launcher,
) -> Result<(Box<dyn Driver>, Vec<SlotReport>), TokenError> {
    let mut driver = launcher.launch(&found.module.clone()?)?;
    let reports = driver.slots(SlotDetail::Token)?;
    Ok((driver, reports))
}

fn is_selected(token: &TokenInformation, selector: Option<&str>) -> bool {
    selector.is_none_or(|selector| token.serial == selector || token.label == selector)
}

impl Chosen {
    /// Reads every object that is visible without a login.
    pub(super) fn inventory(&mut self, desk: &Desk<'_>) -> Result<Inventory, Failure> {
        let objects = self
            .objects()
            .map_err(|error| from_token(&error, &self.path, desk.screen.words()).on(&self.token))?;
        // all that matters is known
        self.driver.finish().ok();
        Ok(Inventory::new(objects, desk.now()))
    }

    fn objects(&mut self) -> Result<Vec<Object>, TokenError> {
        self.driver.open(self.slot, Access::ReadOnly)?;
        let mut objects = Vec::new();
        for class in [
            ObjectClass::PrivateKey,
            ObjectClass::PublicKey,
            ObjectClass::Certificate,
        ] {
            let query = Query {
                class,
                by: SearchKey::All,
                limit: 0,
            };
            let handles = self.driver.find(self.slot, &query)?;
            if !handles.is_empty() {
                objects.extend(self.driver.read(self.slot, class, &handles)?);
            }
        }
        Ok(objects)
    }

    /// The token.
    pub(super) const fn token(&self) -> &TokenInformation {
        &self.token
    }
}

/// The inventory for JSON.
pub(super) fn view(
    inventory: &Inventory,
    token: &TokenInformation,
    chosen: Option<&Chosen>,
    now: OffsetDateTime,
) -> json::List {
    let hex = lower_hex;
    let keys = inventory.keys.iter().enumerate().map(|(index, key)| {
        let kind = key.kind();
        let certificates = inventory.certificates_of(index);
        json::Key {
            id: hex(&key.id),
            r#type: kind.map(|(name, _)| name),
            bits: kind.map(|(_, bits)| bits),
            label: key.label.clone(),
            certificates: certificates
                .filter_map(|seen| seen.certificate.as_ref().map(|facts| facts.sha256()))
                .collect(),
            private: Known::of(key.private.as_ref().map(|_| true)),
            extractable: Known::of(key.flag(AttributeType::Extractable)),
            may_sign: Known::of(key.flag(AttributeType::Sign)),
        }
    });
    let certificates = inventory
        .certificates
        .iter()
        .map(|seen| json::CertificateObject {
            certificate: seen
                .certificate
                .as_ref()
                .map(|facts| json::Certificate::new(facts, now, None)),
            id: hex(seen.object.id()),
            label: seen.object.label(),
            key_on_token: Known::of(inventory.has_key(seen)),
            state: match seen.mark {
                Mark::Current => "current",
                Mark::Old => "old",
                Mark::Expired => "expired",
                Mark::NotYetValid => "not-yet-valid",
                Mark::Authority => "ca",
                Mark::Unreadable => "unreadable",
            },
        });
    json::List {
        outcome: "listed",
        token: json::Token::new(
            token,
            chosen.map(|chosen| chosen.path.as_path()),
            chosen.map(|chosen| chosen.slot),
        ),
        keys: keys.collect(),
        certificates: certificates.collect(),
    }
}
