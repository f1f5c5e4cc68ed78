//! `install`: reads the file, finds the token, shows the plan, asks, and walks through the install.

use std::path::Path;

use chungthu_certificate::install::execute::{Context, Ready};
use chungthu_certificate::install::locate::{self, DriverLook};
use chungthu_certificate::install::login::{LoggedIn, Target};
use chungthu_certificate::install::{
    ConfirmedPlan, Plan, Report, Request, Step, Warning, judge_certificate,
};
use chungthu_certificate::{Certificate, check_issuer};
use chungthu_token::host::HostLauncher;
use chungthu_token::module::Found;
use chungthu_token::pin::Credential;
use chungthu_token::token::{PinState, TokenInformation};

use super::{Desk, show};
use crate::arguments::InstallOptions;
use crate::drivers;
use crate::failure::{Code, Failure, from_file, from_install, from_refusal, from_token, no_driver};
use crate::files::Archive;
use crate::json::{self, Outcome};
use crate::page::Page;
use crate::pages;
use crate::pin_entry;
use crate::screen::{Answer, Screen};
use crate::words::{Common, Hint, Install, Prompt, State, What};

pub(super) fn run(desk: &mut Desk<'_>, options: &InstallOptions) -> Result<(), Failure> {
    desk.catch_interrupts();
    let certificate = read(&options.file).map_err(before_any_token)?;
    let issuers = show::at_hand(desk).map_err(before_any_token)?;
    let request = Request {
        certificate,
        issuers,
        policy: options.policy,
        now: desk.now(),
    };
    let home = desk.settings.home.clone();
    let home = home.ok_or_else(|| Failure::new(Code::BackupFailed, What::NoHome))?;
    let source = desk.common.pin_source.clone();
    let walk = Walk {
        launcher: drivers::launcher(Vec::new(), desk.common.pin_source.as_ref())
            .map_err(|error| Failure::internal(&error))?,
        drivers: desk.discover(),
        archive: Archive::new(home.clone()),
        backups: home.join("backups").display().to_string(),
        file: options.file.display().to_string(),
        selector: desk.common.token.clone(),
        dry_run: options.dry_run,
        yes: desk.common.yes,
        credential: &|token, screen| pin_entry::obtain(source.as_ref(), token, screen),
        request,
    };
    let walked = walk.go(desk)?;
    let warnings = walk.warnings(&walked, desk);
    if desk.screen.is_json() {
        let view = walked.view(desk, warnings);
        desk.screen.json(&json::document("install", view));
        return Ok(());
    }
    match &walked {
        // the plan itself was the result
        Walked::Planned(_) => {}
        Walked::AlreadyInstalled(plan) => {
            let page = pages::already_installed(plan, desk.screen.words());
            desk.screen.result(&page);
        }
        Walked::Installed(report) => {
            let page = pages::installed(report, desk.screen.words());
            desk.screen.result(&page);
        }
    }
    if desk.is_interrupted() && matches!(walked, Walked::Installed(_)) {
        desk.warn(&Install::InterruptedLate);
    }
    Ok(())
}

/// The file, judged before any driver is loaded.
fn read(file: &Path) -> Result<Certificate, Failure> {
    show::read_file(file)?
        .into_end_entity()
        .map_err(|error| from_file(file, &error))
}

/// No token was chosen yet, so none is touched.
fn before_any_token(failure: Failure) -> Failure {
    match failure.state {
        Some(_) => failure,
        None => failure.in_state(State::NoneTouched),
    }
}

/// Nothing was changed on the token.
fn untouched(failure: Failure) -> Failure {
    failure.in_state(State::NotTouched)
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
    /// The certificate's file, as it was named.
    pub(super) file: String,
    pub(super) selector: Option<String>,
    pub(super) dry_run: bool,
    pub(super) yes: bool,
    pub(super) credential: &'a CredentialSource<'a>,
}

/// How far it went.
pub(super) enum Walked {
    Planned(Box<Plan>),
    AlreadyInstalled(Box<Plan>),
    Installed(Box<Report>),
}

