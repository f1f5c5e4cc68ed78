//! The table of all functions that a program gets from `C_GetFunctionList`.
#![expect(
    unsafe_code,
    reason = "the table is handed out through the caller's pointer"
)]

use cryptoki_sys::{CK_FUNCTION_LIST, CK_RV, CK_VERSION};

use super::{dispatch, general, memory, objects, sessions, signing, unsupported};

static FUNCTIONS: CK_FUNCTION_LIST = CK_FUNCTION_LIST {
    version: CK_VERSION {
        major: 2,
        minor: 40,
    },
    C_Initialize: Some(general::initialize),
    C_Finalize: Some(general::finalize),
    C_GetInfo: Some(general::get_info),
    C_GetFunctionList: Some(function_list),
    C_GetSlotList: Some(general::get_slot_list),
    C_GetSlotInfo: Some(general::get_slot_info),
    C_GetTokenInfo: Some(general::get_token_info),
    C_GetMechanismList: Some(general::get_mechanism_list),
    C_GetMechanismInfo: Some(general::get_mechanism_info),
    C_InitToken: Some(general::init_token),
    C_InitPIN: Some(general::init_pin),
    C_SetPIN: Some(general::set_pin),
    C_OpenSession: Some(sessions::open_session),
    C_CloseSession: Some(sessions::close_session),
    C_CloseAllSessions: Some(sessions::close_all_sessions),
    C_GetSessionInfo: Some(sessions::get_session_info),
    C_GetOperationState: Some(unsupported::get_operation_state),
    C_SetOperationState: Some(unsupported::set_operation_state),
    C_Login: Some(sessions::login),
    C_Logout: Some(sessions::logout),
    C_CreateObject: Some(objects::create_object),
    C_CopyObject: Some(unsupported::copy_object),
    C_DestroyObject: Some(objects::destroy_object),
    C_GetObjectSize: Some(objects::get_object_size),
    C_GetAttributeValue: Some(objects::get_attribute_value),
    C_SetAttributeValue: Some(objects::set_attribute_value),
    C_FindObjectsInit: Some(objects::find_objects_init),
    C_FindObjects: Some(objects::find_objects),
    C_FindObjectsFinal: Some(objects::find_objects_final),
    C_EncryptInit: Some(unsupported::encrypt_init),
    C_Encrypt: Some(unsupported::encrypt),
    C_EncryptUpdate: Some(unsupported::encrypt_update),
    C_EncryptFinal: Some(unsupported::encrypt_final),
    C_DecryptInit: Some(unsupported::decrypt_init),
    C_Decrypt: Some(unsupported::decrypt),
    C_DecryptUpdate: Some(unsupported::decrypt_update),
    C_DecryptFinal: Some(unsupported::decrypt_final),
    C_DigestInit: Some(unsupported::digest_init),
    C_Digest: Some(unsupported::digest),
    C_DigestUpdate: Some(unsupported::digest_update),
    C_DigestKey: Some(unsupported::digest_key),
    C_DigestFinal: Some(unsupported::digest_final),
    C_SignInit: Some(signing::sign_init),
    C_Sign: Some(signing::sign),
    C_SignUpdate: Some(signing::sign_update),
    C_SignFinal: Some(signing::sign_final),
    C_SignRecoverInit: Some(unsupported::sign_recover_init),
    C_SignRecover: Some(unsupported::sign_recover),
    C_VerifyInit: Some(signing::verify_init),
    C_Verify: Some(signing::verify),
    C_VerifyUpdate: Some(signing::verify_update),
    C_VerifyFinal: Some(signing::verify_final),
    C_VerifyRecoverInit: Some(unsupported::verify_recover_init),
    C_VerifyRecover: Some(unsupported::verify_recover),
    C_DigestEncryptUpdate: Some(unsupported::digest_encrypt_update),
    C_DecryptDigestUpdate: Some(unsupported::decrypt_digest_update),
    C_SignEncryptUpdate: Some(unsupported::sign_encrypt_update),
    C_DecryptVerifyUpdate: Some(unsupported::decrypt_verify_update),
    C_GenerateKey: Some(unsupported::generate_key),
    C_GenerateKeyPair: Some(signing::generate_key_pair),
    C_WrapKey: Some(unsupported::wrap_key),
    C_UnwrapKey: Some(unsupported::unwrap_key),
    C_DeriveKey: Some(unsupported::derive_key),
    C_SeedRandom: Some(signing::seed_random),
    C_GenerateRandom: Some(signing::generate_random),
    C_GetFunctionStatus: Some(unsupported::get_function_status),
    C_CancelFunction: Some(unsupported::cancel_function),
    C_WaitForSlotEvent: Some(general::wait_for_slot_event),
};

/// Hands out the table.
///
/// # Safety
///
/// `list` is null or points to room for one pointer.
pub(crate) unsafe extern "C" fn function_list(list: *mut *mut CK_FUNCTION_LIST) -> CK_RV {
    dispatch("C_GetFunctionList", |_| {
        // The standard's type lets a caller write into the table; none does.
        let table = (&raw const FUNCTIONS).cast_mut();
        // SAFETY: the caller's promise about `list`.
        unsafe { memory::write(list, table) }
    })
}
