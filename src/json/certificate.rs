//! A certificate in JSON, wherever one appears.

use chungthu_certificate::{
    Certificate as Facts, Container, DistinguishedName, Generation, IssuerCheck,
};
use serde::Serialize;
use time::OffsetDateTime;

use super::chain::Chain;
use super::objects::key_type;
use crate::dates::rfc3339;

/// A certificate, as in every document.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Certificate {
    subject: Name,
    issuer: Name,
    /// Upper-case hex.
    serial: String,
    /// RFC 3339, UTC.
    not_before: String,
    /// RFC 3339, UTC.
    not_after: String,
    /// Whole days to the end, rounded down; negative after it.
    days_left: i64,
    public_key: PublicKey,
    key_usage: Vec<&'static str>,
    extended_key_usage: Vec<String>,
    email: Vec<String>,
    policies: Vec<String>,
    ocsp: Vec<String>,
    crl: Vec<String>,
    ca_issuers: Vec<String>,
    is_ca: bool,
    /// Upper-case hex.
    sha1: String,
    /// Upper-case hex.
    sha256: String,
    /// `G1` or `G2` of the government CA, as the certificate claims; null for any other.
    ca_generation: Option<&'static str>,
    signature_algorithm: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer_check: Option<IssuerResult>,
    /// Where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    chain: Option<Chain>,
}

/// A certificate from a file or a token.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct ShownCertificate {
    /// As it was named; only of one from a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<String>,
    /// `der`, `pem`, `base64`, `pkcs7`, `pkcs7-pem` or `pkcs7-base64`; only of one from a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) container: Option<&'static str>,
    /// Only of one from a token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) token: Option<super::tokens::Token>,
    #[serde(flatten)]
    pub(crate) certificate: Certificate,
}

/// How a file wraps its certificates.
pub(crate) const fn container(container: Container) -> &'static str {
    match container {
        Container::Der => "der",
        Container::Pem => "pem",
        Container::Base64 => "base64",
        Container::Pkcs7 => "pkcs7",
        Container::Pkcs7Pem => "pkcs7-pem",
        Container::Pkcs7Base64 => "pkcs7-base64",
    }
}

/// A distinguished name, structured and as one string.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Name {
    rfc4514: String,
    common_name: Option<String>,
    organization: Option<String>,
    organizational_units: Vec<String>,
    locality: Option<String>,
    state: Option<String>,
    country: Option<String>,
    email: Option<String>,
    title: Option<String>,
    uid: Option<String>,
    serial_number: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct PublicKey {
    /// `RSA`, `EC`, or the algorithm in dotted form.
    r#type: String,
    bits: Option<usize>,
    /// Of the SubjectPublicKeyInfo, upper-case hex.
    sha256: String,
}

/// Whether the issuer's signature was verified.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct IssuerResult {
    /// `verified`, `bad-signature` or `unknown`.
    state: &'static str,
    by: Option<IssuerCertificate>,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct IssuerCertificate {
    rfc4514: String,
    sha256: String,
    /// Whether it is a known certificate of the government CA, by fingerprint.
    pinned: bool,
}

impl Certificate {
    /// The view of a certificate at this moment; `check` where the issuer was asked for.
    pub(crate) fn new(facts: &Facts, now: OffsetDateTime, check: Option<&IssuerCheck>) -> Self {
        let key = facts.public_key();
        let usage = facts.key_usage().unwrap_or_default();
        Self {
            subject: Name::new(facts.subject()),
            issuer: Name::new(facts.issuer()),
            serial: facts.serial_number(),
            not_before: rfc3339(facts.not_before()),
            not_after: rfc3339(facts.not_after()),
            days_left: facts.days_left(now),
            public_key: PublicKey {
                r#type: key_type(key),
                bits: key.bits(),
                sha256: key.sha256(),
            },
            key_usage: usage.iter().map(|bit| bit.name()).collect(),
            extended_key_usage: facts
                .extended_key_usage()
                .iter()
                .map(|purpose| purpose.name().to_owned())
                .collect(),
            email: facts.emails().to_vec(),
            policies: facts.policies().to_vec(),
            ocsp: facts.ocsp_urls().to_vec(),
            crl: facts.crl_urls().to_vec(),
            ca_issuers: facts.ca_issuers_urls().to_vec(),
            is_ca: facts.is_ca(),
            sha1: facts.sha1(),
            sha256: facts.sha256(),
            ca_generation: chungthu_certificate::ca_generation(facts).map(|found| match found {
                Generation::G1 => "G1",
                Generation::G2 => "G2",
            }),
            signature_algorithm: facts.signature_algorithm().to_owned(),
            issuer_check: check.map(IssuerResult::new),
            chain: None,
        }
    }

    /// The same with its chain.
    pub(crate) fn with_chain(mut self, chain: &chungthu_certificate::chain::Chain) -> Self {
        self.chain = Some(Chain::new(chain));
        self
    }
}

impl Name {
    fn new(name: &DistinguishedName) -> Self {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Self {
            rfc4514: name.to_rfc4514(),
            common_name: owned(name.common_name()),
            organization: owned(name.organization()),
            organizational_units: name
                .organizational_units()
                .into_iter()
                .map(str::to_owned)
                .collect(),
            locality: owned(name.locality()),
            state: owned(name.state()),
            country: owned(name.country()),
            email: owned(name.email()),
            title: owned(name.title()),
            uid: owned(name.uid()),
            serial_number: owned(name.serial_number()),
        }
    }
}

impl IssuerResult {
    fn new(check: &IssuerCheck) -> Self {
        let by = |facts: &Facts, pinned| {
            Some(IssuerCertificate {
                rfc4514: facts.subject().to_rfc4514(),
                sha256: facts.sha256(),
                pinned,
            })
        };
        match check {
            IssuerCheck::Verified { by: facts, pinned } => Self {
                state: "verified",
                by: by(facts, *pinned),
            },
            IssuerCheck::BadSignature { by: facts } => Self {
                state: "bad-signature",
                by: by(
                    facts,
                    chungthu_certificate::known_authority(facts).is_some(),
                ),
            },
            IssuerCheck::Unknown => Self {
                state: "unknown",
                by: None,
            },
        }
    }
}
