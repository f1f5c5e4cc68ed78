//! The adapter to a real driver: the only room that names cryptoki. It runs in a host process only.

mod announced;
mod fence;
mod raw;
mod translate;

use std::collections::BTreeMap;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::object::{Attribute, CertificateType, ObjectClass as CryptokiClass};
use cryptoki::session::{Session, SessionState, UserType};
use cryptoki::slot::Slot;

use self::raw::Functions;
use self::translate::description;
use crate::error::{Cause, FenceReason, Operation, TokenError};
use crate::module::ModulePath;
use crate::object::{Fence, NewCertificate, Object, ObjectClass, ObjectHandle, Query};
use crate::pin::Credential;
use crate::return_value::ReturnValue;
use crate::session::{Access, Driver, SignatureScheme, SlotDetail};
use crate::token::{DriverInformation, SlotId, SlotReport, TokenInformation};

/// Is told the name of each PKCS#11 function right before it is called, so that the parent can say in
/// which call a driver died or hung.
pub(crate) type Announce = Box<dyn Fn(&'static str)>;

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
    pub(crate) fn load(module: &ModulePath, announce: Announce) -> Result<Self, TokenError> {
        let launch = |cause| TokenError::new(Operation::Launch, cause);
        // ours first: it loads with the driver's own folder in the search path
        let functions = Functions::load(module.as_path(), announce).map_err(launch)?;
        // crate cryptoki asks for a function list of its own
        let context = functions.announced(Operation::Launch, "C_GetFunctionList", || {
            Pkcs11::new(module.as_path())
        })?;
        let started = match module.init() {
            Some(init) => functions.initialize_with(init).map_err(|return_value| {
                TokenError::from_call(Operation::Launch, "C_Initialize", return_value)
            }),
            None => functions.announced(Operation::Launch, "C_Initialize", || {
                context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))
            }),
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
            Err(error) if error.return_value() == Some(Self::ALREADY_INITIALIZED) => {}
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
            .functions
            .announced(Operation::Information, "C_GetInfo", || {
                self.context.get_library_info()
            })?;
        Ok(description(&information))
    }

    fn slot_numbers(&mut self) -> Result<Vec<SlotId>, TokenError> {
        self.functions.slots().map_err(|call| {
            let error = call.error(Operation::Slots);
            // it was initialised, but not the function list that is asked here
            if error.return_value() == Some(Self::NOT_INITIALIZED) {
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
            self.functions
                .announced(operation, "C_OpenSession", || {
                    self.context.open_ro_session(number)
                })
                .map(|session| (session, Access::ReadOnly))
        };
        let read_write = || {
            self.functions
                .announced(operation, "C_OpenSession", || {
                    self.context.open_rw_session(number)
                })
                .map(|session| (session, Access::ReadWrite))
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
        let session = self.functions.announced(operation, "C_OpenSession", || {
            self.context.open_ro_session(number)
        })?;
        let handles = self
            .functions
            .find(session.handle(), query)
            .map_err(|call| call.error(operation));
        let objects =
            handles.and_then(|handles| self.read_all(session.handle(), query.class, &handles));
        self.functions.announce("C_CloseSession");
        drop(session);
        objects
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
        self.functions.announced(operation, "C_Login", || {
            open.session.login(UserType::User, pin)
        })?;
        open.logged_in = true;
        Ok(())
    }

    fn is_logged_in(&mut self, slot: SlotId) -> Result<bool, TokenError> {
        let operation = Operation::LogIn;
        let session = &self.opened(slot, operation)?.session;
        let information = self
            .functions
            .announced(operation, "C_GetSessionInfo", || session.get_session_info())?;
        let state = information.session_state();
        Ok(!matches!(
            state,
            SessionState::RoPublic | SessionState::RwPublic
        ))
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
        let open = self.opened(slot, operation)?;
        let template = template(certificate);
        let handle = self.functions.announced(operation, "C_CreateObject", || {
            open.session.create_object(&template)
        })?;
        match translate::widen(handle.handle()) {
            // CK_INVALID_HANDLE: whatever it made, this is not where
            0 => Err(TokenError::new(
                operation,
                Cause::DriverIncomprehensible {
                    detail: "a new object with the handle 0".to_owned(),
                },
            )),
            handle => Ok(ObjectHandle(handle)),
        }
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
        let open = self.opened(slot, operation)?;
        let id = [Attribute::Id(id.to_vec())];
        #[expect(
            clippy::disallowed_methods,
            reason = "it was just read as the certificate that is to be re-filed, and only its id is set"
        )]
        let set = || open.session.update_attributes(handle, &id);
        self.functions
            .announced(operation, "C_SetAttributeValue", set)
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
        let destroy = || open.session.destroy_object(handle);
        self.functions
            .announced(operation, "C_DestroyObject", destroy)
    }

    fn change_pin(
        &mut self,
        slot: SlotId,
        old: &Credential,
        new: &Credential,
    ) -> Result<(), TokenError> {
        let operation = Operation::ChangePin;
        let session = self.opened(slot, operation)?.session.handle();
        self.functions
            .set_pin(session, old, new)
            .map_err(|call| call.error(operation))
    }

    fn unblock_pin(
        &mut self,
        slot: SlotId,
        officer: &Credential,
        new: &Credential,
    ) -> Result<(), TokenError> {
        let operation = Operation::UnblockPin;
        let pin = match officer {
            Credential::Pin(pin) => Some(pin.secret()),
            Credential::ProtectedAuthenticationPath => None,
        };
        let open = self.opened(slot, operation)?;
        let session = open.session.handle();
        self.functions.announced(operation, "C_Login", || {
            open.session.login(UserType::So, pin)
        })?;
        let outcome = self
            .functions
            .init_pin(session, new)
            .map_err(|call| call.error(operation));
        let log_out = || open.session.logout();
        // the new PIN is set or it is not; a session that stays the officer's ends with the process
        self.functions
            .announced(operation, "C_Logout", log_out)
            .ok();
        outcome
    }

    fn finish(&mut self) -> Result<(), TokenError> {
        let operation = Operation::Finish;
        let mut outcome = Ok(());
        for open in std::mem::take(&mut self.sessions).into_values() {
            if open.logged_in {
                let log_out = || open.session.logout();
                let logged_out = self.functions.announced(operation, "C_Logout", log_out);
                outcome = outcome.and(logged_out);
            }
            // C_Finalize closes every session (PKCS#11 2.40, 5.4); a call each is saved
            std::mem::forget(open.session);
        }
        let finalize = || self.context.clone().finalize();
        let finalized = self.functions.announced(operation, "C_Finalize", finalize);
        outcome.and(finalized)
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

/// `CKR_ARGUMENTS_BAD`, `CKR_NEED_TO_CREATE_THREADS`, `CKR_CANT_LOCK`: the arguments are refused,
/// so the next try gives none.
fn refuses_arguments(error: &TokenError) -> bool {
    matches!(error.return_value(), Some(ReturnValue(0x07 | 0x09 | 0x0A)))
}
