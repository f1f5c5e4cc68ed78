//! PROFILES: quirks of real drivers, by name, that one process of this library takes on.
//!
//! What a token's file holds is the truth. A profile changes what the library shows of it and does to
//! it in this process; a process without one sees what is really there. Each quirk is a row of the
//! table below and acts in one place: `start` (how the library is initialised), `reading` (what is
//! shown) or `writing` (what is let through, and what becomes of it).

mod reading;
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
}

/// The quirks of this process.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Profile {
    /// A bit for each quirk, in the order of the table.
    quirks: u64,
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
    const fn bit(self) -> u64 {
        1 << self as u32
    }
}

#[cfg(test)]
mod tests;
