//! What the witness saw on a token.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// Everything on a token.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Dump {
    objects: Vec<Object>,
}

/// One object: every attribute that can be read, by name, in hexadecimal digits.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub struct Object {
    class: String,
    attributes: BTreeMap<String, String>,
}

impl Dump {
    pub(crate) fn read(answer: Value) -> Self {
        let mut dump: Self = serde_json::from_value(answer).unwrap();
        // Drivers list in any order.
        dump.objects.sort();
        dump
    }

    /// All objects, sorted by what they are.
    #[must_use]
    pub fn objects(&self) -> &[Object] {
        &self.objects
    }

    /// The keys, private, public and secret.
    #[must_use]
    pub fn keys(&self) -> Vec<&Object> {
        let keys = self.objects.iter();
        keys.filter(|object| object.class.ends_with("-key"))
            .collect()
    }

    /// The certificates.
    #[must_use]
    pub fn certificates(&self) -> Vec<&Object> {
        let all = self.objects.iter();
        all.filter(|object| object.class == "certificate").collect()
    }

    /// The certificates with these bytes.
    #[must_use]
    pub fn certificates_with(&self, der: &[u8]) -> Vec<&Object> {
        let wanted = hexadecimal(der);
        let mut certificates = self.certificates();
        certificates.retain(|object| object.attribute("CKA_VALUE") == Some(&wanted));
        certificates
    }
}

impl Object {
    /// An attribute in lower-case hexadecimal digits; `None` where the token does not tell it.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    /// The object without one attribute.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        let mut rest = self.clone();
        rest.attributes.remove(name);
        rest
    }

    /// The label as text.
    ///
    /// # Panics
    /// If it is absent or not UTF-8.
    #[must_use]
    pub fn label(&self) -> String {
        let digits = self.attribute("CKA_LABEL").unwrap();
        let pairs = digits.as_bytes().chunks_exact(2);
        let bytes =
            pairs.map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap());
        String::from_utf8(bytes.collect()).unwrap()
    }
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
