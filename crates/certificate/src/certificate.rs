//! A certificate: its exact bytes and the facts read from them.

use std::sync::Arc;

use time::OffsetDateTime;
use x509_parser::asn1_rs::Tag;
use x509_parser::certificate::{Validity, X509Certificate};
use x509_parser::prelude::FromDer;
use x509_parser::verify::verify_signature;
use x509_parser::x509::{AlgorithmIdentifier, SubjectPublicKeyInfo};

use crate::digest::{sha1, sha256, upper_hex};
use crate::elements::{dotted, inside};
use crate::extensions::{BasicConstraints, ExtendedKeyUsage, Extensions, KeyUsage};
use crate::identifier::{Identifier, identifiers};
use crate::issuer::SignatureProblem;
use crate::layout::{Field, Layout};
use crate::name::DistinguishedName;
use crate::public_key::{KeyType, PublicKey};

/// Nanoseconds of a day.
const DAY: i128 = 86_400_000_000_000;

/// An X.509 certificate (RFC 5280): the DER as it was read, never written anew, and the parsed facts.
/// Cheap to clone; two are equal if their DER is.
#[derive(Clone)]
pub struct Certificate(Arc<Facts>);

struct Facts {
    der: Vec<u8>,
    subject: DistinguishedName,
    issuer: DistinguishedName,
    serial_number_der: Vec<u8>,
    serial_number: Vec<u8>,
    not_before: OffsetDateTime,
    not_after: OffsetDateTime,
    public_key: PublicKey,
    signature_algorithm: String,
    extensions: Extensions,
    emails: Vec<String>,
    sha256: [u8; 32],
}

/// Why bytes are no certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// The outer length says more bytes than there are.
    #[error("the certificate should have {expected} bytes and has {actual}")]
    Truncated {
        /// Bytes announced, header included.
        expected: usize,
        /// Bytes present.
        actual: usize,
    },
    /// Bytes follow the certificate.
    #[error("{count} bytes follow the certificate at byte {offset}")]
    TrailingBytes {
        /// How many.
        count: usize,
        /// Where they begin.
        offset: usize,
    },
    /// A field cannot be read.
    #[error("the field {field:?} at byte {offset} cannot be read")]
    Damaged {
        /// Which field.
        field: Field,
        /// Where it begins, in bytes from the start of the certificate.
        offset: usize,
    },
}

