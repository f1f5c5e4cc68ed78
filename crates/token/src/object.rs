//! What is read from a token: objects with their attributes, and the public key an object shows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A handle of an object, valid in the driver process that gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ObjectHandle(pub u64);

/// The classes of object this program looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ObjectClass {
    /// `CKO_CERTIFICATE`
    Certificate,
    /// `CKO_PRIVATE_KEY`
    PrivateKey,
    /// `CKO_PUBLIC_KEY`
    PublicKey,
}

/// The attributes this program reads, by their PKCS#11 names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "each variant is the CKA_ attribute of the same name"
)]
pub enum AttributeType {
    AlwaysAuthenticate,
    AlwaysSensitive,
    CertificateCategory,
    CertificateType,
    CheckValue,
    Class,
    Copyable,
    Decrypt,
    Destroyable,
    EcParams,
    EcPoint,
    EndDate,
    Extractable,
    Id,
    Issuer,
    KeyType,
    Label,
    Local,
    Modifiable,
    Modulus,
    NeverExtractable,
    Private,
    PublicExponent,
    PublicKeyInfo,
    Sensitive,
    SerialNumber,
    Sign,
    StartDate,
    Subject,
    Token,
    Trusted,
    Url,
    Value,
}

impl AttributeType {
    /// Every attribute, in the order of the PKCS#11 numbers.
    pub const ALL: [Self; 33] = [
        Self::Class,
        Self::Token,
        Self::Private,
        Self::Label,
        Self::Value,
        Self::CertificateType,
        Self::Issuer,
        Self::SerialNumber,
        Self::Trusted,
        Self::CertificateCategory,
        Self::Url,
        Self::CheckValue,
        Self::KeyType,
        Self::Subject,
        Self::Id,
        Self::Sensitive,
        Self::Decrypt,
        Self::Sign,
        Self::StartDate,
        Self::EndDate,
        Self::Modulus,
        Self::PublicExponent,
        Self::PublicKeyInfo,
        Self::Extractable,
        Self::Local,
        Self::NeverExtractable,
        Self::AlwaysSensitive,
        Self::Modifiable,
        Self::Copyable,
        Self::Destroyable,
        Self::EcParams,
        Self::EcPoint,
        Self::AlwaysAuthenticate,
    ];

    /// The PKCS#11 number (`CKA_…`), the same on every platform.
    #[must_use]
    pub const fn number(self) -> u32 {
        match self {
            Self::Class => 0x000,
            Self::Token => 0x001,
            Self::Private => 0x002,
            Self::Label => 0x003,
            Self::Value => 0x011,
            Self::CertificateType => 0x080,
            Self::Issuer => 0x081,
            Self::SerialNumber => 0x082,
            Self::Trusted => 0x086,
            Self::CertificateCategory => 0x087,
            Self::Url => 0x089,
            Self::CheckValue => 0x090,
            Self::KeyType => 0x100,
            Self::Subject => 0x101,
            Self::Id => 0x102,
            Self::Sensitive => 0x103,
            Self::Decrypt => 0x105,
            Self::Sign => 0x108,
            Self::StartDate => 0x110,
            Self::EndDate => 0x111,
            Self::Modulus => 0x120,
            Self::PublicExponent => 0x122,
            Self::PublicKeyInfo => 0x129,
            Self::Extractable => 0x162,
            Self::Local => 0x163,
            Self::NeverExtractable => 0x164,
            Self::AlwaysSensitive => 0x165,
            Self::Modifiable => 0x170,
            Self::Copyable => 0x171,
            Self::Destroyable => 0x172,
            Self::EcParams => 0x180,
            Self::EcPoint => 0x181,
            Self::AlwaysAuthenticate => 0x202,
        }
    }

    /// The attribute with this PKCS#11 number, if the program reads it.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|attribute| attribute.number() == number)
    }
}

