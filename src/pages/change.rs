//! What the new certificate changes, fact by fact, against the one it takes the place of.

use chungthu_certificate::install::{InstallChange, Plan, Warning};
use chungthu_certificate::{
    Certificate, Change, FieldChange, FieldKind, FieldValue, changed_fields,
};

use super::name_of;
use crate::dates;
use crate::page::Page;
use crate::words::{Common, Install, Message, Show, Words};

/// The kind of change, and the facts that differ from the newest certificate that is there.
pub(super) fn change(page: &mut Page, plan: &Plan, words: &Words) {
    let Some(change) = plan.change else {
        return;
    };
    let is_older = plan.warnings.contains(&Warning::OlderThanInstalled);
    // for a step back the kinds have no word of their own
    let kind = words.say(&if is_older && change == InstallChange::Reissue {
        Install::ChangeOlder
    } else {
        change_words(change)
    });
    page.fields(&[(words.say(&Install::ChangeLabel), kind)]);
    let new = &plan.certificate;
    let predecessor = plan
        .old
        .iter()
        .map(|old| &old.certificate)
        .find(|old| old.der() != new.der());
    let Some(old) = predecessor else {
        return;
    };
    fields(page, (old, new), &Install::ChangedHeading, words);
}

/// Two certificates compared, for `show --diff`: what the second changes.
pub(crate) fn difference(old: &Certificate, new: &Certificate, words: &Words) -> Page {
    let mut page = Page::new();
    page.heading(&words.say(&Show::DiffHeading));
    let name = |certificate: &Certificate| {
        words.say(&Common::CertificateName {
            holder: name_of(certificate),
            serial: certificate.serial_number(),
            not_after: dates::day(words.language(), certificate.not_after()),
        })
    };
    let mut facts = vec![
        (words.say(&Show::DiffOld), name(old)),
        (words.say(&Show::DiffNew), name(new)),
    ];
    let kind = match Change::between(old, new) {
        _ if old == new => Show::DiffSameFile,
        None => Show::DiffOtherKey,
        Some(Change::Renewal) => Show::DiffRenewal,
        Some(Change::InformationChange) => Show::DiffInformation,
        Some(Change::RenewalAndChange) => Show::DiffBoth,
        Some(Change::Reissue) => Show::DiffReissue,
    };
    facts.push((words.say(&Show::DiffResult), words.say(&kind)));
    page.fields(&facts);
    if old != new {
        page.blank();
        fields(&mut page, (old, new), &Show::DiffChanges, words);
    }
    page
}

fn fields(
    page: &mut Page,
    (old, new): (&Certificate, &Certificate),
    heading: &impl Message,
    words: &Words,
) {
    let changes = changed_fields(old, new);
    let facts: Vec<&FieldChange> = changes
        .iter()
        .filter(|change| label(change.field).is_some())
        .collect();
    if facts.is_empty() {
        page.paragraph(&words.say(&Install::ChangedNothing));
        return;
    }
    page.paragraph(&words.say(heading));
    for FieldChange { field, old, new } in facts {
        page.item(
            &words.say(&Install::ChangedField {
                field: label(*field)
                    .map(|label| words.say(&label))
                    .unwrap_or_default(),
                old: text(old, words),
                new: text(new, words),
            }),
        );
    }
}

/// The kind of change in words.
pub(super) const fn change_words(change: InstallChange) -> Install {
    match change {
        InstallChange::First => Install::ChangeFirst,
        InstallChange::Renewal => Install::ChangeRenewal,
        InstallChange::InformationChange => Install::ChangeInformation,
        InstallChange::RenewalAndChange => Install::ChangeRenewalAndInformation,
        InstallChange::Reissue => Install::ChangeReissue,
    }
}

/// The fact's name; `None` for what follows from the others or says nothing to an office.
const fn label(field: FieldKind) -> Option<Show> {
    Some(match field {
        FieldKind::CommonName => Show::CommonName,
        FieldKind::Title => Show::Title,
        FieldKind::OrganizationalUnits => Show::Units,
        FieldKind::Organization => Show::Organization,
        FieldKind::Locality => Show::Locality,
        FieldKind::State => Show::State,
        FieldKind::Country => Show::Country,
        FieldKind::Uid | FieldKind::SubjectSerialNumber => Show::Identifier,
        FieldKind::Subject => Show::HolderHeading,
        FieldKind::Emails => Show::Email,
        FieldKind::NotBefore => Show::ValidFrom,
        FieldKind::NotAfter => Show::ValidTo,
        FieldKind::SerialNumber => Show::Serial,
        FieldKind::Issuer => Show::Issuer,
        FieldKind::KeyUsage => Show::Usage,
        FieldKind::ExtendedKeyUsage => Show::ExtendedUsage,
        FieldKind::SignatureAlgorithm => Show::SignatureAlgorithm,
        FieldKind::PublicKey | FieldKind::Policies => return None,
    })
}

fn text(value: &FieldValue, words: &Words) -> String {
    match value {
        FieldValue::Texts(texts) if texts.is_empty() => "—".to_owned(),
        FieldValue::Texts(texts) => texts.join(", "),
        FieldValue::Time(time) => dates::day(words.language(), *time),
    }
}
