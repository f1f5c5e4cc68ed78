//! BER turned into DER: what some programs write around certificates, with lengths told only at the end.
//!
//! Only what is written in the loose form is written anew: an element with an indefinite length or with
//! such an element inside, and an OCTET STRING in pieces (X.690 sections 8.1.3.6 and 8.7.3). Everything
//! else keeps its bytes, so that a certificate in DER comes out as it went in.

use std::borrow::Cow;

/// How deep elements may stand in one another. A `.p7b` has about twelve levels.
const DEPTH_LIMIT: usize = 32;

const CONSTRUCTED: u8 = 0x20;
const OCTET_STRING: u8 = 0x04;
const END_OF_CONTENTS: &[u8] = &[0, 0];

/// Why bytes could not be turned into DER.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BerProblem {
    /// The bytes end before the element does.
    Unfinished,
    /// An element is longer than the one around it, is nested too deeply, or is no element.
    Malformed,
}

/// The first element of these bytes as DER, and how many bytes it took.
pub(super) fn first_as_der(bytes: &[u8]) -> Result<(Cow<'_, [u8]>, usize), BerProblem> {
    let mut der = Vec::new();
    let element = Element::append(bytes, BerProblem::Unfinished, 0, &mut der)?;
    let original = bytes.get(..element.length).unwrap_or_default();
    let der = if element.is_changed {
        Cow::Owned(der)
    } else {
        Cow::Borrowed(original)
    };
    Ok((der, element.length))
}

/// An element that was read.
struct Element {
    /// Bytes that it took.
    length: usize,
    /// Whether it was written anew.
    is_changed: bool,
}

/// Identifier octets and the length that follows them.
struct Header {
    /// Bytes of both.
    size: usize,
    /// Bytes of the identifier alone.
    identifier: usize,
    is_constructed: bool,
    /// `None`: the contents go on to an end mark.
    content: Option<usize>,
}

impl Element {
    /// Reads one element and appends it as DER. `short` is what it means if the bytes are too few.
    fn append(
        bytes: &[u8],
        short: BerProblem,
        depth: usize,
        der: &mut Vec<u8>,
    ) -> Result<Self, BerProblem> {
        let header = Header::read(bytes, short)?;
        if depth > DEPTH_LIMIT {
            return Err(BerProblem::Malformed);
        }
        let identifier = bytes.get(..header.identifier).ok_or(short)?;
        let inside = bytes.get(header.size..).ok_or(short)?;
        let Some(content) = header.content else {
            return Self::append_indefinite(identifier, inside, &header, (short, depth), der);
        };
        let content = inside.get(..content).ok_or(short)?;
        let length = header.size + content.len();
        let whole = bytes.get(..length).ok_or(short)?;
        let start = der.len();
        let mut is_changed = identifier == [OCTET_STRING | CONSTRUCTED];
        if header.is_constructed {
            let mut rest = content;
            while !rest.is_empty() {
                let child = Self::append(rest, BerProblem::Malformed, depth + 1, der)?;
                is_changed |= child.is_changed;
                rest = rest.get(child.length..).unwrap_or_default();
            }
        }
        if is_changed {
            enclose(identifier, start, der)?;
        } else {
            der.truncate(start);
            der.extend_from_slice(whole);
        }
        Ok(Self { length, is_changed })
    }

    fn append_indefinite(
        identifier: &[u8],
        inside: &[u8],
        header: &Header,
        (short, depth): (BerProblem, usize),
        der: &mut Vec<u8>,
    ) -> Result<Self, BerProblem> {
        let start = der.len();
        let mut rest = inside;
        while !rest.starts_with(END_OF_CONTENTS) {
            let child = Self::append(rest, short, depth + 1, der)?;
            rest = rest.get(child.length..).unwrap_or_default();
        }
        enclose(identifier, start, der)?;
        let content = inside.len() - rest.len();
        Ok(Self {
            length: header.size + content + END_OF_CONTENTS.len(),
            is_changed: true,
        })
    }
}

impl Header {
    fn read(bytes: &[u8], short: BerProblem) -> Result<Self, BerProblem> {
        let (&first, after) = bytes.split_first().ok_or(short)?;
        // a tag number over 30 stands in octets of its own, the last without its high bit
        let more = if first & 0x1F == 0x1F {
            let last = after.iter().take(4).position(|octet| octet & 0x80 == 0);
            last.ok_or(if after.len() < 4 {
                short
            } else {
                BerProblem::Malformed
            })? + 1
        } else {
            0
        };
        let identifier = 1 + more;
        let (&length, after) = after
            .get(more..)
            .and_then(|rest| rest.split_first())
            .ok_or(short)?;
        let is_constructed = first & CONSTRUCTED != 0;
        let (octets, content) = match length {
            0x80 if is_constructed => (0, None),
            0..0x80 => (0, Some(usize::from(length))),
            0x81..=0x84 => {
                let octets = usize::from(length & 0x7F);
                let digits = after.get(..octets).ok_or(short)?;
                let value = digits
                    .iter()
                    .fold(0_u64, |value, digit| (value << 8) | u64::from(*digit));
                let value = usize::try_from(value).map_err(|_| BerProblem::Malformed)?;
                (octets, Some(value))
            }
            _ => return Err(BerProblem::Malformed),
        };
        Ok(Self {
            size: identifier + 1 + octets,
            identifier,
            is_constructed,
            content,
        })
    }
}