/// An object as read: the attributes the driver gave, as raw bytes. An attribute that is absent,
/// sensitive or longer than the cap is not in the map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// The handle under which it was read.
    pub handle: ObjectHandle,
    /// The class that was searched for.
    pub class: ObjectClass,
    /// Attribute values exactly as the driver returned them.
    pub attributes: BTreeMap<AttributeType, Vec<u8>>,
}

impl Object {
    /// The raw bytes of an attribute; `None` when the driver did not give it.
    #[must_use]
    pub fn bytes(&self, attribute: AttributeType) -> Option<&[u8]> {
        self.attributes.get(&attribute).map(Vec::as_slice)
    }

    /// `CKA_ID`, raw; empty when absent.
    #[must_use]
    pub fn id(&self) -> &[u8] {
        self.bytes(AttributeType::Id).unwrap_or_default()
    }

    /// Whether `CKA_ID` is this one. NULs at the end do not count: some drivers show certificates
    /// and public keys with one that the private key's id has not (Longmai, OpenSC issue 1270).
    #[must_use]
    pub fn has_id(&self, id: &[u8]) -> bool {
        without_trailing_nuls(self.id()) == without_trailing_nuls(id)
    }

    /// Whether it says that it is a certificate, and has no value, id, subject and label: what some
    /// drivers leave of a certificate that they refuse or only half remove.
    #[must_use]
    pub fn is_empty_certificate(&self) -> bool {
        let named = [AttributeType::Subject, AttributeType::Label];
        self.class == ObjectClass::Certificate
            && self.value().is_empty()
            && self.id().is_empty()
            && named
                .iter()
                .all(|name| self.bytes(*name).is_none_or(<[u8]>::is_empty))
    }

    /// `CKA_VALUE`, raw: the DER of a certificate; empty when absent.
    #[must_use]
    pub fn value(&self) -> &[u8] {
        self.bytes(AttributeType::Value).unwrap_or_default()
    }

    /// `CKA_LABEL` as text for display: UTF-8 with replacement, without NULs, control characters and
    /// outer blanks. For writing use [`Self::bytes`].
    #[must_use]
    pub fn label(&self) -> String {
        clean_text(self.bytes(AttributeType::Label).unwrap_or_default())
    }

    /// A `CK_BBOOL` attribute; `None` when absent or not one byte.
    #[must_use]
    pub fn flag(&self, attribute: AttributeType) -> Option<bool> {
        match self.bytes(attribute) {
            Some([byte]) => Some(*byte != 0),
            Some(_) | None => None,
        }
    }

    /// Whether the driver says that only a login shows it (`CKA_PRIVATE`).
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.flag(AttributeType::Private) == Some(true)
    }

    /// The public key this key object shows, normalised; `None` when it shows none.
    #[must_use]
    pub fn public_key(&self) -> Option<PublicKeyValue> {
        if let (Some(modulus), exponent) = (
            self.bytes(AttributeType::Modulus),
            self.bytes(AttributeType::PublicExponent),
        ) {
            let modulus = without_leading_zeros(modulus);
            if !modulus.is_empty() {
                let exponent = exponent
                    .map(without_leading_zeros)
                    .filter(|e| !e.is_empty());
                return Some(PublicKeyValue::Rsa {
                    modulus: modulus.to_vec(),
                    exponent: exponent.map(<[u8]>::to_vec),
                });
            }
        }
        let point = point_octets(self.bytes(AttributeType::EcPoint)?)?;
        Some(PublicKeyValue::Ec {
            point: point.to_vec(),
        })
    }
}

/// A public key as PKCS#11 shows it, in one form whatever the driver's habits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PublicKeyValue {
    /// Big-endian numbers without leading zeros; some drivers show no exponent.
    Rsa {
        /// The modulus.
        modulus: Vec<u8>,
        /// The public exponent, where the driver gives it.
        exponent: Option<Vec<u8>>,
    },
    /// The uncompressed point `04 || x || y`; its length tells the field size.
    Ec {
        /// The point.
        point: Vec<u8>,
    },
}

/// Which objects to look for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    /// Their class; the program never searches without one.
    pub class: ObjectClass,
    /// What they must have.
    pub by: SearchKey,
    /// Stop after this many (0 = all).
    pub limit: usize,
}

