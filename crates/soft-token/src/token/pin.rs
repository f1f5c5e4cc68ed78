//! A PIN as the token keeps it: a salted, iterated hash and the wrong tries since the last right one.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroize as _;

use super::{NoRandomness, fill_random};

/// How many bytes a PIN has, as on the bit4id tokens.
pub(crate) const PIN_LENGTHS: RangeInclusive<usize> = 4..=16;

/// Some milliseconds of work: enough to show how it is done, little enough for tests.
const ROUNDS: u32 = 10_000;

/// One PIN of a token.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Pin {
    salt: [u8; 16],
    digest: [u8; 32],
    wrong_tries: u8,
}

/// What the token shows about a PIN without being asked for it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum PinState {
    Fresh,
    CountLow,
    FinalTry,
    Locked,
}

/// The answer to one try.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    Right,
    Wrong,
    /// Wrong, and the last.
    Locks,
    Locked,
}

impl Pin {
    pub(crate) fn new(pin: impl AsRef<[u8]>) -> Result<Self, NoRandomness> {
        let mut salt = [0; 16];
        fill_random(&mut salt)?;
        Ok(Self {
            salt,
            digest: stretch(&salt, pin.as_ref()),
            wrong_tries: 0,
        })
    }

    /// Compares a try and counts it. The caller stores the token before it tells the verdict.
    /// So many wrong `tries` in a row lock it.
    pub(crate) fn check(&mut self, pin: &[u8], tries: u8) -> Verdict {
        if self.state(tries) == PinState::Locked {
            return Verdict::Locked;
        }
        if stretch(&self.salt, pin) == self.digest {
            self.wrong_tries = 0;
            return Verdict::Right;
        }
        self.wrong_tries += 1;
        match self.state(tries) {
            PinState::Locked => Verdict::Locks,
            PinState::Fresh | PinState::CountLow | PinState::FinalTry => Verdict::Wrong,
        }
    }

    /// What is shown of it where so many wrong `tries` in a row lock it.
    pub(crate) fn state(&self, tries: u8) -> PinState {
        match (self.wrong_tries, tries.saturating_sub(self.wrong_tries)) {
            (_, 0) => PinState::Locked,
            (0, _) => PinState::Fresh,
            (_, 1) => PinState::FinalTry,
            _ => PinState::CountLow,
        }
    }
}

fn stretch(salt: &[u8; 16], pin: &[u8]) -> [u8; 32] {
    let mut digest = [0; 32];
    // one hasher, never moved, so that no copy of what it was fed with is left; it wipes itself
    let mut hasher = Sha256::new();
    hasher.update(salt);
    hasher.update(pin);
    hasher.finalize_into_reset((&mut digest).into());
    for _ in 0..ROUNDS {
        hasher.update(digest);
        hasher.update(salt);
        hasher.update(pin);
        hasher.finalize_into_reset((&mut digest).into());
    }
    drop(hasher);
    wipe_stack();
    digest
}

/// Writes over what finished functions left on the stack: a hash works on the PIN itself there.
#[inline(never)]
fn wipe_stack() {
    let mut left = [0_u8; 8 * 1024];
    left.zeroize();
    std::hint::black_box(&left);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_third_wrong_try_locks_and_the_right_pin_comes_too_late() {
        let mut pin = Pin::new("123456").unwrap();
        assert_eq!(pin.state(3), PinState::Fresh);
        assert_eq!(pin.check(b"000000", 3), Verdict::Wrong);
        assert_eq!(pin.state(3), PinState::CountLow);
        assert_eq!(pin.check(b"000000", 3), Verdict::Wrong);
        assert_eq!(pin.state(3), PinState::FinalTry);
        assert_eq!(pin.check(b"000000", 3), Verdict::Locks);
        assert_eq!(pin.state(3), PinState::Locked);
        assert_eq!(pin.check(b"123456", 3), Verdict::Locked);
    }

    #[test]
    fn a_right_pin_gives_all_tries_back() {
        let mut pin = Pin::new("123456").unwrap();
        assert_eq!(pin.check(b"000000", 3), Verdict::Wrong);
        assert_eq!(pin.check(b"000000", 3), Verdict::Wrong);
        assert_eq!(pin.check(b"123456", 3), Verdict::Right);
        assert_eq!(pin.state(3), PinState::Fresh);
    }

    #[test]
    fn the_same_pin_is_stored_differently_each_time() {
        let one = Pin::new("123456").unwrap();
        let other = Pin::new("123456").unwrap();
        assert_ne!(one.digest, other.digest);
    }
}
