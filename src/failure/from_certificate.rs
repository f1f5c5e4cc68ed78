//! Certificate files that are not taken: from the reader's facts to words.

use std::io;
use std::path::Path;

use chungthu_certificate::chain::{LIST_SIZE_LIMIT, ListError};
use chungthu_certificate::{DistinguishedName, Field, FileError, PrivateKeyForm, Recognised};

use super::{Code, Failure};
use crate::words::{Hint, What};

/// A file that could not be read at all.
pub(crate) fn from_read(path: &Path, error: &io::Error) -> Failure {
    let file = path.display().to_string();
    let failure = if error.kind() == io::ErrorKind::NotFound {
        Failure::new(Code::FileUnreadable, What::FileNotFound { file })
    } else {
        Failure::new(Code::FileUnreadable, What::FileUnreadable { file }).detail(error)
    };
    failure.hint(Hint::CheckPath)
}

/// A file that is not taken.
pub(crate) fn from_file(path: &Path, error: &FileError) -> Failure {
    let file = path.display().to_string();
    match error {
        FileError::Empty => not_a_certificate(
            What::FileEmpty { file },
            &[Hint::SaveFromOfficialMail, Hint::AskNewFile],
        ),
        FileError::TooLarge { limit, .. } => Failure::new(
            Code::FileTooLarge,
            What::FileTooLarge {
                file,
                limit: limit / 1024,
            },
        )
        .hint(Hint::SaveFromOfficialMail),
        FileError::NotACertificate { what } => from_recognised(file, *what),
        FileError::Damaged {
            field: Field::PemFrame | Field::PemText,
            ..
        } => not_a_certificate(
            What::FilePemDamaged { file },
            &[Hint::SaveFromOfficialMail, Hint::AskNewFile],
        ),
        FileError::Damaged { field, offset, .. } => not_a_certificate(
            What::FileDamaged {
                file,
                field: format!("{field:?}"),
                offset: *offset,
            },
            &[Hint::SaveFromOfficialMail, Hint::AskNewFile],
        ),
        FileError::TrailingBytes { count, offset, .. } => Failure::new(
            Code::FileTrailingBytes,
            What::FileTrailingBytes {
                file,
                count: *count,
                offset: *offset,
            },
        )
        .hint(Hint::SaveFromOfficialMail)
        .hint(Hint::AskNewFile),
        FileError::IsRequest { .. } => {
            Failure::new(Code::FileIsRequest, What::FileIsRequest { file })
                .hint(Hint::FindSubscriberFile)
        }
        FileError::HasPrivateKey { form, .. } => {
            let what = match form {
                PrivateKeyForm::Bare => What::FileHasPrivateKey { file },
                PrivateKeyForm::Store => What::FileIsKeyStore { file },
            };
            Failure::new(Code::FileHasPrivateKey, what)
                .hint(Hint::MovePrivateKey)
                .hint(Hint::AskManagingAgency)
        }
    }
}

/// A file that holds no list of revoked certificates.
pub(crate) fn from_list(path: &Path, error: ListError) -> Failure {
    let file = path.display().to_string();
    let what = match error {
        ListError::NotAList => What::FileIsNoList { file },
        ListError::TrailingBytes => What::FileIsListWithMore { file },
        ListError::TooLarge => What::FileIsListTooLarge {
            file,
            limit: LIST_SIZE_LIMIT / 1024 / 1024,
        },
    };
    Failure::new(Code::CrlUnreadable, what).hint(Hint::DownloadList)
}

/// Files of authorities' certificates alone; this is the first.
pub(crate) fn only_authorities(path: &Path, subject: &DistinguishedName) -> Failure {
    let what = What::FileIsCaCertificate {
        file: path.display().to_string(),
        subject: subject
            .common_name()
            .map_or_else(|| subject.to_rfc4514(), str::to_owned),
    };
    Failure::new(Code::FileIsCaCertificate, what).hint(Hint::FindSubscriberFile)
}

/// A folder in which no file has the name of a certificate file.
pub(crate) fn no_certificate_in_folder(path: &Path) -> Failure {
    let what = What::FolderWithoutCertificates {
        folder: path.display().to_string(),
    };
    Failure::new(Code::FileUnreadable, what).hint(Hint::CheckPath)
}

fn from_recognised(file: String, what: Recognised) -> Failure {
    let original = &[Hint::SaveFromOfficialMail, Hint::AskNewFile];
    match what {
        Recognised::Html => not_a_certificate(What::FileIsHtml { file }, original),
        Recognised::Zip => archive(file, "ZIP"),
        Recognised::Rar => archive(file, "RAR"),
        Recognised::SevenZip => archive(file, "7-Zip"),
        Recognised::Gzip => archive(file, "gzip"),
        Recognised::Pdf => not_a_certificate(What::FileIsPdf { file }, original),
        Recognised::Text => not_a_certificate(What::FileIsText { file }, original),
        Recognised::Pkcs7 => not_a_certificate(What::FileIsPkcs7 { file }, original),
        Recognised::SignedDocument => {
            not_a_certificate(What::FileIsSignedDocument { file }, original)
        }
        Recognised::OfficeDocument => {
            not_a_certificate(What::FileIsOfficeDocument { file }, original)
        }
        Recognised::Image => not_a_certificate(What::FileIsImage { file }, original),
        Recognised::Crl => not_a_certificate(What::FileIsCrl { file }, original),
        Recognised::PublicKey => not_a_certificate(What::FileIsPublicKey { file }, original),
        Recognised::Truncated { expected, actual } => not_a_certificate(
            What::FileTruncated {
                file,
                expected,
                actual,
            },
            original,
        ),
        Recognised::Unfinished => not_a_certificate(What::FileUnfinished { file }, original),
        Recognised::Unknown => not_a_certificate(What::FileIsUnknown { file }, original),
    }
}

fn archive(file: String, format: &str) -> Failure {
    let format = format.to_owned();
    not_a_certificate(What::FileIsArchive { file, format }, &[Hint::UnpackFile])
}

fn not_a_certificate(what: What, hints: &[Hint]) -> Failure {
    let failure = Failure::new(Code::FileNotACertificate, what);
    hints.iter().cloned().fold(failure, Failure::hint)
}
