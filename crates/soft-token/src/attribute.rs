//! Attributes: which ones the token knows, and how their values look inside and at the C boundary.

use cryptoki_sys::*;
use serde::{Deserialize, Serialize};

/// One attribute as the caller gave it: a type and bytes in the caller's own layout.
#[derive(Clone, Debug)]
pub(crate) struct RawAttribute {
    pub(crate) kind: CK_ATTRIBUTE_TYPE,
    pub(crate) bytes: Vec<u8>,
}

/// A value as the token keeps it. Numbers are numbers, so that a token file means the same on
/// systems whose `CK_ULONG` has another size.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) enum Value {
    Flag(bool),
    Number(CK_ULONG),
    Bytes(Vec<u8>),
}

impl Value {
    /// Reads a caller's bytes; `None` if they cannot be a value of this form.
    pub(crate) fn parse(form: Form, bytes: &[u8]) -> Option<Self> {
        match form {
            Form::Flag => match bytes {
                [0] => Some(Self::Flag(false)),
                [1] => Some(Self::Flag(true)),
                _ => None,
            },
            Form::Number => bytes
                .try_into()
                .ok()
                .map(|bytes| Self::Number(CK_ULONG::from_ne_bytes(bytes))),
            Form::Bytes => Some(Self::Bytes(bytes.to_vec())),
            Form::Date => is_date(bytes).then(|| Self::Bytes(bytes.to_vec())),
        }
    }

    /// The bytes a caller sees.
    pub(crate) fn encode(&self) -> Vec<u8> {
        match self {
            Self::Flag(flag) => vec![u8::from(*flag)],
            Self::Number(number) => number.to_ne_bytes().to_vec(),
            Self::Bytes(bytes) => bytes.clone(),
        }
    }
}

/// The form of an attribute's value at the C boundary.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Form {
    Flag,
    Number,
    Bytes,
    Date,
}

/// The form of an attribute this token knows, whatever the class of the object.
pub(crate) fn form(attribute: CK_ATTRIBUTE_TYPE) -> Option<Form> {
    let form = match attribute {
        CKA_TOKEN
        | CKA_PRIVATE
        | CKA_MODIFIABLE
        | CKA_COPYABLE
        | CKA_DESTROYABLE
        | CKA_TRUSTED
        | CKA_SENSITIVE
        | CKA_ALWAYS_SENSITIVE
        | CKA_EXTRACTABLE
        | CKA_NEVER_EXTRACTABLE
        | CKA_LOCAL
        | CKA_DERIVE
        | CKA_ENCRYPT
        | CKA_DECRYPT
        | CKA_SIGN
        | CKA_SIGN_RECOVER
        | CKA_VERIFY
        | CKA_VERIFY_RECOVER
        | CKA_WRAP
        | CKA_UNWRAP
        | CKA_WRAP_WITH_TRUSTED
        | CKA_ALWAYS_AUTHENTICATE => Form::Flag,
        CKA_CLASS
        | CKA_CERTIFICATE_TYPE
        | CKA_CERTIFICATE_CATEGORY
        | CKA_KEY_TYPE
        | CKA_KEY_GEN_MECHANISM
        | CKA_MODULUS_BITS => Form::Number,
        CKA_LABEL | CKA_ID | CKA_SUBJECT | CKA_ISSUER | CKA_SERIAL_NUMBER | CKA_VALUE
        | CKA_APPLICATION | CKA_OBJECT_ID | CKA_MODULUS | CKA_PUBLIC_EXPONENT
        | CKA_PRIVATE_EXPONENT | CKA_PRIME_1 | CKA_PRIME_2 | CKA_EXPONENT_1 | CKA_EXPONENT_2
        | CKA_COEFFICIENT | CKA_EC_PARAMS | CKA_EC_POINT => Form::Bytes,
        CKA_START_DATE | CKA_END_DATE => Form::Date,
        _ => return None,
    };
    Some(form)
}

/// A length as the C boundary has it.
pub(crate) fn number(length: usize) -> CK_ULONG {
    CK_ULONG::try_from(length).unwrap_or(CK_UNAVAILABLE_INFORMATION)
}

/// A `CK_DATE` is eight ASCII digits; an empty one means "no date".
fn is_date(bytes: &[u8]) -> bool {
    bytes.is_empty() || (bytes.len() == 8 && bytes.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_is_one_byte_of_zero_or_one() {
        assert_eq!(Value::parse(Form::Flag, &[1]), Some(Value::Flag(true)));
        assert_eq!(Value::parse(Form::Flag, &[2]), None);
        assert_eq!(Value::parse(Form::Flag, &[]), None);
    }

    #[test]
    fn a_number_has_the_size_of_this_platform() {
        let number = Value::Number(65537);
        assert_eq!(Value::parse(Form::Number, &number.encode()), Some(number));
        assert_eq!(Value::parse(Form::Number, &[1, 0]), None);
    }

    #[test]
    fn a_date_is_eight_digits_or_nothing() {
        assert!(Value::parse(Form::Date, b"20261123").is_some());
        assert!(Value::parse(Form::Date, b"").is_some());
        assert_eq!(Value::parse(Form::Date, b"2026-11-"), None);
    }
}
