//! Several files at once: the one for the token is found by its key, and nothing is guessed.

use chungthu_issuer::{Pkcs7Form, TestKey, certificates_only};
use chungthu_test_support::{
    Driver, Office, Outcome, PIN, Paper, PublicKeyObject, authority_certificate, issue,
};

use crate::in_an_office;
use crate::scene::{
    KEY_ID, KEY_LABEL, OldCertificate, assert_failure, assert_installed, assert_untouched,
    token_with,
};

const KEY: TestKey = TestKey::Rsa2048A;

on_each_driver! {
    of_many_files_the_one_for_the_token_is_installed => installs_the_right_one;
    of_an_old_and_a_new_file_of_one_key_none_is_guessed => guesses_no_file;
    files_for_two_tokens_wait_for_one_to_be_named => asks_for_a_token;
    where_the_token_shows_nothing_one_file_must_be_named => asks_for_a_file;
    files_for_other_tokens_are_refused_without_a_login => refuses_foreign_files;
}

/// Certificates of people whose tokens are elsewhere.
fn foreign_papers(office: &Office) -> Vec<std::path::PathBuf> {
    let keys = [
        TestKey::Rsa2048B,
        TestKey::Rsa3072,
        TestKey::P256,
        TestKey::P384,
    ];
    let papers = [Paper::Renewed, Paper::InformationChanged];
    let both = keys
        .iter()
        .flat_map(|key| papers.map(|paper| (*key, paper)));
    both.map(|(key, paper)| office.paper(&format!("{key:?}-{paper:?}.cer"), issue(key, paper)))
        .collect()
}

fn install_all(office: &Office, files: &[std::path::PathBuf], more: &[&str]) -> Outcome {
    let command = office
        .chungthu(["install", "--yes", "--json"])
        .arguments(files);
    command.arguments(more).pin(PIN).spied().run()
}

fn assert_no_login(outcome: &Outcome) {
    if let Some(calls) = &outcome.calls {
        calls.assert_none_changing();
    }
}

fn installs_the_right_one(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let before = token.dump();
    let (old, new) = (issue(KEY, Paper::Old), issue(KEY, Paper::Renewed));
    let mut files = foreign_papers(office);
    files.insert(3, office.paper("moi.cer", &new));

    let report = install_all(office, &files, &[]).expect(0);

    assert_eq!(report.json()["outcome"], "installed", "{report:#?}");
    assert!(
        report.stderr.contains("Rsa2048B-Renewed.cer"),
        "{report:#?}"
    );
    assert_installed(&before, &token.dump(), &new, &old);
    // and again, when there is nothing to do
    let again = install_all(office, &files, &[]).expect(0);
    assert_eq!(again.json()["outcome"], "already-installed", "{again:#?}");
    assert_no_login(&again);
}

fn guesses_no_file(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Absent);
    let before = token.dump();
    let files = [Paper::Old, Paper::Renewed]
        .map(|paper| office.paper(&format!("{paper:?}.cer"), issue(KEY, paper)));

    let outcome = install_all(office, &files, &[]);

    let outcome = assert_failure(outcome, 3, "FILE_SEVERAL_CERTIFICATES");
    assert_no_login(&outcome);
    assert_untouched(&before, &token);
}

fn asks_for_a_token(office: &Office) {
    let other_key = TestKey::Rsa2048B;
    let other = office.token("Ke toan");
    other.add_key(other_key, KEY_ID, KEY_LABEL, PublicKeyObject::Present);
    let token = token_with(office, KEY, OldCertificate::Present);
    let (before, other_before) = (token.dump(), other.dump());
    let (old, new) = (issue(KEY, Paper::Old), issue(KEY, Paper::Renewed));
    let files = [
        office.paper("ke-toan.cer", issue(other_key, Paper::Renewed)),
        office.paper("van-phong.cer", &new),
    ];

    let outcome = assert_failure(install_all(office, &files, &[]), 3, "TOKEN_AMBIGUOUS");
    assert_no_login(&outcome);
    let named = install_all(office, &files, &["--token", token.serial()]).expect(0);
    assert_eq!(named.json()["outcome"], "installed", "{named:#?}");

    assert_installed(&before, &token.dump(), &new, &old);
    assert_untouched(&other_before, &other);
}

