//! Carrying out a call that a scenario has something to say about.

use std::{path::Path, time::Duration};

use cryptoki_sys::*;

use super::general;
use crate::{
    library::{Library, Manner},
    refusal::Refusal,
    scenario::{self, Deed, Effect, Kill, Scenario},
};

/// How often a file that is waited for is looked for.
const PAUSE: Duration = Duration::from_millis(2);

/// Reads the scenario, if the environment names one, before the first call is counted. One that
/// cannot be read or understood is an error of the call.
pub(super) fn prepare(library: &mut Library) -> Result<(), Refusal> {
    if library.has_scenario() {
        return Ok(());
    }
    let Some(file) = general::scenario_file() else {
        return Ok(());
    };
    let scenario = Scenario::read(&file).ok_or(Refusal(CKR_GENERAL_ERROR))?;
    library.follow(scenario)
}

/// Does the deed and the work, in the order that the deed wants.
pub(super) fn carry_out(
    deed: Deed,
    library: &mut Library,
    work: impl FnOnce(&mut Library) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    match deed {
        Deed::Answer { answer, effect } => {
            match effect {
                Effect::None => {}
                Effect::Half => {
                    library.in_manner(Manner::Half, work).ok();
                }
                Effect::Done => {
                    work(library).ok();
                }
            }
            if answer.0 == CKR_OK {
                Ok(())
            } else {
                Err(Refusal(answer.0))
            }
        }
        Deed::Lie { nonsense } => library.in_manner(Manner::Lie(nonsense), work),
        Deed::Hang { .. } => loop {
            std::thread::sleep(Duration::from_secs(1));
        },
        Deed::Kill { kill } => carry_out_and_kill(kill, library, work),
        Deed::Interrupt { .. } => {
            interrupt()?;
            work(library)
        }
        Deed::Exit { exit } => leave(exit),
        Deed::Print { print } => {
            say(&print);
            work(library)
        }
        Deed::Threads { threads } => {
            for _ in 0..threads {
                std::thread::spawn(|| {
                    loop {
                        std::thread::sleep(Duration::from_secs(1));
                    }
                });
            }
            work(library)
        }
        Deed::LogOut { .. } => {
            library.lose_logins();
            work(library)
        }
        Deed::Remove { .. } => {
            rename(scenario::take_away)?;
            work(library)
        }
        Deed::Return { .. } => {
            rename(scenario::bring_back)?;
            work(library)
        }
        Deed::WaitFor { file } => {
            wait_for(&file);
            work(library)
        }
    }
}

fn carry_out_and_kill(
    kill: Kill,
    library: &mut Library,
    work: impl FnOnce(&mut Library) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    match kill {
        Kill::HostBefore => kill_this(),
        Kill::HostAfter => {
            work(library).ok();
            kill_this()
        }
        Kill::ProgramBefore => {
            kill_the_program()?;
            work(library)
        }
        Kill::ProgramAfter => {
            let outcome = work(library);
            kill_the_program()?;
            outcome
        }
    }
}

#[cfg(unix)]
fn kill_this() -> ! {
    use rustix::process::{Signal, getpid, kill_process};
    kill_process(getpid(), Signal::KILL).ok();
    std::process::abort()
}

#[cfg(not(unix))]
fn kill_this() -> ! {
    std::process::abort()
}

/// Kills the process that started this one, and waits until it is gone: what comes next happens after it.
#[cfg(unix)]
fn kill_the_program() -> Result<(), Refusal> {
    use rustix::process::{Signal, getppid, kill_process};
    let program = getppid().ok_or(Refusal(CKR_GENERAL_ERROR))?;
    kill_process(program, Signal::KILL).map_err(|_| Refusal(CKR_GENERAL_ERROR))?;
    // another process takes its orphans over at that moment
    while getppid() == Some(program) {
        std::thread::sleep(PAUSE);
    }
    Ok(())
}

/// A terminal tells every process of its group, so both are told.
#[cfg(unix)]
fn interrupt() -> Result<(), Refusal> {
    use rustix::process::{Signal, getpid, getppid, kill_process};
    let program = getppid().ok_or(Refusal(CKR_GENERAL_ERROR))?;
    for process in [getpid(), program] {
        kill_process(process, Signal::INT).map_err(|_| Refusal(CKR_GENERAL_ERROR))?;
    }
    // the other process hears of it in its own time
    std::thread::sleep(10 * PAUSE);
    Ok(())
}

#[cfg(not(unix))]
fn interrupt() -> Result<(), Refusal> {
    Err(Refusal(CKR_FUNCTION_NOT_SUPPORTED))
}

#[cfg(not(unix))]
fn kill_the_program() -> Result<(), Refusal> {
    Err(Refusal(CKR_FUNCTION_NOT_SUPPORTED))
}

#[expect(
    clippy::exit,
    clippy::disallowed_methods,
    reason = "some drivers do, and the program must survive it"
)]
fn leave(status: u8) -> ! {
    std::process::exit(status.into())
}

#[expect(
    clippy::print_stdout,
    reason = "some drivers do, and the program must survive it"
)]
fn say(text: &str) {
    use std::io::Write as _;
    print!("{text}");
    std::io::stdout().flush().ok();
}

fn rename(change: fn(&Path) -> std::io::Result<()>) -> Result<(), Refusal> {
    let folder = general::folder().ok_or(Refusal(CKR_GENERAL_ERROR))?;
    change(&folder).map_err(|_| Refusal(CKR_GENERAL_ERROR))
}

fn wait_for(file: &Path) {
    while !file.exists() {
        std::thread::sleep(PAUSE);
    }
}
