//! Making the plan: wanted minus observed, without a driver or a clock.

use chungthu_token::module::ModulePath;
use chungthu_token::object::{AttributeType, NewCertificate, Object};
use chungthu_token::session::Access;
use chungthu_token::token::SlotId;

use crate::install::change::InstallChange;
use crate::install::matching::{KeyMatch, MatchedKey, ShownBy, match_key};
use crate::install::observation::{Observation, SeenCertificate};
use crate::install::pin::PinOutlook;
use crate::install::placing::temporary_id;
use crate::install::plan::{OldCertificate, Plan, PlannedStep, ProofPlan};
use crate::install::refusal::{Refusal, Warning};
use crate::install::removing::is_rest_of;
use crate::install::request::{Goal, Policy, Request, judge_with};
use crate::{Certificate, is_older, is_same_serial_different_bytes};

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
        leftovers: Vec::new(),
        empty_certificates: None,
        must_look_again: false,
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
    plan.must_look_again = !observation.logged_in && may_more_be_hidden(&plan, observation);
    if !plan.is_done() {
        judge_token(&mut plan, request.policy, observation)?;
    }
    plan.warnings
        .extend(request.warning_of_origin(&observation.token));
    Ok(plan)
}

/// Whether it takes a login to say that nothing is to be done: where a run with this key came to no good
/// end, and where all that speaks for it is that nothing was seen.
fn may_more_be_hidden(plan: &Plan, observation: &Observation) -> bool {
    let key = plan.certificate.public_key();
    observation.cut_off_run(key).is_some() || (plan.key.is_some() && plan.wanted.is_empty())
}

/// Fills in what is there, what it is to what is wanted, and the changing steps.
fn place(
    plan: &mut Plan,
    key: MatchedKey,
    request: &Request,
    observation: &Observation,
) -> Result<(), Refusal> {
    find_leftovers(plan, request, observation);
    let clearing = (0..plan.leftovers.len()).map(|leftover| PlannedStep::ClearAway { leftover });
    plan.steps.extend(clearing);
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
            Some(_) | None if !object.has_id(&key.id) || plan.leftovers.contains(object) => {}
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

/// What a run that was cut off left of a certificate: the beginning of one that it wrote, and of objects
/// that say nothing of themselves those that are more than before it. Which ones does not matter: they
/// are alike.
fn find_leftovers(plan: &mut Plan, request: &Request, observation: &Observation) {
    let objects = observation.certificates.iter().map(|seen| &seen.object);
    if observation
        .cut_off_run(plan.certificate.public_key())
        .is_some()
    {
        let restored: &[NewCertificate] = match &request.goal {
            Goal::Install => &[],
            Goal::Restore(wanted) => wanted,
        };
        let is_beginning = |object: &&Object| {
            let restored = restored.iter().map(|new| new.value.as_slice());
            let undone = request.undone.iter().map(Certificate::der);
            let mut written = restored.chain(undone).chain([plan.certificate.der()]);
            !object.value().is_empty() && written.any(|whole| is_rest_of(object, whole))
        };
        plan.leftovers = objects.clone().filter(is_beginning).cloned().collect();
    }
    if observation.is_listed {
        let empty: Vec<&Object> = objects
            .filter(|object| object.is_empty_certificate())
            .collect();
        let runs = observation.cut_off.iter();
        let before = runs.filter_map(|run| run.empty_certificates).min();
        let others = before.map_or(empty.len(), |before| before.min(empty.len()));
        plan.empty_certificates = Some(others);
        // the newest have the highest handles, where a driver counts
        plan.leftovers
            .extend(empty.iter().skip(others).copied().cloned());
    }
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
