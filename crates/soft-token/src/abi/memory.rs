//! Pointers: everything that reads or writes the caller's memory.
//!
//! Structures are read and written unaligned, because on Windows they are packed.
#![expect(
    unsafe_code,
    reason = "the caller's memory is reached through raw pointers"
)]

use std::slice;

use cryptoki_sys::*;
use zeroize::Zeroizing;

use crate::{
    attribute::{self, RawAttribute},
    library::{Library, Reading},
    refusal::Refusal,
};

/// Reads one value.
///
/// # Safety
///
/// `from` is null or points to a value.
pub(super) unsafe fn read<T: Copy>(from: *const T) -> Result<T, Refusal> {
    if from.is_null() {
        return Err(Refusal(CKR_ARGUMENTS_BAD));
    }
    // SAFETY: not null, so it points to a value by the caller's promise.
    Ok(unsafe { from.read_unaligned() })
}

/// Writes one value.
///
/// # Safety
///
/// `to` is null or points to room for a value.
pub(super) unsafe fn write<T>(to: *mut T, value: T) -> Result<(), Refusal> {
    if to.is_null() {
        return Err(Refusal(CKR_ARGUMENTS_BAD));
    }
    // SAFETY: not null, so there is room by the caller's promise.
    unsafe { to.write_unaligned(value) };
    Ok(())
}

/// Copies bytes in.
///
/// # Safety
///
/// `from` is null or points to `length` bytes.
pub(super) unsafe fn bytes(from: *const u8, length: CK_ULONG) -> Result<Vec<u8>, Refusal> {
    let length = size(length)?;
    if length == 0 {
        return Ok(Vec::new());
    }
    if from.is_null() {
        return Err(Refusal(CKR_ARGUMENTS_BAD));
    }
    // SAFETY: not null and `length` bytes long by the caller's promise; bytes need no alignment.
    Ok(unsafe { slice::from_raw_parts(from, length) }.to_vec())
}

/// Copies a PIN into a buffer that is wiped.
///
/// # Safety
///
/// `from` is null or points to `length` bytes.
pub(super) unsafe fn secret(
    from: *const u8,
    length: CK_ULONG,
) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    // SAFETY: the caller's promise.
    unsafe { bytes(from, length) }.map(Zeroizing::new)
}

/// Copies a template in.
///
/// # Safety
///
/// `from` is null or points to `count` attributes, each with a value that is null or as long as it
/// says.
pub(super) unsafe fn template(
    from: *const CK_ATTRIBUTE,
    count: CK_ULONG,
) -> Result<Vec<RawAttribute>, Refusal> {
    let mut template = Vec::new();
    for index in 0..size(count)? {
        // SAFETY: the index is below the count, so the entry is there by the caller's promise.
        let given = unsafe { read(entry(from, index)) }?;
        template.push(RawAttribute {
            kind: given.type_,
            // SAFETY: the caller promises the value's length too.
            bytes: unsafe { bytes(given.pValue.cast(), given.ulValueLen) }?,
        });
    }
    Ok(template)
}

/// The types that a caller wants to read.
///
/// # Safety
///
/// `from` is null or points to `count` attributes.
pub(super) unsafe fn attribute_types(
    from: *const CK_ATTRIBUTE,
    count: CK_ULONG,
) -> Result<Vec<CK_ATTRIBUTE_TYPE>, Refusal> {
    let mut types = Vec::new();
    for index in 0..size(count)? {
        // SAFETY: the index is below the count, so the entry is there by the caller's promise.
        types.push(unsafe { read(entry(from, index)) }?.type_);
    }
    Ok(types)
}

