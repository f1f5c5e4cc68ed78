//! What the program does not promise, with the reason: such a case is counted apart, never passed over.

use crate::fault::Fault;
use crate::walk::Walk;

const LIED: &str = "a backup holds what the driver showed: where it lied about a certificate that only the \
                    login shows, the backup has none of it; the next run's has";

const UNLISTED: &str = "a driver that fails to list more than two objects shows nothing of a token with three: nothing \
                        is done there until another program or driver removes one";

const MISPLACED: &str = "a whole certificate that a driver put under another id, in a run that was cut off, stays beside the old \
                         one as long as no run can be finished there";

/// Why a broken rule is none of this walk and fault.
pub(crate) fn reason(walk: &Walk, fault: &Fault, broken: &str) -> Option<&'static str> {
    let is_of_the_end = ["the second run", "the restore", "says unknown"];
    if is_of_the_end.iter().any(|words| broken.contains(words)) {
        match walk.profile.as_str() {
            "search-fails-after-two" => return Some(UNLISTED),
            "id-first-byte-only" => return Some(MISPLACED),
            _ => {}
        }
    }
    let lies = ["zero-handle", "changed-bytes"];
    let is_lie_of_reading =
        fault.name.starts_with("length-") || lies.contains(&fault.name.as_str());
    (walk.hides() && is_lie_of_reading && broken.contains("the restore brings back"))
        .then_some(LIED)
}
