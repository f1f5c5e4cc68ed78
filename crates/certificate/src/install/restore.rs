//! A backed-up state as a goal: which certificates the token held for the key, as they stood.

use chungthu_token::object::{AttributeType, NewCertificate, Object};
use chungthu_token::token::TokenInformation;
use time::OffsetDateTime;

use crate::Certificate;
use crate::install::refusal::Warning;
use crate::install::request::{Goal, Policy, Request};
use crate::records::{Backup, BackupError};

impl Request {
    /// What brings the token back to the state in `backup`. Dates are told and never a reason to
    /// refuse: the certificates were on the token once.
    ///
    /// # Errors
    /// [`BackupError::NotACertificate`] where the backup's objects cannot be read.
    pub fn restore(
        backup: &Backup,
        issuers: Vec<Certificate>,
        now: OffsetDateTime,
    ) -> Result<Self, BackupError> {
        let mut objects: Vec<NewCertificate> = Vec::new();
        let mut newest: Option<Certificate> = None;
        for (index, backed_up) in backup.certificates.iter().enumerate() {
            let object = backed_up.object();
            let certificate = Certificate::from_der(object.value())
                .map_err(|_| BackupError::NotACertificate { index })?;
            let new = as_it_was(&object, &certificate);
            // copies under one id say no more than one
            let is_copy = |known: &NewCertificate| known.value == new.value && known.id == new.id;
            if !objects.iter().any(is_copy) {
                objects.push(new);
            }
            newest = match newest {
                Some(known) if known.not_after() >= certificate.not_after() => Some(known),
                Some(_) | None => Some(certificate),
            };
        }
        // of a key that had none, the certificate that was then installed tells the public key
        let certificate = match newest {
            Some(certificate) => certificate,
            None => backup.installed()?,
        };
        Ok(Self {
            chain: None,
            certificate,
            goal: Goal::Restore(objects),
            issuers,
            policy: Policy::default(),
            now,
            renewed_before: None,
            backed_up_from: Some(backup.token.serial.clone()),
            undone: backup.installed().ok(),
        })
    }

    /// What to know where the backup was made of another token than this.
    pub(super) fn warning_of_origin(&self, token: &TokenInformation) -> Option<Warning> {
        let serial = self.backed_up_from.as_ref()?;
        (*serial != token.serial).then(|| Warning::BackupOfOtherToken {
            serial: serial.clone(),
        })
    }
}

/// The object as it stood, to be written again: its own id, label and names, byte for byte.
pub(super) fn as_it_was(object: &Object, certificate: &Certificate) -> NewCertificate {
    let or = |attribute, parsed: &[u8]| {
        let bytes = object.bytes(attribute).filter(|bytes| !bytes.is_empty());
        bytes.unwrap_or(parsed).to_vec()
    };
    NewCertificate {
        value: object.value().to_vec(),
        subject: or(AttributeType::Subject, certificate.subject().der()),
        issuer: or(AttributeType::Issuer, certificate.issuer().der()),
        serial_number: or(AttributeType::SerialNumber, certificate.serial_number_der()),
        id: object.id().to_vec(),
        label: or(AttributeType::Label, &[]),
        private: Some(object.is_private()),
    }
}
