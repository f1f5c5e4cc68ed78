//! Looking at what was done: the read-back before anything is removed, the last look, and the look
//! after a failure.

use std::collections::BTreeSet;

use chungthu_token::error::{Cause, Operation, TokenError};
use chungthu_token::object::{
    AttributeType, NewCertificate, Object, ObjectClass, ObjectHandle, Query, SearchKey,
};
use chungthu_token::session::{Access, Driver};
use chungthu_token::token::SlotId;

use crate::Certificate;
use crate::install::execute::Run;
use crate::install::placing::places_of;
use crate::install::plan::{OldCertificate, Plan};
use crate::install::report::{ReadBack, StepFailure, TokenState};

impl Run<'_, '_> {
    /// Reads the new certificate by other means than the session that wrote it: a driver may show
    /// from its memory what it never stored. A second process that does not see it is an answer too,
    /// unless the token hides everything from it, or this certificate is a private object.
    pub(super) fn read_back(
        &mut self,
        new: &NewCertificate,
    ) -> Result<(Object, ReadBack), StepFailure> {
        let places = places_of(new);
        let is_it = |object: &Object| object.value() == new.value;
        let there = self.see_from_second_process(&places, is_it);
        let (is_answer, seen) = match there {
            Ok(objects) => (self.shows_objects || !objects.is_empty(), objects),
            Err(error) if self.is_removed(&error) => return Err(StepFailure::Token(error)),
            Err(_) => (false, Vec::new()),
        };
        if let Some(object) = seen.into_iter().find(is_it) {
            return Ok((object, ReadBack::SecondProcess));
        }
        for place in places {
            let found = self
                .driver
                .read_in_fresh_session(self.plan.slot, &certificates_by(place))
                .map_err(StepFailure::Token)?
                .into_iter()
                .find(|object| is_it(object) && (!is_answer || object.is_private()));
            if let Some(object) = found {
                return Ok((object, ReadBack::FreshSession));
            }
        }
        Err(StepFailure::NotStored)
    }

    /// Whether this session no longer shows what a login alone shows: another program ended it. What is
    /// hidden then looks as if it were gone.
    pub(super) fn is_blind(&mut self) -> bool {
        self.is_any_hidden() && self.driver.is_logged_in(self.plan.slot) == Ok(false)
    }

    /// What another process finds without a login. One that fails says nothing of the token: a second one
    /// is asked before it is believed that no other process can look.
    fn see_from_second_process(
        &mut self,
        keys: &[SearchKey],
        is_enough: impl Fn(&Object) -> bool,
    ) -> Result<Vec<Object>, TokenError> {
        match self.see_from_new_process(keys, &is_enough) {
            Err(error) if error.cause != Cause::TokenRemoved => {
                self.see_from_new_process(keys, &is_enough)
            }
            answer => answer,
        }
    }

    fn see_from_new_process(
        &mut self,
        keys: &[SearchKey],
        is_enough: impl Fn(&Object) -> bool,
    ) -> Result<Vec<Object>, TokenError> {
        let mut driver = self.context.launcher.launch(&self.plan.module)?;
        // most drivers keep a token's slot number; where this one has moved, the others are asked
        let mut slots = driver.slot_numbers()?;
        slots.sort_by_key(|slot| *slot != self.plan.slot);
        // a token that could not be asked is no token that is gone
        let mut failed = TokenError::new(Operation::Slots, Cause::TokenRemoved);
        let mut is_it = |slot: &SlotId| match driver.token(*slot) {
            Ok(token) => token.is_same_token(&self.plan.token),
            Err(error) => {
                failed = error;
                false
            }
        };
        let Some(slot) = slots.into_iter().find(&mut is_it) else {
            return Err(failed);
        };
        driver.open(slot, Access::ReadOnly)?;
        let objects = see_until(driver.as_mut(), slot, keys, is_enough)?;
        // what it saw is here already; how it ends changes nothing
        driver.finish().ok();
        Ok(objects)
    }

