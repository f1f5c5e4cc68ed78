//! Loading a driver, with its own folder in the search path, and starting it without arguments.

use std::path::Path;

use cryptoki_sys::{CK_FUNCTION_LIST, CK_FUNCTION_LIST_PTR, CK_RV, CKR_OK};
use libloading::Library;

use super::super::translate::widen;
use super::Functions;
use crate::error::Cause;
use crate::return_value::ReturnValue;

type GetFunctionList = unsafe extern "C" fn(*mut CK_FUNCTION_LIST_PTR) -> CK_RV;

impl Functions {
    /// Loads the file and asks it for its function list. The library is never unloaded.
    pub(in super::super) fn load(path: &Path) -> Result<Self, Cause> {
        let library = open(path).map_err(|error| failed(&error))?;
        // the driver's threads and exit handlers may outlive any owner
        let library: &'static Library = Box::leak(Box::new(library));
        // SAFETY: the symbol has had this signature since PKCS#11 2.0.
        let door =
            unsafe { library.get::<GetFunctionList>(b"C_GetFunctionList\0") }.map_err(|_| {
                Cause::ModuleNotPkcs11 {
                    detail: "no C_GetFunctionList".into(),
                }
            })?;
        let mut list: CK_FUNCTION_LIST_PTR = std::ptr::null_mut();
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
        Ok(Self { list })
    }

    /// `C_Initialize(NULL)`, for drivers that refuse arguments.
    pub(in super::super) fn initialize_without_arguments(&self) -> Result<(), ReturnValue> {
        let function = self.list.C_Initialize;
        let Some(function) = function else {
            return Err(ReturnValue::GENERAL_ERROR);
        };
        // SAFETY: NULL is allowed by the standard.
        let value = unsafe { function(std::ptr::null_mut()) };
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
