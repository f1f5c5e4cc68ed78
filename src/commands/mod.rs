//! Commands, one file each, and the desk they all work at.

mod demo;
mod driver_host;
mod finding;
mod health;
mod history;
mod install;
mod list;
mod papers;
mod pin;
mod restore;
mod show;
mod tokens;
mod walk;
mod walked;

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chungthu_certificate::inventory::Problem as DriverProblem;
use chungthu_token::host::{HostLauncher, forbid_core_dumps};
use chungthu_token::module::{Found, discover};
use time::OffsetDateTime;

use crate::arguments::{self, Asked, Command, Common, Meant, Wanted};
use crate::drivers;
use crate::failure::{Code, Failure, from_token};
use crate::files;
use crate::json;
use crate::page::{FAINT, GOOD, Page, styled};
use crate::screen::{Colour, Manner, Screen, Verbosity};
use crate::settings::{Problem, ProblemKind, Settings};
use crate::words::{Common as CommonWords, Hint, Install, Pin, Restore, State, What, Words};

/// What every command needs: the surroundings, what was asked for, the screen, the clock.
struct Desk<'a> {
    settings: Settings,
    common: Common,
    screen: Screen,
    clock: &'a dyn Fn() -> OffsetDateTime,
    interrupted: Arc<AtomicBool>,
    /// What is on a token after this run wrote there and all went well.
    done: Option<Done>,
    /// Whether what was looked at has problems, which is no failure of the program.
    has_found_problems: bool,
}

/// What changes a token.
#[derive(Clone, Copy, Debug)]
enum Work {
    Install,
    Restore,
    Pin,
}

/// A finished change of a token, as far as its report's loss needs it.
#[derive(Debug)]
struct Done {
    work: Work,
    state: State,
}

/// Runs the program.
pub(crate) fn run(arguments: &[OsString], clock: &dyn Fn() -> OffsetDateTime) -> ExitCode {
    // before all else: a host starts for every driver, and speaks no language
    if let [_, word, module] = arguments
        && word == drivers::HOST_COMMAND
    {
        return driver_host::run(module.as_ref());
    }
    // a PIN will be in this process's memory for a moment
    forbid_core_dumps();
    let settings = Settings::read();
    let first = arguments::first_look(arguments);
    let words = Words::new(first.language.or(settings.language).unwrap_or_default());
    let wanted = arguments::read(arguments, &words);
    let manner = |common: Option<&Common>| Manner {
        colour: common.map_or(Colour::Auto, |common| common.colour),
        no_colour_wanted: settings.no_color,
        verbosity: common.map_or(Verbosity::Normal, |common| common.verbosity),
        form: first.form,
    };
    match wanted {
        Ok(Wanted::Text(text)) => {
            let mut screen = Screen::new(words, manner(None));
            let mut page = Page::new();
            match text {
                Asked::Help(help) => page.line(help.ansi().to_string().trim_end()),
                Asked::Version(version) => page.line(version.trim_end()),
            }
            screen.result(&page);
            ExitCode::SUCCESS
        }
        Ok(Wanted::Do(meant)) => {
            let Meant { common, command } = *meant;
            let screen = Screen::new(words, manner(Some(&common)));
            let interrupted = Arc::new(AtomicBool::new(false));
            let mut desk = Desk {
                settings,
                common,
                screen,
                clock,
                interrupted,
                done: None,
                has_found_problems: false,
            };
            let name = name(&command);
            let outcome = desk.set_up().and_then(|()| desk.run(&command));
            let exit = desk.end(outcome, name);
            desk.keep_window_open(&command);
            exit
        }
        Err(failure) => {
            let mut screen = Screen::new(words, manner(None));
            let command = arguments::command_typed(arguments, screen.words());
            tell(&mut screen, &failure, command)
        }
    }
}

/// The command's name in JSON.
const fn name(command: &Command) -> &'static str {
    match command {
        Command::Install(_) => "install",
        Command::Restore(_) => "restore",
        Command::Tokens => "tokens",
        Command::List => "list",
        Command::Show(_) => "show",
        Command::Health(_) => "health",
        Command::Pin(_) => "pin",
        Command::History { .. } => "history",
        Command::Demo => "demo",
    }
}

