//! A certificate file in any container: what is taken was in it, and is taken again.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chungthu_certificate::{Certificate, CertificateFile, Container, FileError, SIZE_LIMIT};

/// # Panics
/// If a file is read that must not be, or something is said of it that is not so.
pub fn check(bytes: &[u8]) {
    match CertificateFile::read(bytes, SIZE_LIMIT) {
        Ok(file) => accepted(bytes, &file),
        Err(problem) => refused(bytes, &problem),
    }
    if let Some(limit) = bytes.len().checked_sub(1) {
        let too_large = CertificateFile::read(bytes, limit);
        assert!(matches!(too_large, Err(FileError::TooLarge { .. })));
    }
}

fn accepted(bytes: &[u8], file: &CertificateFile) {
    let certificates = file.certificates();
    assert!(!certificates.is_empty());
    assert_eq!(
        file.candidates().count() + file.issuers().count(),
        certificates.len()
    );
    for (index, certificate) in certificates.iter().enumerate() {
        let der = certificate.der();
        assert_eq!(Certificate::from_der(der).as_ref(), Ok(certificate));
        assert!(!certificates[..index].contains(certificate));
        match file.container() {
            Container::Der => assert!(holds(bytes, der)),
            Container::Pem | Container::Base64 => assert!(spells(bytes, der)),
            // a certificate in BER is written anew, and has other bytes then
            Container::Pkcs7 => assert!(holds(bytes, der) || holds(bytes, &[0x80])),
            Container::Pkcs7Pem | Container::Pkcs7Base64 => {}
        }
    }
    assert!(!has_private_key(bytes));
    // the same certificates, as other programs would hand them on
    let all: Vec<&[u8]> = certificates.iter().map(Certificate::der).collect();
    let blocks = certificates.iter().map(|one| {
        let text = STANDARD.encode(one.der());
        format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
    });
    let again = [
        (Container::Der, all.concat()),
        (Container::Pem, blocks.collect::<String>().into_bytes()),
        (
            Container::Base64,
            STANDARD.encode(all.concat()).into_bytes(),
        ),
    ];
    for (container, written) in again {
        match CertificateFile::read(&written, usize::MAX) {
            Ok(read) => {
                assert_eq!(read.certificates(), certificates);
                assert_eq!(read.container(), container);
            }
            // the words of a PEM frame, in a comment inside a certificate
            Err(FileError::HasPrivateKey { .. }) => assert!(has_private_key(&all.concat())),
            Err(other) => panic!("{container:?}: {other:?}"),
        }
    }
}

fn refused(bytes: &[u8], problem: &FileError) {
    // UTF-16 becomes half as long again at most
    let most = bytes.len() + bytes.len() / 2 + 3;
    match problem {
        FileError::Empty => assert!(bytes.iter().all(is_nothing)),
        FileError::TooLarge { size, limit } => assert!(size > limit && *size == bytes.len()),
        FileError::TrailingBytes { count, offset, .. } => {
            assert!(*count > 0 && count + offset <= most);
        }
        FileError::Damaged { offset, .. } | FileError::HasPrivateKey { offset, .. } => {
            assert!(*offset <= most);
        }
        FileError::NotACertificate { .. } | FileError::IsRequest { .. } => {}
    }
}

/// White space, and what byte order marks and UTF-16 add to it.
const fn is_nothing(octet: &u8) -> bool {
    octet.is_ascii_whitespace() || matches!(octet, 0 | 0xEF | 0xBB | 0xBF | 0xFF | 0xFE)
}

/// Whether the plainest sign of a private key is in a file that is no UTF-16.
fn has_private_key(bytes: &[u8]) -> bool {
    !bytes.starts_with(&[0xFF, 0xFE])
        && !bytes.starts_with(&[0xFE, 0xFF])
        && holds(bytes, b"-----BEGIN PRIVATE KEY-----")
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Whether the letters of a text, whatever stands between them, spell these bytes in base64. They may
/// begin anywhere in a group of four letters.
fn spells(text: &[u8], bytes: &[u8]) -> bool {
    let is_letter = |octet: &u8| octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/');
    let letters: Vec<u8> = text.iter().copied().filter(is_letter).collect();
    [(0, 0), (1, 2), (2, 3)]
        .into_iter()
        .any(|(before, shared)| {
            let whole = STANDARD.encode([&[0; 2][..before], bytes].concat());
            // the first and the last letters are shared with what stands beside
            let own = whole.len().saturating_sub(4);
            whole
                .as_bytes()
                .get(shared..own)
                .is_some_and(|own| own.is_empty() || holds(&letters, own))
        })
}
