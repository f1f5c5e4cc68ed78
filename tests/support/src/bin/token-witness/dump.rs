//! All that a token shows, as JSON: every object with every attribute that can be read.

use std::collections::BTreeMap;

use cryptoki_sys::*;
use serde::Serialize;

use crate::driver::{Refused, Session};

/// One object, with its attributes by name and in hexadecimal digits.
#[derive(Serialize)]
pub(crate) struct Object {
    class: &'static str,
    attributes: BTreeMap<&'static str, String>,
}

const CLASSES: [(&str, CK_OBJECT_CLASS); 5] = [
    ("data", CKO_DATA),
    ("certificate", CKO_CERTIFICATE),
    ("public-key", CKO_PUBLIC_KEY),
    ("private-key", CKO_PRIVATE_KEY),
    ("secret-key", CKO_SECRET_KEY),
];

macro_rules! named {
    ($($attribute:ident)*) => { &[$((stringify!($attribute), $attribute)),*] };
}

/// Every attribute of the standard that an object of these classes can have.
const ATTRIBUTES: &[(&str, CK_ATTRIBUTE_TYPE)] = named![
    CKA_CLASS CKA_TOKEN CKA_PRIVATE CKA_LABEL CKA_UNIQUE_ID CKA_APPLICATION CKA_VALUE CKA_OBJECT_ID
    CKA_CERTIFICATE_TYPE CKA_ISSUER CKA_SERIAL_NUMBER CKA_AC_ISSUER CKA_OWNER CKA_ATTR_TYPES
    CKA_TRUSTED CKA_CERTIFICATE_CATEGORY CKA_JAVA_MIDP_SECURITY_DOMAIN CKA_URL
    CKA_HASH_OF_SUBJECT_PUBLIC_KEY CKA_HASH_OF_ISSUER_PUBLIC_KEY CKA_NAME_HASH_ALGORITHM
    CKA_CHECK_VALUE CKA_KEY_TYPE CKA_SUBJECT CKA_ID CKA_SENSITIVE CKA_ENCRYPT CKA_DECRYPT CKA_WRAP
    CKA_UNWRAP CKA_SIGN CKA_SIGN_RECOVER CKA_VERIFY CKA_VERIFY_RECOVER CKA_DERIVE CKA_START_DATE
    CKA_END_DATE CKA_MODULUS CKA_MODULUS_BITS CKA_PUBLIC_EXPONENT CKA_PRIVATE_EXPONENT CKA_PRIME_1
    CKA_PRIME_2 CKA_EXPONENT_1 CKA_EXPONENT_2 CKA_COEFFICIENT CKA_PUBLIC_KEY_INFO CKA_PRIME
    CKA_SUBPRIME CKA_BASE CKA_PRIME_BITS CKA_SUB_PRIME_BITS CKA_VALUE_BITS CKA_VALUE_LEN
    CKA_EXTRACTABLE CKA_LOCAL CKA_NEVER_EXTRACTABLE CKA_ALWAYS_SENSITIVE CKA_KEY_GEN_MECHANISM
    CKA_MODIFIABLE CKA_COPYABLE CKA_DESTROYABLE CKA_EC_PARAMS CKA_EC_POINT CKA_ALWAYS_AUTHENTICATE
    CKA_WRAP_WITH_TRUSTED CKA_WRAP_TEMPLATE CKA_UNWRAP_TEMPLATE CKA_DERIVE_TEMPLATE
    CKA_ALLOWED_MECHANISMS CKA_ENCAPSULATE CKA_DECAPSULATE CKA_PARAMETER_SET CKA_SEED
    CKA_OBJECT_VALIDATION_FLAGS CKA_PROFILE_ID
];

pub(crate) fn objects(session: &Session<'_>) -> Result<Vec<Object>, Refused> {
    let mut objects = Vec::new();
    for (class, code) in CLASSES {
        for handle in session.find(code)? {
            let mut attributes = BTreeMap::new();
            for (name, kind) in ATTRIBUTES {
                if let Some(value) = session.attribute(handle, *kind)? {
                    attributes.insert(*name, hexadecimal(&value));
                }
            }
            objects.push(Object { class, attributes });
        }
    }
    Ok(objects)
}

/// How many objects of each class there are.
pub(crate) fn count(session: &Session<'_>) -> Result<BTreeMap<&'static str, usize>, Refused> {
    let mut counts = BTreeMap::new();
    for (class, code) in CLASSES {
        counts.insert(class, session.find(code)?.len());
    }
    Ok(counts)
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}
