//! Quirks of writing: who may, what is refused, where a certificate goes, what is answered.

use std::{borrow::Cow, process};

use cryptoki_sys::*;

use super::{Profile, Quirk};
use crate::{
    attribute::RawAttribute,
    library::Role,
    object::Object,
    refusal::Refusal,
    token::{ObjectNumber, Store, Token},
};

/// The one label of a token that takes no other.
const OWN_LABEL: &str = "Certificate";

/// What is left of a certificate that is half made.
const LEFT_OVER: [CK_ATTRIBUTE_TYPE; 7] = [
    CKA_CLASS,
    CKA_CERTIFICATE_TYPE,
    CKA_TOKEN,
    CKA_PRIVATE,
    CKA_MODIFIABLE,
    CKA_COPYABLE,
    CKA_DESTROYABLE,
];

/// How much a token takes; `None` for whatever comes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    /// So many certificates.
    count: Option<usize>,
    /// A certificate of so many bytes.
    length: Option<usize>,
}

impl Profile {
    /// The flags that the token has beside its own.
    pub(crate) fn token_flags(self) -> CK_FLAGS {
        if self.has(Quirk::WriteProtected) {
            CKF_WRITE_PROTECTED
        } else {
            0
        }
    }

    /// Whether sessions that may write are opened.
    pub(crate) fn accept_writing_session(self) -> Result<(), Refusal> {
        refuse_if(self.has(Quirk::WriteProtected), CKR_TOKEN_WRITE_PROTECTED)
    }

    /// Whether token objects are made, changed and destroyed at all.
    pub(crate) fn accept_change(self) -> Result<(), Refusal> {
        refuse_if(self.has(Quirk::ReadOnly), CKR_FUNCTION_NOT_SUPPORTED)
    }

    /// Whether this login may write. Without quirks it is the user's that may.
    pub(crate) fn accept_writer(self, login: Option<Role>) -> Result<(), Refusal> {
        let is_user = login == Some(Role::User);
        if !self.has(Quirk::WritesNeedSo) {
            return refuse_if(!is_user, CKR_USER_NOT_LOGGED_IN);
        }
        refuse_if(is_user, CKR_USER_TYPE_INVALID)?;
        refuse_if(login.is_none(), CKR_USER_NOT_LOGGED_IN)
    }

    /// What becomes of values that a program hands over, in whichever template.
    pub(crate) fn take(self, template: &[RawAttribute]) {
        let has_empty = template.iter().any(|given| given.bytes.is_empty());
        if has_empty && self.has(Quirk::EmptyAttributeCrashes) {
            process::abort();
        }
    }

    /// The object that is made of this template instead.
    pub(crate) fn shape(self, template: &[RawAttribute], mut object: Object) -> Object {
        if !is_certificate(&object) {
            return object;
        }
        let names_private = template.iter().any(|given| given.kind == CKA_PRIVATE);
        if self.has(Quirk::PrivateByDefault) && !names_private {
            object.set_flag(CKA_PRIVATE, true);
        }
        if self.has(Quirk::SessionObjects) {
            object.set_flag(CKA_TOKEN, false);
        }
        if self.has(Quirk::FirstByteOfIds) {
            object.change_bytes(CKA_ID, first_byte);
        }
        if self.has(Quirk::CutsCertificates) {
            object.change_bytes(CKA_VALUE, |value| {
                value
                    .split_last()
                    .map_or_else(Vec::new, |(_, rest)| rest.to_vec())
            });
        }
        object
    }

    /// Whether objects are destroyed now.
    pub(crate) fn accept_destruction(self, is_searching: bool) -> Result<(), Refusal> {
        let refuses = self.has(Quirk::DestroyFailsDuringSearch) && is_searching;
        refuse_if(refuses, CKR_OPERATION_ACTIVE)
    }

    /// Whether an object is made from this template, which is a right one.
    pub(crate) fn accept_template(
        self,
        template: &[RawAttribute],
        object: &Object,
    ) -> Result<(), Refusal> {
        if !is_certificate(object) {
            return Ok(());
        }
        let names_private = template.iter().any(|given| given.kind == CKA_PRIVATE);
        refuse_if(self.has(Quirk::RefusesCertificates), CKR_FUNCTION_FAILED)?;
        refuse_if(
            self.has(Quirk::RefusesPrivateAttribute) && names_private,
            CKR_TEMPLATE_INCONSISTENT,
        )?;
        refuse_if(
            self.has(Quirk::WantsPrivateTrue) && !object.is_private(),
            CKR_TEMPLATE_INCONSISTENT,
        )
    }

    /// What stays on the token of an object that is refused.
    pub(crate) fn left_over(self, object: &Object) -> Option<Object> {
        let leaves = self.has(Quirk::HalfMadeObjects) && is_certificate(object);
        leaves.then(|| half_of(object))
    }

    /// Whether a new token object is kept by this process instead of being stored.
    pub(crate) fn forgets(self, object: &Object) -> bool {
        self.has(Quirk::ForgetsNewCertificates) && is_certificate(object)
    }

