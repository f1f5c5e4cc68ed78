//! What a driver or a token answers, and a PIN that cannot be right: from facts to words.

use std::path::Path;

use chungthu_token::error::{Cause, Operation, TokenError};
use chungthu_token::pin::PinShapeError;

use super::{Code, Failure};
use crate::words::{Common, Hint, What, Words};

/// Windows' number for a library of the wrong bitness.
const BAD_EXE_FORMAT: i32 = 193;
/// Windows' number for a library that misses another one.
const MODULE_NOT_FOUND: i32 = 126;

/// A failed operation on the driver in this file.
pub(crate) fn from_token(error: &TokenError, module: &Path, words: &Words) -> Failure {
    let module = module.display().to_string();
    let mut failure = match &error.cause {
        Cause::ModuleNotFound { detail } => {
            Failure::new(Code::ModuleNotFound, What::ModuleNotFound { module })
                .detail(detail)
                .hint(Hint::CheckPath)
                .hint(Hint::InstallDriver)
        }
        Cause::ModuleWrongArchitecture { found, wanted } => {
            wrong_architecture(module, found.clone(), wanted.clone())
        }
        Cause::ModuleNotPkcs11 { detail } => {
            Failure::new(Code::ModuleNotPkcs11, What::ModuleNotPkcs11 { module })
                .detail(detail)
                .hint(Hint::CheckPath)
                .hint(Hint::InstallDriver)
        }
        Cause::ModuleFailed {
            os_code: Some(BAD_EXE_FORMAT),
            ..
        } => wrong_architecture(module, "32-bit".to_owned(), "64-bit".to_owned()),
        Cause::ModuleFailed {
            os_code: Some(MODULE_NOT_FOUND),
            ..
        } if cfg!(windows) => {
            Failure::new(Code::ModuleFailed, What::ModuleLibraryMissing { module })
                .hint(Hint::InstallDriver)
                .hint(Hint::AskIt)
        }
        Cause::ModuleFailed { detail, .. } => {
            let failure = Failure::new(Code::ModuleFailed, What::ModuleFailed { module })
                .hint(Hint::InstallDriver)
                .hint(Hint::AskIt);
            // a driver's own answer stands in the last line already
            if detail.is_empty() {
                failure
            } else {
                failure.detail(detail)
            }
        }
        Cause::ModuleWantsInitString => {
            Failure::new(Code::ModuleFailed, What::ModuleFailed { module })
                .hint(Hint::NameInitString)
                .hint(Hint::InstallDriver)
                .hint(Hint::AskIt)
        }
        Cause::ModuleIsProxy => {
            Failure::new(Code::ModuleFailed, What::ModuleIsProxy { module }).hint(Hint::NameDriver)
        }
        Cause::DriverCrashed { status } => {
            Failure::new(Code::ModuleCrashed, crashed(error, module))
                .detail(status)
                .hint(Hint::Replug)
                .hint(Hint::InstallDriver)
                .hint(Hint::AskIt)
        }
        Cause::DriverTimedOut { seconds } => {
            Failure::new(Code::ModuleTimedOut, timed_out(error, module, *seconds))
                .hint(Hint::CloseOtherPrograms)
                .hint(Hint::Replug)
                .hint(Hint::AllowDriverTime)
        }
        Cause::DriverInterrupted => Failure::new(Code::Cancelled, What::PinDialogAbandoned)
            .hint(Hint::CountTries)
            .hint(Hint::TryAgain),
        Cause::DriverIncomprehensible { detail } => {
            Failure::new(Code::ModuleFailed, What::ModuleIncomprehensible { module })
                .detail(detail)
                .hint(Hint::InstallDriver)
                .hint(Hint::AskIt)
        }
        Cause::TokenRemoved => Failure::new(Code::TokenRemoved, What::TokenRemoved)
            .hint(Hint::PlugIn)
            .hint(Hint::TryAgain),
        Cause::TokenNotInitialized => {
            Failure::new(Code::TokenNotInitialized, What::TokenNotInitialized)
                .hint(Hint::AskManagingAgency)
        }
        Cause::TokenFull => Failure::new(Code::TokenFull, What::TokenFull)
            .hint(Hint::RemoveOldFirst)
            .hint(Hint::ListToken)
            .hint(Hint::AskManagingAgency),
        Cause::WriteProtected => {
            Failure::new(Code::TokenWriteProtected, What::TokenWriteProtected).hint(Hint::AskIt)
        }
        Cause::WriteNeedsSecurityOfficer => {
            Failure::new(Code::WriteNeedsSo, What::WriteNeedsSecurityOfficer)
                .hint(Hint::AskAuthority)
        }
        Cause::PinWrong => wrong_pin(),
        Cause::PinLocked => locked(),
        Cause::PinExpired => Failure::new(Code::PinExpired, What::PinExpired).hint(Hint::ChangePin),
        Cause::PinShape => Failure::new(Code::PinShape, What::PinShapeRefused)
            .hint(Hint::SwitchInputMethodOff)
            .hint(Hint::NoMoreTries),
        Cause::Cancelled => {
            Failure::new(Code::PinNotGiven, What::PinDialogCancelled).hint(Hint::TryAgain)
        }
        Cause::AlreadyLoggedIn | Cause::SessionGone | Cause::TokenInUse => in_use(),
        Cause::TemplateRefused => refused_certificate(),
        Cause::ObjectGone | Cause::FenceClosed { .. } => {
            Failure::new(Code::TokenChanged, What::TokenChanged)
                .hint(Hint::CloseOtherPrograms)
                .hint(Hint::TryAgain)
        }
        Cause::Unsupported if is_write(error.operation) => Failure::new(
            Code::TokenWriteProtected,
            What::ModuleCannotWrite { module },
        )
        .hint(Hint::NameDriver)
        .hint(Hint::AskIt),
        // no write is tried without a login: another program ended it
        Cause::LoginNeeded if is_write(error.operation) => in_use(),
        Cause::LoginNeeded | Cause::MechanismUnsupported | Cause::Unsupported | Cause::Refused => {
            refused(error.operation, module, words)
        }
    };
    failure.call = error.call.clone();
    failure
}

