//! One input, as it is opened and read.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, copy, stdin};
use std::path::PathBuf;

/// An input and its normalised name.
#[derive(Debug)]
pub struct Source {
    /// The name in the report: with `/`, relative to what all inputs have in common.
    pub name: String,
    /// Its size in bytes, where it is known.
    pub size: Option<u64>,
    /// `plain` or `pipe`.
    pub container: &'static str,
    pub(crate) from: Origin,
}

/// Where the bytes come from.
#[derive(Debug)]
pub(crate) enum Origin {
    /// A file on disk.
    File(PathBuf),
    /// Standard input, kept in a file without a name: it goes away with the process.
    Spool(File),
}

/// Why an input could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The system says no.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It fits no layout, or has no text.
    #[error(transparent)]
    Plan(#[from] ringback_parse::PlanError),
}

impl Source {
    /// Standard input, read to its end.
    ///
    /// # Errors
    /// What the system says when the pipe or the file that keeps it fails.
    pub(crate) fn standard_input() -> io::Result<Self> {
        let mut spool = tempfile::tempfile()?;
        let size = copy(&mut stdin().lock(), &mut spool)?;
        Ok(Source { name: "-".to_owned(), size: Some(size), container: "pipe", from: Origin::Spool(spool) })
    }

    /// The bytes from an offset on.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn open(&self, offset: u64) -> io::Result<Box<dyn Read + Send + '_>> {
        match &self.from {
            Origin::File(path) => {
                let mut file = File::open(path)?;
                if offset > 0 {
                    file.seek(SeekFrom::Start(offset))?;
                }
                Ok(Box::new(file))
            }
            Origin::Spool(file) => Ok(Box::new(At { file, offset })),
        }
    }
}

/// Reads a shared file at an offset of its own.
struct At<'f> {
    file: &'f File,
    offset: u64,
}

impl Read for At<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = read_at(self.file, buffer, self.offset)?;
        self.offset += read as u64;
        Ok(read)
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
