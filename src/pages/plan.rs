//! The plan of an install in plain words, with everything a person should know before saying yes.

use chungthu_certificate::chain::Revocation;
use chungthu_certificate::install::{
    EarlierRenewal, OldCertificate, Plan, PlannedStep, ProofPlan, Warning,
};
use chungthu_certificate::{Certificate, lower_hex};
use chungthu_token::object::NewCertificate;
use chungthu_token::token::TokenInformation;

use super::change::change;
use super::pin_words;
use crate::dates;
use crate::page::Page;
use crate::words::{Install, Restore, Words};

/// The token that holds the key.
pub(crate) fn token(page: &mut Page, plan: &Plan, words: &Words) {
    let token: &TokenInformation = &plan.token;
    let mut fields = Vec::new();
    let mut add = |label: Install, value: &str| {
        if !value.is_empty() {
            fields.push((words.say(&label), value.to_owned()));
        }
    };
    add(Install::TokenLabel, &token.label);
    add(Install::TokenSerial, &token.serial);
    add(
        Install::TokenModel,
        &join(&[&token.manufacturer, &token.model]),
    );
    add(
        Install::TokenDriver,
        &plan.module.as_path().display().to_string(),
    );
    add(Install::TokenPin, &pin_words(plan.pin, words));
    page.fields(&fields);
    page.paragraph(&match (plan.key.is_some(), plan.is_restore) {
        (true, false) => words.say(&Install::KeyMatched),
        (true, true) => words.say(&Restore::KeyMatched),
        (false, _) => words.say(&Install::KeyHidden),
    });
}

fn join(parts: &[&String]) -> String {
    let parts: Vec<&str> = parts
        .iter()
        .map(|part| part.as_str())
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" ")
}

/// Whether the login is done when a plan is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Login {
    /// It is the plan's first step.
    Ahead,
    /// It showed more than was known before.
    Done,
}

/// What will be done, step by step.
pub(crate) fn plan(page: &mut Page, plan: &Plan, login: Login, folder: &str, words: &Words) {
    if plan.must_look_again && plan.steps.is_empty() {
        page.numbered(1, &words.say(&Install::PlanLogin));
        page.blank();
        page.paragraph(&words.say(&Install::PlanLookAgain));
        return;
    }
    change(page, plan, words);
    let mut steps = vec![match (login, plan.proof) {
        (Login::Ahead, _) => words.say(&Install::PlanLogin),
        (Login::Done, ProofPlan::TwoSignatures) => words.say(&Install::PlanProve),
        (Login::Done, ProofPlan::OneSignatureWithLogin) => words.say(&Install::PlanProveWithLogin),
        (Login::Done, ProofPlan::None) => words.say(&Install::PlanNoProof),
    }];
    let folder = folder.to_owned();
    steps.push(words.say(&match plan.on_token().count() {
        0 => Install::PlanBackup { folder },
        count => Install::PlanBackupOld { count, folder },
    }));
    if !plan.leftovers.is_empty() {
        let count = plan.leftovers.len();
        steps.push(words.say(&Install::PlanClearAway { count }));
    }
    wanted(&mut steps, plan, words);
    let is_signed_again = plan.proof == ProofPlan::TwoSignatures;
    if plan.key.is_none() || !plan.wanted.is_empty() {
        steps.push(words.say(if is_signed_again {
            &Install::PlanVerify
        } else {
            &Install::PlanVerifyBytes
        }));
    }
    for (index, old) in plan.old.iter().enumerate() {
        steps.push(retired(plan, index, old, words));
    }
    for (number, sentence) in steps.iter().enumerate() {
        page.numbered(number + 1, sentence);
    }
    page.blank();
    if plan.key.is_none() {
        page.paragraph(&words.say(&Install::PlanUnknownUntilLogin));
    } else {
        page.paragraph(&words.say(&Install::PlanKeyUntouched {
            count: plan.steps.len(),
        }));
    }
    fallbacks(page, plan, words);
}

