//! What can go wrong between us and a token: data only; `Display` is short English for logs.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::return_value::ReturnValue;

/// A failed operation on a driver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub struct TokenError {
    /// What was being done.
    pub operation: Operation,
    /// What kind of failure it is.
    pub cause: Cause,
    /// The PKCS#11 call that it happened in, where there was one; boxed, because every operation's result
    /// has room for it.
    pub call: Option<Box<FailedCall>>,
}

/// A PKCS#11 function and what it returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedCall {
    /// The function, such as `C_Login`.
    pub function: String,
    /// The return value; `None` where the call never returned, was not there to be made, or returned
    /// `CKR_OK` with an answer that cannot be one.
    pub return_value: Option<ReturnValue>,
}

/// The operations of [`crate::session::Driver`], and starting one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "each variant is the operation of the same name"
)]
pub enum Operation {
    AddCertificate,
    ChangePin,
    Find,
    Finish,
    Information,
    Launch,
    LogIn,
    Open,
    Read,
    RemoveCertificate,
    SetCertificateId,
    Sign,
    Slots,
    Token,
    UnblockPin,
}

/// What kind of failure it is, whatever the driver calls it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// The driver file does not exist or cannot be read.
    ModuleNotFound {
        /// The operating system's words.
        detail: String,
    },
    /// The file is a library for another processor or another operating system.
    ModuleWrongArchitecture {
        /// What the file is for, such as "PE i386".
        found: String,
        /// What this program can load.
        wanted: String,
    },
    /// The file is no PKCS#11 library.
    ModuleNotPkcs11 {
        /// Why, in short English.
        detail: String,
    },
    /// The driver does not load or does not start.
    ModuleFailed {
        /// The loader's words.
        detail: String,
        /// The operating system's error number, where it gave one (126, 193 on Windows).
        os_code: Option<i32>,
    },
    /// The driver starts neither with the usual arguments, nor with none, nor with the init string it
    /// was given: it may want one, or another (NSS does).
    ModuleWantsInitString,
    /// The driver answers with another function list at each call, as p11-kit's proxy and client do. Two
    /// lists are two drivers to it, and this program's calls go through two.
    ModuleIsProxy,
    /// The driver's process ended.
    DriverCrashed {
        /// How, such as "signal 11" or "exit code 3".
        status: String,
    },
    /// The driver's process did not answer in time and was ended.
    DriverTimedOut {
        /// The limit, in seconds.
        seconds: u64,
    },
    /// The driver's process sent what is no answer.
    DriverIncomprehensible {
        /// What was wrong with it.
        detail: String,
    },
    /// The person no longer wanted to wait for an entry on the reader or in the driver's own window, and
    /// the driver's process was ended.
    DriverInterrupted,
    /// The token was pulled out, or is not there.
    TokenRemoved,
    /// The token was never initialised.
    TokenNotInitialized,
    /// The token's memory is full.
    TokenFull,
    /// The token or the session may not be written.
    WriteProtected,
    /// Writing is for the security officer only.
    WriteNeedsSecurityOfficer,
    /// The user must log in first.
    LoginNeeded,
    /// The PIN is wrong.
    PinWrong,
    /// The PIN is locked.
    PinLocked,
    /// The PIN must be changed before anything else.
    PinExpired,
    /// The PIN's length or characters are refused.
    PinShape,
    /// The sessions that are open forbid a login: the user is logged in already, or somebody else is.
    AlreadyLoggedIn,
    /// Another program holds the token, or as many sessions as it has.
    TokenInUse,
    /// The person ended the driver's own PIN dialog.
    Cancelled,
    /// An attribute or the template as a whole was refused: another template may do.
    TemplateRefused,
    /// The handle is not, or no longer, valid.
    ObjectGone,
    /// The session is gone: another program may have closed it.
    SessionGone,
    /// The driver does not offer the mechanism.
    MechanismUnsupported,
    /// The driver does not offer the function.
    Unsupported,
    /// What the fence demands is not true; nothing was removed.
    FenceClosed {
        /// Which demand failed.
        reason: FenceReason,
    },
    /// Any other refusal of the driver.
    Refused,
}

/// Why a certificate was not removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FenceReason {
    /// The handle holds something else now.
    ValueChanged,
    /// The new certificate's handle is the old one's: the driver replaced the value.
    SameHandle,
    /// The new certificate is not under the handle it was written to.
    ReplacementMissing,
}

impl TokenError {
    /// A failure that belongs to no PKCS#11 call.
    #[must_use]
    pub fn new(operation: Operation, cause: Cause) -> Self {
        Self {
            operation,
            cause,
            call: None,
        }
    }

    /// A failure answered by `function`, classified by its return value.
    #[must_use]
    pub fn from_call(operation: Operation, function: &str, return_value: ReturnValue) -> Self {
        Self {
            operation,
            cause: return_value.cause(),
            call: Some(Box::new(FailedCall {
                function: function.to_owned(),
                return_value: Some(return_value),
            })),
        }
    }

    /// The same failure, known to have happened in a call of `function` that returned nothing usable.
    #[must_use]
    pub fn in_call(self, function: impl Into<String>) -> Self {
        Self {
            call: Some(Box::new(FailedCall {
                function: function.into(),
                return_value: None,
            })),
            ..self
        }
    }

    /// What the driver returned, where it did.
    #[must_use]
    pub fn return_value(&self) -> Option<ReturnValue> {
        self.call.as_ref().and_then(|call| call.return_value)
    }

    /// Whether the driver's process is gone, so that the token must be looked at through another.
    #[must_use]
    pub fn is_driver_lost(&self) -> bool {
        matches!(
            self.cause,
            Cause::DriverCrashed { .. }
                | Cause::DriverTimedOut { .. }
                | Cause::DriverIncomprehensible { .. }
                | Cause::DriverInterrupted
        )
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}: {:?}", self.operation, self.cause)?;
        match self.call.as_deref() {
            Some(FailedCall {
                function,
                return_value: Some(value),
            }) => write!(formatter, " ({function} {value})"),
            Some(FailedCall { function, .. }) => write!(formatter, " (in {function})"),
            None => Ok(()),
        }
    }
}
