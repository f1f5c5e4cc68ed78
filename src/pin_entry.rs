//! The PIN's way in: the prompt, standard input, a file, a variable. Every buffer is wiped.

use std::fs::File;
use std::io::{self, ErrorKind, IsTerminal as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use chungthu_token::pin::{Credential, Keyboard, Pin, PinShapeError, Violation, wipe_stack};
use chungthu_token::token::TokenInformation;
use zeroize::Zeroizing;

use crate::arguments::PinSource;
use crate::failure::{Code, Failure, from_shape, from_violations};
use crate::files;
use crate::page::Page;
use crate::screen::Screen;
use crate::settings;
use crate::words::{Hint, Prompt, What};

/// More than any PIN; a larger file is not a PIN file.
const LONGEST_INPUT: usize = 1024;

/// How often a wait for somebody else's PIN looks whether the run is to end.
const LOOK: Duration = Duration::from_millis(50);

/// An empty line is asked about again this many times.
const EMPTY_LINES: usize = 2;

/// Which PIN is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// The user's, for a login.
    User,
    /// The user's, which another is to take the place of.
    Old,
    /// The one that is to be.
    New,
    /// The same once more.
    NewAgain,
    /// The security officer's.
    Officer,
}

impl Asked {
    fn question(self, token: &TokenInformation) -> Prompt {
        let (label, serial) = (token.label.clone(), token.serial.clone());
        match self {
            Self::User => Prompt::Pin { label, serial },
            Self::Old => Prompt::OldPin { label, serial },
            Self::New => Prompt::NewPin,
            Self::NewAgain => Prompt::NewPinAgain,
            Self::Officer => Prompt::SoPin { label, serial },
        }
    }

    /// The token tells the lengths of the user's PIN only.
    fn lengths(self, token: &TokenInformation) -> Option<(u64, u64)> {
        token.pin_lengths().filter(|_| self != Self::Officer)
    }
}

/// Gets the PIN for this token. A shape error on a terminal asks again: nothing has been sent yet. The
/// asking ends once `interrupted` is set.
pub(crate) fn obtain(
    asked: Asked,
    source: Option<&PinSource>,
    token: &TokenInformation,
    interrupted: &Arc<AtomicBool>,
    screen: &mut Screen,
) -> Result<Credential, Failure> {
    let credential = take(asked, source, token, interrupted, screen);
    wipe_stack();
    credential
}

/// Gets a new PIN: at a terminal twice, and asked for again until it can be sent. `old` is the user's old
/// one, where it is known.
pub(crate) fn obtain_new(
    source: Option<&PinSource>,
    old: Option<&Credential>,
    token: &TokenInformation,
    interrupted: &Arc<AtomicBool>,
    screen: &mut Screen,
) -> Result<Credential, Failure> {
    let is_typed = match source {
        None => !token.has_protected_authentication_path(),
        Some(PinSource::Prompt) => true,
        Some(_) => false,
    };
    loop {
        let new = obtain(Asked::New, source, token, interrupted, screen)?;
        let violations = violations(&new, old);
        if violations.is_empty() {
            if !is_typed {
                return Ok(new);
            }
            let again = obtain(Asked::NewAgain, source, token, interrupted, screen)?;
            if is_same(&new, &again) {
                return Ok(new);
            }
            let mut page = Page::new();
            page.paragraph(&screen.say(&Prompt::NewPinDiffers));
            screen.tell(&page);
            continue;
        }
        let failure = from_violations(&violations, screen.words());
        if !is_typed {
            return Err(failure);
        }
        let mut page = Page::new();
        page.paragraph(&screen.say(&*failure.what));
        page.paragraph(&screen.say(&Prompt::PinNotSent));
        screen.tell(&page);
    }
}

fn violations(new: &Credential, old: Option<&Credential>) -> Vec<Violation> {
    match (new, old) {
        (Credential::Pin(new), Some(Credential::Pin(old))) => new.violations(Some(old)),
        (Credential::Pin(new), _) => new.violations(None),
        (Credential::ProtectedAuthenticationPath, _) => Vec::new(),
    }
}

fn is_same(one: &Credential, other: &Credential) -> bool {
    match (one, other) {
        (Credential::Pin(one), Credential::Pin(other)) => one.is_same(other),
        _ => true,
    }
}

