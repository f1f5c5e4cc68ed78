//! Quirks of slots, tokens and sessions: what they say of themselves, and which there are.

use cryptoki_sys::*;

use super::{Profile, Quirk};
use crate::{
    object::Object,
    refusal::Refusal,
    token::{Store, Token},
};

/// The slot that nothing can be done with. The numbers of the others begin with 1.
const BAD_SLOT: CK_SLOT_ID = 0;
/// What a terminal would take for an order, and the end of a line.
const DIRT_BEFORE: &[u8] = b"\x1bc\n";
/// The first half of a letter, a NUL and what an earlier text left.
const DIRT_BEHIND: &[u8] = b"\xe1\xba\0\x07er";
/// What the standard knows of a slot's flags.
const SLOT_FLAGS: CK_FLAGS = CKF_TOKEN_PRESENT | CKF_REMOVABLE_DEVICE | CKF_HW_SLOT;
/// The bits of a token's flags that no version of the standard uses.
const UNUSED_TOKEN_FLAGS: CK_FLAGS = !0x01ff_0f6f;
const JUNK_TIME: &[u8; 16] = b"16:04:30\0\xff?99:99";
/// `commonName`, 2.5.4.3, in DER.
const COMMON_NAME: &[u8] = &[6, 3, 0x55, 4, 3];

impl Profile {
    /// The slots that are told instead of these.
    pub(crate) fn list_slots(
        self,
        mut slots: Vec<CK_SLOT_ID>,
        is_first: bool,
        counts_only: bool,
    ) -> Result<Vec<CK_SLOT_ID>, Refusal> {
        if is_first && self.has(Quirk::FirstSlotListFails) {
            return Err(Refusal(CKR_GENERAL_ERROR));
        }
        if self.has(Quirk::BadSlot) {
            slots.insert(0, BAD_SLOT);
        }
        if is_first && self.has(Quirk::FirstSlotListEmpty) {
            slots.clear();
        }
        if counts_only && self.has(Quirk::SlotCountGrows) {
            slots.pop();
        }
        Ok(slots)
    }

    /// Whether anything can be done with the slot.
    pub(crate) fn accept_slot(self, slot: CK_SLOT_ID) -> Result<(), Refusal> {
        if slot == BAD_SLOT && self.has(Quirk::BadSlot) {
            return Err(Refusal(CKR_DEVICE_ERROR));
        }
        Ok(())
    }

    /// Whether the token is there for this process, which has `sessions` with it or has none.
    pub(crate) fn finds(self, store: &Store, has_sessions: bool) -> bool {
        has_sessions || !self.has(Quirk::NoSecondProcess) || store.claim().is_some()
    }

    /// What keeps other processes from a token while this one has a session with it.
    pub(crate) fn claim(self, store: &Store) -> Option<std::fs::File> {
        self.has(Quirk::NoSecondProcess)
            .then(|| store.claim())
            .flatten()
    }

    /// Whether objects get new handles with each session and each login.
    pub(crate) fn changes_handles(self) -> bool {
        self.has(Quirk::HandlesChange)
    }

    pub(crate) fn change_library_info(self, info: &mut CK_INFO) {
        if self.has(Quirk::DirtyLabels) {
            dirty(&mut info.manufacturerID);
            dirty(&mut info.libraryDescription);
        }
    }

    pub(crate) fn change_slot_info(self, info: &mut CK_SLOT_INFO) {
        if self.has(Quirk::DirtyLabels) {
            dirty(&mut info.slotDescription);
            dirty(&mut info.manufacturerID);
        }
        if self.has(Quirk::UnknownFlagBits) {
            info.flags |= !SLOT_FLAGS;
        }
    }

    pub(crate) fn change_token_info(self, info: &mut CK_TOKEN_INFO, token: &Token) {
        if self.has(Quirk::LabelChangesWithCertificate)
            && let Some(name) = common_name(token)
        {
            fill(&mut info.label, name);
        }
        if self.has(Quirk::NoSerial) {
            info.serialNumber = [b' '; 16];
        }
        if self.has(Quirk::ZeroSerial) {
            info.serialNumber = [b'0'; 16];
        }
        if self.has(Quirk::DirtyLabels) {
            dirty(&mut info.label);
            dirty(&mut info.manufacturerID);
            dirty(&mut info.model);
            // A serial with room for the dirt behind it, so that it still tells tokens apart.
            let serial = token.serial.bytes().take(8);
            let serial: Vec<u8> = serial.chain(*b"\0\xc3\x1b\0").collect();
            fill(&mut info.serialNumber, &serial);
        }
        if self.has(Quirk::UnknownFlagBits) {
            info.flags |= UNUSED_TOKEN_FLAGS;
        }
        if self.has(Quirk::NoLoginRequiredFlag) {
            info.flags &= !CKF_LOGIN_REQUIRED;
        }
        if self.has(Quirk::JunkClock) {
            info.flags |= CKF_CLOCK_ON_TOKEN;
            info.utcTime = *JUNK_TIME;
        }
    }
}

/// Puts dirt around what is there, as far as there is room.
fn dirty(text: &mut [u8]) {
    let dirty = [DIRT_BEFORE, text.trim_ascii_end(), DIRT_BEHIND].concat();
    fill(text, &dirty);
}

/// Text filled with blanks, and cut in the middle of a letter if it is too long.
fn fill(to: &mut [u8], text: &[u8]) {
    to.fill(b' ');
    for (to, from) in to.iter_mut().zip(text) {
        *to = *from;
    }
}

/// The common name of the certificate that came last.
fn common_name(token: &Token) -> Option<&[u8]> {
    let is_certificate = |object: &&Object| object.class() == Some(CKO_CERTIFICATE);
    let newest = token.objects.values().rfind(is_certificate)?;
    let subject = newest.bytes(CKA_SUBJECT)?;
    let start = subject
        .windows(COMMON_NAME.len())
        .position(|window| window == COMMON_NAME)?;
    // A string type and a length of one byte: names are shorter than 128 bytes here.
    let value = subject.get(start + COMMON_NAME.len()..)?;
    value.get(2..2 + usize::from(*value.get(1)?))
}
