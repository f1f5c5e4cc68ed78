//! The fake's driver: the session traits answered from memory.

use std::collections::BTreeSet;

use crate::error::{Cause, FenceReason, Operation, TokenError};
use crate::fake::{Effect, FakeToken, IdChanges, State, Writing};
use crate::object::{
    AttributeType, Fence, Instead, NewCertificate, Object, ObjectClass, ObjectHandle, Query,
    SearchKey,
};
use crate::pin::Credential;
use crate::session::{Access, Driver, SignatureScheme, SlotDetail};
use crate::token::{DriverInformation, SlotId, SlotReport, TokenInformation};

const COUNT_LOW: u64 = 0x1_0000;
const FINAL_TRY: u64 = 0x2_0000;
const LOCKED: u64 = 0x4_0000;
const WRITE_PROTECTED: u64 = 0x2;

/// One started driver of the fake.
pub(super) struct FakeDriver {
    tokens: Vec<FakeToken>,
    logged_in: BTreeSet<SlotId>,
}

impl FakeDriver {
    pub(super) const fn new(tokens: Vec<FakeToken>) -> Self {
        Self {
            tokens,
            logged_in: BTreeSet::new(),
        }
    }

    fn token_in(&self, slot: SlotId, operation: Operation) -> Result<FakeToken, TokenError> {
        usize::try_from(slot.0)
            .ok()
            .and_then(|index| self.tokens.get(index))
            .cloned()
            .ok_or_else(|| TokenError::new(operation, Cause::TokenRemoved))
    }

    /// Notes the operation, does it, and fails where a test asked for it.
    fn act<Answer>(
        &self,
        slot: SlotId,
        operation: Operation,
        act: impl FnOnce(&mut State, bool) -> Result<Answer, TokenError>,
    ) -> Result<Answer, TokenError> {
        let token = self.token_in(slot, operation)?;
        let mut state = token.state();
        state.log.push(operation);
        let failure = state.failure(operation);
        match failure {
            Some((Effect::NotDone, error)) => Err(error),
            Some((Effect::Done, error)) => {
                act(&mut state, self.logged_in.contains(&slot))?;
                Err(error)
            }
            None => act(&mut state, self.logged_in.contains(&slot)),
        }
    }

    /// The same for what only a logged-in user may do.
    fn act_logged_in<Answer>(
        &self,
        slot: SlotId,
        operation: Operation,
        act: impl FnOnce(&mut State) -> Result<Answer, Cause>,
    ) -> Result<Answer, TokenError> {
        self.act(slot, operation, |state, logged_in| {
            if !logged_in {
                return Err(TokenError::new(operation, Cause::LoginNeeded));
            }
            act(state).map_err(|cause| TokenError::new(operation, cause))
        })
    }
}

