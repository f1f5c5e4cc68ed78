//! Recognises what a file is when it is not a certificate, so that the message can name it.

use der::Tag;

use crate::layout::{Field, Part, Walk, header};

/// What a file that is no certificate seems to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recognised {
    /// A web page, usually a log-in or error page saved instead of the file.
    Html,
    /// A ZIP archive.
    Zip,
    /// A RAR archive.
    Rar,
    /// A 7-Zip archive.
    SevenZip,
    /// A gzip file.
    Gzip,
    /// A PDF document.
    Pdf,
    /// Text without a PEM block.
    Text,
    /// PKCS#7 without certificates: an encrypted message, or a list of revoked certificates alone.
    Pkcs7,
    /// A signed document or a signature (.p7m, .p7s), with or without certificates beside it.
    SignedDocument,
    /// A Word, Excel or similar document.
    OfficeDocument,
    /// A picture.
    Image,
    /// A list of revoked certificates.
    Crl,
    /// A public key without a certificate.
    PublicKey,
    /// The beginning of a DER file whose end is missing.
    Truncated {
        /// Bytes announced in the header.
        expected: usize,
        /// Bytes present.
        actual: usize,
    },
    /// The beginning of a BER file that does not tell its length, without its end.
    Unfinished,
    /// Nothing that is known.
    Unknown,
}

/// What a DER (or BER) value is, from its outermost elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DerKind {
    /// PKCS#1, PKCS#8 (also encrypted) or SEC 1.
    PrivateKey,
    /// PKCS#12: there is a private key inside, or may be.
    Pkcs12,
    /// PKCS#10.
    Request,
    /// PKCS#7.
    Pkcs7,
    /// Certificate revocation list.
    Crl,
    /// SubjectPublicKeyInfo or a PKCS#1 public key.
    PublicKey,
    /// A certificate or anything else.
    Other,
}

/// 1.2.840.113549.1.7, the arc of PKCS#7 contents, as the beginning of an OID's content octets.
const PKCS7_ARC: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07];
/// How far into a file the marks of a format are looked for.
const HEAD: usize = 4096;

