//! What only Windows needs.
#![expect(unsafe_code, reason = "Win32 calls; see SAFETY at each block")]

pub(crate) mod console;

use std::fs::File;
use std::io;
use std::os::windows::io::IntoRawHandle as _;

use windows_sys::Win32::System::Console::{STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, SetStdHandle};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, TerminateProcess};

/// Points this process's standard input and output at nothing, so that a driver's print-out does
/// not mix with ours. A C runtime that starts later, as a driver's own does, takes these handles.
pub(crate) fn turn_standard_output_away() -> io::Result<()> {
    for standard in [STD_INPUT_HANDLE, STD_OUTPUT_HANDLE] {
        let nowhere = File::options()
            .read(true)
            .write(true)
            .open("NUL")?
            .into_raw_handle();
        // SAFETY: the handle is open and stays so for the life of the process.
        if unsafe { SetStdHandle(standard, nowhere.cast()) } == 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

/// Ends this process without telling its libraries, a driver among them, that it ends.
pub(crate) fn end_process() {
    // SAFETY: the pseudo handle of this process is always valid, and needs no closing.
    unsafe { TerminateProcess(GetCurrentProcess(), 1) };
}
