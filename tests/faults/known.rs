//! What the program does not promise, with the reason: such a case is counted apart, never passed over.

use crate::fault::Fault;
use crate::walk::Walk;

/// Why a broken rule is none of this walk and fault.
pub(crate) fn reason(walk: &Walk, fault: &Fault, _broken: &str) -> Option<&'static str> {
    let _ = (walk, fault);
    None
}
