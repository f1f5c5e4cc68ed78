//! `driver-host MODULE`, hidden: this program as the home of one driver.

use std::path::Path;
use std::process::ExitCode;

use crate::failure::Exit;
use crate::files;

/// Serves the parent until it is done or gone.
pub(super) fn run(module: &Path) -> ExitCode {
    // Who ends all processes of a session or of a service (SIGTERM, SIGHUP; on Windows a closed console)
    // means this one too, and when to stop is the parent's to decide. Without this the driver dies in the
    // middle of a write, which the parent reports as such.
    ctrlc::set_handler(|| {}).ok();
    let mut held = None;
    let hold = |file: &Path| match files::hold(file) {
        Ok(lock) => {
            held = lock;
            held.is_some()
        }
        // where there are no locks the next run finds none either
        Err(_) => true,
    };
    match chungthu_token::host::run(module, hold) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => Exit::Internal.code(),
    }
}
