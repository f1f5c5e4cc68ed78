//! A certificate's chain in words: the way up, why its end is trusted, what a strict program may refuse.

use chungthu_certificate::Certificate;
use chungthu_certificate::chain::{Anchor, Chain, End, Problem, Revocation, Undecided};

use super::name_of;
use crate::dates;
use crate::words::{Chain as Say, Words};

/// The fields of a page: the way up, its end, each problem, and what lists of revoked certificates say.
pub(super) fn fields(chain: &Chain, words: &Words) -> Vec<(String, String)> {
    let names: Vec<String> = chain
        .links
        .iter()
        .skip(1)
        .map(|link| name_of(&link.certificate))
        .collect();
    let way = if names.is_empty() {
        end(chain, words)
    } else {
        format!("{} ({})", names.join(" → "), end(chain, words))
    };
    let mut fields = vec![(words.say(&Say::Label), way)];
    for problem in &chain.problems {
        fields.push((
            words.say(&Say::ProblemLabel),
            problem_words(problem, chain.name_of(problem.link()), words),
        ));
    }
    for (link, revocation) in &chain.revocation {
        let answer = revocation_words(revocation, words);
        let text = match link {
            0 => answer,
            _ => format!("{}: {answer}", chain.name_of(*link)),
        };
        fields.push((words.say(&Say::RevocationLabel), text));
    }
    fields
}

fn end(chain: &Chain, words: &Words) -> String {
    words.say(&match &chain.end {
        End::Anchored(Anchor::Government(_)) => Say::EndGovernment,
        End::Anchored(Anchor::Given) => Say::EndGiven,
        End::Anchored(Anchor::System) => Say::EndSystem,
        End::SelfSigned => Say::EndSelfSigned,
        End::Incomplete => Say::EndIncomplete {
            missing: chain.last().map(issuer_of).unwrap_or_default(),
        },
        End::BadSignature { by } => Say::EndBadSignature { by: name_of(by) },
    })
}

fn issuer_of(certificate: &Certificate) -> String {
    let issuer = certificate.issuer();
    issuer
        .common_name()
        .map_or_else(|| issuer.to_rfc4514(), str::to_owned)
}

/// A problem, with the certificate it is about.
pub(crate) fn problem_words(problem: &Problem, name: String, words: &Words) -> String {
    words.say(&match problem {
        Problem::WeakSignature { .. } => Say::ProblemWeakSignature { name },
        Problem::Expired { .. } => Say::ProblemExpired { name },
        Problem::NotYetValid { .. } => Say::ProblemNotYetValid { name },
        Problem::EndsBefore { .. } => Say::ProblemEndsBefore { name },
        Problem::PathLength { .. } => Say::ProblemPathLength { name },
        Problem::CriticalExtension { oid, .. } => Say::ProblemCriticalExtension {
            name,
            oid: oid.clone(),
        },
        Problem::IssuerMayNotSign { .. } => Say::ProblemIssuerMayNotSign { name },
    })
}

/// What the lists say.
pub(crate) fn revocation_words(revocation: &Revocation, words: &Words) -> String {
    let day = |time| dates::day(words.language(), time);
    words.say(&match revocation {
        Revocation::Good {
            next_update: Some(next_update),
        } => Say::RevocationGood {
            next_update: day(*next_update),
        },
        Revocation::Good { next_update: None } => Say::RevocationGoodEndless,
        Revocation::Revoked { date, reason, .. } => Say::Revoked {
            date: day(*date),
            reason: reason.name().to_owned(),
        },
        Revocation::Undecided(Undecided::Stale { next_update }) => Say::RevocationStale {
            next_update: day(*next_update),
        },
        Revocation::Undecided(Undecided::NotYetValid) => Say::RevocationNotYetValid,
        Revocation::Undecided(Undecided::BadSignature) => Say::RevocationBadSignature,
        Revocation::Undecided(Undecided::OtherIssuer) => Say::RevocationOtherIssuer,
        Revocation::Undecided(Undecided::Unsupported) => Say::RevocationUnsupported,
    })
}
