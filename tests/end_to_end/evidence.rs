//! Chains and lists of revoked certificates: the same answers in `show`, `health` and `install`; what `show`
//! makes of files, tokens and pairs.

use std::path::PathBuf;

use chungthu_certificate::Certificate;
use chungthu_issuer::{Authority, Generation, Revoked, TestKey};
use chungthu_test_support::{Driver, Office, Paper, authority_certificate, issue, now, write};
use serde_json::Value;
use time::Duration;

use crate::in_an_office;
use crate::scene::{OldCertificate, assert_failure, install, paper, token_with};

const KEY: TestKey = TestKey::Rsa2048A;

/// The authority's list of this week, with these certificates on it.
fn list(office: &Office, revoked: &[&[u8]]) -> PathBuf {
    let revoked: Vec<Revoked> = revoked
        .iter()
        .map(|der| Revoked {
            serial_number: Certificate::from_der(der).unwrap().serial_number_der()[2..].to_vec(),
            date: now() - Duration::days(2),
        })
        .collect();
    let authority = Authority::new(Generation::G2Like).unwrap();
    let der = authority
        .revocation_list(
            &revoked,
            now() - Duration::days(1),
            now() + Duration::days(6),
        )
        .unwrap();
    office.paper("danh-sach.crl", der)
}

fn finding<'a>(json: &'a Value, code: &str) -> Option<&'a Value> {
    let findings = json["tokens"][0]["findings"].as_array().unwrap();
    findings.iter().find(|finding| finding["code"] == code)
}

#[test]
fn a_revoked_certificate_is_told_alike_by_show_health_and_install() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let (old, new) = (issue(KEY, Paper::Old), issue(KEY, Paper::Renewed));
        let authority = office.paper("ca.cer", authority_certificate());
        let revoked = list(office, &[&old, &new]);
        let file = paper(office, KEY, Paper::Renewed);
        let with_evidence = |arguments: &[&str]| {
            office
                .chungthu(arguments)
                .argument("--ca")
                .argument(&authority)
                .argument("--crl")
                .argument(&revoked)
        };
        let json = with_evidence(&["show", "--json"])
            .argument(&file)
            .run()
            .expect(0)
            .json();
        let revocation = &json["certificates"][0]["chain"]["revocation"][0];
        assert_eq!(revocation["state"], "revoked", "{json:#}");
        let date = revocation["date"].clone();

        let json = with_evidence(&["health", "--json"]).run().expect(1).json();
        let found = finding(&json, "CERTIFICATE_REVOKED").unwrap();
        assert_eq!(
            (&found["severity"], &found["facts"]["date"]),
            (&"error".into(), &date)
        );

        let before = token.dump();
        let json = with_evidence(&["install", "--dry-run", "--json"])
            .argument(&file)
            .run()
            .expect(0)
            .json();
        let warnings = json["warnings"].as_array().unwrap();
        assert!(
            warnings.iter().any(|one| one["code"] == "CERT_REVOKED"),
            "{json:#}"
        );
        assert_eq!(token.dump(), before);
    });
}

#[test]
fn a_list_without_the_certificate_is_good_and_one_from_the_folder_counts() {
    in_an_office(Driver::SoftToken, |office| {
        let _token = token_with(office, KEY, OldCertificate::Present);
        let other = issue(TestKey::Rsa2048B, Paper::Old);
        for (folder, source) in [
            ("ca", office.paper("ca.cer", authority_certificate())),
            ("crl", list(office, &[&other])),
        ] {
            let folder = office.home().join(folder);
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::copy(&source, folder.join(source.file_name().unwrap())).unwrap();
        }
        let json = office.chungthu(["health", "--json"]).run().json();
        assert!(finding(&json, "REVOCATION_GOOD").is_some(), "{json:#}");
        assert!(finding(&json, "ISSUER_TRUSTED").is_some(), "{json:#}");
    });
}

