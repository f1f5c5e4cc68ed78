//! Quirks of reading: which objects are shown, what is shown of them, what searches and keys answer.

use std::borrow::Cow;

use cryptoki_sys::*;

use super::{Profile, Quirk};
use crate::{
    attribute::RawAttribute,
    keys::{P256_PARAMETERS, P384_PARAMETERS, PrivateKey},
    library::Reading,
    object::Object,
    refusal::Refusal,
};

/// `ECParameters` with the whole curve in them (RFC 3279, 2.3.5), as OpenSSL writes them.
pub(super) const P256_EXPLICIT: &[u8] = include_bytes!("p-256-explicit.der");
pub(super) const P384_EXPLICIT: &[u8] = include_bytes!("p-384-explicit.der");

/// What tells of a private key which public key it belongs to.
const PUBLIC_VALUES: [CK_ATTRIBUTE_TYPE; 4] = [
    CKA_MODULUS,
    CKA_PUBLIC_EXPONENT,
    CKA_EC_POINT,
    CKA_PUBLIC_KEY_INFO,
];

/// What some drivers cannot search by.
const UNSEARCHED: [CK_ATTRIBUTE_TYPE; 2] = [CKA_VALUE, CKA_MODULUS];

/// What a driver tells rightly that answers nonsense for all that is optional.
const NEEDED: [CK_ATTRIBUTE_TYPE; 9] = [
    CKA_CLASS,
    CKA_VALUE,
    CKA_ID,
    CKA_CERTIFICATE_TYPE,
    CKA_KEY_TYPE,
    CKA_MODULUS,
    CKA_PUBLIC_EXPONENT,
    CKA_EC_PARAMS,
    CKA_EC_POINT,
];

/// How many objects a search tells before it fails.
const BEFORE_FAILURE: usize = 2;

impl Profile {
    /// Whether a program sees this object. Without quirks, private objects are for the user alone.
    pub(crate) fn shows(self, object: &Object, to_user: bool) -> bool {
        let class = object.class();
        if class == Some(CKO_PUBLIC_KEY) && self.has(Quirk::NoPublicKeyObjects) {
            return false;
        }
        if to_user {
            return true;
        }
        let is_open = !object.is_private()
            || class == Some(CKO_PRIVATE_KEY) && self.has(Quirk::PrivateKeysShownBeforeLogin);
        is_open && !self.has(Quirk::HidesEverythingBeforeLogin)
    }

