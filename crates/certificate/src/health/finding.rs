//! A finding: one thing that was looked at, how much it matters, and the facts.

use time::OffsetDateTime;

/// How much a finding matters; in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Looked at, and as it should be.
    Ok,
    /// Worth knowing; nothing has to be done.
    Info,
    /// Something should be done, or will have to be.
    Warning,
    /// The token does not do its work, or soon will not.
    Error,
}

impl Severity {
    /// The word of the JSON form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Writes the table down once: the variant, the public code, what it always weighs, and the names of its
/// facts.
macro_rules! findings {
    ($($(#[doc = $doc:literal])+ $variant:ident = $code:literal => $severity:ident [$($fact:literal),* $(,)?],)+) => {
        /// The stable names of all findings. A code always has the same severity and the same facts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FindingCode { $($(#[doc = $doc])+ $variant),+ }

        impl FindingCode {
            /// Every code, in the order in which they are looked for.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The public name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// How much it matters.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity),+ }
            }

            /// The names of its facts.
            #[must_use]
            pub const fn facts(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($fact),*]),+ }
            }
        }
    };
}

findings! {
    // the driver
    /// The driver loaded, started and answered.
    DriverAnswers = "DRIVER_ANSWERS" => Ok ["path", "route", "name", "manufacturer", "version", "cryptoki_version", "architecture", "milliseconds"],
    /// It took so long to start that programs with less patience give up.
    DriverSlow = "DRIVER_SLOW" => Warning ["milliseconds"],
    /// It could not say its own name and version (`C_GetInfo`).
    DriverNameless = "DRIVER_NAMELESS" => Info [],
    /// It failed, crashed or hung when it was told to end (`C_Finalize`).
    DriverEndsBadly = "DRIVER_ENDS_BADLY" => Info ["problem"],

    // the token
    /// The token answers; how it calls itself.
    TokenAnswers = "TOKEN_ANSWERS" => Ok ["label", "serial", "model", "manufacturer", "hardware_version", "firmware_version", "reader"],
    /// `CK_TOKEN_INFO.serialNumber` may differ from the number that is printed on the case.
    TokenSerialNote = "TOKEN_SERIAL_NOTE" => Info ["serial"],
    /// No serial, or zeros for one: not to be told from others of its kind.
    TokenNoSerial = "TOKEN_NO_SERIAL" => Warning ["serial"],
    /// Nobody has initialised it (`CKF_TOKEN_INITIALIZED` is not set).
    TokenNotInitialized = "TOKEN_NOT_INITIALIZED" => Error [],
    /// A store of CA certificates behind PKCS#11; no token of a person.
    TokenIsStore = "TOKEN_IS_STORE" => Info [],
    /// The driver says that nothing can be written (`CKF_WRITE_PROTECTED`).
    TokenWriteProtected = "TOKEN_WRITE_PROTECTED" => Warning [],
    /// There is room for another certificate, as far as the driver tells.
    TokenMemory = "TOKEN_MEMORY" => Ok ["free", "total"],
    /// Too little room for another certificate.
    TokenMemoryLow = "TOKEN_MEMORY_LOW" => Warning ["free", "total"],
    /// Its objects could not be read.
    TokenUnreadable = "TOKEN_UNREADABLE" => Error ["problem", "function", "return_value"],
    /// Neither a key nor a certificate can be seen.
    TokenShowsNothing = "TOKEN_SHOWS_NOTHING" => Warning [],

    // the PIN
    /// No flag tells of a lost try, and this computer has counted none.
    PinReady = "PIN_READY" => Ok ["minimum", "maximum"],
    /// `CKF_USER_PIN_COUNT_LOW`
    PinLow = "PIN_LOW" => Warning [],
    /// `CKF_USER_PIN_FINAL_TRY`
    PinFinalTry = "PIN_FINAL_TRY" => Error [],
    /// `CKF_USER_PIN_LOCKED`
    PinLocked = "PIN_LOCKED" => Error ["form", "form_before"],
    /// `CKF_USER_PIN_TO_BE_CHANGED`
    PinToBeChanged = "PIN_TO_BE_CHANGED" => Warning [],
    /// `CKF_USER_PIN_INITIALIZED` is not set.
    PinNotSet = "PIN_NOT_SET" => Warning [],
    /// Logins from this computer failed since the last success, as its own record says.
    PinFailedLogins = "PIN_FAILED_LOGINS" => Warning ["count"],
    /// The record of failed logins tells of lost tries and the token's flags do not: this driver does not
    /// report them.
    PinNotReported = "PIN_NOT_REPORTED" => Info [],
    /// The record of failed logins cannot be read.
    PinRecordUnreadable = "PIN_RECORD_UNREADABLE" => Warning [],
    /// The PIN is typed on the reader or in the driver's own window.
    PinOnReader = "PIN_ON_READER" => Info [],

    // keys
    /// A key that can sign.
    KeyFound = "KEY_FOUND" => Ok ["type", "bits"],
    /// Private keys are not shown before the login; the public keys or certificates stand for them.
    KeysHidden = "KEYS_HIDDEN" => Info [],
    /// RSA below 2048 bits, or EC below 256.
    KeyWeak = "KEY_WEAK" => Warning ["type", "bits"],
    /// `CKA_EXTRACTABLE` is true or `CKA_SENSITIVE` false: the key can leave the token.
    KeyExtractable = "KEY_EXTRACTABLE" => Warning ["extractable", "sensitive"],
    /// `CKA_ALWAYS_AUTHENTICATE`: the PIN is wanted for each signature.
    KeyAlwaysAuthenticate = "KEY_ALWAYS_AUTHENTICATE" => Info [],
    /// `CKA_SIGN` is false: a key for encryption.
    KeyNotForSigning = "KEY_NOT_FOR_SIGNING" => Info [],
    /// No certificate on the token is for this key.
    KeyWithoutCertificate = "KEY_WITHOUT_CERTIFICATE" => Warning ["type", "bits"],
    /// Two keys with one `CKA_ID`: programs that go by the id confuse them.
    KeysShareId = "KEYS_SHARE_ID" => Warning ["count"],
    /// A key without `CKA_ID`.
    KeyWithoutId = "KEY_WITHOUT_ID" => Warning [],

    // certificates
    /// Valid, and its end is far.
    CertificateValid = "CERTIFICATE_VALID" => Ok ["days_left", "not_after"],
    /// Valid, and its end is near.
    CertificateEndsSoon = "CERTIFICATE_ENDS_SOON" => Warning ["days_left", "not_after"],
    /// Expired, and no valid certificate of its key is there.
    CertificateExpired = "CERTIFICATE_EXPIRED" => Error ["days_ago", "not_after", "form_person", "form_agency", "form_person_before", "form_agency_before"],
    /// Expired, and left beside a newer one of the same key.
    CertificateExpiredLeft = "CERTIFICATE_EXPIRED_LEFT" => Info ["not_after"],
    /// Its time has not begun.
    CertificateNotYetValid = "CERTIFICATE_NOT_YET_VALID" => Warning ["not_before", "today"],
    /// Its key is not on the token.
    CertificateWithoutKey = "CERTIFICATE_WITHOUT_KEY" => Warning [],
    /// Its key cannot be seen before a login.
    CertificateKeyUnknown = "CERTIFICATE_KEY_UNKNOWN" => Info [],
    /// The same bytes more than once.
    CertificateDuplicate = "CERTIFICATE_DUPLICATE" => Warning ["count"],
    /// Several valid certificates of one key: programs may take the older one.
    CertificatesShareKey = "CERTIFICATES_SHARE_KEY" => Warning ["count"],
    /// Its `CKA_ID` is not its key's: programs do not find the key.
    CertificateIdDiffers = "CERTIFICATE_ID_DIFFERS" => Warning ["id", "key_id"],
    /// `CKA_SUBJECT` is not the certificate's subject: programs that search by it do not find it.
    CertificateSubjectDiffers = "CERTIFICATE_SUBJECT_DIFFERS" => Warning [],
    /// The common name ends in "(M)": a certificate for encryption.
    CertificateForEncryption = "CERTIFICATE_FOR_ENCRYPTION" => Info [],
    /// Key usage without digitalSignature.
    CertificateNotForSigning = "CERTIFICATE_NOT_FOR_SIGNING" => Warning ["key_usage"],
    /// Signed with SHA-1.
    CertificateWeakSignature = "CERTIFICATE_WEAK_SIGNATURE" => Warning ["algorithm"],
    /// Its key is weak, and the key object does not show it.
    CertificateWeakKey = "CERTIFICATE_WEAK_KEY" => Warning ["type", "bits"],
    /// A certification authority's certificate.
    AuthorityOnToken = "AUTHORITY_ON_TOKEN" => Info [],
    /// So many authorities' certificates that they are counted only.
    AuthoritiesOnToken = "AUTHORITIES_ON_TOKEN" => Info ["count"],
    /// Bytes that are no certificate.
    ObjectUnreadable = "OBJECT_UNREADABLE" => Warning ["bytes"],

    // who issued it
    /// The chain ends at a known certificate of the government CA.
    IssuerGovernment = "ISSUER_GOVERNMENT" => Ok ["generation", "anchor"],
    /// The chain ends at a CA certificate that was given or that the system trusts.
    IssuerTrusted = "ISSUER_TRUSTED" => Ok ["anchor", "trusted_by"],
    /// It claims to be of the government CA; a CA certificate to verify it with is missing.
    IssuerNotChecked = "ISSUER_NOT_CHECKED" => Info ["generation", "missing"],
    /// Of another CA, and nothing at hand verifies it.
    IssuerUnknown = "ISSUER_UNKNOWN" => Info ["issuer"],
    /// The named issuer's key did not make the signature.
    IssuerBadSignature = "ISSUER_BAD_SIGNATURE" => Error ["issuer"],
    /// Something about the chain that a strict program may refuse.
    ChainProblem = "CHAIN_PROBLEM" => Warning ["problem", "authority"],
    /// Issued under the first generation of the government CA, which ends in March 2030.
    IssuerEnds = "ISSUER_ENDS" => Info ["not_after"],
    /// The CA's certificate ends before this one.
    IssuerEndsBefore = "ISSUER_ENDS_BEFORE" => Warning ["issuer_not_after", "not_after"],

    // revocation
    /// Not on the CA's list, which is of today's validity.
    RevocationGood = "REVOCATION_GOOD" => Ok ["next_update"],
    /// On the CA's list.
    CertificateRevoked = "CERTIFICATE_REVOKED" => Error ["date", "reason", "form", "form_before"],
    /// The list that was given does not decide: too old, of another CA, or damaged.
    RevocationListUnusable = "REVOCATION_LIST_UNUSABLE" => Warning ["problem", "next_update"],

    // the right to a renewal
    /// A renewal can be asked for until a day.
    RenewalOpen = "RENEWAL_OPEN" => Info ["until", "days_needed", "form", "form_before", "basis"],
    /// A renewal can be asked for, and the time for it ends soon.
    RenewalNow = "RENEWAL_NOW" => Warning ["until", "days", "days_needed", "form", "form_before", "basis"],
    /// Fewer days are left than a renewal needs.
    RenewalTooLate = "RENEWAL_TOO_LATE" => Warning ["days_left", "days_needed", "form_person", "form_agency", "form_person_before", "form_agency_before", "basis"],
    /// Probably renewed once already, which is all that the rule allows.
    RenewalUsed = "RENEWAL_USED" => Info ["because", "days_of_validity", "form_person", "form_agency", "form_person_before", "form_agency_before", "basis"],

    // the proof
    /// The key signed a random challenge, and the certificate verifies it.
    SignTestPassed = "SIGN_TEST_PASSED" => Ok ["type"],
    /// The key did not sign, or not with the certificate's key.
    SignTestFailed = "SIGN_TEST_FAILED" => Error ["problem", "answer"],
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The driver.
    Driver,
    /// The token itself.
    Token,
    /// The user PIN.
    Pin,
    /// A key, by its place in the inventory.
    Key(usize),
    /// A certificate, by its place in the inventory.
    Certificate(usize),
}

