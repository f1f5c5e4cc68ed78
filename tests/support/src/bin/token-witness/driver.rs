//! A driver loaded into this process: the C calls that the witness makes, and nothing clever.

#![expect(unsafe_code, reason = "PKCS#11 is a C interface")]

use std::path::Path;

use cryptoki_sys::*;
use libloading::Library;

/// A call that did not answer `CKR_OK`.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) function: &'static str,
    pub(crate) return_value: CK_RV,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "{} answered {:#x}",
            self.function, self.return_value
        )
    }
}

impl std::error::Error for Refused {}

/// One attribute of a template or of an object.
#[derive(Clone, Debug)]
pub(crate) struct Attribute {
    pub(crate) kind: CK_ATTRIBUTE_TYPE,
    pub(crate) value: Vec<u8>,
}

impl Attribute {
    pub(crate) fn bytes(kind: CK_ATTRIBUTE_TYPE, value: &[u8]) -> Self {
        let value = value.to_vec();
        Self { kind, value }
    }

    pub(crate) fn flag(kind: CK_ATTRIBUTE_TYPE, flag: bool) -> Self {
        Self::bytes(kind, &[u8::from(flag)])
    }

    pub(crate) fn number(kind: CK_ATTRIBUTE_TYPE, number: CK_ULONG) -> Self {
        Self::bytes(kind, &number.to_ne_bytes())
    }
}

/// A loaded and initialised driver. It is never unloaded.
pub(crate) struct Driver {
    functions: CK_FUNCTION_LIST,
    _library: std::mem::ManuallyDrop<Library>,
}

/// Calls one function of the driver's list and turns its return value into a result.
macro_rules! call {
    ($driver:expr, $function:ident($($argument:expr),* $(,)?)) => {{
        let function = $driver.functions.$function;
        let function = function.ok_or(Refused {
            function: stringify!($function),
            return_value: CKR_FUNCTION_NOT_SUPPORTED,
        })?;
        // SAFETY: the driver was initialised, and every pointer is to a live value of the type
        // and the length that the standard asks for.
        let return_value = unsafe { function($($argument),*) };
        if return_value == CKR_OK {
            Ok(())
        } else {
            Err(Refused { function: stringify!($function), return_value })
        }
    }};
}

impl Driver {
    pub(crate) fn load(path: &Path) -> Result<Self, Box<dyn std::error::Error>> {
        type FunctionList = unsafe extern "C" fn(*mut *mut CK_FUNCTION_LIST) -> CK_RV;
        // SAFETY: the tests name only drivers that they installed or built.
        let library = unsafe { Library::new(path)? };
        let mut list = std::ptr::null_mut();
        // SAFETY: the function has this type in every PKCS#11 library, and fills the pointer.
        let return_value = unsafe { library.get::<FunctionList>(b"C_GetFunctionList")?(&mut list) };
        if return_value != CKR_OK || list.is_null() {
            return Err("the driver gave no function list".into());
        }
        // SAFETY: the driver answered that the list is there; it has been checked for NULL.
        let functions = unsafe { list.read_unaligned() };
        let driver = Self {
            functions,
            _library: std::mem::ManuallyDrop::new(library),
        };
        call!(driver, C_Initialize(std::ptr::null_mut()))?;
        Ok(driver)
    }

    /// All slots with something in them.
    pub(crate) fn slots(&self) -> Result<Vec<CK_SLOT_ID>, Refused> {
        let mut count = 0;
        call!(
            self,
            C_GetSlotList(CK_TRUE, std::ptr::null_mut(), &mut count)
        )?;
        let mut slots = vec![0; length(count)];
        call!(self, C_GetSlotList(CK_TRUE, slots.as_mut_ptr(), &mut count))?;
        slots.truncate(length(count));
        Ok(slots)
    }

    pub(crate) fn token_info(&self, slot: CK_SLOT_ID) -> Result<CK_TOKEN_INFO, Refused> {
        let mut info = CK_TOKEN_INFO::default();
        call!(self, C_GetTokenInfo(slot, &mut info))?;
        Ok(info)
    }

    pub(crate) fn initialise_token(
        &self,
        slot: CK_SLOT_ID,
        security_officer_pin: &str,
        label: &str,
    ) -> Result<(), Refused> {
        let mut pin = security_officer_pin.as_bytes().to_vec();
        let mut padded = [b' '; 32];
        for (place, byte) in padded.iter_mut().zip(label.bytes()) {
            *place = byte;
        }
        let pin_length = ulong(pin.len());
        call!(
            self,
            C_InitToken(slot, pin.as_mut_ptr(), pin_length, padded.as_mut_ptr())
        )
    }

