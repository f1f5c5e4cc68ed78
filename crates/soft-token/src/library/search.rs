//! Searches: a snapshot of the handles that match, handed out piece by piece.

use cryptoki_sys::*;

use super::{Library, Place, Role, SessionObject};
use crate::{attribute::RawAttribute, object::Object, refusal::Refusal};

impl Library {
    /// Finds all objects that this session may see and that match. An attribute the token does not
    /// know matches nothing.
    pub(crate) fn start_search(
        &mut self,
        session: CK_SESSION_HANDLE,
        template: &[RawAttribute],
    ) -> Result<(), Refusal> {
        if self.session(session)?.search.is_some() {
            return Err(Refusal(CKR_OPERATION_ACTIVE));
        }
        let id = self.session(session)?.slot;
        let profile = self.profile;
        let slot = self.slot(id)?;
        let to_user = slot.login == Some(Role::User);
        let searches = profile.searches(template);
        let wanted = |object: &Object| {
            searches && profile.shows(object, to_user) && profile.view(object).matches(template)
        };
        let place = |on_token, number| Place {
            slot: id,
            on_token,
            number,
        };
        let mut found = Vec::new();
        for (number, object) in &slot.store.read()?.objects {
            if wanted(object) {
                found.push((place(true, *number), object.is_private()));
            }
        }
        for (number, SessionObject { object, .. }) in &slot.session_objects {
            if wanted(object) {
                found.push((place(false, *number), object.is_private()));
            }
        }
        let handles = found
            .into_iter()
            .map(|(place, private)| self.handles.of(place, private))
            .collect();
        self.session(session)?.search = Some(handles);
        Ok(())
    }

    /// The next handles, at most as many as asked for.
    pub(crate) fn continue_search(
        &mut self,
        session: CK_SESSION_HANDLE,
        most: usize,
    ) -> Result<Vec<CK_OBJECT_HANDLE>, Refusal> {
        let search = &mut self.session(session)?.search;
        let left = search
            .as_mut()
            .ok_or(Refusal(CKR_OPERATION_NOT_INITIALIZED))?;
        let count = most.min(left.len());
        Ok(left.drain(..count).collect())
    }

    pub(crate) fn end_search(&mut self, session: CK_SESSION_HANDLE) -> Result<(), Refusal> {
        let search = &mut self.session(session)?.search;
        search
            .take()
            .map(|_| ())
            .ok_or(Refusal(CKR_OPERATION_NOT_INITIALIZED))
    }
}
