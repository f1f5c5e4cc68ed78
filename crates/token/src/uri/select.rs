//! Which token a person means: a serial, an exact label, or a URI.

use std::path::Path;
use std::str::FromStr;

use super::read::is_uri;
use super::{Uri, UriError};
use crate::error::TokenError;
use crate::session::{Driver, SlotDetail};
use crate::token::{DriverInformation, SlotReport, TokenInformation};

/// A person's word for a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenSelector {
    /// A serial or an exact label.
    Name(String),
    /// A `pkcs11:` URI. What it says of an object is not looked at: the token is meant that has it.
    Uri(Box<Uri>),
}

/// A slot, and whether its token may be the one that is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The slot.
    pub report: SlotReport,
    /// Whether the selector says so; true without a selector.
    pub is_meant: bool,
}

impl FromStr for TokenSelector {
    type Err = UriError;

    fn from_str(text: &str) -> Result<Self, UriError> {
        if !is_uri(text) {
            return Ok(Self::Name(text.to_owned()));
        }
        let uri: Uri = text.parse()?;
        // the session traits do not tell it, and no program prints it
        if uri.slot_manufacturer.is_some() {
            return Err(UriError::Unselective {
                attribute: "slot-manufacturer",
            });
        }
        Ok(Self::Uri(Box::new(uri)))
    }
}

impl TokenSelector {
    /// The driver's file, where a URI names it.
    #[must_use]
    pub fn module_path(&self) -> Option<&Path> {
        self.uri()?.module_path.as_deref().map(Path::new)
    }

    /// The driver's short name, where a URI has it.
    #[must_use]
    pub fn module_name(&self) -> Option<&str> {
        self.uri()?.module_name.as_deref()
    }

    /// Whether a driver's file has the short name that a URI asks for: `libX.so`, `X.so`, `X.dll`
    /// are all X.
    #[must_use]
    pub fn is_module_called(path: &Path, name: &str) -> bool {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        stem == name || stem.strip_prefix("lib") == Some(name)
    }

    fn uri(&self) -> Option<&Uri> {
        match self {
            Self::Name(_) => None,
            Self::Uri(uri) => Some(uri),
        }
    }

    fn is_meant(&self, library: Option<&DriverInformation>, report: &SlotReport) -> bool {
        let Ok(token) = &report.token else {
            return false;
        };
        match self {
            Self::Name(name) => token.is_called(name),
            Self::Uri(uri) => {
                uri.is_of_token(token)
                    && uri.is_of_slot(report)
                    && library.is_none_or(|library| uri.is_of_library(library))
            }
        }
    }
}

impl Uri {
    fn is_of_token(&self, token: &TokenInformation) -> bool {
        allows(self.model.as_ref(), &token.model)
            && allows(self.manufacturer.as_ref(), &token.manufacturer)
            && allows(self.serial.as_ref(), &token.serial)
            && allows(self.token.as_ref(), &token.label)
    }

    fn is_of_slot(&self, report: &SlotReport) -> bool {
        let description = report.description.as_deref().unwrap_or_default();
        self.slot_id.is_none_or(|slot| slot == report.slot.0)
            && allows(self.slot_description.as_ref(), description)
    }

    const fn wants_library(&self) -> bool {
        self.library_description.is_some()
            || self.library_manufacturer.is_some()
            || self.library_version.is_some()
    }

    fn is_of_library(&self, library: &DriverInformation) -> bool {
        allows(self.library_description.as_ref(), &library.description)
            && allows(self.library_manufacturer.as_ref(), &library.manufacturer)
            && self
                .library_version
                .is_none_or(|(major, minor)| library.library_version == format!("{major}.{minor}"))
    }
}

fn allows(wanted: Option<&String>, actual: &str) -> bool {
    wanted.is_none_or(|wanted| wanted == actual)
}

/// The driver's tokens that may hold a person's key, with the selector's word on each. The driver
/// is asked for no more than the selector needs. Stores of CA certificates are left out.
///
/// # Errors
/// As the driver answers; a bad slot is an error inside its report.
pub fn candidates(
    driver: &mut dyn Driver,
    selector: Option<&TokenSelector>,
) -> Result<Vec<Candidate>, TokenError> {
    let mut all = slots(driver, selector, SlotDetail::Token)?;
    all.retain(|candidate| {
        let token = candidate.report.token.as_ref();
        !token.is_ok_and(TokenInformation::is_certificate_store)
    });
    Ok(all)
}

/// All of the driver's slots with a token, stores of CA certificates too, with the selector's word on
/// each. `detail` is the least that is asked of a slot.
///
/// # Errors
/// As the driver answers; a bad slot is an error inside its report.
pub fn slots(
    driver: &mut dyn Driver,
    selector: Option<&TokenSelector>,
    detail: SlotDetail,
) -> Result<Vec<Candidate>, TokenError> {
    let uri = selector.and_then(TokenSelector::uri);
    let detail = if uri.is_some_and(|uri| uri.slot_description.is_some()) {
        SlotDetail::TokenAndReader
    } else {
        detail
    };
    let library = if uri.is_some_and(Uri::wants_library) {
        Some(driver.information()?)
    } else {
        None
    };
    let reports = driver.slots(detail)?.into_iter();
    Ok(reports
        .map(|report| Candidate {
            is_meant: selector.is_none_or(|one| one.is_meant(library.as_ref(), &report)),
            report,
        })
        .collect())
}
