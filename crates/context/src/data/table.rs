//! Delimited text by its headings.

use super::Fault;
use super::file::{number_of, without_mark};
use csv::{ByteRecord, Reader, ReaderBuilder};

/// The delimiters that are tried. Where a heading has as many of two, the one that stands first here is taken.
const DELIMITERS: &[u8] = b",;\t|";

/// A table whose headings are known, and whose records are still to be read.
pub(super) struct Table<'b> {
    reader: Reader<&'b [u8]>,
    /// Headings in lower case, without blanks around them.
    headings: Vec<String>,
    text: Text<'b>,
    record: ByteRecord,
}

impl<'b> Table<'b> {
    /// Reads the headings.
    pub(super) fn new(bytes: &'b [u8]) -> Result<Self, Fault> {
        let bytes = without_mark(bytes)?;
        if !number_of(b'"', bytes).is_multiple_of(2) {
            return Err(Fault::whole(
                "a quote is never closed",
                "the file seems to be cut short; or write a quote in the midst of text twice",
            ));
        }
        let (delimiter, bytes, before) = match separator(bytes) {
            Some((delimiter, rest)) => (Some(delimiter), rest, 1),
            None => (None, bytes, 0),
        };
        let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let often = |delimiter: &u8| number_of(*delimiter, first);
        let delimiter =
            delimiter.or_else(|| DELIMITERS.iter().copied().rev().max_by_key(often)).unwrap_or(b',');
        let mut reader = ReaderBuilder::new().delimiter(delimiter).from_reader(bytes);
        let text = Text { bytes, before };
        let headings = reader.byte_headers().map_err(|error| text.fault(&error))?;
        let plain = |heading: &[u8]| String::from_utf8_lossy(heading).trim().to_lowercase();
        let headings = headings.iter().map(plain).collect();
        Ok(Table { reader, headings, text, record: ByteRecord::new() })
    }

    /// The headings.
    pub(super) fn headings(&self) -> &[String] {
        &self.headings
    }

    /// Whether there is a column of this heading.
    pub(super) fn has(&self, heading: &str) -> bool {
        self.headings.iter().any(|one| one == heading)
    }

    /// The number of a column; `None` where there is none.
    ///
    /// # Errors
    /// Two columns of this heading.
    pub(super) fn column(&self, heading: &str) -> Result<Option<usize>, Fault> {
        let mut found = self.headings.iter().enumerate().filter(|(_, one)| *one == heading);
        let first = found.next().map(|(number, _)| number);
        if found.next().is_some() {
            let what = format!("the heading {heading:?} stands twice");
            return Err(Fault::line(
                self.text.before + 1,
                what,
                "which of the columns counts can not be told",
            ));
        }
        Ok(first)
    }

    /// The numbers of those of some columns that are there.
    pub(super) fn columns(&self, headings: &[&str]) -> Result<Vec<usize>, Fault> {
        let mut numbers = Vec::new();
        for heading in headings {
            numbers.extend(self.column(heading)?);
        }
        Ok(numbers)
    }

    /// The next record.
    ///
    /// # Errors
    /// A record that has more or fewer cells than there are headings.
    pub(super) fn next(&mut self) -> Result<Option<Record<'_>>, Fault> {
        match self.reader.read_byte_record(&mut self.record) {
            Ok(true) => {
                let line = self.record.position().map_or(0, |at| self.text.line(at));
                Ok(Some(Record { cells: &self.record, headings: &self.headings, line }))
            }
            Ok(false) => Ok(None),
            Err(error) => Err(self.text.fault(&error)),
        }
    }
}

/// A record of a table.
pub(super) struct Record<'t> {
    cells: &'t ByteRecord,
    headings: &'t [String],
    /// The line on which it begins, from 1.
    pub(super) line: u64,
}

impl Record<'_> {
    /// A cell, without the blanks around it.
    ///
    /// # Errors
    /// A cell that is not UTF-8.
    pub(super) fn cell(&self, column: usize) -> Result<&str, Fault> {
        let bytes = self.cells.get(column).unwrap_or_default();
        std::str::from_utf8(bytes).map(str::trim).map_err(|_| {
            let heading = self.headings.get(column).map_or("", String::as_str);
            let what = format!("the cell of the column {heading:?} is not UTF-8");
            Fault::line(self.line, what, "save the file as UTF-8")
        })
    }

    /// The cell of a column that may be missing; empty then.
    pub(super) fn optional(&self, column: Option<usize>) -> Result<&str, Fault> {
        column.map_or(Ok(""), |column| self.cell(column))
    }

    /// Its place, for people.
    pub(super) fn place(&self) -> String {
        format!("line {}", self.line)
    }
}

/// The delimiter that a spreadsheet's first line names (`sep=;`), and what is below it.
fn separator(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let rest = bytes.strip_prefix(b"sep=")?;
    let (delimiter, rest) = rest.split_first()?;
    let rest = rest.strip_prefix(b"\r").unwrap_or(rest).strip_prefix(b"\n")?;
    DELIMITERS.contains(delimiter).then_some((*delimiter, rest))
}

/// What a table is read from, for the places of faults.
#[derive(Clone, Copy)]
struct Text<'b> {
    bytes: &'b [u8],
    /// Lines before the table.
    before: u64,
}

impl Text<'_> {
    /// The line on which a record begins: its position is that of the blank lines before it.
    fn line(self, at: &csv::Position) -> u64 {
        let start = usize::try_from(at.byte()).unwrap_or(usize::MAX);
        let rest = self.bytes.get(start..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        at.line() + self.before + blank.filter(|byte| **byte == b'\n').count() as u64
    }

    fn fault(self, error: &csv::Error) -> Fault {
        let line = error.position().map_or(0, |at| self.line(at));
        match error.kind() {
            csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                let what = format!("the record has {len} cells under {expected_len} headings");
                Fault::line(line, what, "the file seems to be cut or changed; export it again")
            }
            _ => Fault::whole(error.to_string(), ""),
        }
    }
}
