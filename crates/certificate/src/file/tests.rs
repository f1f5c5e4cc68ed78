//! One certificate is taken; everything else is refused by its right name.

use std::sync::LazyLock;

use chungthu_issuer::{Generation, TestKey, signing_request};
use proptest::prelude::*;

use super::*;
use crate::samples::{issue, issue_as, request};

fn der() -> Vec<u8> {
    issue(&request()).der().to_vec()
}

fn pem(label: &str, der: &[u8]) -> String {
    pem::encode_config(
        &pem::Pem::new(label, der),
        pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF),
    )
}

fn read(bytes: impl AsRef<[u8]>) -> Result<CertificateFile, FileError> {
    CertificateFile::read(bytes.as_ref(), SIZE_LIMIT)
}

fn what(bytes: impl AsRef<[u8]>) -> Recognised {
    match read(bytes) {
        Err(FileError::NotACertificate { what }) => what,
        other => panic!("{other:?}"),
    }
}

#[test]
fn der_is_taken_as_it_is() {
    let file = read(der()).unwrap();
    assert_eq!(file.container(), Container::Der);
    assert_eq!(file.certificate().der(), der());
    assert_eq!(file.into_end_entity().unwrap().der(), der());
}

#[test]
fn pem_is_taken_with_any_line_ends_byte_order_mark_and_text_around() {
    let plain = pem("CERTIFICATE", &der());
    let windows = plain.replace('\n', "\r\n");
    let variants = [
        plain.clone(),
        windows.clone(),
        plain.replace('\n', "\r"),
        plain.replace('\n', "\n\n"),
        format!("\u{FEFF}{windows}"),
        format!("\r\n  \r\nBag Attributes\r\n    friendlyName: chứng thư\r\n{windows}\r\n\r\n"),
        plain.replace("CERTIFICATE", "X509 CERTIFICATE"),
        plain.trim_end().to_owned(),
        plain.lines().map(|line| format!("  {line}  \n")).collect(),
    ];
    for variant in variants {
        let file = read(&variant).unwrap_or_else(|problem| panic!("{problem}: {variant}"));
        assert_eq!(
            (file.container(), file.certificate().der()),
            (Container::Pem, &*der())
        );
    }
}

#[test]
fn a_block_of_another_kind_beside_the_certificate_does_not_matter() {
    let request = signing_request(TestKey::P256, "Trình diễn").unwrap();
    let both = pem("CERTIFICATE REQUEST", &request) + &pem("CERTIFICATE", &der());
    assert_eq!(read(both).unwrap().into_certificate().der(), der());
}

#[test]
fn an_empty_file_is_empty() {
    for bytes in [
        b"".as_slice(),
        b" \r\n\t",
        b"\xEF\xBB\xBF",
        b"\xEF\xBB\xBF\r\n",
    ] {
        assert_eq!(read(bytes), Err(FileError::Empty));
    }
}

#[test]
fn a_file_over_the_limit_is_not_looked_at() {
    let expected = Err(FileError::TooLarge { size: 5, limit: 4 });
    assert_eq!(CertificateFile::read(b"12345", 4), expected);
    assert_ne!(CertificateFile::read(b"1234", 4), expected);
}

