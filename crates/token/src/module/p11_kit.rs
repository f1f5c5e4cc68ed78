//! p11-kit's declarations of drivers, read as pkcs11.conf(5) says: the user's files before the
//! system's, merged setting by setting under one name.

#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::InitString;
use super::discovery::PassedOverReason;

/// Where p11-kit's files are, given by the caller.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct P11KitPlaces {
    /// The system's `pkcs11.conf`, of which `user-config` matters.
    pub system_settings: Vec<PathBuf>,
    /// The user's `pkcs11.conf`, which may change `user-config`.
    pub user_settings: Option<PathBuf>,
    /// The user's folder with `*.module` files.
    pub user_folder: Option<PathBuf>,
    /// The system's folders with them; an earlier one goes before a later one.
    pub system_folders: Vec<PathBuf>,
    /// Folders for a `module:` that is no absolute path.
    pub libraries: Vec<PathBuf>,
    /// This program's name in `enable-in` and `disable-in`.
    pub program: String,
}

/// One declaration, by the file that counts first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Declaration {
    /// The `*.module` file.
    pub(super) file: PathBuf,
    /// The driver as the file names it or as it switches it off, or the file itself where there is
    /// none; absolute where it could be found.
    pub(super) driver: PathBuf,
    /// `x-init-reserved`
    pub(super) init: Option<InitString>,
    /// Why it is not to be loaded.
    pub(super) passed_over: Option<PassedOverReason>,
}

/// How the user's files and the system's go together (`user-config`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum UserConfig {
    None,
    Merge,
    Only,
}

type Settings = BTreeMap<String, String>;

/// A declaration as read.
struct ReadFile {
    /// The file that counts first.
    file: PathBuf,
    /// Its settings, or why it has none.
    settings: Result<Settings, String>,
    /// The driver of a file of the same name that this one switches off with a blank.
    switched_off: Option<String>,
}

/// Every declaration, in p11-kit's own order: by priority, then by name.
pub(super) fn declarations(places: &P11KitPlaces) -> Vec<Declaration> {
    let mode = user_config(places);
    let mut merged: BTreeMap<String, ReadFile> = BTreeMap::new();
    if mode != UserConfig::None
        && let Some(folder) = &places.user_folder
    {
        read_folder(folder, &mut merged);
    }
    if mode != UserConfig::Only {
        for folder in &places.system_folders {
            read_folder(folder, &mut merged);
        }
    }
    let mut all: Vec<ReadFile> = merged.into_values().collect();
    all.sort_by_key(|read| Reverse(priority(&read.settings)));
    all.into_iter()
        .map(|read| declaration(read, places))
        .collect()
}

impl ReadFile {
    /// Takes over what is not set yet. A user's file that cannot be read takes nothing: it must not
    /// bring the system's back unnoticed.
    fn merge(&mut self, other: Settings) {
        let Ok(settings) = &mut self.settings else {
            return;
        };
        for (key, value) in other {
            let is_blank = settings.get(&key).is_some_and(String::is_empty);
            if key == "module" && is_blank && self.switched_off.is_none() {
                self.switched_off = Some(value.clone());
            }
            settings.entry(key).or_insert(value);
        }
    }
}

fn user_config(places: &P11KitPlaces) -> UserConfig {
    let mode = |path: &PathBuf| {
        let settings = read(path).ok()?;
        match settings.get("user-config")?.as_str() {
            "none" => Some(UserConfig::None),
            "merge" => Some(UserConfig::Merge),
            "only" | "override" => Some(UserConfig::Only),
            _ => None,
        }
    };
    let system = places.system_settings.iter().find_map(mode);
    let system = system.unwrap_or(UserConfig::Merge);
    if system == UserConfig::None {
        return system;
    }
    places
        .user_settings
        .as_ref()
        .and_then(mode)
        .unwrap_or(system)
}

fn priority(settings: &Result<Settings, String>) -> i64 {
    let priority = settings.as_ref().ok().and_then(|all| all.get("priority"));
    priority
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}

