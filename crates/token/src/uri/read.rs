//! Reading a URI. Errors name a place or a known attribute, never what was written.

use std::str::FromStr;

use super::encoding::{Part, decode};
use super::{ObjectType, Uri, UriError};

const SCHEME: &str = "pkcs11:";

/// Whether a text means to be a `pkcs11:` URI; a scheme's case does not matter (RFC 3986, 3.1).
pub(super) fn is_uri(text: &str) -> bool {
    text.get(..SCHEME.len())
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case(SCHEME))
}

impl FromStr for Uri {
    type Err = UriError;

    fn from_str(text: &str) -> Result<Self, UriError> {
        if !is_uri(text) {
            return Err(UriError::Malformed { offset: 0 });
        }
        // before all else, so that no other error stands in its way
        if has_pin(text) {
            return Err(UriError::Pin);
        }
        let rest = text.get(SCHEME.len()..).unwrap_or_default();
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (rest, None),
        };
        let mut uri = Self::default();
        let mut offset = SCHEME.len();
        if !path.is_empty() {
            for attribute in path.split(';') {
                uri.take(attribute, offset, Part::Path)?;
                offset += attribute.len() + 1;
            }
        }
        if let Some(query) = query {
            let mut offset = SCHEME.len() + path.len() + 1;
            for attribute in query.split('&') {
                uri.take(attribute, offset, Part::Query)?;
                offset += attribute.len() + 1;
            }
        }
        Ok(uri)
    }
}

/// Whether any attribute, wherever it stands and however it is written, is about the PIN.
fn has_pin(text: &str) -> bool {
    text.split([':', ';', '?', '&'])
        .map(|attribute| attribute.split('=').next().unwrap_or_default())
        .any(|name| {
            let name = decode(name, Part::Query).unwrap_or_default();
            name.eq_ignore_ascii_case(b"pin-value") || name.eq_ignore_ascii_case(b"pin-source")
        })
}

impl Uri {
    /// One `name=value`, which begins at this offset of the whole.
    fn take(&mut self, attribute: &str, offset: usize, part: Part) -> Result<(), UriError> {
        let malformed = |within: usize| UriError::Malformed {
            offset: offset + within,
        };
        let (name, value) = attribute.split_once('=').ok_or_else(|| malformed(0))?;
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if name.is_empty() || !name.bytes().all(is_name) {
            return Err(malformed(0));
        }
        let value = decode(value, part).map_err(|within| malformed(name.len() + 1 + within))?;
        let known = match part {
            Part::Path => self.take_from_path(name, value)?,
            Part::Query => self.take_from_query(name, value)?,
        };
        match (known, part) {
            (true, _) | (false, Part::Query) => Ok(()),
            (false, Part::Path) => Err(UriError::UnknownAttribute { offset }),
        }
    }

    /// Whether the attribute is one of the path's.
    fn take_from_path(&mut self, name: &str, value: Vec<u8>) -> Result<bool, UriError> {
        match name {
            "library-description" => set(
                "library-description",
                &mut self.library_description,
                text(value),
            ),
            "library-manufacturer" => set(
                "library-manufacturer",
                &mut self.library_manufacturer,
                text(value),
            ),
            "library-version" => set("library-version", &mut self.library_version, version(value)),
            "slot-description" => set("slot-description", &mut self.slot_description, text(value)),
            "slot-id" => set("slot-id", &mut self.slot_id, number(value)),
            "slot-manufacturer" => set(
                "slot-manufacturer",
                &mut self.slot_manufacturer,
                text(value),
            ),
            "model" => set("model", &mut self.model, text(value)),
            "manufacturer" => set("manufacturer", &mut self.manufacturer, text(value)),
            "serial" => set("serial", &mut self.serial, text(value)),
            "token" => set("token", &mut self.token, text(value)),
            "id" => set("id", &mut self.id, Some(value)),
            "object" => set("object", &mut self.object, text(value)),
            "type" => set("type", &mut self.object_type, object_type(value)),
            _ => return Ok(false),
        }
        .map(|()| true)
    }

    /// Whether the attribute is one of the query's.
    fn take_from_query(&mut self, name: &str, value: Vec<u8>) -> Result<bool, UriError> {
        match name {
            "module-name" => set("module-name", &mut self.module_name, text(value)),
            "module-path" => set("module-path", &mut self.module_path, text(value)),
            _ => return Ok(false),
        }
        .map(|()| true)
    }
}

fn set<Value>(
    attribute: &'static str,
    place: &mut Option<Value>,
    value: Option<Value>,
) -> Result<(), UriError> {
    if place.is_some() {
        return Err(UriError::Repeated { attribute });
    }
    *place = Some(value.ok_or(UriError::BadValue { attribute })?);
    Ok(())
}

fn text(value: Vec<u8>) -> Option<String> {
    String::from_utf8(value).ok()
}

fn number<Number: FromStr>(value: Vec<u8>) -> Option<Number> {
    let digits = text(value)?;
    // parse() would take a sign
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

/// `1*DIGIT [ "." 1*DIGIT ]`; no minor version is 0.
fn version(value: Vec<u8>) -> Option<(u8, u8)> {
    let text = text(value)?;
    let (major, minor) = text.split_once('.').unwrap_or((&text, "0"));
    Some((number(major.into())?, number(minor.into())?))
}

fn object_type(value: Vec<u8>) -> Option<ObjectType> {
    let name = text(value)?;
    ObjectType::ALL.into_iter().find(|one| one.name() == name)
}
