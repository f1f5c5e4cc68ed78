//! What the arguments mean: typed values checked and turned into what the commands work with.

use std::path::{Path, PathBuf};

use chungthu_certificate::install::Policy;
use chungthu_token::uri::{TokenSelector, UriError};
use clap::{ArgMatches, FromArgMatches as _};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::place;
use super::typed::{self, Typed};
use crate::failure::{Code, Failure};
use crate::screen::{Colour, Verbosity};
use crate::words::{Hint, What};

/// Everything that was asked for.
#[derive(Debug)]
pub(crate) struct Meant {
    pub(crate) common: Common,
    pub(crate) command: Command,
}

/// What every command knows.
#[derive(Debug)]
pub(crate) struct Common {
    pub(crate) modules: Vec<PathBuf>,
    pub(crate) token: Option<TokenSelector>,
    /// `None`: the prompt, or the reader's own keys where it has some.
    pub(crate) pin_source: Option<PinSource>,
    pub(crate) authorities: Vec<PathBuf>,
    pub(crate) lists: Vec<PathBuf>,
    pub(crate) yes: bool,
    pub(crate) colour: Colour,
    pub(crate) verbosity: Verbosity,
    pub(crate) log_file: Option<PathBuf>,
    pub(crate) now: Option<OffsetDateTime>,
}

/// Where the PIN comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PinSource {
    Prompt,
    StandardInput,
    File(PathBuf),
    Environment(String),
    /// The reader's own keys, or the driver's own window.
    Token,
}

#[derive(Debug)]
pub(crate) enum Command {
    Install(InstallOptions),
    Restore(RestoreOptions),
    Tokens,
    List,
    Show(ShowOptions),
    Health(HealthOptions),
    Pin(PinOptions),
    History { forget: bool },
    Demo,
}

/// What `pin` is to do.
#[derive(Debug)]
pub(crate) struct PinOptions {
    /// With the security officer's PIN, else with the user's old one.
    pub(crate) unblock: bool,
    pub(crate) new_source: Option<PinSource>,
    /// Where the security officer's PIN comes from; without one an unblocking is only explained.
    pub(crate) officer_source: Option<PinSource>,
    /// Also where one try is left.
    pub(crate) allow_final_try: bool,
}

/// What `health` is to look at.
#[derive(Debug)]
pub(crate) struct HealthOptions {
    /// Every token.
    pub(crate) all: bool,
    /// A signature is tried.
    pub(crate) sign_test: bool,
    /// Also where one try is left.
    pub(crate) allow_final_try: bool,
}

#[derive(Debug)]
pub(crate) struct InstallOptions {
    pub(crate) files: Vec<PathBuf>,
    pub(crate) dry_run: bool,
    pub(crate) policy: Policy,
    /// Started with a path alone, as by dragging a file onto the program.
    pub(crate) bare_path: bool,
}

/// What `restore` is to do.
#[derive(Debug)]
pub(crate) struct RestoreOptions {
    pub(crate) backup: PathBuf,
    pub(crate) dry_run: bool,
    pub(crate) policy: Policy,
}

/// What `show` is to explain.
#[derive(Debug)]
pub(crate) struct ShowOptions {
    pub(crate) files: Vec<PathBuf>,
    /// The certificates on tokens instead.
    pub(crate) on_token: bool,
    /// Two certificates are compared.
    pub(crate) diff: bool,
    pub(crate) export: Export,
}

/// What `show` makes beside the explanation.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Export {
    None,
    /// PEM on standard output instead of the explanation.
    Pem,
    Der {
        path: PathBuf,
        force: bool,
    },
}

