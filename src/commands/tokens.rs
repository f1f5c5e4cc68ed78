//! `tokens`: drivers found, slots, tokens, PIN state; what fails is listed with its own reason.

use chungthu_certificate::inventory::{DriverSeen, see_drivers};
use chungthu_certificate::records::PinTries;
use chungthu_token::module::{PassedOver, PassedOverReason, discover};
use chungthu_token::token::{SlotReport, TokenInformation};

use super::Desk;
use crate::drivers;
use crate::failure::{Failure, from_token};
use crate::files::Archive;
use crate::json;
use crate::pages::{self, driver_problem};
use crate::words::Words;

pub(super) fn run(desk: &mut Desk<'_>) -> Result<(), Failure> {
    let places = drivers::places(&desk.common, &desk.settings);
    let discovered = discover(&places);
    tracing::info!(
        found = discovered.found.len(),
        passed_over = discovered.passed_over.len(),
        "drivers looked for"
    );
    let is_verbose = desk.screen.is_verbose();
    if is_verbose {
        let page = pages::searched(&places, &discovered.passed_over, desk.screen.words());
        desk.screen.note(&page);
    }
    let launcher = desk.launcher(Vec::new())?;
    let seen = see_drivers(&launcher, discovered.found);
    let words = desk.screen.words();
    let archive = desk.settings.home.clone().map(Archive::new);
    let failed_logins = |token: &TokenInformation| {
        archive
            .as_ref()
            .map_or(0, |archive| failed_logins(token, archive))
    };
    if desk.screen.is_json() {
        let modules = seen.iter();
        let modules = modules.map(|driver| module(driver, &failed_logins, words));
        let modules = modules.collect();
        let passed_over = discovered.passed_over.iter();
        let passed_over = passed_over.map(|one| unused(one, words)).collect();
        let view = json::Tokens::new(modules, passed_over);
        desk.screen.json(&json::document("tokens", view));
    } else {
        let page = pages::tokens(&seen, failed_logins, is_verbose, words);
        desk.screen.result(&page);
    }
    Ok(())
}

/// What this computer has counted; a record that cannot be read stops an install, and no list.
fn failed_logins(token: &TokenInformation, archive: &Archive) -> usize {
    PinTries::of(token).count(archive).unwrap_or_else(|error| {
        tracing::warn!(%error, "failed logins not known");
        0
    })
}

fn module(
    driver: &DriverSeen,
    failed_logins: &impl Fn(&TokenInformation) -> usize,
    words: &Words,
) -> json::Module {
    let information = driver.information.as_ref();
    let problem = driver_problem(driver, words);
    let slots = driver.slots.as_deref().unwrap_or_default();
    let found = &driver.found;
    let milliseconds = driver.start.map(|start| start.as_millis());
    json::Module {
        path: found.path.display().to_string(),
        route: found.route.name(),
        declared_in: found
            .declared_in
            .as_ref()
            .map(|file| file.display().to_string()),
        init_string: found
            .module
            .as_ref()
            .is_ok_and(|module| module.init().is_some()),
        start_milliseconds: milliseconds.and_then(|count| u64::try_from(count).ok()),
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
            .map(|report| slot(report, driver, failed_logins, words))
            .collect(),
    }
}

fn unused(one: &PassedOver, words: &Words) -> json::PassedOver {
    let (reason, same_as, problem) = match &one.reason {
        PassedOverReason::DeclarationUnreadable { .. } => ("declaration-unreadable", None, None),
        PassedOverReason::Missing => ("missing", None, None),
        PassedOverReason::NotForThisProgram => ("not-for-this-program", None, None),
        PassedOverReason::Proxy => ("proxy", None, None),
        PassedOverReason::Remote => ("remote", None, None),
        PassedOverReason::SameFile { first } => ("same-file", Some(first), None),
        PassedOverReason::SwitchedOff => ("switched-off", None, None),
        PassedOverReason::TrustPolicy => ("trust-policy", None, None),
        PassedOverReason::Unloadable { error } => ("unloadable", None, Some(error)),
    };
    json::PassedOver {
        path: one.path.display().to_string(),
        route: one.route.name(),
        declared_in: one
            .declared_in
            .as_ref()
            .map(|file| file.display().to_string()),
        reason,
        same_as: same_as.map(|first| first.display().to_string()),
        problem: problem
            .map(|error| json::Problem::new(&from_token(error, &one.path, words), words)),
    }
}

fn slot(
    report: &SlotReport,
    driver: &DriverSeen,
    failed_logins: &impl Fn(&TokenInformation) -> usize,
    words: &Words,
) -> json::SlotToken {
    let problem = report
        .token
        .as_ref()
        .err()
        .map(|error| json::Problem::new(&from_token(error, &driver.found.path, words), words));
    json::SlotToken {
        slot: report.slot.0,
        reader: report.description.clone(),
        token: report
            .token
            .as_ref()
            .ok()
            .map(|token| json::TokenState::new(token, failed_logins(token))),
        problem,
    }
}
