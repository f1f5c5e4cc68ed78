//! A token as it may be seen: a healthy one, and what may be changed about it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use chungthu_certificate::chain::Chain;
use chungthu_certificate::health::{DriverFacts, Examined, Finding, FindingCode, examine};
use chungthu_certificate::inventory::{Inventory, SignTest};
use chungthu_certificate::records::History;
use chungthu_certificate::rules::RenewalRules;
use chungthu_certificate::{Certificate, KeyType, PublicKey};
use chungthu_issuer::{Authority, Generation, Request, Subject, TestKey};
use chungthu_token::error::TokenError;
use chungthu_token::module::Route;
use chungthu_token::object::{AttributeType, Object, ObjectClass, ObjectHandle};
use chungthu_token::token::{DriverInformation, TokenInformation};
use time::macros::datetime;
use time::{Duration as Span, OffsetDateTime};

pub(crate) const NOW: OffsetDateTime = datetime!(2026-11-23 08:00 UTC);
pub(crate) const KEY_ID: &[u8] = &[1, 2, 3, 4];

/// `CKF_LOGIN_REQUIRED`, `CKF_USER_PIN_INITIALIZED`, `CKF_TOKEN_INITIALIZED`
const HEALTHY_FLAGS: u64 = 0x4 | 0x8 | 0x400;

/// Everything that is examined, owned.
pub(crate) struct Scene {
    pub(crate) driver: DriverFacts,
    pub(crate) token: TokenInformation,
    pub(crate) objects: Result<Vec<Object>, TokenError>,
    pub(crate) chains: Vec<Option<Chain>>,
    pub(crate) failed_logins: Option<usize>,
    pub(crate) history: History,
    pub(crate) sign_tests: Vec<SignTest>,
    pub(crate) rules: RenewalRules,
}

/// A token of the government CA's kind with a key, and a certificate of five years that has four left.
pub(crate) fn healthy() -> Scene {
    let leaf = Leaf::new();
    Scene {
        driver: DriverFacts {
            path: PathBuf::from("bit4xpki.dll"),
            route: Route::WellKnown,
            information: Some(DriverInformation {
                description: "bit4id PKCS#11".into(),
                manufacturer: "bit4id".into(),
                library_version: "1.4".into(),
                cryptoki_version: "2.20".into(),
            }),
            start: Duration::from_millis(30),
            end: None,
        },
        token: TokenInformation {
            label: "VGCA Token".into(),
            manufacturer: "bit4id".into(),
            model: "TokenME EVO".into(),
            serial: "12345678".into(),
            flags: HEALTHY_FLAGS,
            minimum_pin_length: 4,
            maximum_pin_length: 16,
            free_public_memory: Some(20_000),
            total_public_memory: Some(60_000),
            hardware_version: "1.0".into(),
            firmware_version: "1.0".into(),
        },
        objects: Ok(vec![
            key_object(ObjectClass::PrivateKey, TestKey::Rsa2048A, KEY_ID),
            leaf.object(KEY_ID),
        ]),
        chains: Vec::new(),
        failed_logins: Some(0),
        history: History::default(),
        sign_tests: Vec::new(),
        rules: RenewalRules::default(),
    }
}

impl Scene {
    pub(crate) fn with_objects(mut self, objects: impl IntoIterator<Item = Object>) -> Self {
        self.objects = Ok(objects.into_iter().collect());
        self
    }

    /// The healthy objects and one more.
    pub(crate) fn and(mut self, object: Object) -> Self {
        self.objects.as_mut().unwrap().push(object);
        self
    }

    pub(crate) fn with_flags(mut self, flags: u64) -> Self {
        self.token.flags = flags;
        self
    }

    /// The healthy flags and these.
    pub(crate) fn and_flags(self, flags: u64) -> Self {
        self.with_flags(HEALTHY_FLAGS | flags)
    }

    pub(crate) fn examine(&self) -> Vec<Finding> {
        let objects = self
            .objects
            .clone()
            .map(|objects| Inventory::new(objects, NOW));
        examine(&Examined {
            driver: &self.driver,
            reader: Some("bit4id TokenME EVO v2 0"),
            token: &self.token,
            objects: objects.as_ref(),
            chains: &self.chains,
            failed_logins: self.failed_logins,
            history: &self.history,
            sign_tests: &self.sign_tests,
            rules: self.rules,
            now: NOW,
        })
    }

    pub(crate) fn codes(&self) -> BTreeSet<FindingCode> {
        self.examine().iter().map(|finding| finding.code).collect()
    }
}

/// A certificate to be.
#[derive(Clone)]
pub(crate) struct Leaf {
    pub(crate) key: TestKey,
    pub(crate) from: OffsetDateTime,
    pub(crate) days: i64,
    pub(crate) name: &'static str,
    pub(crate) usage: Option<&'static [chungthu_issuer::KeyUsage]>,
    pub(crate) generation: Generation,
    pub(crate) is_governmental: bool,
    pub(crate) is_authority: bool,
    /// Another key than `key`, SubjectPublicKeyInfo DER.
    pub(crate) public_key: Option<Vec<u8>>,
}

