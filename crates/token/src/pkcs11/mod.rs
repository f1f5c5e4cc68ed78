//! The adapter to a real driver: the only room that names cryptoki. It runs in a host process only.

mod fence;
mod raw;
mod translate;

use std::collections::BTreeMap;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::object::{Attribute, CertificateType, ObjectClass as CryptokiClass};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;

use self::raw::Functions;
use self::translate::{description, failure};
use crate::error::{Cause, FenceReason, Operation, TokenError};
use crate::module::ModulePath;
use crate::object::{Fence, NewCertificate, Object, ObjectClass, ObjectHandle, Query};
use crate::pin::Credential;
use crate::return_value::ReturnValue;
use crate::session::{Access, Driver, SignatureScheme, SlotDetail};
use crate::token::{DriverInformation, SlotId, SlotReport, TokenInformation};

/// A driver loaded into this process. It is never unloaded: vendors' libraries crash when they are.
pub(crate) struct LoadedDriver {
    context: Pkcs11,
    functions: Functions,
    sessions: BTreeMap<SlotId, OpenSession>,
}

struct OpenSession {
    session: Session,
    access: Access,
    logged_in: bool,
}

impl LoadedDriver {
    /// Loads and initialises the driver.
    pub(crate) fn load(module: &ModulePath) -> Result<Self, TokenError> {
        let launch = |cause| TokenError::new(Operation::Launch, cause);
        // ours first: it loads with the driver's own folder in the search path
        let functions = Functions::load(module.as_path()).map_err(launch)?;
        let context =
            Pkcs11::new(module.as_path()).map_err(|error| failure(Operation::Launch, &error))?;
        let started = match module.init() {
            Some(init) => functions.initialize_with(init).map_err(|return_value| {
                TokenError::from_call(Operation::Launch, "C_Initialize", return_value)
            }),
            None => context
                .initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))
                .map_err(|error| failure(Operation::Launch, &error)),
        };
        let started = match started {
            // an init string that is refused is told: without it another token would be shown
            Err(error) if module.init().is_none() && refuses_arguments(&error) => functions
                .initialize_without_arguments()
                .map_err(|return_value| {
                    TokenError::from_call(Operation::Launch, "C_Initialize", return_value)
                }),
            other => other,
        };
        match started {
            Ok(()) => {}
            Err(error) if returned(&error) == Some(Self::ALREADY_INITIALIZED) => {}
            Err(error) if refuses_arguments(&error) => {
                let cause = Cause::ModuleWantsInitString;
                return Err(TokenError { cause, ..error });
            }
            Err(error) => {
                let cause = Cause::ModuleFailed {
                    detail: String::new(),
                    os_code: None,
                };
                return Err(TokenError { cause, ..error });
            }
        }
        Ok(Self {
            context,
            functions,
            sessions: BTreeMap::new(),
        })
    }

    const NOT_INITIALIZED: ReturnValue = ReturnValue(0x190);
    const ALREADY_INITIALIZED: ReturnValue = ReturnValue(0x191);

    fn opened(&self, slot: SlotId, operation: Operation) -> Result<&OpenSession, TokenError> {
        self.sessions
            .get(&slot)
            .ok_or_else(|| TokenError::new(operation, Cause::SessionGone))
    }

    fn read_all(
        &self,
        session: raw::SessionHandle,
        class: ObjectClass,
        handles: &[ObjectHandle],
    ) -> Result<Vec<Object>, TokenError> {
        let mut objects = Vec::with_capacity(handles.len());
        for handle in handles {
            let read = self
                .functions
                .read(session, class, *handle, raw::attributes_of(class));
            objects.extend(read.map_err(|call| call.error(Operation::Read))?);
        }
        Ok(objects)
    }
}

impl Driver for LoadedDriver {
    fn information(&mut self) -> Result<DriverInformation, TokenError> {
        let information = self
            .context
            .get_library_info()
            .map_err(|error| failure(Operation::Information, &error))?;
        Ok(description(&information))
    }

