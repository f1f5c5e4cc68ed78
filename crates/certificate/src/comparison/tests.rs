//! Renewal, change of information, both, or issued again.

use chungthu_issuer::{Generation, Request, Subject, TestKey};
use time::macros::datetime;

use super::*;
use crate::samples::{issue, issue_as, person, request};

const FROM: OffsetDateTime = datetime!(2026-01-01 00:00 UTC);
const END: OffsetDateTime = datetime!(2030-12-31 00:00 UTC);
const LATER: OffsetDateTime = datetime!(2033-12-30 00:00 UTC);

fn other_person() -> Request {
    let subject = person().title("Trưởng phòng");
    Request::new(subject, TestKey::Rsa2048A.public_key_der()).email("trinhdien@demo.invalid")
}

#[test]
fn the_four_changes_are_told_apart() {
    let old = issue(&request());
    let cases = [
        (request().valid(END, LATER), Change::Renewal),
        (other_person(), Change::InformationChange),
        (other_person().valid(END, LATER), Change::RenewalAndChange),
        (request().serial_number(&[9]), Change::Reissue),
        (
            request().valid(datetime!(2027-01-01 0:00 UTC), END),
            Change::Reissue,
        ),
    ];
    for (request, expected) in cases {
        assert_eq!(Change::between(&old, &issue(&request)), Some(expected));
    }
}

#[test]
fn another_address_is_a_change_of_information() {
    let subject = person();
    let moved = Request::new(subject, TestKey::Rsa2048A.public_key_der()).email("moi@demo.invalid");
    assert_eq!(
        Change::between(&issue(&request()), &issue(&moved)),
        Some(Change::InformationChange)
    );
}

#[test]
fn another_key_or_the_same_bytes_are_no_change_of_a_certificate() {
    let old = issue(&request());
    assert_eq!(Change::between(&old, &old.clone()), None);
    let other_key = Request::new(person(), TestKey::Rsa2048B.public_key_der());
    assert_eq!(Change::between(&old, &issue(&other_key)), None);
}

#[test]
fn a_move_to_the_new_generation_is_a_renewal() {
    let old = issue_as(Generation::G1Like, &request());
    let new = issue(&request().valid(END, LATER));
    assert_eq!(Change::between(&old, &new), Some(Change::Renewal));
}

#[test]
fn the_same_name_in_another_unicode_form_is_no_change_of_information() {
    let named = |name: &str| {
        let subject = Subject::new().common_name(name);
        issue(&Request::new(subject, TestKey::P256.public_key_der()).serial_number(&[3]))
    };
    let composed = named("Cơ quan");
    let decomposed = named("Co\u{031B} quan");
    assert_ne!(composed, decomposed);
    assert_eq!(
        Change::between(&composed, &decomposed),
        Some(Change::Reissue)
    );
    assert_eq!(changed_fields(&composed, &decomposed), []);
}

#[test]
fn another_order_of_the_name_and_an_address_moved_out_of_it_are_no_change_of_information() {
    let g1 = Subject::new()
        .country("VN")
        .organization("Bộ")
        .organizational_unit("Cục")
        .organizational_unit("Phòng")
        .locality("Hà Nội")
        .common_name("Người")
        .email("a@demo.invalid");
    let g2 = |first, second| {
        let subject = Subject::new()
            .country("VN")
            .locality("Hà Nội")
            .organization("Bộ")
            .organizational_unit(first)
            .organizational_unit(second)
            .common_name("Người");
        let request = Request::new(subject, TestKey::P256.public_key_der());
        issue(&request.email("a@demo.invalid").valid(END, LATER))
    };
    let old = issue_as(
        Generation::G1Like,
        &Request::new(g1, TestKey::P256.public_key_der()),
    );
    assert_eq!(
        Change::between(&old, &g2("Cục", "Phòng")),
        Some(Change::Renewal)
    );
    assert_eq!(
        Change::between(&old, &g2("Phòng", "Cục")),
        Some(Change::RenewalAndChange)
    );
}

