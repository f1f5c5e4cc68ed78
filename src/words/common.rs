//! Words that every command uses.

use super::catalogue::messages;

messages! {
    /// Labels and short words.
    Common {
        Cancelled = "cancelled",
        Failed = "failed",
        OperationLogIn = "operation-log-in",
        OperationLook = "operation-look",
        OperationOpen = "operation-open",
        OperationRead = "operation-read",
        OperationSetPin = "operation-set-pin",
        OperationSign = "operation-sign",
        OperationStart = "operation-start",
        PinCountLow = "pin-count-low",
        PinFailedLogins { count: usize } = "pin-failed-logins",
        PinFinalTry = "pin-final-try",
        PinLocked = "pin-locked",
        PinNotSet = "pin-not-set",
        PinReady = "pin-ready",
        PinToBeChanged = "pin-to-be-changed",
        Refused = "refused",
        StoppedAt = "stopped-at",
        ToDo = "to-do",
        Token = "token",
        CertificateName { holder: String, serial: String, not_after: String } = "certificate-name",
        TokenName { label: String, serial: String } = "token-name",
        TokenState = "token-state",
        Warning = "warning",
        PressEnter = "press-enter",
    }
}

messages! {
    /// What to do after an install or a restore, outside this program.
    Follow {
        Replug = "follow-replug",
        WindowsStore = "follow-windows-store",
        SigningPrograms = "follow-signing-programs",
        Portals { serial: String } = "follow-portals",
        PortalsRestored { serial: String } = "follow-portals-restored",
        Register = "follow-register",
    }
}
