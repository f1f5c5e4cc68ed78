//! PROFILES: quirks of real drivers, by name, that one process of this library takes on.
//!
//! What a token's file holds is the truth. A profile changes what the library shows of it and does to
//! it in this process; a process without one sees what is really there. Each quirk is a row of the
//! table below and acts in one place: `start` (how the library is initialised and ended), `slots` (what
//! slots and tokens say of themselves), `reading` (what is shown), `pins` (tries and logins) or
//! `writing` (what is let through, and what becomes of it).

mod pins;
mod reading;
mod slots;
mod start;
mod writing;

pub(crate) use start::Arguments;
pub(crate) use writing::{Room, half_of};

/// Makes the quirks and their table, so that none is without a name, a description and a source.
macro_rules! quirks {
    ($($quirk:ident $name:literal $does:literal $seen_on:literal;)*) => {
        /// One habit of some driver.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        enum Quirk { $($quirk),* }

        /// The table: each quirk with its name, what the library does, and who does the same.
        const TABLE: &[(Quirk, &str, &str, &str)] = &[$((Quirk::$quirk, $name, $does, $seen_on)),*];
    };
}

quirks! {
    NeedsInitString "needs-init-string"
        "`C_Initialize` without a string in `pReserved`, or without arguments, is `CKR_ARGUMENTS_BAD`."
        "NSS softokn";
    NoNullArguments "no-null-arguments"
        "`C_Initialize(NULL)` is `CKR_ARGUMENTS_BAD`."
        "YubiHSM (yubihsm-shell 501)";
    NoLockingArguments "no-locking-arguments"
        "`CKF_OS_LOCKING_OK` is `CKR_CANT_LOCK`; no arguments at all are fine."
        "drivers named in p11-kit 445 and libp11 91";
    HangsInFinalize "hangs-in-finalize"
        "`C_Finalize` never returns."
        "SafeNet (osslsigncode 390), Oberthur (linux-installer 41)";
    CrashesInFinalize "crashes-in-finalize"
        "`C_Finalize` ends the process with a crash."
        "libp11 615, tpm2-pkcs11 612";
    Slow "slow"
        "Every call takes 20 ms longer."
        "cards; ykcs11 reads all of its card for each session";

    FirstSlotListFails "first-slot-list-fails"
        "The first `C_GetSlotList` is `CKR_GENERAL_ERROR`."
        "a driver that XCA's source works around";
    FirstSlotListEmpty "first-slot-list-empty"
        "The first `C_GetSlotList` tells no slot."
        "no driver yet; it is one whose reader is found by the first question";
    SlotCountGrows "slot-count-grows"
        "`C_GetSlotList` without a buffer counts one slot less than it lists with one."
        "no driver yet; it is a token plugged in between the two calls";
    BadSlot "bad-slot"
        "One more slot is listed, before all others, and every call on it is `CKR_DEVICE_ERROR`."
        "drivers behind pkcs11-provider (212)";
    DirtyLabels "dirty-labels"
        "NULs, control characters and cut UTF-8 stand in all texts about library, slots and tokens."
        "CACKey, openCryptoki, Longmai, OpenSC (1922)";
    NoSerial "no-serial"
        "Tokens have blanks for a serial number."
        "CACKey";
    ZeroSerial "zero-serial"
        "Tokens have zeros for a serial number."
        "NSS softokn, tpm2-pkcs11";
    UnknownFlagBits "unknown-flag-bits"
        "The flags of slots and tokens have every bit that PKCS#11 does not know."
        "no driver yet; versions of the standard add bits";
    NoLoginRequiredFlag "no-login-required-flag"
        "The token has not `CKF_LOGIN_REQUIRED`, though it wants a login."
        "mPollux (EID hack)";
    JunkClock "junk-clock"
        "The token has `CKF_CLOCK_ON_TOKEN` and no time that could be read."
        "openCryptoki";
    LabelChangesWithCertificate "label-changes-with-certificate"
        "The token's label is the common name in its newest certificate."
        "OpenSC with a PIV card, CACKey";
    HandlesChange "handles-change"
        "Every login and every new session gives all objects new handles; the old ones are invalid."
        "no driver yet";
    NoSecondProcess "no-second-process"
        "While one process has a session with a token, others find no token."
        "OpenSC set to connect exclusively, ykman 5.6.0";

    NoPublicKeyObjects "no-public-key-objects"
        "No public key object is shown."
        "SafeNet 5100 after the vendor's import (putty-cac 69)";
    NoPublicValuesOnPrivateKeys "no-public-values-on-private-keys"
        "Private keys show no modulus, exponent, point or public key info."
        "Longmai (OpenSC 1270)";
    EcPointsOnPrivateKeys "ec-points-on-private-keys"
        "Private EC keys show `CKA_EC_POINT`, which otherwise only their public keys do."
        "ykcs11, tpm2-pkcs11, craton-hsm";
    RawEcPoints "raw-ec-points"
        "`CKA_EC_POINT` is the point itself, without the OCTET STRING around it."
        "kryoptic unless configured";
    ExplicitEcParameters "explicit-ec-parameters"
        "`CKA_EC_PARAMS` spells the curve out instead of naming it."
        "ykcs11";
    LeadingZeroModulus "leading-zero-modulus"
        "`CKA_MODULUS` begins with a zero byte."
        "CACKey, SoftHSM (544)";
    TrailingNulIds "trailing-nul-ids"
        "Ids of certificates and public keys end in a NUL that the private key's has not; a search finds only the id as shown."
        "Longmai (OpenSC 1270)";
    NoSearchByValue "no-search-by-value"
        "A search by `CKA_VALUE` or `CKA_MODULUS` finds nothing."
        "craton-hsm";
    HidesEverythingBeforeLogin "hides-everything-before-login"
        "Without a login the token shows no object at all."
        "craton-hsm";
    PrivateKeysShownBeforeLogin "private-keys-shown-before-login"
        "Private keys are shown without a login; signing still wants it."
        "CACKey";
    FindsOneAtATime "finds-one-at-a-time"
        "`C_FindObjects` gives one object, however many are asked for."
        "no driver yet; the standard allows it";
    SearchFailsAfterTwo "search-fails-after-two"
        "`C_FindObjects` is `CKR_DEVICE_ERROR` once two objects of a search are told and more are left."
        "no driver yet";
    SearchIgnoresTemplate "search-ignores-template"
        "A search finds every object that is shown, whatever it asks for."
        "no driver yet; kryoptic and OpenSC tell objects of classes that few expect";
    OneBadAttributeFailsAll "one-bad-attribute-fails-all"
        "`C_GetAttributeValue` that asks for an absent attribute is its code, and nothing is filled in."
        "several drivers, not named; pkcs11-tool asks for one attribute a call";
    AbsentIsOk "absent-is-ok-with-length-minus-one"
        "`C_GetAttributeValue` gives an absent attribute the length -1 and is `CKR_OK`."
        "CACKey";
    NonsenseLengths "nonsense-lengths"
        "Absent attributes have the length 2^31, the greatest that there is, or half of that, and `CKR_OK`."
        "libcastle (python-pkcs11 70), viettel-ca_v6 (python-pkcs11 180)";
    OptionalNonsenseLengths "nonsense-lengths-of-optional-attributes"
        "So have all attributes but class, value, id, certificate type, key type and the numbers of a key."
        "the same";
    LengthsBeyondBuffers "lengths-beyond-buffers"
        "An attribute's length, with a buffer to fill, is one more than the buffer has; without one it is right."
        "no driver yet";
    NoHashingMechanisms "no-hashing-mechanisms"
        "Signing with a mechanism that hashes is `CKR_MECHANISM_INVALID`."
        "gnome-keyring, which says `CKR_KEY_TYPE_INCONSISTENT`";
    NoPlainMechanisms "no-plain-mechanisms"
        "Signing with a mechanism that does not hash is `CKR_MECHANISM_INVALID`."
        "no driver yet; a device may want to hash by itself";

    ReadOnly "read-only"
        "Making, changing or destroying a token object is `CKR_FUNCTION_NOT_SUPPORTED`; no flag says so beforehand."
        "OpenSC with a PIV card, CACKey";
    WriteProtected "write-protected"
        "The token has `CKF_WRITE_PROTECTED`, and no session may write."
        "p11-kit's trust module, OpenSC with a card marked read-only";
    WritesNeedSo "writes-need-so"
        "Making, changing or destroying a token object is `CKR_USER_TYPE_INVALID` for the user and open to the security officer."
        "ykcs11";
    RefusesCertificates "refuses-certificates"
        "Making a certificate is `CKR_FUNCTION_FAILED`."
        "SafeNet 5110 (fortify 566)";
    RefusesPrivateAttribute "refuses-private-attribute"
        "A certificate's template that names `CKA_PRIVATE` is `CKR_TEMPLATE_INCONSISTENT`."
        "ykcs11 (yubico-piv-tool 150)";
    WantsPrivateTrue "wants-private-true"
        "A certificate's template without `CKA_PRIVATE` true is `CKR_TEMPLATE_INCONSISTENT`."
        "YubiHSM (yubihsm-shell 336)";
    OneCertificatePerId "one-certificate-per-id"
        "Making a certificate under an id that one has is `CKR_GENERAL_ERROR`; giving it that id afterwards is fine."
        "OpenSC with a PKCS#15 card";
    OverwritesInPlace "overwrites-in-place"
        "Making a certificate under an id that one has replaces that one, under the same handle."
        "ykcs11";
    ReplacesUnderNewHandle "replaces-under-new-handle"
        "Making a certificate under an id that others have removes those and gives a new handle."
        "no driver yet; it is what pkcs15-init does to a card";
    NoRoom "no-room"
        "More certificates than there were at `C_Initialize` are `CKR_DEVICE_MEMORY`; removing one makes room."
        "a full PKCS#15 card behind OpenSC";
    NoLargerCertificate "no-larger-certificate"
        "A certificate longer than the longest there was at `C_Initialize` is `CKR_DEVICE_MEMORY`."
        "no driver yet; it is a card whose certificate file keeps the size it was made with";
    HalfMadeObjects "half-made-objects"
        "Making a certificate that another quirk refuses leaves an object without value, id and label."
        "SoftHSM2";
    FailsButStores "fails-but-stores"
        "Making a certificate is `CKR_GENERAL_ERROR`, and the certificate is there."
        "OpenSC when the last write to the card fails";
    ForgetsNewCertificates "forgets-new-certificates"
        "A new certificate is shown to this process and never stored."
        "IDPrime (OpenSC 564), ePass2003 (pkcs11js 80)";
    SessionObjects "session-objects"
        "A new certificate is an object of its session, and says so, whatever its template says."
        "ePass2003 (pkcs11js 80)";
    PrivateByDefault "private-by-default"
        "A new certificate is private unless its template says otherwise."
        "drivers with another default than OpenSC's (yubihsm-shell 336)";
    CutsCertificates "cuts-certificates"
        "A new certificate's value is stored without its last byte."
        "OpenSC (3174), which cut after 5000 bytes";
    FirstByteOfIds "id-first-byte-only"
        "A certificate is given no more than the first byte of the id that is asked for."
        "ykcs11";
    EmptyAttributeCrashes "empty-attribute-crashes"
        "An attribute without bytes in a template crashes the process."
        "ykcs11";
    DestroyFailsDuringSearch "destroy-fails-during-search"
        "Destroying an object while a search is under way is `CKR_OPERATION_ACTIVE`."
        "YubiHSM (Mastercard's changelog)";
    RewritesLabels "rewrites-labels"
        "A new certificate gets the label `Certificate` instead of the one asked for."
        "ykcs11";
    RefusesLabelOfOtherSubject "refuses-label-of-other-subject"
        "Making a certificate with a label that one of another subject has is `CKR_ATTRIBUTE_VALUE_INVALID`."
        "NSS softokn, whose labels are nicknames of subjects";
    IgnoresIdChange "ignores-id-change"
        "Changing a certificate's `CKA_ID` is `CKR_OK` and changes nothing."
        "OpenSC (1632), for what a card does not keep";
    RefusesIdChange "refuses-id-change"
        "Changing a certificate's `CKA_ID` is `CKR_ATTRIBUTE_READ_ONLY`."
        "ykcs11, which says `CKR_FUNCTION_NOT_SUPPORTED`";

    FrozenPinFlags "frozen-pin-flags"
        "No flag ever tells of a wrong PIN, nor that the PIN is locked."
        "ePass2003 (OpenSC 871)";
    WrongPinIsGeneralError "wrong-pin-is-general-error"
        "A wrong PIN is `CKR_GENERAL_ERROR`, also the one that locks; it counts all the same."
        "ePass2003 (OpenSC 871)";
    LockingTrySaysIncorrect "locking-try-says-incorrect"
        "The wrong PIN that locks the token is `CKR_PIN_INCORRECT`."
        "openCryptoki";
    PinBackOff "pin-back-off"
        "The first login after a wrong PIN is `CKR_PIN_LOCKED`, whatever the PIN, and costs no try; no flag tells. A stand-in for a pause of a second, so that tests need no clock."
        "craton-hsm";
    ManyTries "many-tries"
        "Ten wrong PINs in a row lock the token, and not three."
        "older bit4id tokens";
}

/// The quirks of this process.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Profile {
    /// A bit for each quirk, in the order of the table.
    quirks: u128,
}

impl Profile {
    /// A token without quirks.
    pub(crate) const PLAIN: Self = Self { quirks: 0 };

    /// Reads quirks' names, separated by commas. An unknown name is `None`: a test with a misspelt
    /// profile must not pass on a plain token.
    pub(crate) fn parse(names: &str) -> Option<Self> {
        let mut profile = Self::PLAIN;
        let names = names.split(',').map(str::trim);
        for name in names.filter(|name| !name.is_empty()) {
            let (quirk, ..) = TABLE.iter().find(|(_, known, ..)| *known == name)?;
            profile.quirks |= quirk.bit();
        }
        Some(profile)
    }

    const fn has(self, quirk: Quirk) -> bool {
        self.quirks & quirk.bit() != 0
    }
}

impl Quirk {
    const fn bit(self) -> u128 {
        1 << self as u32
    }
}

#[cfg(test)]
mod numbered;
#[cfg(test)]
mod tests;
