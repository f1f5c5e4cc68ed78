//! Words of `pin`.

use super::catalogue::messages;

messages! {
    /// A PIN that was changed, and who can unblock one.
    Pin {
        Step = "pin-step",
        Changed = "pin-changed",
        Unblocked = "pin-unblocked",
        Verified = "pin-verified",
        NotVerified = "pin-not-verified",
        KeepIt = "pin-keep-it",
        OtherPrograms = "pin-other-programs",
        ExplainHeading = "pin-explain-heading",
        ExplainWho = "pin-explain-who",
        ExplainStop = "pin-explain-stop",
        ExplainForm = "pin-explain-form",
        ExplainWhere = "pin-explain-where",
        ExplainTelephone = "pin-explain-telephone",
        ExplainAfter = "pin-explain-after",
        ExplainOfficer = "pin-explain-officer",
    }
}
