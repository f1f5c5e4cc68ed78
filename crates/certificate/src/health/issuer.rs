//! Findings about who issued a certificate, and whether it was revoked.

use time::OffsetDateTime;
use time::macros::datetime;

use super::finding::{Fact, Finding, FindingCode as Code, Subject};
use crate::chain::{Anchor, Chain, End, Problem, Revocation, Undecided};
use crate::rules::DEVICE_RETURNED;
use crate::{Certificate, DistinguishedName, Generation, ca_generation};

/// The end of the first generation's authority for agencies; its root ends a day later.
const FIRST_GENERATION_ENDS: OffsetDateTime = datetime!(2030-03-04 00:00 UTC);

/// What the chain of one certificate shows.
pub(super) fn findings(index: usize, certificate: &Certificate, chain: &Chain) -> Vec<Finding> {
    let subject = Subject::Certificate(index);
    let mut findings = vec![end(subject, certificate, chain)];
    findings.extend(
        chain
            .problems
            .iter()
            .filter_map(|problem| of_problem(subject, certificate, chain, problem)),
    );
    let ends_before = findings
        .iter()
        .any(|one| one.code == Code::IssuerEndsBefore);
    if ca_generation(certificate) == Some(Generation::G1) && !ends_before {
        let authorities = chain.links.iter().skip(1);
        let not_after = authorities.map(|link| link.certificate.not_after()).min();
        let not_after = not_after.unwrap_or(FIRST_GENERATION_ENDS);
        findings.push(Finding::new(Code::IssuerEnds, subject).with("not_after", not_after));
    }
    for (link, revocation) in &chain.revocation {
        findings.extend(of_revocation(subject, chain, *link, revocation));
    }
    findings
}

fn end(subject: Subject, certificate: &Certificate, chain: &Chain) -> Finding {
    let generation = ca_generation(certificate).map(|generation| {
        Fact::Word(match generation {
            Generation::G1 => "G1",
            Generation::G2 => "G2",
        })
    });
    let last = chain.last().map(|last| name_of(last.subject()));
    let trusted = |by| {
        Finding::new(Code::IssuerTrusted, subject)
            .with_some("anchor", last.clone())
            .with("trusted_by", Fact::Word(by))
    };
    match &chain.end {
        End::Anchored(Anchor::Government(known)) => Finding::new(Code::IssuerGovernment, subject)
            .with(
                "generation",
                Fact::Word(match known.generation {
                    Generation::G1 => "G1",
                    Generation::G2 => "G2",
                }),
            )
            .with("anchor", known.common_name),
        End::Anchored(Anchor::Given) => trusted("given"),
        End::Anchored(Anchor::System) => trusted("system"),
        End::BadSignature { by } => {
            Finding::new(Code::IssuerBadSignature, subject).with("issuer", name_of(by.subject()))
        }
        End::SelfSigned | End::Incomplete => match generation {
            Some(generation) => Finding::new(Code::IssuerNotChecked, subject)
                .with("generation", generation)
                .with_some("missing", chain.last().map(|last| name_of(last.issuer()))),
            None => Finding::new(Code::IssuerUnknown, subject)
                .with("issuer", name_of(certificate.issuer())),
        },
    }
}

fn of_problem(
    subject: Subject,
    certificate: &Certificate,
    chain: &Chain,
    problem: &Problem,
) -> Option<Finding> {
    let authority = chain
        .links
        .get(problem.link())
        .map(|link| &link.certificate);
    match problem {
        // a finding of the certificate itself
        Problem::WeakSignature { link: 0 } => None,
        // one matter, told once
        Problem::WeakSignature { .. }
            if chain.problems.contains(&Problem::WeakSignature { link: 0 }) =>
        {
            None
        }
        Problem::EndsBefore { .. } => Some(
            Finding::new(Code::IssuerEndsBefore, subject)
                .with_some("issuer_not_after", authority.map(Certificate::not_after))
                .with("not_after", certificate.not_after()),
        ),
        Problem::WeakSignature { .. }
        | Problem::Expired { .. }
        | Problem::NotYetValid { .. }
        | Problem::PathLength { .. }
        | Problem::CriticalExtension { .. }
        | Problem::IssuerMayNotSign { .. } => Some(
            Finding::new(Code::ChainProblem, subject)
                .with("problem", Fact::Word(problem.name()))
                .with_some("authority", authority.map(|one| name_of(one.subject()))),
        ),
    }
}

fn of_revocation(
    subject: Subject,
    chain: &Chain,
    link: usize,
    revocation: &Revocation,
) -> Option<Finding> {
    match (link, revocation) {
        (0, Revocation::Good { next_update }) => {
            Some(Finding::new(Code::RevocationGood, subject).with_some("next_update", *next_update))
        }
        (0, Revocation::Revoked { date, reason, .. }) => Some(
            Finding::new(Code::CertificateRevoked, subject)
                .with("date", *date)
                .with("reason", Fact::Word(reason.name()))
                .with("form", DEVICE_RETURNED.now)
                .with("form_before", DEVICE_RETURNED.before),
        ),
        (0, Revocation::Undecided(why)) => {
            let next_update = match why {
                Undecided::Stale { next_update } => Some(*next_update),
                Undecided::NotYetValid
                | Undecided::BadSignature
                | Undecided::OtherIssuer
                | Undecided::Unsupported => None,
            };
            Some(
                Finding::new(Code::RevocationListUnusable, subject)
                    .with("problem", Fact::Word(why.name()))
                    .with_some("next_update", next_update),
            )
        }
        (_, Revocation::Revoked { .. }) => {
            let authority = chain.links.get(link);
            Some(
                Finding::new(Code::ChainProblem, subject)
                    .with("problem", Fact::Word("revoked"))
                    .with_some(
                        "authority",
                        authority.map(|one| name_of(one.certificate.subject())),
                    ),
            )
        }
        (_, Revocation::Good { .. } | Revocation::Undecided(_)) => None,
    }
}

fn name_of(name: &DistinguishedName) -> String {
    name.common_name()
        .map_or_else(|| name.to_rfc4514(), str::to_owned)
}
