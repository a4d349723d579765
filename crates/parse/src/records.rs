//! Records of delimited text, from `csv`'s own engine, with exact places and bounded memory.
//!
//! The `csv` crate's reader does not say where a record starts when line ends are CRLF, and lets a record grow without
//! end; so its engine, `csv-core`, is driven here. What it yields is what `csv` yields; a test holds the two together.
//! There is one difference: a byte order mark is nothing at the start of every record, not of the first alone. Exports
//! that were joined have one in their midst, and a record must be the same wherever reading began.

use crate::quotes::ends_within_quotes;
use csv_core::ReadRecordResult;
use std::io::{self, Read};

/// Records longer than this, in bytes, are rejected: no console writes them, and a quote that is never closed makes one.
pub(crate) const LONGEST_RECORD: usize = 1024 * 1024;

/// How much is kept of a record that is too long, in bytes.
const SHOWN: usize = 4096;

/// How much is read at a time.
const BLOCK: usize = 256 * 1024;

/// How much is read at first: a heading is looked for in each kind of record, and is found in less.
const FIRST: usize = 16 * 1024;

/// The byte order mark in UTF-8.
pub(crate) const MARK: &[u8] = "\u{feff}".as_bytes();

/// Where a cell stands among a record's bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    from: usize,
    to: usize,
}

impl Span {
    /// No cell at all: it stands nowhere.
    pub(crate) const NONE: Span = Span { from: usize::MAX, to: usize::MAX };

    /// The bytes from one place to another.
    #[inline]
    pub(crate) fn new(from: usize, to: usize) -> Self {
        Span { from, to }
    }

    /// The spans of cells that follow each other from a place on, by their ends.
    pub(crate) fn of_ends(place: usize, ends: &[usize], cells: &mut Vec<Span>) {
        let starts = [0].into_iter().chain(ends.iter().copied());
        cells.extend(starts.zip(ends).map(|(from, to)| Span::new(place + from, place + to)));
    }

    #[inline]
    pub(crate) fn range(self) -> std::ops::Range<usize> {
        self.from..self.to
    }
}

/// What ends a record's last line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LineEnd {
    /// Nothing: the input ends, or the record is cut.
    #[default]
    None,
    /// A line feed.
    Lf,
    /// Carriage return and line feed.
    CrLf,
    /// A carriage return alone.
    Cr,
}

/// Where the cells of a record are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Places<'r> {
    /// Apart from the input, without quotes.
    Apart {
        /// What holds them.
        bytes: &'r [u8],
        /// Each of them.
        cells: &'r [Span],
    },
    /// As they stand in the input, with quotes around them and delimiters between. Each quote opens or closes a cell.
    Written {
        /// What holds them; the last one ends where it does, or before.
        bytes: &'r [u8],
        /// The place of the byte before the first (that before the first of all is the greatest number), and of the byte
        /// behind each.
        ends: &'r [u32],
    },
}

impl Default for Places<'_> {
    fn default() -> Self {
        Places::Apart { bytes: &[], cells: &[] }
    }
}

/// One record.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Record<'r> {
    /// The bytes as they stand in the input; cut where the record is too long.
    pub(crate) raw: &'r [u8],
    /// Where the cells are.
    pub(crate) places: Places<'r>,
    /// The byte at which it starts, counted from where reading began.
    pub(crate) byte: u64,
    /// The number of its first line, from 1, counted from where reading began.
    pub(crate) line: u64,
    /// Whether it is longer than [`LONGEST_RECORD`]; its cells are not kept then.
    pub(crate) too_long: bool,
    /// Whether the input ended before the record's line did.
    pub(crate) unterminated: bool,
    /// Whether the input ended within quotes.
    pub(crate) unclosed: bool,
    /// Whether it is none of its format's records at all.
    pub(crate) broken: bool,
    /// What ends its last line.
    pub(crate) end: LineEnd,
}

/// How delimited text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// What stands between cells.
    pub(crate) delimiter: u8,
    /// Whether quotes hold cells together.
    pub(crate) quoting: bool,
    /// What starts a line that is no record.
    pub(crate) comment: Option<u8>,
}

impl Default for Dialect {
    fn default() -> Self {
        Dialect { delimiter: b',', quoting: true, comment: None }
    }
}

impl Dialect {
    /// Whether it is one in which quotes hold cells together and every line is of a record.
    pub(crate) fn is_usual(self) -> bool {
        self.quoting && self.comment.is_none()
    }
}