impl Leaf {
    pub(crate) const fn new() -> Self {
        Self {
            key: TestKey::Rsa2048A,
            from: datetime!(2025-11-24 00:00 UTC),
            days: 1825,
            name: "SỞ THỬ NGHIỆM",
            usage: None,
            generation: Generation::G2Like,
            is_governmental: true,
            is_authority: false,
            public_key: None,
        }
    }

    /// Of the ordinary five years, with so many whole days left.
    pub(crate) fn with_days_left(days_left: i64) -> Self {
        let end = NOW + Span::days(days_left) + Span::hours(1);
        Self {
            from: end - Span::days(1825),
            ..Self::new()
        }
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        let authority = match (self.is_governmental, self.generation) {
            (false, generation) => Authority::new(generation),
            (true, Generation::G2Like) => Authority::called(
                Generation::G2Like,
                Subject::new()
                    .country("VN")
                    .organization("Ban Cơ yếu Chính phủ")
                    .common_name("CA phục vụ các cơ quan Nhà nước G2"),
            ),
            (true, Generation::G1Like) => Authority::called(
                Generation::G1Like,
                Subject::new()
                    .country("VN")
                    .organization("Ban Co yeu Chinh phu")
                    .common_name("Co quan chung thuc so Chinh phu"),
            ),
        };
        let subject = Subject::new().country("VN").common_name(self.name);
        let public_key = self.public_key.as_deref();
        let public_key = public_key.unwrap_or_else(|| self.key.public_key_der());
        let mut request =
            Request::new(subject, public_key).valid(self.from, self.from + Span::days(self.days));
        if let Some(usage) = self.usage {
            request = request.key_usage(usage);
        }
        if self.is_authority {
            request = request.certification_authority(None);
        }
        authority.unwrap().issue(&request).unwrap()
    }

    pub(crate) fn object(&self, id: &[u8]) -> Object {
        let der = self.der();
        let subject = Certificate::from_der(&der)
            .unwrap()
            .subject()
            .der()
            .to_vec();
        object(
            ObjectClass::Certificate,
            &[
                (AttributeType::Value, &der),
                (AttributeType::Subject, &subject),
                (AttributeType::Id, id),
            ],
        )
    }
}

pub(crate) fn object(class: ObjectClass, attributes: &[(AttributeType, &[u8])]) -> Object {
    let attributes: BTreeMap<AttributeType, Vec<u8>> = attributes
        .iter()
        .map(|(name, value)| (*name, value.to_vec()))
        .collect();
    Object {
        handle: ObjectHandle(1),
        class,
        attributes: attributes.into_iter().collect(),
    }
}

/// A key object that shows its public value.
pub(crate) fn key_object(class: ObjectClass, key: TestKey, id: &[u8]) -> Object {
    let known = PublicKey::from_der(key.public_key_der()).unwrap();
    let mut attributes: Vec<(AttributeType, &[u8])> = vec![(AttributeType::Id, id)];
    match known.key_type() {
        KeyType::Rsa {
            modulus, exponent, ..
        } => {
            attributes.push((AttributeType::Modulus, modulus));
            attributes.push((AttributeType::PublicExponent, exponent));
        }
        KeyType::Ec { point, .. } => attributes.push((AttributeType::EcPoint, point)),
        KeyType::Other { .. } => {}
    }
    if class == ObjectClass::PrivateKey {
        attributes.push((AttributeType::Sensitive, &[1]));
        attributes.push((AttributeType::Extractable, &[0]));
        attributes.push((AttributeType::Sign, &[1]));
    }
    object(class, &attributes)
}

/// The same object with another attribute.
pub(crate) fn with(mut object: Object, name: AttributeType, value: &[u8]) -> Object {
    object.attributes.insert(name, value.to_vec());
    object
}

/// The SubjectPublicKeyInfo of an RSA key of 1024 bits that nobody has.
pub(crate) fn weak_public_key() -> Vec<u8> {
    let mut numbers = vec![0x02, 0x81, 0x81, 0x00];
    numbers.extend([0xC1; 128]);
    numbers.extend([0x02, 0x03, 0x01, 0x00, 0x01]);
    let sequence = |content: &[u8], tag| {
        let mut whole = vec![tag, 0x81, u8::try_from(content.len()).unwrap()];
        whole.extend(content);
        whole
    };
    let mut bits = vec![0x00];
    bits.extend(sequence(&numbers, 0x30));
    // rsaEncryption, NULL
    let mut whole = vec![
        0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
    ];
    whole.extend(sequence(&bits, 0x03));
    sequence(&whole, 0x30)
}
