//! Printing a URI, in the order in which GnuTLS and p11-kit print theirs.

use std::fmt::{self, Write as _};

use super::Uri;
use super::encoding::{Part, write_bytes, write_text};

impl fmt::Display for Uri {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("pkcs11:")?;
        let mut path = Attributes::new(Part::Path, ';');
        path.text(
            out,
            "library-description",
            self.library_description.as_ref(),
        )?;
        path.text(
            out,
            "library-manufacturer",
            self.library_manufacturer.as_ref(),
        )?;
        if let Some((major, minor)) = self.library_version {
            path.begin(out, "library-version")?;
            write!(out, "{major}.{minor}")?;
        }
        path.text(out, "slot-description", self.slot_description.as_ref())?;
        path.text(out, "slot-manufacturer", self.slot_manufacturer.as_ref())?;
        if let Some(slot) = self.slot_id {
            path.begin(out, "slot-id")?;
            write!(out, "{slot}")?;
        }
        path.text(out, "model", self.model.as_ref())?;
        path.text(out, "manufacturer", self.manufacturer.as_ref())?;
        path.text(out, "serial", self.serial.as_ref())?;
        path.text(out, "token", self.token.as_ref())?;
        if let Some(id) = &self.id {
            path.begin(out, "id")?;
            write_bytes(out, id)?;
        }
        path.text(out, "object", self.object.as_ref())?;
        if let Some(object_type) = self.object_type {
            path.begin(out, "type")?;
            out.write_str(object_type.name())?;
        }
        if self.module_name.is_some() || self.module_path.is_some() {
            out.write_char('?')?;
        }
        let mut query = Attributes::new(Part::Query, '&');
        query.text(out, "module-name", self.module_name.as_ref())?;
        query.text(out, "module-path", self.module_path.as_ref())
    }
}

/// A list of attributes in the making.
struct Attributes {
    part: Part,
    separator: char,
    is_empty: bool,
}

impl Attributes {
    const fn new(part: Part, separator: char) -> Self {
        Self {
            part,
            separator,
            is_empty: true,
        }
    }

    fn begin(&mut self, out: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
        if !self.is_empty {
            out.write_char(self.separator)?;
        }
        self.is_empty = false;
        write!(out, "{name}=")
    }

    fn text(
        &mut self,
        out: &mut fmt::Formatter<'_>,
        name: &str,
        value: Option<&String>,
    ) -> fmt::Result {
        value.map_or(Ok(()), |value| {
            self.begin(out, name)?;
            write_text(out, value, self.part)
        })
    }
}
