//! The count of calls, in a file that all processes of a scenario share.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
};

/// The calls so far.
#[derive(Debug)]
pub(crate) struct Calls {
    file: File,
    read: u64,
    of_all: u64,
    of_function: BTreeMap<String, u64>,
}

/// The number of a call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Number {
    /// Among those of its function, from 1.
    pub(crate) of_function: u64,
    /// Among all, from 1.
    pub(crate) of_all: u64,
}

impl Calls {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        let file = options.read(true).append(true).create(true).open(path)?;
        Ok(Self {
            file,
            read: 0,
            of_all: 0,
            of_function: BTreeMap::new(),
        })
    }

    /// Counts one more call, alone among all processes.
    pub(crate) fn count(&mut self, function: &str) -> io::Result<Number> {
        self.file.lock()?;
        let number = self.count_alone(function);
        self.file.unlock()?;
        number
    }

    fn count_alone(&mut self, function: &str) -> io::Result<Number> {
        self.file.seek(SeekFrom::Start(self.read))?;
        let mut since = String::new();
        self.file.read_to_string(&mut since)?;
        for line in since.lines().chain([function]) {
            self.of_all += 1;
            *self.of_function.entry(line.to_owned()).or_default() += 1;
        }
        let line = format!("{function}\n");
        self.file.write_all(line.as_bytes())?;
        self.read += (since.len() + line.len()) as u64;
        Ok(Number {
            of_function: self.of_function.get(function).copied().unwrap_or_default(),
            of_all: self.of_all,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_processes_count_as_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("calls");
        let (mut one, mut other) = (Calls::open(&path).unwrap(), Calls::open(&path).unwrap());
        let number = |of_function, of_all| Number {
            of_function,
            of_all,
        };
        assert_eq!(one.count("C_Login").unwrap(), number(1, 1));
        assert_eq!(one.count("C_Sign").unwrap(), number(1, 2));
        assert_eq!(other.count("C_Login").unwrap(), number(2, 3));
        assert_eq!(one.count("C_Login").unwrap(), number(3, 4));
        let lines = std::fs::read_to_string(&path).unwrap();
        assert_eq!(lines, "C_Login\nC_Sign\nC_Login\nC_Login\n");
    }
}
