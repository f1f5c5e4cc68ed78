//! Distinguished names: ordered attributes, text from any string type, and the raw DER.

use x509_parser::asn1_rs::{Oid, Tag};

use crate::digest::upper_hex;
use crate::elements::{dotted, inside};

const COMMON_NAME: &str = "2.5.4.3";
const SERIAL_NUMBER: &str = "2.5.4.5";
const COUNTRY: &str = "2.5.4.6";
const LOCALITY: &str = "2.5.4.7";
const STATE: &str = "2.5.4.8";
const ORGANIZATION: &str = "2.5.4.10";
const ORGANIZATIONAL_UNIT: &str = "2.5.4.11";
const TITLE: &str = "2.5.4.12";
const UID: &str = "0.9.2342.19200300.100.1.1";
const EMAIL: &str = "1.2.840.113549.1.9.1";

/// Attribute types with a name that people and other programs know (IANA's LDAP descriptors, and
/// emailAddress of RFC 2985).
const SHORT_NAMES: [(&str, &str); 18] = [
    (COMMON_NAME, "CN"),
    ("2.5.4.4", "SN"),
    (SERIAL_NUMBER, "serialNumber"),
    (COUNTRY, "C"),
    (LOCALITY, "L"),
    (STATE, "ST"),
    ("2.5.4.9", "STREET"),
    (ORGANIZATION, "O"),
    (ORGANIZATIONAL_UNIT, "OU"),
    (TITLE, "title"),
    ("2.5.4.13", "description"),
    ("2.5.4.17", "postalCode"),
    ("2.5.4.20", "telephoneNumber"),
    ("2.5.4.42", "GN"),
    ("2.5.4.97", "organizationIdentifier"),
    ("0.9.2342.19200300.100.1.25", "DC"),
    (UID, "UID"),
    (EMAIL, "emailAddress"),
];

/// An X.501 name. Two are equal if their DER is.
#[derive(Debug, Clone)]
pub struct DistinguishedName {
    der: Vec<u8>,
    attributes: Vec<NameAttribute>,
}

/// One attribute of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameAttribute {
    /// Type in dotted form.
    pub oid: String,
    /// The name of the type, where it has a common one: `CN`, `OU`, `emailAddress`.
    pub short_name: Option<&'static str>,
    /// The value as text. Octets that are no text in their string type become U+FFFD here; the DER
    /// keeps them.
    pub value: String,
    /// Number of the relative distinguished name it stands in, counted from 0. Attributes of one RDN
    /// share it; almost always there is one in each.
    pub rdn: usize,
    /// The value's whole TLV.
    value_der: Vec<u8>,
}

impl DistinguishedName {
    /// Reads a Name; nothing may follow it, and nothing in it is passed over.
    pub(crate) fn from_der(der: &[u8]) -> Option<Self> {
        let mut attributes = Vec::new();
        for (rdn, set) in inside(der, Tag::Sequence)?.iter().enumerate() {
            let pairs = inside(set.tlv, Tag::Set)?;
            if pairs.is_empty() {
                return None;
            }
            for pair in pairs {
                attributes.push(NameAttribute::from_der(pair.tlv, rdn)?);
            }
        }
        Some(Self {
            der: der.to_vec(),
            attributes,
        })
    }

    /// The Name as it stands in the certificate, DER (for `CKA_SUBJECT` and `CKA_ISSUER`).
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// All attributes in the order of the certificate.
    #[must_use]
    pub fn attributes(&self) -> &[NameAttribute] {
        &self.attributes
    }

    /// CN; the last one if there are several (the most specific by X.500's order).
    #[must_use]
    pub fn common_name(&self) -> Option<&str> {
        self.all(COMMON_NAME).last()
    }

    /// O, the first one.
    #[must_use]
    pub fn organization(&self) -> Option<&str> {
        self.first(ORGANIZATION)
    }

    /// Every OU in the order of the certificate: the CA repeats it, from the larger unit to the smaller.
    #[must_use]
    pub fn organizational_units(&self) -> Vec<&str> {
        self.all(ORGANIZATIONAL_UNIT).collect()
    }

    /// L.
    #[must_use]
    pub fn locality(&self) -> Option<&str> {
        self.first(LOCALITY)
    }

    /// ST.
    #[must_use]
    pub fn state(&self) -> Option<&str> {
        self.first(STATE)
    }

    /// C.
    #[must_use]
    pub fn country(&self) -> Option<&str> {
        self.first(COUNTRY)
    }

