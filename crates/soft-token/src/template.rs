//! The rules for new objects: which attributes a template may and must name, and what the rest is.

use cryptoki_sys::*;

use crate::{
    attribute::{self, RawAttribute, Value},
    keys::{KeyKind, P256_PARAMETERS, P384_PARAMETERS, PUBLIC_EXPONENT, PrivateKey, PublicKey},
    object::Object,
    refusal::Refusal,
};

const ANY: &[CK_ATTRIBUTE_TYPE] = &[
    CKA_CLASS,
    CKA_TOKEN,
    CKA_PRIVATE,
    CKA_MODIFIABLE,
    CKA_COPYABLE,
    CKA_DESTROYABLE,
    CKA_LABEL,
];
const CERTIFICATE: &[CK_ATTRIBUTE_TYPE] = &[
    CKA_CERTIFICATE_TYPE,
    CKA_CERTIFICATE_CATEGORY,
    CKA_TRUSTED,
    CKA_ID,
    CKA_SUBJECT,
    CKA_ISSUER,
    CKA_SERIAL_NUMBER,
    CKA_VALUE,
    CKA_START_DATE,
    CKA_END_DATE,
];
const DATA: &[CK_ATTRIBUTE_TYPE] = &[CKA_APPLICATION, CKA_OBJECT_ID, CKA_VALUE];
const KEY: &[CK_ATTRIBUTE_TYPE] = &[
    CKA_KEY_TYPE,
    CKA_ID,
    CKA_SUBJECT,
    CKA_START_DATE,
    CKA_END_DATE,
    CKA_DERIVE,
];
const PUBLIC_KEY: &[CK_ATTRIBUTE_TYPE] = &[
    CKA_VERIFY,
    CKA_VERIFY_RECOVER,
    CKA_ENCRYPT,
    CKA_WRAP,
    CKA_TRUSTED,
];
const PRIVATE_KEY: &[CK_ATTRIBUTE_TYPE] = &[
    CKA_SENSITIVE,
    CKA_EXTRACTABLE,
    CKA_SIGN,
    CKA_SIGN_RECOVER,
    CKA_DECRYPT,
    CKA_UNWRAP,
    CKA_WRAP_WITH_TRUSTED,
    CKA_ALWAYS_AUTHENTICATE,
];
const RSA_PUBLIC: &[CK_ATTRIBUTE_TYPE] = &[CKA_MODULUS, CKA_PUBLIC_EXPONENT];
const RSA_PRIVATE: &[CK_ATTRIBUTE_TYPE] = &[
    CKA_MODULUS,
    CKA_PUBLIC_EXPONENT,
    CKA_PRIVATE_EXPONENT,
    CKA_PRIME_1,
    CKA_PRIME_2,
    CKA_EXPONENT_1,
    CKA_EXPONENT_2,
    CKA_COEFFICIENT,
];
const EC_PUBLIC: &[CK_ATTRIBUTE_TYPE] = &[CKA_EC_PARAMS, CKA_EC_POINT];
const EC_PRIVATE: &[CK_ATTRIBUTE_TYPE] = &[CKA_EC_PARAMS, CKA_VALUE];
const RSA_GENERATION: &[CK_ATTRIBUTE_TYPE] = &[CKA_MODULUS_BITS, CKA_PUBLIC_EXPONENT];
const EC_GENERATION: &[CK_ATTRIBUTE_TYPE] = &[CKA_EC_PARAMS];
/// What the token alone decides.
const TOKEN_ONLY: &[CK_ATTRIBUTE_TYPE] = &[
    CKA_LOCAL,
    CKA_KEY_GEN_MECHANISM,
    CKA_ALWAYS_SENSITIVE,
    CKA_NEVER_EXTRACTABLE,
];