    /// The object as a program sees it.
    pub(crate) fn view(self, object: &Object) -> Cow<'_, Object> {
        let mut view = Cow::Borrowed(object);
        if self == Self::PLAIN {
            return view;
        }
        let shown = view.to_mut();
        let class = shown.class();
        if class == Some(CKO_PRIVATE_KEY) {
            self.change_private_key(shown);
        } else if self.has(Quirk::TrailingNulIds) {
            shown.change_bytes(CKA_ID, with_trailing_nul);
        }
        if self.has(Quirk::RawEcPoints) {
            shown.change_bytes(CKA_EC_POINT, without_octet_string);
        }
        if self.has(Quirk::ExplicitEcParameters) {
            shown.change_bytes(CKA_EC_PARAMS, explicit);
        }
        if self.has(Quirk::LeadingZeroModulus) {
            shown.change_bytes(CKA_MODULUS, |modulus| [&[0], modulus].concat());
        }
        view
    }

    fn change_private_key(self, shown: &mut Object) {
        if self.has(Quirk::EcPointsOnPrivateKeys)
            && let Some(key) = PrivateKey::from_object(shown)
        {
            let mut public = Object::default();
            key.write_public(&mut public);
            if let Some(point) = public.bytes(CKA_EC_POINT) {
                shown.set_bytes(CKA_EC_POINT, point);
            }
        }
        if self.has(Quirk::NoPublicValuesOnPrivateKeys) {
            shown.retain(|attribute| !PUBLIC_VALUES.contains(&attribute));
        }
    }

    /// Whether a search with this template is carried out, and not just answered with nothing.
    pub(crate) fn searches(self, template: &[RawAttribute]) -> bool {
        let cannot = |wanted: &RawAttribute| UNSEARCHED.contains(&wanted.kind);
        !(self.has(Quirk::NoSearchByValue) && template.iter().any(cannot))
    }

    /// Whether a search finds all that is shown.
    pub(crate) fn ignores_search_template(self) -> bool {
        self.has(Quirk::SearchIgnoresTemplate)
    }

    /// How many objects the next step of a search tells, of `wanted`, when `told` were told before.
    pub(crate) fn portion(self, wanted: usize, told: usize, left: usize) -> Result<usize, Refusal> {
        let mut most = wanted;
        if self.has(Quirk::SearchFailsAfterTwo) {
            most = most.min(BEFORE_FAILURE.saturating_sub(told));
            if most == 0 && wanted > 0 && left > 0 {
                return Err(Refusal(CKR_DEVICE_ERROR));
            }
        }
        if self.has(Quirk::FindsOneAtATime) {
            most = most.min(1);
        }
        Ok(most)
    }

    /// What `C_GetAttributeValue` answers instead.
    pub(crate) fn answer_readings(
        self,
        wanted: &[CK_ATTRIBUTE_TYPE],
        mut readings: Vec<Reading>,
    ) -> Result<Vec<Reading>, Refusal> {
        for (reading, attribute) in readings.iter_mut().zip(wanted) {
            let is_absent = matches!(reading, Reading::Absent);
            let lies = is_absent && self.has(Quirk::NonsenseLengths);
            let lies_of_optional =
                self.has(Quirk::OptionalNonsenseLengths) && !NEEDED.contains(attribute);
            if lies || lies_of_optional {
                let turn = match attribute % 3 {
                    0 => 1 << 31,
                    1 => CK_ULONG::MAX - 1,
                    _ => CK_ULONG::MAX / 2 + 1,
                };
                *reading = Reading::Length(turn);
            } else if is_absent && self.has(Quirk::AbsentIsOk) {
                *reading = Reading::Length(CK_UNAVAILABLE_INFORMATION);
            } else if let Reading::Value(value) = reading
                && self.has(Quirk::LengthsBeyondBuffers)
            {
                *reading = Reading::Beyond(std::mem::take(value));
            }
        }
        if self.has(Quirk::OneBadAttributeFailsAll) {
            for reading in &readings {
                match reading {
                    Reading::Absent => return Err(Refusal(CKR_ATTRIBUTE_TYPE_INVALID)),
                    Reading::Guarded => return Err(Refusal(CKR_ATTRIBUTE_SENSITIVE)),
                    Reading::Value(_) | Reading::Length(_) | Reading::Beyond(_) => {}
                }
            }
        }
        Ok(readings)
    }

    /// Whether keys sign with this mechanism.
    pub(crate) fn accept_mechanism(self, mechanism: CK_MECHANISM_TYPE) -> Result<(), Refusal> {
        let hashes = matches!(mechanism, CKM_SHA256_RSA_PKCS | CKM_ECDSA_SHA256);
        let refused = if hashes {
            Quirk::NoHashingMechanisms
        } else {
            Quirk::NoPlainMechanisms
        };
        if self.has(refused) {
            return Err(Refusal(CKR_MECHANISM_INVALID));
        }
        Ok(())
    }
}

fn with_trailing_nul(id: &[u8]) -> Vec<u8> {
    match id {
        [] | [.., 0] => id.to_vec(),
        _ => [id, &[0]].concat(),
    }
}

/// The points here are shorter than 128 bytes, so their DER header has two bytes.
fn without_octet_string(point: &[u8]) -> Vec<u8> {
    point.get(2..).unwrap_or_default().to_vec()
}

fn explicit(named: &[u8]) -> Vec<u8> {
    if named == P256_PARAMETERS {
        P256_EXPLICIT.to_vec()
    } else if named == P384_PARAMETERS {
        P384_EXPLICIT.to_vec()
    } else {
        named.to_vec()
    }
}
