//! The smallest driver host: what the program's hidden command is, for tests and for trying drivers.

use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(module) = std::env::args_os().nth(1) else {
        return ExitCode::from(2);
    };
    match chungthu_token::host::run(module.as_ref(), |_| true) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
