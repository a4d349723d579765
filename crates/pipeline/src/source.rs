//! One input, as it is opened and read.

use crate::bytes::Bytes;
use crate::pipe::{Failing, Head, Pipe};
use crate::progress::{Metered, Progress, Silent};
use ringback_parse::container::{Entry, Gunzip, Limits};
use std::io::{self, Read};

/// An input and its normalised name.
#[derive(Debug)]
pub struct Source {
    /// The name in the report: with `/`, relative to what all inputs have in common.
    pub name: String,
    /// Its size in bytes as found, where it is known.
    pub size: Option<u64>,
    /// What holds it, from the outside in: `plain`, `pipe`, `gzip`, `zip`, `xlsx`, or several as in `zip+gzip`.
    pub container: String,
    /// Whether it comes first, before those with smaller names: a pipe does, so that its rows are no duplicates.
    pub(crate) leads: bool,
    pub(crate) from: Origin,
    /// What it was made from, where that is something else than what is read: a sheet's workbook.
    pub(crate) original: Option<Origin>,
}

/// Where the bytes come from.
#[derive(Debug)]
pub(crate) enum Origin {
    /// As they stand.
    Bytes(Bytes),
    /// An entry of a zip archive.
    Entry(Bytes, Box<Entry>),
    /// What a gzip stream holds.
    Gzip(Box<Origin>, Limits),
    /// As they stand, and then an error: what could be read of a sheet.
    CutShort(Bytes, String),
    /// Some of its bytes, from an offset on.
    Piece(Bytes, u64),
    /// A pipe, which is read once.
    Pipe(Pipe),
    /// It is known why nothing of it can be read.
    Unreadable(String),
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

impl Origin {
    /// The bytes as found: compressed where they are.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn found(&self) -> io::Result<Box<dyn Read + Send>> {
        match self {
            Origin::Bytes(bytes) | Origin::CutShort(bytes, _) | Origin::Piece(bytes, _) => {
                Ok(Box::new(bytes.open(0)?))
            }
            Origin::Entry(archive, entry) => Ok(Box::new(entry.reader(archive.open(entry.start)?)?)),
            Origin::Gzip(packed, _) => packed.found(),
            Origin::Pipe(pipe) => pipe.open(),
            Origin::Unreadable(error) => Err(io::Error::other(error.clone())),
        }
    }
}

impl Source {
    /// The number of bytes, where reading can begin at any of them.
    pub(crate) fn seekable(&self) -> Option<u64> {
        match &self.from {
            Origin::Bytes(bytes) => Some(bytes.len()),
            _ => None,
        }
    }

    /// Whether it can be read only once.
    pub(crate) fn is_pipe(&self) -> bool {
        matches!(self.from, Origin::Pipe(_))
    }

    /// Whether it takes work to get its bytes.
    pub(crate) fn is_packed(&self) -> bool {
        matches!(self.from, Origin::Entry(..) | Origin::Gzip(..))
    }

    /// The size of a pipe and, where it was asked for, its SHA-256, once it was read to its end.
    pub(crate) fn passed(&self) -> Option<(u64, Option<String>)> {
        match &self.from {
            Origin::Pipe(pipe) => pipe.seen().all(),
            _ => None,
        }
    }

    /// Its first bytes, expanded.
    ///
    /// # Errors
    /// What the system says, where not one byte can be read.
    pub(crate) fn head(&self, most: u64) -> io::Result<Head> {
        if let Origin::Pipe(pipe) = &self.from {
            return Ok(pipe.head());
        }
        let (head, error) = Head::of(&mut self.open(0, &Silent)?, most);
        match error {
            Some(error) if head.bytes.is_empty() => Err(error),
            _ => Ok(head),
        }
    }

    /// The expanded bytes from an offset on; the progress is told of bytes as found.
    ///
    /// # Errors
    /// What the system says, or why it can not be expanded up to there.
    pub(crate) fn open<'p>(
        &self,
        offset: u64,
        progress: &'p dyn Progress,
    ) -> io::Result<Box<dyn Read + Send + 'p>> {
        let mut input: Box<dyn Read + Send + 'p> = match &self.from {
            Origin::Bytes(bytes) => return Ok(Box::new(Metered { input: bytes.open(offset)?, progress })),
            Origin::Piece(bytes, from) => {
                let before = offset.checked_sub(*from).ok_or(io::ErrorKind::InvalidInput)?;
                return Ok(Box::new(Metered { input: bytes.open(before)?, progress }));
            }
            Origin::Gzip(packed, limits) => {
                Box::new(Gunzip::new(Metered { input: packed.found()?, progress }, *limits))
            }
            Origin::CutShort(bytes, error) => {
                let end = Failing(Some(io::Error::other(error.clone())));
                Box::new(Metered { input: bytes.open(0)?.chain(end), progress })
            }
            other => Box::new(Metered { input: other.found()?, progress }),
        };
        io::copy(&mut input.by_ref().take(offset), &mut io::sink())?;
        Ok(input)
    }
}