impl<'r> Record<'r> {
    /// How many cells it has.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        match self.places {
            Places::Apart { cells, .. } => cells.len(),
            Places::Written { ends, .. } => ends.len().saturating_sub(1),
        }
    }

    /// Whether its cells stand as they stand in the input.
    #[inline]
    pub(crate) fn as_written(&self) -> bool {
        matches!(self.places, Places::Written { .. })
    }

    /// One cell, unquoted; empty where there is none.
    #[inline]
    pub(crate) fn get(&self, cell: usize) -> &'r [u8] {
        match self.places {
            Places::Apart { bytes, cells } => {
                cells.get(cell).and_then(|span| bytes.get(span.range())).unwrap_or_default()
            }
            Places::Written { .. } => self.up_to(cell).map_or(&[][..], |(cell, _)| cell),
        }
    }

    /// One cell of those that are as written, unquoted, and all bytes up to its end.
    #[inline]
    pub(crate) fn up_to(&self, cell: usize) -> Option<(&'r [u8], &'r [u8])> {
        let Places::Written { bytes, ends } = self.places else { return None };
        let from = ends.get(cell)?.wrapping_add(1) as usize;
        let to = (*ends.get(cell + 1)? as usize).min(bytes.len());
        let quote = usize::from(bytes.get(from) == Some(&b'"'));
        let bytes = bytes.get(..to - quote)?;
        Some((bytes.get(from + quote..)?, bytes))
    }

    /// Neighbouring cells as they are written, with their quotes and the delimiters between; empty where they are none, or
    /// not as they are written.
    #[inline]
    pub(crate) fn written(&self, first: usize, last: usize) -> &'r [u8] {
        let Places::Written { bytes, ends } = self.places else { return &[] };
        let (Some(before), Some(end)) = (ends.get(first), ends.get(last + 1)) else { return &[] };
        let to = (*end as usize).min(bytes.len());
        bytes.get(before.wrapping_add(1) as usize..to).unwrap_or_default()
    }

    /// Whether it says nothing: a line of blanks or of delimiters alone, as spreadsheets leave them.
    pub(crate) fn is_blank(&self) -> bool {
        let silent = |cell: &[u8]| cell.trim_ascii().is_empty();
        !self.too_long && !self.broken && self.iter().all(silent) && memchr::memchr(b'"', self.raw).is_none()
    }

    /// All cells.
    pub(crate) fn iter(self) -> impl Iterator<Item = &'r [u8]> {
        (0..self.len()).map(move |cell| self.get(cell))
    }
}

/// Reads records from bytes.
pub(crate) struct Records<R> {
    input: R,
    dialect: Dialect,
    core: csv_core::Reader,
    buffer: Vec<u8>,
    /// Where in the buffer the next byte is.
    at: usize,
    /// How much of the buffer is filled.
    filled: usize,
    ended: bool,
    text: Vec<u8>,
    ends: Vec<usize>,
    cells: Vec<Span>,
    /// The first bytes of a record that is too long.
    head: Vec<u8>,
    byte: u64,
    line: u64,
}

/// What a step of the engine said.
enum Step {
    More,
    Done,
    End,
}

impl<R: Read> Records<R> {
    pub(crate) fn new(input: R, delimiter: u8) -> Self {
        Records::with(input, Dialect { delimiter, ..Dialect::default() })
    }

    /// The records of a dialect.
    pub(crate) fn with(input: R, dialect: Dialect) -> Self {
        let core =
            csv_core::ReaderBuilder::new().delimiter(dialect.delimiter).quoting(dialect.quoting).build();
        Records {
            input,
            dialect,
            core,
            buffer: Vec::new(),
            at: 0,
            filled: 0,
            ended: false,
            text: vec![0; 4096],
            ends: vec![0; 64],
            cells: Vec::new(),
            head: Vec::new(),
            byte: 0,
            line: 1,
        }
    }

    /// The records of the rest of an input, of which so many bytes were consumed and this is the line.
    pub(crate) fn resumed(rest: R, dialect: Dialect, byte: u64, line: u64) -> Self {
        Records { byte, line, ..Records::with(rest, dialect) }
    }

    /// Bytes consumed so far.
    pub(crate) fn position(&self) -> u64 {
        self.byte
    }

