//! The driver host under fire: whatever a driver does to its own process, the report names the driver's
//! call and the true state of the token, and the next run mends it.

use std::path::Path;
use std::time::{Duration, Instant};

use chungthu_issuer::TestKey;
use chungthu_test_support::{Driver, Dump, Office, Outcome, PIN, Paper, issue, write};
use serde_json::{Value, json};

use crate::in_an_office;
use crate::scene::{
    OldCertificate, assert_failure, assert_installed, install, install_with_pin, paper, token_with,
};

const KEY: TestKey = TestKey::Rsa2048A;

/// What a renewal comes to in which this goes wrong.
struct Ending {
    status: i32,
    code: &'static str,
    token_state: &'static str,
}

const UNTOUCHED: &str = "not-touched";

const fn crashed(token_state: &'static str) -> Ending {
    Ending {
        status: 4,
        code: "MODULE_CRASHED",
        token_state,
    }
}

const fn timed_out(token_state: &'static str) -> Ending {
    Ending {
        status: 4,
        code: "MODULE_TIMED_OUT",
        token_state,
    }
}

const fn stopped(token_state: &'static str) -> Ending {
    Ending {
        status: 6,
        code: "WRITE_INCOMPLETE",
        token_state,
    }
}

/// A renewal in an office of its own in which the first call of `function` goes wrong.
fn renew(function: &str, deed: &Value, ending: &Ending) -> Outcome {
    let mut ended = None;
    in_an_office(Driver::SoftToken, |office| {
        ended = Some(renew_in(office, function, deed, ending));
    });
    ended.unwrap()
}

fn renew_in(office: &Office, function: &str, deed: &Value, ending: &Ending) -> Outcome {
    let token = token_with(office, KEY, OldCertificate::Present);
    let before = token.dump();
    let (old, new) = (issue(KEY, Paper::Old), issue(KEY, Paper::Renewed));
    let file = office.paper("moi.cer", &new);
    let faults = json!([{"at": {"function": function, "nth": 1}, "do": deed}]);
    // an ordinary answer takes milliseconds
    write(&office.home().join("config.toml"), "driver_timeout = 3\n");

    let outcome = install_with_pin(office, &file).scenario(&faults).run();

    let outcome = assert_failure(outcome, ending.status, ending.code);
    let report = outcome.json();
    assert_eq!(report["pkcs11"]["function"], function, "{outcome:#?}");
    assert_eq!(
        report["pkcs11"]["return_value"],
        Value::Null,
        "{outcome:#?}"
    );
    assert_eq!(report["token_state"], ending.token_state, "{outcome:#?}");
    let driver = office.library().display().to_string();
    let message = report["message"].as_str().unwrap();
    assert!(message.contains(&driver), "{outcome:#?}");
    assert!(message.contains(function), "{outcome:#?}");
    let after = token.dump();
    assert_eq!(before.keys(), after.keys(), "a key was changed");
    assert_eq!(
        seen(&after, &new, &old),
        ending.token_state.replace("not-touched", "unchanged")
    );
    if ending.token_state != UNTOUCHED {
        let journal = journal(office);
        assert!(journal.contains(function), "{journal}");
    }

    run_again(office, &file);
    assert_installed(&before, &token.dump(), &new, &old);
    outcome
}

/// The same install without anything that goes wrong.
fn run_again(office: &Office, file: &Path) {
    let again = install_with_pin(office, file).run().expect(0);
    let outcome = again.json()["outcome"].clone();
    let is_well = outcome == "installed" || outcome == "already-installed";
    assert!(is_well, "{again:#?}");
}

/// The state as the independent reader sees it, in the words of the report.
fn seen(dump: &Dump, new: &[u8], old: &[u8]) -> &'static str {
    let is_there = |value| !dump.certificates_with(value).is_empty();
    match (is_there(new), is_there(old)) {
        (false, true) => "unchanged",
        (true, true) => "new-and-old",
        (true, false) => "only-new",
        (false, false) => "old-missing",
    }
}

fn journal(office: &Office) -> String {
    let files = office.files_below(&office.home().join("journal"));
    let texts = files.into_iter().map(|(_, content)| content);
    texts.map(|text| String::from_utf8(text).unwrap()).collect()
}

#[test]
fn a_driver_that_is_killed_before_anything_is_written_is_told_with_its_call() {
    let killed = json!({"kill": "host-before"});
    for function in ["C_Login", "C_Sign"] {
        let ended = renew(function, &killed, &crashed(UNTOUCHED));
        assert_eq!(ended.json()["detail"], "signal 9", "{ended:#?}");
        let line = format!("MODULE_CRASHED · {function} · signal 9");
        assert!(ended.stderr.contains(&line), "{ended:#?}");
    }
}

