//! Taking certificates off the token, each behind the fence, and seeing what an error left of them.

use chungthu_token::error::{Cause, FenceReason, TokenError};
use chungthu_token::object::{Fence, Instead, Object, ObjectClass, ObjectHandle, SearchKey};

use crate::install::execute::Run;
use crate::install::placing::Placed;
use crate::install::plan::OldCertificate;
use crate::install::report::{Placement, Removal, Step, StepFailure};
use crate::install::verify::certificates_by;

impl Run<'_, '_> {
    /// Removes the old certificates.
    pub(super) fn retire(&mut self) -> Result<(Placement, Vec<Removal>), StepFailure> {
        let plan = self.plan;
        let mut placement = self
            .placed
            .iter()
            .map(|placed| placed.placement)
            .find(|placement| *placement != Placement::AlreadyThere)
            .unwrap_or(Placement::AlreadyThere);
        let instead = self
            .placed
            .first()
            .map_or(Instead::Nothing, Placed::instead);
        let mut replaced = Vec::new();
        for (index, old) in plan.old.iter().enumerate() {
            if !self.gone.contains(&index) {
                let is_gone = if old.remove {
                    self.remove(old, &instead)?
                } else {
                    self.is_gone(old.object.handle)
                };
                if is_gone {
                    // the driver put the new one in its place by itself
                    placement = Placement::ReplacedByDriver;
                }
                if old.remove || is_gone {
                    self.gone.insert(index);
                }
            }
            replaced.push(Removal {
                certificate: old.certificate.clone(),
                removed: self.gone.contains(&index),
            });
        }
        Ok((placement, replaced))
    }

    /// Removes one old certificate. Answers whether the driver had done that already.
    fn remove(&mut self, old: &OldCertificate, instead: &Instead) -> Result<bool, StepFailure> {
        self.begin(Step::Remove);
        let (handle, value) = (old.object.handle, old.object.value());
        match self.take_off(handle, value, instead.clone())? {
            Ok(()) => Ok(false),
            Err(error) if is_fence_of_nothing(&error) && self.is_gone(handle) => Ok(true),
            Err(error) => Err(StepFailure::Token(error)),
        }
    }

    /// Takes one certificate off the token. An error does not mean that nothing was done: where the
    /// certificate is gone all the same, it is none, and what is left of it is cleared away.
    pub(super) fn take_off(
        &mut self,
        handle: ObjectHandle,
        value: &[u8],
        instead: Instead,
    ) -> Result<Result<(), TokenError>, StepFailure> {
        let removed = self.destroy(handle, value, instead)?;
        self.note_after(value, &removed)?;
        let error = match removed {
            // the call was made
            Err(error) if !matches!(error.cause, Cause::FenceClosed { .. }) => error,
            other => return Ok(other),
        };
        let handles = [handle];
        let left = self
            .driver
            .read(self.plan.slot, ObjectClass::Certificate, &handles);
        let rest = match left.as_deref() {
            Ok([]) if self.is_blind() => return Ok(Err(error)),
            Ok([]) => return Ok(Ok(())),
            // less than it was, and no other certificate
            Ok([rest]) if is_rest_of(rest, value) => rest.value().to_vec(),
            Ok(_) | Err(_) => return Ok(Err(error)),
        };
        self.clean_up(handle, &rest)?;
        Ok(if self.is_gone(handle) {
            Ok(())
        } else {
            Err(error)
        })
    }

    /// Removes an object that is no certificate to keep: one that a write of this run made, or what
    /// an error left of an old one. That the token does not let it go is noted and no reason to stop:
    /// what matters is looked at later.
    pub(super) fn clean_up(
        &mut self,
        handle: ObjectHandle,
        value: &[u8],
    ) -> Result<(), StepFailure> {
        self.begin(Step::CleanUp);
        let removed = self.destroy(handle, value, Instead::Nothing)?;
        if removed.is_ok() {
            self.done();
        } else {
            self.refused();
        }
        // some drivers say that they did it and did not
        self.may_have_left = true;
        self.note_after(value, &removed)
    }

    /// Removes what a run that was cut off left. What does not go is looked at again by the next run.
    pub(super) fn clear_leftovers(&mut self) -> Result<(), StepFailure> {
        let plan = self.plan;
        for leftover in &plan.leftovers {
            self.clean_up(leftover.handle, leftover.value())?;
            self.note_what_stays(leftover.handle);
        }
        Ok(())
    }

    fn note_what_stays(&mut self, handle: ObjectHandle) {
        if !self.is_gone(handle) {
            self.is_any_left = true;
        }
    }

    /// Looks whether what this run wrote in vain is cleared away, and tries once more where it is not: an
    /// error may have been one of the moment. What cannot even be seen is told by the looks after this.
    pub(super) fn clear_rest(&mut self) -> Result<(), StepFailure> {
        if !std::mem::take(&mut self.may_have_left) {
            return Ok(());
        }
        let plan = self.plan;
        let is_in_place =
            |handle: &ObjectHandle| self.placed.iter().any(|placed| placed.handle == *handle);
        let query = certificates_by(SearchKey::All);
        let mut handles = self.driver.find(plan.slot, &query).unwrap_or_default();
        // of two alike it must be known which one has its place
        let is_all_placed = self.placed.len() == plan.wanted.len()
            && self
                .placed
                .iter()
                .all(|placed| handles.contains(&placed.handle));
        handles.retain(|handle| !self.before.contains(handle) && !is_in_place(handle));
        let objects = self
            .driver
            .read(plan.slot, ObjectClass::Certificate, &handles)
            .unwrap_or_default();
        for object in objects {
            let is_rest = plan.wanted.iter().any(|new| {
                // a whole one is a copy too many only where each has its place
                is_rest_of(&object, &new.value) || is_all_placed && object.value() == new.value
            });
            if is_rest {
                self.clean_up(object.handle, object.value())?;
                self.note_what_stays(object.handle);
            }
        }
        Ok(())
    }

    /// One destroying call, behind the fence; the journal's line after it is the caller's.
    fn destroy(
        &mut self,
        handle: ObjectHandle,
        value: &[u8],
        instead: Instead,
    ) -> Result<Result<(), TokenError>, StepFailure> {
        self.note_before(value)?;
        let fence = Fence {
            expected_value: value.to_vec(),
            instead,
        };
        Ok(self
            .driver
            .remove_certificate(self.plan.slot, handle, &fence))
    }

    /// Whether there is nothing behind the handle any more. A session that was logged out cannot tell.
    pub(super) fn is_gone(&mut self, handle: ObjectHandle) -> bool {
        let left = self
            .driver
            .read(self.plan.slot, ObjectClass::Certificate, &[handle]);
        left.is_ok_and(|objects| objects.is_empty()) && !self.is_blind()
    }
}

/// Whether an object holds the beginning of this value, or nothing, and not all of it.
pub(super) fn is_rest_of(object: &Object, value: &[u8]) -> bool {
    value.starts_with(object.value()) && object.value() != value
}

fn is_fence_of_nothing(error: &TokenError) -> bool {
    let reason = FenceReason::ValueChanged;
    error.cause == Cause::FenceClosed { reason }
}