    fn slot_numbers(&mut self) -> Result<Vec<SlotId>, TokenError> {
        self.functions.slots().map_err(|call| {
            let error = call.error(Operation::Slots);
            // it was initialised, but not the function list that is asked here
            if returned(&error) == Some(Self::NOT_INITIALIZED) {
                let cause = Cause::ModuleIsProxy;
                return TokenError { cause, ..error };
            }
            error
        })
    }

    fn slots(&mut self, detail: SlotDetail) -> Result<Vec<SlotReport>, TokenError> {
        Ok(self
            .slot_numbers()?
            .into_iter()
            .map(|slot| SlotReport {
                slot,
                description: match detail {
                    SlotDetail::Token => None,
                    SlotDetail::TokenAndReader => self.functions.slot_description(slot).ok(),
                },
                token: self
                    .functions
                    .token(slot)
                    .map_err(|call| call.error(Operation::Token)),
            })
            .collect())
    }

    fn token(&mut self, slot: SlotId) -> Result<TokenInformation, TokenError> {
        self.functions
            .token(slot)
            .map_err(|call| call.error(Operation::Token))
    }

    fn open(&mut self, slot: SlotId, wanted: Access) -> Result<Access, TokenError> {
        if let Some(open) = self.sessions.get(&slot) {
            return Ok(open.access);
        }
        let operation = Operation::Open;
        let number = slot_number(slot, operation)?;
        let read_only = || {
            self.context
                .open_ro_session(number)
                .map(|session| (session, Access::ReadOnly))
                .map_err(|error| failure(operation, &error))
        };
        let read_write = || {
            self.context
                .open_rw_session(number)
                .map(|session| (session, Access::ReadWrite))
                .map_err(|error| failure(operation, &error))
        };
        let opened = match wanted {
            Access::ReadOnly => read_only(),
            Access::ReadWrite => match read_write() {
                Err(error) if error.cause == Cause::WriteProtected => read_only(),
                other => other,
            },
        };
        let (session, access) = opened?;
        self.sessions.insert(
            slot,
            OpenSession {
                session,
                access,
                logged_in: false,
            },
        );
        Ok(access)
    }

    fn find(&mut self, slot: SlotId, query: &Query) -> Result<Vec<ObjectHandle>, TokenError> {
        let session = self.opened(slot, Operation::Find)?.session.handle();
        self.functions
            .find(session, query)
            .map_err(|call| call.error(Operation::Find))
    }

    fn read(
        &mut self,
        slot: SlotId,
        class: ObjectClass,
        handles: &[ObjectHandle],
    ) -> Result<Vec<Object>, TokenError> {
        let session = self.opened(slot, Operation::Read)?.session.handle();
        self.read_all(session, class, handles)
    }

    fn read_in_fresh_session(
        &mut self,
        slot: SlotId,
        query: &Query,
    ) -> Result<Vec<Object>, TokenError> {
        let operation = Operation::Read;
        let number = slot_number(slot, operation)?;
        let session = self
            .context
            .open_ro_session(number)
            .map_err(|error| failure(operation, &error))?;
        let handles = self
            .functions
            .find(session.handle(), query)
            .map_err(|call| call.error(operation))?;
        self.read_all(session.handle(), query.class, &handles)
    }

    fn log_in(&mut self, slot: SlotId, credential: &Credential) -> Result<(), TokenError> {
        let operation = Operation::LogIn;
        let pin = match credential {
            Credential::Pin(pin) => Some(pin.secret()),
            Credential::ProtectedAuthenticationPath => None,
        };
        let open = self
            .sessions
            .get_mut(&slot)
            .ok_or_else(|| TokenError::new(operation, Cause::SessionGone))?;
        open.session
            .login(UserType::User, pin)
            .map_err(|error| failure(operation, &error))?;
        open.logged_in = true;
        Ok(())
    }

    fn sign(
        &mut self,
        slot: SlotId,
        key: ObjectHandle,
        scheme: SignatureScheme,
        message: &[u8],
        login: Option<&Credential>,
    ) -> Result<Vec<u8>, TokenError> {
        let session = self.opened(slot, Operation::Sign)?.session.handle();
        self.functions
            .sign(session, key, scheme, message, login)
            .map_err(|call| call.error(Operation::Sign))
    }

