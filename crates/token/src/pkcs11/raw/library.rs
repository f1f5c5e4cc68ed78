//! Loading a driver, with its own folder in the search path, and starting it without arguments.

use std::ffi::{CString, c_void};
use std::mem::ManuallyDrop;
use std::path::Path;

use cryptoki_sys::{
    CK_C_INITIALIZE_ARGS, CK_FUNCTION_LIST, CK_FUNCTION_LIST_PTR, CK_RV, CKF_OS_LOCKING_OK, CKR_OK,
};
use libloading::Library;

use super::super::Announce;
use super::super::translate::widen;
use super::Functions;
use crate::error::Cause;
use crate::module::InitString;
use crate::return_value::ReturnValue;

type GetFunctionList = unsafe extern "C" fn(*mut CK_FUNCTION_LIST_PTR) -> CK_RV;

/// `CK_C_INITIALIZE_ARGS` as NSS has it: where the standard has `pReserved` it keeps the init
/// string, and reads one more pointer behind it, which must be NULL. Others do not look that far.
#[repr(C)]
#[cfg_attr(windows, repr(packed))]
struct InitializeArguments {
    standard: CK_C_INITIALIZE_ARGS,
    reserved: *mut c_void,
}

impl Functions {
    /// Loads the file and asks it for its function list. The library is never unloaded.
    pub(in super::super) fn load(path: &Path, announce: Announce) -> Result<Self, Cause> {
        let library = open(path).map_err(|error| failed(&error))?;
        // never unloaded: the driver's threads and exit handlers may outlive any owner
        let library = ManuallyDrop::new(library);
        // SAFETY: the symbol has had this signature since PKCS#11 2.0.
        let door =
            unsafe { library.get::<GetFunctionList>(b"C_GetFunctionList\0") }.map_err(|_| {
                Cause::ModuleNotPkcs11 {
                    detail: "no C_GetFunctionList".into(),
                }
            })?;
        let mut list: CK_FUNCTION_LIST_PTR = std::ptr::null_mut();
        announce("C_GetFunctionList");
        // SAFETY: the pointer is ours to be filled.
        let value = unsafe { door(&raw mut list) };
        if value != CKR_OK || list.is_null() {
            let detail = format!("C_GetFunctionList: {}", ReturnValue(widen(value)));
            return Err(Cause::ModuleFailed {
                detail,
                os_code: None,
            });
        }
        // SAFETY: a non-null list from a successful call; PKCS#11 keeps it readable, and every
        // version of it begins with the members of 2.40.
        let list = unsafe { list.cast::<CK_FUNCTION_LIST>().read_unaligned() };
        Ok(Self { list, announce })
    }

    /// `C_Initialize(NULL)`, for drivers that refuse arguments.
    pub(in super::super) fn initialize_without_arguments(&self) -> Result<(), ReturnValue> {
        self.initialize(std::ptr::null_mut())
    }

    /// `C_Initialize` with the driver's init string in `pReserved`. String and structure are never
    /// freed: there are drivers that keep the pointer (OpenSC issue 2170).
    pub(in super::super) fn initialize_with(&self, init: &InitString) -> Result<(), ReturnValue> {
        let text = CString::new(init.as_str()).map_err(|_| ReturnValue(0x07))?;
        let arguments = InitializeArguments {
            standard: CK_C_INITIALIZE_ARGS {
                CreateMutex: None,
                DestroyMutex: None,
                LockMutex: None,
                UnlockMutex: None,
                flags: CKF_OS_LOCKING_OK,
                pReserved: text.into_raw().cast(),
            },
            reserved: std::ptr::null_mut(),
        };
        self.initialize(Box::into_raw(Box::new(arguments)).cast())
    }

    fn initialize(&self, arguments: *mut c_void) -> Result<(), ReturnValue> {
        let function = self.list.C_Initialize;
        let Some(function) = function else {
            return Err(ReturnValue::GENERAL_ERROR);
        };
        self.announce("C_Initialize");
        // SAFETY: NULL, which the standard allows, or a structure that lives as long as the process.
        let value = unsafe { function(arguments) };
        if value == CKR_OK {
            Ok(())
        } else {
            Err(ReturnValue(widen(value)))
        }
    }
}

#[cfg(not(windows))]
fn open(path: &Path) -> Result<Library, libloading::Error> {
    // SAFETY: runs the driver's own start code; that is what this process was made for.
    unsafe { Library::new(path) }
}

#[cfg(windows)]
fn open(path: &Path) -> Result<Library, libloading::Error> {
    use libloading::os::windows::{
        LOAD_LIBRARY_SEARCH_DEFAULT_DIRS, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR, Library as Windows,
    };
    let flags = LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS;
    // SAFETY: runs the driver's own start code; that is what this process was made for. Companions
    // are sought beside the driver and in the system's folders, never in the current one.
    unsafe { Windows::load_with_flags(path, flags) }.map(Library::from)
}

fn failed(error: &libloading::Error) -> Cause {
    use std::error::Error as _;
    let source = error.source();
    let os_code = source
        .and_then(|source| source.downcast_ref::<std::io::Error>())
        .and_then(std::io::Error::raw_os_error);
    let detail = source.map_or_else(|| error.to_string(), ToString::to_string);
    Cause::ModuleFailed { detail, os_code }
}
