//! Which keys are too short for a signature of today.

/// RSA below 2048 bits and EC below 256 (NIST SP 800-131A). A kind that is not known is not judged.
pub(super) fn is_weak(kind: &str, bits: usize) -> bool {
    match kind {
        "RSA" => bits < 2048,
        "EC" => bits < 256,
        _ => false,
    }
}
