//! What the authority issues is what the profile of the real CA says, read by another crate.

#![expect(clippy::unwrap_used, reason = "a helper of these tests may fail them")]

use ::time::macros::datetime;
use chungthu_issuer::{
    Authority, Generation, KeyUsage, Request, Subject, TestKey, ValueForm, signing_request,
};
use x509_parser::prelude::*;

fn person() -> Subject {
    Subject::new()
        .country("VN")
        .locality("Quảng Ngãi")
        .organization("ỦY BAN NHÂN DÂN TỈNH")
        .organizational_unit("UBND xã Đắk Hà")
        .organizational_unit("Văn phòng")
        .common_name("Nguyễn Thị Trình Diễn")
}

fn parse(der: &[u8]) -> X509Certificate<'_> {
    let (rest, certificate) = X509Certificate::from_der(der).unwrap();
    assert!(rest.is_empty(), "nothing follows the certificate");
    certificate
}

fn extension_types(certificate: &X509Certificate<'_>) -> Vec<String> {
    certificate
        .extensions()
        .iter()
        .map(|extension| extension.oid.to_id_string())
        .collect()
}

#[test]
fn a_g2_leaf_has_the_extensions_of_the_profile_in_their_order() {
    let authority = Authority::new(Generation::G2Like).unwrap();
    let request =
        Request::new(person(), TestKey::Rsa3072.public_key_der()).email("trinhdien@demo.invalid");
    let der = authority.issue(&request).unwrap();
    let leaf = parse(&der);
    assert_eq!(
        extension_types(&leaf),
        [
            "2.5.29.19",
            "2.5.29.35",
            "1.3.6.1.5.5.7.1.1",
            "2.5.29.17",
            "2.5.29.32",
            "2.5.29.37",
            "2.5.29.31",
            "2.5.29.14",
            "2.5.29.15"
        ]
    );
    assert_eq!(
        leaf.raw_serial().len(),
        8,
        "serial numbers have eight bytes"
    );
    assert_eq!(
        leaf.signature_algorithm.algorithm.to_id_string(),
        "1.2.840.113549.1.1.11"
    );
    let usage = leaf.key_usage().unwrap().unwrap();
    assert!(usage.critical);
    assert_eq!(usage.value.flags, 0b1111, "the four bits of the profile");
    let constraints = leaf.basic_constraints().unwrap().unwrap();
    assert!(constraints.critical && !constraints.value.ca);
    let names = leaf.subject_alternative_name().unwrap().unwrap();
    assert_eq!(
        names.value.general_names,
        [GeneralName::RFC822Name("trinhdien@demo.invalid")]
    );
}

#[test]
fn a_g1_leaf_is_signed_with_sha_1_and_has_a_serial_number_of_three_bytes() {
    let authority = Authority::new(Generation::G1Like).unwrap();
    let request = Request::new(person(), TestKey::Rsa2048A.public_key_der())
        .comment("User Sign of trinh dien");
    let der = authority.issue(&request).unwrap();
    let leaf = parse(&der);
    assert_eq!(leaf.raw_serial().len(), 3);
    assert_eq!(
        leaf.signature_algorithm.algorithm.to_id_string(),
        "1.2.840.113549.1.1.5"
    );
    assert_eq!(leaf.tbs_certificate.signature, leaf.signature_algorithm);
    assert!(!leaf.key_usage().unwrap().unwrap().critical);
    assert!(extension_types(&leaf).contains(&"2.16.840.1.113730.1.13".to_owned()));
    assert!(
        leaf.issuer().to_string().is_ascii(),
        "names without accents"
    );
}

#[test]
fn every_signature_verifies_up_to_the_root() {
    for generation in [Generation::G1Like, Generation::G2Like] {
        let authority = Authority::new(generation).unwrap();
        let request = Request::new(person(), TestKey::P256.public_key_der());
        let leaf = authority.issue(&request).unwrap();
        let (leaf, issuing, root) = (
            parse(&leaf),
            parse(authority.certificate()),
            parse(authority.root_certificate()),
        );
        leaf.verify_signature(Some(issuing.public_key())).unwrap();
        issuing.verify_signature(Some(root.public_key())).unwrap();
        root.verify_signature(Some(root.public_key())).unwrap();
        assert_eq!(leaf.issuer().as_raw(), issuing.subject().as_raw());
        assert_eq!(issuing.issuer().as_raw(), root.subject().as_raw());
    }
}

#[test]
fn a_tampered_certificate_does_not_verify() {
    let authority = Authority::new(Generation::G2Like).unwrap();
    let request = Request::new(person(), TestKey::P256.public_key_der()).tamper();
    let leaf = authority.issue(&request).unwrap();
    let issuing = parse(authority.certificate());
    assert!(
        parse(&leaf)
            .verify_signature(Some(issuing.public_key()))
            .is_err()
    );
}

