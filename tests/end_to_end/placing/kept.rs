//! `--keep-old` on tokens that cannot keep two certificates, or only in a roundabout way.

use super::{HIDES, steps, unwrapped, warnings, with};

/// Both certificates stay under the key's id, the old one as it was.
fn keeps(profile: &str, placement: &str) {
    for hidden in ["", HIDES] {
        with(&format!("{profile},{hidden}"), |case| {
            let report = case.install(&["--keep-old"]);
            assert_eq!(report["placement"], placement, "{report:#}");
            assert!(warnings(&report).contains(&"OLD_KEPT"), "{report:#}");
            assert!(
                !steps(&report).iter().any(|step| step == "remove"),
                "{report:#}"
            );
            assert_eq!(report["replaced"][0]["removed"], false, "{report:#}");
            case.assert_holds(&[&case.old, &case.new]);
            assert_eq!(
                case.before.certificates_with(&case.old),
                case.token.dump().certificates_with(&case.old)
            );
            case.assert_converged(&["--keep-old"]);
        });
    }
}

#[test]
fn two_certificates_are_kept_side_by_side() {
    keeps("", "beside");
    keeps("refuses-private-attribute,half-made-objects", "beside");
    keeps("wants-private-true", "beside");
    keeps("fails-but-stores", "beside");
}

#[test]
fn two_certificates_are_kept_under_one_id_by_way_of_a_temporary_one() {
    keeps("one-certificate-per-id", "temporary-id");
    keeps("one-certificate-per-id,half-made-objects", "temporary-id");
}

/// The driver took the old one against the person's wish: the report says so, and does not speak of two.
#[test]
fn a_driver_that_replaces_does_so_even_where_the_old_one_was_to_be_kept() {
    for driver in ["overwrites-in-place", "replaces-under-new-handle"] {
        for hidden in ["", HIDES] {
            with(&format!("{driver},{hidden}"), |case| {
                let report = case.install(&["--keep-old"]);
                assert_eq!(report["placement"], "replaced-by-driver", "{report:#}");
                assert_eq!(report["replaced"][0]["removed"], true, "{report:#}");
                assert!(!warnings(&report).contains(&"OLD_KEPT"), "{report:#}");
                assert!(warnings(&report).contains(&"OLD_NOT_KEPT"), "{report:#}");
                case.assert_holds(&[&case.new]);
                case.assert_converged(&["--keep-old"]);
            });
        }
    }
}

#[test]
fn a_plan_that_keeps_the_old_one_says_that_some_drivers_do_not() {
    with("", |case| {
        let command = case
            .office
            .chungthu(["install", "--dry-run", "--keep-old", "--lang", "en"]);
        let outcome = command.argument(&case.file).run().expect(0);
        assert!(
            unwrapped(&outcome).contains("Some drivers replace"),
            "{outcome:#?}"
        );
        assert!(unwrapped(&outcome).contains("temporary id"), "{outcome:#?}");
    });
}

#[test]
fn a_full_token_keeps_what_it_has() {
    with("no-room", |case| {
        case.assert_refused(&["--keep-old"], "TOKEN_FULL", "unchanged");
    });
}
