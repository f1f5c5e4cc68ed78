//! Arguments: what was typed, what it means, and help in the chosen language.

mod help;
mod meaning;
mod place;
mod typed;

use std::ffi::{OsStr, OsString};

use clap::error::ErrorKind;

pub(crate) use help::Asked;
pub(crate) use meaning::{
    Command, Common, Export, HealthOptions, InstallOptions, Meant, PinOptions, PinSource,
    RestoreOptions, ShowOptions, is_standard_input,
};

use crate::failure::Failure;
use crate::screen::Form;
use crate::words::{Language, Words};

/// What must be known before the arguments can be read: in which language and form to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct First {
    pub(crate) language: Option<Language>,
    pub(crate) form: Form,
}

/// What the arguments ask for.
pub(crate) enum Wanted {
    /// Something to do.
    Do(Box<Meant>),
    /// Help or the version: a text and nothing else.
    Text(Asked),
}

/// Looks for `--lang` and `--json` only, so that even a usage error comes in the right form.
pub(crate) fn first_look(arguments: &[OsString]) -> First {
    let mut first = First {
        language: None,
        form: Form::Text,
    };
    let mut arguments = arguments
        .iter()
        .skip(1)
        .map(|argument| argument.to_string_lossy());
    while let Some(argument) = arguments.next() {
        if argument == "--" {
            break;
        } else if argument == "--json" {
            first.form = Form::Json;
        } else if argument == "--lang" {
            first.language = arguments.next().and_then(|tag| Language::from_tag(&tag));
        } else if let Some(tag) = argument.strip_prefix("--lang=") {
            first.language = Language::from_tag(tag);
        }
    }
    first
}

/// Reads the arguments, the program's own name first.
pub(crate) fn read(arguments: &[OsString], words: &Words) -> Result<Wanted, Failure> {
    let mut arguments = help_word_as_option(arguments);
    let mut is_bare_path = false;
    if let Some(place) = bare_path(&arguments, words) {
        arguments.insert(place, "install".into());
        is_bare_path = true;
    }
    match help::command(words).try_get_matches_from(&arguments) {
        Ok(matches) => meaning::of(&matches, is_bare_path).map(|meant| Wanted::Do(Box::new(meant))),
        Err(error) => help::explain(&error, words),
    }
}

/// The command that was typed, as far as it can be told from arguments that were not understood.
pub(crate) fn command_typed(arguments: &[OsString], words: &Words) -> Option<&'static str> {
    let arguments = help_word_as_option(arguments);
    if bare_path(&arguments, words).is_some() {
        return Some("install");
    }
    let matches = help::command(words)
        .ignore_errors(true)
        .try_get_matches_from(&arguments)
        .ok()?;
    [
        "install", "restore", "tokens", "list", "show", "history", "demo",
    ]
    .into_iter()
    .find(|name| matches.subcommand_name() == Some(name))
}

/// `chungthu help list` is `chungthu list --help`.
fn help_word_as_option(arguments: &[OsString]) -> Vec<OsString> {
    let mut arguments = arguments.to_vec();
    if arguments.get(1).is_some_and(|word| word == "help") {
        arguments.remove(1);
        arguments.push("--help".into());
    }
    arguments
}

/// Where the path stands, if the first word is no command but looks like a file: dragged onto the
/// program, or opened with it.
fn bare_path(arguments: &[OsString], words: &Words) -> Option<usize> {
    let error = help::command(words).try_get_matches_from(arguments).err()?;
    if error.kind() != ErrorKind::InvalidSubcommand {
        return None;
    }
    // read again with any word allowed as a command, to learn where it stands
    let matches = help::command(words)
        .allow_external_subcommands(true)
        .try_get_matches_from(arguments)
        .ok()?;
    let (word, rest) = matches.subcommand()?;
    let following = rest.get_many::<OsString>("").map_or(0, Iterator::count);
    looks_like_path(OsStr::new(word))
        .then(|| arguments.len().checked_sub(following + 1))
        .flatten()
}

