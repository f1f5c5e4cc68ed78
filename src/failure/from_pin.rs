//! A PIN that was not changed, or perhaps was: from facts to words.

use std::path::Path;

use chungthu_certificate::install::StepFailure;
use chungthu_certificate::pin_care::{PinCareError, PinInForce};
use chungthu_token::error::Cause;
use chungthu_token::pin::{SHORTEST_NEW_PIN, Violation};
use chungthu_token::token::LostTries;

use super::from_install::{after_login, from_step};
use super::{Code, Failure};
use crate::words::{Hint, State, What, Words};

/// What came of it, with which PIN is in force. `is_officers`: the PIN that was tried is the security
/// officer's.
pub(crate) fn from_pin_care(
    error: &PinCareError,
    is_officers: bool,
    module: &Path,
    words: &Words,
) -> Failure {
    let mut cause = from_step(&error.failure, module, words);
    if let Some(login) = &error.tried {
        cause = after_login(cause, login);
    }
    if let (StepFailure::Token(token_error), PinInForce::Old, true) =
        (&error.failure, error.state, is_officers)
    {
        let call = cause.call.clone();
        if token_error.cause == Cause::PinWrong {
            let found = officer_pin(Code::SoPinWrong, What::SoPinWrong);
            cause = Failure { call, ..found };
        } else if token_error.cause == Cause::PinLocked {
            let found = officer_pin(Code::SoPinLocked, What::SoPinLocked);
            cause = Failure { call, ..found };
        }
    }
    let failure = match error.state {
        PinInForce::Old => refused_new_pin(cause, error).in_state(State::PinOld),
        PinInForce::Unknown => Failure {
            code: Code::PinStateUnknown,
            what: Box::new(What::PinChangeStopped),
            detail: cause.detail,
            call: cause.call,
            ..Failure::new(Code::PinStateUnknown, What::PinChangeStopped)
        }
        .hint(Hint::TryNewPinOnce)
        .hint(Hint::AskIt)
        .in_state(State::PinUnknown),
        PinInForce::NotTheNew => Failure {
            call: cause.call,
            ..Failure::new(Code::PinStateUnknown, What::NewPinNotTaken)
        }
        .hint(Hint::UseOldPin)
        .hint(Hint::NoMoreTries)
        .hint(Hint::AskIt)
        .in_state(State::PinNotNew),
    };
    failure.on(&error.token)
}

/// The token has a rule of its own for new PINs.
fn refused_new_pin(cause: Failure, error: &PinCareError) -> Failure {
    let StepFailure::Token(token_error) = &error.failure else {
        return cause;
    };
    let is_in_the_change = token_error
        .call
        .as_ref()
        .is_some_and(|call| call.function != "C_Login");
    if token_error.cause == Cause::PinShape && is_in_the_change {
        return Failure {
            call: cause.call,
            ..Failure::new(Code::PinPolicy, What::NewPinRefusedByToken)
        }
        .hint(Hint::AnotherNewPin);
    }
    cause
}

fn officer_pin(code: Code, what: What) -> Failure {
    Failure::new(code, what)
        .hint(Hint::RecoveryForm)
        .hint(Hint::AskManagingAgency)
}

/// The security officer's PIN is not tried.
pub(crate) fn officer_refused(tries: LostTries) -> Failure {
    match tries {
        LostTries::All => officer_pin(Code::SoPinLocked, What::SoPinLocked),
        LostTries::AllButOne | LostTries::Some | LostTries::NoneTold => {
            officer_pin(Code::PinFinalTry, What::SoPinFinalTry).hint(Hint::AllowFinalTry)
        }
    }
}

/// A new PIN that is not sent.
pub(crate) fn from_violations(violations: &[Violation], words: &Words) -> Failure {
    let reasons: Vec<String> = violations
        .iter()
        .map(|violation| {
            words.say(&match violation {
                Violation::TooShort => What::NewPinTooShort {
                    minimum: SHORTEST_NEW_PIN,
                },
                Violation::NoUpperCase => What::NewPinNoUpperCase,
                Violation::NoLowerCase => What::NewPinNoLowerCase,
                Violation::NoDigit => What::NewPinNoDigit,
                Violation::SameAsOld => What::NewPinSame,
            })
        })
        .collect();
    let reasons = reasons.join("; ");
    Failure::new(Code::PinPolicy, What::NewPinWeak { reasons }).hint(Hint::AnotherNewPin)
}
