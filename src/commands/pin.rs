//! `pin`: changes the user's PIN, or unblocks it with the security officer's; else says who can.

use std::sync::Arc;

use chungthu_certificate::ca_generation;
use chungthu_certificate::health::{Seen, Wanted, look};
use chungthu_certificate::pin_care::{Changed, Context, Task, may_try_officer_pin, set_pin};
use chungthu_certificate::records::PinTries;
use chungthu_token::pin::Credential;
use chungthu_token::token::TokenInformation;

use super::walk::{self, at};
use super::{Desk, Done, Work};
use crate::arguments::PinOptions;
use crate::failure::{
    Code, Failure, from_install, from_pin_care, from_refusal, from_storage, officer_refused,
};
use crate::files::Archive;
use crate::json;
use crate::page::Page;
use crate::pages;
use crate::pin_entry::{Asked, obtain, obtain_new};
use crate::screen::Answer;
use crate::words::{Common, Hint, Message, Pin, Prompt, State, What};

pub(super) fn run(desk: &mut Desk<'_>, options: &PinOptions) -> Result<(), Failure> {
    desk.catch_interrupts();
    if options.unblock && options.officer_source.is_none() {
        explain(desk);
        return Ok(());
    }
    if options.unblock {
        // before any driver is loaded: a token that is being unlocked must not be touched
        refuse_while_unlocking(desk).map_err(walk::before_any_token)?;
    }
    let launcher = desk.launcher(Vec::new())?;
    let found = desk.discover()?;
    let selector = desk.common.token.as_ref();
    let (seen, problems) = look(&launcher, &found, selector, Wanted::One, desk.now());
    let seen = seen
        .map_err(|refusal| walk::before_any_token(from_refusal(&refusal, desk.screen.words())))?;
    super::warn_of_drivers(desk, &problems);
    desk.go_on()?;
    let Some(seen) = seen.into_iter().next() else {
        return Err(Failure::internal(&"no token was chosen"));
    };
    let token = seen.token.clone();
    let archive = Archive::new(walk::home(desk)?);
    may_go_on(desk, options, &seen, &archive).map_err(|failure| at(failure, &token))?;
    let _lock = walk::lock(&archive, &launcher, &token).map_err(|failure| at(failure, &token))?;
    let (label, serial) = (token.label.clone(), token.serial.clone());
    let question = if options.unblock {
        Prompt::UnblockPin { label, serial }
    } else {
        Prompt::ChangePin { label, serial }
    };
    confirm(desk, &question).map_err(|failure| at(failure, &token))?;
    let (tried, new) = credentials(desk, options, &token).map_err(|failure| at(failure, &token))?;
    desk.go_on().map_err(|failure| at(failure, &token))?;
    let step = desk.screen.say(&Pin::Step);
    desk.screen.step(&step);
    let task = if options.unblock {
        Task::Unblock
    } else {
        Task::Change
    };
    let place = seen.place();
    let changed = set_pin(
        task,
        tried,
        &new,
        Context {
            launcher: &launcher,
            place: &place,
            allow_final_try: options.allow_final_try,
            storage: &mut archive.clone(),
            clock: desk.clock,
        },
    );
    drop(new);
    let changed = changed.map_err(|error| {
        let (module, words) = (place.module.as_path(), desk.screen.words());
        from_pin_care(&error, options.unblock, module, words)
    })?;
    desk.screen.step_done();
    report(desk, &seen, changed, options.unblock);
    Ok(())
}

/// Whether a PIN may be tried, and what to know of it.
fn may_go_on(
    desk: &mut Desk<'_>,
    options: &PinOptions,
    seen: &Seen,
    archive: &Archive,
) -> Result<(), Failure> {
    let place = seen.place();
    if options.unblock {
        if is_governments(seen) {
            let failure = Failure::new(Code::UnblockNotHere, What::UnblockNotHere);
            return Err(failure.hint(Hint::RecoveryForm).hint(Hint::EndRecovery));
        }
        let failed = PinTries::of_officer(&seen.token).count(archive);
        let failed = failed.map_err(|error| from_storage(&error))?;
        let flags = seen.token.officer_pin_tries();
        return may_try_officer_pin(flags, failed, options.allow_final_try)
            .map_err(officer_refused);
    }
    let module = place.module.as_path();
    let warnings = place
        .may_log_in(options.allow_final_try, archive)
        .map_err(|error| from_install(&error, module, desk.screen.words()))?;
    for warning in &warnings {
        let mut page = Page::new();
        let words = desk.screen.words();
        let sentence = pages::warning_words(warning, words);
        page.warning(&words.say(&Common::Warning), &sentence);
        desk.screen.tell(&page);
    }
    Ok(())
}

