//! A declaration of a driver that anybody may have written.

use std::path::PathBuf;

use super::{P11KitPlaces, ReadFile, declaration as declared, parse};

/// Reads the text of a `*.module` file.
///
/// # Panics
/// If a declaration names no file, or an init string that no driver can be told.
pub fn declaration(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else {
        return;
    };
    let settings = parse(text);
    let letters: usize = settings
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum();
    assert!(letters <= text.len());
    let file = PathBuf::from("a.module");
    let read = ReadFile {
        file: file.clone(),
        settings: Ok(settings),
        switched_off: None,
    };
    let declaration = declared(read, &P11KitPlaces::default());
    assert_eq!(declaration.file, file);
    assert!(!declaration.driver.as_os_str().is_empty());
    assert!(
        declaration.passed_over.is_some()
            || declaration.driver != file
            || text.contains("a.module")
    );
    assert!(
        declaration
            .init
            .is_none_or(|init| init.length() <= text.len())
    );
}
