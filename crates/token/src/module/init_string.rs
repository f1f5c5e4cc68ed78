//! What a driver wants to hear when it starts: where NSS finds its database, for instance.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The text for `C_Initialize` (`pReserved`, which NSS calls `LibraryParameters`). It may name a
/// person's folders, so that only its length is ever shown.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InitString(String);

impl InitString {
    /// `None` if the text is empty or holds a NUL byte, at which a driver would stop reading.
    #[must_use]
    pub fn new(text: String) -> Option<Self> {
        (!text.is_empty() && !text.contains('\0')).then_some(Self(text))
    }

    /// Its length, in bytes.
    #[must_use]
    pub const fn length(&self) -> usize {
        self.0.len()
    }

    /// The text, for the driver and for nobody else.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for InitString {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "InitString({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_init_string_shows_its_length_and_not_its_text() {
        let init = InitString::new("configdir='sql:/home/an'".into()).unwrap();
        assert_eq!(format!("{init:?}"), "InitString(24 bytes)");
    }

    #[test]
    fn a_text_that_a_driver_would_not_read_to_its_end_is_no_init_string() {
        assert_eq!(InitString::new("a\0b".into()), None);
        assert_eq!(InitString::new(String::new()), None);
    }
}
