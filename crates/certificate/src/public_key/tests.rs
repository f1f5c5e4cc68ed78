//! Keys are matched by their numbers, and signatures are verified only where that is possible.

use chungthu_issuer::TestKey;

use super::*;

fn key(test_key: TestKey) -> PublicKey {
    PublicKey::from_der(test_key.public_key_der()).unwrap()
}

/// DER lengths below 65,536 are enough for these keys.
fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    let mut out = match length {
        [0, short @ 0..=0x7F] => vec![tag, short],
        [0, one] => vec![tag, 0x81, one],
        [high, low] => vec![tag, 0x82, high, low],
    };
    out.extend_from_slice(content);
    out
}

fn rsa(modulus: &[u8], exponent: &[u8]) -> PublicKey {
    let numbers = [tlv(0x02, modulus), tlv(0x02, exponent)].concat();
    let bits = [vec![0], tlv(0x30, &numbers)].concat();
    let algorithm = tlv(
        0x30,
        &[
            0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
        ],
    );
    PublicKey::from_der(&tlv(0x30, &[algorithm, tlv(0x03, &bits)].concat())).unwrap()
}

#[test]
fn every_test_key_is_read_with_its_size() {
    let sizes: Vec<Option<usize>> = TestKey::ALL
        .iter()
        .map(|test_key| key(*test_key).bits())
        .collect();
    assert_eq!(
        sizes,
        [Some(2048), Some(2048), Some(3072), Some(256), Some(384)]
    );
}

#[test]
fn a_key_object_shows_the_key_by_its_numbers_and_need_not_show_the_exponent() {
    let public_key = key(TestKey::Rsa2048A);
    let KeyType::Rsa {
        modulus, exponent, ..
    } = public_key.key_type()
    else {
        panic!()
    };
    assert_eq!(modulus.len(), 256, "no leading zero");
    let object = |exponent: Option<&[u8]>| PublicKeyValue::Rsa {
        modulus: modulus.clone(),
        exponent: exponent.map(<[u8]>::to_vec),
    };
    assert!(public_key.is_shown_as(&object(Some(exponent))));
    assert!(public_key.is_shown_as(&object(None)));
    assert!(!public_key.is_shown_as(&object(Some(&[3]))));
    assert!(!key(TestKey::Rsa2048B).is_shown_as(&object(None)));
    assert!(!key(TestKey::P256).is_shown_as(&object(None)));
}

#[test]
fn a_key_object_shows_the_key_by_its_point() {
    let public_key = key(TestKey::P256);
    let KeyType::Ec { point, curve } = public_key.key_type() else {
        panic!()
    };
    assert_eq!((curve, point.len()), (&Curve::P256, 65));
    let object = PublicKeyValue::Ec {
        point: point.clone(),
    };
    assert!(public_key.is_shown_as(&object));
    assert!(!key(TestKey::P384).is_shown_as(&object));
    assert!(!key(TestKey::Rsa3072).is_shown_as(&object));
}

#[test]
fn the_same_numbers_are_the_same_key_whatever_the_encoding_around_them() {
    let public_key = key(TestKey::Rsa2048A);
    let KeyType::Rsa { modulus, .. } = public_key.key_type() else {
        panic!()
    };
    let signed = [&[0], modulus.as_slice()].concat();
    let rebuilt = rsa(&signed, &[1, 0, 1]);
    assert!(public_key.is_same_key(&rebuilt));
    assert!(!public_key.is_same_key(&key(TestKey::Rsa2048B)));
    assert!(!public_key.is_same_key(&key(TestKey::P256)));
    assert!(!key(TestKey::P256).is_same_key(&key(TestKey::P384)));
}

