//! The host's side: loads the one driver it was started for and answers requests until told to stop
//! or until the parent is gone.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use super::frame::{self, FrameError};
use super::message::{Launch, Login, Request, Response};
use crate::module::ModulePath;
use crate::pin::Credential;
use crate::pkcs11::LoadedDriver;
use crate::session::Driver;

/// Why a host could not serve.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The pipes to the parent could not be set up.
    #[error("the pipes to the parent program are not there")]
    NoPipes(#[from] io::Error),
}

/// Runs a driver host on this process's standard input and output, which the driver itself is kept
/// away from. Returns when the parent is done or gone.
///
/// # Errors
/// When the pipes are not there. What the driver does wrong is an answer, not an error.
pub fn run(module: &Path) -> Result<(), HostError> {
    let (mut input, mut output) = pipes()?;
    let Ok(Launch { init }) = frame::read(&mut input) else {
        // no parent that speaks to us
        return Ok(());
    };
    let module = ModulePath::check(module).map(|module| module.with_init(init));
    match module.and_then(|module| LoadedDriver::load(&module)) {
        Ok(mut driver) => {
            if frame::write(&mut output, &Response::Ok(())).is_ok() {
                serve(&mut driver, &mut input, &mut output);
            }
        }
        Err(error) => {
            // the parent may be gone; there is nobody else to tell
            frame::write(&mut output, &Response::<()>::Err(error)).ok();
        }
    }
    Ok(())
}

/// Answers requests until the pipe ends or `Finish` was answered.
fn serve(driver: &mut dyn Driver, input: &mut impl Read, output: &mut impl Write) {
    while let Ok(request) = frame::read::<Request>(input) {
        let is_last = matches!(request, Request::Finish);
        if answer(driver, request, input, output).is_err() || is_last {
            return;
        }
    }
}

fn answer(
    driver: &mut dyn Driver,
    request: Request,
    input: &mut impl Read,
    output: &mut impl Write,
) -> Result<(), FrameError> {
    match request {
        Request::AddCertificate { slot, certificate } => {
            frame::write(output, &driver.add_certificate(slot, &certificate))
        }
        Request::Find { slot, query } => frame::write(output, &driver.find(slot, &query)),
        Request::Finish => frame::write(output, &driver.finish()),
        Request::Information => frame::write(output, &driver.information()),
        Request::LogIn { slot, login } => {
            let credential =
                credential(login, input)?.ok_or(FrameError::Nonsense("a login without one"))?;
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
            login,
        } => {
            let login = credential(login, input)?;
            frame::write(
                output,
                &driver.sign(slot, key, scheme, &message, login.as_ref()),
            )
        }
        Request::SlotNumbers => frame::write(output, &driver.slot_numbers()),
        Request::Slots { detail } => frame::write(output, &driver.slots(detail)),
        Request::Token { slot } => frame::write(output, &driver.token(slot)),
    }
}

/// The login that comes with a request.
fn credential(login: Login, input: &mut impl Read) -> Result<Option<Credential>, FrameError> {
    Ok(match login {
        Login::None => None,
        Login::PinFollows => Some(Credential::Pin(frame::read_pin(input)?)),
        Login::Elsewhere => Some(Credential::ProtectedAuthenticationPath),
    })
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
