//! Help and usage errors in the chosen language: clap reads the arguments, the catalogues speak.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, CommandFactory as _};

use super::Wanted;
use super::typed::Typed;
use crate::failure::{Code, Failure};
use crate::page::wrap;
use crate::words::{Hint, What, Words};

/// Help is a page like all others, also in a wider window.
const PAGE_WIDTH: usize = 80;

/// What clap answers by itself.
pub(crate) enum Asked {
    Help(StyledStr),
    Version(String),
}

/// The arguments with every text from the catalogue.
pub(super) fn command(words: &Words) -> Command {
    let mut command = Typed::command().max_term_width(PAGE_WIDTH);
    command.build();
    let own = |arg: Arg| localised(arg, "", words);
    let mut command = page(command, "chungthu", words).mut_args(own);
    let names: Vec<String> = command
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect();
    for name in names {
        command = command.mut_subcommand(&name, |subcommand| {
            let about = text(words, &format!("help-command-{name}"));
            page(subcommand, &name, words)
                .about(about)
                .mut_args(|arg| localised(arg, &name, words))
        });
    }
    command
}

/// The frame of one help page.
fn page(command: Command, name: &str, words: &Words) -> Command {
    let (usage, about) = (text(words, "help-heading-usage"), text(words, "help-about"));
    let introduction = if name == "chungthu" {
        wrap(&about, PAGE_WIDTH).join("\n")
    } else {
        "{about}".to_owned()
    };
    command
        .override_usage(text(words, &format!("help-usage-{name}")))
        .help_template(format!(
            "{introduction}\n\n{usage} {{usage}}\n\n{{all-args}}{{after-help}}"
        ))
        .after_help(text(words, &format!("help-after-{name}")))
        .subcommand_help_heading(text(words, "help-heading-commands"))
        .disable_version_flag(name != "chungthu")
}

fn localised(arg: Arg, command: &str, words: &Words) -> Arg {
    let id = arg.get_id().as_str().replace('_', "-");
    // an option of every command has one text; an argument of one command has its own
    let own = words.text(&format!("help-{command}-{id}"));
    let heading = if own.is_some() {
        "help-heading-own"
    } else {
        "help-heading-common"
    };
    let names: Vec<String> = value_ids(&arg).iter().map(|id| text(words, id)).collect();
    let arg = arg
        .help(own.unwrap_or_else(|| text(words, &format!("help-option-{id}"))))
        .help_heading(text(words, heading))
        .hide_possible_values(true)
        .hide_default_value(true);
    if names.is_empty() {
        arg
    } else {
        arg.value_names(names)
    }
}

/// The ids of the words that stand for an argument's values.
fn value_ids(arg: &Arg) -> Vec<String> {
    let names = arg.get_value_names().unwrap_or_default().iter();
    let takes_values = arg.get_action().takes_values();
    names
        .filter(|_| takes_values)
        .map(|name| format!("help-value-{}", name.to_lowercase()))
        .collect()
}

/// A text that a test knows to be there.
fn text(words: &Words, id: &str) -> String {
    words.text(id).unwrap_or_else(|| id.to_owned())
}

/// What clap's answer means: a text that was asked for, or a usage error in our words.
pub(super) fn explain(error: &clap::Error, words: &Words) -> Result<Wanted, Failure> {
    let what = match error.kind() {
        ErrorKind::DisplayHelp => return Ok(Wanted::Text(Asked::Help(error.render()))),
        ErrorKind::DisplayVersion => {
            return Ok(Wanted::Text(Asked::Version(error.render().to_string())));
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            let help = command(words).render_help();
            return Ok(Wanted::Text(Asked::Help(help)));
        }
        ErrorKind::UnknownArgument => What::ArgumentUnknown {
            argument: unknown(error),
        },
        ErrorKind::InvalidSubcommand => What::CommandUnknown {
            word: context(error, ContextKind::InvalidSubcommand),
        },
        ErrorKind::MissingRequiredArgument => {
            let argument = context(error, ContextKind::InvalidArg);
            What::ArgumentMissing { argument }
        }
        ErrorKind::ArgumentConflict => What::ArgumentsConflict {
            argument: context(error, ContextKind::InvalidArg),
            other: context(error, ContextKind::PriorArg),
        },
        ErrorKind::InvalidValue
        | ErrorKind::ValueValidation
        | ErrorKind::NoEquals
        | ErrorKind::TooFewValues
        | ErrorKind::TooManyValues
        | ErrorKind::WrongNumberOfValues => value_problem(error),
        ErrorKind::InvalidUtf8 => What::ArgumentNoText,
        ErrorKind::Io | ErrorKind::Format | _ => return Err(Failure::internal(error)),
    };
    let suggestion = [
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
    ]
    .into_iter()
    .map(|kind| context(error, kind))
    .find(|suggestion| !suggestion.is_empty());
    let mut failure = Failure::new(Code::Usage, what);
    failure
        .hints
        .extend(suggestion.map(|word| Hint::DidYouMean { word }));
    failure.hints.push(Hint::SeeHelp);
    Err(failure)
}

