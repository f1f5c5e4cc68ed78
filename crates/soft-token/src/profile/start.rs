//! Quirks of a driver as a whole: which arguments it wants at the start, how it ends, how slow it is.

use std::{process, thread, time::Duration};

use cryptoki_sys::{CKR_ARGUMENTS_BAD, CKR_CANT_LOCK};

use super::{Profile, Quirk};
use crate::refusal::Refusal;

/// How long each call of a slow token takes.
const SLOWNESS: Duration = Duration::from_millis(20);

/// What the program put into the arguments of `C_Initialize`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arguments {
    /// `CKF_OS_LOCKING_OK`.
    pub(crate) system_locks: bool,
    /// `pReserved` points to a string that is not empty; asked only by a profile that needs one.
    pub(crate) init_string: bool,
}

impl Profile {
    pub(crate) fn needs_init_string(self) -> bool {
        self.has(Quirk::NeedsInitString)
    }

    /// Judges the arguments; `None` for a program that gave none.
    pub(crate) fn accept_arguments(self, arguments: Option<Arguments>) -> Result<(), Refusal> {
        let init_string = arguments.is_some_and(|given| given.init_string);
        let system_locks = arguments.is_some_and(|given| given.system_locks);
        if self.has(Quirk::NoNullArguments) && arguments.is_none()
            || self.needs_init_string() && !init_string
        {
            return Err(Refusal(CKR_ARGUMENTS_BAD));
        }
        if self.has(Quirk::NoLockingArguments) && system_locks {
            return Err(Refusal(CKR_CANT_LOCK));
        }
        Ok(())
    }

    /// Takes the time that a slow token takes for a call.
    pub(crate) fn delay(self) {
        if self.has(Quirk::Slow) {
            thread::sleep(SLOWNESS);
        }
    }

    /// What happens when the program is done with the library.
    pub(crate) fn end(self) {
        while self.has(Quirk::HangsInFinalize) {
            thread::park();
        }
        if self.has(Quirk::CrashesInFinalize) {
            process::abort();
        }
    }
}
