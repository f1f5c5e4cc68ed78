//! What is asked for: the certificate, the goal, what is allowed, and the time to judge by.

use chungthu_token::object::NewCertificate;
use time::OffsetDateTime;

use crate::chain::{Chain, Revocation};
use crate::install::refusal::{Refusal, Warning};
use crate::{Certificate, IssuerCheck, check_issuer};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The certificate by whose key the token is found; an end-entity certificate. For an install it
    /// is the one to install.
    pub certificate: Certificate,
    /// What the token is to hold afterwards.
    pub goal: Goal,
    /// CA certificates at hand, to check the issuer's signature.
    pub issuers: Vec<Certificate>,
    /// The chain of the certificate, where it was built: its problems are warnings.
    pub chain: Option<Chain>,
    /// What is allowed.
    pub policy: Policy,
    /// The time to judge dates by, UTC.
    pub now: OffsetDateTime,
    /// A renewal of the same key that was installed before with another certificate, where one is
    /// known of (`records::History`). Told where the plan is a renewal again; never a reason to refuse.
    pub renewed_before: Option<EarlierRenewal>,
    /// For a restore: the serial number of the token that the backup was made of. Another one with the
    /// same key is told; never a reason to refuse.
    pub backed_up_from: Option<String>,
    /// For a restore, the certificate whose install it undoes.
    pub undone: Option<Certificate>,
}

/// An earlier renewal of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierRenewal {
    /// When its certificate was installed, UTC.
    pub time: OffsetDateTime,
    /// The serial number of that certificate, upper-case hex.
    pub serial: String,
}

/// What the token is to hold for the key afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// The certificate of the request, under the key's id.
    Install,
    /// These objects, as a backup has them; none is a state too.
    Restore(Vec<NewCertificate>),
}

/// What the person allows beyond the ordinary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Do not remove the certificates of the key that are there now.
    pub keep_old: bool,
    /// Where the token takes the new certificate in no other way, remove one old certificate first
    /// (rung B).
    pub remove_old_first: bool,
    /// Log in although one more wrong PIN locks the token.
    pub allow_final_try: bool,
    /// Install although it has expired.
    pub allow_expired: bool,
    /// Install although a newer one is on the token.
    pub allow_older: bool,
    /// Install although it is not valid yet; the old one is kept then.
    pub allow_not_yet_valid: bool,
}

impl Request {
    /// An install that allows nothing beyond the ordinary.
    #[must_use]
    pub fn install(
        certificate: Certificate,
        issuers: Vec<Certificate>,
        now: OffsetDateTime,
    ) -> Self {
        Self {
            certificate,
            goal: Goal::Install,
            issuers,
            chain: None,
            policy: Policy::default(),
            now,
            renewed_before: None,
            backed_up_from: None,
            undone: None,
        }
    }

    pub(super) fn is_restore(&self) -> bool {
        matches!(self.goal, Goal::Restore(_))
    }
}

/// What can be said of the certificate alone, before any driver is started.
///
/// # Errors
/// [`Refusal::Expired`], [`Refusal::NotYetValid`] or [`Refusal::IssuerSignatureInvalid`]; none for a
/// restore, whose certificates were on the token once.
pub fn judge_certificate(request: &Request) -> Result<(IssuerCheck, Vec<Warning>), Refusal> {
    judge_with(request, &[])
}

/// The same, with the issuers that the token holds.
pub(super) fn judge_with(
    request: &Request,
    on_token: &[Certificate],
) -> Result<(IssuerCheck, Vec<Warning>), Refusal> {
    let Request {
        certificate,
        issuers,
        policy,
        now,
        ..
    } = request;
    let is_restore = request.is_restore();
    let mut warnings = Vec::new();
    let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
    if *now > not_after {
        if !policy.allow_expired && !is_restore {
            return Err(Refusal::Expired { not_after });
        }
        warnings.push(Warning::Expired { not_after });
    }
    if *now < not_before {
        if !policy.allow_not_yet_valid && !is_restore {
            return Err(Refusal::NotYetValid {
                not_before,
                now: *now,
            });
        }
        warnings.push(Warning::NotYetValid { not_before });
    }
    warnings.extend(request.chain.iter().flat_map(of_chain));
    let above = request
        .chain
        .iter()
        .flat_map(|chain| chain.links.iter().skip(1));
    let above: Vec<Certificate> = above.map(|link| link.certificate.clone()).collect();
    let issuer = check_issuer(certificate, &[issuers, on_token, &above].concat());
    match &issuer {
        IssuerCheck::Verified { .. } => {}
        IssuerCheck::Unknown if is_restore => {}
        IssuerCheck::Unknown => warnings.push(Warning::IssuerUnknown),
        IssuerCheck::BadSignature { .. } if is_restore => {}
        IssuerCheck::BadSignature { .. } => {
            let name = certificate.issuer();
            let issuer = name
                .common_name()
                .map_or_else(|| name.to_rfc4514(), str::to_owned);
            return Err(Refusal::IssuerSignatureInvalid { issuer });
        }
    }
    Ok((issuer, warnings))
}

/// What the chain gives reason to know: first whether the certificate is revoked.
fn of_chain(chain: &Chain) -> Vec<Warning> {
    let lists = chain.revocation.iter().filter_map(|(link, revocation)| {
        let is_told = match revocation {
            Revocation::Good { .. } => false,
            Revocation::Revoked { .. } => true,
            // an authority's list is not what was asked about
            Revocation::Undecided(_) => *link == 0,
        };
        is_told.then(|| Warning::Revocation {
            revocation: revocation.clone(),
            authority: (*link > 0).then(|| chain.name_of(*link)),
        })
    });
    let problems = chain.problems.iter().map(|problem| Warning::Chain {
        problem: problem.clone(),
        name: chain.name_of(problem.link()),
    });
    lists.chain(problems).collect()
}
