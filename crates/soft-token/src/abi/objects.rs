//! Entries about objects and searches.
#![expect(
    unsafe_code,
    reason = "entries of a C table take the caller's pointers"
)]

use cryptoki_sys::*;

use super::{dispatch, lies::INVENTED_HANDLE, memory};
use crate::{attribute, refusal::Refusal};

pub(super) unsafe extern "C" fn create_object(
    session: CK_SESSION_HANDLE,
    template: *mut CK_ATTRIBUTE,
    count: CK_ULONG,
    object: *mut CK_OBJECT_HANDLE,
) -> CK_RV {
    dispatch("C_CreateObject", |library| {
        if object.is_null() {
            return Err(Refusal(CKR_ARGUMENTS_BAD));
        }
        // SAFETY: the caller's promise about `template`.
        let template = unsafe { memory::template(template, count) }?;
        let created = if library.only_says_so() {
            INVENTED_HANDLE
        } else {
            library.create_object(session, &template)?
        };
        // SAFETY: the caller's promise about `object`.
        unsafe { memory::write(object, library.told_handle(created)) }
    })
}

pub(super) unsafe extern "C" fn destroy_object(
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
) -> CK_RV {
    dispatch("C_DestroyObject", |library| {
        if library.only_says_so() {
            return Ok(());
        }
        library.destroy_object(session, object)
    })
}

pub(super) unsafe extern "C" fn get_object_size(
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
    size: *mut CK_ULONG,
) -> CK_RV {
    dispatch("C_GetObjectSize", |library| {
        let found = library.object_size(session, object)?;
        // SAFETY: the caller's promise about `size`.
        unsafe { memory::write(size, attribute::number(found)) }
    })
}

pub(super) unsafe extern "C" fn get_attribute_value(
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
    template: *mut CK_ATTRIBUTE,
    count: CK_ULONG,
) -> CK_RV {
    dispatch("C_GetAttributeValue", |library| {
        // SAFETY: the caller's promise about `template`.
        let wanted = unsafe { memory::attribute_types(template, count) }?;
        let mut readings = library.read_attributes(session, object, &wanted)?;
        library.tell_readings(&mut readings);
        // SAFETY: there is one reading for each attribute of the caller's template.
        unsafe { memory::fill_attributes(template, &readings, library) }
    })
}

pub(super) unsafe extern "C" fn set_attribute_value(
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
    template: *mut CK_ATTRIBUTE,
    count: CK_ULONG,
) -> CK_RV {
    dispatch("C_SetAttributeValue", |library| {
        // SAFETY: the caller's promise about `template`.
        let template = unsafe { memory::template(template, count) }?;
        if library.only_says_so() {
            return Ok(());
        }
        library.change_attributes(session, object, &template)
    })
}

pub(super) unsafe extern "C" fn find_objects_init(
    session: CK_SESSION_HANDLE,
    template: *mut CK_ATTRIBUTE,
    count: CK_ULONG,
) -> CK_RV {
    dispatch("C_FindObjectsInit", |library| {
        // SAFETY: the caller's promise about `template`.
        let template = unsafe { memory::template(template, count) }?;
        library.start_search(session, &template)
    })
}

pub(super) unsafe extern "C" fn find_objects(
    session: CK_SESSION_HANDLE,
    objects: *mut CK_OBJECT_HANDLE,
    most: CK_ULONG,
    count: *mut CK_ULONG,
) -> CK_RV {
    dispatch("C_FindObjects", |library| {
        if count.is_null() || (objects.is_null() && most > 0) {
            return Err(Refusal(CKR_ARGUMENTS_BAD));
        }
        let mut found = library.continue_search(session, memory::size(most)?)?;
        for handle in &mut found {
            *handle = library.told_handle(*handle);
        }
        let told = library.told_count(attribute::number(found.len()));
        // SAFETY: there are at most as many handles as the caller has room for.
        unsafe { memory::write_items(objects, &found) };
        // SAFETY: the caller's promise about `count`.
        unsafe { memory::write(count, told) }
    })
}

pub(super) unsafe extern "C" fn find_objects_final(session: CK_SESSION_HANDLE) -> CK_RV {
    dispatch("C_FindObjectsFinal", |library| library.end_search(session))
}
