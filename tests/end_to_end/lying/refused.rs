//! What cannot be done with a lying driver is not claimed to be done, and the token stays as it was.

use chungthu_test_support::{Paper, issue};

use super::{RSA, with};
use crate::scene::{assert_failure, assert_untouched};

/// The install ends with this status, code and state, and the token is bit for bit as it was.
fn refuses(profile: &'static str, status: i32, code: &str, state: &str) {
    with(profile, RSA, |case| {
        let outcome = assert_failure(case.install(), status, code);
        assert_eq!(outcome.json()["token_state"], state, "{outcome:#?}");
        assert_untouched(&case.before, &case.token);
    });
}

#[test]
fn a_certificate_that_ends_with_its_session_is_not_called_installed() {
    refuses("session-objects", 4, "WRITE_NOT_STORED", "unchanged");
}

#[test]
fn a_certificate_that_loses_its_end_is_taken_off_again() {
    refuses("cuts-certificates", 4, "WRITE_NOT_STORED", "unchanged");
}

#[test]
fn a_certificate_under_a_shortened_id_is_taken_off_again() {
    refuses("id-first-byte-only", 4, "WRITE_NOT_STORED", "unchanged");
}

#[test]
fn a_temporary_id_that_is_shortened_is_taken_off_again() {
    refuses(
        "id-first-byte-only,one-certificate-per-id",
        4,
        "WRITE_NOT_STORED",
        "unchanged",
    );
}

#[test]
fn lengths_beyond_the_buffers_are_not_read() {
    with("lengths-beyond-buffers", RSA, |case| {
        let outcome = assert_failure(case.install(), 4, "MODULE_FAILED");
        assert_untouched(&case.before, &case.token);
        let call = &outcome.json()["pkcs11"]["function"];
        assert!(
            call.is_null() || call == "C_GetAttributeValue",
            "{outcome:#?}"
        );
        case.look("tokens");
    });
}

#[test]
fn a_search_that_breaks_off_is_not_taken_for_a_whole_one() {
    with("search-fails-after-two", RSA, |case| {
        for paper in [Paper::Expired, Paper::NotYetValid] {
            let der = issue(RSA, paper);
            case.token.add_certificate(&der, "77", "khac");
        }
        let before = case.token.dump();
        let listing = case.office.chungthu(["list", "--json"]);
        let listing = listing.profile(case.profile).run();
        for outcome in [listing, case.install()] {
            let outcome = assert_failure(outcome, 4, "MODULE_FAILED");
            let call = &outcome.json()["pkcs11"]["function"];
            assert_eq!(call, "C_FindObjects", "{outcome:#?}");
        }
        assert_untouched(&before, &case.token);
    });
}
