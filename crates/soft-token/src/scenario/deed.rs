//! The parts of a fault that have a choice: how far the work goes, what lie is told, who is killed.

use serde::Deserialize;

/// What became of the work behind an error.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Effect {
    /// Nothing.
    #[default]
    None,
    /// An object that is made, changed or destroyed is left without what makes it whole.
    Half,
    /// All of it.
    Done,
}

/// A lie beside `CKR_OK`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Nonsense {
    /// Lengths of attributes and signatures are 0.
    LengthZero,
    /// They are -1.
    LengthUnavailable,
    /// They are 2 to the power of 31.
    #[serde(rename = "length-2-31")]
    Length2To31,
    /// They are 2 to the power of 63; where a number has 32 bits, the same with 31.
    #[serde(rename = "length-2-63")]
    Length2To63,
    /// A count is larger than what was asked for.
    LargerCount,
    /// A handle is 0.
    ZeroHandle,
    /// A byte of a value, a signature or a serial number is another.
    ChangedBytes,
    /// A token's label has a NUL and a cut character.
    BadText,
    /// A token says that it has a clock, and shows no time.
    JunkClock,
    /// What was to be made, changed or destroyed is not.
    NotStored,
}

/// Who is killed and when.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kill {
    /// The process of the driver, before the work.
    HostBefore,
    /// The same after it.
    HostAfter,
    /// The process that started it, before the work.
    ProgramBefore,
    /// The same after it.
    ProgramAfter,
}