impl Desk<'_> {
    fn run(&mut self, command: &Command) -> Result<(), Failure> {
        match command {
            Command::Install(options) => install::run(self, options),
            Command::Restore(options) => restore::run(self, options),
            Command::Tokens => tokens::run(self),
            Command::List => list::run(self),
            Command::Show(options) => show::run(self, options),
            Command::Health(options) => health::run(self, options),
            Command::Pin(options) => pin::run(self, options),
            Command::History { forget } => history::run(self, *forget),
            Command::Demo => demo::run(self),
        }
    }

    /// Opens the log and says what of the surroundings could not be used.
    fn set_up(&mut self) -> Result<(), Failure> {
        if let Some(path) = &self.common.log_file {
            let file = files::appending(path).map_err(|error| {
                let what = What::OutputUnwritable {
                    file: path.display().to_string(),
                };
                Failure::new(Code::OutputUnwritable, what)
                    .detail(&error)
                    .hint(Hint::CheckPath)
            })?;
            let log = tracing_subscriber::fmt()
                .with_writer(std::sync::Mutex::new(file))
                .with_ansi(false)
                .with_max_level(tracing::Level::DEBUG);
            log.try_init().map_err(|error| Failure::internal(&error))?;
            tracing::info!(version = env!("CARGO_PKG_VERSION"), "started");
        }
        self.settings
            .configuration_problem
            .as_ref()
            .map_or(Ok(()), |problem| Err(from_configuration(problem)))
    }

    /// The end of a command: its failure, if it failed, and the exit status.
    fn end(&mut self, outcome: Result<(), Failure>, command: &'static str) -> ExitCode {
        let outcome = outcome.and_then(|()| match self.screen.problem() {
            Some(error) => Err(Failure {
                code: Code::Internal,
                ..from_output("stdout", error)
            }),
            None => Ok(()),
        });
        if let (Err(failure), Some(done)) = (&outcome, &self.done) {
            tracing::info!(code = failure.code.name(), "done, report lost");
            let page = report_lost(failure, done, self.screen.words());
            self.screen.tell(&page);
            return failure.code.exit().code();
        }
        match outcome {
            Ok(()) if self.has_found_problems => ExitCode::FAILURE,
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => {
                tracing::info!(code = failure.code.name(), "ended");
                tell(&mut self.screen, &failure, Some(command))
            }
        }
    }

    /// A window that was opened for a dragged file closes with the program: wait to be read.
    fn keep_window_open(&mut self, command: &Command) {
        let is_dragged = match command {
            Command::Install(options) => {
                options.bare_path && options.files.iter().all(|file| file.is_absolute())
            }
            Command::Restore(_)
            | Command::Tokens
            | Command::List
            | Command::Show(_)
            | Command::Health(_)
            | Command::Pin(_)
            | Command::History { .. }
            | Command::Demo => false,
        };
        if cfg!(windows) && is_dragged && !self.common.yes {
            self.screen.wait(&CommonWords::PressEnter);
        }
    }

    /// The time to judge dates by.
    fn now(&self) -> OffsetDateTime {
        self.common.now.unwrap_or_else(|| (self.clock)())
    }

    /// The drivers to try; with a URI only those it allows.
    fn discover(&self) -> Result<Vec<Found>, Failure> {
        let found = discover(&drivers::places(&self.common, &self.settings)).found;
        let is_any = !found.is_empty();
        let allowed = drivers::allowed(found, self.common.token.as_ref());
        tracing::info!(count = allowed.len(), "drivers found");
        if is_any && allowed.is_empty() {
            return Err(Failure::new(Code::ModuleNotFound, What::NoDriverAsAsked)
                .hint(Hint::CheckPath)
                .hint(Hint::NameDriver));
        }
        Ok(allowed)
    }

    /// Starts drivers; `environment` is added to theirs.
    fn launcher(&self, environment: Vec<(OsString, OsString)>) -> Result<HostLauncher, Failure> {
        drivers::launcher(
            environment,
            self.common.pin_source.as_ref(),
            self.settings.driver_timeout,
            Arc::clone(&self.interrupted),
        )
        .map_err(|error| Failure::internal(&error))
    }

    /// A warning on the screen.
    fn warn(&mut self, message: &impl crate::words::Message) {
        let mut page = Page::new();
        page.warning(
            &self.screen.say(&CommonWords::Warning),
            &self.screen.say(message),
        );
        self.screen.tell(&page);
    }

    /// From now on Ctrl-C is an answer to a question, or is remembered until the next safe moment. So is
    /// an end asked for (SIGTERM) and a terminal that went away (SIGHUP).
    fn catch_interrupts(&self) {
        let (interrupted, sender) = (Arc::clone(&self.interrupted), self.screen.interrupts());
        let caught = ctrlc::set_handler(move || {
            interrupted.store(true, Ordering::SeqCst);
            sender.send(()).ok();
        });
        if let Err(error) = caught {
            tracing::warn!(%error, "Ctrl-C is not caught");
        }
    }

    fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::SeqCst)
    }

    /// Stops here if Ctrl-C was pressed.
    fn go_on(&self) -> Result<(), Failure> {
        if self.is_interrupted() {
            Err(Failure::new(Code::Cancelled, What::Cancelled))
        } else {
            Ok(())
        }
    }
}

