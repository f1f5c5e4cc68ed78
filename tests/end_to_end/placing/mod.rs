//! Placing a certificate on tokens that refuse the plain way, each a profile of the soft token. The witness,
//! which sees the token without the profile, is the judge.

mod kept;
mod keys;
mod refused;
mod removed_first;
mod taken;

use std::path::PathBuf;

use chungthu_issuer::TestKey;
use chungthu_test_support::{
    Command, Driver, Dump, Office, Outcome, PIN, Paper, PublicKeyObject, Token, issue,
};
use serde_json::Value;

use crate::in_an_office;
use crate::scene::{CERTIFICATE_LABEL, KEY_ID, KEY_LABEL, assert_untouched, install, paper};

const KEY: TestKey = TestKey::Rsa2048A;

/// What a token that hides its objects has beside its other habits.
const HIDES: &str = "hides-everything-before-login";

/// A token with a key and its old certificate, the new one as a file, and the token's habits.
struct Case<'office> {
    office: &'office Office,
    token: Token<'office>,
    profile: String,
    before: Dump,
    old: Vec<u8>,
    new: Vec<u8>,
    file: PathBuf,
}

/// Lays out the case and plays it.
fn with(profile: &str, scenario: impl FnOnce(&Case<'_>)) {
    prepared(profile, Paper::Renewed, |_| {}, scenario);
}

/// The same after something more was put on the token, with another paper in the mail.
fn prepared(
    profile: &str,
    kind: Paper,
    prepare: impl FnOnce(&Token<'_>),
    scenario: impl FnOnce(&Case<'_>),
) {
    in_an_office(Driver::SoftToken, |office| {
        let token = office.token("Van phong");
        token.add_key(KEY, KEY_ID, KEY_LABEL, PublicKeyObject::Present);
        let old = issue(KEY, Paper::Old);
        let add_old = if profile.contains("wants-private-true") {
            Token::add_private_certificate
        } else {
            Token::add_certificate
        };
        add_old(&token, &old, KEY_ID, CERTIFICATE_LABEL);
        prepare(&token);
        scenario(&Case {
            office,
            before: token.dump(),
            token,
            profile: profile.to_owned(),
            old,
            new: issue(KEY, kind),
            file: paper(office, KEY, kind),
        });
    });
}

impl<'office> Case<'office> {
    /// `install FILE --yes --json` under the profile, without a PIN.
    fn command(&self) -> Command<'office> {
        install(self.office, &self.file).profile(&self.profile)
    }

    /// Installs, with the right PIN; the report.
    fn install(&self, options: &[&str]) -> Value {
        let command = self.command().pin(PIN).arguments(options);
        command.run().expect(0).json()
    }

    /// The install is refused twice with the same words, and nothing of the token is other than it was.
    fn assert_refused(&self, options: &[&str], code: &str, state: &str) -> Value {
        let mut answers = [(); 2].map(|()| {
            let command = self.command().pin(PIN).arguments(options);
            let outcome = crate::scene::assert_failure(command.run(), 4, code);
            assert_eq!(outcome.json()["token_state"], state, "{outcome:#?}");
            assert_untouched(&self.before, &self.token);
            outcome.json()
        });
        assert_eq!(answers[0], answers[1]);
        answers[0].take()
    }

    /// The witness sees every key as it was, and exactly these certificates, each under the key's id.
    fn assert_holds(&self, certificates: &[&[u8]]) {
        let after = self.token.dump();
        assert_eq!(self.before.keys(), after.keys(), "a key was changed");
        assert_eq!(after.certificates().len(), certificates.len(), "{after:#?}");
        for der in certificates {
            let found = after.certificates_with(der);
            let [certificate] = found.as_slice() else {
                panic!("one certificate is there {} times", found.len());
            };
            assert_eq!(certificate.attribute("CKA_ID"), Some(KEY_ID));
            assert_eq!(certificate.attribute("CKA_TOKEN"), Some("01"));
        }
    }

    /// A second run finds nothing to do; without a PIN where the token shows itself before a login.
    fn assert_converged(&self, options: &[&str]) {
        let before = self.token.dump();
        let mut command = self.command().arguments(options);
        if self.hides() {
            command = command.pin(PIN);
        }
        let outcome = command.spied().run().expect(0);
        assert_eq!(
            outcome.json()["outcome"],
            "already-installed",
            "{outcome:#?}"
        );
        if let (false, Some(calls)) = (self.hides(), &outcome.calls) {
            calls.assert_none_changing();
        }
        assert_eq!(before, self.token.dump());
    }

    /// Whether a new certificate shows only after a login.
    fn hides(&self) -> bool {
        [HIDES, "wants-private-true"]
            .iter()
            .any(|quirk| self.profile.contains(quirk))
    }
}

/// The names of the steps of a report or a plan, in order; `!` marks one that the token refused.
fn steps(report: &Value) -> Vec<String> {
    let steps = report["steps"].as_array().unwrap().iter();
    let name = |step: &Value| {
        let mark = if step["result"] == "refused" { "!" } else { "" };
        format!("{}{mark}", step["name"].as_str().unwrap())
    };
    steps.map(name).collect()
}

/// The codes of its warnings.
fn warnings(report: &Value) -> Vec<&str> {
    let warnings = report["warnings"].as_array().unwrap().iter();
    warnings
        .map(|warning| warning["code"].as_str().unwrap())
        .collect()
}

/// The page on stdout without its line breaks.
fn unwrapped(outcome: &Outcome) -> String {
    let words: Vec<&str> = outcome.stdout.split_whitespace().collect();
    words.join(" ")
}
