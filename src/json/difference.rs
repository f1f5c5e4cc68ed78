//! `show --diff` in JSON: what the second of two certificates changes.

use chungthu_certificate::{
    Certificate as Facts, Change, FieldChange, FieldKind, FieldValue, changed_fields,
};
use serde::Serialize;
use time::OffsetDateTime;

use super::certificate::Certificate;
use crate::dates::rfc3339;

/// `show --diff`: two certificates compared.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Difference {
    /// `compared`
    outcome: &'static str,
    /// Whether they are one certificate, byte for byte.
    same: bool,
    /// Whether they have one key.
    same_key: bool,
    /// `renewal`, `information-change`, `renewal-and-change` or `reissue`; null for two keys or one certificate.
    change: Option<&'static str>,
    old: Certificate,
    new: Certificate,
    differences: Vec<FieldDifference>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FieldDifference {
    /// The field, as in a certificate: `common_name`, `not_after` …
    field: &'static str,
    /// Texts, or one RFC 3339 time in UTC.
    old: Vec<String>,
    new: Vec<String>,
}

impl Difference {
    pub(crate) fn new(old: &Facts, new: &Facts, now: OffsetDateTime) -> Self {
        let changes = changed_fields(old, new);
        Self {
            outcome: "compared",
            same: old == new,
            same_key: old.public_key().is_same_key(new.public_key()),
            change: Change::between(old, new).map(change),
            old: Certificate::new(old, now, None),
            new: Certificate::new(new, now, None),
            differences: changes.iter().map(FieldDifference::new).collect(),
        }
    }
}

const fn change(change: Change) -> &'static str {
    match change {
        Change::Renewal => "renewal",
        Change::InformationChange => "information-change",
        Change::RenewalAndChange => "renewal-and-change",
        Change::Reissue => "reissue",
    }
}

impl FieldDifference {
    fn new(change: &FieldChange) -> Self {
        Self {
            field: field(change.field),
            old: texts(&change.old),
            new: texts(&change.new),
        }
    }
}

fn texts(value: &FieldValue) -> Vec<String> {
    match value {
        FieldValue::Texts(texts) => texts.clone(),
        FieldValue::Time(time) => vec![rfc3339(*time)],
    }
}

const fn field(field: FieldKind) -> &'static str {
    match field {
        FieldKind::CommonName => "common_name",
        FieldKind::Title => "title",
        FieldKind::OrganizationalUnits => "organizational_units",
        FieldKind::Organization => "organization",
        FieldKind::Locality => "locality",
        FieldKind::State => "state",
        FieldKind::Country => "country",
        FieldKind::Uid => "uid",
        FieldKind::SubjectSerialNumber => "serial_number",
        FieldKind::Subject => "subject",
        FieldKind::Emails => "email",
        FieldKind::NotBefore => "not_before",
        FieldKind::NotAfter => "not_after",
        FieldKind::SerialNumber => "serial",
        FieldKind::Issuer => "issuer",
        FieldKind::KeyUsage => "key_usage",
        FieldKind::ExtendedKeyUsage => "extended_key_usage",
        FieldKind::SignatureAlgorithm => "signature_algorithm",
        FieldKind::PublicKey => "public_key",
        FieldKind::Policies => "policies",
    }
}
