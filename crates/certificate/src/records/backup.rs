//! The backup: every readable attribute of the old certificates, as they were before a change.

use chungthu_token::object::{AttributeType, Object, ObjectClass, ObjectHandle};
use chungthu_token::token::TokenInformation;
use chungthu_token::uri::TokenSelector;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use crate::Certificate;
use crate::digest::{lower_hex, sha256, upper_hex};
use crate::file::as_utf8;
use crate::install::Plan;

const SCHEMA: &str = "chungthu-backup/1";
/// In bytes: as much of an attribute as is ever read from a token, so that no backup of ours is refused.
const LONGEST_ID: usize = 4 * 1024;

/// What a backup file holds. No certificate at all is a valid record: the token had none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    /// Names this form of the file.
    pub schema: String,
    /// When it was made, RFC 3339, UTC.
    pub created: String,
    /// The token it was read from.
    pub token: BackupToken,
    /// `CKA_ID` of the key, lower-case hex.
    pub key_id: String,
    /// SHA-256 of the key's SubjectPublicKeyInfo, upper-case hex: what a restore matches by.
    pub public_key_sha256: String,
    /// SHA-256 of the certificate that was then installed, upper-case hex.
    pub installed_sha256: String,
    /// Its DER, lower-case hex: it tells the key where there was no old certificate.
    pub installed: String,
    /// The old certificates.
    pub certificates: Vec<BackupObject>,
    /// What stood under the key's id and was not the key's, or could not be read: a driver may have
    /// put the new certificate in its place. A restore does not write it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<BackupObject>,
}

/// What every form of the file has.
#[derive(Deserialize)]
struct Form {
    schema: String,
}

/// The token's own words; cleaned text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields of CK_TOKEN_INFO")]
pub struct BackupToken {
    pub serial: String,
    pub label: String,
    pub model: String,
    pub manufacturer: String,
}

/// One certificate object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupObject {
    /// SHA-256 of its value, upper-case hex.
    pub sha256: String,
    /// SHA-256 of `attributes` as compact JSON with sorted names, upper-case hex.
    pub attributes_sha256: String,
    /// Attribute number (`0x` and hex) to raw bytes (lower-case hex).
    pub attributes: BTreeMap<String, String>,
}

/// Why bytes are no backup.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BackupError {
    /// Not the JSON of a backup.
    #[error("not a backup file: {0}")]
    NotABackup(String),
    /// A form that a newer program writes.
    #[error("unknown form {0}")]
    UnknownSchema(String),
    /// An object whose value is no certificate.
    #[error("the object at {index} is no certificate")]
    NotACertificate {
        /// Its place in the list.
        index: usize,
    },
    /// The certificate that was installed is damaged.
    #[error("the installed certificate is damaged")]
    InstalledDamaged,
    /// The key's id is not hex.
    #[error("key_id is not hex")]
    KeyIdDamaged,
    /// An object whose attributes are not hex or do not have the fingerprints beside them.
    #[error("the object at {index} is damaged")]
    Damaged {
        /// Its place in the list, in which the certificates come first and then what stood beside.
        index: usize,
    },
    /// An object with an id that no token takes for one.
    #[error("the id of the object at {index} has {length} bytes, more than {LONGEST_ID}")]
    IdTooLong {
        /// Its place in the list.
        index: usize,
        /// In bytes.
        length: usize,
    },
    /// A certificate of another key than the backup's.
    #[error("the certificate at {index} is not of the key in public_key_sha256")]
    ForeignKey {
        /// Its place in the list.
        index: usize,
    },
    /// The certificate that was installed is of another key than the backup's.
    #[error("the installed certificate is not of the key in public_key_sha256")]
    InstalledForeignKey,
}

