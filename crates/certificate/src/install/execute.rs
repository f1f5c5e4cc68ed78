//! The changing part: prove, back up, add, read back, prove, remove, look. It takes only a confirmed
//! plan on a logged-in token, and every changing call stands between two journal lines.

use chungthu_token::error::{Cause, FenceReason, TokenError};
use chungthu_token::object::{Fence, NewCertificate, ObjectClass, ObjectHandle, SearchKey};
use chungthu_token::session::{Driver, Launcher};
use time::OffsetDateTime;

use crate::Certificate;
use crate::install::matching::PrivateKey;
use crate::install::plan::{OldCertificate, Plan};
use crate::install::proof::{ProofError, prove};
use crate::install::report::{
    InstallError, Placement, ReadBack, Removal, Report, Step, StepFailure, TokenState,
};
use crate::install::verify::certificates_by;
use crate::records::{Backup, Entry, Journal, Moment, RecordKind, Storage};

/// What the workflow borrows from the front desk.
pub struct Context<'a> {
    /// Starts the second driver process for reading back.
    pub launcher: &'a dyn Launcher,
    /// Keeps backup and journal.
    pub storage: &'a mut dyn Storage,
    /// Tells the time, UTC.
    pub clock: &'a dyn Fn() -> OffsetDateTime,
    /// Is told each step as it begins.
    pub progress: &'a mut dyn FnMut(Step),
}

/// A logged-in token and the plan for it, confirmed.
pub struct Ready {
    driver: Box<dyn Driver>,
    plan: Plan,
    shows_objects: bool,
}

impl Ready {
    /// `shows_objects`: whether anything that shows a key was visible before the login.
    pub(super) const fn new(driver: Box<dyn Driver>, plan: Plan, shows_objects: bool) -> Self {
        Self {
            driver,
            plan,
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
        let mut run = Run {
            driver: self.driver.as_mut(),
            plan: &self.plan,
            shows_objects: self.shows_objects,
            context,
            step: Step::ProveBefore,
            backup: None,
            added: None,
            touched: false,
            steps: Vec::new(),
        };
        let outcome = run.all();
        let (step, steps, backup) = (run.step, std::mem::take(&mut run.steps), run.backup.take());
        let outcome = match outcome {
            Ok(done) => Ok(done),
            Err(failure) => {
                let state = if run.touched {
                    run.look_after_failure()
                } else {
                    TokenState::NotTouched
                };
                Err((failure, state))
            }
        };
        self.finish();
        match outcome {
            Ok(Done {
                placement,
                read_back,
                replaced,
            }) => Ok(Report {
                plan: self.plan,
                placement,
                read_back,
                replaced,
                steps,
                backup: backup.unwrap_or_default(),
            }),
            Err((failure, state)) => Err(Box::new(InstallError {
                step: Some(step),
                failure,
                state,
                backup,
                token: self.plan.token,
            })),
        }
    }
}

struct Done {
    placement: Placement,
    read_back: ReadBack,
    replaced: Vec<Removal>,
}

/// One execution under way; looking at what it did is in `verify`.
pub(super) struct Run<'a, 'b> {
    pub(super) driver: &'a mut dyn Driver,
    pub(super) plan: &'a Plan,
    pub(super) shows_objects: bool,
    pub(super) context: &'a mut Context<'b>,
    step: Step,
    backup: Option<String>,
    pub(super) added: Option<ObjectHandle>,
    touched: bool,
    steps: Vec<Step>,
}

impl Run<'_, '_> {
    fn begin(&mut self, step: Step) {
        self.step = step;
        self.steps.push(step);
        (self.context.progress)(step);
    }

    fn all(&mut self) -> Result<Done, StepFailure> {
        let key = self.private_key()?;
        self.begin(Step::ProveBefore);
        prove(
            self.driver,
            self.plan.slot,
            key.handle,
            self.plan.certificate.public_key(),
        )
        .map_err(StepFailure::Proof)?;
        self.begin(Step::BackUp);
        let mut journal = self.back_up()?;
        let mut placement = Placement::AlreadyThere;
        let plan = self.plan;
        if let Some(new) = plan.to_add() {
            self.begin(Step::Add);
            placement = self.add(new, &mut journal)?;
        }
        self.begin(Step::ReadBack);
        let (stored, read_back) = self.read_back()?;
        self.begin(Step::ProveAfter);
        let certificate =
            Certificate::from_der(stored.value()).map_err(|_| StepFailure::StoredDifferently)?;
        prove(
            self.driver,
            self.plan.slot,
            key.handle,
            certificate.public_key(),
        )
        .map_err(StepFailure::Proof)?;
        let (placement, replaced) = self.retire(placement, &mut journal)?;
        self.begin(Step::LastLook);
        self.last_look(&replaced)?;
        Ok(Done {
            placement,
            read_back,
            replaced,
        })
    }

    fn private_key(&self) -> Result<PrivateKey, StepFailure> {
        self.plan
            .key
            .as_ref()
            .and_then(|key| key.private_key)
            .ok_or(StepFailure::Proof(ProofError::UnsupportedKey))
    }

    /// Writes the backup, before anything changes, and begins the journal of the same name.
    fn back_up(&mut self) -> Result<Journal, StepFailure> {
        let now = (self.context.clock)();
        let backup = Backup::of(self.plan, now);
        let name = backup.name();
        let contents = backup.to_json();
        let place = self
            .context
            .storage
            .create(RecordKind::Backup, &name, contents.as_bytes())
            .map_err(StepFailure::Storage)?;
        self.backup = Some(place);
        // the same bytes as plain files, which any program can put back
        for (index, old) in self.plan.old.iter().enumerate() {
            self.context
                .storage
                .create(
                    RecordKind::Backup,
                    &backup.certificate_name(index),
                    old.object.value(),
                )
                .map_err(StepFailure::Storage)?;
        }
        Ok(Journal::new(&name, self.plan))
    }

