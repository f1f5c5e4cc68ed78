//! Settings: the only reader of the environment and of the configuration file.

mod configuration;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use chungthu_token::module::ConfiguredDriver;
use etcetera::BaseStrategy as _;
use zeroize::Zeroizing;

use self::configuration::{Configuration, read};
pub(crate) use self::configuration::{Problem, ProblemKind};
use crate::words::Language;

/// The folder's name below the platform's local data folder.
const FOLDER: &str = "chungthu";
/// What the surroundings say, read once.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Backups, journal, configuration; `None` where the system names no such folder.
    pub(crate) home: Option<PathBuf>,
    /// `CHUNGTHU_LANG`, then the configuration.
    pub(crate) language: Option<Language>,
    /// `CHUNGTHU_MODULE`.
    pub(crate) modules: Vec<PathBuf>,
    /// The drivers of the configuration.
    pub(crate) configured: Vec<ConfiguredDriver>,
    /// How long a driver may take to start, and for each thing it is asked.
    pub(crate) driver_timeout: Option<Duration>,
    /// CA files and folders of the configuration, and the folder `ca` beside it.
    pub(crate) authorities: Vec<PathBuf>,
    /// The folder `crl` beside the configuration, if it is there.
    pub(crate) lists: Vec<PathBuf>,
    /// Whether colours are unwelcome (`NO_COLOR`, or a terminal without them).
    pub(crate) no_color: bool,
    /// The user's own configuration folder, for p11-kit's files.
    pub(crate) user_configuration: Option<PathBuf>,
    /// Windows' own folder.
    pub(crate) system_root: Option<PathBuf>,
    /// Windows' program folders.
    pub(crate) program_folders: Vec<PathBuf>,
    /// What is wrong with the configuration file; nothing of it is used then.
    pub(crate) configuration_problem: Option<Problem>,
}

impl Settings {
    /// Reads the environment and the configuration file.
    pub(crate) fn read() -> Self {
        let home = folder();
        let (configuration, problem) = match home.as_deref().map(read) {
            Some(Ok(configuration)) => (configuration, None),
            Some(Err(problem)) => (Configuration::default(), Some(problem)),
            None => (Configuration::default(), None),
        };
        let language = variable("CHUNGTHU_LANG")
            .and_then(|tag| Language::from_tag(&tag.to_string_lossy()))
            .or(configuration.language);
        let mut authorities = configuration.authorities;
        authorities.extend(
            home.iter()
                .map(|home| home.join("ca"))
                .filter(|folder| folder.is_dir()),
        );
        Self {
            language,
            modules: paths("CHUNGTHU_MODULE"),
            configured: configuration.modules,
            driver_timeout: configuration.driver_timeout,
            authorities,
            lists: home
                .iter()
                .map(|home| home.join("crl"))
                .filter(|folder| folder.is_dir())
                .collect(),
            no_color: variable("NO_COLOR").is_some()
                || variable("TERM").is_some_and(|terminal| terminal == "dumb"),
            user_configuration: variable("XDG_CONFIG_HOME")
                .map(PathBuf::from)
                .filter(|folder| folder.is_absolute())
                .or_else(|| Some(etcetera::home_dir().ok()?.join(".config"))),
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
