//! One certificate: its facts come from its bytes, are safe to show, and agree with one another.

use std::sync::LazyLock;

use chungthu_certificate::{
    Certificate, Change, DistinguishedName, IssuerCheck, KeyType, PublicKey, ca_generation,
    changed_fields, check_issuer, is_older, is_same_serial_different_bytes, known_authority,
};
use chungthu_issuer::{Authority, Generation, Request, Subject, TestKey};
use chungthu_token::object::PublicKeyValue;
use time::macros::datetime;

/// An authority and a certificate by it, to compare with.
static KNOWN: LazyLock<[Certificate; 2]> = LazyLock::new(|| {
    let authority = Authority::new(Generation::G2Like).expect("the fixed keys are whole");
    let subject = Subject::new()
        .country("VN")
        .common_name("Nguyễn Thị Trình Diễn");
    let request = Request::new(subject, TestKey::P256.public_key_der());
    let issued = authority.issue(&request).expect("the fixed keys are whole");
    [authority.certificate(), &issued]
        .map(|der| Certificate::from_der(der).expect("our own certificates can be read"))
});

/// # Panics
/// If a certificate is read that is none, or its facts are not its own.
pub fn check(bytes: &[u8]) {
    let Ok(certificate) = Certificate::from_der(bytes) else {
        return;
    };
    assert_eq!(certificate.der(), bytes);
    for part in [
        certificate.subject().der(),
        certificate.issuer().der(),
        certificate.serial_number_der(),
        certificate.public_key().der(),
    ] {
        assert!(bytes.windows(part.len()).any(|window| window == part));
    }
    name(certificate.subject());
    name(certificate.issuer());
    texts(&certificate);
    dates(&certificate);
    key(certificate.public_key());
    comparisons(&certificate);
}

/// What is shown of a name cannot steer a terminal, and does not grow beyond what it came from.
fn name(name: &DistinguishedName) {
    let text = name.to_rfc4514();
    assert!(!text.contains(char::is_control), "{text:?}");
    assert!(text.len() <= 16 * name.der().len());
    for attribute in name.attributes() {
        assert!(attribute.value.len() <= 3 * name.der().len());
        assert!(attribute.rdn < name.attributes().len());
    }
    let units = name.organizational_units().len();
    assert!(units <= name.attributes().len());
}

fn texts(certificate: &Certificate) {
    let octets = certificate.serial_number_der().len();
    assert!(certificate.serial_number().len() <= 2 * octets);
    assert_eq!(certificate.sha256().len(), 64);
    assert_eq!(certificate.sha1().len(), 40);
    assert!(format!("{certificate:?}").len() <= 16 * certificate.der().len() + 200);
    let lists = [
        certificate.policies(),
        certificate.emails(),
        certificate.ocsp_urls(),
        certificate.crl_urls(),
        certificate.ca_issuers_urls(),
        certificate.unreadable_extensions(),
    ];
    let letters: usize = lists
        .iter()
        .flat_map(|list| list.iter())
        .map(String::len)
        .sum();
    assert!(letters <= 16 * certificate.der().len());
    for purpose in certificate.extended_key_usage() {
        assert!(!purpose.name().is_empty());
    }
    for identifier in certificate.identifiers() {
        assert!(identifier.value.len() >= 9);
    }
    let is_ca = certificate
        .basic_constraints()
        .is_some_and(|value| value.certification_authority);
    assert!(certificate.is_ca() || !is_ca);
}

fn dates(certificate: &Certificate) {
    for now in [
        datetime!(2026-11-23 08:00 UTC),
        datetime!(-9999-01-01 00:00 UTC),
        datetime!(9999-12-31 23:59:59 UTC),
        certificate.not_after(),
    ] {
        assert_eq!(certificate.is_expired(now), certificate.days_left(now) < 0);
        let too_early = certificate.is_not_yet_valid(now);
        assert_eq!(too_early, now < certificate.not_before());
    }
}

fn key(key: &PublicKey) {
    assert_eq!(PublicKey::from_der(key.der()).as_ref(), Ok(key));
    assert!(key.is_same_key(key));
    let shown = match key.key_type() {
        KeyType::Rsa {
            modulus,
            exponent,
            bits,
        } => {
            assert_ne!(modulus.first(), Some(&0));
            assert!(bits.div_ceil(8) == modulus.len());
            PublicKeyValue::Rsa {
                modulus: modulus.clone(),
                exponent: Some(exponent.clone()),
            }
        }
        KeyType::Ec { point, .. } => PublicKeyValue::Ec {
            point: point.clone(),
        },
        KeyType::Other { .. } => {
            assert_eq!(key.scheme(), None);
            return;
        }
    };
    assert!(key.is_shown_as(&shown));
    if let Some(scheme) = key.scheme() {
        // no signature is right that nobody made
        assert!(
            key.verify_signature(scheme, b"challenge", &[0; 256])
                .is_err()
        );
    }
}

fn comparisons(certificate: &Certificate) {
    assert!(changed_fields(certificate, certificate).is_empty());
    assert!(!is_older(certificate, certificate));
    assert!(!is_same_serial_different_bytes(certificate, certificate));
    assert_eq!(
        known_authority(certificate).is_some(),
        chungthu_certificate::KNOWN_AUTHORITIES
            .iter()
            .any(|known| known.sha256 == *certificate.sha256_bytes())
    );
    let _ = ca_generation(certificate);
    let [authority, issued] = &*KNOWN;
    for other in [authority, issued] {
        let there = changed_fields(other, certificate);
        let back = changed_fields(certificate, other);
        assert_eq!(there.len(), back.len());
        assert_eq!(
            Change::between(certificate, other).is_some(),
            Change::between(other, certificate).is_some()
        );
    }
    for issuer in [authority, certificate] {
        let check = check_issuer(certificate, std::slice::from_ref(issuer));
        let is_signed = certificate.verify_signed_by(issuer.public_key()).is_ok();
        assert!(is_signed || !matches!(check, IssuerCheck::Verified { .. }));
    }
}
