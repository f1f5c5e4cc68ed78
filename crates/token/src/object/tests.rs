//! Objects as drivers show them, and what is made of them.

use super::*;

fn key(attributes: &[(AttributeType, &[u8])]) -> Object {
    Object {
        handle: ObjectHandle(1),
        class: ObjectClass::PublicKey,
        attributes: attributes.iter().map(|(a, v)| (*a, v.to_vec())).collect(),
    }
}

#[test]
fn every_attribute_has_its_own_number_and_is_found_by_it() {
    for attribute in AttributeType::ALL {
        assert_eq!(
            AttributeType::from_number(attribute.number()),
            Some(attribute)
        );
    }
}

#[test]
fn a_modulus_with_a_leading_zero_is_the_same_key() {
    let plain = key(&[(AttributeType::Modulus, &[0xc1, 2, 3])]);
    let padded = key(&[(AttributeType::Modulus, &[0, 0xc1, 2, 3])]);
    assert_eq!(plain.public_key(), padded.public_key());
}

#[test]
fn a_point_raw_or_wrapped_is_the_same_key() {
    let mut raw = vec![4];
    raw.extend([7; 64]);
    let mut wrapped = vec![4, 65];
    wrapped.extend(&raw);
    assert_eq!(
        key(&[(AttributeType::EcPoint, &raw)]).public_key(),
        key(&[(AttributeType::EcPoint, &wrapped)]).public_key()
    );
    assert!(
        key(&[(AttributeType::EcPoint, &[4])])
            .public_key()
            .is_none()
    );
}

/// One raw point in 65,536 begins like an OCTET STRING; its length tells that it is none.
#[test]
fn a_raw_point_that_begins_like_a_wrapped_one_is_taken_whole() {
    for (length, inner) in [(65, 63), (97, 95)] {
        let mut raw = vec![9; length];
        raw[..3].copy_from_slice(&[4, inner, 4]);
        let point = raw.clone();
        assert_eq!(
            key(&[(AttributeType::EcPoint, &raw)]).public_key(),
            Some(PublicKeyValue::Ec { point })
        );
    }
}

#[test]
fn a_nul_behind_an_id_makes_it_no_other() {
    let has = |shown: &[u8], id: &[u8]| key(&[(AttributeType::Id, shown)]).has_id(id);
    assert!(has(&[1, 2], &[1, 2]));
    assert!(has(&[1, 2, 0], &[1, 2]));
    assert!(has(&[1, 2], &[1, 2, 0]));
    assert!(!has(&[1, 2], &[1]));
    assert!(!has(&[0, 1], &[1]));
    // An id of nothing but NULs is an id, and none is none.
    assert!(has(&[0], &[0]));
    assert!(!has(&[0], &[]));
    assert!(has(&[], &[]));
}

#[test]
fn text_from_a_token_loses_nuls_controls_and_direction_marks() {
    assert_eq!(clean_text(b"VGCA Token\0\0junk"), "VGCA Token");
    assert_eq!(clean_text("  a\u{202e}b\n ".as_bytes()), "ab");
    assert_eq!(clean_text(b"\xff"), "\u{fffd}");
}