/// One fact of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Cleaned text.
    Text(String),
    /// One of a fixed set of words, which a catalogue translates.
    Word(&'static str),
    /// A count, of what the fact's name says.
    Number(i64),
    /// A point in time, UTC.
    Time(OffsetDateTime),
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which.
    pub code: FindingCode,
    /// About what.
    pub subject: Subject,
    /// The facts, by the names of [`FindingCode::facts`]; one that is not known is left out.
    pub facts: Vec<(&'static str, Fact)>,
}

impl Finding {
    /// A finding without facts.
    #[must_use]
    pub const fn new(code: FindingCode, subject: Subject) -> Self {
        Self {
            code,
            subject,
            facts: Vec::new(),
        }
    }

    /// The same with one more fact.
    #[must_use]
    pub fn with(mut self, name: &'static str, fact: impl Into<Fact>) -> Self {
        debug_assert!(self.code.facts().contains(&name), "{name}");
        self.facts.push((name, fact.into()));
        self
    }

    /// The same with one more fact, where it is known.
    #[must_use]
    pub fn with_some(self, name: &'static str, fact: Option<impl Into<Fact>>) -> Self {
        match fact {
            Some(fact) => self.with(name, fact),
            None => self,
        }
    }

    /// The fact of this name.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<&Fact> {
        let found = self.facts.iter().find(|(known, _)| *known == name);
        found.map(|(_, fact)| fact)
    }

    /// How much it matters.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.code.severity()
    }
}

impl From<String> for Fact {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Fact {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Fact {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u64> for Fact {
    fn from(number: u64) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Fact {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<OffsetDateTime> for Fact {
    fn from(time: OffsetDateTime) -> Self {
        Self::Time(time)
    }
}
