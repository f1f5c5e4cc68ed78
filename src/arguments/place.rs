//! Where a file's bytes come from, so that one place under two names is known.

use std::path::Path;

/// Device and inode.
#[cfg(unix)]
pub(super) type Place = (u64, u64);

/// The file's whole name; `None` inside for standard input.
#[cfg(windows)]
pub(super) type Place = Option<std::path::PathBuf>;

/// The place of a file, by whatever name; `None` if it cannot be looked at.
#[cfg(unix)]
pub(super) fn of(file: &Path) -> Option<Place> {
    std::fs::metadata(file).ok().as_ref().map(of_metadata)
}

/// The place that standard input reads from.
#[cfg(unix)]
pub(super) fn of_standard_input() -> Option<Place> {
    let metadata = crate::files::standard_input().and_then(|file| file.metadata());
    metadata.ok().as_ref().map(of_metadata)
}

#[cfg(unix)]
fn of_metadata(metadata: &std::fs::Metadata) -> Place {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.dev(), metadata.ino())
}

/// The place of a file, by whatever name; `None` if it cannot be looked at.
#[cfg(windows)]
pub(super) fn of(file: &Path) -> Option<Place> {
    let is_console = |name: &str| file.as_os_str().eq_ignore_ascii_case(name);
    if ["CON", "CONIN$"].into_iter().any(is_console) {
        return of_standard_input();
    }
    std::fs::canonicalize(file).ok().map(Some)
}

/// The place that standard input reads from: Windows tells no name of it.
#[cfg(windows)]
#[expect(
    clippy::unnecessary_wraps,
    reason = "the other systems may not know it"
)]
pub(super) fn of_standard_input() -> Option<Place> {
    Some(None)
}
