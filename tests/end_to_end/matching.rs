//! Whatever a driver shows of a key, its certificate comes under the private key's id and the old one
//! goes. Drivers' habits are profiles of the soft token; the witness looks without them.

use chungthu_issuer::TestKey;
use chungthu_test_support::{Driver, Office, Paper, PublicKeyObject, Token, issue};

use crate::in_an_office;
use crate::scene::{
    CERTIFICATE_LABEL, KEY_ID, KEY_LABEL, OldCertificate, assert_failure, assert_installed,
    assert_untouched, install, install_with_pin, paper, token_with,
};

const RSA: TestKey = TestKey::Rsa2048A;
const EC: TestKey = TestKey::P256;
const P384: TestKey = TestKey::P384;
/// An id that is not the key's.
const OTHER_ID: &str = "0b";

/// What the second run on the finished token asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Again {
    Nothing,
    Pin,
}

/// A renewal on an ordinary token, through a driver with these habits.
fn renews_under(profile: &str, key: TestKey, again: Again) {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, key, OldCertificate::Present);
        renews(office, &token, key, profile, again);
    });
}

fn renews(office: &Office, token: &Token<'_>, key: TestKey, profile: &str, again: Again) {
    let before = token.dump();
    let file = paper(office, key, Paper::Renewed);
    let installing = install_with_pin(office, &file).profile(profile).spied();
    let outcome = installing.run().expect(0);
    let report = outcome.json();
    assert_eq!(report["outcome"], "installed", "{report:#}");
    assert_eq!(report["key"]["id"], KEY_ID, "{report:#}");
    if let Some(calls) = &outcome.calls {
        assert_eq!(calls.count("C_Login"), 1, "{calls:#?}");
    }
    let after = token.dump();
    let (old, new) = (issue(key, Paper::Old), issue(key, Paper::Renewed));
    assert_installed(&before, &after, &new, &old);

    // A second run finds the work done, also through this driver.
    let command = match again {
        Again::Nothing => install(office, &file),
        Again::Pin => install_with_pin(office, &file),
    };
    let outcome = command.profile(profile).spied().run().expect(0);
    assert_eq!(
        outcome.json()["outcome"],
        "already-installed",
        "{outcome:#?}"
    );
    if let Some(calls) = &outcome.calls {
        let logins = usize::from(again == Again::Pin);
        assert_eq!(calls.count("C_Login"), logins, "{calls:#?}");
        for changing in ["C_CreateObject", "C_DestroyObject", "C_SetAttributeValue"] {
            assert_eq!(calls.count(changing), 0, "{calls:#?}");
        }
    }
    assert_untouched(&after, token);
}

