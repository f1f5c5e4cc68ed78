//! Certificates are taken out of every container; everything else is refused by its right name.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use chungthu_issuer::{
    Generation, Pkcs7Form, Request, TestKey, certificates_only, signing_request,
};
use proptest::prelude::*;

use super::*;
use crate::samples::{issue, issue_as, person, request};

mod hostile;
mod refused;

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

/// The one certificate of a file that has just one.
fn only(bytes: impl AsRef<[u8]>) -> (Container, Certificate) {
    let bytes = bytes.as_ref();
    let file = read(bytes).unwrap_or_else(|problem| panic!("{problem}: {}", bytes.escape_ascii()));
    let [certificate] = file.certificates() else {
        panic!("{file:?}")
    };
    (file.container(), certificate.clone())
}

fn base64(bytes: &[u8], width: usize, line_end: &str) -> String {
    let body = pem("X", bytes);
    let letters: String = body.lines().filter(|line| !line.starts_with('-')).collect();
    let lines: Vec<&str> = letters
        .as_bytes()
        .chunks(width)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    lines.join(line_end)
}

/// UTF-16 with its mark, little and big, and both without.
fn utf16(text: &str) -> [Vec<u8>; 4] {
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    [
        [&[0xFF, 0xFE], little.as_slice()].concat(),
        [&[0xFE, 0xFF], big.as_slice()].concat(),
        little,
        big,
    ]
}

fn private_key(container: Container, offset: usize) -> FileError {
    FileError::HasPrivateKey {
        form: PrivateKeyForm::Bare,
        container,
        offset,
    }
}

#[test]
fn der_is_taken_as_it_is() {
    assert_eq!(only(der()), (Container::Der, issue(&request())));
}

#[test]
fn base64_without_a_frame_is_taken_wrapped_and_in_one_line() {
    let expected = (Container::Base64, issue(&request()));
    let der = der();
    for text in [
        base64(&der, usize::MAX, ""),
        base64(&der, 64, "\n"),
        base64(&der, 76, "\r\n"),
        base64(&der, 64, "\r"),
        format!("\r\n\r\n  {}\t\r\n\r\n", base64(&der, 60, "  \r\n\r\n  ")),
        format!("\u{FEFF}{}", base64(&der, 64, "\n")),
    ] {
        assert_eq!(only(&text), expected, "{text}");
    }
}

#[test]
fn every_text_is_read_in_utf_16_too() {
    let (der, certificate) = (der(), issue(&request()));
    let p7b = certificates_only(&[&der], Pkcs7Form::Der).unwrap();
    for (text, container) in [
        (
            pem("CERTIFICATE", &der).replace('\n', "\r\n"),
            Container::Pem,
        ),
        (base64(&der, 64, "\r\n"), Container::Base64),
        (base64(&der, usize::MAX, ""), Container::Base64),
        (pem("PKCS7", &p7b), Container::Pkcs7Pem),
        (base64(&p7b, 64, "\n"), Container::Pkcs7Base64),
    ] {
        for bytes in utf16(&text) {
            assert_eq!(only(&bytes), (container, certificate.clone()), "{text}");
        }
    }
    let [marked, big, ..] = utf16(&format!("Kính gửi\n{}", pem("CERTIFICATE", &der)));
    for bytes in [marked, big] {
        assert_eq!(only(&bytes).1, certificate);
    }
}

#[test]
fn what_is_no_certificate_is_recognised_in_utf_16_too() {
    let request = signing_request(TestKey::P256, "x").unwrap();
    for bytes in utf16("<!DOCTYPE html><html><body>404</body></html>") {
        assert_eq!(what(bytes), Recognised::Html);
    }
    for bytes in utf16(&base64(&request, 64, "\n")) {
        let refusal = FileError::IsRequest {
            container: Container::Base64,
        };
        assert_eq!(read(bytes), Err(refusal));
    }
    for bytes in utf16(&pem("RSA PRIVATE KEY", TestKey::Rsa2048A.pkcs8_der())) {
        assert_eq!(read(bytes), Err(private_key(Container::Pem, 0)));
    }
    for bytes in utf16(&base64(TestKey::Rsa2048A.pkcs8_der(), 64, "\n")) {
        assert_eq!(read(bytes), Err(private_key(Container::Base64, 0)));
    }
    assert_eq!(read(b"\xFF\xFE"), Err(FileError::Empty));
    assert_eq!(read(b"\xFF\xFE\x0D\0\x0A\0"), Err(FileError::Empty));
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
        assert_eq!(only(&variant), (Container::Pem, issue(&request())));
    }
}

