//! Another process's memory, read through `/proc`.

use std::fs::File;
use std::io::ErrorKind;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::process::Command;

/// A process, by its number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Process(pub(crate) u32);

/// Where a PIN was found.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) address: u64,
    #[expect(dead_code, reason = "printed where a test fails")]
    pub(crate) region: String,
}

impl Process {
    /// Every place of the PIN; `None`, with a note, where the kernel does not let this process look.
    /// Under `CI=true` that is a failure.
    #[expect(clippy::print_stderr, reason = "a test that could not run says so")]
    pub(crate) fn search(self, pin: &str) -> Option<Vec<Found>> {
        let memory = match File::open(self.path("mem")) {
            Ok(memory) => memory,
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                let is_ci = chungthu_test_support::is_continuous_integration();
                assert!(!is_ci, "the kernel forbids reading memory: {error}");
                eprintln!("NOT TESTED: the kernel forbids reading memory: {error}");
                return None;
            }
            Err(error) => panic!("{error}"),
        };
        let (mut found, mut read) = (Vec::new(), 0);
        for line in self.text("maps").lines() {
            let (range, rest) = line.split_once(' ').unwrap();
            let range = hexadecimal_range(range);
            // what was never written to holds no PIN
            if !rest.starts_with("rw") {
                continue;
            }
            let mut bytes = vec![0; usize::try_from(range.end - range.start).unwrap()];
            // pages of a file beyond its end, or of a device, cannot be read
            if memory.read_exact_at(&mut bytes, range.start).is_err() {
                continue;
            }
            read += bytes.len();
            for place in places(&bytes, pin) {
                let address = range.start + u64::try_from(place).unwrap();
                let region = line.to_owned();
                found.push(Found { address, region });
            }
        }
        assert!(read > 100_000, "hardly any memory was read: {read} bytes");
        Some(found)
    }

    /// Its children: driver hosts.
    pub(crate) fn children(self) -> Vec<Self> {
        let mut children = Vec::new();
        for task in std::fs::read_dir(self.path("task")).unwrap() {
            let file = task.unwrap().path().join("children");
            let numbers = std::fs::read_to_string(file).unwrap_or_default();
            children.extend(
                numbers
                    .split_whitespace()
                    .map(|one| Self(one.parse().unwrap())),
            );
        }
        children
    }

    /// Where the environment lies that it was started with.
    pub(crate) fn environment_block(self) -> Range<u64> {
        let text = self.text("stat");
        // the name in brackets may hold anything; fields 50 and 51, the third follows the bracket
        let (_, rest) = text.rsplit_once(')').unwrap();
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let field = |number: usize| fields[number - 3].parse().unwrap();
        field(50)..field(51)
    }

    pub(crate) fn is_called(self, name: &str) -> bool {
        self.text("comm").trim_end() == name
    }

    pub(crate) fn kill(self) {
        let mut command = Command::new("kill");
        command.args(["-9", &self.0.to_string()]).status().unwrap();
    }

    fn path(self, name: &str) -> String {
        format!("/proc/{}/{name}", self.0)
    }

    fn text(self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }
}

fn hexadecimal_range(text: &str) -> Range<u64> {
    let (from, to) = text.split_once('-').unwrap();
    let number = |digits| u64::from_str_radix(digits, 16).unwrap();
    number(from)..number(to)
}

/// Whether the PIN is among these bytes in any of its forms.
pub(crate) fn is_in(bytes: &[u8], pin: &str) -> bool {
    !places(bytes, pin).is_empty()
}

fn places(bytes: &[u8], pin: &str) -> Vec<usize> {
    let forms = forms(pin);
    let mut found = Vec::new();
    for form in &forms {
        let first = form[0];
        // a byte at a time, because a window for each byte of some megabytes is slow in a debug build
        for (place, byte) in bytes.iter().enumerate() {
            if *byte == first && bytes[place..].starts_with(form) {
                found.push(place);
            }
        }
    }
    found
}

/// As text, as wide text, as digits, as a hash's big-endian words; and pieces of eight, as a buffer that
/// grew leaves them.
fn forms(pin: &str) -> Vec<Vec<u8>> {
    let plain = pin.as_bytes();
    let hexadecimal: String = plain.iter().map(|byte| format!("{byte:02x}")).collect();
    let words = plain.chunks_exact(4);
    let mut forms = vec![
        pin.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        hexadecimal.to_uppercase().into_bytes(),
        hexadecimal.into_bytes(),
        words.flat_map(|word| word.iter().rev().copied()).collect(),
    ];
    forms.extend(plain.windows(8).map(<[u8]>::to_vec));
    forms
}