/// The unknown argument without what follows its equals sign: it may be somebody's `--pin=…`.
fn unknown(error: &clap::Error) -> String {
    let argument = context(error, ContextKind::InvalidArg);
    argument.split('=').next().unwrap_or_default().to_owned()
}

fn value_problem(error: &clap::Error) -> What {
    let argument = context(error, ContextKind::InvalidArg);
    let value = context(error, ContextKind::InvalidValue);
    let known = context(error, ContextKind::ValidValue);
    match (value.is_empty(), known.is_empty()) {
        (true, _) => What::ValueMissing { argument },
        (false, true) => What::ValueUnknown { argument, value },
        (false, false) => What::ValueNotOneOf {
            argument,
            value,
            known,
        },
    }
}

fn context(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        // the dots of an argument that can be repeated say nothing here
        Some(ContextValue::String(text)) => text.trim_end_matches("...").to_owned(),
        Some(ContextValue::Strings(texts)) => texts.join(", ").replace("...", ""),
        Some(ContextValue::Bool(_) | ContextValue::Number(_)) | Some(_) | None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    /// Every id that the help pages ask the catalogue for.
    fn wanted() -> Vec<String> {
        let mut command = Typed::command();
        command.build();
        let mut ids = vec!["help-about".to_owned()];
        ids.extend(
            ["usage", "commands", "own", "common"].map(|part| format!("help-heading-{part}")),
        );
        ids.extend(["usage", "after"].map(|part| format!("help-{part}-chungthu")));
        for arg in command.get_arguments() {
            ids.push(format!(
                "help-option-{}",
                arg.get_id().as_str().replace('_', "-")
            ));
            ids.extend(value_ids(arg));
        }
        for subcommand in command.get_subcommands() {
            let name = subcommand.get_name();
            ids.extend(["command", "usage", "after"].map(|part| format!("help-{part}-{name}")));
            for arg in subcommand
                .get_arguments()
                .filter(|arg| !arg.is_global_set())
            {
                let id = arg.get_id().as_str().replace('_', "-");
                if id != "help" {
                    ids.push(format!("help-{name}-{id}"));
                }
                ids.extend(value_ids(arg));
            }
        }
        ids.sort();
        ids.dedup();
        ids
    }

    #[test]
    fn every_help_text_is_in_both_catalogues_and_none_is_left_over() {
        for language in [Language::Vietnamese, Language::English] {
            let words = Words::new(language);
            for id in wanted() {
                assert!(words.text(&id).is_some(), "{id} is missing in {language:?}");
            }
        }
        let ids = crate::words::parity::ids_beginning_with("help-");
        assert_eq!(ids, wanted());
    }

    #[test]
    fn help_holds_no_english_frame_in_vietnamese() {
        let words = Words::new(Language::Vietnamese);
        let mut command = command(&words);
        let mut pages = vec![command.render_long_help().to_string()];
        let names: Vec<String> = command
            .get_subcommands()
            .map(|c| c.get_name().to_owned())
            .collect();
        for name in names {
            pages.push(
                command
                    .find_subcommand_mut(&name)
                    .unwrap()
                    .render_long_help()
                    .to_string(),
            );
        }
        for page in pages {
            for english in [
                "Usage",
                "Options",
                "Print help",
                "Commands",
                "Arguments",
                "[default",
            ] {
                assert!(!page.contains(english), "{english}: {page}");
            }
        }
    }

    #[test]
    fn the_arguments_are_sound() {
        command(&Words::new(Language::English)).debug_assert();
    }

    #[test]
    fn possible_values_are_told_in_an_error() {
        let words = Words::new(Language::English);
        let error = command(&words)
            .try_get_matches_from(["chungthu", "list", "--lang", "fr"])
            .unwrap_err();
        assert_eq!(context(&error, ContextKind::ValidValue), "vi, en");
    }
}
