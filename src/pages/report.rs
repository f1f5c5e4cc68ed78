//! What is on the token after an install, and what to do outside this program.

use chungthu_certificate::Certificate;
use chungthu_certificate::install::{Placement, Plan, ReadBack, Report, Warning};
use time::OffsetDateTime;

use super::plan::backed_up;
use super::warning_words;
use crate::dates;
use crate::page::{GOOD, Page};
use crate::words::{Common, Follow, Install, Restore, Words};

/// The report of a finished install.
pub(crate) fn installed(report: &Report, words: &Words) -> Page {
    let mut page = Page::below();
    let is_restore = report.plan.is_restore;
    page.styled_line(
        GOOD,
        &if is_restore {
            words.say(&Restore::DoneHeading)
        } else {
            words.say(&Install::DoneHeading)
        },
    );
    page.heading(&words.say(&Install::OnTokenHeading));
    wanted(&mut page, &report.plan, words);
    for removal in &report.replaced {
        let certificate = &removal.certificate;
        if removal.removed {
            let serial = certificate.serial_number();
            let not_after = dates::day(words.language(), certificate.not_after());
            let is_copy = !is_restore && certificate.der() == report.plan.certificate.der();
            page.item(&words.say(&if is_copy {
                Install::RemovedCopy { serial, not_after }
            } else {
                Install::Removed { serial, not_after }
            }));
        } else {
            page.item(&kept(certificate, is_restore, words));
        }
    }
    let placed = match report.placement {
        Placement::Beside | Placement::AlreadyThere => None,
        Placement::TemporaryId => Some(Install::PlacedAside),
        Placement::OldRemovedFirst => Some(Install::PlacedAfterRemoval),
        Placement::ReplacedByDriver => Some(Install::ReplacedByDriver),
    };
    if let Some(placed) = placed {
        page.paragraph(&words.say(&placed));
    }
    if let Some(read_back) = report.read_back {
        page.paragraph(&words.say(match read_back {
            ReadBack::SecondProcess => &Install::ReadBackSecondProcess,
            ReadBack::FreshSession => &Install::ReadBackFreshSession,
        }));
    }
    page.paragraph(&words.say(&Install::BackupPlace {
        backup: report.backup.clone(),
    }));
    let lasting = report
        .plan
        .warnings
        .iter()
        .filter(|warning| is_lasting(warning));
    for (number, warning) in lasting.enumerate() {
        if number == 0 {
            page.blank();
        }
        page.warning(&words.say(&Common::Warning), &warning_words(warning, words));
    }
    page.heading(&words.say(&Install::FollowHeading));
    for (number, sentence) in follow_up(&report.plan, words).iter().enumerate() {
        page.numbered(number + 1, sentence);
    }
    page
}

/// Whether a warning before the install still says something after it.
const fn is_lasting(warning: &Warning) -> bool {
    match warning {
        Warning::Chain { .. }
        | Warning::Revocation { .. }
        | Warning::IssuerUnknown
        | Warning::Expired { .. }
        | Warning::NotYetValid { .. }
        | Warning::OlderThanInstalled
        | Warning::OldKept
        | Warning::OldNotKept
        | Warning::PossessionNotProved
        | Warning::RenewedBefore(_)
        | Warning::BackupOfOtherToken { .. }
        | Warning::HistoryNotKept { .. }
        | Warning::ForeignCertificateUnderId { .. }
        | Warning::ForeignCertificateLost { .. } => true,
        Warning::PinCountLow
        | Warning::PinTriesCounted { .. }
        | Warning::KeyNotSeen
        | Warning::SeveralOld { .. } => false,
    }
}

/// The second run: nothing to do. `installed`: when it was installed from here, where that is known.
pub(crate) fn already_installed(
    plan: &Plan,
    installed: Option<OffsetDateTime>,
    words: &Words,
) -> Page {
    let mut page = Page::below();
    page.styled_line(GOOD, &words.say(&Install::NothingToDoHeading));
    page.paragraph(&if plan.is_restore {
        words.say(&Restore::AlreadyRestored)
    } else {
        words.say(&Install::AlreadyInstalled)
    });
    if let Some(time) = installed {
        let date = dates::day(words.language(), time);
        page.paragraph(&words.say(&Install::AlreadyInstalledFromHere { date }));
    }
    page.heading(&words.say(&Install::OnTokenHeading));
    wanted(&mut page, plan, words);
    for old in &plan.old {
        page.item(&kept(&old.certificate, plan.is_restore, words));
    }
    for (number, warning) in plan.warnings.iter().enumerate() {
        if number == 0 {
            page.blank();
        }
        page.warning(&words.say(&Common::Warning), &warning_words(warning, words));
    }
    page
}

/// What was wanted on the token, and is there.
fn wanted(page: &mut Page, plan: &Plan, words: &Words) {
    if !plan.is_restore {
        let serial = plan.certificate.serial_number();
        let not_after = dates::day(words.language(), plan.certificate.not_after());
        page.item(&words.say(&Install::OnTokenNew { serial, not_after }));
        return;
    }
    if plan.wanted.is_empty() {
        page.item(&words.say(&Restore::OnTokenNone));
    }
    for object in &plan.wanted {
        backed_up(page, object, words);
    }
}

/// What was there before, and is there still.
fn kept(certificate: &Certificate, is_restore: bool, words: &Words) -> String {
    let serial = certificate.serial_number();
    let not_after = dates::day(words.language(), certificate.not_after());
    if is_restore {
        words.say(&Restore::OnTokenKept { serial, not_after })
    } else {
        words.say(&Install::OnTokenOld { serial, not_after })
    }
}

/// What the program cannot do for the office.
pub(crate) fn follow_up(plan: &Plan, words: &Words) -> Vec<String> {
    let serial = plan.certificate.serial_number();
    let mut sentences = vec![Follow::Replug, Follow::WindowsStore];
    // a restore to "none" leaves nothing to choose or to register
    if !plan.wanted.is_empty() {
        sentences.push(Follow::SigningPrograms);
        sentences.push(if plan.is_restore {
            Follow::PortalsRestored { serial }
        } else {
            Follow::Portals { serial }
        });
    }
    sentences.push(Follow::Register);
    let say = |sentence| words.say(sentence);
    sentences.iter().map(say).collect()
}
