//! What a login risks, and what a failed one means: flags, answers and this computer's count put together.

use chungthu_token::error::{Cause, TokenError};
use chungthu_token::token::{LostTries, PinState, TokenInformation};

use crate::install::refusal::{Refusal, Warning};

/// So many failed logins that the next may lock the token: three wrong PINs in a row lock those of the
/// government CA.
const LAST_BEFORE_LOCK: usize = 2;

/// What a login risks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinOutlook {
    /// The PIN's state to go by.
    pub state: PinState,
    /// How many logins from this computer failed since the last success.
    pub failed_logins: usize,
    /// Whether `state` comes from that count, because the token's flags tell of no lost try.
    pub is_counted: bool,
}

impl PinOutlook {
    /// Where the flags tell of lost tries, they decide; where they are silent, the count stands in for
    /// them. Silent flags after a failed login may be frozen (ePass2003) or known to one process only
    /// (OpenSC); a success in another program looks the same from here, so that the count may warn in vain.
    #[must_use]
    pub const fn new(flags: PinState, failed_logins: usize) -> Self {
        let is_silent = matches!(flags.lost_tries(), LostTries::NoneTold);
        let is_counted = is_silent && failed_logins > 0;
        let state = if !is_counted {
            flags
        } else if failed_logins < LAST_BEFORE_LOCK {
            PinState::CountLow
        } else {
            PinState::FinalTry
        };
        Self {
            state,
            failed_logins,
            is_counted,
        }
    }

    /// Whether a login may be risked, and what to know of it.
    pub(crate) fn judge(self, allow_final_try: bool) -> Result<Vec<Warning>, Refusal> {
        let count = self.failed_logins;
        match self.state {
            PinState::Locked => return Err(Refusal::PinLocked),
            PinState::FinalTry if allow_final_try => {}
            PinState::FinalTry if self.is_counted => {
                return Err(Refusal::PinTriesCounted { count });
            }
            PinState::FinalTry => return Err(Refusal::PinFinalTry),
            // drivers forget the last two, and a login that they stop costs no try
            PinState::CountLow | PinState::Ready | PinState::ToBeChanged | PinState::NotSet => {}
        }
        let is_told = self.state.lost_tries() > LostTries::NoneTold && !self.is_counted;
        let told = is_told.then_some(Warning::PinCountLow);
        let seen = (count > 0).then_some(Warning::PinTriesCounted { count });
        Ok(told.into_iter().chain(seen).collect())
    }
}

/// A login that failed, as far as it concerns the PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailedLogin {
    /// What it means.
    pub verdict: LoginVerdict,
    /// What the next login would risk.
    pub outlook: PinOutlook,
}

/// What a failed login means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginVerdict {
    /// The PIN is wrong: the driver says so, or the flags lost a try with it.
    Wrong,
    /// The PIN is locked, by this login or before it.
    Locked,
    /// The driver says that the PIN is locked and the token's flags do not: some refuse every PIN for a
    /// moment after a wrong one (craton), some have no flag for it.
    RefusedNow,
    /// The driver's answer does not tell. It may have been a wrong PIN (ePass2003 says
    /// `CKR_GENERAL_ERROR`) and may have cost a try.
    Unclear,
    /// The answer has a meaning of its own, and may have cost a try.
    OtherCounted,
    /// The answer has a meaning of its own, and no try was used.
    Other,
}

impl FailedLogin {
    /// `is_counted`: whether it may have cost a try. `before` and `after`: the token's words right before and right after the login, `after` where they
    /// could be read; `failed_logins` with this one.
    pub(super) fn new(
        error: &TokenError,
        is_counted: bool,
        before: &TokenInformation,
        after: Option<&TokenInformation>,
        failed_logins: usize,
    ) -> Self {
        let before = before.pin_state();
        let after = after.map(TokenInformation::pin_state);
        Self {
            verdict: verdict(
                error,
                is_counted,
                before.lost_tries(),
                after.map(PinState::lost_tries),
            ),
            outlook: PinOutlook::new(after.unwrap_or(before), failed_logins),
        }
    }
}

