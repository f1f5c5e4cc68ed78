//! Making tokens without a driver: for the demo, which ships one, and for tests.
//!
//! Everything here is on the disk when it returns, as with the library, so a program that has the
//! token open sees it at its next call.

use std::{
    env::consts::{DLL_PREFIX, DLL_SUFFIX},
    fs::OpenOptions,
    io,
    path::{Path, PathBuf},
};

use cryptoki_sys::*;
use der::{Decode, Reader, SliceReader, asn1::AnyRef};

pub use crate::keys::KeyKind;

use crate::{
    attribute::{RawAttribute, Value},
    keys::{P256_PARAMETERS, P384_PARAMETERS, PrivateKey},
    scenario,
    template::{self, KeyPairRequest, Origin},
    token::{EXTENSION, LABEL_LENGTH, NoRandomness, PIN_LENGTHS, Pin, Store, StoreError, Token},
};

/// The environment variable with the folder of the token files.
pub const DIRECTORY_VARIABLE: &str = "CHUNGTHU_SOFT_TOKEN";

/// The environment variable with the names of the library's quirks, separated by commas.
pub const PROFILE_VARIABLE: &str = "CHUNGTHU_SOFT_TOKEN_PROFILE";

/// The environment variable with a scenario's file: which calls go wrong and how.
pub const SCENARIO_VARIABLE: &str = "CHUNGTHU_SOFT_TOKEN_SCENARIO";

/// Plugs the tokens of a folder in again that a scenario pulled out.
///
/// # Errors
/// When the folder cannot be read or a file not be renamed.
pub fn bring_back_tokens(folder: &Path) -> io::Result<()> {
    scenario::bring_back(folder)
}

/// The file name of the library on this platform.
#[must_use]
pub fn library_file_name() -> String {
    format!("{DLL_PREFIX}chungthu_soft_token{DLL_SUFFIX}")
}

/// Why a token could not be provisioned.
#[derive(Debug, thiserror::Error)]
pub enum ProvisionError {
    /// The token's file could not be made, read or written.
    #[error("{path}: {source}")]
    File {
        /// The token's file.
        path: PathBuf,
        /// What the system said; `InvalidData` if the file is no token of this version.
        source: io::Error,
    },
    /// The label has more than 32 bytes.
    #[error("the label has more than 32 bytes")]
    Label,
    /// A PIN has fewer than 4 or more than 16 bytes.
    #[error("a PIN has 4 to 16 bytes")]
    Pin,
    /// The bytes are no unencrypted PKCS#8 private key of a [`KeyKind`].
    #[error("not an unencrypted PKCS#8 private key of a kind the token knows")]
    PrivateKey,
    /// The bytes are not one X.509 certificate in DER.
    #[error("not one X.509 certificate in DER")]
    Certificate,
    /// The key could not be made.
    #[error("the key could not be made")]
    KeyGeneration,
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    Randomness,
}

/// How a key stands on the token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyDescription {
    /// The `CKA_ID` of the private and of the public key.
    pub id: Vec<u8>,
    /// The `CKA_LABEL` of both.
    pub label: String,
    /// Whether the key may sign; `false` makes an encryption key.
    pub may_sign: bool,
    /// Whether the key asks for the PIN before each signature (`CKA_ALWAYS_AUTHENTICATE`).
    pub pin_for_each_signature: bool,
}

impl KeyDescription {
    /// A key that may sign after one login.
    #[must_use]
    pub fn new(id: &[u8], label: &str) -> Self {
        Self {
            id: id.to_vec(),
            label: label.to_owned(),
            may_sign: true,
            pin_for_each_signature: false,
        }
    }
}

/// A token's file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TokenFile {
    path: PathBuf,
}

impl TokenFile {
    /// Makes the token `NAME.token` in a folder that exists, ready for its user.
    ///
    /// # Errors
    ///
    /// If there is such a file already or it cannot be written; if the label or a PIN has an
    /// impossible length.
    pub fn create(
        folder: &Path,
        name: &str,
        label: &str,
        security_officer_pin: &str,
        user_pin: &str,
    ) -> Result<Self, ProvisionError> {
        if label.len() > LABEL_LENGTH {
            return Err(ProvisionError::Label);
        }
        let security_officer = new_pin(security_officer_pin)?;
        let user = new_pin(user_pin)?;
        let token_file = Self::create_uninitialised(folder, name)?;
        token_file.change(|token| {
            token.initialise(label, security_officer)?;
            token.user = Some(user);
            Ok(())
        })?;
        Ok(token_file)
    }

