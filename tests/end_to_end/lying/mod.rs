//! Drivers that answer what the standard has no room for: nothing on the token is lost, nothing wrong is
//! claimed. Each habit is a profile of the soft token; the witness looks without them.

mod refused;

use chungthu_issuer::TestKey;
use chungthu_test_support::{Driver, Dump, Office, Outcome, Paper, PublicKeyObject, Token, issue};
use serde_json::Value;

use crate::in_an_office;
use crate::scene::{
    CERTIFICATE_LABEL, KEY_ID, KEY_LABEL, OldCertificate, assert_backed_up, assert_installed,
    assert_untouched, install, install_with_pin, paper, token_with,
};

const RSA: TestKey = TestKey::Rsa2048A;
const EC: TestKey = TestKey::P256;

/// The usual token, and the renewed certificate on paper.
struct Case<'office> {
    office: &'office Office,
    token: Token<'office>,
    profile: &'static str,
    before: Dump,
    key: TestKey,
}

fn with(profile: &'static str, key: TestKey, scenario: impl FnOnce(&Case<'_>)) {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, key, OldCertificate::Present);
        scenario(&Case {
            office,
            before: token.dump(),
            token,
            profile,
            key,
        });
    });
}

impl Case<'_> {
    fn old(&self) -> Vec<u8> {
        issue(self.key, Paper::Old)
    }

    fn renewed(&self) -> Vec<u8> {
        issue(self.key, Paper::Renewed)
    }

    /// `install FILE --yes --json`, with the right PIN.
    fn install(&self) -> Outcome {
        let file = paper(self.office, self.key, Paper::Renewed);
        install_with_pin(self.office, &file)
            .profile(self.profile)
            .run()
    }

    /// A command that only looks, as JSON.
    fn look(&self, command: &str) -> Value {
        let arguments = [command, "--json"];
        let looking = self.office.chungthu(arguments).profile(self.profile);
        looking.run().expect(0).json()
    }

    /// `list` and `tokens` show this one token and this one certificate.
    fn assert_shown(&self, certificate: &[u8]) {
        let tokens = self.look("tokens");
        let modules = tokens["modules"].as_array().unwrap();
        let shown = modules[0]["tokens"].as_array().unwrap();
        let good: Vec<_> = shown.iter().filter(|one| !one["label"].is_null()).collect();
        assert_eq!(good.len(), 1, "{tokens:#}");
        let list = self.look("list");
        let certificates = list["certificates"].as_array().unwrap();
        assert_eq!(certificates.len(), 1, "{list:#}");
        assert_eq!(certificates[0]["key_on_token"], true, "{list:#}");
        let file = self.office.paper("so-sanh.cer", certificate);
        let showing = self.office.chungthu_without_module(["show", "--json"]);
        let on_paper = showing.argument(file).run().expect(0).json();
        let on_token = &certificates[0]["certificate"];
        assert_eq!(
            on_token["sha256"], on_paper["certificates"][0]["sha256"],
            "{list:#}"
        );
    }

    /// The second run finds the work done, without a PIN, and changes nothing.
    fn assert_converged(&self) {
        let after = self.token.dump();
        let file = paper(self.office, self.key, Paper::Renewed);
        let again = install(self.office, &file).profile(self.profile).run();
        let outcome = again.expect(0).json();
        assert_eq!(outcome["outcome"], "already-installed", "{outcome:#}");
        assert_untouched(&after, &self.token);
    }
}

/// The token is shown, the certificate renewed, and that is seen by a second run.
fn renews_under(profile: &'static str, key: TestKey) {
    with(profile, key, |case| {
        case.assert_shown(&case.old());
        let report = case.install().expect(0).json();
        assert_eq!(report["outcome"], "installed", "{report:#}");
        let after = case.token.dump();
        assert_installed(&case.before, &after, &case.renewed(), &case.old());
        assert_backed_up(&report, &case.old(), 1);
        case.assert_shown(&case.renewed());
        case.assert_converged();
    });
}

