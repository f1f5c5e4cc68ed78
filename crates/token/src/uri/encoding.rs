//! Percent-encoding as RFC 7512 has it.

use std::fmt::{self, Write as _};

/// Where a value stands; the query allows a few characters more than the path, and `&` not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Path,
    Query,
}

/// Whether a byte may stand for itself in a value (`pk11-pchar`, `pk11-qchar`).
pub(super) const fn is_allowed(byte: u8, part: Part) -> bool {
    match byte {
        b':' | b'[' | b']' | b'@' | b'!' | b'$' | b'\'' | b'(' | b')' | b'*' | b'+' | b','
        | b'=' => true,
        b'&' => matches!(part, Part::Path),
        b'/' | b'?' | b'|' => matches!(part, Part::Query),
        _ => is_unreserved(byte),
    }
}

/// The characters that are safe everywhere, in a shell too.
const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Writes a text; the RFC would let a few more characters stand for themselves, but a shell would
/// not. In a path to a file the slashes stay, for people.
pub(super) fn write_text(out: &mut fmt::Formatter<'_>, text: &str, part: Part) -> fmt::Result {
    for byte in text.bytes() {
        if is_unreserved(byte) || (part == Part::Query && byte == b'/') {
            out.write_char(char::from(byte))?;
        } else {
            write!(out, "%{byte:02X}")?;
        }
    }
    Ok(())
}

/// Writes bytes that are no text: each of them encoded.
pub(super) fn write_bytes(out: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(out, "%{byte:02X}"))
}

/// The bytes behind a value, or the offset in it of the first character that may not stand there.
pub(super) fn decode(value: &str, part: Part) -> Result<Vec<u8>, usize> {
    let mut decoded = Vec::with_capacity(value.len());
    let mut rest = value.bytes().enumerate();
    while let Some((offset, byte)) = rest.next() {
        if byte == b'%' {
            let mut digit = || {
                let (_, byte) = rest.next()?;
                u8::try_from(char::from(byte).to_digit(16)?).ok()
            };
            let (Some(high), Some(low)) = (digit(), digit()) else {
                return Err(offset);
            };
            decoded.push(high << 4 | low);
        } else if is_allowed(byte, part) {
            decoded.push(byte);
        } else {
            return Err(offset);
        }
    }
    Ok(decoded)
}
