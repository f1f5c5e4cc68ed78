//! Signing in two calls, so that nothing stands between them.

use cryptoki_sys::{
    CK_MECHANISM, CK_MECHANISM_TYPE, CK_OBJECT_HANDLE, CK_SESSION_HANDLE, CK_ULONG, CKM_ECDSA,
    CKM_ECDSA_SHA256, CKM_ECDSA_SHA384, CKM_RSA_PKCS, CKM_SHA256_RSA_PKCS, CKU_CONTEXT_SPECIFIC,
};
use ring::digest::{SHA256, SHA384, digest};

use super::{CallError, Functions, entry};
use crate::object::ObjectHandle;
use crate::pin::Credential;
use crate::return_value::ReturnValue;
use crate::session::SignatureScheme;

/// An RSA key of 8192 bits signs in this many bytes.
const LONGEST_SIGNATURE: usize = 1024;
/// What drivers answer to a mechanism that they, or this key, do not offer: `CKR_MECHANISM_INVALID`,
/// and gnome-keyring `CKR_KEY_TYPE_INCONSISTENT`.
const MECHANISM_REFUSED: [ReturnValue; 2] = [ReturnValue(0x70), ReturnValue(0x63)];
/// The DER of a SHA-256 DigestInfo up to the digest (RFC 8017, 9.2, note 1).
const SHA256_DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

impl CallError {
    fn is_of_mechanism(&self) -> bool {
        self.function == "C_SignInit"
            && self
                .returned()
                .is_some_and(|value| MECHANISM_REFUSED.contains(&value))
    }
}

impl Functions {
    /// Signs `message`. Where the token does not take the mechanism that most do, the digest is made
    /// on the other side: outside the token for RSA, on it for EC.
    /// `login` is given to the key between the two calls.
    pub(in super::super) fn sign(
        &self,
        session: CK_SESSION_HANDLE,
        key: ObjectHandle,
        scheme: SignatureScheme,
        message: &[u8],
        login: Option<&Credential>,
    ) -> Result<Vec<u8>, CallError> {
        let with = |mechanism, data: &[u8]| self.sign_with(session, key, mechanism, data, login);
        let ecdsa = |algorithm, hashing| match with(CKM_ECDSA, digest(algorithm, message).as_ref())
        {
            Err(error) if error.is_of_mechanism() => with(hashing, message),
            other => other,
        };
        match scheme {
            SignatureScheme::EcdsaP256Sha256 => ecdsa(&SHA256, CKM_ECDSA_SHA256),
            SignatureScheme::EcdsaP384Sha384 => ecdsa(&SHA384, CKM_ECDSA_SHA384),
            SignatureScheme::RsaPkcs1Sha256 => match with(CKM_SHA256_RSA_PKCS, message) {
                Err(error) if error.is_of_mechanism() => {
                    let mut prepared = SHA256_DIGEST_INFO.to_vec();
                    prepared.extend_from_slice(digest(&SHA256, message).as_ref());
                    with(CKM_RSA_PKCS, &prepared)
                }
                other => other,
            },
        }
    }

    fn sign_with(
        &self,
        session: CK_SESSION_HANDLE,
        key: ObjectHandle,
        mechanism: CK_MECHANISM_TYPE,
        data: &[u8],
        login: Option<&Credential>,
    ) -> Result<Vec<u8>, CallError> {
        let (begin, sign) = (entry!(self, C_SignInit), entry!(self, C_Sign));
        let key = CK_OBJECT_HANDLE::try_from(key.0)
            .map_err(|_| CallError::nonsense("C_SignInit", "handle too large"))?;
        let mut mechanism = CK_MECHANISM {
            mechanism,
            pParameter: std::ptr::null_mut(),
            ulParameterLen: 0,
        };
        // SAFETY: the mechanism has no parameter and lives to the end of the call.
        self.call("C_SignInit", || unsafe {
            begin(session, &raw mut mechanism, key)
        })?;
        if let Some(credential) = login {
            self.log_in_for_signature(session, credential)?;
        }
        let mut data = data.to_vec();
        let mut signature = vec![0; LONGEST_SIGNATURE];
        let mut length = CK_ULONG::try_from(signature.len()).unwrap_or(CK_ULONG::MAX);
        let data_length = CK_ULONG::try_from(data.len()).unwrap_or(CK_ULONG::MAX);
        // SAFETY: both buffers are as long as announced.
        self.call("C_Sign", || unsafe {
            sign(
                session,
                data.as_mut_ptr(),
                data_length,
                signature.as_mut_ptr(),
                &raw mut length,
            )
        })?;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length > signature.len() {
            return Err(CallError::nonsense(
                "C_Sign",
                "a signature longer than its buffer",
            ));
        }
        signature.truncate(length);
        Ok(signature)
    }

    /// The login that a key with `CKA_ALWAYS_AUTHENTICATE` wants after `C_SignInit`.
    fn log_in_for_signature(
        &self,
        session: CK_SESSION_HANDLE,
        credential: &Credential,
    ) -> Result<(), CallError> {
        let log_in = entry!(self, C_Login);
        let (pin, length) = match credential {
            Credential::Pin(pin) => (pin.expose().as_ptr(), pin.expose().len()),
            Credential::ProtectedAuthenticationPath => (std::ptr::null(), 0),
        };
        let length = CK_ULONG::try_from(length).unwrap_or(CK_ULONG::MAX);
        // SAFETY: the PIN lives to the end of the call and is as long as announced; a driver reads it.
        self.call("C_Login", || unsafe {
            log_in(session, CKU_CONTEXT_SPECIFIC, pin.cast_mut(), length)
        })
    }
}
