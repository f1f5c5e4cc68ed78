//! Looking at a token for one certificate: few certificates are all read, many are searched, and no
//! silence is believed without a test.

use std::collections::{BTreeMap, BTreeSet};

use chungthu_token::error::TokenError;
use chungthu_token::object::{AttributeType, Object, ObjectClass, ObjectHandle, Query, SearchKey};
use chungthu_token::session::{Access, Driver};
use chungthu_token::token::{SlotId, TokenInformation};

use crate::Certificate;
use crate::install::matching::shows;
use crate::install::observation::{Observation, SeenCertificate, WantedIssuer};

/// So many certificates are read one by one, a call each; to search for what bears on the question
/// costs about twenty calls, and relies on the driver.
const FEW: usize = 12;

/// Looks at the token in `slot`, in a session that is open. `earlier` is what was seen before the
/// login, whose public key objects need no second look.
///
/// # Errors
/// As the driver answers.
pub fn observe(
    driver: &mut dyn Driver,
    slot: SlotId,
    session: (TokenInformation, Access),
    certificate: &Certificate,
    wanted_issuer: WantedIssuer,
    earlier: Option<&Observation>,
) -> Result<Observation, TokenError> {
    let mut search = Search {
        driver,
        slot,
        found: BTreeMap::new(),
    };
    let logged_in = earlier.is_some();
    let public_keys = match earlier {
        // what was visible needs no second look; what was hidden may be visible now
        Some(earlier) if !earlier.public_keys.is_empty() => earlier.public_keys.clone(),
        Some(_) | None => search.all(ObjectClass::PublicKey)?,
    };
    let wanted = certificate.public_key();
    let is_shown = public_keys.iter().any(|key| shows(key, wanted));
    let private_keys = if logged_in || !is_shown {
        search.all(ObjectClass::PrivateKey)?
    } else {
        Vec::new()
    };
    let keys: Vec<&Object> = public_keys.iter().chain(&private_keys).collect();
    let mut handles = search.find(ObjectClass::Certificate, SearchKey::All, 0)?;
    let is_listed = handles.len() <= FEW
        || earlier.is_some_and(|earlier| earlier.is_listed)
        || !search.is_complete(certificate, &keys, &handles, earlier)?;
    if is_listed {
        search.keep(&handles)?;
        // some drivers find every object, whatever is searched for
        handles.retain(|handle| search.found.contains_key(handle));
    }
    let issuers = match earlier {
        Some(earlier) => earlier.issuers.clone(),
        None if wanted_issuer == WantedIssuer::AtHand => Vec::new(),
        None if is_listed => search.found_issuers(certificate),
        None => search.issuers(certificate)?,
    };
    let certificates = search.found.into_values().collect();
    let (token, access) = session;
    Ok(Observation {
        token,
        access,
        logged_in,
        public_keys,
        private_keys,
        proven: None,
        certificates,
        handles,
        issuers,
        is_listed,
        failed_logins: earlier.map_or(0, |earlier| earlier.failed_logins),
        cut_off: earlier.map_or_else(Vec::new, |earlier| earlier.cut_off.clone()),
    })
}

/// Lists all keys and certificates of the token in `slot` once, to compare them with several
/// certificates. Nothing is searched for, so that there is no silence to believe.
///
/// # Errors
/// As the driver answers.
pub(super) fn roster(
    driver: &mut dyn Driver,
    slot: SlotId,
    session: (TokenInformation, Access),
) -> Result<Observation, TokenError> {
    let mut search = Search {
        driver,
        slot,
        found: BTreeMap::new(),
    };
    let public_keys = search.all(ObjectClass::PublicKey)?;
    let private_keys = search.all(ObjectClass::PrivateKey)?;
    let handles = search.find(ObjectClass::Certificate, SearchKey::All, 0)?;
    search.keep(&handles)?;
    let certificates = search.found.into_values().collect();
    let (token, access) = session;
    Ok(Observation {
        token,
        access,
        logged_in: false,
        public_keys,
        private_keys,
        proven: None,
        certificates,
        handles,
        issuers: Vec::new(),
        is_listed: true,
        failed_logins: 0,
        cut_off: Vec::new(),
    })
}

