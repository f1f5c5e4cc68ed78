//! A certificate on a page: short in an install, in full for `show`.

use chungthu_certificate::chain::Chain;
use chungthu_certificate::{
    Certificate, Generation, IdentifierKind, IssuerCheck, ca_generation, known_authority,
};
use time::OffsetDateTime;

use crate::dates;
use crate::json::key_type;
use crate::page::Page;
use crate::words::{Show, Words};

/// The holder's name as people know it.
pub(crate) fn name_of(certificate: &Certificate) -> String {
    let subject = certificate.subject();
    subject
        .common_name()
        .map_or_else(|| subject.to_rfc4514(), str::to_owned)
}

/// Fields of a page; an empty value is left out.
struct Fields<'a> {
    words: &'a Words,
    fields: Vec<(String, String)>,
}

impl Fields<'_> {
    fn add(&mut self, label: &Show, value: impl AsRef<str>) {
        if !value.as_ref().is_empty() {
            self.fields
                .push((self.words.say(label), value.as_ref().to_owned()));
        }
    }

    fn add_some(&mut self, label: &Show, value: Option<&str>) {
        self.add(label, value.unwrap_or_default());
    }
}

/// What a clerk compares before saying yes.
pub(crate) fn summary(
    page: &mut Page,
    certificate: &Certificate,
    check: &IssuerCheck,
    now: OffsetDateTime,
    words: &Words,
) {
    let mut fields = Fields {
        words,
        fields: Vec::new(),
    };
    holder(&mut fields, certificate);
    issued(&mut fields, certificate, check, now);
    page.fields(&fields.fields);
}

/// Number, time and issuer.
fn issued(
    fields: &mut Fields<'_>,
    certificate: &Certificate,
    check: &IssuerCheck,
    now: OffsetDateTime,
) {
    let words = fields.words;
    let language = words.language();
    fields.add(&Show::Serial, certificate.serial_number());
    fields.add(
        &Show::ValidFrom,
        dates::moment(language, certificate.not_before()),
    );
    fields.add(
        &Show::ValidTo,
        dates::moment(language, certificate.not_after()),
    );
    fields.add(&Show::Validity, validity_words(certificate, now, words));
    fields.add(&Show::Issuer, issuer_name(certificate));
    fields.add(&Show::IssuerChecked, issuer_words(check, words));
}

/// Everything, for the office first and for the technician last.
pub(crate) fn explained(
    page: &mut Page,
    certificate: &Certificate,
    (check, chain): (&IssuerCheck, &Chain),
    now: OffsetDateTime,
    words: &Words,
) {
    let heading = |page: &mut Page, message: &Show| page.heading(&words.say(message));
    heading(page, &Show::HolderHeading);
    let mut fields = Fields {
        words,
        fields: Vec::new(),
    };
    holder(&mut fields, certificate);
    page.fields(&fields.fields);

    heading(page, &Show::CertificateHeading);
    let mut fields = Fields {
        words,
        fields: Vec::new(),
    };
    if let Some(kind) = kind(certificate, words) {
        fields.add(&Show::Kind, kind);
    }
    issued(&mut fields, certificate, check, now);
    fields.add(&Show::Generation, generation(certificate, check, words));
    fields.fields.extend(super::chain::fields(chain, words));
    page.fields(&fields.fields);

    heading(page, &Show::TechnicalHeading);
    let mut fields = Fields {
        words,
        fields: Vec::new(),
    };
    technical(&mut fields, certificate);
    page.fields(&fields.fields);
}

/// What the fields mean for an office.
pub(crate) fn glosses(page: &mut Page, words: &Words) {
    page.heading(&words.say(&Show::GlossHeading));
    for gloss in [
        Show::GlossSerial,
        Show::GlossValidity,
        Show::GlossEmail,
        Show::GlossIssuer,
        Show::GlossKey,
        Show::GlossFingerprint,
    ] {
        page.item(&words.say(&gloss));
    }
}

fn holder(fields: &mut Fields<'_>, certificate: &Certificate) {
    let subject = certificate.subject();
    fields.add(&Show::CommonName, name_of(certificate));
    fields.add_some(&Show::Title, subject.title());
    fields.add_some(&Show::Organization, subject.organization());
    fields.add(&Show::Units, subject.organizational_units().join(", "));
    fields.add_some(&Show::Locality, subject.locality());
    fields.add_some(&Show::State, subject.state());
    fields.add_some(&Show::Country, subject.country());
    fields.add(&Show::Email, certificate.emails().join(", "));
    for identifier in certificate.identifiers() {
        let value = identifier.value;
        let text = match identifier.kind {
            IdentifierKind::TaxCode => Show::TaxCode { value },
            IdentifierKind::CitizenNumber => Show::CitizenNumber { value },
            IdentifierKind::OldCitizenNumber => Show::OldCitizenNumber { value },
        };
        let text = fields.words.say(&text);
        fields.add(&Show::Identifier, text);
    }
}

