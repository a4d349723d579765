//! The records of a source in any format.

use crate::certain::CertainRecords;
use crate::format::Format;
use crate::keyed::KeyedRecords;
use crate::plan::Plan;
use crate::records::{Record, Records};
use std::io::{self, Read};

/// Reads records from bytes.
pub(crate) enum Stream<'p, R> {
    /// Cells under a heading.
    Delimited(CertainRecords<R>),
    /// Cells under a heading in a dialect of its own.
    Dialect(Box<Records<R>>),
    /// Cells with keys of their own.
    Keyed(Box<KeyedRecords<'p, R>>),
}

impl<'p, R: Read> Stream<'p, R> {
    /// The records of a source from where its input stands.
    pub(crate) fn new(plan: &'p Plan, input: R) -> Self {
        match plan.format {
            Format::Delimited if plan.dialect.is_usual() => {
                Stream::Delimited(CertainRecords::new(input, plan.dialect.delimiter))
            }
            Format::Delimited => Stream::Dialect(Box::new(Records::with(input, plan.dialect))),
            format => Stream::Keyed(Box::new(KeyedRecords::new(input, format, &plan.keys))),
        }
    }

    /// The next record.
    ///
    /// # Errors
    /// What the input says.
    pub(crate) fn next(&mut self) -> io::Result<Option<Record<'_>>> {
        match self {
            Stream::Delimited(records) => records.next(),
            Stream::Dialect(records) => records.next(),
            Stream::Keyed(records) => records.next(),
        }
    }

    /// Reads up to so many records ahead; none where that is not certain, and [`Stream::next`] has to be asked.
    ///
    /// # Errors
    /// What the input says.
    pub(crate) fn fill(&mut self, most: usize) -> io::Result<usize> {
        match self {
            Stream::Delimited(records) => records.fill(most),
            Stream::Dialect(_) | Stream::Keyed(_) => Ok(0),
        }
    }

    /// One of the records that were read ahead.
    pub(crate) fn ahead(&self, number: usize) -> Record<'_> {
        match self {
            Stream::Delimited(records) => records.ahead(number),
            Stream::Dialect(_) | Stream::Keyed(_) => Record::default(),
        }
    }

    /// Bytes consumed so far.
    pub(crate) fn position(&self) -> u64 {
        match self {
            Stream::Delimited(records) => records.position(),
            Stream::Dialect(records) => records.position(),
            Stream::Keyed(records) => records.position(),
        }
    }

    /// Line ends consumed so far.
    pub(crate) fn lines(&self) -> u64 {
        match self {
            Stream::Delimited(records) => records.lines(),
            Stream::Dialect(records) => records.lines(),
            Stream::Keyed(records) => records.lines(),
        }
    }
}
