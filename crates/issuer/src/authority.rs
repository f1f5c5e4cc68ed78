//! The authority: a root and an issuing CA of one generation, and the issuing itself.

use std::sync::{Arc, OnceLock};

use rcgen::SignatureAlgorithm;
use sha1::Digest as _;
use time::OffsetDateTime;
use time::macros::datetime;

use crate::IssueError;
use crate::keys::{G1_ISSUING, G1_ROOT, G2_ISSUING, G2_ROOT, RsaPair, public_key_bits};
use crate::name::Subject;
use crate::profile::{IssuerFacts, parameters, shape};
use crate::request::Request;
use crate::rewrite::{Corrections, finish};

/// Which of the real CA's two generations the certificates resemble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Generation {
    /// 2010 to 2030: RSA 2048, SHA-1, CA names without accents, three-byte serial numbers.
    G1Like,
    /// 2018 to 2048: RSA 4096, SHA-256, CA names with accents, eight-byte serial numbers.
    G2Like,
}

/// A root CA and, below it, the CA that issues leaves. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Authority {
    generation: Generation,
    key: &'static RsaPair,
    key_identifier: Arc<[u8]>,
    name: Arc<[u8]>,
    root_name: Arc<[u8]>,
    root: Arc<[u8]>,
    certificate: Arc<[u8]>,
}

impl Authority {
    /// The authority of this generation; made at the first call and then kept.
    ///
    /// # Errors
    /// Only if a key file was damaged.
    pub fn new(generation: Generation) -> Result<Self, IssueError> {
        static G1: OnceLock<Authority> = OnceLock::new();
        static G2: OnceLock<Authority> = OnceLock::new();
        let kept = match generation {
            Generation::G1Like => &G1,
            Generation::G2Like => &G2,
        };
        if let Some(authority) = kept.get() {
            return Ok(authority.clone());
        }
        let authority = Self::build(
            generation,
            generation.issuing_key(),
            None,
            generation.issuing_name(),
        )?;
        Ok(kept.get_or_init(|| authority).clone())
    }

    /// A stranger of the same name: the issuing CA's name is that of [`Self::new`], byte for byte, the
    /// key and its identifier are others.
    ///
    /// # Errors
    /// Only if a key file was damaged.
    pub fn namesake(generation: Generation) -> Result<Self, IssueError> {
        Self::build(
            generation,
            generation.other_key(),
            None,
            generation.issuing_name(),
        )
    }

    /// A forger: the same name *and* the same key identifier as [`Self::new`], with another key.
    ///
    /// # Errors
    /// Only if a key file was damaged.
    pub fn forger(generation: Generation) -> Result<Self, IssueError> {
        let claimed = key_identifier(generation.issuing_key().public_key_der());
        Self::build(
            generation,
            generation.other_key(),
            Some(&claimed),
            generation.issuing_name(),
        )
    }

    /// An authority of another name: what it issues claims to come from there.
    ///
    /// # Errors
    /// Only if a key file was damaged.
    pub fn called(generation: Generation, name: Subject) -> Result<Self, IssueError> {
        Self::build(generation, generation.other_key(), None, name)
    }

    /// The generation.
    #[must_use]
    pub const fn generation(&self) -> Generation {
        self.generation
    }

    /// The issuing CA's name, DER.
    pub(crate) fn name(&self) -> &[u8] {
        &self.name
    }

