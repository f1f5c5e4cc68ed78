//! Where drivers may be: named ones first, then p11-kit's module files, then well-known places.

use std::path::{Path, PathBuf};

use super::identity::{FileIdentity, is_same_file};
use super::p11_kit::{self, P11KitPlaces};
use super::vendors::KnownFolder;
use super::{InitString, ModulePath};
use crate::error::TokenError;

/// Where to look, given by the caller: this module reads no environment. The first list that names
/// anything is used, and nothing after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Discovery {
    /// Named on the command line.
    pub named: Vec<PathBuf>,
    /// Named by `CHUNGTHU_MODULE`.
    pub environment: Vec<PathBuf>,
    /// Named by the configuration. Their init strings are used however their files are named.
    pub configured: Vec<ConfiguredDriver>,
    /// p11-kit's files; used together with the well-known places.
    pub p11_kit: P11KitPlaces,
    /// Where makers are known to put their drivers.
    pub well_known: Vec<KnownFolder>,
}

/// A driver of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfiguredDriver {
    /// Its file.
    pub path: PathBuf,
    /// What it wants to hear when it starts.
    pub init: Option<InitString>,
}

/// The way a driver was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// `--module`, or `module-path` of a URI
    CommandLine,
    /// `CHUNGTHU_MODULE`
    Environment,
    /// the configuration file
    Configuration,
    /// a p11-kit module file
    P11Kit,
    /// a known place of a maker
    WellKnown,
}

impl Route {
    /// The word of the JSON form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CommandLine => "command-line",
            Self::Environment => "environment",
            Self::Configuration => "configuration",
            Self::P11Kit => "p11-kit",
            Self::WellKnown => "well-known",
        }
    }
}

/// A driver file, checked or refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// As it was named.
    pub path: PathBuf,
    /// How it was found.
    pub route: Route,
    /// The p11-kit file that names it.
    pub declared_in: Option<PathBuf>,
    /// The checked file, or why it cannot be loaded.
    pub module: Result<ModulePath, TokenError>,
}

/// A file that was found or declared and is not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    /// The driver as it was named, or the p11-kit file where that names none.
    pub path: PathBuf,
    /// How it was found.
    pub route: Route,
    /// The p11-kit file that names it.
    pub declared_in: Option<PathBuf>,
    /// Why it is not used.
    pub reason: PassedOverReason,
}

/// Why a file is not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PassedOverReason {
    /// The p11-kit file could not be read.
    DeclarationUnreadable {
        /// The operating system's words.
        detail: String,
    },
    /// The p11-kit file names a driver that is not there.
    Missing,
    /// The p11-kit file is for other programs (`enable-in`, `disable-in`).
    NotForThisProgram,
    /// It shows the tokens of the other drivers once more (`p11-kit-proxy`).
    Proxy,
    /// p11-kit would reach it through a command, which this program does not do.
    Remote,
    /// The same file was found before, under this name.
    SameFile {
        /// The name that is used.
        first: PathBuf,
    },
    /// The p11-kit file names no driver, which switches one of the same name off.
    SwitchedOff,
    /// It holds certificates to trust and no keys (`trust-policy`).
    TrustPolicy,
    /// A file in a known place that cannot be loaded, where others can.
    Unloadable {
        /// Why: mostly another machine's.
        error: TokenError,
    },
}

/// What a search brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Discovered {
    /// Worth trying, each file once, in the order to try them.
    pub found: Vec<Found>,
    /// Found or declared, and not used.
    pub passed_over: Vec<PassedOver>,
}

/// Everything worth trying, each file once. What was named is always in the result, also when it is
/// not there; what was only guessed is there only if the file exists.
#[must_use]
pub fn discover(places: &Discovery) -> Discovered {
    let mut search = Search {
        places,
        seen: Vec::new(),
        barred: Vec::new(),
        misfits: Vec::new(),
        discovered: Discovered::default(),
    };
    let named = |path: &PathBuf, route| Candidate {
        path: path.clone(),
        route,
        declared_in: None,
        init: places.init_of(path),
    };
    if !places.named.is_empty() {
        for path in &places.named {
            search.take(named(path, Route::CommandLine));
        }
    } else if !places.environment.is_empty() {
        for path in &places.environment {
            search.take(named(path, Route::Environment));
        }
    } else if !places.configured.is_empty() {
        for ConfiguredDriver { path, init } in &places.configured {
            search.take(Candidate {
                init: init.clone(),
                ..named(path, Route::Configuration)
            });
        }
    } else {
        search.look_around();
    }
    search.end()
}

impl Discovery {
    /// The configuration's init string for this file, however it is named.
    fn init_of(&self, path: &Path) -> Option<InitString> {
        let configured = self.configured.iter();
        configured
            .filter(|driver| driver.path == path || is_same_file(&driver.path, path))
            .find_map(|driver| driver.init.clone())
    }
}

