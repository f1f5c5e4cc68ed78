//! Bringing a certificate to its place: a ladder of templates on each rung of a ladder of places, and
//! a look at the token before each next try, because an error does not mean that nothing was written.

use chungthu_token::error::{Cause, Operation, TokenError};
use chungthu_token::object::{
    Instead, NewCertificate, Object, ObjectClass, ObjectHandle, SearchKey, without_trailing_nuls,
};

use crate::digest::sha256;
use crate::install::execute::Run;
use crate::install::report::{Placement, ReadBack, Step, StepFailure};
use crate::install::restore::as_it_was;
use crate::install::verify::{certificates_by, see_until};

/// A wanted certificate in its place.
pub(super) struct Placed {
    /// Its handle in this session.
    pub(super) handle: ObjectHandle,
    /// As it was read back.
    pub(super) object: Object,
    /// How it was read back.
    pub(super) read_back: ReadBack,
    /// How it came there.
    pub(super) placement: Placement,
}

impl Placed {
    /// What the fence is to see in its place before another certificate goes.
    pub(super) fn instead(&self) -> Instead {
        Instead::Certificate {
            handle: self.handle,
            value: self.object.value().to_vec(),
        }
    }
}

impl Run<'_, '_> {
    /// Writes a certificate: beside the old one (A); under a temporary id that is then changed (C);
    /// with the person's word, after an old one was removed (B).
    pub(super) fn place(&mut self, new: &NewCertificate) -> Result<Placed, StepFailure> {
        self.begin(Step::Add);
        let mut refused = match self.add(new, Ladder::OfTemplates)? {
            Ok(handle) => return self.written(new, handle, Placement::Beside),
            Err(error) => error,
        };
        if may_another_place_do(&refused.cause) && !new.id.is_empty() {
            refused = match self.place_aside(new)? {
                Ok(placed) => return Ok(placed),
                Err(error) => error,
            };
        }
        let may_room_help = may_another_place_do(&refused.cause)
            || refused.cause == Cause::TokenFull
            // it took the certificate, but not under the key's id
            || refused.operation == Operation::SetCertificateId;
        if !self.plan.may_remove_first || !may_room_help {
            return Err(StepFailure::Token(refused));
        }
        if may_another_place_do(&refused.cause) {
            // the last chance before something is removed: the refusal may be one of the template
            self.begin(Step::Add);
            if let Ok(handle) = self.add(new, Ladder::OfEverything)? {
                return self.written(new, handle, Placement::Beside);
            }
        }
        self.place_after_removal(new, refused)
    }

    /// Finds a certificate where an earlier run placed it, and reads it back like any other.
    pub(super) fn find_placed(&mut self, new: &NewCertificate) -> Result<Placed, StepFailure> {
        let slot = self.plan.slot;
        // a copy that the plan removes, or that has its place already, is another object
        let is_meant = |object: &Object| {
            let mut kept = self.plan.in_place.iter();
            kept.any(|kept| kept.handle == object.handle)
                && self
                    .placed
                    .iter()
                    .all(|placed| placed.handle != object.handle)
        };
        let is_it = |object: &Object| {
            object.value() == new.value && object.has_id(&new.id) && is_meant(object)
        };
        let handle = see_until(self.driver, slot, &places_of(new), is_it)
            .map_err(StepFailure::Token)?
            .into_iter()
            .find(is_it)
            .map(|object| object.handle)
            .ok_or(StepFailure::TokenChanged)?;
        self.stored(new, handle, Placement::AlreadyThere)
    }

    /// Rung C.
    fn place_aside(
        &mut self,
        new: &NewCertificate,
    ) -> Result<Result<Placed, TokenError>, StepFailure> {
        let aside = NewCertificate {
            id: temporary_id(&new.value),
            ..new.clone()
        };
        self.begin(Step::AddAside);
        match self.add(&aside, Ladder::OfTemplates)? {
            Ok(handle) => self.refile(new, handle),
            Err(error) => Ok(Err(error)),
        }
    }

    /// Gives the certificate at `handle` the id it is wanted under. Only what is read back counts:
    /// some drivers say that they did it and did not. If it stays where it is, it is removed again,
    /// unless it is the only certificate of the key, or was there before this run.
    pub(super) fn refile(
        &mut self,
        new: &NewCertificate,
        handle: ObjectHandle,
    ) -> Result<Result<Placed, TokenError>, StepFailure> {
        self.begin(Step::SetId);
        self.note_before(&new.value)?;
        let slot = self.plan.slot;
        let outcome = self
            .driver
            .set_certificate_id(slot, handle, &new.id, &new.value);
        self.note_after(&new.value, &outcome)?;
        let refused = match outcome {
            Err(error) if !may_another_place_do(&error.cause) && !is_refusal(&error.cause) => {
                return Err(StepFailure::Token(error));
            }
            Err(error) => {
                self.refused();
                error
            }
            Ok(()) => TokenError::new(Operation::SetCertificateId, Cause::Refused),
        };
        match self.stored(new, handle, Placement::TemporaryId) {
            Ok(placed) => Ok(Ok(placed)),
            Err(StepFailure::NotStored) => {
                self.refused();
                let is_of_this_run = !self.before.contains(&handle);
                if is_of_this_run && !self.plan.old.is_empty() {
                    self.clean_up(handle, &new.value)?;
                }
                Ok(Err(refused))
            }
            Err(other) => Err(other),
        }
    }

