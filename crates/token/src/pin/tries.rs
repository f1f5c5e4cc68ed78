//! Whether a login that failed may have cost one of the token's few tries.

use super::Credential;
use crate::error::{Cause, TokenError};
use crate::return_value::ReturnValue;

impl TokenError {
    /// Whether this answer to a login leaves it possible that the token counted a wrong PIN. What is not
    /// surely free counts: some drivers call a wrong PIN `CKR_GENERAL_ERROR` (OpenSC 871). Free are, by
    /// PKCS#11 2.40, 5.1.6 and 5.6:
    ///
    /// | Answer | Why no PIN was compared, or not in vain |
    /// |---|---|
    /// | `USER_ALREADY_LOGGED_IN`, `USER_ANOTHER_ALREADY_LOGGED_IN`, `USER_TOO_MANY_TYPES`, `SESSION_READ_ONLY_EXISTS` | the state of the sessions forbids a login |
    /// | `USER_PIN_NOT_INITIALIZED`, `TOKEN_NOT_RECOGNIZED` | there is no PIN to compare with |
    /// | `PIN_EXPIRED` | a PIN that was right, or not looked at |
    /// | `PIN_LOCKED` | the token permits no try; the one that locked it was counted by the token itself |
    /// | `FUNCTION_CANCELED`, `ARGUMENTS_BAD` where no PIN was given | a person ended the dialog; the driver has none |
    ///
    /// In `C_SetPIN` also what concerns the new PIN (`PIN_INVALID`, `PIN_LEN_RANGE`) or the session. In a login
    /// `PIN_INVALID` and `PIN_LEN_RANGE` count: the standard has them for setting a PIN only, so that it
    /// says nothing of the try. So does a driver that died or fell silent.
    #[must_use]
    pub fn may_have_cost_a_try(&self, credential: &Credential) -> bool {
        let function = self.call.as_ref().map(|call| call.function.as_str());
        match function {
            Some("C_Login") | None => {}
            // what it says of the new PIN, or of the session, it says before it compares the old one
            Some("C_SetPIN") => {
                let is_beside = matches!(
                    self.cause,
                    Cause::PinShape
                        | Cause::WriteProtected
                        | Cause::LoginNeeded
                        | Cause::Unsupported
                );
                if is_beside {
                    return false;
                }
            }
            // a signature that failed beside its login
            Some(_) => return false,
        }
        let is_elsewhere = matches!(credential, Credential::ProtectedAuthenticationPath);
        let returned = self.call.as_ref().and_then(|call| call.return_value);
        let is_free = matches!(
            self.cause,
            Cause::AlreadyLoggedIn
                | Cause::TokenNotInitialized
                | Cause::PinExpired
                | Cause::PinLocked
                | Cause::TokenInUse
        );
        let is_free_elsewhere =
            self.cause == Cause::Cancelled || returned == Some(ReturnValue::ARGUMENTS_BAD);
        !(is_free || is_elsewhere && is_free_elsewhere)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Operation;
    use crate::pin::Pin;

    fn costs(function: &str, code: u64, credential: &Credential) -> bool {
        TokenError::from_call(Operation::LogIn, function, ReturnValue(code))
            .may_have_cost_a_try(credential)
    }

    #[test]
    fn what_is_not_surely_free_may_have_cost_a_try() {
        let pin = Credential::Pin(Pin::new("123456", None).unwrap());
        let elsewhere = Credential::ProtectedAuthenticationPath;
        for (code, with_pin, on_reader) in [
            (0x100, false, false), // USER_ALREADY_LOGGED_IN
            (0x104, false, false), // USER_ANOTHER_ALREADY_LOGGED_IN
            (0x105, false, false), // USER_TOO_MANY_TYPES
            (0xB7, false, false),  // SESSION_READ_ONLY_EXISTS
            (0x102, false, false), // USER_PIN_NOT_INITIALIZED
            (0xA3, false, false),  // PIN_EXPIRED
            (0xA4, false, false),  // PIN_LOCKED
            (0x50, true, false),   // FUNCTION_CANCELED
            (0x07, true, false),   // ARGUMENTS_BAD
            (0xA0, true, true),    // PIN_INCORRECT
            (0xA1, true, true),    // PIN_INVALID
            (0xA2, true, true),    // PIN_LEN_RANGE
            (0x05, true, true),    // GENERAL_ERROR
            (0x06, true, true),    // FUNCTION_FAILED
            (0x30, true, true),    // DEVICE_ERROR
            (0x32, true, true),    // DEVICE_REMOVED
            (0x8000_0001, true, true),
        ] {
            assert_eq!(costs("C_Login", code, &pin), with_pin, "{code:#x}");
            assert_eq!(costs("C_Login", code, &elsewhere), on_reader, "{code:#x}");
            assert!(!costs("C_Sign", code, &pin), "{code:#x}");
        }
    }

    #[test]
    fn a_driver_that_died_in_a_login_may_have_cost_a_try() {
        let pin = Credential::Pin(Pin::new("123456", None).unwrap());
        let status = "signal 11".to_owned();
        for cause in [
            Cause::DriverCrashed { status },
            Cause::DriverTimedOut { seconds: 60 },
        ] {
            let error = TokenError::new(Operation::LogIn, cause);
            assert!(error.may_have_cost_a_try(&pin));
        }
    }
}