    /// emailAddress inside the name, the first one. The usual place is the subject alternative name:
    /// see [`crate::Certificate::emails`].
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.first(EMAIL)
    }

    /// title.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.first(TITLE)
    }

    /// UID, for instance `MST:0123456789`.
    #[must_use]
    pub fn uid(&self) -> Option<&str> {
        self.first(UID)
    }

    /// serialNumber, the name attribute; not the certificate's serial number.
    #[must_use]
    pub fn serial_number(&self) -> Option<&str> {
        self.first(SERIAL_NUMBER)
    }

    /// The name as RFC 4514 writes it: last RDN first, special characters escaped, `+` between the
    /// attributes of one RDN. Types without a common name are dotted with `#` and the value's DER.
    /// Control characters are escaped too (the RFC allows it), so the string is safe on a terminal.
    #[must_use]
    pub fn to_rfc4514(&self) -> String {
        let mut text = String::new();
        let mut previous: Option<usize> = None;
        let mut ordered: Vec<&NameAttribute> = self.attributes.iter().collect();
        // Stable: attributes of one RDN keep their order.
        ordered.sort_by_key(|attribute| std::cmp::Reverse(attribute.rdn));
        for attribute in ordered {
            match previous {
                None => {}
                Some(rdn) if rdn == attribute.rdn => text.push('+'),
                Some(_) => text.push(','),
            }
            attribute.write_rfc4514(&mut text);
            previous = Some(attribute.rdn);
        }
        text
    }

    /// Every value of the type (dotted), in order.
    pub(crate) fn all<'a>(&'a self, oid: &'a str) -> impl Iterator<Item = &'a str> {
        self.attributes
            .iter()
            .filter(move |attribute| attribute.oid == oid)
            .map(|attribute| attribute.value.as_str())
    }

    fn first(&self, oid: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|attribute| attribute.oid == oid)
            .map(|attribute| attribute.value.as_str())
    }
}

impl PartialEq for DistinguishedName {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for DistinguishedName {}

impl std::fmt::Display for DistinguishedName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.to_rfc4514())
    }
}

impl NameAttribute {
    fn from_der(pair: &[u8], rdn: usize) -> Option<Self> {
        let parts = inside(pair, Tag::Sequence)?;
        let [kind, value] = parts.as_slice() else {
            return None;
        };
        if !kind.is(Tag::Oid) || kind.content.is_empty() {
            return None;
        }
        let oid = dotted(&Oid::new(kind.content.into()));
        let short_name = SHORT_NAMES
            .iter()
            .find(|(known, _)| *known == oid)
            .map(|(_, name)| *name);
        // A value of another class has no string type to go by.
        let tag = if value.is_universal {
            value.tag
        } else {
            Tag::OctetString
        };
        Some(Self {
            oid,
            short_name,
            value: text(tag, value.content),
            rdn,
            value_der: value.tlv.to_vec(),
        })
    }

    fn write_rfc4514(&self, text: &mut String) {
        let Some(name) = self.short_name else {
            text.push_str(&self.oid);
            text.push_str("=#");
            text.push_str(&upper_hex(&self.value_der));
            return;
        };
        text.push_str(name);
        text.push('=');
        let last = self.value.chars().count().saturating_sub(1);
        for (place, letter) in self.value.chars().enumerate() {
            let at_an_end = place == 0 || place == last;
            match letter {
                '"' | '+' | ',' | ';' | '<' | '>' | '\\' => text.extend(['\\', letter]),
                '#' if place == 0 => text.push_str("\\#"),
                ' ' if at_an_end => text.push_str("\\ "),
                control if control.is_control() => {
                    let mut octets = [0; 4];
                    for octet in control.encode_utf8(&mut octets).as_bytes() {
                        text.push('\\');
                        text.push_str(&upper_hex(&[*octet]));
                    }
                }
                plain => text.push(plain),
            }
        }
    }
}

/// The text of a value by its string type.
fn text(tag: Tag, octets: &[u8]) -> String {
    match tag {
        Tag::BmpString => {
            let units: Vec<u16> = octets
                .chunks(2)
                .map(|pair| match pair {
                    [high, low] => u16::from_be_bytes([*high, *low]),
                    _ => char::REPLACEMENT_CHARACTER as u16,
                })
                .collect();
            String::from_utf16_lossy(&units)
        }
        Tag::UniversalString => octets
            .chunks(4)
            .map(|four| match four {
                [a, b, c, d] => char::from_u32(u32::from_be_bytes([*a, *b, *c, *d]))
                    .unwrap_or(char::REPLACEMENT_CHARACTER),
                _ => char::REPLACEMENT_CHARACTER,
            })
            .collect(),
        // T.61 proper is never met: programs write UTF-8 or Latin-1 under this tag.
        Tag::T61String => std::str::from_utf8(octets).map_or_else(
            |_| octets.iter().copied().map(char::from).collect(),
            str::to_owned,
        ),
        _ => String::from_utf8_lossy(octets).into_owned(),
    }
}

#[cfg(test)]
mod tests;
