//! The program in a real terminal: what is shown of a PIN, and every way to end the asking.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of the tests fails the test"
)]

#[path = "../transcripts/terminal.rs"]
#[expect(dead_code, reason = "another of the test programs uses the rest")]
mod terminal;

use std::cell::Cell;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use chungthu_issuer::TestKey;
use chungthu_test_support::{
    Driver, Dump, Office, PIN, Paper, PublicKeyObject, Token, WRONG_PIN, issue, write,
};
use terminal::Terminal;

const KEY: TestKey = TestKey::Rsa2048A;
const KEY_ID: &str = "a1b2c3";
const QUESTION: &str = "[y/n]";
const CTRL_C: &str = "\u{3}";
const CTRL_D: &str = "\u{4}";
const DELETE: &str = "\u{7f}";

/// A token that waits for its new certificate, and an install that asks in a terminal.
struct Scene<'office> {
    office: &'office Office,
    token: Token<'office>,
    before: Dump,
    waits_in_write: Cell<bool>,
}

fn in_a_scene(test: impl FnOnce(&Scene<'_>)) {
    let program = env!("CARGO_BIN_EXE_chungthu");
    if let Some(office) = Office::new(program, Driver::SoftToken) {
        let token = office.token("Van phong");
        token.add_key(KEY, KEY_ID, "key", PublicKeyObject::Present);
        token.add_certificate(&issue(KEY, Paper::Old), KEY_ID, "old");
        let before = token.dump();
        test(&Scene {
            office: &office,
            token,
            before,
            waits_in_write: Cell::new(false),
        });
    }
}

impl Scene<'_> {
    fn command(&self, program: &str) -> Command {
        let scenario = self.office.place("scenario.json");
        let at = serde_json::json!({"function": "C_CreateObject", "nth": 1});
        let wait = serde_json::json!({"at": at, "do": {"wait-for": self.go()}});
        let faults = if self.waits_in_write.get() {
            vec![wait]
        } else {
            Vec::new()
        };
        let content = serde_json::json!({"calls": self.calls_log(), "faults": faults});
        write(&scenario, content.to_string());
        let mut command = Command::new(program);
        command
            .env_clear()
            .envs(self.office.environment())
            .env("CHUNGTHU_SOFT_TOKEN_SCENARIO", scenario)
            .env("CHUNGTHU_LANG", "en")
            .env("TERM", "xterm")
            .env("NO_COLOR", "1");
        command
    }

    fn install(&self) -> Terminal {
        let mut command = self.command(env!("CARGO_BIN_EXE_chungthu"));
        command.arg("install").arg(self.paper());
        command.arg("--module").arg(self.office.library());
        Terminal::start(command)
    }

    /// The install, with the question answered, at the PIN.
    fn at_pin(&self) -> Terminal {
        let mut terminal = self.install();
        terminal.answer(QUESTION, "y");
        terminal.wait_unseen();
        terminal
    }

    fn paper(&self) -> std::path::PathBuf {
        self.office.paper("moi.cer", issue(KEY, Paper::Renewed))
    }

    fn calls_log(&self) -> std::path::PathBuf {
        self.office.place("calls.log")
    }

    fn logins(&self) -> usize {
        self.calls("C_Login")
    }

    fn calls(&self, function: &str) -> usize {
        let calls = std::fs::read_to_string(self.calls_log()).unwrap_or_default();
        calls.lines().filter(|call| *call == function).count()
    }

    /// What a driver that waits in its write waits for.
    fn go(&self) -> std::path::PathBuf {
        self.office.place("go")
    }

    /// The install, with its PIN, in its first changing call.
    fn in_write(&self) -> Terminal {
        self.waits_in_write.set(true);
        let mut terminal = self.at_pin();
        terminal.send(&format!("{PIN}\n"));
        wait_until("a write", || self.calls("C_CreateObject") > 0);
        terminal
    }

    /// The program ended so, showed what is typed again, tried no PIN and changed nothing.
    fn assert_ended_untouched(&self, terminal: Terminal, status: i32, code: &str) {
        let (shown, ended) = terminal.end_with_echo();
        assert_eq!(ended, status, "{shown}");
        assert!(shown.contains(code), "{shown}");
        assert!(
            !shown.contains(PIN) && !shown.contains(WRONG_PIN),
            "{shown}"
        );
        assert_eq!(self.logins(), 0, "{shown}");
        assert_eq!(self.token.dump(), self.before);
    }

    /// The certificate is in its place after one login, and no PIN was on the screen.
    fn assert_installed(&self, terminal: Terminal) {
        let (shown, status) = terminal.end_with_echo();
        assert_eq!(status, 0, "{shown}");
        assert!(!shown.contains(PIN), "{shown}");
        assert_eq!(self.logins(), 1, "{shown}");
        let new = issue(KEY, Paper::Renewed);
        assert_eq!(self.token.dump().certificates_with(&new).len(), 1);
    }
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < Duration::from_secs(100), "no {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Sends a signal to a process, or to all of a group where the number is negative.
fn tell(signal: &str, process: i64) {
    let mut kill = Command::new("kill");
    let process = process.to_string();
    let status = kill.args(["-s", signal, "--", &process]).status().unwrap();
    assert!(status.success(), "{signal} {process}");
}

#[test]
fn what_is_typed_as_pin_is_not_shown_and_what_is_typed_afterwards_is() {
    in_a_scene(|scene| {
        let mut terminal = scene.at_pin();
        terminal.send(&format!("{PIN}\n"));
        scene.assert_installed(terminal);
    });
}

#[test]
fn ctrl_c_at_the_question_is_a_no() {
    in_a_scene(|scene| {
        let mut terminal = scene.install();
        terminal.wait_for(QUESTION);
        terminal.send(CTRL_C);
        scene.assert_ended_untouched(terminal, 7, "CANCELLED");
    });
}

#[test]
fn the_end_of_the_input_at_the_question_is_a_no() {
    in_a_scene(|scene| {
        let mut terminal = scene.install();
        terminal.wait_for(QUESTION);
        terminal.send(CTRL_D);
        scene.assert_ended_untouched(terminal, 7, "CANCELLED");
    });
}

#[test]
fn ctrl_c_at_the_pin_is_a_no_and_leaves_the_terminal_as_it_was() {
    in_a_scene(|scene| {
        let mut terminal = scene.at_pin();
        terminal.send("123");
        terminal.send(CTRL_C);
        scene.assert_ended_untouched(terminal, 7, "CANCELLED");
    });
}

#[test]
fn the_end_of_the_input_at_the_pin_is_a_no() {
    in_a_scene(|scene| {
        let mut terminal = scene.at_pin();
        terminal.send(CTRL_D);
        scene.assert_ended_untouched(terminal, 7, "CANCELLED");
    });
}

#[test]
fn nothing_typed_at_all_is_asked_again_twice_and_then_given_up() {
    in_a_scene(|scene| {
        let mut terminal = scene.at_pin();
        for _ in 0..3 {
            terminal.wait_unseen();
            terminal.send("\n");
            terminal.wait_for("No PIN was entered");
        }
        scene.assert_ended_untouched(terminal, 5, "PIN_NOT_GIVEN");
    });
}

#[test]
fn a_pin_of_impossible_shape_is_asked_again_and_costs_no_login() {
    in_a_scene(|scene| {
        let mut terminal = scene.at_pin();
        for (typed, answer) in [
            ("Mật khẩu 1", "Vietnamese letter"),
            // as telex leaves it when a letter is not finished
            ("Kin.Mâ", "Vietnamese letter"),
            ("１２３４５６", "full-width"),
            ("123", "shorter than 4"),
            ("12345678901234567", "longer than 16"),
            (&"1234567890".repeat(300), "longer than"),
        ] {
            terminal.wait_unseen();
            terminal.send(&format!("{typed}\n"));
            terminal.wait_for(answer);
            terminal.wait_for("not sent");
        }
        terminal.wait_unseen();
        terminal.send(&format!("{PIN}\n"));
        scene.assert_installed(terminal);
    });
}

#[test]
fn a_letter_that_was_taken_back_is_not_in_the_pin() {
    in_a_scene(|scene| {
        let mut terminal = scene.at_pin();
        // a letter of two bytes too, and the whole line
        terminal.send(&format!("wrong\u{15}ậ{DELETE}{PIN}x{DELETE}\n"));
        scene.assert_installed(terminal);
    });
}

#[test]
fn a_key_that_is_no_letter_is_not_left_out_of_the_pin_but_refused() {
    in_a_scene(|scene| {
        let mut terminal = scene.at_pin();
        let (begin, end) = PIN.split_at(4);
        for typed in [
            // Esc alone, and before a letter; the arrows, Home, Delete
            "\u{1b}".to_owned(),
            format!("\u{1b}{PIN}"),
            format!("{begin}{end}\u{1b}[D\u{1b}[D"),
            format!("{begin}\u{1b}OH{end}\u{1b}[3~"),
            // Tab, Ctrl-A, Ctrl-V, Ctrl-Z, Ctrl-S, Ctrl-\\, Ctrl-D where it is not the end
            format!("{begin}\t{end}"),
            format!("\u{1}{PIN}"),
            format!("{begin}\u{16}{end}"),
            format!("{begin}\u{1a}{end}"),
            format!("{begin}\u{13}{end}"),
            format!("{begin}\u{1c}{end}"),
            format!("{PIN}{CTRL_D}"),
        ] {
            terminal.wait_unseen();
            terminal.send(&format!("{typed}\n"));
            terminal.wait_for("control character");
            terminal.wait_for("not sent");
        }
        terminal.wait_unseen();
        // taken back it does no harm
        terminal.send(&format!("\t{DELETE}{PIN}\n"));
        scene.assert_installed(terminal);
    });
}

#[test]
fn a_program_that_is_told_to_end_at_the_pin_ends_and_leaves_the_terminal_as_it_was() {
    for signal in ["TERM", "HUP"] {
        in_a_scene(|scene| {
            let mut terminal = scene.at_pin();
            terminal.send("123");
            tell(signal, terminal.process().into());
            scene.assert_ended_untouched(terminal, 7, "CANCELLED");
        });
    }
}

#[test]
fn a_program_that_is_told_to_end_while_it_waits_for_a_pin_from_elsewhere_ends() {
    in_a_scene(|scene| {
        let mut child = scene
            .command(env!("CARGO_BIN_EXE_chungthu"))
            .arg("install")
            .arg(scene.paper())
            .args(["--yes", "--pin-source", "stdin", "--module"])
            .arg(scene.office.library())
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let locks = scene.office.home().join("locks");
        wait_until("plan", || !scene.office.files_below(&locks).is_empty());
        tell("TERM", child.id().into());
        // nobody has given a PIN, or closed the pipe
        let input = child.stdin.take();
        let ended = child.wait_with_output().unwrap();
        drop(input);
        let shown = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(7), "{shown}");
        assert_eq!(scene.logins(), 0, "{shown}");
        assert_eq!(scene.token.dump(), scene.before);
    });
}

