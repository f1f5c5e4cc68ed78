//! Searches: a snapshot of the handles that match, handed out piece by piece.

use std::collections::VecDeque;

use cryptoki_sys::*;

use super::{Library, Place, Role, SessionObject};
use crate::{attribute::RawAttribute, object::Object, refusal::Refusal};

/// A search under way.
#[derive(Debug)]
pub(super) struct Search {
    /// The handles that were found and not yet handed out.
    left: VecDeque<CK_OBJECT_HANDLE>,
    /// How many were handed out.
    told: usize,
}

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
        profile.take(template);
        let slot = self.slot(id)?;
        let to_user = slot.login == Some(Role::User);
        let searches = profile.searches(template);
        let wanted = |object: &Object| {
            searches
                && profile.shows(object, to_user)
                && (profile.ignores_search_template() || profile.view(object).matches(template))
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
        let search = Search {
            left: handles,
            told: 0,
        };
        self.session(session)?.search = Some(search);
        Ok(())
    }

    /// The next handles, at most as many as asked for.
    pub(crate) fn continue_search(
        &mut self,
        session: CK_SESSION_HANDLE,
        most: usize,
    ) -> Result<Vec<CK_OBJECT_HANDLE>, Refusal> {
        let profile = self.profile;
        let search = &mut self.session(session)?.search;
        let search = search
            .as_mut()
            .ok_or(Refusal(CKR_OPERATION_NOT_INITIALIZED))?;
        let left = search.left.len();
        let count = profile.portion(most, search.told, left)?.min(left);
        search.told += count;
        Ok(search.left.drain(..count).collect())
    }

    pub(crate) fn end_search(&mut self, session: CK_SESSION_HANDLE) -> Result<(), Refusal> {
        let search = &mut self.session(session)?.search;
        search
            .take()
            .map(|_| ())
            .ok_or(Refusal(CKR_OPERATION_NOT_INITIALIZED))
    }
}
