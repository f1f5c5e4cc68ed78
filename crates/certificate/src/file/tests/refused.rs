//! What is no certificate, and which part of one is damaged.

use super::*;

#[test]
fn a_request_is_recognised_whatever_its_label() {
    let request = signing_request(TestKey::Rsa2048A, "Trình diễn").unwrap();
    let refusal = |container| Err(FileError::IsRequest { container });
    assert_eq!(read(&request), refusal(Container::Der));
    for label in [
        "CERTIFICATE REQUEST",
        "NEW CERTIFICATE REQUEST",
        "CERTIFICATE",
    ] {
        assert_eq!(
            read(pem(label, &request)),
            refusal(Container::Pem),
            "{label}"
        );
    }
}

#[test]
fn a_private_key_is_refused_wherever_it_stands() {
    let key = TestKey::Rsa2048A.pkcs8_der();
    let refusal = |container, offset| Err(private_key(container, offset));
    assert_eq!(read(base64(key, 64, "\r\n")), refusal(Container::Base64, 0));
    // a PEM file as a mail attachment is in base64 once more
    let twice = base64(pem("PRIVATE KEY", key).as_bytes(), 76, "\r\n");
    assert_eq!(read(twice), refusal(Container::Pem, 0));
    assert_eq!(read(key), refusal(Container::Der, 0));
    assert_eq!(read(TestKey::P256.pkcs8_der()), refusal(Container::Der, 0));
    for label in [
        "PRIVATE KEY",
        "RSA PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY",
        "OPENSSH PRIVATE KEY",
    ] {
        let certificate = pem("CERTIFICATE", &der());
        let both = certificate.clone() + &pem(label, key);
        assert_eq!(
            read(both),
            refusal(Container::Pem, certificate.len()),
            "{label}"
        );
    }
    let behind = [der().as_slice(), key].concat();
    assert_eq!(read(behind), refusal(Container::Der, der().len()));
    let behind = [der().as_slice(), pem("PRIVATE KEY", key).as_bytes()].concat();
    assert_eq!(read(behind), refusal(Container::Pem, der().len()));
    assert_eq!(
        read(pem("PKCS12", key) + &pem("CERTIFICATE", &der())),
        refusal(Container::Pem, 0)
    );
    assert_eq!(
        read("-----BEGIN PRIVATE KEY"),
        refusal(Container::Pem, 0),
        "without an end"
    );
}

#[test]
fn other_forms_of_private_keys_are_recognised_by_their_outline() {
    let (bare, store) = (PrivateKeyForm::Bare, PrivateKeyForm::Store);
    // PKCS#1, SEC 1, encrypted PKCS#8, PKCS#12, PKCS#12 in BER, two stores of Java's.
    let forms: [(PrivateKeyForm, &[u8]); 7] = [
        (
            bare,
            &[0x30, 0x82, 0x01, 0x00, 0x02, 0x01, 0x00, 0x02, 0x01, 0xC1],
        ),
        (
            bare,
            &[0x30, 0x81, 0x80, 0x02, 0x01, 0x01, 0x04, 0x20, 0xC1],
        ),
        (
            bare,
            &[0x30, 0x81, 0x80, 0x30, 0x02, 0x06, 0x00, 0x04, 0x20, 0xC1],
        ),
        (
            store,
            &[0x30, 0x81, 0x80, 0x02, 0x01, 0x03, 0x30, 0x20, 0xC1],
        ),
        (store, &[0x30, 0x80, 0x02, 0x01, 0x03, 0x30, 0x80, 0xC1]),
        (store, &[0xFE, 0xED, 0xFE, 0xED, 0x00, 0x00, 0x00, 0x02]),
        (store, &[0xCE, 0xCE, 0xCE, 0xCE, 0x00, 0x00, 0x00, 0x02]),
    ];
    for (form, bytes) in forms {
        let refusal = FileError::HasPrivateKey {
            form,
            container: Container::Der,
            offset: 0,
        };
        assert_eq!(read(bytes), Err(refusal), "{bytes:02X?}");
    }
}

#[test]
fn a_public_key_and_a_list_of_revoked_certificates_are_named() {
    assert_eq!(
        what(TestKey::Rsa3072.public_key_der()),
        Recognised::PublicKey
    );
    assert_eq!(
        what(pem("PUBLIC KEY", TestKey::P256.public_key_der())),
        Recognised::PublicKey
    );
    // SEQUENCE { SEQUENCE { INTEGER 1, SEQUENCE {}, SEQUENCE {}, UTCTime … } … }, cut.
    let crl: [u8; 17] = [
        0x30, 0x81, 0x80, 0x30, 0x0C, 0x02, 0x01, 0x01, 0x30, 0x00, 0x30, 0x00, 0x17, 0x03, 0x32,
        0x36, 0xC1,
    ];
    assert_eq!(what(crl), Recognised::Crl);
    assert_eq!(what(pem("X509 CRL", &crl)), Recognised::Crl);
    assert_eq!(what(pem("PKCS7", &[0x30, 0x00])), Recognised::Unknown);
    assert_eq!(what(pem("SOMETHING", &[0x30, 0x00])), Recognised::Unknown);
}

#[test]
fn a_damaged_field_is_named_with_its_offset_in_both_containers() {
    let mut der = der();
    let place = der
        .windows(3)
        .position(|window| window == [0x55, 0x04, 0x06])
        .unwrap()
        - 6;
    der[place] = 0x41;
    for (container, bytes) in [
        (Container::Der, der.clone()),
        (Container::Pem, pem("CERTIFICATE", &der).into_bytes()),
    ] {
        let Err(FileError::Damaged {
            container: said,
            field,
            offset,
        }) = read(bytes)
        else {
            panic!()
        };
        assert_eq!((said, field), (container, Field::Issuer));
        assert!(offset < place && place - offset < 10);
    }
}

#[test]
fn a_damaged_pem_block_is_told_from_a_damaged_certificate() {
    let block = pem("CERTIFICATE", &der());
    let damaged = |text: &str, expected| {
        let Err(FileError::Damaged {
            container,
            field,
            offset,
        }) = read(text)
        else {
            panic!("{:?}", read(text))
        };
        assert_eq!(
            (container, field, offset),
            (Container::Pem, expected, 0),
            "{text}"
        );
    };
    damaged(block.split("-----END").next().unwrap(), Field::PemFrame);
    damaged(
        &block.replace("END CERTIFICATE", "END CERT"),
        Field::PemFrame,
    );
    damaged(&block.replacen("MII", "MI!", 1), Field::PemText);
    damaged(&pem("CERTIFICATE", &[]), Field::PemText);
    damaged(
        &(block.clone() + "-----BEGIN CERTIFICATE-----\nMII"),
        Field::PemFrame,
    );
}
