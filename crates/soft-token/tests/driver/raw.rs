//! The table of functions without any client between, for what clients do not let one say.
#![expect(unsafe_code, reason = "the C boundary itself is under test")]

use std::ptr;

use cryptoki_sys::*;

use crate::bench::PIN;

/// The library's table. The library stays loaded until the process ends.
pub(crate) struct Raw(pub(crate) CK_FUNCTION_LIST);

/// Calls one function of the table.
macro_rules! call {
    ($raw:expr, $function:ident($($argument:expr),* $(,)?) $(,)?) => {{
        let function = $raw.0.$function.expect(stringify!($function));
        // SAFETY: the pointers come from live variables and go with their true lengths.
        unsafe { function($($argument),*) }
    }};
}
pub(crate) use call;

impl Raw {
    /// The library, loaded and not initialised.
    pub(crate) fn load() -> Self {
        let mut list: *mut CK_FUNCTION_LIST = ptr::null_mut();
        // SAFETY: the library runs no code when it is loaded, and its one door has this type.
        unsafe {
            let library = libloading::Library::new(crate::support::library()).unwrap();
            let door: libloading::Symbol<
                '_,
                unsafe extern "C" fn(*mut *mut CK_FUNCTION_LIST) -> CK_RV,
            > = library.get(b"C_GetFunctionList\0").unwrap();
            assert_eq!(door(ptr::null_mut()), CKR_ARGUMENTS_BAD);
            assert_eq!(door(&raw mut list), CKR_OK);
            std::mem::forget(library);
            Self(list.read_unaligned())
        }
    }

    /// The library, initialised, and a session of its first token.
    pub(crate) fn with_session() -> (Self, CK_SESSION_HANDLE) {
        let raw = Self::load();
        assert_eq!(call!(raw, C_Initialize(ptr::null_mut())), CKR_OK);
        let mut session = 0;
        let flags = CKF_SERIAL_SESSION | CKF_RW_SESSION;
        let opened = call!(
            raw,
            C_OpenSession(1, flags, ptr::null_mut(), None, &raw mut session),
        );
        assert_eq!(opened, CKR_OK);
        (raw, session)
    }

    pub(crate) fn log_in(&self, session: CK_SESSION_HANDLE) {
        let mut pin = PIN.as_bytes().to_vec();
        let length = length(&pin);
        let code = call!(self, C_Login(session, CKU_USER, pin.as_mut_ptr(), length));
        assert_eq!(code, CKR_OK);
    }

    /// All objects that have these attributes.
    pub(crate) fn find(
        &self,
        session: CK_SESSION_HANDLE,
        template: &mut [CK_ATTRIBUTE],
    ) -> Vec<CK_OBJECT_HANDLE> {
        let (mut found, mut count) = ([0; 100], 0);
        let most = length(&found);
        let count_given = length(template);
        let template = template.as_mut_ptr();
        assert_eq!(
            call!(self, C_FindObjectsInit(session, template, count_given)),
            CKR_OK
        );
        let into = found.as_mut_ptr();
        assert_eq!(
            call!(self, C_FindObjects(session, into, most, &raw mut count)),
            CKR_OK
        );
        assert_eq!(call!(self, C_FindObjectsFinal(session)), CKR_OK);
        found[..usize::try_from(count).unwrap()].to_vec()
    }

    /// The one object of a class.
    pub(crate) fn the(
        &self,
        session: CK_SESSION_HANDLE,
        class: CK_OBJECT_CLASS,
    ) -> CK_OBJECT_HANDLE {
        let mut class = class.to_ne_bytes();
        let found = self.find(session, &mut [attribute(CKA_CLASS, &mut class)]);
        assert_eq!(found.len(), 1);
        found[0]
    }
}

/// An attribute with a buffer.
pub(crate) fn attribute(type_: CK_ATTRIBUTE_TYPE, buffer: &mut [u8]) -> CK_ATTRIBUTE {
    CK_ATTRIBUTE {
        type_,
        pValue: buffer.as_mut_ptr().cast(),
        ulValueLen: length(buffer),
    }
}

/// An attribute that asks for its length.
pub(crate) fn question(type_: CK_ATTRIBUTE_TYPE) -> CK_ATTRIBUTE {
    CK_ATTRIBUTE {
        type_,
        pValue: ptr::null_mut(),
        ulValueLen: 0,
    }
}

pub(crate) fn length<T>(items: &[T]) -> CK_ULONG {
    items.len().try_into().unwrap()
}
