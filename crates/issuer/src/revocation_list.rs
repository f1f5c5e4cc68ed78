//! Lists of revoked certificates (CRL, RFC 5280 section 5) in the profile of the authority.

use der::Tag;
use time::OffsetDateTime;
use time::macros::format_description;

use crate::IssueError;
use crate::authority::{Authority, Generation};
use crate::encoding::{sequence, tagged};
use crate::rewrite::algorithm_identifier;

/// A certificate that is revoked.
#[derive(Debug, Clone)]
pub struct Revoked {
    /// Its serial number, big end first, as in the certificate.
    pub serial_number: Vec<u8>,
    /// When, UTC; the years 1950 to 2049.
    pub date: OffsetDateTime,
}

impl Authority {
    /// A list, DER, version 1: without reasons and extensions, signed by the CA that issues leaves.
    /// `from` and `to` are in the years 1950 to 2049.
    ///
    /// # Errors
    /// Only if a key file was damaged.
    pub fn revocation_list(
        &self,
        revoked: &[Revoked],
        from: OffsetDateTime,
        to: OffsetDateTime,
    ) -> Result<Vec<u8>, IssueError> {
        let algorithm = algorithm_identifier(self.generation())?;
        let mut entries = Vec::new();
        for one in revoked {
            let serial = tagged(Tag::Integer, &one.serial_number)?;
            entries.extend(sequence(&[&serial, &utc_time(one.date)?])?);
        }
        let mut fields = vec![
            algorithm.clone(),
            self.name().to_vec(),
            utc_time(from)?,
            utc_time(to)?,
        ];
        if !entries.is_empty() {
            fields.push(tagged(Tag::Sequence, &entries)?);
        }
        let fields: Vec<&[u8]> = fields.iter().map(Vec::as_slice).collect();
        let to_be_signed = sequence(&fields)?;
        let signature = match self.generation() {
            Generation::G1Like => self.key().sign_sha1(&to_be_signed)?,
            Generation::G2Like => self.key().sign_sha256(&to_be_signed)?,
        };
        let mut bits = vec![0];
        bits.extend(signature);
        sequence(&[&to_be_signed, &algorithm, &tagged(Tag::BitString, &bits)?])
    }
}

fn utc_time(moment: OffsetDateTime) -> Result<Vec<u8>, IssueError> {
    let form = format_description!("[year repr:last_two][month][day][hour][minute][second]Z");
    let text = moment.format(form).map_err(|_| IssueError::Shape)?;
    tagged(Tag::UtcTime, text.as_bytes())
}
