//! Drivers: where they may be, and what a file is before it is loaded.

mod discovery;
mod header;
mod identity;
mod init_string;
pub(crate) mod p11_kit;
mod vendors;

use std::path::{Path, PathBuf};

pub use discovery::{
    ConfiguredDriver, Discovered, Discovery, Found, PassedOver, PassedOverReason, Route, discover,
};
pub use header::check as check_header;
pub use identity::is_same_file;
pub use init_string::InitString;
pub use p11_kit::P11KitPlaces;
pub use vendors::{KnownFolder, Platform, known_folders, multiarch_triplet};

use crate::error::{Cause, Operation, TokenError};

/// A driver file whose header was read and fits: the only thing that is ever loaded.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModulePath {
    path: PathBuf,
    init: Option<InitString>,
}

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
        Ok(Self::unchecked(resolved))
    }

    /// The same file, told this when it starts.
    #[must_use]
    pub fn with_init(self, init: Option<InitString>) -> Self {
        Self { init, ..self }
    }

    /// The absolute path; links are resolved where the system has no drive letters.
    #[must_use]
    pub fn as_path(&self) -> &Path {
        &self.path
    }

    /// What the driver is told when it starts.
    #[must_use]
    pub const fn init(&self) -> Option<&InitString> {
        self.init.as_ref()
    }

    /// For a driver without a file: the in-memory fake.
    pub(crate) const fn unchecked(path: PathBuf) -> Self {
        Self { path, init: None }
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
