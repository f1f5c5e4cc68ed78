//! The count of failed logins: per token, careful with what it cannot read, and written before the login.

use chungthu_certificate::records::{PinTries, RecordKind, Storage};
use chungthu_token::error::{Operation, TokenError};
use chungthu_token::pin::{Credential, Pin};
use chungthu_token::return_value::ReturnValue;
use chungthu_token::token::TokenInformation;

use crate::office::{NOW, Records};

fn token(serial: &str, label: &str) -> TokenInformation {
    TokenInformation {
        label: label.into(),
        manufacturer: "maker".into(),
        model: "model".into(),
        serial: serial.into(),
        flags: 0,
        minimum_pin_length: 0,
        maximum_pin_length: 0,
        free_public_memory: None,
        total_public_memory: None,
        hardware_version: String::new(),
        firmware_version: String::new(),
    }
}

/// A login that answers this; 0 is `CKR_OK`.
fn log_in(records: &mut Records, tries: &PinTries, answer: u64) {
    let pin = Credential::Pin(Pin::new("123456", None).unwrap());
    let answer = || match answer {
        0 => Ok(()),
        code => Err(TokenError::from_call(
            Operation::LogIn,
            "C_Login",
            ReturnValue(code),
        )),
    };
    let answered = tries.around(records, &|| NOW, &pin, answer).unwrap();
    answered.ok();
}

#[test]
fn failures_add_up_and_a_success_forgets_them() {
    let mut records = Records::default();
    let tries = PinTries::of(&token("0123", "a"));
    for (answer, count) in [
        (0xA0, 1),
        (0x05, 2),
        // already logged in: no try
        (0x100, 2),
        (0xA0, 3),
        (0, 0),
        (0x30, 1),
    ] {
        log_in(&mut records, &tries, answer);
        assert_eq!(tries.count(&records).unwrap(), count, "{answer:#x}");
    }
    assert!(!records.text(RecordKind::PinTries).contains("123456"));
}

#[test]
fn a_line_that_cannot_be_read_counts_as_a_failure() {
    let mut records = Records::default();
    let tries = PinTries::of(&token("0123", "a"));
    log_in(&mut records, &tries, 0xA0);
    let name = records.files.keys().next().unwrap().1.clone();
    for line in [
        "{\"schema\":\"chungthu-pin-tries/1\",\"ti",
        "{\"schema\":\"chungthu-pin-tries/2\",\"time\":\"\",\"event\":\"no-try\"}",
    ] {
        let kind = RecordKind::PinTries;
        records.append(kind, &name, line.as_bytes()).unwrap();
    }
    assert_eq!(tries.count(&records).unwrap(), 3);
}

#[test]
fn two_drivers_words_for_one_serial_are_one_token_and_two_serials_are_two() {
    let of = |serial, label| PinTries::of(&token(serial, label));
    assert_eq!(of("0123", "a"), of("0123", "b"));
    assert_ne!(of("0123", "a"), of("0124", "a"));
    // what no file name takes
    assert_ne!(of("01/23", "a"), of("01:23", "a"));
    // no serial: told apart by the other words
    for none in ["", "0000000000000000"] {
        assert_eq!(of(none, "a"), of("", "a"));
        assert_ne!(of(none, "a"), of(none, "b"));
    }
}