fn looks_like_path(word: &OsStr) -> bool {
    let text = word.to_string_lossy();
    text == "-" || text.contains(['.', '/', '\\']) || std::path::Path::new(word).is_file()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn arguments(line: &str) -> Vec<OsString> {
        std::iter::once("chungthu")
            .chain(line.split_whitespace())
            .map(OsString::from)
            .collect()
    }

    fn meant(line: &str) -> Meant {
        match read(&arguments(line), &Words::new(Language::English)) {
            Ok(Wanted::Do(meant)) => *meant,
            Ok(Wanted::Text(_)) => panic!("{line}: a text"),
            Err(failure) => panic!("{line}: {failure:?}"),
        }
    }

    fn failure(line: &str) -> Failure {
        match read(&arguments(line), &Words::new(Language::English)) {
            Ok(_) => panic!("{line}: accepted"),
            Err(failure) => failure,
        }
    }

    #[test]
    fn a_bare_path_means_install_and_a_bare_word_is_a_command() {
        for line in [
            "new.cer",
            "--yes new.cer --dry-run",
            "dir/new",
            "C:\\moi.cer --keep-old",
        ] {
            let meant = meant(line);
            assert!(
                matches!(&meant.command, Command::Install(options) if options.bare_path),
                "{line}"
            );
        }
        assert!(matches!(meant("list").command, Command::List));
        assert!(matches!(
            meant("--token new.cer new.cer").command,
            Command::Install(options) if options.files == [PathBuf::from("new.cer")]
        ));
    }

    #[test]
    fn a_usage_error_knows_the_command_that_was_typed() {
        let typed = |line: &str| command_typed(&arguments(line), &Words::new(Language::English));
        assert_eq!(typed("install a.cer --pin 1234"), Some("install"));
        assert_eq!(typed("--json show"), Some("show"));
        assert_eq!(typed("tokens --now 2026-01-01T00:00:00Z"), Some("tokens"));
        assert_eq!(
            typed("--token list install a.cer --nonsense"),
            Some("install")
        );
        assert_eq!(typed("a.cer --now 2026-01-01T00:00:00Z"), Some("install"));
        assert_eq!(typed("restore a.json --nonsense"), Some("restore"));
        assert_eq!(typed("history --forget --nonsense"), Some("history"));
        assert_eq!(typed("instal"), None);
    }

    #[test]
    fn a_mistyped_command_is_no_file() {
        let failure = failure("instal");
        assert_eq!(failure.code, crate::failure::Code::Usage);
    }

    #[test]
    fn language_and_form_are_known_before_the_arguments_are_read() {
        let first = first_look(&arguments("--nonsense --lang=en --json"));
        assert_eq!(
            first,
            First {
                language: Some(Language::English),
                form: Form::Json
            }
        );
        assert_eq!(first_look(&arguments("show -- --json")).form, Form::Text);
    }

    #[test]
    fn the_pin_is_never_an_argument() {
        assert_eq!(
            failure("install a.cer --pin 123456").code,
            crate::failure::Code::Usage
        );
        assert!(!format!("{:?}", failure("install a.cer --pin=123456")).contains("123456"));
        assert!(!format!("{:?}", failure("install a.cer --pin-source 123456")).contains("123456"));
    }

    #[test]
    fn standard_input_is_read_once_for_files_and_pin_together() {
        for line in [
            "install - --pin-source stdin",
            "install a.cer - --pin-source stdin",
            "install - -",
            "show - a.cer -",
        ] {
            assert_eq!(failure(line).code, crate::failure::Code::Usage, "{line}");
        }
        assert!(matches!(
            meant("a.cer - b.p7b").command,
            Command::Install(options) if options.files.len() == 3
        ));
    }

    #[test]
    fn a_date_that_no_certificate_can_have_is_refused() {
        for date in ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59-11:00", "today"] {
            let code = failure(&format!("demo --now {date}")).code;
            assert_eq!(code, crate::failure::Code::Usage, "{date}");
        }
    }

    #[test]
    fn another_date_is_refused_where_something_is_written() {
        let line = "install a.cer --now 2026-01-01T00:00:00Z";
        assert_eq!(failure(line).code, crate::failure::Code::Usage);
        assert!(meant(&format!("{line} --dry-run")).common.now.is_some());
    }

    #[test]
    fn a_certificate_that_is_not_yet_valid_never_replaces_the_old_one() {
        let command = meant("install a.cer --allow-not-yet-valid").command;
        assert!(matches!(command, Command::Install(options) if options.policy.keep_old));
    }
}
