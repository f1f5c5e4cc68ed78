//! `--remove-old-first`: the person's word for tokens that take the new certificate in no other way.

use chungthu_test_support::{PIN, Paper};

use super::{HIDES, prepared, steps, unwrapped, with};
use crate::scene::{assert_backed_up, assert_failure};

const OPTION: &[&str] = &["--remove-old-first"];

/// The old one goes first, and the new one takes its place.
fn makes_room(profile: &str) {
    for hidden in ["", HIDES] {
        with(&format!("{profile},{hidden}"), |case| {
            let report = case.install(OPTION);
            assert_eq!(report["placement"], "old-removed-first", "{report:#}");
            assert!(
                steps(&report).iter().any(|step| step == "remove-first"),
                "{report:#}"
            );
            assert_backed_up(&report, &case.old, 1);
            case.assert_holds(&[&case.new]);
            case.assert_converged(OPTION);
        });
    }
}

#[test]
fn a_full_token_gives_up_its_old_certificate() {
    makes_room("no-room");
    makes_room("no-room,half-made-objects");
}

#[test]
fn a_token_with_one_certificate_an_id_and_fixed_ids_gives_up_its_old_certificate() {
    makes_room("one-certificate-per-id,refuses-id-change");
    makes_room("one-certificate-per-id,ignores-id-change");
}

/// The word is only for where nothing else helps.
#[test]
fn the_old_one_still_goes_last_where_that_is_possible() {
    for (profile, placement) in [("", "beside"), ("one-certificate-per-id", "temporary-id")] {
        with(profile, |case| {
            let report = case.install(OPTION);
            assert_eq!(report["placement"], placement, "{report:#}");
            assert!(
                !steps(&report).iter().any(|step| step == "remove-first"),
                "{report:#}"
            );
            case.assert_holds(&[&case.new]);
        });
    }
}

#[test]
fn the_word_opens_no_door_that_is_shut() {
    for (profile, code) in [
        ("read-only", "TOKEN_WRITE_PROTECTED"),
        ("writes-need-so", "WRITE_NEEDS_SO"),
        ("forgets-new-certificates", "WRITE_NOT_STORED"),
    ] {
        with(profile, |case| {
            case.assert_refused(OPTION, code, "unchanged");
        });
    }
}

/// A new certificate that is larger than the room that the old one leaves.
#[test]
fn the_old_one_is_put_back_where_the_new_one_is_refused_even_so() {
    for hidden in ["", HIDES] {
        let profile = format!("no-larger-certificate,{hidden}");
        prepared(
            &profile,
            Paper::RenewedAndChanged,
            |_| {},
            |case| {
                assert!(case.new.len() > case.old.len());
                case.assert_refused(&[], "TOKEN_FULL", "unchanged");
                case.assert_refused(OPTION, "TOKEN_FULL", "unchanged");
            },
        );
    }
}

/// It lets the old one go and takes nothing: the one case in which the token ends without a certificate.
/// The report says so and names the way back, which works where the token takes certificates again.
#[test]
fn a_token_that_takes_nothing_back_is_told_as_it_is() {
    with("refuses-certificates", |case| {
        let command = case.command().pin(PIN).arguments(OPTION);
        let outcome = assert_failure(command.run(), 6, "WRITE_INCOMPLETE");
        let json = outcome.json();
        assert_eq!(json["token_state"], "old-missing", "{json:#}");
        case.assert_holds(&[]);
        let backups = case.office.home().join("backups");
        let files = case.office.files_below(&backups);
        let (backup, _) = files
            .iter()
            .find(|(name, _)| name.extension().is_some_and(|end| end == "json"))
            .unwrap();
        assert!(
            json["hints"]
                .to_string()
                .contains(&backup.file_name().unwrap().to_string_lossy().into_owned()),
            "{json:#}"
        );
        let restore = case.office.chungthu(["restore", "--yes", "--json"]);
        let report = restore.argument(backup).pin(PIN).run().expect(0).json();
        assert_eq!(report["outcome"], "restored", "{report:#}");
        case.assert_holds(&[&case.old]);
    });
}

#[test]
fn the_plan_says_what_the_word_may_cost() {
    with("", |case| {
        for (language, sentence) in [
            ("vi", "đường quay lại là bản sao lưu"),
            ("en", "the backup is the way back"),
        ] {
            let command = case.office.chungthu([
                "install",
                "--dry-run",
                "--remove-old-first",
                "--lang",
                language,
            ]);
            let outcome = command.argument(&case.file).run().expect(0);
            assert!(unwrapped(&outcome).contains(sentence), "{outcome:#?}");
        }
    });
}