/// The object a `C_CreateObject` template describes, with all its defaults.
pub(crate) fn create(template: &[RawAttribute]) -> Result<Object, Refusal> {
    let mut object = parse(template)?;
    match object.class().ok_or(Refusal(CKR_TEMPLATE_INCOMPLETE))? {
        CKO_CERTIFICATE => certificate(&mut object)?,
        CKO_DATA => data(&mut object)?,
        CKO_PUBLIC_KEY => public_key(&mut object)?,
        CKO_PRIVATE_KEY => private_key(&mut object)?,
        _ => return Err(Refusal(CKR_ATTRIBUTE_VALUE_INVALID)),
    }
    Ok(object)
}

/// The two templates of a `C_GenerateKeyPair`, checked, and the kind of key they ask for.
#[derive(Debug)]
pub(crate) struct KeyPairRequest {
    kind: KeyKind,
    mechanism: CK_MECHANISM_TYPE,
    public: Object,
    private: Object,
}

impl KeyPairRequest {
    pub(crate) fn new(
        mechanism: CK_MECHANISM_TYPE,
        public: &[RawAttribute],
        private: &[RawAttribute],
    ) -> Result<Self, Refusal> {
        let (key_type, named_in_public) = match mechanism {
            CKM_RSA_PKCS_KEY_PAIR_GEN => (CKK_RSA, RSA_GENERATION),
            CKM_EC_KEY_PAIR_GEN => (CKK_EC, EC_GENERATION),
            _ => return Err(Refusal(CKR_MECHANISM_INVALID)),
        };
        let public = parse(public)?;
        let private = parse(private)?;
        allow(&public, &[ANY, KEY, PUBLIC_KEY, named_in_public])?;
        allow(&private, &[ANY, KEY, PRIVATE_KEY])?;
        for (object, class) in [(&public, CKO_PUBLIC_KEY), (&private, CKO_PRIVATE_KEY)] {
            let agrees = object.class().is_none_or(|given| given == class)
                && object
                    .number(CKA_KEY_TYPE)
                    .is_none_or(|given| given == key_type);
            if !agrees {
                return Err(Refusal(CKR_TEMPLATE_INCONSISTENT));
            }
        }
        let kind = if key_type == CKK_RSA {
            rsa_kind(&public)?
        } else {
            curve(&public)?
        };
        Ok(Self {
            kind,
            mechanism,
            public,
            private,
        })
    }

    /// The public and the private key object as asked for, without numbers yet: enough to decide
    /// whether the caller may make them.
    pub(crate) fn wants(&self) -> [(bool, bool); 2] {
        [
            (self.public.is_on_token(), self.public.is_private()),
            (
                self.private.is_on_token(),
                self.private.value(CKA_PRIVATE).is_none() || self.private.is_private(),
            ),
        ]
    }

    /// Makes the key pair: the public and the private key object.
    pub(crate) fn generate(self) -> Result<(Object, Object), Refusal> {
        let key = PrivateKey::generate(self.kind)?;
        Ok(self.complete(&key, Origin::Token))
    }

    /// The two objects of a key that fits the request.
    pub(crate) fn complete(self, key: &PrivateKey, origin: Origin) -> (Object, Object) {
        let (mut public, mut private) = (self.public, self.private);
        key.write_public(&mut public);
        key.write_private(&mut private);
        public_key_defaults(&mut public);
        private_key_defaults(&mut private);
        origin.write(&mut private);
        public.set_flag(CKA_LOCAL, origin == Origin::Token);
        if origin == Origin::Token {
            for object in [&mut public, &mut private] {
                object.set_number(CKA_KEY_GEN_MECHANISM, self.mechanism);
            }
        }
        (public, private)
    }
}

/// Where a private key was made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Origin {
    Token,
    Outside,
}

impl Origin {
    /// What a key that has been outside cannot claim, whatever its template says.
    fn write(self, private: &mut Object) {
        let local = self == Self::Token;
        let sensitive = private.flag(CKA_SENSITIVE);
        let extractable = private.flag(CKA_EXTRACTABLE);
        private.set_flag(CKA_LOCAL, local);
        private.set_flag(CKA_ALWAYS_SENSITIVE, local && sensitive);
        private.set_flag(CKA_NEVER_EXTRACTABLE, local && !extractable);
    }
}

