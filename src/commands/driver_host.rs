//! `driver-host MODULE`, hidden: this program as the home of one driver.

use std::path::Path;
use std::process::ExitCode;

use crate::failure::Exit;

/// Serves the parent until it is done or gone.
pub(super) fn run(module: &Path) -> ExitCode {
    // Who ends all processes of a session or of a service (SIGTERM, SIGHUP; on Windows a closed console)
    // means this one too, and when to stop is the parent's to decide. Without this the driver dies in the
    // middle of a write, which the parent reports as such.
    ctrlc::set_handler(|| {}).ok();
    match chungthu_token::host::run(module) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => Exit::Internal.code(),
    }
}
