//! One office: a folder with a home, papers and tokens, and the programs that run in it.

use std::cell::Cell;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::run::Command;
use crate::token::Token;
use crate::watch::Watch;
use crate::{Driver, surroundings};

/// A hermetic office with one driver.
#[derive(Debug)]
pub struct Office {
    folder: TempDir,
    program: PathBuf,
    driver: Driver,
    library: PathBuf,
    tokens: Cell<usize>,
}

impl Office {
    /// An office in which `program` is the program under test. `None`, with a note, where the driver
    /// is not on this machine; under `CI=true` that is a failure.
    #[must_use]
    pub fn new(program: &str, driver: Driver) -> Option<Self> {
        Self::in_folder(program, driver, surroundings::temporary_folder)
    }

    /// The same in the machine's memory, where there is such a folder: for tests that run the program
    /// so often that flushing files would take most of the time.
    #[must_use]
    pub fn in_memory(program: &str, driver: Driver) -> Option<Self> {
        Self::in_folder(program, driver, surroundings::memory_folder)
    }

    #[expect(clippy::print_stderr, reason = "a test that could not run says so")]
    fn in_folder(program: &str, driver: Driver, folder: fn() -> TempDir) -> Option<Self> {
        let Some(library) = driver.library() else {
            assert!(
                !surroundings::is_continuous_integration(),
                "CI has no {driver:?}; tests/run installs it"
            );
            eprintln!("NOT TESTED: {driver:?} is not on this machine; tests/run installs it");
            return None;
        };
        let folder = folder();
        for name in ["home", "papers", "tokens"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        Some(Self {
            folder,
            program: program.into(),
            driver,
            library,
            tokens: Cell::new(0),
        })
    }

    /// The driver of its tokens.
    #[must_use]
    pub const fn driver(&self) -> Driver {
        self.driver
    }

    /// The driver's library.
    #[must_use]
    pub fn library(&self) -> &Path {
        &self.library
    }

    /// The folder that `CHUNGTHU_HOME` names.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// Puts a file into the office and says where it is.
    #[must_use]
    pub fn paper(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join("papers").join(name);
        surroundings::write(&path, content);
        path
    }

    /// A place in the office where no file is yet.
    #[must_use]
    pub fn place(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The calls of the last program that ran with a scenario, in order, those of all its driver hosts.
    ///
    #[must_use]
    pub fn calls_made(&self) -> Vec<String> {
        // no file: it ended before a driver was loaded
        let calls = std::fs::read_to_string(self.calls_log()).unwrap_or_default();
        calls.lines().map(str::to_owned).collect()
    }

    pub(crate) fn calls_log(&self) -> PathBuf {
        self.place("calls.log")
    }

    /// Plugs the soft tokens in again that a scenario pulled out.
    ///
    /// # Panics
    /// If the folder of tokens cannot be read.
    pub fn bring_tokens_back(&self) {
        let folder = self.folder.path().join("tokens");
        chungthu_soft_token::provision::bring_back_tokens(&folder).unwrap();
    }

    /// One more token, initialised and empty.
    #[must_use]
    pub fn token(&self, label: &str) -> Token<'_> {
        self.tokens.set(self.tokens.get() + 1);
        Token::initialise(self, label)
    }

    /// The witness, ready to look at the token with this label as often as it is asked.
    #[must_use]
    pub fn watch(&self, label: &str) -> Watch {
        Watch::start(self, label)
    }

    /// The program with these arguments, on this office's driver.
    pub fn chungthu<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command<'_> {
        Command::new(self, &self.program)
            .arguments(arguments)
            .argument("--module")
            .argument(&self.library)
    }

    /// The program with these arguments and no word about a driver.
    pub fn chungthu_without_module<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Command<'_> {
        Command::new(self, &self.program).arguments(arguments)
    }

    /// Any other program, in the same surroundings.
    pub fn program(&self, program: impl Into<PathBuf>) -> Command<'_> {
        Command::new(self, &program.into())
    }

    /// Everything below a folder of the office, each file with its content.
    #[must_use]
    pub fn files_below(&self, folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        let Ok(entries) = std::fs::read_dir(folder) else {
            return found;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.extend(self.files_below(&path));
            } else if path.is_file() {
                let content = std::fs::read(&path).unwrap();
                found.push((path, content));
            }
        }
        found
    }

    /// What every program here finds in its environment.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, OsString)> {
        let store = self.folder.path().join("tokens");
        let mut environment = surroundings::bare_environment();
        environment.push(self.driver.prepare(&store, self.tokens.get()));
        for name in ["HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA"] {
            environment.push((name, self.folder.path().into()));
        }
        environment.push(("CHUNGTHU_HOME", self.home().into()));
        environment
    }
}