    /// After the last change: in its place stands each wanted certificate, and none that is gone is
    /// left anywhere.
    pub(super) fn last_look(&mut self) -> Result<(), StepFailure> {
        let slot = self.plan.slot;
        let mut searched = Vec::new();
        let mut handles = Vec::new();
        let mut is_all_there = true;
        for (new, placed) in self.plan.wanted.iter().zip(&self.placed) {
            for place in places_of(new) {
                if handles.contains(&placed.handle) {
                    break;
                }
                let found = self.driver.find(slot, &certificates_by(place.clone()));
                handles.extend(found.map_err(StepFailure::Token)?);
                searched.push(place);
            }
            is_all_there &= handles.contains(&placed.handle);
        }
        // two under one handle: the driver put the second in the place of the first
        let placed: BTreeSet<ObjectHandle> =
            self.placed.iter().map(|placed| placed.handle).collect();
        is_all_there &= placed.len() == self.placed.len();
        let gone = self
            .gone
            .iter()
            .filter_map(|index| self.plan.old.get(*index))
            .map(|old| &old.object)
            .filter(|object| !placed.contains(&object.handle));
        // those that stood elsewhere do not show in these searches, so their handles are asked
        let (here, elsewhere): (Vec<_>, Vec<_>) =
            gone.partition(|object| searched.iter().any(|place| stands_at(object, place)));
        let elsewhere: Vec<ObjectHandle> =
            elsewhere.into_iter().map(|object| object.handle).collect();
        let is_left_here = here.iter().any(|object| handles.contains(&object.handle));
        let left_elsewhere = self
            .driver
            .read(slot, ObjectClass::Certificate, &elsewhere)
            .map_err(StepFailure::Token)?;
        let is_other_here = self.is_any_of_key(&handles)?;
        self.look_beside()?;
        if self.is_blind() {
            return Err(StepFailure::Incomplete);
        }
        if is_all_there && !is_left_here && !is_other_here && left_elsewhere.is_empty() {
            Ok(())
        } else {
            Err(StepFailure::Incomplete)
        }
    }

    /// Looks whether what stood under the key's id and is not the key's is still there.
    fn look_beside(&mut self) -> Result<(), StepFailure> {
        let plan = self.plan;
        let handles: Vec<ObjectHandle> = plan.beside.iter().map(|object| object.handle).collect();
        let there = self
            .driver
            .read(plan.slot, ObjectClass::Certificate, &handles)
            .map_err(StepFailure::Token)?;
        let is_there = |object: &Object| {
            let mut there = there.iter();
            there.any(|now| now.handle == object.handle && now.value() == object.value())
        };
        let lost = plan.beside.iter().filter(|object| !is_there(object));
        self.lost_beside = lost.map(|object| object.handle).collect();
        Ok(())
    }

    /// Whether one of these is a certificate of the key that the plan does not know: one that the driver
    /// did not show when the plan was made. A further copy of a wanted one, which another program wrote
    /// at the same time, is none: it does no harm, and the next run removes it.
    fn is_any_of_key(&mut self, handles: &[ObjectHandle]) -> Result<bool, StepFailure> {
        let plan = self.plan;
        let is_placed = |handle| self.placed.iter().any(|placed| placed.handle == handle);
        let is_known = |handle| plan.on_token().any(|object| object.handle == handle);
        let mut others = handles.to_vec();
        others.retain(|handle| !is_placed(*handle) && !is_known(*handle));
        let others = self
            .driver
            .read(plan.slot, ObjectClass::Certificate, &others)
            .map_err(StepFailure::Token)?;
        let is_wanted = |object: &Object| plan.wanted.iter().any(|new| new.value == object.value());
        let is_other = |object: &Object| !is_wanted(object) && is_of_key(plan, object);
        Ok(others.iter().any(is_other))
    }

    /// Whether the token is gone: another process does not find it, and this driver no longer lists
    /// its slot either. One that shows a token to one process at a time still lists it here. What else
    /// could be asked is answered from memory: OpenSC gives even a token's words while its card is out.
    fn is_removed(&mut self, there: &TokenError) -> bool {
        let slot = self.plan.slot;
        let is_listed = |slots: Vec<SlotId>| slots.contains(&slot);
        there.cause == Cause::TokenRemoved && !self.driver.slot_numbers().is_ok_and(is_listed)
    }

