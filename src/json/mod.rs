//! JSON: the views that `--json` prints and `docs/schema/` publishes. Never translated, never a PIN.

mod certificate;
mod chain;
mod demo;
mod difference;
mod failure;
mod health;
mod history;
mod install;
mod objects;
mod pin;
#[cfg(test)]
mod schema;
mod tokens;

use serde::Serialize;

pub(crate) use certificate::{Certificate, ShownCertificate, container};
pub(crate) use demo::Demo;
pub(crate) use difference::Difference;
pub(crate) use failure::{Failure, Problem};
pub(crate) use health::{DriverProblem, Health, TokenHealth};
pub(crate) use history::{History, HistoryEntry, HistoryProblem};
pub(crate) use install::{Install, Outcome};
pub(crate) use objects::{CertificateObject, Key, Known, List, key_type};
pub(crate) use pin::Pin;
pub(crate) use tokens::{Module, PassedOver, SlotToken, Token, TokenState, Tokens};

/// The first fields of every document.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Document<Body> {
    /// `chungthu/1`
    schema: &'static str,
    /// The command.
    command: &'static str,
    #[serde(flatten)]
    body: Body,
}

/// A document of this command.
pub(crate) const fn document<Body>(command: &'static str, body: Body) -> Document<Body> {
    Document {
        schema: "chungthu/1",
        command,
        body,
    }
}

/// `show`: certificate files explained.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Show {
    /// `shown`
    outcome: &'static str,
    /// In the order of the files.
    certificates: Vec<ShownCertificate>,
    /// The files that could not be shown.
    problems: Vec<FileProblem>,
}

/// A file that could not be shown, beside others that could.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct FileProblem {
    /// As it was named.
    pub(crate) file: String,
    #[serde(flatten)]
    pub(crate) problem: Problem,
}

impl Show {
    pub(crate) const fn new(
        certificates: Vec<ShownCertificate>,
        problems: Vec<FileProblem>,
    ) -> Self {
        Self {
            outcome: "shown",
            certificates,
            problems,
        }
    }
}

/// A warning with a name and a sentence in the chosen language.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Warning {
    pub(crate) code: &'static str,
    pub(crate) message: String,
}
