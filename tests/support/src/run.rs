//! Runs one program to its end, with a time limit, and looks for the PIN in everything it left.

use std::ffi::{OsStr, OsString};
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::spy::Calls;
use crate::surroundings::write;
use crate::{Driver, Office, PIN, WRONG_PIN, spy_library};

/// Longer than anything here takes, shorter than anybody's patience.
const TIME_LIMIT: Duration = Duration::from_secs(120);

/// A program that is about to run.
#[derive(Debug)]
#[must_use]
pub struct Command<'office> {
    office: &'office Office,
    program: PathBuf,
    arguments: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
    stdin: Vec<u8>,
    spy_log: Option<PathBuf>,
}

impl<'office> Command<'office> {
    pub(crate) fn new(office: &'office Office, program: &Path) -> Self {
        Self {
            office,
            program: program.into(),
            arguments: Vec::new(),
            environment: Vec::new(),
            stdin: Vec::new(),
            spy_log: None,
        }
    }

    /// One more argument.
    pub fn argument(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().into());
        self
    }

    /// More arguments.
    pub fn arguments<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        let arguments = arguments.into_iter().map(|one| one.as_ref().into());
        self.arguments.extend(arguments);
        self
    }

    /// One more environment variable.
    pub fn variable(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        let variable = (name.as_ref().into(), value.as_ref().into());
        self.environment.push(variable);
        self
    }

    /// Lets the soft token behave to this program as the named quirks say (docs/soft-token-profiles.md,
    /// separated by commas). The witness sees the token without them.
    ///
    /// # Panics
    /// On another driver, which has no profiles.
    pub fn profile(self, quirks: &str) -> Self {
        assert_eq!(self.office.driver(), Driver::SoftToken);
        self.variable(chungthu_soft_token::provision::PROFILE_VARIABLE, quirks)
    }

    /// Lets calls of the soft token go wrong for this program as `faults` say: the list of a scenario
    /// (docs/soft-token-scenarios.md). Every call is counted from here; [`Office::calls_made`] has them.
    ///
    /// # Panics
    /// On another driver, which has no scenarios.
    pub fn scenario(self, faults: &Value) -> Self {
        assert_eq!(self.office.driver(), Driver::SoftToken);
        let (calls, file) = (self.office.calls_log(), self.office.place("scenario.json"));
        if calls.exists() {
            std::fs::remove_file(&calls).unwrap();
        }
        let scenario = serde_json::json!({"calls": calls, "faults": faults});
        write(&file, scenario.to_string());
        self.variable(chungthu_soft_token::provision::SCENARIO_VARIABLE, file)
    }

    /// What the program reads from stdin.
    pub fn stdin(mut self, text: impl AsRef<[u8]>) -> Self {
        self.stdin = text.as_ref().to_vec();
        self
    }

    /// `--pin-source stdin`, and this PIN there.
    pub fn pin(self, pin: &str) -> Self {
        self.arguments(["--pin-source", "stdin"])
            .stdin(format!("{pin}\n"))
    }

    /// Puts OpenSC's spy between the program and the driver, where it is installed. Not on kryoptic:
    /// the spy hands on the PKCS#11 3 functions of a driver that has them, and sees no more of them.
    pub fn spied(mut self) -> Self {
        let Some(spy) = spy_library() else {
            return self;
        };
        if self.office.driver() == Driver::Kryoptic {
            return self;
        }
        let log = self.office.place("spy.log");
        // The spy appends, so that the calls of both host processes are in one file.
        if log.exists() {
            std::fs::remove_file(&log).unwrap();
        }
        let library = self.office.library();
        for argument in &mut self.arguments {
            if argument.as_os_str() == library.as_os_str() {
                *argument = spy.clone().into();
            }
        }
        self.spy_log = Some(log.clone());
        self.variable("PKCS11SPY", library)
            .variable("PKCS11SPY_OUTPUT", log)
    }

    /// Runs the program to its end.
    ///
    /// # Panics
    /// If it does not start, does not end in time, or left the PIN anywhere.
    #[must_use]
    pub fn run(self) -> Outcome {
        let mut running = self.start();
        running.give_stdin();
        running.end()
    }

    /// Starts the program and goes on beside it; what it reads from stdin is still held back.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start(self) -> Running<'office> {
        let mut child = std::process::Command::new(&self.program)
            .args(&self.arguments)
            .env_clear()
            .envs(self.office.environment())
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", self.program.display()));
        Running {
            started: Instant::now(),
            stdin: child.stdin.take(),
            stdout: reader(child.stdout.take()),
            stderr: reader(child.stderr.take()),
            child,
            command: self,
        }
    }
}

