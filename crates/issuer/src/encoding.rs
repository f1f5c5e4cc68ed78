//! The few DER forms that are put together by hand.

use der::asn1::{Any, AnyRef, ObjectIdentifier};
use der::{Decode, Encode, Reader, SliceReader, Tag, TagNumber};

use crate::IssueError;

/// The TLV with `tag` and these content bytes.
pub(crate) fn tagged(tag: Tag, content: &[u8]) -> Result<Vec<u8>, IssueError> {
    Ok(Any::new(tag, content)?.to_der()?)
}

/// SEQUENCE of parts that are already DER.
pub(crate) fn sequence(parts: &[&[u8]]) -> Result<Vec<u8>, IssueError> {
    tagged(Tag::Sequence, &parts.concat())
}

/// `[number]` around content: constructed for explicit tags, primitive for implicit strings.
pub(crate) fn context(
    number: u32,
    constructed: bool,
    content: &[u8],
) -> Result<Vec<u8>, IssueError> {
    tagged(
        Tag::ContextSpecific {
            constructed,
            number: TagNumber(number),
        },
        content,
    )
}

/// OBJECT IDENTIFIER from its dotted form.
pub(crate) fn oid(dotted: &str) -> Result<Vec<u8>, IssueError> {
    let parsed: ObjectIdentifier = dotted.parse().map_err(der::Error::from)?;
    Ok(parsed.to_der()?)
}

/// The content of a constructed TLV, cut into its parts; each part is a whole TLV.
pub(crate) fn parts(tlv: &[u8]) -> Result<Vec<&[u8]>, IssueError> {
    let whole = AnyRef::from_der(tlv)?;
    let mut reader = SliceReader::new(whole.value())?;
    let mut parts = Vec::new();
    while !reader.is_finished() {
        parts.push(reader.tlv_bytes()?);
    }
    Ok(parts)
}

/// The content octets of a TLV.
pub(crate) fn content(tlv: &[u8]) -> Result<&[u8], IssueError> {
    Ok(AnyRef::from_der(tlv)?.value())
}
