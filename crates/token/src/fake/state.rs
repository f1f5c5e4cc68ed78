//! What the fake's token does with what its drivers ask.

use crate::error::{Cause, FenceReason, Operation, TokenError};
use crate::fake::{Effect, IdChanges, State, Writing};
use crate::object::{
    AttributeType, Fence, Instead, NewCertificate, Object, ObjectClass, ObjectHandle, Query,
    SearchKey,
};
use crate::pin::Credential;
use crate::session::SignatureScheme;

const COUNT_LOW: u64 = 0x1_0000;
const FINAL_TRY: u64 = 0x2_0000;
const LOCKED: u64 = 0x4_0000;

impl State {
    pub(super) fn failure(&mut self, operation: Operation) -> Option<(Effect, TokenError)> {
        for (at, remaining, _, _) in &mut self.failures {
            if *at == operation {
                *remaining = remaining.saturating_sub(1);
            }
        }
        let index = self
            .failures
            .iter()
            .position(|(at, nth, _, _)| *at == operation && *nth == 0)?;
        let (_, _, effect, error) = self.failures.remove(index);
        Some((effect, error))
    }

    /// Dies, or is dead.
    pub(super) fn death(&mut self, operation: Operation) -> Option<(Effect, TokenError)> {
        let status = "signal 9".to_owned();
        let lost = TokenError::new(operation, Cause::DriverCrashed { status });
        if self.is_dead {
            return Some((Effect::NotDone, lost));
        }
        let (remaining, effect) = self.dies_at?;
        let remaining = remaining.saturating_sub(1);
        self.dies_at = (remaining > 0).then_some((remaining, effect));
        self.is_dead = remaining == 0;
        self.is_dead.then_some((effect, lost))
    }

    pub(super) fn visible(&self, logged_in: bool) -> impl Iterator<Item = &Object> {
        self.objects
            .iter()
            .map(|(object, _)| object)
            .filter(move |object| {
                let is_hidden = is_private(object) || self.remembered.contains(&object.handle);
                logged_in || !is_hidden
            })
    }

    pub(super) fn find(&self, logged_in: bool, query: &Query) -> Vec<ObjectHandle> {
        let matches = |object: &Object| match &query.by {
            SearchKey::All => true,
            SearchKey::Id(id) => object.id() == id,
            SearchKey::Subject(subject) => {
                !self.blind_to_values && object.bytes(AttributeType::Subject) == Some(subject)
            }
            SearchKey::Value(value) => !self.blind_to_values && object.value() == value,
        };
        let found = self
            .visible(logged_in)
            .filter(|object| object.class == query.class && matches(object))
            .map(|object| object.handle);
        if query.limit == 0 {
            found.collect()
        } else {
            found.take(query.limit).collect()
        }
    }

    pub(super) fn read(&self, logged_in: bool, handles: &[ObjectHandle]) -> Vec<Object> {
        handles
            .iter()
            .filter_map(|handle| {
                self.visible(logged_in)
                    .find(|object| object.handle == *handle)
                    .cloned()
            })
            .collect()
    }

    pub(super) fn log_in(&mut self, credential: &Credential) -> Result<(), Cause> {
        let flags = self.information.flags;
        if flags & LOCKED != 0 {
            return Err(Cause::PinLocked);
        }
        let is_right = match credential {
            Credential::Pin(pin) => pin.expose() == self.pin,
            Credential::ProtectedAuthenticationPath => true,
        };
        let rest = flags & !(COUNT_LOW | FINAL_TRY);
        if is_right {
            self.information.flags = rest;
            return Ok(());
        }
        let (next, cause) = if flags & FINAL_TRY != 0 {
            (LOCKED, Cause::PinLocked)
        } else if flags & COUNT_LOW != 0 {
            (COUNT_LOW | FINAL_TRY, Cause::PinWrong)
        } else {
            (COUNT_LOW, Cause::PinWrong)
        };
        self.information.flags = rest | next;
        Err(cause)
    }

    /// A new PIN, with all its tries.
    pub(super) fn set_pin(&mut self, new: &Credential) {
        if let (Credential::Pin(pin), false) = (new, self.forgets_pins) {
            pin.expose().clone_into(&mut self.pin);
            self.information.flags &= !(COUNT_LOW | FINAL_TRY | LOCKED);
        }
    }

    pub(super) fn is_officer(&self, credential: &Credential) -> bool {
        match credential {
            Credential::Pin(pin) => pin.expose() == super::OFFICER_PIN,
            Credential::ProtectedAuthenticationPath => true,
        }
    }

