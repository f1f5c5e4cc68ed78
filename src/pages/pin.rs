//! What came of a PIN's change, and who can unblock a token.

use chungthu_token::token::TokenInformation;

use crate::page::{GOOD, Page};
use crate::words::{Common, Pin, Words};

/// The PIN is another one now.
pub(crate) fn pin_changed(
    token: &TokenInformation,
    is_unblocked: bool,
    is_verified: bool,
    words: &Words,
) -> Page {
    let mut page = Page::below();
    page.styled_line(
        GOOD,
        &words.say(if is_unblocked {
            &Pin::Unblocked
        } else {
            &Pin::Changed
        }),
    );
    let (label, serial) = (token.label.clone(), token.serial.clone());
    page.fields(&[(
        words.say(&Common::Token),
        words.say(&Common::TokenName { label, serial }),
    )]);
    page.paragraph(&words.say(if is_verified {
        &Pin::Verified
    } else {
        &Pin::NotVerified
    }));
    page.heading(&words.say(&Common::ToDo));
    page.item(&words.say(&Pin::KeepIt));
    page.item(&words.say(&Pin::OtherPrograms));
    page
}

/// Who can unblock a token, step by step.
pub(crate) fn unblocking(words: &Words) -> Page {
    let mut page = Page::new();
    page.heading(&words.say(&Pin::ExplainHeading));
    page.paragraph(&words.say(&Pin::ExplainWho));
    page.blank();
    for (number, step) in (1..).zip([
        Pin::ExplainStop,
        Pin::ExplainForm,
        Pin::ExplainWhere,
        Pin::ExplainTelephone,
        Pin::ExplainAfter,
    ]) {
        page.numbered(number, &words.say(&step));
    }
    page.blank();
    page.paragraph(&words.say(&Pin::ExplainOfficer));
    page
}