#[test]
fn a_signature_of_the_key_verifies_and_any_other_is_wrong() {
    for test_key in TestKey::ALL {
        let public_key = key(test_key);
        let scheme = public_key.scheme().unwrap();
        let signature = test_key.sign(b"challenge").unwrap();
        assert_eq!(
            public_key.verify_signature(scheme, b"challenge", &signature),
            Ok(())
        );
        let wrong = Err(VerifyError::Wrong);
        assert_eq!(
            public_key.verify_signature(scheme, b"Challenge", &signature),
            wrong
        );
        let mut changed = signature.clone();
        changed[17] ^= 1;
        assert_eq!(
            public_key.verify_signature(scheme, b"challenge", &changed),
            wrong
        );
        assert_eq!(
            public_key.verify_signature(scheme, b"challenge", &[]),
            wrong
        );
    }
    let signature = TestKey::Rsa2048B.sign(b"challenge").unwrap();
    assert_eq!(
        key(TestKey::Rsa2048A).verify_signature(
            SignatureScheme::RsaPkcs1Sha256,
            b"challenge",
            &signature
        ),
        Err(VerifyError::Wrong)
    );
}

#[test]
fn a_scheme_of_another_type_of_key_is_not_a_wrong_signature() {
    let scheme = SignatureScheme::EcdsaP384Sha384;
    for test_key in [TestKey::Rsa2048A, TestKey::P256] {
        assert_eq!(
            key(test_key).verify_signature(scheme, b"challenge", &[0; 96]),
            Err(VerifyError::OtherKeyType { scheme })
        );
    }
}

#[test]
fn an_rsa_key_out_of_bounds_is_unsupported_and_has_no_scheme() {
    let modulus = |octets: usize| {
        let mut modulus = vec![0xC1; octets + 1];
        modulus[0] = 0;
        modulus
    };
    let large_exponent = [0x02, 0x00, 0x00, 0x00, 0x01];
    let longer_exponent = [0x01; 9];
    let cases: [(usize, &[u8]); 6] = [
        (128, &[1, 0, 1]),
        (1025, &[1, 0, 1]),
        (256, &[1]),
        (256, &[2]),
        (256, &large_exponent),
        (256, &longer_exponent),
    ];
    for (octets, exponent) in cases {
        let public_key = rsa(&modulus(octets), exponent);
        assert_eq!(
            public_key.scheme(),
            None,
            "{octets} octets, exponent {exponent:?}"
        );
        let bits = octets * 8;
        assert_eq!(
            public_key.verify_signature(SignatureScheme::RsaPkcs1Sha256, b"", &[]),
            Err(VerifyError::UnsupportedRsaKey { bits })
        );
    }
    assert!(rsa(&modulus(1024), &[3]).scheme().is_some());
}

#[test]
fn bytes_around_or_inside_a_key_that_do_not_belong_there_are_refused() {
    let der = TestKey::Rsa2048A.public_key_der();
    assert_eq!(
        PublicKey::from_der(&[der, &[0]].concat()),
        Err(PublicKeyError)
    );
    assert_eq!(
        PublicKey::from_der(&der[..der.len() - 1]),
        Err(PublicKeyError)
    );
    assert_eq!(PublicKey::from_der(&[]), Err(PublicKeyError));
    assert_eq!(PublicKey::from_der(b"0123456789"), Err(PublicKeyError));
}

#[test]
fn an_unknown_curve_and_an_unknown_algorithm_are_named() {
    let unknown_curve = tlv(
        0x30,
        &[
            tlv(
                0x30,
                &[
                    0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x05, 0x2B, 0x81,
                    0x04, 0x00, 0x0A,
                ],
            ),
            tlv(0x03, &[0, 4, 1, 2]),
        ]
        .concat(),
    );
    let public_key = PublicKey::from_der(&unknown_curve).unwrap();
    let KeyType::Ec { curve, .. } = public_key.key_type() else {
        panic!()
    };
    assert_eq!(*curve, Curve::Other("1.3.132.0.10".to_owned()));
    assert_eq!((public_key.scheme(), public_key.bits()), (None, None));

    let ed25519 = tlv(
        0x30,
        &[
            tlv(0x30, &[0x06, 0x03, 0x2B, 0x65, 0x70]),
            tlv(0x03, &[0; 33]),
        ]
        .concat(),
    );
    let public_key = PublicKey::from_der(&ed25519).unwrap();
    let expected = KeyType::Other {
        algorithm: "1.3.101.112".to_owned(),
    };
    assert_eq!(*public_key.key_type(), expected);
    assert!(public_key.is_same_key(&public_key.clone()));
}