impl State {
    fn failure(&mut self, operation: Operation) -> Option<(Effect, TokenError)> {
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

    fn visible(&self, logged_in: bool) -> impl Iterator<Item = &Object> {
        self.objects
            .iter()
            .map(|(object, _)| object)
            .filter(move |object| {
                let is_hidden = is_private(object) || self.remembered.contains(&object.handle);
                logged_in || !is_hidden
            })
    }

    fn find(&self, logged_in: bool, query: &Query) -> Vec<ObjectHandle> {
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

    fn read(&self, logged_in: bool, handles: &[ObjectHandle]) -> Vec<Object> {
        handles
            .iter()
            .filter_map(|handle| {
                self.visible(logged_in)
                    .find(|object| object.handle == *handle)
                    .cloned()
            })
            .collect()
    }

    fn log_in(&mut self, credential: &Credential) -> Result<(), Cause> {
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

    fn remove(&mut self, handle: ObjectHandle, fence: &Fence) -> Result<(), Cause> {
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
    fn holds(&self, handle: ObjectHandle, value: &[u8]) -> bool {
        self.objects.iter().any(|(object, _)| {
            object.handle == handle
                && object.class == ObjectClass::Certificate
                && object.value() == value
        })
    }

    fn add(&mut self, certificate: &NewCertificate) -> Result<ObjectHandle, Cause> {
        let is_certificate = |object: &Object| object.class == ObjectClass::Certificate;
        let certificates = || {
            let objects = self.objects.iter().map(|(object, _)| object);
            objects.filter(|object| is_certificate(object))
        };
        let refusal = if certificates().count() >= self.room {
            Some(Cause::TokenFull)
        } else if self.writing == Writing::Refuses
            || (self.writing == Writing::OneForEachId
                && certificates().any(|object| object.id() == certificate.id))
        {
            Some(Cause::Refused)
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
        if self.writing == Writing::Replaces {
            self.objects
                .retain(|(object, _)| !is_certificate(object) || object.id() != certificate.id);
        }
        let handle = self.put_certificate(certificate);
        if self.writing == Writing::OnlyRemembers {
            self.remembered.push(handle);
        }
        Ok(handle)
    }

    fn set_id(&mut self, handle: ObjectHandle, id: &[u8], value: &[u8]) -> Result<(), Cause> {
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

    fn sign(
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
    fn forget(&mut self) {
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

impl Driver for FakeDriver {
    fn information(&mut self) -> Result<DriverInformation, TokenError> {
        Ok(DriverInformation {
            description: "fake".to_owned(),
            ..DriverInformation::default()
        })
    }

    fn slot_numbers(&mut self) -> Result<Vec<SlotId>, TokenError> {
        Ok((0..).map(SlotId).take(self.tokens.len()).collect())
    }

    fn slots(&mut self, _: SlotDetail) -> Result<Vec<SlotReport>, TokenError> {
        Ok((0..)
            .map(SlotId)
            .zip(&self.tokens)
            .map(|(slot, token)| SlotReport {
                slot,
                description: None,
                token: Ok(token.state().information.clone()),
            })
            .collect())
    }

    fn token(&mut self, slot: SlotId) -> Result<TokenInformation, TokenError> {
        self.act(slot, Operation::Token, |state, _| {
            Ok(state.information.clone())
        })
    }

    fn open(&mut self, slot: SlotId, wanted: Access) -> Result<Access, TokenError> {
        self.act(slot, Operation::Open, |state, _| {
            let is_protected = state.information.flags & WRITE_PROTECTED != 0;
            Ok(if is_protected {
                Access::ReadOnly
            } else {
                wanted
            })
        })
    }

    fn find(&mut self, slot: SlotId, query: &Query) -> Result<Vec<ObjectHandle>, TokenError> {
        self.act(slot, Operation::Find, |state, logged_in| {
            Ok(state.find(logged_in, query))
        })
    }

    fn read(
        &mut self,
        slot: SlotId,
        _: ObjectClass,
        handles: &[ObjectHandle],
    ) -> Result<Vec<Object>, TokenError> {
        self.act(slot, Operation::Read, |state, logged_in| {
            Ok(state.read(logged_in, handles))
        })
    }

    fn read_in_fresh_session(
        &mut self,
        slot: SlotId,
        query: &Query,
    ) -> Result<Vec<Object>, TokenError> {
        self.act(slot, Operation::Read, |state, logged_in| {
            let handles = state.find(logged_in, query);
            Ok(state.read(logged_in, &handles))
        })
    }

    fn log_in(&mut self, slot: SlotId, credential: &Credential) -> Result<(), TokenError> {
        let operation = Operation::LogIn;
        self.act(slot, operation, |state, _| {
            state
                .log_in(credential)
                .map_err(|cause| TokenError::new(operation, cause))
        })?;
        self.logged_in.insert(slot);
        Ok(())
    }

    fn sign(
        &mut self,
        slot: SlotId,
        key: ObjectHandle,
        scheme: SignatureScheme,
        message: &[u8],
        login: Option<&Credential>,
    ) -> Result<Vec<u8>, TokenError> {
        self.act_logged_in(slot, Operation::Sign, |state| {
            state.sign(key, scheme, message, login)
        })
    }

    fn add_certificate(
        &mut self,
        slot: SlotId,
        certificate: &NewCertificate,
    ) -> Result<ObjectHandle, TokenError> {
        self.act_logged_in(slot, Operation::AddCertificate, |state| {
            state.add(certificate)
        })
    }

    fn set_certificate_id(
        &mut self,
        slot: SlotId,
        handle: ObjectHandle,
        id: &[u8],
        expected_value: &[u8],
    ) -> Result<(), TokenError> {
        self.act_logged_in(slot, Operation::SetCertificateId, |state| {
            state.set_id(handle, id, expected_value)
        })
    }

    fn remove_certificate(
        &mut self,
        slot: SlotId,
        handle: ObjectHandle,
        fence: &Fence,
    ) -> Result<(), TokenError> {
        self.act_logged_in(slot, Operation::RemoveCertificate, |state| {
            state.remove(handle, fence)
        })
    }

    fn finish(&mut self) -> Result<(), TokenError> {
        for token in &self.tokens {
            token.state().forget();
        }
        self.logged_in.clear();
        Ok(())
    }
}
