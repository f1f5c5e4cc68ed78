//! Goes through DER values without losing any: x509-parser passes over what follows in a SEQUENCE.

use x509_parser::asn1_rs::{Any, FromDer, Oid, Tag};

use crate::digest::upper_hex;

/// One TLV.
#[derive(Debug)]
pub(crate) struct Element<'a> {
    /// All of it.
    pub(crate) tlv: &'a [u8],
    /// Its tag number; universal unless `is_universal` says otherwise.
    pub(crate) tag: Tag,
    pub(crate) is_universal: bool,
    /// The content octets.
    pub(crate) content: &'a [u8],
}

/// The longest OID that is written out, in content octets. Real ones have about ten; writing a
/// dotted form takes time with the square of the length, which a crafted file could abuse.
const LONGEST_OID: usize = 64;

/// The TLVs of these bytes, which are nothing else; `None` if anything is left over.
pub(crate) fn elements(mut bytes: &[u8]) -> Option<Vec<Element<'_>>> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let (rest, any) = Any::from_der(bytes).ok()?;
        let tlv = bytes.get(..bytes.len() - rest.len())?;
        found.push(Element {
            tlv,
            tag: any.tag(),
            is_universal: any.header.is_universal(),
            content: any.data,
        });
        bytes = rest;
    }
    Some(found)
}

/// The parts of a SEQUENCE or SET that is all of these bytes.
pub(crate) fn inside(bytes: &[u8], tag: Tag) -> Option<Vec<Element<'_>>> {
    match elements(bytes)?.as_slice() {
        [one] if one.is(tag) => elements(one.content),
        _ => None,
    }
}

impl Element<'_> {
    /// True if this is the universal type.
    pub(crate) fn is(&self, tag: Tag) -> bool {
        self.is_universal && self.tag == tag
    }
}

/// An OID in dotted form; one of absurd length as `#` and the beginning of its content in hex, and one
/// without any content as `#` alone.
pub(crate) fn dotted(oid: &Oid<'_>) -> String {
    let octets = oid.as_bytes();
    match octets.get(..LONGEST_OID) {
        Some(beginning) if octets.len() > LONGEST_OID => format!("#{}", upper_hex(beginning)),
        _ if octets.is_empty() => "#".to_owned(),
        _ => oid.to_id_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_left_over_is_lost() {
        assert_eq!(
            elements(&[0x05, 0x00, 0x05, 0x00]).map(|found| found.len()),
            Some(2)
        );
        assert!(elements(&[0x05, 0x00, 0x05]).is_none());
        assert!(inside(&[0x30, 0x02, 0x05, 0x00], Tag::Sequence).is_some());
        assert!(inside(&[0x30, 0x02, 0x05, 0x00, 0x05, 0x00], Tag::Sequence).is_none());
        assert!(inside(&[0x30, 0x02, 0x05, 0x00], Tag::Set).is_none());
        // Tag number 16, but of an application class.
        assert!(inside(&[0x70, 0x02, 0x05, 0x00], Tag::Sequence).is_none());
    }

    #[test]
    fn a_type_of_nothing_still_has_a_name() {
        assert_eq!(dotted(&Oid::new([].as_slice().into())), "#");
    }

    #[test]
    fn an_absurdly_long_type_is_written_in_short() {
        let octets = vec![0x81; 1_000_000];
        assert_eq!(
            dotted(&Oid::new(octets.as_slice().into())).len(),
            1 + 2 * LONGEST_OID
        );
        assert_eq!(
            dotted(&Oid::new([0x55, 0x04, 0x03].as_slice().into())),
            "2.5.4.3"
        );
        assert_eq!(
            dotted(&Oid::new([0x60, 0x85, 0x40, 0x01].as_slice().into())),
            "2.16.704.1"
        );
    }
}
