//! Keys at work: making key pairs, signing and verifying.

use cryptoki_sys::*;

use super::{Library, Role};
use crate::{
    attribute::RawAttribute,
    keys::{Mechanism, PrivateKey, PublicKey},
    object::Object,
    refusal::Refusal,
    template::KeyPairRequest,
    token,
};

/// A signature under way.
#[derive(Debug)]
pub(super) struct Signing {
    mechanism: Mechanism,
    key: PrivateKey,
    /// The data that came in parts; absent until the first part.
    parts: Option<Vec<u8>>,
    /// The key wants a login of its own before it signs.
    pub(super) waits_for_login: bool,
}

/// A verification under way.
#[derive(Debug)]
pub(super) struct Verifying {
    mechanism: Mechanism,
    key: PublicKey,
    parts: Option<Vec<u8>>,
}

impl Library {
    pub(crate) fn generate_key_pair(
        &mut self,
        session: CK_SESSION_HANDLE,
        mechanism: CK_MECHANISM_TYPE,
        public: &[RawAttribute],
        private: &[RawAttribute],
    ) -> Result<(CK_OBJECT_HANDLE, CK_OBJECT_HANDLE), Refusal> {
        self.session(session)?;
        let request = KeyPairRequest::new(mechanism, public, private)?;
        for (on_token, private) in request.wants() {
            self.allow_writing(session, on_token, private)?;
        }
        let (public, private) = request.generate()?;
        let public = self.add_object(session, public)?;
        let private = self.add_object(session, private)?;
        Ok((public, private))
    }