/// Fills a template with values. Every entry is answered; the first trouble is the call's code.
///
/// # Safety
///
/// `to` points to as many attributes as there are readings, each with a buffer that is null or as
/// long as it says.
pub(super) unsafe fn fill_attributes(
    to: *mut CK_ATTRIBUTE,
    readings: &[Reading],
    library: &Library,
) -> Result<(), Refusal> {
    let mut outcome = Ok(());
    for (index, reading) in readings.iter().enumerate() {
        let place = entry(to, index).cast_mut();
        // SAFETY: there is an attribute for each reading by the caller's promise.
        let mut attribute = unsafe { read(place) }?;
        let answer = match reading {
            // SAFETY: the caller promises the buffer's length too.
            Reading::Value(value) => unsafe { fill_attribute(attribute, value) },
            Reading::Absent => Err(Refusal(CKR_ATTRIBUTE_TYPE_INVALID)),
            Reading::Guarded => Err(Refusal(CKR_ATTRIBUTE_SENSITIVE)),
            Reading::Length(length) => Ok(*length),
            // SAFETY: as for a value.
            Reading::Beyond(value) => unsafe { fill_attribute(attribute, value) }.map(|length| {
                let has_buffer = !attribute.pValue.is_null();
                length.max(attribute.ulValueLen.wrapping_add(1) * CK_ULONG::from(has_buffer))
            }),
        };
        attribute.ulValueLen = match answer {
            Ok(length) => library.told_length(length),
            Err(_) => CK_UNAVAILABLE_INFORMATION,
        };
        // SAFETY: as for the reading above.
        unsafe { write(place, attribute) }?;
        outcome = outcome.and(answer.map(|_| ()));
    }
    outcome
}

/// Fills one attribute's buffer, if it has one, and tells the value's length.
///
/// # Safety
///
/// The attribute's buffer is null or as long as it says.
unsafe fn fill_attribute(attribute: CK_ATTRIBUTE, value: &[u8]) -> Result<CK_ULONG, Refusal> {
    let length = attribute::number(value.len());
    let buffer: *mut u8 = attribute.pValue.cast();
    if !buffer.is_null() {
        if attribute.ulValueLen < length {
            return Err(Refusal(CKR_BUFFER_TOO_SMALL));
        }
        // SAFETY: the buffer is at least as long as the value, and is not ours.
        unsafe { buffer.copy_from_nonoverlapping(value.as_ptr(), value.len()) };
    }
    Ok(length)
}

/// Whether the caller has room for an answer. Without a buffer the question was for the length.
///
/// # Safety
///
/// `length` is null or points to the buffer's length.
pub(super) unsafe fn has_room<T>(
    buffer: *mut T,
    length: *mut CK_ULONG,
    needed: usize,
) -> Result<bool, Refusal> {
    // SAFETY: the caller's promise about `length`.
    let room = unsafe { read(length) }?;
    let needed = attribute::number(needed);
    if !buffer.is_null() && room >= needed {
        return Ok(true);
    }
    // SAFETY: as above.
    unsafe { write(length, needed) }?;
    if buffer.is_null() {
        Ok(false)
    } else {
        Err(Refusal(CKR_BUFFER_TOO_SMALL))
    }
}

/// Writes a list and its length, or the length alone if there is no buffer. `told` is the length that
/// is written, which is the list's unless a scenario lies.
///
/// # Safety
///
/// `length` is null or points to the buffer's length in items, `buffer` is null or that long.
pub(super) unsafe fn write_list<T: Copy>(
    buffer: *mut T,
    length: *mut CK_ULONG,
    list: &[T],
    told: CK_ULONG,
) -> Result<(), Refusal> {
    // SAFETY: the caller's promise about `length`.
    if unsafe { has_room(buffer, length, list.len()) }? {
        // SAFETY: the buffer has room for the list, by the check and the caller's promise.
        unsafe { write_items(buffer, list) };
    }
    // SAFETY: the caller's promise about `length`.
    unsafe { write(length, told) }
}

/// Writes items one behind the other.
///
/// # Safety
///
/// `buffer` has room for all the items.
pub(super) unsafe fn write_items<T: Copy>(buffer: *mut T, items: &[T]) {
    for (index, item) in items.iter().enumerate() {
        // SAFETY: the index is below the number of items, for which there is room.
        unsafe { buffer.add(index).write_unaligned(*item) };
    }
}

/// A count or length as this platform addresses memory.
pub(super) fn size(count: CK_ULONG) -> Result<usize, Refusal> {
    usize::try_from(count).map_err(|_| Refusal(CKR_ARGUMENTS_BAD))
}

/// The address of one entry; null stays null.
fn entry<T>(list: *const T, index: usize) -> *const T {
    if list.is_null() {
        list
    } else {
        list.wrapping_add(index)
    }
}
