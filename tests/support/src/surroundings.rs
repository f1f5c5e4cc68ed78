//! What the tests take from the machine they run on: clock, environment, file system, installed drivers.

#![expect(
    clippy::disallowed_methods,
    reason = "the tests' one door to the clock, the environment and the file system"
)]

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;

/// The clock, in whole seconds.
#[must_use]
pub fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc().replace_nanosecond(0).unwrap()
}

/// The folder with published certificates that `CHUNGTHU_CERTIFICATES` names, if it does.
#[must_use]
pub fn published_certificates() -> Option<PathBuf> {
    std::env::var_os("CHUNGTHU_CERTIFICATES").map(PathBuf::from)
}

/// Whether the developer who runs the tests wants files in the repository written anew.
#[must_use]
pub fn wants_update() -> bool {
    std::env::var_os("CHUNGTHU_UPDATE").is_some()
}

/// Writes a file of a test.
pub fn write(path: &Path, content: impl AsRef<[u8]>) {
    std::fs::write(path, content).unwrap();
}

/// A folder that is gone when the test is over.
#[must_use]
pub fn temporary_folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// The same in memory, where the system has such a folder.
pub(crate) fn memory_folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        temporary_folder()
    }
}

/// Which part of the matrix of faults is asked for beyond its fixed part (`CHUNGTHU_MATRIX`): `all`,
/// or words, separated by commas, that are in the names of the walk and the faults.
#[must_use]
pub fn matrix() -> Option<String> {
    std::env::var("CHUNGTHU_MATRIX").ok()
}

/// Where a missing driver is a failure and never a skip.
#[must_use]
pub fn is_continuous_integration() -> bool {
    std::env::var_os("CI").is_some_and(|value| value == "true")
}

/// What a program needs from the environment to start at all.
pub(crate) fn bare_environment() -> Vec<(&'static str, OsString)> {
    // the last two are for tests/sanitize
    let needed = [
        "PATH",
        "SystemRoot",
        "windir",
        "TEMP",
        "TMP",
        "ASAN_OPTIONS",
        "LSAN_OPTIONS",
    ];
    let present = |name| Some((name, std::env::var_os(name)?));
    needed.into_iter().filter_map(present).collect()
}

/// The soft token's library, which Cargo builds beside the test programs.
pub(crate) fn soft_token_library() -> Option<PathBuf> {
    beside_this_program(&chungthu_soft_token::provision::library_file_name())
}

/// The library that makes the program's writes to its records fail, which Cargo builds beside the test
/// programs. For Linux.
#[must_use]
pub fn record_faults_library() -> Option<PathBuf> {
    beside_this_program("librecord_faults.so")
}

/// The witness, which Cargo builds with the workspace.
pub(crate) fn witness() -> PathBuf {
    let name = format!("token-witness{}", std::env::consts::EXE_SUFFIX);
    let program = std::env::current_exe().unwrap();
    // A benchmark is in another profile's folder than the tests.
    let profiles = program.ancestors().skip(3).take(1);
    let others = profiles.flat_map(|target| [target.join("debug"), target.join("release")]);
    beside_this_program(&name)
        .or_else(|| {
            others
                .map(|folder| folder.join(&name))
                .find(|path| path.is_file())
        })
        .expect("no token-witness here; first: cargo build -p chungthu-test-support")
}

/// SoftHSM2's library, from the distribution.
pub(crate) fn softhsm2_library() -> Option<PathBuf> {
    in_library_folders(&["softhsm/libsofthsm2.so", "libsofthsm2.so"])
}

/// The kryoptic driver: named by `CHUNGTHU_TEST_KRYOPTIC`, or where `tests/run` builds it.
pub(crate) fn kryoptic_library() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("CHUNGTHU_TEST_KRYOPTIC") {
        return Some(PathBuf::from(path));
    }
    let program = std::env::current_exe().unwrap();
    let places = program.ancestors().skip(1);
    places
        .map(|folder| folder.join("kryoptic/release/libkryoptic_driver.so"))
        .find(|path| path.is_file())
}

/// OpenSC's library that writes down every PKCS#11 call and passes it on. Not for Windows; wine would
/// show this machine's own.
#[must_use]
pub fn spy_library() -> Option<PathBuf> {
    if cfg!(windows) {
        return None;
    }
    let found = in_library_folders(&["pkcs11-spy.so", "pkcs11/pkcs11-spy.so"]);
    assert!(
        found.is_some() || !is_continuous_integration(),
        "CI has no pkcs11-spy; tests/run installs it with opensc"
    );
    found
}

/// NSS's token in software, which wants an init string. Not for Windows.
#[must_use]
pub fn nss_library() -> Option<PathBuf> {
    if cfg!(windows) {
        return None;
    }
    let found = in_library_folders(&["libsoftokn3.so", "nss/libsoftokn3.so"]);
    assert!(
        found.is_some() || !is_continuous_integration(),
        "CI has no libsoftokn3; tests/run installs it with libnss3"
    );
    found
}

/// OpenSC's driver, where it is on this machine.
#[must_use]
pub fn opensc_library() -> Option<PathBuf> {
    in_library_folders(&["opensc-pkcs11.so"])
}

/// GnuTLS's program for tokens. Not for Windows.
#[must_use]
pub fn p11tool() -> Option<PathBuf> {
    if cfg!(windows) {
        return None;
    }
    let found = Path::new("/usr/bin/p11tool");
    assert!(
        found.is_file() || !is_continuous_integration(),
        "CI has no p11tool; tests/run installs it with gnutls-bin"
    );
    found.is_file().then(|| found.to_owned())
}

/// Test programs are in `deps`, libraries there too, programs one folder up.
fn beside_this_program(name: &str) -> Option<PathBuf> {
    let program = std::env::current_exe().unwrap();
    let places = program.ancestors().skip(1).take(2);
    places
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

fn in_library_folders(names: &[&str]) -> Option<PathBuf> {
    let multiarch = format!("/usr/lib/{}-linux-gnu", std::env::consts::ARCH);
    let folders = [&multiarch, "/usr/lib64", "/usr/lib", "/usr/local/lib"];
    let places = folders
        .iter()
        .flat_map(|folder| names.iter().map(move |name| Path::new(folder).join(name)));
    places.into_iter().find(|path| path.is_file())
}