struct Search<'a> {
    driver: &'a mut dyn Driver,
    slot: SlotId,
    found: BTreeMap<ObjectHandle, SeenCertificate>,
}

impl Search<'_> {
    fn find(
        &mut self,
        class: ObjectClass,
        by: SearchKey,
        limit: usize,
    ) -> Result<Vec<ObjectHandle>, TokenError> {
        self.driver.find(self.slot, &Query { class, by, limit })
    }

    fn all(&mut self, class: ObjectClass) -> Result<Vec<Object>, TokenError> {
        let handles = self.find(class, SearchKey::All, 0)?;
        self.driver.read(self.slot, class, &handles)
    }

    /// Finds certificates and reads those not yet known. Answers whether there were any.
    fn gather(&mut self, by: SearchKey) -> Result<bool, TokenError> {
        let handles = self.find(ObjectClass::Certificate, by, 0)?;
        self.keep(&handles)?;
        Ok(!handles.is_empty())
    }

    /// Reads those not yet known.
    fn keep(&mut self, handles: &[ObjectHandle]) -> Result<(), TokenError> {
        let unknown: Vec<ObjectHandle> = handles
            .iter()
            .filter(|handle| !self.found.contains_key(handle))
            .copied()
            .collect();
        let objects = self
            .driver
            .read(self.slot, ObjectClass::Certificate, &unknown)?;
        self.found.extend(
            objects
                .into_iter()
                .map(|object| (object.handle, SeenCertificate::new(object))),
        );
        Ok(())
    }

    /// The certificates with the issuer's name; they are not the key's, so they are kept apart.
    fn issuers(&mut self, certificate: &Certificate) -> Result<Vec<Certificate>, TokenError> {
        let by = SearchKey::Subject(certificate.issuer().der().to_vec());
        let handles = self.find(ObjectClass::Certificate, by, 0)?;
        let objects = self
            .driver
            .read(self.slot, ObjectClass::Certificate, &handles)?;
        Ok(objects
            .iter()
            .filter_map(|object| Certificate::from_der(object.value()).ok())
            .collect())
    }

    /// The same among those that were read already.
    fn found_issuers(&self, certificate: &Certificate) -> Vec<Certificate> {
        let found = self
            .found
            .values()
            .filter_map(|seen| seen.certificate.as_ref());
        found
            .filter(|found| found.subject().der() == certificate.issuer().der())
            .cloned()
            .collect()
    }

    /// Searches for the certificates that bear on the question. Answers whether the result can be
    /// relied on: before "it does not match" is said, everything must be looked at.
    fn is_complete(
        &mut self,
        certificate: &Certificate,
        keys: &[&Object],
        handles: &[ObjectHandle],
        earlier: Option<&Observation>,
    ) -> Result<bool, TokenError> {
        let wanted = certificate.public_key();
        let mut ids: BTreeSet<Vec<u8>> = keys
            .iter()
            // a private key that shows nothing may be ours: its id leads to what tells
            .filter(|key| {
                shows(key, wanted)
                    || (key.class == ObjectClass::PrivateKey && key.public_key().is_none())
            })
            .map(|key| key.id().to_vec())
            .filter(|id| !id.is_empty())
            .collect();
        if let Some(earlier) = earlier {
            // what was seen before the login is read again, and what the login made visible is read
            let seen = earlier.certificates.iter();
            let known: Vec<ObjectHandle> = seen.map(|seen| seen.object.handle).collect();
            let is_new = |handle: &&ObjectHandle| !earlier.handles.contains(handle);
            let new: Vec<ObjectHandle> = handles.iter().filter(is_new).copied().collect();
            self.keep(&[known, new].concat())?;
            // no id to search by that was not searched by before
            if self.is_as(earlier) && ids.iter().all(|id| earlier.was_searched_by(id, wanted)) {
                return Ok(true);
            }
        }
        let mut silent = Silence::default();
        for id in &ids {
            if !self.gather(SearchKey::Id(id.clone()))? {
                silent.ids.push(id.clone());
            }
        }
        let mut by_subject =
            self.gather(SearchKey::Subject(certificate.subject().der().to_vec()))?;
        // a certificate may show the key, and the id, that no key object shows
        let shown: Vec<&SeenCertificate> = self
            .found
            .values()
            .filter(|seen| seen.is_of(wanted))
            .collect();
        let new_ids: Vec<Vec<u8>> = shown
            .iter()
            .map(|seen| seen.object.id().to_vec())
            .filter(|id| !id.is_empty() && !ids.contains(id))
            .collect();
        let mut subjects: BTreeSet<Vec<u8>> = shown
            .iter()
            .filter_map(|seen| seen.certificate.as_ref())
            .map(|seen| seen.subject().der().to_vec())
            .collect();
        subjects.remove(certificate.subject().der());
        for id in new_ids {
            if ids.insert(id.clone()) {
                self.gather(SearchKey::Id(id))?;
            }
        }
        for subject in subjects {
            by_subject |= self.gather(SearchKey::Subject(subject))?;
        }
        let by_value = self.gather(SearchKey::Value(certificate.der().to_vec()))?;
        let is_key_shown = keys.iter().any(|key| shows(key, wanted))
            || self.found.values().any(|seen| seen.is_of(wanted));
        silent.subject = !by_subject;
        silent.value = !by_value;
        Ok(is_key_shown && self.is_believed(&silent, keys, handles)?)
    }

    /// Whether what was found now is what was found before the login, object by object.
    fn is_as(&self, earlier: &Observation) -> bool {
        let now = self
            .found
            .values()
            .map(|seen| (seen.object.handle, seen.object.value()));
        let before: BTreeSet<(ObjectHandle, &[u8])> = earlier
            .certificates
            .iter()
            .map(|seen| (seen.object.handle, seen.object.value()))
            .collect();
        !before.is_empty() && now.collect::<BTreeSet<_>>() == before
    }

    /// A search that found nothing is believed only if the same kind of search finds what is known
    /// to be there: some drivers answer every search by value with nothing.
    fn is_believed(
        &mut self,
        silent: &Silence,
        keys: &[&Object],
        handles: &[ObjectHandle],
    ) -> Result<bool, TokenError> {
        for id in &silent.ids {
            let Some(known) = keys.iter().find(|key| key.id() == *id) else {
                continue;
            };
            if self
                .find(known.class, SearchKey::Id(id.clone()), 1)?
                .is_empty()
            {
                return Ok(false);
            }
        }
        let Some(known) = self.known_certificate(handles)? else {
            return Ok(true);
        };
        // a certificate may have a NUL behind the id, which a search for the key's does not find
        if !silent.ids.is_empty() && known.id().ends_with(&[0]) {
            return Ok(false);
        }
        let mut controls = Vec::new();
        if silent.value {
            controls.push(SearchKey::Value(known.value().to_vec()));
        }
        if silent.subject {
            let subject = known.bytes(AttributeType::Subject).unwrap_or_default();
            controls.push(SearchKey::Subject(subject.to_vec()));
        }
        for by in controls {
            if self.find(ObjectClass::Certificate, by, 1)?.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A certificate that is certainly there: one found already, or the first of all.
    fn known_certificate(
        &mut self,
        handles: &[ObjectHandle],
    ) -> Result<Option<Object>, TokenError> {
        if let Some(seen) = self.found.values().next() {
            return Ok(Some(seen.object.clone()));
        }
        let first = handles.get(..1).unwrap_or_default();
        let objects = self
            .driver
            .read(self.slot, ObjectClass::Certificate, first)?;
        Ok(objects.into_iter().next())
    }
}

/// The searches that found nothing.
#[derive(Default)]
struct Silence {
    ids: Vec<Vec<u8>>,
    subject: bool,
    value: bool,
}
