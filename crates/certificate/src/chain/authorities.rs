//! CA certificates at hand, and where they come from.

use std::collections::HashMap;

use crate::Certificate;

/// Where a CA certificate was at hand; the one that is worth more last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// In the certificate's own file. It vouches for nothing.
    File,
    /// On a token. It vouches for nothing.
    Token,
    /// In the store of this computer's system.
    System,
    /// In the folder beside the configuration.
    Folder,
    /// Named in the command.
    Given,
}

/// CA certificates, each once, found by their subject.
#[derive(Clone, Debug, Default)]
pub struct Authorities {
    known: Vec<(Certificate, Origin)>,
    by_subject: HashMap<Vec<u8>, Vec<usize>>,
    by_fingerprint: HashMap<[u8; 32], usize>,
}

impl Authorities {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds certificates. One that is there already keeps the origin that is worth more.
    pub fn add(&mut self, certificates: impl IntoIterator<Item = Certificate>, origin: Origin) {
        for certificate in certificates {
            let fingerprint = *certificate.sha256_bytes();
            let known = self.by_fingerprint.get(&fingerprint).copied();
            if let Some((_, earlier)) = known.and_then(|index| self.known.get_mut(index)) {
                *earlier = origin.max(*earlier);
                continue;
            }
            let index = self.known.len();
            self.by_fingerprint.insert(fingerprint, index);
            let subject = certificate.subject().der().to_vec();
            self.by_subject.entry(subject).or_default().push(index);
            self.known.push((certificate, origin));
        }
    }

    /// Those whose subject is this certificate's issuer, byte for byte.
    pub(super) fn named_as_issuer_of(
        &self,
        certificate: &Certificate,
    ) -> impl Iterator<Item = &(Certificate, Origin)> {
        let indexes = self.by_subject.get(certificate.issuer().der());
        let indexes = indexes.map(Vec::as_slice).unwrap_or_default();
        indexes.iter().filter_map(|index| self.known.get(*index))
    }

    /// Whether none is there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}
