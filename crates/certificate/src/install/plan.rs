//! The plan, as a value that a person can read before anything is done.

use chungthu_token::module::ModulePath;
use chungthu_token::object::{NewCertificate, Object, ObjectHandle};
use chungthu_token::token::{SlotId, TokenInformation};

use crate::install::change::InstallChange;
use crate::install::matching::MatchedKey;
use crate::install::pin::PinOutlook;
use crate::install::refusal::Warning;
use crate::{Certificate, IssuerCheck};

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
    /// Remove the object at this index of [`Plan::leftovers`]: `C_DestroyObject`.
    ClearAway {
        /// The index.
        leftover: usize,
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

/// What would be done, on which token, with which key. Made by [`super::plan()`] alone.
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
    /// What a run from this computer left of a certificate when it was cut off: objects that hold the
    /// beginning of it, or nothing.
    pub leftovers: Vec<Object>,
    /// How many other certificate objects there are that hold nothing; `None` where not every certificate was looked at.
    pub empty_certificates: Option<usize>,
    /// Whether it takes a login to say that nothing is to be done.
    pub must_look_again: bool,
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
        self.key.is_some() && self.steps.is_empty() && !self.must_look_again
    }

    /// The step that brings the object at this index of [`Plan::wanted`] to its place; none if it is there.
    #[must_use]
    pub fn step_for(&self, index: usize) -> Option<&PlannedStep> {
        self.steps.iter().find(|step| match step {
            PlannedStep::Add { wanted } | PlannedStep::Refile { wanted, .. } => *wanted == index,
            PlannedStep::Remove { .. } | PlannedStep::ClearAway { .. } => false,
        })
    }

    /// Whether a certificate is written or re-filed.
    #[must_use]
    pub fn adds(&self) -> bool {
        self.steps
            .iter()
            .any(|step| matches!(step, PlannedStep::Add { .. } | PlannedStep::Refile { .. }))
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
