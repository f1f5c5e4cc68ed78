//! Dates as people read them: Vietnam's time, `dd/mm/yyyy` in Vietnamese, ISO in English.

use time::macros::{format_description, offset};
use time::{OffsetDateTime, UtcOffset};

use crate::words::Language;

/// Vietnam's time all year round.
const VIETNAM: UtcOffset = offset!(+7);

/// The day in Vietnam: `12/03/2030` or `2030-03-12`.
pub(crate) fn day(language: Language, moment: OffsetDateTime) -> String {
    let local = at(VIETNAM, moment);
    let written = match language {
        Language::Vietnamese => local.format(format_description!("[day]/[month]/[year]")),
        Language::English => local.format(format_description!("[year]-[month]-[day]")),
    };
    written.unwrap_or_default()
}

/// Day and time in Vietnam, labelled: `12/03/2030 06:59:59 (UTC+07:00)`.
pub(crate) fn moment(language: Language, moment: OffsetDateTime) -> String {
    let time = at(VIETNAM, moment)
        .format(format_description!(
            "[hour]:[minute]:[second] (UTC[offset_hour sign:mandatory]:[offset_minute])"
        ))
        .unwrap_or_default();
    format!("{} {time}", day(language, moment))
}

/// RFC 3339 in UTC, for JSON.
pub(crate) fn rfc3339(moment: OffsetDateTime) -> String {
    at(UtcOffset::UTC, moment)
        .format(&time::format_description::well_known::Rfc3339)
        .unwrap_or_default()
}

/// The same moment by the clocks there; else, where they would show no year of four digits, by UTC's
/// or its own. A certificate without an end has such a one, 9999-12-31 23:59:59 UTC (RFC 5280, 4.1.2.5).
fn at(offset: UtcOffset, moment: OffsetDateTime) -> OffsetDateTime {
    [offset, UtcOffset::UTC]
        .into_iter()
        .find_map(|offset| {
            let there = moment.checked_to_offset(offset)?;
            (0..=9999).contains(&there.year()).then_some(there)
        })
        .unwrap_or(moment)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn an_evening_in_london_is_the_next_day_in_hanoi() {
        let end = datetime!(2030-03-11 18:00:00 UTC);
        assert_eq!(day(Language::Vietnamese, end), "12/03/2030");
        assert_eq!(day(Language::English, end), "2030-03-12");
        assert_eq!(
            moment(Language::Vietnamese, end),
            "12/03/2030 01:00:00 (UTC+07:00)"
        );
        assert_eq!(rfc3339(end), "2030-03-11T18:00:00Z");
    }

    #[test]
    fn what_no_clock_in_hanoi_shows_is_told_by_another_that_is_named() {
        let end = datetime!(9999-12-31 23:59:59 UTC);
        assert_eq!(day(Language::Vietnamese, end), "31/12/9999");
        assert_eq!(
            moment(Language::English, end),
            "9999-12-31 23:59:59 (UTC+00:00)"
        );
        assert_eq!(rfc3339(end), "9999-12-31T23:59:59Z");
        assert_eq!(
            moment(Language::English, datetime!(9999-12-31 23:59:59 -11)),
            "9999-12-31 23:59:59 (UTC-11:00)"
        );
        assert_eq!(
            rfc3339(datetime!(0000-01-01 00:00 +14)),
            "0000-01-01T00:00:00+14:00"
        );
    }
}