#[test]
fn a_repeated_unit_keeps_its_order_and_its_place() {
    let authority = Authority::new(Generation::G2Like).unwrap();
    let der = authority
        .issue(&Request::new(person(), TestKey::Rsa2048B.public_key_der()))
        .unwrap();
    let leaf = parse(&der);
    let units: Vec<&str> = leaf
        .subject()
        .iter_organizational_unit()
        .map(|unit| unit.as_str().unwrap())
        .collect();
    assert_eq!(units, ["UBND xã Đắk Hà", "Văn phòng"]);
    let first = leaf.subject().iter_attributes().next().unwrap();
    assert_eq!(
        first.attr_type().to_id_string(),
        "2.5.4.6",
        "the country comes first"
    );
}

#[test]
fn equal_requests_give_equal_bytes_and_a_renewal_another_serial_number() {
    let authority = Authority::new(Generation::G2Like).unwrap();
    let request = Request::new(person(), TestKey::Rsa2048A.public_key_der());
    let first = authority.issue(&request).unwrap();
    assert_eq!(first, authority.issue(&request).unwrap());
    let renewed = authority
        .issue(&request.valid(
            datetime!(2030-12-01 00:00 UTC),
            datetime!(2033-11-30 00:00 UTC),
        ))
        .unwrap();
    assert_ne!(parse(&first).raw_serial(), parse(&renewed).raw_serial());
}

#[test]
fn the_public_key_is_taken_over_byte_for_byte() {
    let authority = Authority::new(Generation::G2Like).unwrap();
    for key in TestKey::ALL {
        let der = authority
            .issue(&Request::new(person(), key.public_key_der()))
            .unwrap();
        assert_eq!(parse(&der).public_key().raw, key.public_key_der());
    }
}

#[test]
fn a_serial_number_key_usage_and_name_octets_can_be_given() {
    let authority = Authority::new(Generation::G2Like).unwrap();
    let subject = person().attribute("2.5.4.12", ValueForm::Teletex, b"Tr\xE9");
    let request = Request::new(subject, TestKey::P384.public_key_der())
        .serial_number(&[0xFF, 0x01])
        .key_usage(&[KeyUsage::NonRepudiation])
        .without_key_identifiers();
    let der = authority.issue(&request).unwrap();
    let leaf = parse(&der);
    assert_eq!(leaf.raw_serial(), [0x00, 0xFF, 0x01], "positive");
    assert_eq!(leaf.key_usage().unwrap().unwrap().value.flags, 0b10);
    assert!(!extension_types(&leaf).contains(&"2.5.29.14".to_owned()));
    assert!(!extension_types(&leaf).contains(&"2.5.29.35".to_owned()));
}

#[test]
fn a_namesake_shares_the_name_only_and_a_forger_the_key_identifier_too() {
    let genuine = Authority::new(Generation::G2Like).unwrap();
    let namesake = Authority::namesake(Generation::G2Like).unwrap();
    let forger = Authority::forger(Generation::G2Like).unwrap();
    let identifier = |authority: &Authority| {
        let certificate = parse(authority.certificate());
        let extension = certificate
            .get_extension_unique(&oid_registry::OID_X509_EXT_SUBJECT_KEY_IDENTIFIER)
            .unwrap()
            .unwrap();
        extension.value.to_vec()
    };
    assert_ne!(identifier(&genuine), identifier(&namesake));
    assert_eq!(identifier(&genuine), identifier(&forger));
    for other in [&namesake, &forger] {
        let (one, two) = (parse(genuine.certificate()), parse(other.certificate()));
        assert_eq!(one.subject().as_raw(), two.subject().as_raw());
        assert_ne!(one.public_key().raw, two.public_key().raw);
    }
}

#[test]
fn a_ca_certificate_can_be_asked_for() {
    let authority = Authority::new(Generation::G2Like).unwrap();
    let request =
        Request::new(person(), TestKey::Rsa2048A.public_key_der()).certification_authority(Some(3));
    let der = authority.issue(&request).unwrap();
    let certificate = parse(&der);
    let constraints = certificate.basic_constraints().unwrap().unwrap();
    assert_eq!(
        (constraints.value.ca, constraints.value.path_len_constraint),
        (true, Some(3))
    );
}

#[test]
fn the_two_halves_of_every_test_key_belong_together() {
    for key in TestKey::ALL {
        let request = signing_request(key, "Trình diễn").unwrap();
        let (_, request) = X509CertificationRequest::from_der(&request).unwrap();
        assert_eq!(
            request.certification_request_info.subject_pki.raw,
            key.public_key_der(),
            "{key:?}: the request names the public key"
        );
        request.verify_signature().unwrap();
        let length = key.sign(b"message").unwrap().len();
        let expected = match key {
            TestKey::Rsa2048A | TestKey::Rsa2048B => 256,
            TestKey::Rsa3072 => 384,
            TestKey::P256 => 64,
            TestKey::P384 => 96,
        };
        assert_eq!(length, expected, "{key:?}");
    }
}
