//! Dates as people read them: Vietnam's time, `dd/mm/yyyy` in Vietnamese, ISO in English.

use time::macros::{format_description, offset};
use time::{OffsetDateTime, UtcOffset};

use crate::words::Language;

/// Vietnam's time all year round.
const VIETNAM: UtcOffset = offset!(+7);

/// The day in Vietnam: `12/03/2030` or `2030-03-12`.
pub(crate) fn day(language: Language, moment: OffsetDateTime) -> String {
    let local = moment.to_offset(VIETNAM);
    let written = match language {
        Language::Vietnamese => local.format(format_description!("[day]/[month]/[year]")),
        Language::English => local.format(format_description!("[year]-[month]-[day]")),
    };
    written.unwrap_or_default()
}

/// Day and time in Vietnam, labelled: `12/03/2030 06:59:59 (UTC+07:00)`.
pub(crate) fn moment(language: Language, moment: OffsetDateTime) -> String {
    let time = moment
        .to_offset(VIETNAM)
        .format(format_description!("[hour]:[minute]:[second]"))
        .unwrap_or_default();
    format!("{} {time} (UTC+07:00)", day(language, moment))
}

/// RFC 3339 in UTC, for JSON.
pub(crate) fn rfc3339(moment: OffsetDateTime) -> String {
    moment
        .to_offset(UtcOffset::UTC)
        .format(&time::format_description::well_known::Rfc3339)
        .unwrap_or_default()
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
}
