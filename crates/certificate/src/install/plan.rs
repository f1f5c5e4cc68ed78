//! The plan: wanted minus observed, as a value that a person can read before anything is done.

use chungthu_token::module::ModulePath;
use chungthu_token::object::{AttributeType, NewCertificate, Object, ObjectHandle};
use chungthu_token::session::Access;
use chungthu_token::token::{SlotId, TokenInformation};

use crate::install::change::InstallChange;
use crate::install::matching::{KeyMatch, MatchedKey, ShownBy, match_key};
use crate::install::observation::{Observation, SeenCertificate};
use crate::install::pin::PinOutlook;
use crate::install::placing::temporary_id;
use crate::install::refusal::{Refusal, Warning};
use crate::install::request::{Goal, Policy, Request, judge_with};
use crate::{Certificate, IssuerCheck, is_older, is_same_serial_different_bytes};

/// A certificate of the key that is on the token now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldCertificate {
    /// The object, with all readable attributes.
    pub object: Object,
    /// Parsed from its value.
    pub certificate: Certificate,
    /// Whether the plan removes it.
    pub remove: bool,
}

/// A step that changes the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlannedStep {
    /// Write the object at this index of [`Plan::wanted`]: `C_CreateObject`.
    Add {
        /// The index.
        wanted: usize,
    },
    /// Give the key's id to the object that an interrupted run left under a temporary one:
    /// `C_SetAttributeValue` of `CKA_ID`.
    Refile {
        /// The index of [`Plan::wanted`].
        wanted: usize,
        /// Where it stands.
        handle: ObjectHandle,
    },
    /// Remove the old certificate at this index of [`Plan::old`]: `C_DestroyObject`.
    Remove {
        /// The index.
        old: usize,
    },
}

/// How the key proves that it is the certificate's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofPlan {
    /// A signature before and one after the write.
    TwoSignatures,
    /// One signature before the write, with one more login of the same PIN, which this key wants for
    /// each signature; afterwards bytes and key are compared.
    OneSignatureWithLogin,
    /// None: the key may not sign. Its own public value is the certificate's.
    None,
}

/// What would be done, on which token, with which key. Made by [`plan`] alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The token.
    pub token: TokenInformation,
    /// What a login to it risks.
    pub pin: PinOutlook,
    /// Its driver.
    pub module: ModulePath,
    /// Its slot.
    pub slot: SlotId,
    /// The certificate by whose key the token was found; for an install, the one to install.
    pub certificate: Certificate,
    /// Whether a backed-up state is brought back.
    pub is_restore: bool,
    /// The key it belongs to; `None` while the token hides it before login.
    pub key: Option<MatchedKey>,
    /// What the new certificate is to the one on the token; `None` for a restore and while the key
    /// is hidden.
    pub change: Option<InstallChange>,
    /// What the token holds for the key afterwards, besides the old ones that are kept; empty while
    /// the key is hidden, and for a restore to "none".
    pub wanted: Vec<NewCertificate>,
    /// The key's certificates that are there now and not as wanted, the newest first.
    pub old: Vec<OldCertificate>,
    /// The key's certificates that are there as wanted, or on their way there.
    pub in_place: Vec<Object>,
    /// What stands under the key's id and is not the key's: left alone, and backed up, because a
    /// driver may put the new certificate in its place.
    pub beside: Vec<Object>,
    /// The changing calls, in order; none when everything is as wanted.
    pub steps: Vec<PlannedStep>,
    /// Whether one old certificate may be removed before the new one is written, if the token takes
    /// it in no other way.
    pub may_remove_first: bool,
    /// How the key proves itself.
    pub proof: ProofPlan,
    /// Whether the issuer's signature was checked, and by whom.
    pub issuer: IssuerCheck,
    /// What to know.
    pub warnings: Vec<Warning>,
}

/// A plan that a person has said yes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfirmedPlan(Plan);

impl Plan {
    /// Whether everything is as wanted already: no login is needed.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.key.is_some() && self.steps.is_empty()
    }

    /// The step that brings the object at this index of [`Plan::wanted`] to its place; none if it is there.
    #[must_use]
    pub fn step_for(&self, index: usize) -> Option<&PlannedStep> {
        self.steps.iter().find(|step| match step {
            PlannedStep::Add { wanted } | PlannedStep::Refile { wanted, .. } => *wanted == index,
            PlannedStep::Remove { .. } => false,
        })
    }

    /// Whether a certificate is written or re-filed.
    #[must_use]
    pub fn adds(&self) -> bool {
        self.steps
            .iter()
            .any(|step| !matches!(step, PlannedStep::Remove { .. }))
    }

    /// Every certificate of the key that is there now: what a backup holds.
    pub fn on_token(&self) -> impl Iterator<Item = &Object> {
        let old = self.old.iter().map(|old| &old.object);
        old.chain(&self.in_place)
    }

    /// Whether a certificate is in the way that the person did not allow to go first.
    pub(super) fn may_still_remove_first(&self) -> bool {
        !self.may_remove_first && self.adds() && self.old.iter().any(|old| old.remove)
    }

    /// The person's yes (or `--yes`).
    #[must_use]
    pub const fn confirm(self) -> ConfirmedPlan {
        ConfirmedPlan(self)
    }
}

