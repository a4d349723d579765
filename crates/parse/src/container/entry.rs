//! One entry of a zip archive, read as it comes and held against what the directory says of it.

use crate::container::ContainerError;
use flate2::Crc;
use flate2::read::DeflateDecoder;
use std::io::{self, Read, Take};

/// One file in a zip archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name, decoded and harmless; not unique.
    pub name: String,
    /// Where its compressed bytes start in the archive.
    pub start: u64,
    /// How many compressed bytes there are.
    pub packed: u64,
    /// How many bytes the directory says that it expands to.
    pub size: u64,
    /// Why it can not be read, where the directory already tells.
    pub fault: Option<ContainerError>,
    pub(crate) deflated: bool,
    pub(crate) crc: u32,
}

impl Entry {
    /// Reads what the entry holds. `packed` stands at [`Entry::start`] of the archive.
    ///
    /// # Errors
    /// It can not be read at all. The reader itself errs where the data is not what the directory says.
    pub fn reader<R: Read>(&self, packed: R) -> Result<EntryReader<R>, ContainerError> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        let packed = packed.take(self.packed);
        let bytes =
            if self.deflated { Bytes::Deflated(DeflateDecoder::new(packed)) } else { Bytes::Stored(packed) };
        Ok(EntryReader { bytes, size: self.size, left: self.size, crc: Crc::new(), expected: self.crc })
    }
}

/// Reads what an entry holds.
pub struct EntryReader<R> {
    bytes: Bytes<R>,
    size: u64,
    left: u64,
    crc: Crc,
    expected: u32,
}

enum Bytes<R> {
    Stored(Take<R>),
    Deflated(DeflateDecoder<Take<R>>),
}

impl<R: Read> Read for Bytes<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Bytes::Stored(bytes) => bytes.read(buffer),
            Bytes::Deflated(bytes) => bytes.read(buffer).map_err(|error| match error.kind() {
                io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => ContainerError::Damaged.into(),
                io::ErrorKind::UnexpectedEof => ContainerError::Truncated.into(),
                _ => error,
            }),
        }
    }
}

impl<R: Read> Read for EntryReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        if self.left == 0 {
            return match self.bytes.read(&mut [0])? {
                0 if self.crc.sum() == self.expected => Ok(0),
                0 => Err(ContainerError::Checksum.into()),
                _ => Err(ContainerError::Longer { size: self.size }.into()),
            };
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.bytes.read(&mut buffer[..most])?;
        if read == 0 {
            return Err(ContainerError::Truncated.into());
        }
        self.crc.update(&buffer[..read]);
        self.left -= read as u64;
        Ok(read)
    }
}
