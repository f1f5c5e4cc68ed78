//! PIN care on the fake token: one try at most, and the truth about which PIN is in force.

#![expect(clippy::unwrap_used, reason = "a helper of the tests fails the test")]

use std::collections::BTreeMap;

use chungthu_certificate::inventory::Place;
use chungthu_certificate::pin_care::{
    Changed, Context, PinCareError, PinInForce, Task, may_try_officer_pin, set_pin,
};
use chungthu_certificate::records::{PinTries, RecordEnd, RecordKind, Storage, StorageError};
use chungthu_token::error::{Cause, Operation, TokenError};
use chungthu_token::fake::{Effect, FakeLauncher, FakeToken, OFFICER_PIN};
use chungthu_token::pin::{Credential, Pin};
use chungthu_token::return_value::ReturnValue;
use chungthu_token::session::{Driver, Launcher, SlotDetail};
use chungthu_token::token::{LostTries, SlotId};
use time::macros::datetime;

const OLD: &str = "Test1234";
const NEW: &str = "Other-567";

#[derive(Default)]
struct Records {
    files: BTreeMap<String, Vec<u8>>,
    is_broken: bool,
}

impl Storage for Records {
    fn create(&mut self, _: RecordKind, name: &str, _: &[u8]) -> Result<String, StorageError> {
        Ok(name.to_owned())
    }

    fn append(&mut self, _: RecordKind, name: &str, line: &[u8]) -> Result<(), StorageError> {
        if self.is_broken {
            return Err(StorageError {
                place: name.into(),
                detail: "full".into(),
            });
        }
        let file = self.files.entry(name.to_owned()).or_default();
        file.extend_from_slice(line);
        file.push(b'\n');
        Ok(())
    }

    fn read_end(&self, _: RecordKind, name: &str, _: usize) -> Result<RecordEnd, StorageError> {
        Ok(RecordEnd {
            bytes: self.files.get(name).cloned().unwrap_or_default(),
            is_whole: true,
        })
    }

    fn empty(&mut self, _: RecordKind, name: &str) -> Result<(), StorageError> {
        self.files.remove(name);
        Ok(())
    }
}

struct Bench {
    token: FakeToken,
    launcher: FakeLauncher,
    place: Place,
    records: Records,
}

impl Bench {
    fn new() -> Self {
        let token = FakeToken::new("0123", "Văn phòng", OLD);
        let launcher = FakeLauncher::new(std::slice::from_ref(&token));
        let module = launcher.found().module.unwrap();
        let mut driver: Box<dyn Driver> = launcher.launch(&module).unwrap();
        let report = driver.slots(SlotDetail::Token).unwrap().remove(0);
        Self {
            place: Place {
                module,
                slot: SlotId(0),
                token: report.token.unwrap(),
            },
            token,
            launcher,
            records: Records::default(),
        }
    }

    fn set(&mut self, task: Task, tried: &str) -> Result<Changed, Box<PinCareError>> {
        let pin = |text: &str| Credential::Pin(Pin::new(text, None).unwrap());
        let context = Context {
            launcher: &self.launcher,
            place: &self.place,
            allow_final_try: false,
            storage: &mut self.records,
            clock: &|| datetime!(2026-11-24 08:00 UTC),
        };
        set_pin(task, pin(tried), &pin(NEW), context)
    }

    fn count(&self, operation: Operation) -> usize {
        self.token
            .log()
            .iter()
            .filter(|one| **one == operation)
            .count()
    }

    fn failed_logins(&self) -> usize {
        PinTries::of(&self.place.token)
            .count(&self.records)
            .unwrap()
    }
}

#[test]
fn a_changed_pin_is_proved_by_one_login_through_another_process() {
    let mut bench = Bench::new();
    assert_eq!(bench.set(Task::Change, OLD).unwrap(), Changed::Verified);
    assert_eq!(bench.token.pin(), NEW);
    assert_eq!(
        (
            bench.count(Operation::ChangePin),
            bench.count(Operation::LogIn)
        ),
        (1, 1)
    );
    assert_eq!(bench.failed_logins(), 0);
}

#[test]
fn a_wrong_old_pin_costs_one_try_that_is_counted_and_changes_nothing() {
    let mut bench = Bench::new();
    let error = bench.set(Task::Change, "Wrong999").unwrap_err();
    assert_eq!(error.state, PinInForce::Old);
    assert!(error.tried.is_some());
    assert_eq!(bench.token.pin(), OLD);
    assert_eq!(
        (
            bench.count(Operation::ChangePin),
            bench.count(Operation::LogIn)
        ),
        (1, 0)
    );
    assert_eq!(bench.failed_logins(), 1);
}

