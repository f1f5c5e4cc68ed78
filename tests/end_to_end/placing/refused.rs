//! Tokens that do not take the new certificate: refused by name, and left bit for bit as they were.

use chungthu_test_support::{PIN, Paper, issue};

use super::{HIDES, KEY, prepared, with};

/// Refused after the login, by this call, with this code; also on a token that hides everything.
fn refuses(profile: &str, code: &str, function: Option<&str>) {
    for hidden in ["", HIDES] {
        with(&format!("{profile},{hidden}"), |case| {
            let answer = case.assert_refused(&[], code, "unchanged");
            let call = answer["pkcs11"]["function"].as_str();
            assert_eq!(call, function, "{answer:#}");
        });
    }
}

#[test]
fn an_id_that_cannot_be_changed_leaves_the_old_certificate_in_place() {
    refuses(
        "one-certificate-per-id,refuses-id-change",
        "TOKEN_REFUSED_CERTIFICATE",
        Some("C_SetAttributeValue"),
    );
}

#[test]
fn an_id_that_only_seems_to_change_leaves_the_old_certificate_in_place() {
    refuses(
        "one-certificate-per-id,ignores-id-change",
        "TOKEN_REFUSED_CERTIFICATE",
        None,
    );
}

#[test]
fn a_token_that_takes_no_certificate_is_left_as_it_was() {
    refuses(
        "refuses-certificates",
        "TOKEN_REFUSED_CERTIFICATE",
        Some("C_CreateObject"),
    );
}

#[test]
fn no_half_made_object_stays_on_a_token_that_takes_no_certificate() {
    refuses(
        "refuses-certificates,half-made-objects",
        "TOKEN_REFUSED_CERTIFICATE",
        Some("C_CreateObject"),
    );
}

#[test]
fn a_full_token_is_left_as_it_was() {
    refuses("no-room", "TOKEN_FULL", Some("C_CreateObject"));
}

#[test]
fn no_half_made_object_stays_on_a_full_token() {
    refuses(
        "no-room,half-made-objects",
        "TOKEN_FULL",
        Some("C_CreateObject"),
    );
}

#[test]
fn a_token_that_only_the_officer_writes_is_left_as_it_was() {
    refuses("writes-need-so", "WRITE_NEEDS_SO", Some("C_CreateObject"));
}

#[test]
fn a_driver_that_only_reads_is_told_from_a_locked_token() {
    refuses("read-only", "TOKEN_WRITE_PROTECTED", Some("C_CreateObject"));
    with("read-only", |case| {
        let answer = case.assert_refused(&["--lang", "en"], "TOKEN_WRITE_PROTECTED", "unchanged");
        let message = answer["message"].as_str().unwrap();
        assert!(message.contains("only reads"), "{message}");
    });
}

#[test]
fn a_certificate_that_was_never_stored_is_found_out() {
    with("forgets-new-certificates", |case| {
        case.assert_refused(&[], "WRITE_NOT_STORED", "unchanged");
    });
}

/// A search that finds nothing may be the driver's habit, and no sign of a loss.
#[test]
fn an_old_certificate_elsewhere_does_not_seem_lost_where_searching_is_poor() {
    prepared(
        "no-search-by-value,refuses-certificates",
        Paper::Renewed,
        |token| token.add_certificate(&issue(KEY, Paper::Older), "e0e1", "Chứng thư cũ hơn"),
        |case| {
            case.assert_refused(&[], "TOKEN_REFUSED_CERTIFICATE", "unchanged");
        },
    );
}

/// What was allowed already is not advised once more, nor what cannot help.
#[test]
fn removing_the_old_one_first_is_advised_only_where_it_is_still_to_be_allowed() {
    let advised =
        |answer: &serde_json::Value| answer["hints"].to_string().contains("--remove-old-first");
    with("no-room", |case| {
        let answer = case.assert_refused(&[], "TOKEN_FULL", "unchanged");
        assert!(advised(&answer), "{answer:#}");
        let answer = case.assert_refused(&["--keep-old"], "TOKEN_FULL", "unchanged");
        assert!(!advised(&answer), "{answer:#}");
    });
    prepared(
        "no-larger-certificate",
        Paper::RenewedAndChanged,
        |_| {},
        |case| {
            let answer = case.assert_refused(&["--remove-old-first"], "TOKEN_FULL", "unchanged");
            assert!(!advised(&answer), "{answer:#}");
        },
    );
}

/// The token says so beforehand, so the PIN is not even asked for.
#[test]
fn a_write_protected_token_costs_no_login() {
    for profile in [
        "write-protected",
        "write-protected,hides-everything-before-login",
    ] {
        with(profile, |case| {
            case.assert_refused(&[], "TOKEN_WRITE_PROTECTED", "not-touched");
            let outcome = case.command().pin(PIN).spied().run().expect(4);
            if let Some(calls) = &outcome.calls {
                calls.assert_none_changing();
            }
        });
    }
}

/// Every refusal of the table has a way on, in both languages.
#[test]
fn a_refusal_says_what_to_do_in_both_languages() {
    for profile in [
        "refuses-certificates",
        "no-room",
        "writes-need-so",
        "read-only",
    ] {
        for language in ["vi", "en"] {
            with(profile, |case| {
                let command = case.command().pin(PIN).arguments(["--lang", language]);
                let answer = command.run().expect(4).json();
                assert!(
                    !answer["hints"].as_array().unwrap().is_empty(),
                    "{answer:#}"
                );
            });
        }
    }
}
