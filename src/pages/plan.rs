//! The plan of an install in plain words, with everything a person should know before saying yes.

use chungthu_certificate::install::{InstallChange, Plan, PlannedStep, Warning};
use chungthu_token::token::TokenInformation;

use super::pin_words;
use crate::dates;
use crate::page::Page;
use crate::words::{Install, Words};

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
    add(Install::TokenPin, &pin_words(token, words));
    page.fields(&fields);
    let key = if plan.key.is_some() {
        Install::KeyMatched
    } else {
        Install::KeyHidden
    };
    page.paragraph(&words.say(&key));
}

fn join(parts: &[&String]) -> String {
    let parts: Vec<&str> = parts
        .iter()
        .map(|part| part.as_str())
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" ")
}

/// What will be done, step by step; the first step depends on whether the login is done.
pub(crate) fn plan(page: &mut Page, plan: &Plan, first: Install, folder: &str, words: &Words) {
    let change = match plan.change {
        InstallChange::First => Install::ChangeFirst,
        InstallChange::Renewal => Install::ChangeRenewal,
        InstallChange::InformationChange => Install::ChangeInformation,
        InstallChange::RenewalAndChange => Install::ChangeRenewalAndInformation,
        InstallChange::Reissue => Install::ChangeReissue,
    };
    if plan.key.is_some() {
        page.fields(&[(words.say(&Install::ChangeLabel), words.say(&change))]);
    }
    let mut number = 0;
    let mut add = |message: Install| {
        number += 1;
        page.numbered(number, &words.say(&message));
    };
    add(first);
    let folder = folder.to_owned();
    add(match plan.old.len() {
        0 => Install::PlanBackup { folder },
        count => Install::PlanBackupOld { count, folder },
    });
    let language = words.language();
    let serial = plan.certificate.serial_number();
    let not_after = dates::day(language, plan.certificate.not_after());
    if plan.key.is_none() || plan.to_add().is_some() {
        add(Install::PlanAdd { serial, not_after });
    } else {
        add(Install::PlanAlreadyThere);
    }
    add(Install::PlanVerify);
    for (index, old) in plan.old.iter().enumerate() {
        let serial = old.certificate.serial_number();
        let not_after = dates::day(language, old.certificate.not_after());
        let is_removed = plan.steps.contains(&PlannedStep::Remove { old: index });
        let is_copy = old.certificate.der() == plan.certificate.der();
        add(if is_removed && is_copy {
            Install::PlanRemoveCopy { serial, not_after }
        } else if is_removed {
            Install::PlanRemove { serial, not_after }
        } else {
            Install::PlanKeep { serial, not_after }
        });
    }
    page.blank();
    if plan.key.is_none() {
        page.paragraph(&words.say(&Install::PlanUnknownUntilLogin));
    } else {
        page.paragraph(&words.say(&Install::PlanKeyUntouched {
            count: plan.steps.len(),
        }));
    }
    if plan.old.iter().any(|old| old.remove) {
        page.paragraph(&words.say(&Install::PlanDriverMayReplace));
    }
}

/// A warning in words.
pub(crate) fn warning_words(warning: &Warning, words: &Words) -> String {
    let language = words.language();
    words.say(&match warning {
        Warning::IssuerUnknown => Install::WarningIssuerUnknown,
        Warning::PinCountLow => Install::WarningPinCountLow,
        Warning::Expired { not_after } => Install::WarningExpired {
            not_after: dates::day(language, *not_after),
        },
        Warning::NotYetValid { not_before } => Install::WarningNotYetValid {
            not_before: dates::moment(language, *not_before),
        },
        Warning::OlderThanInstalled => Install::WarningOlder,
        Warning::OldKept => Install::WarningOldKept,
        Warning::ForeignCertificateUnderId {
            subject: Some(subject),
        } => Install::WarningForeign {
            subject: subject.clone(),
        },
        Warning::ForeignCertificateUnderId { subject: None } => Install::WarningForeignUnreadable,
        Warning::KeyNotSeen => Install::WarningKeyNotSeen,
        Warning::SeveralOld { count } => Install::WarningSeveralOld { count: *count },
    })
}

/// A warning's stable name, for JSON.
pub(crate) const fn warning_code(warning: &Warning) -> &'static str {
    match warning {
        Warning::IssuerUnknown => "ISSUER_UNKNOWN",
        Warning::PinCountLow => "PIN_COUNT_LOW",
        Warning::Expired { .. } => "CERT_EXPIRED",
        Warning::NotYetValid { .. } => "CERT_NOT_YET_VALID",
        Warning::OlderThanInstalled => "CERT_OLDER_THAN_INSTALLED",
        Warning::OldKept => "OLD_KEPT",
        Warning::ForeignCertificateUnderId { .. } => "FOREIGN_CERTIFICATE_UNDER_ID",
        Warning::KeyNotSeen => "KEY_NOT_SEEN",
        Warning::SeveralOld { .. } => "SEVERAL_OLD",
    }
}
