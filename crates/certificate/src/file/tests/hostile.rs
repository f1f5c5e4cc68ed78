//! Hostile files: no panic, no quadratic time, no certificate that is not in them.

use super::*;

/// Issued once: a signature for each case would take all the time.
static ORIGINALS: LazyLock<(Certificate, Certificate)> = LazyLock::new(|| {
    (
        issue_as(Generation::G1Like, &request().comment("x")),
        issue(&request()),
    )
});

/// The same two certificates in every container whose bytes can be found again.
static CONTAINERS: LazyLock<[Vec<u8>; 7]> = LazyLock::new(|| {
    let all = [ORIGINALS.0.der(), ORIGINALS.1.der()];
    let p7b = certificates_only(&all, Pkcs7Form::Der).unwrap();
    let ber = certificates_only(&all, Pkcs7Form::Ber).unwrap();
    let [marked, _, bare, _] = utf16(&base64(&all.concat(), 64, "\r\n"));
    [
        all.concat(),
        all.map(|der| pem("CERTIFICATE", der)).concat().into_bytes(),
        pem("PKCS7", &p7b).into_bytes(),
        p7b,
        ber,
        marked,
        bare,
    ]
});

#[test]
fn hostile_files_of_the_greatest_size_cost_no_quadratic_time() {
    let small = issue(&request());
    let many = vec![small.der(); SIZE_LIMIT / small.der().len() - 1];
    let fill = |piece: &str| piece.repeat(SIZE_LIMIT / piece.len()).into_bytes();
    let files = [
        many.concat(),
        certificates_only(&many, Pkcs7Form::BerThroughout).unwrap(),
        fill("-----BEGIN A-----\n"),
        fill("-----BEGIN A-----\n-----END A-----\n"),
        fill("-----BEGIN "),
        fill("-"),
        fill("MII"),
        fill("M\0"),
        fill("<"),
        b"\x30\x80".repeat(SIZE_LIMIT / 2),
        [
            b"\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02".as_slice(),
            &b"\x05\x00".repeat(SIZE_LIMIT / 2 - 20),
        ]
        .concat(),
    ];
    for (number, file) in files.iter().enumerate() {
        let start = Instant::now();
        let _result = CertificateFile::read(file, 2 * SIZE_LIMIT);
        let spent = start.elapsed();
        assert!(spent < Duration::from_secs(5), "file {number}: {spent:?}");
    }
}

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
    fn a_mutated_file_never_gives_a_certificate_that_is_not_in_it(
        places in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6),
        container in 0_usize..7,
        cut in any::<proptest::sample::Index>(),
    ) {
        let mut bytes = CONTAINERS[container].clone();
        for (place, octet) in places {
            let place = place.index(bytes.len());
            bytes[place] = octet;
        }
        let _result = read(&bytes[..cut.index(bytes.len())]);
        if let Ok(file) = read(&bytes) {
            // what the file says, decoded without the reader under test
            let text = String::from_utf8_lossy(&bytes).replace(['\0', '\u{FFFD}'], "");
            let letters: String = text
                .lines()
                .filter(|line| !line.starts_with('-'))
                .flat_map(|line| line.chars().filter(char::is_ascii_graphic))
                .collect();
            for certificate in file.certificates() {
                let der = certificate.der();
                let is_inside = bytes.windows(der.len()).any(|window| window == der);
                // three bytes are four letters, and those at the ends are shared with the neighbours
                let is_base64_inside = (0..3).any(|shift| {
                    let encoded = base64(&der[shift..], usize::MAX, "");
                    letters.contains(&encoded[..encoded.len() - 4])
                });
                prop_assert!(is_inside || is_base64_inside, "{}", bytes.escape_ascii());
            }
        }
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
            let changed = &file.certificates()[0];
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
