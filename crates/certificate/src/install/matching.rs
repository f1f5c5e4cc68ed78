//! Which key on the token is the certificate's: by public key, never by label or order.

use chungthu_token::object::{AttributeType, Object, ObjectHandle, PublicKeyValue};

use crate::install::observation::Observation;
use crate::install::placing::temporary_id;
use crate::{Certificate, PublicKey};

/// The three answers to "is the certificate's key on this token?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyMatch {
    /// A key or a certificate on the token shows it.
    Matches(MatchedKey),
    /// More than one private key shows it, and its certificates do not tell which is in use.
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
    /// `CKA_ID`, raw: the private key's where it is visible and has one.
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
    if let Some(key) = in_use(&private_keys, wanted, observation) {
        return KeyMatch::Matches(MatchedKey {
            id: id_of(key, wanted, observation),
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
    if !private_keys.is_empty() {
        return KeyMatch::Ambiguous {
            ids: private_keys.iter().map(|key| key.id().to_vec()).collect(),
        };
    }
    // Before the login private keys are hidden, so their public halves speak for them. After it, a
    // public half without its private key is no key to install for.
    if !observation.logged_in {
        let public_keys: Vec<&Object> = observation
            .public_keys
            .iter()
            .filter(|key| shows(key, wanted))
            .collect();
        let in_use = in_use(&public_keys, wanted, observation);
        if let Some(key) = in_use.or(public_keys.first().copied()) {
            return KeyMatch::Matches(shown(key, ShownBy::PublicKey));
        }
        if let Some(old) = observation.of_key(wanted).next() {
            return KeyMatch::Matches(shown(&old.object, ShownBy::Certificate));
        }
    }
    // where a run with this key was cut off, the key is there: its certificates may be all that showed it
    let is_remembered = !observation.logged_in && observation.cut_off_run(wanted).is_some();
    let is_told = observation.shows_any_key() && silent_keys(observation).next().is_none();
    if is_told && !is_remembered {
        KeyMatch::DoesNotMatch
    } else {
        KeyMatch::CannotTell
    }
}

/// The private keys of which only a signature can tell which public key they belong to.
pub(super) fn silent_keys(observation: &Observation) -> impl Iterator<Item = &Object> {
    let keys = observation.private_keys.iter();
    keys.filter(|key| public_half(key, observation).is_none())
}

/// Who says which public key a private key belongs to.
enum PublicHalf<'a> {
    Object(PublicKeyValue),
    Certificate(&'a PublicKey),
}

impl PublicHalf<'_> {
    fn is(&self, wanted: &PublicKey) -> bool {
        match self {
            Self::Object(value) => wanted.is_shown_as(value),
            Self::Certificate(key) => wanted.is_same_key(key),
        }
    }
}

/// What the private key shows itself; else the public key objects with its id; else the certificates
/// with it. An id that another silent private key has too, or under which different keys lie, tells
/// nothing.
fn public_half<'a>(key: &Object, observation: &'a Observation) -> Option<PublicHalf<'a>> {
    if let Some(value) = key.public_key() {
        return Some(PublicHalf::Object(value));
    }
    let is_its_own = |other: &Object| other.handle == key.handle;
    let is_shared = observation
        .private_keys
        .iter()
        .any(|other| other.has_id(key.id()) && other.public_key().is_none() && !is_its_own(other));
    if key.id().is_empty() || is_shared {
        return None;
    }
    let public_keys = observation.public_keys.iter();
    let mut shown = public_keys
        .filter(|public| public.has_id(key.id()))
        .filter_map(Object::public_key);
    if let Some(first) = shown.next() {
        return shown
            .all(|other| other == first)
            .then_some(PublicHalf::Object(first));
    }
    let certificates = observation.certificates.iter();
    let mut certified = certificates
        .filter(|seen| seen.object.has_id(key.id()))
        .filter_map(|seen| seen.certificate.as_ref())
        .map(Certificate::public_key);
    let first = certified.next()?;
    certified
        .all(|other| other.is_same_key(first))
        .then_some(PublicHalf::Certificate(first))
}

/// Of key objects that all show the wanted key, the one to go by: any of them if they have one id,
/// else one of the id that its certificates have. Of two alike it is one that may sign.
fn in_use<'a>(
    keys: &[&'a Object],
    wanted: &PublicKey,
    observation: &Observation,
) -> Option<&'a Object> {
    let mut keys = keys.to_vec();
    if !have_one_id(&keys) {
        let is_certified = |key: &Object| {
            let mut certificates = observation.of_key(wanted);
            certificates.any(|seen| seen.object.has_id(key.id()))
        };
        keys.retain(|key| is_certified(key));
    }
    if !have_one_id(&keys) {
        return None;
    }
    let may_sign = |key: &&&Object| key.flag(AttributeType::Sign) != Some(false);
    keys.iter().find(may_sign).or(keys.first()).copied()
}

/// The private key's id. One that shows none is known by the id of its public key object, else of its
/// certificates; the temporary id that an interrupted run left one under is nobody's.
fn id_of(key: &Object, wanted: &PublicKey, observation: &Observation) -> Vec<u8> {
    let public_keys = observation.public_keys.iter();
    let of_public_keys = public_keys.filter(|public| shows(public, wanted));
    let of_certificates = observation.of_key(wanted).map(|seen| &seen.object);
    let of_certificates =
        of_certificates.filter(|object| object.id() != temporary_id(object.value()));
    std::iter::once(key)
        .chain(of_public_keys)
        .chain(of_certificates)
        .map(Object::id)
        .find(|id| !id.is_empty())
        .unwrap_or_default()
        .to_vec()
}

fn have_one_id(keys: &[&Object]) -> bool {
    let Some((first, others)) = keys.split_first() else {
        return true;
    };
    others.iter().all(|key| key.has_id(first.id()))
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

/// The private keys that are the wanted key's by what they or the token show, or by a signature.
fn matching_private_keys<'a>(wanted: &PublicKey, observation: &'a Observation) -> Vec<&'a Object> {
    let is_wanted = |key: &&Object| match public_half(key, observation) {
        Some(half) => half.is(wanted),
        None => observation.proven == Some(key.handle),
    };
    observation.private_keys.iter().filter(is_wanted).collect()
}

/// Whether a key object shows the wanted public key.
pub(super) fn shows(key: &Object, wanted: &PublicKey) -> bool {
    key.public_key()
        .is_some_and(|value| wanted.is_shown_as(&value))
}
