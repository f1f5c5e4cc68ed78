//! The file of the history: damaged lines, its owner, and what is no file in its place.

use serde_json::Value;

#[cfg(unix)]
use super::warning;
use super::{at_work, entries, flat, history, history_file, installed, text};
#[cfg(unix)]
use crate::scene::{assert_failure, install_with_pin};
use chungthu_test_support::Paper;

#[test]
fn damaged_lines_and_those_of_a_newer_version_are_counted() {
    at_work(|office, _| {
        installed(office, Paper::Renewed);
        let whole = std::fs::read_to_string(history_file(office)).unwrap();
        let newer = whole.replace("chungthu-history/1", "chungthu-history/2");
        let half = &whole[..whole.len() / 2];
        chungthu_test_support::write(&history_file(office), format!("{newer}{whole}{half}"));
        // the next line is not swallowed by the cut one
        installed(office, Paper::RenewedAgain);

        let json = history(office);
        assert_eq!(json["entries"].as_array().unwrap().len(), 2, "{json:#}");
        let problems = json["problems"].as_array().unwrap();
        let counts: Vec<(&str, u64)> = problems
            .iter()
            .map(|one| {
                (
                    one["code"].as_str().unwrap(),
                    one["count"].as_u64().unwrap(),
                )
            })
            .collect();
        assert_eq!(
            counts,
            [("HISTORY_LINES_DAMAGED", 1), ("HISTORY_LINES_NEWER", 1)]
        );
        let page = flat(&text(office, &["--lang", "en"]));
        assert!(
            page.contains("Damaged lines") && page.contains("newer version"),
            "{page}"
        );
    });
}

#[test]
fn a_history_line_is_for_its_owner_only_and_names_no_folder() {
    at_work(|office, _| {
        installed(office, Paper::Renewed);
        let line = std::fs::read_to_string(history_file(office)).unwrap();
        assert_eq!(line.lines().count(), 1);
        assert!(!line.contains(office.home().to_str().unwrap()), "{line}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(history_file(office))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    });
}

#[test]
fn the_last_moments_of_all_are_told_wherever_the_line_was_written() {
    at_work(|office, _| {
        installed(office, Paper::Renewed);
        let whole = std::fs::read_to_string(history_file(office)).unwrap();
        let line: Value = serde_json::from_str(&whole).unwrap();
        // in the last two no clock that is not behind it has a year of four digits
        for moment in [
            "9999-12-31T23:59:59Z",
            "9999-12-31T23:59:59-11:00",
            "0000-01-01T00:00:00+14:00",
        ] {
            let mut line = line.clone();
            line["time"] = Value::String(moment.to_owned());
            line["certificate"]["not_after"] = Value::String(moment.to_owned());
            chungthu_test_support::write(&history_file(office), format!("{line}\n"));
            assert_eq!(entries(office).len(), 1, "{moment}");
            for language in ["vi", "en"] {
                assert!(!text(office, &["--lang", language]).is_empty());
            }
        }
    });
}

/// A pipe that nobody writes into would keep the program waiting for ever.
#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_the_history_or_of_any_file_is_refused() {
    at_work(|office, _| {
        let pipe = history_file(office);
        let _made = office.program("mkfifo").argument(&pipe).run().expect(0);
        let told = office.chungthu_without_module(["history", "--json"]).run();
        assert_failure(told, 3, "FILE_UNREADABLE");
        let forget = ["history", "--forget", "--yes", "--json"];
        let told = office.chungthu_without_module(forget).run();
        assert_failure(told, 3, "FILE_UNREADABLE");
        let show = office.chungthu_without_module(["show", "--json"]);
        assert_failure(show.argument(&pipe).run(), 3, "FILE_UNREADABLE");
        assert_failure(install_with_pin(office, &pipe).run(), 3, "FILE_UNREADABLE");
        // the install itself is not held back
        let report = installed(office, Paper::Renewed);
        assert!(warning(&report, "HISTORY_NOT_KEPT").is_some(), "{report:#}");
        std::fs::rename(&pipe, office.home().join("config.toml")).unwrap();
        let list = office.chungthu(["list", "--json"]).run();
        assert_failure(list, 2, "USAGE");
    });
}