#[inline(never)]
fn take(
    asked: Asked,
    source: Option<&PinSource>,
    token: &TokenInformation,
    interrupted: &Arc<AtomicBool>,
    screen: &mut Screen,
) -> Result<Credential, Failure> {
    let by_token = token.has_protected_authentication_path();
    match source {
        None if by_token => by_reader(token, screen),
        Some(PinSource::Token) => by_reader(token, screen),
        None | Some(PinSource::Prompt) => prompt(asked, token, interrupted, screen),
        Some(PinSource::StandardInput) => {
            let typed = unless_interrupted(interrupted, || {
                let source = files::standard_input()?;
                // a file can be read to its end; a pipe may be kept open after the line
                if source.metadata().is_ok_and(|metadata| metadata.is_file()) {
                    files::read_from(source, LONGEST_INPUT).map(Zeroizing::new)
                } else {
                    line_from(source)
                }
            });
            from_bytes(typed, "stdin", asked.lengths(token))
        }
        Some(PinSource::File(path)) => {
            // a pipe too: a shell's or a password manager's
            let file = path.clone();
            let typed = unless_interrupted(interrupted, || {
                files::read_from(File::open(file)?, LONGEST_INPUT).map(Zeroizing::new)
            });
            from_bytes(typed, &path.display().to_string(), asked.lengths(token))
        }
        Some(PinSource::Environment(name)) => match settings::pin_variable(name) {
            Some(typed) => shaped(&typed, asked.lengths(token)).map_err(from_shape),
            None => Err(not_given(name.clone())),
        },
    }
}

