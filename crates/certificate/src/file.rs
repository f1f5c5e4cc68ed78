//! What a certificate file holds: one certificate, or the exact reason why not.

use crate::certificate::{Certificate, CertificateError};
use crate::layout::{Field, header};
use crate::name::DistinguishedName;
use crate::recognise::{DerKind, Recognised, by_mark, der_kind, is_text};

/// The largest file that is read, in bytes. A certificate has 1 to 3 KiB; whoever reads the file should
/// stop here too.
pub const SIZE_LIMIT: usize = 1024 * 1024;

const BYTE_ORDER_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];
const PEM_BEGIN: &[u8] = b"-----BEGIN ";

/// A file with exactly one certificate, which may still be a CA's: [`Self::into_end_entity`] asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFile {
    certificate: Certificate,
    container: Container,
}

/// How the certificate was wrapped in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// The bare DER.
    Der,
    /// A PEM block: base64 between BEGIN and END lines (RFC 7468).
    Pem,
}

/// Why a file is not taken. The names follow the contract's `FILE_…` codes; [`Self::Damaged`] belongs
/// to `FILE_NOT_A_CERTIFICATE`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// No bytes, or only white space.
    #[error("the file is empty")]
    Empty,
    /// More bytes than are read.
    #[error("the file has {size} bytes, the limit is {limit}")]
    TooLarge {
        /// Size of the file in bytes.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// Something else than a certificate.
    #[error("not a certificate: {what:?}")]
    NotACertificate {
        /// What it seems to be.
        what: Recognised,
    },
    /// A certificate in outline, with a part that cannot be read.
    #[error("the field {field:?} at byte {offset} cannot be read ({container:?})")]
    Damaged {
        /// The container.
        container: Container,
        /// The part.
        field: Field,
        /// Where it begins: in the file for DER and for PEM frame and text, in the decoded block for
        /// the fields of a certificate inside PEM.
        offset: usize,
    },
    /// Bytes follow the certificate.
    #[error("{count} bytes follow the certificate at byte {offset} ({container:?})")]
    TrailingBytes {
        /// The container.
        container: Container,
        /// How many.
        count: usize,
        /// Where they begin; for PEM, in the decoded block.
        offset: usize,
    },
    /// More than one certificate.
    #[error("the file holds {count} certificates ({container:?})")]
    SeveralCertificates {
        /// The container.
        container: Container,
        /// How many.
        count: usize,
    },
    /// A CA's certificate where an end entity's is needed.
    #[error("the certificate of a certification authority: {subject}")]
    IsCaCertificate {
        /// The CA's name.
        subject: DistinguishedName,
    },
    /// A certificate request (CSR): what is sent to the CA, not what comes back.
    #[error("a certificate request ({container:?})")]
    IsRequest {
        /// The container.
        container: Container,
    },
    /// A private key, somewhere in the file. Such a file must not travel.
    #[error("the file holds a private key at byte {offset} ({container:?})")]
    HasPrivateKey {
        /// The container of the key.
        container: Container,
        /// Where it begins; for a key inside a PEM block of another label, in the decoded block.
        offset: usize,
    },
}

impl CertificateFile {
    /// Reads a file's bytes; `limit` is usually [`SIZE_LIMIT`].
    ///
    /// DER must be exactly one SEQUENCE with nothing after it. PEM may have a byte order mark, any line
    /// ends, blank lines, and text around its blocks, of which exactly one must be a certificate.
    ///
    /// # Errors
    /// Says what the file is instead, or which part of it is damaged, and where.
    pub fn read(bytes: &[u8], limit: usize) -> Result<Self, FileError> {
        if bytes.len() > limit {
            return Err(FileError::TooLarge {
                size: bytes.len(),
                limit,
            });
        }
        let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        if text.trim_ascii().is_empty() {
            return Err(FileError::Empty);
        }
        // Before anything else, and in files of any kind.
        if let Some(offset) = private_key_label(bytes) {
            return Err(FileError::HasPrivateKey {
                container: Container::Pem,
                offset,
            });
        }
        if let Some(what) = by_mark(bytes) {
            return Err(FileError::NotACertificate { what });
        }
        if bytes.first() == Some(&0x30) && !is_text(bytes) {
            return read_der(bytes, Container::Der);
        }
        if let Some(begin) = find(bytes, PEM_BEGIN) {
            return read_pem(bytes, begin);
        }
        let what = if is_text(bytes) {
            Recognised::Text
        } else {
            Recognised::Unknown
        };
        Err(FileError::NotACertificate { what })
    }

    /// The certificate, a leaf's or a CA's.
    #[must_use]
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// How it was wrapped.
    #[must_use]
    pub const fn container(&self) -> Container {
        self.container
    }

    /// The certificate, a leaf's or a CA's.
    #[must_use]
    pub fn into_certificate(self) -> Certificate {
        self.certificate
    }

    /// The certificate, if it is an end entity's: what may be put onto a token.
    ///
    /// # Errors
    /// [`FileError::IsCaCertificate`] if it is a CA's.
    pub fn into_end_entity(self) -> Result<Certificate, FileError> {
        if self.certificate.is_ca() {
            let subject = self.certificate.subject().clone();
            return Err(FileError::IsCaCertificate { subject });
        }
        Ok(self.certificate)
    }
}

