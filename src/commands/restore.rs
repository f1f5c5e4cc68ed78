//! `restore`: reads a backup and walks from there to the report, as an install does.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chungthu_certificate::install::Request;
use chungthu_certificate::records::{Backup, BackupError};

use super::walk::{self, Walk};
use super::{Desk, show};
use crate::arguments::RestoreOptions;
use crate::failure::{Code, Failure, from_read};
use crate::files;
use crate::words::{Hint, What};

/// A backup of some certificates with all their attributes has a few kilobytes.
const SIZE_LIMIT: usize = 4 * 1024 * 1024;

pub(super) fn run(desk: &mut Desk<'_>, options: &RestoreOptions) -> Result<(), Failure> {
    desk.catch_interrupts();
    let file = place(&options.backup, &walk::home(desk)?);
    let backup = read(&file).map_err(walk::before_any_token)?;
    let evidence = show::at_hand(desk).map_err(walk::before_any_token)?;
    let mut request = Request::restore(&backup, evidence.certificates, desk.now())
        .map_err(|error| walk::before_any_token(unreadable(&file, &error)))?;
    request.policy = options.policy;
    let source = desk.common.pin_source.clone();
    let credential = walk::ask(source.as_ref(), Arc::clone(&desk.interrupted));
    let file = file.display().to_string();
    let walk = Walk::new(desk, request, file, options.dry_run, &credential)?;
    walk.to_the_end(desk, "restore", None).map_err(|failure| {
        if failure.code != Code::KeyNotOnToken {
            return failure;
        }
        Failure {
            code: Code::BackupOtherKey,
            what: Box::new(What::BackupOtherKey),
            ..failure
        }
    })
}

/// The file itself, or the backup of that name among the program's own.
fn place(named: &Path, home: &Path) -> PathBuf {
    let own = home.join("backups").join(named);
    if !named.exists() && own.is_file() {
        own
    } else {
        named.to_owned()
    }
}

fn read(file: &Path) -> Result<Backup, Failure> {
    let bytes = files::read(file, SIZE_LIMIT).map_err(|error| from_read(file, &error))?;
    Backup::read(&bytes).map_err(|error| unreadable(file, &error))
}

fn unreadable(file: &Path, error: &BackupError) -> Failure {
    let file = file.display().to_string();
    let what = match error {
        BackupError::NotABackup(_) => What::BackupIsNone { file },
        BackupError::UnknownSchema(_) => What::BackupOfNewerProgram { file },
        BackupError::KeyIdDamaged
        | BackupError::Damaged { .. }
        | BackupError::IdTooLong { .. }
        | BackupError::ForeignKey { .. }
        | BackupError::InstalledForeignKey
        | BackupError::NotACertificate { .. }
        | BackupError::InstalledDamaged => What::BackupDamaged { file },
    };
    Failure::new(Code::BackupUnreadable, what)
        .detail(error)
        .hint(Hint::OtherBackup)
        .hint(Hint::InstallPlainFile)
}
