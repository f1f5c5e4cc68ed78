//! The certificates of a `.p7b` come out byte for byte, whoever wrote it; other PKCS#7 is named.

use chungthu_issuer::{Pkcs7Form, Request, TestKey, certificates_only, signed_document};
use cms::cert::x509::der::{Decode as _, Encode as _};
use cms::content_info::ContentInfo;
use cms::signed_data::SignedData;

use super::*;
use crate::file::{CertificateFile, SIZE_LIMIT};
use crate::samples::{issue, person, request};

/// A subscriber's certificate and the authority's, the subscriber's not first when sorted.
fn certificates() -> [Certificate; 2] {
    let other = Request::new(person(), TestKey::Rsa2048B.public_key_der());
    [
        issue(&request()),
        issue(&other.certification_authority(None)),
    ]
}

fn file(form: Pkcs7Form) -> Vec<u8> {
    let [one, other] = certificates();
    certificates_only(&[one.der(), other.der()], form).unwrap()
}

fn read_file(bytes: &[u8]) -> Result<CertificateFile, FileError> {
    CertificateFile::read(bytes, SIZE_LIMIT)
}

fn what(bytes: &[u8]) -> Recognised {
    match read_file(bytes) {
        Err(FileError::NotACertificate { what }) => what,
        other => panic!("{other:?}"),
    }
}

#[test]
fn certificates_come_out_of_der_and_of_both_kinds_of_ber_as_they_were_issued() {
    for form in [Pkcs7Form::Der, Pkcs7Form::Ber, Pkcs7Form::BerThroughout] {
        let file = read_file(&file(form)).unwrap();
        assert_eq!(file.container(), Container::Pkcs7, "{form:?}");
        assert_eq!(file.certificates(), certificates(), "{form:?}");
    }
}

#[test]
fn a_file_under_any_label_is_read() {
    for label in ["PKCS7", "CMS", "CERTIFICATE"] {
        for form in [Pkcs7Form::Der, Pkcs7Form::Ber] {
            let block = pem::encode(&pem::Pem::new(label, file(form)));
            let file = read_file(block.as_bytes()).unwrap();
            assert_eq!(file.container(), Container::Pkcs7Pem, "{label}");
            assert_eq!(file.certificates(), certificates(), "{label}");
        }
    }
}

#[test]
fn another_library_reads_what_is_written_here() {
    let info = ContentInfo::from_der(&file(Pkcs7Form::Der)).unwrap();
    let signed: SignedData = info.content.decode_as().unwrap();
    let read = signed.certificates.unwrap();
    let mut read: Vec<Vec<u8>> = read.0.iter().map(|one| one.to_der().unwrap()).collect();
    let mut expected = certificates().map(|one| one.der().to_vec());
    // a set has no order, and that library sorts it
    read.sort();
    expected.sort();
    assert_eq!(read, expected);
}

#[test]
fn what_another_library_writes_is_read_here() {
    let path = certificates().map(|one| cms::cert::x509::Certificate::from_der(one.der()).unwrap());
    let info = ContentInfo::try_from(path.to_vec()).unwrap();
    let file = read_file(&info.to_der().unwrap()).unwrap();
    for certificate in certificates() {
        assert!(file.certificates().contains(&certificate));
    }
    assert_eq!(file.certificates().len(), 2);
}

#[test]
fn a_signed_document_is_named_and_its_certificate_not_taken() {
    let signer = issue(&request());
    let document = signed_document("Kính gửi".as_bytes(), signer.der()).unwrap();
    assert_eq!(what(&document), Recognised::SignedDocument);
    let detached = signed_document(b"", signer.der()).unwrap();
    assert_eq!(what(&detached), Recognised::SignedDocument);
}

#[test]
fn pkcs7_without_certificates_is_named() {
    let empty = certificates_only(&[], Pkcs7Form::Der).unwrap();
    assert_eq!(what(&empty), Recognised::Pkcs7);
    // data and enveloped data
    for kind in [1, 3] {
        let mut other = file(Pkcs7Form::Der);
        let place = other
            .windows(SIGNED_DATA.len())
            .position(|window| window == SIGNED_DATA)
            .unwrap();
        other[place + SIGNED_DATA.len() - 1] = kind;
        assert_eq!(what(&other), Recognised::Pkcs7);
    }
}

#[test]
fn a_file_that_is_cut_anywhere_is_never_taken() {
    let whole = file(Pkcs7Form::Der);
    let expected = whole.len();
    for actual in (30..expected).step_by(13) {
        let cut = &whole[..actual];
        assert_eq!(what(cut), Recognised::Truncated { expected, actual });
    }
    for form in [Pkcs7Form::Ber, Pkcs7Form::BerThroughout] {
        let whole = file(form);
        for end in (30..whole.len()).step_by(13) {
            assert_eq!(
                what(&whole[..end]),
                Recognised::Unfinished,
                "{form:?} {end}"
            );
        }
    }
}

#[test]
fn bytes_behind_it_are_refused_and_a_certificate_behind_it_is_one_more() {
    for form in [Pkcs7Form::Der, Pkcs7Form::Ber] {
        let whole = file(form);
        let longer = [whole.as_slice(), b"\r\n"].concat();
        let refusal = FileError::TrailingBytes {
            container: Container::Der,
            count: 2,
            offset: whole.len(),
        };
        assert_eq!(read_file(&longer), Err(refusal));
        let third = issue(&Request::new(person(), TestKey::P256.public_key_der()));
        let more = [whole.as_slice(), third.der()].concat();
        assert_eq!(read_file(&more).unwrap().certificates()[2], third);
    }
}

#[test]
fn a_damaged_certificate_is_told_with_its_place() {
    let mut bytes = file(Pkcs7Form::Der);
    let place = bytes
        .windows(3)
        .position(|window| window == [0x55, 0x04, 0x06])
        .unwrap()
        - 6;
    bytes[place] = 0x41;
    let Err(FileError::Damaged {
        container,
        field,
        offset,
    }) = read_file(&bytes)
    else {
        panic!()
    };
    assert_eq!((container, field), (Container::Pkcs7, Field::Issuer));
    assert!(offset < place && place - offset < 10, "{offset} {place}");
    // the structure around them
    let mut bytes = file(Pkcs7Form::Der);
    let place = bytes
        .windows(SIGNED_DATA.len())
        .position(|window| window == SIGNED_DATA)
        .unwrap();
    bytes[place + SIGNED_DATA.len()] = 0xA1;
    let Err(FileError::Damaged { field, .. }) = read_file(&bytes) else {
        panic!()
    };
    assert_eq!(field, Field::Pkcs7);
}
