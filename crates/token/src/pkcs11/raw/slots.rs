//! Slots and token information, whatever bytes a driver puts into them.

use cryptoki_sys::{
    CK_SLOT_ID, CK_SLOT_INFO, CK_TOKEN_INFO, CK_ULONG, CK_UNAVAILABLE_INFORMATION, CK_VERSION,
};

use super::super::translate::widen;
use super::{CallError, CallErrorKind, Functions, entry, zeroed};
use crate::object::clean_text;
use crate::return_value::ReturnValue;
use crate::token::{SlotId, TokenInformation};

/// More readers than any office has; the first call asks for this many at once.
const SLOTS_AT_ONCE: usize = 64;
/// A driver that reports more is not believed.
const MOST_SLOTS: usize = 4096;
const BUFFER_TOO_SMALL: ReturnValue = ReturnValue(0x150);

impl Functions {
    /// The slots with a token present. Some drivers fail or see nothing the first time only, so a call
    /// that failed or told no slot is made once more.
    pub(in super::super) fn slots(&self) -> Result<Vec<SlotId>, CallError> {
        match self.slot_list(SLOTS_AT_ONCE) {
            Ok(slots) if slots.is_empty() => self.slot_list(SLOTS_AT_ONCE),
            Err(error) if error.returned() == Some(BUFFER_TOO_SMALL) => self.slot_list(MOST_SLOTS),
            Err(CallError {
                kind: CallErrorKind::Returned(_),
                ..
            }) => self.slot_list(SLOTS_AT_ONCE),
            other => other,
        }
    }

    fn slot_list(&self, room: usize) -> Result<Vec<SlotId>, CallError> {
        let name = "C_GetSlotList";
        let function = entry!(self, C_GetSlotList);
        let mut slots: Vec<CK_SLOT_ID> = vec![0; room];
        let mut count = CK_ULONG::try_from(room).unwrap_or(CK_ULONG::MAX);
        let present = 1;
        // SAFETY: `slots` has room for the `count` ids it is announced with.
        self.call(name, || unsafe {
            function(present, slots.as_mut_ptr(), &raw mut count)
        })?;
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let listed = slots.get(..count).ok_or(CallError::nonsense(
            name,
            "more slots than there was room for",
        ))?;
        Ok(listed.iter().map(|slot| SlotId(widen(*slot))).collect())
    }

    /// The reader's name.
    pub(in super::super) fn slot_description(&self, slot: SlotId) -> Result<String, CallError> {
        let function = entry!(self, C_GetSlotInfo);
        let mut information: CK_SLOT_INFO = zeroed();
        // SAFETY: the structure is ours to be filled.
        self.call("C_GetSlotInfo", || unsafe {
            function(number(slot), &raw mut information)
        })?;
        let description = information.slotDescription;
        Ok(clean_text(&description))
    }

    /// The token's own words. The clock is not looked at: crate cryptoki fails on an odd one.
    pub(in super::super) fn token(&self, slot: SlotId) -> Result<TokenInformation, CallError> {
        let function = entry!(self, C_GetTokenInfo);
        let mut information: CK_TOKEN_INFO = zeroed();
        // SAFETY: the structure is ours to be filled.
        self.call("C_GetTokenInfo", || unsafe {
            function(number(slot), &raw mut information)
        })?;
        let (label, manufacturer) = (information.label, information.manufacturerID);
        let (model, serial) = (information.model, information.serialNumber);
        Ok(TokenInformation {
            label: clean_text(&label),
            manufacturer: clean_text(&manufacturer),
            model: clean_text(&model),
            serial: clean_text(&serial),
            flags: widen(information.flags),
            minimum_pin_length: widen(information.ulMinPinLen),
            maximum_pin_length: widen(information.ulMaxPinLen),
            free_public_memory: memory(information.ulFreePublicMemory),
            total_public_memory: memory(information.ulTotalPublicMemory),
            hardware_version: version(information.hardwareVersion),
            firmware_version: version(information.firmwareVersion),
        })
    }
}

/// A slot id that does not fit is one that no driver gave: the answer will be `SLOT_ID_INVALID`.
pub(super) fn number(slot: SlotId) -> CK_SLOT_ID {
    CK_SLOT_ID::try_from(slot.0).unwrap_or(CK_SLOT_ID::MAX)
}

fn memory(bytes: CK_ULONG) -> Option<u64> {
    (bytes != CK_UNAVAILABLE_INFORMATION).then(|| widen(bytes))
}

fn version(version: CK_VERSION) -> String {
    format!("{}.{}", version.major, version.minor)
}