fn technical(fields: &mut Fields<'_>, certificate: &Certificate) {
    let key = certificate.public_key();
    let bits = key
        .bits()
        .map_or_else(String::new, |bits| format!(" {bits}"));
    fields.add(&Show::Key, format!("{}{bits}", key_type(key)));
    let usage: Vec<&str> = certificate
        .key_usage()
        .unwrap_or_default()
        .iter()
        .map(|bit| bit.name())
        .collect();
    fields.add(&Show::Usage, usage.join(", "));
    let purposes: Vec<&str> = certificate
        .extended_key_usage()
        .iter()
        .map(|purpose| purpose.name())
        .collect();
    fields.add(&Show::ExtendedUsage, purposes.join(", "));
    fields.add(&Show::SignatureAlgorithm, certificate.signature_algorithm());
    fields.add(&Show::Policies, certificate.policies().join(", "));
    fields.add(&Show::Ocsp, certificate.ocsp_urls().join(" "));
    fields.add(&Show::Crl, certificate.crl_urls().join(" "));
    fields.add(&Show::CaIssuers, certificate.ca_issuers_urls().join(" "));
    fields.add(&Show::Sha1, certificate.sha1());
    fields.add(&Show::Sha256, certificate.sha256());
}

fn issuer_name(certificate: &Certificate) -> String {
    let issuer = certificate.issuer();
    match (issuer.common_name(), issuer.organization()) {
        (Some(name), Some(organization)) => format!("{name} ({organization})"),
        (Some(name), None) => name.to_owned(),
        (None, _) => issuer.to_rfc4514(),
    }
}

/// How long it is still valid, in words.
pub(crate) fn validity_words(
    certificate: &Certificate,
    now: OffsetDateTime,
    words: &Words,
) -> String {
    let days = certificate.days_left(now);
    let message = if certificate.is_expired(now) {
        // -1 is the first day after the end
        match days.saturating_add(1).saturating_neg() {
            0 => Show::ExpiredJustNow,
            days => Show::Expired { days },
        }
    } else if certificate.is_not_yet_valid(now) {
        Show::NotYetValid
    } else if days == 0 {
        Show::LastDay
    } else {
        Show::DaysLeft { days }
    };
    words.say(&message)
}

/// Whether the issuer's signature was verified, where it was found out later than the rest.
pub(crate) fn issuer(page: &mut Page, check: &IssuerCheck, words: &Words) {
    page.fields(&[(words.say(&Show::IssuerChecked), issuer_words(check, words))]);
}

/// Whether the issuer's signature was verified, in words.
fn issuer_words(check: &IssuerCheck, words: &Words) -> String {
    words.say(&match check {
        IssuerCheck::Verified { by, pinned: true } => Show::IssuerPinned { by: name_of(by) },
        IssuerCheck::Verified { by, pinned: false } => Show::IssuerGiven { by: name_of(by) },
        IssuerCheck::BadSignature { by } => Show::IssuerBad { by: name_of(by) },
        IssuerCheck::Unknown => Show::IssuerUnknown,
    })
}

/// What the certificate claims; said as a claim unless a known CA certificate proves it.
fn generation(certificate: &Certificate, check: &IssuerCheck, words: &Words) -> String {
    let generation = words.say(&match ca_generation(certificate) {
        Some(Generation::G1) => Show::GenerationOne,
        Some(Generation::G2) => Show::GenerationTwo,
        None => return words.say(&Show::GenerationNone),
    });
    let is_proved = matches!(check, IssuerCheck::Verified { pinned: true, .. })
        || known_authority(certificate).is_some();
    if is_proved {
        generation
    } else {
        words.say(&Show::GenerationClaimed { generation })
    }
}

fn kind(certificate: &Certificate, words: &Words) -> Option<String> {
    let kind = if known_authority(certificate).is_some() {
        Show::KindKnownCa
    } else if certificate.is_ca() {
        Show::KindCa
    } else if certificate.is_marked_for_encryption() {
        Show::KindEncryption
    } else {
        return None;
    };
    Some(words.say(&kind))
}