    /// What is on the token; that it is gone, where it is, is an error.
    pub(super) fn look_after_failure(&mut self) -> Result<TokenState, TokenError> {
        let Some(objects) = self.see_after_failure()? else {
            return Ok(TokenState::Unknown);
        };
        // none lost and none brought, and yet more than before: something is left that is no certificate
        // of the plan
        let is_any_left = objects.len() > self.before.len();
        let plan = self.plan;
        self.is_any_left = plan.empty_certificates.is_some_and(|known| {
            let empty = objects
                .iter()
                .filter(|object| object.is_empty_certificate());
            empty.count() > known
        });
        // what was put back must stand where it stood; of two that are alike, one may be gone
        let stood = |(index, old): &(usize, &OldCertificate)| {
            let is_like = |object: &Object| {
                object.value() == old.object.value() && object.id() == old.object.id()
            };
            let before = plan.old.iter().take(*index).map(|old| &old.object);
            let counted = plan.in_place.iter().chain(before);
            let counted = counted.filter(|object| is_like(object)).count();
            objects.iter().filter(|object| is_like(object)).count() > counted
        };
        let old_there = plan.old.iter().enumerate().filter(stood).count();
        let has = |value: &[u8]| objects.iter().any(|object| object.value() == value);
        let are_kept = plan.in_place.iter().all(|kept| has(kept.value()));
        let is_any_lost = old_there < plan.old.len() || !are_kept;
        // a copy that stood elsewhere before is none that this run brought
        let is_brought = |object: &Object| {
            let stood_before =
                |before: &Object| before.value() == object.value() && before.id() == object.id();
            plan.wanted.iter().any(|new| new.value == object.value())
                && !plan.on_token().any(stood_before)
        };
        let is_any_brought = objects.iter().any(is_brought);
        // one of the key that was not shown when the plan was made
        let is_wanted = |object: &Object| plan.wanted.iter().any(|new| new.value == object.value());
        let is_any_other = objects.iter().any(|object| {
            let is_known = plan.on_token().any(|known| known.value() == object.value());
            !is_known && !is_wanted(object) && is_of_key(plan, object)
        });
        let are_all_there = plan.wanted.iter().all(|new| has(&new.value));
        Ok(if !is_any_brought && !is_any_lost && is_any_left {
            TokenState::Leftover
        } else if !is_any_brought && !is_any_lost {
            TokenState::Unchanged
        } else if are_all_there && old_there == 0 && !is_any_other {
            TokenState::OnlyNew
        } else if (are_all_there || is_any_brought)
            && (old_there > 0 || !is_any_lost || is_any_other)
        {
            TokenState::NewAndOld
        } else {
            TokenState::OldMissing
        })
    }

    /// The certificates that are there after a failure: all, because a search that finds nothing may
    /// be the driver's habit. What another process sees counts: the driver that just failed may show
    /// from its memory what it never stored. Only what a login hides is taken from it, and all of it
    /// where no other process can look.
    fn see_after_failure(&mut self) -> Result<Option<Vec<Object>>, TokenError> {
        let all = [SearchKey::All];
        let here = see_until(self.driver, self.plan.slot, &all, |_| false);
        let here = (!self.is_blind()).then_some(here);
        let there = self.see_from_second_process(&all, |_| false);
        if let Err(error) = &there
            && self.is_removed(error)
        {
            return Err(error.clone());
        }
        Ok(match (there, here) {
            (Ok(mut there), Some(Ok(here))) if self.shows_objects => {
                there.extend(here.into_iter().filter(Object::is_private));
                Some(there)
            }
            // what only a login shows, nobody looked at
            (Ok(_), None | Some(Err(_))) if self.is_any_private() => None,
            (Ok(there), None | Some(Err(_))) if self.shows_objects || !there.is_empty() => {
                Some(there)
            }
            (Ok(_) | Err(_), Some(Ok(here))) => Some(here),
            (Ok(_) | Err(_), None | Some(Err(_))) => None,
        })
    }
}

/// The certificates that the searches find, one after the other, until one is enough.
pub(super) fn see_until(
    driver: &mut dyn Driver,
    slot: SlotId,
    keys: &[SearchKey],
    is_enough: impl Fn(&Object) -> bool,
) -> Result<Vec<Object>, TokenError> {
    let mut seen: Vec<Object> = Vec::new();
    for key in keys {
        let mut handles = driver.find(slot, &certificates_by(key.clone()))?;
        handles.retain(|handle| !seen.iter().any(|object| object.handle == *handle));
        seen.extend(driver.read(slot, ObjectClass::Certificate, &handles)?);
        if seen.iter().any(&is_enough) {
            break;
        }
    }
    Ok(seen)
}

pub(super) const fn certificates_by(by: SearchKey) -> Query {
    Query {
        class: ObjectClass::Certificate,
        by,
        limit: 0,
    }
}

/// Whether an object is a certificate of the plan's key.
fn is_of_key(plan: &Plan, object: &Object) -> bool {
    Certificate::from_der(object.value()).is_ok_and(|certificate| {
        certificate
            .public_key()
            .is_same_key(plan.certificate.public_key())
    })
}

fn stands_at(object: &Object, place: &SearchKey) -> bool {
    match place {
        SearchKey::All => true,
        SearchKey::Id(id) => object.has_id(id),
        SearchKey::Subject(subject) => object.bytes(AttributeType::Subject) == Some(subject),
        SearchKey::Value(value) => object.value() == value,
    }
}
