//! Records kept in memory.

use std::collections::BTreeMap;

use chungthu_certificate::records::{RecordEnd, RecordKind, Storage, StorageError};

/// By kind and name.
#[derive(Default)]
pub(crate) struct Memory {
    records: BTreeMap<(RecordKind, String), Vec<u8>>,
}

impl Memory {
    /// The bytes of the backups, without the certificates beside them.
    pub(crate) fn backups(&self) -> impl Iterator<Item = &[u8]> {
        let is_backup =
            |kind: RecordKind, name: &str| kind == RecordKind::Backup && name.ends_with(".json");
        self.records
            .iter()
            .filter(move |((kind, name), _)| is_backup(*kind, name))
            .map(|(_, bytes)| bytes.as_slice())
    }
}

impl Memory {
    /// The bytes of all records that are text: there are certificates beside a backup.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &[u8]> {
        let is_text = |name: &str| !name.ends_with(".cer");
        self.records
            .iter()
            .filter(move |((_, name), _)| is_text(name))
            .map(|(_, bytes)| bytes.as_slice())
    }
}

impl Storage for Memory {
    fn create(
        &mut self,
        kind: RecordKind,
        name: &str,
        contents: &[u8],
    ) -> Result<String, StorageError> {
        let earlier = self
            .records
            .insert((kind, name.to_owned()), contents.to_vec());
        assert!(earlier.is_none(), "{name} is written over");
        Ok(name.to_owned())
    }

    fn append(&mut self, kind: RecordKind, name: &str, line: &[u8]) -> Result<(), StorageError> {
        let record = self.records.entry((kind, name.to_owned())).or_default();
        record.extend_from_slice(line);
        record.push(b'\n');
        Ok(())
    }

    fn read_end(
        &self,
        kind: RecordKind,
        name: &str,
        limit: usize,
    ) -> Result<RecordEnd, StorageError> {
        let record = self.records.get(&(kind, name.to_owned()));
        let bytes = record.map(Vec::as_slice).unwrap_or_default();
        let begin = bytes.len().saturating_sub(limit);
        Ok(RecordEnd {
            bytes: bytes[begin..].to_vec(),
            is_whole: begin == 0,
        })
    }

    fn empty(&mut self, kind: RecordKind, name: &str) -> Result<(), StorageError> {
        self.records.remove(&(kind, name.to_owned()));
        Ok(())
    }
}