#[test]
fn a_block_of_another_kind_beside_the_certificate_does_not_matter() {
    let request = signing_request(TestKey::P256, "Trình diễn").unwrap();
    let both = pem("CERTIFICATE REQUEST", &request) + &pem("CERTIFICATE", &der());
    assert_eq!(only(both).1.der(), der());
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
    let cases: [(&[u8], Recognised); 25] = [
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
        (b"7z\xBC\xAF\x27\x1C\x00\x04", Recognised::SevenZip),
        (b"\x1F\x8B\x08\x00", Recognised::Gzip),
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
            Recognised::Unfinished,
        ),
        (b"TUlJ", Recognised::Text),
    ];
    for (bytes, expected) in cases {
        assert_eq!(what(bytes), expected, "{}", String::from_utf8_lossy(bytes));
    }
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
    let text = base64(&der, 64, "\n");
    for letters in [text.len() - 101, text.len() - 102, text.len() - 103, 400] {
        let cut = &text[..letters];
        assert!(
            matches!(what(cut), Recognised::Truncated { expected: all, .. } if all == expected),
            "{letters}"
        );
    }
    // the second of two certificates is cut
    let both = [der.as_slice(), &der[..actual]].concat();
    assert_eq!(what(both), Recognised::Truncated { expected, actual });
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
fn several_certificates_are_one_bag_in_the_order_of_the_file() {
    let authority = issue(&request().certification_authority(None));
    let other = issue(&Request::new(person(), TestKey::Rsa2048B.public_key_der()));
    let leaf = issue(&request());
    // the leaf is in it twice
    let all = [&other, &leaf, &authority, &leaf].map(|one| one.der().to_vec());
    let blocks: Vec<String> = all.iter().map(|der| pem("CERTIFICATE", der)).collect();
    let wrapped = certificates_only(&all.each_ref().map(Vec::as_slice), Pkcs7Form::Der).unwrap();
    for (bytes, container) in [
        (all.concat(), Container::Der),
        (blocks.concat().into_bytes(), Container::Pem),
        (
            base64(&all.concat(), 64, "\r\n").into_bytes(),
            Container::Base64,
        ),
        (wrapped, Container::Pkcs7),
    ] {
        let file = read(bytes).unwrap();
        assert_eq!(file.container(), container);
        assert_eq!(
            file.certificates(),
            [other.clone(), leaf.clone(), authority.clone()]
        );
        assert_eq!(file.candidates().collect::<Vec<_>>(), [&other, &leaf]);
        assert_eq!(file.issuers().collect::<Vec<_>>(), [&authority]);
    }
}

#[test]
fn one_damaged_certificate_spoils_the_whole_file() {
    let (good, mut bad) = (der(), der());
    let place = bad
        .windows(3)
        .position(|window| window == [0x55, 0x04, 0x06])
        .unwrap()
        - 6;
    bad[place] = 0x41;
    for bytes in [
        [good.as_slice(), &bad].concat(),
        (pem("CERTIFICATE", &good) + &pem("CERTIFICATE", &bad)).into_bytes(),
        certificates_only(&[&good, &bad], Pkcs7Form::Der).unwrap(),
    ] {
        let Err(FileError::Damaged { field, .. }) = read(bytes) else {
            panic!()
        };
        assert_eq!(field, Field::Issuer);
    }
}

#[test]
fn an_authoritys_certificate_is_no_candidate() {
    let ca = issue(&request().certification_authority(None));
    let file = read(ca.der()).unwrap();
    assert_eq!(file.candidates().count(), 0);
    assert_eq!(file.issuers().collect::<Vec<_>>(), [&ca]);
}
