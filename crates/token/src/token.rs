//! What a token says of itself: `CK_TOKEN_INFO`, read without trusting a byte of it.

use serde::{Deserialize, Serialize};

use crate::error::TokenError;

/// A slot's number, as the driver gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SlotId(pub u64);

/// What a driver says of itself (`CK_INFO`); cleaned text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DriverInformation {
    /// `libraryDescription`
    pub description: String,
    /// `manufacturerID`
    pub manufacturer: String,
    /// `libraryVersion`, "major.minor"
    pub library_version: String,
    /// `cryptokiVersion`, "major.minor"
    pub cryptoki_version: String,
}

/// One slot with a token in it, or the reason why its token could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotReport {
    /// The slot.
    pub slot: SlotId,
    /// The reader's name (`slotDescription`), where it was asked for.
    pub description: Option<String>,
    /// The token, or this slot's own error: one bad slot hides no other.
    pub token: Result<TokenInformation, TokenError>,
}

/// `CK_TOKEN_INFO`; text is cleaned, the clock is ignored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenInformation {
    /// `label`
    pub label: String,
    /// `manufacturerID`
    pub manufacturer: String,
    /// `model`
    pub model: String,
    /// `serialNumber`
    pub serial: String,
    /// `flags`, raw
    pub flags: u64,
    /// `ulMinPinLen`, bytes; believed only if 0 < minimum <= maximum
    pub minimum_pin_length: u64,
    /// `ulMaxPinLen`, bytes
    pub maximum_pin_length: u64,
    /// `ulFreePublicMemory`, bytes; `None` where the driver does not tell
    pub free_public_memory: Option<u64>,
    /// `ulTotalPublicMemory`, bytes; `None` where the driver does not tell
    pub total_public_memory: Option<u64>,
    /// `hardwareVersion`, "major.minor"
    pub hardware_version: String,
    /// `firmwareVersion`, "major.minor"
    pub firmware_version: String,
}

/// The state of the user PIN as the flags tell it. Drivers may be silent: [`PinState::Ready`] says
/// only that nothing bad was reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PinState {
    /// No warning flag is set.
    Ready,
    /// `CKF_USER_PIN_COUNT_LOW`: a wrong PIN was entered since the last right one.
    CountLow,
    /// `CKF_USER_PIN_FINAL_TRY`: one more wrong PIN locks the token.
    FinalTry,
    /// `CKF_USER_PIN_LOCKED`
    Locked,
    /// `CKF_USER_PIN_TO_BE_CHANGED`
    ToBeChanged,
    /// `CKF_USER_PIN_INITIALIZED` is not set.
    NotSet,
}

impl PinState {
    /// Whether a flag tells of tries that were lost, and how many are left: nothing, low, one, none.
    #[must_use]
    pub const fn lost_tries(self) -> LostTries {
        match self {
            Self::Ready | Self::ToBeChanged | Self::NotSet => LostTries::NoneTold,
            Self::CountLow => LostTries::Some,
            Self::FinalTry => LostTries::AllButOne,
            Self::Locked => LostTries::All,
        }
    }
}

/// How many tries are lost, as far as a flag tells; in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LostTries {
    /// No flag tells of any; drivers may be silent.
    NoneTold,
    /// At least one.
    Some,
    /// One is left.
    AllButOne,
    /// The PIN is locked.
    All,
}

impl TokenInformation {
    const WRITE_PROTECTED: u64 = 0x0000_0002;
    const LOGIN_REQUIRED: u64 = 0x0000_0004;
    const USER_PIN_INITIALIZED: u64 = 0x0000_0008;
    const PROTECTED_AUTHENTICATION_PATH: u64 = 0x0000_0100;
    const TOKEN_INITIALIZED: u64 = 0x0000_0400;
    const USER_PIN_COUNT_LOW: u64 = 0x0001_0000;
    const USER_PIN_FINAL_TRY: u64 = 0x0002_0000;
    const USER_PIN_LOCKED: u64 = 0x0004_0000;
    const USER_PIN_TO_BE_CHANGED: u64 = 0x0008_0000;
    const SO_PIN_COUNT_LOW: u64 = 0x0010_0000;
    const SO_PIN_FINAL_TRY: u64 = 0x0020_0000;
    const SO_PIN_LOCKED: u64 = 0x0040_0000;

    /// The state of the security officer's PIN, the worst flag first: low, one try left, locked. It is lost
    /// for ever when it is locked.
    #[must_use]
    pub fn officer_pin_tries(&self) -> LostTries {
        if self.has(Self::SO_PIN_LOCKED) {
            LostTries::All
        } else if self.has(Self::SO_PIN_FINAL_TRY) {
            LostTries::AllButOne
        } else if self.has(Self::SO_PIN_COUNT_LOW) {
            LostTries::Some
        } else {
            LostTries::NoneTold
        }
    }

    fn has(&self, flag: u64) -> bool {
        self.flags & flag != 0
    }

