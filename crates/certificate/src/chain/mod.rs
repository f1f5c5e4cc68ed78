//! The chain from a certificate to an authority that is trusted: building it, judging it, revocation.
//!
//! Pure: certificates, lists and a point in time come in, facts go out. RFC 5280, sections 6.1 and 6.3, as
//! far as a signing office needs them: no policies, no name constraints (told as a problem where they are
//! critical), no network.

mod authorities;
mod judge;
mod path;
mod revocation;
mod revocation_list;

use time::OffsetDateTime;

pub use authorities::{Authorities, Origin};
pub(crate) use judge::is_weak_signature;
pub use revocation::{Reason, Revocation, Undecided};
pub use revocation_list::{LIST_SIZE_LIMIT, ListError, RevocationList};

use crate::issuer::IssuerCheck;
use crate::{Certificate, KnownAuthority, known_authority};

/// A certificate with the authorities above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The certificate itself first, then its issuer, and so on as far as it goes. Each one's signature is
    /// verified with the key of the next.
    pub links: Vec<Link>,
    /// How it ends.
    pub end: End,
    /// What a strict program may refuse.
    pub problems: Vec<Problem>,
    /// What the lists of revoked certificates say, by the place of the link; only links that a list
    /// was looked for.
    pub revocation: Vec<(usize, Revocation)>,
}

/// One certificate of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The certificate.
    pub certificate: Certificate,
    /// Where it was at hand; `None` for the first.
    pub origin: Option<Origin>,
}

/// How a chain ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// At a certificate that is trusted.
    Anchored(Anchor),
    /// At a root that nobody vouches for.
    SelfSigned,
    /// The issuer of the last link is not at hand, or none whose signature can be verified.
    Incomplete,
    /// The authority that is named as the issuer of the last link, by name and by key identifier, did not
    /// sign it.
    BadSignature {
        /// That authority's certificate.
        by: Certificate,
    },
}

/// Why the last certificate of a chain is trusted; the better reason first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// It is a known certificate of the government CA, by fingerprint; an intermediate one is enough.
    Government(&'static KnownAuthority),
    /// Somebody gave it for this purpose.
    Given,
    /// This computer's system trusts it.
    System,
}

/// Something that a strict program may refuse. `link` counts from 0, the certificate itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Signed with MD5 or SHA-1.
    WeakSignature {
        /// Whose signature.
        link: usize,
    },
    /// An authority's time is over.
    Expired {
        /// Whose.
        link: usize,
    },
    /// An authority's time has not begun.
    NotYetValid {
        /// Whose.
        link: usize,
    },
    /// An authority's time ends before that of the certificate.
    EndsBefore {
        /// Whose.
        link: usize,
    },
    /// More authorities below it than its basic constraints allow (RFC 5280, 4.2.1.9).
    PathLength {
        /// Whose constraint.
        link: usize,
    },
    /// A critical extension that this program does not judge.
    CriticalExtension {
        /// Whose.
        link: usize,
        /// Dotted form.
        oid: String,
    },
    /// Signed by a certificate that is no authority's, or whose key usage has no keyCertSign.
    IssuerMayNotSign {
        /// Whose signature.
        link: usize,
    },
}

impl Problem {
    /// The link it is about.
    #[must_use]
    pub const fn link(&self) -> usize {
        match self {
            Self::WeakSignature { link }
            | Self::Expired { link }
            | Self::NotYetValid { link }
            | Self::EndsBefore { link }
            | Self::PathLength { link }
            | Self::CriticalExtension { link, .. }
            | Self::IssuerMayNotSign { link } => *link,
        }
    }

    /// The word of the JSON form.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::WeakSignature { .. } => "weak-signature",
            Self::Expired { .. } => "expired",
            Self::NotYetValid { .. } => "not-yet-valid",
            Self::EndsBefore { .. } => "ends-before",
            Self::PathLength { .. } => "path-length",
            Self::CriticalExtension { .. } => "critical-extension",
            Self::IssuerMayNotSign { .. } => "issuer-may-not-sign",
        }
    }
}

impl Chain {
    /// Builds and judges the chain of `certificate` with the authorities and lists at hand.
    #[must_use]
    pub fn build(
        certificate: &Certificate,
        authorities: &Authorities,
        lists: &[RevocationList],
        now: OffsetDateTime,
    ) -> Self {
        let (links, end) = path::find(certificate, authorities, now);
        let mut problems = judge::problems(&links, now);
        if end == End::Incomplete && path::has_unfit_issuer(&links, authorities) {
            let link = links.len().saturating_sub(1);
            problems.push(Problem::IssuerMayNotSign { link });
        }
        let revocation = revocation::of_links(&links, lists, now);
        Self {
            links,
            end,
            problems,
            revocation,
        }
    }

    /// The last certificate.
    #[must_use]
    pub fn last(&self) -> Option<&Certificate> {
        self.links.last().map(|link| &link.certificate)
    }

    /// The common name of a link's subject, or all of the subject.
    #[must_use]
    pub fn name_of(&self, link: usize) -> String {
        let subject = self.links.get(link).map(|one| one.certificate.subject());
        subject
            .map(|name| {
                name.common_name()
                    .map_or_else(|| name.to_rfc4514(), str::to_owned)
            })
            .unwrap_or_default()
    }

    /// What is known of the certificate's own issuer: the first step of the chain.
    #[must_use]
    pub fn issuer_check(&self) -> IssuerCheck {
        match (self.links.get(1), &self.end) {
            (Some(issuer), _) => IssuerCheck::Verified {
                by: issuer.certificate.clone(),
                pinned: known_authority(&issuer.certificate).is_some(),
            },
            (None, End::BadSignature { by }) => IssuerCheck::BadSignature { by: by.clone() },
            (None, End::Anchored(_) | End::SelfSigned | End::Incomplete) => IssuerCheck::Unknown,
        }
    }

    /// What the lists say of the certificate itself; `None` where none was looked for.
    #[must_use]
    pub fn own_revocation(&self) -> Option<&Revocation> {
        let own = self.revocation.iter().find(|(link, _)| *link == 0);
        own.map(|(_, revocation)| revocation)
    }
}