/// Whether a certificate of the government CA is on it, by what the certificate claims. Its unlocking is
/// the CA's, by law (Nghị định 68/2024/NĐ-CP, Điều 22).
fn is_governments(seen: &Seen) -> bool {
    let inventory = seen.objects.as_ref();
    inventory.is_ok_and(|inventory| {
        let certificates = inventory.certificates.iter();
        certificates
            .filter_map(|one| one.certificate.as_ref())
            .any(|facts| ca_generation(facts).is_some())
    })
}

/// The PIN that is tried, and the one that is to be.
fn credentials(
    desk: &mut Desk<'_>,
    options: &PinOptions,
    token: &TokenInformation,
) -> Result<(Credential, Credential), Failure> {
    let interrupted = Arc::clone(&desk.interrupted);
    let (asked, source) = if options.unblock {
        (Asked::Officer, options.officer_source.clone())
    } else {
        (Asked::Old, desk.common.pin_source.clone())
    };
    let screen = &mut desk.screen;
    let tried = obtain(asked, source.as_ref(), token, &interrupted, screen)?;
    let old = Some(&tried).filter(|_| !options.unblock);
    let source = options.new_source.as_ref();
    let new = obtain_new(source, old, token, &interrupted, screen)?;
    Ok((tried, new))
}

fn confirm(desk: &mut Desk<'_>, question: &impl Message) -> Result<(), Failure> {
    if desk.common.yes {
        return Ok(());
    }
    match desk.screen.ask(question) {
        Answer::Yes => desk.go_on(),
        Answer::No | Answer::Interrupted => Err(Failure::new(Code::Cancelled, What::Cancelled)),
        Answer::NobodyThere => {
            Err(Failure::new(Code::NoTerminal, What::NoTerminalForQuestion).hint(Hint::UseYes))
        }
    }
}

/// While the CA unlocks a token by telephone it must not be used by anything else, or all has to be begun
/// again.
fn refuse_while_unlocking(desk: &mut Desk<'_>) -> Result<(), Failure> {
    if desk.common.yes {
        return Ok(());
    }
    match desk.screen.ask(&Prompt::UnblockUnderWay) {
        Answer::No => Ok(()),
        Answer::Yes => {
            let failure = Failure::new(Code::Cancelled, What::UnblockUnderWay);
            Err(failure.hint(Hint::FinishUnblocking))
        }
        Answer::Interrupted => Err(Failure::new(Code::Cancelled, What::Cancelled)),
        Answer::NobodyThere => {
            Err(Failure::new(Code::NoTerminal, What::NoTerminalForQuestion).hint(Hint::UseYes))
        }
    }
}

/// Who can unblock a token. Nothing is touched.
fn explain(desk: &mut Desk<'_>) {
    if desk.screen.is_json() {
        desk.screen
            .json(&json::document("pin", json::Pin::explained()));
        return;
    }
    let page = pages::unblocking(desk.screen.words());
    desk.screen.result(&page);
}

fn report(desk: &mut Desk<'_>, seen: &Seen, changed: Changed, is_unblocked: bool) {
    desk.done = Some(Done {
        work: Work::Pin,
        state: State::PinNew,
    });
    let is_verified = changed == Changed::Verified;
    if desk.screen.is_json() {
        let token = json::Token::new(&seen.token, Some(&seen.driver.path), Some(seen.slot));
        let view = json::Pin::changed(token, is_unblocked, is_verified);
        desk.screen.json(&json::document("pin", view));
        return;
    }
    let page = pages::pin_changed(&seen.token, is_unblocked, is_verified, desk.screen.words());
    desk.screen.result(&page);
}