impl Backup {
    /// What the token holds for the key before `plan` is carried out.
    #[must_use]
    pub fn of(plan: &Plan, now: OffsetDateTime) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            created: timestamp(now),
            token: BackupToken::of(&plan.token),
            key_id: plan
                .key
                .as_ref()
                .map(|key| lower_hex(&key.id))
                .unwrap_or_default(),
            public_key_sha256: plan.certificate.public_key().sha256(),
            installed_sha256: plan.certificate.sha256(),
            installed: lower_hex(plan.certificate.der()),
            certificates: plan.on_token().map(BackupObject::of).collect(),
            beside: plan
                .beside
                .iter()
                .chain(&plan.leftovers)
                .map(BackupObject::of)
                .collect(),
        }
    }

    /// Reads the bytes of a backup file, also as an editor saved them: with a byte order mark, in
    /// UTF-16.
    ///
    /// # Errors
    /// As [`Self::from_json`].
    pub fn read(bytes: &[u8]) -> Result<Self, BackupError> {
        // what is no text at all is no JSON of a backup either
        Self::from_json(&String::from_utf8_lossy(&as_utf8(bytes)))
    }

    /// Reads a backup and checks each object against its fingerprints and the key.
    ///
    /// # Errors
    /// When it is no backup, of an unknown form, damaged, or has a certificate of another key.
    pub fn from_json(text: &str) -> Result<Self, BackupError> {
        let none = |error: serde_json::Error| BackupError::NotABackup(error.to_string());
        // its name first: a newer form may have other fields altogether
        let form: Form = serde_json::from_str(text).map_err(none)?;
        if form.schema != SCHEMA {
            return Err(BackupError::UnknownSchema(form.schema));
        }
        let backup: Self = serde_json::from_str(text).map_err(none)?;
        if from_hex(&backup.key_id).is_none() {
            return Err(BackupError::KeyIdDamaged);
        }
        let installed = backup.installed()?;
        let key = installed.public_key();
        if key.sha256() != backup.public_key_sha256 {
            return Err(BackupError::InstalledForeignKey);
        }
        for (index, backed_up) in backup.certificates.iter().enumerate() {
            if !backed_up.is_whole() {
                return Err(BackupError::Damaged { index });
            }
            let object = backed_up.object();
            let length = object.id().len();
            if length > LONGEST_ID {
                return Err(BackupError::IdTooLong { index, length });
            }
            let certificate = Certificate::from_der(object.value())
                .map_err(|_| BackupError::NotACertificate { index })?;
            // by what the key is: two certificates may write the same one in two ways
            if !certificate.public_key().is_same_key(key) {
                return Err(BackupError::ForeignKey { index });
            }
        }
        let count = backup.certificates.len();
        if let Some(index) = backup.beside.iter().position(|one| !one.is_whole()) {
            return Err(BackupError::Damaged {
                index: count + index,
            });
        }
        Ok(backup)
    }

    /// The certificate that was installed after this backup was made.
    ///
    /// # Errors
    /// [`BackupError::InstalledDamaged`]
    pub fn installed(&self) -> Result<Certificate, BackupError> {
        from_hex(&self.installed)
            .filter(|der| upper_hex(&sha256(der)) == self.installed_sha256)
            .and_then(|der| Certificate::from_der(&der).ok())
            .ok_or(BackupError::InstalledDamaged)
    }

    /// The file's text.
    #[must_use]
    pub fn to_json(&self) -> String {
        // plain strings and lists: there is nothing in it that JSON cannot say
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// A file name that sorts by time and tells the token: no name occurs twice, because it has the
    /// moment in it to the microsecond.
    #[must_use]
    pub fn name(&self) -> String {
        let moment: String = self
            .created
            .chars()
            .filter(|character| character.is_ascii_alphanumeric() || *character == '.')
            .collect();
        let serial: String = self
            .token
            .serial
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(32)
            .collect();
        format!("{moment}-{serial}.json")
    }

    /// The name of the plain file with the certificate at `index`, beside the backup.
    #[must_use]
    pub fn certificate_name(&self, index: usize) -> String {
        format!("{}-{}.cer", stem(&self.name()), index + 1)
    }
}

/// A record's name without its ending, which its companions share.
pub(super) fn stem(name: &str) -> &str {
    name.strip_suffix(".json").unwrap_or(name)
}

impl BackupToken {
    pub(super) fn of(token: &TokenInformation) -> Self {
        Self {
            serial: token.serial.clone(),
            label: token.label.clone(),
            model: token.model.clone(),
            manufacturer: token.manufacturer.clone(),
        }
    }

    /// Whether a person may mean this token, as far as its words tell: what a URI says of slot and
    /// driver is not recorded.
    #[must_use]
    pub fn is_meant(&self, selector: &TokenSelector) -> bool {
        match selector {
            TokenSelector::Name(name) => self.serial == *name || self.label == *name,
            TokenSelector::Uri(uri) => [
                (&uri.serial, &self.serial),
                (&uri.token, &self.label),
                (&uri.model, &self.model),
                (&uri.manufacturer, &self.manufacturer),
            ]
            .into_iter()
            .all(|(wanted, actual)| wanted.as_ref().is_none_or(|wanted| wanted == actual)),
        }
    }
}

impl BackupObject {
    fn of(object: &Object) -> Self {
        let attributes = object
            .attributes
            .iter()
            .map(|(attribute, value)| (attribute_name(*attribute), lower_hex(value)))
            .collect();
        Self {
            sha256: upper_hex(&sha256(object.value())),
            attributes_sha256: fingerprint(&attributes),
            attributes,
        }
    }

    /// Whether all attributes are as they were written, the value among them.
    fn is_whole(&self) -> bool {
        self.attributes_sha256 == fingerprint(&self.attributes)
            && self
                .attributes
                .iter()
                .all(|(name, value)| attribute_number(name).is_some() && from_hex(value).is_some())
            && upper_hex(&sha256(self.object().value())) == self.sha256
    }
}

/// Compact JSON with the names in order is one text for one set of attributes, however the file is laid
/// out.
fn fingerprint(attributes: &BTreeMap<String, String>) -> String {
    // strings alone: there is nothing in it that JSON cannot say
    upper_hex(&sha256(&serde_json::to_vec(attributes).unwrap_or_default()))
}

impl BackupObject {
    /// As it was read from the token; without a handle, because it is not there now.
    #[must_use]
    pub fn object(&self) -> Object {
        let attributes = self.attributes.iter().filter_map(|(name, value)| {
            let attribute = AttributeType::from_number(attribute_number(name)?)?;
            Some((attribute, from_hex(value)?))
        });
        Object {
            handle: ObjectHandle(0),
            class: ObjectClass::Certificate,
            attributes: attributes.collect(),
        }
    }
}

fn attribute_name(attribute: AttributeType) -> String {
    format!("0x{:03x}", attribute.number())
}

fn attribute_number(name: &str) -> Option<u32> {
    u32::from_str_radix(name.strip_prefix("0x")?, 16).ok()
}

/// RFC 3339 in UTC, to the microsecond.
pub(super) fn timestamp(time: OffsetDateTime) -> String {
    let utc = time.checked_to_offset(UtcOffset::UTC).unwrap_or(time);
    let cut = utc.replace_microsecond(utc.microsecond()).unwrap_or(utc);
    cut.format(&Rfc3339)
        .unwrap_or_else(|_| cut.unix_timestamp().to_string())
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .chars()
        .map(|digit| {
            digit
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        })
        .collect::<Option<_>>()?;
    let (pairs, []) = digits.as_chunks::<2>() else {
        return None;
    };
    Some(pairs.iter().map(|[high, low]| high << 4 | low).collect())
}