    /// The issuing CA's key.
    pub(crate) const fn key(&self) -> &'static RsaPair {
        self.key
    }

    /// The root CA's certificate, DER, signed by itself.
    #[must_use]
    pub fn root_certificate(&self) -> &[u8] {
        &self.root
    }

    /// The issuing CA's certificate, DER, signed by the root.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// Issues a certificate; returns its DER.
    ///
    /// # Errors
    /// If the request cannot be encoded: a non-ASCII e-mail address, a public key that is not DER.
    pub fn issue(&self, request: &Request) -> Result<Vec<u8>, IssueError> {
        let issuer = Signer {
            key: self.key,
            name: &self.name,
            key_identifier: &self.key_identifier,
            issuer_name: &self.root_name,
            serial_number: self.generation.issuing_serial_number(),
        };
        sign_certificate(self.generation, request, None, &issuer)
    }

    fn build(
        generation: Generation,
        key: &'static RsaPair,
        claimed_key_identifier: Option<&[u8]>,
        issuing_name: Subject,
    ) -> Result<Self, IssueError> {
        let root_key = generation.root_key();
        let root_name = generation.root_name().to_der()?;
        let root_key_identifier = key_identifier(root_key.public_key_der());
        let root_signer = Signer {
            key: root_key,
            name: &root_name,
            key_identifier: &root_key_identifier,
            issuer_name: &root_name,
            serial_number: &[1],
        };
        let (from, to) = generation.authority_validity();
        let root_request = Request::new(generation.root_name(), root_key.public_key_der())
            .certification_authority(None)
            .serial_number(&[1])
            .valid(from, to);
        let name = issuing_name.to_der()?;
        let issuing_request = Request::new(issuing_name, key.public_key_der())
            .certification_authority(generation.issuing_path_length())
            .serial_number(generation.issuing_serial_number())
            .valid(from, to);
        let root = sign_certificate(generation, &root_request, None, &root_signer)?;
        let certificate = sign_certificate(
            generation,
            &issuing_request,
            claimed_key_identifier,
            &root_signer,
        )?;
        let own_identifier = key_identifier(key.public_key_der());
        Ok(Self {
            generation,
            key,
            key_identifier: claimed_key_identifier.unwrap_or(&own_identifier).into(),
            name: name.into(),
            root_name: root_name.into(),
            root: root.into(),
            certificate: certificate.into(),
        })
    }
}

impl Generation {
    fn root_name(self) -> Subject {
        match self {
            Self::G1Like => Subject::new()
                .country("VN")
                .organization("Co quan trinh dien")
                .common_name("Co quan chung thuc so goc trinh dien (RootCA)"),
            Self::G2Like => Subject::new()
                .country("VN")
                .organization("Cơ quan trình diễn")
                .common_name("Cơ quan chứng thực số gốc trình diễn G2"),
        }
    }

    fn issuing_name(self) -> Subject {
        match self {
            Self::G1Like => Subject::new()
                .country("VN")
                .organization("Co quan trinh dien")
                .common_name("Co quan chung thuc so trinh dien"),
            Self::G2Like => Subject::new()
                .country("VN")
                .organization("Cơ quan trình diễn")
                .common_name("Cơ quan chứng thực số trình diễn G2"),
        }
    }

    const fn issuing_serial_number(self) -> &'static [u8] {
        match self {
            Self::G1Like => &[4],
            Self::G2Like => &[0x5A, 0x11, 0xDE, 0x30, 0x00, 0x00, 0x00, 0x02],
        }
    }

    /// G1's CAs are not limited, G2's may issue leaves only.
    const fn issuing_path_length(self) -> Option<u8> {
        match self {
            Self::G1Like => None,
            Self::G2Like => Some(0),
        }
    }

    const fn authority_validity(self) -> (OffsetDateTime, OffsetDateTime) {
        match self {
            Self::G1Like => (
                datetime!(2010-03-10 00:00:00 UTC),
                datetime!(2030-03-05 00:00:00 UTC),
            ),
            Self::G2Like => (
                datetime!(2018-08-22 00:00:00 UTC),
                datetime!(2048-08-14 00:00:00 UTC),
            ),
        }
    }

    const fn root_key(self) -> &'static RsaPair {
        match self {
            Self::G1Like => &G1_ROOT,
            Self::G2Like => &G2_ROOT,
        }
    }

    const fn issuing_key(self) -> &'static RsaPair {
        match self {
            Self::G1Like => &G1_ISSUING,
            Self::G2Like => &G2_ISSUING,
        }
    }

    /// A key that is not this generation's, for the stranger and the forger.
    const fn other_key(self) -> &'static RsaPair {
        match self {
            Self::G1Like => &G2_ISSUING,
            Self::G2Like => &G1_ISSUING,
        }
    }

    const fn default_serial_length(self) -> usize {
        match self {
            Self::G1Like => 3,
            Self::G2Like => 8,
        }
    }
}

