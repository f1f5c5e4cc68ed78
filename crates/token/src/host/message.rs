//! The messages of the pipe: whole operations with owned values. A PIN is never among them.

use std::ffi::OsString;

use serde::{Deserialize, Serialize};

use crate::error::{Operation, TokenError};
use crate::module::InitString;
use crate::object::{Fence, NewCertificate, ObjectClass, ObjectHandle, Query};
use crate::pin::Credential;
use crate::session::{Access, SignatureScheme, SlotDetail};
use crate::token::SlotId;

/// The first frame from the parent, before the driver is loaded: what the command line of a process
/// would show to everybody on the machine.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Launch {
    pub(super) init: Option<InitString>,
}

/// From the parent to the host.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Request {
    AddCertificate {
        slot: SlotId,
        certificate: NewCertificate,
    },
    ChangePin {
        slot: SlotId,
        old: Login,
        new: Login,
    },
    Find {
        slot: SlotId,
        query: Query,
    },
    Finish,
    /// Hold this file from now on, to the end of the process.
    Hold {
        file: OsString,
    },
    Information,
    LogIn {
        slot: SlotId,
        login: Login,
    },
    Open {
        slot: SlotId,
        wanted: Access,
    },
    IsLoggedIn {
        slot: SlotId,
    },
    Read {
        slot: SlotId,
        class: ObjectClass,
        handles: Vec<ObjectHandle>,
    },
    ReadInFreshSession {
        slot: SlotId,
        query: Query,
    },
    RemoveCertificate {
        slot: SlotId,
        handle: ObjectHandle,
        fence: Fence,
    },
    SetCertificateId {
        slot: SlotId,
        handle: ObjectHandle,
        id: Vec<u8>,
        expected_value: Vec<u8>,
    },
    Sign {
        slot: SlotId,
        key: ObjectHandle,
        scheme: SignatureScheme,
        message: Vec<u8>,
        login: Login,
    },
    SlotNumbers,
    Slots {
        detail: SlotDetail,
    },
    Token {
        slot: SlotId,
    },
    UnblockPin {
        slot: SlotId,
        officer: Login,
        new: Login,
    },
}

/// How a login comes with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Login {
    /// There is none.
    None,
    /// The PIN comes next, in its own raw frame.
    PinFollows,
    /// On the reader or in the driver's own window.
    Elsewhere,
}

impl Login {
    pub(super) const fn of(credential: Option<&Credential>) -> Self {
        match credential {
            None => Self::None,
            Some(Credential::Pin(_)) => Self::PinFollows,
            Some(Credential::ProtectedAuthenticationPath) => Self::Elsewhere,
        }
    }
}

impl Request {
    pub(super) const fn operation(&self) -> Operation {
        match self {
            Self::AddCertificate { .. } => Operation::AddCertificate,
            Self::ChangePin { .. } => Operation::ChangePin,
            Self::UnblockPin { .. } => Operation::UnblockPin,
            Self::Find { .. } => Operation::Find,
            Self::Finish => Operation::Finish,
            Self::Information => Operation::Information,
            Self::Hold { .. } | Self::LogIn { .. } | Self::IsLoggedIn { .. } => Operation::LogIn,
            Self::Open { .. } => Operation::Open,
            Self::Read { .. } | Self::ReadInFreshSession { .. } => Operation::Read,
            Self::RemoveCertificate { .. } => Operation::RemoveCertificate,
            Self::SetCertificateId { .. } => Operation::SetCertificateId,
            Self::Sign { .. } => Operation::Sign,
            Self::SlotNumbers | Self::Slots { .. } => Operation::Slots,
            Self::Token { .. } => Operation::Token,
        }
    }

    /// The PIN that is to be, where one comes after the login.
    pub(super) const fn new_pin(&self) -> Login {
        match self {
            Self::ChangePin { new, .. } | Self::UnblockPin { new, .. } => *new,
            Self::AddCertificate { .. }
            | Self::Find { .. }
            | Self::Finish
            | Self::Hold { .. }
            | Self::Information
            | Self::IsLoggedIn { .. }
            | Self::LogIn { .. }
            | Self::Open { .. }
            | Self::Read { .. }
            | Self::ReadInFreshSession { .. }
            | Self::RemoveCertificate { .. }
            | Self::SetCertificateId { .. }
            | Self::Sign { .. }
            | Self::SlotNumbers
            | Self::Slots { .. }
            | Self::Token { .. } => Login::None,
        }
    }

    /// Whether a login comes with it.
    pub(super) const fn login(&self) -> Login {
        match self {
            Self::ChangePin { old: login, .. } | Self::UnblockPin { officer: login, .. } => *login,
            Self::LogIn { login, .. } | Self::Sign { login, .. } => *login,
            Self::AddCertificate { .. }
            | Self::Find { .. }
            | Self::Finish
            | Self::Hold { .. }
            | Self::Information
            | Self::IsLoggedIn { .. }
            | Self::Open { .. }
            | Self::Read { .. }
            | Self::ReadInFreshSession { .. }
            | Self::RemoveCertificate { .. }
            | Self::SetCertificateId { .. }
            | Self::SlotNumbers
            | Self::Slots { .. }
            | Self::Token { .. } => Login::None,
        }
    }
}

/// From the host to the parent, beside the names of the calls it makes: once when the driver is started (`()`), then one a request, each
/// with the value that the operation of the [`crate::session::Driver`] trait gives.
pub(super) type Response<Value> = Result<Value, TokenError>;
