//! RFC 7512 URIs: to choose a token with, and to hand on to other programs.

use chungthu_issuer::TestKey;
use chungthu_test_support::{Driver, Office, PIN, Paper, PublicKeyObject, Token, issue, p11tool};
use serde_json::Value;

use crate::in_an_office;
use crate::scene::{
    CERTIFICATE_LABEL, KEY_ID, KEY_LABEL, OldCertificate, assert_failure, assert_installed,
    assert_untouched, install, install_with_pin, paper, token_with,
};

const KEY: TestKey = TestKey::Rsa2048A;

on_each_driver! {
    a_uri_chooses_one_of_two_tokens => chooses;
    a_uri_chooses_the_token_to_install_on => installs;
    a_uri_that_fits_none_or_several_is_refused => refuses_none_and_several;
    every_uri_that_is_printed_leads_back_to_its_token => leads_back;
}

/// A second token with another key, and a certificate for it.
fn neighbour(office: &Office) -> Token<'_> {
    let token = office.token("Ke toan");
    let key = TestKey::Rsa2048B;
    token.add_key(key, KEY_ID, KEY_LABEL, PublicKeyObject::Absent);
    token
}

fn list(office: &Office, selector: &str) -> Value {
    let outcome = office.chungthu(["list", "--json", "--token", selector]);
    outcome.run().expect(0).json()
}

fn chooses(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let neighbour = neighbour(office);
    for (uri, serial) in [
        (format!("pkcs11:serial={}", token.serial()), token.serial()),
        ("pkcs11:token=Ke%20toan".to_owned(), neighbour.serial()),
        (
            "PKCS11:token=Van%20phong;id=%00?x-y=1".to_owned(),
            token.serial(),
        ),
    ] {
        let json = list(office, &uri);
        assert_eq!(json["token"]["serial"], serial, "{uri}: {json:#}");
    }
}

fn installs(office: &Office) {
    let token = office.token("Van phong");
    token.add_key(KEY, KEY_ID, KEY_LABEL, PublicKeyObject::Absent);
    let neighbour = neighbour(office);
    let (before, neighbour_before) = (token.dump(), neighbour.dump());

    let file = paper(office, KEY, Paper::Renewed);
    let uri = format!("pkcs11:token=Van%20phong;serial={}", token.serial());
    let outcome = install_with_pin(office, &file)
        .arguments(["--token", &uri])
        .run()
        .expect(0);

    assert_eq!(outcome.json()["outcome"], "installed", "{outcome:#?}");
    let (old, new) = (issue(KEY, Paper::Old), issue(KEY, Paper::Renewed));
    assert_installed(&before, &token.dump(), &new, &old);
    assert_untouched(&neighbour_before, &neighbour);
}

fn refuses_none_and_several(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let _neighbour = neighbour(office);
    let before = token.dump();
    let model = list(office, token.serial())["token"]["model"].clone();
    let model = model.as_str().unwrap().replace(' ', "%20");

    let several = format!("pkcs11:model={model}");
    let outcome = office.chungthu(["list", "--json", "--token", &several]);
    assert_failure(outcome.run(), 3, "TOKEN_AMBIGUOUS");

    let file = paper(office, KEY, Paper::Renewed);
    let none = format!("pkcs11:model={model};serial=0");
    let outcome = install(office, &file).arguments(["--token", &none]).run();
    assert_failure(outcome, 4, "TOKEN_NOT_FOUND");
    assert_untouched(&before, &token);
}

fn leads_back(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    let _neighbour = neighbour(office);
    let json = list(office, token.serial());
    let uris = [
        &json["token"]["uri"],
        &json["keys"][0]["uri"],
        &json["certificates"][0]["uri"],
    ];
    for uri in uris {
        let again = list(office, uri.as_str().unwrap());
        assert_eq!(again, json, "{uri}");
    }
    let certificate = uris[2].as_str().unwrap();
    assert!(certificate.ends_with(";type=cert"), "{certificate}");
    assert!(
        certificate.contains(";id=%A1%B2%C3;object="),
        "{certificate}"
    );
    let text = office
        .chungthu(["list", "-v"])
        .arguments(["--token", token.serial()]);
    assert!(text.run().expect(0).stdout.contains(certificate));
}

#[test]
fn a_pin_in_a_uri_is_refused_before_any_driver_is_looked_for() {
    in_an_office(Driver::SoftToken, |office| {
        for uri in [
            format!("pkcs11:token=a?pin-value={PIN}"),
            format!("pkcs11:pin-value={PIN}"),
            format!("pkcs11:token=a b?PIN-SOURCE={PIN}"),
        ] {
            // run() looks for the PIN in everything that is said and written
            for form in ["--json", "-v"] {
                let outcome = office.chungthu(["list", form, "--token", &uri]).run();
                assert_eq!(outcome.code(), Some(2), "{outcome:#?}");
            }
        }
    });
}

#[test]
fn what_is_no_uri_is_refused_without_being_repeated() {
    in_an_office(Driver::SoftToken, |office| {
        for uri in [
            "pkcs11:token=kin mat",
            "pkcs11:tokn=kinmat",
            "pkcs11:type=kinmat",
            "pkcs11:token=kinmat;token=kinmat",
            "pkcs11:slot-manufacturer=kinmat",
        ] {
            let outcome = office.chungthu(["list", "--json", "--token", uri]).run();
            let outcome = assert_failure(outcome, 2, "USAGE");
            assert!(!outcome.stdout.contains("mat"), "{outcome:#?}");
        }
    });
}

#[test]
fn a_uri_may_name_its_driver() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let library = office.library().display().to_string();
        let library = library.replace('\\', "%5C").replace(' ', "%20");
        let uri = format!("pkcs11:?module-path={library}");
        let outcome = office.chungthu_without_module(["list", "--json", "--token", &uri]);
        let json = outcome.run().expect(0).json();
        assert_eq!(json["token"]["serial"], token.serial(), "{json:#}");

        assert_eq!(
            list(office, "pkcs11:?module-name=chungthu_soft_token")["token"],
            json["token"]
        );
        for other in ["pkcs11:?module-name=khac", "pkcs11:?module-path=/khac.so"] {
            let outcome = office.chungthu(["list", "--json", "--token", other]);
            assert_failure(outcome.run(), 4, "MODULE_NOT_FOUND");
        }
    });
}

/// GnuTLS finds by our URIs what we meant, and we take its own.
#[test]
fn gnutls_and_we_understand_each_others_uris() {
    let Some(p11tool) = p11tool() else {
        return;
    };
    in_an_office(Driver::SoftHsm2, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let ask = |arguments: &[&str]| {
            let command = office.program(&p11tool).argument("--provider");
            let command = command.argument(office.library()).arguments(arguments);
            command.run().expect(0).stdout
        };
        let json = list(office, token.serial());
        let ours = json["certificates"][0]["uri"].as_str().unwrap();
        assert!(ask(&["--export", ours]).contains("BEGIN CERTIFICATE"));
        assert_eq!(json["certificates"][0]["label"], CERTIFICATE_LABEL);

        let theirs = ask(&["--list-all-certs", "pkcs11:"]);
        let theirs = theirs.lines().filter_map(|line| line.split_once("URL: "));
        let theirs: Vec<&str> = theirs.map(|(_, uri)| uri.trim()).collect();
        assert_eq!(theirs, [ours]);
        assert_eq!(list(office, theirs[0]), json);
    });
}
