//! How a new certificate differs from an old one of the same key.

use time::OffsetDateTime;
use unicode_normalization::UnicodeNormalization as _;

use crate::certificate::Certificate;

/// What the CA did between an old certificate and a new one with the same key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Gia hạn: it ends later, and subject and e-mail are the same.
    Renewal,
    /// Thay đổi thông tin: another subject or e-mail, and it does not end later.
    InformationChange,
    /// Both at once: it ends later and has another subject or e-mail.
    RenewalAndChange,
    /// Neither: issued again, with another serial number or other extensions.
    Reissue,
}

/// A fact that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// Which fact.
    pub field: FieldKind,
    /// Its value in the old certificate.
    pub old: FieldValue,
    /// Its value in the new one.
    pub new: FieldValue,
}

/// The facts that are compared, in the order in which they are reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// CN of the subject.
    CommonName,
    /// title of the subject.
    Title,
    /// Every OU of the subject, in order.
    OrganizationalUnits,
    /// O of the subject.
    Organization,
    /// L of the subject.
    Locality,
    /// ST of the subject.
    State,
    /// C of the subject.
    Country,
    /// UID of the subject.
    Uid,
    /// serialNumber of the subject, the name attribute.
    SubjectSerialNumber,
    /// The whole subject, where no attribute above says what differs. RFC 4514.
    Subject,
    /// E-mail addresses, in the subject alternative name or in the subject.
    Emails,
    /// First moment of validity.
    NotBefore,
    /// Last moment of validity.
    NotAfter,
    /// The certificate's serial number, upper-case hex.
    SerialNumber,
    /// The issuer, RFC 4514.
    Issuer,
    /// The public key, as the SHA-256 of its SubjectPublicKeyInfo.
    PublicKey,
    /// Key usage, by the standard's names.
    KeyUsage,
    /// Extended key usage, by the standard's names.
    ExtendedKeyUsage,
    /// Policies, dotted.
    Policies,
    /// Signature algorithm, by the standard's name.
    SignatureAlgorithm,
}

/// The value of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldValue {
    /// Any number of texts; none if the fact is missing.
    Texts(Vec<String>),
    /// A moment, UTC.
    Time(OffsetDateTime),
}

impl Change {
    /// What `new` is with respect to `old`; `None` if the keys differ or if both are the same
    /// certificate, byte for byte.
    ///
    /// The rule of Nghị định 130, Điều 65.1 as applied to files: same key and later end is a renewal,
    /// same end and other subject or e-mail is a change of information. Texts are compared in Unicode
    /// normal form C, so that only what a reader can see counts.
    #[must_use]
    pub fn between(old: &Certificate, new: &Certificate) -> Option<Self> {
        if old == new || !old.public_key().is_same_key(new.public_key()) {
            return None;
        }
        let later = new.not_after() > old.not_after();
        let changed = !same_information(old, new);
        Some(match (later, changed) {
            (true, false) => Self::Renewal,
            (true, true) => Self::RenewalAndChange,
            (false, true) => Self::InformationChange,
            (false, false) => Self::Reissue,
        })
    }
}

/// Every fact that differs, in the order of [`FieldKind`].
#[must_use]
pub fn changed_fields(old: &Certificate, new: &Certificate) -> Vec<FieldChange> {
    let mut changes: Vec<FieldChange> = Vec::new();
    for field in FieldKind::ALL {
        // The whole subject only speaks where none of its attributes, reported before, does.
        if field == FieldKind::Subject && changes.iter().any(|change| change.field.in_subject()) {
            continue;
        }
        let (old_value, new_value) = (field.value_in(old), field.value_in(new));
        if !old_value.looks_like(&new_value) {
            changes.push(FieldChange {
                field,
                old: old_value,
                new: new_value,
            });
        }
    }
    changes
}

/// True if `new` was issued before `old`: it ends earlier, or it ends at the same moment and begins
/// earlier. Installing it would be a step back.
#[must_use]
pub fn is_older(new: &Certificate, old: &Certificate) -> bool {
    (new.not_after(), new.not_before()) < (old.not_after(), old.not_before())
}

/// True if both name the same issuer and serial number but are not the same bytes. A CA never issues
/// such a pair, and programs that find certificates by issuer and serial number would mix them up.
#[must_use]
pub fn is_same_serial_different_bytes(one: &Certificate, other: &Certificate) -> bool {
    one.issuer() == other.issuer()
        && one.serial_number_der() == other.serial_number_der()
        && one != other
}