/// What these bytes are, by the marks at their beginning. `None` if no mark is known; text is left
/// aside, because a PEM file is text too.
pub(crate) fn by_mark(bytes: &[u8]) -> Option<Recognised> {
    let begins = |mark: &[u8]| bytes.starts_with(mark);
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let holds = |mark: &[u8]| head.windows(mark.len()).any(|window| window == mark);
    if begins(b"PK\x03\x04") || begins(b"PK\x05\x06") {
        let office = [
            b"[Content_Types].xml".as_slice(),
            b"word/",
            b"xl/",
            b"opendocument",
        ];
        let is_office = office.into_iter().any(holds);
        return Some(if is_office {
            Recognised::OfficeDocument
        } else {
            Recognised::Zip
        });
    }
    if begins(b"Rar!\x1A\x07") {
        return Some(Recognised::Rar);
    }
    if begins(b"7z\xBC\xAF\x27\x1C") {
        return Some(Recognised::SevenZip);
    }
    if begins(b"\x1F\x8B") {
        return Some(Recognised::Gzip);
    }
    if begins(b"%PDF-") {
        return Some(Recognised::Pdf);
    }
    if begins(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") || begins(b"{\\rtf") {
        return Some(Recognised::OfficeDocument);
    }
    let images = [
        b"\x89PNG\r\n".as_slice(),
        b"\xFF\xD8\xFF",
        b"GIF8",
        b"II*\0",
        b"MM\0*",
    ];
    if images.into_iter().any(begins) || is_bitmap(bytes) {
        return Some(Recognised::Image);
    }
    is_html(head).then_some(Recognised::Html)
}

/// Java's key stores, JKS and JCEKS; a PKCS#12 store is DER and tells itself.
pub(crate) fn is_key_store(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xFE\xED\xFE\xED") || bytes.starts_with(b"\xCE\xCE\xCE\xCE")
}

/// What a DER value is, also when its end is missing or other bytes follow.
pub(crate) fn der_kind(bytes: &[u8]) -> DerKind {
    if let Some(kind) = indefinite_kind(bytes) {
        return kind;
    }
    outer_kind(bytes).unwrap_or(DerKind::Other)
}

/// BER with indefinite lengths, as some programs write PKCS#7 and PKCS#12.
fn indefinite_kind(bytes: &[u8]) -> Option<DerKind> {
    let inside = bytes.strip_prefix(&[0x30, 0x80])?;
    if inside.starts_with(&[0x02, 0x01, 0x03, 0x30]) {
        return Some(DerKind::Pkcs12);
    }
    let oid = inside.strip_prefix(&[0x06, 0x09])?;
    oid.starts_with(PKCS7_ARC).then_some(DerKind::Pkcs7)
}

fn outer_kind(bytes: &[u8]) -> Option<DerKind> {
    let (tag, length, _) = header(bytes)?;
    if tag != Tag::Sequence {
        return None;
    }
    let mut elements = Walk::over(bytes.get(length..)?);
    let first = elements.next_tag()?;
    if first == Tag::ObjectIdentifier {
        let oid = elements.next(Field::Certificate).ok()?;
        return oid
            .content()
            .starts_with(PKCS7_ARC)
            .then_some(DerKind::Pkcs7);
    }
    if first == Tag::Integer {
        let number = elements.next(Field::Certificate).ok()?;
        return number_first(number.content(), elements);
    }
    if first == Tag::Sequence {
        sequence_first(elements)
    } else {
        None
    }
}

/// A SEQUENCE that begins with a version number: some form of key.
fn number_first(number: &[u8], mut elements: Walk<'_>) -> Option<DerKind> {
    match (number, elements.next_tag()?) {
        // SEC 1 EC private key.
        ([1], Tag::OctetString) => Some(DerKind::PrivateKey),
        // PKCS#12, whose SEQUENCE holds a PKCS#7 content.
        ([3], Tag::Sequence) => Some(DerKind::Pkcs12),
        // PKCS#8, in its two versions.
        ([0 | 1], Tag::Sequence) => {
            elements.next(Field::Certificate).ok()?;
            (elements.next_tag()? == Tag::OctetString).then_some(DerKind::PrivateKey)
        }
        // PKCS#1: version 0 begins a private key, anything else is a modulus.
        ([0], Tag::Integer) => Some(DerKind::PrivateKey),
        (_, Tag::Integer) => Some(DerKind::PublicKey),
        _ => None,
    }
}

/// A SEQUENCE that begins with a SEQUENCE: an encrypted key, a public key, a request, a list of
/// revoked certificates, or a certificate.
fn sequence_first(mut elements: Walk<'_>) -> Option<DerKind> {
    let first = elements.next(Field::Certificate).ok()?;
    let inside = Walk::over(first.content());
    if inside.next_tag() == Some(Tag::ObjectIdentifier) {
        let second = elements.next_tag()?;
        if second == Tag::OctetString {
            return Some(DerKind::PrivateKey);
        }
        return (second == Tag::BitString).then_some(DerKind::PublicKey);
    }
    if is_request(Walk::over(first.content())) {
        return Some(DerKind::Request);
    }
    is_crl(inside).then_some(DerKind::Crl)
}

/// Version 0, a name, a public key: what a request signs (RFC 2986).
fn is_request(mut fields: Walk<'_>) -> bool {
    let version = fields.expect(Tag::Integer, Field::Certificate);
    let name = fields.expect(Tag::Sequence, Field::Certificate);
    let key = fields.expect(Tag::Sequence, Field::Certificate);
    let (Ok(version), Ok(_), Ok(key)) = (version, name, key) else {
        return false;
    };
    let mut inside = Walk::over(key.content());
    let algorithm: Option<Part<'_>> = inside.expect(Tag::Sequence, Field::Certificate).ok();
    version.content() == [0] && algorithm.is_some() && inside.next_tag() == Some(Tag::BitString)
}

/// An optional version, an algorithm, a name and a date (RFC 5280 section 5.1).
fn is_crl(mut fields: Walk<'_>) -> bool {
    if fields.next_tag() == Some(Tag::Integer) && fields.next(Field::Certificate).is_err() {
        return false;
    }
    let algorithm = fields.expect(Tag::Sequence, Field::Certificate);
    let name = fields.expect(Tag::Sequence, Field::Certificate);
    algorithm.is_ok()
        && name.is_ok()
        && matches!(fields.next_tag(), Some(Tag::UtcTime | Tag::GeneralizedTime))
}

/// "BM" alone could begin a text; the four reserved octets of the header are always zero.
fn is_bitmap(bytes: &[u8]) -> bool {
    bytes.starts_with(b"BM") && bytes.get(6..10) == Some(&[0; 4])
}

fn is_html(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let text =
        text.trim_start_matches(|letter: char| letter == '\u{FEFF}' || letter.is_whitespace());
    text.starts_with("<!doctype html")
        || text.starts_with("<html")
        || (text.starts_with('<') && text.contains("<html"))
}