/// After the login.
enum Agreed {
    Ready(Box<Ready>),
    /// What became visible is as wanted already.
    NothingToDo(Box<Plan>),
}

impl Walk<'_> {
    /// Observe, plan, confirm, log in, observe, execute.
    pub(super) fn go(&self, desk: &mut Desk<'_>) -> Result<Walked, Failure> {
        let words_of = |refusal: &_, desk: &Desk<'_>| from_refusal(refusal, desk.screen.words());
        self.show_file(desk);
        judge_certificate(&self.request)
            .map_err(|refusal| before_any_token(words_of(&refusal, desk)))?;
        let mut page = Page::below();
        page.paragraph(&desk.screen.say(&Install::LookingAtTokens));
        desk.screen.note(&page);
        let target = self.locate(desk).map_err(before_any_token)?;
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
            return Ok(Walked::AlreadyInstalled(Box::new(plan)));
        }
        let headings = (&Install::PlanHeading, Install::PlanLogin);
        let page = self.plan_page(&plan, headings, desk);
        if self.dry_run {
            target.release();
            self.show_dry_run(page, desk);
            return Ok(Walked::Planned(Box::new(plan)));
        }
        self.show_plan(&page, desk);
        self.confirm(desk, &Prompt::Install)
            .map_err(|failure| failure.on(&token))?;
        let credential =
            (self.credential)(&token, &mut desk.screen).map_err(|failure| at(failure, &token))?;
        desk.go_on().map_err(|failure| at(failure, &token))?;
        let ready = self.log_in(target, plan.confirm(), &credential, desk)?;
        drop(credential);
        let ready = match ready {
            Agreed::Ready(ready) => *ready,
            Agreed::NothingToDo(plan) => return Ok(Walked::AlreadyInstalled(plan)),
        };
        let report = self.execute(ready, desk)?;
        Ok(Walked::Installed(Box::new(report)))
    }

    fn show_file(&self, desk: &mut Desk<'_>) {
        let Request {
            certificate,
            issuers,
            now,
            ..
        } = &self.request;
        let words = desk.screen.words();
        let mut page = Page::below();
        page.heading(&words.say(&Install::FileHeading));
        page.line(&format!("  {}", self.file));
        let check = check_issuer(certificate, issuers);
        pages::summary(&mut page, certificate, &check, *now, words);
        desk.screen.note(&page);
    }

    fn locate(&self, desk: &mut Desk<'_>) -> Result<Target, Failure> {
        if self.drivers.is_empty() {
            return Err(no_driver());
        }
        let selector = self.selector.as_deref();
        let survey = locate::look(&self.launcher, &self.drivers, &self.request, selector);
        // A driver that is broken is named where it may be the reason that nothing was found.
        let problems: Vec<(String, Failure)> = survey
            .drivers
            .iter()
            .filter_map(|look| driver_problem(look, desk))
            .collect();
        for (module, failure) in &problems {
            if desk.screen.is_verbose() {
                let problem = desk.screen.say(&*failure.what);
                desk.warn(&Install::WarningDriver {
                    module: module.clone(),
                    problem,
                });
            }
        }
        survey.choose(&self.request.certificate).map_err(|refusal| {
            let mut failure = from_refusal(&refusal, desk.screen.words());
            let looks = problems
                .iter()
                .filter(|(_, problem)| failure.what != problem.what);
            let mut hints: Vec<Hint> = looks
                .map(|(module, problem)| {
                    let problem = desk.screen.say(&*problem.what);
                    Hint::DriverLook {
                        module: module.clone(),
                        problem,
                    }
                })
                .collect();
            hints.append(&mut failure.hints);
            Failure { hints, ..failure }
        })
    }

    /// The plan under its heading, with what is done first.
    fn plan_page(
        &self,
        plan: &Plan,
        (heading, first): (&Install, Install),
        desk: &Desk<'_>,
    ) -> Page {
        let words = desk.screen.words();
        let mut page = Page::below();
        page.heading(&words.say(&Install::TokenHeading));
        pages::token(&mut page, plan, words);
        if check_issuer(&plan.certificate, &self.request.issuers) != plan.issuer {
            // the token itself holds the issuer's certificate
            pages::issuer(&mut page, &plan.issuer, words);
        }
        page.heading(&words.say(heading));
        pages::plan(&mut page, plan, first, &self.backups, words);
        if !plan.warnings.is_empty() || plan.token.pin_state() == PinState::FinalTry {
            page.blank();
        }
        for warning in &plan.warnings {
            page.warning(
                &words.say(&Common::Warning),
                &pages::warning_words(warning, words),
            );
        }
        if plan.token.pin_state() == PinState::FinalTry {
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
        credential: &Credential,
        desk: &mut Desk<'_>,
    ) -> Result<Agreed, Failure> {
        let mut page = Page::below();
        page.heading(&desk.screen.say(&Install::StepsHeading));
        desk.screen.note(&page);
        desk.screen.step(&Install::StepLogIn);
        let module = confirmed.plan().module.clone();
        let logged_in = target
            .log_in(confirmed, &self.request, credential)
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
                let headings = (&Install::PlanAgainHeading, Install::PlanProve);
                let page = self.plan_page(pending.plan(), headings, desk);
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
        let module = ready.plan().module.clone();
        let mut archive = self.archive.clone();
        let (screen, clock) = (&mut desk.screen, desk.clock);
        let mut progress = |step: Step| screen.step(&step_words(step));
        let outcome = ready.execute(&mut Context {
            launcher: &self.launcher,
            storage: &mut archive,
            clock,
            progress: &mut progress,
        });
        match outcome {
            Ok(report) => {
                desk.screen.step_done();
                Ok(report)
            }
            Err(error) => Err(from_install(&error, module.as_path(), desk.screen.words())),
        }
    }

    /// The warnings for JSON.
    pub(super) fn warnings(&self, walked: &Walked, desk: &Desk<'_>) -> Vec<json::Warning> {
        let warnings: &[Warning] = match walked {
            Walked::Planned(plan) | Walked::AlreadyInstalled(plan) => &plan.warnings,
            Walked::Installed(report) => &report.plan.warnings,
        };
        let words = desk.screen.words();
        let view = |warning| json::Warning {
            code: pages::warning_code(warning),
            message: pages::warning_words(warning, words),
        };
        warnings.iter().map(view).collect()
    }
}

