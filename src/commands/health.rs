//! `health`: is this token all right, and if not, what is to be done?

use std::sync::Arc;

use chungthu_certificate::Certificate;
use chungthu_certificate::chain::{Chain, Origin};
use chungthu_certificate::health::{Examined, Seen, Severity, Wanted, examine, look, worst};
use chungthu_certificate::install::InstallError;
use chungthu_certificate::inventory::{Opened, Problem, SignTest};
use chungthu_certificate::records::PinTries;
use chungthu_certificate::rules::RenewalRules;
use chungthu_token::host::HostLauncher;

use super::walk::{self, at};
use super::{Desk, history, show};
use crate::arguments::HealthOptions;
use crate::evidence::Evidence;
use crate::failure::{Failure, from_install, from_refusal, from_token};
use crate::files::Archive;
use crate::json;
use crate::page::Page;
use crate::pages::{self, Shown};
use crate::words::{Common, Install};

pub(super) fn run(desk: &mut Desk<'_>, options: &HealthOptions) -> Result<(), Failure> {
    desk.catch_interrupts();
    let evidence = show::at_hand(desk)?;
    let launcher = desk.launcher(Vec::new())?;
    let found = desk.discover()?;
    let wanted = if options.all {
        Wanted::All
    } else {
        Wanted::One
    };
    let selector = desk.common.token.as_ref();
    let (seen, problems) = look(&launcher, &found, selector, wanted, desk.now());
    let mut seen = seen.map_err(|refusal| from_refusal(&refusal, desk.screen.words()))?;
    desk.go_on()?;
    let mut sign_tests = Vec::new();
    if let (true, [only]) = (options.sign_test, seen.as_mut_slice()) {
        sign_tests = try_to_sign(desk, &launcher, only, options.allow_final_try)?;
    }
    let archive = desk.settings.home.clone().map(Archive::new);
    let history = archive.as_ref().map(history::recall).unwrap_or_default();
    let mut page = Page::new();
    let mut views = Vec::new();
    for one in &seen {
        let findings = examine(&Examined {
            driver: &one.driver,
            reader: one.reader.as_deref(),
            token: &one.token,
            objects: one.objects.as_ref(),
            chains: &chains(desk, one, &evidence),
            failed_logins: failed_logins(one, archive.as_ref()),
            history: &history,
            sign_tests: &sign_tests,
            rules: RenewalRules::default(),
            now: desk.now(),
        });
        desk.has_found_problems |= worst(&findings) > Severity::Info;
        let shown = Shown {
            token: &one.token,
            inventory: one.objects.as_ref().ok(),
            findings: &findings,
        };
        let words = desk.screen.words();
        if desk.screen.is_json() {
            let token = json::Token::new(&one.token, Some(&one.driver.path), Some(one.slot));
            views.push(json::TokenHealth::new(&shown, token, words));
        } else {
            pages::health(&mut page, &shown, desk.screen.is_verbose(), words);
        }
    }
    tell_problems(desk, &problems, views, &page);
    Ok(())
}

/// Other drivers' problems, and then the result.
fn tell_problems(
    desk: &mut Desk<'_>,
    problems: &[Problem],
    views: Vec<json::TokenHealth>,
    page: &Page,
) {
    if desk.screen.is_json() {
        let words = desk.screen.words();
        let problems = problems.iter().map(|Problem { driver, error }| {
            let failure = from_token(error, driver, words);
            json::DriverProblem {
                module: driver.display().to_string(),
                problem: json::Problem::new(&failure, words),
            }
        });
        let view = json::Health::new(views, problems.collect());
        desk.screen.json(&json::document("health", view));
        return;
    }
    super::warn_of_drivers(desk, problems);
    desk.screen.result(page);
}

/// Logs in once and lets each key sign; what became visible then takes the place of what was seen before.
fn try_to_sign(
    desk: &mut Desk<'_>,
    launcher: &HostLauncher,
    seen: &mut Seen,
    allow_final_try: bool,
) -> Result<Vec<SignTest>, Failure> {
    let mut archive = Archive::new(walk::home(desk)?);
    let place = seen.place();
    let token = seen.token.clone();
    let module = place.module.as_path().to_owned();
    let failed = |error: Box<InstallError>, desk: &Desk<'_>| {
        from_install(&error, &module, desk.screen.words())
    };
    let warnings = place
        .may_log_in(allow_final_try, &archive)
        .map_err(|error| failed(error, desk))?;
    let _lock = walk::lock(&archive, launcher, &token).map_err(|failure| at(failure, &token))?;
    for warning in &warnings {
        let mut page = Page::new();
        let words = desk.screen.words();
        let sentence = pages::warning_words(warning, words);
        page.warning(&words.say(&Common::Warning), &sentence);
        desk.screen.tell(&page);
    }
    let source = desk.common.pin_source.clone();
    let ask = walk::ask(source.as_ref(), Arc::clone(&desk.interrupted));
    let credential = ask(&token, &mut desk.screen).map_err(|failure| at(failure, &token))?;
    desk.go_on().map_err(|failure| at(failure, &token))?;
    let text = desk.screen.say(&Install::StepLogIn);
    desk.screen.step(&text);
    let mut opened = Opened::log_in(
        launcher,
        &place,
        allow_final_try,
        credential,
        &mut archive,
        desk.clock,
    )
    .map_err(|error| failed(error, desk))?;
    desk.screen.step_done();
    let mut tests = Vec::new();
    match opened.inventory(desk.now()) {
        Ok(inventory) => {
            tests = opened.sign_tests(&inventory);
            seen.objects = Ok(inventory);
        }
        Err(error) => seen.objects = Err(error),
    }
    opened.finish();
    Ok(tests)
}

/// The chains of the subscribers' certificates on a token, with the authorities' that are there.
fn chains(desk: &Desk<'_>, seen: &Seen, evidence: &Evidence) -> Vec<Option<Chain>> {
    let certificates = seen
        .objects
        .as_ref()
        .map_or(&[][..], |inventory| &inventory.certificates);
    let facts = || certificates.iter().map(|one| one.certificate.as_ref());
    let authorities = facts().flatten().filter(|one| one.is_ca());
    let beside: Vec<Certificate> = authorities.cloned().collect();
    facts()
        .map(|facts| {
            let facts = facts.filter(|one| !one.is_ca())?;
            Some(evidence.chain(facts, &beside, Origin::Token, desk.now()))
        })
        .collect()
}

/// What this computer has counted; nothing where it keeps no records at all.
fn failed_logins(seen: &Seen, archive: Option<&Archive>) -> Option<usize> {
    archive.map_or(Some(0), |archive| {
        PinTries::of(&seen.token).count(archive).ok()
    })
}
