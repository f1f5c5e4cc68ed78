//! Digests and how they are written.

use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};

/// SHA-256 of the bytes.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    for (place, octet) in out.iter_mut().zip(digest(&SHA256, bytes).as_ref()) {
        *place = *octet;
    }
    out
}

/// SHA-1 of the bytes: a fingerprint people compare by eye, never a proof.
pub(crate) fn sha1(bytes: &[u8]) -> [u8; 20] {
    let mut out = [0; 20];
    for (place, octet) in out
        .iter_mut()
        .zip(digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref())
    {
        *place = *octet;
    }
    out
}

/// Upper-case hexadecimal without separators, as the contract writes serial numbers and fingerprints.
#[must_use]
pub fn upper_hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for octet in bytes {
        for nibble in [octet >> 4, octet & 0x0F] {
            text.extend(
                char::from_digit(u32::from(nibble), 16).map(|digit| digit.to_ascii_uppercase()),
            );
        }
    }
    text
}

/// Lower-case hexadecimal without separators, as the contract writes key ids.
#[must_use]
pub fn lower_hex(bytes: &[u8]) -> String {
    upper_hex(bytes).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_is_upper_case_and_keeps_leading_zeros() {
        assert_eq!(upper_hex(&[0x00, 0x0A, 0xFF]), "000AFF");
        assert_eq!(upper_hex(&[]), "");
    }

    #[test]
    fn digests_are_those_of_the_standards() {
        assert!(upper_hex(&sha256(b"abc")).starts_with("BA7816BF8F01CFEA"));
        assert!(upper_hex(&sha1(b"abc")).starts_with("A9993E364706816A"));
    }
}
