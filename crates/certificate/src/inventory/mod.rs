//! What is on a token: its objects sorted into keys with their certificates.

mod look;
mod opened;

use std::cmp::Reverse;

use chungthu_token::object::{AttributeType, Object, ObjectClass, PublicKeyValue};
use chungthu_token::uri::Uri;
use time::OffsetDateTime;

pub(crate) use look::read_objects;
pub use look::{Chosen, DriverSeen, Problem, choose, see_drivers};
pub use opened::{Opened, Place, SignTest};

use crate::Certificate;

/// What is on a token.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    /// The keys, in the order their objects were read.
    pub keys: Vec<Key>,
    /// The certificates of keys first, the newest of each first.
    pub certificates: Vec<CertificateSeen>,
}

/// A key: its private object, its public object, or both.
#[derive(Clone, Debug)]
pub struct Key {
    /// `CKA_ID`, raw; the private object's where both are there.
    pub id: Vec<u8>,
    /// `CKA_LABEL`, cleaned.
    pub label: String,
    /// RSA modulus or EC point, where an object shows one.
    pub value: Option<PublicKeyValue>,
    /// The private object, where it is visible.
    pub private: Option<Object>,
}

/// A certificate object.
#[derive(Clone, Debug)]
pub struct CertificateSeen {
    /// As read.
    pub object: Object,
    /// `None` for bytes that are no certificate.
    pub certificate: Option<Certificate>,
    /// The key it belongs to, by index.
    pub key: Option<usize>,
    /// What it is among the others.
    pub mark: Mark,
}

/// What a certificate is among the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The newest valid one of its key.
    Current,
    /// A newer one of the same key is there.
    Old,
    /// Its time is over.
    Expired,
    /// Its time has not begun.
    NotYetValid,
    /// A certification authority's.
    Authority,
    /// Bytes that are no certificate.
    Unreadable,
}

impl Inventory {
    /// Sorts the objects.
    #[must_use]
    pub fn new(objects: Vec<Object>, now: OffsetDateTime) -> Self {
        let mut inventory = Self::default();
        let mut found = Vec::new();
        for object in objects {
            match object.class {
                ObjectClass::Certificate => found.push(object),
                ObjectClass::PublicKey | ObjectClass::PrivateKey => inventory.add_key(object),
            }
        }
        inventory.certificates = found
            .into_iter()
            .map(|object| {
                let certificate = Certificate::from_der(object.value()).ok();
                let key = inventory.key_of(&object, certificate.as_ref());
                CertificateSeen {
                    object,
                    certificate,
                    key,
                    mark: Mark::Unreadable,
                }
            })
            .collect();
        inventory.certificates.sort_by_key(|seen| {
            let end = seen
                .certificate
                .as_ref()
                .map(|facts| (facts.not_after(), facts.not_before()));
            (seen.key.unwrap_or(usize::MAX), Reverse(end))
        });
        inventory.mark(now);
        inventory
    }

    /// Whether any private key was visible.
    #[must_use]
    pub fn shows_private_keys(&self) -> bool {
        self.keys.iter().any(|key| key.private.is_some())
    }

    /// Whether the certificate's key is on the token; `None` where nothing visible could tell.
    #[must_use]
    pub fn has_key(&self, seen: &CertificateSeen) -> Option<bool> {
        match seen.key {
            Some(_) => Some(true),
            None if seen.mark == Mark::Unreadable => None,
            None => self
                .keys
                .iter()
                .any(|key| key.value.is_some())
                .then_some(false),
        }
    }

    /// The certificates of the key with this index, the newest first.
    pub fn certificates_of(&self, key: usize) -> impl Iterator<Item = &CertificateSeen> {
        self.certificates
            .iter()
            .filter(move |seen| seen.key == Some(key))
    }