/// Reads a template without asking what it is for.
pub(crate) fn parse(template: &[RawAttribute]) -> Result<Object, Refusal> {
    let mut object = Object::default();
    for given in template {
        let form = attribute::form(given.kind).ok_or(Refusal(CKR_ATTRIBUTE_TYPE_INVALID))?;
        let value = Value::parse(form, &given.bytes).ok_or(Refusal(CKR_ATTRIBUTE_VALUE_INVALID))?;
        if object.value(given.kind).is_some() {
            return Err(Refusal(CKR_TEMPLATE_INCONSISTENT));
        }
        object.set(given.kind, value);
    }
    Ok(object)
}

fn certificate(object: &mut Object) -> Result<(), Refusal> {
    allow(object, &[ANY, CERTIFICATE])?;
    require(object, &[CKA_CERTIFICATE_TYPE, CKA_SUBJECT, CKA_VALUE])?;
    if object.number(CKA_CERTIFICATE_TYPE) != Some(CKC_X_509)
        || object.bytes(CKA_VALUE).is_none_or(<[u8]>::is_empty)
        || object.number(CKA_CERTIFICATE_CATEGORY).unwrap_or_default()
            > CK_CERTIFICATE_CATEGORY_OTHER_ENTITY
    {
        return Err(Refusal(CKR_ATTRIBUTE_VALUE_INVALID));
    }
    if let (Some(start), Some(end)) = (object.bytes(CKA_START_DATE), object.bytes(CKA_END_DATE))
        && !end.is_empty()
        && end < start
    {
        return Err(Refusal(CKR_ATTRIBUTE_VALUE_INVALID));
    }
    any_defaults(object, false);
    object.set_default(CKA_TRUSTED, Value::Flag(false));
    let unspecified = Value::Number(CK_CERTIFICATE_CATEGORY_UNSPECIFIED);
    object.set_default(CKA_CERTIFICATE_CATEGORY, unspecified);
    for attribute in [CKA_ID, CKA_ISSUER, CKA_SERIAL_NUMBER] {
        object.set_default(attribute, Value::Bytes(Vec::new()));
    }
    Ok(())
}

fn data(object: &mut Object) -> Result<(), Refusal> {
    allow(object, &[ANY, DATA])?;
    any_defaults(object, false);
    for attribute in DATA {
        object.set_default(*attribute, Value::Bytes(Vec::new()));
    }
    Ok(())
}

fn public_key(object: &mut Object) -> Result<(), Refusal> {
    let numbers = match object.number(CKA_KEY_TYPE) {
        Some(CKK_RSA) => RSA_PUBLIC,
        Some(CKK_EC) => EC_PUBLIC,
        Some(_) => return Err(Refusal(CKR_ATTRIBUTE_VALUE_INVALID)),
        None => return Err(Refusal(CKR_TEMPLATE_INCOMPLETE)),
    };
    allow(object, &[ANY, KEY, PUBLIC_KEY, numbers])?;
    require(object, numbers)?;
    let key = PublicKey::from_object(object).ok_or(Refusal(CKR_ATTRIBUTE_VALUE_INVALID))?;
    key.write_derived(object);
    public_key_defaults(object);
    object.set_flag(CKA_LOCAL, false);
    Ok(())
}

fn private_key(object: &mut Object) -> Result<(), Refusal> {
    let (numbers, needed): (_, &[_]) = match object.number(CKA_KEY_TYPE) {
        Some(CKK_RSA) => (
            RSA_PRIVATE,
            &[CKA_MODULUS, CKA_PUBLIC_EXPONENT, CKA_PRIVATE_EXPONENT],
        ),
        Some(CKK_EC) => (EC_PRIVATE, EC_PRIVATE),
        Some(_) => return Err(Refusal(CKR_ATTRIBUTE_VALUE_INVALID)),
        None => return Err(Refusal(CKR_TEMPLATE_INCOMPLETE)),
    };
    allow(object, &[ANY, KEY, PRIVATE_KEY, numbers])?;
    require(object, needed)?;
    let key = PrivateKey::from_object(object).ok_or(Refusal(CKR_ATTRIBUTE_VALUE_INVALID))?;
    key.write_private(object);
    private_key_defaults(object);
    Origin::Outside.write(object);
    Ok(())
}