    /// Makes the token `NAME.token` as it comes from the factory: without label, serial and PINs.
    ///
    /// # Errors
    ///
    /// If there is such a file already or it cannot be written.
    pub fn create_uninitialised(folder: &Path, name: &str) -> Result<Self, ProvisionError> {
        let path = folder.join(format!("{name}.{EXTENSION}"));
        let made = OpenOptions::new().write(true).create_new(true).open(&path);
        match made {
            Ok(_) => Ok(Self { path }),
            Err(source) => Err(ProvisionError::File { path, source }),
        }
    }

    /// Finds a token that is there already.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or is no token.
    pub fn open(path: &Path) -> Result<Self, ProvisionError> {
        let token_file = Self {
            path: path.to_owned(),
        };
        token_file.serial()?;
        Ok(token_file)
    }

    /// Where the token is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The serial number: sixteen hexadecimal digits, or nothing before the first initialisation.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn serial(&self) -> Result<String, ProvisionError> {
        let mut store = Store::new(self.path.clone());
        match store.read() {
            Ok(token) => Ok(token.serial.clone()),
            Err(error) => Err(self.failure(EditError::Store(error))),
        }
    }

    /// Makes a key pair on the token and returns the DER of its SubjectPublicKeyInfo. An RSA key
    /// takes from half a second to several seconds.
    ///
    /// # Errors
    ///
    /// If the key cannot be made or stored.
    pub fn generate_key_pair(
        &self,
        kind: KeyKind,
        key: &KeyDescription,
    ) -> Result<Vec<u8>, ProvisionError> {
        let made = PrivateKey::generate(kind).map_err(|_| ProvisionError::KeyGeneration)?;
        self.add_key_pair(kind, &made, Origin::Token, key)
    }

    /// Brings a private key in, with its public key, and returns the DER of its
    /// SubjectPublicKeyInfo.
    ///
    /// # Errors
    ///
    /// If the bytes are no unencrypted PKCS#8 private key of a [`KeyKind`], or cannot be stored.
    pub fn import_private_key(
        &self,
        pkcs8: &[u8],
        key: &KeyDescription,
    ) -> Result<Vec<u8>, ProvisionError> {
        let brought = PrivateKey::from_pkcs8(pkcs8).ok_or(ProvisionError::PrivateKey)?;
        let kind = brought.kind().ok_or(ProvisionError::PrivateKey)?;
        self.add_key_pair(kind, &brought, Origin::Outside, key)
    }

    /// Adds a certificate; subject, issuer and serial number are its own.
    ///
    /// # Errors
    ///
    /// If the bytes are not one X.509 certificate in DER, or cannot be stored.
    pub fn add_certificate(
        &self,
        certificate: &[u8],
        id: &[u8],
        label: &str,
    ) -> Result<(), ProvisionError> {
        let names = Names::of(certificate).ok_or(ProvisionError::Certificate)?;
        let object = template::create(&[
            number(CKA_CLASS, CKO_CERTIFICATE),
            number(CKA_CERTIFICATE_TYPE, CKC_X_509),
            flag(CKA_TOKEN, true),
            bytes(CKA_VALUE, certificate),
            bytes(CKA_SUBJECT, names.subject),
            bytes(CKA_ISSUER, names.issuer),
            bytes(CKA_SERIAL_NUMBER, names.serial),
            bytes(CKA_ID, id),
            bytes(CKA_LABEL, label.as_bytes()),
        ])
        .map_err(|_| ProvisionError::Certificate)?;
        self.change(|token| {
            token.add(object);
            Ok(())
        })
    }

    fn add_key_pair(
        &self,
        kind: KeyKind,
        key: &PrivateKey,
        origin: Origin,
        description: &KeyDescription,
    ) -> Result<Vec<u8>, ProvisionError> {
        let info = key
            .subject_public_key_info()
            .ok_or(ProvisionError::PrivateKey)?;
        let (public, private) = request(kind, description)
            .ok_or(ProvisionError::KeyGeneration)?
            .complete(key, origin);
        self.change(|token| {
            token.add(public);
            token.add(private);
            Ok(())
        })?;
        Ok(info)
    }

    fn change(
        &self,
        edit: impl FnOnce(&mut Token) -> Result<(), EditError>,
    ) -> Result<(), ProvisionError> {
        Store::new(self.path.clone())
            .change(edit)
            .map_err(|error| self.failure(error))
    }

    fn failure(&self, error: EditError) -> ProvisionError {
        let source = match error {
            EditError::Randomness => return ProvisionError::Randomness,
            EditError::Store(StoreError::Absent) => io::ErrorKind::NotFound.into(),
            EditError::Store(StoreError::Full) => io::ErrorKind::StorageFull.into(),
            EditError::Store(StoreError::Unreadable) => io::ErrorKind::InvalidData.into(),
            EditError::Store(StoreError::Input(source)) => source,
        };
        let path = self.path.clone();
        ProvisionError::File { path, source }
    }
}