fn verdict(
    error: &TokenError,
    is_counted: bool,
    before: LostTries,
    after: Option<LostTries>,
) -> LoginVerdict {
    let is_locked_by_answer = error.cause == Cause::PinLocked;
    if is_locked_by_answer && after.is_some_and(|after| after < LostTries::All) {
        LoginVerdict::RefusedNow
    } else if is_locked_by_answer || is_counted && after == Some(LostTries::All) {
        LoginVerdict::Locked
    } else if !is_counted {
        LoginVerdict::Other
    } else if error.cause == Cause::PinWrong || after.is_some_and(|after| after > before) {
        LoginVerdict::Wrong
    } else if error.cause == Cause::PinShape
        || error.cause == Cause::TokenRemoved
        || error.is_driver_lost()
    {
        LoginVerdict::OtherCounted
    } else {
        LoginVerdict::Unclear
    }
}

#[cfg(test)]
mod tests {
    use chungthu_token::error::Operation;
    use chungthu_token::pin::{Credential, Pin};
    use chungthu_token::return_value::ReturnValue;

    use super::*;

    #[test]
    fn the_count_stands_in_for_flags_that_are_silent_and_for_no_others() {
        use PinState::{CountLow, FinalTry, Locked, NotSet, Ready, ToBeChanged};
        for (flags, failed, state, is_counted) in [
            (Ready, 0, Ready, false),
            (Ready, 1, CountLow, true),
            (Ready, 2, FinalTry, true),
            (Ready, 9, FinalTry, true),
            (ToBeChanged, 0, ToBeChanged, false),
            (ToBeChanged, 2, FinalTry, true),
            (NotSet, 1, CountLow, true),
            (CountLow, 0, CountLow, false),
            (CountLow, 5, CountLow, false),
            (FinalTry, 1, FinalTry, false),
            (Locked, 0, Locked, false),
            (Locked, 9, Locked, false),
        ] {
            let outlook = PinOutlook::new(flags, failed);
            assert_eq!(
                (outlook.state, outlook.is_counted),
                (state, is_counted),
                "{flags:?} {failed}"
            );
        }
    }

    #[test]
    fn a_failed_login_means_what_answer_and_flags_say_together() {
        use LostTries::{All, AllButOne, NoneTold, Some as Low};
        const INCORRECT: u64 = 0xA0;
        const LOCKED: u64 = 0xA4;
        const GENERAL_ERROR: u64 = 0x05;
        let pin = Credential::Pin(Pin::new("123456", None).unwrap());
        for (code, before, after, expected) in [
            (INCORRECT, NoneTold, Some(Low), LoginVerdict::Wrong),
            // frozen flags
            (INCORRECT, NoneTold, Some(NoneTold), LoginVerdict::Wrong),
            (INCORRECT, Low, None, LoginVerdict::Wrong),
            // the try that locks says incorrect (openCryptoki)
            (INCORRECT, AllButOne, Some(All), LoginVerdict::Locked),
            (LOCKED, AllButOne, Some(All), LoginVerdict::Locked),
            (LOCKED, NoneTold, None, LoginVerdict::Locked),
            // for a moment, or without a flag
            (LOCKED, NoneTold, Some(NoneTold), LoginVerdict::RefusedNow),
            (LOCKED, Low, Some(AllButOne), LoginVerdict::RefusedNow),
            // the ePass2003 family
            (
                GENERAL_ERROR,
                NoneTold,
                Some(NoneTold),
                LoginVerdict::Unclear,
            ),
            (GENERAL_ERROR, NoneTold, None, LoginVerdict::Unclear),
            (GENERAL_ERROR, Low, Some(AllButOne), LoginVerdict::Wrong),
            (GENERAL_ERROR, AllButOne, Some(All), LoginVerdict::Locked),
            // PIN_LEN_RANGE, DEVICE_REMOVED
            (0xA2, NoneTold, Some(NoneTold), LoginVerdict::OtherCounted),
            (0xA2, NoneTold, Some(Low), LoginVerdict::Wrong),
            (0x32, NoneTold, None, LoginVerdict::OtherCounted),
            // USER_ALREADY_LOGGED_IN, PIN_EXPIRED
            (0x100, Low, Some(Low), LoginVerdict::Other),
            (0xA3, NoneTold, Some(NoneTold), LoginVerdict::Other),
        ] {
            let error = TokenError::from_call(Operation::LogIn, "C_Login", ReturnValue(code));
            let is_counted = error.may_have_cost_a_try(&pin);
            let found = verdict(&error, is_counted, before, after);
            assert_eq!(found, expected, "{code:#x} {before:?} {after:?}");
        }
    }
}
