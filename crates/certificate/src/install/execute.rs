//! The changing part: prove, back up, place, read back, prove, remove, look. It takes only a confirmed
//! plan on a logged-in token, and every changing call stands between two journal lines.

use std::collections::BTreeSet;

use chungthu_token::error::TokenError;
use chungthu_token::object::{Object, ObjectHandle};
use chungthu_token::pin::Credential;
use chungthu_token::session::{Driver, Launcher};
use time::OffsetDateTime;

use crate::Certificate;
use crate::install::matching::PrivateKey;
use crate::install::pin::FailedLogin;
use crate::install::placing::Placed;
use crate::install::plan::{Plan, PlannedStep, ProofPlan};
use crate::install::proof::{ProofError, prove};
use crate::install::refusal::Warning;
use crate::install::report::{
    InstallError, Placement, Progress, Removal, Report, Step, StepFailure, StepTaken, TokenState,
};
use crate::records::{Backup, CutOff, CutOffRun, Entry, Journal, Moment, RecordKind, Storage};

/// What the workflow borrows from the front desk.
pub struct Context<'a> {
    /// Starts the second driver process for reading back.
    pub launcher: &'a dyn Launcher,
    /// Keeps backup and journal.
    pub storage: &'a mut dyn Storage,
    /// Tells the time, UTC.
    pub clock: &'a dyn Fn() -> OffsetDateTime,
    /// Is told each step as it begins, and those that are refused.
    pub progress: &'a mut dyn FnMut(Progress),
}

/// A logged-in token and the plan for it, confirmed.
pub struct Ready {
    driver: Box<dyn Driver>,
    plan: Plan,
    credential: Option<Credential>,
    before: Vec<ObjectHandle>,
    shows_objects: bool,
}

impl Ready {
    /// `credential` only where the key wants it for its signature; `before`: all certificates that
    /// are there; `shows_objects`: whether anything that shows a key was visible before the login.
    pub(super) const fn new(
        driver: Box<dyn Driver>,
        plan: Plan,
        credential: Option<Credential>,
        before: Vec<ObjectHandle>,
        shows_objects: bool,
    ) -> Self {
        Self {
            driver,
            plan,
            credential,
            before,
            shows_objects,
        }
    }

    /// The plan that will be executed.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    pub(super) fn finish(&mut self) {
        // nothing more is asked of this driver; how it ends changes nothing
        self.driver.finish().ok();
    }

    /// Does it.
    ///
    /// # Errors
    /// At the first step that fails; the error says what a look at the token shows after it.
    pub fn execute(mut self, context: &mut Context<'_>) -> Result<Report, Box<InstallError>> {
        let backup = Backup::of(&self.plan, (context.clock)());
        let mut run = Run {
            driver: self.driver.as_mut(),
            plan: &self.plan,
            before: &self.before,
            shows_objects: self.shows_objects,
            journal: Journal::new(&backup.name(), &self.plan.token),
            context,
            step: Step::ProveBefore,
            placed: Vec::new(),
            gone: BTreeSet::new(),
            touched: false,
            lost_beside: Vec::new(),
            may_have_left: false,
            is_any_left: false,
            steps: Vec::new(),
            login: None,
        };
        let mut place = None;
        let outcome = run.all(&backup, &mut place, self.credential.take());
        let (step, steps, login) = (run.step, std::mem::take(&mut run.steps), run.login);
        let outcome = match outcome {
            Ok((placement, replaced)) => {
                if !run.is_any_left {
                    run.note_end();
                }
                let read_back = run.placed.first().map(|placed| placed.read_back);
                let is_kept = |old: usize| !run.gone.contains(&old);
                let warnings = warnings_after(run.plan, is_kept, &run.lost_beside);
                Ok((placement, replaced, read_back, warnings))
            }
            Err(failure) => {
                let failure = failure.or_logged_out(run.driver, run.plan.slot);
                if !run.touched {
                    Err((failure, TokenState::NotTouched))
                } else {
                    // if the journal cannot be written, nothing more is removed
                    run.clear_rest().ok();
                    // a token that is gone is the reason, whatever the driver called it
                    let looked = run.look_after_failure();
                    if looked == Ok(TokenState::Unchanged) && !run.is_any_left {
                        run.note_end();
                    }
                    Err(match looked {
                        Ok(state) => (failure, state),
                        Err(removed) => (StepFailure::Token(removed), TokenState::Unknown),
                    })
                }
            }
        };
        self.finish();
        match outcome {
            Ok((placement, replaced, read_back, warnings)) => Ok(Report {
                plan: Plan {
                    warnings,
                    ..self.plan
                },
                placement,
                read_back,
                replaced,
                steps,
                backup: place.unwrap_or_default(),
            }),
            Err((failure, state)) => Err(Box::new(InstallError {
                step: Some(step),
                failure,
                login,
                state,
                backup: place,
                is_restore: self.plan.is_restore,
                may_still_remove_first: self.plan.may_still_remove_first(),
                token: self.plan.token,
            })),
        }
    }
}