#[test]
fn a_renewal_lists_what_a_renewal_changes() {
    let old = issue(&request());
    let new = issue(&request().valid(END, LATER));
    let changes = changed_fields(&old, &new);
    let fields: Vec<FieldKind> = changes.iter().map(|change| change.field).collect();
    assert_eq!(
        fields,
        [
            FieldKind::NotBefore,
            FieldKind::NotAfter,
            FieldKind::SerialNumber
        ]
    );
    assert_eq!(changes[1].old, FieldValue::Time(END));
    assert_eq!(changes[1].new, FieldValue::Time(LATER));
}

#[test]
fn an_attribute_without_a_place_of_its_own_shows_as_the_whole_subject() {
    let extra = person().attribute("2.5.4.13", chungthu_issuer::ValueForm::Utf8, b"x");
    let new = issue(
        &Request::new(extra, TestKey::Rsa2048A.public_key_der()).email("trinhdien@demo.invalid"),
    );
    let fields: Vec<FieldKind> = changed_fields(&issue(&request()), &new)
        .iter()
        .map(|change| change.field)
        .collect();
    assert_eq!(fields, [FieldKind::Subject, FieldKind::SerialNumber]);
}

#[test]
fn units_are_compared_as_a_list() {
    let moved = Subject::new()
        .country("VN")
        .locality("Quảng Ngãi")
        .organization("ỦY BAN NHÂN DÂN TỈNH")
        .organizational_unit("UBND xã Đắk Hà")
        .common_name("Nguyễn Thị Trình Diễn");
    let new = issue(
        &Request::new(moved, TestKey::Rsa2048A.public_key_der()).email("trinhdien@demo.invalid"),
    );
    let changes = changed_fields(&issue(&request()), &new);
    assert_eq!(changes[0].field, FieldKind::OrganizationalUnits);
    assert_eq!(
        changes[0].new,
        FieldValue::Texts(vec!["UBND xã Đắk Hà".to_owned()])
    );
}

#[test]
fn every_other_fact_is_compared_too() {
    let old = issue(&request());
    let new = issue_as(
        Generation::G1Like,
        &Request::new(person(), TestKey::Rsa3072.public_key_der())
            .key_usage(&[chungthu_issuer::KeyUsage::NonRepudiation]),
    );
    let fields: Vec<FieldKind> = changed_fields(&old, &new)
        .iter()
        .map(|change| change.field)
        .collect();
    assert_eq!(
        fields,
        [
            FieldKind::Emails,
            FieldKind::SerialNumber,
            FieldKind::Issuer,
            FieldKind::PublicKey,
            FieldKind::KeyUsage,
            FieldKind::Policies,
            FieldKind::SignatureAlgorithm
        ]
    );
}

#[test]
fn older_is_an_earlier_end_and_then_an_earlier_beginning() {
    let day = time::Duration::DAY;
    let at = |from, to| issue(&request().valid(from, to));
    let installed = at(FROM, END);
    assert!(is_older(&at(FROM, END - day), &installed));
    assert!(is_older(&at(FROM + day, END - day), &installed));
    assert!(is_older(&at(FROM - day, END), &installed));
    assert!(!is_older(&at(FROM + day, END), &installed));
    assert!(!is_older(&at(FROM - day, LATER), &installed));
    assert!(!is_older(&installed, &installed));
}

#[test]
fn one_serial_number_on_two_certificates_is_noticed() {
    let one = issue(&request().serial_number(&[5]));
    let two = issue(&request().serial_number(&[5]).valid(END, LATER));
    assert!(is_same_serial_different_bytes(&one, &two));
    assert!(!is_same_serial_different_bytes(&one, &one.clone()));
    assert!(!is_same_serial_different_bytes(
        &one,
        &issue(&request().serial_number(&[6]))
    ));
    let other_issuer = issue_as(Generation::G1Like, &request().serial_number(&[5]));
    assert!(!is_same_serial_different_bytes(&one, &other_issuer));
}