/// The CA that signs one certificate.
#[derive(Debug)]
struct Signer<'a> {
    key: &'static RsaPair,
    name: &'a [u8],
    key_identifier: &'a [u8],
    issuer_name: &'a [u8],
    serial_number: &'a [u8],
}

fn sign_certificate(
    generation: Generation,
    request: &Request,
    claimed_key_identifier: Option<&[u8]>,
    signer: &Signer<'_>,
) -> Result<Vec<u8>, IssueError> {
    let subject = request.subject.to_der()?;
    let own_identifier = key_identifier(&request.public_key_der);
    let subject_key_identifier = claimed_key_identifier.unwrap_or(&own_identifier);
    let serial_number = request
        .serial_number
        .clone()
        .unwrap_or_else(|| default_serial_number(generation, request, &subject));
    let issuer = IssuerFacts {
        key_identifier: signer.key_identifier,
        issuer_name: signer.issuer_name,
        serial_number: signer.serial_number,
    };
    let parameters = parameters(
        generation,
        request,
        &serial_number,
        subject_key_identifier,
        &issuer,
    )?;
    let mut issuer_parameters = rcgen::CertificateParams::default();
    issuer_parameters.key_identifier_method =
        rcgen::KeyIdMethod::PreSpecified(signer.key_identifier.to_vec());
    let draft = parameters.signed_by(
        &DraftKey,
        &rcgen::Issuer::from_params(&issuer_parameters, DraftKey),
    )?;
    let shape = shape(generation, request);
    let corrections = Corrections {
        issuer: signer.name,
        subject: &subject,
        public_key: &request.public_key_der,
        generation,
        extension_order: shape.order,
        not_critical: shape.not_critical,
        left_out: shape.left_out,
        tampered: request.tampered,
    };
    finish(draft.der(), &corrections, signer.key)
}

/// SHA-1 of the public key's bits (RFC 5280 section 4.2.1.2, method 1), as on all real samples.
fn key_identifier(public_key_der: &[u8]) -> Vec<u8> {
    sha1::Sha1::digest(public_key_bits(public_key_der)).to_vec()
}

/// The first bytes of a digest of what makes this certificate different from others.
fn default_serial_number(generation: Generation, request: &Request, subject: &[u8]) -> Vec<u8> {
    let mut digest = sha2::Sha256::new();
    digest.update(&request.public_key_der);
    digest.update(subject);
    for address in &request.emails {
        digest.update(address);
    }
    digest.update(request.not_before.unix_timestamp().to_be_bytes());
    digest.update(request.not_after.unix_timestamp().to_be_bytes());
    let mut serial: Vec<u8> = digest
        .finalize()
        .into_iter()
        .take(generation.default_serial_length())
        .collect();
    if let Some(first) = serial.first_mut() {
        // Positive and of full length: the top bit off, the next one on.
        *first = *first & 0x7F | 0x40;
    }
    serial
}

/// Stands for both keys in a draft. It signs nothing: the to-be-signed part is still to be rewritten,
/// and a second RSA signature would cost more than all the rest.
#[derive(Debug)]
struct DraftKey;

impl rcgen::PublicKeyData for DraftKey {
    fn der_bytes(&self) -> &[u8] {
        &[]
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_RSA_SHA256
    }
}

impl rcgen::SigningKey for DraftKey {
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(Vec::new())
    }
}