/// What a pipe gives, which may be nothing for ever. A thread of its own reads, because a read that waits
/// cannot be called back.
fn unless_interrupted(
    interrupted: &AtomicBool,
    read: impl FnOnce() -> io::Result<Zeroizing<Vec<u8>>> + Send + 'static,
) -> io::Result<Zeroizing<Vec<u8>>> {
    let (sender, typed) = mpsc::channel();
    std::thread::spawn(move || {
        let bytes = read();
        wipe_stack();
        // nobody waits any more if the end was faster
        sender.send(bytes).ok();
    });
    loop {
        match typed.recv_timeout(LOOK) {
            Ok(bytes) => return bytes,
            Err(mpsc::RecvTimeoutError::Disconnected) => return Err(ErrorKind::BrokenPipe.into()),
            Err(mpsc::RecvTimeoutError::Timeout) if interrupted.load(Ordering::SeqCst) => {
                return Err(ErrorKind::Interrupted.into());
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {}
        }
    }
}

fn by_reader(token: &TokenInformation, screen: &mut Screen) -> Result<Credential, Failure> {
    let mut page = Page::below();
    page.paragraph(&screen.say(&Prompt::PinOnReader {
        label: token.label.clone(),
        serial: token.serial.clone(),
    }));
    screen.tell(&page);
    Ok(Credential::ProtectedAuthenticationPath)
}

fn prompt(
    asked: Asked,
    token: &TokenInformation,
    interrupted: &Arc<AtomicBool>,
    screen: &mut Screen,
) -> Result<Credential, Failure> {
    let text = screen.say(&asked.question(token));
    let mut empty = 0;
    loop {
        let keyboard = Keyboard::open(Arc::clone(interrupted)).map_err(|_| no_terminal())?;
        // We print the prompt ourselves: rpassword writes UTF-8 where a Windows console reads its
        // own code page.
        screen.prompt(&format!("\n{text} "));
        let line = rpassword::ConfigBuilder::new().input_reader(keyboard);
        let typed = rpassword::read_password_with_config(line.output_discard().build());
        screen.prompt("\n");
        let typed = typed
            .map(Zeroizing::new)
            .map_err(|error| unreadable(&error))?;
        match shaped(&typed, asked.lengths(token)) {
            Ok(credential) => return Ok(credential),
            // the end of the input reads as an empty line too, and would be asked for ever
            Err(PinShapeError::Empty) if empty == EMPTY_LINES => {
                return Err(Failure::new(Code::PinNotGiven, What::PinEmpty).hint(Hint::TryAgain));
            }
            Err(error) => {
                empty = if error == PinShapeError::Empty {
                    empty + 1
                } else {
                    0
                };
                let mut page = Page::new();
                page.paragraph(&screen.say(&*from_shape(error).what));
                page.paragraph(&screen.say(&Prompt::PinNotSent));
                screen.tell(&page);
            }
        }
    }
}

fn no_terminal() -> Failure {
    Failure::new(Code::NoTerminal, What::NoTerminalForPin).hint(Hint::PinFromElsewhere)
}

/// A line that has no end: a no, or a terminal that went away.
fn unreadable(error: &io::Error) -> Failure {
    // Ctrl-C and Ctrl-D
    let is_no = error.kind() == ErrorKind::Interrupted
        || (error.kind() == ErrorKind::UnexpectedEof && io::stdin().is_terminal());
    if is_no {
        Failure::new(Code::Cancelled, What::Cancelled)
    } else {
        no_terminal()
    }
}

fn from_bytes(
    bytes: io::Result<Zeroizing<Vec<u8>>>,
    source: &str,
    lengths: Option<(u64, u64)>,
) -> Result<Credential, Failure> {
    let bytes = bytes.map_err(|error| {
        if error.kind() == ErrorKind::Interrupted {
            Failure::new(Code::Cancelled, What::Cancelled)
        } else {
            not_given(source.to_owned())
        }
    })?;
    if is_text(&bytes) {
        let source = source.to_owned();
        return Err(
            Failure::new(Code::PinShape, What::PinIsText { source }).hint(Hint::PinFromElsewhere)
        );
    }
    let Some(line) = first_line(&bytes) else {
        return Err(not_given(source.to_owned()));
    };
    let typed = std::str::from_utf8(line).map_err(|_| from_shape(PinShapeError::NotAscii))?;
    shaped(typed, lengths).map_err(from_shape)
}

/// Reads to the end of the first line and no further: whoever writes may keep the pipe open. Byte by
/// byte, into one buffer that never grows and is wiped.
fn line_from(mut source: impl io::Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST_INPUT));
    let mut byte = Zeroizing::new([0_u8]);
    while line.len() < LONGEST_INPUT {
        match source.read(byte.as_mut_slice()) {
            Ok(0) => break,
            Ok(_) if *byte == *b"\n" => break,
            Ok(_) => line.extend_from_slice(byte.as_slice()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(line)
}

/// Whether this is something else than a PIN alone, a certificate above all: trying its first line would
/// cost a try.
fn is_text(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let lines = bytes.split(|byte| *byte == b'\n');
    bytes.trim_ascii_start().starts_with(b"-----BEGIN")
        || lines.filter(|line| !line.trim_ascii().is_empty()).count() > 1
}

/// The first line without its end; `None` if nothing is there.
fn first_line(bytes: &[u8]) -> Option<&[u8]> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let line = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    (!line.is_empty()).then_some(line)
}

fn shaped(typed: &str, lengths: Option<(u64, u64)>) -> Result<Credential, PinShapeError> {
    Pin::new(typed, lengths).map(Credential::Pin)
}

fn not_given(source: String) -> Failure {
    Failure::new(Code::PinNotGiven, What::PinNotGiven { source }).hint(Hint::PinFromElsewhere)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_made_by_an_editor_on_windows_holds_the_pin_alone() {
        assert_eq!(
            first_line(b"\xEF\xBB\xBF1234\r\n\r\n"),
            Some(b"1234".as_slice())
        );
        assert!(!is_text(b"\xEF\xBB\xBF1234\r\n\r\n"));
        assert_eq!(first_line(b"12 34"), Some(b"12 34".as_slice()));
        assert_eq!(first_line(b"\r\n1234"), None);
    }

    #[test]
    fn a_certificate_is_no_pin() {
        for text in [
            "-----BEGIN CERTIFICATE-----",
            "\u{FEFF}\r\n-----BEGIN PKCS7-----\r\n",
            "MIIB\nAAAA\n",
            "1234\nnote",
        ] {
            assert!(is_text(text.as_bytes()), "{text:?}");
        }
        assert!(!is_text(b"12 34\n"));
    }

    #[test]
    fn a_pipe_that_stays_open_is_read_to_the_end_of_its_first_line() {
        struct Open<'a>(&'a [u8]);
        impl io::Read for Open<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                assert!(!self.0.is_empty(), "read past the first line");
                self.0.read(buffer)
            }
        }
        let line = line_from(Open(b"1234\r\n")).unwrap();
        assert_eq!(first_line(&line), Some(b"1234".as_slice()));
        assert_eq!(line_from(&[b'1'; 2000][..]).unwrap().len(), LONGEST_INPUT);
    }
}