    /// The user PIN's state, the worst flag first.
    #[must_use]
    pub fn pin_state(&self) -> PinState {
        if self.has(Self::USER_PIN_LOCKED) {
            PinState::Locked
        } else if self.has(Self::USER_PIN_FINAL_TRY) {
            PinState::FinalTry
        } else if self.has(Self::USER_PIN_COUNT_LOW) {
            PinState::CountLow
        } else if self.has(Self::USER_PIN_TO_BE_CHANGED) {
            PinState::ToBeChanged
        } else if !self.has(Self::USER_PIN_INITIALIZED) {
            PinState::NotSet
        } else {
            PinState::Ready
        }
    }

    /// Whether the token was ever initialised.
    #[must_use]
    pub fn is_initialized(&self) -> bool {
        self.has(Self::TOKEN_INITIALIZED)
    }

    /// Whether the driver says that nothing can be written.
    #[must_use]
    pub fn is_write_protected(&self) -> bool {
        self.has(Self::WRITE_PROTECTED)
    }

    /// Whether this is no person's token: write-protected, without a login and without a PIN. So are
    /// stores of CA certificates (p11-kit's trust module) and slots that only compute (NSS).
    #[must_use]
    pub fn is_certificate_store(&self) -> bool {
        self.is_write_protected()
            && !self.has(Self::LOGIN_REQUIRED)
            && !self.has(Self::USER_PIN_INITIALIZED)
    }

    /// Whether the PIN is typed on the reader or in the driver's own window.
    #[must_use]
    pub fn has_protected_authentication_path(&self) -> bool {
        self.has(Self::PROTECTED_AUTHENTICATION_PATH)
    }

    /// The PIN lengths in bytes, where the driver's two numbers make sense (kryoptic says 8..0).
    #[must_use]
    pub fn pin_lengths(&self) -> Option<(u64, u64)> {
        (0 < self.minimum_pin_length && self.minimum_pin_length <= self.maximum_pin_length)
            .then_some((self.minimum_pin_length, self.maximum_pin_length))
    }

    /// Whether a person means this token by `name`: its serial or its exact label.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.serial == name || self.label == name
    }

    /// Whether two drivers may be showing one device: a serial, and the same one. Tokens without a
    /// serial, or with zeros for one (NSS, tpm2), cannot be told apart by it.
    #[must_use]
    pub fn has_serial_of(&self, other: &Self) -> bool {
        self.has_serial() && self.serial == other.serial
    }

    /// Whether the serial tells this token from others: there is one, and it is not all zeros.
    #[must_use]
    pub fn has_serial(&self) -> bool {
        self.serial.bytes().any(|digit| digit != b'0')
    }

    /// Whether this is a device that nobody has initialised. A driver's spare slot (SoftHSM, tpm2) says
    /// that it holds such a token too, but no device without a serial is one.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        !self.is_initialized() && self.has_serial()
    }

    /// Whether two readings are of the same token: serial, label, model and manufacturer agree.
    #[must_use]
    pub fn is_same_token(&self, other: &Self) -> bool {
        self.serial == other.serial
            && self.label == other.label
            && self.model == other.model
            && self.manufacturer == other.manufacturer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(serial: &str, flags: u64) -> TokenInformation {
        TokenInformation {
            label: "a".into(),
            manufacturer: String::new(),
            model: String::new(),
            serial: serial.into(),
            flags,
            minimum_pin_length: 0,
            maximum_pin_length: 0,
            free_public_memory: None,
            total_public_memory: None,
            hardware_version: String::new(),
            firmware_version: String::new(),
        }
    }

    #[test]
    fn a_serial_of_zeros_is_no_serial() {
        let is_one = |serial| token(serial, 0).has_serial_of(&token(serial, 0));
        assert!(is_one("100"));
        assert!(!is_one("0000000000000000"));
        assert!(!is_one(""));
    }

    #[test]
    fn a_spare_slot_is_no_blank_token() {
        assert!(token("0123", 0).is_blank());
        assert!(!token("", 0).is_blank());
        assert!(!token("0000", 0).is_blank());
        assert!(!token("0123", TokenInformation::TOKEN_INITIALIZED).is_blank());
    }

    #[test]
    fn what_cannot_be_written_and_wants_no_login_is_a_store_and_no_token() {
        let is_store = |flags| token("1", flags).is_certificate_store();
        // p11-kit's trust module, NSS's slot that only computes
        assert!(is_store(
            TokenInformation::TOKEN_INITIALIZED | TokenInformation::WRITE_PROTECTED
        ));
        assert!(is_store(0x0001 | TokenInformation::WRITE_PROTECTED));
        // a card that may only be read, with a PIN or a login
        for person in [
            TokenInformation::LOGIN_REQUIRED,
            TokenInformation::USER_PIN_INITIALIZED,
        ] {
            assert!(!is_store(TokenInformation::WRITE_PROTECTED | person));
        }
        // a token that nobody has initialised
        assert!(!is_store(0));
    }
}
