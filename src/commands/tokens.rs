//! `tokens`: drivers found, slots, tokens, PIN state; what fails is listed with its own reason.

use chungthu_token::error::TokenError;
use chungthu_token::module::{Found, Route};
use chungthu_token::session::{Launcher, SlotDetail};
use chungthu_token::token::{DriverInformation, SlotReport};

use super::Desk;
use crate::drivers;
use crate::failure::{Failure, from_token};
use crate::json;
use crate::pages::{self, DriverSeen};
use crate::words::Words;

pub(super) fn run(desk: &mut Desk<'_>) -> Result<(), Failure> {
    if desk.screen.is_verbose() {
        let places = drivers::places(&desk.common.modules, &desk.settings);
        let page = pages::places(&places, desk.screen.words());
        desk.screen.note(&page);
    }
    let launcher = drivers::launcher(Vec::new()).map_err(|error| Failure::internal(&error))?;
    let seen: Vec<DriverSeen> = desk
        .discover()
        .into_iter()
        .map(|found| look(found, &launcher))
        .collect();
    if desk.screen.is_json() {
        let modules = seen
            .iter()
            .map(|driver| module(driver, desk.screen.words()))
            .collect();
        desk.screen
            .json(&json::document("tokens", json::Tokens::new(modules)));
    } else {
        let page = pages::tokens(&seen, desk.screen.words());
        desk.screen.result(&page);
    }
    Ok(())
}

fn look(found: Found, launcher: &dyn Launcher) -> DriverSeen {
    let looked = found
        .module
        .clone()
        .and_then(|module| look_inside(&module, launcher));
    match looked {
        Ok((information, slots)) => DriverSeen {
            found,
            information,
            slots: Ok(slots),
        },
        Err(error) => DriverSeen {
            found,
            information: None,
            slots: Err(error),
        },
    }
}

fn look_inside(
    module: &chungthu_token::module::ModulePath,
    launcher: &dyn Launcher,
) -> Result<(Option<DriverInformation>, Vec<SlotReport>), TokenError> {
    let mut driver = launcher.launch(module)?;
    // a driver that does not know its own name may still have tokens
    let information = driver.information().ok();
    let slots = driver.slots(SlotDetail::TokenAndReader)?;
    // all that matters is known
    driver.finish().ok();
    Ok((information, slots))
}

fn module(driver: &DriverSeen, words: &Words) -> json::Module {
    let information = driver.information.as_ref();
    let problem = driver.problem(words);
    let slots = driver.slots.as_deref().unwrap_or_default();
    json::Module {
        path: driver.found.path.display().to_string(),
        route: match driver.found.route {
            Route::CommandLine => "command-line",
            Route::Environment => "environment",
            Route::P11Kit => "p11-kit",
            Route::WellKnown => "well-known",
        },
        name: information.map(|information| information.description.clone()),
        manufacturer: information.map(|information| information.manufacturer.clone()),
        version: information.map(|information| information.library_version.clone()),
        state: if problem.is_some() {
            "failed"
        } else {
            "working"
        },
        problem: problem.map(|failure| json::Problem::new(&failure, words)),
        tokens: slots
            .iter()
            .map(|report| slot(report, driver, words))
            .collect(),
    }
}

fn slot(report: &SlotReport, driver: &DriverSeen, words: &Words) -> json::SlotToken {
    let problem = report
        .token
        .as_ref()
        .err()
        .map(|error| json::Problem::new(&from_token(error, &driver.found.path, words), words));
    json::SlotToken {
        slot: report.slot.0,
        reader: report.description.clone(),
        token: report.token.as_ref().ok().map(json::TokenState::new),
        problem,
    }
}
