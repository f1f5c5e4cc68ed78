//! What a process that sees a PIN does with itself: no picture of its memory, and a hard end.

/// Lets the system write no picture of this process's memory when it crashes: a PIN may be in it. Its
/// children inherit that. Windows has no such limit; what its error reporting keeps is for the
/// administrator to say.
pub fn forbid_core_dumps() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        // Linux hands a picture to a program of the system's (`kernel.core_pattern` with a pipe) even
        // where the limit is 0. At 1 it does not, and no file is that short.
        let most = u64::from(cfg!(target_os = "linux"));
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        if let Err(error) = setrlimit(Resource::Core, limit) {
            tracing::warn!(%error, "core dumps are not switched off");
        }
    }
}

/// Ends this process now, whatever it is in the middle of. Nothing of the driver runs any more, neither
/// what it hung into the process's exit nor a handler of a signal.
pub(super) fn end() -> ! {
    #[cfg(unix)]
    rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL).ok();
    #[cfg(windows)]
    crate::windows::end_process();
    // not reached, where the system does what it was asked
    std::process::abort()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_picture_of_the_memory_is_forbidden_for_good() {
        forbid_core_dumps();
        let limit = rustix::process::getrlimit(rustix::process::Resource::Core);
        assert!(limit.current.is_some_and(|bytes| bytes <= 1), "{limit:?}");
        assert!(limit.maximum.is_some_and(|bytes| bytes <= 1), "{limit:?}");
    }
}