#[test]
fn other_files_are_recognised() {
    let cases: [(&[u8], Recognised); 22] = [
        (b"<!DOCTYPE html><html>", Recognised::Html),
        (b"\xEF\xBB\xBF\r\n<HTML><head>", Recognised::Html),
        (b"<?xml version=\"1.0\"?><html>", Recognised::Html),
        (b"PK\x03\x04....new.cer", Recognised::Zip),
        (
            b"PK\x03\x04....[Content_Types].xml",
            Recognised::OfficeDocument,
        ),
        (
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1....",
            Recognised::OfficeDocument,
        ),
        (b"{\\rtf1 ...}", Recognised::OfficeDocument),
        (b"Rar!\x1A\x07\x01\x00", Recognised::Rar),
        (b"%PDF-1.7\n", Recognised::Pdf),
        (b"\x89PNG\r\n\x1A\n", Recognised::Image),
        (b"\xFF\xD8\xFF\xE0", Recognised::Image),
        (b"BM\x46\x00\x00\x00\x00\x00\x00\x00\x36", Recognised::Image),
        (b"BMA and other letters", Recognised::Text),
        ("Kính gửi văn phòng".as_bytes(), Recognised::Text),
        (b"0123456789", Recognised::Text),
        (b"\xFF\xFEK\0", Recognised::Text),
        (b"\x00\x01\x02\x03", Recognised::Unknown),
        (b"\x30\x03\x02\x01\x05", Recognised::Unknown),
        (b"\x30\x82\x04", Recognised::Unknown),
        (b"\x30\x02\x05\x00 and more \x01", Recognised::Unknown),
        (b"\x30\x7F\x05\x00 and less \x01", Recognised::Unknown),
        (
            b"\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02\xA0\x80",
            Recognised::Pkcs7,
        ),
    ];
    for (bytes, expected) in cases {
        assert_eq!(what(bytes), expected, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn a_certificate_in_utf_16_is_text_and_not_a_crash() {
    let utf16: Vec<u8> = pem("CERTIFICATE", &der())
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(
        what([&[0xFF, 0xFE], utf16.as_slice()].concat()),
        Recognised::Text
    );
}

#[test]
fn a_cut_file_says_how_much_is_missing() {
    let der = der();
    let (expected, actual) = (der.len(), der.len() - 100);
    assert_eq!(
        what(&der[..actual]),
        Recognised::Truncated { expected, actual }
    );
    let block = pem("CERTIFICATE", &der[..actual]);
    assert_eq!(what(block), Recognised::Truncated { expected, actual });
}

#[test]
fn bytes_after_the_certificate_are_refused_and_counted() {
    let der = der();
    let longer = [der.as_slice(), b"\r\n"].concat();
    let refusal = |container| FileError::TrailingBytes {
        container,
        count: 2,
        offset: der.len(),
    };
    assert_eq!(read(&longer), Err(refusal(Container::Der)));
    assert_eq!(
        read(pem("CERTIFICATE", &longer)),
        Err(refusal(Container::Pem))
    );
}

#[test]
fn several_certificates_are_counted_in_both_containers() {
    let der = der();
    let refusal = |container| {
        Err(FileError::SeveralCertificates {
            container,
            count: 3,
        })
    };
    assert_eq!(read(der.repeat(3)), refusal(Container::Der));
    assert_eq!(
        read(pem("CERTIFICATE", &der).repeat(3)),
        refusal(Container::Pem)
    );
}

#[test]
fn a_ca_certificate_is_read_and_refused_at_the_gate() {
    let ca = issue(&request().certification_authority(None));
    let file = read(ca.der()).unwrap();
    assert_eq!(file.certificate(), &ca);
    let refusal = FileError::IsCaCertificate {
        subject: ca.subject().clone(),
    };
    assert_eq!(file.into_end_entity(), Err(refusal));
}

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
    let refusal = |container, offset| Err(FileError::HasPrivateKey { container, offset });
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
    // PKCS#1, SEC 1, encrypted PKCS#8, PKCS#12, PKCS#12 in BER.
    let forms: [&[u8]; 5] = [
        &[0x30, 0x82, 0x01, 0x00, 0x02, 0x01, 0x00, 0x02, 0x01, 0xC1],
        &[0x30, 0x81, 0x80, 0x02, 0x01, 0x01, 0x04, 0x20, 0xC1],
        &[0x30, 0x81, 0x80, 0x30, 0x02, 0x06, 0x00, 0x04, 0x20, 0xC1],
        &[0x30, 0x81, 0x80, 0x02, 0x01, 0x03, 0x30, 0x20, 0xC1],
        &[0x30, 0x80, 0x02, 0x01, 0x03, 0x30, 0x80, 0xC1],
    ];
    for form in forms {
        let refusal = FileError::HasPrivateKey {
            container: Container::Der,
            offset: 0,
        };
        assert_eq!(read(form), Err(refusal), "{form:02X?}");
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
    assert_eq!(what(pem("PKCS7", &[0x30, 0x00])), Recognised::Pkcs7);
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
    damaged(
        &(block.clone() + "-----BEGIN CERTIFICATE-----\nMII"),
        Field::PemFrame,
    );
}

/// Issued once: a signature for each case would take all the time.
static ORIGINALS: LazyLock<(Certificate, Certificate)> = LazyLock::new(|| {
    (
        issue_as(Generation::G1Like, &request().comment("x")),
        issue(&request()),
    )
});

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _result = read(&bytes);
        let _result = read([&[0x30, 0x82], bytes.as_slice()].concat());
        let _result = read([b"-----BEGIN CERTIFICATE-----\n", bytes.as_slice()].concat());
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "(-----(BEGIN|END) [A-Z0-9 ]{0,12}-----|[A-Za-z0-9+/=\\r\\n ]{0,80}){0,12}") {
        let _result = read(&text);
    }

    #[test]
    fn a_mutated_certificate_never_makes_anything_panic(
        places in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<proptest::sample::Index>(),
        g1 in any::<bool>(),
    ) {
        let certificate = if g1 { &ORIGINALS.0 } else { &ORIGINALS.1 };
        let mut der = certificate.der().to_vec();
        for (place, octet) in places {
            let place = place.index(der.len());
            der[place] = octet;
        }
        if let Ok(file) = read(&der) {
            let changed = file.certificate();
            let now = time::macros::datetime!(2026-11-23 00:00 UTC);
            prop_assert_eq!(changed.der(), der.as_slice());
            let _text = (changed.subject().to_rfc4514(), changed.issuer().to_rfc4514());
            let _facts = (changed.days_left(now), changed.identifiers(), changed.serial_number());
            let _generation = crate::ca_generation(changed);
            let _check = crate::check_issuer(changed, &[changed.clone(), certificate.clone()]);
            let _changes = crate::changed_fields(certificate, changed);
        }
        let _result = read(&der[..cut.index(der.len())]);
    }
}
