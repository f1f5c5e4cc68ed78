//! An object of a token: its attributes, and what each caller may see of them.

use std::collections::BTreeMap;

use cryptoki_sys::*;
use serde::{Deserialize, Serialize};

use crate::attribute::{RawAttribute, Value};

/// A certificate, a key or a data object.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Object {
    attributes: BTreeMap<CK_ATTRIBUTE_TYPE, Value>,
}

impl Object {
    pub(crate) fn set(&mut self, attribute: CK_ATTRIBUTE_TYPE, value: Value) {
        self.attributes.insert(attribute, value);
    }

    pub(crate) fn set_flag(&mut self, attribute: CK_ATTRIBUTE_TYPE, flag: bool) {
        self.set(attribute, Value::Flag(flag));
    }

    pub(crate) fn set_number(&mut self, attribute: CK_ATTRIBUTE_TYPE, number: CK_ULONG) {
        self.set(attribute, Value::Number(number));
    }

    pub(crate) fn set_bytes(&mut self, attribute: CK_ATTRIBUTE_TYPE, bytes: impl Into<Vec<u8>>) {
        self.set(attribute, Value::Bytes(bytes.into()));
    }

    /// Changes an attribute of bytes, if it is there.
    pub(crate) fn change_bytes(
        &mut self,
        attribute: CK_ATTRIBUTE_TYPE,
        change: impl FnOnce(&[u8]) -> Vec<u8>,
    ) {
        if let Some(Value::Bytes(bytes)) = self.attributes.get_mut(&attribute) {
            *bytes = change(bytes);
        }
    }

    /// Drops the attributes that are not to stay.
    pub(crate) fn retain(&mut self, stays: impl Fn(CK_ATTRIBUTE_TYPE) -> bool) {
        self.attributes.retain(|attribute, _| stays(*attribute));
    }

    /// Gives the attribute a value unless it has one.
    pub(crate) fn set_default(&mut self, attribute: CK_ATTRIBUTE_TYPE, value: Value) {
        self.attributes.entry(attribute).or_insert(value);
    }

    pub(crate) fn value(&self, attribute: CK_ATTRIBUTE_TYPE) -> Option<&Value> {
        self.attributes.get(&attribute)
    }

    /// An absent flag is a false one.
    pub(crate) fn flag(&self, attribute: CK_ATTRIBUTE_TYPE) -> bool {
        matches!(self.value(attribute), Some(Value::Flag(true)))
    }

    pub(crate) fn number(&self, attribute: CK_ATTRIBUTE_TYPE) -> Option<CK_ULONG> {
        match self.value(attribute)? {
            Value::Number(number) => Some(*number),
            Value::Flag(_) | Value::Bytes(_) => None,
        }
    }

    pub(crate) fn bytes(&self, attribute: CK_ATTRIBUTE_TYPE) -> Option<&[u8]> {
        match self.value(attribute)? {
            Value::Bytes(bytes) => Some(bytes),
            Value::Flag(_) | Value::Number(_) => None,
        }
    }

    pub(crate) fn attribute_types(&self) -> impl Iterator<Item = CK_ATTRIBUTE_TYPE> {
        self.attributes.keys().copied()
    }

    pub(crate) fn class(&self) -> Option<CK_OBJECT_CLASS> {
        self.number(CKA_CLASS)
    }

    pub(crate) fn is_private(&self) -> bool {
        self.flag(CKA_PRIVATE)
    }

    pub(crate) fn is_on_token(&self) -> bool {
        self.flag(CKA_TOKEN)
    }

    /// Whether this attribute never leaves the token: the secret parts of a guarded private key.
    pub(crate) fn guards(&self, attribute: CK_ATTRIBUTE_TYPE) -> bool {
        let is_secret = matches!(
            attribute,
            CKA_PRIVATE_EXPONENT
                | CKA_PRIME_1
                | CKA_PRIME_2
                | CKA_EXPONENT_1
                | CKA_EXPONENT_2
                | CKA_COEFFICIENT
                | CKA_VALUE
        );
        is_secret
            && self.class() == Some(CKO_PRIVATE_KEY)
            && (self.flag(CKA_SENSITIVE) || !self.flag(CKA_EXTRACTABLE))
    }

    /// Whether every attribute of the search template is here with exactly these bytes. A guarded
    /// attribute never matches, or a search would tell the secret byte by byte.
    pub(crate) fn matches(&self, template: &[RawAttribute]) -> bool {
        template.iter().all(|wanted| {
            !self.guards(wanted.kind)
                && self
                    .value(wanted.kind)
                    .is_some_and(|value| value.encode() == wanted.bytes)
        })
    }

    /// How many bytes the attribute values take.
    pub(crate) fn size(&self) -> usize {
        self.attributes
            .values()
            .map(|value| value.encode().len())
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn private_key() -> Object {
        let mut key = Object::default();
        key.set_number(CKA_CLASS, CKO_PRIVATE_KEY);
        key.set_flag(CKA_SENSITIVE, true);
        key.set_bytes(CKA_PRIME_1, [7]);
        key.set_bytes(CKA_MODULUS, [77]);
        key
    }

    fn wanted(kind: CK_ATTRIBUTE_TYPE, bytes: &[u8]) -> Vec<RawAttribute> {
        let bytes = bytes.to_vec();
        vec![RawAttribute { kind, bytes }]
    }

    #[test]
    fn a_search_by_a_secret_part_finds_nothing() {
        assert!(private_key().matches(&wanted(CKA_MODULUS, &[77])));
        assert!(!private_key().matches(&wanted(CKA_PRIME_1, &[7])));
    }

    #[test]
    fn an_absent_attribute_matches_no_search() {
        assert!(!private_key().matches(&wanted(CKA_LABEL, &[])));
        assert!(private_key().matches(&[]));
    }

    #[test]
    fn an_extractable_key_that_is_not_sensitive_guards_nothing() {
        let mut key = private_key();
        assert!(key.guards(CKA_PRIME_1));
        key.set_flag(CKA_SENSITIVE, false);
        assert!(key.guards(CKA_PRIME_1));
        key.set_flag(CKA_EXTRACTABLE, true);
        assert!(!key.guards(CKA_PRIME_1));
    }
}
