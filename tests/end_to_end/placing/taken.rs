//! Tokens that take the new certificate in the end: by which way, and with what left on them.

use chungthu_certificate::install::temporary_id;
use chungthu_test_support::{Paper, issue};
use serde_json::json;

use super::{Case, HIDES, KEY, prepared, steps, unwrapped, warnings, with};
use crate::scene::{CERTIFICATE_LABEL, assert_backed_up};

/// The steps of every install, with those of a placement between them.
fn around(placing: &[&'static str], ending: &[&'static str]) -> Vec<&'static str> {
    let whole: [&[&str]; 5] = [
        &["prove-before", "back-up"],
        placing,
        &["read-back", "prove-after"],
        ending,
        &["last-look"],
    ];
    whole.concat()
}

/// Installs on a token with these habits, and with the same that hides everything before the login.
fn takes(profile: &str, placement: &str, placing: &[&'static str], ending: &[&'static str]) {
    for hidden in ["", HIDES] {
        with(&format!("{profile},{hidden}"), |case| {
            let report = case.install(&[]);
            assert_eq!(report["outcome"], "installed", "{report:#}");
            assert_eq!(report["change"], "renewal", "{report:#}");
            assert_eq!(report["placement"], placement, "{report:#}");
            assert_eq!(steps(&report), around(placing, ending), "{report:#}");
            assert_eq!(warnings(&report), ["ISSUER_UNKNOWN"], "{report:#}");
            let read_back = if case.hides() {
                "fresh-session"
            } else {
                "second-process"
            };
            assert_eq!(report["read_back"], read_back, "{report:#}");
            assert_backed_up(&report, &case.old, 1);
            assert_stored(case);
            case.assert_converged(&[]);
        });
    }
}

/// The new certificate alone is there, with what the token makes of its attributes.
fn assert_stored(case: &Case<'_>) {
    case.assert_holds(&[&case.new]);
    let after = case.token.dump();
    let certificate = after.certificates_with(&case.new)[0];
    let label = if case.profile.contains("rewrites-labels") {
        "Certificate"
    } else {
        CERTIFICATE_LABEL
    };
    assert_eq!(certificate.label(), label);
    let private = if case.profile.contains("wants-private-true") {
        "01"
    } else {
        "00"
    };
    assert_eq!(certificate.attribute("CKA_PRIVATE"), Some(private));
}

#[test]
fn one_certificate_per_id_is_placed_under_a_temporary_id_first() {
    takes(
        "one-certificate-per-id",
        "temporary-id",
        &["add!", "add-aside", "set-id"],
        &["remove"],
    );
}

#[test]
fn half_made_objects_are_cleared_away_before_the_next_place_is_tried() {
    takes(
        "one-certificate-per-id,half-made-objects",
        "temporary-id",
        &["add!", "clean-up", "add-aside", "set-id"],
        &["remove"],
    );
}

#[test]
fn half_made_objects_of_a_refused_template_are_cleared_away() {
    takes(
        "refuses-private-attribute,half-made-objects",
        "beside",
        &["add!", "clean-up", "add"],
        &["remove"],
    );
}

#[test]
fn a_driver_that_overwrites_leaves_nothing_to_remove() {
    takes("overwrites-in-place", "replaced-by-driver", &["add"], &[]);
}

#[test]
fn a_driver_that_replaces_leaves_nothing_to_remove() {
    takes(
        "replaces-under-new-handle",
        "replaced-by-driver",
        &["add"],
        &["remove"],
    );
}

#[test]
fn an_error_that_stored_the_certificate_is_no_failure() {
    takes("fails-but-stores", "beside", &["add"], &["remove"]);
}

#[test]
fn an_error_that_stored_the_certificate_aside_is_no_failure() {
    takes(
        "fails-but-stores,one-certificate-per-id",
        "temporary-id",
        &["add!", "add-aside", "set-id"],
        &["remove"],
    );
}

#[test]
fn an_error_that_overwrote_the_old_certificate_is_no_failure() {
    takes(
        "fails-but-stores,overwrites-in-place",
        "replaced-by-driver",
        &["add"],
        &[],
    );
}

#[test]
fn a_template_without_the_private_attribute_is_tried() {
    takes("refuses-private-attribute", "beside", &["add"], &["remove"]);
}