/// What is written, or there already.
fn wanted(steps: &mut Vec<String>, plan: &Plan, words: &Words) {
    let language = words.language();
    if plan.key.is_none() {
        let serial = plan.certificate.serial_number();
        let not_after = dates::day(language, plan.certificate.not_after());
        steps.push(if plan.is_restore {
            words.say(&Restore::PlanAdd { serial, not_after })
        } else {
            words.say(&Install::PlanAdd { serial, not_after })
        });
        return;
    }
    if plan.wanted.is_empty() {
        steps.push(words.say(&Restore::PlanNothingWanted));
    }
    for (index, new) in plan.wanted.iter().enumerate() {
        let (serial, not_after) = serial_and_end(new, words);
        steps.push(match (plan.step_for(index), plan.is_restore) {
            (Some(PlannedStep::Refile { .. }), _) => {
                words.say(&Install::PlanRefile { serial, not_after })
            }
            (Some(_), false) => words.say(&Install::PlanAdd { serial, not_after }),
            (Some(_), true) => words.say(&Restore::PlanAdd { serial, not_after }),
            (None, false) => words.say(&Install::PlanAlreadyThere),
            (None, true) => words.say(&Restore::PlanAlreadyThere { serial, not_after }),
        });
    }
}

/// What becomes of a certificate that is there; one that stands elsewhere than under the key's id
/// is named by where it stands.
fn retired(plan: &Plan, index: usize, old: &OldCertificate, words: &Words) -> String {
    let serial = old.certificate.serial_number();
    let not_after = dates::day(words.language(), old.certificate.not_after());
    let is_removed = plan.steps.contains(&PlannedStep::Remove { old: index });
    let is_copy = old.certificate.der() == plan.certificate.der();
    let sentence = match (is_removed, plan.is_restore) {
        (true, false) if is_copy => words.say(&Install::PlanRemoveCopy { serial, not_after }),
        (true, false) => words.say(&Install::PlanRemove { serial, not_after }),
        (false, false) => words.say(&Install::PlanKeep { serial, not_after }),
        (true, true) => words.say(&Restore::PlanRemove { serial, not_after }),
        (false, true) => words.say(&Restore::PlanKeep { serial, not_after }),
    };
    let id = old.object.id();
    match &plan.key {
        Some(key) if key.id != id => {
            let id = lower_hex(id);
            format!("{sentence} {}", words.say(&Install::PlanElsewhere { id }))
        }
        Some(_) | None => sentence,
    }
}

/// What happens where the token does not take the certificate as planned.
fn fallbacks(page: &mut Page, plan: &Plan, words: &Words) {
    if plan.adds() && !plan.old.is_empty() {
        page.paragraph(&words.say(&Install::PlanDriverMayReplace));
        let mut aside = words.say(&Install::PlanFallbackAside {
            count: plan.steps.len() + 1,
        });
        if plan.old.iter().any(|old| old.remove) {
            aside = format!("{aside} {}", words.say(&Install::PlanFallbackOldLast));
        }
        page.paragraph(&aside);
        page.paragraph(&words.say(if plan.may_remove_first {
            &Install::PlanFallbackRemoveFirst
        } else {
            &Install::PlanFallbackNone
        }));
    }
}

/// A certificate object of a backup, in one line.
pub(crate) fn backed_up(page: &mut Page, object: &NewCertificate, words: &Words) {
    let (serial, not_after) = serial_and_end(object, words);
    page.item(&words.say(&Restore::OnToken { serial, not_after }));
}

/// The certificate's serial number, upper-case hex, and its last day.
pub(super) fn serial_and_end(object: &NewCertificate, words: &Words) -> (String, String) {
    Certificate::from_der(&object.value).map_or_else(
        |_| (String::new(), String::new()),
        |certificate| {
            (
                certificate.serial_number(),
                dates::day(words.language(), certificate.not_after()),
            )
        },
    )
}