/// The attribute an object is searched by; raw bytes, exact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SearchKey {
    /// Every object of the class.
    All,
    /// `CKA_ID`
    Id(Vec<u8>),
    /// `CKA_SUBJECT`, DER
    Subject(Vec<u8>),
    /// `CKA_VALUE`, DER
    Value(Vec<u8>),
}

/// A certificate to be written: what every known driver accepts and no more
/// (PKCS#11 2.40, 4.6.3; measured on eleven modules).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCertificate {
    /// `CKA_VALUE`: one DER SEQUENCE.
    pub value: Vec<u8>,
    /// `CKA_SUBJECT`: DER Name.
    pub subject: Vec<u8>,
    /// `CKA_ISSUER`: DER Name.
    pub issuer: Vec<u8>,
    /// `CKA_SERIAL_NUMBER`: DER INTEGER.
    pub serial_number: Vec<u8>,
    /// `CKA_ID`: the private key's.
    pub id: Vec<u8>,
    /// `CKA_LABEL`: bytes as they are to stand; empty leaves the attribute out.
    pub label: Vec<u8>,
    /// `CKA_PRIVATE`: given, or left to the driver.
    pub private: Option<bool>,
}

/// What must be true, in the moment before it, for a certificate to be removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fence {
    /// The handle must hold a certificate with exactly this value: as it stands in the backup, or as
    /// this run left it there.
    pub expected_value: Vec<u8>,
    /// What must be there in its stead.
    pub instead: Instead,
}

/// What a token must hold in the stead of a certificate that is removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Instead {
    /// Under another handle, a certificate with exactly this value.
    Certificate {
        /// The other handle.
        handle: ObjectHandle,
        /// Its value, DER.
        value: Vec<u8>,
    },
    /// Nothing. Only where a person agreed that the backup is the way back, or for an object that
    /// this run made itself.
    Nothing,
}

/// Text from a token for display: no NULs, control characters or outer blanks.
#[must_use]
pub fn clean_text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = text.split('\0').next().unwrap_or_default();
    let text: String = text
        .chars()
        .filter(|character| !is_unprintable(*character))
        .collect();
    text.trim().to_owned()
}

/// Control characters, and the marks that turn the direction of text (they can disguise a name).
fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn without_leading_zeros(bytes: &[u8]) -> &[u8] {
    let first = bytes
        .iter()
        .position(|byte| *byte != 0)
        .unwrap_or(bytes.len());
    bytes.get(first..).unwrap_or_default()
}

/// An id without the NULs that some drivers put behind it. An id of nothing but NULs stays what it is.
#[must_use]
pub fn without_trailing_nuls(id: &[u8]) -> &[u8] {
    let last = id.iter().rposition(|byte| *byte != 0);
    last.and_then(|last| id.get(..=last)).unwrap_or(id)
}

/// The lengths of points on P-256, P-384 and P-521. In an OCTET STRING none has one of these.
const POINT_LENGTHS: [usize; 3] = [65, 97, 133];

/// The uncompressed point in a `CKA_EC_POINT`: raw, or wrapped in a DER OCTET STRING.
fn point_octets(bytes: &[u8]) -> Option<&[u8]> {
    match bytes {
        // first, because what follows may begin like the header of an OCTET STRING
        [0x04, ..] if POINT_LENGTHS.contains(&bytes.len()) => Some(bytes),
        // 04 <length> 04 …: an OCTET STRING; 04 81 <length> for P-521
        [0x04, length, rest @ ..]
            if usize::from(*length) == rest.len() && rest.first() == Some(&4) =>
        {
            Some(rest)
        }
        [0x04, 0x81, length, rest @ ..]
            if usize::from(*length) == rest.len() && rest.first() == Some(&4) =>
        {
            Some(rest)
        }
        [0x04, rest @ ..] if !rest.is_empty() && rest.len() % 2 == 0 => Some(bytes),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
