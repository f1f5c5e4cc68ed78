//! Tokens that are pulled out: their files under a name that is no token's, for all processes.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::token::EXTENSION;

/// The extension of a token that is away.
const AWAY: &str = "away";

/// Pulls all tokens of a folder out.
pub(crate) fn take_away(folder: &Path) -> io::Result<()> {
    rename(folder, EXTENSION, |path| {
        let mut away = path.as_os_str().to_owned();
        away.push(".");
        away.push(AWAY);
        away.into()
    })
}

/// Plugs all that were pulled out in again.
pub(crate) fn bring_back(folder: &Path) -> io::Result<()> {
    rename(folder, AWAY, |path| path.with_extension(""))
}

fn rename(folder: &Path, extension: &str, renamed: impl Fn(&Path) -> PathBuf) -> io::Result<()> {
    for entry in folder.read_dir()? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == extension) {
            fs::rename(&path, renamed(&path))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_comes_back_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a b.token");
        for name in ["a b.token", "a b.token.lock"] {
            let mut options = fs::OpenOptions::new();
            let file = options.create(true).append(true);
            file.open(folder.path().join(name)).unwrap();
        }
        take_away(folder.path()).unwrap();
        assert!(!path.exists());
        take_away(folder.path()).unwrap();
        bring_back(folder.path()).unwrap();
        assert!(path.exists());
        assert_eq!(folder.path().read_dir().unwrap().count(), 2);
    }
}
