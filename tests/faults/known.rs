//! What the program does not promise, with the reason: such a case is counted apart, never passed over.

use crate::fault::{Fault, Sight};
use crate::walk::Walk;

const HALF_MADE: &str = "a half-made object stays where its maker lost driver or token before it could clear \
                         it away: a later run cannot tell it from another program's (decision 0012)";

const LIED: &str = "a backup holds what the driver showed: where it lied about a certificate that only the \
                    login shows, the backup has none of it; the next run's has";

/// Why a broken rule is none of this walk and fault.
/// `fault` is none where its records were disturbed.
pub(crate) fn reason(walk: &Walk, fault: Option<&Fault>, broken: &str) -> Option<&'static str> {
    let is_of_the_end = [
        "after the second run",
        "the restore brings back",
        "leftover",
    ]
    .iter()
    .any(|words| broken.contains(words));
    let is_cut_short = fault.is_none_or(|fault| fault.sight != Sight::Kept);
    let is_left = walk.profile.contains("half-made-objects") && is_cut_short;
    if is_of_the_end && is_left {
        return Some(HALF_MADE);
    }
    let is_lie_of_reading = fault.is_some_and(|fault| {
        let lies = ["zero-handle", "changed-bytes"];
        fault.name.starts_with("length-") || lies.contains(&fault.name.as_str())
    });
    (walk.hides() && is_lie_of_reading && broken.contains("the restore brings back"))
        .then_some(LIED)
}