#[test]
fn a_driver_that_is_killed_in_a_changing_call_leaves_the_state_that_a_fresh_host_sees() {
    let (before, after) = (
        json!({"kill": "host-before"}),
        json!({"kill": "host-after"}),
    );
    renew("C_CreateObject", &before, &crashed("unchanged"));
    renew("C_CreateObject", &after, &stopped("new-and-old"));
    renew("C_DestroyObject", &before, &stopped("new-and-old"));
    renew("C_DestroyObject", &after, &stopped("only-new"));
}

#[test]
fn a_driver_that_ends_its_own_process_does_not_end_the_program() {
    let left = renew("C_Login", &json!({"exit": 3}), &crashed(UNTOUCHED));
    assert_eq!(left.json()["detail"], "exit code 3", "{left:#?}");
    let left = renew("C_CreateObject", &json!({"exit": 0}), &crashed("unchanged"));
    assert_eq!(left.json()["detail"], "exit code 0", "{left:#?}");
    renew(
        "C_DestroyObject",
        &json!({"exit": 0}),
        &stopped("new-and-old"),
    );
}

#[test]
fn a_driver_that_hangs_is_ended_in_the_configured_time_and_told_with_its_call() {
    let hung = json!({"hang": true});
    let ended = renew("C_Login", &hung, &timed_out(UNTOUCHED));
    let message = ended.json()["message"].as_str().unwrap().to_owned();
    assert!(message.contains(" 3 "), "{message}");
    assert!(
        ended.stderr.contains("MODULE_TIMED_OUT · C_Login"),
        "{ended:#?}"
    );
    renew("C_CreateObject", &hung, &timed_out("unchanged"));
    renew("C_DestroyObject", &hung, &stopped("new-and-old"));
}

/// An install that ends well, whatever the driver does beside its work.
fn installs_all_the_same(faults: &Value) -> Outcome {
    let mut ended = None;
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let before = token.dump();
        let file = paper(office, KEY, Paper::Renewed);
        let outcome = install_with_pin(office, &file).scenario(faults).run();
        let outcome = outcome.expect(0);
        assert_eq!(outcome.json()["outcome"], "installed", "{outcome:#?}");
        let (new, old) = (issue(KEY, Paper::Renewed), issue(KEY, Paper::Old));
        assert_installed(&before, &token.dump(), &new, &old);
        ended = Some(outcome);
    });
    ended.unwrap()
}

#[test]
fn a_driver_that_prints_at_every_call_disturbs_nothing() {
    let printed = "CTH1\u{0}\u{0}\u{0}\u{0} Driver 1.0\n";
    installs_all_the_same(&json!([{"at": {"nth": 1, "times": 0}, "do": {"print": printed}}]));
}

#[test]
fn a_driver_whose_threads_never_end_does_not_hold_the_program() {
    let faults = json!([
        {"at": {"function": "C_Initialize", "nth": 1, "times": 0}, "do": {"threads": 3}},
        {"at": {"function": "C_CreateObject", "nth": 1, "times": 0}, "do": {"threads": 3}},
    ]);
    installs_all_the_same(&faults);
}

#[test]
fn a_driver_that_cannot_end_well_takes_no_report_with_it() {
    for deed in [json!({"kill": "host-before"}), json!({"exit": 1})] {
        installs_all_the_same(
            &json!([{"at": {"function": "C_Finalize", "nth": 1, "times": 0}, "do": deed}]),
        );
    }
    // two hosts, five seconds each
    let hung =
        json!([{"at": {"function": "C_Finalize", "nth": 1, "times": 0}, "do": {"hang": true}}]);
    let ended = installs_all_the_same(&hung);
    assert!(ended.duration < Duration::from_secs(30), "{ended:#?}");
}

/// Runs an install whose program is killed with these faults, and waits until its hosts are gone.
#[cfg(target_os = "linux")]
fn leaves_no_host_behind(faults: &Value, within: Duration) {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let before = token.dump();
        let file = paper(office, KEY, Paper::Renewed);

        let killed = install_with_pin(office, &file).scenario(faults).run();

        assert_eq!(killed.code(), None, "{killed:#?}");
        let begin = Instant::now();
        while processes_of(office) > 0 {
            assert!(begin.elapsed() < within, "a host is left behind");
            std::thread::sleep(Duration::from_millis(20));
        }
        run_again(office, &file);
        let (new, old) = (issue(KEY, Paper::Renewed), issue(KEY, Paper::Old));
        assert_installed(&before, &token.dump(), &new, &old);
    });
}

/// How many processes have this office's home in their environment.
#[cfg(target_os = "linux")]
fn processes_of(office: &Office) -> usize {
    let home = office.home().into_os_string().into_encoded_bytes();
    let environments = std::fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let path = entry.ok()?.path().join("environ");
        std::fs::read(path).ok()
    });
    environments
        .filter(|environment| environment.windows(home.len()).any(|part| part == home))
        .count()
}