    fn add_key(&mut self, object: Object) {
        let value = object.public_key();
        let known = self.keys.iter_mut().find(|key| match (&key.value, &value) {
            (Some(known), Some(value)) => is_same_value(known, value),
            (None, _) | (_, None) => !key.id.is_empty() && key.id == object.id(),
        });
        let is_private = object.class == ObjectClass::PrivateKey;
        match known {
            Some(key) => {
                key.value = key.value.take().or(value);
                if key.label.is_empty() {
                    key.label = object.label();
                }
                if is_private {
                    // the private key's id is the one that counts
                    key.id = object.id().to_vec();
                    key.private = Some(object);
                }
            }
            None => self.keys.push(Key {
                id: object.id().to_vec(),
                label: object.label(),
                value,
                private: is_private.then_some(object),
            }),
        }
    }

    fn key_of(&self, object: &Object, certificate: Option<&Certificate>) -> Option<usize> {
        let facts = certificate?;
        self.keys.iter().position(|key| match &key.value {
            Some(value) => facts.public_key().is_shown_as(value),
            None => !key.id.is_empty() && key.id == object.id(),
        })
    }

    fn mark(&mut self, now: OffsetDateTime) {
        let mut with_current = Vec::new();
        for seen in &mut self.certificates {
            let Some(facts) = &seen.certificate else {
                continue;
            };
            seen.mark = if facts.is_ca() {
                Mark::Authority
            } else if facts.is_expired(now) {
                Mark::Expired
            } else if facts.is_not_yet_valid(now) {
                Mark::NotYetValid
            } else if seen.key.is_some() && with_current.contains(&seen.key) {
                Mark::Old
            } else {
                with_current.push(seen.key);
                Mark::Current
            };
        }
    }
}

impl Key {
    /// `RSA` or `EC`, and the bits, where an object shows them.
    #[must_use]
    pub fn kind(&self) -> Option<(&'static str, usize)> {
        match self.value.as_ref()? {
            PublicKeyValue::Rsa { modulus, .. } => {
                let unused = modulus
                    .first()
                    .map_or(0, |first| first.leading_zeros() as usize);
                Some(("RSA", modulus.len() * 8 - unused))
            }
            // 04 || x || y
            PublicKeyValue::Ec { point } => {
                let bits = point.len().saturating_sub(1) / 2 * 8;
                Some(("EC", if bits == 528 { 521 } else { bits }))
            }
        }
    }

    /// The name of its private object where that is visible, else of its public one.
    #[must_use]
    pub fn uri(&self, token: &Uri) -> Uri {
        match &self.private {
            Some(private) => uri_of(private, token),
            None => token.with_object(ObjectClass::PublicKey, &self.id, &self.label),
        }
    }

    /// A flag of the private object.
    #[must_use]
    pub fn flag(&self, attribute: AttributeType) -> Option<bool> {
        self.private
            .as_ref()
            .and_then(|private| private.flag(attribute))
    }
}

impl CertificateSeen {
    /// The object's name.
    #[must_use]
    pub fn uri(&self, token: &Uri) -> Uri {
        uri_of(&self.object, token)
    }
}

/// By the label's own bytes: other programs do not clean it before they compare.
fn uri_of(object: &Object, token: &Uri) -> Uri {
    let label = object.bytes(AttributeType::Label).unwrap_or_default();
    let label = std::str::from_utf8(label).unwrap_or_default();
    token.with_object(object.class, object.id(), label)
}

/// The same key; a driver that shows no exponent does not contradict.
fn is_same_value(one: &PublicKeyValue, other: &PublicKeyValue) -> bool {
    match (one, other) {
        (
            PublicKeyValue::Rsa { modulus, exponent },
            PublicKeyValue::Rsa {
                modulus: other_modulus,
                exponent: other_exponent,
            },
        ) => {
            modulus == other_modulus
                && (exponent.is_none() || other_exponent.is_none() || exponent == other_exponent)
        }
        (PublicKeyValue::Ec { point }, PublicKeyValue::Ec { point: other }) => point == other,
        (PublicKeyValue::Rsa { .. }, PublicKeyValue::Ec { .. })
        | (PublicKeyValue::Ec { .. }, PublicKeyValue::Rsa { .. }) => false,
    }
}

#[cfg(test)]
mod tests {
    use chungthu_issuer::{Authority, Generation, Request, Subject, TestKey};
    use chungthu_token::object::ObjectHandle;
    use time::macros::datetime;

