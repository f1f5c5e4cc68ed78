//! The extensions the program uses, read from a parsed certificate.

use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{DistributionPointName, GeneralName, ParsedExtension};

use crate::elements::{dotted, elements};

/// A bit of the key usage extension (RFC 5280 section 4.2.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyUsage {
    /// digitalSignature.
    DigitalSignature,
    /// nonRepudiation, also called contentCommitment.
    NonRepudiation,
    /// keyEncipherment.
    KeyEncipherment,
    /// dataEncipherment.
    DataEncipherment,
    /// keyAgreement.
    KeyAgreement,
    /// keyCertSign.
    KeyCertSign,
    /// cRLSign.
    CrlSign,
    /// encipherOnly.
    EncipherOnly,
    /// decipherOnly.
    DecipherOnly,
}

/// A purpose in the extended key usage extension (RFC 5280 section 4.2.1.12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExtendedKeyUsage {
    /// anyExtendedKeyUsage.
    Any,
    /// TLS server.
    ServerAuth,
    /// TLS client.
    ClientAuth,
    /// Code signing.
    CodeSigning,
    /// E-mail protection.
    EmailProtection,
    /// Time stamping.
    TimeStamping,
    /// OCSP signing.
    OcspSigning,
    /// Microsoft smart card logon, 1.3.6.1.4.1.311.20.2.2.
    SmartcardLogon,
    /// Another purpose, dotted.
    Other(String),
}

/// Basic constraints (RFC 5280 section 4.2.1.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BasicConstraints {
    /// cA: the key may sign certificates.
    pub certification_authority: bool,
    /// How many further CAs may follow below this one; `None` is no limit.
    pub path_length: Option<u32>,
}

impl KeyUsage {
    /// All bits in the order of the standard, which is bit 0 to bit 8.
    const ALL: [Self; 9] = [
        Self::DigitalSignature,
        Self::NonRepudiation,
        Self::KeyEncipherment,
        Self::DataEncipherment,
        Self::KeyAgreement,
        Self::KeyCertSign,
        Self::CrlSign,
        Self::EncipherOnly,
        Self::DecipherOnly,
    ];

    /// The standard's name: `digitalSignature`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DigitalSignature => "digitalSignature",
            Self::NonRepudiation => "nonRepudiation",
            Self::KeyEncipherment => "keyEncipherment",
            Self::DataEncipherment => "dataEncipherment",
            Self::KeyAgreement => "keyAgreement",
            Self::KeyCertSign => "keyCertSign",
            Self::CrlSign => "cRLSign",
            Self::EncipherOnly => "encipherOnly",
            Self::DecipherOnly => "decipherOnly",
        }
    }
}

impl ExtendedKeyUsage {
    /// The standard's name (`clientAuth`), or the OID in dotted form where there is none.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Any => "anyExtendedKeyUsage",
            Self::ServerAuth => "serverAuth",
            Self::ClientAuth => "clientAuth",
            Self::CodeSigning => "codeSigning",
            Self::EmailProtection => "emailProtection",
            Self::TimeStamping => "timeStamping",
            Self::OcspSigning => "OCSPSigning",
            Self::SmartcardLogon => "smartcardLogon",
            Self::Other(dotted) => dotted,
        }
    }
}

/// What the extensions say. A list is empty where the extension is missing.
#[derive(Debug, Default)]
pub(crate) struct Extensions {
    pub(crate) basic_constraints: Option<BasicConstraints>,
    pub(crate) key_usage: Option<Vec<KeyUsage>>,
    pub(crate) extended_key_usage: Vec<ExtendedKeyUsage>,
    pub(crate) policies: Vec<String>,
    pub(crate) emails: Vec<String>,
    pub(crate) ocsp: Vec<String>,
    pub(crate) ca_issuers: Vec<String>,
    pub(crate) crl: Vec<String>,
    pub(crate) subject_key_identifier: Option<Vec<u8>>,
    pub(crate) authority_key_identifier: Option<Vec<u8>>,
    /// Types (dotted) of extensions that could not be read.
    pub(crate) unreadable: Vec<String>,
}

/// Basic constraints and key usage: without them nobody can say what the certificate is.
const DECISIVE: [&str; 2] = ["2.5.29.19", "2.5.29.15"];

