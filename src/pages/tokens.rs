//! Drivers, slots and tokens on a page: what works, and what does not with its own reason.

use std::path::{Path, PathBuf};

use chungthu_certificate::install::PinOutlook;
use chungthu_certificate::inventory::DriverSeen;
use chungthu_token::module::{Discovery, PassedOver, PassedOverReason, Route};
use chungthu_token::token::{PinState, SlotReport, TokenInformation};
use chungthu_token::uri::Uri;

use crate::failure::{Failure, from_token};
use crate::page::{BAD, Page};
use crate::words::{Common, Tokens, Words};

/// Why a driver could not be used.
pub(crate) fn driver_problem(driver: &DriverSeen, words: &Words) -> Option<Failure> {
    let error = driver.slots.as_ref().err()?;
    Some(from_token(error, &driver.found.path, words))
}

/// The whole page. `failed_logins`: what this computer has counted for a token. In detail also what only
/// somebody looking for a fault wants to know.
pub(crate) fn tokens(
    drivers: &[DriverSeen],
    failed_logins: impl Fn(&TokenInformation) -> usize,
    in_detail: bool,
    words: &Words,
) -> Page {
    let mut page = Page::new();
    if drivers.is_empty() {
        page.paragraph(&words.say(&Tokens::NoDriver));
    }
    let mut number = 0;
    for driver in drivers {
        let path = driver.found.path.display().to_string();
        page.heading(&words.say(&Tokens::DriverHeading { path }));
        page.fields(&driver_fields(driver, in_detail, words));
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
            page.blank();
            match &report.token {
                Ok(token) if token.is_certificate_store() => store(&mut page, token, words),
                Ok(token) => {
                    number += 1;
                    let label = label(token);
                    let heading = words.say(&Tokens::TokenHeading { number, label });
                    page.line(&format!("  {heading}"));
                    let count = failed_logins(token);
                    let mut fields =
                        token_fields(token, count, report.description.as_deref(), words);
                    if in_detail {
                        let uri = Uri::of_token(token).to_string();
                        fields.push((words.say(&Tokens::Uri), uri));
                        fields.push((words.say(&Tokens::Slot), report.slot.0.to_string()));
                    }
                    page.fields_at(5, &fields);
                }
                Err(error) => {
                    let failure = from_token(error, &driver.found.path, words);
                    slot_problem(&mut page, report, &failure, words);
                }
            }
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

fn driver_fields(driver: &DriverSeen, in_detail: bool, words: &Words) -> Vec<(String, String)> {
    let route = match driver.found.route {
        Route::CommandLine => Tokens::RouteCommandLine,
        Route::Environment => Tokens::RouteEnvironment,
        Route::Configuration => Tokens::RouteConfiguration,
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
    let mut add = |label: Tokens, value: String| fields.push((words.say(&label), value));
    add(Tokens::Route, words.say(&route));
    if in_detail {
        if let Some(file) = &driver.found.declared_in {
            add(Tokens::DeclaredIn, file.display().to_string());
        }
        if let Some(init) = driver.found.module.as_ref().ok().and_then(|one| one.init()) {
            let bytes = init.length();
            add(
                Tokens::InitString,
                words.say(&Tokens::InitStringLength { bytes }),
            );
        }
        if let Some(start) = driver.start {
            let milliseconds = u64::try_from(start.as_millis()).unwrap_or(u64::MAX);
            add(
                Tokens::LoadTime,
                words.say(&Tokens::LoadMilliseconds { milliseconds }),
            );
        }
    }
    fields
}

fn label(token: &TokenInformation) -> String {
    if token.label.is_empty() {
        "–".to_owned()
    } else {
        token.label.clone()
    }
}

/// What shows as a token and is none.
fn store(page: &mut Page, token: &TokenInformation, words: &Words) {
    let label = label(token);
    page.line(&format!("  {}", words.say(&Tokens::StoreHeading { label })));
    page.line(&format!("     {}", words.say(&Tokens::StoreMeaning)));
}

fn slot_problem(page: &mut Page, report: &SlotReport, failure: &Failure, words: &Words) {
    let problem = format!("{} [{}]", words.say(&*failure.what), failure.code_line());
    page.paragraph(&words.say(&Tokens::SlotProblem {
        slot: report.slot.0,
        problem,
    }));
}

fn token_fields(
    token: &TokenInformation,
    failed_logins: usize,
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
    let mut pin = pin_words(PinOutlook::new(token.pin_state(), failed_logins), words);
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
pub(crate) fn pin_words(outlook: PinOutlook, words: &Words) -> String {
    let count = outlook.failed_logins;
    let counted = words.say(&Common::PinFailedLogins { count });
    if outlook.is_counted {
        return counted;
    }
    let told = words.say(&match outlook.state {
        PinState::Ready => Common::PinReady,
        PinState::CountLow => Common::PinCountLow,
        PinState::FinalTry => Common::PinFinalTry,
        PinState::Locked => Common::PinLocked,
        PinState::ToBeChanged => Common::PinToBeChanged,
        PinState::NotSet => Common::PinNotSet,
    });
    if count > 0 {
        format!("{told}; {counted}")
    } else {
        told
    }
}

/// Where drivers were looked for, which of the places exist, and what was found there in vain.
pub(crate) fn searched(places: &Discovery, passed_over: &[PassedOver], words: &Words) -> Page {
    let mut page = Page::new();
    page.heading(&words.say(&Tokens::PlacesHeading));
    let configured: Vec<PathBuf> = places
        .configured
        .iter()
        .map(|driver| driver.path.clone())
        .collect();
    let lists = [&places.named, &places.environment, &configured];
    match lists.into_iter().find(|list| !list.is_empty()) {
        Some(list) => list.iter().for_each(|path| place(&mut page, path, words)),
        None => guessed_places(&mut page, places, words),
    }
    if !passed_over.is_empty() {
        page.heading(&words.say(&Tokens::PassedOverHeading));
        for one in passed_over {
            page.item(&words.say(&passed_over_words(one, words)));
        }
    }
    page.blank();
    page
}

/// What nobody named: p11-kit's files, and the makers' folders with the names looked for in them.
fn guessed_places(page: &mut Page, places: &Discovery, words: &Words) {
    let p11_kit = &places.p11_kit;
    let user = p11_kit.user_settings.iter().chain(&p11_kit.user_folder);
    let system = p11_kit
        .system_settings
        .iter()
        .chain(&p11_kit.system_folders);
    user.chain(system).for_each(|path| place(page, path, words));
    for known in &places.well_known {
        if known.folder.is_dir() {
            let folder = known.folder.display().to_string();
            let names = known.names.join(", ");
            page.item(&words.say(&Tokens::PlaceNames { folder, names }));
        } else {
            place(page, &known.folder, words);
        }
    }
}

fn place(page: &mut Page, path: &Path, words: &Words) {
    let (exists, path) = (path.exists(), path.display().to_string());
    page.item(&words.say(&if exists {
        Tokens::PlacePresent { path }
    } else {
        Tokens::PlaceAbsent { path }
    }));
}

fn passed_over_words(one: &PassedOver, words: &Words) -> Tokens {
    let reason = match &one.reason {
        PassedOverReason::DeclarationUnreadable { detail } => {
            words.say(&Tokens::ReasonDeclarationUnreadable {
                detail: detail.clone(),
            })
        }
        PassedOverReason::Missing => words.say(&Tokens::ReasonMissing),
        PassedOverReason::NotForThisProgram => words.say(&Tokens::ReasonNotForThisProgram),
        PassedOverReason::Proxy => words.say(&Tokens::ReasonProxy),
        PassedOverReason::Remote => words.say(&Tokens::ReasonRemote),
        PassedOverReason::SameFile { first } => words.say(&Tokens::ReasonSameFile {
            first: first.display().to_string(),
        }),
        PassedOverReason::SwitchedOff => words.say(&Tokens::ReasonSwitchedOff),
        PassedOverReason::TrustPolicy => words.say(&Tokens::ReasonTrustPolicy),
        PassedOverReason::Unloadable { error } => {
            words.say(&*from_token(error, &one.path, words).what)
        }
    };
    let path = one.path.display().to_string();
    match &one.declared_in {
        Some(file) if *file != one.path => Tokens::PassedOverDeclared {
            path,
            file: file.display().to_string(),
            reason,
        },
        Some(_) | None => Tokens::PassedOver { path, reason },
    }
}
