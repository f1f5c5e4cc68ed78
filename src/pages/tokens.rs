//! Drivers, slots and tokens on a page: what works, and what does not with its own reason.

use std::path::Path;

use chungthu_certificate::inventory::DriverSeen;
use chungthu_token::module::{Discovery, Route};
use chungthu_token::token::{PinState, SlotReport, TokenInformation};

use crate::failure::{Failure, from_token};
use crate::page::{BAD, Page};
use crate::words::{Common, Tokens, Words};

/// Why a driver could not be used.
pub(crate) fn driver_problem(driver: &DriverSeen, words: &Words) -> Option<Failure> {
    let error = driver.slots.as_ref().err()?;
    Some(from_token(error, &driver.found.path, words))
}

/// The whole page.
pub(crate) fn tokens(drivers: &[DriverSeen], words: &Words) -> Page {
    let mut page = Page::new();
    if drivers.is_empty() {
        page.paragraph(&words.say(&Tokens::NoDriver));
    }
    let mut number = 0;
    for driver in drivers {
        let path = driver.found.path.display().to_string();
        page.heading(&words.say(&Tokens::DriverHeading { path }));
        page.fields(&driver_fields(driver, words));
        let slots = match &driver.slots {
            Ok(slots) => slots,
            Err(error) => {
                let failure = from_token(error, &driver.found.path, words);
                problem(&mut page, &failure, words);
                continue;
            }
        };
        if slots.is_empty() {
            page.paragraph(&words.say(&Tokens::NoToken));
        }
        for report in slots {
            number += 1;
            slot(&mut page, report, number, &driver.found.path, words);
        }
    }
    page
}

fn problem(page: &mut Page, failure: &Failure, words: &Words) {
    let text = format!("{} [{}]", words.say(&*failure.what), failure.code_line());
    page.remark(BAD, &words.say(&Tokens::Problem), &text);
    for hint in &failure.hints {
        page.item(&words.say(hint));
    }
}

fn driver_fields(driver: &DriverSeen, words: &Words) -> Vec<(String, String)> {
    let route = match driver.found.route {
        Route::CommandLine => Tokens::RouteCommandLine,
        Route::Environment => Tokens::RouteEnvironment,
        Route::P11Kit => Tokens::RouteP11Kit,
        Route::WellKnown => Tokens::RouteWellKnown,
    };
    let mut fields = Vec::new();
    if let Some(information) = &driver.information {
        let name = Tokens::DriverName {
            name: information.description.clone(),
            manufacturer: information.manufacturer.clone(),
            version: information.library_version.clone(),
        };
        fields.push((words.say(&Tokens::Driver), words.say(&name)));
    }
    fields.push((words.say(&Tokens::Route), words.say(&route)));
    fields
}

fn slot(page: &mut Page, report: &SlotReport, number: usize, module: &Path, words: &Words) {
    page.blank();
    match &report.token {
        Ok(token) => {
            let label = if token.label.is_empty() {
                "–"
            } else {
                &token.label
            }
            .to_owned();
            page.line(&format!(
                "  {}",
                words.say(&Tokens::TokenHeading { number, label })
            ));
            page.fields_at(
                5,
                &token_fields(token, report.description.as_deref(), words),
            );
        }
        Err(error) => {
            let failure = from_token(error, module, words);
            let problem = format!("{} [{}]", words.say(&*failure.what), failure.code_line());
            page.paragraph(&words.say(&Tokens::SlotProblem {
                slot: report.slot.0,
                problem,
            }));
        }
    }
}

fn token_fields(
    token: &TokenInformation,
    reader: Option<&str>,
    words: &Words,
) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let mut add = |label: Tokens, value: String| {
        if !value.is_empty() {
            fields.push((words.say(&label), value));
        }
    };
    add(Tokens::Serial, token.serial.clone());
    add(Tokens::Reader, reader.unwrap_or_default().to_owned());
    add(Tokens::Model, token.model.clone());
    add(Tokens::Manufacturer, token.manufacturer.clone());
    let mut pin = pin_words(token, words);
    if !token.is_initialized() {
        pin = words.say(&Tokens::NotInitialized);
    }
    add(Tokens::Pin, pin);
    if token.has_protected_authentication_path() {
        add(Tokens::PinLength, words.say(&Tokens::PinOnReader));
    } else if let Some((minimum, maximum)) = token.pin_lengths() {
        add(
            Tokens::PinLength,
            words.say(&Tokens::PinLengthRange { minimum, maximum }),
        );
    }
    if let (Some(free), Some(total)) = (token.free_public_memory, token.total_public_memory) {
        add(
            Tokens::Memory,
            words.say(&Tokens::MemoryFree { free, total }),
        );
    }
    if token.is_write_protected() {
        add(Tokens::Problem, words.say(&Tokens::WriteProtected));
    }
    fields
}

/// The state of the PIN in words.
pub(crate) fn pin_words(token: &TokenInformation, words: &Words) -> String {
    words.say(&match token.pin_state() {
        PinState::Ready => Common::PinReady,
        PinState::CountLow => Common::PinCountLow,
        PinState::FinalTry => Common::PinFinalTry,
        PinState::Locked => Common::PinLocked,
        PinState::ToBeChanged => Common::PinToBeChanged,
        PinState::NotSet => Common::PinNotSet,
    })
}

/// Where drivers were looked for, and which of the places exist.
pub(crate) fn places(places: &Discovery, words: &Words) -> Page {
    let mut page = Page::new();
    page.heading(&words.say(&Tokens::PlacesHeading));
    let all = [
        &places.named,
        &places.environment,
        &places.p11_kit_folders,
        &places.well_known,
    ];
    for path in all.into_iter().flatten() {
        let (exists, path) = (path.exists(), path.display().to_string());
        page.item(&words.say(&if exists {
            Tokens::PlacePresent { path }
        } else {
            Tokens::PlaceAbsent { path }
        }));
    }
    page.blank();
    page
}