/// A driver that died, and in which call, where that is known.
fn crashed(error: &TokenError, module: String) -> What {
    match function(error) {
        Some(function) => What::ModuleCrashedIn { module, function },
        None => What::ModuleCrashed { module },
    }
}

/// A driver that was ended, and in which call, where that is known.
fn timed_out(error: &TokenError, module: String, seconds: u64) -> What {
    match function(error) {
        Some(function) => What::ModuleTimedOutIn {
            module,
            function,
            seconds,
        },
        None => What::ModuleTimedOut { module, seconds },
    }
}

fn function(error: &TokenError) -> Option<String> {
    error.call.as_ref().map(|call| call.function.clone())
}

/// Another program is at the token, or ended what this one did there.
pub(super) fn in_use() -> Failure {
    Failure::new(Code::TokenInUse, What::TokenInUse)
        .hint(Hint::CloseOtherPrograms)
        .hint(Hint::Replug)
}

/// A PIN that was not sent.
pub(crate) fn from_shape(error: PinShapeError) -> Failure {
    let what = match error {
        PinShapeError::Empty => What::PinEmpty,
        PinShapeError::ControlCharacter => What::PinControlCharacter,
        PinShapeError::FullWidth => What::PinFullWidth,
        PinShapeError::NotAscii => What::PinNotAscii,
        PinShapeError::TooShort { minimum } => What::PinTooShort { minimum },
        PinShapeError::TooLong { maximum } => What::PinTooLong { maximum },
    };
    Failure::new(Code::PinShape, what).hint(Hint::SwitchInputMethodOff)
}

/// The PIN is wrong, and what must not be done now.
pub(super) fn wrong_pin() -> Failure {
    Failure::new(Code::PinWrong, What::PinWrong)
        .hint(Hint::SwitchInputMethodOff)
        .hint(Hint::NoMoreTries)
}

/// The PIN is locked: only the CA, or who it delegates, may open it.
pub(super) fn locked() -> Failure {
    Failure::new(Code::PinLocked, What::PinLocked)
        .hint(Hint::RecoveryForm)
        .hint(Hint::EndRecovery)
        .hint(Hint::AskManagingAgency)
}

fn wrong_architecture(module: String, found: String, wanted: String) -> Failure {
    let what = What::ModuleWrongArchitecture {
        module,
        found,
        wanted,
    };
    Failure::new(Code::ModuleWrongArchitecture, what)
        .hint(Hint::InstallOtherBitness)
        .hint(Hint::AskIt)
}

fn refused_certificate() -> Failure {
    Failure::new(Code::TokenRefusedCertificate, What::TokenRefusedCertificate)
        .hint(Hint::ListToken)
        .hint(Hint::AskIt)
}

const fn is_write(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::AddCertificate | Operation::SetCertificateId | Operation::RemoveCertificate
    )
}

