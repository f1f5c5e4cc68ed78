//! Finishes a draft: puts right what rcgen cannot say, then has the to-be-signed part signed.

use der::Tag;

use crate::IssueError;
use crate::authority::Generation;
use crate::encoding::{content, context, oid, parts, sequence, tagged};
use crate::keys::RsaPair;

/// What the finished certificate says differently from the draft.
#[derive(Debug)]
pub(crate) struct Corrections<'a> {
    /// Issuer Name, DER: the very bytes of the issuing CA's subject.
    pub(crate) issuer: &'a [u8],
    /// Subject Name, DER: attributes in their own order, repeated ones too.
    pub(crate) subject: &'a [u8],
    /// SubjectPublicKeyInfo, DER, as the token gave it.
    pub(crate) public_key: &'a [u8],
    /// SHA-1 for G1, SHA-256 for G2.
    pub(crate) generation: Generation,
    /// Extension types (dotted) in the order of the profile; others follow as drafted.
    pub(crate) extension_order: &'a [&'a str],
    /// Extension types (dotted) that lose their critical mark.
    pub(crate) not_critical: &'a [&'a str],
    /// Extension types (dotted) that are taken out.
    pub(crate) left_out: &'a [&'a str],
    /// Flip one bit of the signature.
    pub(crate) tampered: bool,
}

/// The certificate: the draft with the corrections, signed by `key`.
pub(crate) fn finish(
    draft: &[u8],
    corrections: &Corrections<'_>,
    key: &RsaPair,
) -> Result<Vec<u8>, IssueError> {
    let certificate = parts(draft)?;
    let to_be_signed = parts(certificate.first().ok_or(IssueError::Shape)?)?;
    let [version, serial, _, _, validity, _, _, extensions] = to_be_signed.as_slice() else {
        return Err(IssueError::Shape);
    };
    let algorithm = algorithm_identifier(corrections.generation)?;
    let extensions = rewrite_extensions(extensions, corrections)?;
    let to_be_signed = sequence(&[
        version,
        serial,
        &algorithm,
        corrections.issuer,
        validity,
        corrections.subject,
        corrections.public_key,
        &extensions,
    ])?;
    let mut signature = match corrections.generation {
        Generation::G1Like => key.sign_sha1(&to_be_signed)?,
        Generation::G2Like => key.sign_sha256(&to_be_signed)?,
    };
    if corrections.tampered
        && let Some(last) = signature.last_mut()
    {
        *last ^= 1;
    }
    let mut bits = vec![0];
    bits.extend(signature);
    sequence(&[&to_be_signed, &algorithm, &tagged(Tag::BitString, &bits)?])
}

/// sha1WithRSAEncryption or sha256WithRSAEncryption, with the NULL that RFC 4055 asks for.
pub(crate) fn algorithm_identifier(generation: Generation) -> Result<Vec<u8>, IssueError> {
    let algorithm = match generation {
        Generation::G1Like => "1.2.840.113549.1.1.5",
        Generation::G2Like => "1.2.840.113549.1.1.11",
    };
    sequence(&[&oid(algorithm)?, &tagged(Tag::Null, &[])?])
}

/// The `[3]` field with the extensions sorted, unmarked and left out as the profile wants.
fn rewrite_extensions(
    drafted: &[u8],
    corrections: &Corrections<'_>,
) -> Result<Vec<u8>, IssueError> {
    let order = encoded(corrections.extension_order)?;
    let not_critical = encoded(corrections.not_critical)?;
    let left_out = encoded(corrections.left_out)?;
    let mut placed = Vec::new();
    for extension in parts(content(drafted)?)? {
        let fields = parts(extension)?;
        let (Some(&kind), Some(&value)) = (fields.first(), fields.last()) else {
            return Err(IssueError::Shape);
        };
        if left_out.iter().any(|known| known == kind) {
            continue;
        }
        let place = order
            .iter()
            .position(|known| known == kind)
            .unwrap_or(order.len());
        let written = if not_critical.iter().any(|known| known == kind) {
            sequence(&[kind, value])?
        } else {
            extension.to_vec()
        };
        placed.push((place, written));
    }
    placed.sort_by_key(|(place, _)| *place);
    let written: Vec<u8> = placed
        .into_iter()
        .flat_map(|(_, extension)| extension)
        .collect();
    context(3, true, &tagged(Tag::Sequence, &written)?)
}

fn encoded(types: &[&str]) -> Result<Vec<Vec<u8>>, IssueError> {
    types.iter().map(|dotted| oid(dotted)).collect()
}
