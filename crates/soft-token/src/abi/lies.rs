//! Outputs that are wrong, for a scenario whose call says that all went well.

use cryptoki_sys::*;

use crate::{
    library::{Library, Reading},
    scenario::Nonsense,
};

/// A handle that no object has.
pub(super) const INVENTED_HANDLE: CK_OBJECT_HANDLE = 0x7fff_fff0;

/// By how much a count is too large: more than anybody asks for at once.
const TOO_MANY: CK_ULONG = 0x10_0000;

impl Library {
    /// What a length becomes.
    pub(super) fn told_length(&self, length: CK_ULONG) -> CK_ULONG {
        match self.lie() {
            Some(Nonsense::LengthZero) => 0,
            Some(Nonsense::LengthUnavailable) => CK_UNAVAILABLE_INFORMATION,
            Some(Nonsense::Length2To31) => 1 << 31,
            Some(Nonsense::Length2To63) => 1 << (CK_ULONG::BITS - 1),
            Some(_) | None => length,
        }
    }

    /// What the count of a list becomes.
    pub(super) fn told_count(&self, count: CK_ULONG) -> CK_ULONG {
        if self.lie() == Some(Nonsense::LargerCount) {
            count.saturating_add(TOO_MANY)
        } else {
            count
        }
    }

    /// What a handle becomes.
    pub(super) fn told_handle(&self, handle: CK_ULONG) -> CK_ULONG {
        if self.lie() == Some(Nonsense::ZeroHandle) {
            0
        } else {
            handle
        }
    }

    /// What bytes become.
    pub(super) fn tell_bytes(&self, bytes: &mut [u8]) {
        if self.lie() == Some(Nonsense::ChangedBytes)
            && let Some(byte) = bytes.last_mut()
        {
            *byte ^= 1;
        }
    }

    /// What an object's values become.
    pub(super) fn tell_readings(&self, readings: &mut [Reading]) {
        for reading in readings {
            if let Reading::Value(value) = reading {
                self.tell_bytes(value);
            }
        }
    }

    /// What a token's words become.
    pub(super) fn tell_token(&self, token: &mut CK_TOKEN_INFO) {
        match self.lie() {
            Some(Nonsense::ChangedBytes) => {
                if let Some(digit) = token.serialNumber.first_mut() {
                    *digit = if *digit == b'0' { b'1' } else { b'0' };
                }
            }
            Some(Nonsense::BadText) => {
                // the last character is cut after its first byte
                let bad = [b'A', 0, b'\x1b', b'[', 0xe1, 0xbb];
                for (place, byte) in token.label.iter_mut().zip(bad) {
                    *place = byte;
                }
            }
            Some(Nonsense::JunkClock) => {
                token.flags |= CKF_CLOCK_ON_TOKEN;
                token.utcTime = *b"16:04:30\0\xff\xfe.....";
            }
            Some(_) | None => {}
        }
    }

    /// Whether nothing of what was asked is done.
    pub(super) fn only_says_so(&self) -> bool {
        self.lie() == Some(Nonsense::NotStored)
    }
}
