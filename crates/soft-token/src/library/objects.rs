//! Objects: making, reading, changing and destroying them, under the rules of sessions and logins.

use cryptoki_sys::*;

use super::{Library, Manner, Place, Role, SessionObject, Slot};
use crate::{
    attribute::{RawAttribute, form},
    object::Object,
    profile::{Profile, half_of},
    refusal::Refusal,
    template,
};

/// What the token says about one attribute of an object.
#[derive(Debug)]
pub(crate) enum Reading {
    Value(Vec<u8>),
    Absent,
    Guarded,
    /// A length that is none, and no value.
    Length(CK_ULONG),
    /// A value whose length is told as more than the program has room for.
    Beyond(Vec<u8>),
}

/// What may be changed on an object that is there already.
const CHANGEABLE: [CK_ATTRIBUTE_TYPE; 2] = [CKA_LABEL, CKA_ID];

/// The owner of what lives until the process ends; no session has this handle.
const NO_SESSION: CK_SESSION_HANDLE = 0;

impl Slot {
    /// The object at a place as it is, if it is still there and the login allows to see it.
    fn object(&mut self, place: Place, profile: Profile) -> Result<Object, Refusal> {
        let object = if place.on_token {
            self.store.read()?.objects.get(&place.number).cloned()
        } else {
            let found = self.session_objects.get(&place.number);
            found.map(|found| found.object.clone())
        };
        object
            .filter(|object| profile.shows(object, self.login == Some(Role::User)))
            .ok_or(Refusal(CKR_OBJECT_HANDLE_INVALID))
    }
}

impl Library {
    pub(crate) fn create_object(
        &mut self,
        session: CK_SESSION_HANDLE,
        template: &[RawAttribute],
    ) -> Result<CK_OBJECT_HANDLE, Refusal> {
        self.session(session)?;
        self.profile.take(template);
        let object = self.profile.shape(template, template::create(template)?);
        self.allow_writing(session, object.is_on_token(), object.is_private())?;
        let profile = self.profile;
        let answer = profile.answer_to_stored(&object);
        let is_half = self.manner == Manner::Half;
        let left_over = if is_half {
            Some(half_of(&object))
        } else {
            profile.left_over(&object)
        };
        let stored = match profile.accept_template(template, &object) {
            Ok(()) if is_half => Err(Refusal(CKR_FUNCTION_FAILED)),
            Ok(()) => self.add_object(session, object),
            Err(refusal) => Err(refusal),
        };
        if stored.is_err()
            && let Some(left_over) = left_over
        {
            let store = &mut self.slot_of(session)?.store;
            store.change(|token| Ok::<_, Refusal>(token.add(left_over)))?;
        }
        answer.and(stored)
    }

    pub(crate) fn destroy_object(
        &mut self,
        session: CK_SESSION_HANDLE,
        handle: CK_OBJECT_HANDLE,
    ) -> Result<(), Refusal> {
        let (place, object) = self.locate(session, handle)?;
        self.allow_writing(session, place.on_token, object.is_private())?;
        if !object.flag(CKA_DESTROYABLE) {
            return Err(Refusal(CKR_ACTION_PROHIBITED));
        }
        let mut sessions = self.sessions.values();
        let is_searching = sessions.any(|session| session.search.is_some());
        self.profile.accept_destruction(is_searching)?;
        let is_half = self.manner == Manner::Half;
        let slot = self.slot_of(session)?;
        if place.on_token && is_half {
            return slot.store.change(|token| {
                token.objects.insert(place.number, half_of(&object));
                Ok(())
            });
        }
        if place.on_token {
            slot.store.change(|token| {
                let removed = token.objects.remove(&place.number);
                removed.ok_or(Refusal(CKR_OBJECT_HANDLE_INVALID))
            })?;
        } else {
            slot.session_objects.remove(&place.number);
        }
        self.handles.forget(|known| known == place);
        Ok(())
    }

    pub(crate) fn object_size(
        &mut self,
        session: CK_SESSION_HANDLE,
        handle: CK_OBJECT_HANDLE,
    ) -> Result<usize, Refusal> {
        let (_, object) = self.locate(session, handle)?;
        Ok(object.size())
    }

    pub(crate) fn read_attributes(
        &mut self,
        session: CK_SESSION_HANDLE,
        handle: CK_OBJECT_HANDLE,
        attributes: &[CK_ATTRIBUTE_TYPE],
    ) -> Result<Vec<Reading>, Refusal> {
        let (_, object) = self.locate(session, handle)?;
        let object = self.profile.view(&object);
        let read = |attribute: &CK_ATTRIBUTE_TYPE| match object.value(*attribute) {
            _ if object.guards(*attribute) => Reading::Guarded,
            Some(value) => Reading::Value(value.encode()),
            None => Reading::Absent,
        };
        let readings = attributes.iter().map(read).collect();
        self.profile.answer_readings(attributes, readings)
    }

