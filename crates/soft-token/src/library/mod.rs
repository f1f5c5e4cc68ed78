//! What one process knows: its slots, sessions, logins and handles.

mod handles;
mod objects;
mod pins;
mod search;
mod sessions;
mod signing;
mod slots;

use std::{collections::BTreeMap, fs::File, path::PathBuf};

use cryptoki_sys::*;

use crate::{
    object::Object,
    profile::{Profile, Room},
    refusal::Refusal,
    scenario::{Calls, Deed, Nonsense, Scenario},
    token::Store,
};

use handles::{Handles, Place};
use sessions::Session;

pub(crate) use objects::Reading;
pub(crate) use pins::Role;

/// The state of the library between two calls.
#[derive(Debug)]
pub(crate) struct Library {
    /// Absent until the program initialises the library.
    started: Option<Started>,
    profile: Profile,
    slots: BTreeMap<CK_SLOT_ID, Slot>,
    sessions: BTreeMap<CK_SESSION_HANDLE, Session>,
    last_session: CK_SESSION_HANDLE,
    handles: Handles,
    /// Whether the program asked for the slots before.
    listed_slots: bool,
    scenario: Option<Running>,
    manner: Manner,
}

/// A scenario and how far it is.
#[derive(Debug)]
struct Running {
    scenario: Scenario,
    calls: Calls,
}

/// How the work of the call under way is done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Manner {
    Plain,
    /// What is made, changed or destroyed is left without what makes it whole.
    Half,
    /// The outputs are wrong.
    Lie(Nonsense),
}

/// What the program said when it initialised the library.
#[derive(Debug)]
struct Started {
    folder: Option<PathBuf>,
}

/// One token file, and what this process does with it.
#[derive(Debug)]
struct Slot {
    name: String,
    store: Store,
    /// Held while this process has sessions, where a quirk keeps others away.
    claim: Option<File>,
    /// How much the token takes, where a quirk sets a limit.
    room: Room,
    /// One login for all sessions of the process.
    login: Option<Role>,
    /// Objects that live as long as the session that made them.
    session_objects: BTreeMap<u64, SessionObject>,
    last_session_object: u64,
}

#[derive(Debug)]
struct SessionObject {
    owner: CK_SESSION_HANDLE,
    object: Object,
}

impl Library {
    pub(crate) const fn new() -> Self {
        Self {
            started: None,
            profile: Profile::PLAIN,
            slots: BTreeMap::new(),
            sessions: BTreeMap::new(),
            last_session: 0,
            handles: Handles::new(),
            listed_slots: false,
            scenario: None,
            manner: Manner::Plain,
        }
    }

    pub(crate) fn has_scenario(&self) -> bool {
        self.scenario.is_some()
    }

    /// From now on calls are counted and go as the scenario says.
    pub(crate) fn follow(&mut self, scenario: Scenario) -> Result<(), Refusal> {
        let calls = Calls::open(scenario.calls()).map_err(|_| Refusal(CKR_GENERAL_ERROR))?;
        self.scenario = Some(Running { scenario, calls });
        Ok(())
    }

    /// Counts the call, if there is a scenario, and says what happens to it.
    pub(crate) fn next_deed(&mut self, function: &str) -> Result<Option<Deed>, Refusal> {
        let Some(Running { scenario, calls }) = &mut self.scenario else {
            return Ok(None);
        };
        let number = calls
            .count(function)
            .map_err(|_| Refusal(CKR_GENERAL_ERROR))?;
        let deed = scenario.deed(function, number.of_function, number.of_all);
        Ok(deed.cloned())
    }

    /// Does the work of one call in another manner.
    pub(crate) fn in_manner<T>(&mut self, manner: Manner, work: impl FnOnce(&mut Self) -> T) -> T {
        self.manner = manner;
        let outcome = work(self);
        self.manner = Manner::Plain;
        outcome
    }

    /// The lie that the call under way tells.
    pub(crate) fn lie(&self) -> Option<Nonsense> {
        match self.manner {
            Manner::Lie(nonsense) => Some(nonsense),
            Manner::Plain | Manner::Half => None,
        }
    }

    /// Every login of this process is gone, as when another program logs out a card that they share.
    pub(crate) fn lose_logins(&mut self) {
        for slot in self.slots.values_mut() {
            slot.login = None;
        }
    }

    /// Begins with the tokens of a folder, or with none.
    pub(crate) fn start(
        &mut self,
        folder: Option<PathBuf>,
        profile: Profile,
    ) -> Result<(), Refusal> {
        if self.is_started() {
            return Err(Refusal(CKR_CRYPTOKI_ALREADY_INITIALIZED));
        }
        self.started = Some(Started { folder });
        self.profile = profile;
        self.find_new_slots();
        Ok(())
    }

    /// Forgets everything; what is on the tokens stays.
    pub(crate) fn stop(&mut self) {
        *self = Self::new();
    }

    /// The quirks of this process.
    pub(crate) fn profile(&self) -> Profile {
        self.profile
    }

    pub(crate) fn is_started(&self) -> bool {
        self.started.is_some()
    }

    /// A token that is gone takes its sessions and its login with it, also if it comes back.
    pub(crate) fn drop_removed_tokens(&mut self) {
        let gone: Vec<_> = self
            .slots
            .iter()
            .filter(|(_, slot)| !slot.store.is_present())
            .map(|(id, _)| *id)
            .collect();
        for slot in gone {
            self.close_sessions_of(slot);
        }
    }

    fn slot(&mut self, id: CK_SLOT_ID) -> Result<&mut Slot, Refusal> {
        self.profile.accept_slot(id)?;
        self.slots.get_mut(&id).ok_or(Refusal(CKR_SLOT_ID_INVALID))
    }

    /// The slot, if there is a token in it.
    fn slot_with_token(&mut self, id: CK_SLOT_ID) -> Result<&mut Slot, Refusal> {
        let profile = self.profile;
        let slot = self.slot(id)?;
        if slot.has_token(profile) {
            Ok(slot)
        } else {
            Err(Refusal(CKR_TOKEN_NOT_PRESENT))
        }
    }

    fn session(&mut self, handle: CK_SESSION_HANDLE) -> Result<&mut Session, Refusal> {
        self.sessions
            .get_mut(&handle)
            .ok_or(Refusal(CKR_SESSION_HANDLE_INVALID))
    }

    fn slot_of(&mut self, session: CK_SESSION_HANDLE) -> Result<&mut Slot, Refusal> {
        let id = self.session(session)?.slot;
        self.slot(id)
    }
}
