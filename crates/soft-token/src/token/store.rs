//! One token's file: read again whenever it changed, written whole and flushed, one writer at a time.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use super::{
    Token,
    format::{self, HEADER_LENGTH},
};

/// Why a token's file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("the token's file is gone")]
    Absent,
    #[error("the token's file is damaged or of another version")]
    Unreadable,
    #[error("no space left for the token's file")]
    Full,
    #[error("the token's file cannot be read or written: {0}")]
    Input(#[source] io::Error),
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound {
            Self::Absent
        } else if error.kind() == io::ErrorKind::StorageFull {
            Self::Full
        } else {
            Self::Input(error)
        }
    }
}

/// A token's file and what it held when this process last looked.
#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
    seen: Option<(Vec<u8>, Token)>,
}

impl Store {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, seen: None }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn is_present(&self) -> bool {
        self.path.is_file()
    }

    /// The token as it is now. The header's checksum tells whether the rest must be read again.
    pub(crate) fn read(&mut self) -> Result<&Token, StoreError> {
        let mut file = File::open(&self.path)?;
        let mut bytes = Vec::new();
        (&mut file)
            .take(HEADER_LENGTH as u64)
            .read_to_end(&mut bytes)?;
        let token = match self.seen.take() {
            Some((header, token)) if header == bytes => token,
            Some(_) | None => {
                let mut whole = bytes.clone();
                file.read_to_end(&mut whole)?;
                format::decode(&whole).ok_or(StoreError::Unreadable)?
            }
        };
        Ok(&self.seen.insert((bytes, token)).1)
    }

    /// Changes the token, alone among all processes. What `edit` did is on the disk when this
    /// returns; if `edit` refuses, nothing is written.
    pub(crate) fn change<T, E: From<StoreError>>(
        &mut self,
        edit: impl FnOnce(&mut Token) -> Result<T, E>,
    ) -> Result<T, E> {
        // Released when it is dropped, also when this process is killed.
        let _alone = self.lock()?;
        let before = self.read()?;
        let mut token = before.clone();
        let outcome = edit(&mut token)?;
        if token != *before {
            self.write(token)?;
        }
        Ok(outcome)
    }

    /// Leaves a mark for the next process beside the token.
    pub(crate) fn leave_mark(&self) -> Result<(), StoreError> {
        let mut options = OpenOptions::new();
        options
            .create(true)
            .append(true)
            .open(self.beside("mark"))?;
        Ok(())
    }

    /// Takes the mark away, if there is one.
    pub(crate) fn take_mark(&self) -> bool {
        std::fs::remove_file(self.beside("mark")).is_ok()
    }

    fn lock(&self) -> Result<File, StoreError> {
        let lock = self.open_beside("lock")?;
        lock.lock()?;
        Ok(lock)
    }

    /// What one process at a time can have until it drops it or ends: `None` while another has it.
    pub(crate) fn claim(&self) -> Option<File> {
        let claim = self.open_beside("claim").ok()?;
        claim.try_lock().is_ok().then_some(claim)
    }

    fn open_beside(&self, extension: &str) -> io::Result<File> {
        OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.beside(extension))
    }

    fn write(&mut self, token: Token) -> Result<(), StoreError> {
        let bytes = format::encode(&token).map_err(io::Error::other)?;
        let fresh = self.beside("new");
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .open(&fresh)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        drop(file);
        replace(&fresh, &self.path)?;
        flush_folder_of(&self.path)?;
        let mut header = bytes;
        header.truncate(HEADER_LENGTH);
        self.seen = Some((header, token));
        Ok(())
    }

    fn beside(&self, extension: &str) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(".");
        name.push(extension);
        name.into()
    }
}

#[cfg(unix)]
fn replace(fresh: &Path, path: &Path) -> io::Result<()> {
    std::fs::rename(fresh, path)
}

/// Windows refuses to replace a file while another process has it open; a reader has it open for
/// a moment only.
#[cfg(not(unix))]
fn replace(fresh: &Path, path: &Path) -> io::Result<()> {
    const PAUSE: std::time::Duration = std::time::Duration::from_millis(10);
    for _ in 0..100 {
        match std::fs::rename(fresh, path) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                std::thread::sleep(PAUSE);
            }
            outcome => return outcome,
        }
    }
    std::fs::rename(fresh, path)
}

/// On Unix the new name is on the disk only when the folder is.
#[cfg(unix)]
fn flush_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        Some(_) | None => File::open(".")?.sync_all(),
    }
}

#[cfg(not(unix))]
fn flush_folder_of(_path: &Path) -> io::Result<()> {
    Ok(())
}
