//! `list`: what is on a token, without a PIN.

use chungthu_certificate::inventory::{Chosen, Inventory, Mark, choose};
use chungthu_certificate::lower_hex;
use chungthu_token::module::Found;
use chungthu_token::object::AttributeType;
use chungthu_token::session::Launcher;
use chungthu_token::token::TokenInformation;
use chungthu_token::uri::Uri;
use time::OffsetDateTime;

use super::Desk;
use crate::failure::{Failure, from_refusal, from_token};
use crate::json::{self, Known};
use crate::page::Page;
use crate::pages;
use crate::words::List;

pub(super) fn run(desk: &mut Desk<'_>) -> Result<(), Failure> {
    let launcher = desk.launcher(Vec::new())?;
    let found = desk.discover()?;
    let mut chosen = chosen(desk, &found, &launcher)?;
    let inventory = inventory(desk, &mut chosen)?;
    if desk.screen.is_json() {
        let view = view(&inventory, &chosen.token, Some(&chosen), desk.now());
        desk.screen.json(&json::document("list", view));
    } else {
        let mut page = Page::new();
        let (label, serial) = (chosen.token.label.clone(), chosen.token.serial.clone());
        page.heading(&desk.screen.say(&List::Heading { label, serial }));
        pages::objects(&mut page, &inventory, desk.screen.words());
        if desk.screen.is_verbose() {
            pages::uris(&mut page, &inventory, &chosen.token, desk.screen.words());
        }
        desk.screen.result(&page);
    }
    Ok(())
}

/// The one token to look into; what other drivers did wrong is told.
pub(super) fn chosen(
    desk: &mut Desk<'_>,
    found: &[Found],
    launcher: &dyn Launcher,
) -> Result<Chosen, Failure> {
    let (chosen, problems) = choose(launcher, found, desk.common.token.as_ref());
    let chosen = chosen.map_err(|refusal| from_refusal(&refusal, desk.screen.words()))?;
    super::warn_of_drivers(desk, &problems);
    Ok(chosen)
}

/// What is on it.
pub(super) fn inventory(desk: &Desk<'_>, chosen: &mut Chosen) -> Result<Inventory, Failure> {
    chosen
        .inventory(desk.now())
        .map_err(|error| from_token(&error, &chosen.path, desk.screen.words()).on(&chosen.token))
}

/// The inventory for JSON.
pub(super) fn view(
    inventory: &Inventory,
    token: &TokenInformation,
    chosen: Option<&Chosen>,
    now: OffsetDateTime,
) -> json::List {
    let hex = lower_hex;
    let token_uri = Uri::of_token(token);
    let keys = inventory.keys.iter().enumerate().map(|(index, key)| {
        let kind = key.kind();
        let certificates = inventory.certificates_of(index);
        json::Key {
            uri: key.uri(&token_uri).to_string(),
            id: hex(&key.id),
            r#type: kind.map(|(name, _)| name),
            bits: kind.map(|(_, bits)| bits),
            label: key.label.clone(),
            certificates: certificates
                .filter_map(|seen| seen.certificate.as_ref().map(|facts| facts.sha256()))
                .collect(),
            private: Known::of(key.private.as_ref().map(|_| true)),
            extractable: Known::of(key.flag(AttributeType::Extractable)),
            may_sign: Known::of(key.flag(AttributeType::Sign)),
        }
    });
    let certificates = inventory
        .certificates
        .iter()
        .map(|seen| json::CertificateObject {
            certificate: seen
                .certificate
                .as_ref()
                .map(|facts| json::Certificate::new(facts, now, None)),
            uri: seen.uri(&token_uri).to_string(),
            id: hex(seen.object.id()),
            label: seen.object.label(),
            key_on_token: Known::of(inventory.has_key(seen)),
            state: match seen.mark {
                Mark::Current => "current",
                Mark::Old => "old",
                Mark::Expired => "expired",
                Mark::NotYetValid => "not-yet-valid",
                Mark::Authority => "ca",
                Mark::Unreadable => "unreadable",
            },
        });
    json::List {
        outcome: "listed",
        token: json::Token::new(
            token,
            chosen.map(|chosen| chosen.path.as_path()),
            chosen.map(|chosen| chosen.slot),
        ),
        keys: keys.collect(),
        certificates: certificates.collect(),
    }
}
