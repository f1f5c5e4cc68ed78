//! The steps after the login, as they are told while they go on.

use chungthu_certificate::install::Step;

use crate::words::{Install, Restore, Words};

/// A step in words, as it is told while it goes on.
pub(crate) fn step(step: Step, is_restore: bool, words: &Words) -> String {
    match restore_step(step).filter(|_| is_restore) {
        Some(of_restore) => words.say(&of_restore),
        None => words.say(&install_step(step)),
    }
}

const fn install_step(step: Step) -> Install {
    match step {
        Step::ProveBefore => Install::StepProveBefore,
        Step::BackUp => Install::StepBackUp,
        Step::Add => Install::StepAdd,
        Step::AddAside => Install::StepAddAside,
        Step::SetId => Install::StepSetId,
        Step::RemoveFirst => Install::StepRemoveFirst,
        Step::PutBack => Install::StepPutBack,
        Step::CleanUp => Install::StepCleanUp,
        Step::ReadBack => Install::StepReadBack,
        Step::ProveAfter => Install::StepProveAfter,
        Step::Remove => Install::StepRemove,
        Step::LastLook => Install::StepLastLook,
    }
}

/// Where a restore has other words for a step.
const fn restore_step(step: Step) -> Option<Restore> {
    match step {
        Step::Add => Some(Restore::StepAdd),
        Step::AddAside => Some(Restore::StepAddAside),
        Step::Remove => Some(Restore::StepRemove),
        Step::ProveBefore
        | Step::BackUp
        | Step::SetId
        | Step::RemoveFirst
        | Step::PutBack
        | Step::CleanUp
        | Step::ReadBack
        | Step::ProveAfter
        | Step::LastLook => None,
    }
}
