//! Settings: the only reader of the environment and of the configuration file.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::words::Language;

/// The folder's name below the platform's local data folder.
const FOLDER: &str = "chungthu";
/// The configuration file in the folder.
const CONFIGURATION: &str = "config.toml";

/// What the surroundings say, read once.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Backups, journal, configuration; `None` where the system names no such folder.
    pub(crate) home: Option<PathBuf>,
    /// `CHUNGTHU_LANG`, then the configuration.
    pub(crate) language: Option<Language>,
    /// `CHUNGTHU_MODULE`, then the configuration.
    pub(crate) modules: Vec<PathBuf>,
    /// CA files and folders of the configuration, and the folder `ca` beside it.
    pub(crate) authorities: Vec<PathBuf>,
    /// Whether colours are unwelcome (`NO_COLOR`, or a terminal without them).
    pub(crate) no_color: bool,
    /// The user's own folder, for p11-kit's files.
    pub(crate) user_home: Option<PathBuf>,
    /// Windows' own folder.
    pub(crate) system_root: Option<PathBuf>,
    /// Windows' program folders.
    pub(crate) program_folders: Vec<PathBuf>,
    /// What is wrong with the configuration file, in the parser's words.
    pub(crate) configuration_problem: Option<ConfigurationProblem>,
}

/// A configuration file that was not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConfigurationProblem {
    /// The file.
    pub(crate) path: PathBuf,
    /// Why, in the reader's words.
    pub(crate) detail: String,
}

/// The configuration file: `config.toml` in the folder.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Configuration {
    lang: Option<String>,
    #[serde(default)]
    modules: Vec<PathBuf>,
    #[serde(default)]
    ca: Vec<PathBuf>,
}

impl Settings {
    /// Reads the environment and the configuration file.
    pub(crate) fn read() -> Self {
        let home = folder();
        let (configuration, problem) = home.as_deref().map_or_else(Default::default, configuration);
        let language = variable("CHUNGTHU_LANG")
            .and_then(|tag| Language::from_tag(&tag.to_string_lossy()))
            .or_else(|| configuration.lang.as_deref().and_then(Language::from_tag));
        let named = paths("CHUNGTHU_MODULE");
        let modules = if named.is_empty() {
            configuration.modules
        } else {
            named
        };
        let mut authorities = configuration.ca;
        authorities.extend(
            home.iter()
                .map(|home| home.join("ca"))
                .filter(|folder| folder.is_dir()),
        );
        Self {
            language,
            modules,
            authorities,
            no_color: variable("NO_COLOR").is_some()
                || variable("TERM").is_some_and(|terminal| terminal == "dumb"),
            user_home: etcetera::home_dir().ok(),
            system_root: variable("SystemRoot").map(PathBuf::from),
            program_folders: ["ProgramFiles", "ProgramFiles(x86)"]
                .into_iter()
                .filter_map(variable)
                .map(PathBuf::from)
                .collect(),
            configuration_problem: problem,
            home,
        }
    }
}

/// A PIN from the variable the user named; `None` if it is not set or no text.
pub(crate) fn pin_variable(name: &str) -> Option<Zeroizing<String>> {
    variable(name)
        .and_then(|value| value.into_string().ok())
        .map(Zeroizing::new)
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the file that reads the environment"
)]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

fn paths(name: &str) -> Vec<PathBuf> {
    variable(name).map_or_else(Vec::new, |list| {
        std::env::split_paths(&list)
            .filter(|path| !path.as_os_str().is_empty())
            .collect()
    })
}

fn folder() -> Option<PathBuf> {
    variable("CHUNGTHU_HOME").map(PathBuf::from).or_else(|| {
        let strategy = etcetera::choose_base_strategy().ok()?;
        // on Windows backups stay on this computer: the roaming folder is copied to others
        let base = if cfg!(windows) {
            strategy.cache_dir()
        } else {
            strategy.data_dir()
        };
        Some(base.join(FOLDER))
    })
}

fn configuration(home: &Path) -> (Configuration, Option<ConfigurationProblem>) {
    let path = home.join(CONFIGURATION);
    let problem = |detail: String| {
        Some(ConfigurationProblem {
            path: path.clone(),
            detail,
        })
    };
    match std::fs::read_to_string(&path) {
        Ok(text) => match toml::from_str(&text) {
            Ok(configuration) => (configuration, None),
            Err(error) => (
                Configuration::default(),
                problem(error.message().to_owned()),
            ),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Default::default(),
        Err(error) => (Configuration::default(), problem(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_configuration_is_no_problem() {
        let folder = tempfile::tempdir().unwrap();
        let (configuration, problem) = configuration(folder.path());
        assert!(configuration.modules.is_empty());
        assert_eq!(problem, None);
    }

    #[test]
    fn an_unknown_setting_is_told_and_nothing_of_the_file_is_used() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = tempfile::NamedTempFile::new_in(folder.path()).unwrap();
        std::io::Write::write_all(&mut file, b"lang = \"en\"\nmodul = []\n").unwrap();
        file.persist(folder.path().join(CONFIGURATION)).unwrap();
        let (configuration, problem) = configuration(folder.path());
        assert_eq!(configuration.lang, None);
        assert!(problem.unwrap().detail.contains("modul"));
    }
}
