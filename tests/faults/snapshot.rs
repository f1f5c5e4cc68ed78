//! The files of an office, taken and put back: a case begins where the last one began.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use chungthu_test_support::{Dump, Office, write};

/// What a run can change: the records and the tokens.
const FOLDERS: [&str; 2] = ["home", "tokens"];

/// Every file of an office, by its place in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Snapshot {
    files: Vec<(PathBuf, Vec<u8>)>,
}

impl Snapshot {
    pub(crate) fn take(office: &Office) -> Self {
        let root = office.place("");
        let mut files = Vec::new();
        for folder in FOLDERS {
            for (path, content) in office.files_below(&office.place(folder)) {
                files.push((path.strip_prefix(&root).unwrap().to_owned(), content));
            }
        }
        files.sort();
        Self { files }
    }

    /// Makes an office what this one was.
    pub(crate) fn put_back(&self, office: &Office) {
        for folder in FOLDERS {
            let folder = office.place(folder);
            std::fs::remove_dir_all(&folder).unwrap();
            std::fs::create_dir(&folder).unwrap();
        }
        for (name, content) in &self.files {
            let path = office.place("").join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            write(&path, content);
        }
    }

    /// The records: every file of the home whose name ends so, the newest last.
    pub(crate) fn records(&self, folder: &str, ending: &str) -> Vec<(&Path, &[u8])> {
        let records = self.files.iter().filter(|(name, _)| {
            name.starts_with(folder) && name.extension().is_some_and(|end| end == ending)
        });
        records
            .map(|(name, content)| (name.as_path(), content.as_slice()))
            .collect()
    }

    /// Two offices with the same text go on in the same way: the token as the witness saw it, and the
    /// records without their times.
    pub(crate) fn fingerprint(&self, token: &Dump) -> String {
        let mut text = String::new();
        for object in token.objects() {
            write!(text, "{:?}", object.without("CKA_UNIQUE_ID")).unwrap();
        }
        for (name, content) in self
            .files
            .iter()
            .filter(|(name, _)| name.starts_with("home"))
        {
            let name = timeless(&name.to_string_lossy());
            let content = timeless(&String::from_utf8_lossy(content));
            write!(text, "{name}\n{content}\n").unwrap();
        }
        text
    }
}

/// The text with a mark for each moment in it.
fn timeless(text: &str) -> String {
    let is_of_time = |octet: u8| octet.is_ascii_digit() || b"T:.Z-".contains(&octet);
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = rest.bytes().take_while(|octet| is_of_time(*octet)).count();
        let (run, after) = rest.split_at(length.max(first.len_utf8()));
        if length >= 15 && run.starts_with("20") {
            out.push('@');
        } else {
            out.push_str(run);
        }
        rest = after;
    }
    out
}