/// The subject's attributes and the e-mail addresses, whatever their places: the generations order
/// names differently, and an address may move out of the name. Units keep their order.
fn same_information(old: &Certificate, new: &Certificate) -> bool {
    let attributes = |certificate: &Certificate| -> Vec<(String, String)> {
        let mut attributes: Vec<(String, String)> = certificate
            .subject()
            .attributes()
            .iter()
            .filter(|attribute| attribute.short_name != Some("emailAddress"))
            .map(|attribute| (attribute.oid.clone(), attribute.value.nfc().collect()))
            .collect();
        attributes.sort_by(|one, other| one.0.cmp(&other.0));
        attributes
    };
    attributes(old) == attributes(new) && emails(old).looks_like(&emails(new))
}

impl FieldKind {
    const ALL: [Self; 20] = [
        Self::CommonName,
        Self::Title,
        Self::OrganizationalUnits,
        Self::Organization,
        Self::Locality,
        Self::State,
        Self::Country,
        Self::Uid,
        Self::SubjectSerialNumber,
        Self::Subject,
        Self::Emails,
        Self::NotBefore,
        Self::NotAfter,
        Self::SerialNumber,
        Self::Issuer,
        Self::PublicKey,
        Self::KeyUsage,
        Self::ExtendedKeyUsage,
        Self::Policies,
        Self::SignatureAlgorithm,
    ];

    /// True for the facts that are attributes of the subject.
    const fn in_subject(self) -> bool {
        matches!(
            self,
            Self::CommonName
                | Self::Title
                | Self::OrganizationalUnits
                | Self::Organization
                | Self::Locality
                | Self::State
                | Self::Country
                | Self::Uid
                | Self::SubjectSerialNumber
        )
    }

    fn value_in(self, certificate: &Certificate) -> FieldValue {
        let subject = certificate.subject();
        match self {
            Self::CommonName => texts(subject.common_name()),
            Self::Title => texts(subject.title()),
            Self::OrganizationalUnits => texts(subject.organizational_units()),
            Self::Organization => texts(subject.organization()),
            Self::Locality => texts(subject.locality()),
            Self::State => texts(subject.state()),
            Self::Country => texts(subject.country()),
            Self::Uid => texts(subject.uid()),
            Self::SubjectSerialNumber => texts(subject.serial_number()),
            Self::Subject => texts([subject.to_rfc4514()]),
            Self::Emails => emails(certificate),
            Self::NotBefore => FieldValue::Time(certificate.not_before()),
            Self::NotAfter => FieldValue::Time(certificate.not_after()),
            Self::SerialNumber => texts([certificate.serial_number()]),
            Self::Issuer => texts([certificate.issuer().to_rfc4514()]),
            Self::PublicKey => texts([certificate.public_key().sha256()]),
            Self::KeyUsage => {
                let usage = certificate.key_usage().unwrap_or_default();
                texts(usage.iter().map(|bit| bit.name()))
            }
            Self::ExtendedKeyUsage => texts(
                certificate
                    .extended_key_usage()
                    .iter()
                    .map(|purpose| purpose.name()),
            ),
            Self::Policies => texts(certificate.policies()),
            Self::SignatureAlgorithm => texts([certificate.signature_algorithm()]),
        }
    }
}

impl FieldValue {
    /// Equal to the eye: texts are compared in normal form C.
    fn looks_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Texts(one), Self::Texts(two)) => one
                .iter()
                .map(|text| text.nfc().collect::<String>())
                .eq(two.iter().map(|text| text.nfc().collect::<String>())),
            (Self::Time(one), Self::Time(two)) => one == two,
            (Self::Texts(_), Self::Time(_)) | (Self::Time(_), Self::Texts(_)) => false,
        }
    }
}

fn emails(certificate: &Certificate) -> FieldValue {
    texts(certificate.emails())
}

fn texts(values: impl IntoIterator<Item = impl AsRef<str>>) -> FieldValue {
    FieldValue::Texts(
        values
            .into_iter()
            .map(|value| value.as_ref().to_owned())
            .collect(),
    )
}

#[cfg(test)]
mod tests;