/// A refusal without a better name, by what was being done.
fn refused(operation: Operation, module: String, words: &Words) -> Failure {
    let operation = match operation {
        Operation::AddCertificate => return refused_certificate(),
        // it took the certificate, but not under the key's id: without the old one it may
        Operation::SetCertificateId => return refused_certificate().hint(Hint::RemoveOldFirst),
        Operation::RemoveCertificate => {
            return Failure::new(Code::TokenRefusedCertificate, What::RemovalRefused)
                .hint(Hint::ListToken)
                .hint(Hint::AskIt);
        }
        Operation::Launch | Operation::Finish => Common::OperationStart,
        Operation::Information | Operation::Slots | Operation::Token => Common::OperationLook,
        Operation::Open => Common::OperationOpen,
        Operation::Find | Operation::Read => Common::OperationRead,
        Operation::LogIn => Common::OperationLogIn,
        Operation::ChangePin | Operation::UnblockPin => Common::OperationSetPin,
        Operation::Sign => Common::OperationSign,
    };
    let is_opening = matches!(operation, Common::OperationOpen);
    let operation = words.say(&operation);
    let failure = Failure::new(
        Code::ModuleFailed,
        What::ModuleRefused { module, operation },
    );
    // what refuses a session may be held by another program
    let failure = if is_opening {
        failure.hint(Hint::CloseOtherPrograms)
    } else {
        failure
    };
    failure.hint(Hint::Replug).hint(Hint::AskIt)
}

#[cfg(test)]
mod tests {
    use chungthu_token::error::FenceReason;

    use super::*;
    use crate::words::Language;

    fn causes() -> Vec<Cause> {
        let detail = || "detail".to_owned();
        vec![
            Cause::ModuleNotFound { detail: detail() },
            Cause::ModuleWrongArchitecture {
                found: detail(),
                wanted: detail(),
            },
            Cause::ModuleNotPkcs11 { detail: detail() },
            Cause::ModuleFailed {
                detail: detail(),
                os_code: None,
            },
            Cause::ModuleFailed {
                detail: detail(),
                os_code: Some(BAD_EXE_FORMAT),
            },
            Cause::ModuleIsProxy,
            Cause::ModuleWantsInitString,
            Cause::DriverCrashed { status: detail() },
            Cause::DriverTimedOut { seconds: 60 },
            Cause::DriverInterrupted,
            Cause::DriverIncomprehensible { detail: detail() },
            Cause::TokenRemoved,
            Cause::TokenNotInitialized,
            Cause::TokenFull,
            Cause::WriteProtected,
            Cause::WriteNeedsSecurityOfficer,
            Cause::LoginNeeded,
            Cause::PinWrong,
            Cause::PinLocked,
            Cause::PinExpired,
            Cause::PinShape,
            Cause::AlreadyLoggedIn,
            Cause::TokenInUse,
            Cause::Cancelled,
            Cause::TemplateRefused,
            Cause::ObjectGone,
            Cause::SessionGone,
            Cause::MechanismUnsupported,
            Cause::Unsupported,
            Cause::FenceClosed {
                reason: FenceReason::ValueChanged,
            },
            Cause::Refused,
        ]
    }

    #[test]
    fn every_answer_of_a_driver_has_words_and_something_to_do_in_both_languages() {
        for language in [Language::Vietnamese, Language::English] {
            let words = Words::new(language);
            for cause in causes() {
                let error = TokenError::new(Operation::Read, cause);
                let failure = from_token(&error, Path::new("driver.so"), &words);
                assert!(!failure.hints.is_empty(), "{error}");
                let page = failure.page(&words);
                assert!(!page.text().contains(['{', '}']), "{}", page.text());
            }
        }
    }

    #[test]
    fn a_driver_that_answers_an_error_at_its_start_leaves_no_empty_end_of_line() {
        let words = Words::new(Language::English);
        let cause = Cause::ModuleFailed {
            detail: String::new(),
            os_code: None,
        };
        let error = TokenError::new(Operation::Launch, cause);
        let failure = from_token(&error, Path::new("driver.so"), &words);
        assert_eq!(failure.detail, None);
    }

    #[test]
    fn a_refused_write_is_the_tokens_refusal_and_not_the_drivers_failure() {
        let words = Words::new(Language::English);
        let error = TokenError::new(Operation::AddCertificate, Cause::Refused);
        let failure = from_token(&error, Path::new("driver.so"), &words);
        assert_eq!(failure.code, Code::TokenRefusedCertificate);
    }
}