/// Other names than the old certificate's, whose label it would have.
#[test]
fn a_label_that_another_subject_has_is_left_out() {
    for hidden in ["", HIDES] {
        let profile = format!("refuses-label-of-other-subject,{hidden}");
        prepared(
            &profile,
            Paper::RenewedAndChanged,
            |_| {},
            |case| {
                let report = case.install(&[]);
                assert_eq!(report["placement"], "beside", "{report:#}");
                assert_eq!(report["change"], "renewal-and-change", "{report:#}");
                case.assert_holds(&[&case.new]);
                let after = case.token.dump();
                let label = after.certificates_with(&case.new)[0].attribute("CKA_LABEL");
                assert_eq!(label.unwrap_or_default(), "");
                case.assert_converged(&[]);
            },
        );
    }
}

#[test]
fn a_private_certificate_is_followed_by_a_private_one() {
    takes("wants-private-true", "beside", &["add"], &["remove"]);
}

#[test]
fn a_token_that_labels_by_itself_keeps_its_label() {
    takes("rewrites-labels", "beside", &["add"], &["remove"]);
}

#[test]
fn habits_come_together() {
    takes(
        "one-certificate-per-id,half-made-objects,refuses-private-attribute,rewrites-labels",
        "temporary-id",
        &[
            "add!",
            "clean-up",
            "add!",
            "clean-up",
            "add-aside!",
            "clean-up",
            "add-aside",
            "set-id",
        ],
        &["remove"],
    );
}

/// The text names the same, in both languages, and contradicts nothing.
#[test]
fn a_report_says_how_the_certificate_came_there() {
    let cases = [
        ("one-certificate-per-id", "mã tạm", "temporary id"),
        ("overwrites-in-place", "tự thay", "by itself"),
    ];
    for (profile, vietnamese, english) in cases {
        for (language, sentence) in [("vi", vietnamese), ("en", english)] {
            with(profile, |case| {
                let command = case
                    .office
                    .chungthu(["install", "--yes", "--lang", language]);
                let command = command.argument(&case.file).profile(profile);
                let outcome = command.pin(chungthu_test_support::PIN).run().expect(0);
                assert!(unwrapped(&outcome).contains(sentence), "{outcome:#?}");
            });
        }
    }
}

/// What an interrupted run left under the temporary id is re-filed, not written again.
#[test]
fn a_certificate_under_its_temporary_id_is_filed_by_the_next_run() {
    let new = issue(KEY, Paper::Renewed);
    let id: String = temporary_id(&new)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    for profile in [
        "one-certificate-per-id",
        "one-certificate-per-id,hides-everything-before-login",
    ] {
        prepared(
            profile,
            Paper::Renewed,
            |token| token.add_certificate(&new, &id, CERTIFICATE_LABEL),
            |case| {
                let report = case.install(&[]);
                assert_eq!(report["placement"], "temporary-id", "{report:#}");
                assert_eq!(
                    steps(&report),
                    around(&["set-id"], &["remove"]),
                    "{report:#}"
                );
                assert_stored(case);
                case.assert_converged(&[]);
            },
        );
    }
}

/// Other certificates of the key that stand elsewhere: under another id, or under another name.
#[test]
fn certificates_of_the_same_key_elsewhere_are_found_and_named_and_removed() {
    let other_id = issue(KEY, Paper::Older);
    let other_name = issue(KEY, Paper::InformationChanged);
    for profile in ["", "one-certificate-per-id", "no-search-by-value", HIDES] {
        prepared(
            profile,
            Paper::Renewed,
            |token| {
                token.add_certificate(&other_id, "e0e1", "Chứng thư cũ hơn");
                token.add_certificate(&other_name, super::KEY_ID, "Tên khác");
            },
            |case| {
                let plan = case
                    .office
                    .chungthu(["install", "--dry-run", "--lang", "vi"]);
                let plan = plan.argument(&case.file).profile(profile).run().expect(0);
                if profile != HIDES {
                    assert!(plan.stdout.contains("mã định danh khác: e0e1"), "{plan:#?}");
                }
                let report = case.install(&[]);
                assert_backed_up_all(&report, &[&case.old, &other_id, &other_name]);
                case.assert_holds(&[&case.new]);
                case.assert_converged(&[]);
            },
        );
    }
}

fn assert_backed_up_all(report: &serde_json::Value, old: &[&[u8]]) {
    let replaced = report["replaced"].as_array().unwrap();
    assert_eq!(replaced.len(), old.len(), "{report:#}");
    for one in replaced {
        assert_eq!(one["removed"], json!(true), "{report:#}");
    }
    let backup = std::fs::read_to_string(replaced[0]["backup"].as_str().unwrap()).unwrap();
    for der in old {
        let digits: String = der.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(backup.contains(&digits), "not backed up");
    }
}