/// One execution under way; writing is in `placing`, looking at what it did in `verify`.
pub(super) struct Run<'a, 'b> {
    pub(super) driver: &'a mut dyn Driver,
    pub(super) plan: &'a Plan,
    /// The certificates that were there before the first write.
    pub(super) before: &'a [ObjectHandle],
    pub(super) shows_objects: bool,
    pub(super) context: &'a mut Context<'b>,
    journal: Journal,
    pub(super) step: Step,
    /// What is in its place, in the order of the plan's wanted objects.
    pub(super) placed: Vec<Placed>,
    /// The old certificates that are no longer there, by their index in the plan.
    pub(super) gone: BTreeSet<usize>,
    /// The handles of what stood beside and is not there any more: a driver put the new one in its place.
    pub(super) lost_beside: Vec<ObjectHandle>,
    touched: bool,
    /// Whether something that this run wrote may lie about, although it was to be cleared away, or could not be
    /// seen.
    pub(super) may_have_left: bool,
    /// Whether something was seen that is left of this run or of one that was cut off.
    pub(super) is_any_left: bool,
    steps: Vec<StepTaken>,
    /// The login for the proof, where it failed.
    pub(super) login: Option<FailedLogin>,
}

impl Run<'_, '_> {
    pub(super) fn begin(&mut self, step: Step) {
        self.step = step;
        self.steps.push(StepTaken {
            step,
            is_refused: false,
        });
        (self.context.progress)(Progress::Begins(step));
    }

    /// The step under way is done, whatever comes next.
    pub(super) fn done(&mut self) {
        (self.context.progress)(Progress::Done);
    }

    /// The step under way was refused, and it is not yet the end.
    pub(super) fn refused(&mut self) {
        if let Some(last) = self.steps.last_mut() {
            last.is_refused = true;
        }
        (self.context.progress)(Progress::Refused);
    }

    fn all(
        &mut self,
        backup: &Backup,
        place: &mut Option<String>,
        credential: Option<Credential>,
    ) -> Result<(Placement, Vec<Removal>), StepFailure> {
        let key = self.private_key()?;
        if self.plan.proof != ProofPlan::None {
            self.begin(Step::ProveBefore);
            self.prove_before(key.handle, credential)?;
        }
        self.begin(Step::BackUp);
        *place = Some(self.back_up(backup)?);
        // they are no certificates, and they take room
        self.clear_leftovers()?;
        for index in 0..self.plan.wanted.len() {
            let placed = self.bring(index)?;
            self.placed.push(placed);
        }
        self.prove_after(key.handle)?;
        let answer = self.retire()?;
        self.clear_rest()?;
        self.begin(Step::LastLook);
        self.last_look()?;
        Ok(answer)
    }

    fn private_key(&self) -> Result<PrivateKey, StepFailure> {
        self.plan
            .key
            .as_ref()
            .and_then(|key| key.private_key)
            .ok_or(StepFailure::Proof(ProofError::UnsupportedKey))
    }

    /// Writes the backup, before anything changes. Answers its place.
    fn back_up(&mut self, backup: &Backup) -> Result<String, StepFailure> {
        let mut keep = |name: &str, contents: &[u8]| {
            let storage = &mut self.context.storage;
            storage
                .create(RecordKind::Backup, name, contents)
                .map_err(StepFailure::Storage)
        };
        let place = keep(&backup.name(), backup.to_json().as_bytes())?;
        // the same bytes as plain files, which any program can put back
        let objects = self.plan.on_token().chain(&self.plan.beside);
        let filled = objects.filter(|object| !object.value().is_empty());
        for (index, object) in filled.enumerate() {
            keep(&backup.certificate_name(index), object.value())?;
        }
        Ok(place)
    }

    /// Brings the wanted object at `index` to its place, or finds it there, and reads it back.
    fn bring(&mut self, index: usize) -> Result<Placed, StepFailure> {
        let plan = self.plan;
        let new = plan.wanted.get(index).ok_or(StepFailure::TokenChanged)?;
        match plan.step_for(index) {
            Some(PlannedStep::Refile { handle, .. }) => match self.refile(new, *handle)? {
                Ok(placed) => Ok(placed),
                // it stays under its temporary id until another one has its place
                Err(_) => {
                    let placed = self.place(new)?;
                    if placed.handle != *handle {
                        self.begin(Step::Remove);
                        self.take_off(*handle, &new.value, placed.instead())?
                            .map_err(StepFailure::Token)?;
                        if !self.is_gone(*handle) {
                            return Err(StepFailure::Incomplete);
                        }
                    }
                    Ok(placed)
                }
            },
            Some(_) => self.place(new),
            None => self.find_placed(new),
        }
    }

