//! Looking at what was done: the read-back before anything is removed, the last look, and the look
//! after a failure.

use chungthu_token::error::TokenError;
use chungthu_token::object::{Object, ObjectClass, Query, SearchKey};
use chungthu_token::session::Access;
use chungthu_token::token::SlotId;

use crate::install::execute::Run;
use crate::install::report::{ReadBack, Removal, StepFailure, TokenState};

impl Run<'_, '_> {
    /// Reads the new certificate by other means than the session that wrote it: a driver may show
    /// from its memory what it never stored.
    pub(super) fn read_back(&mut self) -> Result<(Object, ReadBack), StepFailure> {
        let (stored, read_back) = match self.read_in_second_process() {
            Ok(Some(objects)) => (objects, ReadBack::SecondProcess),
            Ok(None) | Err(_) => {
                let query = self.by_id();
                let objects = self
                    .driver
                    .read_in_fresh_session(self.plan.slot, &query)
                    .map_err(StepFailure::Token)?;
                (objects, ReadBack::FreshSession)
            }
        };
        let new = self.plan.certificate.der();
        let object = stored
            .into_iter()
            .find(|object| object.value() == new)
            .ok_or(StepFailure::NotStored)?;
        Ok((object, read_back))
    }

    pub(super) fn by_id(&self) -> Query {
        let id = self
            .plan
            .key
            .as_ref()
            .map(|key| key.id.clone())
            .unwrap_or_default();
        Query {
            class: ObjectClass::Certificate,
            by: SearchKey::Id(id),
            limit: 0,
        }
    }

    /// The key's certificates as a second process sees them without a login; `None` where it sees
    /// none at all, as on a token that hides them.
    pub(super) fn read_in_second_process(&mut self) -> Result<Option<Vec<Object>>, TokenError> {
        let query = self.by_id();
        let mut driver = self.context.launcher.launch(&self.plan.module)?;
        // most drivers keep a token's slot number; where this one has moved, the others are asked
        let mut slots = driver.slot_numbers()?;
        slots.sort_by_key(|slot| *slot != self.plan.slot);
        let mut is_it = |slot: &SlotId| {
            driver
                .token(*slot)
                .is_ok_and(|token| token.is_same_token(&self.plan.token))
        };
        let Some(slot) = slots.into_iter().find(&mut is_it) else {
            return Ok(None);
        };
        driver.open(slot, Access::ReadOnly)?;
        let handles = driver.find(slot, &query)?;
        let objects = driver.read(slot, ObjectClass::Certificate, &handles)?;
        driver.finish().ok();
        Ok(if objects.is_empty() {
            None
        } else {
            Some(objects)
        })
    }

    /// After the last change: under the key's id stands the new certificate, and none that was
    /// removed.
    pub(super) fn last_look(&mut self, replaced: &[Removal]) -> Result<(), StepFailure> {
        let query = self.by_id();
        let handles = self
            .driver
            .find(self.plan.slot, &query)
            .map_err(StepFailure::Token)?;
        let is_new_there = match self.added {
            Some(handle) => handles.contains(&handle),
            None => !handles.is_empty(),
        };
        let is_old_there = self.plan.old.iter().zip(replaced).any(|(old, removal)| {
            removal.removed
                && Some(old.object.handle) != self.added
                && handles.contains(&old.object.handle)
        });
        if is_new_there && !is_old_there {
            Ok(())
        } else {
            Err(StepFailure::Incomplete)
        }
    }

    /// What is on the token, through this driver or, if it is lost, through another process.
    pub(super) fn look_after_failure(&mut self) -> TokenState {
        let query = self.by_id();
        let here = self
            .driver
            .find(self.plan.slot, &query)
            .and_then(|handles| {
                self.driver
                    .read(self.plan.slot, ObjectClass::Certificate, &handles)
            });
        let objects = match here {
            Ok(objects) => objects,
            Err(_) => match self.read_in_second_process() {
                Ok(Some(objects)) => objects,
                Ok(None) | Err(_) => return TokenState::Unknown,
            },
        };
        let has = |value: &[u8]| objects.iter().any(|object| object.value() == value);
        let is_new_there = has(self.plan.certificate.der());
        let old_there = self
            .plan
            .old
            .iter()
            .filter(|old| has(old.object.value()))
            .count();
        match (is_new_there, old_there == self.plan.old.len(), old_there) {
            (false, true, _) => TokenState::Unchanged,
            (false, false, _) => TokenState::OldMissing,
            (true, _, 0) => TokenState::OnlyNew,
            (true, _, _) => TokenState::NewAndOld,
        }
    }
}