#[test]
fn an_end_asked_for_in_a_write_is_remembered_and_the_run_goes_on_to_its_end() {
    for signal in ["TERM", "HUP", "INT"] {
        in_a_scene(|scene| {
            let terminal = scene.in_write();
            // as a terminal does that closes; and as a service manager does, which knows all processes
            let program = i64::from(terminal.process());
            tell(signal, -program);
            let children = format!("/proc/{program}/task/{program}/children");
            for host in std::fs::read_to_string(children)
                .unwrap_or_default()
                .split_whitespace()
            {
                tell(signal, host.parse().unwrap());
            }
            std::thread::sleep(Duration::from_millis(200));
            write(&scene.go(), "");
            scene.assert_installed(terminal);
        });
    }
}

#[test]
fn a_program_that_is_ended_by_the_terminal_in_a_write_leaves_the_write_to_come_to_its_end() {
    in_a_scene(|scene| {
        let terminal = scene.in_write();
        tell("QUIT", -i64::from(terminal.process()));
        std::thread::sleep(Duration::from_millis(200));
        write(&scene.go(), "");
        let new = issue(KEY, Paper::Renewed);
        wait_until("new certificate", || {
            scene.token.dump().certificates_with(&new).len() == 1
        });
    });
}

#[test]
fn a_try_lost_elsewhere_while_the_pin_is_typed_stops_the_run() {
    in_a_scene(|scene| {
        let mut terminal = scene.at_pin();
        for _ in 0..2 {
            assert!(!scene.token.accepts_pin(WRONG_PIN));
        }
        terminal.send(&format!("{PIN}\n"));
        let (shown, status) = terminal.end_with_echo();
        assert_eq!(status, 5, "{shown}");
        assert!(shown.contains("PIN_FINAL_TRY"), "{shown}");
        assert_eq!(scene.logins(), 0, "{shown}");
        assert!(scene.token.accepts_pin(PIN), "the last try is still there");
        assert_eq!(scene.token.dump(), scene.before);
    });
}

#[test]
fn without_a_terminal_no_pin_is_asked_for() {
    in_a_scene(|scene| {
        // a session of its own has no terminal, wherever the tests run
        let output = scene
            .command("setsid")
            .arg("--wait")
            .arg(env!("CARGO_BIN_EXE_chungthu"))
            .arg("install")
            .arg(scene.paper())
            .arg("--yes")
            .arg("--module")
            .arg(scene.office.library())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let shown = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{shown}");
        assert!(shown.contains("NO_TERMINAL"), "{shown}");
        assert_eq!(scene.logins(), 0, "{shown}");
        assert_eq!(scene.token.dump(), scene.before);
    });
}