    pub(crate) fn open(&self, slot: CK_SLOT_ID) -> Result<Session<'_>, Refused> {
        let mut handle = 0;
        let flags = CKF_SERIAL_SESSION | CKF_RW_SESSION;
        call!(
            self,
            C_OpenSession(slot, flags, std::ptr::null_mut(), None, &mut handle)
        )?;
        Ok(Session {
            driver: self,
            handle,
        })
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(finalize) = self.functions.C_Finalize {
            // SAFETY: NULL is what the standard wants here, and no session outlives the driver.
            unsafe { finalize(std::ptr::null_mut()) };
        }
    }
}

/// A read-write session.
pub(crate) struct Session<'driver> {
    driver: &'driver Driver,
    handle: CK_SESSION_HANDLE,
}

impl Session<'_> {
    pub(crate) fn log_in(&self, user: CK_USER_TYPE, pin: &str) -> Result<(), Refused> {
        let mut pin = pin.as_bytes().to_vec();
        let pin_length = ulong(pin.len());
        call!(
            self.driver,
            C_Login(self.handle, user, pin.as_mut_ptr(), pin_length)
        )
    }

    pub(crate) fn set_user_pin(&self, pin: &str) -> Result<(), Refused> {
        let mut pin = pin.as_bytes().to_vec();
        let pin_length = ulong(pin.len());
        call!(
            self.driver,
            C_InitPIN(self.handle, pin.as_mut_ptr(), pin_length)
        )
    }

    pub(crate) fn create(&self, template: &[Attribute]) -> Result<CK_OBJECT_HANDLE, Refused> {
        let mut values: Vec<Vec<u8>> = template.iter().map(|one| one.value.clone()).collect();
        let mut template: Vec<CK_ATTRIBUTE> = template
            .iter()
            .zip(&mut values)
            .map(|(one, value)| CK_ATTRIBUTE {
                type_: one.kind,
                pValue: value.as_mut_ptr().cast(),
                ulValueLen: ulong(value.len()),
            })
            .collect();
        let mut object = 0;
        let count = ulong(template.len());
        call!(
            self.driver,
            C_CreateObject(self.handle, template.as_mut_ptr(), count, &mut object)
        )?;
        Ok(object)
    }

    /// Every object of this class.
    pub(crate) fn destroy(&self, object: CK_OBJECT_HANDLE) -> Result<(), Refused> {
        call!(self.driver, C_DestroyObject(self.handle, object))
    }

    pub(crate) fn find(&self, class: CK_OBJECT_CLASS) -> Result<Vec<CK_OBJECT_HANDLE>, Refused> {
        let mut class = class;
        let mut template = CK_ATTRIBUTE {
            type_: CKA_CLASS,
            pValue: (&raw mut class).cast(),
            ulValueLen: ulong(size_of::<CK_OBJECT_CLASS>()),
        };
        call!(
            self.driver,
            C_FindObjectsInit(self.handle, &mut template, 1)
        )?;
        let mut found = Vec::new();
        loop {
            let mut some = [0; 64];
            let mut count = 0;
            call!(
                self.driver,
                C_FindObjects(
                    self.handle,
                    some.as_mut_ptr(),
                    ulong(some.len()),
                    &mut count
                )
            )?;
            if count == 0 {
                break;
            }
            found.extend(some.into_iter().take(length(count)));
        }
        call!(self.driver, C_FindObjectsFinal(self.handle))?;
        Ok(found)
    }

    /// The value of one attribute; `None` where the object does not have or does not tell it.
    pub(crate) fn attribute(
        &self,
        object: CK_OBJECT_HANDLE,
        kind: CK_ATTRIBUTE_TYPE,
    ) -> Result<Option<Vec<u8>>, Refused> {
        let mut wanted = CK_ATTRIBUTE {
            type_: kind,
            pValue: std::ptr::null_mut(),
            ulValueLen: 0,
        };
        let asked = call!(
            self.driver,
            C_GetAttributeValue(self.handle, object, &mut wanted, 1)
        );
        let value_length = wanted.ulValueLen;
        if asked.is_err() || value_length == CK_UNAVAILABLE_INFORMATION {
            return Ok(None);
        }
        let mut value = vec![0_u8; length(value_length)];
        wanted.pValue = value.as_mut_ptr().cast();
        call!(
            self.driver,
            C_GetAttributeValue(self.handle, object, &mut wanted, 1)
        )?;
        value.truncate(length(wanted.ulValueLen));
        Ok(Some(value))
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        if let Some(close) = self.driver.functions.C_CloseSession {
            // SAFETY: the handle came from C_OpenSession and is closed once.
            unsafe { close(self.handle) };
        }
    }
}

/// A length that this program made itself.
fn ulong(length: usize) -> CK_ULONG {
    CK_ULONG::try_from(length).unwrap_or(CK_ULONG::MAX)
}

fn length(length: CK_ULONG) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}
