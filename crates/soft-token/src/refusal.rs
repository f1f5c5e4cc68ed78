//! The one error of the library: the PKCS#11 code that the caller gets.

use cryptoki_sys::{
    CK_RV, CKR_DEVICE_ERROR, CKR_DEVICE_MEMORY, CKR_DEVICE_REMOVED, CKR_TOKEN_NOT_RECOGNIZED,
};

use crate::token::StoreError;

/// Why a call is not carried out, in the words of the standard.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Refusal(pub(crate) CK_RV);

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self(match error {
            StoreError::Absent => CKR_DEVICE_REMOVED,
            StoreError::Unreadable => CKR_TOKEN_NOT_RECOGNIZED,
            StoreError::Full => CKR_DEVICE_MEMORY,
            StoreError::Input(_) => CKR_DEVICE_ERROR,
        })
    }
}
