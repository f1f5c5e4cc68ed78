//! Failures: one value for everything that can go wrong, and the one table from code to exit status.

mod from_certificate;
mod from_install;
mod from_pin;
mod from_refusal;
mod from_token;

use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;

use chungthu_certificate::install::Step;
use chungthu_token::error::FailedCall;
use chungthu_token::token::TokenInformation;

use crate::page::{BAD, FAINT, Page, styled};
use crate::pages;
use crate::words::{Common, Hint, Install, State, What, Words};

pub(crate) use from_certificate::{
    from_file, from_list, from_read, no_certificate_in_folder, only_authorities,
};
pub(crate) use from_install::{from_install, from_lock, from_storage};
pub(crate) use from_pin::{from_pin_care, from_violations, officer_refused};
pub(crate) use from_refusal::{from_refusal, no_driver};
pub(crate) use from_token::{from_shape, from_token};

/// A command that did not do what was asked.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) code: Code,
    pub(crate) what: Box<What>,
    pub(crate) hints: Vec<Hint>,
    /// The PKCS#11 call that failed, or never returned.
    pub(crate) call: Option<Box<FailedCall>>,
    /// The system's or a library's own words, which no catalogue translates.
    pub(crate) detail: Option<String>,
    /// The token concerned.
    pub(crate) token: Option<Box<TokenInformation>>,
    /// What is on the token now.
    pub(crate) state: Option<State>,
    /// Where the token is, or may be, changed: how it came to that.
    pub(crate) stop: Option<Box<Stop>>,
}

/// Work that stopped after the first write.
#[derive(Clone, Debug)]
pub(crate) struct Stop {
    /// What brought it about, where there is more to say than that it stopped.
    pub(crate) cause: Option<What>,
    /// The driver's file.
    pub(crate) module: PathBuf,
    /// The step it stopped at, which is the journal's last.
    pub(crate) step: Option<Step>,
    /// Whether it was a restore, which has words of its own for some steps.
    pub(crate) is_restore: bool,
}

/// The exit statuses of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    Usage = 2,
    Refused = 3,
    Unavailable = 4,
    Pin = 5,
    Stopped = 6,
    Cancelled = 7,
    Internal = 70,
}

/// Writes the table down once: the variant, the code that people search for, the exit status.
macro_rules! codes {
    ($($variant:ident = $name:literal => $exit:ident),+ $(,)?) => {
        /// A stable name that a person can search for and a script can test.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Code { $($variant),+ }

        impl Code {
            /// Every code, in the order of the table.
            #[cfg(test)]
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The public name.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The exit status.
            pub(crate) const fn exit(self) -> Exit {
                match self { $(Self::$variant => Exit::$exit),+ }
            }
        }
    };
}

