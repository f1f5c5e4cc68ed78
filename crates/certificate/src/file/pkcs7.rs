//! PKCS#7 files of certificates (`.p7b`): a SignedData that signs nothing (RFC 5652 section 5, RFC 8551
//! section 3.8).

use der::Tag;

use super::ber::{BerProblem, first_as_der};
use super::{Container, FileError};
use crate::certificate::{Certificate, CertificateError};
use crate::layout::{Field, Part, Walk, context, header};
use crate::recognise::Recognised;

/// 1.2.840.113549.1.7.2, the content octets.
const SIGNED_DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];

/// Reads the PKCS#7 file at the start of these bytes, adds its certificates in their order, and answers
/// how many bytes it took. The certificates keep the bytes they have, unless they are in BER themselves.
pub(super) fn read(
    bytes: &[u8],
    container: Container,
    certificates: &mut Vec<Certificate>,
) -> Result<usize, FileError> {
    let not_a_certificate = |what| FileError::NotACertificate { what };
    let (der, length) = first_as_der(bytes).map_err(|problem| match problem {
        BerProblem::Unfinished => not_a_certificate(match header(bytes) {
            Some((_, header, content)) => Recognised::Truncated {
                expected: header.saturating_add(content),
                actual: bytes.len(),
            },
            None => Recognised::Unfinished,
        }),
        BerProblem::Malformed => FileError::Damaged {
            container,
            field: Field::Pkcs7,
            offset: 0,
        },
    })?;
    let of_structure = |problem| damaged(problem, container, 0);
    let Some(content) = signed_data(&der).map_err(of_structure)? else {
        return Err(not_a_certificate(Recognised::Pkcs7));
    };
    let found = Found::inside(&content).map_err(of_structure)?;
    if found.is_signed {
        return Err(not_a_certificate(Recognised::SignedDocument));
    }
    if found.certificates.is_empty() {
        return Err(not_a_certificate(Recognised::Pkcs7));
    }
    let start = position(&der, content.tlv);
    for part in found.certificates {
        let certificate = Certificate::from_der(part.tlv)
            .map_err(|problem| damaged(problem, container, start + part.offset))?;
        certificates.push(certificate);
    }
    Ok(length)
}

/// The content of a ContentInfo, if it is a SignedData.
fn signed_data(der: &[u8]) -> Result<Option<Part<'_>>, CertificateError> {
    let mut outer = Walk::over(der);
    let content_info = outer.expect(Tag::Sequence, Field::Pkcs7)?;
    let mut fields = Walk::over(content_info.content());
    let kind = fields.expect(Tag::ObjectIdentifier, Field::Pkcs7)?;
    if kind.content() != SIGNED_DATA {
        return Ok(None);
    }
    let explicit = fields.expect(context(0), Field::Pkcs7)?;
    fields.finish(Field::Pkcs7)?;
    let mut content = Walk::over(explicit.content());
    let signed_data = content.expect(Tag::Sequence, Field::Pkcs7)?;
    content.finish(Field::Pkcs7)?;
    Ok(Some(signed_data))
}

/// What matters of a SignedData.
struct Found<'a> {
    certificates: Vec<Part<'a>>,
    /// Something is signed, or somebody signed: a document, not a bag of certificates.
    is_signed: bool,
}

impl<'a> Found<'a> {
    fn inside(signed_data: &Part<'a>) -> Result<Self, CertificateError> {
        let mut fields = Walk::into(*signed_data)?;
        fields.expect(Tag::Integer, Field::Pkcs7)?;
        fields.expect(Tag::Set, Field::Pkcs7)?;
        let signed = fields.expect(Tag::Sequence, Field::Pkcs7)?;
        let mut certificates = Vec::new();
        if fields.next_tag() == Some(context(0)) {
            let mut choices = Walk::into(fields.next(Field::Pkcs7)?)?;
            while let Some(tag) = choices.next_tag() {
                let choice = choices.next(Field::Pkcs7)?;
                // attribute certificates and the like are tagged, and of no use here
                if tag == Tag::Sequence {
                    certificates.push(choice);
                }
            }
            choices.finish(Field::Pkcs7)?;
        }
        if fields.next_tag() == Some(context(1)) {
            fields.next(Field::Pkcs7)?;
        }
        let signers = fields.expect(Tag::Set, Field::Pkcs7)?;
        fields.finish(Field::Pkcs7)?;
        Ok(Self {
            certificates,
            is_signed: !signers.content().is_empty() || has_content(&signed)?,
        })
    }
}

/// Whether an EncapsulatedContentInfo has more than its kind; an empty string is nothing.
fn has_content(encapsulated: &Part<'_>) -> Result<bool, CertificateError> {
    let mut fields = Walk::over(encapsulated.content());
    fields.expect(Tag::ObjectIdentifier, Field::Pkcs7)?;
    if fields.next_tag().is_none() {
        return Ok(false);
    }
    let explicit = fields.expect(context(0), Field::Pkcs7)?;
    let content = Walk::over(explicit.content()).next(Field::Pkcs7)?;
    Ok(!content.content().is_empty())
}

/// The same problem of a part that begins at `start`.
fn damaged(problem: CertificateError, container: Container, start: usize) -> FileError {
    let (field, offset) = match problem {
        CertificateError::Damaged { field, offset } => (field, start + offset),
        // a part of something whole is neither too short nor too long
        CertificateError::Truncated { .. } | CertificateError::TrailingBytes { .. } => {
            (Field::Pkcs7, start)
        }
    };
    FileError::Damaged {
        container,
        field,
        offset,
    }
}

/// Where a part begins that ends with the whole.
const fn position(whole: &[u8], part: &[u8]) -> usize {
    whole.len().saturating_sub(part.len())
}

#[cfg(test)]
mod tests;
