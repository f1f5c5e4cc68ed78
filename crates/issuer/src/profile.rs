//! The two generations' extensions, after the measured profile of the real CA's certificates.

use rcgen::{
    BasicConstraints, CertificateParams, CrlDistributionPoint, CustomExtension,
    ExtendedKeyUsagePurpose, IsCa, KeyIdMethod, KeyUsagePurpose, SanType, SerialNumber,
};

use der::Tag;

use crate::IssueError;
use crate::authority::Generation;
use crate::encoding::{context, oid, sequence, tagged};
use crate::request::{KeyUsage, Request};

/// Order of extensions on real G2 leaves (2021 to 2025).
const G2_ORDER: [&str; 9] = [
    "2.5.29.19",
    "2.5.29.35",
    "1.3.6.1.5.5.7.1.1",
    "2.5.29.17",
    "2.5.29.32",
    "2.5.29.37",
    "2.5.29.31",
    "2.5.29.14",
    "2.5.29.15",
];
/// Order of extensions on real G1 leaves (2016).
const G1_ORDER: [&str; 10] = [
    "2.5.29.19",
    "2.16.840.1.113730.1.1",
    "2.5.29.15",
    "2.5.29.37",
    "2.16.840.1.113730.1.13",
    "2.5.29.14",
    "2.5.29.35",
    "2.5.29.17",
    "2.5.29.31",
    "1.3.6.1.5.5.7.1.1",
];
/// On G1 leaves neither basic constraints nor key usage are critical.
const G1_LEAF_NOT_CRITICAL: [&str; 2] = ["2.5.29.19", "2.5.29.15"];
/// Subject and authority key identifier.
const KEY_IDENTIFIERS: [&str; 2] = ["2.5.29.14", "2.5.29.35"];

/// The extension list's shape for one certificate.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) order: &'static [&'static str],
    pub(crate) not_critical: &'static [&'static str],
    pub(crate) left_out: &'static [&'static str],
}

/// The CA that issues, as far as the extensions speak of it.
#[derive(Debug)]
pub(crate) struct IssuerFacts<'a> {
    pub(crate) key_identifier: &'a [u8],
    /// Name of the CA above it, DER; G1 names it in the authority key identifier.
    pub(crate) issuer_name: &'a [u8],
    /// Serial number of the issuing CA's own certificate.
    pub(crate) serial_number: &'a [u8],
}

/// How the extensions are sorted and marked.
pub(crate) fn shape(generation: Generation, request: &Request) -> Shape {
    let leaf = !request.certification_authority;
    Shape {
        order: match generation {
            Generation::G1Like => &G1_ORDER,
            Generation::G2Like => &G2_ORDER,
        },
        not_critical: match generation {
            Generation::G1Like if leaf => &G1_LEAF_NOT_CRITICAL,
            Generation::G1Like | Generation::G2Like => &[],
        },
        left_out: if request.key_identifiers {
            &[]
        } else {
            &KEY_IDENTIFIERS
        },
    }
}

/// rcgen's parameters for this request, without the names, which are put in later.
pub(crate) fn parameters(
    generation: Generation,
    request: &Request,
    serial_number: &[u8],
    subject_key_identifier: &[u8],
    issuer: &IssuerFacts<'_>,
) -> Result<CertificateParams, IssueError> {
    let mut parameters = CertificateParams::default();
    parameters.serial_number = Some(SerialNumber::from_slice(serial_number));
    parameters.not_before = request.not_before;
    parameters.not_after = request.not_after;
    parameters.key_usages = request
        .key_usage
        .iter()
        .copied()
        .map(KeyUsage::purpose)
        .collect();
    parameters.key_identifier_method = KeyIdMethod::PreSpecified(subject_key_identifier.to_vec());
    for address in &request.emails {
        parameters
            .subject_alt_names
            .push(SanType::Rfc822Name(address.as_str().try_into()?));
    }
    if request.certification_authority {
        parameters.use_authority_key_identifier_extension = true;
        parameters.is_ca = IsCa::Ca(request.path_length.map_or(
            BasicConstraints::Unconstrained,
            BasicConstraints::Constrained,
        ));
        return Ok(parameters);
    }
    parameters.is_ca = IsCa::ExplicitNoCa;
    parameters.extended_key_usages = vec![
        ExtendedKeyUsagePurpose::ClientAuth,
        ExtendedKeyUsagePurpose::EmailProtection,
        // Microsoft smart card logon.
        ExtendedKeyUsagePurpose::Other(vec![1, 3, 6, 1, 4, 1, 311, 20, 2, 2]),
    ];
    match generation {
        Generation::G1Like => add_g1_extensions(&mut parameters, request, issuer)?,
        Generation::G2Like => add_g2_extensions(&mut parameters)?,
    }
    Ok(parameters)
}

