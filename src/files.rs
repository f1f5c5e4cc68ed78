//! Files: the only place that writes one. New file, flush, rename, flush the folder; for the owner only.

mod locks;

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use chungthu_certificate::records::{RecordEnd, RecordKind, Storage, StorageError};

pub(crate) use locks::{Locked, TokenLock, hold};

/// Whether a file that is there already may be written over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Existing {
    Keep,
    Replace,
}

/// Reads at most one byte more than `limit`, so that the reader can tell that it was too much.
pub(crate) fn read(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    is_plain(path)?;
    read_from(File::open(path)?, limit)
}

/// A pipe or a device would keep the program waiting at its opening already.
fn is_plain(path: &Path) -> io::Result<()> {
    let kind = std::fs::metadata(path)?;
    if kind.is_file() {
        Ok(())
    } else if kind.is_dir() {
        Err(io::Error::from(ErrorKind::IsADirectory))
    } else {
        Err(io::Error::new(
            ErrorKind::InvalidInput,
            "not a regular file",
        ))
    }
}

/// The same from any source, into one buffer that never moves: it may hold a PIN, and then the caller
/// wipes it.
pub(crate) fn read_from(source: impl io::Read, limit: usize) -> io::Result<Vec<u8>> {
    // one more than is read, so that even a full read needs no second buffer
    let mut bytes = Vec::with_capacity(limit.saturating_add(2));
    source.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Standard input without the standard library's own buffer, which would keep a PIN.
#[cfg(unix)]
pub(crate) fn standard_input() -> io::Result<File> {
    use std::os::fd::AsFd as _;
    io::stdin().as_fd().try_clone_to_owned().map(File::from)
}

/// Standard input without the standard library's own buffer, which would keep a PIN.
#[cfg(windows)]
pub(crate) fn standard_input() -> io::Result<File> {
    use std::os::windows::io::AsHandle as _;
    io::stdin().as_handle().try_clone_to_owned().map(File::from)
}

/// Writes a whole file: what was there before is either still there or wholly replaced.
pub(crate) fn write(path: &Path, contents: &[u8], existing: Existing) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    let mut file = tempfile::Builder::new()
        .prefix(".chungthu-")
        .tempfile_in(folder)?;
    file.write_all(contents)?;
    file.as_file().sync_all()?;
    match existing {
        Existing::Keep => file.persist_noclobber(path),
        Existing::Replace => file.persist(path),
    }
    .map_err(|error| error.error)?;
    flush_folder(folder)
}

/// A file that lines are added to, made if it is not there.
pub(crate) fn appending(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A folder with all that lead to it; what is made is for the owner only.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A new name in a folder is only sure after the folder itself is on the disk.
#[cfg(unix)]
fn flush_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Windows flushes a folder's entry with the file.
#[cfg(not(unix))]
fn flush_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Backups, journals, counts of failed logins, runs that were cut off and the history as files below one
/// folder.
#[derive(Clone, Debug)]
pub(crate) struct Archive {
    home: PathBuf,
}

impl Archive {
    /// The archive in this folder, which is made when the first record is kept.
    pub(crate) const fn new(home: PathBuf) -> Self {
        Self { home }
    }

    /// Where a record is, or will be.
    pub(crate) fn place(&self, kind: RecordKind, name: &str) -> PathBuf {
        let folder = match kind {
            RecordKind::Backup => "backups",
            RecordKind::Journal => "journal",
            RecordKind::History => "",
            RecordKind::PinTries => "pin-tries",
            RecordKind::CutOff => "cut-off",
        };
        self.home.join(folder).join(name)
    }

    /// Whether all that a run cannot do without can be written, tried with more bytes than one such record
    /// has. The history is not among it: it only tells what was done.
    pub(crate) fn is_writable(&self) -> Result<(), StorageError> {
        const ENOUGH: &[u8] = &[0; 64 * 1024];
        for kind in [
            RecordKind::Backup,
            RecordKind::Journal,
            RecordKind::PinTries,
            RecordKind::CutOff,
        ] {
            let folder = self.place(kind, "");
            make_folder(&folder)
                .and_then(|()| tempfile::tempfile_in(&folder)?.write_all(ENOUGH))
                .map_err(|error| problem(&folder, &error))?;
        }
        Ok(())
    }
}

impl Storage for Archive {
    fn create(
        &mut self,
        kind: RecordKind,
        name: &str,
        contents: &[u8],
    ) -> Result<String, StorageError> {
        let path = self.place(kind, name);
        path.parent()
            .map_or(Ok(()), make_folder)
            .and_then(|()| write(&path, contents, Existing::Keep))
            .map_err(|error| problem(&path, &error))?;
        Ok(path.display().to_string())
    }

    fn append(&mut self, kind: RecordKind, name: &str, line: &[u8]) -> Result<(), StorageError> {
        let path = self.place(kind, name);
        let is_new = !path.exists();
        let appended = path.parent().map_or(Ok(()), make_folder).and_then(|()| {
            let cut = if ends_inside_a_line(&path)? { "\n" } else { "" };
            let mut file = appending(&path)?;
            // in one write, so that two programs do not write into each other's line
            file.write_all(&[cut.as_bytes(), line, b"\n"].concat())?;
            file.sync_data()?;
            match path.parent() {
                Some(folder) if is_new => flush_folder(folder),
                Some(_) | None => Ok(()),
            }
        });
        appended.map_err(|error| problem(&path, &error))
    }

    fn read_end(
        &self,
        kind: RecordKind,
        name: &str,
        limit: usize,
    ) -> Result<RecordEnd, StorageError> {
        let path = self.place(kind, name);
        read_end(&path, limit).map_err(|error| problem(&path, &error))
    }

    fn empty(&mut self, kind: RecordKind, name: &str) -> Result<(), StorageError> {
        let path = self.place(kind, name);
        let opened = is_plain(&path)
            .and_then(|()| OpenOptions::new().write(true).truncate(true).open(&path));
        let emptied = match opened {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            opened => opened.and_then(|file| file.sync_all()),
        };
        emptied.map_err(|error| problem(&path, &error))
    }
}

/// The last `limit` bytes; none of a file that is not there.
fn read_end(path: &Path, limit: usize) -> io::Result<RecordEnd> {
    let mut end = RecordEnd {
        bytes: Vec::new(),
        is_whole: true,
    };
    let mut file = match is_plain(path).and_then(|()| File::open(path)) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(end),
        opened => opened?,
    };
    let begin = file.metadata()?.len().saturating_sub(limit as u64);
    end.is_whole = begin == 0;
    file.seek(SeekFrom::Start(begin))?;
    file.take(limit as u64).read_to_end(&mut end.bytes)?;
    Ok(end)
}

