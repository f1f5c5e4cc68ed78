//! Hosts that fail: each is an error with a name, never a hang.

use std::path::PathBuf;
use std::time::Duration;

use chungthu_test_support::{Driver as TestDriver, Office};
use chungthu_token::error::Cause;
use chungthu_token::host::{HostCommand, HostLauncher, TimeLimits};
use chungthu_token::module::{Discovery, ModulePath, discover};
use chungthu_token::session::Launcher;

use crate::bench::host_program;

/// A driver that is there; the hosts of these tests never get to it.
fn module() -> ModulePath {
    let program = host_program();
    let office = Office::new(program.to_str().unwrap(), TestDriver::SoftToken).unwrap();
    ModulePath::check(office.library()).unwrap()
}

fn launch(program: &str, arguments: &[&str]) -> Cause {
    let launcher = HostLauncher {
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
    };
    match launcher.launch(&module()) {
        Ok(_) => panic!("{program} is no host"),
        Err(error) => error.cause,
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