    /// Rung B. The one to go is the oldest of those in the way. If the token refuses the new one even
    /// so, the old one is put back.
    pub(super) fn place_after_removal(
        &mut self,
        new: &NewCertificate,
        refused: TokenError,
    ) -> Result<Placed, StepFailure> {
        let plan = self.plan;
        let gone = &self.gone;
        let candidates = || {
            let all = plan.old.iter().enumerate().rev();
            all.filter(|(index, old)| old.remove && !gone.contains(index))
        };
        let in_the_way = candidates().find(|(_, old)| old.object.has_id(&new.id));
        let Some((index, old)) = in_the_way.or_else(|| candidates().next()) else {
            return Err(StepFailure::Token(refused));
        };
        self.begin(Step::RemoveFirst);
        let value = old.object.value();
        self.take_off(old.object.handle, value, Instead::Nothing)?
            .map_err(StepFailure::Token)?;
        self.gone.insert(index);
        self.begin(Step::Add);
        let failure = match self.add(new, Ladder::OfEverything)? {
            Ok(handle) => match self.written(new, handle, Placement::OldRemovedFirst) {
                Err(failure @ (StepFailure::NotStored | StepFailure::StoredDifferently)) => failure,
                other => return other,
            },
            Err(error) => StepFailure::Token(error),
        };
        self.begin(Step::PutBack);
        // whether it went well is what the look after the failure tells
        let old_one = as_it_was(&old.object, &old.certificate);
        if self.add(&old_one, Ladder::OfEverything)?.is_ok() {
            self.gone.remove(&index);
            self.done();
        }
        Err(failure)
    }

    /// One write, with a few templates should one be refused. The inner error is a refusal after
    /// which the token was looked at: nothing of the certificate is there.
    fn add(
        &mut self,
        new: &NewCertificate,
        ladder: Ladder,
    ) -> Result<Result<ObjectHandle, TokenError>, StepFailure> {
        let mut refused = TokenError::new(Operation::AddCertificate, Cause::TemplateRefused);
        let step = self.step;
        for template in self.templates(new) {
            if self.step != step {
                // something was cleared away in between
                self.begin(step);
            }
            self.note_before(&new.value)?;
            let added = self.driver.add_certificate(self.plan.slot, &template);
            self.note_after(&new.value, &added)?;
            let error = match added {
                Ok(handle) => return Ok(Ok(handle)),
                Err(error) => error,
            };
            // the look that follows may be lied to as well
            self.may_have_left = true;
            match self.left_by_refusal(&template) {
                Ok(Left::Whole(handle)) => return Ok(Ok(handle)),
                Ok(Left::Halves(halves)) => {
                    if !halves.is_empty() {
                        self.refused();
                    }
                    for half in halves {
                        self.clean_up(half.handle, half.value())?;
                    }
                }
                // it cannot even be looked at, so nothing more is tried
                Err(_) => return Err(StepFailure::Token(error)),
            }
            let may_try_again = error.cause == Cause::TemplateRefused
                || (ladder == Ladder::OfEverything && error.cause == Cause::Refused);
            refused = error;
            if !may_try_again {
                break;
            }
        }
        if self.step == step {
            self.refused();
        }
        Ok(Err(refused))
    }

    /// The ladder of templates: not private; without a word about that; private, where the old one
    /// is; and last without a label, because some drivers want that of another subject's certificate
    /// to differ.
    fn templates(&self, new: &NewCertificate) -> Vec<NewCertificate> {
        let mut private = vec![new.private];
        if new.private.is_some() {
            private.push(None);
        }
        let old = self.plan.old.first();
        if new.private != Some(true) && old.is_some_and(|old| old.object.is_private()) {
            private.push(Some(true));
        }
        let mut templates: Vec<NewCertificate> = private
            .into_iter()
            .map(|private| NewCertificate {
                private,
                ..new.clone()
            })
            .collect();
        if let (false, Some(last)) = (new.label.is_empty(), templates.last().cloned()) {
            templates.push(NewCertificate {
                label: Vec::new(),
                ..last
            });
        }
        templates
    }

