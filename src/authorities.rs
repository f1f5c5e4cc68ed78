//! CA certificates at hand: files and folders that the user named or keeps beside the configuration.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use chungthu_certificate::{Certificate, CertificateFile, SIZE_LIMIT};

use crate::failure::{Failure, from_file, from_read};
use crate::files;

/// Endings of certificate files, for folders.
const ENDINGS: [&str; 6] = ["cer", "crt", "der", "pem", "p7b", "p7c"];

/// What was read, and what in a folder was not.
#[derive(Debug, Default)]
pub(crate) struct Authorities {
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) skipped: Vec<(PathBuf, Failure)>,
}

/// Reads files and folders. A file that was named must hold certificates; in a folder anything may lie.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Authorities, Failure> {
    let mut authorities = Authorities::default();
    for path in paths {
        if path.is_dir() {
            for file in certificate_files(path).map_err(|error| from_read(path, &error))? {
                match read_one(&file) {
                    Ok(certificates) => authorities.certificates.extend(certificates),
                    Err(failure) => authorities.skipped.push((file, failure)),
                }
            }
        } else {
            authorities.certificates.extend(read_one(path)?);
        }
    }
    Ok(authorities)
}

fn read_one(path: &Path) -> Result<Vec<Certificate>, Failure> {
    let bytes = files::read(path, SIZE_LIMIT).map_err(|error| from_read(path, &error))?;
    let file =
        CertificateFile::read(&bytes, SIZE_LIMIT).map_err(|error| from_file(path, &error))?;
    Ok(file.certificates().to_vec())
}

/// The files in a folder that are certificates by their names, sorted.
pub(crate) fn certificate_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| is_named_as_certificate(path))
        .collect();
    files.sort();
    Ok(files)
}

/// A name with one of the endings. Mail programs and the Notepad put `.txt` behind it.
fn is_named_as_certificate(path: &Path) -> bool {
    let is_known = |ending: &OsStr| ENDINGS.iter().any(|one| ending.eq_ignore_ascii_case(one));
    path.extension().is_some_and(|ending| {
        is_known(ending)
            || ending.eq_ignore_ascii_case("txt")
                && path
                    .file_stem()
                    .and_then(|stem| Path::new(stem).extension())
                    .is_some_and(is_known)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_saved_as_text_is_named_as_one() {
        for name in [
            "moi.cer",
            "MOI.CER.TXT",
            "a/moi.crt.txt",
            "moi.p7b.txt",
            "moi.pem.txt",
        ] {
            assert!(is_named_as_certificate(Path::new(name)), "{name}");
        }
        for name in [
            "ghi-chu.txt",
            "cer.txt",
            ".cer.txt",
            "moi.txt.txt",
            "moi.cer.bak",
            "cer",
        ] {
            assert!(!is_named_as_certificate(Path::new(name)), "{name}");
        }
    }
}
