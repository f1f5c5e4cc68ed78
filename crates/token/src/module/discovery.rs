//! Where drivers may be: named ones first, then p11-kit's module files, then well-known places.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::error::TokenError;
use crate::module::ModulePath;

/// Where to look, given by the caller: this module reads no environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Discovery {
    /// Named on the command line; if not empty, nothing else is tried.
    pub named: Vec<PathBuf>,
    /// Named by `CHUNGTHU_MODULE`; if not empty, nothing further is tried.
    pub environment: Vec<PathBuf>,
    /// Folders with p11-kit's `*.module` files.
    pub p11_kit_folders: Vec<PathBuf>,
    /// Folders for a `module:` line that is no absolute path.
    pub p11_kit_libraries: Vec<PathBuf>,
    /// Full paths where vendors are known to put their drivers.
    pub well_known: Vec<PathBuf>,
}

/// The way a driver was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// `--module`
    CommandLine,
    /// `CHUNGTHU_MODULE`
    Environment,
    /// a p11-kit module file
    P11Kit,
    /// a known place of a vendor
    WellKnown,
}

/// A driver file, checked or refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// As it was named.
    pub path: PathBuf,
    /// How it was found.
    pub route: Route,
    /// The checked file, or why it cannot be loaded.
    pub module: Result<ModulePath, TokenError>,
}

/// Everything worth trying, each file once. What was named is always in the result, also when it is
/// not there; what was only guessed is there only if the file exists.
#[must_use]
pub fn discover(places: &Discovery) -> Vec<Found> {
    if !places.named.is_empty() {
        return check_all(
            places
                .named
                .iter()
                .map(|path| (path.clone(), Route::CommandLine)),
        );
    }
    if !places.environment.is_empty() {
        return check_all(
            places
                .environment
                .iter()
                .map(|path| (path.clone(), Route::Environment)),
        );
    }
    let registered = p11_kit_modules(places)
        .into_iter()
        .map(|path| (path, Route::P11Kit));
    let known = places
        .well_known
        .iter()
        .map(|path| (path.clone(), Route::WellKnown));
    check_all(registered.chain(known).filter(|(path, _)| path.is_file()))
}

fn check_all(candidates: impl Iterator<Item = (PathBuf, Route)>) -> Vec<Found> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (path, route) in candidates {
        let identity = std::fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        if seen.insert(identity) {
            let module = ModulePath::check(&path);
            found.push(Found {
                path,
                route,
                module,
            });
        }
    }
    found
}

/// The drivers named by p11-kit's files, in the order of the files' names. p11-kit's own trust
/// module holds CA certificates and no token, so its file (`trust-policy: yes`) is passed over.
fn p11_kit_modules(places: &Discovery) -> Vec<PathBuf> {
    let mut modules = Vec::new();
    for folder in &places.p11_kit_folders {
        let Ok(entries) = std::fs::read_dir(folder) else {
            continue;
        };
        let mut files: Vec<PathBuf> = entries
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| {
                path.extension()
                    .is_some_and(|extension| extension == "module")
            })
            .collect();
        files.sort();
        for file in files {
            let Ok(text) = std::fs::read_to_string(&file) else {
                continue;
            };
            if let Some(module) = module_of(&text) {
                modules.extend(resolve(Path::new(module), &places.p11_kit_libraries));
            }
        }
    }
    modules
}

/// The `module:` of one p11-kit file, unless the file switches it off or marks it as trust policy.
fn module_of(text: &str) -> Option<&str> {
    let setting = |name: &str| {
        text.lines()
            .map(|line| line.split('#').next().unwrap_or_default())
            .filter_map(|line| line.split_once(':'))
            .find(|(key, _)| key.trim() == name)
            .map(|(_, value)| value.trim())
    };
    if setting("trust-policy") == Some("yes") || setting("enable-in") == Some("") {
        return None;
    }
    setting("module").filter(|module| !module.is_empty())
}

fn resolve(module: &Path, libraries: &[PathBuf]) -> Vec<PathBuf> {
    if module.is_absolute() {
        return vec![module.to_owned()];
    }
    libraries
        .iter()
        .map(|folder| folder.join(module))
        .filter(|path| path.is_file())
        .take(1)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_file_names_its_driver() {
        assert_eq!(
            module_of("# c\nmodule: libx.so  # why\nmanaged: no\n"),
            Some("libx.so")
        );
        assert_eq!(
            module_of("module: p11-kit-trust.so\ntrust-policy: yes\n"),
            None
        );
        assert_eq!(module_of("managed: yes\n"), None);
    }

    #[test]
    fn a_named_driver_that_is_missing_is_told_and_nothing_else_is_tried() {
        let places = Discovery {
            named: vec!["/no/such.so".into()],
            well_known: vec![std::env::current_exe().unwrap()],
            ..Discovery::default()
        };
        let found = discover(&places);
        assert_eq!(found.len(), 1);
        assert!(found[0].module.is_err());
    }

    #[test]
    fn one_file_under_two_names_is_one_driver() {
        let own = std::env::current_exe().unwrap();
        let dotted = own
            .parent()
            .unwrap()
            .join(".")
            .join(own.file_name().unwrap());
        let places = Discovery {
            well_known: vec![own, dotted],
            ..Discovery::default()
        };
        assert_eq!(discover(&places).len(), 1);
    }
}
