//! Quirks of PINs: how many tries there are, what the flags tell of them, what a failed try answers.

use cryptoki_sys::*;

use super::{Profile, Quirk};
use crate::{refusal::Refusal, token::Verdict};

/// Wrong tries in a row that lock a PIN.
const TRIES: u8 = 3;
/// The same where there are many.
const MANY_TRIES: u8 = 10;

/// Every flag that tells of lost tries.
const TOLD_OF_TRIES: CK_FLAGS = CKF_USER_PIN_COUNT_LOW
    | CKF_USER_PIN_FINAL_TRY
    | CKF_USER_PIN_LOCKED
    | CKF_SO_PIN_COUNT_LOW
    | CKF_SO_PIN_FINAL_TRY
    | CKF_SO_PIN_LOCKED;

impl Profile {
    /// How many wrong tries in a row lock a PIN.
    pub(crate) fn pin_tries(self) -> u8 {
        if self.has(Quirk::ManyTries) {
            MANY_TRIES
        } else {
            TRIES
        }
    }

    /// The flags that are told of these.
    pub(crate) fn told_flags(self, flags: CK_FLAGS) -> CK_FLAGS {
        if self.has(Quirk::FrozenPinFlags) {
            flags & !TOLD_OF_TRIES
        } else {
            flags
        }
    }

    /// Whether the login after a wrong PIN is refused unseen.
    pub(crate) fn has_pin_back_off(self) -> bool {
        self.has(Quirk::PinBackOff)
    }

    /// What a try answers.
    pub(crate) fn answer_to_pin(self, verdict: Verdict) -> Result<(), Refusal> {
        Err(Refusal(match verdict {
            Verdict::Right => return Ok(()),
            Verdict::Wrong | Verdict::Locks if self.has(Quirk::WrongPinIsGeneralError) => {
                CKR_GENERAL_ERROR
            }
            Verdict::Wrong => CKR_PIN_INCORRECT,
            Verdict::Locks if self.has(Quirk::LockingTrySaysIncorrect) => CKR_PIN_INCORRECT,
            Verdict::Locks | Verdict::Locked => CKR_PIN_LOCKED,
        }))
    }
}
