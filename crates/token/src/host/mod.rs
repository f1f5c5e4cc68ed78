//! The driver next door: a driver runs in a process of its own, and this is the pipe to it.

mod client;
mod connection;
mod frame;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod message;
mod process;
mod server;

pub use client::{HostCommand, HostLauncher, TimeLimits};
pub use process::forbid_core_dumps;
pub use server::{HostError, run};
