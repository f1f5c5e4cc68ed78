//! Locks: a token for one run at a time, and for the driver host of a run that was killed.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use chungthu_certificate::lower_hex;
use chungthu_certificate::records::StorageError;

use super::{Archive, make_folder, problem};

/// What came of locking a token.
#[derive(Debug)]
#[must_use]
pub(crate) enum Locked {
    Now(TokenLock),
    ByAnotherRun,
    /// The program of that run is gone; its driver host is still in a call, and ends in some seconds.
    ByHostOfKilledRun,
}

/// A token that this run has to itself, as far as other runs of the program go. The system opens the
/// lock when the process ends, however it ends; the file stays and means nothing.
#[derive(Debug)]
#[must_use]
pub(crate) struct TokenLock {
    /// The file that this run's driver host is to hold.
    pub(crate) host: PathBuf,
    _run: File,
}

/// Locks a file for as long as what it gives lives. `None` if another process holds it.
pub(crate) fn hold(path: &Path) -> io::Result<Option<File>> {
    let file = lockable(path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        // a file system that has no locks is no reason to stop: the fences hold without them
        Err(TryLockError::Error(error)) => tracing::warn!(%error, "no lock"),
    }
    Ok(Some(file))
}

/// Readable and writable, because Windows locks nothing that is open for appending alone.
fn lockable(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

impl Archive {
    /// Locks the token with this serial against other runs with the same home. Tokens without a serial
    /// share one lock.
    pub(crate) fn lock(&self, serial: &str) -> Result<Locked, StorageError> {
        // in digits, because a serial may hold what no file name may
        let name = lower_hex(serial.as_bytes());
        let place = |end| self.home.join("locks").join(format!("{name}.{end}"));
        let (run, host) = (place("lock"), place("host"));
        make_folder(&self.home.join("locks")).map_err(|error| problem(&run, &error))?;
        let Some(lock) = hold(&run).map_err(|error| problem(&run, &error))? else {
            return Ok(Locked::ByAnotherRun);
        };
        // only looked at: it is for the driver host of this run
        let is_left = host.exists()
            && hold(&host)
                .map_err(|error| problem(&host, &error))?
                .is_none();
        if is_left {
            return Ok(Locked::ByHostOfKilledRun);
        }
        Ok(Locked::Now(TokenLock { host, _run: lock }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_locked_once_until_the_lock_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::new(folder.path().join("home"));
        let first = archive.lock("4D7A").unwrap();
        assert!(matches!(first, Locked::Now(_)));
        let second = archive.lock("4D7A").unwrap();
        assert!(matches!(second, Locked::ByAnotherRun));
        let other = archive.lock("4d7a").unwrap();
        let is_other = matches!(other, Locked::Now(_));
        assert!(is_other, "another serial is another token");
        drop(first);
        assert!(matches!(archive.lock("4D7A").unwrap(), Locked::Now(_)));
    }

    #[test]
    fn a_token_stays_locked_while_the_host_of_a_killed_run_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::new(folder.path().join("home"));
        let Locked::Now(lock) = archive.lock("4D7A").unwrap() else {
            panic!("nobody has it");
        };
        let host = hold(&lock.host).unwrap();
        assert!(host.is_some());
        drop(lock);
        let locked = archive.lock("4D7A").unwrap();
        assert!(matches!(locked, Locked::ByHostOfKilledRun));
        drop(host);
        assert!(matches!(archive.lock("4D7A").unwrap(), Locked::Now(_)));
    }

    #[test]
    fn a_serial_of_any_characters_names_a_lock() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::new(folder.path().join("home"));
        let longest = "\u{FFFD}".repeat(16);
        for serial in ["", "../..", "a/b\\c:d*e", "nul", "\0\u{1}", &longest] {
            let locked = archive.lock(serial).unwrap();
            assert!(matches!(locked, Locked::Now(_)), "{serial:?}");
        }
        let locks = std::fs::read_dir(folder.path().join("home/locks")).unwrap();
        assert_eq!(locks.count(), 6);
    }
}
