//! The files that `install` is given: all are read and sorted before any driver is started.

use std::io;
use std::path::{Path, PathBuf};

use chungthu_certificate::{Certificate, CertificateFile, SIZE_LIMIT};

use crate::arguments::is_standard_input;
use crate::evidence::certificate_files;
use crate::failure::{Failure, from_file, from_read, no_certificate_in_folder, only_authorities};
use crate::files;

/// What lies in the files.
pub(super) struct Papers {
    /// The first end entity's certificate.
    pub(super) first: Paper,
    /// Those of others, each once: one of them all is meant for the token.
    pub(super) others: Vec<Paper>,
    /// The authorities' certificates beside them.
    pub(super) issuers: Vec<Certificate>,
}

/// A certificate and the file it came in.
pub(super) struct Paper {
    /// As it was named.
    pub(super) file: String,
    pub(super) certificate: Certificate,
}

/// Reads all files; a folder stands for the certificate files in it. One file that is not taken spoils
/// the run: it may be the one that was meant.
pub(super) fn read(paths: &[PathBuf]) -> Result<Papers, Failure> {
    let (mut candidates, mut issuers) = (Vec::<Paper>::new(), Vec::new());
    let mut first_path = None;
    for path in in_folders(paths)? {
        let file = read_file(&path)?;
        for certificate in file.candidates() {
            let is_known = |paper: &Paper| paper.certificate == *certificate;
            if !candidates.iter().any(is_known) {
                candidates.push(Paper {
                    file: path.display().to_string(),
                    certificate: certificate.clone(),
                });
            }
        }
        issuers.extend(file.issuers().cloned());
        first_path.get_or_insert(path);
    }
    let mut candidates = candidates.into_iter();
    match (candidates.next(), first_path, issuers.first()) {
        (Some(first), _, _) => Ok(Papers {
            first,
            others: candidates.collect(),
            issuers,
        }),
        (None, Some(path), Some(authority)) => Err(only_authorities(&path, authority.subject())),
        (None, _, _) => Err(Failure::internal(&"no file was read")),
    }
}

/// Reads a file, or standard input for `-`. No driver has been loaded yet.
pub(super) fn read_file(path: &Path) -> Result<CertificateFile, Failure> {
    let bytes = if is_standard_input(path) {
        files::read_from(io::stdin().lock(), SIZE_LIMIT)
    } else {
        files::read(path, SIZE_LIMIT)
    };
    let bytes = bytes.map_err(|error| from_read(path, &error))?;
    CertificateFile::read(&bytes, SIZE_LIMIT).map_err(|error| from_file(path, &error))
}

pub(super) fn in_folders(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut all = Vec::new();
    for path in paths {
        if path.is_dir() {
            let files = certificate_files(path).map_err(|error| from_read(path, &error))?;
            if files.is_empty() {
                return Err(no_certificate_in_folder(path));
            }
            all.extend(files);
        } else {
            all.push(path.clone());
        }
    }
    Ok(all)
}
