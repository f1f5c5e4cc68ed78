//! Pages: facts laid out for reading.

mod certificate;
mod chain;
mod change;
mod health;
mod history;
mod objects;
mod pin;
mod plan;
mod report;
mod steps;
mod tokens;

pub(crate) use certificate::{explained, glosses, issuer, name_of, summary};
pub(crate) use chain::{problem_words, revocation_words};
pub(crate) use change::difference;
pub(crate) use health::{Shown, health, name as finding_name};
pub(crate) use history::{history, problems as history_problems};
pub(crate) use objects::{objects, uris};
pub(crate) use pin::{pin_changed, unblocking};
pub(crate) use plan::{Login, backed_up, plan, token, warning_code, warning_words};
pub(crate) use report::{already_installed, follow_up, installed};
pub(crate) use steps::step;
pub(crate) use tokens::{driver_problem, pin_words, searched, tokens};
