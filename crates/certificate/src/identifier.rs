//! Numbers of offices and persons that CAs write into names: tax code, citizen's number.

use crate::name::DistinguishedName;

/// A number found in a name attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier {
    /// What kind of number it says it is.
    pub kind: IdentifierKind,
    /// The number as written, without the prefix and without blanks around it.
    pub value: String,
}

/// Kinds of number, by the prefix public CAs use (`UID=MST:0123456789`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentifierKind {
    /// Mã số thuế (MST): an office's tax code.
    TaxCode,
    /// Căn cước công dân (CCCD): a person's number, 12 digits.
    CitizenNumber,
    /// Chứng minh nhân dân (CMND): the number before CCCD, 9 or 12 digits.
    OldCitizenNumber,
}

const PREFIXES: [(&str, IdentifierKind); 3] = [
    ("MST", IdentifierKind::TaxCode),
    ("CCCD", IdentifierKind::CitizenNumber),
    ("CMND", IdentifierKind::OldCitizenNumber),
];

/// The fewest digits any of these numbers has; a prefix before less is part of a word.
const FEWEST_DIGITS: usize = 9;

/// All numbers in UID, serialNumber and OU, in that order.
///
/// How the government CA writes a tax code is not known (no sample shows one), so the reading is
/// tolerant: letter case, colon, equals sign, dash or blank after the prefix do not matter.
pub(crate) fn identifiers(name: &DistinguishedName) -> Vec<Identifier> {
    name.all("0.9.2342.19200300.100.1.1")
        .chain(name.all("2.5.4.5"))
        .chain(name.all("2.5.4.11"))
        .filter_map(parse)
        .collect()
}

fn parse(text: &str) -> Option<Identifier> {
    let text = text.trim();
    let (kind, rest) = PREFIXES.iter().find_map(|(prefix, kind)| {
        let (head, rest) = text.split_at_checked(prefix.len())?;
        head.eq_ignore_ascii_case(prefix).then_some((*kind, rest))
    })?;
    let value = rest.trim_start_matches([':', '=', '-', ' ']).trim();
    let allowed = value
        .chars()
        .all(|letter| letter.is_ascii_digit() || letter == '-');
    let digits = value.chars().filter(char::is_ascii_digit).count();
    (allowed && digits >= FEWEST_DIGITS).then(|| Identifier {
        kind,
        value: value.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(IdentifierKind, String)> {
        parse(text).map(|found| (found.kind, found.value))
    }

    #[test]
    fn the_form_of_public_cas_is_read() {
        assert_eq!(
            read("MST:0123456789"),
            Some((IdentifierKind::TaxCode, "0123456789".into()))
        );
        assert_eq!(
            read("CCCD:001099000001"),
            Some((IdentifierKind::CitizenNumber, "001099000001".into()))
        );
        assert_eq!(
            read("CMND:123456789"),
            Some((IdentifierKind::OldCitizenNumber, "123456789".into()))
        );
    }

    #[test]
    fn blanks_case_and_a_branch_number_do_not_matter() {
        assert_eq!(
            read(" mst: 0123456789-001 "),
            Some((IdentifierKind::TaxCode, "0123456789-001".into()))
        );
    }

    #[test]
    fn a_word_that_begins_like_a_prefix_is_no_number() {
        assert_eq!(read("MST Văn phòng 12"), None);
        assert_eq!(read("CMND"), None);
        assert_eq!(read("Mẫu"), None);
    }
}
