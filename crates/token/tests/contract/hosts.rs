//! Hosts that fail: each is an error with a name, never a hang.

#[cfg(unix)]
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
#[cfg(unix)]
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
#[cfg(unix)]
use std::sync::atomic::Ordering;
use std::time::Duration;

use chungthu_test_support::{Driver as TestDriver, Office};
use chungthu_token::error::{Cause, TokenError};
use chungthu_token::host::{HostCommand, HostLauncher, TimeLimits};
use chungthu_token::module::{Discovery, ModulePath, discover};
use chungthu_token::session::Launcher;
#[cfg(unix)]
use chungthu_token::session::SlotDetail;

use crate::bench::host_program;

/// A driver that is there; the hosts of these tests never get to it.
fn module() -> ModulePath {
    let program = host_program();
    let office = Office::new(program.to_str().unwrap(), TestDriver::SoftToken).unwrap();
    ModulePath::check(office.library()).unwrap()
}

fn launch(program: &str, arguments: &[&str]) -> Cause {
    fails(program, arguments, |_| ()).cause
}

/// What a host is told as that fails, when it is started with some of its settings other than usual.
fn fails(program: &str, arguments: &[&str], change: impl FnOnce(&mut HostLauncher)) -> TokenError {
    let mut launcher = HostLauncher {
        command: HostCommand {
            program: PathBuf::from(program),
            arguments: arguments.iter().map(Into::into).collect(),
            environment: Vec::new(),
            withheld: Vec::new(),
        },
        limits: TimeLimits {
            launch: Duration::from_millis(300),
            ..TimeLimits::default()
        },
        interrupted: Arc::default(),
        held: Arc::default(),
    };
    change(&mut launcher);
    match launcher.launch(&module()) {
        Ok(_) => panic!("{program} is no host"),
        Err(error) => error,
    }
}

#[test]
#[cfg(unix)]
fn a_host_that_says_nothing_is_ended_in_time() {
    let begin = std::time::Instant::now();
    let cause = launch("/bin/sh", &["-c", "sleep 60"]);
    assert_eq!(cause, Cause::DriverTimedOut { seconds: 0 });
    assert!(begin.elapsed() < Duration::from_secs(10));
}

#[test]
#[cfg(unix)]
fn a_host_that_dies_is_told_with_its_signal_or_exit_code() {
    let killed = launch("/bin/sh", &["-c", "kill -SEGV $$"]);
    assert_eq!(
        killed,
        Cause::DriverCrashed {
            status: "signal 11".into()
        }
    );
    let left = launch("/bin/sh", &["-c", "exit 3"]);
    assert_eq!(
        left,
        Cause::DriverCrashed {
            status: "exit code 3".into()
        }
    );
}

#[test]
#[cfg(unix)]
fn a_host_that_talks_nonsense_is_not_believed() {
    let cause = launch("/bin/sh", &["-c", "echo Driver ready; sleep 60"]);
    assert!(
        matches!(cause, Cause::DriverIncomprehensible { .. }),
        "{cause:?}"
    );
}

/// A host of which only the announcement of a call is real.
#[cfg(unix)]
fn calling(then: &str) -> TokenError {
    // like a host, it says nothing before it was asked
    let script =
        format!("head -c 1 >/dev/null; printf 'CTHC\\014\\000\\000\\000C_Initialize'; {then}");
    fails("/bin/sh", &["-c", &script], |launcher| {
        launcher.limits.launch = Duration::from_secs(3);
    })
}

#[test]
#[cfg(unix)]
fn a_host_that_fails_is_told_with_the_call_it_announced() {
    for then in [
        "kill -SEGV $$",
        "exit 0",
        "echo nonsense; sleep 60",
        "sleep 60",
    ] {
        let error = calling(then);
        let call = error.call.expect(then);
        assert_eq!(call.function, "C_Initialize", "{then}");
        assert_eq!(call.return_value, None, "{then}");
    }
    let error = fails("/bin/sh", &["-c", "exit 3"], |_| ());
    assert_eq!(error.call, None);
}

#[test]
#[cfg(unix)]
fn a_host_that_is_gone_is_told_though_something_it_started_holds_its_pipe_open() {
    let begin = std::time::Instant::now();
    let error = fails("/bin/sh", &["-c", "sleep 20 & kill -SEGV $$"], |launcher| {
        launcher.limits.launch = Duration::from_secs(15);
    });
    let status = "signal 11".to_owned();
    assert_eq!(error.cause, Cause::DriverCrashed { status });
    assert!(begin.elapsed() < Duration::from_secs(10));
}

#[test]
#[cfg(unix)]
fn a_person_who_wants_to_stop_does_not_wait_for_a_driver_that_hangs() {
    let begin = std::time::Instant::now();
    let error = fails("/bin/sh", &["-c", "sleep 60"], |launcher| {
        launcher.limits.launch = Duration::from_secs(60);
        launcher.limits.stopping = Duration::from_millis(300);
        launcher.interrupted.store(true, Ordering::SeqCst);
    });
    assert!(
        matches!(error.cause, Cause::DriverTimedOut { .. }),
        "{error}"
    );
    assert!(begin.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_host_program_that_is_not_there_is_an_error() {
    let cause = launch("no-such-program", &[]);
    assert!(matches!(cause, Cause::ModuleFailed { .. }), "{cause:?}");
}

#[test]
fn the_soft_tokens_file_is_a_driver_and_the_host_program_is_none() {
    let program = host_program();
    let office = Office::new(program.to_str().unwrap(), TestDriver::SoftToken).unwrap();
    let named = vec![office.library().to_owned(), program];
    let found = discover(&Discovery {
        named,
        ..Discovery::default()
    })
    .found;
    assert!(found[0].module.is_ok());
    let error = found[1].module.as_ref().unwrap_err();
    assert!(
        matches!(error.cause, Cause::ModuleNotPkcs11 { .. }),
        "{error}"
    );
}

/// A driver that does this to its process, on a token of the soft token.
#[cfg(unix)]
fn behaving(manners: &str) {
    let program = host_program();
    let office = Office::new(program.to_str().unwrap(), TestDriver::SoftToken).unwrap();
    let token = office.token("Van phong");
    let name = format!("{}bad_manners{}", DLL_PREFIX, DLL_SUFFIX);
    let driver = ModulePath::check(&program.with_file_name(name)).unwrap();
    let mut environment: Vec<(OsString, OsString)> = vec![
        ("CHUNGTHU_TEST_MANNERS".into(), manners.into()),
        ("CHUNGTHU_TEST_DRIVER".into(), office.library().into()),
    ];
    let of_office = office.environment().into_iter();
    environment.extend(of_office.map(|(name, value)| (name.into(), value)));
    let launcher = HostLauncher::new(HostCommand {
        program,
        arguments: Vec::new(),
        environment,
        withheld: Vec::new(),
    });

    let mut driver = launcher.launch(&driver).unwrap();
    let slots = driver.slots(SlotDetail::Token).unwrap();
    let mut serials = slots.iter().flat_map(|slot| &slot.token);
    assert!(serials.any(|one| one.serial == token.serial()), "{manners}");
    driver.finish().unwrap();
}

#[test]
#[cfg(unix)]
fn what_a_driver_does_to_its_process_is_not_felt_outside_of_it() {
    for manners in [
        "changes-folder",
        "closes-files",
        "hangs-at-exit",
        "leaves-child",
        "takes-signals",
    ] {
        let begin = std::time::Instant::now();
        behaving(manners);
        assert!(begin.elapsed() < Duration::from_secs(10), "{manners}");
    }
}
