//! What a strict program may refuse about a path.

use time::OffsetDateTime;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

use super::{Link, Problem};
use crate::Certificate;
use crate::elements::dotted;

/// Critical extensions whose meaning is looked at, here or by whoever shows the certificate: key usage,
/// subject and issuer alternative name, basic constraints, policies, extended key usage.
const UNDERSTOOD: [&str; 6] = [
    "2.5.29.15",
    "2.5.29.17",
    "2.5.29.18",
    "2.5.29.19",
    "2.5.29.32",
    "2.5.29.37",
];

/// The problems of a path whose signatures are verified, the certificate's own dates left out: whoever
/// asks knows them.
pub(super) fn problems(links: &[Link], now: OffsetDateTime) -> Vec<Problem> {
    let mut problems = Vec::new();
    let leaf = links.first().map(|link| &link.certificate);
    for (link, one) in links.iter().enumerate() {
        let certificate = &one.certificate;
        // a root's own signature proves nothing, so nothing hangs on it
        let is_root = certificate.issuer() == certificate.subject();
        if !is_root && is_weak_signature(certificate) {
            problems.push(Problem::WeakSignature { link });
        }
        for oid in unknown_critical_extensions(certificate) {
            problems.push(Problem::CriticalExtension { link, oid });
        }
        if link == 0 {
            continue;
        }
        if certificate.is_expired(now) {
            problems.push(Problem::Expired { link });
        } else if certificate.is_not_yet_valid(now) {
            problems.push(Problem::NotYetValid { link });
        } else if leaf.is_some_and(|leaf| certificate.not_after() < leaf.not_after()) {
            problems.push(Problem::EndsBefore { link });
        }
        if is_too_long(links, link) {
            problems.push(Problem::PathLength { link });
        }
    }
    problems
}

/// More authorities between this one and the certificate than it allows. Those that issued themselves do
/// not count (RFC 5280, 4.2.1.9).
fn is_too_long(links: &[Link], link: usize) -> bool {
    let limit = links
        .get(link)
        .and_then(|one| one.certificate.basic_constraints())
        .and_then(|constraints| constraints.path_length);
    let below = links.get(1..link).unwrap_or_default();
    let counted = below
        .iter()
        .filter(|one| one.certificate.issuer() != one.certificate.subject())
        .count();
    limit.is_some_and(|limit| counted > usize::try_from(limit).unwrap_or(usize::MAX))
}

/// MD5 or SHA-1.
pub(crate) fn is_weak_signature(certificate: &Certificate) -> bool {
    let name = certificate.signature_algorithm().to_ascii_lowercase();
    // 1.2.840.10045.4.1 is ecdsa-with-SHA1
    name.starts_with("sha1") || name.starts_with("md5") || name == "1.2.840.10045.4.1"
}

fn unknown_critical_extensions(certificate: &Certificate) -> Vec<String> {
    let Ok((_, parsed)) = X509Certificate::from_der(certificate.der()) else {
        return Vec::new();
    };
    let extensions = parsed.extensions().iter();
    extensions
        .filter(|extension| extension.critical)
        .map(|extension| dotted(&extension.oid))
        .filter(|oid| !UNDERSTOOD.contains(&oid.as_str()))
        .collect()
}