impl Walked {
    /// What came of it, for JSON.
    pub(super) fn view(&self, desk: &Desk<'_>, warnings: Vec<json::Warning>) -> json::Install {
        let now = desk.now();
        match self {
            Self::Planned(plan) => {
                json::Install::of_plan(plan, Outcome::Planned, now, warnings, Vec::new())
            }
            Self::AlreadyInstalled(plan) => {
                json::Install::of_plan(plan, Outcome::AlreadyInstalled, now, warnings, Vec::new())
            }
            Self::Installed(report) => {
                let next = pages::follow_up(&report.plan, desk.screen.words());
                json::Install::of_report(report, now, warnings, next)
            }
        }
    }
}

/// A failure before anything was written.
fn at(failure: Failure, token: &TokenInformation) -> Failure {
    untouched(failure).on(token)
}

fn driver_problem(look: &DriverLook, desk: &Desk<'_>) -> Option<(String, Failure)> {
    let error = look.outcome.as_ref().err()?;
    let failure = from_token(error, &look.path, desk.screen.words());
    Some((look.path.display().to_string(), failure))
}

const fn step_words(step: Step) -> Install {
    match step {
        Step::ProveBefore => Install::StepProveBefore,
        Step::BackUp => Install::StepBackUp,
        Step::Add => Install::StepAdd,
        Step::ReadBack => Install::StepReadBack,
        Step::ProveAfter => Install::StepProveAfter,
        Step::Remove => Install::StepRemove,
        Step::LastLook => Install::StepLastLook,
    }
}
