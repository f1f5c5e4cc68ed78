//! The signature on the new certificate, where the issuer's certificate is at hand.

use chungthu_issuer::TestKey;
use chungthu_test_support::{Driver, Office, Paper, authority_certificate, issue, issue_tampered};
use serde_json::Value;

use crate::scene::{
    OldCertificate, assert_failure, assert_untouched, install_with_pin, paper, token_with,
};

const KEY: TestKey = TestKey::Rsa2048A;

on_each_driver! {
    a_bad_signature_is_refused_before_the_pin => refuses_a_bad_signature;
    a_good_signature_is_reported => reports_a_good_signature;
    an_unknown_issuer_is_a_warning => warns_of_an_unknown_issuer;
    an_issuer_whose_certificate_is_on_the_token_is_known => finds_the_issuer_on_the_token;
}

fn refuses_a_bad_signature(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let before = token.dump();

    let authority = office.paper("ca.cer", authority_certificate());
    let file = office.paper("moi.cer", issue_tampered(KEY, Paper::Renewed));
    let outcome = install_with_pin(office, &file)
        .argument("--ca")
        .argument(authority)
        .spied()
        .run();

    let outcome = assert_failure(outcome, 3, "ISSUER_SIGNATURE_INVALID");
    if let Some(calls) = &outcome.calls {
        calls.assert_none_changing();
    }
    assert_untouched(&before, &token);
}

fn reports_a_good_signature(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);

    let authority = office.paper("ca.cer", authority_certificate());
    let file = paper(office, KEY, Paper::Renewed);
    let report = install_with_pin(office, &file)
        .argument("--ca")
        .argument(authority)
        .run()
        .expect(0)
        .json();

    assert_eq!(report["outcome"], "installed", "{report:#}");
    assert_eq!(report["warnings"], Value::Array(Vec::new()), "{report:#}");
    let new = issue(KEY, Paper::Renewed);
    assert_eq!(token.dump().certificates_with(&new).len(), 1);
}

fn warns_of_an_unknown_issuer(office: &Office) {
    let _token = token_with(office, KEY, OldCertificate::Present);

    let file = paper(office, KEY, Paper::Renewed);
    let report = install_with_pin(office, &file).run().expect(0).json();

    assert_eq!(report["outcome"], "installed", "{report:#}");
    let warnings = report["warnings"].as_array().unwrap();
    let about_issuer = |warning: &&Value| warning["code"].as_str().unwrap().contains("ISSUER");
    assert_eq!(
        warnings.iter().filter(about_issuer).count(),
        1,
        "{report:#}"
    );
}

fn finds_the_issuer_on_the_token(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    token.add_certificate(&authority_certificate(), "ca", "CA");
    let before = token.dump();

    let file = office.paper("moi.cer", issue_tampered(KEY, Paper::Renewed));
    let outcome = install_with_pin(office, &file).run();

    assert_failure(outcome, 3, "ISSUER_SIGNATURE_INVALID");
    assert_untouched(&before, &token);
}