struct Candidate {
    path: PathBuf,
    route: Route,
    declared_in: Option<PathBuf>,
    init: Option<InitString>,
}

struct Search<'a> {
    places: &'a Discovery,
    /// One file with two init strings, such as two NSS databases, is two drivers.
    seen: Vec<(FileIdentity, Option<InitString>, PathBuf)>,
    /// What p11-kit's files keep from this program.
    barred: Vec<(FileIdentity, PathBuf)>,
    /// Files in known places that cannot be loaded.
    misfits: Vec<Found>,
    discovered: Discovered,
}

impl Search<'_> {
    fn look_around(&mut self) {
        for declared in p11_kit::declarations(&self.places.p11_kit) {
            let candidate = Candidate {
                path: declared.driver,
                route: Route::P11Kit,
                declared_in: Some(declared.file),
                init: declared.init,
            };
            match declared.passed_over {
                // what p11-kit was told not to load does not come back from a known place
                Some(reason) => {
                    let identity = FileIdentity::of(&candidate.path);
                    let barred = identity.map(|file| (file, candidate.path.clone()));
                    self.barred.extend(barred);
                    self.pass_over(candidate, reason);
                }
                None => self.take(candidate),
            }
        }
        for folder in &self.places.well_known {
            for path in folder.present() {
                self.take(Candidate {
                    path,
                    route: Route::WellKnown,
                    declared_in: None,
                    init: None,
                });
            }
        }
    }

    fn take(&mut self, candidate: Candidate) {
        let is_guess = matches!(candidate.route, Route::P11Kit | Route::WellKnown);
        match FileIdentity::of(&candidate.path) {
            Ok(identity) => {
                if let Some(first) = self.known(&candidate, &identity) {
                    // a path that stands in two lists says nothing new
                    if first != candidate.path {
                        self.pass_over(candidate, PassedOverReason::SameFile { first });
                    }
                    return;
                }
                let key = (identity, candidate.init.clone(), candidate.path.clone());
                self.seen.push(key);
            }
            Err(_) if is_guess => return self.pass_over(candidate, PassedOverReason::Missing),
            // what was named is told as missing by the check below, once
            Err(_) => {
                let known = &self.discovered.found;
                if known.iter().any(|found| found.path == candidate.path) {
                    return;
                }
            }
        }
        if is_guess && is_proxy(&candidate.path) {
            return self.pass_over(candidate, PassedOverReason::Proxy);
        }
        let module = ModulePath::check(&candidate.path);
        let found = Found {
            module: module.map(|module| module.with_init(candidate.init)),
            path: candidate.path,
            route: candidate.route,
            declared_in: candidate.declared_in,
        };
        if found.route == Route::WellKnown && found.module.is_err() {
            self.misfits.push(found);
        } else {
            self.discovered.found.push(found);
        }
    }

    /// The name under which this very driver was found before. A known place names no database of
    /// its own: there the file alone counts.
    fn known(&self, candidate: &Candidate, identity: &FileIdentity) -> Option<PathBuf> {
        let is_known_place = candidate.route == Route::WellKnown;
        let seen = self.seen.iter().find_map(|(file, init, path)| {
            let is_same = file == identity && (is_known_place || *init == candidate.init);
            is_same.then_some(path)
        });
        let barred = self
            .barred
            .iter()
            .find_map(|(file, path)| (is_known_place && file == identity).then_some(path));
        seen.or(barred).cloned()
    }

    fn pass_over(&mut self, candidate: Candidate, reason: PassedOverReason) {
        self.discovered.passed_over.push(PassedOver {
            path: candidate.path,
            route: candidate.route,
            declared_in: candidate.declared_in,
            reason,
        });
    }

    /// A guess that cannot be loaded matters only where nothing else can: a 32-bit driver beside
    /// its 64-bit twin is as it should be, a 32-bit driver alone is the answer to "why not".
    fn end(mut self) -> Discovered {
        let is_any_loadable = self.discovered.found.iter().any(|one| one.module.is_ok());
        for misfit in self.misfits {
            match misfit.module {
                Err(error) if is_any_loadable => self.discovered.passed_over.push(PassedOver {
                    path: misfit.path,
                    route: misfit.route,
                    declared_in: misfit.declared_in,
                    reason: PassedOverReason::Unloadable { error },
                }),
                Ok(_) | Err(_) => self.discovered.found.push(misfit),
            }
        }
        self.discovered
    }
}

/// p11-kit's own door to all its drivers: they are found one by one here, and a token that shows
/// twice is one too many. The proxy is a link to p11-kit's library, which has the door too.
fn is_proxy(path: &Path) -> bool {
    let is_named_so = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("p11-kit-proxy.") || name.starts_with("libp11-kit.")
    };
    is_named_so(path) || std::fs::canonicalize(path).is_ok_and(|real| is_named_so(&real))
}

#[cfg(test)]
mod tests;
