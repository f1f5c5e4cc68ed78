//! Which files a search tries, which it passes over, and why.

use tempfile::TempDir;

use super::*;
use crate::error::Cause;

/// Temporary folders in which files stand for drivers.
struct Places {
    folder: TempDir,
}

impl Places {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    #[expect(clippy::disallowed_methods, reason = "a test writes its own files")]
    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    /// A file that a header check lets pass on this machine: any library here with the door.
    fn driver(&self, name: &str) -> PathBuf {
        let source = some_driver();
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::copy(source, &path).unwrap();
        path
    }

    fn well_known(&self, folder: &str, names: &[&'static str]) -> KnownFolder {
        KnownFolder {
            folder: self.path(folder),
            names: names.to_vec(),
        }
    }

    fn declared(&self, name: &str, text: &str) -> P11KitPlaces {
        self.file(&format!("modules/{name}"), text.as_bytes());
        P11KitPlaces {
            system_folders: vec![self.path("modules")],
            program: "chungthu".into(),
            ..P11KitPlaces::default()
        }
    }
}

/// The soft token, which Cargo builds beside the tests.
fn some_driver() -> PathBuf {
    let name = format!(
        "{}chungthu_soft_token{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    );
    let own = std::env::current_exe().unwrap();
    own.ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join(&name))
        .find(|path| path.is_file())
        .unwrap()
}

fn reasons(discovered: &Discovered) -> Vec<PassedOverReason> {
    let passed_over = discovered.passed_over.iter();
    passed_over.map(|one| one.reason.clone()).collect()
}

fn paths(discovered: &Discovered) -> Vec<PathBuf> {
    discovered
        .found
        .iter()
        .map(|one| one.path.clone())
        .collect()
}

#[test]
fn a_named_driver_that_is_missing_is_told_and_nothing_else_is_tried() {
    let discovered = discover(&Discovery {
        named: vec!["/no/such.so".into()],
        environment: vec!["/nor/this.so".into()],
        ..Discovery::default()
    });
    assert_eq!(paths(&discovered), [Path::new("/no/such.so")]);
    let error = discovered.found[0].module.as_ref().unwrap_err();
    assert!(matches!(error.cause, Cause::ModuleNotFound { .. }));
}

#[test]
fn the_command_line_goes_before_the_environment_and_that_before_the_configuration() {
    let mut places = Discovery {
        named: vec!["/a.so".into()],
        environment: vec!["/b.so".into()],
        configured: vec![ConfiguredDriver {
            path: "/c.so".into(),
            init: None,
        }],
        ..Discovery::default()
    };
    let route = |places: &Discovery| discover(places).found[0].route;
    assert_eq!(route(&places), Route::CommandLine);
    places.named.clear();
    assert_eq!(route(&places), Route::Environment);
    places.environment.clear();
    assert_eq!(route(&places), Route::Configuration);
}

#[cfg(unix)]
#[test]
fn one_file_by_another_spelling_a_hard_link_and_a_symbolic_link_is_one_driver() {
    let places = Places::new();
    let file = places.file("a.so", b"x");
    std::fs::hard_link(&file, places.path("b.so")).unwrap();
    std::os::unix::fs::symlink(&file, places.path("c.so")).unwrap();
    let dotted = places.folder.path().join(".").join("a.so");
    let discovered = discover(&Discovery {
        named: vec![
            file.clone(),
            dotted,
            file.clone(),
            places.path("b.so"),
            places.path("c.so"),
        ],
        ..Discovery::default()
    });
    assert_eq!(paths(&discovered), [file.as_path()]);
    let same = PassedOverReason::SameFile { first: file };
    assert_eq!(reasons(&discovered), [same.clone(), same]);
}

#[test]
fn a_driver_that_p11_kit_declares_and_a_known_place_has_is_one() {
    let places = Places::new();
    let file = places.file("lib/a.so", b"x");
    let text = format!("module: {}\n", file.display());
    let discovered = discover(&Discovery {
        p11_kit: places.declared("a.module", &text),
        well_known: vec![places.well_known("lib", &["a.so", "b.so"])],
        ..Discovery::default()
    });
    assert_eq!(paths(&discovered), [file.as_path()]);
    assert_eq!(discovered.found[0].route, Route::P11Kit);
    assert_eq!(
        discovered.found[0].declared_in,
        Some(places.path("modules/a.module"))
    );
}

#[test]
fn what_p11_kit_keeps_from_this_program_does_not_come_back_from_a_known_place() {
    let places = Places::new();
    let file = places.file("lib/a.so", b"x");
    let text = format!("module: {}\ndisable-in: chungthu\n", file.display());
    let mut search = Discovery {
        p11_kit: places.declared("a.module", &text),
        well_known: vec![places.well_known("lib", &["a.so"])],
        ..Discovery::default()
    };
    let discovered = discover(&search);
    assert!(discovered.found.is_empty());
    assert_eq!(reasons(&discovered), [PassedOverReason::NotForThisProgram]);

    // a second declaration that is for this program counts
    let text = format!("module: {}\n", file.display());
    search.p11_kit = places.declared("b.module", &text);
    assert_eq!(paths(&discover(&search)), [file]);
}

#[test]
fn a_declared_driver_that_is_gone_is_passed_over_and_a_guess_is_not_even_told() {
    let places = Places::new();
    let discovered = discover(&Discovery {
        p11_kit: places.declared("a.module", "module: gone.so\n"),
        well_known: vec![places.well_known("lib", &["b.so"])],
        ..Discovery::default()
    });
    assert_eq!(reasons(&discovered), [PassedOverReason::Missing]);
    assert!(discovered.found.is_empty());
}

#[cfg(unix)]
#[test]
fn the_proxy_is_passed_over_when_found_and_used_when_named() {
    let places = Places::new();
    let library = places.file("lib/libp11-kit.so.0.3.1", b"x");
    let proxy = places.path("lib/p11-kit-proxy.so");
    std::os::unix::fs::symlink(library, &proxy).unwrap();
    let text = format!("module: {}\n", proxy.display());
    let found = discover(&Discovery {
        p11_kit: places.declared("proxy.module", &text),
        ..Discovery::default()
    });
    assert_eq!(reasons(&found), [PassedOverReason::Proxy]);
    let named = discover(&Discovery {
        named: vec![proxy.clone()],
        ..Discovery::default()
    });
    assert_eq!(paths(&named), [proxy]);
}

#[test]
fn a_guess_that_cannot_be_loaded_is_told_where_nothing_can_and_passed_over_where_something_can() {
    let places = Places::new();
    let misfit = places.file("other/a.so", b"no library");
    let mut search = Discovery {
        well_known: vec![places.well_known("other", &["a.so"])],
        ..Discovery::default()
    };
    assert_eq!(paths(&discover(&search)), [misfit.as_path()]);

    let driver = places.driver("lib/a.so");
    search.well_known.push(places.well_known("lib", &["a.so"]));
    let discovered = discover(&search);
    assert_eq!(paths(&discovered), [driver]);
    assert!(matches!(
        reasons(&discovered).as_slice(),
        [PassedOverReason::Unloadable { .. }]
    ));
}

#[test]
fn an_init_string_reaches_the_driver_however_its_file_is_named() {
    let places = Places::new();
    let driver = places.driver("lib/a.so");
    let init = InitString::new("configdir='sql:/tmp'".into());
    let dotted = places.folder.path().join("lib").join(".").join("a.so");
    let mut search = Discovery {
        named: vec![dotted],
        configured: vec![ConfiguredDriver {
            path: driver,
            init: init.clone(),
        }],
        ..Discovery::default()
    };
    let given = |search: &Discovery| {
        let [found] = discover(search).found.try_into().unwrap();
        found.module.unwrap().init().cloned()
    };
    assert_eq!(given(&search), init);
    search.named.clear();
    assert_eq!(given(&search), init);
}

#[test]
fn one_file_with_two_init_strings_is_two_drivers() {
    let places = Places::new();
    let file = places.file("a.so", b"x");
    let configured = |init: &str| ConfiguredDriver {
        path: file.clone(),
        init: InitString::new(init.into()),
    };
    let discovered = discover(&Discovery {
        configured: vec![configured("one"), configured("two"), configured("one")],
        ..Discovery::default()
    });
    assert_eq!(discovered.found.len(), 2);
}
