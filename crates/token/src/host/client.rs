//! The parent's side: starts a host for a driver, and asks it one thing at a time.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde::de::DeserializeOwned;

use super::connection::{Connection, Patience};
use super::message::{Launch, Login, Request};
use crate::error::{Cause, Operation, TokenError};
use crate::module::ModulePath;
use crate::object::{Fence, NewCertificate, Object, ObjectClass, ObjectHandle, Query};
use crate::pin::Credential;
use crate::session::{Access, Driver, Launcher, SignatureScheme, SlotDetail};
use crate::token::{DriverInformation, SlotId, SlotReport, TokenInformation};

/// How a host is started: the driver's path is added as the last argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostCommand {
    /// The program, absolute.
    pub program: PathBuf,
    /// Its arguments before the driver's path.
    pub arguments: Vec<OsString>,
    /// Variables added to its environment, for the driver; the rest is inherited.
    pub environment: Vec<(OsString, OsString)>,
    /// Variables that it must not inherit, such as one that holds a PIN.
    pub withheld: Vec<OsString>,
}

/// How long a host may take before it is ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeLimits {
    /// Loading and starting the driver.
    pub launch: Duration,
    /// Anything else, but a login in the driver's own window or on the reader, which has no limit.
    pub operation: Duration,
    /// Ending: some drivers hang there, when their work is long done.
    pub finish: Duration,
    /// What is left, once the person wants to stop, to a wait that neither changes the token nor tries a
    /// PIN.
    pub stopping: Duration,
}

impl Default for TimeLimits {
    fn default() -> Self {
        Self {
            launch: Duration::from_secs(60),
            operation: Duration::from_secs(60),
            finish: Duration::from_secs(5),
            stopping: Duration::from_secs(10),
        }
    }
}

/// Starts each driver in a host process.
#[derive(Clone, Debug)]
pub struct HostLauncher {
    /// The program that serves as host.
    pub command: HostCommand,
    /// How long it may take.
    pub limits: TimeLimits,
    /// Set by the program when the person wants to stop (Ctrl-C): waits become shorter, and one without
    /// a limit ends with [`Cause::DriverInterrupted`].
    pub interrupted: Arc<AtomicBool>,
    /// The file that a host holds from right before its login to its end, where one is named by then: so
    /// that the next run knows of a host that outlives a killed program.
    pub held: Arc<OnceLock<PathBuf>>,
}

impl HostLauncher {
    /// With the usual limits, and nobody who interrupts.
    #[must_use]
    pub fn new(command: HostCommand) -> Self {
        Self {
            command,
            limits: TimeLimits::default(),
            interrupted: Arc::default(),
            held: Arc::default(),
        }
    }
}

impl Launcher for HostLauncher {
    fn launch(&self, module: &ModulePath) -> Result<Box<dyn Driver>, TokenError> {
        HostDriver::start(self, module).map(|driver| Box::new(driver) as Box<dyn Driver>)
    }
}

/// A driver behind a pipe.
struct HostDriver {
    host: Connection,
    limits: TimeLimits,
    held: Arc<OnceLock<PathBuf>>,
    /// Whether it holds that file.
    is_holding: bool,
}

impl HostDriver {
    fn start(launcher: &HostLauncher, module: &ModulePath) -> Result<Self, TokenError> {
        let command = &launcher.command;
        let mut process = Command::new(&command.program);
        for name in &command.withheld {
            process.env_remove(name);
        }
        let environment = command.environment.iter();
        process
            .args(&command.arguments)
            .arg(module.as_path())
            .envs(environment.map(|(name, value)| (name, value)));
        let interrupted = Arc::clone(&launcher.interrupted);
        let host = Connection::start(&mut process, interrupted).map_err(|error| {
            let detail = format!("driver host: {error}");
            let os_code = error.raw_os_error();
            TokenError::new(Operation::Launch, Cause::ModuleFailed { detail, os_code })
        })?;
        let limits = launcher.limits;
        let held = Arc::clone(&launcher.held);
        let mut driver = Self {
            host,
            limits,
            held,
            is_holding: false,
        };
        let launch = Launch {
            init: module.init().cloned(),
        };
        driver.host.send(Operation::Launch, &launch)?;
        let patience = driver.patience(Operation::Launch);
        driver.host.receive::<()>(Operation::Launch, patience)?;
        Ok(driver)
    }

    /// A changing call, and one that spends a try of the PIN, is not cut short: the token would be left
    /// in the middle of it.
    const fn patience(&self, operation: Operation) -> Patience {
        let TimeLimits {
            launch,
            operation: usual,
            finish,
            stopping,
        } = self.limits;
        match operation {
            Operation::AddCertificate
            | Operation::ChangePin
            | Operation::UnblockPin
            | Operation::LogIn
            | Operation::RemoveCertificate
            | Operation::SetCertificateId => Patience::AtMost(usual),
            Operation::Finish => Patience::AtMost(finish),
            Operation::Launch => Patience::Unless {
                limit: launch,
                stopping,
            },
            Operation::Find
            | Operation::Information
            | Operation::Open
            | Operation::Read
            | Operation::Sign
            | Operation::Slots
            | Operation::Token => Patience::Unless {
                limit: usual,
                stopping,
            },
        }
    }

    fn ask<Value: DeserializeOwned>(&mut self, request: &Request) -> Result<Value, TokenError> {
        let operation = request.operation();
        self.host.send(operation, request)?;
        self.host.receive(operation, self.patience(operation))
    }