    /// How much the token takes, by what is on it now.
    pub(crate) fn room(self, store: &mut Store) -> Room {
        let measure = |quirk, measure: fn(&Token) -> usize, store: &mut Store| {
            self.has(quirk).then(|| store.read().map_or(0, measure))
        };
        let count = |token: &Token| certificates(token).count();
        let longest = |token: &Token| {
            let lengths = certificates(token).map(|(_, certificate)| length(certificate));
            lengths.max().unwrap_or_default()
        };
        Room {
            count: measure(Quirk::NoRoom, count, store),
            length: measure(Quirk::NoLargerCertificate, longest, store),
        }
    }

    /// Puts a new object on the token, where `room` is what [`Self::room`] said at the start.
    pub(crate) fn place(
        self,
        token: &mut Token,
        mut object: Object,
        room: Room,
    ) -> Result<ObjectNumber, Refusal> {
        if !is_certificate(&object) {
            return Ok(token.add(object));
        }
        if self.has(Quirk::RewritesLabels) {
            object.set_bytes(CKA_LABEL, OWN_LABEL);
        }
        let takes_anothers_label = certificates(token).any(|(_, other)| {
            let label = other.bytes(CKA_LABEL).unwrap_or_default();
            !label.is_empty()
                && object.bytes(CKA_LABEL) == Some(label)
                && object.bytes(CKA_SUBJECT) != other.bytes(CKA_SUBJECT)
        });
        refuse_if(
            self.has(Quirk::RefusesLabelOfOtherSubject) && takes_anothers_label,
            CKR_ATTRIBUTE_VALUE_INVALID,
        )?;
        let under_id: Vec<ObjectNumber> = certificates(token)
            .filter(|(_, other)| {
                let id = other.bytes(CKA_ID).unwrap_or_default();
                !id.is_empty() && object.bytes(CKA_ID) == Some(id)
            })
            .map(|(number, _)| number)
            .collect();
        if let Some(first) = under_id.first() {
            refuse_if(self.has(Quirk::OneCertificatePerId), CKR_GENERAL_ERROR)?;
            if self.has(Quirk::OverwritesInPlace) {
                token.objects.insert(*first, object);
                return Ok(*first);
            }
        }
        if self.has(Quirk::ReplacesUnderNewHandle) {
            token.objects.retain(|number, _| !under_id.contains(number));
        }
        let is_full = room
            .count
            .is_some_and(|count| certificates(token).count() >= count);
        let is_too_long = room.length.is_some_and(|longest| length(&object) > longest);
        refuse_if(is_full || is_too_long, CKR_DEVICE_MEMORY)?;
        Ok(token.add(object))
    }

    /// The answer to the making of an object that is stored by now.
    pub(crate) fn answer_to_stored(self, object: &Object) -> Result<(), Refusal> {
        let denies = self.has(Quirk::FailsButStores) && is_certificate(object);
        refuse_if(denies, CKR_GENERAL_ERROR)
    }

    /// What is left of a change of this object's attributes.
    pub(crate) fn accept_attributes<'a>(
        self,
        object: &Object,
        template: &'a [RawAttribute],
    ) -> Result<Cow<'a, [RawAttribute]>, Refusal> {
        let is_id = |wanted: &RawAttribute| wanted.kind == CKA_ID;
        if !is_certificate(object) || !template.iter().any(is_id) {
            return Ok(template.into());
        }
        refuse_if(self.has(Quirk::RefusesIdChange), CKR_ATTRIBUTE_READ_ONLY)?;
        let mut template = Cow::Borrowed(template);
        if self.has(Quirk::IgnoresIdChange) {
            template.to_mut().retain(|wanted| !is_id(wanted));
        }
        if self.has(Quirk::FirstByteOfIds) {
            for wanted in template.to_mut().iter_mut().filter(|wanted| is_id(wanted)) {
                wanted.bytes.truncate(1);
            }
        }
        Ok(template)
    }
}

/// What a half-made or half-destroyed object has.
pub(crate) fn half_of(object: &Object) -> Object {
    let mut half = object.clone();
    half.retain(|attribute| LEFT_OVER.contains(&attribute));
    half
}

fn first_byte(id: &[u8]) -> Vec<u8> {
    id.iter().take(1).copied().collect()
}

fn length(certificate: &Object) -> usize {
    certificate.bytes(CKA_VALUE).unwrap_or_default().len()
}

fn is_certificate(object: &Object) -> bool {
    object.class() == Some(CKO_CERTIFICATE)
}

fn certificates(token: &Token) -> impl Iterator<Item = (ObjectNumber, &Object)> {
    let objects = token
        .objects
        .iter()
        .map(|(number, object)| (*number, object));
    objects.filter(|(_, object)| is_certificate(object))
}

fn refuse_if(wrong: bool, code: CK_RV) -> Result<(), Refusal> {
    if wrong { Err(Refusal(code)) } else { Ok(()) }
}
