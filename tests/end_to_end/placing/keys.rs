//! Keys that may not sign, and keys that want the PIN for each signature.

use chungthu_issuer::TestKey;
use chungthu_test_support::{
    Command, Driver, KeyUse, Office, PIN, Paper, PublicKeyObject, Token, issue,
};

use super::{steps, warnings};
use crate::in_an_office;
use crate::scene::{
    CERTIFICATE_LABEL, KEY_ID, KEY_LABEL, assert_failure, assert_installed, assert_untouched,
    install, paper,
};

/// A token with a key for this use and its old certificate, and the command that brings the new one.
fn with_key(usage: KeyUse, key: TestKey, scenario: impl FnOnce(&Office, &Token<'_>, Command<'_>)) {
    in_an_office(Driver::SoftToken, |office| {
        let token = office.token("Van phong");
        token.add_key_for(usage, key, KEY_ID, KEY_LABEL, PublicKeyObject::Present);
        token.add_certificate(&issue(key, Paper::Old), KEY_ID, CERTIFICATE_LABEL);
        let file = paper(office, key, Paper::Renewed);
        scenario(office, &token, install(office, &file).pin(PIN));
    });
}

#[test]
fn an_encryption_key_shows_itself_instead_of_signing() {
    let key = TestKey::Rsa2048A;
    with_key(KeyUse::Decrypting, key, |office, token, command| {
        let before = token.dump();
        let outcome = command.spied().run().expect(0);
        let report = outcome.json();
        assert!(
            warnings(&report).contains(&"POSSESSION_NOT_PROVED"),
            "{report:#}"
        );
        assert!(
            !steps(&report).iter().any(|step| step.starts_with("prove")),
            "{report:#}"
        );
        if let Some(calls) = &outcome.calls {
            assert_eq!(calls.count("C_SignInit"), 0, "{outcome:#?}");
            assert_eq!(calls.count("C_Login"), 1, "{outcome:#?}");
        }
        let (old, new) = (issue(key, Paper::Old), issue(key, Paper::Renewed));
        assert_installed(&before, &token.dump(), &new, &old);
        let file = paper(office, key, Paper::Renewed);
        let again = install(office, &file).run().expect(0).json();
        assert_eq!(again["outcome"], "already-installed", "{again:#}");
    });
}

/// Its public half is an object of its own, which anybody may have put there.
#[test]
fn an_encryption_key_that_shows_nothing_of_itself_is_refused() {
    with_key(KeyUse::Decrypting, TestKey::P256, |_, token, command| {
        let before = token.dump();
        let outcome = assert_failure(command.run(), 3, "POSSESSION_NOT_PROVED");
        assert_eq!(outcome.json()["token_state"], "not-touched", "{outcome:#?}");
        assert_untouched(&before, token);
    });
}

/// That the PIN is in no output and no file is looked at after every run.
#[test]
fn a_key_that_wants_the_pin_for_each_signature_is_proved_once() {
    for key in [TestKey::Rsa2048A, TestKey::P256] {
        for profile in [
            "",
            super::HIDES,
            "one-certificate-per-id",
            "no-public-values-on-private-keys",
        ] {
            with_key(KeyUse::SigningWithPinEachTime, key, |_, token, command| {
                let before = token.dump();
                let outcome = command.profile(profile).spied().run().expect(0);
                let report = outcome.json();
                let steps = steps(&report);
                assert!(
                    steps.iter().any(|step| step == "prove-before"),
                    "{report:#}"
                );
                assert!(
                    !steps.iter().any(|step| step == "prove-after"),
                    "{report:#}"
                );
                if let Some(calls) = &outcome.calls {
                    // the user's and the one for the signature
                    assert_eq!(calls.count("C_Login"), 2, "{outcome:#?}");
                    assert_eq!(calls.count("C_SignInit"), 1, "{outcome:#?}");
                }
                let (old, new) = (issue(key, Paper::Old), issue(key, Paper::Renewed));
                assert_installed(&before, &token.dump(), &new, &old);
            });
        }
    }
}