codes! {
    Usage = "USAGE" => Usage,
    NoTerminal = "NO_TERMINAL" => Usage,
    FileUnreadable = "FILE_UNREADABLE" => Refused,
    FileTooLarge = "FILE_TOO_LARGE" => Refused,
    FileNotACertificate = "FILE_NOT_A_CERTIFICATE" => Refused,
    FileTrailingBytes = "FILE_TRAILING_BYTES" => Refused,
    FileSeveralCertificates = "FILE_SEVERAL_CERTIFICATES" => Refused,
    FileIsCaCertificate = "FILE_IS_CA_CERTIFICATE" => Refused,
    FileIsRequest = "FILE_IS_REQUEST" => Refused,
    FileHasPrivateKey = "FILE_HAS_PRIVATE_KEY" => Refused,
    CrlUnreadable = "CRL_UNREADABLE" => Refused,
    OutputExists = "OUTPUT_EXISTS" => Refused,
    OutputUnwritable = "OUTPUT_UNWRITABLE" => Refused,
    CertExpired = "CERT_EXPIRED" => Refused,
    CertNotYetValid = "CERT_NOT_YET_VALID" => Refused,
    CertOlderThanInstalled = "CERT_OLDER_THAN_INSTALLED" => Refused,
    CertSameSerialDifferentBytes = "CERT_SAME_SERIAL_DIFFERENT_BYTES" => Refused,
    IssuerSignatureInvalid = "ISSUER_SIGNATURE_INVALID" => Refused,
    BackupUnreadable = "BACKUP_UNREADABLE" => Refused,
    BackupOtherKey = "BACKUP_OTHER_KEY" => Refused,
    KeyNotOnToken = "KEY_NOT_ON_TOKEN" => Refused,
    KeyAmbiguous = "KEY_AMBIGUOUS" => Refused,
    KeyCannotTell = "KEY_CANNOT_TELL" => Refused,
    PossessionNotProved = "POSSESSION_NOT_PROVED" => Refused,
    TokenAmbiguous = "TOKEN_AMBIGUOUS" => Refused,
    ModuleNotFound = "MODULE_NOT_FOUND" => Unavailable,
    ModuleWrongArchitecture = "MODULE_WRONG_ARCHITECTURE" => Unavailable,
    ModuleNotPkcs11 = "MODULE_NOT_PKCS11" => Unavailable,
    ModuleFailed = "MODULE_FAILED" => Unavailable,
    ModuleCrashed = "MODULE_CRASHED" => Unavailable,
    ModuleTimedOut = "MODULE_TIMED_OUT" => Unavailable,
    TokenNotFound = "TOKEN_NOT_FOUND" => Unavailable,
    TokenNotInitialized = "TOKEN_NOT_INITIALIZED" => Unavailable,
    TokenWriteProtected = "TOKEN_WRITE_PROTECTED" => Unavailable,
    TokenFull = "TOKEN_FULL" => Unavailable,
    TokenRemoved = "TOKEN_REMOVED" => Unavailable,
    TokenChanged = "TOKEN_CHANGED" => Unavailable,
    TokenRefusedCertificate = "TOKEN_REFUSED_CERTIFICATE" => Unavailable,
    TokenInUse = "TOKEN_IN_USE" => Unavailable,
    WriteNeedsSo = "WRITE_NEEDS_SO" => Unavailable,
    WriteNotStored = "WRITE_NOT_STORED" => Unavailable,
    BackupFailed = "BACKUP_FAILED" => Unavailable,
    PinWrong = "PIN_WRONG" => Pin,
    LoginFailed = "LOGIN_FAILED" => Pin,
    PinLocked = "PIN_LOCKED" => Pin,
    PinRefusedNow = "PIN_REFUSED_NOW" => Pin,
    PinFinalTry = "PIN_FINAL_TRY" => Pin,
    PinExpired = "PIN_EXPIRED" => Pin,
    PinShape = "PIN_SHAPE" => Pin,
    PinNotGiven = "PIN_NOT_GIVEN" => Pin,
    PinPolicy = "PIN_POLICY" => Pin,
    SoPinWrong = "SO_PIN_WRONG" => Pin,
    SoPinLocked = "SO_PIN_LOCKED" => Pin,
    UnblockNotHere = "UNBLOCK_NOT_HERE" => Refused,
    PinStateUnknown = "PIN_STATE_UNKNOWN" => Stopped,
    WriteIncomplete = "WRITE_INCOMPLETE" => Stopped,
    Cancelled = "CANCELLED" => Cancelled,
    Internal = "INTERNAL" => Internal,
}

/// How a command ended that did not do what was asked: the word for JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The program decided not to.
    Refused,
    /// Something broke.
    Failed,
    /// The person decided not to.
    Cancelled,
}

impl Exit {
    /// The number, as the process returns it.
    pub(crate) const fn number(self) -> u8 {
        self as u8
    }

    /// For `main`.
    pub(crate) fn code(self) -> ExitCode {
        ExitCode::from(self.number())
    }
}

impl Code {
    /// Whether the program refused or something broke.
    pub(crate) const fn ending(self) -> Ending {
        match (self.exit(), self) {
            (Exit::Cancelled, _) => Ending::Cancelled,
            (Exit::Usage | Exit::Refused, _) | (_, Self::PinFinalTry | Self::PinLocked) => {
                Ending::Refused
            }
            (Exit::Unavailable | Exit::Pin | Exit::Stopped | Exit::Internal, _) => Ending::Failed,
        }
    }
}

impl Failure {
    /// A failure without hints.
    pub(crate) fn new(code: Code, what: What) -> Self {
        Self {
            code,
            what: Box::new(what),
            hints: Vec::new(),
            call: None,
            detail: None,
            token: None,
            state: None,
            stop: None,
        }
    }

    /// A mistake of the program itself.
    pub(crate) fn internal(error: &dyn fmt::Display) -> Self {
        Self::new(Code::Internal, What::Internal)
            .detail(error)
            .hint(Hint::ReportProblem)
    }

    /// With what the system or a library said, for the line of the code.
    pub(crate) fn detail(mut self, detail: &dyn fmt::Display) -> Self {
        self.detail = Some(detail.to_string());
        self
    }

    /// One more thing to do.
    pub(crate) fn hint(mut self, hint: Hint) -> Self {
        if !self.hints.contains(&hint) {
            self.hints.push(hint);
        }
        self
    }

