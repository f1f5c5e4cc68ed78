//! PEM: base64 between BEGIN and END lines (RFC 7468), as mail programs and editors leave it.

use super::{Container, FileError, PrivateKeyForm, binary};
use crate::certificate::Certificate;
use crate::layout::Field;
use crate::recognise::{DerKind, Recognised, der_kind};

const BEGIN: &[u8] = b"-----BEGIN ";

/// Where the first block begins.
pub(super) fn first(text: &[u8]) -> Option<usize> {
    find(text, BEGIN)
}

/// Where a PEM label of a private key begins: any of `PRIVATE KEY`, `RSA PRIVATE KEY`,
/// `ENCRYPTED PRIVATE KEY`, `OPENSSH PRIVATE KEY`, `PGP PRIVATE KEY BLOCK` and their like.
pub(super) fn private_key(text: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = find(text.get(from..)?, BEGIN) {
        let offset = from + found;
        let label = text.get(offset + BEGIN.len()..)?;
        let end = label
            .iter()
            .position(|octet| matches!(octet, b'-' | b'\n' | b'\r'));
        if find(label.get(..end.unwrap_or(label.len()))?, b"PRIVATE KEY").is_some() {
            return Some(offset);
        }
        from = offset + BEGIN.len();
    }
    None
}

/// Adds the certificates of all blocks of a text whose first BEGIN is at `begin`; blocks of another
/// kind do not matter beside them. Answers whether PKCS#7 was among the blocks.
pub(super) fn read(
    text: &[u8],
    begin: usize,
    certificates: &mut Vec<Certificate>,
) -> Result<bool, FileError> {
    let container = Container::Pem;
    let damaged = |field| FileError::Damaged {
        container,
        field,
        offset: begin,
    };
    let compact = without_blank_lines(text);
    let blocks = pem::parse_many(&compact).map_err(|problem| match problem {
        pem::PemError::InvalidData(_) | pem::PemError::NotUtf8(_) => damaged(Field::PemText),
        pem::PemError::MismatchedTags(..)
        | pem::PemError::MalformedFraming
        | pem::PemError::MissingBeginTag
        | pem::PemError::MissingEndTag
        | pem::PemError::MissingData
        | pem::PemError::InvalidHeader(_) => damaged(Field::PemFrame),
    })?;
    // A block without its END is passed over by the parser, and would hide what it holds.
    let begins = text
        .windows(BEGIN.len())
        .filter(|window| *window == BEGIN)
        .count();
    if blocks.len() != begins {
        return Err(damaged(Field::PemFrame));
    }
    for block in &blocks {
        let form = match der_kind(block.contents()) {
            DerKind::PrivateKey => PrivateKeyForm::Bare,
            DerKind::Pkcs12 => PrivateKeyForm::Store,
            DerKind::Request
            | DerKind::Pkcs7
            | DerKind::Crl
            | DerKind::PublicKey
            | DerKind::Other => continue,
        };
        return Err(FileError::HasPrivateKey {
            form,
            container,
            offset: 0,
        });
    }
    let of_certificates: Vec<&pem::Pem> = blocks
        .iter()
        .filter(|block| holds_certificates(block.tag()))
        .collect();
    if of_certificates.is_empty() {
        return Err(without_certificate(&blocks));
    }
    let mut is_pkcs7 = false;
    for block in of_certificates {
        if block.contents().is_empty() {
            return Err(damaged(Field::PemText));
        }
        // whatever the label says: some programs write a `.p7b` under CERTIFICATE
        is_pkcs7 |= binary::read(block.contents(), container, certificates)?;
    }
    Ok(is_pkcs7)
}

/// RFC 7468 sections 5, 8 and 9, and the older label that it says to accept.
fn holds_certificates(label: &str) -> bool {
    matches!(label, "CERTIFICATE" | "X509 CERTIFICATE" | "PKCS7" | "CMS")
}

/// What a PEM file without a certificate block holds, by its first block that says so.
fn without_certificate(blocks: &[pem::Pem]) -> FileError {
    let not_a_certificate = |what| FileError::NotACertificate { what };
    let said = blocks.iter().find_map(|block| match block.tag() {
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Some(FileError::IsRequest {
            container: Container::Pem,
        }),
        "X509 CRL" => Some(not_a_certificate(Recognised::Crl)),
        "PUBLIC KEY" | "RSA PUBLIC KEY" => Some(not_a_certificate(Recognised::PublicKey)),
        _ => None,
    });
    said.unwrap_or(not_a_certificate(Recognised::Unknown))
}

/// Mail programs double line ends; a blank line would make the PEM parser see headers before it.
fn without_blank_lines(text: &[u8]) -> Vec<u8> {
    let lines = text.split(|octet| matches!(octet, b'\n' | b'\r'));
    let filled: Vec<&[u8]> = lines.filter(|line| !line.trim_ascii().is_empty()).collect();
    filled.join(&b'\n')
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}
