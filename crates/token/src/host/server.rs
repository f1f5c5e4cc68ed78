//! The host's side: loads the one driver it was started for and answers requests until told to stop
//! or until the parent is gone.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use super::frame::{self, FrameError};
use super::message::{Launch, Login, Request, Response};
use super::process::{self, forbid_core_dumps};
use crate::error::{Cause, Operation, TokenError};
use crate::module::ModulePath;
use crate::pin::Credential;
use crate::pkcs11::LoadedDriver;
use crate::session::Driver;

/// How long a driver may go on with what it is doing when the parent is gone: a write under way comes to
/// its end, a driver that hangs is ended.
const GRACE: Duration = Duration::from_secs(10);

/// Why a host could not serve.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The pipes to the parent could not be set up.
    #[error("the pipes to the parent program are not there")]
    NoPipes(#[from] io::Error),
}

/// A request, the login that came with it, and the PIN that is to be.
struct Incoming {
    request: Request,
    login: Option<Credential>,
    new_pin: Option<Credential>,
}

/// Runs a driver host on this process's standard input and output, which the driver itself is kept
/// away from. Returns when the parent is done or gone. A parent that goes while the driver is busy is
/// noticed too: some seconds later the process is ended, wherever the driver is.
///
/// `hold` is given the file to hold, to the end of the process, before the first login; it says whether
/// nobody else holds it. If somebody does there is no login.
///
/// # Errors
/// When the pipes are not there. What the driver does wrong is an answer, not an error.
pub fn run(module: &Path, mut hold: impl FnMut(&Path) -> bool) -> Result<(), HostError> {
    forbid_core_dumps();
    let (mut input, mut output) = pipes()?;
    let Ok(Launch { init }) = frame::read(&mut input) else {
        // no parent that speaks to us
        return Ok(());
    };
    let calls = output.try_clone()?;
    let incoming = listen(input)?;
    // a parent that is gone is noticed where the answer is due
    let announce = move |function: &'static str| {
        frame::write_call(&mut &calls, function).ok();
    };
    let module = ModulePath::check(module).map(|module| module.with_init(init));
    match module.and_then(|module| LoadedDriver::load(&module, Box::new(announce))) {
        Ok(mut driver) => {
            if frame::write(&mut output, &Response::Ok(())).is_ok() {
                serve(&mut driver, &mut hold, &incoming, &mut output);
            }
        }
        Err(error) => {
            // the parent may be gone; there is nobody else to tell
            frame::write(&mut output, &Response::<()>::Err(error)).ok();
        }
    }
    Ok(())
}

/// Reads requests in a thread of its own, so that the end of the parent is noticed while the driver is
/// busy. The driver keeps the process's first thread.
fn listen(mut input: File) -> io::Result<Receiver<Incoming>> {
    let (sender, incoming) = mpsc::channel();
    thread::Builder::new().spawn(move || {
        while let Ok(one) = Incoming::read(&mut input) {
            // where nobody takes it any more the process is about to end; that it does is watched on
            sender.send(one).ok();
        }
        drop(sender);
        thread::sleep(GRACE);
        process::end();
    })?;
    Ok(incoming)
}

impl Incoming {
    fn read(input: &mut impl Read) -> Result<Self, FrameError> {
        let request: Request = frame::read(input)?;
        let login = read_credential(request.login(), input)?;
        let new_pin = read_credential(request.new_pin(), input)?;
        Ok(Self {
            request,
            login,
            new_pin,
        })
    }
}

fn read_credential(login: Login, input: &mut impl Read) -> Result<Option<Credential>, FrameError> {
    Ok(match login {
        Login::None => None,
        // it stays in this one buffer, whatever thread has it
        Login::PinFollows => Some(Credential::Pin(frame::read_pin(input)?)),
        Login::Elsewhere => Some(Credential::ProtectedAuthenticationPath),
    })
}