    pub(crate) fn start_signing(
        &mut self,
        session: CK_SESSION_HANDLE,
        mechanism: CK_MECHANISM_TYPE,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Refusal> {
        if self.session(session)?.signing.is_some() {
            return Err(Refusal(CKR_OPERATION_ACTIVE));
        }
        let found = self.key(session, key, CKO_PRIVATE_KEY)?;
        // A quirk shows private keys before the login, which makes nobody their user.
        if found.is_private() && self.slot_of(session)?.login != Some(Role::User) {
            return Err(Refusal(CKR_USER_NOT_LOGGED_IN));
        }
        self.profile.accept_mechanism(mechanism)?;
        let mechanism = fitting(mechanism, &found, CKA_SIGN)?;
        let waits_for_login = found.flag(CKA_ALWAYS_AUTHENTICATE);
        let key = PrivateKey::from_object(&found).ok_or(Refusal(CKR_KEY_HANDLE_INVALID))?;
        self.session(session)?.signing = Some(Signing {
            mechanism,
            key,
            parts: None,
            waits_for_login,
        });
        Ok(())
    }

    /// How many bytes the signature will have; asking ends nothing.
    pub(crate) fn signature_length(
        &mut self,
        session: CK_SESSION_HANDLE,
    ) -> Result<usize, Refusal> {
        let signing = &self.session(session)?.signing;
        let signing = signing
            .as_ref()
            .ok_or(Refusal(CKR_OPERATION_NOT_INITIALIZED))?;
        if signing.waits_for_login {
            return Err(Refusal(CKR_USER_NOT_LOGGED_IN));
        }
        Ok(signing.key.signature_length())
    }

    /// Signs all the data at once. The operation is over, whatever the answer.
    pub(crate) fn sign(
        &mut self,
        session: CK_SESSION_HANDLE,
        data: &[u8],
    ) -> Result<Vec<u8>, Refusal> {
        let signing = self.session(session)?.signing.take();
        let signing = signing.ok_or(Refusal(CKR_OPERATION_NOT_INITIALIZED))?;
        if signing.parts.is_some() {
            return Err(Refusal(CKR_OPERATION_ACTIVE));
        }
        signing.key.sign(signing.mechanism, data)
    }

    pub(crate) fn add_part_to_sign(
        &mut self,
        session: CK_SESSION_HANDLE,
        part: &[u8],
    ) -> Result<(), Refusal> {
        self.signature_length(session)?;
        let signing = &mut self.session(session)?.signing;
        let outcome = signing
            .as_mut()
            .ok_or(Refusal(CKR_OPERATION_NOT_INITIALIZED))
            .and_then(|signing| add_part(signing.mechanism, &mut signing.parts, part));
        if outcome.is_err() {
            *signing = None;
        }
        outcome
    }

    /// Signs the parts. The operation is over, whatever the answer.
    pub(crate) fn sign_parts(&mut self, session: CK_SESSION_HANDLE) -> Result<Vec<u8>, Refusal> {
        let signing = self.session(session)?.signing.take();
        let signing = signing.ok_or(Refusal(CKR_OPERATION_NOT_INITIALIZED))?;
        let parts = signing.parts.unwrap_or_default();
        signing.key.sign(signing.mechanism, &parts)
    }

    pub(crate) fn start_verifying(
        &mut self,
        session: CK_SESSION_HANDLE,
        mechanism: CK_MECHANISM_TYPE,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Refusal> {
        if self.session(session)?.verifying.is_some() {
            return Err(Refusal(CKR_OPERATION_ACTIVE));
        }
        let found = self.key(session, key, CKO_PUBLIC_KEY)?;
        let mechanism = fitting(mechanism, &found, CKA_VERIFY)?;
        let key = PublicKey::from_object(&found).ok_or(Refusal(CKR_KEY_HANDLE_INVALID))?;
        self.session(session)?.verifying = Some(Verifying {
            mechanism,
            key,
            parts: None,
        });
        Ok(())
    }

    pub(crate) fn verify(
        &mut self,
        session: CK_SESSION_HANDLE,
        data: &[u8],
        signature: &[u8],
    ) -> Result<(), Refusal> {
        let verifying = self.session(session)?.verifying.take();
        let verifying = verifying.ok_or(Refusal(CKR_OPERATION_NOT_INITIALIZED))?;
        if verifying.parts.is_some() {
            return Err(Refusal(CKR_OPERATION_ACTIVE));
        }
        verifying.key.verify(verifying.mechanism, data, signature)
    }

    pub(crate) fn add_part_to_verify(
        &mut self,
        session: CK_SESSION_HANDLE,
        part: &[u8],
    ) -> Result<(), Refusal> {
        let verifying = &mut self.session(session)?.verifying;
        let outcome = verifying
            .as_mut()
            .ok_or(Refusal(CKR_OPERATION_NOT_INITIALIZED))
            .and_then(|verifying| add_part(verifying.mechanism, &mut verifying.parts, part));
        if outcome.is_err() {
            *verifying = None;
        }
        outcome
    }

    pub(crate) fn verify_parts(
        &mut self,
        session: CK_SESSION_HANDLE,
        signature: &[u8],
    ) -> Result<(), Refusal> {
        let verifying = self.session(session)?.verifying.take();
        let verifying = verifying.ok_or(Refusal(CKR_OPERATION_NOT_INITIALIZED))?;
        let parts = verifying.parts.unwrap_or_default();
        verifying.key.verify(verifying.mechanism, &parts, signature)
    }

    pub(crate) fn random(
        &mut self,
        session: CK_SESSION_HANDLE,
        bytes: &mut [u8],
    ) -> Result<(), Refusal> {
        self.session(session)?;
        Ok(token::fill_random(bytes)?)
    }

    /// The operating system's generator needs no seed and takes none.
    pub(crate) fn seed_random(&mut self, session: CK_SESSION_HANDLE) -> Result<(), Refusal> {
        self.session(session)?;
        Err(Refusal(CKR_RANDOM_SEED_NOT_SUPPORTED))
    }

    fn key(
        &mut self,
        session: CK_SESSION_HANDLE,
        handle: CK_OBJECT_HANDLE,
        class: CK_OBJECT_CLASS,
    ) -> Result<Object, Refusal> {
        match self.locate(session, handle) {
            Ok((_, object)) if object.class() == Some(class) => Ok(object),
            Ok(_) | Err(Refusal(CKR_OBJECT_HANDLE_INVALID)) => Err(Refusal(CKR_KEY_HANDLE_INVALID)),
            Err(other) => Err(other),
        }
    }
}

/// The mechanism, if the key is of its type and may be used for it.
fn fitting(
    mechanism: CK_MECHANISM_TYPE,
    key: &Object,
    usage: CK_ATTRIBUTE_TYPE,
) -> Result<Mechanism, Refusal> {
    let mechanism = Mechanism::from_code(mechanism).ok_or(Refusal(CKR_MECHANISM_INVALID))?;
    if key.number(CKA_KEY_TYPE) != Some(mechanism.key_type()) {
        return Err(Refusal(CKR_KEY_TYPE_INCONSISTENT));
    }
    if !key.flag(usage) {
        return Err(Refusal(CKR_KEY_FUNCTION_NOT_PERMITTED));
    }
    Ok(mechanism)
}

/// Only a mechanism that digests takes its data in parts.
fn add_part(mechanism: Mechanism, parts: &mut Option<Vec<u8>>, part: &[u8]) -> Result<(), Refusal> {
    if !mechanism.digests() {
        return Err(Refusal(CKR_FUNCTION_NOT_SUPPORTED));
    }
    parts.get_or_insert_default().extend_from_slice(part);
    Ok(())
}
