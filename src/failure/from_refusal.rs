//! A plan that is refused: from the workflow's reasons to words.

use std::collections::BTreeSet;

use chungthu_certificate::install::Refusal;
use chungthu_certificate::{Certificate, lower_hex};
use chungthu_token::token::TokenInformation;

use super::from_token::{from_token, locked};
use super::{Code, Failure, token_name};
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    const TOKEN: &str = r#"{"label":"t","manufacturer":"m","model":"m","serial":"1","flags":1036,
        "minimum_pin_length":4,"maximum_pin_length":8,"free_public_memory":null,
        "total_public_memory":null,"hardware_version":"1.0","firmware_version":"1.0"}"#;

    #[test]
    fn where_no_token_was_chosen_nothing_is_said_of_its_state() {
        let words = Words::new(Language::English);
        let refusal = Refusal::TokenAmbiguous { tokens: Vec::new() };
        assert_eq!(from_refusal(&refusal, &words).state, None);
        let refusal = Refusal::KeyNotOnToken { tokens: Vec::new() };
        assert_eq!(
            from_refusal(&refusal, &words).state,
            Some(State::NotTouched)
        );
    }

    #[test]
    fn tokens_that_share_a_serial_or_have_none_are_told_apart_by_their_slots() {
        let words = Words::new(Language::English);
        let token = |serial: &str| TokenInformation {
            serial: serial.into(),
            ..serde_json::from_str(TOKEN).unwrap()
        };
        for (serials, hint) in [
            (["1", "2"], Hint::ChooseToken),
            (["1", "1"], Hint::ChooseSlot),
            (["1", ""], Hint::ChooseSlot),
        ] {
            let tokens = serials.map(token).to_vec();
            let failure = from_refusal(&Refusal::TokenAmbiguous { tokens }, &words);
            assert_eq!(failure.hints, [hint], "{serials:?}");
        }
    }
}
