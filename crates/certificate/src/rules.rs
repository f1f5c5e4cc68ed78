//! The rules of the law that a date or a number decides, as values with their source; and the forms.

use time::{Duration, OffsetDateTime};

use crate::install::EarlierRenewal;
use crate::{Certificate, ca_generation};

/// A printed form: its number now and before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// Mẫu số of Nghị định 68/2024/NĐ-CP.
    pub now: &'static str,
    /// Mẫu số of Thông tư 185/2019/TT-BQP: the subscriber's and the agency's.
    pub before: &'static str,
}

/// A new certificate for a person.
pub const NEW_FOR_PERSON: Form = Form {
    now: "01",
    before: "01, 02",
};
/// A new certificate for an agency or organisation.
pub const NEW_FOR_AGENCY: Form = Form {
    now: "02",
    before: "03, 04",
};
/// Renewal, and change of information.
pub const RENEWAL_OR_CHANGE: Form = Form {
    now: "04",
    before: "07, 08",
};
/// Recovery of a locked device.
pub const RECOVERY: Form = Form {
    now: "06",
    before: "11, 12",
};
/// Minutes of a device that is handed back.
pub const DEVICE_RETURNED: Form = Form {
    now: "08",
    before: "14",
};

/// What decides about a renewal. The defaults are those of Nghị định 130/2018/NĐ-CP, Điều 63.1: only
/// once, and at least 60 days left. Nghị định 68/2024/NĐ-CP, Điều 12 replaces it; its numbers could not
/// be read, so they are settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RenewalRules {
    /// So many whole days must be left.
    pub days_needed: i64,
    /// From so many days before the end on, the office should act.
    pub notice_days: i64,
    /// Whether a renewed certificate cannot be renewed again.
    pub is_only_once: bool,
    /// A certificate that is valid for so many days or fewer is probably a renewed one: three years
    /// (Nghị định 68/2024/NĐ-CP, Điều 9.3), where a new one has five (Điều 9.1).
    pub renewed_validity_days: i64,
}

impl Default for RenewalRules {
    fn default() -> Self {
        Self {
            days_needed: 60,
            notice_days: 90,
            is_only_once: true,
            renewed_validity_days: 1095,
        }
    }
}

/// Where the rule was read. Its present form, Nghị định 68/2024/NĐ-CP, Điều 12, was not.
pub const RENEWAL_BASIS: &str = "130/2018/NĐ-CP, 63.1";

/// Whether a certificate can be renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RenewalRight {
    /// It can be asked for until that moment.
    Open {
        /// The last moment with enough days left, UTC.
        until: OffsetDateTime,
    },
    /// Fewer days are left than a renewal needs.
    TooLate,
    /// It was renewed before, certainly or probably.
    Used(RenewedBecause),
}

/// Why a certificate is taken for one that was renewed before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RenewedBecause {
    /// This computer installed it as a renewal.
    History,
    /// A certificate of the same key that ends earlier is on the token too.
    BothOnToken,
    /// Its whole validity is as short as a renewed one's. First issues may be as short.
    Validity,
}

impl RenewedBecause {
    /// The word of the JSON form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::History => "history",
            Self::BothOnToken => "both-on-token",
            Self::Validity => "validity",
        }
    }
}

/// What else is known of a certificate's past.
#[derive(Clone, Debug, Default)]
pub struct KnownPast {
    /// When this computer installed it as a renewal, UTC.
    pub installed_as_renewal: Option<OffsetDateTime>,
    /// Another renewal of the same key that this computer installed.
    pub other_renewal: Option<EarlierRenewal>,
    /// Whether a certificate of the same key that ends earlier is on the token.
    pub has_predecessor: bool,
}

/// Whole days from the first moment of validity to the last, rounded to the next day: certificates are
/// issued for whole days, with or without the last second.
#[must_use]
pub fn validity_days(certificate: &Certificate) -> i64 {
    let whole = certificate.not_after() - certificate.not_before() + Duration::hours(12);
    whole.whole_days()
}

/// Whether `certificate` can be renewed; `None` where the rules are not those of its CA, or where its time
/// is over or has not begun.
#[must_use]
pub fn renewal_right(
    certificate: &Certificate,
    past: &KnownPast,
    rules: &RenewalRules,
    now: OffsetDateTime,
) -> Option<RenewalRight> {
    let is_concerned = ca_generation(certificate).is_some()
        && !certificate.is_ca()
        && !certificate.is_expired(now)
        && !certificate.is_not_yet_valid(now);
    if !is_concerned {
        return None;
    }
    let because = if past.installed_as_renewal.is_some() || past.other_renewal.is_some() {
        Some(RenewedBecause::History)
    } else if past.has_predecessor {
        Some(RenewedBecause::BothOnToken)
    } else if validity_days(certificate) <= rules.renewed_validity_days {
        Some(RenewedBecause::Validity)
    } else {
        None
    };
    let until = certificate.not_after() - Duration::days(rules.days_needed);
    Some(match because {
        Some(because) if rules.is_only_once => RenewalRight::Used(because),
        Some(_) | None if certificate.days_left(now) < rules.days_needed => RenewalRight::TooLate,
        Some(_) | None => RenewalRight::Open { until },
    })
}
