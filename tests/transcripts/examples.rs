//! What differs from day to day and from run to run, told by an example that stays.
//!
//! Dates move so that today is [`TODAY`]: what the program says of days stays true. The moments in the names of
//! backups, the token's serial number and the digests of a certificate have fixed examples.

use time::format_description::BorrowedFormatItem;
use time::macros::{date, format_description};
use time::{Date, Duration};

/// The day on which the guides' story takes place.
pub(crate) const TODAY: Date = date!(2026 - 11 - 23);

/// The first digits of every digest in the guides; the others are dots.
const DIGEST: &str = "3F9A";

/// What is replaced by what.
#[derive(Debug)]
pub(crate) struct Examples {
    shift: Duration,
    names: Vec<(String, String)>,
}

impl Examples {
    /// Examples for a story that takes place today, with no names yet.
    pub(crate) fn on(today: Date) -> Self {
        Self {
            shift: TODAY - today,
            names: Vec::new(),
        }
    }

    /// From now on this text is shown as that one.
    pub(crate) fn name(&mut self, real: &str, example: &str) {
        let pair = (real.to_owned(), example.to_owned());
        if !self.names.contains(&pair) {
            self.names.push(pair);
        }
    }

    /// The text as the guide has it.
    pub(crate) fn of(&self, text: &str) -> String {
        let mut shown = text.to_owned();
        for (real, example) in &self.names {
            shown = shown.replace(real, example);
        }
        without_digests(&self.moved(&shown))
    }

    /// What a command of the guide means in this run.
    pub(crate) fn meant(&self, command: &str) -> String {
        let mut meant = command.to_owned();
        for (real, example) in self.names.iter().filter(|(_, example)| !example.is_empty()) {
            meant = meant.replace(example, real);
        }
        meant
    }

    /// Every `dd/mm/yyyy` and `yyyy-mm-dd` moved by the shift.
    fn moved(&self, text: &str) -> String {
        const LENGTH: usize = 10;
        const FORMS: [&[BorrowedFormatItem<'_>]; 2] = [
            format_description!("[day]/[month]/[year]"),
            format_description!("[year]-[month]-[day]"),
        ];
        let mut moved = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let word = rest.get(..LENGTH).unwrap_or_default();
            let is_inside = moved.ends_with(|last: char| last.is_ascii_digit());
            let other = FORMS.into_iter().find_map(|form| {
                let date = Date::parse(word, form).ok()?;
                (date + self.shift).format(form).ok()
            });
            if let Some(date) = other.filter(|_| !is_inside) {
                moved.push_str(&date);
                rest = &rest[LENGTH..];
            } else {
                moved.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
        moved
    }
}

/// SHA-1 and SHA-256 in hexadecimal digits, shortened.
fn without_digests(text: &str) -> String {
    let is_digit = |character: char| character.is_ascii_hexdigit();
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_digit) {
        let (before, digits) = rest.split_at(start);
        let end = digits.find(|c| !is_digit(c)).unwrap_or(digits.len());
        let (digits, after) = digits.split_at(end);
        shown.push_str(before);
        if [40, 64].contains(&digits.len()) {
            shown.push_str(DIGEST);
            shown.push('…');
        } else {
            shown.push_str(digits);
        }
        rest = after;
    }
    shown + rest
}

#[test]
fn dates_move_and_digits_beside_them_stay() {
    let examples = Examples::on(date!(2027 - 01 - 01));
    assert_eq!(examples.of("đến 31/01/2027."), "đến 23/12/2026.");
    assert_eq!(examples.of("2027-01-02T00:00:00Z"), "2026-11-24T00:00:00Z");
    assert_eq!(
        examples.of("số 131/01/2027 40 mục"),
        "số 131/01/2027 40 mục"
    );
}

#[test]
fn digests_are_shortened_and_serial_numbers_stay() {
    assert_eq!(without_digests(&"A1".repeat(20)), "3F9A…");
    assert_eq!(without_digests("x 75580955FC81D6A7"), "x 75580955FC81D6A7");
}
