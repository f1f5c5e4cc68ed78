//! Reading attributes: one call an object, every length capped, nothing believed that was not set.

use std::collections::BTreeMap;

use cryptoki_sys::{
    CK_ATTRIBUTE, CK_OBJECT_CLASS, CK_OBJECT_HANDLE, CK_SESSION_HANDLE, CK_ULONG,
    CK_UNAVAILABLE_INFORMATION, CKO_CERTIFICATE, CKO_PRIVATE_KEY, CKO_PUBLIC_KEY,
};

use super::{CallError, Functions, attribute_number, entry};
use crate::object::{AttributeType, Object, ObjectClass, ObjectHandle};
use crate::return_value::ReturnValue;

const NAME: &str = "C_GetAttributeValue";

/// Longer than any certificate a token holds. Odd on purpose: a length that stays at the announced
/// room was most likely never set by the driver, and is asked for again on its own.
const ROOM_FOR_VALUE: usize = 16 * 1024 + 1;
/// Longer than any other attribute.
const ROOM_FOR_OTHERS: usize = 4 * 1024 + 1;
/// Exactly a `CK_ULONG`: NSS gives a number to no buffer of another size.
const ROOM_FOR_NUMBER: usize = size_of::<CK_ULONG>();
/// What a number's buffer holds before the call: `CK_UNAVAILABLE_INFORMATION`, which is no class and
/// no type, so that a number the driver never set is told from one it did.
const UNSET: u8 = 0xFF;

const ATTRIBUTE_SENSITIVE: ReturnValue = ReturnValue(0x11);
const ATTRIBUTE_TYPE_INVALID: ReturnValue = ReturnValue(0x12);
const BUFFER_TOO_SMALL: ReturnValue = ReturnValue(0x150);
const OBJECT_HANDLE_INVALID: ReturnValue = ReturnValue(0x82);
const KEY_HANDLE_INVALID: ReturnValue = ReturnValue(0x60);
/// `HOST_MEMORY`, `DEVICE_ERROR`, `DEVICE_MEMORY`, `DEVICE_REMOVED`, `SESSION_CLOSED`,
/// `SESSION_HANDLE_INVALID`, `TOKEN_NOT_PRESENT`.
const OF_DEVICE: [ReturnValue; 7] = [
    ReturnValue(0x02),
    ReturnValue(0x30),
    ReturnValue(0x31),
    ReturnValue(0x32),
    ReturnValue(0xB0),
    ReturnValue(0xB3),
    ReturnValue(0xE0),
];

/// `CKO_CERTIFICATE` as it stands in `CKA_CLASS`: in this machine's width and byte order.
pub(in super::super) const CERTIFICATE_CLASS: [u8; size_of::<CK_OBJECT_CLASS>()] =
    CKO_CERTIFICATE.to_ne_bytes();

/// What the fence looks at.
pub(in super::super) const FENCE_ATTRIBUTES: &[AttributeType] =
    &[AttributeType::Class, AttributeType::Value];

const CERTIFICATE_ATTRIBUTES: &[AttributeType] = &[
    AttributeType::Class,
    AttributeType::Token,
    AttributeType::Private,
    AttributeType::Label,
    AttributeType::Value,
    AttributeType::CertificateType,
    AttributeType::Issuer,
    AttributeType::SerialNumber,
    AttributeType::Trusted,
    AttributeType::CertificateCategory,
    AttributeType::Url,
    AttributeType::CheckValue,
    AttributeType::Subject,
    AttributeType::Id,
    AttributeType::StartDate,
    AttributeType::EndDate,
    AttributeType::PublicKeyInfo,
    AttributeType::Modifiable,
    AttributeType::Copyable,
    AttributeType::Destroyable,
];

const PRIVATE_KEY_ATTRIBUTES: &[AttributeType] = &[
    AttributeType::Class,
    AttributeType::Token,
    AttributeType::Private,
    AttributeType::Label,
    AttributeType::KeyType,
    AttributeType::Subject,
    AttributeType::Id,
    AttributeType::Sensitive,
    AttributeType::Decrypt,
    AttributeType::Sign,
    AttributeType::Modulus,
    AttributeType::PublicExponent,
    AttributeType::PublicKeyInfo,
    AttributeType::Extractable,
    AttributeType::Local,
    AttributeType::NeverExtractable,
    AttributeType::AlwaysSensitive,
    AttributeType::Modifiable,
    AttributeType::EcParams,
    AttributeType::EcPoint,
    AttributeType::AlwaysAuthenticate,
];

const PUBLIC_KEY_ATTRIBUTES: &[AttributeType] = &[
    AttributeType::Class,
    AttributeType::Token,
    AttributeType::Private,
    AttributeType::Label,
    AttributeType::KeyType,
    AttributeType::Subject,
    AttributeType::Id,
    AttributeType::Modulus,
    AttributeType::PublicExponent,
    AttributeType::EcParams,
    AttributeType::EcPoint,
];

/// The class as PKCS#11 has it.
pub(super) const fn number_of(class: ObjectClass) -> CK_OBJECT_CLASS {
    match class {
        ObjectClass::Certificate => CKO_CERTIFICATE,
        ObjectClass::PrivateKey => CKO_PRIVATE_KEY,
        ObjectClass::PublicKey => CKO_PUBLIC_KEY,
    }
}

/// What is read of an object of this class.
pub(in super::super) const fn attributes_of(class: ObjectClass) -> &'static [AttributeType] {
    match class {
        ObjectClass::Certificate => CERTIFICATE_ATTRIBUTES,
        ObjectClass::PrivateKey => PRIVATE_KEY_ATTRIBUTES,
        ObjectClass::PublicKey => PUBLIC_KEY_ATTRIBUTES,
    }
}

