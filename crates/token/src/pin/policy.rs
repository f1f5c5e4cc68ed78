//! What a new PIN must have, before a token is asked: the guides of the government CA's tokens.

use super::Pin;

/// The guides for both kinds of token ask for so many characters (2023); the middleware takes fewer.
pub const SHORTEST_NEW_PIN: usize = 8;

/// What is wrong with a new PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// Fewer characters than [`SHORTEST_NEW_PIN`].
    TooShort,
    /// No letter A to Z.
    NoUpperCase,
    /// No letter a to z.
    NoLowerCase,
    /// No digit.
    NoDigit,
    /// The old one.
    SameAsOld,
}

impl Pin {
    /// Everything that is wrong with it as a new PIN; `old` is the one it takes the place of, where that is
    /// known. That it is ASCII, and as long as the token says, [`Pin::new`] has seen to.
    #[must_use]
    pub fn violations(&self, old: Option<&Self>) -> Vec<Violation> {
        let has = |is_one: fn(&u8) -> bool| self.expose().as_bytes().iter().any(is_one);
        let rules = [
            (Violation::TooShort, self.expose().len() < SHORTEST_NEW_PIN),
            (Violation::NoUpperCase, !has(u8::is_ascii_uppercase)),
            (Violation::NoLowerCase, !has(u8::is_ascii_lowercase)),
            (Violation::NoDigit, !has(u8::is_ascii_digit)),
            (
                Violation::SameAsOld,
                old.is_some_and(|old| self.is_same(old)),
            ),
        ];
        let broken = rules.into_iter().filter(|(_, is_broken)| *is_broken);
        broken.map(|(violation, _)| violation).collect()
    }

    /// Whether somebody typed the same twice.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violations(new: &str) -> Vec<Violation> {
        let old = Pin::new("Old.Pin-1", None).unwrap();
        Pin::new(new, None).unwrap().violations(Some(&old))
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        use Violation::{NoDigit, NoLowerCase, NoUpperCase, SameAsOld, TooShort};
        for (new, expected) in [
            ("New.Pin-22", vec![]),
            ("1234", vec![TooShort, NoUpperCase, NoLowerCase]),
            ("abcdefgh", vec![NoUpperCase, NoDigit]),
            ("ABCDEFG8", vec![NoLowerCase]),
            ("Abcdef7", vec![TooShort]),
            ("Old.Pin-1", vec![SameAsOld]),
        ] {
            assert_eq!(violations(new), expected, "{new}");
        }
    }
}
