//! Slots and tokens as the program sees them, and the mechanisms.

use std::{ffi::OsString, path::Path};

use cryptoki_sys::*;

use super::{Library, Slot};
use crate::{
    attribute,
    keys::RSA_BITS,
    profile::Profile,
    refusal::Refusal,
    token::{EXTENSION, PIN_LENGTHS, Pin, PinState, Store, Token},
};

const MANUFACTURER: &str = "chungthu";
const MODEL: &str = "soft token";
const MECHANISMS: [CK_MECHANISM_TYPE; 6] = [
    CKM_RSA_PKCS_KEY_PAIR_GEN,
    CKM_RSA_PKCS,
    CKM_SHA256_RSA_PKCS,
    CKM_EC_KEY_PAIR_GEN,
    CKM_ECDSA,
    CKM_ECDSA_SHA256,
];

impl Slot {
    /// Whether this process finds a token in the slot.
    pub(super) fn has_token(&self, profile: Profile) -> bool {
        self.store.is_present() && profile.finds(&self.store, self.claim.is_some())
    }
}

impl Library {
    /// What the library says about itself.
    pub(crate) fn info(&self) -> CK_INFO {
        let mut info = CK_INFO {
            cryptokiVersion: CK_VERSION {
                major: 2,
                minor: 40,
            },
            manufacturerID: padded(MANUFACTURER),
            flags: 0,
            libraryDescription: padded("chungthu software token"),
            libraryVersion: version(),
        };
        self.profile.change_library_info(&mut info);
        info
    }

    /// Gives numbers to token files that were not there before.
    pub(super) fn find_new_slots(&mut self) {
        let folder = self.started.as_ref().and_then(|to| to.folder.as_deref());
        let names = folder.map(token_names).unwrap_or_default();
        for name in names {
            let Some(path) = folder.map(|folder| folder.join(&name)) else {
                continue;
            };
            if self.slots.values().any(|slot| slot.store.path() == path) {
                continue;
            }
            let last = self.slots.last_key_value().map_or(0, |(id, _)| *id);
            let mut store = Store::new(path);
            let slot = Slot {
                name: name.to_string_lossy().into_owned(),
                room: self.profile.room(&mut store),
                store,
                claim: None,
                login: None,
                session_objects: Default::default(),
                last_session_object: 0,
            };
            self.slots.insert(last + 1, slot);
        }
    }

    /// The slots; `look_again` finds files that appeared since.
    pub(crate) fn slot_list(
        &mut self,
        with_token: bool,
        look_again: bool,
    ) -> Result<Vec<CK_SLOT_ID>, Refusal> {
        if look_again {
            self.find_new_slots();
        }
        let profile = self.profile;
        let slots = self
            .slots
            .iter()
            .filter(|(_, slot)| !with_token || slot.has_token(profile))
            .map(|(id, _)| *id)
            .collect();
        let is_first = !std::mem::replace(&mut self.listed_slots, true);
        profile.list_slots(slots, is_first, look_again)
    }

    pub(crate) fn slot_info(&mut self, id: CK_SLOT_ID) -> Result<CK_SLOT_INFO, Refusal> {
        let profile = self.profile;
        let slot = self.slot(id)?;
        let presence = if slot.has_token(profile) {
            CKF_TOKEN_PRESENT
        } else {
            0
        };
        let mut info = CK_SLOT_INFO {
            slotDescription: padded(&slot.name),
            manufacturerID: padded(MANUFACTURER),
            flags: CKF_REMOVABLE_DEVICE | presence,
            hardwareVersion: version(),
            firmwareVersion: version(),
        };
        profile.change_slot_info(&mut info);
        Ok(info)
    }

    pub(crate) fn token_info(&mut self, id: CK_SLOT_ID) -> Result<CK_TOKEN_INFO, Refusal> {
        let sessions = self.sessions.values().filter(|session| session.slot == id);
        let (mut all, mut writable) = (0, 0);
        for session in sessions {
            all += 1;
            writable += usize::from(session.writable);
        }
        let profile = self.profile;
        let token = self.slot_with_token(id)?.store.read()?;
        let mut info = CK_TOKEN_INFO {
            label: padded(&token.label),
            manufacturerID: padded(MANUFACTURER),
            model: padded(MODEL),
            serialNumber: padded(&token.serial),
            flags: profile.told_flags(token_flags(token, profile.pin_tries()))
                | profile.token_flags(),
            ulMaxSessionCount: CK_EFFECTIVELY_INFINITE,
            ulSessionCount: attribute::number(all),
            ulMaxRwSessionCount: CK_EFFECTIVELY_INFINITE,
            ulRwSessionCount: attribute::number(writable),
            ulMaxPinLen: attribute::number(*PIN_LENGTHS.end()),
            ulMinPinLen: attribute::number(*PIN_LENGTHS.start()),
            ulTotalPublicMemory: CK_UNAVAILABLE_INFORMATION,
            ulFreePublicMemory: CK_UNAVAILABLE_INFORMATION,
            ulTotalPrivateMemory: CK_UNAVAILABLE_INFORMATION,
            ulFreePrivateMemory: CK_UNAVAILABLE_INFORMATION,
            hardwareVersion: version(),
            firmwareVersion: version(),
            utcTime: padded(""),
        };
        profile.change_token_info(&mut info, token);
        Ok(info)
    }