/// What a driver did with one attribute.
enum Slot {
    Read(Vec<u8>),
    Absent,
    Untouched,
}

impl Functions {
    /// Reads the given attributes of one object; `None` if the object is gone, or says that it is of
    /// another class: a search may tell what it was not asked for.
    pub(in super::super) fn read(
        &self,
        session: CK_SESSION_HANDLE,
        class: ObjectClass,
        handle: ObjectHandle,
        wanted: &[AttributeType],
    ) -> Result<Option<Object>, CallError> {
        let mut attributes = BTreeMap::new();
        let mut again = Vec::new();
        match self.values(session, handle, wanted) {
            Ok(slots) => {
                for (attribute, slot) in wanted.iter().zip(slots) {
                    match slot {
                        Slot::Read(value) => {
                            attributes.insert(*attribute, value);
                        }
                        Slot::Absent => {}
                        Slot::Untouched => again.push(*attribute),
                    }
                }
            }
            Err(error) if is_gone(&error) => return Ok(None),
            // some drivers fail the whole call for one attribute they do not know
            Err(error) if error.returned().is_some() => again.extend(wanted),
            Err(error) => return Err(error),
        }
        let mut last_error = None;
        for attribute in again {
            match self.values(session, handle, &[attribute]) {
                Ok(slots) => {
                    for slot in slots {
                        if let Slot::Read(value) = slot {
                            attributes.insert(attribute, value);
                        }
                    }
                }
                Err(error) if is_gone(&error) => return Ok(None),
                // that it is absent is said in other words
                Err(error) if is_of_device(&error) => return Err(error),
                Err(error) => last_error = Some(error),
            }
        }
        if attributes.is_empty() {
            let nothing = CallError::nonsense(NAME, "an object that tells nothing of itself");
            return Err(last_error.unwrap_or(nothing));
        }
        let told = attributes.get(&AttributeType::Class);
        if told.is_some_and(|told| *told != number_of(class).to_ne_bytes()) {
            return Ok(None);
        }
        Ok(Some(Object {
            handle,
            class,
            attributes,
        }))
    }

    /// One `C_GetAttributeValue`.
    fn values(
        &self,
        session: CK_SESSION_HANDLE,
        handle: ObjectHandle,
        wanted: &[AttributeType],
    ) -> Result<Vec<Slot>, CallError> {
        let function = entry!(self, C_GetAttributeValue);
        let object = CK_OBJECT_HANDLE::try_from(handle.0)
            .map_err(|_| CallError::nonsense(NAME, "handle too large"))?;
        let mut buffers: Vec<Vec<u8>> = wanted.iter().map(|a| vec![UNSET; room(*a)]).collect();
        let mut template: Vec<CK_ATTRIBUTE> = wanted
            .iter()
            .zip(&mut buffers)
            .map(|(attribute, buffer)| CK_ATTRIBUTE {
                type_: attribute_number(*attribute),
                pValue: buffer.as_mut_ptr().cast(),
                ulValueLen: length(buffer.len()),
            })
            .collect();
        // SAFETY: each attribute points to a buffer as long as it says, alive until the end of
        // this function; the count is the template's.
        let called = self.call(NAME, || unsafe {
            function(
                session,
                object,
                template.as_mut_ptr(),
                length(template.len()),
            )
        });
        let only_value = template.len() == 1;
        match called {
            Ok(()) => {}
            // these three fill what they can and mark the rest
            Err(error)
                if matches!(
                    error.returned(),
                    Some(ATTRIBUTE_SENSITIVE | ATTRIBUTE_TYPE_INVALID | BUFFER_TOO_SMALL)
                ) =>
            {
                if only_value {
                    return Ok(vec![Slot::Absent]);
                }
            }
            Err(error) => return Err(error),
        }
        Ok(template
            .iter()
            .zip(buffers)
            .map(|(attribute, mut buffer)| {
                let filled = attribute.ulValueLen;
                let filled_length = usize::try_from(filled).unwrap_or(usize::MAX);
                if filled == CK_UNAVAILABLE_INFORMATION || filled_length > buffer.len() {
                    Slot::Absent
                } else if filled_length == buffer.len() && is_unset(&buffer) {
                    // asked for alone and still not set: the driver has nothing to say
                    if only_value {
                        Slot::Absent
                    } else {
                        Slot::Untouched
                    }
                } else {
                    buffer.truncate(filled_length);
                    Slot::Read(buffer)
                }
            })
            .collect())
    }
}

const fn room(attribute: AttributeType) -> usize {
    if matches!(attribute, AttributeType::Value) {
        ROOM_FOR_VALUE
    } else if matches!(
        attribute,
        AttributeType::Class
            | AttributeType::CertificateType
            | AttributeType::CertificateCategory
            | AttributeType::KeyType
    ) {
        ROOM_FOR_NUMBER
    } else {
        ROOM_FOR_OTHERS
    }
}

/// Whether a buffer that came back as long as it was given holds nothing: a number that was never
/// set, or any other attribute, of which none is that long.
fn is_unset(buffer: &[u8]) -> bool {
    buffer.len() != ROOM_FOR_NUMBER || buffer.iter().all(|byte| *byte == UNSET)
}

fn length(bytes: usize) -> CK_ULONG {
    CK_ULONG::try_from(bytes).unwrap_or(CK_ULONG::MAX)
}

/// Whether it tells of the token, the session or the machine, and not of an attribute.
fn is_of_device(error: &CallError) -> bool {
    let value = error.returned();
    value.is_none_or(|value| OF_DEVICE.contains(&value))
}

fn is_gone(error: &CallError) -> bool {
    matches!(
        error.returned(),
        Some(OBJECT_HANDLE_INVALID | KEY_HANDLE_INVALID)
    )
}