    /// A request with a login: the PIN follows in its own frame.
    fn ask_with_login<Value: DeserializeOwned>(
        &mut self,
        request: &Request,
        credential: Option<&Credential>,
    ) -> Result<Value, TokenError> {
        let operation = request.operation();
        self.host.send(operation, request)?;
        let patience = match credential {
            Some(Credential::Pin(pin)) => {
                self.host.send_pin(operation, pin)?;
                // a signature with a login tries the PIN, whatever its operation is called
                Patience::AtMost(self.limits.operation)
            }
            Some(Credential::ProtectedAuthenticationPath) => Patience::WhileTyping,
            None => self.patience(operation),
        };
        self.host.receive(operation, patience)
    }
}

impl HostDriver {
    /// A request with two PINs, each in its own frame: the one that is tried, and the one that is to be.
    fn ask_with_two(
        &mut self,
        request: &Request,
        tried: &Credential,
        new: &Credential,
    ) -> Result<(), TokenError> {
        self.hold()?;
        let operation = request.operation();
        self.host.send(operation, request)?;
        let mut patience = self.patience(operation);
        for credential in [tried, new] {
            match credential {
                Credential::Pin(pin) => self.host.send_pin(operation, pin)?,
                Credential::ProtectedAuthenticationPath => patience = Patience::WhileTyping,
            }
        }
        self.host.receive(operation, patience)
    }

    /// Has the host hold its file, where one is named.
    fn hold(&mut self) -> Result<(), TokenError> {
        if let (Some(file), false) = (self.held.get(), self.is_holding) {
            let file = file.clone().into_os_string();
            self.ask::<()>(&Request::Hold { file })?;
            self.is_holding = true;
        }
        Ok(())
    }
}

impl Driver for HostDriver {
    fn information(&mut self) -> Result<DriverInformation, TokenError> {
        self.ask(&Request::Information)
    }

    fn slot_numbers(&mut self) -> Result<Vec<SlotId>, TokenError> {
        self.ask(&Request::SlotNumbers)
    }

    fn slots(&mut self, detail: SlotDetail) -> Result<Vec<SlotReport>, TokenError> {
        self.ask(&Request::Slots { detail })
    }

    fn token(&mut self, slot: SlotId) -> Result<TokenInformation, TokenError> {
        self.ask(&Request::Token { slot })
    }

    fn is_logged_in(&mut self, slot: SlotId) -> Result<bool, TokenError> {
        self.ask(&Request::IsLoggedIn { slot })
    }

    fn open(&mut self, slot: SlotId, wanted: Access) -> Result<Access, TokenError> {
        self.ask(&Request::Open { slot, wanted })
    }

    fn find(&mut self, slot: SlotId, query: &Query) -> Result<Vec<ObjectHandle>, TokenError> {
        self.ask(&Request::Find {
            slot,
            query: query.clone(),
        })
    }

    fn read(
        &mut self,
        slot: SlotId,
        class: ObjectClass,
        handles: &[ObjectHandle],
    ) -> Result<Vec<Object>, TokenError> {
        if handles.is_empty() {
            return Ok(Vec::new());
        }
        self.ask(&Request::Read {
            slot,
            class,
            handles: handles.to_vec(),
        })
    }

    fn read_in_fresh_session(
        &mut self,
        slot: SlotId,
        query: &Query,
    ) -> Result<Vec<Object>, TokenError> {
        self.ask(&Request::ReadInFreshSession {
            slot,
            query: query.clone(),
        })
    }

    fn log_in(&mut self, slot: SlotId, credential: &Credential) -> Result<(), TokenError> {
        self.hold()?;
        let login = Login::of(Some(credential));
        self.ask_with_login(&Request::LogIn { slot, login }, Some(credential))
    }

    fn sign(
        &mut self,
        slot: SlotId,
        key: ObjectHandle,
        scheme: SignatureScheme,
        message: &[u8],
        login: Option<&Credential>,
    ) -> Result<Vec<u8>, TokenError> {
        let request = Request::Sign {
            slot,
            key,
            scheme,
            message: message.to_vec(),
            login: Login::of(login),
        };
        self.ask_with_login(&request, login)
    }

    fn add_certificate(
        &mut self,
        slot: SlotId,
        certificate: &NewCertificate,
    ) -> Result<ObjectHandle, TokenError> {
        self.ask(&Request::AddCertificate {
            slot,
            certificate: certificate.clone(),
        })
    }

    fn set_certificate_id(
        &mut self,
        slot: SlotId,
        handle: ObjectHandle,
        id: &[u8],
        expected_value: &[u8],
    ) -> Result<(), TokenError> {
        self.ask(&Request::SetCertificateId {
            slot,
            handle,
            id: id.to_vec(),
            expected_value: expected_value.to_vec(),
        })
    }

    fn remove_certificate(
        &mut self,
        slot: SlotId,
        handle: ObjectHandle,
        fence: &Fence,
    ) -> Result<(), TokenError> {
        self.ask(&Request::RemoveCertificate {
            slot,
            handle,
            fence: fence.clone(),
        })
    }

    fn change_pin(
        &mut self,
        slot: SlotId,
        old: &Credential,
        new: &Credential,
    ) -> Result<(), TokenError> {
        let request = Request::ChangePin {
            slot,
            old: Login::of(Some(old)),
            new: Login::of(Some(new)),
        };
        self.ask_with_two(&request, old, new)
    }

    fn unblock_pin(
        &mut self,
        slot: SlotId,
        officer: &Credential,
        new: &Credential,
    ) -> Result<(), TokenError> {
        let request = Request::UnblockPin {
            slot,
            officer: Login::of(Some(officer)),
            new: Login::of(Some(new)),
        };
        self.ask_with_two(&request, officer, new)
    }

    fn finish(&mut self) -> Result<(), TokenError> {
        self.ask::<()>(&Request::Finish)?;
        // it leaves by itself; a driver that hangs in its exit is ended when this is dropped
        self.host.wait_shortly();
        Ok(())
    }
}
