//! What the program does not promise, with the reason: such a case is counted apart, never passed over.

use crate::fault::Fault;
use crate::walk::Walk;

const LIED: &str = "a backup holds what the driver showed: where it lied about a certificate that only the \
                    login shows, the backup has none of it; the next run's has";

/// Why a broken rule is none of this walk and fault.
pub(crate) fn reason(walk: &Walk, fault: &Fault, broken: &str) -> Option<&'static str> {
    let lies = ["zero-handle", "changed-bytes"];
    let is_lie_of_reading =
        fault.name.starts_with("length-") || lies.contains(&fault.name.as_str());
    (walk.hides() && is_lie_of_reading && broken.contains("the restore brings back"))
        .then_some(LIED)
}
