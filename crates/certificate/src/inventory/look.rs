//! Looking at drivers and tokens without a PIN: all of them for a survey, one of them for a list.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use chungthu_token::error::TokenError;
use chungthu_token::module::{Found, ModulePath};
use chungthu_token::object::{Object, ObjectClass, Query, SearchKey};
use chungthu_token::session::{Access, Driver, Launcher, SlotDetail};
use chungthu_token::token::{DriverInformation, SlotId, SlotReport, TokenInformation};
use chungthu_token::uri::{Candidate, TokenSelector, candidates};
use time::OffsetDateTime;

use super::Inventory;
use crate::install::Refusal;

/// A driver as it was seen.
#[derive(Clone, Debug)]
pub struct DriverSeen {
    /// How it was found.
    pub found: Found,
    /// What it says of itself, if it says anything.
    pub information: Option<DriverInformation>,
    /// How long it took to load and start, or to fail to; `None` for a file that was not loaded.
    pub start: Option<Duration>,
    /// Its slots with a token, or why it shows none.
    pub slots: Result<Vec<SlotReport>, TokenError>,
}

/// A driver that hid nothing but itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Its file, as it was named.
    pub driver: PathBuf,
    /// What it answered.
    pub error: TokenError,
}

/// Starts every driver and asks for its tokens. One that fails hides no other.
#[must_use]
pub fn see_drivers(launcher: &dyn Launcher, found: Vec<Found>) -> Vec<DriverSeen> {
    found
        .into_iter()
        .map(|found| {
            let mut seen = DriverSeen {
                slots: Ok(Vec::new()),
                information: None,
                start: None,
                found,
            };
            let module = seen.found.module.clone();
            seen.slots = module.and_then(|module| see_driver(&module, launcher, &mut seen));
            seen
        })
        .collect()
}

fn see_driver(
    module: &ModulePath,
    launcher: &dyn Launcher,
    seen: &mut DriverSeen,
) -> Result<Vec<SlotReport>, TokenError> {
    let begin = Instant::now();
    let launched = launcher.launch(module);
    seen.start = Some(begin.elapsed());
    let mut driver = launched?;
    // a driver that does not know its own name may still have tokens
    seen.information = driver.information().ok();
    let slots = driver.slots(SlotDetail::TokenAndReader)?;
    // all that matters is known
    driver.finish().ok();
    Ok(slots)
}

/// The one token to look into, with its driver running.
pub struct Chosen {
    driver: Box<dyn Driver>,
    /// The driver's file, as it was named.
    pub path: PathBuf,
    /// The slot.
    pub slot: SlotId,
    /// The token.
    pub token: TokenInformation,
}

/// Finds the token that was asked for, or the only one. The drivers that failed are told beside the
/// answer.
///
/// # Errors
/// As [`Refusal`] says, inside the first part of the answer.
pub fn choose(
    launcher: &dyn Launcher,
    found: &[Found],
    selector: Option<&TokenSelector>,
) -> (Result<Chosen, Refusal>, Vec<Problem>) {
    let mut looks = Vec::new();
    let mut problems = Vec::new();
    for one in found {
        match start(one, launcher, selector) {
            Ok((driver, slots)) => looks.push((driver, one.path.clone(), slots)),
            Err(error) => problems.push(Problem {
                driver: one.path.clone(),
                error,
            }),
        }
    }
    if let ([], [problem, ..]) = (looks.as_slice(), problems.as_slice()) {
        let Problem { driver, error } = problem.clone();
        return (Err(Refusal::NothingReadable { driver, error }), problems);
    }
    let mut tokens: Vec<Seen> = Vec::new();
    for (driver, (_, _, slots)) in looks.iter().enumerate() {
        for Candidate { report, is_meant } in slots {
            let Ok(token) = &report.token else { continue };
            let seen = Seen {
                driver,
                slot: report.slot,
                token: token.clone(),
                is_meant: *is_meant,
            };
            let is_known = tokens
                .iter()
                .any(|known| known.is_same_device(&seen) && (known.is_meant || !seen.is_meant));
            if !is_known {
                tokens.push(seen);
            }
        }
    }
    let chosen = match pick(tokens, found.len()) {
        Ok(chosen) => chosen,
        Err(refusal) => return (Err(refusal), problems),
    };
    let mut result = Err(Refusal::TokenNotFound {
        drivers: found.len(),
        others: Vec::new(),
    });
    for (index, (mut driver, path, _)) in looks.into_iter().enumerate() {
        if index == chosen.driver {
            let (slot, token) = (chosen.slot, chosen.token.clone());
            result = Ok(Chosen {
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
    (result, problems)
}

fn pick(tokens: Vec<Seen>, drivers: usize) -> Result<Seen, Refusal> {
    let is_one_unused = tokens.iter().any(|seen| seen.token.is_blank());
    let (matching, others): (Vec<Seen>, Vec<Seen>) = tokens
        .into_iter()
        .filter(|seen| seen.token.is_initialized())
        .partition(|seen| seen.is_meant);
    let named = |tokens: Vec<Seen>| tokens.into_iter().map(|seen| seen.token).collect();
    let mut candidates = matching.into_iter();
    match (candidates.next(), candidates.next()) {
        (Some(seen), None) => Ok(seen),
        (Some(first), Some(second)) => {
            let all = [first, second].into_iter().chain(candidates).collect();
            Err(Refusal::TokenAmbiguous { tokens: named(all) })
        }
        (None, _) if is_one_unused && others.is_empty() => Err(Refusal::TokenNotInitialized),
        (None, _) => Err(Refusal::TokenNotFound {
            drivers,
            others: named(others),
        }),
    }
}

/// A token of a driver.
struct Seen {
    driver: usize,
    slot: SlotId,
    token: TokenInformation,
    is_meant: bool,
}

impl Seen {
    /// One device that two drivers show.
    fn is_same_device(&self, other: &Self) -> bool {
        self.driver != other.driver && self.token.has_serial_of(&other.token)
    }
}

fn start(
    found: &Found,
    launcher: &dyn Launcher,
    selector: Option<&TokenSelector>,
) -> Result<(Box<dyn Driver>, Vec<Candidate>), TokenError> {
    let mut driver = launcher.launch(&found.module.clone()?)?;
    let slots = candidates(driver.as_mut(), selector)?;
    Ok((driver, slots))
}

impl Chosen {
    /// Reads every object that is visible without a login, and lets the driver end.
    ///
    /// # Errors
    /// As the driver answers.
    pub fn inventory(&mut self, now: OffsetDateTime) -> Result<Inventory, TokenError> {
        let objects = read_objects(self.driver.as_mut(), self.slot)?;
        // all that matters is known
        self.driver.finish().ok();
        Ok(Inventory::new(objects, now))
    }
}

/// Every object that is visible without a login.
pub(crate) fn read_objects(
    driver: &mut dyn Driver,
    slot: SlotId,
) -> Result<Vec<Object>, TokenError> {
    driver.open(slot, Access::ReadOnly)?;
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
        let handles = driver.find(slot, &query)?;
        objects.extend(driver.read(slot, class, &handles)?);
    }
    Ok(objects)
}
