//! The terminal of this process on Unix, which shows nothing of what is typed.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::termios::{
    InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
};

/// Every key as it is pressed. The terminal is as it was when this is dropped.
#[derive(Debug)]
pub(super) struct Terminal {
    device: File,
    before: Termios,
    interrupted: Arc<AtomicBool>,
}

impl Terminal {
    pub(super) fn open(interrupted: Arc<AtomicBool>) -> io::Result<Self> {
        let device = File::open("/dev/tty")?;
        let before = tcgetattr(&device)?;
        let mut modes = before.clone();
        // nothing shown, no lines, and no key that the terminal keeps for itself: Ctrl-C, Ctrl-Z; Ctrl-V
        modes.local_modes -= LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON;
        modes.local_modes -= LocalModes::ISIG | LocalModes::IEXTEN;
        // Ctrl-S
        modes.input_modes -= InputModes::IXON;
        // A read comes back every tenth of a second. A signal would not end it: its handler asks for
        // calls to be taken up again, and macOS cannot poll this device.
        modes.special_codes[SpecialCodeIndex::VMIN] = 0;
        modes.special_codes[SpecialCodeIndex::VTIME] = 1;
        tcsetattr(&device, OptionalActions::Now, &modes)?;
        Ok(Self {
            device,
            before,
            interrupted,
        })
    }
}

impl Read for Terminal {
    /// Never 0: the end of the input is a key.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.interrupted.load(Ordering::SeqCst) {
                return Err(ErrorKind::Interrupted.into());
            }
            let length = self.device.read(buffer)?;
            if length > 0 {
                return Ok(length);
            }
            // nothing was typed, or the terminal is gone: then it has no modes either
            tcgetattr(&self.device)?;
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // a terminal that is gone shows nothing
        tcsetattr(&self.device, OptionalActions::Now, &self.before).ok();
    }
}
