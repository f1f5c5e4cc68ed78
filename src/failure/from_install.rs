//! An install that was refused or stopped: from the workflow's facts to words.

use std::collections::BTreeSet;
use std::path::Path;

use chungthu_certificate::install::{
    FailedLogin, InstallError, LoginVerdict, ProofError, Refusal, StepFailure, TokenState,
};
use chungthu_certificate::records::StorageError;
use chungthu_certificate::{Certificate, lower_hex};
use chungthu_token::error::Operation;
use chungthu_token::token::{PinState, TokenInformation};

use super::from_token::{from_token, in_use, locked, wrong_pin};
use super::{Code, Failure, Stop, token_name};
use crate::dates;
use crate::words::{Common, Hint, State, What, Words};

/// Nothing is done, and why.
pub(crate) fn from_refusal(refusal: &Refusal, words: &Words) -> Failure {
    let language = words.language();
    let failure = match refusal {
        Refusal::Expired { not_after } => {
            let not_after = dates::day(language, *not_after);
            Failure::new(Code::CertExpired, What::CertExpired { not_after })
                .hint(Hint::CheckClock)
                .hint(Hint::AskNewFile)
                .hint(Hint::AllowExpired)
        }
        Refusal::NotYetValid { not_before, now } => {
            let what = What::CertNotYetValid {
                not_before: dates::moment(language, *not_before),
                now: dates::moment(language, *now),
            };
            Failure::new(Code::CertNotYetValid, what)
                .hint(Hint::CheckClock)
                .hint(Hint::AllowNotYetValid)
        }
        Refusal::OlderThanInstalled { installed } => {
            let what = What::CertOlderThanInstalled {
                serial: installed.serial_number(),
                not_after: dates::day(language, installed.not_after()),
            };
            Failure::new(Code::CertOlderThanInstalled, what)
                .hint(Hint::ShowFile)
                .hint(Hint::AskNewFile)
                .hint(Hint::AllowOlder)
        }
        Refusal::SameSerialDifferentBytes { installed } => {
            let what = What::CertSameSerialDifferentBytes {
                serial: installed.serial_number(),
            };
            Failure::new(Code::CertSameSerialDifferentBytes, what).hint(Hint::AskAuthority)
        }
        Refusal::IssuerSignatureInvalid { issuer } => {
            let what = What::IssuerSignatureInvalid {
                issuer: issuer.clone(),
            };
            Failure::new(Code::IssuerSignatureInvalid, what)
                .hint(Hint::SaveFromOfficialMail)
                .hint(Hint::AskAuthority)
        }
        Refusal::KeyNotOnToken { tokens } => Failure::new(
            Code::KeyNotOnToken,
            What::KeyNotOnToken {
                tokens: names(tokens, words),
            },
        )
        .hint(Hint::PlugInOther)
        .hint(Hint::ShowFile)
        .hint(Hint::AskManagingAgency),
        Refusal::KeyAmbiguous { ids } => {
            let ids: Vec<String> = ids.iter().map(|id| lower_hex(id)).collect();
            Failure::new(
                Code::KeyAmbiguous,
                What::KeyAmbiguous {
                    ids: ids.join(", "),
                },
            )
            .hint(Hint::ListToken)
            .hint(Hint::AskIt)
        }
        Refusal::KeyCannotTell => Failure::new(Code::KeyCannotTell, What::KeyCannotTell)
            .hint(Hint::ListToken)
            .hint(Hint::AskIt),
        Refusal::KeyMayNotSign => Failure::new(Code::PossessionNotProved, What::KeyMayNotSign)
            .hint(Hint::AskManagingAgency),
        Refusal::TokenNotFound { drivers: 0, .. } => no_driver(),
        Refusal::TokenNotFound { drivers, others } => not_found(*drivers, others, words),
        Refusal::NothingReadable { driver, error } => from_token(error, driver, words),
        Refusal::TokenAmbiguous { tokens } => ambiguous(tokens, words),
        Refusal::SeveralCertificates { certificates } => several(certificates, words),
        Refusal::TokenNotInitialized => not_initialized(),
        Refusal::TokenWriteProtected => {
            Failure::new(Code::TokenWriteProtected, What::TokenWriteProtected).hint(Hint::AskIt)
        }
        Refusal::PinLocked => locked(),
        Refusal::PinTriesCounted { count } => {
            let what = What::PinTriesCounted { count: *count };
            Failure::new(Code::PinFinalTry, what)
                .hint(Hint::AllowFinalTry)
                .hint(Hint::RecoveryForm)
        }
        Refusal::PinFinalTry => Failure::new(Code::PinFinalTry, What::PinFinalTry)
            .hint(Hint::AllowFinalTry)
            .hint(Hint::RecoveryForm),
    };
    match refusal {
        // of the file alone, or of tokens of which none was chosen: there is no state to tell
        Refusal::Expired { .. }
        | Refusal::NotYetValid { .. }
        | Refusal::IssuerSignatureInvalid { .. }
        | Refusal::TokenNotFound { .. }
        | Refusal::NothingReadable { .. }
        | Refusal::TokenAmbiguous { .. }
        | Refusal::SeveralCertificates { .. } => failure,
        Refusal::OlderThanInstalled { .. }
        | Refusal::SameSerialDifferentBytes { .. }
        | Refusal::KeyNotOnToken { .. }
        | Refusal::KeyAmbiguous { .. }
        | Refusal::KeyCannotTell
        | Refusal::KeyMayNotSign
        | Refusal::TokenNotInitialized
        | Refusal::TokenWriteProtected
        | Refusal::PinLocked
        | Refusal::PinFinalTry
        | Refusal::PinTriesCounted { .. } => failure.in_state(State::NotTouched),
    }
}

