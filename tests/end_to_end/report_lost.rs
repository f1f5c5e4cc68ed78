//! Standard output that takes nothing: what was done is still told as done.

use chungthu_issuer::TestKey;
use chungthu_test_support::{Driver, Office, Outcome, PIN, Paper, issue};

use crate::in_an_office;
use crate::scene::{OldCertificate, assert_installed, paper, token_with};

const KEY: TestKey = TestKey::Rsa2048A;

fn into_a_full_disk(office: &Office, arguments: &[&str]) -> Outcome {
    let shell = office.program("/bin/sh");
    let shell = shell.arguments(["-c", "exec \"$@\" >/dev/full", "sh"]);
    let shell = shell.argument(env!("CARGO_BIN_EXE_chungthu"));
    let shell = shell.arguments(arguments).argument("--module");
    shell.argument(office.library()).pin(PIN).run()
}

#[test]
fn a_finished_install_is_not_told_as_failed() {
    for form in ["--quiet", "--json"] {
        in_an_office(Driver::SoftToken, |office| {
            let token = token_with(office, KEY, OldCertificate::Present);
            let before = token.dump();
            let file = paper(office, KEY, Paper::Renewed);
            let file = file.to_str().unwrap();
            let arguments = ["install", "--yes", "--lang", "en", form, file];
            let outcome = into_a_full_disk(office, &arguments).expect(70);
            for said in [
                "The new certificate is installed.",
                "only the new certificate is there",
                "INTERNAL",
            ] {
                assert!(outcome.stderr.contains(said), "{said}: {outcome:#?}");
            }
            assert!(!outcome.stderr.contains("did not work"), "{outcome:#?}");
            let (old, new) = (issue(KEY, Paper::Old), issue(KEY, Paper::Renewed));
            assert_installed(&before, &token.dump(), &new, &old);
        });
    }
}

#[test]
fn a_look_whose_result_is_lost_did_not_work() {
    in_an_office(Driver::SoftToken, |office| {
        let _token = token_with(office, KEY, OldCertificate::Present);
        let outcome = into_a_full_disk(office, &["list", "--lang", "en"]).expect(70);
        assert!(outcome.stderr.contains("did not work"), "{outcome:#?}");
    });
}
