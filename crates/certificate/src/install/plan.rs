//! The plan: wanted minus observed, as a value that a person can read before anything is done.

use time::OffsetDateTime;

use chungthu_token::module::ModulePath;
use chungthu_token::object::{AttributeType, NewCertificate, Object};
use chungthu_token::session::Access;
use chungthu_token::token::{PinState, SlotId, TokenInformation};

use crate::install::matching::{KeyMatch, MatchedKey, ShownBy, match_key};
use crate::install::observe::{Observation, SeenCertificate};
use crate::install::refusal::{Refusal, Warning};
use crate::{
    Certificate, Change, IssuerCheck, check_issuer, is_older, is_same_serial_different_bytes,
};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The certificate to install; an end-entity certificate.
    pub certificate: Certificate,
    /// CA certificates at hand, to check the issuer's signature.
    pub issuers: Vec<Certificate>,
    /// What is allowed.
    pub policy: Policy,
    /// The time to judge dates by, UTC.
    pub now: OffsetDateTime,
}

/// What the person allows beyond the ordinary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Do not remove the old certificate.
    pub keep_old: bool,
    /// Log in although one more wrong PIN locks the token.
    pub allow_final_try: bool,
    /// Install although it has expired.
    pub allow_expired: bool,
    /// Install although a newer one is on the token.
    pub allow_older: bool,
    /// Install although it is not valid yet; the old one is kept then.
    pub allow_not_yet_valid: bool,
}

/// What the new certificate is to the one on the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstallChange {
    /// The key had no certificate.
    First,
    /// Later end, same facts.
    Renewal,
    /// Same end, other facts.
    InformationChange,
    /// Later end and other facts.
    RenewalAndChange,
    /// Same end, same facts, another serial.
    Reissue,
}

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlannedStep {
    /// `C_CreateObject` with this.
    Add(NewCertificate),
    /// `C_DestroyObject` of the old certificate at this index of [`Plan::old`].
    Remove {
        /// The index.
        old: usize,
    },
}

