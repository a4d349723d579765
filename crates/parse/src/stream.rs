//! The records of a source in any format.

use crate::certain::CertainRecords;
use crate::follow::Ahead;
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

    /// Reads all records, one after the other.
    ///
    /// # Errors
    /// What the input says.
    pub(crate) fn each(&mut self, mut on: impl FnMut(&Record<'_>)) -> io::Result<()> {
        loop {
            let ahead = self.fill(1)?;
            if ahead.is_empty() {
                break;
            }
            ahead.iter().for_each(|record| on(&record));
        }
        while let Some(record) = self.next()? {
            on(&record);
        }
        Ok(())
    }

    /// The next record, once none can be read ahead.
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

    /// Reads about so many records ahead; none where that is not certain, and [`Stream::next`] has to be asked.
    ///
    /// # Errors
    /// What the input says.
    pub(crate) fn fill(&mut self, about: usize) -> io::Result<Ahead<'_>> {
        match self {
            Stream::Delimited(records) => records.fill(about),
            Stream::Dialect(_) | Stream::Keyed(_) => Ok(Ahead::default()),
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
