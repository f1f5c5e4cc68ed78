//! `tokens`: drivers found, slots, tokens, PIN state; what fails is listed with its own reason.

use chungthu_certificate::inventory::{DriverSeen, see_drivers};
use chungthu_token::module::Route;
use chungthu_token::token::SlotReport;

use super::Desk;
use crate::drivers;
use crate::failure::{Failure, from_token};
use crate::json;
use crate::pages::{self, driver_problem};
use crate::words::Words;

pub(super) fn run(desk: &mut Desk<'_>) -> Result<(), Failure> {
    if desk.screen.is_verbose() {
        let places = drivers::places(&desk.common.modules, &desk.settings);
        let page = pages::places(&places, desk.screen.words());
        desk.screen.note(&page);
    }
    let launcher = drivers::launcher(Vec::new(), desk.common.pin_source.as_ref())
        .map_err(|error| Failure::internal(&error))?;
    let seen = see_drivers(&launcher, desk.discover());
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

fn module(driver: &DriverSeen, words: &Words) -> json::Module {
    let information = driver.information.as_ref();
    let problem = driver_problem(driver, words);
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
