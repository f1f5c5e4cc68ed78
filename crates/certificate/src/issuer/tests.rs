//! Who counts as an issuer, and what a failing signature may be taken for.

use chungthu_issuer::{Authority, Generation as Like, KeyUsage as Usage, Request, TestKey};

use super::*;
use crate::samples::{issue, issue_as, read, request};

fn authority(generation: Like) -> Certificate {
    read(Authority::new(generation).unwrap().certificate())
}

fn root(generation: Like) -> Certificate {
    read(Authority::new(generation).unwrap().root_certificate())
}

#[test]
fn a_genuine_certificate_is_verified_in_both_generations() {
    for generation in [Like::G1Like, Like::G2Like] {
        let certificate = issue_as(generation, &request());
        let candidates = [
            authority(Like::G1Like),
            root(generation),
            authority(Like::G2Like),
        ];
        let expected = IssuerCheck::Verified {
            by: authority(generation),
            pinned: false,
        };
        assert_eq!(check_issuer(&certificate, &candidates), expected);
    }
}

#[test]
fn a_ca_and_its_root_are_verified_in_the_same_way() {
    let (ca, root) = (authority(Like::G2Like), root(Like::G2Like));
    let expected = IssuerCheck::Verified {
        by: root.clone(),
        pinned: false,
    };
    assert_eq!(check_issuer(&ca, std::slice::from_ref(&root)), expected);
    assert_eq!(
        check_issuer(&root, std::slice::from_ref(&root)),
        expected,
        "signed by itself"
    );
}

#[test]
fn without_the_issuer_at_hand_nothing_is_known() {
    let certificate = issue(&request());
    assert_eq!(check_issuer(&certificate, &[]), IssuerCheck::Unknown);
    let others = [
        root(Like::G2Like),
        authority(Like::G1Like),
        certificate.clone(),
    ];
    assert_eq!(check_issuer(&certificate, &others), IssuerCheck::Unknown);
}

#[test]
fn a_changed_signature_is_bad() {
    let certificate = issue(&request().tamper());
    let by = authority(Like::G2Like);
    let expected = IssuerCheck::BadSignature { by: by.clone() };
    assert_eq!(check_issuer(&certificate, &[by]), expected);
}

#[test]
fn a_changed_subject_is_bad() {
    let certificate = issue(&request());
    let mut der = certificate.der().to_vec();
    let place = der.windows(4).position(|window| window == b"Nguy").unwrap();
    der[place] = b'M';
    let expected = IssuerCheck::BadSignature {
        by: authority(Like::G2Like),
    };
    assert_eq!(
        check_issuer(&read(&der), &[authority(Like::G2Like)]),
        expected
    );
}

#[test]
fn a_ca_of_the_same_name_with_another_key_is_not_the_issuer() {
    let namesake = read(Authority::namesake(Like::G2Like).unwrap().certificate());
    let certificate = issue(&request());
    assert_eq!(namesake.subject(), certificate.issuer());
    assert_eq!(
        check_issuer(&certificate, std::slice::from_ref(&namesake)),
        IssuerCheck::Unknown
    );
    let both = [namesake, authority(Like::G2Like)];
    let expected = IssuerCheck::Verified {
        by: authority(Like::G2Like),
        pinned: false,
    };
    assert_eq!(check_issuer(&certificate, &both), expected);
}

#[test]
fn a_forged_ca_with_name_and_key_identifier_does_not_spoil_a_genuine_certificate() {
    let forger = read(Authority::forger(Like::G2Like).unwrap().certificate());
    let certificate = issue(&request());
    let alone = IssuerCheck::BadSignature { by: forger.clone() };
    assert_eq!(
        check_issuer(&certificate, std::slice::from_ref(&forger)),
        alone
    );
    let expected = IssuerCheck::Verified {
        by: authority(Like::G2Like),
        pinned: false,
    };
    let both = [forger, authority(Like::G2Like)];
    assert_eq!(check_issuer(&certificate, &both), expected);
}