pub(super) fn of(matches: &ArgMatches, bare_path: bool) -> Result<Meant, Failure> {
    let typed = Typed::from_arg_matches(matches).map_err(|error| Failure::internal(&error))?;
    let common = common(typed.common)?;
    let command = match typed.command {
        typed::Command::Install(install) => Command::Install(install_options(install, bare_path)),
        typed::Command::Restore(restore) => Command::Restore(RestoreOptions {
            backup: restore.backup,
            dry_run: restore.dry_run,
            policy: Policy {
                keep_old: restore.keep_new,
                remove_old_first: restore.remove_old_first,
                allow_final_try: restore.allow_final_try,
                ..Policy::default()
            },
        }),
        typed::Command::Tokens => Command::Tokens,
        typed::Command::List => Command::List,
        typed::Command::Show(show) => Command::Show(ShowOptions {
            export: export(&show)?,
            files: show.files,
            on_token: show.on_token,
            diff: show.diff,
        }),
        typed::Command::Health(health) => Command::Health(HealthOptions {
            all: health.all,
            sign_test: health.sign_test,
            allow_final_try: health.allow_final_try,
        }),
        typed::Command::Pin(pin) => Command::Pin(pin_options(&pin)?),
        typed::Command::History(history) => Command::History {
            forget: history.forget,
        },
        typed::Command::Demo => Command::Demo,
    };
    match &command {
        Command::Install(options) => {
            let from_there = readings(&options.files);
            let is_pin_there = common.pin_source == Some(PinSource::StandardInput);
            if from_there + usize::from(is_pin_there) > 1 {
                return Err(usage(What::StandardInputTwice));
            }
            refuse_pin_from(&options.files, &common)?;
            if common.now.is_some() && !options.dry_run {
                return Err(usage(What::NowWhereWritten));
            }
        }
        Command::Restore(options) => {
            refuse_pin_from(std::slice::from_ref(&options.backup), &common)?;
            if common.now.is_some() && !options.dry_run {
                return Err(usage(What::NowWhereWritten));
            }
        }
        Command::Pin(options) => {
            refuse_pin_from(&[], &common)?;
            let tried = if options.unblock {
                &options.officer_source
            } else {
                &common.pin_source
            };
            if is_one_place(tried.as_ref(), options.new_source.as_ref()) {
                return Err(usage(What::PinSourcesSame));
            }
            if options.unblock && common.pin_source.is_some() {
                let (argument, other) = ("--pin-source".to_owned(), "unblock".to_owned());
                return Err(usage(What::ArgumentsConflict { argument, other }));
            }
            if !options.unblock && options.officer_source.is_some() {
                let (argument, other) = ("--so-pin-source".to_owned(), "change".to_owned());
                return Err(usage(What::ArgumentsConflict { argument, other }));
            }
            if common.now.is_some() {
                return Err(usage(What::NowWhereWritten));
            }
        }
        Command::Tokens | Command::History { .. } if common.now.is_some() => {
            return Err(usage(What::NowUnused));
        }
        // what is forgotten is the whole history
        Command::History { forget: true } if common.token.is_some() => {
            let (argument, other) = ("--forget".to_owned(), "--token".to_owned());
            return Err(usage(What::ArgumentsConflict { argument, other }));
        }
        Command::Show(options) if readings(&options.files) > 1 => {
            return Err(usage(What::StandardInputTwice));
        }
        Command::Tokens
        | Command::List
        | Command::Show(_)
        | Command::Health(_)
        | Command::History { .. }
        | Command::Demo => {}
    }
    Ok(Meant { common, command })
}

fn pin_options(typed: &typed::Pin) -> Result<PinOptions, Failure> {
    let source = |text: &Option<String>| text.as_deref().map(pin_source).transpose();
    Ok(PinOptions {
        unblock: matches!(typed.action, typed::PinAction::Unblock),
        new_source: source(&typed.new_pin_source)?,
        officer_source: source(&typed.so_pin_source)?,
        allow_final_try: typed.allow_final_try,
    })
}

/// Two PINs from one place would be one PIN. At a prompt, and on the reader, each is asked for by itself.
fn is_one_place(one: Option<&PinSource>, other: Option<&PinSource>) -> bool {
    match (one, other) {
        (Some(PinSource::File(one)), Some(PinSource::File(other))) => {
            one == other || place::of(one).is_some_and(|there| place::of(other) == Some(there))
        }
        (Some(PinSource::StandardInput), Some(PinSource::StandardInput)) => true,
        (Some(PinSource::Environment(one)), Some(PinSource::Environment(other))) => one == other,
        _ => false,
    }
}

/// `-` is standard input.
pub(crate) fn is_standard_input(file: &Path) -> bool {
    file.as_os_str() == "-"
}

/// How often standard input would be read for these files.
fn readings(files: &[PathBuf]) -> usize {
    files.iter().filter(|file| is_standard_input(file)).count()
}

/// The PIN and a certificate cannot come from one place: the certificate's text would be tried as PIN.
fn refuse_pin_from(files: &[PathBuf], common: &Common) -> Result<(), Failure> {
    let (place, problem) = match &common.pin_source {
        Some(PinSource::StandardInput) => (place::of_standard_input(), What::StandardInputTwice),
        Some(PinSource::File(path)) => (
            place::of(path),
            What::PinSourceIsFile {
                file: path.display().to_string(),
            },
        ),
        Some(PinSource::Prompt | PinSource::Environment(_) | PinSource::Token) | None => {
            return Ok(());
        }
    };
    let is_there = |file: &PathBuf| {
        let other = if is_standard_input(file) {
            place::of_standard_input()
        } else {
            place::of(file)
        };
        other == place
    };
    // what cannot be looked at cannot be read either
    if place.is_some()
        && files
            .iter()
            .chain(&common.authorities)
            .chain(&common.lists)
            .any(is_there)
    {
        return Err(usage(problem));
    }
    Ok(())
}

