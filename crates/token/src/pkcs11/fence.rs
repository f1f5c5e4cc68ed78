//! The fence before a certificate is removed or re-filed: what is behind the handle is looked at now.

use super::{LoadedDriver, raw};
use crate::error::{Cause, FenceReason, Operation, TokenError};
use crate::object::{AttributeType, Fence, Instead, Object, ObjectClass, ObjectHandle};
use crate::token::SlotId;

impl LoadedDriver {
    /// Everything the fence demands, looked at now.
    pub(super) fn check_fence(
        &self,
        slot: SlotId,
        handle: ObjectHandle,
        fence: &Fence,
    ) -> Result<(), TokenError> {
        let operation = Operation::RemoveCertificate;
        let closed = |reason| Err(TokenError::new(operation, Cause::FenceClosed { reason }));
        if let Instead::Certificate {
            handle: other,
            value,
        } = &fence.instead
        {
            if handle == *other {
                return closed(FenceReason::SameHandle);
            }
            if !self.holds(slot, *other, value, operation)? {
                return closed(FenceReason::ReplacementMissing);
            }
        }
        if !self.holds(slot, handle, &fence.expected_value, operation)? {
            return closed(FenceReason::ValueChanged);
        }
        Ok(())
    }

    /// Whether the handle is, now, a certificate with exactly this value.
    pub(super) fn holds(
        &self,
        slot: SlotId,
        handle: ObjectHandle,
        value: &[u8],
        operation: Operation,
    ) -> Result<bool, TokenError> {
        let found = self.read_one(slot, handle, operation)?;
        Ok(found.is_some_and(|object| is_certificate(&object) && object.value() == value))
    }

    fn read_one(
        &self,
        slot: SlotId,
        handle: ObjectHandle,
        operation: Operation,
    ) -> Result<Option<Object>, TokenError> {
        let session = self.opened(slot, operation)?.session.handle();
        self.functions
            .read(
                session,
                ObjectClass::Certificate,
                handle,
                raw::FENCE_ATTRIBUTES,
            )
            .map_err(|call| call.error(operation))
    }
}

fn is_certificate(object: &Object) -> bool {
    object.bytes(AttributeType::Class) == Some(&raw::CERTIFICATE_CLASS)
}
