//! The PIN: a type that cannot be printed, logged or serialised, and the check of its shape.

mod keyboard;
mod policy;
#[cfg(unix)]
mod terminal;
mod tries;

pub use keyboard::Keyboard;
use keyboard::{FIRST_PICTURE, LAST_PICTURE};
pub use policy::{SHORTEST_NEW_PIN, Violation};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroize as _;

/// How the user proves to be the user.
#[derive(Debug)]
pub enum Credential {
    /// A PIN, given to `C_Login`.
    Pin(Pin),
    /// The reader's own keys or the driver's own window.
    ProtectedAuthenticationPath,
}

/// A user PIN of a shape that may be sent to a token. Its bytes are wiped when it is dropped, and
/// its `Debug` shows nothing.
#[derive(Debug)]
pub struct Pin(SecretString);

/// Why a PIN was not sent: found here, so that it costs no try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PinShapeError {
    /// Nothing was typed.
    #[error("the PIN is empty")]
    Empty,
    /// A control character, such as a tab or an escape sequence.
    #[error("the PIN has a control character")]
    ControlCharacter,
    /// A full-width digit or letter, as some input methods write.
    #[error("the PIN has a full-width character")]
    FullWidth,
    /// A character outside ASCII, such as a Vietnamese letter: the input method was on.
    #[error("the PIN has a character outside ASCII")]
    NotAscii,
    /// Shorter than the token says it takes.
    #[error("the PIN is shorter than {minimum}")]
    TooShort {
        /// The token's minimum, in bytes.
        minimum: u64,
    },
    /// Longer than the token says it takes.
    #[error("the PIN is longer than {maximum}")]
    TooLong {
        /// The token's maximum, in bytes.
        maximum: u64,
    },
}

/// Writes over what functions that have returned left on the stack. Where a PIN was read and looked at,
/// whole pieces of it stay in dead frames (a check of eight bytes at once, a character being read), which
/// no owner wipes. To be called by the function that called those.
#[inline(never)]
pub fn wipe_stack() {
    let mut dead = [0_u8; DEAD_STACK];
    dead.zeroize();
    std::hint::black_box(&dead);
}

/// In bytes; reading and checking a PIN uses less.
const DEAD_STACK: usize = 32 * 1024;

/// More than any token takes; bounds the frame that carries a PIN.
pub(crate) const LONGEST_PIN: usize = 255;

impl Pin {
    /// Checks the shape of what was typed and copies it into a buffer that is wiped. The caller
    /// wipes its own. `lengths` are the token's minimum and maximum in bytes, where they make sense.
    ///
    /// # Errors
    /// When the PIN cannot be right. Blanks are allowed: a token may take them.
    pub fn new(typed: &str, lengths: Option<(u64, u64)>) -> Result<Self, PinShapeError> {
        if typed.is_empty() {
            return Err(PinShapeError::Empty);
        }
        if typed
            .chars()
            .any(|one| one.is_control() || (FIRST_PICTURE..=LAST_PICTURE).contains(&one))
        {
            return Err(PinShapeError::ControlCharacter);
        }
        if typed
            .chars()
            .any(|character| matches!(character, '\u{ff01}'..='\u{ff5e}' | '\u{3000}'))
        {
            return Err(PinShapeError::FullWidth);
        }
        if !typed.is_ascii() {
            return Err(PinShapeError::NotAscii);
        }
        let length = u64::try_from(typed.len()).unwrap_or(u64::MAX);
        if typed.len() > LONGEST_PIN {
            return Err(PinShapeError::TooLong {
                maximum: LONGEST_PIN as u64,
            });
        }
        match lengths {
            Some((minimum, _)) if length < minimum => Err(PinShapeError::TooShort { minimum }),
            Some((_, maximum)) if length > maximum => Err(PinShapeError::TooLong { maximum }),
            // an exact-size copy: the box never moves, so no second copy is left behind
            Some(_) | None => Ok(Self(SecretString::from(typed))),
        }
    }

    /// The bytes, for the one frame or the one call that needs them.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The secret as crate `cryptoki` wants it.
    pub(crate) const fn secret(&self) -> &SecretString {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_that_cannot_be_right_is_found_before_it_is_sent() {
        for (typed, expected) in [
            ("", PinShapeError::Empty),
            ("1234\t5", PinShapeError::ControlCharacter),
            ("\u{1b}[A123", PinShapeError::ControlCharacter),
            ("１２３４５６", PinShapeError::FullWidth),
            ("mậtkhẩu1", PinShapeError::NotAscii),
            ("123", PinShapeError::TooShort { minimum: 4 }),
            ("12345678901234567", PinShapeError::TooLong { maximum: 16 }),
        ] {
            assert_eq!(
                Pin::new(typed, Some((4, 16))).unwrap_err(),
                expected,
                "{typed:?}"
            );
        }
    }

    #[test]
    fn a_pin_is_not_printed() {
        let credential = Credential::Pin(Pin::new("Abc12345", None).unwrap());
        assert!(!format!("{credential:?}").contains("Abc"));
    }

    #[test]
    fn without_sensible_lengths_any_length_is_sent() {
        assert!(Pin::new("123456", None).is_ok());
        assert!(Pin::new(&"1".repeat(300), None).is_err());
    }
}