/// No driver at all.
pub(crate) fn no_driver() -> Failure {
    Failure::new(Code::ModuleNotFound, What::NoDriver)
        .hint(Hint::InstallDriver)
        .hint(Hint::NameDriver)
        .hint(Hint::AskIt)
}

/// Drivers, but no token, or not the one asked for.
fn not_found(drivers: usize, others: &[TokenInformation], words: &Words) -> Failure {
    if others.is_empty() {
        Failure::new(Code::TokenNotFound, What::TokenNotFound { drivers })
            .hint(Hint::PlugIn)
            .hint(Hint::InstallDriver)
            .hint(Hint::AskIt)
    } else {
        Failure::new(
            Code::TokenNotFound,
            What::TokenNotAsAsked {
                others: names(others, words),
            },
        )
        .hint(Hint::ChooseToken)
    }
}

/// Only tokens that were never initialised.
fn not_initialized() -> Failure {
    Failure::new(Code::TokenNotInitialized, What::TokenNotInitialized).hint(Hint::AskManagingAgency)
}

/// Several tokens fit.
fn ambiguous(tokens: &[TokenInformation], words: &Words) -> Failure {
    let serials: BTreeSet<&str> = tokens.iter().map(|token| token.serial.as_str()).collect();
    let is_told_apart = serials.len() == tokens.len() && !serials.contains("");
    let what = What::TokenAmbiguous {
        tokens: names(tokens, words),
    };
    Failure::new(Code::TokenAmbiguous, what).hint(if is_told_apart {
        Hint::ChooseToken
    } else {
        Hint::ChooseSlot
    })
}

/// Several of the certificates given may be meant.
fn several(certificates: &[Certificate], words: &Words) -> Failure {
    // enough to see what is meant; a folder may hold hundreds
    const NAMED: usize = 6;
    let mut names: Vec<String> = certificates
        .iter()
        .take(NAMED)
        .map(|certificate| {
            words.say(&Common::CertificateName {
                holder: certificate
                    .subject()
                    .common_name()
                    .unwrap_or("–")
                    .to_owned(),
                serial: certificate.serial_number(),
                not_after: dates::day(words.language(), certificate.not_after()),
            })
        })
        .collect();
    if certificates.len() > NAMED {
        names.push("…".to_owned());
    }
    let what = What::SeveralCertificates {
        count: certificates.len(),
        certificates: names.join("; "),
    };
    Failure::new(Code::FileSeveralCertificates, what)
        .hint(Hint::GiveOneFile)
        .hint(Hint::ShowFile)
}

fn names(tokens: &[TokenInformation], words: &Words) -> String {
    let names: Vec<String> = tokens
        .iter()
        .map(|token| token_name(token, words))
        .collect();
    names.join("; ")
}