fn asks_for_a_file(office: &Office) {
    let token = office.token("Van phong");
    token.add_key(KEY, KEY_ID, KEY_LABEL, PublicKeyObject::Absent);
    let before = token.dump();
    let mut files = foreign_papers(office);
    files.push(office.paper("moi.cer", issue(KEY, Paper::Renewed)));

    let outcome = install_all(office, &files, &[]);

    let outcome = assert_failure(outcome, 3, "FILE_SEVERAL_CERTIFICATES");
    assert_no_login(&outcome);
    assert_untouched(&before, &token);
}

fn refuses_foreign_files(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let before = token.dump();
    let outcome = install_all(office, &foreign_papers(office), &[]);
    let outcome = assert_failure(outcome, 3, "KEY_NOT_ON_TOKEN");
    assert_no_login(&outcome);
    assert_untouched(&before, &token);
}

#[test]
fn a_folder_stands_for_the_certificates_in_it_and_stdin_for_one_more() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let folder = office.place("thang-11");
        std::fs::create_dir(&folder).unwrap();
        let (old, new) = (issue(KEY, Paper::Old), issue(KEY, Paper::Renewed));
        for file in foreign_papers(office) {
            std::fs::copy(&file, folder.join(file.file_name().unwrap())).unwrap();
        }
        let before = token.dump();
        let outcome = office
            .chungthu(["install", "-", "--yes", "--json"])
            .argument(&folder)
            .arguments(["--pin-source", "env:MA_PIN"])
            .variable("MA_PIN", PIN)
            .stdin(&new)
            .run();
        assert_eq!(outcome.expect(0).json()["outcome"], "installed");
        assert_installed(&before, &token.dump(), &new, &old);
    });
}

#[test]
fn authorities_in_the_files_and_in_any_container_check_the_signature() {
    let bag = certificates_only(&[&authority_certificate()], Pkcs7Form::Ber).unwrap();
    let chain = [authority_certificate(), issue(KEY, Paper::Renewed)].concat();
    let given = |arguments: &[(&str, &[u8])], more: &[&str]| {
        let mut unchecked = None;
        in_an_office(Driver::SoftToken, |office| {
            let _token = token_with(office, KEY, OldCertificate::Present);
            let mut command = office.chungthu(["install", "--dry-run", "--json"]);
            command = command.arguments(more);
            for (name, bytes) in arguments {
                command = command.argument(office.paper(name, bytes));
            }
            let warnings = command.run().expect(0).json()["warnings"].to_string();
            unchecked = Some(warnings.contains("ISSUER_UNKNOWN"));
        });
        unchecked.unwrap()
    };
    let leaf = issue(KEY, Paper::Renewed);
    assert!(given(&[("moi.cer", &leaf)], &[]), "no authority is at hand");
    assert!(!given(&[("chain.cer", &chain)], &[]));
    assert!(!given(&[("moi.cer", &leaf), ("ca.p7b", &bag)], &[]));
    assert!(!given(&[("ca.p7b", &bag), ("moi.cer", &leaf)], &["--ca"]));
}

#[test]
fn one_bad_file_among_good_ones_stops_everything_and_is_named() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let before = token.dump();
        let files = [
            office.paper("moi.cer", issue(KEY, Paper::Renewed)),
            office.paper("trang-web.cer", "<html>404</html>"),
        ];
        let outcome = install_all(office, &files, &[]);
        let outcome = assert_failure(outcome, 3, "FILE_NOT_A_CERTIFICATE");
        assert!(
            outcome.json()["message"]
                .to_string()
                .contains("trang-web.cer")
        );
        if let Some(calls) = &outcome.calls {
            assert_eq!(calls.total(), 0, "a driver was loaded: {outcome:#?}");
        }
        assert_untouched(&before, &token);
    });
}

#[cfg(unix)]
#[test]
fn many_files_cost_a_few_calls_more_than_one() {
    in_an_office(Driver::SoftHsm2, |office| {
        let _token = token_with(office, KEY, OldCertificate::Present);
        let new = office.paper("moi.cer", issue(KEY, Paper::Renewed));
        let dry_run = |files: &[std::path::PathBuf]| {
            install_all(office, files, &["--dry-run"]).expect(0).calls
        };
        let alone = dry_run(std::slice::from_ref(&new));
        let mut files = foreign_papers(office);
        files.push(new);
        let (Some(alone), Some(many)) = (alone, dry_run(&files)) else {
            return;
        };
        let more = many.total() - alone.total();
        assert!(more <= 20, "{more} more: {alone:#?} {many:#?}");
    });
}
