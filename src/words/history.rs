//! Words of the history.

use super::catalogue::messages;

messages! {
    /// What was done on this computer.
    History {
        Heading = "history-heading",
        None = "history-none",
        NoneOfToken = "history-none-of-token",
        ColumnDate = "history-column-date",
        ColumnAction = "history-column-action",
        ColumnHolder = "history-column-holder",
        ColumnCertificate = "history-column-certificate",
        ColumnToken = "history-column-token",
        Install = "history-install",
        InstallStopped = "history-install-stopped",
        Restore = "history-restore",
        RestoreStopped = "history-restore-stopped",
        ValidTo { not_after: String } = "history-valid-to",
        NoCertificate = "history-no-certificate",
        Place { file: String } = "history-place",
        ProblemCut = "history-problem-cut",
        ProblemDamaged { count: usize } = "history-problem-damaged",
        ProblemNewer { count: usize } = "history-problem-newer",
        ForgetPlan { file: String } = "history-forget-plan",
        Forgotten { file: String } = "history-forgotten",
        NothingToForget { file: String } = "history-nothing-to-forget",
    }
}
