//! `demo` in JSON: what was on the token before and after, and the install between.

use serde::Serialize;

use super::install::Install;
use super::objects::{CertificateObject, Key, List};

/// `demo`: the main job on an embedded software token.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Demo {
    /// `installed`
    pub(crate) outcome: &'static str,
    pub(crate) before: Objects,
    pub(crate) install: Install,
    pub(crate) after: Objects,
    /// The same install once more: `already-installed`.
    pub(crate) second_run: Install,
}

/// What is on the demo's token.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Objects {
    keys: Vec<Key>,
    certificates: Vec<CertificateObject>,
}

impl From<List> for Objects {
    fn from(list: List) -> Self {
        Self {
            keys: list.keys,
            certificates: list.certificates,
        }
    }
}
