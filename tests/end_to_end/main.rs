//! The program from end to end: its executable, a real driver, a token, and the witness as the judge.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a helper of the tests fails the test"
)]

use chungthu_test_support::{Driver, Office};

/// Every scenario becomes a test on each driver.
macro_rules! on_each_driver {
    ($($name:ident => $scenario:expr;)*) => {
        mod soft_token {
            use super::*;
            $(#[test] fn $name() { $crate::in_an_office(Driver::SoftToken, $scenario); })*
        }
        #[cfg(unix)]
        mod softhsm2 {
            use super::*;
            $(#[test] fn $name() { $crate::in_an_office(Driver::SoftHsm2, $scenario); })*
        }
        #[cfg(unix)]
        mod kryoptic {
            use super::*;
            $(#[test] fn $name() { $crate::in_an_office(Driver::Kryoptic, $scenario); })*
        }
    };
}

mod calls;
mod change;
mod choice;
mod dates;
mod discovery;
mod evidence;
mod executable;
mod files;
mod health;
mod history;
#[cfg(unix)]
mod host;
mod issuers;
// Cargo tells the packages, and it is not there under wine
#[cfg(unix)]
mod licences;
mod lying;
mod matching;
mod names;
#[cfg(unix)]
mod p11_kit;
mod pin_care;
mod pin_tries;
mod pins;
mod placing;
mod questions;
mod reading;
#[cfg(target_os = "linux")]
mod report_lost;
mod restore;
mod scene;
mod several_files;
#[cfg(unix)]
mod stopped;
mod together;
#[cfg(unix)]
mod way_back;

/// Runs a scenario in a new office with this driver; where the driver is missing, a note says so, and
/// CI fails.
fn in_an_office(driver: Driver, scenario: impl FnOnce(&Office)) {
    if let Some(office) = Office::new(env!("CARGO_BIN_EXE_chungthu"), driver) {
        scenario(&office);
    }
}
