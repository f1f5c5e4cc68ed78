//! A terminal with one program in it: what is typed, what is shown, how it ends.

use std::process::Command;
use std::time::{Duration, Instant};

use expectrl::process::unix::WaitStatus;
use expectrl::process::{Healthcheck as _, Termios as _};
use expectrl::session::OsSession;
use expectrl::{Eof, Expect as _, Session};

/// Longer than anything here takes, shorter than anybody's patience.
const TIME_LIMIT: Duration = Duration::from_secs(120);

/// A running program.
pub(crate) struct Terminal {
    session: OsSession,
    shown: Vec<u8>,
}

impl Terminal {
    /// Starts the program in a terminal of its own.
    pub(crate) fn start(command: Command) -> Self {
        let mut session = Session::spawn(command).unwrap();
        session.set_expect_timeout(Some(TIME_LIMIT));
        // expectrl's terminals do not echo; a person's do
        session.set_echo(true).unwrap();
        Self {
            session,
            shown: Vec::new(),
        }
    }

    /// Types a line when this text is on the screen.
    pub(crate) fn answer(&mut self, prompt: &str, answer: &str) {
        self.wait_for(prompt);
        self.session.send_line(answer).unwrap();
    }

    /// Waits until this text is on the screen.
    pub(crate) fn wait_for(&mut self, prompt: &str) {
        match self.session.expect(prompt) {
            Ok(seen) => self.shown.extend_from_slice(seen.as_bytes()),
            Err(error) => {
                let rest = self.session.expect(Eof).unwrap();
                let rest = String::from_utf8_lossy(rest.as_bytes());
                panic!("no “{prompt}”: {error}\n{rest}");
            }
        }
    }

    /// Types a line when the terminal shows no more what is typed.
    pub(crate) fn type_unseen(&mut self, secret: &str) {
        self.wait_unseen();
        self.session.send_line(secret).unwrap();
    }

    /// Waits until the terminal shows no more what is typed.
    pub(crate) fn wait_unseen(&mut self) {
        let started = Instant::now();
        while self.session.is_echo().unwrap() {
            assert!(started.elapsed() < TIME_LIMIT, "no PIN was asked for");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Types just this.
    pub(crate) fn send(&mut self, typed: &str) {
        self.session.send(typed).unwrap();
    }

    /// The program's process number.
    pub(crate) fn process(&self) -> u32 {
        u32::try_from(self.session.get_process().pid().as_raw()).unwrap()
    }

    /// The same as [`Self::end`], where the terminal shows again what is typed.
    pub(crate) fn end_with_echo(mut self) -> (String, i32) {
        let rest = self.session.expect(Eof).unwrap();
        self.shown.extend_from_slice(rest.as_bytes());
        assert!(self.session.is_echo().unwrap(), "nothing typed is shown");
        self.end()
    }

    /// All that was shown, when the program has ended, and its exit status.
    pub(crate) fn end(mut self) -> (String, i32) {
        let rest = self.session.expect(Eof).unwrap();
        self.shown.extend_from_slice(rest.as_bytes());
        let shown = String::from_utf8(self.shown).unwrap();
        let started = Instant::now();
        loop {
            let status = self.session.get_status().unwrap();
            if let WaitStatus::Exited(_, status) = status {
                return (as_lines(&shown), status);
            }
            assert_eq!(status, WaitStatus::StillAlive, "{shown}");
            assert!(started.elapsed() < TIME_LIMIT, "no end: {shown}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Lines as an editor keeps them: without the blanks at their ends.
fn as_lines(shown: &str) -> String {
    let lines = shown.lines();
    lines.map(|line| format!("{}\n", line.trim_end())).collect()
}
