//! SCENARIOS: what goes wrong at which call, read from a file, so that a test can make any call fail.
//!
//! A profile is a driver's habit; a scenario is an accident. Calls are counted over all processes that
//! share a scenario, because a run of the program has two driver hosts.

mod calls;
mod code;
mod deed;
mod tokens;

use std::path::{Path, PathBuf};

use serde::Deserialize;

pub(crate) use calls::Calls;
pub(crate) use code::Code;
pub(crate) use deed::{Effect, Kill, Nonsense};

/// What a scenario's file says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    /// The file in which each call leaves a line with its function's name.
    calls: PathBuf,
    #[serde(default)]
    faults: Vec<Fault>,
}

/// One thing that goes wrong.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    at: At,
    #[serde(rename = "do")]
    deed: Deed,
}

/// The calls it happens to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct At {
    /// A function's name; without one it is any.
    function: Option<String>,
    /// The first of them, from 1, counted among the calls of that function.
    nth: u64,
    /// How many in a row; 0 for all from there on.
    #[serde(default = "once")]
    times: u64,
}

const fn once() -> u64 {
    1
}

/// What happens.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
#[serde(untagged, deny_unknown_fields)]
pub(crate) enum Deed {
    /// The call answers this code, whatever became of the work.
    Answer {
        answer: Code,
        #[serde(default)]
        effect: Effect,
    },
    /// The call says that all went well, and its outputs are wrong.
    Lie { nonsense: Nonsense },
    /// The call never returns.
    Hang { hang: bool },
    /// A process is killed.
    Kill { kill: Kill },
    /// Ctrl-C is pressed before the call: the driver's process and the one that started it are told.
    Interrupt { interrupt: bool },
    /// The driver ends its process.
    Exit { exit: u8 },
    /// The driver writes to the standard output, then works.
    Print { print: String },
    /// The driver starts threads that never end, then works.
    Threads { threads: u8 },
    /// Another program logs this one's login out, then the call works.
    LogOut {
        #[serde(rename = "log-out")]
        log_out: bool,
    },
    /// The tokens are pulled out before the call.
    Remove { remove: bool },
    /// They are plugged in again before the call.
    Return {
        #[serde(rename = "return")]
        bring_back: bool,
    },
    /// The call waits until this file exists, then works.
    WaitFor {
        #[serde(rename = "wait-for")]
        file: PathBuf,
    },
}

impl Scenario {
    /// Reads a scenario's file. Anything that is not understood is `None`: a test with a misspelt
    /// fault must not pass on a token without one.
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        serde_json::from_slice(text).ok()
    }

    /// The same from its file.
    pub(crate) fn read(file: &Path) -> Option<Self> {
        Self::parse(&std::fs::read(file).ok()?)
    }

    /// The file of the calls.
    pub(crate) fn calls(&self) -> &Path {
        &self.calls
    }

    /// What happens to a call: the `of_function`th of its function and the `of_all`th of all.
    pub(crate) fn deed(&self, function: &str, of_function: u64, of_all: u64) -> Option<&Deed> {
        let happens = |fault: &&Fault| match fault.at.function.as_deref() {
            Some(wanted) => wanted == function && fault.at.covers(of_function),
            None => fault.at.covers(of_all),
        };
        self.faults.iter().find(happens).map(|fault| &fault.deed)
    }
}

impl At {
    const fn covers(&self, number: u64) -> bool {
        number >= self.nth && (self.times == 0 || number - self.nth < self.times)
    }
}

pub(crate) use tokens::{bring_back, take_away};

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<Scenario> {
        Scenario::parse(text.as_bytes())
    }

    #[test]
    fn a_fault_covers_the_calls_it_names() {
        let scenario = parse(
            r#"{"calls": "c", "faults": [
                {"at": {"function": "C_Login", "nth": 2}, "do": {"hang": true}},
                {"at": {"nth": 5, "times": 2}, "do": {"exit": 3}},
                {"at": {"nth": 9, "times": 0}, "do": {"answer": "CKR_DEVICE_ERROR", "effect": "done"}}
            ]}"#,
        )
        .unwrap();
        let deed = |function, of_function, of_all| scenario.deed(function, of_function, of_all);
        assert_eq!(deed("C_Login", 1, 2), None);
        assert_eq!(deed("C_Login", 2, 3), Some(&Deed::Hang { hang: true }));
        assert_eq!(deed("C_Sign", 2, 4), None);
        assert_eq!(deed("C_Sign", 1, 5), Some(&Deed::Exit { exit: 3 }));
        assert_eq!(deed("C_Sign", 1, 6), Some(&Deed::Exit { exit: 3 }));
        assert_eq!(deed("C_Sign", 1, 8), None);
        let answer = Deed::Answer {
            answer: Code(cryptoki_sys::CKR_DEVICE_ERROR),
            effect: Effect::Done,
        };
        assert_eq!(deed("C_Sign", 1, 900), Some(&answer));
    }

    #[test]
    fn what_is_misspelt_is_no_scenario() {
        assert!(parse(r#"{"calls": "c"}"#).is_some());
        for wrong in [
            r#"{"calls": "c", "fault": []}"#,
            r#"{"faults": []}"#,
            r#"{"calls": "c", "faults": [{"at": {"nth": 1}, "do": {"answer": "CKR_NO_SUCH"}}]}"#,
            r#"{"calls": "c", "faults": [{"at": {"nth": 1}, "do": {"nonsense": "no-such"}}]}"#,
            r#"{"calls": "c", "faults": [{"at": {"nth": 1}, "do": {"hangs": true}}]}"#,
            r#"{"calls": "c", "faults": [{"at": {"nth": 1}, "do": {"hang": true, "exit": 1}}]}"#,
            r#"{"calls": "c", "faults": [{"at": {"count": 1}, "do": {"hang": true}}]}"#,
        ] {
            assert!(parse(wrong).is_none(), "{wrong}");
        }
    }
}
