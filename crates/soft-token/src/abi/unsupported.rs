//! Entries for what this token does not do. They are in the table, because a program may call any.
#![expect(unsafe_code, reason = "entries of a C table have the standard's types")]

use cryptoki_sys::*;

use super::dispatch;
use crate::refusal::Refusal;

macro_rules! unsupported {
    ($($entry:ident is $name:literal ($($argument:ty),*);)*) => {
        $(pub(super) unsafe extern "C" fn $entry($(_: $argument),*) -> CK_RV {
            dispatch($name, |_| Err(Refusal(CKR_FUNCTION_NOT_SUPPORTED)))
        })*
    };
}

type Session = CK_SESSION_HANDLE;
type Object = CK_OBJECT_HANDLE;
type Mechanism = *mut CK_MECHANISM;
type Bytes = *mut CK_BYTE;
type Length = *mut CK_ULONG;
type Template = *mut CK_ATTRIBUTE;

unsupported! {
    get_operation_state is "C_GetOperationState" (Session, Bytes, Length);
    set_operation_state is "C_SetOperationState" (Session, Bytes, CK_ULONG, Object, Object);
    copy_object is "C_CopyObject" (Session, Object, Template, CK_ULONG, *mut Object);
    encrypt_init is "C_EncryptInit" (Session, Mechanism, Object);
    encrypt is "C_Encrypt" (Session, Bytes, CK_ULONG, Bytes, Length);
    encrypt_update is "C_EncryptUpdate" (Session, Bytes, CK_ULONG, Bytes, Length);
    encrypt_final is "C_EncryptFinal" (Session, Bytes, Length);
    decrypt_init is "C_DecryptInit" (Session, Mechanism, Object);
    decrypt is "C_Decrypt" (Session, Bytes, CK_ULONG, Bytes, Length);
    decrypt_update is "C_DecryptUpdate" (Session, Bytes, CK_ULONG, Bytes, Length);
    decrypt_final is "C_DecryptFinal" (Session, Bytes, Length);
    digest_init is "C_DigestInit" (Session, Mechanism);
    digest is "C_Digest" (Session, Bytes, CK_ULONG, Bytes, Length);
    digest_update is "C_DigestUpdate" (Session, Bytes, CK_ULONG);
    digest_key is "C_DigestKey" (Session, Object);
    digest_final is "C_DigestFinal" (Session, Bytes, Length);
    sign_recover_init is "C_SignRecoverInit" (Session, Mechanism, Object);
    sign_recover is "C_SignRecover" (Session, Bytes, CK_ULONG, Bytes, Length);
    verify_recover_init is "C_VerifyRecoverInit" (Session, Mechanism, Object);
    verify_recover is "C_VerifyRecover" (Session, Bytes, CK_ULONG, Bytes, Length);
    digest_encrypt_update is "C_DigestEncryptUpdate" (Session, Bytes, CK_ULONG, Bytes, Length);
    decrypt_digest_update is "C_DecryptDigestUpdate" (Session, Bytes, CK_ULONG, Bytes, Length);
    sign_encrypt_update is "C_SignEncryptUpdate" (Session, Bytes, CK_ULONG, Bytes, Length);
    decrypt_verify_update is "C_DecryptVerifyUpdate" (Session, Bytes, CK_ULONG, Bytes, Length);
    generate_key is "C_GenerateKey" (Session, Mechanism, Template, CK_ULONG, *mut Object);
    wrap_key is "C_WrapKey" (Session, Mechanism, Object, Object, Bytes, Length);
    unwrap_key is "C_UnwrapKey"
        (Session, Mechanism, Object, Bytes, CK_ULONG, Template, CK_ULONG, *mut Object);
    derive_key is "C_DeriveKey" (Session, Mechanism, Object, Template, CK_ULONG, *mut Object);
    get_function_status is "C_GetFunctionStatus" (Session);
    cancel_function is "C_CancelFunction" (Session);
}
