//! The configuration file, `config.toml` in the program's folder: what may stand in it, and what is
//! wrong with it, by line.

use std::fmt;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chungthu_token::module::{ConfiguredDriver, InitString};
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Error, IntoDeserializer as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::files;
use crate::words::Language;

/// The file's name.
const FILE: &str = "config.toml";
/// In bytes; a written one has some hundred.
const SIZE_LIMIT: usize = 1024 * 1024;

/// What the file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Configuration {
    pub(super) language: Option<Language>,
    pub(super) modules: Vec<ConfiguredDriver>,
    pub(super) driver_timeout: Option<Duration>,
    pub(super) authorities: Vec<PathBuf>,
}

/// A configuration file that cannot be used. None of it is: half a configuration is another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The file.
    pub(crate) path: PathBuf,
    /// What is wrong.
    pub(crate) kind: ProblemKind,
}

/// What is wrong with the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ProblemKind {
    /// It is there and cannot be read, in the system's words.
    Unreadable { detail: String },
    /// Something in this line, in the reader's words.
    InLine { line: usize, detail: String },
}

/// The file as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    lang: Option<Lang>,
    driver_timeout: Option<DriverTimeout>,
    #[serde(default)]
    modules: Vec<Module>,
    #[serde(default)]
    ca: Vec<NamedPath>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Lang {
    Vi,
    En,
}

/// In whole seconds: no limit at all would be a program that waits for ever.
#[derive(Deserialize)]
#[serde(try_from = "i64")]
struct DriverTimeout(Duration);

impl TryFrom<i64> for DriverTimeout {
    type Error = &'static str;

    fn try_from(seconds: i64) -> Result<Self, Self::Error> {
        u64::try_from(seconds)
            .ok()
            .filter(|seconds| (1..=3600).contains(seconds))
            .map(|seconds| Self(Duration::from_secs(seconds)))
            .ok_or("driver_timeout must be from 1 to 3600 seconds")
    }
}

/// A path, or a table with a path and an init string.
struct Module {
    path: NamedPath,
    init: Option<InitString>,
}

/// A path that names something.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct NamedPath(PathBuf);

impl TryFrom<String> for NamedPath {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.is_empty() || text.contains('\0') {
            return Err("a path must not be empty");
        }
        Ok(Self(text.into()))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModuleTable {
    path: NamedPath,
    init: Option<Init>,
}

/// Read by its own rule, whose error does not repeat the text.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Init(InitString);

impl TryFrom<String> for Init {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        InitString::new(text)
            .map(Self)
            .ok_or("an init string must not be empty, nor hold a NUL byte")
    }
}

impl<'de> Deserialize<'de> for Module {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PathOrTable;

        impl<'de> Visitor<'de> for PathOrTable {
            type Value = Module;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a path or a table with path and init")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Module, E> {
                let text: StrDeserializer<'_, E> = text.into_deserializer();
                Ok(Module {
                    path: NamedPath::deserialize(text)?,
                    init: None,
                })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Module, A::Error> {
                let table = ModuleTable::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Module {
                    path: table.path,
                    init: table.init.map(|init| init.0),
                })
            }
        }

        deserializer.deserialize_any(PathOrTable)
    }
}

/// Reads the file of this folder; one that is not there says nothing.
pub(super) fn read(home: &Path) -> Result<Configuration, Problem> {
    let path = home.join(FILE);
    let unreadable = |error: io::Error| ProblemKind::Unreadable {
        detail: error.to_string(),
    };
    match text_of(&path) {
        Ok(text) => parse(&text, home),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Configuration::default()),
        Err(error) => Err(unreadable(error)),
    }
    .map_err(|kind| Problem { path, kind })
}

fn text_of(path: &Path) -> io::Result<String> {
    let bytes = files::read(path, SIZE_LIMIT)?;
    if bytes.len() > SIZE_LIMIT {
        return Err(io::Error::from(ErrorKind::FileTooLarge));
    }
    String::from_utf8(bytes).map_err(|error| io::Error::new(ErrorKind::InvalidData, error))
}

/// Paths that are not absolute are below the folder of the file, wherever the program is started.
fn parse(text: &str, home: &Path) -> Result<Configuration, ProblemKind> {
    let written: Written = toml::from_str(text).map_err(|error| {
        let place = error.span().map_or(0, |span| span.start);
        let above = text.bytes().take(place).filter(|byte| *byte == b'\n');
        ProblemKind::InLine {
            line: above.count() + 1,
            detail: error.message().to_owned(),
        }
    })?;
    let language = written.lang.map(|lang| match lang {
        Lang::Vi => Language::Vietnamese,
        Lang::En => Language::English,
    });
    let modules = written.modules.into_iter().map(|module| ConfiguredDriver {
        path: home.join(module.path.0),
        init: module.init,
    });
    let authorities = written.ca.into_iter().map(|path| home.join(path.0));
    Ok(Configuration {
        language,
        modules: modules.collect(),
        driver_timeout: written.driver_timeout.map(|timeout| timeout.0),
        authorities: authorities.collect(),
    })
}

