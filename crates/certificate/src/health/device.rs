//! Findings about the driver, the token itself and its PIN.

use std::time::Duration;

use chungthu_token::error::TokenError;
use chungthu_token::token::{PinState, TokenInformation};

use super::finding::{Fact, Finding, FindingCode as Code, Subject};
use super::{DriverFacts, Examined};
use crate::install::PinOutlook;
use crate::rules::RECOVERY;

/// Slower than this, and programs with less patience report that there is no token.
const SLOW: Duration = Duration::from_secs(5);
/// A certificate of the government CA has up to 1.8 kB; with its attributes and a card's own overhead,
/// less than this is too little.
const ROOM_FOR_A_CERTIFICATE: u64 = 4096;

/// How the driver answered.
pub(super) fn driver(facts: &DriverFacts) -> Vec<Finding> {
    let milliseconds = u64::try_from(facts.start.as_millis()).unwrap_or(u64::MAX);
    let information = facts.information.as_ref();
    let text = |text: &String| (!text.is_empty()).then(|| text.clone());
    let answers = Finding::new(Code::DriverAnswers, Subject::Driver)
        .with("path", facts.path.display().to_string())
        .with("route", Fact::Word(facts.route.name()))
        .with_some("name", information.and_then(|it| text(&it.description)))
        .with_some(
            "manufacturer",
            information.and_then(|it| text(&it.manufacturer)),
        )
        .with_some(
            "version",
            information.and_then(|it| text(&it.library_version)),
        )
        .with_some(
            "cryptoki_version",
            information.and_then(|it| text(&it.cryptoki_version)),
        )
        // drivers for another processor are not loaded
        .with("architecture", std::env::consts::ARCH)
        .with("milliseconds", milliseconds);
    let mut findings = vec![answers];
    if facts.start >= SLOW {
        findings.push(
            Finding::new(Code::DriverSlow, Subject::Driver).with("milliseconds", milliseconds),
        );
    }
    if information.is_none() {
        findings.push(Finding::new(Code::DriverNameless, Subject::Driver));
    }
    if let Some(error) = &facts.end {
        findings.push(
            Finding::new(Code::DriverEndsBadly, Subject::Driver).with("problem", error.to_string()),
        );
    }
    findings
}

/// What the token says of itself.
pub(super) fn token(examined: &Examined<'_>) -> Vec<Finding> {
    let token = examined.token;
    let new = |code| Finding::new(code, Subject::Token);
    let text = |text: &String| (!text.is_empty()).then(|| text.clone());
    let mut findings = vec![
        new(Code::TokenAnswers)
            .with_some("label", text(&token.label))
            .with_some("serial", text(&token.serial))
            .with_some("model", text(&token.model))
            .with_some("manufacturer", text(&token.manufacturer))
            .with("hardware_version", token.hardware_version.clone())
            .with("firmware_version", token.firmware_version.clone())
            .with_some(
                "reader",
                examined.reader.and_then(|it| text(&it.to_owned())),
            ),
    ];
    if token.is_certificate_store() {
        findings.push(new(Code::TokenIsStore));
    } else if !token.is_initialized() {
        findings.push(new(Code::TokenNotInitialized));
    } else {
        findings.push(if token.has_serial() {
            new(Code::TokenSerialNote).with("serial", token.serial.clone())
        } else {
            new(Code::TokenNoSerial).with("serial", token.serial.clone())
        });
        if token.is_write_protected() {
            findings.push(new(Code::TokenWriteProtected));
        }
        findings.extend(memory(token));
    }
    findings
}

fn memory(token: &TokenInformation) -> Option<Finding> {
    let free = token.free_public_memory?;
    let total = token.total_public_memory;
    // NSS says that it has one byte of one; nobody believes that
    let is_meant = total.is_none_or(|total| total >= ROOM_FOR_A_CERTIFICATE && free <= total);
    let code = if free < ROOM_FOR_A_CERTIFICATE {
        Code::TokenMemoryLow
    } else {
        Code::TokenMemory
    };
    is_meant.then(|| {
        Finding::new(code, Subject::Token)
            .with("free", free)
            .with_some("total", total)
    })
}

/// The PIN, from the flags and from this computer's count.
pub(super) fn pin(examined: &Examined<'_>) -> Vec<Finding> {
    let token = examined.token;
    let new = |code| Finding::new(code, Subject::Pin);
    let mut findings = Vec::new();
    let failed = match examined.failed_logins {
        Some(count) => count,
        None => {
            findings.push(new(Code::PinRecordUnreadable));
            0
        }
    };
    let (minimum, maximum) = token.pin_lengths().unzip();
    match token.pin_state() {
        PinState::Locked => findings.push(
            new(Code::PinLocked)
                .with("form", RECOVERY.now)
                .with("form_before", RECOVERY.before),
        ),
        PinState::FinalTry => findings.push(new(Code::PinFinalTry)),
        PinState::CountLow => findings.push(new(Code::PinLow)),
        PinState::ToBeChanged => findings.push(new(Code::PinToBeChanged)),
        PinState::NotSet => findings.push(new(Code::PinNotSet)),
        PinState::Ready if failed == 0 => findings.push(
            new(Code::PinReady)
                .with_some("minimum", minimum)
                .with_some("maximum", maximum),
        ),
        PinState::Ready => {}
    }
    if failed > 0 {
        findings.push(new(Code::PinFailedLogins).with("count", failed));
        if PinOutlook::new(token.pin_state(), failed).is_counted {
            findings.push(new(Code::PinNotReported));
        }
    }
    if token.has_protected_authentication_path() {
        findings.push(new(Code::PinOnReader));
    }
    findings
}

/// Objects that could not be read.
pub(super) fn unreadable(error: &TokenError) -> Finding {
    let call = error.call.as_ref();
    Finding::new(Code::TokenUnreadable, Subject::Token)
        .with("problem", error.to_string())
        .with_some("function", call.map(|call| call.function.clone()))
        .with_some(
            "return_value",
            error.return_value().map(|value| value.to_string()),
        )
}
