//! A file as text: byte order marks, UTF-16 as Windows programs save it, and base64 without a frame.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// The end of a file that was cut is not padded, and its last letter may be half used.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The bytes without a byte order mark, and as UTF-8 if they were UTF-16. Anything else stays as it is.
pub(crate) fn as_utf8(bytes: &[u8]) -> Cow<'_, [u8]> {
    if let Some(text) = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]) {
        return Cow::Borrowed(text);
    }
    if let Some(text) = bytes.strip_prefix(&[0xFF, 0xFE]) {
        return Cow::Owned(from_utf16(text, u16::from_le_bytes));
    }
    if let Some(text) = bytes.strip_prefix(&[0xFE, 0xFF]) {
        return Cow::Owned(from_utf16(text, u16::from_be_bytes));
    }
    for unit in [u16::from_le_bytes, u16::from_be_bytes] {
        if is_utf16_without_mark(bytes, unit) {
            return Cow::Owned(from_utf16(bytes, unit));
        }
    }
    Cow::Borrowed(bytes)
}

/// True for UTF-8 without control characters other than white space.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| {
        text.chars()
            .all(|letter| !letter.is_control() || letter.is_whitespace())
    })
}

/// What this text says in base64, if it is nothing but base64 and white space. The end may be missing:
/// what was decoded tells by its own lengths whether it is whole.
pub(super) fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut letters: Vec<u8> = text
        .iter()
        .copied()
        .filter(|octet| !octet.is_ascii_whitespace())
        .collect();
    if letters.len() % 4 == 1 {
        // six bits are no byte
        letters.pop_if(|last| STANDARD.as_str().as_bytes().contains(last));
    }
    if letters.is_empty() {
        return None;
    }
    LENIENT.decode(letters).ok()
}

/// Half a letter at the end, or half a pair, becomes U+FFFD, which is no part of any certificate.
fn from_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Vec<u8> {
    let (units, rest) = bytes.as_chunks();
    let mut text = String::from_utf16_lossy(&units.iter().copied().map(unit).collect::<Vec<_>>());
    if !rest.is_empty() {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    text.into_bytes()
}

/// ASCII letters with a zero after each (little-endian UTF-16) or before each (big-endian), and nothing
/// else that has a certificate in it. DER begins with an octet that is not zero, and has an odd one that
/// is not zero within its first four.
fn is_utf16_without_mark(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> bool {
    let (units, rest) = bytes.as_chunks::<2>();
    rest.is_empty()
        && !units.is_empty()
        && units.iter().all(|octets| {
            u8::try_from(unit(*octets))
                .is_ok_and(|letter| letter.is_ascii_graphic() || letter.is_ascii_whitespace())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn every_form_of_unicode_becomes_the_same_utf_8() {
        let text = "-----BEGIN Chứng thư 𝛼\r\n";
        let little = utf16(text, u16::to_le_bytes);
        let big = utf16(text, u16::to_be_bytes);
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            [&[0xFF, 0xFE], little.as_slice()].concat(),
            [&[0xFE, 0xFF], big.as_slice()].concat(),
        ] {
            assert_eq!(*as_utf8(&bytes), *text.as_bytes());
        }
        for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            assert_eq!(*as_utf8(&utf16("MIIB\r\n", bytes)), *b"MIIB\r\n");
        }
    }

    #[test]
    fn utf_16_without_its_mark_is_not_guessed_from_other_bytes() {
        for bytes in [
            b"\x30\x00".repeat(3).as_slice()[..5].to_vec(),
            b"\x30\x82\x01\x00".to_vec(),
            b"M\0I\x01".to_vec(),
            b"\0M\x01I".to_vec(),
            b"M\0\0I".to_vec(),
            b"\0M\0".to_vec(),
            Vec::new(),
        ] {
            assert!(matches!(as_utf8(&bytes), Cow::Borrowed(_)), "{bytes:X?}");
        }
    }

    #[test]
    fn half_a_letter_is_seen() {
        let text = as_utf8(b"\xFF\xFEM\0I").into_owned();
        assert_eq!(String::from_utf8(text).unwrap(), "M\u{FFFD}");
    }

    #[test]
    fn base64_may_be_wrapped_or_cut_and_nothing_else() {
        assert_eq!(
            from_base64(b" MAMC\r\nAQU=\n"),
            Some(vec![0x30, 3, 2, 1, 5])
        );
        assert_eq!(from_base64(b"MAMCAQU"), Some(vec![0x30, 3, 2, 1, 5]));
        assert_eq!(from_base64(b"MAMCA"), Some(vec![0x30, 3, 2]));
        for other in [b"MAMC!".as_slice(), b"MA=C", b"MA-_", b"", b" \n", b"M"] {
            assert_eq!(from_base64(other), None, "{}", other.escape_ascii());
        }
    }
}