impl Extensions {
    /// Reads them all; `None` if one that decides something (basic constraints, key usage) is
    /// unreadable or stands there twice.
    pub(crate) fn of(certificate: &X509Certificate<'_>) -> Option<Self> {
        let mut found = Self::default();
        for extension in certificate.extensions() {
            // The parser does not look behind the value.
            let single = elements(extension.value).is_some_and(|found| found.len() == 1);
            if !single || !found.take(extension.parsed_extension()) {
                let kind = dotted(&extension.oid);
                if DECISIVE.contains(&kind.as_str()) {
                    return None;
                }
                found.unreadable.push(kind);
            }
        }
        Some(found)
    }

    /// Takes over one extension; false if it could not be read or decides the same thing again.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the other extensions are not used"
    )]
    fn take(&mut self, extension: &ParsedExtension<'_>) -> bool {
        match extension {
            ParsedExtension::ParseError { .. } => return false,
            ParsedExtension::BasicConstraints(value) => {
                let read = BasicConstraints {
                    certification_authority: value.ca,
                    path_length: value.path_len_constraint,
                };
                return self.basic_constraints.replace(read).is_none();
            }
            ParsedExtension::KeyUsage(value) => {
                let bits = KeyUsage::ALL.into_iter().enumerate();
                let set = bits.filter(|(bit, _)| value.flags >> bit & 1 == 1);
                let read = set.map(|(_, usage)| usage).collect();
                return self.key_usage.replace(read).is_none();
            }
            ParsedExtension::ExtendedKeyUsage(value) => {
                let known = [
                    (value.any, ExtendedKeyUsage::Any),
                    (value.server_auth, ExtendedKeyUsage::ServerAuth),
                    (value.client_auth, ExtendedKeyUsage::ClientAuth),
                    (value.code_signing, ExtendedKeyUsage::CodeSigning),
                    (value.email_protection, ExtendedKeyUsage::EmailProtection),
                    (value.time_stamping, ExtendedKeyUsage::TimeStamping),
                    (value.ocsp_signing, ExtendedKeyUsage::OcspSigning),
                ];
                let present = known.into_iter().filter(|(present, _)| *present);
                self.extended_key_usage
                    .extend(present.map(|(_, purpose)| purpose));
                for oid in &value.other {
                    self.extended_key_usage.push(match dotted(oid) {
                        purpose if purpose == "1.3.6.1.4.1.311.20.2.2" => {
                            ExtendedKeyUsage::SmartcardLogon
                        }
                        purpose => ExtendedKeyUsage::Other(purpose),
                    });
                }
            }
            ParsedExtension::CertificatePolicies(policies) => {
                let types = policies.iter().map(|policy| dotted(&policy.policy_id));
                self.policies.extend(types);
            }
            ParsedExtension::SubjectAlternativeName(names) => {
                self.emails
                    .extend(names.general_names.iter().filter_map(email));
            }
            ParsedExtension::AuthorityInfoAccess(value) => {
                for description in &value.accessdescs {
                    let Some(address) = address(&description.access_location) else {
                        continue;
                    };
                    match dotted(&description.access_method).as_str() {
                        "1.3.6.1.5.5.7.48.1" => self.ocsp.push(address),
                        "1.3.6.1.5.5.7.48.2" => self.ca_issuers.push(address),
                        _ => {}
                    }
                }
            }
            ParsedExtension::CRLDistributionPoints(points) => {
                for point in &points.points {
                    if let Some(DistributionPointName::FullName(names)) = &point.distribution_point
                    {
                        self.crl.extend(names.iter().filter_map(address));
                    }
                }
            }
            ParsedExtension::SubjectKeyIdentifier(value) => {
                self.subject_key_identifier.get_or_insert(value.0.to_vec());
            }
            ParsedExtension::AuthorityKeyIdentifier(value) => {
                if let Some(identifier) = &value.key_identifier {
                    self.authority_key_identifier
                        .get_or_insert(identifier.0.to_vec());
                }
            }
            _ => {}
        }
        true
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "only e-mail addresses are looked for"
)]
fn email(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::RFC822Name(address) => Some((*address).to_owned()),
        _ => None,
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "only addresses are looked for"
)]
fn address(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::URI(address) => Some((*address).to_owned()),
        _ => None,
    }
}
