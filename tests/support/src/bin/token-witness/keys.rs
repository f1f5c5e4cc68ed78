//! Templates of key objects, made from the DER of a key.

use cryptoki_sys::*;

use crate::der::{
    BIT_STRING, Element, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, elements, magnitude, sequence,
};
use crate::driver::Attribute;

/// A private key object from an unencrypted PKCS#8 key, as a card's issuer would bring it in:
/// hidden before login, sensitive, for the given use.
pub(crate) fn private_key(
    pkcs8: &[u8],
    id: &[u8],
    label: &str,
    usage: &str,
) -> Option<Vec<Attribute>> {
    let parts = sequence(pkcs8)?;
    let [_version, algorithm, key, ..] = parts.as_slice() else {
        return None;
    };
    let mut template = common(CKO_PRIVATE_KEY, id, label);
    template.extend([
        Attribute::flag(CKA_PRIVATE, true),
        Attribute::flag(CKA_SENSITIVE, true),
        Attribute::flag(CKA_EXTRACTABLE, false),
        Attribute::flag(CKA_SIGN, usage != "decrypts"),
    ]);
    if usage == "signs-with-pin-each-time" {
        template.push(Attribute::flag(CKA_ALWAYS_AUTHENTICATE, true));
    }
    let numbers = sequence(key.content)?;
    if let Some(curve) = curve(algorithm)? {
        let scalar = numbers.iter().find(|one| one.tag == OCTET_STRING)?;
        template.extend([
            Attribute::number(CKA_KEY_TYPE, CKK_EC),
            Attribute::bytes(CKA_EC_PARAMS, curve.whole),
            Attribute::bytes(CKA_VALUE, scalar.content),
        ]);
        return Some(template);
    }
    let kinds = [
        CKA_MODULUS,
        CKA_PUBLIC_EXPONENT,
        CKA_PRIVATE_EXPONENT,
        CKA_PRIME_1,
        CKA_PRIME_2,
        CKA_EXPONENT_1,
        CKA_EXPONENT_2,
        CKA_COEFFICIENT,
    ];
    template.push(Attribute::number(CKA_KEY_TYPE, CKK_RSA));
    template.push(Attribute::flag(CKA_DECRYPT, true));
    for (kind, number) in kinds.into_iter().zip(numbers.iter().skip(1)) {
        template.push(Attribute::bytes(kind, &magnitude(number)?));
    }
    Some(template)
}

/// A public key object from a SubjectPublicKeyInfo.
pub(crate) fn public_key(info: &[u8], id: &[u8], label: &str) -> Option<Vec<Attribute>> {
    let parts = sequence(info)?;
    let [algorithm, bits] = parts.as_slice() else {
        return None;
    };
    // The first byte of a BIT STRING counts unused bits; a key has none.
    let key = (bits.tag == BIT_STRING).then(|| bits.content.get(1..))??;
    let mut template = common(CKO_PUBLIC_KEY, id, label);
    template.extend([
        Attribute::flag(CKA_PRIVATE, false),
        Attribute::flag(CKA_VERIFY, true),
    ]);
    if let Some(curve) = curve(algorithm)? {
        let mut point = vec![OCTET_STRING, u8::try_from(key.len()).ok()?];
        point.extend_from_slice(key);
        template.extend([
            Attribute::number(CKA_KEY_TYPE, CKK_EC),
            Attribute::bytes(CKA_EC_PARAMS, curve.whole),
            Attribute::bytes(CKA_EC_POINT, &point),
        ]);
        return Some(template);
    }
    let numbers = sequence(key)?;
    let [modulus, exponent] = numbers.as_slice() else {
        return None;
    };
    template.extend([
        Attribute::number(CKA_KEY_TYPE, CKK_RSA),
        Attribute::bytes(CKA_MODULUS, &magnitude(modulus)?),
        Attribute::bytes(CKA_PUBLIC_EXPONENT, &magnitude(exponent)?),
    ]);
    Some(template)
}

fn common(class: CK_OBJECT_CLASS, id: &[u8], label: &str) -> Vec<Attribute> {
    vec![
        Attribute::number(CKA_CLASS, class),
        Attribute::flag(CKA_TOKEN, true),
        Attribute::bytes(CKA_ID, id),
        Attribute::bytes(CKA_LABEL, label.as_bytes()),
    ]
}

/// The named curve of an AlgorithmIdentifier; inside, `None` for RSA, whose parameter is NULL.
fn curve<'a>(algorithm: &Element<'a>) -> Option<Option<Element<'a>>> {
    let parts = elements(algorithm.content)?;
    let [name, parameter] = parts.as_slice() else {
        return None;
    };
    (name.tag == OBJECT_IDENTIFIER && parameter.tag != INTEGER)
        .then(|| (parameter.tag == OBJECT_IDENTIFIER).then_some(*parameter))
}