/// Each test is a renewal under a profile, with one key.
macro_rules! renewals {
    ($($name:ident => $profile:literal, $key:ident;)*) => {
        $(#[test] fn $name() { renews_under($profile, $key); })*
    };
}

renewals! {
    a_driver_that_finds_one_object_at_a_time => "finds-one-at-a-time", RSA;
    a_driver_that_reads_nothing_where_one_attribute_is_absent => "one-bad-attribute-fails-all", RSA;
    an_ec_key_of_such_a_driver => "one-bad-attribute-fails-all", EC;
    a_driver_that_gives_absent_attributes_the_length_minus_one =>
        "absent-is-ok-with-length-minus-one", RSA;
    a_driver_that_gives_absent_attributes_lengths_that_are_none => "nonsense-lengths", RSA;
    an_ec_key_of_a_driver_with_lengths_that_are_none => "nonsense-lengths", EC;
    a_driver_that_destroys_nothing_during_a_search => "destroy-fails-during-search", RSA;
    a_driver_whose_first_slot_list_fails => "first-slot-list-fails", RSA;
    a_driver_whose_first_slot_list_is_empty => "first-slot-list-empty", RSA;
    a_driver_that_lists_more_slots_than_it_counted => "slot-count-grows", RSA;
    a_driver_that_hangs_when_it_is_ended => "hangs-in-finalize", RSA;
    a_driver_that_crashes_when_it_is_ended => "crashes-in-finalize", RSA;
    a_token_with_a_clock_that_shows_junk => "junk-clock", RSA;
    a_token_that_hides_that_it_wants_a_login => "no-login-required-flag", RSA;
    a_driver_with_dirt_in_its_texts => "dirty-labels", RSA;
    a_token_without_a_serial => "no-serial", RSA;
    a_token_with_zeros_for_a_serial => "zero-serial", RSA;
    a_token_with_flags_that_nobody_knows => "unknown-flag-bits", RSA;
    a_driver_with_a_bad_slot_beside_the_good_one => "bad-slot", RSA;
    a_token_whose_label_is_the_name_in_its_certificate => "label-changes-with-certificate", RSA;
    a_driver_that_changes_its_handles => "handles-change", RSA;
    a_driver_that_does_not_hash => "no-hashing-mechanisms", RSA;
    an_rsa_key_of_a_driver_that_signs_only_what_it_hashes => "no-plain-mechanisms", RSA;
    an_ec_key_of_a_driver_that_signs_only_what_it_hashes => "no-plain-mechanisms", EC;
    a_driver_that_crashes_on_empty_attributes => "empty-attribute-crashes", RSA;
    a_driver_that_ignores_what_a_search_asks_for => "search-ignores-template", RSA;
    a_token_that_makes_private_what_is_not_told_to_be_public => "private-by-default", RSA;
    a_token_that_shows_itself_to_one_process_at_a_time => "no-second-process", RSA;
    many_habits_at_once => "finds-one-at-a-time,one-bad-attribute-fails-all,bad-slot,junk-clock,\
        dirty-labels,unknown-flag-bits,first-slot-list-fails,handles-change,crashes-in-finalize", RSA;
}

/// A call of 20 ms is what a card may take: some hundred calls are seconds, no time limit is near.
#[test]
fn a_slow_token_is_renewed_in_few_calls() {
    with("slow", RSA, |case| {
        let outcome = case.install().expect(0);
        assert_eq!(outcome.json()["outcome"], "installed", "{outcome:#?}");
        let after = case.token.dump();
        assert_installed(&case.before, &after, &case.renewed(), &case.old());
        assert!(outcome.duration.as_secs() < 20, "{outcome:#?}");
    });
}

/// The report names the process that could not see the token.
#[test]
fn where_no_second_process_is_let_in_the_fresh_session_is_told() {
    with("no-second-process", RSA, |case| {
        let report = case.install().expect(0).json();
        assert_eq!(report["read_back"], "fresh-session", "{report:#}");
    });
}

/// The label is one of the things that such a driver does not tell, so none is written.
#[test]
fn where_nothing_optional_can_be_read_the_certificate_is_renewed_without_a_label() {
    with("nonsense-lengths-of-optional-attributes", RSA, |case| {
        case.assert_shown(&case.old());
        let report = case.install().expect(0).json();
        assert_eq!(report["outcome"], "installed", "{report:#}");
        assert_backed_up(&report, &case.old(), 1);
        let after = case.token.dump();
        assert_eq!(case.before.keys(), after.keys(), "a key was changed");
        let certificates = after.certificates();
        let [certificate] = certificates.as_slice() else {
            panic!("{after:#?}");
        };
        assert_eq!(after.certificates_with(&case.renewed()), [*certificate]);
        assert_eq!(certificate.attribute("CKA_ID"), Some(KEY_ID));
        assert_eq!(certificate.label(), "");
        case.assert_converged();
    });
}

/// No order to the terminal, and no line's end, comes from a driver to the screen.
#[test]
fn dirt_in_a_drivers_texts_reaches_no_screen() {
    with("dirty-labels", RSA, |case| {
        for command in ["tokens", "list"] {
            let looking = case.office.chungthu([command, "-v"]);
            let outcome = looking.profile(case.profile).run().expect(0);
            let shown = outcome.stdout;
            assert!(!shown.contains(['\u{1b}', '\0', '\u{7}']), "{shown:?}");
            assert!(shown.contains(case.token.label()), "{shown}");
        }
    });
}

/// The bad slot is told with its own error, beside the good one.
#[test]
fn a_bad_slot_is_told_beside_the_good_one() {
    with("bad-slot", RSA, |case| {
        let tokens = case.look("tokens");
        let slots = tokens["modules"][0]["tokens"].as_array().unwrap();
        let [bad, good] = slots.as_slice() else {
            panic!("{tokens:#}");
        };
        let answer = &bad["problem"]["pkcs11"]["return_value"];
        assert_eq!(answer, "CKR_DEVICE_ERROR (0x30)", "{tokens:#}");
        assert!(good["problem"].is_null(), "{tokens:#}");
        assert_eq!(good["serial"], case.token.serial(), "{tokens:#}");
    });
}

/// Where `CKA_PRIVATE` cannot be said, the token's default is taken and is no reason to lose anything.
#[test]
fn a_certificate_that_becomes_private_is_read_back_by_the_process_with_the_login() {
    with(
        "refuses-private-attribute,private-by-default",
        RSA,
        |case| {
            let report = case.install().expect(0).json();
            assert_eq!(report["outcome"], "installed", "{report:#}");
            assert_eq!(report["read_back"], "fresh-session", "{report:#}");
            let after = case.token.dump();
            assert_eq!(case.before.keys(), after.keys(), "a key was changed");
            assert_eq!(after.certificates().len(), 1);
            let certificate = after.certificates_with(&case.renewed())[0];
            assert_eq!(certificate.attribute("CKA_PRIVATE"), Some("01"));
            assert_eq!(certificate.attribute("CKA_ID"), Some(KEY_ID));
            // a login shows that there is nothing to do
            let again = case.install().expect(0).json();
            assert_eq!(again["outcome"], "already-installed", "{again:#}");
            assert_untouched(&after, &case.token);
        },
    );
}

/// A driver that says that an attribute has gigabytes is given no room for them.
#[cfg(target_os = "linux")]
#[test]
fn lengths_that_are_none_take_no_memory() {
    const KIBIBYTES: &str = "1500000";
    with("nonsense-lengths", RSA, |case| {
        let file = paper(case.office, RSA, Paper::Renewed);
        let limited = format!("ulimit -v {KIBIBYTES} && exec \"$@\"");
        let outcome = case
            .office
            .program("/bin/sh")
            .arguments(["-c", limited.as_str(), "sh"])
            .arguments([env!("CARGO_BIN_EXE_chungthu"), "install", "--yes", "--json"])
            .argument(file)
            .argument("--module")
            .argument(case.office.library())
            .pin(chungthu_test_support::PIN)
            .profile(case.profile)
            .run();
        assert_eq!(outcome.expect(0).json()["outcome"], "installed");
        let after = case.token.dump();
        assert_installed(&case.before, &after, &case.renewed(), &case.old());
    });
}

/// Two tokens without an identity are told apart by their keys.
#[test]
fn of_two_tokens_without_a_serial_the_one_with_the_key_is_changed() {
    for profile in ["no-serial", "zero-serial"] {
        with(profile, RSA, |case| {
            let other = case.office.token("Ke toan");
            let key = TestKey::Rsa2048B;
            other.add_key(key, KEY_ID, KEY_LABEL, PublicKeyObject::Present);
            other.add_certificate(&issue(key, Paper::Old), KEY_ID, CERTIFICATE_LABEL);
            let other_before = other.dump();
            let report = case.install().expect(0).json();
            assert_eq!(report["outcome"], "installed", "{report:#}");
            let after = case.token.dump();
            assert_installed(&case.before, &after, &case.renewed(), &case.old());
            assert_untouched(&other_before, &other);
        });
    }
}

/// ykcs11 crashes on an attribute of length 0.
#[test]
fn an_empty_label_is_left_out_for_a_driver_that_crashes_on_it() {
    in_an_office(Driver::SoftToken, |office| {
        let token = office.token("Van phong");
        token.add_key(RSA, KEY_ID, "", PublicKeyObject::Present);
        token.add_certificate(&issue(RSA, Paper::Old), KEY_ID, "");
        let file = paper(office, RSA, Paper::Renewed);
        let command = install_with_pin(office, &file).profile("empty-attribute-crashes");
        let report = command.run().expect(0).json();
        assert_eq!(report["outcome"], "installed", "{report:#}");
        let after = token.dump();
        assert_eq!(
            after.certificates_with(&issue(RSA, Paper::Renewed)).len(),
            1
        );
        assert_eq!(after.certificates().len(), 1);
    });
}
