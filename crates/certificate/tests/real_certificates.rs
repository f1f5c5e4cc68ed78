//! The published CA certificates and sample leaves, read where a folder of them is at hand.
//!
//! `CHUNGTHU_CERTIFICATES` names the folder, with `ca` and `leaf` in it. Real certificates are not part
//! of the repository; without the variable these tests say loudly that they have tested nothing.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of these tests may fail them"
)]

use std::path::{Path, PathBuf};

use chungthu_certificate::{
    Certificate, CertificateFile, Container, Generation, IssuerCheck, KNOWN_AUTHORITIES,
    SIZE_LIMIT, ca_generation, check_issuer, known_authority,
};
use chungthu_issuer::{Pkcs7Form, certificates_only};

/// The folder, or `None` with a note that cannot be overlooked in the output.
#[expect(
    clippy::disallowed_methods,
    reason = "a test's own switch, read nowhere else"
)]
#[expect(clippy::print_stderr, reason = "a test that tests nothing must say so")]
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("CHUNGTHU_CERTIFICATES").map(PathBuf::from);
    if folder.is_none() {
        eprintln!(
            "\n*** NOT TESTED: the real certificates. Set CHUNGTHU_CERTIFICATES to a folder with \
             `ca` and `leaf`. ***\n"
        );
    }
    folder
}

fn read_all(folder: &Path) -> Vec<CertificateFile> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let files = paths.iter().map(|path| {
        let bytes = std::fs::read(path).unwrap();
        CertificateFile::read(&bytes, SIZE_LIMIT)
            .unwrap_or_else(|problem| panic!("{}: {problem}", path.display()))
    });
    files.collect()
}

fn certificates(folder: &Path) -> Vec<Certificate> {
    let files = read_all(folder);
    files
        .iter()
        .flat_map(CertificateFile::certificates)
        .cloned()
        .collect()
}

#[test]
fn every_published_ca_file_is_read_as_der_or_pem_and_refused_as_a_leaf() {
    let Some(folder) = folder() else { return };
    let files = read_all(&folder.join("ca"));
    assert!(files.len() >= 18, "all files of the folder");
    for container in [Container::Der, Container::Pem] {
        assert!(
            files.iter().any(|file| file.container() == container),
            "{container:?}"
        );
    }
    for file in files {
        let [certificate] = file.certificates() else {
            panic!("{file:?}")
        };
        assert!(certificate.is_ca(), "{}", certificate.subject());
        assert_eq!(certificate.unreadable_extensions(), [""; 0]);
        assert_eq!(file.candidates().count(), 0);
    }
}

#[test]
fn every_published_certificate_comes_out_of_every_container_as_it_was() {
    let Some(folder) = folder() else { return };
    let mut all = certificates(&folder.join("ca"));
    all.extend(certificates(&folder.join("leaf")));
    for certificate in &all {
        for (container, bytes) in in_every_container(&[certificate.der()]) {
            let file = CertificateFile::read(&bytes, SIZE_LIMIT).unwrap();
            assert_eq!(file.container(), container);
            assert_eq!(file.certificates(), std::slice::from_ref(certificate));
        }
    }
    // a few are published twice
    let mut once: Vec<Certificate> = Vec::new();
    for certificate in &all {
        if !once.contains(certificate) {
            once.push(certificate.clone());
        }
    }
    let ders: Vec<&[u8]> = all.iter().map(Certificate::der).collect();
    for (container, bytes) in in_every_container(&ders) {
        let file = CertificateFile::read(&bytes, SIZE_LIMIT).unwrap();
        assert_eq!(file.container(), container);
        assert_eq!(file.certificates(), once, "{container:?}");
    }
}

/// These certificates in each kind of container that there is.
fn in_every_container(ders: &[&[u8]]) -> Vec<(Container, Vec<u8>)> {
    let pem = |label: &str, der: &[u8]| pem::encode(&pem::Pem::new(label, der));
    let base64 = |der: &[u8]| {
        let block = pem("X", der);
        let lines: Vec<&str> = block
            .lines()
            .filter(|line| !line.starts_with('-'))
            .collect();
        lines.join("\r\n")
    };
    let utf16 = |text: &str| -> Vec<u8> {
        let text = format!("\u{FEFF}{text}");
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    };
    let blocks: String = ders.iter().map(|der| pem("CERTIFICATE", der)).collect();
    let [p7b, ber, loose] = [Pkcs7Form::Der, Pkcs7Form::Ber, Pkcs7Form::BerThroughout]
        .map(|form| certificates_only(ders, form).unwrap());
    vec![
        (Container::Der, ders.concat()),
        (Container::Pem, utf16(&blocks)),
        (Container::Pem, blocks.into_bytes()),
        (Container::Base64, utf16(&base64(&ders.concat()))),
        (Container::Base64, base64(&ders.concat()).into_bytes()),
        (Container::Pkcs7Pem, pem("PKCS7", &p7b).into_bytes()),
        (Container::Pkcs7Pem, pem("CERTIFICATE", &ber).into_bytes()),
        (Container::Pkcs7Base64, base64(&p7b).into_bytes()),
        (Container::Pkcs7, p7b),
        (Container::Pkcs7, ber),
        (Container::Pkcs7, loose),
    ]
}