/// Each test is a renewal under a profile, with one key.
macro_rules! renewals {
    ($($name:ident => $profile:literal, $key:ident, $again:ident;)*) => {
        $(#[test] fn $name() { renews_under($profile, $key, Again::$again); })*
    };
}

renewals! {
    an_rsa_key_without_a_public_key_object => "no-public-key-objects", RSA, Nothing;
    an_ec_key_without_a_public_key_object => "no-public-key-objects", EC, Nothing;
    a_private_rsa_key_that_tells_nothing => "no-public-values-on-private-keys", RSA, Nothing;
    an_rsa_key_that_only_its_certificate_tells =>
        "no-public-key-objects,no-public-values-on-private-keys", RSA, Nothing;
    a_private_ec_key_with_a_point => "ec-points-on-private-keys", EC, Nothing;
    a_private_ec_key_with_a_raw_point_alone =>
        "ec-points-on-private-keys,raw-ec-points,no-public-key-objects", EC, Nothing;
    a_raw_point => "raw-ec-points", EC, Nothing;
    a_curve_spelt_out => "explicit-ec-parameters", EC, Nothing;
    a_raw_point_on_a_curve_spelt_out => "raw-ec-points,explicit-ec-parameters", EC, Nothing;
    a_p_384_point_on_a_curve_spelt_out => "raw-ec-points,explicit-ec-parameters", P384, Nothing;
    a_modulus_with_a_leading_zero => "leading-zero-modulus", RSA, Nothing;
    an_rsa_key_whose_certificate_has_a_nul_behind_its_id => "trailing-nul-ids", RSA, Nothing;
    an_ec_key_whose_certificate_has_a_nul_behind_its_id => "trailing-nul-ids", EC, Nothing;
    a_silent_key_whose_certificate_has_a_nul_behind_its_id =>
        "trailing-nul-ids,no-public-values-on-private-keys", RSA, Nothing;
    longmai => "trailing-nul-ids,no-public-values-on-private-keys,no-public-key-objects", RSA, Nothing;
    a_key_shown_before_the_login_whose_certificate_has_a_nul_behind_its_id =>
        "private-keys-shown-before-login,trailing-nul-ids,no-public-key-objects", RSA, Nothing;
    every_habit_at_once_with_an_rsa_key => "no-public-key-objects,no-public-values-on-private-keys,\
        trailing-nul-ids,no-search-by-value,hides-everything-before-login", RSA, Pin;
    every_habit_at_once_with_an_ec_key => "no-public-key-objects,explicit-ec-parameters,\
        trailing-nul-ids,no-search-by-value,hides-everything-before-login", EC, Pin;
    an_rsa_key_where_no_search_by_value_works => "no-search-by-value", RSA, Nothing;
    an_ec_key_where_no_search_by_value_works => "no-search-by-value", EC, Nothing;
    an_rsa_key_where_all_is_hidden_before_the_login => "hides-everything-before-login", RSA, Pin;
    an_ec_key_where_all_is_hidden_before_the_login => "hides-everything-before-login", EC, Pin;
    craton => "hides-everything-before-login,no-search-by-value,ec-points-on-private-keys", EC, Pin;
    a_private_key_shown_before_the_login => "private-keys-shown-before-login", RSA, Nothing;
    cackey => "private-keys-shown-before-login,leading-zero-modulus,no-public-key-objects", RSA, Nothing;
    a_private_key_that_tells_nothing_shown_before_the_login =>
        "private-keys-shown-before-login,no-public-values-on-private-keys", RSA, Nothing;
    a_driver_without_arguments => "no-locking-arguments", RSA, Nothing;
    a_driver_that_wants_arguments => "no-null-arguments", RSA, Nothing;
}

on_each_driver! {
    of_two_rsa_keys_with_one_id_the_right_one_gets_the_certificate =>
        |office| tells_two_keys_apart(office, RSA, TestKey::Rsa2048B, "");
    of_an_rsa_and_an_ec_key_with_one_id_the_right_one_gets_the_certificate =>
        |office| tells_two_keys_apart(office, EC, RSA, "");
    of_two_ec_keys_with_one_id_the_right_one_gets_the_certificate =>
        |office| tells_two_keys_apart(office, EC, P384, "");
    an_rsa_key_twice_under_one_id_is_one_key => |office| takes_a_key_twice_for_one(office, RSA);
    an_ec_key_twice_under_one_id_is_one_key => |office| takes_a_key_twice_for_one(office, EC);
    of_an_rsa_key_under_two_ids_the_one_with_the_certificate_is_in_use =>
        |office| goes_by_the_certificate(office, RSA);
    of_an_ec_key_under_two_ids_the_one_with_the_certificate_is_in_use =>
        |office| goes_by_the_certificate(office, EC);
    an_rsa_key_under_two_ids_without_a_certificate_is_not_guessed => refuses_to_guess;
    the_private_rsa_keys_id_counts_where_its_public_half_has_another =>
        |office| goes_by_the_private_key(office, RSA, OTHER_ID);
    the_private_ec_keys_id_counts_where_its_public_half_has_another =>
        |office| goes_by_the_private_key(office, EC, OTHER_ID);
    the_private_rsa_keys_id_counts_where_its_public_half_has_a_nul_behind_it =>
        |office| goes_by_the_private_key(office, RSA, &format!("{KEY_ID}00"));
    the_private_ec_keys_id_counts_where_its_public_half_has_a_nul_behind_it =>
        |office| goes_by_the_private_key(office, EC, &format!("{KEY_ID}00"));
    an_old_certificate_that_only_the_login_shows_is_replaced => finds_a_private_certificate;
}

/// Both keys have an old certificate under the one id.
fn tells_two_keys_apart(office: &Office, key: TestKey, neighbour: TestKey, profile: &str) {
    let token = office.token("Van phong");
    for key in [neighbour, key] {
        token.add_key(key, KEY_ID, KEY_LABEL, PublicKeyObject::Present);
        token.add_certificate(&issue(key, Paper::Old), KEY_ID, CERTIFICATE_LABEL);
    }
    if !profile.is_empty() {
        renews(office, &token, key, profile, Again::Nothing);
        return;
    }
    let before = token.dump();

    let file = paper(office, key, Paper::Renewed);
    let report = install_with_pin(office, &file).run().expect(0).json();

    assert_eq!(report["outcome"], "installed", "{report:#}");
    let (old, new) = (issue(key, Paper::Old), issue(key, Paper::Renewed));
    assert_installed(&before, &token.dump(), &new, &old);
}

#[test]
fn of_two_keys_with_one_id_that_tell_nothing_a_signature_tells_which() {
    in_an_office(Driver::SoftToken, |office| {
        let silent = "no-public-values-on-private-keys,no-public-key-objects";
        tells_two_keys_apart(office, RSA, TestKey::Rsa2048B, silent);
    });
}

fn takes_a_key_twice_for_one(office: &Office, key: TestKey) {
    let token = token_with(office, key, OldCertificate::Present);
    token.add_key(key, KEY_ID, KEY_LABEL, PublicKeyObject::Present);
    let before = token.dump();

    let file = paper(office, key, Paper::Renewed);
    let report = install_with_pin(office, &file).run().expect(0).json();

    assert_eq!(report["outcome"], "installed", "{report:#}");
    let (old, new) = (issue(key, Paper::Old), issue(key, Paper::Renewed));
    assert_installed(&before, &token.dump(), &new, &old);
}

fn goes_by_the_certificate(office: &Office, key: TestKey) {
    let token = office.token("Van phong");
    token.add_key(key, OTHER_ID, KEY_LABEL, PublicKeyObject::Present);
    token.add_key(key, KEY_ID, KEY_LABEL, PublicKeyObject::Present);
    token.add_certificate(&issue(key, Paper::Old), KEY_ID, CERTIFICATE_LABEL);
    let before = token.dump();

    let file = paper(office, key, Paper::Renewed);
    let report = install_with_pin(office, &file).run().expect(0).json();

    assert_eq!(report["key"]["id"], KEY_ID, "{report:#}");
    let (old, new) = (issue(key, Paper::Old), issue(key, Paper::Renewed));
    assert_installed(&before, &token.dump(), &new, &old);
}

fn refuses_to_guess(office: &Office) {
    let token = token_with(office, RSA, OldCertificate::Absent);
    token.add_key(RSA, OTHER_ID, KEY_LABEL, PublicKeyObject::Present);
    let before = token.dump();

    let file = paper(office, RSA, Paper::Renewed);
    let outcome = install_with_pin(office, &file).spied().run();

    let outcome = assert_failure(outcome, 3, "KEY_AMBIGUOUS");
    if let Some(calls) = &outcome.calls {
        assert!(calls.count("C_Login") <= 1, "{calls:#?}");
        assert_eq!(calls.count("C_CreateObject"), 0, "{calls:#?}");
    }
    assert_untouched(&before, &token);
}

/// Public key and certificate are under another id than the private key.
fn goes_by_the_private_key(office: &Office, key: TestKey, other_id: &str) {
    let token = office.token("Van phong");
    token.add_key(key, KEY_ID, KEY_LABEL, PublicKeyObject::Absent);
    token.add_public_key(key, other_id, KEY_LABEL);
    token.add_certificate(&issue(key, Paper::Old), other_id, CERTIFICATE_LABEL);
    let before = token.dump();

    let file = paper(office, key, Paper::Renewed);
    let report = install_with_pin(office, &file).run().expect(0).json();

    assert_eq!(report["key"]["id"], KEY_ID, "{report:#}");
    let (old, new) = (issue(key, Paper::Old), issue(key, Paper::Renewed));
    assert_installed(&before, &token.dump(), &new, &old);
    // Only a login shows whether the other id was the private key's after all.
    let again = install_with_pin(office, &file).run().expect(0).json();
    assert_eq!(again["outcome"], "already-installed", "{again:#}");
}

fn finds_a_private_certificate(office: &Office) {
    let token = token_with(office, RSA, OldCertificate::Absent);
    token.add_private_certificate(&issue(RSA, Paper::Old), KEY_ID, CERTIFICATE_LABEL);
    let before = token.dump();

    let file = paper(office, RSA, Paper::Renewed);
    let report = install_with_pin(office, &file).run().expect(0).json();

    assert_eq!(report["change"], "renewal", "{report:#}");
    let (old, new) = (issue(RSA, Paper::Old), issue(RSA, Paper::Renewed));
    assert_installed(&before, &token.dump(), &new, &old);
}

/// The first plan could name neither the key nor the old certificate, so a second one does.
#[test]
fn what_the_login_shows_is_planned_again() {
    in_an_office(Driver::SoftToken, |office| {
        let _token = token_with(office, RSA, OldCertificate::Present);
        let file = paper(office, RSA, Paper::Renewed);
        let outcome = install_with_pin(office, &file)
            .arguments(["--lang", "en"])
            .profile("hides-everything-before-login")
            .run()
            .expect(0);
        let (first, second) = outcome
            .stderr
            .split_once("More became visible after the login; the plan is now")
            .unwrap_or_else(|| panic!("{outcome:#?}"));
        let removal = "Only then remove the old certificate";
        assert!(!first.contains(removal), "{outcome:#?}");
        assert!(second.contains(removal), "{outcome:#?}");
    });
}

/// Nothing on the token tells which key is whose, and no certificate is there.
#[test]
fn a_key_that_nothing_tells_is_found_by_its_signature() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, RSA, OldCertificate::Absent);
        let other = TestKey::Rsa2048B;
        token.add_key(other, OTHER_ID, KEY_LABEL, PublicKeyObject::Present);
        let before = token.dump();

        let file = paper(office, RSA, Paper::Renewed);
        let report = install_with_pin(office, &file)
            .profile("no-public-key-objects,no-public-values-on-private-keys")
            .run()
            .expect(0)
            .json();

        assert_eq!(report["key"]["id"], KEY_ID, "{report:#}");
        let (old, new) = (issue(RSA, Paper::Old), issue(RSA, Paper::Renewed));
        assert_installed(&before, &token.dump(), &new, &old);
    });
}

