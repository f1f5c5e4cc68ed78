//! Words: every sentence the program says, in the language that was asked for. Passed in, never global.

mod catalogue;
mod chain;
mod common;
mod demo;
mod failure;
mod health;
mod history;
mod install;
mod objects;
#[cfg(test)]
pub(crate) mod parity;
mod pin;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

pub(crate) use chain::Chain;
pub(crate) use common::{Common, Follow};
pub(crate) use demo::Demo;
pub(crate) use failure::{Hint, State, What};
pub(crate) use health::{Health, Sentences, sentences};
pub(crate) use history::History;
pub(crate) use install::{Install, Prompt, Restore};
pub(crate) use objects::{List, Show, Tokens};
pub(crate) use pin::Pin;

/// The languages of the catalogues in `i18n/`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    /// The default: many offices run an English Windows, so the system's language says little.
    #[default]
    Vietnamese,
    English,
}

impl Language {
    /// The language of this tag, as `--lang` takes it.
    pub(crate) fn from_tag(tag: &str) -> Option<Self> {
        match tag.trim().to_ascii_lowercase().as_str() {
            "vi" => Some(Self::Vietnamese),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    fn identifier(self) -> LanguageIdentifier {
        let tag = match self {
            Self::Vietnamese => "vi",
            Self::English => "en",
        };
        tag.parse().unwrap_or_default()
    }

    const fn catalogue(self) -> &'static str {
        match self {
            Self::Vietnamese => include_str!("../../i18n/vi.ftl"),
            Self::English => include_str!("../../i18n/en.ftl"),
        }
    }
}

/// One thing to say: an id of the catalogues and the values that go into it.
pub(crate) trait Message {
    /// The id in both catalogues.
    fn id(&self) -> &'static str;
    /// The values, by name.
    fn arguments(&self) -> FluentArgs<'_>;
}

/// The catalogue of one language.
pub(crate) struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    /// Reads the language's catalogue. A test reads both, so that nothing here can be damaged.
    pub(crate) fn new(language: Language) -> Self {
        let mut bundle = FluentBundle::new(vec![language.identifier()]);
        // Windows consoles show the marks around values as rubbish.
        bundle.set_use_isolating(false);
        let resource = FluentResource::try_new(language.catalogue().to_owned())
            .unwrap_or_else(|(readable, _)| readable);
        bundle.add_resource_overriding(resource);
        Self { language, bundle }
    }

    /// The language.
    pub(crate) const fn language(&self) -> Language {
        self.language
    }

    /// The sentence.
    pub(crate) fn say(&self, message: &impl Message) -> String {
        self.format(message.id(), &message.arguments())
            .unwrap_or_else(|| message.id().to_owned())
    }

    /// A text without values by its id: help texts, whose ids come from the arguments' own names.
    pub(crate) fn text(&self, id: &str) -> Option<String> {
        self.format(id, &FluentArgs::new())
    }

    fn format(&self, id: &str, arguments: &FluentArgs<'_>) -> Option<String> {
        let pattern = self.bundle.get_message(id)?.value()?;
        let mut errors = Vec::new();
        Some(
            self.bundle
                .format_pattern(pattern, Some(arguments), &mut errors)
                .into_owned(),
        )
    }
}

/// A value that goes into a sentence.
trait Argument {
    fn value(&self) -> FluentValue<'_>;
}

impl Argument for String {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(self.as_str())
    }
}

impl Argument for u64 {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(*self)
    }
}

impl Argument for i64 {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(*self)
    }
}

impl Argument for usize {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(*self)
    }
}
