//! Quirks of reading: which objects are shown, what is shown of them, what a search answers.

use std::borrow::Cow;

use cryptoki_sys::*;

use super::{Profile, Quirk};
use crate::{
    attribute::RawAttribute,
    keys::{P256_PARAMETERS, P384_PARAMETERS, PrivateKey},
    object::Object,
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
