//! PKCS#7 files as offices get them: certificates in a bag, and a document that somebody signed.

use der::Tag;

use crate::IssueError;
use crate::encoding::{content, context, oid, parts, sequence, tagged};

const DATA: &str = "1.2.840.113549.1.7.1";
const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";

/// The levels from the outermost element to the list of certificates.
const LEVELS_AROUND: usize = 4;

/// How a PKCS#7 file writes its lengths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pkcs7Form {
    /// DER.
    Der,
    /// BER: the elements around the certificates end with a mark instead of telling a length.
    Ber,
    /// BER everywhere, inside the certificates too, and with every OCTET STRING in two pieces. Whoever
    /// reads it must write it in DER before the signatures fit.
    BerThroughout,
}

/// A file of certificates (`.p7b`), each in DER, in this order: a SignedData without content and without
/// signers.
///
/// # Errors
/// [`IssueError::Encoding`] if a certificate is no DER.
pub fn certificates_only(certificates: &[&[u8]], form: Pkcs7Form) -> Result<Vec<u8>, IssueError> {
    let file = signed_data(&sequence(&[&oid(DATA)?])?, certificates, &[])?;
    match form {
        Pkcs7Form::Der => Ok(file),
        Pkcs7Form::Ber => loosened(&file, LEVELS_AROUND),
        Pkcs7Form::BerThroughout => loosened(&file, usize::MAX),
    }
}

/// A signed document (`.p7m`) with the certificate of its signer beside it. The signature is none.
///
/// # Errors
/// [`IssueError::Encoding`] if the certificate is no DER.
pub fn signed_document(document: &[u8], certificate: &[u8]) -> Result<Vec<u8>, IssueError> {
    let text = tagged(Tag::OctetString, document)?;
    let signed = sequence(&[&oid(DATA)?, &context(0, true, &text)?])?;
    let signer = sequence(&[&tagged(Tag::Integer, &[1])?])?;
    signed_data(&signed, &[certificate], &signer)
}

fn signed_data(
    signed: &[u8],
    certificates: &[&[u8]],
    signers: &[u8],
) -> Result<Vec<u8>, IssueError> {
    let content = sequence(&[
        &tagged(Tag::Integer, &[1])?,
        &tagged(Tag::Set, &[])?,
        signed,
        &context(0, true, &certificates.concat())?,
        // an empty list of revoked certificates, as OpenSSL writes one
        &context(1, true, &[])?,
        &tagged(Tag::Set, signers)?,
    ])?;
    sequence(&[&oid(SIGNED_DATA)?, &context(0, true, &content)?])
}

/// The same element with indefinite lengths in its outer levels.
fn loosened(tlv: &[u8], levels: usize) -> Result<Vec<u8>, IssueError> {
    const CONSTRUCTED: u8 = 0x20;
    const OCTET_STRING: u8 = 0x04;
    let (Some(&identifier), Some(below)) = (tlv.first(), levels.checked_sub(1)) else {
        return Ok(tlv.to_vec());
    };
    let mut loose = vec![identifier | CONSTRUCTED, 0x80];
    if identifier & CONSTRUCTED != 0 {
        for part in parts(tlv)? {
            loose.extend(loosened(part, below)?);
        }
    } else if identifier == OCTET_STRING {
        let octets = content(tlv)?;
        let (first, second) = octets.split_at(octets.len() / 2);
        loose.extend(tagged(Tag::OctetString, first)?);
        loose.extend(tagged(Tag::OctetString, second)?);
    } else {
        return Ok(tlv.to_vec());
    }
    loose.extend([0, 0]);
    Ok(loose)
}