/// What can happen while the token's file is held.
enum EditError {
    Store(StoreError),
    Randomness,
}

impl From<StoreError> for EditError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<NoRandomness> for EditError {
    fn from(_: NoRandomness) -> Self {
        Self::Randomness
    }
}

fn new_pin(pin: &str) -> Result<Pin, ProvisionError> {
    if !PIN_LENGTHS.contains(&pin.len()) {
        return Err(ProvisionError::Pin);
    }
    Pin::new(pin).map_err(|_| ProvisionError::Randomness)
}

/// What a program would have sent to `C_GenerateKeyPair` for this key.
fn request(kind: KeyKind, description: &KeyDescription) -> Option<KeyPairRequest> {
    let rsa = |bits| (CKM_RSA_PKCS_KEY_PAIR_GEN, number(CKA_MODULUS_BITS, bits));
    let curve = |parameters| (CKM_EC_KEY_PAIR_GEN, bytes(CKA_EC_PARAMS, parameters));
    let (mechanism, size) = match kind {
        KeyKind::Rsa2048 => rsa(2048),
        KeyKind::Rsa3072 => rsa(3072),
        KeyKind::Rsa4096 => rsa(4096),
        KeyKind::P256 => curve(&P256_PARAMETERS),
        KeyKind::P384 => curve(&P384_PARAMETERS),
    };
    let both = [
        flag(CKA_TOKEN, true),
        bytes(CKA_ID, &description.id),
        bytes(CKA_LABEL, description.label.as_bytes()),
    ];
    let mut public = both.to_vec();
    public.push(size);
    public.push(flag(CKA_VERIFY, description.may_sign));
    let mut private = both.to_vec();
    private.push(flag(CKA_SIGN, description.may_sign));
    private.push(flag(
        CKA_ALWAYS_AUTHENTICATE,
        description.pin_for_each_signature,
    ));
    KeyPairRequest::new(mechanism, &public, &private).ok()
}

fn attribute(kind: CK_ATTRIBUTE_TYPE, value: &Value) -> RawAttribute {
    let bytes = value.encode();
    RawAttribute { kind, bytes }
}

fn flag(kind: CK_ATTRIBUTE_TYPE, flag: bool) -> RawAttribute {
    attribute(kind, &Value::Flag(flag))
}

fn number(kind: CK_ATTRIBUTE_TYPE, number: CK_ULONG) -> RawAttribute {
    attribute(kind, &Value::Number(number))
}

fn bytes(kind: CK_ATTRIBUTE_TYPE, bytes: &[u8]) -> RawAttribute {
    attribute(kind, &Value::Bytes(bytes.to_vec()))
}

/// The parts of a certificate that PKCS#11 wants beside it, each with its DER header.
struct Names<'a> {
    serial: &'a [u8],
    issuer: &'a [u8],
    subject: &'a [u8],
}

impl<'a> Names<'a> {
    fn of(certificate: &'a [u8]) -> Option<Self> {
        const VERSION: u8 = 0xa0;
        let certificate = AnyRef::from_der(certificate).ok()?;
        let mut parts = SliceReader::new(certificate.value()).ok()?;
        let signed: AnyRef<'a> = parts.decode().ok()?;
        let mut fields = SliceReader::new(signed.value()).ok()?;
        let mut next = || fields.tlv_bytes().ok();
        let mut serial = next()?;
        if serial.first() == Some(&VERSION) {
            serial = next()?;
        }
        let _algorithm = next()?;
        let issuer = next()?;
        let _validity = next()?;
        let subject = next()?;
        Some(Self {
            serial,
            issuer,
            subject,
        })
    }
}