    fn add_certificate(
        &mut self,
        slot: SlotId,
        certificate: &NewCertificate,
    ) -> Result<ObjectHandle, TokenError> {
        let operation = Operation::AddCertificate;
        let handle = self
            .opened(slot, operation)?
            .session
            .create_object(&template(certificate))
            .map_err(|error| failure(operation, &error))?;
        Ok(ObjectHandle(translate::widen(handle.handle())))
    }

    fn set_certificate_id(
        &mut self,
        slot: SlotId,
        handle: ObjectHandle,
        id: &[u8],
        expected_value: &[u8],
    ) -> Result<(), TokenError> {
        let operation = Operation::SetCertificateId;
        if !self.holds(slot, handle, expected_value, operation)? {
            let reason = FenceReason::ValueChanged;
            return Err(TokenError::new(operation, Cause::FenceClosed { reason }));
        }
        let handle = raw::cryptoki_handle(handle)
            .ok_or_else(|| TokenError::new(operation, Cause::ObjectGone))?;
        #[expect(
            clippy::disallowed_methods,
            reason = "it was just read as the certificate that is to be re-filed, and only its id is set"
        )]
        self.opened(slot, operation)?
            .session
            .update_attributes(handle, &[Attribute::Id(id.to_vec())])
            .map_err(|error| failure(operation, &error))
    }

    fn remove_certificate(
        &mut self,
        slot: SlotId,
        handle: ObjectHandle,
        fence: &Fence,
    ) -> Result<(), TokenError> {
        let operation = Operation::RemoveCertificate;
        self.check_fence(slot, handle, fence)?;
        let handle = raw::cryptoki_handle(handle)
            .ok_or_else(|| TokenError::new(operation, Cause::ObjectGone))?;
        let open = self.opened(slot, operation)?;
        #[expect(
            clippy::disallowed_methods,
            reason = "the fence above showed a certificate, backed up, with its successor in place"
        )]
        open.session
            .destroy_object(handle)
            .map_err(|error| failure(operation, &error))
    }

    fn finish(&mut self) -> Result<(), TokenError> {
        let operation = Operation::Finish;
        let mut outcome = Ok(());
        for open in std::mem::take(&mut self.sessions).into_values() {
            if open.logged_in {
                outcome = outcome.and(open.session.logout());
            }
            // C_Finalize closes every session (PKCS#11 2.40, 5.4); a call each is saved
            std::mem::forget(open.session);
        }
        outcome
            .and_then(|()| self.context.clone().finalize())
            .map_err(|error| failure(operation, &error))
    }
}

fn slot_number(slot: SlotId, operation: Operation) -> Result<Slot, TokenError> {
    Slot::try_from(slot.0).map_err(|_| TokenError::new(operation, Cause::TokenRemoved))
}

fn template(certificate: &NewCertificate) -> Vec<Attribute> {
    let mut template = vec![
        Attribute::Class(CryptokiClass::CERTIFICATE),
        Attribute::CertificateType(CertificateType::X_509),
        Attribute::Token(true),
        Attribute::Value(certificate.value.clone()),
        Attribute::Subject(certificate.subject.clone()),
        Attribute::Issuer(certificate.issuer.clone()),
        Attribute::SerialNumber(certificate.serial_number.clone()),
    ];
    // an empty attribute crashes ykcs11
    if !certificate.id.is_empty() {
        template.push(Attribute::Id(certificate.id.clone()));
    }
    if !certificate.label.is_empty() {
        template.push(Attribute::Label(certificate.label.clone()));
    }
    template.extend(certificate.private.map(Attribute::Private));
    template
}

fn returned(error: &TokenError) -> Option<ReturnValue> {
    error.call.as_ref().map(|call| call.return_value)
}

/// `CKR_ARGUMENTS_BAD`, `CKR_NEED_TO_CREATE_THREADS`, `CKR_CANT_LOCK`: the arguments are refused,
/// so the next try gives none.
fn refuses_arguments(error: &TokenError) -> bool {
    matches!(returned(error), Some(ReturnValue(0x07 | 0x09 | 0x0A)))
}