/// Exactly one certificate in DER, or what the DER is instead.
fn read_der(der: &[u8], container: Container) -> Result<CertificateFile, FileError> {
    let problem = match Certificate::from_der(der) {
        Ok(certificate) => {
            return Ok(CertificateFile {
                certificate,
                container,
            });
        }
        Err(problem) => problem,
    };
    let not_a_certificate = |what| Err(FileError::NotACertificate { what });
    match der_kind(der) {
        DerKind::PrivateKey => {
            return Err(FileError::HasPrivateKey {
                container,
                offset: 0,
            });
        }
        DerKind::Request => return Err(FileError::IsRequest { container }),
        DerKind::Pkcs7 => return not_a_certificate(Recognised::Pkcs7),
        DerKind::Crl => return not_a_certificate(Recognised::Crl),
        DerKind::PublicKey => return not_a_certificate(Recognised::PublicKey),
        DerKind::Other => {}
    }
    match problem {
        CertificateError::Truncated { expected, actual } => {
            // Any file may begin like a SEQUENCE; a certificate goes on with another one.
            let plausible = header(der).and_then(|(_, length, _)| der.get(length)) == Some(&0x30);
            let cut = Recognised::Truncated { expected, actual };
            not_a_certificate(if plausible { cut } else { Recognised::Unknown })
        }
        CertificateError::TrailingBytes { count, offset } => {
            let (first, rest) = der.split_at_checked(offset).unwrap_or((der, &[]));
            // Bytes after something else are no news: what matters is that something else.
            read_der(first, container)?;
            if der_kind(rest) == DerKind::PrivateKey {
                return Err(FileError::HasPrivateKey { container, offset });
            }
            Err(match count_certificates(der) {
                Some(certificates) => FileError::SeveralCertificates {
                    container,
                    count: certificates,
                },
                None => FileError::TrailingBytes {
                    container,
                    count,
                    offset,
                },
            })
        }
        CertificateError::Damaged {
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

/// The number of certificates, if the bytes are certificates one after another and nothing else.
fn count_certificates(mut der: &[u8]) -> Option<usize> {
    let mut count = 0;
    while !der.is_empty() {
        let (_, header, content) = header(der)?;
        let (certificate, rest) = der.split_at_checked(header.checked_add(content)?)?;
        Certificate::from_der(certificate).ok()?;
        count += 1;
        der = rest;
    }
    Some(count)
}

/// The one certificate among the blocks of a PEM file whose first BEGIN is at `begin`.
fn read_pem(bytes: &[u8], begin: usize) -> Result<CertificateFile, FileError> {
    let container = Container::Pem;
    let damaged = |field| FileError::Damaged {
        container,
        field,
        offset: begin,
    };
    let compact = without_blank_lines(bytes);
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
    let begins = bytes
        .windows(PEM_BEGIN.len())
        .filter(|window| *window == PEM_BEGIN)
        .count();
    if blocks.len() != begins {
        return Err(damaged(Field::PemFrame));
    }
    if blocks
        .iter()
        .any(|block| der_kind(block.contents()) == DerKind::PrivateKey)
    {
        return Err(FileError::HasPrivateKey {
            container,
            offset: 0,
        });
    }
    let certificates: Vec<&pem::Pem> = blocks
        .iter()
        .filter(|block| is_certificate_label(block.tag()))
        .collect();
    match certificates.as_slice() {
        [] => Err(without_certificate(&blocks)),
        [block] => read_der(block.contents(), container),
        several => Err(FileError::SeveralCertificates {
            container,
            count: several.len(),
        }),
    }
}

/// What a PEM file without a certificate block holds, by its first block that says so.
fn without_certificate(blocks: &[pem::Pem]) -> FileError {
    let said = blocks.iter().find_map(|block| match block.tag() {
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Some(FileError::IsRequest {
            container: Container::Pem,
        }),
        "PKCS7" | "CMS" => Some(FileError::NotACertificate {
            what: Recognised::Pkcs7,
        }),
        "X509 CRL" => Some(FileError::NotACertificate {
            what: Recognised::Crl,
        }),
        "PUBLIC KEY" | "RSA PUBLIC KEY" => Some(FileError::NotACertificate {
            what: Recognised::PublicKey,
        }),
        _ => None,
    });
    said.unwrap_or(FileError::NotACertificate {
        what: Recognised::Unknown,
    })
}

/// RFC 7468 section 5 and the older label that it says to accept.
fn is_certificate_label(label: &str) -> bool {
    matches!(label, "CERTIFICATE" | "X509 CERTIFICATE")
}

/// Where a PEM label of a private key begins: any of `PRIVATE KEY`, `RSA PRIVATE KEY`,
/// `ENCRYPTED PRIVATE KEY`, `OPENSSH PRIVATE KEY`, `PGP PRIVATE KEY BLOCK` and their like.
fn private_key_label(bytes: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = find(bytes.get(from..)?, PEM_BEGIN) {
        let offset = from + found;
        let label = bytes.get(offset + PEM_BEGIN.len()..)?;
        let end = label
            .iter()
            .position(|octet| matches!(octet, b'-' | b'\n' | b'\r'));
        if find(label.get(..end.unwrap_or(label.len()))?, b"PRIVATE KEY").is_some() {
            return Some(offset);
        }
        from = offset + 1;
    }
    None
}

/// Mail programs double line ends; a blank line would make the PEM parser see headers before it.
fn without_blank_lines(bytes: &[u8]) -> Vec<u8> {
    let lines = bytes.split(|octet| matches!(octet, b'\n' | b'\r'));
    let filled: Vec<&[u8]> = lines.filter(|line| !line.trim_ascii().is_empty()).collect();
    filled.join(&b'\n')
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

#[cfg(test)]
mod tests;