    /// About this token.
    pub(crate) fn on(mut self, token: &TokenInformation) -> Self {
        self.token = Some(Box::new(token.clone()));
        self
    }

    /// With what is on the token now.
    pub(crate) fn in_state(mut self, state: State) -> Self {
        self.state = Some(state);
        self
    }

    /// What happened, and what brought it about.
    pub(crate) fn message(&self, words: &Words) -> String {
        let what = words.say(&*self.what);
        let cause = self.stop.as_ref().and_then(|stop| stop.cause.as_ref());
        match cause {
            Some(cause) => format!("{what} {}", words.say(cause)),
            None => what,
        }
    }

    /// The failure as a page: what, where, in what state, what to do, and the code.
    pub(crate) fn page(&self, words: &Words) -> Page {
        let mut page = Page::below();
        let word = match self.code.ending() {
            Ending::Refused => Common::Refused,
            Ending::Failed => Common::Failed,
            Ending::Cancelled => Common::Cancelled,
        };
        page.styled_line(BAD, &words.say(&word));
        page.paragraph(&self.message(words));
        let mut fields = Vec::new();
        if let Some(token) = self.token.as_ref().filter(|token| is_named(token)) {
            fields.push((words.say(&Common::Token), token_name(token, words)));
        }
        if let Some(stop) = &self.stop {
            let module = stop.module.display().to_string();
            fields.push((words.say(&Install::TokenDriver), module));
            if let Some(step) = stop.step {
                let step = pages::step(step, stop.is_restore, words);
                fields.push((words.say(&Common::StoppedAt), step));
            }
        }
        if let Some(state) = &self.state {
            fields.push((words.say(&Common::TokenState), words.say(state)));
        }
        page.fields(&fields);
        if !self.hints.is_empty() {
            page.heading(&words.say(&Common::ToDo));
            for hint in &self.hints {
                page.item(&words.say(hint));
            }
        }
        page.blank();
        page.line(&styled(FAINT, &self.code_line()));
        page
    }

    /// `PIN_LOCKED · C_Login · CKR_PIN_LOCKED (0xA4)`
    pub(crate) fn code_line(&self) -> String {
        let mut parts = vec![self.code.name().to_owned()];
        if let Some(call) = &self.call {
            parts.push(call.function.clone());
            parts.extend(call.return_value.map(|value| value.to_string()));
        }
        parts.extend(self.detail.clone());
        parts.join(" · ")
    }
}

fn is_named(token: &TokenInformation) -> bool {
    !token.label.is_empty() || !token.serial.is_empty()
}

/// A token as people tell it apart: label and serial.
pub(crate) fn token_name(token: &TokenInformation, words: &Words) -> String {
    let shown = |text: &str| {
        if text.is_empty() {
            "–".to_owned()
        } else {
            text.to_owned()
        }
    };
    words.say(&Common::TokenName {
        label: shown(&token.label),
        serial: shown(&token.serial),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn the_table_of_codes_is_published() {
        let mut text = String::from(
            "# Failure codes\n\n\
             Written by a test from the table in `src/failure/mod.rs` (`CHUNGTHU_UPDATE=1 cargo test`).\n\
             Codes and exit statuses are public and stable.\n\n\
             | Code | Exit status | JSON `outcome` |\n|---|---|---|\n",
        );
        for code in Code::ALL {
            let outcome = match code.ending() {
                Ending::Refused => "refused",
                Ending::Failed => "failed",
                Ending::Cancelled => "cancelled",
            };
            text.push_str(&format!(
                "| `{}` | {} | `{outcome}` |\n",
                code.name(),
                code.exit().number()
            ));
        }
        crate::drift::check("docs/failure-codes.md", &text);
    }

    #[test]
    fn a_failure_says_what_where_in_which_state_what_to_do_and_its_code() {
        let words = Words::new(Language::Vietnamese);
        let mut failure = Failure::new(Code::PinLocked, What::PinLocked)
            .hint(Hint::RecoveryForm)
            .in_state(State::NotTouched);
        failure.call = Some(Box::new(FailedCall {
            function: "C_Login".into(),
            return_value: Some(chungthu_token::return_value::ReturnValue(0xA4)),
        }));
        let page = failure.page(&words);
        assert!(
            page.text()
                .contains("PIN_LOCKED · C_Login · CKR_PIN_LOCKED (0xA4)")
        );
        assert!(page.text().contains(&words.say(&State::NotTouched)));
    }
}