    fn note(
        &mut self,
        journal: &Journal,
        moment: Moment,
        old: Option<&[u8]>,
        detail: Option<String>,
    ) -> Result<(), StepFailure> {
        let time = (self.context.clock)();
        let entry = Entry {
            time,
            step: self.step,
            moment,
            old,
            detail,
        };
        self.context
            .storage
            .append(
                RecordKind::Journal,
                journal.name(),
                journal.line(&entry).as_bytes(),
            )
            .map_err(StepFailure::Storage)
    }

    /// Rung A: beside the old one, under the key's id; a few templates, should one be refused.
    fn add(
        &mut self,
        new: &NewCertificate,
        journal: &mut Journal,
    ) -> Result<Placement, StepFailure> {
        let mut templates = vec![new.private, None];
        if self
            .plan
            .old
            .first()
            .is_some_and(|old| old.object.is_private())
        {
            templates.push(Some(true));
        }
        let mut refused = None;
        for private in templates {
            let template = NewCertificate {
                private,
                ..new.clone()
            };
            self.note(journal, Moment::Before, None, None)?;
            self.touched = true;
            match self.driver.add_certificate(self.plan.slot, &template) {
                Ok(handle) => {
                    self.added = Some(handle);
                    self.note(journal, Moment::After, None, None)?;
                    let took_the_place =
                        self.plan.old.iter().any(|old| old.object.handle == handle);
                    return Ok(if took_the_place {
                        Placement::ReplacedByDriver
                    } else {
                        Placement::Beside
                    });
                }
                Err(error) => {
                    self.note(journal, Moment::Failed, None, Some(error.to_string()))?;
                    let may_try_again = error.cause == Cause::TemplateRefused;
                    refused = Some(error);
                    if !may_try_again || self.is_new_there().unwrap_or(true) {
                        break;
                    }
                }
            }
        }
        Err(refused.map_or(StepFailure::NotStored, StepFailure::Token))
    }

    fn find_by_value(&mut self, value: &[u8]) -> Result<Vec<ObjectHandle>, TokenError> {
        let query = certificates_by(SearchKey::Value(value.to_vec()));
        self.driver.find(self.plan.slot, &query)
    }

    fn is_new_there(&mut self) -> Result<bool, TokenError> {
        Ok(!self.find_by_value(self.plan.certificate.der())?.is_empty())
    }

    /// Removes the old certificates, each behind the fence.
    fn retire(
        &mut self,
        mut placement: Placement,
        journal: &mut Journal,
    ) -> Result<(Placement, Vec<Removal>), StepFailure> {
        let mut replaced = Vec::new();
        let new = self.plan.certificate.der();
        let plan = self.plan;
        let replacement = match self.added {
            Some(handle) => handle,
            None => self.placed_handle()?,
        };
        for old in &plan.old {
            let overwritten =
                placement == Placement::ReplacedByDriver && old.object.handle == replacement;
            if old.remove && !overwritten {
                self.begin(Step::Remove);
                let fence = Fence {
                    expected_value: old.object.value().to_vec(),
                    replacement,
                    replacement_value: new.to_vec(),
                };
                let value = Some(old.object.value());
                self.note(journal, Moment::Before, value, None)?;
                self.touched = true;
                let removed = self
                    .driver
                    .remove_certificate(plan.slot, old.object.handle, &fence);
                match removed {
                    Ok(()) => self.note(journal, Moment::After, value, None)?,
                    // the driver put the new one in its place by itself, under another handle
                    Err(error) if self.is_gone(&error, old.object.handle) => {
                        placement = Placement::ReplacedByDriver;
                        self.note(journal, Moment::Failed, value, Some(error.to_string()))?;
                    }
                    Err(error) => {
                        self.note(journal, Moment::Failed, value, Some(error.to_string()))?;
                        return Err(StepFailure::Token(error));
                    }
                }
            }
            replaced.push(removal(old, old.remove || overwritten));
        }
        Ok((placement, replaced))
    }

    /// Whether the fence stayed closed because there is nothing behind it any more.
    fn is_gone(&mut self, error: &TokenError, handle: ObjectHandle) -> bool {
        let is_changed = Cause::FenceClosed {
            reason: FenceReason::ValueChanged,
        };
        error.cause == is_changed
            && self
                .driver
                .read(self.plan.slot, ObjectClass::Certificate, &[handle])
                .is_ok_and(|objects| objects.is_empty())
    }

    /// The handle of the new certificate where an earlier run placed it.
    fn placed_handle(&mut self) -> Result<ObjectHandle, StepFailure> {
        let by_value = self
            .find_by_value(self.plan.certificate.der())
            .map_err(StepFailure::Token)?;
        let query = certificates_by(self.place());
        let in_place = self
            .driver
            .find(self.plan.slot, &query)
            .map_err(StepFailure::Token)?;
        in_place
            .into_iter()
            .find(|handle| by_value.contains(handle))
            .ok_or(StepFailure::TokenChanged)
    }
}

fn removal(old: &OldCertificate, removed: bool) -> Removal {
    Removal {
        certificate: old.certificate.clone(),
        removed,
    }
}
