//! The facts of a certificate in the CA's profile, and the place of the damage in a damaged one.

use chungthu_issuer::{Generation, KeyUsage as Usage, Request, Subject, TestKey};
use time::macros::datetime;

use super::*;
use crate::identifier::IdentifierKind;
use crate::samples::{issue, issue_as, person, request};

#[test]
fn a_g2_leaf_tells_all_its_facts() {
    let certificate = issue(&request().serial_number(&[0xA1, 0xB2]));
    assert_eq!(certificate.serial_number(), "A1B2");
    assert_eq!(
        certificate.serial_number_der(),
        [0x02, 0x03, 0x00, 0xA1, 0xB2]
    );
    assert_eq!(certificate.not_before(), datetime!(2026-01-01 00:00 UTC));
    assert_eq!(certificate.not_after(), datetime!(2030-12-31 00:00 UTC));
    assert_eq!(
        certificate.public_key().der(),
        TestKey::Rsa2048A.public_key_der()
    );
    assert_eq!(
        certificate.key_usage(),
        Some(
            [
                KeyUsage::DigitalSignature,
                KeyUsage::NonRepudiation,
                KeyUsage::KeyEncipherment,
                KeyUsage::DataEncipherment
            ]
            .as_slice()
        )
    );
    let purposes: Vec<&str> = certificate
        .extended_key_usage()
        .iter()
        .map(ExtendedKeyUsage::name)
        .collect();
    assert_eq!(
        purposes,
        ["clientAuth", "emailProtection", "smartcardLogon"]
    );
    assert_eq!(certificate.policies(), ["2.16.704.1.1.1.1.1"]);
    assert_eq!(certificate.emails(), ["trinhdien@demo.invalid"]);
    assert_eq!(certificate.ocsp_urls(), ["http://ocsp.demo.invalid"]);
    assert_eq!(
        certificate.crl_urls(),
        ["http://ca.demo.invalid/pki/crl/g2.crl"]
    );
    assert_eq!(
        certificate.ca_issuers_urls(),
        ["http://ca.demo.invalid/pki/crt/g2.crt"]
    );
    let constraints = BasicConstraints {
        certification_authority: false,
        path_length: None,
    };
    assert_eq!(certificate.basic_constraints(), Some(constraints));
    assert!(!certificate.is_ca());
    assert_eq!(
        certificate.subject_key_identifier().map(<[u8]>::len),
        Some(20)
    );
    assert_eq!(
        certificate.authority_key_identifier().map(<[u8]>::len),
        Some(20)
    );
    assert_eq!(certificate.signature_algorithm(), "sha256WithRSAEncryption");
    assert_eq!(certificate.unreadable_extensions(), [""; 0]);
    assert_eq!(
        (certificate.sha1().len(), certificate.sha256().len()),
        (40, 64)
    );
    assert_eq!(upper_hex(certificate.sha256_bytes()), certificate.sha256());
}

#[test]
fn a_g1_leaf_is_read_too() {
    let certificate = issue_as(
        Generation::G1Like,
        &request().comment("User Sign of trinh dien"),
    );
    assert_eq!(certificate.signature_algorithm(), "sha1WithRSAEncryption");
    assert_eq!(certificate.serial_number().len(), 6, "three bytes");
    assert_eq!(certificate.crl_urls().len(), 2);
    assert_eq!(
        certificate.authority_key_identifier().map(<[u8]>::len),
        Some(20)
    );
    assert_eq!(certificate.policies(), [""; 0]);
}

#[test]
fn every_kind_of_key_is_read() {
    for key in TestKey::ALL {
        let certificate = issue(&Request::new(person(), key.public_key_der()));
        assert_eq!(
            certificate.public_key().der(),
            key.public_key_der(),
            "{key:?}"
        );
    }
}

#[test]
fn days_left_counts_whole_days_and_turns_negative_after_the_end() {
    let certificate = issue(&request().valid(
        datetime!(2026-01-01 0:00 UTC),
        datetime!(2026-06-30 10:00 UTC),
    ));
    let cases = [
        (datetime!(2026-06-20 10:00 UTC), 10),
        (datetime!(2026-06-20 10:00:01 UTC), 9),
        (datetime!(2026-06-29 17:00:00 +7), 1),
        (datetime!(2026-06-30 10:00 UTC), 0),
        (datetime!(2026-06-30 10:00:00.5 UTC), -1),
        (datetime!(2026-07-01 10:00 UTC), -1),
        (datetime!(2026-07-01 10:00:01 UTC), -2),
        (datetime!(2027-06-30 10:00 UTC), -365),
    ];
    for (now, expected) in cases {
        assert_eq!(certificate.days_left(now), expected, "{now}");
        assert_eq!(certificate.is_expired(now), expected < 0, "{now}");
    }
}

#[test]
fn both_ends_of_the_validity_belong_to_it() {
    let certificate = issue(&request());
    assert!(!certificate.is_not_yet_valid(certificate.not_before()));
    assert!(certificate.is_not_yet_valid(certificate.not_before() - time::Duration::SECOND));
    assert!(!certificate.is_expired(certificate.not_after()));
    assert!(certificate.is_expired(certificate.not_after() + time::Duration::SECOND));
}

#[test]
fn a_validity_beyond_2049_is_read() {
    let to = datetime!(2051-02-03 04:05:06 UTC);
    assert_eq!(
        issue(&request().valid(datetime!(1999-01-01 0:00 UTC), to)).not_after(),
        to
    );
}

