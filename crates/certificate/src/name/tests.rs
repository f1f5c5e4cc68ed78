//! Names keep their order, their octets and every repeated unit.

use chungthu_issuer::{Subject, TestKey, ValueForm};

use super::*;
use crate::samples::{issue, person};

fn name_of(subject: Subject) -> DistinguishedName {
    let request = chungthu_issuer::Request::new(subject, TestKey::P256.public_key_der());
    issue(&request).subject().clone()
}

#[test]
fn attributes_are_found_by_their_meaning_and_units_keep_their_order() {
    let name = name_of(
        person()
            .state("Quảng Ngãi")
            .title("Chuyên viên")
            .uid("MST:0123456789")
            .serial_number("00123")
            .email("a@demo.invalid"),
    );
    assert_eq!(name.common_name(), Some("Nguyễn Thị Trình Diễn"));
    assert_eq!(name.organization(), Some("ỦY BAN NHÂN DÂN TỈNH"));
    assert_eq!(name.organizational_units(), ["UBND xã Đắk Hà", "Văn phòng"]);
    assert_eq!(name.locality(), Some("Quảng Ngãi"));
    assert_eq!(name.state(), Some("Quảng Ngãi"));
    assert_eq!(name.country(), Some("VN"));
    assert_eq!(name.email(), Some("a@demo.invalid"));
    assert_eq!(name.title(), Some("Chuyên viên"));
    assert_eq!(name.uid(), Some("MST:0123456789"));
    assert_eq!(name.serial_number(), Some("00123"));
    let order: Vec<Option<&str>> = name
        .attributes()
        .iter()
        .map(|attribute| attribute.short_name)
        .collect();
    let expected = [
        "C",
        "L",
        "O",
        "OU",
        "OU",
        "CN",
        "ST",
        "title",
        "UID",
        "serialNumber",
        "emailAddress",
    ];
    assert_eq!(order, expected.map(Some));
}

#[test]
fn the_string_is_reversed_as_rfc_4514_says() {
    assert_eq!(
        name_of(person()).to_rfc4514(),
        "CN=Nguyễn Thị Trình Diễn,OU=Văn phòng,OU=UBND xã Đắk Hà,O=ỦY BAN NHÂN DÂN TỈNH,\
         L=Quảng Ngãi,C=VN"
    );
}

#[test]
fn special_characters_are_escaped() {
    let cases = [
        (
            "a,b+c\"d\\e<f>g;h=i",
            "CN=a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h=i",
        ),
        ("#1", "CN=\\#1"),
        ("C#", "CN=C#"),
        (" both ", "CN=\\ both\\ "),
        (" ", "CN=\\ "),
        ("a b", "CN=a b"),
        ("", "CN="),
        ("null\0and\u{1B}[31m", "CN=null\\00and\\1B[31m"),
        ("\u{9B}31m", "CN=\\C2\\9B31m"),
    ];
    for (value, expected) in cases {
        assert_eq!(
            name_of(Subject::new().common_name(value)).to_rfc4514(),
            expected
        );
    }
}

#[test]
fn a_type_without_a_name_is_dotted_with_its_der() {
    let subject = Subject::new().attribute("1.2.3.4", ValueForm::Utf8, "Hà".as_bytes());
    let name = name_of(subject);
    assert_eq!(name.to_rfc4514(), "1.2.3.4=#0C0348C3A0");
    assert_eq!(name.attributes()[0].value, "Hà");
    assert_eq!(name.attributes()[0].short_name, None);
}

#[test]
fn every_string_type_becomes_text() {
    let value = |form, octets: &[u8]| {
        name_of(Subject::new().attribute("2.5.4.3", form, octets))
            .common_name()
            .unwrap()
            .to_owned()
    };
    assert_eq!(value(ValueForm::Bmp, &[0x00, 0x48, 0x1E, 0xA1]), "Hạ");
    assert_eq!(
        value(ValueForm::Teletex, "Hạ".as_bytes()),
        "Hạ",
        "UTF-8 under the tag of T.61"
    );
    assert_eq!(
        value(ValueForm::Teletex, b"caf\xE9"),
        "café",
        "Latin-1 under the tag of T.61"
    );
    assert_eq!(
        value(ValueForm::Printable, b"A*B@"),
        "A*B@",
        "outside PrintableString's letters"
    );
    assert_eq!(value(ValueForm::Ia5, b"a@b"), "a@b");
}

#[test]
fn odd_octets_are_lossy_in_the_text_and_kept_in_the_der() {
    let name = name_of(Subject::new().attribute("2.5.4.3", ValueForm::Utf8, b"H\xFF"));
    assert_eq!(name.common_name(), Some("H\u{FFFD}"));
    assert!(name.der().ends_with(b"H\xFF"));
    let half = name_of(Subject::new().attribute("2.5.4.3", ValueForm::Bmp, &[0x00, 0x48, 0x1E]));
    assert_eq!(half.common_name(), Some("H\u{FFFD}"));
}

#[test]
fn the_most_specific_of_several_common_names_counts() {
    let name = name_of(Subject::new().common_name("Cơ quan").common_name("Người"));
    assert_eq!(name.common_name(), Some("Người"));
}

#[test]
fn attributes_of_one_rdn_are_joined_with_a_plus() {
    // SEQUENCE { SET { C=VN }, SET { CN=a, OU=b } }
    let der = [
        0x30, 0x23, 0x31, 0x0B, 0x30, 0x09, 0x06, 0x03, 0x55, 0x04, 0x06, 0x13, 0x02, b'V', b'N',
        0x31, 0x14, 0x30, 0x08, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0C, 0x01, b'a', 0x30, 0x08, 0x06,
        0x03, 0x55, 0x04, 0x0B, 0x0C, 0x01, b'b',
    ];
    let name = DistinguishedName::from_der(&der).unwrap();
    assert_eq!(name.to_rfc4514(), "CN=a+OU=b,C=VN");
    assert_eq!(name.attributes()[2].rdn, 1);
}

#[test]
fn bytes_that_are_no_name_are_refused() {
    assert!(DistinguishedName::from_der(&[]).is_none());
    assert!(DistinguishedName::from_der(&[0x30, 0x00, 0x00]).is_none());
    assert!(DistinguishedName::from_der(&[0x30, 0x02, 0x31, 0x00]).is_none());
    assert!(
        DistinguishedName::from_der(&[0x30, 0x00]).is_some(),
        "an empty name is a name"
    );
}
