//! Which key on the token is the certificate's: by public key, never by label or order.

use chungthu_token::object::{AttributeType, Object, ObjectHandle};

use crate::install::observe::Observation;
use crate::{Certificate, PublicKey};

/// The three answers to "is the certificate's key on this token?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyMatch {
    /// A key or a certificate on the token shows it.
    Matches(MatchedKey),
    /// More than one private key shows it.
    Ambiguous {
        /// Their ids, raw.
        ids: Vec<Vec<u8>>,
    },
    /// Keys or end-entity certificates are visible, and none fits.
    DoesNotMatch,
    /// Nothing that could tell is visible.
    CannotTell,
}

/// The key that the certificate belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchedKey {
    /// `CKA_ID`, raw: the private key's where it is visible.
    pub id: Vec<u8>,
    /// `CKA_LABEL` of the key object, raw; empty where none.
    pub label: Vec<u8>,
    /// The private key, once it is visible.
    pub private_key: Option<PrivateKey>,
    /// What showed it.
    pub shown_by: ShownBy,
}

/// What the private key object says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrivateKey {
    /// Its handle, for signing and nothing else.
    pub handle: ObjectHandle,
    /// `CKA_SIGN`; `None` where the driver does not tell.
    pub may_sign: Option<bool>,
    /// `CKA_ALWAYS_AUTHENTICATE`; absent means false.
    pub wants_login_per_signature: bool,
    /// Whether its own modulus or point is the certificate's.
    pub shows_itself: bool,
}

/// What showed that the key is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownBy {
    /// The private key's own attributes, or a public half with its id.
    PrivateKey,
    /// A public key object.
    PublicKey,
    /// A certificate of the same key.
    Certificate,
}

/// Compares the certificate's key with everything that was observed.
#[must_use]
pub fn match_key(certificate: &Certificate, observation: &Observation) -> KeyMatch {
    let wanted = certificate.public_key();
    let private_keys = matching_private_keys(wanted, observation);
    match private_keys.as_slice() {
        [key] => {
            return KeyMatch::Matches(MatchedKey {
                id: key.id().to_vec(),
                label: key.bytes(AttributeType::Label).unwrap_or_default().to_vec(),
                private_key: Some(PrivateKey {
                    handle: key.handle,
                    may_sign: key.flag(AttributeType::Sign),
                    wants_login_per_signature: key
                        .flag(AttributeType::AlwaysAuthenticate)
                        .unwrap_or(false),
                    shows_itself: shows(key, wanted),
                }),
                shown_by: ShownBy::PrivateKey,
            });
        }
        [] => {}
        several => {
            return KeyMatch::Ambiguous {
                ids: several.iter().map(|key| key.id().to_vec()).collect(),
            };
        }
    }
    // Before the login private keys are hidden, so their public halves speak for them. After it, a
    // public half without its private key is no key to install for.
    if !observation.logged_in {
        if let Some(key) = observation
            .public_keys
            .iter()
            .find(|key| shows(key, wanted))
        {
            return KeyMatch::Matches(shown(key, ShownBy::PublicKey));
        }
        if let Some(old) = observation.of_key(wanted).next() {
            return KeyMatch::Matches(shown(&old.object, ShownBy::Certificate));
        }
    }
    if observation.shows_any_key() && silent_keys(observation).next().is_none() {
        KeyMatch::DoesNotMatch
    } else {
        KeyMatch::CannotTell
    }
}

/// The private keys of which nothing on the token shows the public half.
pub(super) fn silent_keys(observation: &Observation) -> impl Iterator<Item = &Object> {
    observation.private_keys.iter().filter(|key| {
        let is_paired = |id: &[u8]| !id.is_empty() && id == key.id();
        key.public_key().is_none()
            && !observation
                .public_keys
                .iter()
                .any(|public| public.public_key().is_some() && is_paired(public.id()))
            && !observation
                .certificates
                .iter()
                .any(|seen| seen.certificate.is_some() && is_paired(seen.object.id()))
    })
}

fn shown(object: &Object, shown_by: ShownBy) -> MatchedKey {
    let label = match shown_by {
        ShownBy::PrivateKey | ShownBy::PublicKey => object.bytes(AttributeType::Label),
        ShownBy::Certificate => None,
    };
    MatchedKey {
        id: object.id().to_vec(),
        label: label.unwrap_or_default().to_vec(),
        private_key: None,
        shown_by,
    }
}

/// The private keys that show the wanted key themselves, or that show no public value and either
/// share an id with a public key object or certificate that does, or proved it by a signature.
fn matching_private_keys<'a>(wanted: &PublicKey, observation: &'a Observation) -> Vec<&'a Object> {
    let ids_that_show_it: Vec<&[u8]> = observation
        .public_keys
        .iter()
        .filter(|key| shows(key, wanted))
        .map(Object::id)
        .chain(observation.of_key(wanted).map(|seen| seen.object.id()))
        .filter(|id| !id.is_empty())
        .collect();
    observation
        .private_keys
        .iter()
        .filter(|key| match key.public_key() {
            Some(value) => wanted.is_shown_as(&value),
            None => observation.proven == Some(key.handle) || ids_that_show_it.contains(&key.id()),
        })
        .collect()
}

/// Whether a key object shows the wanted public key.
pub(super) fn shows(key: &Object, wanted: &PublicKey) -> bool {
    key.public_key()
        .is_some_and(|value| wanted.is_shown_as(&value))
}
