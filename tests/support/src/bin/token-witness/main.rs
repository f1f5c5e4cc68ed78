//! The witness: reads and provisions a token through its driver, for the end-to-end tests. It is the
//! judge of what the program did, so it shares no code with the program.
//!
//! `token-witness DRIVER TOKEN-LABEL VERB [ARGUMENT…]`; PINs come on stdin, one a line; the answer is
//! one JSON document on stdout.

mod der;
mod driver;
mod dump;
mod keys;

use std::error::Error;
use std::io::{BufRead as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use cryptoki_sys::*;
use driver::{Attribute, Driver, Session};
use serde_json::{Value, json};

const USAGE: &str = "usage: token-witness DRIVER TOKEN-LABEL VERB [ARGUMENT...]
  initialise                          stdin: PIN, security officer's PIN; takes the first empty token
  dump | count                        stdin: PIN, or nothing for what is seen without a login
  watch                               stdin: PIN, then a line for each look: one dump a line
  try-pin                             stdin: PIN
  add-certificate FILE ID LABEL       stdin: PIN; ID in hexadecimal digits
  add-private-certificate FILE ID LABEL  stdin: PIN; hidden before a login
  remove-certificate FILE             stdin: PIN; every object with these bytes
  add-fillers FILE COUNT              stdin: PIN; copies of a certificate under other serial numbers
  add-private-key FILE ID LABEL USE   stdin: PIN; PKCS#8 DER; signs, decrypts or signs-with-pin-each-time
  add-public-key FILE ID LABEL        stdin: PIN; SubjectPublicKeyInfo DER";

type Answer = Result<Value, Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [driver, label, verb] = arguments.as_slice()
        && verb == "watch"
    {
        return match watch(Path::new(driver), label) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    match answer(&arguments) {
        Ok(answer) => match writeln!(std::io::stdout(), "{answer}") {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        },
        Err(error) => {
            writeln!(std::io::stderr(), "token-witness {arguments:?}: {error}").ok();
            ExitCode::FAILURE
        }
    }
}

fn answer(arguments: &[String]) -> Answer {
    let [driver, label, verb, rest @ ..] = arguments else {
        return Err(USAGE.into());
    };
    let pins: Vec<String> = std::io::stdin().lock().lines().collect::<Result<_, _>>()?;
    let driver = Driver::load(Path::new(driver))?;
    if verb == "initialise" {
        return initialise(&driver, label, &pins);
    }
    let (slot, info) = token(&driver, label)?;
    let session = driver.open(slot)?;
    let logged_in = pins.first().map(|pin| session.log_in(CKU_USER, pin));
    if verb == "try-pin" {
        let flags = driver.token_info(slot)?.flags;
        return Ok(json!({
            "refusal": logged_in.and_then(Result::err).map(|refused| refused.return_value),
            "count_low": flags & CKF_USER_PIN_COUNT_LOW != 0,
            "final_try": flags & CKF_USER_PIN_FINAL_TRY != 0,
            "locked": flags & CKF_USER_PIN_LOCKED != 0,
        }));
    }
    logged_in.transpose()?;
    let arguments: Vec<&str> = rest.iter().map(String::as_str).collect();
    match (verb.as_str(), arguments.as_slice()) {
        ("dump", []) => Ok(json!({
            "label": text(&info.label),
            "serial": text(&info.serialNumber),
            "objects": dump::objects(&session)?,
        })),
        ("count", []) => Ok(json!(dump::count(&session)?)),
        ("add-certificate", [file, id, label]) => {
            add_certificate(&session, &std::fs::read(file)?, &bytes(id)?, label, false)?;
            Ok(Value::Null)
        }
        ("add-private-certificate", [file, id, label]) => {
            add_certificate(&session, &std::fs::read(file)?, &bytes(id)?, label, true)?;
            Ok(Value::Null)
        }
        ("remove-certificate", [file]) => {
            let der = std::fs::read(file)?;
            for object in session.find(CKO_CERTIFICATE)? {
                if session.attribute(object, CKA_VALUE)?.as_ref() == Some(&der) {
                    session.destroy(object)?;
                }
            }
            Ok(Value::Null)
        }
        ("add-fillers", [file, count]) => add_fillers(&session, std::fs::read(file)?, count),
        ("add-private-key", [file, id, label, usage]) => {
            let template = keys::private_key(&std::fs::read(file)?, &bytes(id)?, label, usage);
            session.create(&template.ok_or("not a PKCS#8 key")?)?;
            Ok(Value::Null)
        }
        ("add-public-key", [file, id, label]) => {
            let template = keys::public_key(&std::fs::read(file)?, &bytes(id)?, label);
            session.create(&template.ok_or("not a public key")?)?;
            Ok(Value::Null)
        }
        _ => Err(USAGE.into()),
    }
}

/// A dump, or what went wrong, for each line after the PIN; the driver starts anew for each, so that
/// nothing is told from its memory.
fn watch(path: &Path, label: &str) -> std::io::Result<()> {
    let mut lines = std::io::stdin().lock().lines();
    let pin = lines.next().transpose()?.unwrap_or_default();
    for line in lines {
        line?;
        let answer =
            look(path, label, &pin).unwrap_or_else(|error| json!({ "refusal": error.to_string() }));
        writeln!(std::io::stdout(), "{answer}")?;
    }
    Ok(())
}

fn look(path: &Path, label: &str, pin: &str) -> Answer {
    let driver = Driver::load(path)?;
    let (slot, _) = token(&driver, label)?;
    let session = driver.open(slot)?;
    session.log_in(CKU_USER, pin)?;
    Ok(json!({ "objects": dump::objects(&session)? }))
}

fn initialise(driver: &Driver, label: &str, pins: &[String]) -> Answer {
    let [pin, security_officer_pin] = pins else {
        return Err(USAGE.into());
    };
    for slot in driver.slots()? {
        if driver.token_info(slot)?.flags & CKF_TOKEN_INITIALIZED == 0 {
            driver.initialise_token(slot, security_officer_pin, label)?;
            let session = driver.open(slot)?;
            session.log_in(CKU_SO, security_officer_pin)?;
            session.set_user_pin(pin)?;
            let serial = text(&driver.token_info(slot)?.serialNumber);
            return Ok(json!({ "serial": serial }));
        }
    }
    Err("there is no empty token".into())
}

/// The slot of the token with this label.
fn token(driver: &Driver, label: &str) -> Result<(CK_SLOT_ID, CK_TOKEN_INFO), Box<dyn Error>> {
    for slot in driver.slots()? {
        let info = driver.token_info(slot)?;
        if info.flags & CKF_TOKEN_INITIALIZED != 0 && text(&info.label) == label {
            return Ok((slot, info));
        }
    }
    Err(format!("there is no token {label:?}").into())
}

fn add_certificate(
    session: &Session<'_>,
    der: &[u8],
    id: &[u8],
    label: &str,
    private: bool,
) -> Result<(), Box<dyn Error>> {
    let parts = der::certificate(der).ok_or("not a certificate")?;
    session.create(&[
        Attribute::number(CKA_CLASS, CKO_CERTIFICATE),
        Attribute::number(CKA_CERTIFICATE_TYPE, CKC_X_509),
        Attribute::flag(CKA_TOKEN, true),
        Attribute::flag(CKA_PRIVATE, private),
        Attribute::bytes(CKA_VALUE, der),
        Attribute::bytes(CKA_SUBJECT, parts.subject),
        Attribute::bytes(CKA_ISSUER, parts.issuer),
        Attribute::bytes(CKA_SERIAL_NUMBER, parts.serial_number),
        Attribute::bytes(CKA_ID, id),
        Attribute::bytes(CKA_LABEL, label.as_bytes()),
    ])?;
    Ok(())
}

/// Certificates that differ from the given one in the last four bytes of their serial number and so
/// from each other; their signatures are wrong, which no token looks at.
fn add_fillers(session: &Session<'_>, mut der: Vec<u8>, count: &str) -> Answer {
    let serial_number = der::certificate(&der)
        .ok_or("not a certificate")?
        .serial_number;
    let length = serial_number.len();
    let start = der
        .windows(length)
        .position(|window| window == serial_number);
    let end = start.ok_or("no serial number")? + length;
    for number in 0..count.parse::<u32>()? {
        let id = number.to_be_bytes();
        let last = der
            .get_mut(end - id.len()..end)
            .ok_or("short serial number")?;
        last.copy_from_slice(&id);
        add_certificate(session, &der, &[&[0xee], &id[..]].concat(), "Filler", false)?;
    }
    Ok(Value::Null)
}

/// A padded text field of a token, without its padding.
fn text(field: &[u8]) -> String {
    String::from_utf8_lossy(field)
        .trim_end_matches([' ', '\0'])
        .to_owned()
}

fn bytes(digits: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    if !digits.len().is_multiple_of(2) || !digits.is_ascii() {
        return Err(format!("not hexadecimal digits: {digits}").into());
    }
    let pairs = digits.as_bytes().chunks_exact(2);
    let byte = |pair: &[u8]| Ok(u8::from_str_radix(std::str::from_utf8(pair)?, 16)?);
    pairs.map(byte).collect()
}
