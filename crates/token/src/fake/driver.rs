//! The fake's driver: the session traits answered from memory.

use std::collections::BTreeSet;

use crate::error::{Cause, Operation, TokenError};
use crate::fake::{Effect, FakeToken, State};
use crate::object::{Fence, NewCertificate, Object, ObjectClass, ObjectHandle, Query};
use crate::pin::Credential;
use crate::session::{Access, Driver, SignatureScheme, SlotDetail};
use crate::token::{DriverInformation, SlotId, SlotReport, TokenInformation};

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
        if state.pulled_at == Some(operation) {
            state.pulled_at = None;
            state.is_pulled = true;
            return Err(TokenError::new(operation, Cause::Refused));
        }
        let failure = state.death(operation).or_else(|| state.failure(operation));
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

impl Driver for FakeDriver {
    fn information(&mut self) -> Result<DriverInformation, TokenError> {
        Ok(DriverInformation {
            description: "fake".to_owned(),
            ..DriverInformation::default()
        })
    }

    fn slot_numbers(&mut self) -> Result<Vec<SlotId>, TokenError> {
        Ok((0..)
            .map(SlotId)
            .zip(&self.tokens)
            .filter(|(_, token)| !token.state().is_pulled)
            .map(|(slot, _)| slot)
            .collect())
    }

    fn slots(&mut self, _: SlotDetail) -> Result<Vec<SlotReport>, TokenError> {
        Ok((0..)
            .map(SlotId)
            .zip(&self.tokens)
            .filter(|(_, token)| !token.state().is_pulled)
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

    fn is_logged_in(&mut self, slot: SlotId) -> Result<bool, TokenError> {
        Ok(self.logged_in.contains(&slot))
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

    fn change_pin(
        &mut self,
        slot: SlotId,
        old: &Credential,
        new: &Credential,
    ) -> Result<(), TokenError> {
        let operation = Operation::ChangePin;
        self.act(slot, operation, |state, _| {
            let changed = state.log_in(old).map(|()| state.set_pin(new));
            changed.map_err(|cause| TokenError::new(operation, cause).in_call("C_SetPIN"))
        })
    }

    fn unblock_pin(
        &mut self,
        slot: SlotId,
        officer: &Credential,
        new: &Credential,
    ) -> Result<(), TokenError> {
        let operation = Operation::UnblockPin;
        self.act(slot, operation, |state, _| {
            if !state.is_officer(officer) {
                return Err(TokenError::new(operation, Cause::PinWrong).in_call("C_Login"));
            }
            state.set_pin(new);
            Ok(())
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
