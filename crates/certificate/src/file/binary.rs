//! Decoded bytes: certificates and PKCS#7 files one after another, or what stands there instead.

use super::{Container, FileError, PrivateKeyForm, pkcs7};
use crate::certificate::{Certificate, CertificateError};
use crate::layout::{Field, header};
use crate::recognise::{DerKind, Recognised, der_kind};

/// Adds all certificates of these bytes. Answers whether PKCS#7 was among the containers.
pub(super) fn read(
    bytes: &[u8],
    container: Container,
    certificates: &mut Vec<Certificate>,
) -> Result<bool, FileError> {
    let mut is_pkcs7 = false;
    let mut offset = 0;
    while let Some(rest) = bytes.get(offset..).filter(|rest| !rest.is_empty()) {
        let one = read_one(rest, container, certificates)
            .map_err(|problem| behind(problem, offset, rest.len(), container))?;
        is_pkcs7 |= one.is_pkcs7;
        // nothing that is read has no bytes
        offset += one.length.max(1);
    }
    Ok(is_pkcs7)
}

struct One {
    length: usize,
    is_pkcs7: bool,
}

/// The first element, which must be a certificate or a PKCS#7 file of certificates.
fn read_one(
    bytes: &[u8],
    container: Container,
    certificates: &mut Vec<Certificate>,
) -> Result<One, FileError> {
    let announced = header(bytes).map(|(_, header, content)| header.saturating_add(content));
    let whole = announced.and_then(|length| bytes.get(..length));
    let problem = match Certificate::from_der(whole.unwrap_or(bytes)) {
        Ok(certificate) => {
            let length = certificate.der().len();
            certificates.push(certificate);
            return Ok(One {
                length,
                is_pkcs7: false,
            });
        }
        Err(problem) => problem,
    };
    let not_a_certificate = |what| Err(FileError::NotACertificate { what });
    let private_key = |form| {
        Err(FileError::HasPrivateKey {
            form,
            container,
            offset: 0,
        })
    };
    match der_kind(bytes) {
        DerKind::Pkcs7 => {
            let length = pkcs7::read(bytes, container.with_pkcs7(), certificates)?;
            return Ok(One {
                length,
                is_pkcs7: true,
            });
        }
        DerKind::PrivateKey => return private_key(PrivateKeyForm::Bare),
        DerKind::Pkcs12 => return private_key(PrivateKeyForm::Store),
        DerKind::Request => return Err(FileError::IsRequest { container }),
        DerKind::Crl => return not_a_certificate(Recognised::Crl),
        DerKind::PublicKey => return not_a_certificate(Recognised::PublicKey),
        DerKind::Other => {}
    }
    match problem {
        CertificateError::Truncated { expected, actual } => {
            // Any file may begin like a SEQUENCE; a certificate goes on with another one.
            let plausible =
                header(bytes).and_then(|(_, length, _)| bytes.get(length)) == Some(&0x30);
            let cut = Recognised::Truncated { expected, actual };
            not_a_certificate(if plausible { cut } else { Recognised::Unknown })
        }
        // only what was found whole is looked into, and then nothing follows
        CertificateError::TrailingBytes { .. }
        | CertificateError::Damaged {
            field: Field::Certificate | Field::ToBeSigned,
            ..
        } => not_a_certificate(Recognised::Unknown),
        CertificateError::Damaged { field, offset } => Err(FileError::Damaged {
            container,
            field,
            offset,
        }),
    }
}

/// The same problem behind `offset` bytes that were read well; what is nothing in itself trails them.
fn behind(problem: FileError, offset: usize, count: usize, container: Container) -> FileError {
    match problem {
        other if offset == 0 => other,
        FileError::HasPrivateKey {
            form, container, ..
        } => FileError::HasPrivateKey {
            form,
            container,
            offset,
        },
        FileError::Damaged {
            container,
            field,
            offset: place,
        } => FileError::Damaged {
            container,
            field,
            offset: offset + place,
        },
        FileError::NotACertificate {
            what: what @ (Recognised::Truncated { .. } | Recognised::Unfinished),
        } => FileError::NotACertificate { what },
        FileError::NotACertificate { .. }
        | FileError::IsRequest { .. }
        | FileError::TrailingBytes { .. }
        | FileError::TooLarge { .. }
        | FileError::Empty => FileError::TrailingBytes {
            container,
            count,
            offset,
        },
    }
}
