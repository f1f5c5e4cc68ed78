//! What was seen of a token with one certificate in mind: values, without a driver behind them.

use chungthu_token::object::{Object, ObjectHandle};
use chungthu_token::session::Access;
use chungthu_token::token::TokenInformation;

use crate::install::matching::shows;
use crate::records::CutOffRun;
use crate::{Certificate, PublicKey};

/// What was seen of a token with one certificate in mind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// The token's own words.
    pub token: TokenInformation,
    /// What the session may do.
    pub access: Access,
    /// Whether the user was logged in while looking.
    pub logged_in: bool,
    /// The public key objects.
    pub public_keys: Vec<Object>,
    /// The private key objects; before a login most tokens show none.
    pub private_keys: Vec<Object>,
    /// The private key that shows nothing of itself but signed for the certificate.
    pub proven: Option<ObjectHandle>,
    /// The certificates that bear on the question: of the key, of its id, of the subject; all of
    /// them where they are few, or where searching could not be relied on.
    pub certificates: Vec<SeenCertificate>,
    /// The handles of all visible certificates.
    pub handles: Vec<ObjectHandle>,
    /// Certificates with the name of the issuer, looked for before the login where none was at hand.
    pub issuers: Vec<Certificate>,
    /// Whether `certificates` are all that are visible.
    pub is_listed: bool,
    /// How many logins from this computer failed since the last success (`records::PinTries`).
    pub failed_logins: usize,
    /// The runs from this computer that did not come to a good end (`records::CutOff`).
    pub cut_off: Vec<CutOffRun>,
}

/// Whether the issuer's certificate is to be looked for on the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WantedIssuer {
    /// It is at hand already.
    AtHand,
    /// It may be on the token.
    OnToken,
}

/// A certificate object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenCertificate {
    /// As read.
    pub object: Object,
    /// Its value parsed; `None` for bytes that are no certificate.
    pub certificate: Option<Certificate>,
}

impl Observation {
    /// The certificates of this public key.
    pub fn of_key<'a>(
        &'a self,
        key: &'a PublicKey,
    ) -> impl Iterator<Item = &'a SeenCertificate> + 'a {
        self.certificates.iter().filter(move |seen| seen.is_of(key))
    }

    /// Whether this id was searched by, because it is the wanted key's.
    pub(super) fn was_searched_by(&self, id: &[u8], wanted: &PublicKey) -> bool {
        let keys = self.public_keys.iter().filter(|key| shows(key, wanted));
        let certificates = self.of_key(wanted).map(|seen| &seen.object);
        keys.chain(certificates).any(|object| object.id() == id)
    }

    /// The run with this key that did not come to a good end.
    pub(super) fn cut_off_run(&self, key: &PublicKey) -> Option<&CutOffRun> {
        let key = key.sha256();
        self.cut_off.iter().find(|run| run.public_key_sha256 == key)
    }

    /// Whether anything is visible that shows a key: a key object or an end-entity certificate.
    #[must_use]
    pub fn shows_any_key(&self) -> bool {
        let keys = self.public_keys.iter().chain(&self.private_keys);
        keys.into_iter().any(|key| key.public_key().is_some())
            || self.certificates.iter().any(|seen| {
                seen.certificate
                    .as_ref()
                    .is_some_and(|certificate| !certificate.is_ca())
            })
    }
}

impl SeenCertificate {
    pub(super) fn new(object: Object) -> Self {
        let certificate = Certificate::from_der(object.value()).ok();
        Self {
            object,
            certificate,
        }
    }

    pub(super) fn is_of(&self, key: &PublicKey) -> bool {
        self.certificate
            .as_ref()
            .is_some_and(|certificate| certificate.public_key().is_same_key(key))
    }
}
