//! The walk that `install`, `restore` and the demo share: observe, plan, confirm, log in, execute.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use chungthu_certificate::check_issuer;
use chungthu_certificate::install::execute::{Context, Ready};
use chungthu_certificate::install::login::{LoggedIn, Target};
use chungthu_certificate::install::{
    ConfirmedPlan, Goal, Plan, Progress, Report, Request, Warning, judge_certificate,
};
use chungthu_token::host::HostLauncher;
use chungthu_token::module::Found;
use chungthu_token::pin::Credential;
use chungthu_token::token::{PinState, TokenInformation};
use chungthu_token::uri::TokenSelector;

use super::walked::Walked;
use super::{Desk, history};
use crate::arguments::PinSource;
use crate::failure::{Code, Failure, from_install, from_lock, from_refusal, from_storage};
use crate::files::{Archive, Locked, TokenLock};
use crate::json;
use crate::page::Page;
use crate::pages::{self, Login};
use crate::pin_entry::{self, Asked};
use crate::screen::{Answer, Screen};
use crate::words::{Common, Hint, Install, Prompt, Restore, State, What};

/// No token was chosen yet, so none is touched.
pub(super) fn before_any_token(failure: Failure) -> Failure {
    match failure.state {
        Some(_) => failure,
        None => failure.in_state(State::NoneTouched),
    }
}

/// Nothing was changed on the token.
fn untouched(failure: Failure) -> Failure {
    failure.in_state(State::NotTouched)
}

/// The folder for what is kept.
pub(super) fn home(desk: &Desk<'_>) -> Result<PathBuf, Failure> {
    let home = desk.settings.home.clone();
    home.ok_or_else(|| Failure::new(Code::BackupFailed, What::NoHome))
}

/// Asks for the PIN where the arguments say.
pub(super) fn ask(
    source: Option<&PinSource>,
    interrupted: Arc<AtomicBool>,
) -> impl Fn(&TokenInformation, &mut Screen) -> Result<Credential, Failure> + '_ {
    move |token, screen| pin_entry::obtain(Asked::User, source, token, &interrupted, screen)
}

/// Gives the PIN for a token.
pub(super) type CredentialSource<'a> =
    dyn Fn(&TokenInformation, &mut Screen) -> Result<Credential, Failure> + 'a;

/// One install from the request to the report; the demo walks the same way.
pub(super) struct Walk<'a> {
    pub(super) request: Request,
    pub(super) launcher: HostLauncher,
    pub(super) drivers: Vec<Found>,
    pub(super) archive: Archive,
    /// Where backups go, as a person reads it.
    pub(super) backups: String,
    /// The certificate's or the backup's file, as it was named.
    pub(super) file: String,
    pub(super) selector: Option<TokenSelector>,
    pub(super) dry_run: bool,
    pub(super) yes: bool,
    pub(super) credential: &'a CredentialSource<'a>,
}

/// After the login.
enum Agreed {
    Ready(Box<Ready>),
    /// What became visible is as wanted already.
    NothingToDo(Box<Plan>),
}

impl<'a> Walk<'a> {
    /// The walk for this request with what the desk has: its drivers, its records, its answers.
    pub(super) fn new(
        desk: &mut Desk<'_>,
        request: Request,
        file: String,
        dry_run: bool,
        credential: &'a CredentialSource<'a>,
    ) -> Result<Self, Failure> {
        let home = home(desk)?;
        let mut walk = Self {
            launcher: desk.launcher(Vec::new())?,
            drivers: desk.discover()?,
            archive: Archive::new(home.clone()),
            backups: home.join("backups").display().to_string(),
            file,
            selector: desk.common.token.clone(),
            dry_run,
            yes: desk.common.yes,
            credential,
            request,
        };
        walk.recall();
        Ok(walk)
    }

    /// What the history knows of the certificate's key; again when the certificate is another.
    pub(super) fn recall(&mut self) {
        let history = history::recall(&self.archive);
        self.request.renewed_before = history.renewal_before(&self.request.certificate);
    }

    /// Goes, and says what came of it.
    pub(super) fn to_the_end(
        &self,
        desk: &mut Desk<'_>,
        command: &'static str,
        target: Option<Target>,
    ) -> Result<(), Failure> {
        let walked = self.go(desk, target)?;
        desk.done = walked.done();
        if desk.screen.is_json() {
            let warnings = walked.warnings(desk);
            let view = walked.view(desk, warnings);
            desk.screen.json(&json::document(command, view));
            return Ok(());
        }
        if let Some(page) = walked.page(desk.screen.words()) {
            desk.screen.result(&page);
        }
        if desk.is_interrupted() && matches!(walked, Walked::Done(_)) {
            desk.warn(&Install::InterruptedLate);
        }
        Ok(())
    }
}