/// A step that failed, with what a look at the token shows after it.
pub(crate) fn from_install(error: &InstallError, module: &Path, words: &Words) -> Failure {
    let mut cause = from_step(&error.failure, module, words);
    if let Some(login) = &error.login {
        cause = after_login(cause, login);
    }
    let is_changed = match error.state {
        TokenState::NotTouched | TokenState::Unchanged => false,
        TokenState::Leftover
        | TokenState::NewAndOld
        | TokenState::OnlyNew
        | TokenState::OldMissing
        | TokenState::Unknown => true,
    };
    // the token is no longer as it was: that is the news, whatever the cause
    let mut failure = if is_changed {
        let stop = Stop {
            cause: cause_beside_the_state(error, &cause, module),
            module: module.to_owned(),
            step: error.step,
            is_restore: error.is_restore,
        };
        changed(cause, error, stop)
    } else {
        cause
    };
    if !error.may_still_remove_first {
        // it was allowed already, or there is nothing that could make room
        failure.hints.retain(|hint| *hint != Hint::RemoveOldFirst);
    }
    failure.on(&error.token).in_state(state(error))
}

/// The token is, or may be, changed: what to do then comes after what the cause asks for.
fn changed(mut failure: Failure, error: &InstallError, stop: Stop) -> Failure {
    failure.code = Code::WriteIncomplete;
    failure.what = Box::new(What::WriteIncomplete);
    failure.stop = Some(Box::new(stop));
    failure
        .hints
        .retain(|hint| !matches!(hint, Hint::ListToken | Hint::AskIt | Hint::TryAgain));
    failure = failure.hint(Hint::TryAgain);
    if let Some(backup) = &error.backup {
        if matches!(error.state, TokenState::OldMissing | TokenState::Unknown) {
            // by its bare name, which no shell reads otherwise, whatever the folder is called
            let name = Path::new(backup).file_name().unwrap_or_default();
            let backup = name.to_string_lossy().into_owned();
            failure = failure.hint(Hint::RestoreFrom { backup });
        }
        // whole, because who reads it may stand in another folder
        let backup = std::path::absolute(backup)
            .map_or_else(|_| backup.clone(), |place| place.display().to_string());
        failure = failure.hint(Hint::BackupAt { backup });
    }
    failure.hint(Hint::ListToken).hint(Hint::AskIt)
}

/// What is on the token, in the words of an install or of a restore.
const fn state(error: &InstallError) -> State {
    match (error.state, error.is_restore) {
        (TokenState::NotTouched, _) => State::NotTouched,
        (TokenState::Unchanged, _) => State::Unchanged,
        (TokenState::Leftover, _) => State::Leftover,
        (TokenState::NewAndOld, false) => State::NewAndOld,
        (TokenState::NewAndOld, true) => State::RestoreBoth,
        (TokenState::OnlyNew, false) => State::OnlyNew,
        (TokenState::OnlyNew, true) => State::RestoreOnly,
        (TokenState::OldMissing, false) => State::OldMissing,
        (TokenState::OldMissing, true) => State::RestoreMissing,
        (TokenState::Unknown, _) => State::Unknown,
    }
}

/// The cause in words that do not deny what a look found afterwards: a write may be refused and done all the
/// same.
fn cause_beside_the_state(error: &InstallError, cause: &Failure, module: &Path) -> Option<What> {
    let is_new_there = matches!(error.state, TokenState::NewAndOld | TokenState::OnlyNew);
    match &error.failure {
        StepFailure::Incomplete => Some(What::LookNotAsPlanned),
        StepFailure::NotStored | StepFailure::StoredDifferently if is_new_there => {
            Some(What::SeenOnlyLater)
        }
        StepFailure::Token(refused)
            if is_new_there && is_write(refused.operation) && !refused.is_driver_lost() =>
        {
            let call = refused.call.as_ref()?;
            Some(What::ModuleAnswered {
                module: module.display().to_string(),
                function: call.function.clone(),
                answer: call.return_value?.to_string(),
            })
        }
        StepFailure::Token(_)
        | StepFailure::Proof(_)
        | StepFailure::Storage(_)
        | StepFailure::TokenChanged
        | StepFailure::LoggedOut(_)
        | StepFailure::Refused(_)
        | StepFailure::NotStored
        | StepFailure::StoredDifferently => Some((*cause.what).clone()),
    }
}

/// A write of the certificate that is wanted, as against the removal of another.
const fn is_write(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::AddCertificate | Operation::SetCertificateId
    )
}

