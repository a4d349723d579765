//! Bytes that can be read from any offset, as often as is needed: those of a file, or those that a run keeps.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// How much of what is kept is held in memory before it goes to disk.
const IN_MEMORY: usize = 1024 * 1024;

/// How much is copied at a time.
const BLOCK: usize = 64 * 1024;

/// Bytes that can be read from any offset.
#[derive(Clone, Debug)]
pub(crate) enum Bytes {
    /// A file on disk, opened again for each reading.
    File(Arc<Path>, u64),
    /// A stretch of what the run keeps.
    Kept(Stretch),
}

/// A stretch of a file that is shared.
#[derive(Clone, Debug)]
pub(crate) struct Stretch {
    file: Arc<File>,
    start: u64,
    length: u64,
}

/// What can be read and moved about in.
pub(crate) trait ReadSeek: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeek for T {}

impl Bytes {
    /// A reader that stands at an offset.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn open(&self, offset: u64) -> io::Result<Box<dyn ReadSeek>> {
        match self {
            Bytes::File(path, _) => {
                let mut file = File::open(path)?;
                if offset > 0 {
                    file.seek(SeekFrom::Start(offset))?;
                }
                Ok(Box::new(file))
            }
            Bytes::Kept(stretch) => Ok(Box::new(At { stretch: stretch.clone(), offset })),
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> u64 {
        match self {
            Bytes::File(_, length) => *length,
            Bytes::Kept(stretch) => stretch.length,
        }
    }
}

/// What a run has to keep because it can not be read again where it comes from: inner containers, sheets as text, pipes.
/// All of it is in one file without a name, which goes away with the process.
#[derive(Debug, Default)]
pub(crate) struct Store(Mutex<Option<(Arc<File>, u64)>>);

impl Store {
    /// Keeps all that is written to a writer, and gives what the writing gives.
    ///
    /// # Errors
    /// What the system says of the file.
    pub(crate) fn keep<T>(&self, write: impl FnOnce(&mut dyn Write) -> T) -> io::Result<(Bytes, T)> {
        // Written apart first, so that several threads can keep something at the same time.
        let mut apart = tempfile::spooled_tempfile(IN_MEMORY);
        let told = write(&mut apart);
        apart.rewind()?;
        let mut shared = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (file, end) = match shared.take() {
            Some(shared) => shared,
            None => (Arc::new(tempfile::tempfile()?), 0),
        };
        let copied = append(&file, end, &mut apart);
        let length = *copied.as_ref().unwrap_or(&0);
        *shared = Some((file.clone(), end + length));
        copied?;
        Ok((Bytes::Kept(Stretch { file, start: end, length }), told))
    }
}

/// Writes all that a reader gives to a place in a file; tells how much.
fn append(file: &File, at: u64, input: &mut dyn Read) -> io::Result<u64> {
    let mut block = vec![0; BLOCK];
    let mut length = 0;
    loop {
        let read = input.read(&mut block)?;
        if read == 0 {
            return Ok(length);
        }
        write_at(file, &block[..read], at + length)?;
        length += read as u64;
    }
}

/// Reads a stretch at an offset of its own.
struct At {
    stretch: Stretch,
    offset: u64,
}

impl Read for At {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.stretch.length.saturating_sub(self.offset)).unwrap_or(usize::MAX);
        let most = left.min(buffer.len());
        let read = read_at(&self.stretch.file, &mut buffer[..most], self.stretch.start + self.offset)?;
        self.offset += read as u64;
        Ok(read)
    }
}

impl Seek for At {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let offset = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(by) => self.stretch.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.offset.checked_add_signed(by),
        };
        self.offset = offset.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.offset)
    }
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(windows)]
fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    let mut written = 0;
    while written < bytes.len() {
        let at = offset + written as u64;
        written += std::os::windows::fs::FileExt::seek_write(file, &bytes[written..], at)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &Bytes, offset: u64) -> String {
        let mut text = String::new();
        bytes.open(offset).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn what_is_kept_stays_apart() {
        let store = Store::default();
        let keep = |text: &str| store.keep(|out| out.write_all(text.as_bytes())).unwrap().0;
        let (one, two, none) = (keep("one"), keep(&"two".repeat(IN_MEMORY)), keep(""));
        assert_eq!(
            (text(&one, 0).as_str(), text(&one, 1).as_str(), text(&none, 0).as_str()),
            ("one", "ne", "")
        );
        assert_eq!(
            (two.len(), text(&two, 3 * IN_MEMORY as u64 - 2)),
            (3 * IN_MEMORY as u64, "wo".to_owned())
        );
        let mut reader = one.open(0).unwrap();
        assert_eq!(reader.seek(SeekFrom::End(-1)).unwrap(), 2);
        assert_eq!(reader.seek(SeekFrom::Current(-2)).unwrap(), 0);
        assert!(reader.seek(SeekFrom::Current(-1)).is_err());
    }
}
