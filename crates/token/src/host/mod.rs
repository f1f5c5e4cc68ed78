//! The driver next door: a driver runs in a process of its own, and this is the pipe to it.

mod client;
mod frame;
mod message;
mod server;

pub use client::{HostCommand, HostLauncher, TimeLimits};
pub use server::{HostError, run};