fn add_g1_extensions(
    parameters: &mut CertificateParams,
    request: &Request,
    issuer: &IssuerFacts<'_>,
) -> Result<(), IssueError> {
    parameters.crl_distribution_points = distribution_points(&[
        "http://ca.demo.invalid/pki/crl/g1.crl",
        "http://pub.ca.demo.invalid/pki/crl/g1.crl",
    ]);
    let mut add = |kind: &[u64], value: Vec<u8>| {
        parameters
            .custom_extensions
            .push(CustomExtension::from_oid_content(kind, value));
    };
    add(&[2, 5, 29, 35], full_authority_key_identifier(issuer)?);
    add(
        &[1, 3, 6, 1, 5, 5, 7, 1, 1],
        authority_information(
            "http://ocsp.demo.invalid/",
            "http://ca.demo.invalid/pki/cert/g1.crt",
        )?,
    );
    // nsCertType: SSL client and S/MIME; five of the eight bits are unused at the end.
    add(
        &[2, 16, 840, 1, 113_730, 1, 1],
        tagged(Tag::BitString, &[5, 0b1010_0000])?,
    );
    if let Some(comment) = &request.comment {
        add(
            &[2, 16, 840, 1, 113_730, 1, 13],
            tagged(Tag::Ia5String, comment.as_bytes())?,
        );
    }
    Ok(())
}

fn add_g2_extensions(parameters: &mut CertificateParams) -> Result<(), IssueError> {
    parameters.use_authority_key_identifier_extension = true;
    parameters.crl_distribution_points =
        distribution_points(&["http://ca.demo.invalid/pki/crl/g2.crl"]);
    let mut add = |kind: &[u64], value: Vec<u8>| {
        parameters
            .custom_extensions
            .push(CustomExtension::from_oid_content(kind, value));
    };
    add(
        &[1, 3, 6, 1, 5, 5, 7, 1, 1],
        authority_information(
            "http://ocsp.demo.invalid",
            "http://ca.demo.invalid/pki/crt/g2.crt",
        )?,
    );
    let statement = tagged(Tag::Ia5String, b"https://ca.demo.invalid/pki/policies/CP")?;
    let qualifier = sequence(&[&oid("1.3.6.1.5.5.7.2.1")?, &statement])?;
    let policy = sequence(&[&oid("2.16.704.1.1.1.1.1")?, &sequence(&[&qualifier])?])?;
    add(&[2, 5, 29, 32], sequence(&[&policy])?);
    Ok(())
}

/// keyid, the issuing CA's issuer and the issuing CA's serial number, as G1 wrote it.
fn full_authority_key_identifier(issuer: &IssuerFacts<'_>) -> Result<Vec<u8>, IssueError> {
    sequence(&[
        &context(0, false, issuer.key_identifier)?,
        &context(1, true, &context(4, true, issuer.issuer_name)?)?,
        &context(2, false, issuer.serial_number)?,
    ])
}

/// Authority information access: OCSP, then where the CA certificate is.
fn authority_information(ocsp: &str, certificate: &str) -> Result<Vec<u8>, IssueError> {
    let description = |method: &str, address: &str| -> Result<Vec<u8>, IssueError> {
        sequence(&[&oid(method)?, &context(6, false, address.as_bytes())?])
    };
    sequence(&[
        &description("1.3.6.1.5.5.7.48.1", ocsp)?,
        &description("1.3.6.1.5.5.7.48.2", certificate)?,
    ])
}

fn distribution_points(addresses: &[&str]) -> Vec<CrlDistributionPoint> {
    addresses
        .iter()
        .map(|address| CrlDistributionPoint {
            uris: vec![(*address).to_owned()],
        })
        .collect()
}

impl KeyUsage {
    const fn purpose(self) -> KeyUsagePurpose {
        match self {
            Self::DigitalSignature => KeyUsagePurpose::DigitalSignature,
            Self::NonRepudiation => KeyUsagePurpose::ContentCommitment,
            Self::KeyEncipherment => KeyUsagePurpose::KeyEncipherment,
            Self::DataEncipherment => KeyUsagePurpose::DataEncipherment,
            Self::KeyAgreement => KeyUsagePurpose::KeyAgreement,
            Self::CertificateSigning => KeyUsagePurpose::KeyCertSign,
            Self::CrlSigning => KeyUsagePurpose::CrlSign,
        }
    }
}
