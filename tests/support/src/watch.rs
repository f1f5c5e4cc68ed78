//! The witness as a process that stays, for tests that look at a token many thousand times.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::Value;

use crate::dump::Dump;
use crate::{Office, PIN, surroundings};

/// A witness that looks at one token whenever it is asked, each time with a driver started anew.
#[derive(Debug)]
pub struct Watch {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Watch {
    pub(crate) fn start(office: &Office, label: &str) -> Self {
        let mut child = std::process::Command::new(surroundings::witness())
            .arg(office.library())
            .args([label, "watch"])
            .env_clear()
            .envs(office.environment())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut questions = child.stdin.take().unwrap();
        writeln!(questions, "{PIN}").unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Self {
            child,
            questions,
            answers,
        }
    }

    /// Everything on the token now, hidden objects too.
    ///
    /// # Errors
    /// What the witness says when it cannot look.
    ///
    /// # Panics
    /// If the witness is gone.
    pub fn look(&mut self) -> Result<Dump, String> {
        writeln!(self.questions, "look").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        match answer.get("refusal").and_then(Value::as_str) {
            Some(refusal) => Err(refusal.to_owned()),
            None => Ok(Dump::read(answer)),
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
