//! Every container that an office gets a certificate in is installed; every other file is refused by its
//! name before any driver is loaded.

use chungthu_issuer::{Pkcs7Form, TestKey, certificates_only, signed_document};
use chungthu_test_support::{
    Driver, Office, Outcome, PIN, Paper, authority_certificate, issue, signing_request,
};

use crate::in_an_office;
use crate::scene::{
    OldCertificate, assert_failure, assert_installed, install_with_pin, token_with,
};

const KEY: TestKey = TestKey::Rsa2048A;

fn new() -> Vec<u8> {
    issue(KEY, Paper::Renewed)
}

fn pem(label: &str, der: &[u8]) -> String {
    pem::encode(&pem::Pem::new(label, der)).replace("\r\n", "\n")
}

/// Base64 without a frame, in lines of 64 letters.
fn base64(der: &[u8]) -> String {
    let block = pem("X", der);
    let lines: Vec<&str> = block
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    lines.join("\n")
}

fn utf16_little(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn utf16_big(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// Each container with the new certificate in it: the file's name, its bytes, and what `show` calls it.
fn containers() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let (leaf, authority) = (new(), authority_certificate());
    let block = pem("CERTIFICATE", &leaf);
    let chain = pem("CERTIFICATE", &authority) + &block;
    let windows = block.replace('\n', "\r\n");
    let p7b = |form| certificates_only(&[&authority, &leaf], form).unwrap();
    let der = p7b(Pkcs7Form::Der);
    let marked = format!("\u{FEFF}{windows}");
    let letter = format!("Kính gửi quý cơ quan.\r\n\r\n{windows}\r\nTrân trọng.\r\n");
    vec![
        ("der.cer", leaf.clone(), "der"),
        ("der.cer.txt", leaf.clone(), "der"),
        ("without-ending", leaf.clone(), "der"),
        ("der-twice.cer", leaf.repeat(2), "der"),
        (
            "der-chain.cer",
            [leaf.as_slice(), &authority].concat(),
            "der",
        ),
        ("pem.pem", block.clone().into(), "pem"),
        ("pem-crlf.cer.txt", windows.clone().into(), "pem"),
        ("pem-cr.cer", block.replace('\n', "\r").into(), "pem"),
        ("pem-bom.cer", marked.clone().into(), "pem"),
        (
            "pem-double-spaced.cer",
            block.replace('\n', "\r\n\r\n").into(),
            "pem",
        ),
        ("pem-in-a-letter.txt", letter.into(), "pem"),
        ("pem-chain.crt", chain.into(), "pem"),
        (
            "pem-old-label.cer",
            pem("X509 CERTIFICATE", &leaf).into(),
            "pem",
        ),
        ("pem-utf-16-le.cer", utf16_little(&marked), "pem"),
        ("pem-utf-16-be.cer", utf16_big(&marked), "pem"),
        ("pem-utf-16-le-unmarked.cer", utf16_little(&windows), "pem"),
        ("pem-utf-16-be-unmarked.cer", utf16_big(&windows), "pem"),
        ("base64.cer", base64(&leaf).into(), "base64"),
        (
            "base64-crlf.txt",
            base64(&leaf).replace('\n', "\r\n").into(),
            "base64",
        ),
        (
            "base64-one-line.cer",
            base64(&leaf).replace('\n', "").into(),
            "base64",
        ),
        (
            "base64-blanks.cer",
            format!("\r\n  {}\r\n\r\n", base64(&leaf)).into(),
            "base64",
        ),
        (
            "base64-utf-16.cer",
            utf16_little(&format!("\u{FEFF}{}", base64(&leaf))),
            "base64",
        ),
        ("der.p7b", der.clone(), "pkcs7"),
        ("ber.p7b", p7b(Pkcs7Form::Ber), "pkcs7"),
        ("ber-throughout.p7b", p7b(Pkcs7Form::BerThroughout), "pkcs7"),
        ("p7b-as.cer", der.clone(), "pkcs7"),
        ("pem.p7b", pem("PKCS7", &der).into(), "pkcs7-pem"),
        ("cms.p7b", pem("CMS", &der).into(), "pkcs7-pem"),
        (
            "p7b-under-certificate.cer",
            pem("CERTIFICATE", &der).into(),
            "pkcs7-pem",
        ),
        (
            "pem-utf-16.p7b",
            utf16_little(&format!("\u{FEFF}{}", pem("PKCS7", &der))),
            "pkcs7-pem",
        ),
        ("base64.p7b", base64(&der).into(), "pkcs7-base64"),
    ]
}

#[test]
fn a_certificate_is_installed_from_every_container_byte_for_byte() {
    for (name, bytes, _) in containers() {
        in_an_office(Driver::SoftToken, |office| {
            let token = token_with(office, KEY, OldCertificate::Present);
            let before = token.dump();
            let file = office.paper(name, &bytes);
            let report = install_with_pin(office, &file).run().expect(0).json();
            assert_eq!(report["outcome"], "installed", "{name}: {report:#}");
            assert_installed(&before, &token.dump(), &new(), &issue(KEY, Paper::Old));
        });
    }
}

#[test]
fn show_tells_the_container_of_every_certificate() {
    in_an_office(Driver::SoftToken, |office| {
        for (name, bytes, container) in containers() {
            let file = office.paper(name, &bytes);
            let shown = office
                .chungthu_without_module(["show", "--json"])
                .argument(&file);
            let json = shown.run().expect(0).json();
            let certificates = json["certificates"].as_array().unwrap();
            assert!(!certificates.is_empty(), "{name}: {json:#}");
            for certificate in certificates {
                assert_eq!(certificate["container"], container, "{name}: {json:#}");
            }
            let common_name = "ỦY BAN NHÂN DÂN XÃ ĐẮK HÀ";
            let leaves = certificates
                .iter()
                .filter(|one| one["subject"]["common_name"] == common_name);
            assert_eq!(leaves.count(), 1, "{name}: {json:#}");
        }
    });
}

#[test]
fn a_bag_can_be_taken_apart_with_show() {
    in_an_office(Driver::SoftToken, |office| {
        let bag = certificates_only(&[&authority_certificate(), &new()], Pkcs7Form::Ber).unwrap();
        let file = office.paper("chain.p7b", bag);
        let show = office.chungthu_without_module(["show"]).argument(&file);
        let text = show.argument("--pem").run().expect(0).stdout;
        assert_eq!(pem::parse_many(text).unwrap().len(), 2);
        let place = office.place("leaf.der");
        let show = office.chungthu_without_module(["show"]).argument(&file);
        let outcome = show.argument("--der").argument(&place).run();
        assert_eq!(outcome.expect(0).code(), Some(0));
        assert_eq!(std::fs::read(&place).unwrap(), new());
    });
}

/// Each file that holds no certificate to install, and the code it is refused with.
fn other_files() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let (leaf, authority) = (new(), authority_certificate());
    let block = pem("CERTIFICATE", &leaf);
    let p7b = |form| certificates_only(&[&leaf, &authority], form).unwrap();
    let (der, ber) = (p7b(Pkcs7Form::Der), p7b(Pkcs7Form::Ber));
    let key = KEY.pkcs8_der();
    let html = "<!DOCTYPE html><html><body>Phiên làm việc đã hết</body></html>";
    let half = |bytes: &[u8]| bytes[..bytes.len() / 2].to_vec();
    let none = "FILE_NOT_A_CERTIFICATE";
    let private = "FILE_HAS_PRIVATE_KEY";
    vec![
        ("empty.cer", Vec::new(), none),
        ("blank.cer", b"\r\n \r\n".to_vec(), none),
        ("empty-utf-16.cer", vec![0xFF, 0xFE], none),
        (
            "junk.cer",
            "Kính gửi quý cơ quan, chứng thư ở trang sau.".into(),
            none,
        ),
        ("binary.cer", vec![0, 1, 2, 3, 0xFF], none),
        ("page.cer", html.into(), none),
        (
            "page-utf-16.cer",
            utf16_little(&format!("\u{FEFF}{html}")),
            none,
        ),
        (
            "archive.zip",
            b"PK\x03\x04\x14\0\0\0\0\0moi.cer".to_vec(),
            none,
        ),
        ("archive.rar", b"Rar!\x1A\x07\x01\0moi.cer".to_vec(), none),
        ("archive.7z", b"7z\xBC\xAF\x27\x1C\0\x04".to_vec(), none),
        ("archive.gz", b"\x1F\x8B\x08\x08moi.cer".to_vec(), none),
        ("document.pdf", b"%PDF-1.7\n%\xE2\xE3".to_vec(), none),
        (
            "document.docx",
            b"PK\x03\x04\x14\0\0\0[Content_Types].xml".to_vec(),
            none,
        ),
        (
            "document.doc",
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(),
            none,
        ),
        ("picture.png", b"\x89PNG\r\n\x1A\n".to_vec(), none),
        ("cut.cer", leaf[..leaf.len() - 1].to_vec(), none),
        ("cut.pem", half(block.as_bytes()), none),
        ("cut-base64.cer", half(base64(&leaf).as_bytes()), none),
        ("cut-der.p7b", half(&der), none),
        ("cut-ber.p7b", half(&ber), none),
        ("cut-pem.p7b", half(pem("PKCS7", &der).as_bytes()), none),
        (
            "empty.p7b",
            certificates_only(&[], Pkcs7Form::Der).unwrap(),
            none,
        ),
        (
            "signed.p7m",
            signed_document(b"Quyet dinh", &leaf).unwrap(),
            none,
        ),
        (
            "public-key.pem",
            pem("PUBLIC KEY", KEY.public_key_der()).into(),
            none,
        ),
        (
            "long.cer",
            [leaf.as_slice(), &[0]].concat(),
            "FILE_TRAILING_BYTES",
        ),
        (
            "long-crlf.cer",
            [leaf.as_slice(), b"\r\n"].concat(),
            "FILE_TRAILING_BYTES",
        ),
        (
            "long.p7b",
            [der.as_slice(), &[0]].concat(),
            "FILE_TRAILING_BYTES",
        ),
        (
            "long-pem.cer",
            pem("CERTIFICATE", &[leaf.as_slice(), &[0]].concat()).into(),
            "FILE_TRAILING_BYTES",
        ),
        ("huge.cer", vec![b'x'; (1 << 20) + 1], "FILE_TOO_LARGE"),
        ("request.csr", signing_request(KEY), "FILE_IS_REQUEST"),
        (
            "request.pem",
            pem("CERTIFICATE REQUEST", &signing_request(KEY)).into(),
            "FILE_IS_REQUEST",
        ),
        (
            "request-base64.txt",
            base64(&signing_request(KEY)).into(),
            "FILE_IS_REQUEST",
        ),
        ("authority.cer", authority.clone(), "FILE_IS_CA_CERTIFICATE"),
        (
            "authority.p7b",
            certificates_only(&[&authority], Pkcs7Form::Ber).unwrap(),
            "FILE_IS_CA_CERTIFICATE",
        ),
        ("key.pem", pem("PRIVATE KEY", key).into(), private),
        ("key.der", key.to_vec(), private),
        ("key-base64.txt", base64(key).into(), private),
        (
            "key-utf-16.txt",
            utf16_little(&format!("\u{FEFF}{}", pem("RSA PRIVATE KEY", key))),
            private,
        ),
        ("key-base64-utf-16.txt", utf16_little(&base64(key)), private),
        (
            "key-beside.pem",
            (block.clone() + &pem("ENCRYPTED PRIVATE KEY", key)).into(),
            private,
        ),
        (
            "store.p12",
            vec![
                0x30, 0x82, 0x09, 0x01, 0x02, 0x01, 0x03, 0x30, 0x82, 0x08, 0xF7,
            ],
            private,
        ),
        ("store.jks", b"\xFE\xED\xFE\xED\0\0\0\x02".to_vec(), private),
    ]
}

