//! A failure in JSON.

use chungthu_certificate::install::Step;
use serde::Serialize;

use super::tokens::Token;
use crate::failure::{Ending, Failure as Facts};
use crate::words::{State, Words};

/// What every command prints when it did not do what was asked.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Failure {
    /// `refused`, `failed` or `cancelled`.
    outcome: &'static str,
    code: &'static str,
    /// In the chosen language.
    message: String,
    /// In the chosen language.
    hints: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pkcs11: Option<Pkcs11>,
    /// What the system or a library said of it, never translated.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<Token>,
    /// Of work that stopped after the first write: the step it stopped at, named as in `steps`.
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<&'static str>,
    /// `not-touched`, `unchanged`, `leftover`, `new-and-old`, `only-new`, `old-missing` or `unknown`; of a restore,
    /// what it brings back is the new.
    #[serde(skip_serializing_if = "Option::is_none")]
    token_state: Option<&'static str>,
}

/// A driver or a slot that could not be used, beside others that could.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Problem {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pkcs11: Option<Pkcs11>,
    /// What the system or a library said of it, never translated.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// The PKCS#11 call that failed, or in which the driver died or hung.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Pkcs11 {
    function: String,
    /// Name and number; `null` where the call did not return, or returned nonsense.
    return_value: Option<String>,
}

impl Failure {
    pub(crate) fn new(failure: &Facts, words: &Words) -> Self {
        let stop = failure.stop.as_deref();
        Self {
            outcome: match failure.code.ending() {
                Ending::Refused => "refused",
                Ending::Failed => "failed",
                Ending::Cancelled => "cancelled",
            },
            code: failure.code.name(),
            message: failure.message(words),
            hints: failure.hints.iter().map(|hint| words.say(hint)).collect(),
            pkcs11: pkcs11(failure),
            detail: failure.detail.clone(),
            token: failure
                .token
                .as_ref()
                .map(|token| Token::new(token, stop.map(|stop| stop.module.as_path()), None)),
            step: stop.and_then(|stop| stop.step).map(Step::name),
            token_state: failure.state.as_ref().and_then(|state| match state {
                // there is no token whose state it could be
                State::NoneTouched => None,
                State::NotTouched => Some("not-touched"),
                State::Unchanged => Some("unchanged"),
                State::Leftover => Some("leftover"),
                State::NewAndOld | State::RestoreBoth => Some("new-and-old"),
                State::OnlyNew | State::RestoreOnly => Some("only-new"),
                State::OldMissing | State::RestoreMissing => Some("old-missing"),
                State::Unknown => Some("unknown"),
                State::PinNew => Some("new-pin"),
                State::PinOld => Some("old-pin"),
                State::PinUnknown => Some("pin-unknown"),
                State::PinNotNew => Some("not-new-pin"),
            }),
        }
    }
}

impl Problem {
    pub(crate) fn new(failure: &Facts, words: &Words) -> Self {
        Self {
            code: failure.code.name(),
            message: words.say(&*failure.what),
            pkcs11: pkcs11(failure),
            detail: failure.detail.clone(),
        }
    }
}

fn pkcs11(failure: &Facts) -> Option<Pkcs11> {
    failure.call.as_ref().map(|call| Pkcs11 {
        function: call.function.clone(),
        return_value: call.return_value.map(|value| value.to_string()),
    })
}
