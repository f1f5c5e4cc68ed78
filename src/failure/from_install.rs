//! An install that failed or stopped: from the workflow's facts to words.

use std::path::Path;

use chungthu_certificate::install::{
    FailedLogin, InstallError, LoginVerdict, ProofError, StepFailure, TokenState,
};
use chungthu_certificate::records::StorageError;
use chungthu_token::error::Operation;
use chungthu_token::token::PinState;

use super::from_refusal::from_refusal;
use super::from_token::{from_token, in_use, locked, wrong_pin};
use super::{Code, Failure, Stop};
use crate::words::{Hint, State, What, Words};

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
pub(super) fn after_login(cause: Failure, login: &FailedLogin) -> Failure {
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

pub(super) fn from_step(failure: &StepFailure, module: &Path, words: &Words) -> Failure {
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