/// Adds the folder's files below what is known: a setting that is there already stays.
fn read_folder(folder: &Path, merged: &mut BTreeMap<String, ReadFile>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for path in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
        if path
            .extension()
            .is_none_or(|extension| extension != "module")
            || !path.is_file()
        {
            continue;
        }
        let name = path.file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        let settings = read(&path);
        match merged.get_mut(&name) {
            None => {
                merged.insert(
                    name,
                    ReadFile {
                        file: path,
                        settings,
                        switched_off: None,
                    },
                );
            }
            Some(known) => known.merge(settings.unwrap_or_default()),
        }
    }
}

fn read(path: &Path) -> Result<Settings, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.kind().to_string())?;
    Ok(parse(&text))
}

/// `name: value`, a line each; `#` begins a comment only at the beginning of a line.
fn parse(text: &str) -> Settings {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect()
}

fn declaration(read: ReadFile, places: &P11KitPlaces) -> Declaration {
    let file = read.file;
    let settings = match read.settings {
        Ok(settings) => settings,
        Err(detail) => {
            return Declaration {
                driver: file.clone(),
                file,
                init: None,
                passed_over: Some(PassedOverReason::DeclarationUnreadable { detail }),
            };
        }
    };
    let value = |name: &str| settings.get(name).map(String::as_str);
    let named = value("module").filter(|module| !module.is_empty());
    let driver = named.map(|module| resolve(Path::new(module), &places.libraries));
    let passed_over = if value("remote").is_some_and(|command| !command.is_empty()) {
        Some(PassedOverReason::Remote)
    } else if value("trust-policy") == Some("yes") {
        Some(PassedOverReason::TrustPolicy)
    } else if !is_enabled(&settings, &places.program) {
        Some(PassedOverReason::NotForThisProgram)
    } else if driver.is_none() {
        Some(PassedOverReason::SwitchedOff)
    } else {
        None
    };
    let switched_off = read.switched_off.as_deref();
    let switched_off = switched_off.map(|module| resolve(Path::new(module), &places.libraries));
    Declaration {
        driver: driver.or(switched_off).unwrap_or_else(|| file.clone()),
        file,
        init: value("x-init-reserved").and_then(|text| InitString::new(text.to_owned())),
        passed_over,
    }
}

/// `enable-in` goes before `disable-in`, as in p11-kit; neither means everywhere.
fn is_enabled(settings: &Settings, program: &str) -> bool {
    let lists_us = |list: &String| {
        list.split(|character: char| character == ',' || character.is_whitespace())
            .any(|name| name == program)
    };
    match (settings.get("enable-in"), settings.get("disable-in")) {
        (Some(list), _) => lists_us(list),
        (None, Some(list)) => !lists_us(list),
        (None, None) => true,
    }
}

