//! Proof of possession: the token's key signs a fresh challenge, the certificate's key verifies it.

use chungthu_token::error::TokenError;
use chungthu_token::object::ObjectHandle;
use chungthu_token::pin::Credential;
use chungthu_token::session::Driver;
use chungthu_token::token::SlotId;
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::PublicKey;
use crate::install::execute::Run;
use crate::install::login::{Record, Stop, counted};
use crate::install::report::StepFailure;

/// Begins every challenge, so that the signature is good for nothing else.
const PURPOSE: &[u8] = b"chungthu proof of possession 1\0";
const RANDOM_LENGTH: usize = 32;

/// Why the key did not prove itself.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// The token did not sign.
    #[error("the token did not sign: {0}")]
    NotSigned(TokenError),
    /// It signed with another key than the certificate's.
    #[error("the signature does not verify with the certificate's key")]
    WrongKey,
    /// The certificate's key is of a kind this program cannot verify with.
    #[error("no signature scheme for this kind of key")]
    UnsupportedKey,
    /// The operating system gave no random numbers.
    #[error("no random numbers")]
    NoRandom,
}

/// Has `key` sign a random challenge and verifies it in software with `public_key`. `login` is for a
/// key that wants one for each signature.
///
/// # Errors
/// When the token does not sign or the signature is not by that key.
pub fn prove(
    driver: &mut dyn Driver,
    slot: SlotId,
    key: ObjectHandle,
    public_key: &PublicKey,
    login: Option<&Credential>,
) -> Result<(), ProofError> {
    let scheme = public_key.scheme().ok_or(ProofError::UnsupportedKey)?;
    let mut random = [0; RANDOM_LENGTH];
    SystemRandom::new()
        .fill(&mut random)
        .map_err(|_| ProofError::NoRandom)?;
    let challenge = [PURPOSE, &random].concat();
    let signature = driver
        .sign(slot, key, scheme, &challenge, login)
        .map_err(ProofError::NotSigned)?;
    public_key
        .verify_signature(scheme, &challenge, &signature)
        .map_err(|_| ProofError::WrongKey)
}

impl Run<'_, '_> {
    /// The proof before the write. A login that comes with it is counted like every login.
    pub(super) fn prove_before(
        &mut self,
        key: ObjectHandle,
        login: Option<Credential>,
    ) -> Result<(), StepFailure> {
        let plan = self.plan;
        let public_key = plan.certificate.public_key();
        let Some(credential) = login else {
            return prove(self.driver, plan.slot, key, public_key, None)
                .map_err(StepFailure::Proof);
        };
        let mut record = Record {
            storage: &mut *self.context.storage,
            clock: self.context.clock,
        };
        let prove = |driver: &mut dyn Driver, credential: &Credential| match prove(
            driver,
            plan.slot,
            key,
            public_key,
            Some(credential),
        ) {
            Err(ProofError::NotSigned(error)) => Err(error),
            proved => Ok(proved),
        };
        let (slot, token) = (plan.slot, &plan.token);
        match counted(self.driver, slot, token, credential, &mut record, prove) {
            Ok((proved, _)) => proved.map_err(StepFailure::Proof),
            Err(Stop::LogIn(failed)) => {
                self.login = Some(failed.login);
                Err(StepFailure::Proof(ProofError::NotSigned(failed.error)))
            }
            Err(Stop::Beside(failure)) => Err(failure),
        }
    }
}