/// What would be done, on which token, with which key. Made by [`plan`] alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The token.
    pub token: TokenInformation,
    /// Its driver.
    pub module: ModulePath,
    /// Its slot.
    pub slot: SlotId,
    /// The certificate to install.
    pub certificate: Certificate,
    /// The key it belongs to; `None` while the token hides it before login.
    pub key: Option<MatchedKey>,
    /// What it is to the one on the token.
    pub change: InstallChange,
    /// The key's certificates that are there now, the newest first, the new one itself not counted.
    pub old: Vec<OldCertificate>,
    /// The changing calls, in order; none when everything is as wanted.
    pub steps: Vec<PlannedStep>,
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

    /// The certificate object to be written, if one is.
    #[must_use]
    pub fn to_add(&self) -> Option<&NewCertificate> {
        self.steps.iter().find_map(|step| match step {
            PlannedStep::Add(new) => Some(new),
            PlannedStep::Remove { .. } => None,
        })
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

/// What can be said of the certificate alone, before any driver is started.
///
/// # Errors
/// [`Refusal::Expired`], [`Refusal::NotYetValid`] or [`Refusal::IssuerSignatureInvalid`].
pub fn judge_certificate(request: &Request) -> Result<(IssuerCheck, Vec<Warning>), Refusal> {
    judge_with(request, &[])
}

/// The same, with the issuers that the token holds.
fn judge_with(
    request: &Request,
    on_token: &[Certificate],
) -> Result<(IssuerCheck, Vec<Warning>), Refusal> {
    let Request {
        certificate,
        issuers,
        policy,
        now,
    } = request;
    let mut warnings = Vec::new();
    let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
    if *now > not_after {
        if !policy.allow_expired {
            return Err(Refusal::Expired { not_after });
        }
        warnings.push(Warning::Expired { not_after });
    }
    if *now < not_before {
        if !policy.allow_not_yet_valid {
            return Err(Refusal::NotYetValid {
                not_before,
                now: *now,
            });
        }
        warnings.push(Warning::NotYetValid { not_before });
    }
    let issuer = check_issuer(certificate, &[issuers, on_token].concat());
    match &issuer {
        IssuerCheck::Verified { .. } => {}
        IssuerCheck::Unknown => warnings.push(Warning::IssuerUnknown),
        IssuerCheck::BadSignature { .. } => {
            let name = certificate.issuer();
            let issuer = name
                .common_name()
                .map_or_else(|| name.to_rfc4514(), str::to_owned);
            return Err(Refusal::IssuerSignatureInvalid { issuer });
        }
    }
    Ok((issuer, warnings))
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
        module: module.clone(),
        slot,
        certificate: request.certificate.clone(),
        key: None,
        change: InstallChange::First,
        old: Vec::new(),
        steps: Vec::new(),
        issuer,
        warnings,
    };
    match match_key(&request.certificate, observation) {
        KeyMatch::Matches(key) => place(&mut plan, key, request.policy, observation)?,
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
    Ok(plan)
}

/// Fills in what is there, what it is to the new certificate, and the changing steps.
fn place(
    plan: &mut Plan,
    key: MatchedKey,
    policy: Policy,
    observation: &Observation,
) -> Result<(), Refusal> {
    let new = &plan.certificate;
    let is_new = |seen: &&SeenCertificate| seen.object.value() == new.der();
    // The new certificate counts as placed where it has the key's id; any further copy is like an
    // old certificate.
    let placed = observation
        .certificates
        .iter()
        .filter(is_new)
        .find(|seen| seen.object.id() == key.id)
        .map(|seen| seen.object.handle);
    let mut old = Vec::new();
    for seen in &observation.certificates {
        let Some(certificate) = &seen.certificate else {
            if seen.object.id() == key.id {
                plan.warnings
                    .push(Warning::ForeignCertificateUnderId { subject: None });
            }
            continue;
        };
        if Some(seen.object.handle) == placed {
            continue;
        }
        if certificate.public_key().is_same_key(new.public_key()) {
            old.push(OldCertificate {
                object: seen.object.clone(),
                certificate: certificate.clone(),
                remove: true,
            });
        } else if seen.object.id() == key.id {
            let subject = Some(certificate.subject().to_rfc4514());
            plan.warnings
                .push(Warning::ForeignCertificateUnderId { subject });
        }
    }
    old.sort_by_key(|old| std::cmp::Reverse(old.certificate.not_after()));
    for other in &old {
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
    let predecessor = old.iter().find(|old| old.certificate.der() != new.der());
    plan.change = predecessor.map_or(InstallChange::First, |old| change(&old.certificate, new));
    let is_not_yet_valid = plan
        .warnings
        .iter()
        .any(|warning| matches!(warning, Warning::NotYetValid { .. }));
    if policy.keep_old || is_not_yet_valid {
        for old in old
            .iter_mut()
            .filter(|old| old.certificate.der() != new.der())
        {
            old.remove = false;
        }
        if old.iter().any(|old| !old.remove) {
            plan.warnings.push(Warning::OldKept);
        }
    } else if old.len() > 1 {
        plan.warnings.push(Warning::SeveralOld { count: old.len() });
    }
    if placed.is_none() {
        plan.steps
            .push(PlannedStep::Add(template(new, &key, old.first())));
    }
    let removed = old.iter().enumerate().filter(|(_, old)| old.remove);
    plan.steps
        .extend(removed.map(|(index, _)| PlannedStep::Remove { old: index }));
    if plan.steps.is_empty() && key.shown_by == ShownBy::Certificate {
        plan.warnings.push(Warning::KeyNotSeen);
    }
    plan.old = old;
    plan.key = Some(key);
    Ok(())
}

/// The minimal template; the label's bytes are the old certificate's, else the key's.
fn template(
    certificate: &Certificate,
    key: &MatchedKey,
    old: Option<&OldCertificate>,
) -> NewCertificate {
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

fn change(old: &Certificate, new: &Certificate) -> InstallChange {
    match Change::between(old, new) {
        Some(Change::Renewal) => InstallChange::Renewal,
        Some(Change::InformationChange) => InstallChange::InformationChange,
        Some(Change::RenewalAndChange) => InstallChange::RenewalAndChange,
        Some(Change::Reissue) | None => InstallChange::Reissue,
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
    let private_key = plan.key.as_ref().and_then(|key| key.private_key);
    if private_key.is_some_and(|key| key.may_sign == Some(false) || key.wants_login_per_signature) {
        return Err(Refusal::KeyMayNotSign);
    }
    match token.pin_state() {
        PinState::Locked => Err(Refusal::PinLocked),
        PinState::FinalTry if !policy.allow_final_try => Err(Refusal::PinFinalTry),
        PinState::FinalTry | PinState::CountLow => {
            plan.warnings.push(Warning::PinCountLow);
            Ok(())
        }
        // drivers forget these two flags, and a login that they stop costs no try
        PinState::Ready | PinState::ToBeChanged | PinState::NotSet => Ok(()),
    }
}
