//! Subjects: name attributes in the order given, repeated as often as wanted.

use der::Tag;

use crate::IssueError;
use crate::encoding::{oid, sequence, tagged};

/// A distinguished name in the making. The order of the calls is the order in the certificate.
///
/// Values take the string types the real CA uses: PrintableString for the country and the serial
/// number attribute, IA5String for an e-mail address, UTF8String for the rest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    attributes: Vec<Attribute>,
}

/// One attribute: its type in dotted form, the value's string type and its content octets.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Attribute {
    oid: String,
    form: ValueForm,
    content: Vec<u8>,
}

/// The ASN.1 string type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueForm {
    /// UTF8String.
    Utf8,
    /// PrintableString.
    Printable,
    /// IA5String.
    Ia5,
    /// T61String (TeletexString), met in old certificates.
    Teletex,
    /// BMPString: two bytes a character, big end first, met in old certificates.
    Bmp,
}

impl Subject {
    /// A name with no attribute yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// C.
    #[must_use]
    pub fn country(self, value: &str) -> Self {
        self.attribute("2.5.4.6", ValueForm::Printable, value.as_bytes())
    }

    /// ST.
    #[must_use]
    pub fn state(self, value: &str) -> Self {
        self.attribute("2.5.4.8", ValueForm::Utf8, value.as_bytes())
    }

    /// L.
    #[must_use]
    pub fn locality(self, value: &str) -> Self {
        self.attribute("2.5.4.7", ValueForm::Utf8, value.as_bytes())
    }

    /// O.
    #[must_use]
    pub fn organization(self, value: &str) -> Self {
        self.attribute("2.5.4.10", ValueForm::Utf8, value.as_bytes())
    }

    /// One OU; call it again for the next one.
    #[must_use]
    pub fn organizational_unit(self, value: &str) -> Self {
        self.attribute("2.5.4.11", ValueForm::Utf8, value.as_bytes())
    }

    /// CN.
    #[must_use]
    pub fn common_name(self, value: &str) -> Self {
        self.attribute("2.5.4.3", ValueForm::Utf8, value.as_bytes())
    }

    /// title (T).
    #[must_use]
    pub fn title(self, value: &str) -> Self {
        self.attribute("2.5.4.12", ValueForm::Utf8, value.as_bytes())
    }

    /// serialNumber, the name attribute; not the certificate's serial number.
    #[must_use]
    pub fn serial_number(self, value: &str) -> Self {
        self.attribute("2.5.4.5", ValueForm::Printable, value.as_bytes())
    }

    /// UID, for instance `MST:0123456789`.
    #[must_use]
    pub fn uid(self, value: &str) -> Self {
        self.attribute(
            "0.9.2342.19200300.100.1.1",
            ValueForm::Utf8,
            value.as_bytes(),
        )
    }

    /// emailAddress inside the name; [`crate::Request::email`] is the usual place.
    #[must_use]
    pub fn email(self, value: &str) -> Self {
        self.attribute("1.2.840.113549.1.9.1", ValueForm::Ia5, value.as_bytes())
    }

    /// Any attribute type (dotted) with any content octets, also octets the form does not allow.
    #[must_use]
    pub fn attribute(mut self, oid: &str, form: ValueForm, content: &[u8]) -> Self {
        self.attributes.push(Attribute {
            oid: oid.to_owned(),
            form,
            content: content.to_vec(),
        });
        self
    }

    /// The Name as DER: one attribute in each RDN.
    pub(crate) fn to_der(&self) -> Result<Vec<u8>, IssueError> {
        let mut names = Vec::new();
        for attribute in &self.attributes {
            let value = tagged(attribute.form.tag(), &attribute.content)?;
            let pair = sequence(&[&oid(&attribute.oid)?, &value])?;
            names.extend(tagged(Tag::Set, &pair)?);
        }
        tagged(Tag::Sequence, &names)
    }
}

impl ValueForm {
    /// The universal tag of this string type.
    const fn tag(self) -> Tag {
        match self {
            Self::Utf8 => Tag::Utf8String,
            Self::Printable => Tag::PrintableString,
            Self::Ia5 => Tag::Ia5String,
            Self::Teletex => Tag::TeletexString,
            Self::Bmp => Tag::BmpString,
        }
    }
}
