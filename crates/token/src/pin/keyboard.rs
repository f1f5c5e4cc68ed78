//! What a person types at the terminal, unseen, key for key: no control character gets lost on the way.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use zeroize::Zeroizing;

#[cfg(unix)]
use super::terminal::Terminal;
#[cfg(windows)]
use crate::windows::console::Console as Terminal;

/// The first of the pictures of control characters, that of NUL; those of the others follow in their
/// order (Unicode, block "Control Pictures").
pub(super) const FIRST_PICTURE: char = '\u{2400}';
/// The picture of U+001F.
pub(super) const LAST_PICTURE: char = '\u{241F}';

/// One line of a keyboard for an editor of lines, UTF-8, a byte at a time. What is typed is not shown
/// while this lives.
///
/// Crate rpassword takes letters back and ends the line, but drops the control characters that it does
/// not know, and after an Esc the next letter: what is left would be sent as the PIN. So those come as
/// their pictures, which it keeps, which a backspace takes away, and which [`super::Pin::new`] refuses.
#[derive(Debug)]
pub struct Keyboard(Keys<Terminal>);

#[derive(Debug)]
struct Keys<Source> {
    source: Source,
    /// What is still to come of a picture.
    rest: Option<std::array::IntoIter<u8, 2>>,
    /// Ctrl-D ends the input at the beginning of a line alone.
    is_begun: bool,
}

impl Keyboard {
    /// The terminal of this process, wherever its standard input comes from. Once `interrupted` is set a
    /// read ends with [`io::ErrorKind::Interrupted`].
    ///
    /// # Errors
    /// When the process has no terminal.
    pub fn open(interrupted: Arc<AtomicBool>) -> io::Result<Self> {
        let terminal = Terminal::open(interrupted)?;
        Ok(Self(Keys::new(terminal)))
    }
}

impl Read for Keyboard {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl<Source> Keys<Source> {
    const fn new(source: Source) -> Self {
        Self {
            source,
            rest: None,
            is_begun: false,
        }
    }
}

impl<Source: Read> Read for Keys<Source> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(place) = buffer.first_mut() else {
            return Ok(0);
        };
        if let Some(byte) = self.rest.as_mut().and_then(Iterator::next) {
            *place = byte;
            return Ok(1);
        }
        let mut typed = Zeroizing::new([0_u8]);
        if self.source.read(typed.as_mut_slice())? == 0 {
            return Ok(0);
        }
        let [typed] = *typed;
        *place = match typed {
            // Ctrl-C, backspace, Enter, Ctrl-U, Ctrl-W
            0x03 | 0x08 | b'\n' | b'\r' | 0x15 | 0x17 => typed,
            // Ctrl-D
            0x04 if !self.is_begun => typed,
            0x00..=0x1F => {
                self.rest = Some([0x90, 0x80 | typed].into_iter());
                0xE2
            }
            // U+0080 to U+009F are control characters too: what comes in their place is refused as well
            0xC2 => 0xC3,
            _ => typed,
        };
        // after Ctrl-U the line is empty again
        self.is_begun = typed != 0x15;
        Ok(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pin::{Pin, PinShapeError};

    fn passed_on(typed: &str) -> String {
        let mut passed = String::new();
        let mut keys = Keys::new(typed.as_bytes());
        keys.read_to_string(&mut passed).unwrap();
        passed
    }

    #[test]
    fn what_an_editor_of_lines_knows_comes_as_it_is() {
        for typed in [
            "123456\n",
            "mậtkhẩu\r",
            "12\u{7f}\u{8}3\u{17}\u{15}\u{4}",
            "\u{3}",
            "\u{4}",
            "ÂÃ１",
        ] {
            assert_eq!(passed_on(typed), typed);
        }
    }

    #[test]
    fn no_other_control_character_gets_lost() {
        let others = ('\0'..='\u{9f}')
            .filter(|one| one.is_control() && !"\u{3}\u{8}\n\r\u{15}\u{17}\u{7f}".contains(*one));
        for control in others {
            let typed = format!("12{control}3456");
            let passed = passed_on(&typed);
            assert_eq!(passed.chars().count(), 7, "{typed:?}");
            assert!(!passed.contains(char::is_control), "{passed:?}");
            let refused = Pin::new(&passed, None).unwrap_err();
            let expected = if control < ' ' {
                PinShapeError::ControlCharacter
            } else {
                PinShapeError::NotAscii
            };
            assert_eq!(refused, expected, "{typed:?}");
        }
    }
}