    pub(crate) fn mechanisms(&mut self, id: CK_SLOT_ID) -> Result<Vec<CK_MECHANISM_TYPE>, Refusal> {
        self.slot_with_token(id)?;
        Ok(MECHANISMS.to_vec())
    }

    pub(crate) fn mechanism_info(
        &mut self,
        id: CK_SLOT_ID,
        mechanism: CK_MECHANISM_TYPE,
    ) -> Result<CK_MECHANISM_INFO, Refusal> {
        self.slot_with_token(id)?;
        let curve = CKF_EC_F_P | CKF_EC_NAMEDCURVE | CKF_EC_UNCOMPRESS;
        let (is_rsa, flags) = match mechanism {
            CKM_RSA_PKCS_KEY_PAIR_GEN => (true, CKF_GENERATE_KEY_PAIR),
            CKM_RSA_PKCS | CKM_SHA256_RSA_PKCS => (true, CKF_SIGN | CKF_VERIFY),
            CKM_EC_KEY_PAIR_GEN => (false, CKF_GENERATE_KEY_PAIR | curve),
            CKM_ECDSA | CKM_ECDSA_SHA256 => (false, CKF_SIGN | CKF_VERIFY | curve),
            _ => return Err(Refusal(CKR_MECHANISM_INVALID)),
        };
        let sizes = if is_rsa { RSA_BITS } else { 256..=384 };
        // The bench stands for a device, and some programs use only a device's own mechanisms.
        let flags = CKF_HW | flags;
        Ok(CK_MECHANISM_INFO {
            ulMinKeySize: *sizes.start(),
            ulMaxKeySize: *sizes.end(),
            flags,
        })
    }
}

/// The names of the token files of a folder, in order. A folder that cannot be read has none.
fn token_names(folder: &Path) -> Vec<OsString> {
    let Ok(entries) = folder.read_dir() else {
        return Vec::new();
    };
    let mut names: Vec<_> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.file_name())
        .filter(|name| {
            Path::new(name)
                .extension()
                .is_some_and(|it| it == EXTENSION)
        })
        .collect();
    names.sort();
    names
}

fn token_flags(token: &Token, tries: u8) -> CK_FLAGS {
    let mut flags = CKF_RNG | CKF_LOGIN_REQUIRED;
    if token.is_initialised() {
        flags |= CKF_TOKEN_INITIALIZED;
    }
    if token.user.is_some() {
        flags |= CKF_USER_PIN_INITIALIZED;
    }
    flags
        | pin_flags(
            token.user.as_ref(),
            tries,
            CKF_USER_PIN_COUNT_LOW,
            CKF_USER_PIN_FINAL_TRY,
            CKF_USER_PIN_LOCKED,
        )
        | pin_flags(
            token.security_officer.as_ref(),
            tries,
            CKF_SO_PIN_COUNT_LOW,
            CKF_SO_PIN_FINAL_TRY,
            CKF_SO_PIN_LOCKED,
        )
}

/// The standard's words: low from the first wrong try until a right one, whatever else is true.
fn pin_flags(
    pin: Option<&Pin>,
    tries: u8,
    low: CK_FLAGS,
    last: CK_FLAGS,
    locked: CK_FLAGS,
) -> CK_FLAGS {
    match pin.map(|pin| pin.state(tries)) {
        None | Some(PinState::Fresh) => 0,
        Some(PinState::CountLow) => low,
        Some(PinState::FinalTry) => low | last,
        Some(PinState::Locked) => low | locked,
    }
}

/// Text cut at a character's border and filled with blanks, as the standard wants it.
fn padded<const LENGTH: usize>(text: &str) -> [u8; LENGTH] {
    let mut end = text.len().min(LENGTH);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut bytes = [b' '; LENGTH];
    for (to, from) in bytes.iter_mut().zip(text.bytes().take(end)) {
        *to = from;
    }
    bytes
}

fn version() -> CK_VERSION {
    let number = |text: &str| text.parse().unwrap_or_default();
    CK_VERSION {
        major: number(env!("CARGO_PKG_VERSION_MAJOR")),
        minor: number(env!("CARGO_PKG_VERSION_MINOR")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_too_long_is_cut_between_two_characters() {
        assert_eq!(&padded::<4>("ab"), b"ab  ");
        assert_eq!(&padded::<4>("abcdef"), b"abcd");
        assert_eq!(&padded::<4>("thư"), "thư".as_bytes());
        assert_eq!(&padded::<4>("Thủ"), b"Th  ");
    }
}