/// Answers requests until `Finish` was answered or the parent is gone; then the user is logged out.
fn serve(
    driver: &mut dyn Driver,
    hold: &mut dyn FnMut(&Path) -> bool,
    incoming: &Receiver<Incoming>,
    output: &mut impl Write,
) {
    while let Ok(one) = incoming.recv() {
        let is_last = matches!(one.request, Request::Finish);
        let answered = answer(driver, hold, one, output);
        if is_last {
            return;
        }
        if answered.is_err() {
            break;
        }
    }
    driver.finish().ok();
}

fn answer(
    driver: &mut dyn Driver,
    hold: &mut dyn FnMut(&Path) -> bool,
    Incoming {
        request,
        login,
        new_pin,
    }: Incoming,
    output: &mut impl Write,
) -> Result<(), FrameError> {
    match request {
        Request::AddCertificate { slot, certificate } => {
            frame::write(output, &driver.add_certificate(slot, &certificate))
        }
        Request::ChangePin { slot, .. } => {
            let (old, new) = both(login, new_pin)?;
            frame::write(output, &driver.change_pin(slot, &old, &new))
        }
        Request::UnblockPin { slot, .. } => {
            let (officer, new) = both(login, new_pin)?;
            frame::write(output, &driver.unblock_pin(slot, &officer, &new))
        }
        Request::Find { slot, query } => frame::write(output, &driver.find(slot, &query)),
        Request::Finish => frame::write(output, &driver.finish()),
        Request::Hold { file } => {
            let held = if hold(Path::new(&file)) {
                Ok(())
            } else {
                Err(TokenError::new(Operation::LogIn, Cause::TokenInUse))
            };
            frame::write(output, &held)
        }
        Request::Information => frame::write(output, &driver.information()),
        Request::LogIn { slot, .. } => {
            let credential = login.ok_or(FrameError::Nonsense("a login without one"))?;
            frame::write(output, &driver.log_in(slot, &credential))
        }
        Request::Open { slot, wanted } => frame::write(output, &driver.open(slot, wanted)),
        Request::Read {
            slot,
            class,
            handles,
        } => frame::write(output, &driver.read(slot, class, &handles)),
        Request::ReadInFreshSession { slot, query } => {
            frame::write(output, &driver.read_in_fresh_session(slot, &query))
        }
        Request::RemoveCertificate {
            slot,
            handle,
            fence,
        } => frame::write(output, &driver.remove_certificate(slot, handle, &fence)),
        Request::SetCertificateId {
            slot,
            handle,
            id,
            expected_value,
        } => frame::write(
            output,
            &driver.set_certificate_id(slot, handle, &id, &expected_value),
        ),
        Request::Sign {
            slot,
            key,
            scheme,
            message,
            ..
        } => frame::write(
            output,
            &driver.sign(slot, key, scheme, &message, login.as_ref()),
        ),
        Request::IsLoggedIn { slot } => frame::write(output, &driver.is_logged_in(slot)),
        Request::SlotNumbers => frame::write(output, &driver.slot_numbers()),
        Request::Slots { detail } => frame::write(output, &driver.slots(detail)),
        Request::Token { slot } => frame::write(output, &driver.token(slot)),
    }
}

fn both(
    one: Option<Credential>,
    other: Option<Credential>,
) -> Result<(Credential, Credential), FrameError> {
    one.zip(other)
        .ok_or(FrameError::Nonsense("a change of PIN without PINs"))
}

/// The parent's pipes, unbuffered (a buffer would keep the PIN), with the process's own output
/// turned away: what a driver prints must not get between the frames.
#[cfg(unix)]
fn pipes() -> io::Result<(File, File)> {
    use std::os::fd::AsFd as _;
    let input = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    let nowhere = File::options().read(true).write(true).open("/dev/null")?;
    rustix::stdio::dup2_stdout(&nowhere)?;
    rustix::stdio::dup2_stdin(&nowhere)?;
    Ok((input, output))
}

#[cfg(windows)]
fn pipes() -> io::Result<(File, File)> {
    use std::os::windows::io::AsHandle as _;
    let input = File::from(io::stdin().as_handle().try_clone_to_owned()?);
    let output = File::from(io::stdout().as_handle().try_clone_to_owned()?);
    crate::windows::turn_standard_output_away()?;
    Ok((input, output))
}
