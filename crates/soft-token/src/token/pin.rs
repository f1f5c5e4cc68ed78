//! A PIN as the token keeps it: a salted, iterated hash and the wrong tries since the last right one.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{NoRandomness, fill_random};

/// How many bytes a PIN has, as on the bit4id tokens.
pub(crate) const PIN_LENGTHS: RangeInclusive<usize> = 4..=16;

/// Wrong tries in a row that lock a PIN.
const TRIES: u8 = 3;

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
    pub(crate) fn check(&mut self, pin: &[u8]) -> Verdict {
        if self.state() == PinState::Locked {
            return Verdict::Locked;
        }
        if stretch(&self.salt, pin) == self.digest {
            self.wrong_tries = 0;
            return Verdict::Right;
        }
        self.wrong_tries += 1;
        match self.state() {
            PinState::Locked => Verdict::Locked,
            PinState::Fresh | PinState::CountLow | PinState::FinalTry => Verdict::Wrong,
        }
    }

    pub(crate) fn state(&self) -> PinState {
        match TRIES.saturating_sub(self.wrong_tries) {
            0 => PinState::Locked,
            1 => PinState::FinalTry,
            TRIES => PinState::Fresh,
            _ => PinState::CountLow,
        }
    }
}

fn stretch(salt: &[u8; 16], pin: &[u8]) -> [u8; 32] {
    let mut digest: [u8; 32] = Sha256::new()
        .chain_update(salt)
        .chain_update(pin)
        .finalize()
        .into();
    for _ in 0..ROUNDS {
        digest = Sha256::new()
            .chain_update(digest)
            .chain_update(salt)
            .chain_update(pin)
            .finalize()
            .into();
    }
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_third_wrong_try_locks_and_the_right_pin_comes_too_late() {
        let mut pin = Pin::new("123456").unwrap();
        assert_eq!(pin.state(), PinState::Fresh);
        assert_eq!(pin.check(b"000000"), Verdict::Wrong);
        assert_eq!(pin.state(), PinState::CountLow);
        assert_eq!(pin.check(b"000000"), Verdict::Wrong);
        assert_eq!(pin.state(), PinState::FinalTry);
        assert_eq!(pin.check(b"000000"), Verdict::Locked);
        assert_eq!(pin.state(), PinState::Locked);
        assert_eq!(pin.check(b"123456"), Verdict::Locked);
    }

    #[test]
    fn a_right_pin_gives_all_tries_back() {
        let mut pin = Pin::new("123456").unwrap();
        assert_eq!(pin.check(b"000000"), Verdict::Wrong);
        assert_eq!(pin.check(b"000000"), Verdict::Wrong);
        assert_eq!(pin.check(b"123456"), Verdict::Right);
        assert_eq!(pin.state(), PinState::Fresh);
    }

    #[test]
    fn the_same_pin_is_stored_differently_each_time() {
        let one = Pin::new("123456").unwrap();
        let other = Pin::new("123456").unwrap();
        assert_ne!(one.digest, other.digest);
    }
}