fn any_defaults(object: &mut Object, private: bool) {
    object.set_default(CKA_TOKEN, Value::Flag(false));
    object.set_default(CKA_PRIVATE, Value::Flag(private));
    for attribute in [CKA_MODIFIABLE, CKA_COPYABLE, CKA_DESTROYABLE] {
        object.set_default(attribute, Value::Flag(true));
    }
    object.set_default(CKA_LABEL, Value::Bytes(Vec::new()));
}

fn key_defaults(object: &mut Object, class: CK_OBJECT_CLASS, private: bool) {
    any_defaults(object, private);
    object.set_number(CKA_CLASS, class);
    object.set_default(CKA_DERIVE, Value::Flag(false));
    for attribute in [CKA_ID, CKA_SUBJECT] {
        object.set_default(attribute, Value::Bytes(Vec::new()));
    }
}

fn public_key_defaults(object: &mut Object) {
    key_defaults(object, CKO_PUBLIC_KEY, false);
    object.set_default(CKA_VERIFY, Value::Flag(true));
    for attribute in PUBLIC_KEY {
        object.set_default(*attribute, Value::Flag(false));
    }
}

fn private_key_defaults(object: &mut Object) {
    key_defaults(object, CKO_PRIVATE_KEY, true);
    for attribute in [CKA_SIGN, CKA_SENSITIVE] {
        object.set_default(attribute, Value::Flag(true));
    }
    for attribute in PRIVATE_KEY {
        object.set_default(*attribute, Value::Flag(false));
    }
}

/// Refuses what the token alone decides, and what is known but has no place in such an object.
fn allow(object: &Object, lists: &[&[CK_ATTRIBUTE_TYPE]]) -> Result<(), Refusal> {
    for attribute in object.attribute_types() {
        if TOKEN_ONLY.contains(&attribute) {
            return Err(Refusal(CKR_ATTRIBUTE_READ_ONLY));
        }
        if !lists.iter().any(|list| list.contains(&attribute)) {
            return Err(Refusal(CKR_TEMPLATE_INCONSISTENT));
        }
    }
    // Only a security officer may call something trusted, and he writes no objects here.
    if object.flag(CKA_TRUSTED) {
        return Err(Refusal(CKR_ATTRIBUTE_READ_ONLY));
    }
    Ok(())
}

fn require(object: &Object, attributes: &[CK_ATTRIBUTE_TYPE]) -> Result<(), Refusal> {
    if attributes
        .iter()
        .all(|attribute| object.value(*attribute).is_some())
    {
        Ok(())
    } else {
        Err(Refusal(CKR_TEMPLATE_INCOMPLETE))
    }
}

fn rsa_kind(public: &Object) -> Result<KeyKind, Refusal> {
    if public
        .bytes(CKA_PUBLIC_EXPONENT)
        .is_some_and(|exponent| exponent != PUBLIC_EXPONENT)
    {
        return Err(Refusal(CKR_ATTRIBUTE_VALUE_INVALID));
    }
    match public.number(CKA_MODULUS_BITS) {
        Some(2048) => Ok(KeyKind::Rsa2048),
        Some(3072) => Ok(KeyKind::Rsa3072),
        Some(4096) => Ok(KeyKind::Rsa4096),
        Some(_) => Err(Refusal(CKR_KEY_SIZE_RANGE)),
        None => Err(Refusal(CKR_TEMPLATE_INCOMPLETE)),
    }
}

fn curve(public: &Object) -> Result<KeyKind, Refusal> {
    let parameters = public
        .bytes(CKA_EC_PARAMS)
        .ok_or(Refusal(CKR_TEMPLATE_INCOMPLETE))?;
    if parameters == P256_PARAMETERS {
        Ok(KeyKind::P256)
    } else if parameters == P384_PARAMETERS {
        Ok(KeyKind::P384)
    } else {
        Err(Refusal(CKR_CURVE_NOT_SUPPORTED))
    }
}
