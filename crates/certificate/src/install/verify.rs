//! Looking at what was done: the read-back before anything is removed, the last look, and the look
//! after a failure.

use chungthu_token::error::{Cause, Operation, TokenError};
use chungthu_token::object::{AttributeType, Object, ObjectClass, ObjectHandle, Query, SearchKey};
use chungthu_token::session::{Access, Driver};
use chungthu_token::token::SlotId;

use crate::install::execute::Run;
use crate::install::report::{ReadBack, Removal, StepFailure, TokenState};

impl Run<'_, '_> {
    /// Reads the new certificate by other means than the session that wrote it: a driver may show
    /// from its memory what it never stored. A second process that does not see it is an answer too,
    /// unless the token hides everything from it, or this certificate is a private object.
    pub(super) fn read_back(&mut self) -> Result<(Object, ReadBack), StepFailure> {
        let place = self.place();
        let new = self.plan.certificate.der();
        let there = self.see_from_second_process(std::slice::from_ref(&place));
        let (is_answer, seen) = match there {
            Ok(objects) => (self.shows_objects || !objects.is_empty(), objects),
            Err(_) => (false, Vec::new()),
        };
        if let Some(object) = seen.into_iter().find(|object| object.value() == new) {
            return Ok((object, ReadBack::SecondProcess));
        }
        let query = certificates_by(place);
        self.driver
            .read_in_fresh_session(self.plan.slot, &query)
            .map_err(StepFailure::Token)?
            .into_iter()
            .find(|object| object.value() == new && (!is_answer || object.is_private()))
            .map(|object| (object, ReadBack::FreshSession))
            .ok_or(StepFailure::NotStored)
    }

    /// Where the new certificate belongs: under the key's id; by its subject where the key has none,
    /// because a search for an empty id finds anything or crashes the driver.
    pub(super) fn place(&self) -> SearchKey {
        match &self.plan.key {
            Some(key) if !key.id.is_empty() => SearchKey::Id(key.id.clone()),
            Some(_) | None => SearchKey::Subject(self.plan.certificate.subject().der().to_vec()),
        }
    }

    /// What another process finds without a login.
    fn see_from_second_process(&mut self, keys: &[SearchKey]) -> Result<Vec<Object>, TokenError> {
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
            return Err(TokenError::new(Operation::Slots, Cause::TokenRemoved));
        };
        driver.open(slot, Access::ReadOnly)?;
        let objects = see(driver.as_mut(), slot, keys)?;
        // what it saw is here already; how it ends changes nothing
        driver.finish().ok();
        Ok(objects)
    }

    /// After the last change: in its place stands the new certificate, and none that was removed
    /// is left anywhere.
    pub(super) fn last_look(&mut self, replaced: &[Removal]) -> Result<(), StepFailure> {
        let slot = self.plan.slot;
        let place = self.place();
        let handles = self
            .driver
            .find(slot, &certificates_by(place.clone()))
            .map_err(StepFailure::Token)?;
        let is_new_there = match self.added {
            Some(handle) => handles.contains(&handle),
            None => !handles.is_empty(),
        };
        let removed = self
            .plan
            .old
            .iter()
            .zip(replaced)
            .filter(|(old, removal)| removal.removed && Some(old.object.handle) != self.added);
        // those that stood elsewhere do not show in this search, so their handles are asked
        let (here, elsewhere): (Vec<_>, Vec<_>) = removed
            .map(|(old, _)| &old.object)
            .partition(|object| stands_at(object, &place));
        let elsewhere: Vec<ObjectHandle> =
            elsewhere.into_iter().map(|object| object.handle).collect();
        let left_elsewhere = self
            .driver
            .read(slot, ObjectClass::Certificate, &elsewhere)
            .map_err(StepFailure::Token)?;
        let is_left_here = here.iter().any(|object| handles.contains(&object.handle));
        if is_new_there && !is_left_here && left_elsewhere.is_empty() {
            Ok(())
        } else {
            Err(StepFailure::Incomplete)
        }
    }

    /// What is on the token. Each certificate concerned is looked for by its value too, wherever it
    /// stands.
    pub(super) fn look_after_failure(&mut self) -> TokenState {
        let Some(objects) = self.see_after_failure() else {
            return TokenState::Unknown;
        };
        let has = |value: &[u8]| objects.iter().any(|object| object.value() == value);
        let is_new_there = has(self.plan.certificate.der());
        let old = self.plan.old.iter();
        let old_there = old.filter(|old| has(old.object.value())).count();
        match (is_new_there, old_there == self.plan.old.len(), old_there) {
            (false, true, _) => TokenState::Unchanged,
            (false, false, _) => TokenState::OldMissing,
            (true, _, 0) => TokenState::OnlyNew,
            (true, _, _) => TokenState::NewAndOld,
        }
    }

    /// The certificates concerned that are there after a failure. What another process sees counts:
    /// the driver that just failed may show from its memory what it never stored. Only what a login
    /// hides is taken from it, and all of it where no other process can look.
    fn see_after_failure(&mut self) -> Option<Vec<Object>> {
        let mut keys = vec![
            self.place(),
            SearchKey::Value(self.plan.certificate.der().to_vec()),
        ];
        let old = self.plan.old.iter();
        keys.extend(old.map(|old| SearchKey::Value(old.object.value().to_vec())));
        let here = see(self.driver, self.plan.slot, &keys);
        match (self.see_from_second_process(&keys), here) {
            (Ok(mut there), Ok(here)) if self.shows_objects => {
                there.extend(here.into_iter().filter(Object::is_private));
                Some(there)
            }
            (Ok(there), Err(_)) if self.shows_objects || !there.is_empty() => Some(there),
            (Ok(_) | Err(_), Ok(here)) => Some(here),
            (Ok(_) | Err(_), Err(_)) => None,
        }
    }
}

/// The certificates that any of the searches finds.
fn see(
    driver: &mut dyn Driver,
    slot: SlotId,
    keys: &[SearchKey],
) -> Result<Vec<Object>, TokenError> {
    let mut handles = Vec::new();
    for key in keys {
        for handle in driver.find(slot, &certificates_by(key.clone()))? {
            if !handles.contains(&handle) {
                handles.push(handle);
            }
        }
    }
    driver.read(slot, ObjectClass::Certificate, &handles)
}

pub(super) const fn certificates_by(by: SearchKey) -> Query {
    Query {
        class: ObjectClass::Certificate,
        by,
        limit: 0,
    }
}

fn stands_at(object: &Object, place: &SearchKey) -> bool {
    match place {
        SearchKey::All => true,
        SearchKey::Id(id) => object.id() == id,
        SearchKey::Subject(subject) => object.bytes(AttributeType::Subject) == Some(subject),
        SearchKey::Value(value) => object.value() == value,
    }
}