#[test]
fn the_table_of_known_authorities_agrees_with_the_files() {
    let Some(folder) = folder() else { return };
    let authorities = certificates(&folder.join("ca"));
    for known in &KNOWN_AUTHORITIES {
        let certificate = authorities
            .iter()
            .find(|certificate| *certificate.sha256_bytes() == known.sha256)
            .unwrap_or_else(|| panic!("no file of {}", known.common_name));
        assert_eq!(known_authority(certificate), Some(known));
        assert_eq!(certificate.subject().common_name(), Some(known.common_name));
        assert_eq!(
            certificate.subject().organization(),
            Some(known.organization)
        );
        assert_eq!(
            certificate.subject_key_identifier(),
            Some(known.key_identifier.as_slice())
        );
        assert_eq!(ca_generation(certificate), Some(known.generation));
        assert_eq!(certificate.subject() == certificate.issuer(), known.is_root);
    }
}

#[test]
fn every_known_authority_is_verified_up_to_a_pinned_root() {
    let Some(folder) = folder() else { return };
    let authorities = certificates(&folder.join("ca"));
    for certificate in authorities
        .iter()
        .filter(|one| known_authority(one).is_some())
    {
        let IssuerCheck::Verified { by, pinned } = check_issuer(certificate, &authorities) else {
            panic!("{}", certificate.subject());
        };
        assert!(
            pinned && known_authority(&by).unwrap().is_root,
            "{}",
            certificate.subject()
        );
    }
}

#[test]
fn the_sample_leaves_verify_against_their_ca_files() {
    let Some(folder) = folder() else { return };
    let authorities = certificates(&folder.join("ca"));
    let leaves = certificates(&folder.join("leaf"));
    let expected = [
        (
            "06E985F0ED0364872A49AD8DD7A0537731631F393E4FC195ACCAA0685568D1ED",
            "CA phục vụ các cơ quan Nhà nước G2",
            Generation::G2,
            "2A05F812673607B0",
            3072,
        ),
        (
            "32FB1AECA2779BD26D83A7CDCC773815FA0B0E86F78648A3065200A6F4608183",
            "CA phục vụ các cơ quan Nhà nước G2",
            Generation::G2,
            "75580955FC81D6A7",
            2048,
        ),
        (
            "0CA95396A96B085FFF85F8F7414694875BD737908477C40565D7EE0C63255761",
            "Co quan chung thuc so Chinh phu",
            Generation::G1,
            "2EF11D",
            2048,
        ),
    ];
    for (fingerprint, authority, generation, serial_number, bits) in expected {
        let leaf = leaves
            .iter()
            .find(|leaf| leaf.sha256() == fingerprint)
            .unwrap();
        let IssuerCheck::Verified { by, pinned } = check_issuer(leaf, &authorities) else {
            panic!("{}", leaf.subject());
        };
        assert!(pinned);
        assert_eq!(by.subject().common_name(), Some(authority));
        assert_eq!(ca_generation(leaf), Some(generation));
        assert_eq!(leaf.serial_number(), serial_number);
        assert_eq!(leaf.public_key().bits(), Some(bits));
        assert!(!leaf.is_ca());
        assert_eq!(leaf.emails().len(), 1);
        assert_eq!(leaf.ocsp_urls().len(), 1);
        assert!(!leaf.crl_urls().is_empty() && !leaf.ca_issuers_urls().is_empty());
        assert_eq!(leaf.unreadable_extensions(), [""; 0]);
    }
}

#[test]
fn a_sample_leaf_with_one_bit_flipped_is_never_verified() {
    let Some(folder) = folder() else { return };
    let authorities = certificates(&folder.join("ca"));
    for leaf in certificates(&folder.join("leaf")) {
        for place in (0..leaf.der().len()).step_by(7) {
            let mut der = leaf.der().to_vec();
            *der.get_mut(place).unwrap() ^= 0x04;
            let Ok(changed) = Certificate::from_der(&der) else {
                continue;
            };
            let check = check_issuer(&changed, &authorities);
            assert!(
                !matches!(check, IssuerCheck::Verified { .. }),
                "byte {place}: {check:?}"
            );
        }
    }
}
