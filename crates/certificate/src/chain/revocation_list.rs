//! A list of revoked certificates (CRL, RFC 5280 section 5), read from DER or PEM.

use std::sync::OnceLock;

use time::OffsetDateTime;
use x509_parser::extensions::{
    DistributionPointName, GeneralName, IssuingDistributionPoint, ParsedExtension, X509Extension,
};
use x509_parser::prelude::FromDer as _;
use x509_parser::revocation_list::{CertificateRevocationList, RevokedCertificate};
use x509_parser::x509::SubjectPublicKeyInfo;

use super::revocation::Reason;
use crate::elements::dotted;
use crate::issuer::SignatureProblem;
use crate::{Certificate, KeyType, KeyUsage, PublicKey};

/// The largest file that is read, in bytes: a list of the government CA may have some hundred thousand
/// entries of about forty bytes.
pub const LIST_SIZE_LIMIT: usize = 32 * 1024 * 1024;

const PEM_LABEL: &str = "X509 CRL";
const CRL_NUMBER: &str = "2.5.29.20";
const DELTA_CRL_INDICATOR: &str = "2.5.29.27";
const CERTIFICATE_ISSUER: &str = "2.5.29.29";

/// Why bytes are no list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// Neither a DER list nor PEM blocks with lists.
    #[error("not a list of revoked certificates")]
    NotAList,
    /// Something follows the list.
    #[error("bytes follow the list")]
    TrailingBytes,
    /// More than [`LIST_SIZE_LIMIT`].
    #[error("too large")]
    TooLarge,
}

/// A list as it was read. Its signature is verified when it is asked.
#[derive(Debug)]
pub struct RevocationList {
    der: Vec<u8>,
    issuer: Vec<u8>,
    this_update: OffsetDateTime,
    next_update: Option<OffsetDateTime>,
    scope: Scope,
    /// Sorted by serial number.
    entries: Vec<Entry>,
    /// The key that was verified with last, DER, and what came of it: a list is asked about many
    /// certificates of one issuer.
    verified: OnceLock<(Vec<u8>, Result<(), SignatureProblem>)>,
}

/// Which certificates a list speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Scope {
    /// All that its issuer issued.
    All,
    /// End entities' only.
    Users,
    /// Authorities' only.
    Authorities,
    /// Those that name one of these places.
    Places(Vec<String>),
    /// Of a kind that this program does not use: delta, indirect, for some reasons only, or with a critical
    /// extension it does not know.
    Unsupported,
}

/// A revoked certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Serial number, big end first, without leading zero octets.
    serial: Vec<u8>,
    /// When it was revoked, UTC.
    pub(super) date: OffsetDateTime,
    pub(super) reason: Reason,
    /// Since when the key is not to be trusted, where that is told, UTC.
    pub(super) invalidity_date: Option<OffsetDateTime>,
}

impl RevocationList {
    /// Reads the lists in a file: one in DER, or one or more PEM blocks.
    ///
    /// # Errors
    /// When anything else is in it.
    pub fn read(bytes: &[u8]) -> Result<Vec<Self>, ListError> {
        if bytes.len() > LIST_SIZE_LIMIT {
            return Err(ListError::TooLarge);
        }
        if bytes.first() == Some(&0x30) {
            return Ok(vec![Self::from_der(bytes)?]);
        }
        let blocks = pem::parse_many(bytes).map_err(|_| ListError::NotAList)?;
        if blocks.is_empty() || blocks.iter().any(|block| block.tag() != PEM_LABEL) {
            return Err(ListError::NotAList);
        }
        let lists = blocks.iter().map(|block| Self::from_der(block.contents()));
        lists.collect()
    }

    fn from_der(der: &[u8]) -> Result<Self, ListError> {
        let (rest, parsed) =
            CertificateRevocationList::from_der(der).map_err(|_| ListError::NotAList)?;
        if !rest.is_empty() {
            return Err(ListError::TrailingBytes);
        }
        let entries = parsed.iter_revoked_certificates().map(Entry::new);
        let mut entries: Vec<Entry> = entries.collect();
        // the latest word on a certificate first
        entries.sort_by(|one, other| (&one.serial, other.date).cmp(&(&other.serial, one.date)));
        let is_indirect = parsed
            .iter_revoked_certificates()
            .flat_map(RevokedCertificate::extensions)
            .any(|extension| extension.critical && dotted(&extension.oid) == CERTIFICATE_ISSUER);
        let scope = if is_indirect {
            Scope::Unsupported
        } else {
            scope(parsed.extensions())
        };
        Ok(Self {
            issuer: parsed.issuer().as_raw().to_vec(),
            this_update: parsed.last_update().to_datetime(),
            next_update: parsed.next_update().map(|time| time.to_datetime()),
            scope,
            entries,
            verified: OnceLock::new(),
            der: der.to_vec(),
        })
    }

    /// When it was made, UTC.
    #[must_use]
    pub const fn this_update(&self) -> OffsetDateTime {
        self.this_update
    }

