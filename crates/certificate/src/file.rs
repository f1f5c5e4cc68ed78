//! What a certificate file holds: certificates, or the exact reason why none is taken.

mod ber;
mod binary;
mod blocks;
mod pkcs7;
mod text;

use std::collections::HashSet;

pub(crate) use self::text::as_utf8;
use crate::certificate::Certificate;
use crate::layout::Field;
use crate::recognise::{Recognised, by_mark, is_key_store};

/// The largest file that is read, in bytes. A certificate has 1 to 3 KiB; whoever reads the file should
/// stop here too.
pub const SIZE_LIMIT: usize = 1024 * 1024;

/// A file that holds certificates and nothing that must not be there. Most hold one; a `.p7b` holds a
/// subscriber's with those of the authorities above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFile {
    certificates: Vec<Certificate>,
    container: Container,
}

/// How the certificates were wrapped in the file. Any text may be UTF-8 or UTF-16.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// The bare DER.
    Der,
    /// PEM blocks: base64 between BEGIN and END lines (RFC 7468).
    Pem,
    /// Base64 without such lines.
    Base64,
    /// PKCS#7 (`.p7b`), in DER or BER.
    Pkcs7,
    /// PKCS#7 in PEM, under whatever label.
    Pkcs7Pem,
    /// PKCS#7 in base64 without BEGIN and END lines.
    Pkcs7Base64,
}

impl Container {
    /// The same armour with PKCS#7 in it.
    const fn with_pkcs7(self) -> Self {
        match self {
            Self::Der | Self::Pkcs7 => Self::Pkcs7,
            Self::Pem | Self::Pkcs7Pem => Self::Pkcs7Pem,
            Self::Base64 | Self::Pkcs7Base64 => Self::Pkcs7Base64,
        }
    }
}

/// What a private key came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrivateKeyForm {
    /// The key alone, encrypted or not, or beside other blocks.
    Bare,
    /// A key store, where the key and its certificate are locked up together: PKCS#12 (`.p12`, `.pfx`)
    /// or Java's own.
    Store,
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
        /// Where it begins: in the file for DER and for PEM frame and text, in the decoded bytes for
        /// what is inside PEM, base64 and PKCS#7; in a text with its byte order mark left out.
        offset: usize,
    },
    /// Bytes follow the certificate.
    #[error("{count} bytes follow the certificate at byte {offset} ({container:?})")]
    TrailingBytes {
        /// The container.
        container: Container,
        /// How many.
        count: usize,
        /// Where they begin; for PEM and base64, in the decoded bytes.
        offset: usize,
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
        /// What it came in.
        form: PrivateKeyForm,
        /// The container of the key.
        container: Container,
        /// Where it begins; for a key inside a PEM block of another label or in base64, in
        /// the decoded bytes.
        offset: usize,
    },
}

impl CertificateFile {
    /// Reads a file's bytes; `limit` is usually [`SIZE_LIMIT`].
    ///
    /// Binary files are certificates in DER, or PKCS#7 in DER or BER, one after another with nothing
    /// after the last. PEM may have any line ends, blank lines, other blocks, and text around. Base64
    /// may be wrapped in any way. Texts may have a byte order mark and may be UTF-16. A certificate that
    /// is there twice counts once.
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
        let bytes = &*as_utf8(bytes);
        if bytes.trim_ascii().is_empty() {
            return Err(FileError::Empty);
        }
        refuse_private_keys(bytes)?;
        if let Some(what) = by_mark(bytes) {
            return Err(FileError::NotACertificate { what });
        }
        let mut certificates = Vec::new();
        let is_text = text::is_text(bytes);
        let (armour, is_pkcs7) = if bytes.first() == Some(&0x30) && !is_text {
            let is_pkcs7 = binary::read(bytes, Container::Der, &mut certificates)?;
            (Container::Der, is_pkcs7)
        } else if let Some(begin) = blocks::first(bytes) {
            let is_pkcs7 = blocks::read(bytes, begin, &mut certificates)?;
            (Container::Pem, is_pkcs7)
        } else if let Some(decoded) = text::from_base64(bytes) {
            let is_pkcs7 = read_base64(&decoded, &mut certificates)?;
            (Container::Base64, is_pkcs7)
        } else {
            let what = if is_text {
                Recognised::Text
            } else {
                Recognised::Unknown
            };
            return Err(FileError::NotACertificate { what });
        };
        let mut known = HashSet::new();
        certificates.retain(|certificate| known.insert(*certificate.sha256_bytes()));
        let container = if is_pkcs7 {
            armour.with_pkcs7()
        } else {
            armour
        };
        Ok(Self {
            certificates,
            container,
        })
    }

    /// All certificates, at least one, in the order of the file.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// The end entities' certificates: one of them may be for a token.
    pub fn candidates(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates.iter().filter(|one| !one.is_ca())
    }

    /// The authorities' certificates: they may have issued the others.
    pub fn issuers(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates.iter().filter(|one| one.is_ca())
    }

    /// How they were wrapped.
    #[must_use]
    pub const fn container(&self) -> Container {
        self.container
    }
}

/// Before anything else, and in files of any kind.
fn refuse_private_keys(bytes: &[u8]) -> Result<(), FileError> {
    if let Some(offset) = blocks::private_key(bytes) {
        return Err(FileError::HasPrivateKey {
            form: PrivateKeyForm::Bare,
            container: Container::Pem,
            offset,
        });
    }
    if is_key_store(bytes) {
        return Err(FileError::HasPrivateKey {
            form: PrivateKeyForm::Store,
            container: Container::Der,
            offset: 0,
        });
    }
    Ok(())
}

/// Any word is base64 for something; only what comes out tells that it was meant so.
fn read_base64(decoded: &[u8], certificates: &mut Vec<Certificate>) -> Result<bool, FileError> {
    refuse_private_keys(decoded)?;
    let unknown = FileError::NotACertificate {
        what: Recognised::Unknown,
    };
    match binary::read(decoded, Container::Base64, certificates) {
        Err(problem) if problem == unknown => Err(FileError::NotACertificate {
            what: Recognised::Text,
        }),
        outcome => outcome,
    }
}

#[cfg(test)]
mod tests;
