//! One host process and the pipe to it: asks, waits no longer than it should, and says how the host
//! ended and in which call.

use std::io::{self, BufReader};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::frame::{self, FrameError, FromHost};
use super::message::Response;
use crate::error::{Cause, Operation, TokenError};
use crate::pin::Pin;

/// How often a wait looks up: whether the host is still there, and whether the person wants to stop.
const LOOK: Duration = Duration::from_millis(50);
/// How long a host may take to be gone once its pipe is closed.
const LEAVING: Duration = Duration::from_secs(1);

/// How long an answer is waited for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Patience {
    /// This long.
    AtMost(Duration),
    /// This long, and no longer than that once the person wants to stop: nothing is lost by it.
    Unless { limit: Duration, stopping: Duration },
    /// While a person types on the reader or in the driver's own window, until the person wants to stop.
    WhileTyping,
}

/// A host process.
pub(super) struct Connection {
    child: Child,
    requests: ChildStdin,
    answers: Receiver<Result<Vec<u8>, FrameError>>,
    /// The PKCS#11 function that the host announced last for the request under way.
    calling: Arc<Mutex<Option<String>>>,
    interrupted: Arc<AtomicBool>,
}

impl Connection {
    /// Starts the host.
    pub(super) fn start(command: &mut Command, interrupted: Arc<AtomicBool>) -> io::Result<Self> {
        // A group of its own: what a terminal tells the program's (Ctrl-C, Ctrl-\\, its own end) does not
        // end a driver inside a call. When to end is said by the pipe.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (Some(requests), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let (sender, answers) = mpsc::channel();
        let calling = Arc::default();
        let last_call = Arc::clone(&calling);
        // a thread, because a pipe cannot be read with a time limit; it ends with the pipe
        std::thread::spawn(move || listen(output, &sender, &last_call));
        Ok(Self {
            child,
            requests,
            answers,
            calling,
            interrupted,
        })
    }

    /// Sends one message.
    pub(super) fn send(
        &mut self,
        operation: Operation,
        message: &impl Serialize,
    ) -> Result<(), TokenError> {
        tracing::debug!(?operation, "asked");
        *self.last_call() = None;
        frame::write(&mut self.requests, message).map_err(|error| self.lost(operation, &error))
    }

    /// Sends the PIN that the message before announced.
    pub(super) fn send_pin(&mut self, operation: Operation, pin: &Pin) -> Result<(), TokenError> {
        frame::write_pin(&mut self.requests, pin).map_err(|error| self.lost(operation, &error))
    }

    /// Waits for the answer.
    pub(super) fn receive<Value: DeserializeOwned>(
        &mut self,
        operation: Operation,
        patience: Patience,
    ) -> Result<Value, TokenError> {
        let body = self.wait(operation, patience)?;
        let outcome = match frame::decode::<Response<Value>>(&body) {
            Ok(response) => response,
            Err(error) => Err(self.lost(operation, &error)),
        };
        match &outcome {
            Ok(_) => tracing::debug!(?operation, "answered"),
            Err(error) => tracing::debug!(?operation, %error, "failed"),
        }
        outcome
    }

    fn wait(&mut self, operation: Operation, patience: Patience) -> Result<Vec<u8>, TokenError> {
        let begin = Instant::now();
        let mut limit = match patience {
            Patience::AtMost(limit) | Patience::Unless { limit, .. } => Some(limit),
            Patience::WhileTyping => None,
        };
        let mut is_stopping = false;
        loop {
            let left = limit.map_or(LOOK, |limit| limit.saturating_sub(begin.elapsed()));
            match self.answers.recv_timeout(left.min(LOOK)) {
                Ok(Ok(body)) => return Ok(body),
                Ok(Err(error)) => return Err(self.lost(operation, &error)),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(self.lost(operation, &FrameError::Ended));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                return self.take_last(operation, status);
            }
            if limit.is_some_and(|limit| begin.elapsed() >= limit) {
                self.end();
                let seconds = limit.unwrap_or_default().as_secs();
                return Err(self.failed(operation, Cause::DriverTimedOut { seconds }));
            }
            if !is_stopping && self.interrupted.load(Ordering::SeqCst) {
                is_stopping = true;
                match patience {
                    Patience::AtMost(_) => {}
                    Patience::Unless {
                        limit: most,
                        stopping,
                    } => {
                        limit = Some(most.min(begin.elapsed().saturating_add(stopping)));
                    }
                    Patience::WhileTyping => {
                        self.end();
                        return Err(self.failed(operation, Cause::DriverInterrupted));
                    }
                }
            }
        }
    }

    /// The host is gone and its pipe is not closed: something that the driver started holds it open.
    /// What the host wrote last may still come out of it.
    fn take_last(
        &mut self,
        operation: Operation,
        status: ExitStatus,
    ) -> Result<Vec<u8>, TokenError> {
        match self.answers.recv_timeout(LOOK) {
            Ok(Ok(body)) => Ok(body),
            Ok(Err(_)) | Err(_) => {
                let status = describe(status);
                Err(self.failed(operation, Cause::DriverCrashed { status }))
            }
        }
    }

    /// The pipe broke: says how the process ended.
    fn lost(&mut self, operation: Operation, error: &FrameError) -> TokenError {
        let cause = match error {
            FrameError::Nonsense(detail) => {
                self.end();
                let detail = (*detail).to_owned();
                Cause::DriverIncomprehensible { detail }
            }
            FrameError::Ended => {
                let status = self.wait_shortly().map_or_else(
                    || {
                        self.end();
                        "the pipe closed".to_owned()
                    },
                    describe,
                );
                Cause::DriverCrashed { status }
            }
        };
        self.failed(operation, cause)
    }

    /// A failure of the process, in the call that it announced last.
    fn failed(&self, operation: Operation, cause: Cause) -> TokenError {
        let error = TokenError::new(operation, cause);
        match self.last_call().clone() {
            Some(function) => error.in_call(function),
            None => error,
        }
    }

    fn last_call(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        // a name is whole whenever the lock is free
        self.calling.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How the process ended, if it ends by itself now: the pipe closes a moment before it is gone.
    pub(super) fn wait_shortly(&mut self) -> Option<ExitStatus> {
        let begin = Instant::now();
        while begin.elapsed() < LEAVING {
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

impl Drop for Connection {
    fn drop(&mut self) {
        self.end();
    }
}

/// Reads what the host sends until nothing more comes, and remembers the call it announced last.
fn listen(
    output: ChildStdout,
    answers: &Sender<Result<Vec<u8>, FrameError>>,
    last_call: &Mutex<Option<String>>,
) {
    // no PIN comes this way
    let mut output = BufReader::new(output);
    loop {
        let answer = match frame::read_from_host(&mut output) {
            Ok(FromHost::Calling(function)) => {
                tracing::debug!(function, "calling");
                *last_call.lock().unwrap_or_else(PoisonError::into_inner) = Some(function);
                continue;
            }
            Ok(FromHost::Answer(body)) => Ok(body),
            Err(error) => Err(error),
        };
        let is_end = answer.is_err();
        if answers.send(answer).is_err() || is_end {
            return;
        }
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