/// What must hold of any text: half of it is never used, and what is wrong is in one of its lines.
#[cfg(any(test, fuzzing))]
pub(crate) fn check(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else {
        return;
    };
    let home = Path::new("home");
    match parse(text, home) {
        Ok(configuration) => {
            let modules = configuration.modules.iter().map(|module| &module.path);
            for path in modules.chain(&configuration.authorities) {
                assert!(path != home && !path.as_os_str().as_encoded_bytes().contains(&0));
            }
        }
        Err(ProblemKind::InLine { line, detail }) => {
            assert!((1..=text.split('\n').count()).contains(&line) && !detail.is_empty());
        }
        Err(ProblemKind::Unreadable { .. }) => assert!(bytes.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Configuration, ProblemKind> {
        parse(text, Path::new("home"))
    }

    fn problem(text: &str) -> (usize, String) {
        match parsed(text) {
            Err(ProblemKind::InLine { line, detail }) => (line, detail),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_text_of_the_fuzzers_corpus_holds() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/settings");
        for file in std::fs::read_dir(corpus).unwrap() {
            check(&std::fs::read(file.unwrap().path()).unwrap());
        }
    }

    #[test]
    fn a_missing_file_says_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path()), Ok(Configuration::default()));
    }

    #[test]
    fn a_file_that_is_no_text_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = tempfile::NamedTempFile::new_in(folder.path()).unwrap();
        io::Write::write_all(&mut file, &[0xff, 0xfe]).unwrap();
        file.persist(folder.path().join(FILE)).unwrap();
        let problem = read(folder.path()).unwrap_err();
        assert_eq!(problem.path, folder.path().join(FILE));
        assert!(matches!(problem.kind, ProblemKind::Unreadable { .. }));
    }

    #[test]
    fn a_file_that_is_too_large_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let write = |size| {
            let text = vec![b'\n'; size];
            files::write(&folder.path().join(FILE), &text, files::Existing::Replace).unwrap();
        };
        write(SIZE_LIMIT);
        assert_eq!(read(folder.path()), Ok(Configuration::default()));
        write(SIZE_LIMIT + 1);
        let problem = read(folder.path()).unwrap_err();
        assert!(matches!(problem.kind, ProblemKind::Unreadable { .. }));
    }

    #[test]
    fn a_driver_is_a_path_or_a_table_with_an_init_string() {
        let text = r#"
            lang = "en"
            ca = ["authorities"]
            modules = [
                "libbit4xpki.so",
                { path = "libsoftokn3.so", init = "configdir='sql:/home/an/.pki/nssdb'" },
                { path = "libother.so" },
            ]
        "#;
        let configuration = parsed(text).unwrap();
        assert_eq!(configuration.language, Some(Language::English));
        assert_eq!(configuration.authorities, [Path::new("home/authorities")]);
        let init = InitString::new("configdir='sql:/home/an/.pki/nssdb'".into());
        let driver = |path: &str, init| ConfiguredDriver {
            path: Path::new("home").join(path),
            init,
        };
        assert_eq!(
            configuration.modules,
            [
                driver("libbit4xpki.so", None),
                driver("libsoftokn3.so", init),
                driver("libother.so", None)
            ]
        );
    }

    #[test]
    fn the_example_of_the_documentation_is_a_configuration() {
        let page = include_str!("../../docs/configuration.md");
        let (_, example) = page.split_once("```toml\n").unwrap();
        let (example, _) = example.split_once("```").unwrap();
        let configuration = parsed(example).unwrap();
        assert_eq!(configuration.language, Some(Language::Vietnamese));
        assert_eq!(configuration.authorities.len(), 2);
        assert_eq!(configuration.driver_timeout, Some(Duration::from_secs(120)));
        let inits = configuration.modules.iter().map(|one| one.init.is_some());
        assert_eq!(inits.collect::<Vec<_>>(), [false, true]);
    }

    #[test]
    fn a_table_may_also_be_written_under_its_own_heading() {
        let text = "[[modules]]\npath = \"a.so\"\ninit = \"x\"\n";
        assert_eq!(parsed(text).unwrap().modules.len(), 1);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, line, word) in [
            ("lang = \"en\"\nmodul = []\n", 2, "modul"),
            ("\n\nlang = \"fr\"\n", 3, "fr"),
            ("lang = \"en\nca = []\n", 1, ""),
            ("modules = [\n \"a\",\n 5,\n]\n", 3, "path"),
            (
                "modules = [\n { path = \"a\", int = \"b\" },\n]\n",
                2,
                "int",
            ),
            ("modules = [\n { init = \"b\" },\n]\n", 2, "path"),
            ("ca = [\"\"]\n", 1, "empty"),
            ("\ndriver_timeout = 0\n", 2, "3600"),
            ("driver_timeout = 3601\n", 1, "3600"),
            ("driver_timeout = -1\n", 1, "3600"),
            ("driver_timeout = \"60\"\n", 1, "string"),
            ("driver_timeout = 1.5\n", 1, "float"),
            ("modules = [\"a\", \"\"]\n", 1, "empty"),
        ] {
            let (at, detail) = problem(text);
            assert_eq!(at, line, "{text}: {detail}");
            assert!(detail.contains(word), "{text}: {detail}");
        }
    }

    #[test]
    fn an_init_string_that_cannot_be_used_is_not_repeated() {
        let text = "modules = [{ path = \"a\", init = \"secret\\u0000\" }]\n";
        let (_, detail) = problem(text);
        assert!(
            detail.contains("NUL") && !detail.contains("secret"),
            "{detail}"
        );
    }
}
