//! Words of the demonstration.

use super::catalogue::messages;

messages! {
    /// The narrator.
    Demo {
        Heading = "demo-heading",
        Introduction = "demo-introduction",
        StepHeading { number: usize, title: String } = "demo-step-heading",
        MakeToken = "demo-make-token",
        MakeTokenText { folder: String } = "demo-make-token-text",
        MakeKey = "demo-make-key",
        IssueOld = "demo-issue-old",
        IssueOldText { days: i64 } = "demo-issue-old-text",
        Before = "demo-before",
        IssueNew = "demo-issue-new",
        IssueNewText { file: String } = "demo-issue-new-text",
        Install = "demo-install",
        InstallText { command: String } = "demo-install-text",
        After = "demo-after",
        SecondRun = "demo-second-run",
        SecondRunText = "demo-second-run-text",
        PinGiven = "demo-pin-given",
        End = "demo-end",
        HolderOrganization = "demo-holder-organization",
    }
}
