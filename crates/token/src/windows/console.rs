//! The console of this process, which shows nothing of what is typed.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::os::windows::io::AsRawHandle as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use windows_sys::Win32::Foundation::HANDLE;
use windows_sys::Win32::System::Console::{
    CONSOLE_MODE, ENABLE_PROCESSED_INPUT, GetConsoleMode, ReadConsoleW, SetConsoleMode,
};
use zeroize::{Zeroize as _, Zeroizing};

/// How long the handler of Ctrl-C, which has a thread of its own, may take to be done.
const HANDLED: Duration = Duration::from_millis(500);

/// Every letter as it is typed, in UTF-8. The console is as it was when this is dropped.
#[derive(Debug)]
pub(crate) struct Console {
    device: File,
    before: CONSOLE_MODE,
    interrupted: Arc<AtomicBool>,
    /// A letter that was not fetched as a whole yet: its bytes, the first and the end of what is left.
    letter: Zeroizing<[u8; 4]>,
    left: std::ops::Range<usize>,
}

impl Console {
    pub(crate) fn open(interrupted: Arc<AtomicBool>) -> io::Result<Self> {
        let device = File::options().read(true).write(true).open("CONIN$")?;
        let mut before = 0;
        // SAFETY: the handle is open, and the mode is written to a variable of its type.
        if unsafe { GetConsoleMode(handle(&device), &raw mut before) } == 0 {
            return Err(io::Error::last_os_error());
        }
        let console = Self {
            device,
            before,
            interrupted,
            letter: Zeroizing::default(),
            left: 0..0,
        };
        // nothing shown, no lines, no escape sequences for keys without a letter; Ctrl-C stays a signal
        console.set_mode(ENABLE_PROCESSED_INPUT)?;
        Ok(console)
    }

    fn set_mode(&self, mode: CONSOLE_MODE) -> io::Result<()> {
        // SAFETY: the handle is open.
        if unsafe { SetConsoleMode(handle(&self.device), mode) } == 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(())
    }

    /// The next UTF-16 unit.
    fn unit(&self) -> io::Result<u16> {
        let (mut unit, mut count) = (0_u16, 0);
        // SAFETY: the handle is open; there is room for the one unit that is asked for.
        let is_read = unsafe {
            ReadConsoleW(
                handle(&self.device),
                (&raw mut unit).cast(),
                1,
                &raw mut count,
                std::ptr::null(),
            )
        };
        if is_read != 0 && count == 1 {
            return Ok(unit);
        }
        let error = io::Error::last_os_error();
        // Ctrl-C ends the read with nothing in it
        let begin = Instant::now();
        while begin.elapsed() < HANDLED {
            if self.interrupted.load(Ordering::SeqCst) {
                return Err(ErrorKind::Interrupted.into());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Err(if is_read == 0 {
            error
        } else {
            ErrorKind::UnexpectedEof.into()
        })
    }

    /// The next letter; half a surrogate pair is no letter, and no PIN has one.
    fn fetch(&mut self) -> io::Result<()> {
        let mut units = Zeroizing::new([self.unit()?, 0]);
        let [first, second] = &mut *units;
        let is_pair = (0xD800..0xDC00).contains(first);
        if is_pair {
            *second = self.unit()?;
        }
        let mut letters = char::decode_utf16(units.iter().copied());
        let letter = letters.next().and_then(Result::ok);
        let letter = letter.unwrap_or(char::REPLACEMENT_CHARACTER);
        let length = letter.encode_utf8(&mut *self.letter).len();
        self.left = 0..length;
        Ok(())
    }
}

fn handle(device: &File) -> HANDLE {
    device.as_raw_handle().cast()
}

impl Read for Console {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left.is_empty() {
            self.fetch()?;
        }
        let Some(bytes) = self.letter.get_mut(self.left.clone()) else {
            return Ok(0);
        };
        let length = (&*bytes).read(buffer)?;
        self.left.start += length;
        if self.left.is_empty() {
            self.letter.zeroize();
        }
        Ok(length)
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        // a console that is gone shows nothing
        self.set_mode(self.before).ok();
    }
}