#[test]
fn addresses_of_both_places_are_given_once() {
    let subject = person()
        .email("TRINHDIEN@demo.invalid")
        .email("khac@demo.invalid");
    let certificate = issue(
        &Request::new(subject, TestKey::P256.public_key_der()).email("trinhdien@demo.invalid"),
    );
    assert_eq!(
        certificate.emails(),
        ["trinhdien@demo.invalid", "khac@demo.invalid"]
    );
}

#[test]
fn missing_key_usage_is_not_an_empty_one() {
    assert_eq!(issue(&request().key_usage(&[])).key_usage(), None);
    let only = issue(&request().key_usage(&[Usage::NonRepudiation]));
    assert_eq!(
        only.key_usage(),
        Some([KeyUsage::NonRepudiation].as_slice())
    );
}

#[test]
fn a_ca_certificate_is_recognised_by_either_sign() {
    assert!(issue(&request().certification_authority(Some(0))).is_ca());
    assert!(issue(&request().certification_authority(None).key_usage(&[])).is_ca());
    assert!(issue(&request().key_usage(&[Usage::CertificateSigning])).is_ca());
}

#[test]
fn the_encryption_mark_at_the_end_of_the_name_is_seen() {
    let marked = |name: &str| {
        let subject = Subject::new().common_name(name);
        issue(&Request::new(subject, TestKey::P256.public_key_der())).is_marked_for_encryption()
    };
    assert!(marked("Nguyễn Văn A (M)"));
    assert!(marked("Nguyễn Văn A(M) "));
    assert!(!marked("Nguyễn Văn A"));
    assert!(!marked("(M) Nguyễn Văn A"));
}

#[test]
fn numbers_in_the_subject_are_found() {
    let subject = person()
        .uid("MST:0123456789")
        .organizational_unit("CCCD: 001099000001");
    let found = issue(&Request::new(subject, TestKey::P256.public_key_der())).identifiers();
    let found: Vec<(IdentifierKind, &str)> = found
        .iter()
        .map(|one| (one.kind, one.value.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (IdentifierKind::TaxCode, "0123456789"),
            (IdentifierKind::CitizenNumber, "001099000001")
        ]
    );
}

#[test]
fn certificates_are_equal_if_their_bytes_are() {
    assert_eq!(issue(&request()), issue(&request()));
    assert_ne!(issue(&request()), issue(&request().serial_number(&[7])));
}

#[test]
fn damage_is_named_by_field_and_offset() {
    let certificate = issue(&request());
    let layout = Layout::of(certificate.der()).unwrap();
    let break_at = |offset: usize| {
        let mut der = certificate.der().to_vec();
        // A tag that is none of those expected: an application tag.
        der[offset] = 0x41;
        Certificate::from_der(&der).unwrap_err()
    };
    let cases = [
        (layout.serial_number.offset, Field::SerialNumber),
        (
            layout.signature_algorithms[0].offset,
            Field::SignatureAlgorithm,
        ),
        (layout.issuer.offset, Field::Issuer),
        (layout.validity.offset, Field::Validity),
        (layout.subject.offset, Field::Subject),
        (layout.public_key.offset, Field::PublicKey),
        (layout.extensions_offset, Field::Extensions),
        (
            layout.signature_algorithms[1].offset,
            Field::SignatureAlgorithm,
        ),
    ];
    for (offset, field) in cases {
        assert_eq!(
            break_at(offset),
            CertificateError::Damaged { field, offset }
        );
    }
}

#[test]
fn damage_inside_a_field_is_named_too() {
    let certificate = issue(&request());
    let layout = Layout::of(certificate.der()).unwrap();
    let break_inside = |part: crate::layout::Part<'_>, place: usize| {
        let mut der = certificate.der().to_vec();
        der[part.offset + place] = 0x41;
        Certificate::from_der(&der).unwrap_err()
    };
    let cases = [
        (layout.issuer, Field::Issuer),
        (layout.validity, Field::Validity),
        (layout.subject, Field::Subject),
        (layout.public_key, Field::PublicKey),
    ];
    for (part, field) in cases {
        let header = part.tlv.len() - part.content().len();
        let expected = CertificateError::Damaged {
            field,
            offset: part.offset,
        };
        assert_eq!(break_inside(part, header), expected);
    }
}

#[test]
fn unreadable_basic_constraints_are_damage_and_not_a_leaf() {
    let certificate = issue(&request());
    let oid = [0x06, 0x03, 0x55, 0x1D, 0x13];
    let place = certificate
        .der()
        .windows(5)
        .position(|window| window == oid)
        .unwrap();
    let mut der = certificate.der().to_vec();
    // The OCTET STRING's content: an empty SEQUENCE becomes an empty OCTET STRING.
    let content = place + 10;
    assert_eq!(der[content..content + 2], [0x30, 0x00]);
    der[content] = 0x04;
    let problem = Certificate::from_der(&der).unwrap_err();
    assert!(matches!(
        problem,
        CertificateError::Damaged {
            field: Field::Extensions,
            ..
        }
    ));
}

#[test]
fn nothing_may_follow_and_nothing_may_be_missing() {
    let certificate = issue(&request());
    let length = certificate.der().len();
    let longer = [certificate.der(), b"\r\n"].concat();
    assert_eq!(
        Certificate::from_der(&longer),
        Err(CertificateError::TrailingBytes {
            count: 2,
            offset: length
        })
    );
    assert_eq!(
        Certificate::from_der(&certificate.der()[..length - 5]),
        Err(CertificateError::Truncated {
            expected: length,
            actual: length - 5
        })
    );
}

#[test]
fn debug_output_is_short() {
    let text = format!("{:?}", issue(&request()));
    assert!(
        text.contains("Nguyễn Thị Trình Diễn") && text.len() < 400,
        "{text}"
    );
}