impl Certificate {
    /// Reads exactly one DER certificate: one SEQUENCE and nothing after it.
    ///
    /// # Errors
    /// If it is not one; the error says where.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        let layout = Layout::of(der)?;
        let damaged = |field, offset| CertificateError::Damaged { field, offset };
        let subject = DistinguishedName::from_der(layout.subject.tlv)
            .ok_or(damaged(Field::Subject, layout.subject.offset))?;
        let issuer = DistinguishedName::from_der(layout.issuer.tlv)
            .ok_or(damaged(Field::Issuer, layout.issuer.offset))?;
        let public_key = PublicKey::from_der(layout.public_key.tlv)
            .map_err(|_| damaged(Field::PublicKey, layout.public_key.offset))?;
        // Exactly two dates: the parser does not look behind the second.
        if inside(layout.validity.tlv, Tag::Sequence).is_none_or(|dates| dates.len() != 2) {
            return Err(damaged(Field::Validity, layout.validity.offset));
        }
        let (_, parsed) = X509Certificate::from_der(der).map_err(|_| suspect(&layout))?;
        let extensions =
            Extensions::of(&parsed).ok_or(damaged(Field::Extensions, layout.extensions_offset))?;
        let algorithm = dotted(&parsed.signature_algorithm.algorithm);
        let emails = all_emails(&extensions, &subject);
        Ok(Self(Arc::new(Facts {
            der: der.to_vec(),
            serial_number_der: layout.serial_number.tlv.to_vec(),
            serial_number: layout.serial_number.content().to_vec(),
            not_before: parsed.validity().not_before.to_datetime(),
            not_after: parsed.validity().not_after.to_datetime(),
            signature_algorithm: signature_algorithm_name(&algorithm)
                .map_or(algorithm, str::to_owned),
            sha256: sha256(der),
            subject,
            issuer,
            public_key,
            extensions,
            emails,
        })))
    }

    /// The certificate, DER, as it was read (for `CKA_VALUE`).
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// Who holds it.
    #[must_use]
    pub fn subject(&self) -> &DistinguishedName {
        &self.0.subject
    }

    /// Who issued it.
    #[must_use]
    pub fn issuer(&self) -> &DistinguishedName {
        &self.0.issuer
    }

    /// The serial number as the whole DER INTEGER (for `CKA_SERIAL_NUMBER`).
    #[must_use]
    pub fn serial_number_der(&self) -> &[u8] {
        &self.0.serial_number_der
    }

    /// The serial number in upper-case hex without separators, without the zero octet that only marks
    /// the number as positive: `2A05F812673607B0`.
    #[must_use]
    pub fn serial_number(&self) -> String {
        match self.0.serial_number.as_slice() {
            [0, rest @ ..] if !rest.is_empty() => upper_hex(rest),
            octets => upper_hex(octets),
        }
    }

    /// First moment of validity, UTC.
    #[must_use]
    pub fn not_before(&self) -> OffsetDateTime {
        self.0.not_before
    }

    /// Last moment of validity, UTC.
    #[must_use]
    pub fn not_after(&self) -> OffsetDateTime {
        self.0.not_after
    }

    /// Whole days of 24 hours from `now` to the end of validity, rounded down: 0 on the last day,
    /// negative from the first second after the end (-1 during the first 24 hours).
    #[must_use]
    pub fn days_left(&self, now: OffsetDateTime) -> i64 {
        let days = (self.0.not_after - now).whole_nanoseconds().div_euclid(DAY);
        // Both moments lie within the years -9999 to 9999, so the days always fit.
        i64::try_from(days).unwrap_or_default()
    }

    /// True after the end of validity.
    #[must_use]
    pub fn is_expired(&self, now: OffsetDateTime) -> bool {
        now > self.0.not_after
    }

    /// True before the beginning of validity.
    #[must_use]
    pub fn is_not_yet_valid(&self, now: OffsetDateTime) -> bool {
        now < self.0.not_before
    }

    /// The public key.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.0.public_key
    }

    /// Key usage; `None` if the extension is missing, which RFC 5280 reads as no restriction.
    #[must_use]
    pub fn key_usage(&self) -> Option<&[KeyUsage]> {
        self.0.extensions.key_usage.as_deref()
    }

    /// Extended key usage, empty if missing. Known purposes come first, in a fixed order.
    #[must_use]
    pub fn extended_key_usage(&self) -> &[ExtendedKeyUsage] {
        &self.0.extensions.extended_key_usage
    }

    /// Certificate policies, dotted.
    #[must_use]
    pub fn policies(&self) -> &[String] {
        &self.0.extensions.policies
    }

    /// E-mail addresses: those of the subject alternative name, then emailAddress of the subject, each
    /// once (letter case does not make a difference).
    #[must_use]
    pub fn emails(&self) -> &[String] {
        &self.0.emails
    }

    /// Where to ask for the state (OCSP).
    #[must_use]
    pub fn ocsp_urls(&self) -> &[String] {
        &self.0.extensions.ocsp
    }

    /// Where the list of revoked certificates is.
    #[must_use]
    pub fn crl_urls(&self) -> &[String] {
        &self.0.extensions.crl
    }

    /// Where the issuer's certificate is.
    #[must_use]
    pub fn ca_issuers_urls(&self) -> &[String] {
        &self.0.extensions.ca_issuers
    }

    /// Basic constraints, if the extension is there.
    #[must_use]
    pub fn basic_constraints(&self) -> Option<BasicConstraints> {
        self.0.extensions.basic_constraints
    }

    /// True if it looks like a CA certificate from any side: basic constraints say so, or key usage
    /// allows signing certificates. (To trust it as an issuer more is asked: [`crate::check_issuer`].)
    #[must_use]
    pub fn is_ca(&self) -> bool {
        self.basic_constraints()
            .is_some_and(|value| value.certification_authority)
            || self
                .key_usage()
                .is_some_and(|usage| usage.contains(&KeyUsage::KeyCertSign))
    }

    /// Subject key identifier. It is not the token's `CKA_ID`.
    #[must_use]
    pub fn subject_key_identifier(&self) -> Option<&[u8]> {
        self.0.extensions.subject_key_identifier.as_deref()
    }

    /// The key identifier inside the authority key identifier.
    #[must_use]
    pub fn authority_key_identifier(&self) -> Option<&[u8]> {
        self.0.extensions.authority_key_identifier.as_deref()
    }

    /// Types (dotted) of extensions that could not be read; what they say is unknown, not absent.
    #[must_use]
    pub fn unreadable_extensions(&self) -> &[String] {
        &self.0.extensions.unreadable
    }

    /// Name of the signature algorithm (`sha256WithRSAEncryption`), or its OID in dotted form.
    #[must_use]
    pub fn signature_algorithm(&self) -> &str {
        &self.0.signature_algorithm
    }

    /// SHA-1 fingerprint, upper-case hex: what Windows shows as thumbprint.
    #[must_use]
    pub fn sha1(&self) -> String {
        upper_hex(&sha1(&self.0.der))
    }

    /// SHA-256 fingerprint, upper-case hex.
    #[must_use]
    pub fn sha256(&self) -> String {
        upper_hex(&self.0.sha256)
    }

    /// SHA-256 fingerprint, raw.
    #[must_use]
    pub fn sha256_bytes(&self) -> &[u8; 32] {
        &self.0.sha256
    }

    /// True if the common name ends in "(M)", by which the CA is believed to mark the encryption
    /// certificate of a two-key G1 token; signing programs skip it.
    #[must_use]
    pub fn is_marked_for_encryption(&self) -> bool {
        self.subject()
            .common_name()
            .is_some_and(|name| name.trim_end().ends_with("(M)"))
    }

    /// Tax code and persons' numbers in the subject.
    #[must_use]
    pub fn identifiers(&self) -> Vec<Identifier> {
        identifiers(self.subject())
    }

    /// Verifies this certificate's signature with the issuer's key: RSA (also SHA-1, which generation
    /// G1 uses) or ECDSA. Names, dates and the issuer's rights are not looked at.
    ///
    /// # Errors
    /// [`SignatureProblem::Unsupported`] if it cannot be verified, [`SignatureProblem::Wrong`] if it
    /// was verified and is not by that key, or if the two algorithm fields disagree.
    pub fn verify_signed_by(&self, issuer: &PublicKey) -> Result<(), SignatureProblem> {
        let (_, parsed) =
            X509Certificate::from_der(&self.0.der).map_err(|_| SignatureProblem::Unsupported)?;
        let (_, key) = SubjectPublicKeyInfo::from_der(issuer.der())
            .map_err(|_| SignatureProblem::Unsupported)?;
        if matches!(issuer.key_type(), KeyType::Rsa { .. }) && issuer.scheme().is_none() {
            return Err(SignatureProblem::Unsupported);
        }
        let layout = Layout::of(&self.0.der).map_err(|_| SignatureProblem::Unsupported)?;
        let [inner, outer] = layout.signature_algorithms;
        if inner.tlv != outer.tlv {
            return Err(SignatureProblem::Wrong);
        }
        verify_signature(
            &key,
            &parsed.signature_algorithm,
            &parsed.signature_value,
            parsed.tbs_certificate.as_ref(),
        )
        .map_err(|error| SignatureProblem::from_parser(&error))
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.0.der == other.0.der
    }
}