/// A foreign certificate costs no login, whatever the driver shows, as long as it shows a key.
#[test]
fn a_certificate_of_no_key_costs_no_pin_under_any_habit() {
    let habits = [
        "no-public-key-objects",
        "no-public-values-on-private-keys",
        "leading-zero-modulus",
        "trailing-nul-ids",
        "no-search-by-value",
        "private-keys-shown-before-login",
    ];
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, RSA, OldCertificate::Present);
        let before = token.dump();
        let file = paper(office, TestKey::Rsa2048B, Paper::Renewed);
        for habit in habits {
            let outcome = install_with_pin(office, &file).profile(habit).spied().run();
            let outcome = assert_failure(outcome, 3, "KEY_NOT_ON_TOKEN");
            if let Some(calls) = &outcome.calls {
                calls.assert_none_changing();
            }
        }
        assert_untouched(&before, &token);
    });
}

/// Where nothing is visible only a login can tell, and it is the last: the certificate fits no key.
#[test]
fn a_certificate_of_no_key_costs_one_login_where_all_is_hidden() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, RSA, OldCertificate::Present);
        let before = token.dump();
        let file = paper(office, TestKey::Rsa2048B, Paper::Renewed);
        let outcome = install_with_pin(office, &file)
            .profile("hides-everything-before-login")
            .spied()
            .run();
        let outcome = assert_failure(outcome, 3, "KEY_NOT_ON_TOKEN");
        if let Some(calls) = &outcome.calls {
            assert_eq!(calls.count("C_Login"), 1, "{calls:#?}");
            assert_eq!(calls.count("C_CreateObject"), 0, "{calls:#?}");
        }
        assert_untouched(&before, &token);
    });
}

/// A private key without an id is known by its public key object's, and where there is none, by its
/// certificate's.
#[test]
fn a_private_key_without_an_id_gets_its_certificate_under_the_id_of_its_other_objects() {
    for has_public_key in [true, false] {
        in_an_office(Driver::SoftToken, |office| {
            let token = office.token("Van phong");
            token.add_key(RSA, "", KEY_LABEL, PublicKeyObject::Absent);
            if has_public_key {
                token.add_public_key(RSA, KEY_ID, KEY_LABEL);
            }
            let old = issue(RSA, Paper::Old);
            token.add_certificate(&old, KEY_ID, CERTIFICATE_LABEL);
            renews(office, &token, RSA, "", Again::Nothing);
        });
    }
}
