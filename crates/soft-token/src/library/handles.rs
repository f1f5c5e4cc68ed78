//! Object handles: numbers that this process gives to objects as it sees them.
//!
//! They say nothing about the token's own numbers, so that a handle carried into another process
//! is noticed, and none is used twice.

use std::collections::BTreeMap;

use cryptoki_sys::{CK_OBJECT_HANDLE, CK_SLOT_ID};

/// Where an object is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Place {
    pub(super) slot: CK_SLOT_ID,
    pub(super) on_token: bool,
    pub(super) number: u64,
}

#[derive(Debug)]
pub(super) struct Handles {
    last: CK_OBJECT_HANDLE,
    places: BTreeMap<CK_OBJECT_HANDLE, Known>,
    handles: BTreeMap<Place, CK_OBJECT_HANDLE>,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    place: Place,
    private: bool,
}

impl Handles {
    pub(super) const fn new() -> Self {
        Self {
            last: 0,
            places: BTreeMap::new(),
            handles: BTreeMap::new(),
        }
    }

    /// The handle of an object: the one it has, or the next one.
    pub(super) fn of(&mut self, place: Place, private: bool) -> CK_OBJECT_HANDLE {
        *self.handles.entry(place).or_insert_with(|| {
            self.last += 1;
            self.places.insert(self.last, Known { place, private });
            self.last
        })
    }

    pub(super) fn place(&self, handle: CK_OBJECT_HANDLE) -> Option<Place> {
        self.places.get(&handle).map(|known| known.place)
    }

    pub(super) fn forget(&mut self, gone: impl Fn(Place) -> bool) {
        self.keep(|known| !gone(known.place));
    }

    /// A logout makes the handles of a token's private objects invalid for ever.
    pub(super) fn forget_private(&mut self, slot: CK_SLOT_ID) {
        self.keep(|known| known.place.slot != slot || !known.private);
    }

    fn keep(&mut self, keeps: impl Fn(&Known) -> bool) {
        self.places.retain(|_, known| keeps(known));
        let places = &self.places;
        self.handles.retain(|_, handle| places.contains_key(handle));
    }
}
