//! What the new certificate is to the one on the token.

use serde::{Deserialize, Serialize};

use crate::{Certificate, Change};

/// What the new certificate is to the one on the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InstallChange {
    /// The key had no certificate.
    First,
    /// Later end, same facts.
    Renewal,
    /// Same end, other facts.
    InformationChange,
    /// Later end and other facts.
    RenewalAndChange,
    /// Same end, same facts, another serial.
    Reissue,
}

impl InstallChange {
    pub(super) fn between(old: &Certificate, new: &Certificate) -> Self {
        match Change::between(old, new) {
            Some(Change::Renewal) => Self::Renewal,
            Some(Change::InformationChange) => Self::InformationChange,
            Some(Change::RenewalAndChange) => Self::RenewalAndChange,
            Some(Change::Reissue) | None => Self::Reissue,
        }
    }

    /// Whether it counts as a renewal, alone or with a change of information.
    #[must_use]
    pub const fn is_renewal(self) -> bool {
        matches!(self, Self::Renewal | Self::RenewalAndChange)
    }
}
