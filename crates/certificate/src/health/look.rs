//! Looking at tokens for their health, without a PIN: one that was chosen, or all.

use std::time::Instant;

use chungthu_token::error::TokenError;
use chungthu_token::module::{Found, ModulePath};
use chungthu_token::session::{Driver, Launcher, SlotDetail};
use chungthu_token::token::{SlotId, TokenInformation};
use chungthu_token::uri::{Candidate, TokenSelector, slots};
use time::OffsetDateTime;

use super::DriverFacts;
use crate::install::Refusal;
use crate::inventory::{Inventory, Place, Problem, read_objects};

/// How many tokens are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The one that was chosen, or the only one.
    One,
    /// All that were not excluded.
    All,
}

/// A token as it was seen.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The driver that shows it.
    pub driver: DriverFacts,
    /// The checked driver file.
    pub module: ModulePath,
    /// Its slot.
    pub slot: SlotId,
    /// The reader's name, cleaned, where the driver tells.
    pub reader: Option<String>,
    /// Its own words.
    pub token: TokenInformation,
    /// Its objects, or why they could not be read.
    pub objects: Result<Inventory, TokenError>,
}

impl Seen {
    /// Where to log in.
    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            module: self.module.clone(),
            slot: self.slot,
            token: self.token.clone(),
        }
    }
}

/// A driver with the tokens it shows.
struct Running {
    driver: Box<dyn Driver>,
    facts: DriverFacts,
    module: ModulePath,
    slots: Vec<Candidate>,
}

/// Starts every driver, chooses the tokens, and reads what they show without a login. What went wrong
/// with drivers and slots that were not chosen is told beside the answer.
///
/// # Errors
/// As [`Refusal`] says, inside the first part of the answer.
pub fn look(
    launcher: &dyn Launcher,
    found: &[Found],
    selector: Option<&TokenSelector>,
    wanted: Wanted,
    now: OffsetDateTime,
) -> (Result<Vec<Seen>, Refusal>, Vec<Problem>) {
    let (mut running, mut problems) = (Vec::new(), Vec::new());
    for one in found {
        let problem = |error| Problem {
            driver: one.path.clone(),
            error,
        };
        match start(launcher, one, selector) {
            Ok(started) => {
                let slots = started.slots.iter();
                let bad = slots.filter_map(|slot| slot.report.token.as_ref().err());
                problems.extend(bad.cloned().map(problem));
                running.push(started);
            }
            Err(error) => problems.push(problem(error)),
        }
    }
    if let ([], [first, ..]) = (running.as_slice(), problems.as_slice()) {
        let Problem { driver, error } = first.clone();
        return (Err(Refusal::NothingReadable { driver, error }), problems);
    }
    let chosen = match choose(&running, found.len(), wanted) {
        Ok(chosen) => chosen,
        Err(refusal) => return (Err(refusal), problems),
    };
    let mut seen = Vec::new();
    for (index, mut running) in running.into_iter().enumerate() {
        let places = chosen.iter().filter(|place| place.0 == index);
        let mut here: Vec<Seen> = places
            .filter_map(|place| read(&mut running, place.1, now))
            .collect();
        let end = running.driver.finish().err();
        for one in &mut here {
            one.driver.end.clone_from(&end);
        }
        seen.append(&mut here);
    }
    (Ok(seen), problems)
}

fn start(
    launcher: &dyn Launcher,
    found: &Found,
    selector: Option<&TokenSelector>,
) -> Result<Running, TokenError> {
    let module = found.module.clone()?;
    let begin = Instant::now();
    let mut driver = launcher.launch(&module)?;
    let start = begin.elapsed();
    let slots = slots(driver.as_mut(), selector, SlotDetail::TokenAndReader)?;
    let facts = DriverFacts {
        path: found.path.clone(),
        route: found.route,
        // a driver that does not know its own name may still have tokens
        information: driver.information().ok(),
        start,
        end: None,
    };
    Ok(Running {
        driver,
        facts,
        module,
        slots,
    })
}

/// A driver and one of its slots, by their places.
type Choice = (usize, usize);

/// Tokens of people first, also those that nobody has initialised; stores of CA certificates only where
/// nothing else is there.
fn choose(running: &[Running], drivers: usize, wanted: Wanted) -> Result<Vec<Choice>, Refusal> {
    let mut tokens: Vec<(Choice, &Candidate, &TokenInformation)> = Vec::new();
    for (driver, one) in running.iter().enumerate() {
        for (slot, candidate) in one.slots.iter().enumerate() {
            let Ok(token) = &candidate.report.token else {
                continue;
            };
            // one device that two drivers show
            let is_known = tokens.iter().any(|(place, known, other)| {
                place.0 != driver
                    && other.has_serial_of(token)
                    && (known.is_meant || !candidate.is_meant)
            });
            if !is_known && (token.is_initialized() || token.is_blank()) {
                tokens.push(((driver, slot), candidate, token));
            }
        }
    }
    let (meant, others): (Vec<_>, Vec<_>) = tokens
        .into_iter()
        .partition(|(_, candidate, _)| candidate.is_meant);
    let (stores, people): (Vec<_>, Vec<_>) = meant
        .into_iter()
        .partition(|(_, _, token)| token.is_certificate_store());
    let chosen = if people.is_empty() { stores } else { people };
    match (chosen.as_slice(), wanted) {
        ([], _) => Err(Refusal::TokenNotFound {
            drivers,
            others: others
                .into_iter()
                .map(|(_, _, token)| token.clone())
                .collect(),
        }),
        ([_], _) | (_, Wanted::All) => Ok(chosen.into_iter().map(|(place, _, _)| place).collect()),
        (_, Wanted::One) => Err(Refusal::TokenAmbiguous {
            tokens: chosen
                .into_iter()
                .map(|(_, _, token)| token.clone())
                .collect(),
        }),
    }
}

fn read(running: &mut Running, slot: usize, now: OffsetDateTime) -> Option<Seen> {
    let Candidate { report, .. } = running.slots.get(slot)?;
    let token = report.token.clone().ok()?;
    let objects = if token.is_initialized() {
        read_objects(running.driver.as_mut(), report.slot)
    } else {
        Ok(Vec::new())
    };
    Some(Seen {
        driver: running.facts.clone(),
        module: running.module.clone(),
        slot: report.slot,
        reader: report.description.clone(),
        token,
        objects: objects.map(|objects| Inventory::new(objects, now)),
    })
}
