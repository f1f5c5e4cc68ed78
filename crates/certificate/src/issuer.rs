//! Who issued a certificate: what it claims, and what can be verified with CA certificates at hand.

use unicode_normalization::UnicodeNormalization as _;
use x509_parser::error::X509Error;

use crate::certificate::Certificate;
use crate::extensions::KeyUsage;
use crate::known_authorities::{Generation, KNOWN_AUTHORITIES, KnownAuthority};

/// What the CA certificates at hand say about a certificate's signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IssuerCheck {
    /// A candidate's key made the signature.
    Verified {
        /// The CA certificate.
        by: Certificate,
        /// True if that CA certificate is one of [`KNOWN_AUTHORITIES`], by fingerprint. If false, the
        /// signature is good, but that the CA is the real one rests on whoever supplied its file.
        pinned: bool,
    },
    /// A candidate that is named as the issuer, by name and by key identifier, did not make the
    /// signature: the file was changed after signing, or the CA certificate or the file is forged.
    BadSignature {
        /// The CA certificate.
        by: Certificate,
    },
    /// No CA certificate at hand is the named issuer, or none whose signature can be verified. This
    /// says nothing against the certificate.
    Unknown,
}

/// Why a signature is not verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureProblem {
    /// The algorithm or the key is one that cannot be verified.
    #[error("the signature cannot be verified")]
    Unsupported,
    /// The key did not make this signature.
    #[error("the signature is wrong")]
    Wrong,
}

impl SignatureProblem {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "every other error is about reading"
    )]
    pub(crate) fn from_parser(error: &X509Error) -> Self {
        match error {
            X509Error::SignatureVerificationError => Self::Wrong,
            _ => Self::Unsupported,
        }
    }
}

/// Verifies the signature of `certificate` with the candidates that are its named issuer.
///
/// A candidate counts only if its subject is the certificate's issuer byte for byte, the key
/// identifiers agree where both are present, and it is a CA (basic constraints cA, and keyCertSign
/// where it has key usage): a leaf of the same name, or a CA of the same name with another key, is
/// no issuer and its failing signature is no evidence. One good candidate outweighs bad ones, and a
/// pinned one is reported before others. Only this one step is looked at: not the CA's own issuer,
/// not dates, not revocation.
#[must_use]
pub fn check_issuer(certificate: &Certificate, candidates: &[Certificate]) -> IssuerCheck {
    let mut verified: Option<&Certificate> = None;
    let mut failed: Option<&Certificate> = None;
    for candidate in candidates
        .iter()
        .filter(|candidate| is_named_issuer(certificate, candidate))
    {
        match certificate.verify_signed_by(candidate.public_key()) {
            Ok(()) if known_authority(candidate).is_some() => {
                return IssuerCheck::Verified {
                    by: candidate.clone(),
                    pinned: true,
                };
            }
            Ok(()) => verified = verified.or(Some(candidate)),
            Err(SignatureProblem::Wrong) => failed = failed.or(Some(candidate)),
            Err(SignatureProblem::Unsupported) => {}
        }
    }
    match (verified, failed) {
        (Some(by), _) => IssuerCheck::Verified {
            by: by.clone(),
            pinned: false,
        },
        (None, Some(by)) => IssuerCheck::BadSignature { by: by.clone() },
        (None, None) => IssuerCheck::Unknown,
    }
}

/// The entry of [`KNOWN_AUTHORITIES`] that this CA certificate *is*, by fingerprint.
#[must_use]
pub fn known_authority(certificate: &Certificate) -> Option<&'static KnownAuthority> {
    KNOWN_AUTHORITIES
        .iter()
        .find(|known| known.sha256 == *certificate.sha256_bytes())
}

/// The generation of the government CA the certificate *claims* to come from: by its authority key
/// identifier, or by its issuer's name. Anybody can write such a claim: it is for display and for
/// choosing CA files; [`check_issuer`] proves.
#[must_use]
pub fn ca_generation(certificate: &Certificate) -> Option<Generation> {
    let by_key = KNOWN_AUTHORITIES.iter().find(|known| {
        certificate.authority_key_identifier() == Some(known.key_identifier.as_slice())
    });
    let issuer = certificate.issuer();
    let by_name = || {
        KNOWN_AUTHORITIES.iter().find(|known| {
            issuer.country() == Some("VN")
                && same_text(issuer.organization(), known.organization)
                && same_text(issuer.common_name(), known.common_name)
        })
    };
    by_key.or_else(by_name).map(|known| known.generation)
}

fn is_named_issuer(certificate: &Certificate, candidate: &Certificate) -> bool {
    certificate.issuer() == candidate.subject()
        && has_key_of_issuer(certificate, candidate)
        && may_sign_certificates(candidate)
}

/// Whether the key identifiers agree, where both are present (RFC 5280, 4.2.1.1 and 4.2.1.2).
pub(crate) fn has_key_of_issuer(certificate: &Certificate, candidate: &Certificate) -> bool {
    match (
        certificate.authority_key_identifier(),
        candidate.subject_key_identifier(),
    ) {
        (Some(named), Some(own)) => named == own,
        (None, _) | (_, None) => true,
    }
}

/// Whether it is an authority's: basic constraints cA, and keyCertSign where it has key usage.
pub(crate) fn may_sign_certificates(candidate: &Certificate) -> bool {
    candidate
        .basic_constraints()
        .is_some_and(|value| value.certification_authority)
        && candidate
            .key_usage()
            .is_none_or(|usage| usage.contains(&KeyUsage::KeyCertSign))
}

fn same_text(text: Option<&str>, known: &str) -> bool {
    text.is_some_and(|text| text.nfc().eq(known.nfc()))
}

#[cfg(test)]
mod tests;