/// A program that runs.
#[derive(Debug)]
#[must_use]
pub struct Running<'office> {
    command: Command<'office>,
    child: Child,
    started: Instant,
    stdin: Option<ChildStdin>,
    stdout: thread::JoinHandle<String>,
    stderr: thread::JoinHandle<String>,
}

impl Running<'_> {
    /// Lets it read what it was to read from stdin, to the end.
    pub fn give_stdin(&mut self) {
        if let Some(mut stdin) = self.stdin.take() {
            // A program that needs no PIN ends without reading it.
            stdin.write_all(&self.command.stdin).ok();
        }
    }

    /// Waits until something is so that the program brings about.
    ///
    /// # Panics
    /// If it ends before, or it takes too long.
    pub fn wait_until(&mut self, is_so: impl Fn() -> bool) {
        while !is_so() {
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "{:?}: {ended:?}", self.command.arguments);
            self.go_on();
        }
    }

    /// Kills it, as the system would, and waits for its end.
    ///
    /// # Panics
    /// If it cannot be killed.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end; what it was to read is given to it by then.
    ///
    /// # Panics
    /// If it does not end in time, or left the PIN anywhere.
    #[must_use]
    pub fn end(mut self) -> Outcome {
        self.give_stdin();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            self.go_on();
        };
        let duration = self.started.elapsed();
        let outcome = Outcome {
            status,
            duration,
            stdout: self.stdout.join().unwrap(),
            stderr: self.stderr.join().unwrap(),
            calls: self.command.spy_log.as_deref().map(Calls::read),
            arguments: self.command.arguments,
        };
        assert_no_pin(self.command.office, &outcome);
        outcome
    }

    fn go_on(&mut self) {
        if self.started.elapsed() > TIME_LIMIT {
            self.child.kill().ok();
            let Command {
                program, arguments, ..
            } = &self.command;
            panic!("{program:?} {arguments:?}: no end");
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// What a program did.
#[derive(Debug)]
pub struct Outcome {
    status: ExitStatus,
    /// What it was told.
    pub arguments: Vec<OsString>,
    /// How long it ran.
    pub duration: Duration,
    /// What it wrote to stdout.
    pub stdout: String,
    /// What it wrote to stderr.
    pub stderr: String,
    /// The PKCS#11 calls of all its processes, if it was spied on.
    pub calls: Option<Calls>,
}

impl Outcome {
    /// The exit status; `None` after a signal.
    #[must_use]
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// The same outcome, if its exit status is this one.
    ///
    /// # Panics
    /// If it is another; everything the program said is in the message.
    #[must_use]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code(), Some(code), "{self:#?}");
        self
    }

    /// The one JSON document on stdout.
    ///
    /// # Panics
    /// If stdout is anything else.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}

fn reader<R: Read + Send + 'static>(pipe: Option<R>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.unwrap().read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// The PIN is in no output and in no file of the program: home, log files, results.
fn assert_no_pin(office: &Office, outcome: &Outcome) {
    let mut left = office.files_below(&office.home());
    left.extend(office.files_below(&office.place("papers")));
    left.push(("stdout".into(), outcome.stdout.clone().into_bytes()));
    left.push(("stderr".into(), outcome.stderr.clone().into_bytes()));
    for pin in [PIN, WRONG_PIN] {
        let plain = pin.as_bytes().to_vec();
        let hexadecimal: String = pin.bytes().map(|byte| format!("{byte:02x}")).collect();
        let list: Vec<String> = pin.bytes().map(|byte| byte.to_string()).collect();
        let forms = [
            plain,
            hexadecimal.to_uppercase().into_bytes(),
            hexadecimal.into_bytes(),
            list.join(",").into_bytes(),
            list.join(", ").into_bytes(),
        ];
        for (place, content) in &left {
            for form in &forms {
                let found = content.windows(form.len()).any(|window| window == form);
                assert!(!found, "the PIN is in {}: {outcome:#?}", place.display());
            }
        }
    }
}
