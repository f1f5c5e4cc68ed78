//! The log of OpenSC's `pkcs11-spy`: which calls reached the driver, of all processes together.

use std::collections::BTreeMap;
use std::path::Path;

/// The calls that change a token, or count as a try of its PIN.
pub const CHANGING_CALLS: [&str; 12] = [
    "C_InitToken",
    "C_InitPIN",
    "C_SetPIN",
    "C_Login",
    "C_CreateObject",
    "C_CopyObject",
    "C_DestroyObject",
    "C_SetAttributeValue",
    "C_GenerateKey",
    "C_GenerateKeyPair",
    "C_UnwrapKey",
    "C_DeriveKey",
];

/// How often each function was called.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    counts: BTreeMap<String, usize>,
    processes: usize,
}

impl Calls {
    /// Reads the spy's log; no file means that no driver was loaded. The spy appends: each process
    /// writes a banner and then its calls, numbered from zero.
    pub(crate) fn read(log: &Path) -> Self {
        let mut calls = Self::default();
        let text = std::fs::read(log).unwrap_or_default();
        for line in String::from_utf8_lossy(&text).lines() {
            if line.contains("OpenSC PKCS#11 spy") {
                calls.processes += 1;
            } else if let Some((number, function)) = line.split_once(": ")
                && function.starts_with("C_")
                && number.bytes().all(|byte| byte.is_ascii_digit())
            {
                *calls.counts.entry(function.to_owned()).or_default() += 1;
            }
        }
        calls
    }

    /// How often this function was called.
    #[must_use]
    pub fn count(&self, function: &str) -> usize {
        self.counts.get(function).copied().unwrap_or_default()
    }

    /// All calls.
    #[must_use]
    pub fn total(&self) -> usize {
        self.counts.values().sum()
    }

    /// How many processes loaded the driver.
    #[must_use]
    pub const fn processes(&self) -> usize {
        self.processes
    }

    /// Both together, as if one program had made them.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        for (function, count) in &other.counts {
            *self.counts.entry(function.clone()).or_default() += count;
        }
        self.processes += other.processes;
        self
    }

    /// Asserts that nothing was changed and no PIN tried.
    ///
    /// # Panics
    /// If a changing call is among these.
    pub fn assert_none_changing(&self) {
        for function in CHANGING_CALLS {
            assert_eq!(self.count(function), 0, "{function} was called: {self:#?}");
        }
    }
}
