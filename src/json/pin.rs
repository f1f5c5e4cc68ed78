//! `pin` in JSON.

use serde::Serialize;

use super::tokens::Token;

/// `pin change` and `pin unblock`.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Pin {
    /// `changed`, `unblocked`, or `explained`: nothing was done, because unblocking is the CA's.
    outcome: &'static str,
    /// Whether a login with the new PIN was tried and succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    verified: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<Token>,
    /// The forms to ask for a recovery with, where that is the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    forms: Option<Forms>,
}

/// The same form by its number now and before.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Forms {
    /// Mẫu số of Nghị định 68/2024/NĐ-CP.
    nd68: &'static str,
    /// Mẫu số of Thông tư 185/2019/TT-BQP.
    tt185: &'static str,
}

impl Pin {
    pub(crate) const fn changed(token: Token, is_unblocked: bool, is_verified: bool) -> Self {
        Self {
            outcome: if is_unblocked { "unblocked" } else { "changed" },
            verified: Some(is_verified),
            token: Some(token),
            forms: None,
        }
    }

    pub(crate) const fn explained() -> Self {
        let form = chungthu_certificate::rules::RECOVERY;
        Self {
            outcome: "explained",
            verified: None,
            token: None,
            forms: Some(Forms {
                nd68: form.now,
                tt185: form.before,
            }),
        }
    }
}
