//! PKCS#11 return values: their names, and what each means for this program.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::Cause;

/// A `CK_RV`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ReturnValue(pub u64);

impl ReturnValue {
    /// `CKR_GENERAL_ERROR`
    pub const GENERAL_ERROR: Self = Self(0x05);
    /// `CKR_ARGUMENTS_BAD`
    pub const ARGUMENTS_BAD: Self = Self(0x07);

    /// The name in the standard; `None` for vendor codes and unknown ones.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        NAMES
            .iter()
            .find(|(code, _)| *code == self.0)
            .map(|(_, name)| *name)
    }

    /// Every code of the standard that the program knows by name.
    pub fn known() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(code, _)| Self(*code))
    }

    /// What this code means for the program (PKCS#11 2.40, 5.1.6; habits of real drivers).
    pub(crate) fn cause(self) -> Cause {
        match self.0 {
            // ATTRIBUTE_READ_ONLY, TYPE_INVALID, VALUE_INVALID, TEMPLATE_INCOMPLETE, INCONSISTENT
            0x10 | 0x12 | 0x13 | 0xD0 | 0xD1 => Cause::TemplateRefused,
            // DEVICE_MEMORY
            0x31 => Cause::TokenFull,
            // DEVICE_REMOVED, SLOT_ID_INVALID, TOKEN_NOT_PRESENT
            0x32 | 0x03 | 0xE0 => Cause::TokenRemoved,
            // FUNCTION_CANCELED
            0x50 => Cause::Cancelled,
            // FUNCTION_NOT_SUPPORTED
            0x54 => Cause::Unsupported,
            // KEY_HANDLE_INVALID, OBJECT_HANDLE_INVALID
            0x60 | 0x82 => Cause::ObjectGone,
            // MECHANISM_INVALID, MECHANISM_PARAM_INVALID
            0x70 | 0x71 => Cause::MechanismUnsupported,
            // PIN_INCORRECT
            0xA0 => Cause::PinWrong,
            // PIN_INVALID, PIN_LEN_RANGE
            0xA1 | 0xA2 => Cause::PinShape,
            // PIN_EXPIRED
            0xA3 => Cause::PinExpired,
            // PIN_LOCKED
            0xA4 => Cause::PinLocked,
            // SESSION_CLOSED, SESSION_HANDLE_INVALID
            0xB0 | 0xB3 => Cause::SessionGone,
            // SESSION_COUNT, SESSION_EXCLUSIVE_EXISTS (PKCS#11 1.0), SESSION_EXISTS,
            // SESSION_READ_ONLY_EXISTS, SESSION_READ_WRITE_SO_EXISTS
            0xB1 | 0xB2 | 0xB6 | 0xB7 | 0xB8 => Cause::TokenInUse,
            // SESSION_READ_ONLY, TOKEN_WRITE_PROTECTED
            0xB5 | 0xE2 => Cause::WriteProtected,
            // TOKEN_NOT_RECOGNIZED, USER_PIN_NOT_INITIALIZED
            0xE1 | 0x102 => Cause::TokenNotInitialized,
            // USER_ALREADY_LOGGED_IN, USER_ANOTHER_ALREADY_LOGGED_IN, USER_TOO_MANY_TYPES
            0x100 | 0x104 | 0x105 => Cause::AlreadyLoggedIn,
            // USER_NOT_LOGGED_IN
            0x101 => Cause::LoginNeeded,
            // USER_TYPE_INVALID
            0x103 => Cause::WriteNeedsSecurityOfficer,
            _ => Cause::Refused,
        }
    }
}

impl fmt::Display for ReturnValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(formatter, "{name} (0x{:X})", self.0),
            None => write!(formatter, "0x{:X}", self.0),
        }
    }
}

