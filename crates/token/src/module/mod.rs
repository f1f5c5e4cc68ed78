//! Drivers: where they may be, and what a file is before it is loaded.

mod discovery;
mod header;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use discovery::{Discovery, Found, Route, discover};
pub use header::check as check_header;

use crate::error::{Cause, Operation, TokenError};

/// A driver file whose header was read and fits: the only thing that is ever loaded.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ModulePath(PathBuf);

impl ModulePath {
    /// Resolves `path` and reads the file's header. Nothing is loaded.
    ///
    /// # Errors
    /// `ModuleNotFound`, `ModuleWrongArchitecture` or `ModuleNotPkcs11`.
    pub fn check(path: &Path) -> Result<Self, TokenError> {
        let resolved = resolve(path).map_err(|error| {
            let detail = error.kind().to_string();
            TokenError::new(Operation::Launch, Cause::ModuleNotFound { detail })
        })?;
        header::check(&resolved).map_err(|cause| TokenError::new(Operation::Launch, cause))?;
        Ok(Self(resolved))
    }

    /// The absolute path; links are resolved where the system has no drive letters.
    #[must_use]
    pub fn as_path(&self) -> &Path {
        &self.0
    }

    /// For a driver without a file: the in-memory fake.
    pub(crate) const fn unchecked(path: PathBuf) -> Self {
        Self(path)
    }
}

/// The absolute path, links resolved.
#[cfg(not(windows))]
fn resolve(path: &Path) -> std::io::Result<PathBuf> {
    std::fs::canonicalize(path)
}

/// The absolute path. Resolving links would put the verbatim prefix before it, which neither people
/// nor the loader's search flags understand.
#[cfg(windows)]
fn resolve(path: &Path) -> std::io::Result<PathBuf> {
    std::path::absolute(path)
}
