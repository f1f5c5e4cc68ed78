//! What the lists at hand say of the certificates of a chain (RFC 5280, 6.3, for whole direct lists).

use time::OffsetDateTime;

use super::Link;
use super::revocation_list::{Entry, RevocationList};
use crate::Certificate;
use crate::issuer::SignatureProblem;

/// What is known of a certificate's revocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// Its issuer's list of today does not name it.
    Good {
        /// When the next list is due, UTC.
        next_update: Option<OffsetDateTime>,
    },
    /// Its issuer's list names it, a list that is out of date too.
    Revoked {
        /// When it was revoked, UTC.
        date: OffsetDateTime,
        /// Why.
        reason: Reason,
        /// Since when the key is not to be trusted, where that is told, UTC.
        invalidity_date: Option<OffsetDateTime>,
    },
    /// Lists are at hand, and none decides.
    Undecided(Undecided),
}

/// Why no list decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undecided {
    /// The issuer's list is out of date and does not name it.
    Stale {
        /// When the next one was due, UTC.
        next_update: OffsetDateTime,
    },
    /// The issuer's list is of the future.
    NotYetValid,
    /// Not the issuer's signature.
    BadSignature,
    /// The lists are of other issuers.
    OtherIssuer,
    /// Of a kind that is not read, or one whose signature cannot be verified: without the issuer's
    /// certificate none can.
    Unsupported,
}

impl Undecided {
    /// The word of the JSON form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stale { .. } => "stale",
            Self::NotYetValid => "not-yet-valid",
            Self::BadSignature => "bad-signature",
            Self::OtherIssuer => "other-issuer",
            Self::Unsupported => "unsupported",
        }
    }
}

/// Why a certificate was revoked (RFC 5280, 5.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names of the standard")]
pub enum Reason {
    Unspecified,
    KeyCompromise,
    CaCompromise,
    AffiliationChanged,
    Superseded,
    CessationOfOperation,
    CertificateHold,
    RemoveFromCrl,
    PrivilegeWithdrawn,
    AaCompromise,
}

impl Reason {
    /// The reason of this number; an unknown one is unspecified.
    #[must_use]
    pub const fn from_code(code: u8) -> Self {
        match code {
            1 => Self::KeyCompromise,
            2 => Self::CaCompromise,
            3 => Self::AffiliationChanged,
            4 => Self::Superseded,
            5 => Self::CessationOfOperation,
            6 => Self::CertificateHold,
            8 => Self::RemoveFromCrl,
            9 => Self::PrivilegeWithdrawn,
            10 => Self::AaCompromise,
            _ => Self::Unspecified,
        }
    }

    /// The word of the JSON form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "key-compromise",
            Self::CaCompromise => "ca-compromise",
            Self::AffiliationChanged => "affiliation-changed",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessation-of-operation",
            Self::CertificateHold => "certificate-hold",
            Self::RemoveFromCrl => "remove-from-crl",
            Self::PrivilegeWithdrawn => "privilege-withdrawn",
            Self::AaCompromise => "aa-compromise",
        }
    }
}

/// What the lists say of each link that has an issuer: the certificate itself always, an authority where
/// a list of its issuer is at hand.
pub(super) fn of_links(
    links: &[Link],
    lists: &[RevocationList],
    now: OffsetDateTime,
) -> Vec<(usize, Revocation)> {
    if lists.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (index, link) in links.iter().enumerate() {
        let certificate = &link.certificate;
        if certificate.issuer() == certificate.subject() {
            continue;
        }
        let issuer = links.get(index + 1).map(|link| &link.certificate);
        let revocation = of_certificate(certificate, issuer, lists, now);
        let is_asked = index == 0;
        if is_asked || revocation != Revocation::Undecided(Undecided::OtherIssuer) {
            found.push((index, revocation));
        }
    }
    found
}

/// What one certificate's lists say. A revocation that is no hold is for ever, so that any verified list
/// with it is enough; else the newest that is in force decides.
fn of_certificate(
    certificate: &Certificate,
    issuer: Option<&Certificate>,
    lists: &[RevocationList],
    now: OffsetDateTime,
) -> Revocation {
    let mut reason_why_not = Undecided::OtherIssuer;
    let mut usable: Vec<&RevocationList> = Vec::new();
    for list in lists
        .iter()
        .filter(|list| list.is_of_issuer_of(certificate))
    {
        let verified = match issuer {
            Some(issuer) if list.speaks_of(certificate) => list.verify(issuer),
            Some(_) | None => Err(SignatureProblem::Unsupported),
        };
        match verified {
            Ok(()) => usable.push(list),
            Err(SignatureProblem::Wrong) => reason_why_not = Undecided::BadSignature,
            Err(SignatureProblem::Unsupported) => reason_why_not = Undecided::Unsupported,
        }
    }
    usable.sort_by_key(|list| std::cmp::Reverse(list.this_update()));
    let mut entries = usable.iter().filter_map(|list| list.entry(certificate));
    if let Some(entry) = entries.find(|entry| is_for_ever(entry.reason)) {
        return revoked(entry);
    }
    let begun = usable.iter().find(|list| list.this_update() <= now);
    match (begun, usable.first()) {
        (Some(list), _) => match list.entry(certificate) {
            Some(entry) if entry.reason != Reason::RemoveFromCrl => revoked(entry),
            Some(_) | None => match list.next_update() {
                Some(next_update) if next_update < now => {
                    Revocation::Undecided(Undecided::Stale { next_update })
                }
                next_update => Revocation::Good { next_update },
            },
        },
        (None, Some(_)) => Revocation::Undecided(Undecided::NotYetValid),
        (None, None) => Revocation::Undecided(reason_why_not),
    }
}

const fn is_for_ever(reason: Reason) -> bool {
    !matches!(reason, Reason::CertificateHold | Reason::RemoveFromCrl)
}

const fn revoked(entry: &Entry) -> Revocation {
    Revocation::Revoked {
        date: entry.date,
        reason: entry.reason,
        invalidity_date: entry.invalidity_date,
    }
}
