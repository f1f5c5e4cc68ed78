//! Finding objects: a driver may answer in as small portions as it likes.

use cryptoki_sys::{CK_ATTRIBUTE, CK_OBJECT_CLASS, CK_OBJECT_HANDLE, CK_SESSION_HANDLE, CK_ULONG};

use super::super::translate::widen;
use super::attributes::number_of;
use super::{CallError, Functions, attribute_number, entry};
use crate::object::{AttributeType, ObjectHandle, Query, SearchKey};
use crate::return_value::ReturnValue;

/// As many as a call may answer, so that even a thousand certificates are listed in two.
const AT_ONCE: usize = 1024;
const OPERATION_ACTIVE: ReturnValue = ReturnValue(0x90);
/// More objects than any token holds: a driver that goes on for ever is stopped.
const MOST_OBJECTS: usize = 100_000;

impl Functions {
    /// The handles of the objects asked for. The search is closed before anything else is done, and
    /// only an empty answer ends it.
    pub(in super::super) fn find(
        &self,
        session: CK_SESSION_HANDLE,
        query: &Query,
    ) -> Result<Vec<ObjectHandle>, CallError> {
        let mut class: CK_OBJECT_CLASS = number_of(query.class);
        let mut template = vec![CK_ATTRIBUTE {
            type_: attribute_number(AttributeType::Class),
            pValue: (&raw mut class).cast(),
            ulValueLen: length(size_of::<CK_OBJECT_CLASS>()),
        }];
        let mut searched = match &query.by {
            SearchKey::All => None,
            SearchKey::Id(bytes) => Some((AttributeType::Id, bytes.clone())),
            SearchKey::Subject(bytes) => Some((AttributeType::Subject, bytes.clone())),
            SearchKey::Value(bytes) => Some((AttributeType::Value, bytes.clone())),
        };
        if let Some((attribute, bytes)) = &mut searched {
            template.push(CK_ATTRIBUTE {
                type_: attribute_number(*attribute),
                pValue: bytes.as_mut_ptr().cast(),
                ulValueLen: length(bytes.len()),
            });
        }
        let (begin, end) = (
            entry!(self, C_FindObjectsInit),
            entry!(self, C_FindObjectsFinal),
        );
        let mut begin = || {
            // SAFETY: the template points to `class` and `searched`, both alive here.
            self.call("C_FindObjectsInit", || unsafe {
                begin(session, template.as_mut_ptr(), length(template.len()))
            })
        };
        match begin() {
            // a search that failed at its beginning or its end, and that the driver goes on with
            Err(error) if error.returned() == Some(OPERATION_ACTIVE) => {
                // SAFETY: no other search of this session is under way.
                self.call("C_FindObjectsFinal", || unsafe { end(session) })?;
                begin()?;
            }
            begun => begun?,
        }
        let found = self.portions(session, query.limit);
        // SAFETY: ends the search begun above.
        let closed = self.call("C_FindObjectsFinal", || unsafe { end(session) });
        let found = found?;
        closed?;
        Ok(found)
    }

    fn portions(
        &self,
        session: CK_SESSION_HANDLE,
        limit: usize,
    ) -> Result<Vec<ObjectHandle>, CallError> {
        let name = "C_FindObjects";
        let next = entry!(self, C_FindObjects);
        let limit = if limit == 0 { MOST_OBJECTS } else { limit };
        let mut found = Vec::new();
        while found.len() < limit {
            let mut portion: [CK_OBJECT_HANDLE; AT_ONCE] = [0; AT_ONCE];
            let room = AT_ONCE.min(limit - found.len());
            let mut count: CK_ULONG = 0;
            // SAFETY: `portion` has room for the number of handles announced.
            self.call(name, || unsafe {
                next(session, portion.as_mut_ptr(), length(room), &raw mut count)
            })?;
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            if count == 0 {
                break;
            }
            if count > room {
                return Err(CallError::nonsense(name, "more objects than asked for"));
            }
            found.extend(
                portion
                    .iter()
                    .take(count)
                    .map(|handle| ObjectHandle(widen(*handle))),
            );
        }
        Ok(found)
    }
}

fn length(count: usize) -> CK_ULONG {
    CK_ULONG::try_from(count).unwrap_or(CK_ULONG::MAX)
}
