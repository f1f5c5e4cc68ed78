//! Authorities, certificates and lists of any shape, made with rcgen.

use chungthu_certificate::Certificate;
use chungthu_certificate::chain::RevocationList;
use chungthu_issuer::TestKey;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CustomExtension, DnType,
    DnValue, IsCa, Issuer, KeyIdMethod, KeyUsagePurpose, RevocationReason, RevokedCertParams,
    SerialNumber,
};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

pub(crate) const NOW: OffsetDateTime = datetime!(2026-11-24 08:00 UTC);
pub(crate) const BEGIN: OffsetDateTime = datetime!(2020-01-01 00:00 UTC);
pub(crate) const END: OffsetDateTime = datetime!(2040-01-01 00:00 UTC);
/// Where the lists of these authorities are said to be.
pub(crate) const PLACE: &str = "http://example.invalid/list.crl";

/// An authority to be, or an end entity.
#[derive(Clone)]
pub(crate) struct Entity {
    pub(crate) name: &'static str,
    pub(crate) key: TestKey,
    pub(crate) key_identifier: Vec<u8>,
    pub(crate) is_ca: bool,
    pub(crate) path_length: Option<u8>,
    pub(crate) usage: Vec<KeyUsagePurpose>,
    pub(crate) from: OffsetDateTime,
    pub(crate) to: OffsetDateTime,
    pub(crate) serial: u64,
    /// Dotted parts.
    pub(crate) critical_extension: Option<&'static [u64]>,
}

pub(crate) fn authority(name: &'static str, key: TestKey) -> Entity {
    Entity {
        name,
        key,
        key_identifier: name.as_bytes().to_vec(),
        is_ca: true,
        path_length: None,
        usage: vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign],
        from: BEGIN,
        to: END,
        serial: 7,
        critical_extension: None,
    }
}

pub(crate) fn subscriber() -> Entity {
    Entity {
        is_ca: false,
        usage: vec![KeyUsagePurpose::DigitalSignature],
        to: datetime!(2030-01-01 00:00 UTC),
        serial: 0x1234,
        ..authority("SỞ THỬ NGHIỆM", TestKey::P256)
    }
}

impl Entity {
    fn parameters(&self) -> CertificateParams {
        let mut parameters = CertificateParams::default();
        let name = DnValue::Utf8String(self.name.to_owned());
        parameters.distinguished_name.push(DnType::CommonName, name);
        parameters.not_before = self.from;
        parameters.not_after = self.to;
        parameters.serial_number = Some(SerialNumber::from(self.serial));
        parameters.key_usages.clone_from(&self.usage);
        parameters.use_authority_key_identifier_extension = true;
        parameters.key_identifier_method = KeyIdMethod::PreSpecified(self.key_identifier.clone());
        parameters.is_ca = match (self.is_ca, self.path_length) {
            (false, _) => IsCa::ExplicitNoCa,
            (true, None) => IsCa::Ca(BasicConstraints::Unconstrained),
            (true, Some(length)) => IsCa::Ca(BasicConstraints::Constrained(length)),
        };
        if !self.is_ca {
            parameters.crl_distribution_points = vec![rcgen::CrlDistributionPoint {
                uris: vec![PLACE.to_owned()],
            }];
        }
        if let Some(oid) = self.critical_extension {
            let mut extension = CustomExtension::from_oid_content(oid, vec![0x05, 0x00]);
            extension.set_criticality(true);
            parameters.custom_extensions.push(extension);
        }
        parameters
    }

    fn issuer(&self) -> Issuer<'static, TestKey> {
        Issuer::new(self.parameters(), self.key)
    }

    /// Its certificate from this issuer.
    pub(crate) fn by(&self, issuer: &Self) -> Certificate {
        let made = self.parameters().signed_by(&self.key, &issuer.issuer());
        Certificate::from_der(made.unwrap().der()).unwrap()
    }

    /// Its certificate from itself.
    pub(crate) fn by_itself(&self) -> Certificate {
        self.by(self)
    }

    /// Its list.
    pub(crate) fn list(&self, list: &List) -> RevocationList {
        let mut lists = RevocationList::read(&self.list_der(list)).unwrap();
        lists.remove(0)
    }

    /// Its list, DER.
    pub(crate) fn list_der(&self, list: &List) -> Vec<u8> {
        let revoked = list
            .revoked
            .iter()
            .map(|(serial, reason)| RevokedCertParams {
                serial_number: SerialNumber::from(*serial),
                revocation_time: list.from - Duration::days(1),
                reason_code: *reason,
                invalidity_date: None,
            });
        let parameters = CertificateRevocationListParams {
            this_update: list.from,
            next_update: list.to,
            crl_number: SerialNumber::from(1_u64),
            issuing_distribution_point: list.place.map(|place| {
                rcgen::CrlIssuingDistributionPoint {
                    distribution_point: rcgen::CrlDistributionPoint {
                        uris: vec![place.to_owned()],
                    },
                    scope: None,
                }
            }),
            revoked_certs: revoked.collect(),
            key_identifier_method: KeyIdMethod::PreSpecified(self.key_identifier.clone()),
        };
        // rcgen makes no list for who may not sign one
        let issuer = Self {
            usage: Vec::new(),
            ..self.clone()
        };
        parameters
            .signed_by(&issuer.issuer())
            .unwrap()
            .der()
            .to_vec()
    }
}

/// A list to be.
#[derive(Clone)]
pub(crate) struct List {
    pub(crate) from: OffsetDateTime,
    pub(crate) to: OffsetDateTime,
    pub(crate) revoked: Vec<(u64, Option<RevocationReason>)>,
    pub(crate) place: Option<&'static str>,
}

/// Of yesterday, for a week, with nobody on it.
pub(crate) fn empty_list() -> List {
    List {
        from: NOW - Duration::days(1),
        to: NOW + Duration::days(6),
        revoked: Vec::new(),
        place: None,
    }
}
