//! A certificate's chain in JSON.

use chungthu_certificate::chain::{
    Anchor as Trust, Chain as Facts, End, Origin, Problem as Flaw, Revocation as Answer, Undecided,
};
use serde::Serialize;

use crate::dates::rfc3339;

/// The way from a certificate to what it is trusted for.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Chain {
    /// `anchored`, `self-signed`, `incomplete` or `bad-signature`.
    state: &'static str,
    /// Why the last link is trusted: `government` (a known certificate of the government CA, by fingerprint),
    /// `given` or `system`; null where it is not.
    anchor: Option<&'static str>,
    /// The authorities, the certificate's own issuer first.
    authorities: Vec<Link>,
    /// What a strict program may refuse.
    problems: Vec<Problem>,
    /// What the lists of revoked certificates that were given say; empty without lists.
    revocation: Vec<Revocation>,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Link {
    rfc4514: String,
    /// Upper-case hex.
    sha256: String,
    /// Where it was at hand: `file`, `token`, `system`, `folder` or `given`.
    origin: Option<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Problem {
    /// `weak-signature`, `expired`, `not-yet-valid`, `ends-before`, `path-length`, `critical-extension` or
    /// `issuer-may-not-sign`.
    code: &'static str,
    /// About the certificate itself (0) or the authority with this number (from 1).
    link: usize,
    /// The critical extension, dotted.
    #[serde(skip_serializing_if = "Option::is_none")]
    oid: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Revocation {
    /// About the certificate itself (0) or the authority with this number (from 1).
    link: usize,
    /// `good`, `revoked`, `stale`, `not-yet-valid`, `bad-signature`, `other-issuer` or `unsupported`.
    state: &'static str,
    /// RFC 3339, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    /// The reason of RFC 5280, 5.3.1: `key-compromise` …
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// Since when the key is not to be trusted; RFC 3339, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    invalidity_date: Option<String>,
    /// When the next list is, or was, due; RFC 3339, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_update: Option<String>,
}

impl Chain {
    pub(crate) fn new(facts: &Facts) -> Self {
        let (state, anchor) = match &facts.end {
            End::Anchored(Trust::Government(_)) => ("anchored", Some("government")),
            End::Anchored(Trust::Given) => ("anchored", Some("given")),
            End::Anchored(Trust::System) => ("anchored", Some("system")),
            End::SelfSigned => ("self-signed", None),
            End::Incomplete => ("incomplete", None),
            End::BadSignature { .. } => ("bad-signature", None),
        };
        let authorities = facts.links.iter().skip(1).map(|link| Link {
            rfc4514: link.certificate.subject().to_rfc4514(),
            sha256: link.certificate.sha256(),
            origin: link.origin.map(origin),
        });
        Self {
            state,
            anchor,
            authorities: authorities.collect(),
            problems: facts.problems.iter().map(Problem::new).collect(),
            revocation: facts.revocation.iter().map(Revocation::new).collect(),
        }
    }
}

const fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::File => "file",
        Origin::Token => "token",
        Origin::System => "system",
        Origin::Folder => "folder",
        Origin::Given => "given",
    }
}

impl Problem {
    fn new(flaw: &Flaw) -> Self {
        let oid = match flaw {
            Flaw::CriticalExtension { oid, .. } => Some(oid.clone()),
            Flaw::WeakSignature { .. }
            | Flaw::Expired { .. }
            | Flaw::NotYetValid { .. }
            | Flaw::EndsBefore { .. }
            | Flaw::PathLength { .. }
            | Flaw::IssuerMayNotSign { .. } => None,
        };
        Self {
            code: flaw.name(),
            link: flaw.link(),
            oid,
        }
    }
}

impl Revocation {
    fn new((link, answer): &(usize, Answer)) -> Self {
        let plain = |state| Self {
            link: *link,
            state,
            date: None,
            reason: None,
            invalidity_date: None,
            next_update: None,
        };
        match answer {
            Answer::Good { next_update } => Self {
                next_update: next_update.map(rfc3339),
                ..plain("good")
            },
            Answer::Revoked {
                date,
                reason,
                invalidity_date,
            } => Self {
                date: Some(rfc3339(*date)),
                reason: Some(reason.name()),
                invalidity_date: invalidity_date.map(rfc3339),
                ..plain("revoked")
            },
            Answer::Undecided(why @ Undecided::Stale { next_update }) => Self {
                next_update: Some(rfc3339(*next_update)),
                ..plain(why.name())
            },
            Answer::Undecided(why) => plain(why.name()),
        }
    }
}