/// The codes of PKCS#11 3.2, and one of 1.0 that old drivers still answer.
const NAMES: &[(u64, &str)] = &[
    (0x1, "CKR_CANCEL"),
    (0x2, "CKR_HOST_MEMORY"),
    (0x3, "CKR_SLOT_ID_INVALID"),
    (0x5, "CKR_GENERAL_ERROR"),
    (0x6, "CKR_FUNCTION_FAILED"),
    (0x7, "CKR_ARGUMENTS_BAD"),
    (0x8, "CKR_NO_EVENT"),
    (0x9, "CKR_NEED_TO_CREATE_THREADS"),
    (0xA, "CKR_CANT_LOCK"),
    (0x10, "CKR_ATTRIBUTE_READ_ONLY"),
    (0x11, "CKR_ATTRIBUTE_SENSITIVE"),
    (0x12, "CKR_ATTRIBUTE_TYPE_INVALID"),
    (0x13, "CKR_ATTRIBUTE_VALUE_INVALID"),
    (0x1B, "CKR_ACTION_PROHIBITED"),
    (0x20, "CKR_DATA_INVALID"),
    (0x21, "CKR_DATA_LEN_RANGE"),
    (0x30, "CKR_DEVICE_ERROR"),
    (0x31, "CKR_DEVICE_MEMORY"),
    (0x32, "CKR_DEVICE_REMOVED"),
    (0x40, "CKR_ENCRYPTED_DATA_INVALID"),
    (0x41, "CKR_ENCRYPTED_DATA_LEN_RANGE"),
    (0x42, "CKR_AEAD_DECRYPT_FAILED"),
    (0x50, "CKR_FUNCTION_CANCELED"),
    (0x51, "CKR_FUNCTION_NOT_PARALLEL"),
    (0x54, "CKR_FUNCTION_NOT_SUPPORTED"),
    (0x60, "CKR_KEY_HANDLE_INVALID"),
    (0x62, "CKR_KEY_SIZE_RANGE"),
    (0x63, "CKR_KEY_TYPE_INCONSISTENT"),
    (0x64, "CKR_KEY_NOT_NEEDED"),
    (0x65, "CKR_KEY_CHANGED"),
    (0x66, "CKR_KEY_NEEDED"),
    (0x67, "CKR_KEY_INDIGESTIBLE"),
    (0x68, "CKR_KEY_FUNCTION_NOT_PERMITTED"),
    (0x69, "CKR_KEY_NOT_WRAPPABLE"),
    (0x6A, "CKR_KEY_UNEXTRACTABLE"),
    (0x70, "CKR_MECHANISM_INVALID"),
    (0x71, "CKR_MECHANISM_PARAM_INVALID"),
    (0x82, "CKR_OBJECT_HANDLE_INVALID"),
    (0x90, "CKR_OPERATION_ACTIVE"),
    (0x91, "CKR_OPERATION_NOT_INITIALIZED"),
    (0xA0, "CKR_PIN_INCORRECT"),
    (0xA1, "CKR_PIN_INVALID"),
    (0xA2, "CKR_PIN_LEN_RANGE"),
    (0xA3, "CKR_PIN_EXPIRED"),
    (0xA4, "CKR_PIN_LOCKED"),
    (0xB0, "CKR_SESSION_CLOSED"),
    (0xB1, "CKR_SESSION_COUNT"),
    (0xB2, "CKR_SESSION_EXCLUSIVE_EXISTS"),
    (0xB3, "CKR_SESSION_HANDLE_INVALID"),
    (0xB4, "CKR_SESSION_PARALLEL_NOT_SUPPORTED"),
    (0xB5, "CKR_SESSION_READ_ONLY"),
    (0xB6, "CKR_SESSION_EXISTS"),
    (0xB7, "CKR_SESSION_READ_ONLY_EXISTS"),
    (0xB8, "CKR_SESSION_READ_WRITE_SO_EXISTS"),
    (0xC0, "CKR_SIGNATURE_INVALID"),
    (0xC1, "CKR_SIGNATURE_LEN_RANGE"),
    (0xD0, "CKR_TEMPLATE_INCOMPLETE"),
    (0xD1, "CKR_TEMPLATE_INCONSISTENT"),
    (0xE0, "CKR_TOKEN_NOT_PRESENT"),
    (0xE1, "CKR_TOKEN_NOT_RECOGNIZED"),
    (0xE2, "CKR_TOKEN_WRITE_PROTECTED"),
    (0xF0, "CKR_UNWRAPPING_KEY_HANDLE_INVALID"),
    (0xF1, "CKR_UNWRAPPING_KEY_SIZE_RANGE"),
    (0xF2, "CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT"),
    (0x100, "CKR_USER_ALREADY_LOGGED_IN"),
    (0x101, "CKR_USER_NOT_LOGGED_IN"),
    (0x102, "CKR_USER_PIN_NOT_INITIALIZED"),
    (0x103, "CKR_USER_TYPE_INVALID"),
    (0x104, "CKR_USER_ANOTHER_ALREADY_LOGGED_IN"),
    (0x105, "CKR_USER_TOO_MANY_TYPES"),
    (0x110, "CKR_WRAPPED_KEY_INVALID"),
    (0x112, "CKR_WRAPPED_KEY_LEN_RANGE"),
    (0x113, "CKR_WRAPPING_KEY_HANDLE_INVALID"),
    (0x114, "CKR_WRAPPING_KEY_SIZE_RANGE"),
    (0x115, "CKR_WRAPPING_KEY_TYPE_INCONSISTENT"),
    (0x120, "CKR_RANDOM_SEED_NOT_SUPPORTED"),
    (0x121, "CKR_RANDOM_NO_RNG"),
    (0x130, "CKR_DOMAIN_PARAMS_INVALID"),
    (0x140, "CKR_CURVE_NOT_SUPPORTED"),
    (0x150, "CKR_BUFFER_TOO_SMALL"),
    (0x160, "CKR_SAVED_STATE_INVALID"),
    (0x170, "CKR_INFORMATION_SENSITIVE"),
    (0x180, "CKR_STATE_UNSAVEABLE"),
    (0x190, "CKR_CRYPTOKI_NOT_INITIALIZED"),
    (0x191, "CKR_CRYPTOKI_ALREADY_INITIALIZED"),
    (0x1A0, "CKR_MUTEX_BAD"),
    (0x1A1, "CKR_MUTEX_NOT_LOCKED"),
    (0x1B0, "CKR_NEW_PIN_MODE"),
    (0x1B1, "CKR_NEXT_OTP"),
    (0x1B5, "CKR_EXCEEDED_MAX_ITERATIONS"),
    (0x1B6, "CKR_FIPS_SELF_TEST_FAILED"),
    (0x1B7, "CKR_LIBRARY_LOAD_FAILED"),
    (0x1B8, "CKR_PIN_TOO_WEAK"),
    (0x1B9, "CKR_PUBLIC_KEY_INVALID"),
    (0x200, "CKR_FUNCTION_REJECTED"),
    (0x201, "CKR_TOKEN_RESOURCE_EXCEEDED"),
    (0x202, "CKR_OPERATION_CANCEL_FAILED"),
    (0x203, "CKR_KEY_EXHAUSTED"),
    (0x204, "CKR_PENDING"),
    (0x205, "CKR_SESSION_ASYNC_NOT_SUPPORTED"),
    (0x206, "CKR_SEED_RANDOM_REQUIRED"),
    (0x207, "CKR_OPERATION_NOT_VALIDATED"),
    (0x208, "CKR_TOKEN_NOT_INITIALIZED"),
    (0x209, "CKR_PARAMETER_SET_NOT_SUPPORTED"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_another_program_holds_is_told_from_one_that_refuses() {
        for code in [0xB1, 0xB2, 0xB6, 0xB7, 0xB8] {
            assert_eq!(ReturnValue(code).cause(), Cause::TokenInUse, "{code:#X}");
        }
        assert_eq!(ReturnValue(0x30).cause(), Cause::Refused);
    }

    #[test]
    fn a_code_prints_its_name_and_number() {
        assert_eq!(ReturnValue(0xA4).to_string(), "CKR_PIN_LOCKED (0xA4)");
        assert_eq!(ReturnValue(0x8000_0001).to_string(), "0x80000001");
    }
}
