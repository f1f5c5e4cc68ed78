//! The parent's side: starts a host, asks it one thing at a time, and waits no longer than it should.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use serde::de::DeserializeOwned;

use super::frame::{self, FrameError};
use super::message::{Launch, Login, Request, Response};
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
}

impl Default for TimeLimits {
    fn default() -> Self {
        Self {
            launch: Duration::from_secs(60),
            operation: Duration::from_secs(60),
            finish: Duration::from_secs(5),
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
}

impl Launcher for HostLauncher {
    fn launch(&self, module: &ModulePath) -> Result<Box<dyn Driver>, TokenError> {
        HostDriver::start(&self.command, self.limits, module)
            .map(|driver| Box::new(driver) as Box<dyn Driver>)
    }
}

/// A driver behind a pipe.
struct HostDriver {
    child: Child,
    requests: ChildStdin,
    responses: Receiver<Result<Vec<u8>, FrameError>>,
    limits: TimeLimits,
}

impl HostDriver {
    fn start(
        command: &HostCommand,
        limits: TimeLimits,
        module: &ModulePath,
    ) -> Result<Self, TokenError> {
        let failed = |detail: String, os_code| {
            TokenError::new(Operation::Launch, Cause::ModuleFailed { detail, os_code })
        };
        let mut process = Command::new(&command.program);
        for name in &command.withheld {
            process.env_remove(name);
        }
        let environment = command.environment.iter();
        let mut child = process
            .args(&command.arguments)
            .arg(module.as_path())
            .envs(environment.map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| failed(format!("driver host: {error}"), error.raw_os_error()))?;
        let (Some(requests), Some(mut answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(failed("driver host: no pipes".into(), None));
        };
        let (sender, responses) = mpsc::channel();
        // a thread, because a pipe cannot be read with a time limit; it ends with the pipe
        std::thread::spawn(move || {
            loop {
                let response = frame::read_body(&mut answers);
                let is_end = response.is_err();
                if sender.send(response).is_err() || is_end {
                    return;
                }
            }
        });
        let mut driver = Self {
            child,
            requests,
            responses,
            limits,
        };
        let launch = Launch {
            init: module.init().cloned(),
        };
        frame::write(&mut driver.requests, &launch)
            .map_err(|error| driver.lost(Operation::Launch, &error))?;
        driver.receive::<()>(Operation::Launch, Some(limits.launch))?;
        Ok(driver)
    }

    fn ask<Value: DeserializeOwned>(&mut self, request: &Request) -> Result<Value, TokenError> {
        self.send(request)?;
        self.receive(request.operation(), Some(self.limits.operation))
    }

    fn send(&mut self, request: &Request) -> Result<(), TokenError> {
        let operation = request.operation();
        tracing::debug!(?operation, "asked");
        frame::write(&mut self.requests, request).map_err(|error| self.lost(operation, &error))
    }

    /// A request with a login: the PIN follows in its own frame. There is no time limit while a
    /// person types on the reader or in the driver's window.
    fn ask_with_login<Value: DeserializeOwned>(
        &mut self,
        request: &Request,
        credential: Option<&Credential>,
    ) -> Result<Value, TokenError> {
        let operation = request.operation();
        self.send(request)?;
        if let Some(Credential::Pin(pin)) = credential {
            frame::write_pin(&mut self.requests, pin)
                .map_err(|error| self.lost(operation, &error))?;
        }
        let limit = match credential {
            Some(Credential::Pin(_)) | None => Some(self.limits.operation),
            Some(Credential::ProtectedAuthenticationPath) => None,
        };
        self.receive(operation, limit)
    }

    fn receive<Value: DeserializeOwned>(
        &mut self,
        operation: Operation,
        limit: Option<Duration>,
    ) -> Result<Value, TokenError> {
        let received = match limit {
            Some(limit) => self.responses.recv_timeout(limit),
            None => self
                .responses
                .recv()
                .map_err(|_| RecvTimeoutError::Disconnected),
        };
        let body = match received {
            Ok(body) => body,
            Err(RecvTimeoutError::Disconnected) => Err(FrameError::Ended),
            Err(RecvTimeoutError::Timeout) => {
                self.end();
                let seconds = limit.unwrap_or_default().as_secs();
                return Err(TokenError::new(
                    operation,
                    Cause::DriverTimedOut { seconds },
                ));
            }
        };
        let outcome = match body.and_then(|body| frame::decode::<Response<Value>>(&body)) {
            Ok(response) => response,
            Err(error) => Err(self.lost(operation, &error)),
        };
        match &outcome {
            Ok(_) => tracing::debug!(?operation, "answered"),
            Err(error) => tracing::debug!(?operation, %error, "failed"),
        }
        outcome
    }

    /// The pipe broke: says how the process ended.
    fn lost(&mut self, operation: Operation, error: &FrameError) -> TokenError {
        match error {
            FrameError::Nonsense(detail) => {
                self.end();
                let detail = (*detail).to_owned();
                TokenError::new(operation, Cause::DriverIncomprehensible { detail })
            }
            FrameError::Ended => {
                let status = self.wait_shortly().map_or_else(
                    || {
                        self.end();
                        "the pipe closed".to_owned()
                    },
                    describe,
                );
                TokenError::new(operation, Cause::DriverCrashed { status })
            }
        }
    }

    /// The pipe closes a moment before the process is gone.
    fn wait_shortly(&mut self) -> Option<ExitStatus> {
        for _ in 0..1000 {
            match self.child.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) => std::thread::sleep(Duration::from_millis(1)),
                Err(_) => return None,
            }
        }
        None
    }

    fn end(&mut self) {
        // it may have ended by itself in between; either way it is gone afterwards
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Drop for HostDriver {
    fn drop(&mut self) {
        self.end();
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

    fn finish(&mut self) -> Result<(), TokenError> {
        self.send(&Request::Finish)?;
        self.receive::<()>(Operation::Finish, Some(self.limits.finish))?;
        // it leaves by itself; a driver that hangs in its exit is ended by `Drop`
        self.wait_shortly();
        Ok(())
    }
}

#[cfg(unix)]
fn describe(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt as _;
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(signal)) => format!("signal {signal}"),
        (None, None) => "unknown".to_owned(),
    }
}

#[cfg(not(unix))]
fn describe(status: ExitStatus) -> String {
    status.code().map_or_else(
        || "unknown".to_owned(),
        |code| format!("exit code {code:#x}"),
    )
}