/// Whether the last line has no end: its writing was cut.
fn ends_inside_a_line(path: &Path) -> io::Result<bool> {
    let last = read_end(path, 1)?.bytes;
    Ok(last.first().is_some_and(|octet| *octet != b'\n'))
}

fn problem(path: &Path, error: &io::Error) -> StorageError {
    StorageError {
        place: path.display().to_string(),
        detail: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let mut archive = Archive::new(folder.path().join("home"));
        let place = archive.create(RecordKind::Backup, "one", b"first").unwrap();
        assert!(
            archive
                .create(RecordKind::Backup, "one", b"second")
                .is_err()
        );
        assert_eq!(read(Path::new(&place), 100).unwrap(), b"first");
    }

    #[test]
    fn lines_are_added_one_after_another() {
        let folder = tempfile::tempdir().unwrap();
        let mut archive = Archive::new(folder.path().to_owned());
        archive.append(RecordKind::Journal, "j", b"a").unwrap();
        archive.append(RecordKind::Journal, "j", b"b").unwrap();
        assert_eq!(
            read(&folder.path().join("journal/j"), 100).unwrap(),
            b"a\nb\n"
        );
    }

    #[test]
    fn a_line_that_was_cut_does_not_swallow_the_next_one() {
        let folder = tempfile::tempdir().unwrap();
        let mut archive = Archive::new(folder.path().to_owned());
        let file = archive.place(RecordKind::History, "h");
        write(&file, b"whole\ncu", Existing::Keep).unwrap();
        archive.append(RecordKind::History, "h", b"next").unwrap();
        assert_eq!(read(&file, 100).unwrap(), b"whole\ncu\nnext\n");
    }

    #[test]
    fn of_a_long_record_the_end_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let mut archive = Archive::new(folder.path().to_owned());
        let end = |archive: &Archive, limit| {
            let end = archive.read_end(RecordKind::History, "h", limit).unwrap();
            (end.bytes, end.is_whole)
        };
        assert_eq!(end(&archive, 4), (vec![], true));
        archive.append(RecordKind::History, "h", b"abc").unwrap();
        assert_eq!(end(&archive, 4), (b"abc\n".to_vec(), true));
        assert_eq!(end(&archive, 3), (b"bc\n".to_vec(), false));
        archive.empty(RecordKind::History, "h").unwrap();
        assert_eq!(end(&archive, 4), (vec![], true));
    }

    #[test]
    fn what_is_not_there_is_empty() {
        let folder = tempfile::tempdir().unwrap();
        let mut archive = Archive::new(folder.path().join("home"));
        archive.empty(RecordKind::History, "h").unwrap();
        assert!(!folder.path().join("home").exists());
    }

    #[test]
    fn a_home_that_is_no_folder_can_be_told_before_anything_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("home");
        let archive = Archive::new(home.clone());
        archive.is_writable().unwrap();
        assert_eq!(std::fs::read_dir(home.join("backups")).unwrap().count(), 0);
        write(&folder.path().join("file"), b"x", Existing::Keep).unwrap();
        let archive = Archive::new(folder.path().join("file"));
        assert!(archive.is_writable().is_err());
        assert!(archive.lock("4D7A").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn records_are_for_their_owner_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let mut archive = Archive::new(folder.path().join("home"));
        let place = archive.create(RecordKind::Backup, "one", b"x").unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(Path::new(&place)), 0o600);
        assert_eq!(mode(&folder.path().join("home/backups")), 0o700);
    }

    #[test]
    fn an_export_keeps_a_file_that_is_there_unless_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.cer");
        write(&path, b"one", Existing::Keep).unwrap();
        assert_eq!(
            write(&path, b"two", Existing::Keep).unwrap_err().kind(),
            ErrorKind::AlreadyExists
        );
        write(&path, b"two", Existing::Replace).unwrap();
        assert_eq!(read(&path, 100).unwrap(), b"two");
    }
}