    /// What a refused write left on the token all the same. An object is this run's if it was not
    /// there before and holds the certificate, the beginning of it, or nothing.
    fn left_by_refusal(&mut self, new: &NewCertificate) -> Result<Left, TokenError> {
        let before = self.before;
        let query = certificates_by(SearchKey::All);
        let mut handles = self.driver.find(self.plan.slot, &query)?;
        // an old one may hold the new value now: a driver that overwrites, and then fails
        let old = self.plan.old.iter().map(|old| &old.object);
        let old = old.filter(|object| object.value() != new.value);
        let old: Vec<ObjectHandle> = old.map(|object| object.handle).collect();
        // and what this run has placed already is none of this write
        let placed = |handle: &ObjectHandle| self.placed.iter().any(|one| one.handle == *handle);
        handles
            .retain(|handle| (!before.contains(handle) || old.contains(handle)) && !placed(handle));
        let objects = self
            .driver
            .read(self.plan.slot, ObjectClass::Certificate, &handles)?;
        let is_whole = |object: &Object| object.value() == new.value && object.has_id(&new.id);
        if let Some(whole) = objects.iter().find(|object| is_whole(object)) {
            return Ok(Left::Whole(whole.handle));
        }
        let halves = objects
            .into_iter()
            .filter(|object| {
                !before.contains(&object.handle) && new.value.starts_with(object.value())
            })
            .collect();
        Ok(Left::Halves(halves))
    }

    /// Reads back what was just written. If what another process finds is not it, the handle tells
    /// what became of it: bytes or an id that were not asked for are cleared away.
    fn written(
        &mut self,
        new: &NewCertificate,
        handle: ObjectHandle,
        placement: Placement,
    ) -> Result<Placed, StepFailure> {
        match self.stored(new, handle, placement) {
            Err(StepFailure::NotStored) => {
                self.refused();
                let slot = self.plan.slot;
                let objects = self
                    .driver
                    .read(slot, ObjectClass::Certificate, &[handle])
                    .map_err(StepFailure::Token)?;
                let is_wrong =
                    |object: &&Object| object.value() != new.value || !object.has_id(&new.id);
                match objects.iter().find(is_wrong) {
                    Some(object) if !self.before.contains(&handle) => {
                        self.clean_up(handle, object.value())?;
                        Err(StepFailure::StoredDifferently)
                    }
                    Some(_) | None => Err(StepFailure::NotStored),
                }
            }
            other => other,
        }
    }

    /// Reads back what was written under `handle`. An old certificate's handle means that the driver
    /// replaced that one.
    fn stored(
        &mut self,
        new: &NewCertificate,
        handle: ObjectHandle,
        placement: Placement,
    ) -> Result<Placed, StepFailure> {
        let old = self.plan.old.iter();
        let overwritten = old
            .map(|old| old.object.handle)
            .position(|old| old == handle);
        self.gone.extend(overwritten);
        self.begin(Step::ReadBack);
        let (object, read_back) = self.read_back(new)?;
        Ok(Placed {
            handle,
            object,
            read_back,
            placement: overwritten.map_or(placement, |_| Placement::ReplacedByDriver),
        })
    }
}

/// After which refusals the next template is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ladder {
    /// Those that are about the template.
    OfTemplates,
    /// Every plain refusal: before and after an old certificate is removed, when nothing else is left.
    OfEverything,
}

/// What a refused write left on the token.
enum Left {
    /// The certificate, whole and under its id: "an error, but it is there".
    Whole(ObjectHandle),
    /// Objects of this run that are no certificate to keep; usually none.
    Halves(Vec<Object>),
}

/// The id under which a certificate waits for its real one on a token that takes no second
/// certificate under one id: 0xF0 and the first 7 bytes of its SHA-256, so that a later run knows it.
/// The first byte is above 7F, because one driver reads it as the number of a key slot.
#[must_use]
pub fn temporary_id(der: &[u8]) -> Vec<u8> {
    let digest = sha256(der);
    std::iter::once(0xF0)
        .chain(digest.iter().take(7).copied())
        .collect()
}

/// Where a certificate is to be looked for, in this order: under its id; under that with the NUL that
/// some drivers put behind it, and without those that they showed; by its subject where it has none,
/// because a search for an empty id finds anything or crashes the driver.
pub(super) fn places_of(new: &NewCertificate) -> Vec<SearchKey> {
    if new.id.is_empty() {
        return vec![SearchKey::Subject(new.subject.clone())];
    }
    let bare = without_trailing_nuls(&new.id);
    let mut ids = vec![new.id.clone()];
    for id in [[bare, &[0]].concat(), bare.to_vec()] {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids.into_iter().map(SearchKey::Id).collect()
}

/// Whether a refusal may be one of the place. A token that refuses every template, is gone, full,
/// write-protected or logged out would refuse the next place too.
const fn may_another_place_do(cause: &Cause) -> bool {
    matches!(cause, Cause::Refused)
}

/// Whether a driver refuses to change an id in particular.
const fn is_refusal(cause: &Cause) -> bool {
    matches!(
        cause,
        Cause::TemplateRefused
            | Cause::Unsupported
            | Cause::WriteProtected
            | Cause::ObjectGone
            | Cause::FenceClosed { .. }
    )
}
