//! Why nothing is done, and what to know before saying yes: data, no sentences.

use std::path::PathBuf;

use chungthu_token::error::TokenError;
use chungthu_token::token::TokenInformation;
use time::OffsetDateTime;

use crate::Certificate;
use crate::chain::{Problem, Revocation};
use crate::install::request::EarlierRenewal;

/// Why nothing is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The certificate has expired.
    Expired {
        /// Its end, UTC.
        not_after: OffsetDateTime,
    },
    /// The certificate is not valid yet by this computer's clock.
    NotYetValid {
        /// Its beginning, UTC.
        not_before: OffsetDateTime,
        /// The clock, UTC.
        now: OffsetDateTime,
    },
    /// A newer certificate of the same key is on the token.
    OlderThanInstalled {
        /// The newer one.
        installed: Box<Certificate>,
    },
    /// A certificate with the same issuer and serial, but other bytes, is on the token.
    SameSerialDifferentBytes {
        /// The one on the token.
        installed: Box<Certificate>,
    },
    /// The issuer's certificate is at hand and its key did not sign this one.
    IssuerSignatureInvalid {
        /// The issuer's common name or whole name.
        issuer: String,
    },
    /// Every token shows keys, and none is this certificate's.
    KeyNotOnToken {
        /// The tokens looked at.
        tokens: Vec<TokenInformation>,
    },
    /// More than one private key fits.
    KeyAmbiguous {
        /// Their ids, raw.
        ids: Vec<Vec<u8>>,
    },
    /// After the login the token still does not show whether it has the key.
    KeyCannotTell,
    /// The private key may not sign and shows nothing of itself, so that it cannot be proved.
    KeyMayNotSign,
    /// No driver shows a token, or none is as asked for.
    TokenNotFound {
        /// How many drivers were tried.
        drivers: usize,
        /// The tokens that are there but were not asked for.
        others: Vec<TokenInformation>,
    },
    /// No token could be looked into, and a driver or a token answered an error.
    NothingReadable {
        /// The driver's file, as it was named.
        driver: PathBuf,
        /// What it answered.
        error: TokenError,
    },
    /// More than one token may hold the key.
    TokenAmbiguous {
        /// Those that may.
        tokens: Vec<TokenInformation>,
    },
    /// Several of the certificates given may be meant for the one token, or no token tells which is.
    SeveralCertificates {
        /// Those that may.
        certificates: Vec<Certificate>,
    },
    /// The token is not initialised.
    TokenNotInitialized,
    /// The token may not be written.
    TokenWriteProtected,
    /// The PIN is locked.
    PinLocked,
    /// One more wrong PIN would lock the token.
    PinFinalTry,
    /// The token's flags tell of no lost try, and so many logins from this computer failed since the last
    /// success that the next may be the last.
    PinTriesCounted {
        /// How many.
        count: usize,
    },
}

/// Something to know before saying yes, and again in the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// The issuer's certificate is not at hand, so its signature was not checked.
    IssuerUnknown,
    /// Something about the certificate's chain that a strict program may refuse.
    Chain {
        /// What.
        problem: Problem,
        /// The common name, or the subject, of the certificate it is about.
        name: String,
    },
    /// A list of revoked certificates names the certificate or an authority of it, or does not decide.
    Revocation {
        /// What it says.
        revocation: Revocation,
        /// The name of the authority it is about; `None` for the certificate itself.
        authority: Option<String>,
    },
    /// A wrong PIN was entered since the last right one.
    PinCountLow,
    /// Logins to this token failed since the last success from this computer.
    PinTriesCounted {
        /// How many.
        count: usize,
    },
    /// Installed although expired.
    Expired {
        /// Its end, UTC.
        not_after: OffsetDateTime,
    },
    /// Installed although not valid yet.
    NotYetValid {
        /// Its beginning, UTC.
        not_before: OffsetDateTime,
    },
    /// Installed although a newer one was there.
    OlderThanInstalled,
    /// Two certificates of one key stay on the token: some programs take the wrong one.
    OldKept,
    /// The driver put the new certificate in the place of one that was to be kept.
    OldNotKept,
    /// A certificate under the key's id belongs to another key; no call names it, and it is backed up,
    /// because some drivers put a new certificate in its place.
    ForeignCertificateUnderId {
        /// Its subject, RFC 4514, where it can be parsed.
        subject: Option<String>,
    },
    /// After the write: the driver put the new certificate in the place of one of another key. That one
    /// is gone from the token; it is in the backup, and beside it as a `.cer` file.
    ForeignCertificateLost {
        /// Its subject, RFC 4514, where it can be parsed.
        subject: Option<String>,
    },
    /// Nothing is to be done as far as can be seen, but the key itself is hidden before a login: that
    /// it is on the token, and paired with the certificate, was not checked.
    KeyNotSeen,
    /// The key may not sign (`CKA_SIGN` false, an encryption key), so that its own public value stands
    /// in for the proof by a signature.
    PossessionNotProved,
    /// More old certificates of this key than one were found.
    SeveralOld {
        /// How many.
        count: usize,
    },
    /// A renewal, of a key that was renewed before: the rules let a certificate be renewed once.
    RenewedBefore(EarlierRenewal),
    /// A restore: the backup was made of another token that had the same key.
    BackupOfOtherToken {
        /// That token's serial number, as the backup has it.
        serial: String,
    },
    /// After the change: it could not be written into the history. The change itself is done.
    HistoryNotKept {
        /// The file.
        place: String,
        /// The system's words.
        detail: String,
    },
}
