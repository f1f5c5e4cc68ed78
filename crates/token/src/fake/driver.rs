//! The fake's driver: the session traits answered from memory.

use std::collections::BTreeSet;

use crate::error::{Cause, FenceReason, Operation, TokenError};
use crate::fake::{Effect, FakeToken, State, Writing};
use crate::object::{
    AttributeType, Fence, NewCertificate, Object, ObjectClass, ObjectHandle, Query, SearchKey,
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
        let holds = |handle: ObjectHandle, value: &[u8]| {
            self.objects.iter().any(|(object, _)| {
                object.handle == handle
                    && object.class == ObjectClass::Certificate
                    && object.value() == value
            })
        };
        let closed = |reason| Err(Cause::FenceClosed { reason });
        if handle == fence.replacement {
            return closed(FenceReason::SameHandle);
        }
        if !holds(fence.replacement, &fence.replacement_value) {
            return closed(FenceReason::ReplacementMissing);
        }
        if !holds(handle, &fence.expected_value) {
            return closed(FenceReason::ValueChanged);
        }
        self.objects.retain(|(object, _)| object.handle != handle);
        Ok(())
    }
}

impl State {
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
    ) -> Result<Vec<u8>, TokenError> {
        let operation = Operation::Sign;
        self.act(slot, operation, |state, logged_in| {
            if !logged_in {
                return Err(TokenError::new(operation, Cause::LoginNeeded));
            }
            let key = state
                .objects
                .iter()
                .find(|(object, _)| object.handle == key);
            let signer = key.and_then(|(_, signer)| signer.as_ref());
            signer
                .map(|signer| signer(scheme, message))
                .ok_or_else(|| TokenError::new(operation, Cause::ObjectGone))
        })
    }

    fn add_certificate(
        &mut self,
        slot: SlotId,
        certificate: &NewCertificate,
    ) -> Result<ObjectHandle, TokenError> {
        let operation = Operation::AddCertificate;
        self.act(slot, operation, |state, logged_in| {
            if !logged_in {
                return Err(TokenError::new(operation, Cause::LoginNeeded));
            }
            if state.writing == Writing::Replaces {
                state.objects.retain(|(object, _)| {
                    object.class != ObjectClass::Certificate || object.id() != certificate.id
                });
            }
            let handle = state.put_certificate(certificate);
            if state.writing == Writing::OnlyRemembers {
                state.remembered.push(handle);
            }
            Ok(handle)
        })
    }

    fn remove_certificate(
        &mut self,
        slot: SlotId,
        handle: ObjectHandle,
        fence: &Fence,
    ) -> Result<(), TokenError> {
        let operation = Operation::RemoveCertificate;
        self.act(slot, operation, |state, logged_in| {
            if !logged_in {
                return Err(TokenError::new(operation, Cause::LoginNeeded));
            }
            state
                .remove(handle, fence)
                .map_err(|cause| TokenError::new(operation, cause))
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
