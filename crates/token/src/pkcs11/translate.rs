//! From crate cryptoki's values to ours; its texts are never shown.

use std::error::Error as _;

use cryptoki::context::Info;
use cryptoki::error::{Error, Rv, RvError};
use cryptoki::types::Version;
use cryptoki_sys::CK_ULONG;

use crate::error::{Cause, Operation, TokenError};
use crate::object::clean_text;
use crate::return_value::ReturnValue;
use crate::token::DriverInformation;

/// Classifies what crate cryptoki says of a call of `called`.
pub(super) fn failure(operation: Operation, called: &str, error: &Error) -> TokenError {
    match error {
        Error::Pkcs11(value, function) => {
            TokenError::from_call(operation, &format!("C_{function:?}"), return_value(*value))
        }
        Error::LibraryLoading(loading) => {
            let detail = loading
                .source()
                .map_or_else(|| loading.to_string(), ToString::to_string);
            TokenError::new(
                operation,
                Cause::ModuleFailed {
                    detail,
                    os_code: None,
                },
            )
        }
        Error::NullFunctionPointer => {
            TokenError::new(operation, Cause::Unsupported).in_call(called)
        }
        Error::MissingSymbol(name) => TokenError::new(
            operation,
            Cause::ModuleNotPkcs11 {
                detail: (*name).to_owned(),
            },
        ),
        Error::NotSupported
        | Error::TryFromInt(_)
        | Error::TryFromSlice(_)
        | Error::ParseInt(_)
        | Error::Utf8(_)
        | Error::NulError(_)
        | Error::InvalidValue
        | Error::PinNotSet => TokenError::new(
            operation,
            Cause::DriverIncomprehensible {
                detail: error.to_string(),
            },
        )
        .in_call(called),
    }
}

/// Crate cryptoki keeps no number, so the one that it would make into this value is looked up.
fn return_value(value: RvError) -> ReturnValue {
    if let RvError::VendorDefined(code) = value {
        return ReturnValue(widen(code));
    }
    let is_it = |known: &ReturnValue| {
        CK_ULONG::try_from(known.0)
            .is_ok_and(|code| matches!(Rv::from(code), Rv::Error(error) if error == value))
    };
    ReturnValue::known()
        .find(is_it)
        .unwrap_or(ReturnValue::GENERAL_ERROR)
}

/// `CK_ULONG` has 32 bits on Windows and 64 elsewhere.
#[cfg_attr(
    not(windows),
    expect(
        clippy::useless_conversion,
        reason = "CK_ULONG is u64 here and u32 on Windows"
    )
)]
pub(super) fn widen(number: CK_ULONG) -> u64 {
    u64::from(number)
}

/// What a driver says of itself.
pub(super) fn description(information: &Info) -> DriverInformation {
    let version = |version: Version| format!("{}.{}", version.major(), version.minor());
    DriverInformation {
        description: clean_text(information.library_description().as_bytes()),
        manufacturer: clean_text(information.manufacturer_id().as_bytes()),
        library_version: version(information.library_version()),
        cryptoki_version: version(information.cryptoki_version()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_return_value_keeps_its_number_through_crate_cryptoki() {
        for number in [0x30, 0x31, 0xA0, 0xA4, 0xE2, 0x101] {
            let Rv::Error(value) = Rv::from(CK_ULONG::try_from(number).unwrap()) else {
                panic!("{number:x}")
            };
            assert_eq!(return_value(value), ReturnValue(number));
        }
    }
}