    /// After the write: by the certificate as it was read back.
    fn prove_after(&mut self, key: ObjectHandle) -> Result<(), StepFailure> {
        let Some(placed) = self.placed.first() else {
            return Ok(());
        };
        let certificate = Certificate::from_der(placed.object.value())
            .map_err(|_| StepFailure::StoredDifferently)?;
        let public_key = certificate.public_key();
        if self.plan.proof == ProofPlan::TwoSignatures {
            self.begin(Step::ProveAfter);
            return prove(self.driver, self.plan.slot, key, public_key, None)
                .map_err(StepFailure::Proof);
        }
        if public_key.is_same_key(self.plan.certificate.public_key()) {
            Ok(())
        } else {
            Err(StepFailure::StoredDifferently)
        }
    }

    /// The line before a changing call. From here on the token counts as touched.
    pub(super) fn note_before(&mut self, certificate: &[u8]) -> Result<(), StepFailure> {
        if !self.touched {
            self.note_beginning()?;
        }
        self.note(Moment::Before, certificate, None)?;
        self.touched = true;
        Ok(())
    }

    /// From here on the token may be left in a state that it does not tell itself.
    fn note_beginning(&mut self) -> Result<(), StepFailure> {
        let run = CutOffRun {
            public_key_sha256: self.plan.certificate.public_key().sha256(),
            empty_certificates: self.plan.empty_certificates,
        };
        let now = (self.context.clock)();
        CutOff::of(&self.plan.token)
            .begin(self.context.storage, now, run)
            .map_err(StepFailure::Storage)
    }

    /// The run is at its end, and the token is as the report says.
    fn note_end(&mut self) {
        let key = self.plan.certificate.public_key().sha256();
        let now = (self.context.clock)();
        // what cannot be written is looked at once more by the next run
        CutOff::of(&self.plan.token)
            .end(self.context.storage, now, &key)
            .ok();
    }

    /// Whether a login alone shows all of what this run works on.
    pub(super) fn is_any_hidden(&self) -> bool {
        !self.shows_objects || self.is_any_private()
    }

    pub(super) fn is_any_private(&self) -> bool {
        self.plan.on_token().any(Object::is_private)
            || self.plan.wanted.iter().any(|new| new.private == Some(true))
    }

    /// The line after it.
    pub(super) fn note_after<Answer>(
        &mut self,
        certificate: &[u8],
        outcome: &Result<Answer, TokenError>,
    ) -> Result<(), StepFailure> {
        match outcome {
            Ok(_) => self.note(Moment::After, certificate, None),
            Err(error) => self.note(Moment::Failed, certificate, Some(error.to_string())),
        }
    }

    fn note(
        &mut self,
        moment: Moment,
        certificate: &[u8],
        detail: Option<String>,
    ) -> Result<(), StepFailure> {
        let entry = Entry {
            time: (self.context.clock)(),
            step: self.step,
            moment,
            certificate,
            detail,
        };
        let line = self.journal.line(&entry);
        self.context
            .storage
            .append(RecordKind::Journal, self.journal.name(), line.as_bytes())
            .map_err(StepFailure::Storage)
    }
}

/// The plan's warnings, true to what the driver made of what was to be kept.
fn warnings_after(
    plan: &Plan,
    is_kept: impl Fn(usize) -> bool,
    lost_beside: &[ObjectHandle],
) -> Vec<Warning> {
    let to_keep = || (0..).zip(&plan.old).filter(|(_, old)| !old.remove);
    let mut warnings = plan.warnings.clone();
    if !to_keep().any(|(index, _)| is_kept(index)) {
        warnings.retain(|warning| *warning != Warning::OldKept);
    }
    if to_keep().any(|(index, _)| !is_kept(index)) {
        warnings.push(Warning::OldNotKept);
    }
    for lost in plan
        .beside
        .iter()
        .filter(|object| lost_beside.contains(&object.handle))
    {
        let certificate = Certificate::from_der(lost.value()).ok();
        let subject = certificate.map(|certificate| certificate.subject().to_rfc4514());
        let left_alone = Warning::ForeignCertificateUnderId {
            subject: subject.clone(),
        };
        if let Some(warning) = warnings.iter_mut().find(|warning| **warning == left_alone) {
            *warning = Warning::ForeignCertificateLost { subject };
        }
    }
    warnings
}
