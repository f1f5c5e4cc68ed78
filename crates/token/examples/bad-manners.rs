//! A driver with bad manners, for the tests of the host: it hands out another driver's functions, and
//! does to its process what drivers of some makers do.

#![cfg_attr(
    unix,
    expect(
        unsafe_code,
        clippy::disallowed_methods,
        clippy::unwrap_used,
        reason = "a test driver: C calls with plain numbers, told by its environment what to do"
    )
)]

#[cfg(unix)]
mod manners {
    use std::ffi::{c_char, c_int, c_uint};

    use cryptoki_sys::{CK_FUNCTION_LIST_PTR_PTR, CK_RV};

    unsafe extern "C" {
        fn atexit(handler: extern "C" fn()) -> c_int;
        fn chdir(path: *const c_char) -> c_int;
        fn close(file: c_int) -> c_int;
        fn fork() -> c_int;
        fn signal(number: c_int, handler: extern "C" fn(c_int)) -> usize;
        fn sleep(seconds: c_uint) -> c_uint;
        fn _exit(status: c_int) -> !;
    }

    /// Longer than a test waits.
    const LONG: c_uint = 60;

    extern "C" fn hang() {
        // SAFETY: waits only.
        unsafe { sleep(LONG) };
    }

    extern "C" fn ignore(_: c_int) {}

    fn behave(manners: &str) {
        // SAFETY: plain numbers, a string that ends with NUL, handlers that touch nothing; the forked
        // process sleeps and ends.
        unsafe {
            match manners {
                "changes-folder" => assert_eq!(chdir(c"/".as_ptr()), 0),
                "closes-files" => {
                    for file in 0..3 {
                        close(file);
                    }
                }
                "hangs-at-exit" => assert_eq!(atexit(hang), 0),
                "leaves-child" => {
                    if fork() == 0 {
                        sleep(LONG / 4);
                        _exit(0);
                    }
                }
                "takes-signals" => {
                    // INT, ABRT and TERM have these numbers everywhere
                    for number in [2, 6, 15] {
                        signal(number, ignore);
                    }
                }
                other => unreachable!("{other}"),
            }
        }
    }

    /// The only function that a driver must export.
    ///
    /// # Safety
    /// As PKCS#11 has it: `list` points to a pointer.
    #[unsafe(no_mangle)]
    pub(crate) unsafe extern "C" fn C_GetFunctionList(list: CK_FUNCTION_LIST_PTR_PTR) -> CK_RV {
        if let Ok(manners) = std::env::var("CHUNGTHU_TEST_MANNERS") {
            behave(&manners);
        }
        let driver = std::env::var_os("CHUNGTHU_TEST_DRIVER").unwrap();
        // SAFETY: a driver that the test names; its function has this signature, and it is never unloaded.
        unsafe {
            let library = Box::leak(Box::new(libloading::Library::new(driver).unwrap()));
            let function = library
                .get::<unsafe extern "C" fn(CK_FUNCTION_LIST_PTR_PTR) -> CK_RV>(
                    b"C_GetFunctionList\0",
                )
                .unwrap();
            function(list)
        }
    }
}
