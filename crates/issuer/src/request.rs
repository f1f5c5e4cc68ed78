//! What is asked of an authority, and certificate requests (PKCS#10) for the file tests.

use time::OffsetDateTime;
use time::macros::datetime;

use crate::name::Subject;
use crate::{IssueError, TestKey};

/// One certificate to issue. What is not said is filled in from the generation's profile.
#[derive(Debug, Clone)]
pub struct Request {
    pub(crate) subject: Subject,
    pub(crate) public_key_der: Vec<u8>,
    pub(crate) emails: Vec<String>,
    pub(crate) not_before: OffsetDateTime,
    pub(crate) not_after: OffsetDateTime,
    pub(crate) serial_number: Option<Vec<u8>>,
    pub(crate) key_usage: Vec<KeyUsage>,
    pub(crate) certification_authority: bool,
    pub(crate) path_length: Option<u8>,
    pub(crate) key_identifiers: bool,
    pub(crate) comment: Option<String>,
    pub(crate) tampered: bool,
}

/// A bit of the key usage extension, in the order of RFC 5280 section 4.2.1.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyUsage {
    /// digitalSignature.
    DigitalSignature,
    /// nonRepudiation, which RFC 5280 also calls contentCommitment.
    NonRepudiation,
    /// keyEncipherment.
    KeyEncipherment,
    /// dataEncipherment.
    DataEncipherment,
    /// keyAgreement.
    KeyAgreement,
    /// keyCertSign.
    CertificateSigning,
    /// cRLSign.
    CrlSigning,
}

/// The four bits of every leaf of the real CA since 2016.
const LEAF_KEY_USAGE: [KeyUsage; 4] = [
    KeyUsage::DigitalSignature,
    KeyUsage::NonRepudiation,
    KeyUsage::KeyEncipherment,
    KeyUsage::DataEncipherment,
];

impl Request {
    /// A leaf for this subject and this public key (SubjectPublicKeyInfo DER; the private half is on a
    /// token and is not needed). Valid from 1 January 2026 for 1,825 days unless told otherwise.
    #[must_use]
    pub fn new(subject: Subject, public_key_der: &[u8]) -> Self {
        Self {
            subject,
            public_key_der: public_key_der.to_vec(),
            emails: Vec::new(),
            not_before: datetime!(2026-01-01 00:00:00 UTC),
            not_after: datetime!(2030-12-31 00:00:00 UTC),
            serial_number: None,
            key_usage: LEAF_KEY_USAGE.to_vec(),
            certification_authority: false,
            path_length: None,
            key_identifiers: true,
            comment: None,
            tampered: false,
        }
    }

    /// One more rfc822Name in the subject alternative name.
    #[must_use]
    pub fn email(mut self, address: &str) -> Self {
        self.emails.push(address.to_owned());
        self
    }

    /// Validity, both ends included, in whole seconds.
    #[must_use]
    pub const fn valid(mut self, from: OffsetDateTime, to: OffsetDateTime) -> Self {
        self.not_before = from;
        self.not_after = to;
        self
    }

    /// Serial number, big end first. Without it: a digest of the content, three bytes for G1 and eight
    /// for G2, so that equal requests give equal certificates.
    #[must_use]
    pub fn serial_number(mut self, magnitude: &[u8]) -> Self {
        self.serial_number = Some(magnitude.to_vec());
        self
    }

    /// Other key usage than the usual four bits; an empty list leaves the extension out.
    #[must_use]
    pub fn key_usage(mut self, usage: &[KeyUsage]) -> Self {
        self.key_usage = usage.to_vec();
        self
    }

    /// Issues a CA certificate (cA true, keyCertSign and cRLSign) instead of a leaf; the path length
    /// is how many further CAs may follow below it.
    #[must_use]
    pub fn certification_authority(mut self, path_length: Option<u8>) -> Self {
        self.certification_authority = true;
        self.path_length = path_length;
        self.key_usage = vec![KeyUsage::CertificateSigning, KeyUsage::CrlSigning];
        self
    }

    /// Leaves out the subject's and the authority's key identifier.
    #[must_use]
    pub const fn without_key_identifiers(mut self) -> Self {
        self.key_identifiers = false;
        self
    }

    /// Netscape comment, which G1-like leaves may carry; ASCII. G2-like leaves ignore it.
    #[must_use]
    pub fn comment(mut self, text: &str) -> Self {
        self.comment = Some(text.to_owned());
        self
    }

    /// Flips one bit of the finished signature.
    #[must_use]
    pub const fn tamper(mut self) -> Self {
        self.tampered = true;
        self
    }
}

/// A certificate request (PKCS#10, DER) by a test key, for a file that is none of the accepted ones.
///
/// # Errors
/// If the key files are damaged.
pub fn signing_request(key: TestKey, common_name: &str) -> Result<Vec<u8>, IssueError> {
    let mut parameters = rcgen::CertificateParams::default();
    parameters.distinguished_name = rcgen::DistinguishedName::new();
    parameters
        .distinguished_name
        .push(rcgen::DnType::CommonName, common_name);
    Ok(parameters.serialize_request(&key)?.der().to_vec())
}
