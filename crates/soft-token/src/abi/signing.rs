//! Entries about keys at work and random numbers.
#![expect(
    unsafe_code,
    reason = "entries of a C table take the caller's pointers"
)]

use cryptoki_sys::*;

use super::{dispatch, memory};
use crate::{attribute, refusal::Refusal};

pub(super) unsafe extern "C" fn generate_key_pair(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    public_template: *mut CK_ATTRIBUTE,
    public_count: CK_ULONG,
    private_template: *mut CK_ATTRIBUTE,
    private_count: CK_ULONG,
    public_key: *mut CK_OBJECT_HANDLE,
    private_key: *mut CK_OBJECT_HANDLE,
) -> CK_RV {
    dispatch("C_GenerateKeyPair", |library| {
        if public_key.is_null() || private_key.is_null() {
            return Err(Refusal(CKR_ARGUMENTS_BAD));
        }
        // SAFETY: the caller's promise about `mechanism`.
        let mechanism = unsafe { plain_mechanism(mechanism) }?;
        // SAFETY: the caller's promise about `public_template`.
        let public = unsafe { memory::template(public_template, public_count) }?;
        // SAFETY: the caller's promise about `private_template`.
        let private = unsafe { memory::template(private_template, private_count) }?;
        let (public, private) = library.generate_key_pair(session, mechanism, &public, &private)?;
        // SAFETY: the caller's promise about `public_key`.
        unsafe { memory::write(public_key, public) }?;
        // SAFETY: the caller's promise about `private_key`.
        unsafe { memory::write(private_key, private) }
    })
}

pub(super) unsafe extern "C" fn sign_init(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    dispatch("C_SignInit", |library| {
        // SAFETY: the caller's promise about `mechanism`.
        let mechanism = unsafe { plain_mechanism(mechanism) }?;
        library.start_signing(session, mechanism, key)
    })
}

pub(super) unsafe extern "C" fn sign(
    session: CK_SESSION_HANDLE,
    data: *mut CK_BYTE,
    data_length: CK_ULONG,
    signature: *mut CK_BYTE,
    signature_length: *mut CK_ULONG,
) -> CK_RV {
    dispatch("C_Sign", |library| {
        let length = library.signature_length(session)?;
        // SAFETY: the caller's promise about `signature_length`.
        if !unsafe { memory::has_room(signature, signature_length, length) }? {
            let told = library.told_length(attribute::number(length));
            // SAFETY: the caller's promise about `signature_length`.
            return unsafe { memory::write(signature_length, told) };
        }
        // SAFETY: the caller's promise about `data`.
        let data = unsafe { memory::bytes(data, data_length) }?;
        let mut made = library.sign(session, &data)?;
        library.tell_bytes(&mut made);
        let told = library.told_length(attribute::number(made.len()));
        // SAFETY: the caller's promise about `signature` and `signature_length`.
        unsafe { memory::write_list(signature, signature_length, &made, told) }
    })
}

pub(super) unsafe extern "C" fn sign_update(
    session: CK_SESSION_HANDLE,
    part: *mut CK_BYTE,
    part_length: CK_ULONG,
) -> CK_RV {
    dispatch("C_SignUpdate", |library| {
        // SAFETY: the caller's promise about `part`.
        let part = unsafe { memory::bytes(part, part_length) }?;
        library.add_part_to_sign(session, &part)
    })
}

pub(super) unsafe extern "C" fn sign_final(
    session: CK_SESSION_HANDLE,
    signature: *mut CK_BYTE,
    signature_length: *mut CK_ULONG,
) -> CK_RV {
    dispatch("C_SignFinal", |library| {
        let length = library.signature_length(session)?;
        // SAFETY: the caller's promise about `signature_length`.
        if !unsafe { memory::has_room(signature, signature_length, length) }? {
            let told = library.told_length(attribute::number(length));
            // SAFETY: the caller's promise about `signature_length`.
            return unsafe { memory::write(signature_length, told) };
        }
        let mut made = library.sign_parts(session)?;
        library.tell_bytes(&mut made);
        let told = library.told_length(attribute::number(made.len()));
        // SAFETY: the caller's promise about `signature` and `signature_length`.
        unsafe { memory::write_list(signature, signature_length, &made, told) }
    })
}

pub(super) unsafe extern "C" fn verify_init(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    dispatch("C_VerifyInit", |library| {
        // SAFETY: the caller's promise about `mechanism`.
        let mechanism = unsafe { plain_mechanism(mechanism) }?;
        library.start_verifying(session, mechanism, key)
    })
}

pub(super) unsafe extern "C" fn verify(
    session: CK_SESSION_HANDLE,
    data: *mut CK_BYTE,
    data_length: CK_ULONG,
    signature: *mut CK_BYTE,
    signature_length: CK_ULONG,
) -> CK_RV {
    dispatch("C_Verify", |library| {
        // SAFETY: the caller's promise about `data`.
        let data = unsafe { memory::bytes(data, data_length) }?;
        // SAFETY: the caller's promise about `signature`.
        let signature = unsafe { memory::bytes(signature, signature_length) }?;
        library.verify(session, &data, &signature)
    })
}

pub(super) unsafe extern "C" fn verify_update(
    session: CK_SESSION_HANDLE,
    part: *mut CK_BYTE,
    part_length: CK_ULONG,
) -> CK_RV {
    dispatch("C_VerifyUpdate", |library| {
        // SAFETY: the caller's promise about `part`.
        let part = unsafe { memory::bytes(part, part_length) }?;
        library.add_part_to_verify(session, &part)
    })
}

pub(super) unsafe extern "C" fn verify_final(
    session: CK_SESSION_HANDLE,
    signature: *mut CK_BYTE,
    signature_length: CK_ULONG,
) -> CK_RV {
    dispatch("C_VerifyFinal", |library| {
        // SAFETY: the caller's promise about `signature`.
        let signature = unsafe { memory::bytes(signature, signature_length) }?;
        library.verify_parts(session, &signature)
    })
}

pub(super) unsafe extern "C" fn seed_random(
    session: CK_SESSION_HANDLE,
    _seed: *mut CK_BYTE,
    _seed_length: CK_ULONG,
) -> CK_RV {
    dispatch("C_SeedRandom", |library| library.seed_random(session))
}

pub(super) unsafe extern "C" fn generate_random(
    session: CK_SESSION_HANDLE,
    random: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    dispatch("C_GenerateRandom", |library| {
        if random.is_null() {
            return Err(Refusal(CKR_ARGUMENTS_BAD));
        }
        let mut bytes = vec![0; memory::size(length)?];
        library.random(session, &mut bytes)?;
        // SAFETY: the caller has room for `length` bytes by its promise.
        unsafe { memory::write_items(random, &bytes) };
        Ok(())
    })
}

/// A mechanism without parameters; none of the token's has any.
///
/// # Safety
///
/// `mechanism` is null or points to a mechanism.
unsafe fn plain_mechanism(mechanism: *const CK_MECHANISM) -> Result<CK_MECHANISM_TYPE, Refusal> {
    // SAFETY: the caller's promise about `mechanism`.
    let mechanism = unsafe { memory::read(mechanism) }?;
    if mechanism.ulParameterLen > 0 {
        return Err(Refusal(CKR_MECHANISM_PARAM_INVALID));
    }
    Ok(mechanism.mechanism)
}
