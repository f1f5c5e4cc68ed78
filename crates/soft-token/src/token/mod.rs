//! What all processes share: one token, its PINs and its objects, kept in one file.

mod format;
mod pin;
mod store;

use std::collections::BTreeMap;

use rand::{TryRng, rngs::SysRng};
use serde::{Deserialize, Serialize};

use crate::object::Object;

pub(crate) use pin::{PIN_LENGTHS, Pin, PinState, Verdict};
pub(crate) use store::{Store, StoreError};

/// The extension of a token's file.
pub(crate) const EXTENSION: &str = "token";

/// The most bytes a label has.
pub(crate) const LABEL_LENGTH: usize = 32;

/// Everything that a token remembers.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Token {
    /// Sixteen hexadecimal digits; empty before the first initialisation.
    pub(crate) serial: String,
    pub(crate) label: String,
    /// Present as soon as the token is initialised.
    pub(crate) security_officer: Option<Pin>,
    pub(crate) user: Option<Pin>,
    pub(crate) objects: BTreeMap<ObjectNumber, Object>,
    /// Never goes back, so that a number never means two objects, not even across an
    /// initialisation.
    last_object: ObjectNumber,
}

/// The number of an object in its token's file.
pub(crate) type ObjectNumber = u64;

impl Token {
    /// Empties the token and gives it a label and a security officer's PIN. The serial number is
    /// the device's own and stays.
    pub(crate) fn initialise(&mut self, label: &str, pin: Pin) -> Result<(), NoRandomness> {
        if self.serial.is_empty() {
            self.serial = random_serial()?;
        }
        label.clone_into(&mut self.label);
        self.security_officer = Some(pin);
        self.user = None;
        self.objects.clear();
        Ok(())
    }

    pub(crate) fn is_initialised(&self) -> bool {
        self.security_officer.is_some()
    }

    pub(crate) fn add(&mut self, object: Object) -> ObjectNumber {
        self.last_object += 1;
        self.objects.insert(self.last_object, object);
        self.last_object
    }
}

/// The operating system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub(crate) struct NoRandomness;

/// Random bytes from the operating system.
pub(crate) fn fill_random(bytes: &mut [u8]) -> Result<(), NoRandomness> {
    SysRng.try_fill_bytes(bytes).map_err(|_| NoRandomness)
}

fn random_serial() -> Result<String, NoRandomness> {
    let mut bytes = [0; 8];
    fill_random(&mut bytes)?;
    Ok(format!("{:016x}", u64::from_be_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initialising_again_keeps_the_serial_and_nothing_else() {
        let mut token = Token::default();
        token
            .initialise("First", Pin::new("87654321").unwrap())
            .unwrap();
        token.user = Some(Pin::new("123456").unwrap());
        let first = token.add(Object::default());
        let serial = token.serial.clone();

        token
            .initialise("Second", Pin::new("87654321").unwrap())
            .unwrap();

        assert_eq!(token.serial, serial);
        assert_eq!(serial.len(), 16);
        assert_eq!(token.label, "Second");
        assert!(token.user.is_none());
        assert!(token.objects.is_empty());
        assert!(token.add(Object::default()) > first);
    }
}