    use super::*;
    use crate::{KeyType, PublicKey};

    const NOW: OffsetDateTime = datetime!(2026-11-23 00:00:00 UTC);

    fn object(class: ObjectClass, attributes: &[(AttributeType, &[u8])]) -> Object {
        Object {
            handle: ObjectHandle(1),
            class,
            attributes: attributes
                .iter()
                .map(|(name, value)| (*name, value.to_vec()))
                .collect(),
        }
    }

    fn certificate(key: TestKey, from: OffsetDateTime, to: OffsetDateTime) -> Object {
        let subject = Subject::new().country("VN").common_name("SỞ THỬ NGHIỆM");
        let request = Request::new(subject, key.public_key_der()).valid(from, to);
        let der = Authority::new(Generation::G2Like)
            .unwrap()
            .issue(&request)
            .unwrap();
        object(
            ObjectClass::Certificate,
            &[(AttributeType::Value, &der), (AttributeType::Id, b"x")],
        )
    }

    fn public_key(key: TestKey) -> Object {
        let known = PublicKey::from_der(key.public_key_der()).unwrap();
        let KeyType::Rsa {
            modulus, exponent, ..
        } = known.key_type()
        else {
            panic!("an RSA key is wanted")
        };
        object(
            ObjectClass::PublicKey,
            &[
                (AttributeType::Modulus, modulus),
                (AttributeType::PublicExponent, exponent),
                (AttributeType::Id, b"k"),
            ],
        )
    }

    #[test]
    fn the_newest_valid_certificate_of_a_key_is_the_current_one_whatever_the_order() {
        let objects = vec![
            certificate(
                TestKey::Rsa2048A,
                datetime!(2022-01-01 00:00 UTC),
                datetime!(2027-01-01 00:00 UTC),
            ),
            public_key(TestKey::Rsa2048A),
            certificate(
                TestKey::Rsa2048A,
                datetime!(2026-11-01 00:00 UTC),
                datetime!(2029-11-01 00:00 UTC),
            ),
            certificate(
                TestKey::Rsa2048A,
                datetime!(2015-01-01 00:00 UTC),
                datetime!(2020-01-01 00:00 UTC),
            ),
        ];
        let inventory = Inventory::new(objects, NOW);
        let marks: Vec<Mark> = inventory
            .certificates
            .iter()
            .map(|seen| seen.mark)
            .collect();
        assert_eq!(marks, [Mark::Current, Mark::Old, Mark::Expired]);
        assert_eq!(inventory.certificates_of(0).count(), 3);
        assert_eq!(inventory.keys[0].kind(), Some(("RSA", 2048)));
    }

    #[test]
    fn a_certificate_of_another_key_has_no_key_here() {
        let objects = vec![
            public_key(TestKey::Rsa2048A),
            certificate(
                TestKey::Rsa2048B,
                datetime!(2026-01-01 00:00 UTC),
                datetime!(2029-01-01 00:00 UTC),
            ),
        ];
        let inventory = Inventory::new(objects, NOW);
        assert_eq!(inventory.has_key(&inventory.certificates[0]), Some(false));
    }

    #[test]
    fn without_any_visible_key_nobody_knows() {
        let alone = certificate(
            TestKey::P256,
            datetime!(2026-01-01 00:00 UTC),
            datetime!(2029-01-01 00:00 UTC),
        );
        let inventory = Inventory::new(vec![alone], NOW);
        assert_eq!(inventory.has_key(&inventory.certificates[0]), None);
    }

    #[test]
    fn a_private_key_and_its_public_key_are_one_key_with_the_private_keys_id() {
        let public = public_key(TestKey::Rsa2048A);
        let mut private = public_key(TestKey::Rsa2048A);
        private.class = ObjectClass::PrivateKey;
        private
            .attributes
            .insert(AttributeType::Id, b"other".to_vec());
        let inventory = Inventory::new(vec![public, private], NOW);
        assert_eq!(inventory.keys.len(), 1);
        assert_eq!(inventory.keys[0].id, b"other");
        assert!(inventory.shows_private_keys());
    }
}
