//! Just enough DER to take a certificate, a public key and a PKCS#8 private key apart.

/// One element: its tag, all of its bytes, and its content.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    pub(crate) whole: &'a [u8],
    pub(crate) content: &'a [u8],
}

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;

/// The elements that stand one after the other in these bytes.
pub(crate) fn elements(mut bytes: &[u8]) -> Option<Vec<Element<'_>>> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let (&tag, rest) = bytes.split_first()?;
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = if first < 0x80 {
            (usize::from(first), rest)
        } else {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let length = digits.iter().try_fold(0_usize, |length, digit| {
                length.checked_mul(256)?.checked_add(usize::from(*digit))
            })?;
            (length, rest)
        };
        let (content, rest) = rest.split_at_checked(length)?;
        let (whole, _) = bytes.split_at_checked(bytes.len() - rest.len())?;
        found.push(Element {
            tag,
            whole,
            content,
        });
        bytes = rest;
    }
    Some(found)
}

/// The elements inside the one SEQUENCE that these bytes are.
pub(crate) fn sequence(bytes: &[u8]) -> Option<Vec<Element<'_>>> {
    match elements(bytes)?.as_slice() {
        [one] if one.tag == SEQUENCE => elements(one.content),
        _ => None,
    }
}

/// What a certificate object repeats of its certificate, each as a whole DER element.
pub(crate) struct CertificateParts<'a> {
    pub(crate) serial_number: &'a [u8],
    pub(crate) issuer: &'a [u8],
    pub(crate) subject: &'a [u8],
}

pub(crate) fn certificate(der: &[u8]) -> Option<CertificateParts<'_>> {
    let body = elements(sequence(der)?.first()?.content)?;
    let mut body = body.iter().filter(|one| one.tag != VERSION);
    let serial_number = body.next()?.whole;
    let _signature_algorithm = body.next()?;
    let issuer = body.next()?.whole;
    let _validity = body.next()?;
    let subject = body.next()?.whole;
    Some(CertificateParts {
        serial_number,
        issuer,
        subject,
    })
}

/// A positive INTEGER as PKCS#11 wants it: without the sign byte.
pub(crate) fn magnitude(element: &Element<'_>) -> Option<Vec<u8>> {
    (element.tag == INTEGER).then(|| {
        let zeros = element.content.iter().take_while(|byte| **byte == 0);
        element
            .content
            .iter()
            .skip(zeros.count())
            .copied()
            .collect()
    })
}