/// Puts identifier and length before the content that begins at `start`; joins the pieces of a string.
fn enclose(identifier: &[u8], start: usize, der: &mut Vec<u8>) -> Result<(), BerProblem> {
    let content = der.split_off(start);
    let (identifier, content) = if identifier == [OCTET_STRING | CONSTRUCTED] {
        ([OCTET_STRING].as_slice(), joined(&content)?)
    } else {
        (identifier, content)
    };
    der.extend_from_slice(identifier);
    let length = content.len().to_be_bytes();
    let zeros = length.iter().take_while(|octet| **octet == 0).count();
    match (
        u8::try_from(content.len()),
        length.get(zeros..).unwrap_or_default(),
    ) {
        (Ok(short @ 0..0x80), _) => der.push(short),
        (_, octets) => {
            // a usize has eight octets at most
            der.push(u8::try_from(octets.len()).map_or(0x88, |count| 0x80 | count));
            der.extend_from_slice(octets);
        }
    }
    der.extend(content);
    Ok(())
}

/// The contents of OCTET STRINGs one after another, which are DER by now.
fn joined(mut pieces: &[u8]) -> Result<Vec<u8>, BerProblem> {
    let mut whole = Vec::with_capacity(pieces.len());
    while !pieces.is_empty() {
        let header = Header::read(pieces, BerProblem::Malformed)?;
        let piece = header
            .content
            .and_then(|length| pieces.get(header.size..)?.get(..length))
            .filter(|_| pieces.first() == Some(&OCTET_STRING))
            .ok_or(BerProblem::Malformed)?;
        whole.extend_from_slice(piece);
        pieces = pieces.get(header.size + piece.len()..).unwrap_or_default();
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn der_keeps_its_bytes_and_is_not_copied() {
        let der = [0x30, 0x05, 0xA0, 0x03, 0x02, 0x01, 0x07, 0xFF];
        let (same, length) = first_as_der(&der).unwrap();
        assert!(matches!(same, Cow::Borrowed(bytes) if bytes == &der[..7]));
        assert_eq!(length, 7);
    }

    #[test]
    fn indefinite_lengths_become_definite_at_every_level() {
        let ber = [
            0x30, 0x80, 0x02, 0x01, 0x07, 0xA0, 0x80, 0x31, 0x02, 0x05, 0x00, 0, 0, 0, 0, 0x99,
        ];
        let (der, length) = first_as_der(&ber).unwrap();
        assert_eq!(
            *der,
            [
                0x30, 0x09, 0x02, 0x01, 0x07, 0xA0, 0x04, 0x31, 0x02, 0x05, 0x00
            ]
        );
        assert_eq!(length, ber.len() - 1);
        // a definite one around an indefinite one gets its new length
        let ber = [0x30, 0x06, 0x30, 0x80, 0x05, 0x00, 0, 0];
        assert_eq!(
            *first_as_der(&ber).unwrap().0,
            [0x30, 0x04, 0x30, 0x02, 0x05, 0x00]
        );
    }

    #[test]
    fn an_octet_string_in_pieces_is_joined() {
        let ber = [
            0x24, 0x80, 0x04, 0x02, 1, 2, 0x24, 0x03, 0x04, 0x01, 3, 0x04, 0x00, 0, 0,
        ];
        assert_eq!(*first_as_der(&ber).unwrap().0, [0x04, 0x03, 1, 2, 3]);
        let other_piece = [0x24, 0x80, 0x05, 0x00, 0, 0];
        assert_eq!(first_as_der(&other_piece), Err(BerProblem::Malformed));
    }

    #[test]
    fn long_contents_get_the_shortest_length() {
        for (size, header) in [
            (0x7E, [0x30, 0x7E].as_slice()),
            (0x80, &[0x30, 0x81, 0x80]),
            (0x1234, &[0x30, 0x82, 0x12, 0x34]),
        ] {
            let content = [0x05, 0x00].repeat(size / 2);
            let ber = [&[0x30, 0x80], content.as_slice(), &[0, 0]].concat();
            assert_eq!(*first_as_der(&ber).unwrap().0, [header, &content].concat());
        }
    }

    #[test]
    fn what_ends_too_early_is_told_from_what_is_wrong() {
        let whole = [0x30, 0x80, 0x02, 0x01, 0x07, 0xA0, 0x80, 0, 0, 0, 0];
        for end in 0..whole.len() {
            assert_eq!(
                first_as_der(&whole[..end]),
                Err(BerProblem::Unfinished),
                "{end}"
            );
        }
        for wrong in [
            [0x30, 0x02, 0x02, 0x01, 0x07].as_slice(),
            &[0x30, 0x80, 0x04, 0x80, 0, 0, 0, 0],
            &[0x30, 0x85, 0, 0, 0, 0, 1],
            &[0x3F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        ] {
            assert_eq!(
                first_as_der(wrong),
                Err(BerProblem::Malformed),
                "{wrong:X?}"
            );
        }
    }

    #[test]
    fn a_tower_of_elements_is_refused_and_costs_no_stack() {
        let tower = [0x30, 0x80].repeat(500_000);
        assert_eq!(first_as_der(&tower), Err(BerProblem::Malformed));
        let low = [[0x30, 0x80].repeat(DEPTH_LIMIT), [0, 0].repeat(DEPTH_LIMIT)].concat();
        assert!(first_as_der(&low).is_ok());
    }
}
