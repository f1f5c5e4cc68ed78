//! What is on a token: keys and certificates in two tables that keep their columns with accents.

use chungthu_certificate::{Certificate, lower_hex};
use chungthu_token::token::TokenInformation;
use chungthu_token::uri::Uri;
use comfy_table::{ContentArrangement, Table, presets};

use super::name_of;
use crate::dates;
use crate::page::Page;
use crate::words::{List, Message, Words};
use chungthu_certificate::inventory::{CertificateSeen, Inventory, Mark};

/// The width of a page.
const WIDTH: u16 = 80;

/// The tables, without a heading of their own.
pub(crate) fn objects(page: &mut Page, inventory: &Inventory, words: &Words) {
    page.heading(&words.say(&List::KeysHeading));
    if inventory.keys.is_empty() {
        page.paragraph(&words.say(&List::NoKeys));
    } else {
        page.line(&keys(inventory, words));
    }
    if !inventory.shows_private_keys() {
        page.paragraph(&words.say(&List::PrivateHidden));
    }
    page.heading(&words.say(&List::CertificatesHeading));
    if inventory.certificates.is_empty() {
        page.paragraph(&words.say(&List::NoCertificates));
    } else {
        page.line(&certificates(inventory, words));
    }
    let is_several = (0..inventory.keys.len()).any(|key| {
        inventory
            .certificates_of(key)
            .filter(|seen| is_usable(seen))
            .count()
            > 1
    });
    if is_several {
        page.paragraph(&words.say(&List::SeveralOfOneKey));
    }
}

/// The names by which other programs know the token and its objects, a line each, uncut.
pub(crate) fn uris(
    page: &mut Page,
    inventory: &Inventory,
    token: &TokenInformation,
    words: &Words,
) {
    let token = Uri::of_token(token);
    page.heading(&words.say(&List::UriHeading));
    page.line(&format!("  {token}"));
    for key in &inventory.keys {
        page.line(&format!("  {}", key.uri(&token)));
    }
    for seen in &inventory.certificates {
        page.line(&format!("  {}", seen.uri(&token)));
    }
}

/// Valid by its dates, so that a program may offer it.
fn is_usable(seen: &CertificateSeen) -> bool {
    matches!(seen.mark, Mark::Current | Mark::Old)
}

fn keys(inventory: &Inventory, words: &Words) -> String {
    let mut table = table(
        &[
            List::ColumnKey,
            List::ColumnLabel,
            List::ColumnId,
            List::ColumnCertificates,
        ],
        words,
    );
    for (index, key) in inventory.keys.iter().enumerate() {
        let kind = key
            .kind()
            .map_or_else(String::new, |(name, bits)| format!("{name} {bits}"));
        table.add_row([
            kind,
            key.label.clone(),
            short_id(&key.id),
            inventory.certificates_of(index).count().to_string(),
        ]);
    }
    finish(&table)
}

fn certificates(inventory: &Inventory, words: &Words) -> String {
    let mut table = table(
        &[
            List::ColumnHolder,
            List::ColumnSerial,
            List::ColumnEnd,
            List::ColumnMark,
        ],
        words,
    );
    for seen in &inventory.certificates {
        let facts = seen.certificate.as_ref();
        let holder = facts.map_or_else(
            || {
                words.say(&List::Unreadable {
                    bytes: seen.object.value().len(),
                })
            },
            name_of,
        );
        table.add_row([
            holder,
            facts.map(Certificate::serial_number).unwrap_or_default(),
            facts
                .map(|facts| dates::day(words.language(), facts.not_after()))
                .unwrap_or_default(),
            mark(inventory, seen, words),
        ]);
    }
    finish(&table)
}

fn mark(inventory: &Inventory, seen: &CertificateSeen, words: &Words) -> String {
    let state = match seen.mark {
        Mark::Current => List::MarkCurrent,
        Mark::Old => List::MarkOld,
        Mark::Expired => List::MarkExpired,
        Mark::NotYetValid => List::MarkNotYetValid,
        Mark::Authority => return words.say(&List::MarkCa),
        Mark::Unreadable => return String::new(),
    };
    let state = words.say(&state);
    match inventory.has_key(seen) {
        Some(true) => state,
        Some(false) => format!("{state}, {}", words.say(&List::MarkNoKey)),
        None => format!("{state}, {}", words.say(&List::MarkKeyUnknown)),
    }
}

/// A table as wide as a page, without lines.
pub(super) fn table(columns: &[impl Message], words: &Words) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(WIDTH)
        .set_header(columns.iter().map(|column| words.say(column)));
    for column in table.column_iter_mut() {
        column.set_padding((2, 0));
    }
    table
}

/// The table as text.
pub(super) fn finish(table: &Table) -> String {
    let lines: Vec<String> = table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    lines.join("\n")
}

/// Key ids are 4 to 20 bytes; the beginning tells them apart.
fn short_id(id: &[u8]) -> String {
    const SHOWN: usize = 8;
    let hex = lower_hex(id.get(..SHOWN).unwrap_or(id));
    if id.len() > SHOWN {
        format!("{hex}…")
    } else {
        hex
    }
}