/// A login that failed: what it means to the PIN, and how many there were.
fn after_login(cause: Failure, login: &FailedLogin) -> Failure {
    let told = |failure: Failure| Failure {
        call: cause.call.clone(),
        ..failure
    };
    let failure = match login.verdict {
        LoginVerdict::Locked => return told(locked()),
        LoginVerdict::RefusedNow => {
            let failure = Failure::new(Code::PinRefusedNow, What::PinRefusedNow);
            told(failure.hint(Hint::WaitAndLook)).hint(Hint::RecoveryForm)
        }
        LoginVerdict::Wrong => told(wrong_pin()),
        LoginVerdict::Unclear => told(
            Failure::new(Code::LoginFailed, What::LoginUnclear)
                .hint(Hint::SwitchInputMethodOff)
                .hint(Hint::NoMoreTries),
        ),
        LoginVerdict::OtherCounted => {
            let mut failure = cause;
            // before anything that tells to run it again
            failure.hints.insert(0, Hint::NoMoreTries);
            failure
        }
        LoginVerdict::Other => return cause,
    };
    let failure = match login.outlook.failed_logins {
        0 => failure,
        count => failure.hint(Hint::FailedLogins { count }),
    };
    match login.outlook.state {
        PinState::FinalTry => failure.hint(Hint::AllowFinalTry).hint(Hint::RecoveryForm),
        PinState::Locked
        | PinState::CountLow
        | PinState::Ready
        | PinState::ToBeChanged
        | PinState::NotSet => failure,
    }
}

fn from_step(failure: &StepFailure, module: &Path, words: &Words) -> Failure {
    match failure {
        StepFailure::Token(error) => from_token(error, module, words),
        StepFailure::LoggedOut(failure) => Failure {
            call: from_step(failure, module, words).call,
            ..in_use()
        },
        StepFailure::Proof(ProofError::NotSigned(error)) => from_not_signed(error, module, words),
        StepFailure::Proof(ProofError::WrongKey) => not_proved(What::PossessionNotProved),
        StepFailure::Proof(ProofError::UnsupportedKey) => not_proved(What::KeyUnsupported),
        StepFailure::Proof(ProofError::NoRandom) => Failure::internal(&ProofError::NoRandom),
        StepFailure::Storage(error) => from_storage(error),
        StepFailure::TokenChanged => Failure::new(Code::TokenChanged, What::TokenChanged)
            .hint(Hint::CloseOtherPrograms)
            .hint(Hint::TryAgain),
        StepFailure::Refused(refusal) => from_refusal(refusal, words),
        StepFailure::NotStored => Failure::new(Code::WriteNotStored, What::WriteNotStored)
            .hint(Hint::Replug)
            .hint(Hint::TryAgain)
            .hint(Hint::AskIt),
        StepFailure::StoredDifferently => {
            Failure::new(Code::WriteNotStored, What::WriteStoredDifferently).hint(Hint::AskIt)
        }
        StepFailure::Incomplete => Failure::new(Code::WriteNotStored, What::ChangeNotStored)
            .hint(Hint::Replug)
            .hint(Hint::TryAgain)
            .hint(Hint::AskIt),
    }
}

/// A backup or a journal that cannot be written.
pub(crate) fn from_storage(error: &StorageError) -> Failure {
    let what = What::BackupFailed {
        place: error.place.clone(),
    };
    Failure::new(Code::BackupFailed, what)
        .detail(&error.detail)
        .hint(Hint::CheckFreeSpace)
        .hint(Hint::AskIt)
}

/// The lock that keeps two runs from one token cannot be had, nor is it another run's.
pub(crate) fn from_lock(error: &StorageError) -> Failure {
    let what = What::LockFailed {
        place: error.place.clone(),
    };
    Failure {
        what: Box::new(what),
        ..from_storage(error)
    }
}

/// A key that would not sign: the driver's own trouble where it has a name, else not proved.
fn from_not_signed(
    error: &chungthu_token::error::TokenError,
    module: &Path,
    words: &Words,
) -> Failure {
    let failure = from_token(error, module, words);
    if failure.code == Code::ModuleFailed && !error.is_driver_lost() {
        Failure {
            call: failure.call,
            ..not_proved(What::PossessionNotProved)
        }
    } else {
        failure
    }
}

fn not_proved(what: What) -> Failure {
    Failure::new(Code::PossessionNotProved, what)
        .hint(Hint::NotInstalledByHand)
        .hint(Hint::AskIt)
}

#[cfg(test)]
mod tests;