    /// Line ends consumed so far.
    pub(crate) fn lines(&self) -> u64 {
        self.line - 1
    }

    /// The next record; blank lines are none.
    ///
    /// # Errors
    /// What the input says.
    pub(crate) fn next(&mut self) -> io::Result<Option<Record<'_>>> {
        if !self.skip_line_ends()? {
            return Ok(None);
        }
        let (byte, line) = (self.byte, self.line);
        let mut start = self.at;
        let (mut cells, mut ends, mut length, mut too_long) = (0, 0, 0, false);
        let mut last = 0;
        loop {
            if self.at == self.filled && !self.ended {
                if too_long {
                    start = self.at;
                }
                start = self.refill(start)?;
            }
            let input = &self.buffer[self.at..self.filled];
            let (result, read, wrote, ended) =
                self.core.read_record(input, &mut self.text[cells..], &mut self.ends[ends..]);
            self.line += memchr::memchr_iter(b'\n', &input[..read]).count() as u64;
            last = if read > 0 { input[read - 1] } else { last };
            (self.at, length) = (self.at + read, length + read);
            self.byte += read as u64;
            (cells, ends) = (cells + wrote, ends + ended);
            if length > LONGEST_RECORD {
                if !too_long {
                    self.head.clear();
                    self.head.extend_from_slice(&self.buffer[start..start + SHOWN]);
                }
                (too_long, cells, ends) = (true, 0, 0);
            }
            match self.step(&result, cells, ends) {
                Step::More => {}
                Step::Done => break,
                Step::End => return Ok(None),
            }
        }
        let ended_line = matches!(last, b'\n' | b'\r');
        if last == b'\r' {
            self.skip_one(b'\n')?;
        }
        let at_end = self.ended && self.at == self.filled;
        let raw = if too_long { &self.head } else { &self.buffer[start..self.at] };
        let (kept, end) = cut_line_end(raw);
        self.cells.clear();
        Span::of_ends(0, &self.ends[..if too_long { 0 } else { ends }], &mut self.cells);
        Ok(Some(Record {
            raw: kept,
            places: Places::Apart {
                bytes: &self.text[..if too_long { 0 } else { cells }],
                cells: &self.cells,
            },
            byte,
            line,
            too_long,
            unterminated: at_end && !ended_line,
            unclosed: at_end && self.dialect.quoting && ends_within_quotes(raw, self.dialect.delimiter),
            broken: false,
            end,
        }))
    }

    fn step(&mut self, result: &ReadRecordResult, cells: usize, ends: usize) -> Step {
        match result {
            ReadRecordResult::InputEmpty => Step::More,
            ReadRecordResult::OutputFull => {
                self.text.resize((self.text.len() * 2).max(cells + 4096), 0);
                Step::More
            }
            ReadRecordResult::OutputEndsFull => {
                self.ends.resize((self.ends.len() * 2).max(ends + 64), 0);
                Step::More
            }
            ReadRecordResult::Record => Step::Done,
            ReadRecordResult::End => Step::End,
        }
    }

    /// Passes over blank lines, byte order marks and comments; false at the end of the input.
    fn skip_line_ends(&mut self) -> io::Result<bool> {
        loop {
            let left = &self.buffer[self.at..self.filled];
            if !self.ended && left.len() < MARK.len() && MARK.starts_with(left) {
                self.refill(self.at)?;
                continue;
            }
            let passed = match left.first() {
                None => return Ok(false),
                Some(b'\n') => {
                    self.line += 1;
                    1
                }
                Some(b'\r') => 1,
                Some(_) if left.starts_with(MARK) => MARK.len(),
                first if first.copied() == self.dialect.comment => {
                    self.skip_line()?;
                    continue;
                }
                Some(_) => return Ok(true),
            };
            self.at += passed;
            self.byte += passed as u64;
        }
    }

    /// Passes over the rest of a line but its end.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let left = &self.buffer[self.at..self.filled];
            let end = memchr::memchr(b'\n', left);
            let passed = end.unwrap_or(left.len());
            self.at += passed;
            self.byte += passed as u64;
            if end.is_some() || self.ended {
                return Ok(());
            }
            self.refill(self.at)?;
        }
    }

    /// Passes over one byte, if it is the one given. The buffer keeps what the current record stands in.
    fn skip_one(&mut self, wanted: u8) -> io::Result<()> {
        if self.at == self.filled && !self.ended {
            let mut one = [0];
            if self.input.read(&mut one)? == 0 {
                self.ended = true;
                return Ok(());
            }
            if self.filled == self.buffer.len() {
                self.buffer.push(0);
            }
            self.buffer[self.filled] = one[0];
            self.filled += 1;
        }
        if self.at < self.filled && self.buffer[self.at] == wanted {
            self.at += 1;
            self.byte += 1;
            self.line += u64::from(wanted == b'\n');
        }
        Ok(())
    }

    /// Reads more, keeping all from `start` on; gives the place where that now stands.
    fn refill(&mut self, start: usize) -> io::Result<usize> {
        self.buffer.copy_within(start..self.filled, 0);
        self.at -= start;
        self.filled -= start;
        let room = if self.buffer.is_empty() { FIRST } else { BLOCK };
        if self.buffer.len() - self.filled < room / 2 {
            self.buffer.resize(self.filled + room, 0);
        }
        loop {
            match self.input.read(&mut self.buffer[self.filled..]) {
                Ok(0) => self.ended = true,
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            }
            return Ok(0);
        }
    }
}

