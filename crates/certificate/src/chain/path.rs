//! Finding the path: all ways up are tried within limits, and the best is taken.

use std::cmp::Reverse;

use time::OffsetDateTime;

use super::{Anchor, Authorities, End, Link, Origin, judge};
use crate::issuer::{SignatureProblem, has_key_of_issuer, may_sign_certificates};
use crate::{Certificate, known_authority};

/// No real chain is longer; a loop of cross-signed authorities ends here.
const DEEPEST: usize = 8;
/// So many signatures are verified for one certificate at most: a folder may hold a thousand authorities
/// of one name.
const SIGNATURES: usize = 64;

/// The search for one certificate.
struct Search<'a> {
    authorities: &'a Authorities,
    now: OffsetDateTime,
    signatures_left: usize,
    best: Option<(Rank, Vec<Link>, End)>,
    forged: Option<Certificate>,
}

/// What makes one way better than another: its end, then fewer problems, then fewer links.
type Rank = (u8, Reverse<usize>, Reverse<usize>);

/// The best way up.
pub(super) fn find(
    certificate: &Certificate,
    authorities: &Authorities,
    now: OffsetDateTime,
) -> (Vec<Link>, End) {
    let first = Link {
        certificate: certificate.clone(),
        origin: None,
    };
    let mut search = Search {
        authorities,
        now,
        signatures_left: SIGNATURES,
        best: None,
        forged: None,
    };
    let mut way = vec![first.clone()];
    search.climb(&mut way);
    let forged = search.forged;
    match (search.best, forged) {
        (Some((_, links, End::Incomplete)), Some(by)) if links.len() == 1 => {
            (links, End::BadSignature { by })
        }
        (Some((_, links, end)), _) => (links, end),
        (None, _) => (vec![first], End::Incomplete),
    }
}

/// Whether a certificate that may sign none made the signature on the last link.
pub(super) fn has_unfit_issuer(links: &[Link], authorities: &Authorities) -> bool {
    let Some(last) = links.last() else {
        return false;
    };
    let mut named = authorities.named_as_issuer_of(&last.certificate);
    named.any(|(candidate, _)| {
        !may_sign_certificates(candidate)
            && has_key_of_issuer(&last.certificate, candidate)
            && last
                .certificate
                .verify_signed_by(candidate.public_key())
                .is_ok()
    })
}

impl Search<'_> {
    fn climb(&mut self, way: &mut Vec<Link>) {
        let Some(last) = way.last() else {
            return;
        };
        let anchor = anchor(last);
        let is_root = last.certificate.issuer() == last.certificate.subject();
        if let Some(anchor) = anchor {
            self.offer(way, End::Anchored(anchor));
        }
        let is_known_root = anchor.is_some() && is_root;
        if is_known_root || way.len() >= DEEPEST {
            self.offer_unanchored(way, anchor, is_root);
            return;
        }
        let lower = last.certificate.clone();
        let mut is_continued = false;
        for (candidate, origin) in self.authorities.named_as_issuer_of(&lower) {
            let is_in_way = way.iter().any(|link| link.certificate == *candidate);
            let is_named = has_key_of_issuer(&lower, candidate) && may_sign_certificates(candidate);
            if is_in_way || !is_named || self.signatures_left == 0 {
                continue;
            }
            self.signatures_left -= 1;
            match lower.verify_signed_by(candidate.public_key()) {
                Ok(()) => {
                    is_continued = true;
                    way.push(Link {
                        certificate: candidate.clone(),
                        origin: Some(*origin),
                    });
                    self.climb(way);
                    way.pop();
                }
                Err(SignatureProblem::Wrong) if way.len() == 1 => {
                    self.forged.get_or_insert_with(|| candidate.clone());
                }
                Err(SignatureProblem::Wrong | SignatureProblem::Unsupported) => {}
            }
        }
        if !is_continued {
            self.offer_unanchored(way, anchor, is_root);
        }
    }

    fn offer_unanchored(&mut self, way: &[Link], anchor: Option<Anchor>, is_root: bool) {
        if anchor.is_none() {
            let end = if is_root && way.len() > 1 {
                End::SelfSigned
            } else {
                End::Incomplete
            };
            self.offer(way, end);
        }
    }

    fn offer(&mut self, way: &[Link], end: End) {
        let worth = match &end {
            End::Anchored(Anchor::Government(known)) if known.is_root => 5,
            End::Anchored(Anchor::Government(_)) => 4,
            End::Anchored(Anchor::Given) => 3,
            End::Anchored(Anchor::System) => 2,
            End::SelfSigned => 1,
            End::Incomplete | End::BadSignature { .. } => 0,
        };
        // of the same end the longer way knows more, where it ends nowhere
        let length = if worth > 1 {
            way.len()
        } else {
            DEEPEST - way.len().min(DEEPEST)
        };
        let problems = judge::problems(way, self.now).len();
        let rank = (worth, Reverse(problems), Reverse(length));
        if self.best.as_ref().is_none_or(|(best, ..)| rank > *best) {
            self.best = Some((rank, way.to_vec(), end));
        }
    }
}

/// Why a link is trusted by itself. The certificate in question never is by where it came from.
fn anchor(link: &Link) -> Option<Anchor> {
    if let Some(known) = known_authority(&link.certificate) {
        return Some(Anchor::Government(known));
    }
    match link.origin? {
        Origin::Given | Origin::Folder => Some(Anchor::Given),
        Origin::System => Some(Anchor::System),
        Origin::File | Origin::Token => None,
    }
}