fn common(typed: typed::Common) -> Result<Common, Failure> {
    Ok(Common {
        modules: typed.module,
        token: typed.token.as_deref().map(token).transpose()?,
        pin_source: typed.pin_source.as_deref().map(pin_source).transpose()?,
        authorities: typed.ca,
        lists: typed.crl,
        yes: typed.yes,
        colour: typed.color.map_or(Colour::Auto, |color| match color {
            typed::Color::Auto => Colour::Auto,
            typed::Color::Always => Colour::Always,
            typed::Color::Never => Colour::Never,
        }),
        verbosity: match (typed.quiet, typed.verbose) {
            (0, 0) => Verbosity::Normal,
            (0, _) => Verbosity::Verbose,
            (_, _) => Verbosity::Quiet,
        },
        log_file: typed.log_file,
        now: typed.now.as_deref().map(date).transpose()?,
    })
}

fn install_options(typed: typed::Install, bare_path: bool) -> InstallOptions {
    InstallOptions {
        files: typed.files,
        dry_run: typed.dry_run,
        policy: Policy {
            // a certificate that cannot be used yet must not push out the one in use
            keep_old: typed.keep_old || typed.allow_not_yet_valid,
            remove_old_first: typed.remove_old_first,
            allow_final_try: typed.allow_final_try,
            allow_expired: typed.allow_expired,
            allow_older: typed.allow_older,
            allow_not_yet_valid: typed.allow_not_yet_valid,
        },
        bare_path,
    }
}

fn export(typed: &typed::Show) -> Result<Export, Failure> {
    match (&typed.der, typed.pem, typed.files.len()) {
        (None, false, _) => Ok(Export::None),
        (None, true, _) => Ok(Export::Pem),
        // which one it is shows when they are read
        (Some(path), false, 0 | 1) => Ok(Export::Der {
            path: path.clone(),
            force: typed.force,
        }),
        (Some(_), true, _) => Err(usage(What::PemAndDer)),
        (Some(_), false, _) => Err(usage(What::DerOfSeveral)),
    }
}

/// The value is not repeated in an error: somebody may have typed the PIN itself.
fn pin_source(text: &str) -> Result<PinSource, Failure> {
    match text.split_once(':') {
        None if text == "prompt" => Ok(PinSource::Prompt),
        None if text == "stdin" => Ok(PinSource::StandardInput),
        None if text == "token" => Ok(PinSource::Token),
        Some(("file", path)) if !path.is_empty() => Ok(PinSource::File(path.into())),
        Some(("env", name)) if !name.is_empty() => Ok(PinSource::Environment(name.to_owned())),
        Some(_) | None => Err(usage(What::PinSourceUnknown)),
    }
}

/// No error repeats what was typed: it may hold a PIN. Characters are counted from 1.
fn token(text: &str) -> Result<TokenSelector, Failure> {
    let position = |offset: usize| {
        let before = text.get(..offset).unwrap_or_default();
        before.chars().count() + 1
    };
    text.parse().map_err(|error| match error {
        UriError::Pin => usage(What::UriPin).hint(Hint::PinFromElsewhere),
        UriError::Malformed { offset } => usage(What::UriMalformed {
            position: position(offset),
        })
        .hint(Hint::CopyUri),
        UriError::UnknownAttribute { offset } => usage(What::UriAttributeUnknown {
            position: position(offset),
        })
        .hint(Hint::CopyUri),
        UriError::Repeated { attribute } => usage(What::UriAttributeRepeated {
            attribute: attribute.to_owned(),
        }),
        UriError::BadValue { attribute } => usage(What::UriValueWrong {
            attribute: attribute.to_owned(),
        })
        .hint(Hint::CopyUri),
        UriError::Unselective { attribute } => usage(What::UriAttributeUnselective {
            attribute: attribute.to_owned(),
        }),
    })
}

/// The years in which certificates can begin and end, with room to count days in (X.509 knows none
/// before 1950).
const YEARS: std::ops::RangeInclusive<i32> = 1951..=9990;

fn date(text: &str) -> Result<OffsetDateTime, Failure> {
    OffsetDateTime::parse(text, &Rfc3339)
        .ok()
        .filter(|date| YEARS.contains(&date.year()))
        .ok_or_else(|| {
            usage(What::DateUnreadable {
                value: text.to_owned(),
            })
        })
}

fn usage(problem: What) -> Failure {
    Failure::new(Code::Usage, problem)
}
