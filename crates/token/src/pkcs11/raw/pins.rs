//! Setting a PIN, by its holder or by the security officer; without a PIN where the reader asks for it.

use std::ptr;

use cryptoki_sys::{CK_ULONG, CK_UTF8CHAR_PTR};

use super::{CallError, Functions, SessionHandle, entry};
use crate::pin::Credential;

impl Functions {
    /// `C_SetPIN`: the user's PIN where nobody is logged in, else that of whoever is.
    pub(in crate::pkcs11) fn set_pin(
        &self,
        session: SessionHandle,
        old: &Credential,
        new: &Credential,
    ) -> Result<(), CallError> {
        let set_pin = entry!(self, C_SetPIN);
        let ((old, old_length), (new, new_length)) = (text_of(old)?, text_of(new)?);
        self.call("C_SetPIN", || {
            // SAFETY: two texts with their lengths, which outlive the call and are not written to (PKCS#11
            // 2.40, 5.5), or null where the token has its own way.
            unsafe { set_pin(session, old, old_length, new, new_length) }
        })
    }

    /// `C_InitPIN`: the user's PIN, set by the security officer who is logged in.
    pub(in crate::pkcs11) fn init_pin(
        &self,
        session: SessionHandle,
        new: &Credential,
    ) -> Result<(), CallError> {
        let init_pin = entry!(self, C_InitPIN);
        let (new, length) = text_of(new)?;
        self.call("C_InitPIN", || {
            // SAFETY: as above.
            unsafe { init_pin(session, new, length) }
        })
    }
}

/// The PIN's bytes as the C functions want them; nothing where it is typed elsewhere.
fn text_of(credential: &Credential) -> Result<(CK_UTF8CHAR_PTR, CK_ULONG), CallError> {
    match credential {
        Credential::Pin(pin) => {
            let text = pin.expose();
            let length = CK_ULONG::try_from(text.len())
                .map_err(|_| CallError::nonsense("C_SetPIN", "a PIN that is too long"))?;
            Ok((text.as_ptr().cast_mut(), length))
        }
        Credential::ProtectedAuthenticationPath => Ok((ptr::null_mut(), 0)),
    }
}