#[test]
#[cfg(target_os = "linux")]
fn a_host_whose_program_is_killed_ends_after_the_call_it_is_in() {
    let killed =
        json!([{"at": {"function": "C_CreateObject", "nth": 1}, "do": {"kill": "program-before"}}]);
    leaves_no_host_behind(&killed, Duration::from_secs(8));
}

#[test]
#[cfg(target_os = "linux")]
fn a_host_whose_program_is_killed_ends_even_in_a_driver_that_hangs() {
    // after the login nobody takes the answer, and the driver hangs where it is ended
    let killed = json!([
        {"at": {"function": "C_Login", "nth": 1}, "do": {"kill": "program-after"}},
        {"at": {"function": "C_Logout", "nth": 1}, "do": {"hang": true}},
    ]);
    leaves_no_host_behind(&killed, Duration::from_secs(30));
}

#[test]
#[cfg(target_os = "linux")]
fn a_run_right_after_a_killed_one_leaves_the_token_to_the_host_that_is_still_in_a_call() {
    for function in ["C_CreateObject", "C_DestroyObject"] {
        in_an_office(Driver::SoftToken, |office| {
            let token = token_with(office, KEY, OldCertificate::Present);
            let before = token.dump();
            let file = paper(office, KEY, Paper::Renewed);
            let go = office.place("go");
            let faults = json!([{"at": {"function": function, "nth": 1}, "do": {"wait-for": go}}]);
            let mut killed = install_with_pin(office, &file).scenario(&faults).start();
            killed.give_stdin();
            killed.wait_until(|| {
                let calls = std::fs::read_to_string(office.place("calls.log"));
                calls.is_ok_and(|calls| calls.lines().any(|call| call == function))
            });
            killed.kill();
            let then = token.dump();

            let second = install_with_pin(office, &file).run();

            assert!(processes_of(office) > 0, "the host is gone too early");
            let second = assert_failure(second, 4, "TOKEN_IN_USE");
            assert!(second.stderr.contains("mười giây"), "{second:#?}");
            assert_eq!(then, token.dump());
            write(&go, "");
            let begin = Instant::now();
            while processes_of(office) > 0 {
                assert!(begin.elapsed() < Duration::from_secs(30), "a host is left");
                std::thread::sleep(Duration::from_millis(20));
            }
            assert_ne!(then, token.dump(), "the call was cut off");
            run_again(office, &file);
            let (new, old) = (issue(KEY, Paper::Renewed), issue(KEY, Paper::Old));
            assert_installed(&before, &token.dump(), &new, &old);
        });
    }
}

/// The fault that presses Ctrl-C in the last call before the login, when nothing asks for it any more.
fn interrupt_before_the_login(office: &Office, file: &Path) -> Value {
    let clean = install(office, file).arguments(["--pin-source", "token"]);
    let nobody = json!([{"at": {"function": "C_Login", "nth": 1}, "do": {"answer": "CKR_FUNCTION_CANCELED"}}]);
    let clean = clean.scenario(&nobody).run();
    assert_failure(clean, 5, "PIN_NOT_GIVEN");
    let calls = office.calls_made();
    let login = calls.iter().position(|call| call == "C_Login").unwrap();
    json!({"at": {"nth": login}, "do": {"interrupt": true}})
}

#[test]
fn ctrl_c_ends_the_wait_for_a_pin_that_is_typed_elsewhere() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let before = token.dump();
        let file = paper(office, KEY, Paper::Renewed);
        let interrupt = interrupt_before_the_login(office, &file);
        let window = json!({"at": {"function": "C_Login", "nth": 1}, "do": {"hang": true}});

        let outcome = install(office, &file)
            .arguments(["--pin-source", "token"])
            .scenario(&json!([interrupt, window]))
            .run();

        let outcome = assert_failure(outcome, 7, "CANCELLED");
        let report = outcome.json();
        assert_eq!(report["outcome"], "cancelled", "{outcome:#?}");
        assert_eq!(report["token_state"], UNTOUCHED, "{outcome:#?}");
        assert_eq!(report["pkcs11"]["function"], "C_Login", "{outcome:#?}");
        assert!(outcome.duration < Duration::from_secs(20), "{outcome:#?}");
        assert_eq!(before, token.dump());

        let again = install(office, &file).pin(PIN).run().expect(0);
        assert_eq!(again.json()["outcome"], "installed", "{again:#?}");
    });
}

#[test]
fn ctrl_c_in_a_changing_call_is_remembered_and_the_run_goes_on_to_its_end() {
    for function in ["C_CreateObject", "C_DestroyObject"] {
        let pressed = json!([{"at": {"function": function, "nth": 1}, "do": {"interrupt": true}}]);
        installs_all_the_same(&pressed);
    }
}
