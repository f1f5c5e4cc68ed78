//! What is at hand to judge a certificate by: CA certificates and lists of revoked ones, from files and
//! folders that were named or lie beside the configuration, and from the system's store.

use std::cell::OnceCell;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use chungthu_certificate::chain::{
    Authorities, Chain, End, LIST_SIZE_LIMIT, Origin, RevocationList,
};
use chungthu_certificate::{Certificate, CertificateFile, SIZE_LIMIT};
use time::OffsetDateTime;

use crate::failure::{Failure, from_file, from_list, from_read};
use crate::files;

/// Endings of certificate files, for folders.
const CERTIFICATES: [&str; 6] = ["cer", "crt", "der", "pem", "p7b", "p7c"];
/// Endings of lists of revoked certificates, for folders.
const LISTS: [&str; 3] = ["crl", "der", "pem"];

/// Files and folders to read.
pub(crate) struct Places<'a> {
    /// Of `--ca`.
    pub(crate) given: &'a [PathBuf],
    /// Of the configuration.
    pub(crate) folders: &'a [PathBuf],
    /// Of `--crl`, and of the configuration.
    pub(crate) lists: Vec<PathBuf>,
}

/// What was read, and what in a folder was not.
#[derive(Debug, Default)]
pub(crate) struct Evidence {
    /// The CA certificates of files and folders.
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) authorities: Authorities,
    lists: Vec<RevocationList>,
    pub(crate) skipped: Vec<(PathBuf, Failure)>,
    system: OnceCell<Vec<Certificate>>,
}

impl Evidence {
    /// Reads files and folders. A file that was named must hold what it was named for; in a folder anything
    /// may lie.
    pub(crate) fn read(places: &Places<'_>) -> Result<Self, Failure> {
        let mut evidence = Self::default();
        for (paths, origin) in [
            (places.given, Origin::Given),
            (places.folders, Origin::Folder),
        ] {
            let read = evidence.each(paths, &CERTIFICATES, certificates_of)?;
            evidence.certificates.extend(read.iter().cloned());
            evidence.authorities.add(read, origin);
        }
        evidence.lists = evidence.each(&places.lists, &LISTS, lists_of)?;
        Ok(evidence)
    }

    fn each<Kind>(
        &mut self,
        paths: &[PathBuf],
        endings: &[&str],
        read: impl Fn(&Path) -> Result<Vec<Kind>, Failure>,
    ) -> Result<Vec<Kind>, Failure> {
        let mut all = Vec::new();
        for path in paths {
            if !path.is_dir() {
                all.extend(read(path)?);
                continue;
            }
            for file in files_in(path, endings).map_err(|error| from_read(path, &error))? {
                match read(&file) {
                    Ok(found) => all.extend(found),
                    Err(failure) => self.skipped.push((file, failure)),
                }
            }
        }
        Ok(all)
    }

    /// The chain of a certificate. `beside` are the CA certificates that came with it. The system's store is
    /// read once, and only where nothing else anchors a chain.
    pub(crate) fn chain(
        &self,
        certificate: &Certificate,
        beside: &[Certificate],
        origin: Origin,
        now: OffsetDateTime,
    ) -> Chain {
        let mut authorities = self.authorities.clone();
        authorities.add(beside.iter().cloned(), origin);
        let chain = Chain::build(certificate, &authorities, &self.lists, now);
        match chain.end {
            End::SelfSigned | End::Incomplete => {
                let system = self.system.get_or_init(system_store);
                authorities.add(system.iter().cloned(), Origin::System);
                Chain::build(certificate, &authorities, &self.lists, now)
            }
            End::Anchored(_) | End::BadSignature { .. } => chain,
        }
    }
}

fn certificates_of(path: &Path) -> Result<Vec<Certificate>, Failure> {
    let bytes = files::read(path, SIZE_LIMIT).map_err(|error| from_read(path, &error))?;
    let file =
        CertificateFile::read(&bytes, SIZE_LIMIT).map_err(|error| from_file(path, &error))?;
    Ok(file.certificates().to_vec())
}

fn lists_of(path: &Path) -> Result<Vec<RevocationList>, Failure> {
    let bytes = files::read(path, LIST_SIZE_LIMIT).map_err(|error| from_read(path, &error))?;
    RevocationList::read(&bytes).map_err(|error| from_list(path, error))
}

/// What this computer trusts. One that cannot be read is none: nothing is less safe for it.
fn system_store() -> Vec<Certificate> {
    let store = rustls_native_certs::load_native_certs();
    for error in &store.errors {
        tracing::info!(%error, "the system's certificates");
    }
    let certificates = store.certs.iter();
    certificates
        .filter_map(|der| Certificate::from_der(der).ok())
        .collect()
}

/// The files in a folder that are certificates by their names, sorted.
pub(crate) fn certificate_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    files_in(folder, &CERTIFICATES)
}

fn files_in(folder: &Path, endings: &[&str]) -> std::io::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| has_ending(path, endings))
        .collect();
    files.sort();
    Ok(files)
}

/// A name with one of the endings. Mail programs and the Notepad put `.txt` behind it.
fn has_ending(path: &Path, endings: &[&str]) -> bool {
    let is_known = |ending: &OsStr| endings.iter().any(|one| ending.eq_ignore_ascii_case(one));
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
        let is_one = |name| has_ending(Path::new(name), &CERTIFICATES);
        for name in [
            "moi.cer",
            "MOI.CER.TXT",
            "a/moi.crt.txt",
            "moi.p7b.txt",
            "moi.pem.txt",
        ] {
            assert!(is_one(name), "{name}");
        }
        for name in [
            "ghi-chu.txt",
            "cer.txt",
            ".cer.txt",
            "moi.txt.txt",
            "moi.cer.bak",
            "cer",
        ] {
            assert!(!is_one(name), "{name}");
        }
    }
}