impl ConfirmedPlan {
    /// What was confirmed.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.0
    }
}

/// Wanted minus observed. Pure: the same values give the same plan.
///
/// # Errors
/// Why nothing is to be done on this token.
pub fn plan(
    request: &Request,
    observation: &Observation,
    module: &ModulePath,
    slot: SlotId,
) -> Result<Plan, Refusal> {
    let (issuer, warnings) = judge_with(request, &observation.issuers)?;
    let mut plan = Plan {
        token: observation.token.clone(),
        pin: PinOutlook::new(observation.token.pin_state(), observation.failed_logins),
        module: module.clone(),
        slot,
        certificate: request.certificate.clone(),
        is_restore: request.is_restore(),
        key: None,
        change: None,
        wanted: Vec::new(),
        old: Vec::new(),
        in_place: Vec::new(),
        beside: Vec::new(),
        steps: Vec::new(),
        may_remove_first: false,
        proof: ProofPlan::TwoSignatures,
        issuer,
        warnings,
    };
    match match_key(&request.certificate, observation) {
        KeyMatch::Matches(key) => place(&mut plan, key, request, observation)?,
        KeyMatch::Ambiguous { ids } => return Err(Refusal::KeyAmbiguous { ids }),
        KeyMatch::DoesNotMatch => {
            return Err(Refusal::KeyNotOnToken {
                tokens: vec![observation.token.clone()],
            });
        }
        KeyMatch::CannotTell if observation.logged_in => return Err(Refusal::KeyCannotTell),
        KeyMatch::CannotTell => {}
    }
    if !plan.is_done() {
        judge_token(&mut plan, request.policy, observation)?;
    }
    plan.warnings
        .extend(request.warning_of_origin(&observation.token));
    Ok(plan)
}

/// Fills in what is there, what it is to what is wanted, and the changing steps.
fn place(
    plan: &mut Plan,
    key: MatchedKey,
    request: &Request,
    observation: &Observation,
) -> Result<(), Refusal> {
    let key_certificates = of_key(plan, &key, observation);
    plan.wanted = match &request.goal {
        Goal::Install => vec![template(&plan.certificate, &key, &key_certificates)],
        Goal::Restore(objects) => objects.clone(),
    };
    // A wanted certificate counts as placed where it has its id; any further copy is like an old one.
    let mut kept = Vec::new();
    for (wanted, new) in plan.wanted.iter().enumerate() {
        let at = |id: &[u8]| {
            let there = || {
                let objects = key_certificates.iter().map(|seen| &seen.object);
                // one object is in one place, although two ids may differ in a NUL alone
                let free = objects.filter(|object| !kept.contains(&object.handle));
                free.filter(|object| object.value() == new.value && object.has_id(id))
            };
            let exact = there().find(|object| object.id() == id);
            exact.or_else(|| there().next()).map(|object| object.handle)
        };
        let temporary = temporary_id(&new.value);
        // a certificate that alone shows the key shows no more than its own id: it is still on its way
        let is_on_its_way = !plan.is_restore && new.id == temporary;
        if let (false, Some(handle)) = (is_on_its_way, at(&new.id)) {
            kept.push(handle);
        } else if let (false, Some(handle)) = (new.id.is_empty(), at(&temporary)) {
            // no id is set to nothing: a driver crashes on it, and a run puts none without an id aside
            kept.push(handle);
            plan.steps.push(PlannedStep::Refile { wanted, handle });
        } else {
            plan.steps.push(PlannedStep::Add { wanted });
        }
    }
    let (in_place, old): (Vec<_>, Vec<_>) = key_certificates
        .into_iter()
        .partition(|seen| kept.contains(&seen.object.handle));
    plan.in_place = in_place.into_iter().map(|seen| seen.object).collect();
    plan.old = old;
    if !plan.is_restore {
        compare(plan, request.policy)?;
    }
    keep_or_remove(plan, request.policy);
    let removed = plan.old.iter().enumerate().filter(|(_, old)| old.remove);
    let removals: Vec<PlannedStep> = removed
        .map(|(old, _)| PlannedStep::Remove { old })
        .collect();
    plan.may_remove_first = request.policy.remove_old_first && plan.adds() && !removals.is_empty();
    plan.steps.extend(removals);
    if let Some(renewal) = &request.renewed_before
        && !plan.steps.is_empty()
        && plan.change.is_some_and(InstallChange::is_renewal)
    {
        plan.warnings.push(Warning::RenewedBefore(renewal.clone()));
    }
    if plan.steps.is_empty() && key.shown_by == ShownBy::Certificate {
        plan.warnings.push(Warning::KeyNotSeen);
    }
    plan.key = Some(key);
    Ok(())
}