impl Eq for Certificate {}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Certificate")
            .field("subject", &self.subject().to_rfc4514())
            .field("serial_number", &self.serial_number())
            .field("sha256", &self.sha256())
            .finish_non_exhaustive()
    }
}

/// The field that made the parser stop although every field is in its place.
fn suspect(layout: &Layout<'_>) -> CertificateError {
    let damaged = |field, offset| CertificateError::Damaged { field, offset };
    if Validity::from_der(layout.validity.tlv).is_err() {
        return damaged(Field::Validity, layout.validity.offset);
    }
    for algorithm in layout.signature_algorithms {
        if AlgorithmIdentifier::from_der(algorithm.tlv).is_err() {
            return damaged(Field::SignatureAlgorithm, algorithm.offset);
        }
    }
    damaged(Field::Extensions, layout.extensions_offset)
}

fn all_emails(extensions: &Extensions, subject: &DistinguishedName) -> Vec<String> {
    let mut emails: Vec<String> = Vec::new();
    let in_subject = subject.all("1.2.840.113549.1.9.1").map(str::to_owned);
    for address in extensions.emails.iter().cloned().chain(in_subject) {
        if !emails
            .iter()
            .any(|known| known.eq_ignore_ascii_case(&address))
        {
            emails.push(address);
        }
    }
    emails
}

/// Names of RFC 4055 and RFC 5758.
fn signature_algorithm_name(dotted: &str) -> Option<&'static str> {
    match dotted {
        "1.2.840.113549.1.1.4" => Some("md5WithRSAEncryption"),
        "1.2.840.113549.1.1.5" => Some("sha1WithRSAEncryption"),
        "1.2.840.113549.1.1.10" => Some("rsassaPss"),
        "1.2.840.113549.1.1.11" => Some("sha256WithRSAEncryption"),
        "1.2.840.113549.1.1.12" => Some("sha384WithRSAEncryption"),
        "1.2.840.113549.1.1.13" => Some("sha512WithRSAEncryption"),
        "1.2.840.10045.4.3.2" => Some("ecdsa-with-SHA256"),
        "1.2.840.10045.4.3.3" => Some("ecdsa-with-SHA384"),
        "1.2.840.10045.4.3.4" => Some("ecdsa-with-SHA512"),
        "1.3.101.112" => Some("Ed25519"),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