fn resolve(module: &Path, libraries: &[PathBuf]) -> PathBuf {
    if module.is_absolute() {
        return module.to_owned();
    }
    let mut places = libraries.iter().map(|folder| folder.join(module));
    places
        .find(|path| path.is_file())
        .unwrap_or_else(|| module.to_owned())
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    struct Files {
        folder: TempDir,
        places: P11KitPlaces,
    }

    impl Files {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let place = |name: &str| folder.path().join(name);
            for name in ["user", "etc", "share"] {
                std::fs::create_dir(place(name)).unwrap();
            }
            let places = P11KitPlaces {
                system_settings: vec![place("system.conf")],
                user_settings: Some(place("user.conf")),
                user_folder: Some(place("user")),
                system_folders: vec![place("etc"), place("share")],
                libraries: vec![place("libraries")],
                program: "chungthu".into(),
            };
            Self { folder, places }
        }

        #[expect(clippy::disallowed_methods, reason = "a test writes its own files")]
        fn with(self, name: &str, text: &str) -> Self {
            std::fs::write(self.folder.path().join(name), text).unwrap();
            self
        }

        fn drivers(&self) -> Vec<PathBuf> {
            self.declarations()
                .into_iter()
                .filter(|one| one.passed_over.is_none())
                .map(|one| one.driver)
                .collect()
        }

        fn declarations(&self) -> Vec<Declaration> {
            declarations(&self.places)
        }

        fn only_reason(&self) -> PassedOverReason {
            let [one] = self.declarations().try_into().unwrap();
            one.passed_over.unwrap()
        }
    }

    #[test]
    fn a_users_file_goes_before_a_systems_of_the_same_name_setting_by_setting() {
        let files = Files::new()
            .with("user/a.module", "module: /user.so\n")
            .with("etc/a.module", "module: /etc.so\nx-init-reserved: here\n")
            .with("share/b.module", "module: /share.so\n");
        assert_eq!(
            files.drivers(),
            [Path::new("/user.so"), Path::new("/share.so")]
        );
        assert_eq!(files.declarations()[0].init, InitString::new("here".into()));
    }

    #[test]
    fn a_blank_module_of_the_user_switches_the_systems_off() {
        let files = Files::new()
            .with("user/a.module", "module:\n")
            .with("share/a.module", "module: /share.so\n");
        assert_eq!(files.only_reason(), PassedOverReason::SwitchedOff);
        assert_eq!(files.declarations()[0].driver, Path::new("/share.so"));
    }

    #[test]
    fn user_config_says_whose_files_count() {
        let files = |system: &str, user: &str| {
            Files::new()
                .with("user/u.module", "module: /user.so\n")
                .with("etc/s.module", "module: /etc.so\n")
                .with("system.conf", system)
                .with("user.conf", user)
                .drivers()
        };
        let both = [PathBuf::from("/etc.so"), PathBuf::from("/user.so")];
        assert_eq!(files("", ""), both);
        assert_eq!(files("user-config: merge", "user-config: strange"), both);
        assert_eq!(files("user-config: none", "user-config: only"), both[..1]);
        assert_eq!(files("", "user-config: none"), both[..1]);
        assert_eq!(files("user-config: only", ""), both[1..]);
    }

    #[test]
    fn a_file_for_other_programs_is_not_for_this_one() {
        let reason = |text: &str| {
            let text = format!("module: /a.so\n{text}\n");
            let files = Files::new().with("etc/a.module", &text);
            files.declarations()[0].passed_over.clone()
        };
        let elsewhere = Some(PassedOverReason::NotForThisProgram);
        assert_eq!(reason("enable-in: geary, midori"), elsewhere);
        assert_eq!(reason("enable-in:"), elsewhere);
        assert_eq!(reason("disable-in: firefox chungthu"), elsewhere);
        assert_eq!(reason("enable-in: firefox,chungthu"), None);
        assert_eq!(reason("disable-in: p11-kit-proxy"), None);
    }

    #[test]
    fn trust_modules_and_remote_ones_are_told_and_not_loaded() {
        let trust = Files::new().with("etc/a.module", "module: /a.so\ntrust-policy: yes\n");
        assert_eq!(trust.only_reason(), PassedOverReason::TrustPolicy);
        let remote = Files::new().with("etc/a.module", "remote: |ssh host p11-kit remote a.so\n");
        assert_eq!(remote.only_reason(), PassedOverReason::Remote);
    }

    #[test]
    fn a_number_sign_behind_a_value_belongs_to_the_value() {
        let files = Files::new().with("etc/a.module", "  # why\n module :  /a#1.so \n");
        assert_eq!(files.drivers(), [Path::new("/a#1.so")]);
    }

    #[test]
    fn a_higher_priority_comes_first_and_names_decide_among_equals() {
        let files = Files::new()
            .with("etc/a.module", "module: /a.so\n")
            .with("etc/c.module", "module: /c.so\npriority: 3\n")
            .with("etc/b.module", "module: /b.so\n")
            .with("etc/notes.txt", "module: /no.so\n");
        let names = [Path::new("/c.so"), Path::new("/a.so"), Path::new("/b.so")];
        assert_eq!(files.drivers(), names);
    }

    #[test]
    fn a_file_that_is_no_text_is_told() {
        let files = Files::new();
        let path = files.folder.path().join("etc/a.module");
        let mut file = tempfile::NamedTempFile::new_in(files.folder.path()).unwrap();
        std::io::Write::write_all(&mut file, &[0xff, 0xfe]).unwrap();
        file.persist(path).unwrap();
        assert!(matches!(
            files.only_reason(),
            PassedOverReason::DeclarationUnreadable { .. }
        ));
    }
}