#[test]
fn every_other_file_is_refused_by_its_name_in_both_languages_before_any_driver_is_loaded() {
    for (name, bytes, code) in other_files() {
        // an office each: what lies in one is searched for the PIN after every run
        in_an_office(Driver::SoftToken, |office| {
            let file = office.paper(name, &bytes);
            for language in ["vi", "en"] {
                // a driver that cannot be loaded would be told, were it looked at
                let outcome = office
                    .chungthu_without_module(["install", "--yes", "--json", "--lang", language])
                    .arguments(["--module", "khong-co.so"])
                    .argument(&file)
                    .pin(PIN)
                    .run();
                let message = assert_failure(outcome, 3, code).json()["message"].to_string();
                assert!(message.contains(name), "{message}");
            }
        });
    }
}

/// Installs a file with this content on an office's soft token.
fn refused(content: impl AsRef<[u8]>, code: &str) {
    in_an_office(Driver::SoftToken, |office| {
        let file = office.paper("moi.cer", content);
        let outcome = install_with_pin(office, &file).spied().run();
        assert_refused_unseen(outcome, code);
    });
}

fn assert_refused_unseen(outcome: Outcome, code: &str) {
    let outcome = assert_failure(outcome, 3, code);
    if let Some(calls) = &outcome.calls {
        assert_eq!(calls.total(), 0, "a driver was loaded: {outcome:#?}");
    }
}

#[test]
fn no_driver_is_called_for_a_file_that_is_refused() {
    refused("Kính gửi", "FILE_NOT_A_CERTIFICATE");
    refused(authority_certificate(), "FILE_IS_CA_CERTIFICATE");
}

#[test]
fn a_file_that_is_not_there_is_unreadable() {
    in_an_office(Driver::SoftToken, |office| {
        let outcome = install_with_pin(office, &office.place("khong-co.cer"))
            .spied()
            .run();
        assert_refused_unseen(outcome, "FILE_UNREADABLE");
    });
}

#[test]
fn stdin_cannot_be_both_the_certificate_and_the_pin() {
    in_an_office(Driver::SoftToken, |office: &Office| {
        let arguments = ["install", "-", "--yes", "--json"];
        let outcome = office.chungthu(arguments).pin(PIN).spied().run().expect(2);
        if let Some(calls) = &outcome.calls {
            assert_eq!(calls.total(), 0, "{outcome:#?}");
        }
    });
}
