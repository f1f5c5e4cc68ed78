//! Files that are no certificate to install: refused by name before any driver is loaded.

use chungthu_issuer::TestKey;
use chungthu_test_support::{
    Driver, Office, Outcome, PIN, Paper, authority_certificate, issue, signing_request,
};

use crate::in_an_office;
use crate::scene::{assert_failure, install_with_pin};

/// Installs a file with this content on an office's soft token.
fn refused(content: impl AsRef<[u8]>, code: &str) {
    in_an_office(Driver::SoftToken, |office| {
        let file = office.paper("moi.cer", content);
        let outcome = install_with_pin(office, &file).spied().run();
        assert_refused_unseen(outcome, code);
    });
}

fn assert_refused_unseen(outcome: Outcome, code: &str) {
    let outcome = assert_failure(outcome, 3, code);
    if let Some(calls) = &outcome.calls {
        assert_eq!(calls.total(), 0, "a driver was loaded: {outcome:#?}");
    }
}

#[test]
fn junk_is_no_certificate() {
    refused(
        "Kính gửi quý cơ quan, chứng thư ở trang sau.",
        "FILE_NOT_A_CERTIFICATE",
    );
}

#[test]
fn an_empty_file_is_no_certificate() {
    refused("", "FILE_NOT_A_CERTIFICATE");
}

#[test]
fn a_cut_certificate_is_no_certificate() {
    let whole = issue(TestKey::Rsa2048A, Paper::Renewed);
    refused(&whole[..whole.len() - 1], "FILE_NOT_A_CERTIFICATE");
}

#[test]
fn bytes_after_the_certificate_are_refused() {
    let mut long = issue(TestKey::Rsa2048A, Paper::Renewed);
    long.push(0);
    refused(long, "FILE_TRAILING_BYTES");
}

#[test]
fn a_certificate_request_is_named_as_such() {
    refused(signing_request(TestKey::Rsa2048A), "FILE_IS_REQUEST");
}

#[test]
fn an_authoritys_certificate_is_named_as_such() {
    refused(authority_certificate(), "FILE_IS_CA_CERTIFICATE");
}

#[test]
fn a_private_key_is_named_as_such() {
    let key = pem::Pem::new("PRIVATE KEY", TestKey::Rsa2048A.pkcs8_der());
    refused(pem::encode(&key), "FILE_HAS_PRIVATE_KEY");
}

#[test]
fn two_certificates_for_two_keys_in_one_file_are_refused() {
    let both = [TestKey::Rsa2048A, TestKey::Rsa2048B]
        .map(|key| pem::encode(&pem::Pem::new("CERTIFICATE", issue(key, Paper::Renewed))));
    refused(both.concat(), "FILE_SEVERAL_CERTIFICATES");
}

#[test]
fn a_huge_file_is_refused() {
    refused(vec![b'x'; 32 << 20], "FILE_TOO_LARGE");
}

#[test]
fn a_file_that_is_not_there_is_unreadable() {
    in_an_office(Driver::SoftToken, |office| {
        let outcome = install_with_pin(office, &office.place("khong-co.cer"))
            .spied()
            .run();
        assert_refused_unseen(outcome, "FILE_UNREADABLE");
    });
}

#[test]
fn stdin_cannot_be_both_the_certificate_and_the_pin() {
    in_an_office(Driver::SoftToken, |office: &Office| {
        let arguments = ["install", "-", "--yes", "--json"];
        let outcome = office.chungthu(arguments).pin(PIN).spied().run().expect(2);
        if let Some(calls) = &outcome.calls {
            assert_eq!(calls.total(), 0, "{outcome:#?}");
        }
    });
}