    /// When the next one is due, UTC.
    #[must_use]
    pub const fn next_update(&self) -> Option<OffsetDateTime> {
        self.next_update
    }

    /// How many certificates it names.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it names none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether the certificate's issuer made it, by name.
    pub(super) fn is_of_issuer_of(&self, certificate: &Certificate) -> bool {
        self.issuer == certificate.issuer().der()
    }

    /// Whether this kind of list speaks of this certificate.
    pub(super) fn speaks_of(&self, certificate: &Certificate) -> bool {
        match &self.scope {
            Scope::All => true,
            Scope::Users => !certificate.is_ca(),
            Scope::Authorities => certificate.is_ca(),
            Scope::Places(places) => places
                .iter()
                .any(|place| certificate.crl_urls().contains(place)),
            Scope::Unsupported => false,
        }
    }

    /// The entry of this certificate.
    pub(super) fn entry(&self, certificate: &Certificate) -> Option<&Entry> {
        let serial = magnitude(certificate.serial_number_der());
        let first = self
            .entries
            .partition_point(|entry| entry.serial.as_slice() < serial);
        self.entries
            .get(first)
            .filter(|entry| entry.serial == serial)
    }

    /// Verifies its signature with the issuer's certificate, whose key usage must have cRLSign where it has
    /// any.
    pub(super) fn verify(&self, issuer: &Certificate) -> Result<(), SignatureProblem> {
        let may_sign = issuer
            .key_usage()
            .is_none_or(|usage| usage.contains(&KeyUsage::CrlSign));
        if !may_sign {
            return Err(SignatureProblem::Unsupported);
        }
        let key = issuer.public_key();
        let (known, outcome) = self
            .verified
            .get_or_init(|| (key.der().to_vec(), self.verify_with(key)));
        if known == key.der() {
            *outcome
        } else {
            self.verify_with(key)
        }
    }

    fn verify_with(&self, key: &PublicKey) -> Result<(), SignatureProblem> {
        let unsupported = |_| SignatureProblem::Unsupported;
        let (_, parsed) = CertificateRevocationList::from_der(&self.der).map_err(unsupported)?;
        let (_, public_key) = SubjectPublicKeyInfo::from_der(key.der()).map_err(unsupported)?;
        if matches!(key.key_type(), KeyType::Rsa { .. }) && key.scheme().is_none() {
            return Err(SignatureProblem::Unsupported);
        }
        if parsed.tbs_cert_list.signature != parsed.signature_algorithm {
            return Err(SignatureProblem::Wrong);
        }
        parsed
            .verify_signature(&public_key)
            .map_err(|error| SignatureProblem::from_parser(&error))
    }
}

impl Entry {
    fn new(revoked: &RevokedCertificate<'_>) -> Self {
        Self {
            serial: without_zeros(revoked.raw_serial()).to_vec(),
            date: revoked.revocation_date.to_datetime(),
            reason: revoked
                .reason_code()
                .map_or(Reason::Unspecified, |(_, code)| Reason::from_code(code.0)),
            invalidity_date: revoked
                .invalidity_date()
                .map(|(_, time)| time.to_datetime()),
        }
    }
}

/// The content of a DER INTEGER without leading zero octets. Serial numbers have at most 20 octets (RFC
/// 5280, 4.1.2.2), so that the header has two.
fn magnitude(integer: &[u8]) -> &[u8] {
    without_zeros(integer.get(2..).unwrap_or_default())
}

fn without_zeros(octets: &[u8]) -> &[u8] {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    octets.get(zeros..).unwrap_or_default()
}

fn scope(extensions: &[X509Extension<'_>]) -> Scope {
    let mut scope = Scope::All;
    for extension in extensions {
        let oid = dotted(&extension.oid);
        if let ParsedExtension::IssuingDistributionPoint(point) = extension.parsed_extension() {
            scope = of_point(point);
        } else if oid == DELTA_CRL_INDICATOR || (extension.critical && oid != CRL_NUMBER) {
            scope = Scope::Unsupported;
        }
        if scope == Scope::Unsupported {
            return scope;
        }
    }
    scope
}

fn of_point(point: &IssuingDistributionPoint<'_>) -> Scope {
    let is_partial = point.indirect_crl
        || point.only_some_reasons.is_some()
        || point.only_contains_attribute_certs;
    match (
        is_partial,
        point.only_contains_user_certs,
        point.only_contains_ca_certs,
        &point.distribution_point,
    ) {
        (true, ..) | (_, true, true, _) => Scope::Unsupported,
        (_, true, false, None) => Scope::Users,
        (_, false, true, None) => Scope::Authorities,
        (_, false, false, None) => Scope::All,
        (_, false, false, Some(DistributionPointName::FullName(names))) => {
            let places = names.iter().filter_map(|name| {
                let GeneralName::URI(place) = name else {
                    return None;
                };
                Some((*place).to_owned())
            });
            Scope::Places(places.collect())
        }
        (_, _, _, Some(_)) => Scope::Unsupported,
    }
}
