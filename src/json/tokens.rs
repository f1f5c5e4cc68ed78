//! `tokens` in JSON: drivers, slots, tokens.

use chungthu_token::token::{PinState, SlotId, TokenInformation};
use chungthu_token::uri::Uri;
use serde::Serialize;

use super::failure::Problem;

/// `tokens`: what is plugged in.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Tokens {
    /// `listed`
    outcome: &'static str,
    pub(crate) modules: Vec<Module>,
    /// Drivers that were found or declared and not used.
    pub(crate) passed_over: Vec<PassedOver>,
}

impl Tokens {
    pub(crate) const fn new(modules: Vec<Module>, passed_over: Vec<PassedOver>) -> Self {
        Self {
            outcome: "listed",
            modules,
            passed_over,
        }
    }
}

/// One driver.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Module {
    pub(crate) path: String,
    /// `command-line`, `environment`, `configuration`, `p11-kit` or `well-known`.
    pub(crate) route: &'static str,
    /// The p11-kit file that names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) declared_in: Option<String>,
    /// Whether it was given an init string, which is not shown.
    pub(crate) init_string: bool,
    /// How long it took to load and start, in milliseconds; null for a file that was not loaded.
    pub(crate) start_milliseconds: Option<u64>,
    pub(crate) name: Option<String>,
    pub(crate) manufacturer: Option<String>,
    pub(crate) version: Option<String>,
    /// `working` or `failed`.
    pub(crate) state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) problem: Option<Problem>,
    pub(crate) tokens: Vec<SlotToken>,
}

/// A driver that is not used.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct PassedOver {
    /// The driver, or the p11-kit file where that names none.
    pub(crate) path: String,
    /// As in `modules`.
    pub(crate) route: &'static str,
    /// The p11-kit file that names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) declared_in: Option<String>,
    /// `declaration-unreadable`, `missing`, `not-for-this-program`, `proxy`, `remote`, `same-file`,
    /// `switched-off`, `trust-policy` or `unloadable`.
    pub(crate) reason: &'static str,
    /// The name under which the same file is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) same_as: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) problem: Option<Problem>,
}

/// A slot with a token, or with a problem.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct SlotToken {
    pub(crate) slot: u64,
    /// The reader, where the driver names it.
    pub(crate) reader: Option<String>,
    #[serde(flatten)]
    pub(crate) token: Option<TokenState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) problem: Option<Problem>,
}

/// A token as one names it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Token {
    /// Its name for other programs (RFC 7512).
    uri: String,
    serial: String,
    label: String,
    model: String,
    manufacturer: String,
    /// The driver's file.
    #[serde(skip_serializing_if = "Option::is_none")]
    module: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    slot: Option<u64>,
}

/// A token with its state.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct TokenState {
    #[serde(flatten)]
    token: Token,
    /// `token`, or `certificate-store` for one that holds no key of a user.
    kind: &'static str,
    pin: Pin,
    memory: Memory,
    initialized: bool,
    write_protected: bool,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Pin {
    /// By the token's flags: `ready`, `count-low`, `final-try`, `locked`, `to-be-changed` or `not-set`.
    state: &'static str,
    /// In bytes; null where the driver's numbers make no sense.
    min: Option<u64>,
    max: Option<u64>,
    /// Logins from this computer that failed since the last success.
    failed_logins: usize,
    /// Whether it is typed on the reader or in the driver's own window.
    on_reader: bool,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Memory {
    /// Bytes; null where the driver does not tell.
    free: Option<u64>,
    total: Option<u64>,
}

impl Token {
    pub(crate) fn new(
        token: &TokenInformation,
        module: Option<&std::path::Path>,
        slot: Option<SlotId>,
    ) -> Self {
        Self {
            uri: Uri::of_token(token).to_string(),
            serial: token.serial.clone(),
            label: token.label.clone(),
            model: token.model.clone(),
            manufacturer: token.manufacturer.clone(),
            module: module.map(|path| path.display().to_string()),
            slot: slot.map(|slot| slot.0),
        }
    }
}

impl TokenState {
    /// `failed_logins`: what this computer has counted for the token.
    pub(crate) fn new(token: &TokenInformation, failed_logins: usize) -> Self {
        let lengths = token.pin_lengths();
        Self {
            token: Token::new(token, None, None),
            kind: if token.is_certificate_store() {
                "certificate-store"
            } else {
                "token"
            },
            pin: Pin {
                state: match token.pin_state() {
                    PinState::Ready => "ready",
                    PinState::CountLow => "count-low",
                    PinState::FinalTry => "final-try",
                    PinState::Locked => "locked",
                    PinState::ToBeChanged => "to-be-changed",
                    PinState::NotSet => "not-set",
                },
                min: lengths.map(|(minimum, _)| minimum),
                max: lengths.map(|(_, maximum)| maximum),
                failed_logins,
                on_reader: token.has_protected_authentication_path(),
            },
            memory: Memory {
                free: token.free_public_memory,
                total: token.total_public_memory,
            },
            initialized: token.is_initialized(),
            write_protected: token.is_write_protected(),
        }
    }
}