    pub(crate) fn change_attributes(
        &mut self,
        session: CK_SESSION_HANDLE,
        handle: CK_OBJECT_HANDLE,
        template: &[RawAttribute],
    ) -> Result<(), Refusal> {
        let (place, object) = self.locate(session, handle)?;
        self.allow_writing(session, place.on_token, object.is_private())?;
        if !object.flag(CKA_MODIFIABLE) {
            return Err(Refusal(CKR_ACTION_PROHIBITED));
        }
        for wanted in template {
            if form(wanted.kind).is_none() {
                return Err(Refusal(CKR_ATTRIBUTE_TYPE_INVALID));
            }
            if !CHANGEABLE.contains(&wanted.kind) || object.value(wanted.kind).is_none() {
                return Err(Refusal(CKR_ATTRIBUTE_READ_ONLY));
            }
        }
        template::parse(template)?;
        self.profile.take(template);
        let template = self.profile.accept_attributes(&object, template)?;
        let is_half = self.manner == Manner::Half;
        let change = |object: &mut Object| {
            for wanted in template.iter() {
                let bytes = if is_half {
                    Vec::new()
                } else {
                    wanted.bytes.clone()
                };
                object.set_bytes(wanted.kind, bytes);
            }
        };
        let gone = Refusal(CKR_OBJECT_HANDLE_INVALID);
        let slot = self.slot_of(session)?;
        if place.on_token {
            slot.store.change(|token| {
                change(token.objects.get_mut(&place.number).ok_or(gone)?);
                Ok(())
            })
        } else {
            let found = slot.session_objects.get_mut(&place.number).ok_or(gone)?;
            change(&mut found.object);
            Ok(())
        }
    }

    /// A token object wants a session that may write and a login that may; a private object wants
    /// the user's wherever it is.
    pub(super) fn allow_writing(
        &mut self,
        session: CK_SESSION_HANDLE,
        on_token: bool,
        private: bool,
    ) -> Result<(), Refusal> {
        let writable = self.session(session)?.writable;
        let login = self.slot_of(session)?.login;
        if on_token {
            self.profile.accept_change()?;
            if !writable {
                return Err(Refusal(CKR_SESSION_READ_ONLY));
            }
            return self.profile.accept_writer(login);
        }
        if private && login != Some(Role::User) {
            return Err(Refusal(CKR_USER_NOT_LOGGED_IN));
        }
        Ok(())
    }

    /// Stores a finished object where it belongs.
    pub(super) fn add_object(
        &mut self,
        session: CK_SESSION_HANDLE,
        object: Object,
    ) -> Result<CK_OBJECT_HANDLE, Refusal> {
        let id = self.session(session)?.slot;
        let profile = self.profile;
        let private = object.is_private();
        let forgotten = object.is_on_token() && profile.forgets(&object);
        let on_token = object.is_on_token() && !forgotten;
        let slot = self.slot(id)?;
        let number = if on_token {
            let room = slot.room;
            slot.store
                .change(|token| profile.place(token, object, room))?
        } else {
            slot.last_session_object += 1;
            let owner = if forgotten { NO_SESSION } else { session };
            slot.session_objects
                .insert(slot.last_session_object, SessionObject { owner, object });
            slot.last_session_object
        };
        let place = Place {
            slot: id,
            on_token,
            number,
        };
        Ok(self.handles.of(place, private))
    }

    /// The object behind a handle, if this session may see it.
    pub(super) fn locate(
        &mut self,
        session: CK_SESSION_HANDLE,
        handle: CK_OBJECT_HANDLE,
    ) -> Result<(Place, Object), Refusal> {
        let id = self.session(session)?.slot;
        let place = self
            .handles
            .place(handle)
            .filter(|place| place.slot == id)
            .ok_or(Refusal(CKR_OBJECT_HANDLE_INVALID))?;
        let profile = self.profile;
        let object = self.slot(id)?.object(place, profile)?;
        Ok((place, object))
    }

    /// Session objects end with their session, private ones with the login.
    pub(super) fn drop_session_objects(
        &mut self,
        id: CK_SLOT_ID,
        ends: impl Fn(CK_SESSION_HANDLE, &Object) -> bool,
    ) {
        let Some(slot) = self.slots.get_mut(&id) else {
            return;
        };
        slot.session_objects
            .retain(|_, found| !ends(found.owner, &found.object));
        let left = &slot.session_objects;
        self.handles.forget(|place| {
            place.slot == id && !place.on_token && !left.contains_key(&place.number)
        });
    }
}