#[test]
fn a_driver_that_forgets_the_new_pin_is_found_out() {
    let mut bench = Bench::new();
    bench.token.forget_pins();
    let error = bench.set(Task::Change, OLD).unwrap_err();
    assert_eq!(error.state, PinInForce::NotTheNew);
    assert_eq!(bench.token.pin(), OLD);
    assert_eq!(bench.failed_logins(), 1);
}

#[test]
fn after_an_error_without_a_meaning_nobody_says_which_pin_is_in_force() {
    for effect in [Effect::Done, Effect::NotDone] {
        let mut bench = Bench::new();
        let error = TokenError::from_call(Operation::ChangePin, "C_SetPIN", ReturnValue(0x5));
        bench.token.fail(Operation::ChangePin, 1, effect, error);
        let error = bench.set(Task::Change, OLD).unwrap_err();
        assert_eq!(error.state, PinInForce::Unknown);
        // and nobody tries
        assert_eq!(bench.count(Operation::LogIn), 0);
    }
}

#[test]
fn a_new_pin_that_the_token_refuses_costs_nothing() {
    let mut bench = Bench::new();
    // CKR_PIN_INVALID
    let error = TokenError::from_call(Operation::ChangePin, "C_SetPIN", ReturnValue(0xA1));
    bench
        .token
        .fail(Operation::ChangePin, 1, Effect::NotDone, error);
    let error = bench.set(Task::Change, OLD).unwrap_err();
    assert_eq!(error.state, PinInForce::Old);
    assert_eq!(bench.failed_logins(), 0);
}

#[test]
fn a_driver_that_wants_a_login_first_gets_it() {
    let mut bench = Bench::new();
    let error = TokenError::from_call(Operation::ChangePin, "C_SetPIN", ReturnValue(0x101));
    bench
        .token
        .fail(Operation::ChangePin, 1, Effect::NotDone, error);
    assert_eq!(bench.set(Task::Change, OLD).unwrap(), Changed::Verified);
    assert_eq!(
        (
            bench.count(Operation::ChangePin),
            bench.count(Operation::LogIn)
        ),
        (2, 2)
    );
}

#[test]
fn a_try_that_cannot_be_counted_is_not_made() {
    for task in [Task::Change, Task::Unblock] {
        let mut bench = Bench::new();
        bench.records.is_broken = true;
        let error = bench.set(task, OLD).unwrap_err();
        assert_eq!(error.state, PinInForce::Old);
        assert_eq!(
            bench.count(Operation::ChangePin) + bench.count(Operation::UnblockPin),
            0
        );
    }
}

#[test]
fn a_locked_pin_is_not_tried_and_the_officer_opens_it() {
    let mut bench = Bench::new();
    bench.token.set_flags(bench.place.token.flags | 0x4_0000);
    bench.place.token.flags |= 0x4_0000;
    let error = bench.set(Task::Change, OLD).unwrap_err();
    assert_eq!(error.state, PinInForce::Old);
    assert_eq!(bench.count(Operation::ChangePin), 0);
    assert_eq!(
        bench.set(Task::Unblock, OFFICER_PIN).unwrap(),
        Changed::Verified
    );
    assert_eq!(bench.token.pin(), NEW);
}

#[test]
fn the_officers_failed_tries_are_counted_apart() {
    let mut bench = Bench::new();
    let error = bench.set(Task::Unblock, "Wrong999").unwrap_err();
    assert_eq!(error.state, PinInForce::Old);
    assert_eq!(bench.token.pin(), OLD);
    assert_eq!(bench.failed_logins(), 0);
    let officer = PinTries::of_officer(&bench.place.token);
    assert_eq!(officer.count(&bench.records).unwrap(), 1);
}

#[test]
fn the_officers_last_try_is_kept_unless_it_is_asked_for() {
    use LostTries::{All, AllButOne, NoneTold, Some};
    for (flags, failed, allowed, expected) in [
        (NoneTold, 0, false, Ok(())),
        (NoneTold, 1, false, Ok(())),
        (NoneTold, 2, false, Err(AllButOne)),
        (NoneTold, 2, true, Ok(())),
        (Some, 0, false, Ok(())),
        (AllButOne, 0, false, Err(AllButOne)),
        (AllButOne, 0, true, Ok(())),
        (All, 0, true, Err(All)),
    ] {
        assert_eq!(may_try_officer_pin(flags, failed, allowed), expected);
    }
}

#[test]
fn a_process_that_dies_in_the_change_leaves_it_unknown() {
    let mut bench = Bench::new();
    let error = TokenError::new(
        Operation::ChangePin,
        Cause::DriverCrashed {
            status: "signal 11".into(),
        },
    )
    .in_call("C_SetPIN");
    bench
        .token
        .fail(Operation::ChangePin, 1, Effect::Done, error);
    let error = bench.set(Task::Change, OLD).unwrap_err();
    assert_eq!(error.state, PinInForce::Unknown);
    // counted: it may have been wrong
    assert_eq!(bench.failed_logins(), 1);
}
