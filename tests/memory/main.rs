//! The PIN in memory: a run is stopped after its login, and the memory of its processes is searched.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a helper of the tests fails the test"
)]

mod process;
#[path = "../transcripts/terminal.rs"]
#[expect(dead_code, reason = "another of the test programs uses the rest")]
mod terminal;

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chungthu_issuer::TestKey;
use chungthu_test_support::{
    Driver, KeyUse, Office, PIN, Paper, PublicKeyObject, Token, WRONG_PIN, issue, write,
};
use process::{Found, Process};
use serde_json::{Value, json};
use terminal::Terminal;

const KEY: TestKey = TestKey::Rsa2048A;
const TIME_LIMIT: Duration = Duration::from_secs(100);

/// Where the PIN comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    StandardInput,
    File,
    Variable,
    Terminal,
}

/// Where a run is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    /// In the very next call after the login.
    AfterLogin,
    /// In the next call after the signature that a key wanted a login for.
    AfterSignature,
    /// Where the key signs: the token was looked at, and the plan made again.
    AtSignature,
}

fn in_an_office(test: impl FnOnce(&Office)) {
    if let Some(office) = Office::new(env!("CARGO_BIN_EXE_chungthu"), Driver::SoftToken) {
        test(&office);
    }
}

fn token(office: &Office, usage: KeyUse) -> Token<'_> {
    let token = office.token("Van phong");
    token.add_key_for(usage, KEY, "a1b2c3", "key", PublicKeyObject::Present);
    token
}

/// The install, hanging where the scenario says, and its processes.
struct Hanging {
    _terminal: Option<Terminal>,
    child: Option<Child>,
    program: Process,
    hosts: Vec<Process>,
}

impl Hanging {
    fn start(office: &Office, pin: &str, source: Source, fault: &Value) -> Self {
        let log = office.place("calls.log");
        std::fs::remove_file(&log).ok();
        let scenario = office.place("scenario.json");
        write(
            &scenario,
            json!({"calls": log, "faults": [fault]}).to_string(),
        );
        let file = office.paper("moi.cer", issue(KEY, Paper::Renewed));
        let secret = office.place("pin.txt");
        write(&secret, format!("{pin}\n"));
        let from = match source {
            Source::StandardInput => "stdin".to_owned(),
            Source::File => format!("file:{}", secret.display()),
            Source::Variable => "env:MA_PIN".to_owned(),
            Source::Terminal => "prompt".to_owned(),
        };
        let mut command = Command::new(env!("CARGO_BIN_EXE_chungthu"));
        command
            .arg("install")
            .arg(file)
            .args(["--yes", "--pin-source", &from, "--module"])
            .arg(office.library())
            .env_clear()
            .envs(office.environment())
            .env("CHUNGTHU_SOFT_TOKEN_SCENARIO", &scenario);
        if source == Source::Variable {
            command.env("MA_PIN", pin);
        }
        let (terminal, child, number) = if source == Source::Terminal {
            let mut terminal = Terminal::start(command);
            terminal.type_unseen(pin);
            let number = terminal.process();
            (Some(terminal), None, number)
        } else {
            let mut child = command
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            if source == Source::StandardInput {
                use std::io::Write as _;
                let mut input = child.stdin.take().unwrap();
                input.write_all(format!("{pin}\n").as_bytes()).unwrap();
            }
            let number = child.id();
            (None, Some(child), number)
        };
        let program = Process(number);
        let started = Instant::now();
        // the mark of the scenario's own: the call is written down before it hangs
        while !is_hanging(&log, fault) {
            assert!(started.elapsed() < TIME_LIMIT, "it does not hang: {fault}");
            std::thread::sleep(Duration::from_millis(20));
        }
        std::thread::sleep(Duration::from_millis(100));
        let hosts = program.children();
        assert!(!hosts.is_empty(), "no host");
        Self {
            _terminal: terminal,
            child,
            program,
            hosts,
        }
    }
}

impl Drop for Hanging {
    fn drop(&mut self) {
        for host in &self.hosts {
            host.kill();
        }
        if let Some(child) = &mut self.child {
            child.kill().ok();
            child.wait().ok();
        } else {
            self.program.kill();
        }
    }
}

