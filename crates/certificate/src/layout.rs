//! Where each field of a certificate stands, found with exact DER headers before anything is parsed.

use der::{Decode, Header, Reader, SliceReader, Tag, TagNumber};

use crate::certificate::CertificateError;

/// A part of a certificate or of the file around it, to say where the damage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The outer SEQUENCE.
    Certificate,
    /// The part that is signed.
    ToBeSigned,
    /// Version.
    Version,
    /// Serial number.
    SerialNumber,
    /// One of the two signature algorithm fields.
    SignatureAlgorithm,
    /// Issuer name.
    Issuer,
    /// Validity: the two dates.
    Validity,
    /// Subject name.
    Subject,
    /// Subject public key.
    PublicKey,
    /// The extensions, or one the program relies on (basic constraints, key usage).
    Extensions,
    /// The signature value.
    Signature,
    /// The BEGIN or END line of a PEM block.
    PemFrame,
    /// The base64 text of a PEM block.
    PemText,
    /// The PKCS#7 structure around certificates.
    Pkcs7,
}

/// Raw slices of the fields, each a whole TLV, and where they begin.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout<'a> {
    /// The one that is signed, then the one beside the signature.
    pub(crate) signature_algorithms: [Part<'a>; 2],
    pub(crate) serial_number: Part<'a>,
    pub(crate) issuer: Part<'a>,
    pub(crate) validity: Part<'a>,
    pub(crate) subject: Part<'a>,
    pub(crate) public_key: Part<'a>,
    /// Where the extensions begin, or where they would.
    pub(crate) extensions_offset: usize,
}

/// One TLV: its bytes and its byte offset in the certificate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'a> {
    pub(crate) tlv: &'a [u8],
    pub(crate) offset: usize,
    tag: Tag,
    content_length: usize,
}

impl<'a> Layout<'a> {
    /// Walks over the fields of RFC 5280 section 4.1 without looking into them.
    pub(crate) fn of(der: &'a [u8]) -> Result<Self, CertificateError> {
        let outer = single_sequence(der)?;
        let mut fields = Walk::into(outer)?;
        let to_be_signed = fields.expect(Tag::Sequence, Field::ToBeSigned)?;
        let outer_algorithm = fields.expect(Tag::Sequence, Field::SignatureAlgorithm)?;
        fields.expect(Tag::BitString, Field::Signature)?;
        fields.finish(Field::Signature)?;

        let mut fields = Walk::into(to_be_signed)?;
        if fields.next_tag() == Some(context(0)) {
            fields.next(Field::Version)?;
        }
        let serial_number = fields.expect(Tag::Integer, Field::SerialNumber)?;
        let inner_algorithm = fields.expect(Tag::Sequence, Field::SignatureAlgorithm)?;
        let issuer = fields.expect(Tag::Sequence, Field::Issuer)?;
        let validity = fields.expect(Tag::Sequence, Field::Validity)?;
        let subject = fields.expect(Tag::Sequence, Field::Subject)?;
        let public_key = fields.expect(Tag::Sequence, Field::PublicKey)?;
        // The two unique identifiers of X.509 version 2: never seen, allowed, not used.
        while matches!(fields.next_tag(), Some(Tag::ContextSpecific { number, .. }) if number.value() < 3)
        {
            fields.next(Field::Extensions)?;
        }
        let extensions_offset = fields.offset();
        if fields.next_tag() == Some(context(3)) {
            fields.next(Field::Extensions)?;
        }
        fields.finish(Field::Extensions)?;
        let signature_algorithms = [inner_algorithm, outer_algorithm];
        Ok(Self {
            signature_algorithms,
            serial_number,
            issuer,
            validity,
            subject,
            public_key,
            extensions_offset,
        })
    }
}

impl<'a> Part<'a> {
    /// The content octets.
    pub(crate) fn content(&self) -> &'a [u8] {
        let header = self.tlv.len().saturating_sub(self.content_length);
        self.tlv.get(header..).unwrap_or_default()
    }
}

/// The whole input as one SEQUENCE: not shorter than its header says and nothing after it.
pub(crate) fn single_sequence(der: &[u8]) -> Result<Part<'_>, CertificateError> {
    let damaged = CertificateError::Damaged {
        field: Field::Certificate,
        offset: 0,
    };
    let (tag, header, content) = header(der).ok_or(damaged.clone())?;
    let expected = header.saturating_add(content);
    if tag != Tag::Sequence {
        return Err(damaged);
    }
    if expected > der.len() {
        return Err(CertificateError::Truncated {
            expected,
            actual: der.len(),
        });
    }
    if expected < der.len() {
        return Err(CertificateError::TrailingBytes {
            count: der.len() - expected,
            offset: expected,
        });
    }
    Ok(Part {
        tlv: der,
        offset: 0,
        tag,
        content_length: content,
    })
}

/// Tag, length of the header and length of the content at the start of these bytes.
pub(crate) fn header(bytes: &[u8]) -> Option<(Tag, usize, usize)> {
    let mut reader = SliceReader::new(bytes).ok()?;
    let header = Header::decode(&mut reader).ok()?;
    Some((
        header.tag(),
        usize::try_from(reader.position()).ok()?,
        usize::try_from(header.length()).ok()?,
    ))
}

/// Goes through the TLVs inside a constructed one.
#[derive(Debug)]
pub(crate) struct Walk<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Walk<'a> {
    /// The elements inside `part`.
    pub(crate) fn into(part: Part<'a>) -> Result<Self, CertificateError> {
        Ok(Self {
            rest: part.content(),
            offset: part.offset + (part.tlv.len() - part.content_length),
        })
    }

    /// The elements of these bytes, one after another.
    pub(crate) const fn over(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes,
            offset: 0,
        }
    }

    /// Byte offset of the next element.
    const fn offset(&self) -> usize {
        self.offset
    }

    /// Tag of the next element, if there is one.
    pub(crate) fn next_tag(&self) -> Option<Tag> {
        header(self.rest).map(|(tag, _, _)| tag)
    }

    /// The next element, whatever it is.
    pub(crate) fn next(&mut self, field: Field) -> Result<Part<'a>, CertificateError> {
        let damaged = CertificateError::Damaged {
            field,
            offset: self.offset,
        };
        let (tag, header, content_length) = header(self.rest).ok_or(damaged.clone())?;
        let (tlv, rest) = self
            .rest
            .split_at_checked(header.saturating_add(content_length))
            .ok_or(damaged)?;
        let part = Part {
            tlv,
            offset: self.offset,
            tag,
            content_length,
        };
        self.offset += tlv.len();
        self.rest = rest;
        Ok(part)
    }

    /// The next element, which must have this tag.
    pub(crate) fn expect(&mut self, tag: Tag, field: Field) -> Result<Part<'a>, CertificateError> {
        let offset = self.offset;
        let part = self.next(field)?;
        if part.tag == tag {
            Ok(part)
        } else {
            Err(CertificateError::Damaged { field, offset })
        }
    }

    /// Nothing may be left.
    pub(crate) fn finish(&self, field: Field) -> Result<(), CertificateError> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(CertificateError::Damaged {
                field,
                offset: self.offset,
            })
        }
    }
}

/// The constructed context tag `[number]`.
pub(crate) const fn context(number: u32) -> Tag {
    Tag::ContextSpecific {
        constructed: true,
        number: TagNumber(number),
    }
}
