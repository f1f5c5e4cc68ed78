//! One token of an office: filled and read through the witness, never through the program.

use std::ffi::OsStr;

use chungthu_issuer::TestKey;
use serde_json::Value;

use crate::dump::Dump;
use crate::{Command, Office, PIN, SECURITY_OFFICER_PIN, surroundings};

/// Whether a key pair's public half is an object of its own on the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublicKeyObject {
    /// It is, and shows before a login which key the token has.
    Present,
    /// It is not.
    Absent,
}

/// What a private key may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyUse {
    /// It signs after one login.
    Signing,
    /// It may not sign (`CKA_SIGN` false): an encryption key.
    Decrypting,
    /// It wants the PIN before each signature (`CKA_ALWAYS_AUTHENTICATE`).
    SigningWithPinEachTime,
}

/// A token, initialised, with a user PIN.
#[derive(Debug)]
pub struct Token<'office> {
    office: &'office Office,
    label: String,
    serial: String,
}

impl<'office> Token<'office> {
    pub(crate) fn initialise(office: &'office Office, label: &str) -> Self {
        let mut token = Self {
            office,
            label: label.to_owned(),
            serial: String::new(),
        };
        let pins = format!("{PIN}\n{SECURITY_OFFICER_PIN}\n");
        let answer = token.witness("initialise", &[], &pins);
        token.serial = answer
            .get("serial")
            .and_then(Value::as_str)
            .unwrap()
            .to_owned();
        token
    }

    /// The token of this label that the office has already; its serial number is not asked.
    #[must_use]
    pub fn of(office: &'office Office, label: &str) -> Self {
        Self {
            office,
            label: label.to_owned(),
            serial: String::new(),
        }
    }

    /// Its label.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Its serial number, as the driver tells it.
    #[must_use]
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// Puts a key pair on the token, under an id in hexadecimal digits.
    pub fn add_key(&self, key: TestKey, id: &str, label: &str, public: PublicKeyObject) {
        self.add_key_for(KeyUse::Signing, key, id, label, public);
    }

    /// The same with a private key for a certain use.
    pub fn add_key_for(
        &self,
        usage: KeyUse,
        key: TestKey,
        id: &str,
        label: &str,
        public: PublicKeyObject,
    ) {
        let file = self.office.paper("key.pk8", key.pkcs8_der());
        let usage = match usage {
            KeyUse::Signing => "signs",
            KeyUse::Decrypting => "decrypts",
            KeyUse::SigningWithPinEachTime => "signs-with-pin-each-time",
        };
        self.add("add-private-key", &file, &[id, label, usage]);
        if public == PublicKeyObject::Present {
            self.add_public_key(key, id, label);
        }
    }

    /// Puts the public half of a key on the token.
    pub fn add_public_key(&self, key: TestKey, id: &str, label: &str) {
        let file = self.office.paper("key.spki", key.public_key_der());
        self.add("add-public-key", &file, &[id, label]);
    }

    /// Puts a certificate on the token.
    pub fn add_certificate(&self, der: &[u8], id: &str, label: &str) {
        let file = self.office.paper("added.der", der);
        self.add("add-certificate", &file, &[id, label]);
    }

    /// Takes every certificate object with these bytes off the token.
    pub fn remove_certificate(&self, der: &[u8]) {
        let file = self.office.paper("removed.der", der);
        self.add("remove-certificate", &file, &[]);
    }

    /// Puts a certificate in the place of those under this id, where they keep their handle.
    ///
    /// # Panics
    /// On another driver than the soft token.
    pub fn overwrite_certificate(&self, der: &[u8], id: &str, label: &str) {
        let file = self.office.paper("added.der", der);
        let arguments = [file.as_os_str(), OsStr::new(id), OsStr::new(label)];
        let command = self.command("add-certificate", &arguments, &format!("{PIN}\n"));
        let answer = command.profile("overwrites-in-place").run().expect(0);
        assert!(answer.json().is_null(), "{answer:#?}");
    }

    /// Puts a certificate on the token that only a login shows (`CKA_PRIVATE`).
    pub fn add_private_certificate(&self, der: &[u8], id: &str, label: &str) {
        let file = self.office.paper("added.der", der);
        self.add("add-private-certificate", &file, &[id, label]);
    }

    /// Puts this many certificates on the token that have nothing to do with its keys.
    pub fn add_fillers(&self, der: &[u8], count: usize) {
        let file = self.office.paper("filler.der", der);
        self.add("add-fillers", &file, &[&count.to_string()]);
    }

    /// Everything on the token, hidden objects too.
    #[must_use]
    pub fn dump(&self) -> Dump {
        Dump::read(self.witness("dump", &[], &format!("{PIN}\n")))
    }

    /// The same on a token whose PIN was changed.
    ///
    /// # Panics
    /// If the token cannot be read.
    #[must_use]
    pub fn dump_with_pin(&self, pin: &str) -> Dump {
        Dump::read(self.witness("dump", &[], &format!("{pin}\n")))
    }

    /// Logs in with this PIN and says whether the token took it.
    #[must_use]
    pub fn accepts_pin(&self, pin: &str) -> bool {
        self.try_pin(pin).get("refusal").is_some_and(Value::is_null)
    }

    /// Tries this PIN, and gives the PIN's state afterwards: `count_low`, `final_try`, `locked`.
    pub fn try_pin(&self, pin: &str) -> Value {
        self.witness("try-pin", &[], &format!("{pin}\n"))
    }

    fn add(&self, verb: &str, file: &std::path::Path, arguments: &[&str]) {
        let mut all = vec![file.as_os_str()];
        all.extend(arguments.iter().map(OsStr::new));
        let answer = self.witness(verb, &all, &format!("{PIN}\n"));
        assert!(answer.is_null(), "{verb}: {answer}");
    }

    fn witness(&self, verb: &str, arguments: &[&OsStr], stdin: &str) -> Value {
        self.command(verb, arguments, stdin).run().expect(0).json()
    }

    fn command(&self, verb: &str, arguments: &[&OsStr], stdin: &str) -> Command<'office> {
        self.office
            .program(surroundings::witness())
            .argument(self.office.library())
            .arguments([&self.label, verb])
            .arguments(arguments)
            .stdin(stdin)
    }
}