/// A configuration that nobody can have meant.
fn from_configuration(problem: &Problem) -> Failure {
    let file = problem.path.display().to_string();
    match &problem.kind {
        ProblemKind::Unreadable { detail } => {
            Failure::new(Code::Usage, What::ConfigurationUnreadable { file })
                .detail(detail)
                .hint(Hint::CheckPath)
        }
        ProblemKind::InLine { line, detail } => {
            let line = *line;
            Failure::new(Code::Usage, What::ConfigurationWrong { file, line })
                .detail(detail)
                .hint(Hint::CorrectConfiguration)
        }
    }
}

/// A file or a stream that could not be written.
fn from_output(file: &str, error: &std::io::Error) -> Failure {
    let what = What::OutputUnwritable {
        file: file.to_owned(),
    };
    Failure::new(Code::OutputUnwritable, what)
        .detail(error)
        .hint(Hint::CheckFreeSpace)
}

/// What was done is done; only its report is lost. On standard error, whatever the form.
fn report_lost(failure: &Failure, done: &Done, words: &Words) -> Page {
    let mut page = Page::below();
    let heading = match done.work {
        Work::Install => words.say(&Install::DoneHeading),
        Work::Restore => words.say(&Restore::DoneHeading),
        Work::Pin => words.say(&Pin::Changed),
    };
    page.styled_line(GOOD, &heading);
    page.paragraph(&words.say(&Install::ReportLost));
    page.fields(&[(words.say(&CommonWords::TokenState), words.say(&done.state))]);
    page.heading(&words.say(&CommonWords::ToDo));
    page.item(&words.say(&Hint::CheckFreeSpace));
    page.blank();
    page.line(&styled(FAINT, &failure.code_line()));
    page
}

/// A failure on the screen, in the form that was asked for.
fn tell(screen: &mut Screen, failure: &Failure, command: Option<&'static str>) -> ExitCode {
    let exit = failure.code.exit().code();
    // one document at most: a result that was printed stays the only one
    if screen.is_json() && !screen.has_json() {
        let view = json::Failure::new(failure, screen.words());
        screen.json(&json::document(command.unwrap_or("chungthu"), view));
    }
    let page = failure.page(screen.words());
    screen.tell(&page);
    exit
}

/// What other drivers did wrong, beside the one that served.
fn warn_of_drivers(desk: &mut Desk<'_>, problems: &[DriverProblem]) {
    for DriverProblem { driver, error } in problems {
        let failure = from_token(error, driver, desk.screen.words());
        let module = driver.display().to_string();
        let problem = desk.screen.say(&*failure.what);
        desk.warn(&Install::WarningDriver { module, problem });
    }
}
