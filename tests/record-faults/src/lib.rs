//! A disk that fails on demand: loaded before the program (`LD_PRELOAD`), it counts the calls that write
//! below one folder, and at one of them kills the process or answers an error.
//!
//! `RECORD_FAULTS_FOLDER` names the folder and `RECORD_FAULTS_LOG` a file in which each call leaves a
//! line. `RECORD_FAULTS_AT` is the number of a call, from 1, and `RECORD_FAULTS_DO` what happens to it:
//! `kill-before`, `kill-half` (half of what it writes), `kill-after`, or an error's number, once (`28`)
//! or from then on (`28+`). Calls that the program makes without the C library are not seen: of its own
//! that is the renaming of a finished file, which lies between two flushes that are.

#![cfg(target_os = "linux")]
#![expect(unsafe_code, reason = "it stands in for functions of the C library")]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt as _;
use std::sync::atomic::{AtomicUsize, Ordering};

unsafe extern "C" {
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
    fn getpid() -> c_int;
    fn kill(process: c_int, signal: c_int) -> c_int;
    fn __errno_location() -> *mut c_int;
}

const NEXT: *mut c_void = -1_isize as *mut c_void;
const KILL: c_int = 9;
const WRITES: c_int = 0o3;
const CREATES: c_int = 0o100;

static COUNT: AtomicUsize = AtomicUsize::new(0);

/// What happens to a call.
enum Fate {
    Nothing,
    KillBefore,
    KillHalf,
    KillAfter,
    Error(c_int),
}

fn setting(name: &str) -> Option<std::ffi::OsString> {
    #[expect(
        clippy::disallowed_methods,
        reason = "there is no other way to tell a library that is loaded by itself"
    )]
    std::env::var_os(name)
}

/// Of the program alone: its driver hosts keep no records, and would count from 1 again.
fn is_below(path: &[u8]) -> bool {
    let is_host = std::env::args_os().any(|argument| argument == "driver-host");
    let folder = setting("RECORD_FAULTS_FOLDER");
    !is_host && folder.is_some_and(|folder| path.starts_with(folder.as_bytes()))
}

fn path_of(file: c_int) -> Vec<u8> {
    let link = format!("/proc/self/fd/{file}");
    std::fs::read_link(link)
        .map(|path| path.into_os_string().as_bytes().to_vec())
        .unwrap_or_default()
}

/// Counts a call and says what happens to it.
fn fate(function: &str) -> Fate {
    let number = COUNT.fetch_add(1, Ordering::Relaxed) + 1;
    note(function);
    let text = |name| setting(name).and_then(|text| text.into_string().ok());
    let Some(at) = text("RECORD_FAULTS_AT").and_then(|at| at.parse::<usize>().ok()) else {
        return Fate::Nothing;
    };
    let deed = text("RECORD_FAULTS_DO").unwrap_or_default();
    let goes_on = deed.ends_with('+');
    if number < at || (number > at && !goes_on) {
        return Fate::Nothing;
    }
    match deed.trim_end_matches('+') {
        "kill-before" => Fate::KillBefore,
        "kill-half" => Fate::KillHalf,
        "kill-after" => Fate::KillAfter,
        error => error.parse().map_or(Fate::Nothing, Fate::Error),
    }
}

/// One line in the log, which is not below the folder and so is not counted.
fn note(function: &str) {
    use std::io::Write as _;
    if let Some(log) = setting("RECORD_FAULTS_LOG")
        && let Ok(mut log) = std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(log)
    {
        writeln!(log, "{function}").ok();
    }
}

fn die() {
    // SAFETY: both functions take and give plain numbers.
    unsafe {
        kill(getpid(), KILL);
    }
}

fn fail(error: c_int) {
    // SAFETY: the C library answers the place of this thread's own error number.
    unsafe {
        *__errno_location() = error;
    }
}

/// Does a call as its fate wants; -1 is an error.
fn carry_out<Answer: From<i8>>(
    fate: &Fate,
    whole: impl Fn() -> Answer,
    half: impl Fn() -> Answer,
) -> Answer {
    match fate {
        Fate::Nothing => whole(),
        Fate::KillBefore => {
            die();
            Answer::from(-1)
        }
        Fate::KillHalf => {
            half();
            die();
            Answer::from(-1)
        }
        Fate::KillAfter => {
            whole();
            die();
            Answer::from(-1)
        }
        Fate::Error(error) => {
            fail(*error);
            Answer::from(-1)
        }
    }
}

/// The C library's own function of this name and type.
macro_rules! real {
    ($name:literal as $kind:ty) => {{
        let name: &CStr = $name;
        // SAFETY: the C library has a function of this name and type; this library stands before it.
        unsafe { std::mem::transmute::<*mut c_void, $kind>(dlsym(NEXT, name.as_ptr())) }
    }};
}

/// Stands in for `write`.
///
/// # Safety
/// As of the function it stands in for.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn write(file: c_int, bytes: *const c_void, length: usize) -> isize {
    type Write = unsafe extern "C" fn(c_int, *const c_void, usize) -> isize;
    let real = real!(c"write" as Write);
    // SAFETY: the caller's promise, of no more than the caller's bytes.
    let some = |length| unsafe { real(file, bytes, length) };
    if file <= 2 || !is_below(&path_of(file)) {
        return some(length);
    }
    carry_out(&fate("write"), || some(length), || some(length / 2))
}

/// Stands in for `fsync`.
///
/// # Safety
/// As of the function it stands in for.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fsync(file: c_int) -> c_int {
    type Flush = unsafe extern "C" fn(c_int) -> c_int;
    let real = real!(c"fsync" as Flush);
    // SAFETY: the caller's promise.
    flush("fsync", file, || unsafe { real(file) })
}

/// Stands in for `fdatasync`.
///
/// # Safety
/// As of the function it stands in for.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fdatasync(file: c_int) -> c_int {
    type Flush = unsafe extern "C" fn(c_int) -> c_int;
    let real = real!(c"fdatasync" as Flush);
    // SAFETY: the caller's promise.
    flush("fdatasync", file, || unsafe { real(file) })
}

fn flush(name: &str, file: c_int, real: impl Fn() -> c_int) -> c_int {
    if !is_below(&path_of(file)) {
        return real();
    }
    carry_out(&fate(name), &real, &real)
}

/// Stands in for `open64`, which Rust's standard library calls; its third argument is read where there is one.
///
/// # Safety
/// As of the function it stands in for.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn open64(path: *const c_char, flags: c_int, mode: c_int) -> c_int {
    type Open = unsafe extern "C" fn(*const c_char, c_int, ...) -> c_int;
    let real = real!(c"open64" as Open);
    // SAFETY: the caller's promise.
    let (whole, path) = (|| unsafe { real(path, flags, mode) }, unsafe {
        CStr::from_ptr(path)
    });
    if flags & (WRITES | CREATES) == 0 || !is_below(path.to_bytes()) {
        return whole();
    }
    carry_out(&fate("open"), whole, whole)
}

/// Stands in for `mkdir`.
///
/// # Safety
/// As of the function it stands in for.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mkdir(path: *const c_char, mode: c_int) -> c_int {
    type Make = unsafe extern "C" fn(*const c_char, c_int) -> c_int;
    let real = real!(c"mkdir" as Make);
    // SAFETY: the caller's promise.
    let (whole, path) = (|| unsafe { real(path, mode) }, unsafe {
        CStr::from_ptr(path)
    });
    if !is_below(path.to_bytes()) {
        return whole();
    }
    carry_out(&fate("mkdir"), whole, whole)
}
