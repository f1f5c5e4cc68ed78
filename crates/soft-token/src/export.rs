//! The one door of the library: the only C symbol it exports.
//!
//! In the rlib this symbol does no harm: an executable does not export the symbols of the
//! libraries it is linked with (the test `an_executable_with_the_bench_inside_exports_no_c_symbol` holds that down).
#![expect(unsafe_code, reason = "a C symbol must keep its name")]

use cryptoki_sys::{CK_FUNCTION_LIST, CK_RV};

use crate::abi;

/// Hands out the table of all functions.
///
/// # Safety
///
/// `list` is null or points to room for one pointer.
// SAFETY: no other crate of the program defines this name.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn C_GetFunctionList(list: *mut *mut CK_FUNCTION_LIST) -> CK_RV {
    // SAFETY: the caller's promise is the same.
    unsafe { abi::function_list(list) }
}