/// A record's bytes without the end of its last line, and that end.
pub(crate) fn cut_line_end(raw: &[u8]) -> (&[u8], LineEnd) {
    match raw {
        [kept @ .., b'\r', b'\n'] => (kept, LineEnd::CrLf),
        [kept @ .., b'\n'] => (kept, LineEnd::Lf),
        [kept @ .., b'\r'] => (kept, LineEnd::Cr),
        _ => (raw, LineEnd::None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::differential::Pieces;
    use proptest::prelude::*;

    fn ours(bytes: &[u8], drop: usize) -> Vec<Vec<Vec<u8>>> {
        let mut records = Records::new(Pieces(bytes, drop), b',');
        let mut all = Vec::new();
        while let Some(record) = records.next().unwrap() {
            all.push(record.iter().map(<[u8]>::to_vec).collect());
        }
        all
    }

    fn theirs(bytes: &[u8]) -> Vec<Vec<Vec<u8>>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        reader.byte_records().map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect()).collect()
    }

    proptest! {
        #[test]
        fn records_are_those_of_csv(text in "[ab,\"\r\n ]{0,60}", drop in 1usize..7) {
            prop_assert_eq!(ours(text.as_bytes(), drop), theirs(text.as_bytes()));
        }
    }

    #[test]
    fn a_mark_is_nothing_at_the_start_of_every_record() {
        let text = "\u{feff}\u{feff}\"a\",\u{feff}b\n\u{feff}\"c\",d\n\u{feff}";
        for drop in 1..9 {
            let cells =
                [["a", "\u{feff}b"], ["c", "d"]].map(|row| row.map(|cell| cell.as_bytes().to_vec()).to_vec());
            assert_eq!(ours(text.as_bytes(), drop), cells, "{drop} bytes at a time");
        }
    }

    #[test]
    fn places_are_exact() {
        let text = b"a,b\r\n\r\n\"x\r\ny\",2\r\nlast,3";
        let mut records = Records::new(&text[..], b',');
        let mut places = Vec::new();
        while let Some(record) = records.next().unwrap() {
            places.push((record.byte, record.line, record.raw.to_vec(), record.end, record.unterminated));
        }
        assert_eq!(
            places,
            [
                (0, 1, b"a,b".to_vec(), LineEnd::CrLf, false),
                (7, 3, b"\"x\r\ny\",2".to_vec(), LineEnd::CrLf, false),
                (17, 5, b"last,3".to_vec(), LineEnd::None, true),
            ]
        );
        assert_eq!((records.position(), records.lines()), (23, 4));
    }

    #[test]
    fn a_record_without_end_is_cut_and_memory_is_bounded() {
        let mut text = b"a,b\n\"".to_vec();
        text.resize(20 * LONGEST_RECORD, b'x');
        text.extend_from_slice(b"\",2\nnext,3\n");
        let mut records = Records::new(&text[..], b',');
        let mut seen = Vec::new();
        while let Some(record) = records.next().unwrap() {
            seen.push((record.too_long, record.len(), record.line));
        }
        assert_eq!(seen, [(false, 2, 1), (true, 0, 2), (false, 2, 3)]);
        assert!(records.buffer.len() + records.text.len() < 8 * LONGEST_RECORD);
    }
}