    pub(super) fn remove(&mut self, handle: ObjectHandle, fence: &Fence) -> Result<(), Cause> {
        let closed = |reason| Err(Cause::FenceClosed { reason });
        if let Instead::Certificate {
            handle: other,
            value,
        } = &fence.instead
        {
            if handle == *other {
                return closed(FenceReason::SameHandle);
            }
            if !self.holds(*other, value) {
                return closed(FenceReason::ReplacementMissing);
            }
        }
        if !self.holds(handle, &fence.expected_value) {
            return closed(FenceReason::ValueChanged);
        }
        self.objects.retain(|(object, _)| object.handle != handle);
        Ok(())
    }
}

impl State {
    pub(super) fn holds(&self, handle: ObjectHandle, value: &[u8]) -> bool {
        self.objects.iter().any(|(object, _)| {
            object.handle == handle
                && object.class == ObjectClass::Certificate
                && object.value() == value
        })
    }

    pub(super) fn add(&mut self, certificate: &NewCertificate) -> Result<ObjectHandle, Cause> {
        let is_certificate = |object: &Object| object.class == ObjectClass::Certificate;
        let certificates = || {
            let objects = self.objects.iter().map(|(object, _)| object);
            objects.filter(|object| is_certificate(object))
        };
        let refusal = if certificates().count() >= self.room {
            Some(Cause::TokenFull)
        } else if self.writing == Writing::Refuses
            || (self.writing == Writing::OneForEachId
                && certificates().any(|object| has_id_of(certificate, object)))
        {
            Some(Cause::Refused)
        } else if self.writing == Writing::OneSubjectForEachLabel
            && certificates().any(|object| has_label_of_other_subject(certificate, object))
        {
            Some(Cause::TemplateRefused)
        } else {
            None
        };
        if let Some(cause) = refusal {
            if self.leaves_halves {
                self.put(
                    ObjectClass::Certificate,
                    &[(AttributeType::Class, &[1])],
                    None,
                );
            }
            return Err(cause);
        }
        // what has no id is in no key's place
        if self.writing == Writing::Replaces && !certificate.id.is_empty() {
            self.objects
                .retain(|(object, _)| !is_certificate(object) || !has_id_of(certificate, object));
        }
        let handle = if self.writing == Writing::Damages {
            let mut damaged = certificate.clone();
            damaged.value.reverse();
            self.put_certificate(&damaged)
        } else {
            self.put_certificate(certificate)
        };
        if self.writing == Writing::OnlyRemembers {
            self.remembered.push(handle);
        }
        Ok(handle)
    }

    pub(super) fn set_id(
        &mut self,
        handle: ObjectHandle,
        id: &[u8],
        value: &[u8],
    ) -> Result<(), Cause> {
        if !self.holds(handle, value) {
            let reason = FenceReason::ValueChanged;
            return Err(Cause::FenceClosed { reason });
        }
        match self.id_changes {
            IdChanges::Work => {
                let mut objects = self.objects.iter_mut().map(|(object, _)| object);
                if let Some(object) = objects.find(|object| object.handle == handle) {
                    object.attributes.insert(AttributeType::Id, id.to_vec());
                }
                Ok(())
            }
            IdChanges::AreIgnored => Ok(()),
            IdChanges::AreRefused => Err(Cause::Refused),
        }
    }

    pub(super) fn sign(
        &self,
        key: ObjectHandle,
        scheme: SignatureScheme,
        message: &[u8],
        login: Option<&Credential>,
    ) -> Result<Vec<u8>, Cause> {
        let key = self.objects.iter().find(|(object, _)| object.handle == key);
        let (object, signer) = key.ok_or(Cause::ObjectGone)?;
        if object.flag(AttributeType::Sign) == Some(false) {
            return Err(Cause::Refused);
        }
        let is_pin = matches!(login, Some(Credential::Pin(pin)) if pin.expose() == self.pin);
        if object.flag(AttributeType::AlwaysAuthenticate) == Some(true) && !is_pin {
            return Err(Cause::LoginNeeded);
        }
        let signer = signer.as_ref().ok_or(Cause::ObjectGone)?;
        Ok(signer(scheme, message))
    }

    /// What was only remembered goes with the driver that remembered it.
    pub(super) fn forget(&mut self) {
        let remembered = std::mem::take(&mut self.remembered);
        self.objects
            .retain(|(object, _)| !remembered.contains(&object.handle));
    }
}

fn is_private(object: &Object) -> bool {
    object
        .flag(AttributeType::Private)
        .unwrap_or(object.class == ObjectClass::PrivateKey)
}

/// Without an id it has none in common.
fn has_id_of(new: &NewCertificate, there: &Object) -> bool {
    !new.id.is_empty() && there.id() == new.id
}

fn has_label_of_other_subject(new: &NewCertificate, there: &Object) -> bool {
    let is = |attribute, value: &Vec<u8>| there.bytes(attribute) == Some(value);
    !new.label.is_empty()
        && is(AttributeType::Label, &new.label)
        && !is(AttributeType::Subject, &new.subject)
}