fn calls(log: &std::path::Path) -> Vec<String> {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

fn is_hanging(log: &std::path::Path, fault: &Value) -> bool {
    let nth = usize::try_from(fault["at"]["nth"].as_u64().unwrap()).unwrap();
    let function = fault["at"]["function"].as_str();
    let matching = calls(log)
        .into_iter()
        .filter(|call| function.is_none_or(|function| call == function));
    matching.count() >= nth
}

/// The call in which a run with this PIN is to hang, found out by a run that does not.
fn fault(office: &Office, pin: &str, stop: Stop) -> Value {
    let hang = json!({"hang": true});
    if stop == Stop::AtSignature {
        return json!({"at": {"function": "C_SignInit", "nth": 1}, "do": hang});
    }
    let file = office.paper("moi.cer", issue(KEY, Paper::Renewed));
    // at the call after the last login of a clean run, on a token that is as it will be
    let tokens = office.place("tokens");
    let before = office.files_below(&tokens);
    let _ended = office
        .chungthu(["install", "--yes"])
        .argument(file)
        .pin(pin)
        .scenario(&json!([]))
        .run();
    for (path, content) in before {
        write(&path, content);
    }
    std::fs::remove_dir_all(office.home().join("pin-tries")).ok();
    let made = office.calls_made();
    let last = made.iter().rposition(|call| call == "C_Login").unwrap();
    let after = match stop {
        Stop::AfterLogin | Stop::AtSignature => last,
        // the login and the signature are one operation
        Stop::AfterSignature => last + 1,
    };
    // counted from one
    json!({"at": {"nth": after + 2}, "do": hang})
}

fn assert_none(found: Option<Vec<Found>>, who: &str) {
    if let Some(found) = found {
        assert!(found.is_empty(), "{who}: {found:#?}");
    }
}

/// The PIN is in neither process, or only in the host's where the program may still need it.
fn assert_wiped(pin: &str, source: Source, usage: KeyUse, stop: Stop) {
    in_an_office(|office| {
        let _token = token(office, usage);
        let fault = fault(office, pin, stop);
        let hanging = Hanging::start(office, pin, source, &fault);
        for host in &hanging.hosts {
            assert_none(host.search(pin), "the host");
        }
        // until the token was looked at after a login the program does not know whether the key wants
        // the PIN once more
        let is_over = pin == WRONG_PIN || stop != Stop::AfterLogin;
        if is_over {
            let found = hanging.program.search(pin).map(|mut found| {
                if source == Source::Variable {
                    // the environment's own block, which no program can take back
                    let block = hanging.program.environment_block();
                    found.retain(|one| !block.contains(&one.address));
                }
                found
            });
            assert_none(found, "the program");
        }
    });
}

#[test]
fn a_pin_that_is_there_is_found() {
    let mut child = Command::new("sleep")
        .arg("60")
        .env_clear()
        .env("PLANTED", PIN)
        .spawn()
        .unwrap();
    // until it is another program than this one
    let started = Instant::now();
    while !Process(child.id()).is_called("sleep") {
        assert!(started.elapsed() < TIME_LIMIT, "sleep does not start");
        std::thread::sleep(Duration::from_millis(5));
    }
    let found = Process(child.id()).search(PIN);
    let other = Process(child.id()).search(WRONG_PIN);
    child.kill().unwrap();
    child.wait().unwrap();
    if let Some(found) = found {
        assert!(!found.is_empty(), "the planted PIN was not found");
        assert!(other.unwrap().is_empty(), "what is not there was found");
    }
}

#[test]
fn every_form_of_a_pin_is_found() {
    let utf16: Vec<u8> = PIN.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let hexadecimal: String = PIN.bytes().map(|byte| format!("{byte:02x}")).collect();
    let swapped: Vec<u8> = PIN
        .as_bytes()
        .chunks_exact(4)
        .flat_map(|word| word.iter().rev().copied())
        .collect();
    for copy in [
        PIN.as_bytes().to_vec(),
        PIN.as_bytes()[..8].to_vec(),
        utf16,
        hexadecimal.to_uppercase().into_bytes(),
        hexadecimal.into_bytes(),
        swapped,
    ] {
        let around = [b"before".as_slice(), &copy, b"after"].concat();
        assert!(process::is_in(&around, PIN), "{copy:?}");
    }
    assert!(!process::is_in(b"Kin.Mat and 7351", PIN));
}

#[test]
fn no_pin_is_left_after_a_login_with_a_pin_from_standard_input() {
    assert_wiped(
        PIN,
        Source::StandardInput,
        KeyUse::Signing,
        Stop::AtSignature,
    );
}

#[test]
fn no_pin_is_left_after_a_login_with_a_pin_from_a_file() {
    assert_wiped(PIN, Source::File, KeyUse::Signing, Stop::AtSignature);
}

#[test]
fn no_pin_is_left_after_a_login_with_a_pin_from_the_environment() {
    assert_wiped(PIN, Source::Variable, KeyUse::Signing, Stop::AtSignature);
}

#[test]
fn no_pin_is_left_after_a_login_with_a_pin_typed_at_a_terminal() {
    assert_wiped(PIN, Source::Terminal, KeyUse::Signing, Stop::AtSignature);
}

#[test]
fn the_host_has_forgotten_the_pin_when_the_next_call_is_made() {
    assert_wiped(
        PIN,
        Source::StandardInput,
        KeyUse::Signing,
        Stop::AfterLogin,
    );
}

#[test]
fn no_pin_is_left_after_the_signature_that_wanted_it_once_more() {
    let each_time = KeyUse::SigningWithPinEachTime;
    assert_wiped(PIN, Source::StandardInput, each_time, Stop::AfterSignature);
}

#[test]
fn no_wrong_pin_is_left_after_a_login_that_failed() {
    let next = Stop::AfterLogin;
    assert_wiped(WRONG_PIN, Source::StandardInput, KeyUse::Signing, next);
}

#[test]
fn no_wrong_pin_typed_at_a_terminal_is_left() {
    let next = Stop::AfterLogin;
    assert_wiped(WRONG_PIN, Source::Terminal, KeyUse::Signing, next);
}