#[test]
fn a_forged_certificate_is_bad_by_the_genuine_ca_and_never_pinned_by_the_forged_one() {
    let forger = Authority::forger(Like::G2Like).unwrap();
    let forged = read(&forger.issue(&request()).unwrap());
    let genuine = authority(Like::G2Like);
    let expected = IssuerCheck::BadSignature {
        by: genuine.clone(),
    };
    assert_eq!(check_issuer(&forged, &[genuine]), expected);
    let forger = read(forger.certificate());
    let expected = IssuerCheck::Verified {
        by: forger.clone(),
        pinned: false,
    };
    assert_eq!(check_issuer(&forged, &[forger]), expected);
}

#[test]
fn a_leaf_that_bears_the_name_of_the_ca_is_no_issuer() {
    // A leaf whose subject is the issuing CA's, byte for byte: same attributes, same forms.
    let name = chungthu_issuer::Subject::new()
        .country("VN")
        .organization("Cơ quan trình diễn")
        .common_name("Cơ quan chứng thực số trình diễn G2");
    let ask =
        || Request::new(name.clone(), TestKey::Rsa2048B.public_key_der()).without_key_identifiers();
    let certificate = issue(&request());
    for pretender in [
        ask(),
        ask().key_usage(&[Usage::CertificateSigning]),
        ask()
            .certification_authority(None)
            .key_usage(&[Usage::DigitalSignature]),
    ] {
        let pretender = issue(&pretender);
        assert_eq!(pretender.subject(), certificate.issuer());
        assert_eq!(
            check_issuer(&certificate, &[pretender]),
            IssuerCheck::Unknown
        );
    }
    let ca = issue(&ask().certification_authority(None));
    let expected = IssuerCheck::BadSignature { by: ca.clone() };
    assert_eq!(
        check_issuer(&certificate, &[ca]),
        expected,
        "now it may sign, and did not"
    );
}

#[test]
fn without_key_identifiers_the_name_decides() {
    let certificate = issue(&request().without_key_identifiers());
    let by = authority(Like::G2Like);
    let expected = IssuerCheck::Verified {
        by: by.clone(),
        pinned: false,
    };
    assert_eq!(check_issuer(&certificate, &[by]), expected);
}

#[test]
fn disagreeing_algorithm_fields_are_a_bad_signature() {
    let certificate = issue(&request());
    // The first of the two algorithm fields, sha256WithRSAEncryption, becomes sha384.
    let oid = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B];
    let mut der = certificate.der().to_vec();
    let place = der
        .windows(oid.len())
        .position(|window| window == oid)
        .unwrap();
    der[place + 8] = 0x0C;
    let expected = IssuerCheck::BadSignature {
        by: authority(Like::G2Like),
    };
    assert_eq!(
        check_issuer(&read(&der), &[authority(Like::G2Like)]),
        expected
    );
}

#[test]
fn an_algorithm_that_cannot_be_verified_is_unknown_and_not_bad() {
    let certificate = issue(&request());
    // Both algorithm fields become md5WithRSAEncryption.
    let oid = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B];
    let mut der = certificate.der().to_vec();
    let places: Vec<usize> = (0..der.len() - oid.len())
        .filter(|place| der[*place..].starts_with(&oid))
        .collect();
    assert_eq!(places.len(), 2);
    for place in places {
        der[place + 8] = 0x04;
    }
    assert_eq!(
        check_issuer(&read(&der), &[authority(Like::G2Like)]),
        IssuerCheck::Unknown
    );
}

#[test]
fn the_demonstration_claims_no_generation_of_the_real_ca() {
    assert_eq!(ca_generation(&issue(&request())), None);
    assert_eq!(known_authority(&authority(Like::G2Like)), None);
}

#[test]
fn the_table_has_two_roots_and_no_entry_twice() {
    assert_eq!(
        KNOWN_AUTHORITIES
            .iter()
            .filter(|known| known.is_root)
            .count(),
        2
    );
    for (place, one) in KNOWN_AUTHORITIES.iter().enumerate() {
        for other in &KNOWN_AUTHORITIES[..place] {
            assert_ne!(one.sha256, other.sha256);
            assert_ne!(one.key_identifier, other.key_identifier);
        }
    }
}

#[test]
fn names_that_differ_in_form_only_are_the_same_text() {
    assert!(same_text(Some("Co\u{031B} quan"), "Cơ quan"));
    assert!(!same_text(Some("Co quan"), "Cơ quan"));
    assert!(!same_text(None, ""));
}