impl Walk<'_> {
    /// Observe, plan, confirm, log in, observe, execute. `target` is the token, if it was found already.
    pub(super) fn go(
        &self,
        desk: &mut Desk<'_>,
        target: Option<Target>,
    ) -> Result<Walked, Failure> {
        let words_of = |refusal: &_, desk: &Desk<'_>| from_refusal(refusal, desk.screen.words());
        self.introduce(desk);
        judge_certificate(&self.request)
            .map_err(|refusal| before_any_token(words_of(&refusal, desk)))?;
        let mut target = match target {
            Some(target) => target,
            None => self.find_token(desk)?,
        };
        if let Err(error) = target.recall(&self.archive) {
            // nothing to do is told all the same; a login reads it again, and is refused then
            tracing::warn!(%error, "failed logins not known");
        }
        desk.go_on()?;
        let token = target.token().clone();
        let plan = match target.plan(&self.request) {
            Ok(plan) => plan,
            Err(refusal) => {
                target.release();
                return Err(at(words_of(&refusal, desk), &token));
            }
        };
        if plan.is_done() {
            target.release();
            return Ok(self.already_done(plan));
        }
        let page = self.plan_page(&plan, &Install::PlanHeading, Login::Ahead, desk);
        if self.dry_run {
            target.release();
            self.show_dry_run(page, desk);
            return Ok(Walked::Planned(Box::new(plan)));
        }
        // for as long as this run may write
        let _lock = self.lock(&token).map_err(|failure| at(failure, &token))?;
        self.show_plan(&page, desk);
        let question = if plan.is_restore {
            Prompt::Restore
        } else {
            Prompt::Install
        };
        self.confirm(desk, &question)
            .map_err(|failure| failure.on(&token))?;
        let credential =
            (self.credential)(&token, &mut desk.screen).map_err(|failure| at(failure, &token))?;
        desk.go_on().map_err(|failure| at(failure, &token))?;
        let ready = self.log_in(target, plan.confirm(), credential, desk)?;
        let ready = match ready {
            Agreed::Ready(ready) => *ready,
            Agreed::NothingToDo(plan) => return Ok(self.already_done(*plan)),
        };
        let report = self.execute(ready, desk)?;
        Ok(Walked::Done(Box::new(report)))
    }

    /// What a run that may write needs before it asks anything: the token to itself, and a place for
    /// the backup.
    fn lock(&self, token: &TokenInformation) -> Result<TokenLock, Failure> {
        lock(&self.archive, &self.launcher, token)
    }

    /// Nothing to do; of an install the history may know since when.
    fn already_done(&self, plan: Plan) -> Walked {
        let history = history::recall(&self.archive);
        let is_install = !plan.is_restore;
        let installed = is_install.then(|| history.installed(&plan.certificate));
        Walked::AlreadyDone(Box::new(plan), installed.flatten())
    }

    /// What was given: the certificate's file, or the backup.
    fn introduce(&self, desk: &mut Desk<'_>) {
        let Request {
            certificate,
            goal,
            issuers,
            now,
            ..
        } = &self.request;
        let words = desk.screen.words();
        let mut page = Page::below();
        match goal {
            Goal::Install => {
                page.heading(&words.say(&Install::FileHeading));
                page.line(&format!("  {}", self.file));
                let check = check_issuer(certificate, issuers);
                pages::summary(&mut page, certificate, &check, *now, words);
            }
            Goal::Restore(objects) => {
                page.heading(&words.say(&Restore::FileHeading));
                page.line(&format!("  {}", self.file));
                page.blank();
                let count = objects.len();
                page.paragraph(&words.say(&Restore::Holds { count }));
                for object in objects {
                    pages::backed_up(&mut page, object, words);
                }
            }
        }
        desk.screen.note(&page);
    }

    /// The plan under its heading.
    fn plan_page(&self, plan: &Plan, heading: &Install, login: Login, desk: &Desk<'_>) -> Page {
        let words = desk.screen.words();
        let mut page = Page::below();
        page.heading(&words.say(&Install::TokenHeading));
        pages::token(&mut page, plan, words);
        if check_issuer(&plan.certificate, &self.request.issuers) != plan.issuer {
            // the token itself holds the issuer's certificate
            pages::issuer(&mut page, &plan.issuer, words);
        }
        page.heading(&words.say(heading));
        pages::plan(&mut page, plan, login, &self.backups, words);
        let is_final_try = plan.pin.state == PinState::FinalTry && !plan.pin.is_counted;
        if !plan.warnings.is_empty() || is_final_try {
            page.blank();
        }
        // that one try is left says more than that one was wrong
        let is_said_below = |warning: &Warning| is_final_try && *warning == Warning::PinCountLow;
        for warning in plan.warnings.iter().filter(|one| !is_said_below(one)) {
            page.warning(
                &words.say(&Common::Warning),
                &pages::warning_words(warning, words),
            );
        }
        if is_final_try {
            page.warning(
                &words.say(&Common::Warning),
                &words.say(&Install::WarningPinFinalTry),
            );
        }
        page
    }

    /// A plan that is going to be asked about is never left out.
    fn show_plan(&self, page: &Page, desk: &mut Desk<'_>) {
        if self.yes {
            desk.screen.note(page);
        } else {
            desk.screen.tell(page);
        }
    }

    fn show_dry_run(&self, mut page: Page, desk: &mut Desk<'_>) {
        page.heading(&desk.screen.say(&Install::DryRunHeading));
        page.paragraph(&desk.screen.say(&Install::DryRunNothing));
        if desk.screen.is_json() {
            desk.screen.note(&page);
        } else {
            desk.screen.result(&page);
        }
    }

    fn confirm(&self, desk: &mut Desk<'_>, question: &Prompt) -> Result<(), Failure> {
        if self.yes {
            return Ok(());
        }
        match desk.screen.ask(question) {
            Answer::Yes => desk.go_on().map_err(untouched),
            Answer::No | Answer::Interrupted => {
                Err(untouched(Failure::new(Code::Cancelled, What::Cancelled)))
            }
            Answer::NobodyThere => Err(untouched(
                Failure::new(Code::NoTerminal, What::NoTerminalForQuestion).hint(Hint::UseYes),
            )),
        }
    }

    fn log_in(
        &self,
        target: Target,
        confirmed: ConfirmedPlan,
        credential: Credential,
        desk: &mut Desk<'_>,
    ) -> Result<Agreed, Failure> {
        let mut page = Page::below();
        page.heading(&desk.screen.say(&Install::StepsHeading));
        desk.screen.note(&page);
        let text = desk.screen.say(&Install::StepLogIn);
        desk.screen.step(&text);
        let module = confirmed.plan().module.clone();
        let logged_in = target
            .log_in(
                confirmed,
                &self.request,
                credential,
                &mut self.archive.clone(),
                desk.clock,
            )
            .map_err(|error| from_install(&error, module.as_path(), desk.screen.words()))?;
        match logged_in {
            LoggedIn::Ready(ready) => Ok(Agreed::Ready(Box::new(ready))),
            LoggedIn::MoreSeen(pending) => {
                desk.screen.step_done();
                if pending.plan().is_done() {
                    let plan = Box::new(pending.plan().clone());
                    pending.abandon();
                    return Ok(Agreed::NothingToDo(plan));
                }
                let heading = &Install::PlanAgainHeading;
                let page = self.plan_page(pending.plan(), heading, Login::Done, desk);
                let token = pending.plan().token.clone();
                self.show_plan(&page, desk);
                match self.confirm(desk, &Prompt::InstallAgain) {
                    Ok(()) => Ok(Agreed::Ready(Box::new(pending.confirm()))),
                    Err(failure) => {
                        pending.abandon();
                        Err(failure.on(&token))
                    }
                }
            }
        }
    }

    fn execute(&self, ready: Ready, desk: &mut Desk<'_>) -> Result<Report, Failure> {
        if let Err(failure) = desk.go_on() {
            let token = ready.plan().token.clone();
            return Err(at(failure, &token));
        }
        let plan = ready.plan().clone();
        let mut archive = self.archive.clone();
        let (screen, clock) = (&mut desk.screen, desk.clock);
        let is_restore = ready.plan().is_restore;
        let mut progress = |progress: Progress| match progress {
            Progress::Begins(step) => {
                let text = pages::step(step, is_restore, screen.words());
                screen.step(&text);
            }
            Progress::Done => screen.step_done(),
            Progress::Refused => screen.step_refused(),
        };
        let outcome = ready.execute(&mut Context {
            launcher: &self.launcher,
            storage: &mut archive,
            clock,
            progress: &mut progress,
        });
        match outcome {
            Ok(mut report) => {
                desk.screen.step_done();
                history::keep(&mut report, &mut archive, (desk.clock)());
                Ok(report)
            }
            Err(error) => {
                history::keep_stopped(&error, &plan, &mut archive, desk);
                let module = plan.module.as_path();
                Err(from_install(&error, module, desk.screen.words()))
            }
        }
    }
}

/// The token for this run alone, and records that can be written. The launcher is for this run and so for
/// this token.
pub(super) fn lock(
    archive: &Archive,
    launcher: &HostLauncher,
    token: &TokenInformation,
) -> Result<TokenLock, Failure> {
    let in_use = |hint| {
        let failure = Failure::new(Code::TokenInUse, What::TokenInUseByAnotherRun);
        Err(failure.hint(hint).hint(Hint::TryAgain))
    };
    let locked = archive.lock(&token.serial);
    let lock = match locked.map_err(|error| from_lock(&error))? {
        Locked::Now(lock) => lock,
        Locked::ByAnotherRun => return in_use(Hint::EndOtherRun),
        Locked::ByHostOfKilledRun => return in_use(Hint::WaitForKilledRun),
    };
    launcher.held.set(lock.host.clone()).ok();
    let writable = archive.is_writable();
    writable.map_err(|error| from_storage(&error))?;
    Ok(lock)
}

/// A failure before anything was written.
pub(super) fn at(failure: Failure, token: &TokenInformation) -> Failure {
    untouched(failure).on(token)
}