/// The certificates of the key that are there, the newest first. What stands under the key's id and
/// is not the key's is left alone, with a warning.
fn of_key(plan: &mut Plan, key: &MatchedKey, observation: &Observation) -> Vec<OldCertificate> {
    let mut found = Vec::new();
    for SeenCertificate {
        object,
        certificate,
    } in &observation.certificates
    {
        match certificate {
            Some(certificate)
                if certificate
                    .public_key()
                    .is_same_key(plan.certificate.public_key()) =>
            {
                found.push(OldCertificate {
                    object: object.clone(),
                    certificate: certificate.clone(),
                    remove: true,
                });
            }
            Some(_) | None if !object.has_id(&key.id) => {}
            other => {
                let subject = other.as_ref().map(|other| other.subject().to_rfc4514());
                let warning = Warning::ForeignCertificateUnderId { subject };
                plan.warnings.push(warning);
                plan.beside.push(object.clone());
            }
        }
    }
    found.sort_by_key(|old| std::cmp::Reverse(old.certificate.not_after()));
    found
}

/// What the new certificate is to those that are there, and whether it may take their place.
fn compare(plan: &mut Plan, policy: Policy) -> Result<(), Refusal> {
    let new = &plan.certificate;
    for other in &plan.old {
        if is_same_serial_different_bytes(new, &other.certificate) {
            let installed = Box::new(other.certificate.clone());
            return Err(Refusal::SameSerialDifferentBytes { installed });
        }
        if is_older(new, &other.certificate) {
            if !policy.allow_older {
                let installed = Box::new(other.certificate.clone());
                return Err(Refusal::OlderThanInstalled { installed });
            }
            if !plan.warnings.contains(&Warning::OlderThanInstalled) {
                plan.warnings.push(Warning::OlderThanInstalled);
            }
        }
    }
    let predecessor = plan
        .old
        .iter()
        .find(|old| old.certificate.der() != new.der());
    let change = predecessor.map_or(InstallChange::First, |old| {
        InstallChange::between(&old.certificate, new)
    });
    plan.change = Some(change);
    Ok(())
}

/// Marks what stays and warns of it. A copy of what is wanted is never kept.
fn keep_or_remove(plan: &mut Plan, policy: Policy) {
    let is_not_yet_valid = plan
        .warnings
        .iter()
        .any(|warning| matches!(warning, Warning::NotYetValid { .. }));
    if policy.keep_old || (is_not_yet_valid && !plan.is_restore) {
        let wanted = &plan.wanted;
        let is_copy =
            |old: &OldCertificate| wanted.iter().any(|new| new.value == old.object.value());
        for old in plan.old.iter_mut().filter(|old| !is_copy(old)) {
            old.remove = false;
        }
        if plan.old.iter().any(|old| !old.remove) {
            plan.warnings.push(Warning::OldKept);
        }
    } else if plan.old.len() > 1 {
        plan.warnings.push(Warning::SeveralOld {
            count: plan.old.len(),
        });
    }
}

/// The minimal template; the label's bytes are the old certificate's, else the key's.
fn template(
    certificate: &Certificate,
    key: &MatchedKey,
    there: &[OldCertificate],
) -> NewCertificate {
    let old = there
        .iter()
        .find(|old| old.certificate.der() != certificate.der())
        .or(there.first());
    let label = old
        .and_then(|old| old.object.bytes(AttributeType::Label))
        .filter(|label| !label.is_empty())
        .unwrap_or(&key.label);
    NewCertificate {
        value: certificate.der().to_vec(),
        subject: certificate.subject().der().to_vec(),
        issuer: certificate.issuer().der().to_vec(),
        serial_number: certificate.serial_number_der().to_vec(),
        id: key.id.clone(),
        label: label.to_vec(),
        private: Some(false),
    }
}

/// What the token must be for a change: found out before a PIN is asked.
fn judge_token(plan: &mut Plan, policy: Policy, observation: &Observation) -> Result<(), Refusal> {
    let token = &observation.token;
    if !token.is_initialized() {
        return Err(Refusal::TokenNotInitialized);
    }
    if token.is_write_protected() || observation.access == Access::ReadOnly {
        return Err(Refusal::TokenWriteProtected);
    }
    if let Some(key) = plan.key.as_ref().and_then(|key| key.private_key) {
        plan.proof = match (key.may_sign, key.wants_login_per_signature) {
            (Some(false), _) if key.shows_itself => {
                plan.warnings.push(Warning::PossessionNotProved);
                ProofPlan::None
            }
            (Some(false), _) => return Err(Refusal::KeyMayNotSign),
            (_, true) => ProofPlan::OneSignatureWithLogin,
            (_, false) => ProofPlan::TwoSignatures,
        };
    }
    let warnings = plan.pin.judge(policy.allow_final_try)?;
    plan.warnings.extend(warnings);
    Ok(())
}