/// A warning in words.
pub(crate) fn warning_words(warning: &Warning, words: &Words) -> String {
    let language = words.language();
    words.say(&match warning {
        Warning::Chain { problem, name } => Install::WarningChain {
            problem: super::problem_words(problem, name.clone(), words),
        },
        Warning::Revocation {
            revocation,
            authority: None,
        } => Install::WarningRevocation {
            answer: super::revocation_words(revocation, words),
        },
        Warning::Revocation {
            revocation,
            authority: Some(authority),
        } => Install::WarningAuthorityRevoked {
            authority: authority.clone(),
            answer: super::revocation_words(revocation, words),
        },
        Warning::IssuerUnknown => Install::WarningIssuerUnknown,
        Warning::PinCountLow => Install::WarningPinCountLow,
        Warning::PinTriesCounted { count } => Install::WarningPinTriesCounted { count: *count },
        Warning::Expired { not_after } => Install::WarningExpired {
            not_after: dates::day(language, *not_after),
        },
        Warning::NotYetValid { not_before } => Install::WarningNotYetValid {
            not_before: dates::moment(language, *not_before),
        },
        Warning::OlderThanInstalled => Install::WarningOlder,
        Warning::OldKept => Install::WarningOldKept,
        Warning::OldNotKept => Install::WarningOldNotKept,
        Warning::ForeignCertificateUnderId {
            subject: Some(subject),
        } => Install::WarningForeign {
            subject: subject.clone(),
        },
        Warning::ForeignCertificateUnderId { subject: None } => Install::WarningForeignUnreadable,
        Warning::ForeignCertificateLost {
            subject: Some(subject),
        } => Install::WarningForeignLost {
            subject: subject.clone(),
        },
        Warning::ForeignCertificateLost { subject: None } => Install::WarningForeignLostUnreadable,
        Warning::KeyNotSeen => Install::WarningKeyNotSeen,
        Warning::PossessionNotProved => Install::WarningPossessionNotProved,
        Warning::SeveralOld { count } => Install::WarningSeveralOld { count: *count },
        Warning::RenewedBefore(EarlierRenewal { time, serial }) => Install::WarningRenewedBefore {
            date: dates::day(language, *time),
            serial: serial.clone(),
        },
        Warning::BackupOfOtherToken { serial } => Install::WarningBackupOfOtherToken {
            serial: serial.clone(),
        },
        Warning::HistoryNotKept { place, detail } => Install::WarningHistoryNotKept {
            place: place.clone(),
            detail: detail.clone(),
        },
    })
}

/// A warning's stable name, for JSON.
pub(crate) const fn warning_code(warning: &Warning) -> &'static str {
    match warning {
        Warning::Chain { .. } => "CHAIN_PROBLEM",
        Warning::Revocation {
            revocation: Revocation::Revoked { .. },
            ..
        } => "CERT_REVOKED",
        Warning::Revocation { .. } => "REVOCATION_UNDECIDED",
        Warning::IssuerUnknown => "ISSUER_UNKNOWN",
        Warning::PinCountLow => "PIN_COUNT_LOW",
        Warning::PinTriesCounted { .. } => "PIN_TRIES_COUNTED",
        Warning::Expired { .. } => "CERT_EXPIRED",
        Warning::NotYetValid { .. } => "CERT_NOT_YET_VALID",
        Warning::OlderThanInstalled => "CERT_OLDER_THAN_INSTALLED",
        Warning::OldKept => "OLD_KEPT",
        Warning::OldNotKept => "OLD_NOT_KEPT",
        Warning::ForeignCertificateUnderId { .. } => "FOREIGN_CERTIFICATE_UNDER_ID",
        Warning::ForeignCertificateLost { .. } => "FOREIGN_CERTIFICATE_LOST",
        Warning::KeyNotSeen => "KEY_NOT_SEEN",
        Warning::PossessionNotProved => "POSSESSION_NOT_PROVED",
        Warning::SeveralOld { .. } => "SEVERAL_OLD",
        Warning::RenewedBefore(_) => "RENEWED_BEFORE",
        Warning::BackupOfOtherToken { .. } => "BACKUP_OTHER_TOKEN",
        Warning::HistoryNotKept { .. } => "HISTORY_NOT_KEPT",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn a_lost_certificate_of_another_key_is_told_with_its_way_back_in_both_languages() {
        for language in [Language::Vietnamese, Language::English] {
            let words = Words::new(language);
            let subject = Some("CN=Kho khác".to_owned());
            let lost = Warning::ForeignCertificateLost { subject };
            let told = warning_words(&lost, &words);
            assert!(told.contains("CN=Kho khác"), "{told}");
            assert!(told.contains("chungthu install"), "{told}");
            assert!(told.contains(".cer"), "{told}");
            let nameless = Warning::ForeignCertificateLost { subject: None };
            let told = warning_words(&nameless, &words);
            assert!(told.contains(".cer"), "{told}");
            assert_eq!(warning_code(&nameless), "FOREIGN_CERTIFICATE_LOST");
        }
    }
}
