//! The layout of a token's file: a mark, a version, a checksum, and the token in postcard's encoding.
//!
//! | Bytes | Content |
//! |---|---|
//! | 16 | `chungthu token` and two NUL bytes |
//! | 2 | version, little-endian; this program knows version 1 |
//! | 32 | SHA-256 of the rest |
//! | rest | the token |
//!
//! An empty file is a token that was never initialised.

use sha2::{Digest, Sha256};

use super::Token;

const MARK: [u8; 16] = *b"chungthu token\0\0";
const VERSION: [u8; 2] = 1_u16.to_le_bytes();

/// How many bytes the header has.
pub(super) const HEADER_LENGTH: usize = 50;

/// The bytes of a token's file.
pub(super) fn encode(token: &Token) -> Result<Vec<u8>, postcard::Error> {
    let body = postcard::to_stdvec(token)?;
    let mut bytes = Vec::with_capacity(HEADER_LENGTH + body.len());
    bytes.extend_from_slice(&MARK);
    bytes.extend_from_slice(&VERSION);
    bytes.extend_from_slice(&Sha256::digest(&body));
    bytes.extend_from_slice(&body);
    Ok(bytes)
}

/// The token in a file's bytes; `None` if they are damaged, foreign or of a later version.
pub(super) fn decode(bytes: &[u8]) -> Option<Token> {
    if bytes.is_empty() {
        return Some(Token::default());
    }
    let body = bytes.strip_prefix(&MARK)?.strip_prefix(&VERSION)?;
    let (checksum, body) = body.split_at_checked(32)?;
    if checksum != Sha256::digest(body).as_slice() {
        return None;
    }
    match postcard::take_from_bytes(body) {
        Ok((token, [])) => Some(token),
        Ok(_) | Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{object::Object, token::Pin};
    use cryptoki_sys::CKA_LABEL;

    fn token() -> Token {
        let mut token = Token::default();
        token
            .initialise("Văn thư", Pin::new("87654321").unwrap())
            .unwrap();
        let mut object = Object::default();
        object.set_bytes(CKA_LABEL, "Chứng thư");
        token.add(object);
        token
    }

    #[test]
    fn a_token_comes_back_as_it_went() {
        let token = token();
        assert_eq!(decode(&encode(&token).unwrap()), Some(token));
    }

    #[test]
    fn no_bytes_are_a_token_never_initialised() {
        assert!(!decode(&[]).unwrap().is_initialised());
    }

    #[test]
    fn any_changed_or_missing_byte_is_noticed() {
        let good = encode(&token()).unwrap();
        for position in 0..good.len() {
            let mut bad = good.clone();
            bad[position] ^= 0x40;
            assert_eq!(decode(&bad), None, "byte {position}");
            if position > 0 {
                assert_eq!(decode(&good[..position]), None, "cut at {position}");
            }
        }
    }
}
