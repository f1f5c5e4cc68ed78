//! The C boundary: the table of functions, and the one dispatch that every function goes through.
//!
//! All `unsafe` of the library is in this folder. Its functions rest on one promise, the
//! standard's: a pointer is null or good for the length that comes with it until the call returns.

mod accident;
mod general;
mod lies;
mod memory;
mod objects;
mod sessions;
mod signing;
mod table;
mod unsupported;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, PoisonError},
};

use cryptoki_sys::{
    CK_RV, CKR_CRYPTOKI_NOT_INITIALIZED, CKR_DEVICE_REMOVED, CKR_GENERAL_ERROR, CKR_OK,
};

use crate::{library::Library, refusal::Refusal};

pub(crate) use table::function_list;

/// One lock for all calls of all threads.
static LIBRARY: Mutex<Library> = Mutex::new(Library::new());

/// What a program may call before it initialises the library.
const BEFORE_INITIALIZE: [&str; 2] = ["C_GetFunctionList", "C_Initialize"];

/// Carries out a call. Everything that can go wrong becomes a code; no panic leaves the library.
fn dispatch(
    function: &'static str,
    work: impl FnOnce(&mut Library) -> Result<(), Refusal>,
) -> CK_RV {
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        // A panic in an earlier call left the state as it was between two steps: still usable.
        let mut library = LIBRARY.lock().unwrap_or_else(PoisonError::into_inner);
        if !library.is_started() && !BEFORE_INITIALIZE.contains(&function) {
            return Err(Refusal(CKR_CRYPTOKI_NOT_INITIALIZED));
        }
        library.profile().delay();
        if function == "C_Initialize" {
            accident::prepare(&mut library)?;
        }
        let outcome = match library.next_deed(function)? {
            None => work(&mut library),
            Some(deed) => accident::carry_out(deed, &mut library, work),
        };
        if outcome == Err(Refusal(CKR_DEVICE_REMOVED)) {
            library.drop_removed_tokens();
        }
        outcome
    }));
    match outcome {
        Ok(Ok(())) => CKR_OK,
        Ok(Err(Refusal(code))) => code,
        Err(_) => CKR_GENERAL_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_general_error_and_the_next_call_works() {
        let code = dispatch("C_Initialize", |_| panic!("a test of the fence"));
        assert_eq!(code, CKR_GENERAL_ERROR);
        let code = dispatch("C_GetInfo", |_| Ok(()));
        assert_eq!(code, CKR_CRYPTOKI_NOT_INITIALIZED);
    }
}
