//! Where the library is that these tests load.

use std::path::PathBuf;

use chungthu_soft_token::provision::library_file_name;

/// Cargo builds the library beside the test programs.
pub(crate) fn library() -> PathBuf {
    let program = std::env::current_exe().expect("a test program has a path");
    let library = program.with_file_name(library_file_name());
    assert!(library.is_file(), "no library at {}", library.display());
    library
}