#[test]
fn a_list_without_its_authority_decides_nothing_and_says_so() {
    in_an_office(Driver::SoftToken, |office| {
        let _token = token_with(office, KEY, OldCertificate::Present);
        let revoked = list(office, &[&issue(KEY, Paper::Old)]);
        let json = office
            .chungthu(["health", "--json"])
            .argument("--crl")
            .argument(&revoked)
            .run()
            .expect(1)
            .json();
        let found = finding(&json, "REVOCATION_LIST_UNUSABLE").unwrap();
        assert_eq!(found["facts"]["problem"], "unsupported", "{json:#}");
        assert!(finding(&json, "CERTIFICATE_REVOKED").is_none());
    });
}

#[test]
fn a_file_that_is_no_list_is_refused_before_any_driver_is_loaded() {
    in_an_office(Driver::SoftToken, |office| {
        let file = paper(office, KEY, Paper::Renewed);
        let outcome = install(office, &file)
            .argument("--crl")
            .argument(&file)
            .spied()
            .run();
        let outcome = assert_failure(outcome, 3, "CRL_UNREADABLE");
        if let Some(calls) = &outcome.calls {
            assert_eq!(calls.total(), 0);
        }
    });
}

#[test]
fn a_folder_of_files_is_shown_file_by_file() {
    in_an_office(Driver::SoftToken, |office| {
        let folder = office.place("thu-muc");
        std::fs::create_dir_all(&folder).unwrap();
        for (name, paper) in [("cu.cer", Paper::Old), ("moi.cer", Paper::Renewed)] {
            write(&folder.join(name), issue(KEY, paper));
        }
        write(&folder.join("ghi-chu.txt"), "không phải chứng thư");
        let json = office
            .chungthu_without_module(["show", "--json"])
            .argument(&folder)
            .run()
            .expect(0)
            .json();
        assert_eq!(
            json["certificates"].as_array().unwrap().len(),
            2,
            "{json:#}"
        );
    });
}

#[test]
fn the_certificates_on_a_token_are_shown_and_exported_without_a_pin() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let outcome = office
            .chungthu(["show", "--on-token", "--json"])
            .spied()
            .run()
            .expect(0);
        let json = outcome.json();
        assert_eq!(
            json["certificates"][0]["token"]["serial"],
            token.serial(),
            "{json:#}"
        );
        if let Some(calls) = &outcome.calls {
            calls.assert_none_changing();
            assert_eq!(calls.count("C_Login"), 0);
        }
        let place = office.place("ra.cer");
        let exported = office
            .chungthu(["show", "--on-token"])
            .argument("--der")
            .argument(&place)
            .run();
        assert_eq!(exported.code(), Some(0), "{}", exported.stderr);
        assert_eq!(std::fs::read(&place).unwrap(), issue(KEY, Paper::Old));
    });
}

#[test]
fn two_certificates_are_compared_and_the_status_says_whether_they_differ() {
    in_an_office(Driver::SoftToken, |office| {
        let old = office.paper("cu.cer", issue(KEY, Paper::Old));
        let new = paper(office, KEY, Paper::Renewed);
        let compare = |one: &PathBuf, other: &PathBuf| {
            office
                .chungthu_without_module(["show", "--diff", "--json"])
                .argument(one)
                .argument(other)
                .run()
        };
        let json = compare(&old, &new).expect(1).json();
        assert_eq!(
            (&json["change"], &json["same_key"]),
            (&"renewal".into(), &true.into())
        );
        let fields = json["differences"].as_array().unwrap();
        assert!(
            fields.iter().any(|one| one["field"] == "not_after"),
            "{json:#}"
        );
        let json = compare(&old, &old).expect(0).json();
        assert_eq!(
            (&json["same"], &json["change"]),
            (&true.into(), &Value::Null)
        );
        let other = office.paper("khac.cer", issue(TestKey::Rsa2048B, Paper::Renewed));
        let json = compare(&old, &other).expect(1).json();
        assert_eq!(json["same_key"], false);
        let alone = office
            .chungthu_without_module(["show", "--diff"])
            .argument(&old)
            .run();
        assert_eq!(alone.code(), Some(2));
    });
}
