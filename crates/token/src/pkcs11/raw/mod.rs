//! What crate cryptoki cannot say, through cryptoki-sys: loading, token info, finds, reads, signing.
#![expect(
    unsafe_code,
    reason = "C calls with buffers of our own; see SAFETY at each block"
)]

mod attributes;
mod library;
mod pins;
mod search;
mod sign;
mod slots;

use std::mem::MaybeUninit;

use cryptoki::object::ObjectHandle as CryptokiHandle;
use cryptoki_sys::{CK_ATTRIBUTE_TYPE, CK_FUNCTION_LIST, CK_OBJECT_HANDLE, CK_RV, CKR_OK};

pub(super) use cryptoki_sys::CK_SESSION_HANDLE as SessionHandle;

pub(super) use self::attributes::{CERTIFICATE_CLASS, FENCE_ATTRIBUTES, attributes_of};
use super::Announce;
use super::translate::widen;
use crate::error::{Cause, Operation, TokenError};
use crate::object::{AttributeType, ObjectHandle};
use crate::return_value::ReturnValue;

/// The driver's function list, copied once; the driver stays loaded for the life of the process.
pub(super) struct Functions {
    list: CK_FUNCTION_LIST,
    announce: Announce,
}

/// A raw call that failed.
#[derive(Debug)]
pub(super) struct CallError {
    function: &'static str,
    kind: CallErrorKind,
}

#[derive(Debug)]
enum CallErrorKind {
    Returned(ReturnValue),
    Missing,
    Nonsense(&'static str),
}

impl CallError {
    const fn missing(function: &'static str) -> Self {
        Self {
            function,
            kind: CallErrorKind::Missing,
        }
    }

    const fn nonsense(function: &'static str, detail: &'static str) -> Self {
        Self {
            function,
            kind: CallErrorKind::Nonsense(detail),
        }
    }

    fn returned(&self) -> Option<ReturnValue> {
        match self.kind {
            CallErrorKind::Returned(value) => Some(value),
            CallErrorKind::Missing | CallErrorKind::Nonsense(_) => None,
        }
    }

    pub(super) fn error(&self, operation: Operation) -> TokenError {
        match self.kind {
            CallErrorKind::Returned(value) => {
                TokenError::from_call(operation, self.function, value)
            }
            CallErrorKind::Missing => {
                TokenError::new(operation, Cause::Unsupported).in_call(self.function)
            }
            CallErrorKind::Nonsense(detail) => {
                let detail = detail.to_owned();
                TokenError::new(operation, Cause::DriverIncomprehensible { detail })
                    .in_call(self.function)
            }
        }
    }
}

impl Functions {
    /// Tells the parent that this function is called now.
    pub(super) fn announce(&self, function: &'static str) {
        (self.announce)(function);
    }

    /// Announces the call, makes it, and turns its `CK_RV` into a result. Every call of this room goes
    /// through here.
    fn call(&self, function: &'static str, call: impl FnOnce() -> CK_RV) -> Result<(), CallError> {
        self.announce(function);
        let value = call();
        if value == CKR_OK {
            Ok(())
        } else {
            Err(CallError {
                function,
                kind: CallErrorKind::Returned(ReturnValue(widen(value))),
            })
        }
    }
}

/// A C structure of zeros for the driver to fill.
fn zeroed<Structure>() -> Structure {
    // SAFETY: only called for CK_ structures of integers and byte arrays, for which zero is a value.
    unsafe { MaybeUninit::zeroed().assume_init() }
}

/// The attribute's number as the C structures have it: 32 bits on Windows, 64 elsewhere.
fn attribute_number(attribute: AttributeType) -> CK_ATTRIBUTE_TYPE {
    CK_ATTRIBUTE_TYPE::from(attribute.number())
}

/// The handle as crate cryptoki wants it; `None` if it does not fit this machine.
pub(super) fn cryptoki_handle(handle: ObjectHandle) -> Option<CryptokiHandle> {
    let raw = CK_OBJECT_HANDLE::try_from(handle.0).ok()?;
    // SAFETY: a handle is a number to the driver; the caller has just read the object behind it.
    Some(unsafe { CryptokiHandle::new_from_raw(raw) })
}

/// Takes a function out of the list, or answers that the driver has none.
macro_rules! entry {
    ($functions:expr, $name:ident) => {{
        // the list is packed on Windows: copied out, never borrowed
        let function = $functions.list.$name;
        function.ok_or(CallError::missing(stringify!($name)))?
    }};
}
use entry;
