//! Records of delimited text whose structure is beyond doubt, found by their marks: the fast way.
//!
//! A record is taken here only where every reader agrees on it: each quote opens or closes a whole cell or is half of an
//! escaped one, each carriage return stands before a line feed, and the record ends with a line feed. The first record
//! that is anything else, and all that follow it, go to the reference, [`Records`]. So both yield the same; a test holds
//! them together.

use crate::marks::{WIDTH, marks};
use crate::records::{Dialect, LONGEST_RECORD, LineEnd, MARK, Record, Records, Span};
use std::io::{self, Chain, Cursor, Read};
use std::ops::Range;

/// How much is read at a time.
const BLOCK: usize = 256 * 1024;

/// Reads records, by their marks for as long as that is certain.
pub(crate) enum CertainRecords<R> {
    /// By their marks.
    Marked(Box<MarkedRecords<R>>),
    /// By the reference, from the first record that is unusual.
    Reference(Box<Records<Chain<Cursor<Vec<u8>>, R>>>),
}

/// Records by their marks.
pub(crate) struct MarkedRecords<R> {
    /// What is read from; `None` once the reference has it.
    input: Option<R>,
    delimiter: u8,
    /// What was read, and behind it room for one more block of marks.
    buffer: Vec<u8>,
    at: usize,
    filled: usize,
    ended: bool,
    /// The marks that are left of the last block, and where the next block starts.
    left: u64,
    block: usize,
    /// The records that were read ahead, and their cells.
    ahead: Vec<Ahead>,
    cells: Vec<Span>,
    /// Cells with escaped quotes, without their escapes.
    unescaped: Vec<u8>,
    core: csv_core::Reader,
    ends: Vec<usize>,
    byte: u64,
    line: u64,
}

/// A record that was read ahead.
struct Ahead {
    /// Where it stands in the buffer, without its line end.
    raw: Range<usize>,
    /// Where its cells stand among all.
    cells: Range<usize>,
    byte: u64,
    line: u64,
    escaped: bool,
}

/// What follows the last record.
enum Next {
    /// A record.
    Record(Shape),
    /// Not all of it was read yet.
    More,
    /// Something that the reference must look at.
    Unusual,
}

/// The marks of a buffer, one after the other.
struct Marks<'b> {
    buffer: &'b [u8],
    filled: usize,
    delimiter: u8,
    left: u64,
    block: usize,
}

impl Marks<'_> {
    /// The place of the next mark among what was read.
    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.left == 0 {
            self.look_on()?;
        }
        let place = self.block - WIDTH + self.left.trailing_zeros() as usize;
        self.left &= self.left - 1;
        Some(place)
    }

    /// Finds the marks of the next block; `None` where nothing more was read.
    #[inline]
    fn look_on(&mut self) -> Option<()> {
        if self.block >= self.filled {
            return None;
        }
        let block = self.buffer[self.block..].first_chunk()?;
        let read = self.filled - self.block;
        let known = if read < WIDTH { (1 << read) - 1 } else { u64::MAX };
        self.left = marks(block, self.delimiter) & known;
        self.block += WIDTH;
        Some(())
    }
}

/// The shape of a record.
#[derive(Clone, Copy)]
struct Shape {
    /// Where its content ends: before its line end.
    end: usize,
    /// Where the next record starts.
    next: usize,
    /// Line feeds in it.
    lines: u64,
    /// Whether it has escaped quotes.
    escaped: bool,
}

impl<R: Read> CertainRecords<R> {
    pub(crate) fn new(input: R, delimiter: u8) -> Self {
        CertainRecords::Marked(Box::new(MarkedRecords {
            input: Some(input),
            delimiter,
            buffer: vec![0; BLOCK + WIDTH],
            at: 0,
            filled: 0,
            ended: false,
            left: 0,
            block: 0,
            ahead: Vec::new(),
            cells: Vec::new(),
            unescaped: Vec::new(),
            core: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            ends: vec![0; 64],
            byte: 0,
            line: 1,
        }))
    }

    /// Bytes consumed so far.
    pub(crate) fn position(&self) -> u64 {
        match self {
            CertainRecords::Marked(records) => records.byte,
            CertainRecords::Reference(records) => records.position(),
        }
    }

    /// Line ends consumed so far.
    pub(crate) fn lines(&self) -> u64 {
        match self {
            CertainRecords::Marked(records) => records.line - 1,
            CertainRecords::Reference(records) => records.lines(),
        }
    }

    /// The next record; blank lines are none.
    ///
    /// # Errors
    /// What the input says.
    pub(crate) fn next(&mut self) -> io::Result<Option<Record<'_>>> {
        if self.fill(1)? > 0 {
            return Ok(Some(self.ahead(0)));
        }
        match self {
            CertainRecords::Marked(_) => Ok(None),
            CertainRecords::Reference(records) => records.next(),
        }
    }

    /// Reads up to so many records ahead, as far as that needs no more input once there is one. Gives how many there are;
    /// none where the input ends, or where the reference has to read on.
    ///
    /// # Errors
    /// What the input says.
    pub(crate) fn fill(&mut self, most: usize) -> io::Result<usize> {
        let CertainRecords::Marked(records) = self else { return Ok(0) };
        let ready = records.fill(most)?;
        if ready == 0
            && let Some(rest) = records.rest()
        {
            *self = CertainRecords::Reference(Box::new(rest));
        }
        Ok(ready)
    }

    /// One of the records that were read ahead.
    pub(crate) fn ahead(&self, number: usize) -> Record<'_> {
        match self {
            CertainRecords::Marked(records) => records.ahead(number),
            CertainRecords::Reference(_) => Record::default(),
        }
    }
}

impl<R: Read> MarkedRecords<R> {
    fn fill(&mut self, most: usize) -> io::Result<usize> {
        self.ahead.clear();
        self.cells.clear();
        self.unescaped.clear();
        while self.ahead.len() < most {
            match self.follow() {
                Next::Record(shape) if shape.next - self.at <= LONGEST_RECORD => self.keep(shape),
                Next::More
                    if self.ahead.is_empty() && !self.ended && self.filled - self.at <= LONGEST_RECORD =>
                {
                    self.refill()?;
                }
                Next::Record(_) | Next::Unusual | Next::More => break,
            }
        }
        Ok(self.ahead.len())
    }

    fn ahead(&self, number: usize) -> Record<'_> {
        let Some(one) = self.ahead.get(number) else { return Record::default() };
        Record {
            raw: &self.buffer[one.raw.clone()],
            bytes: if one.escaped { &self.unescaped } else { &self.buffer },
            cells: &self.cells[one.cells.clone()],
            byte: one.byte,
            line: one.line,
            as_written: !one.escaped,
            end: if self.buffer[one.raw.end] == b'\r' { LineEnd::CrLf } else { LineEnd::Lf },
            ..Record::default()
        }
    }

    /// Passes over blank lines and byte order marks, then follows the marks of one record.
    fn follow(&mut self) -> Next {
        loop {
            let rest = &self.buffer[self.at..self.filled];
            match rest {
                [] | [b'\r'] => return Next::More,
                [b'\n', ..] => self.pass(1, 1),
                [b'\r', b'\n', ..] => self.pass(2, 1),
                [b'\r', ..] => return Next::Unusual,
                _ if rest[0] != MARK[0] => break,
                _ if rest.starts_with(MARK) => self.pass(MARK.len(), 0),
                _ if rest.len() < MARK.len() => return Next::More,
                _ => break,
            }
        }
        self.follow_cells()
    }

    fn pass(&mut self, bytes: usize, lines: u64) {
        self.at += bytes;
        self.byte += bytes as u64;
        self.line += lines;
    }

    /// Follows the marks of one record. Those before its start may still be left.
    #[inline]
    fn follow_cells(&mut self) -> Next {
        let before = self.cells.len();
        let next = self.follow_marks();
        match next {
            Next::Record(_) => {}
            Next::More | Next::Unusual => {
                // What was followed is followed once more when more of it was read.
                self.cells.truncate(before);
                (self.left, self.block) = (0, self.at);
            }
        }
        next
    }

    /// The same, step by step. What changes with each mark is kept at hand until the end.
    #[inline]
    fn follow_marks(&mut self) -> Next {
        let read = &self.buffer[..self.filled];
        let delimiter = self.delimiter;
        let mut marks = Marks {
            buffer: &self.buffer,
            filled: self.filled,
            delimiter,
            left: self.left,
            block: self.block,
        };
        let (mut start, mut quote, mut lines, mut escaped) = (self.at, 0, 0, false);
        // Where the next quote is half of an escaped one.
        let mut half = usize::MAX;
        let next = loop {
            let Some(place) = marks.next() else { break Next::More };
            if place < start {
                continue;
            }
            let byte = read[place];
            if byte == delimiter {
                self.cells.push(Span::new(start + quote, place - quote));
                (start, quote) = (place + 1, 0);
            } else if byte == b'\n' {
                let end = place - usize::from(place > start && read[place - 1] == b'\r');
                self.cells.push(Span::new(start + quote, end - quote));
                break Next::Record(Shape { end, next: place + 1, lines: lines + 1, escaped });
            } else if byte == b'"' && place == start {
                quote = 1;
                // To the quote that ends the cell.
                let end = loop {
                    let Some(place) = marks.next() else { break Err(Next::More) };
                    match read[place] {
                        b'"' if place == half => {}
                        b'"' => match read.get(place + 1) {
                            Some(b'"') => (half, escaped) = (place + 1, true),
                            Some(after) if *after == delimiter || matches!(after, b'\n' | b'\r') => {
                                break Ok(());
                            }
                            Some(_) => break Err(Next::Unusual),
                            None => break Err(Next::More),
                        },
                        b'\n' => lines += 1,
                        _ => {}
                    }
                };
                if let Err(next) = end {
                    break next;
                }
            } else if byte == b'\r' && read.get(place + 1).is_none_or(|after| *after == b'\n') {
                // The line feed is the next mark, or not yet read.
            } else {
                break Next::Unusual;
            }
        };
        (self.left, self.block) = (marks.left, marks.block);
        next
    }

    /// Keeps the record that was found last.
    fn keep(&mut self, shape: Shape) {
        let start = self.at;
        let cells = self.ahead.last().map_or(0, |last| last.cells.end);
        let (byte, line) = (self.byte, self.line);
        self.pass(shape.next - start, shape.lines);
        if shape.escaped {
            self.unescape(start, shape.next, cells);
        }
        let cells = cells..self.cells.len();
        self.ahead.push(Ahead { raw: start..shape.end, cells, byte, line, escaped: shape.escaped });
    }

    /// Has the reference's engine read the cells of one whole record.
    fn unescape(&mut self, start: usize, next: usize, cells: usize) {
        let input = &self.buffer[start..next];
        let before = self.unescaped.len();
        self.core.reset();
        self.unescaped.resize(before + input.len(), 0);
        self.ends.resize(self.ends.len().max(self.cells.len() + 1), 0);
        let (_, _, written, ends) =
            self.core.read_record(input, &mut self.unescaped[before..], &mut self.ends);
        self.unescaped.truncate(before + written);
        self.cells.truncate(cells);
        Span::of_ends(before, &self.ends[..ends], &mut self.cells);
    }

    /// What is left, for the reference; `None` at the end of the input.
    fn rest(&mut self) -> Option<Records<Chain<Cursor<Vec<u8>>, R>>> {
        let rest = self.buffer[self.at..self.filled].to_vec();
        let input = self.input.take().filter(|_| !self.ended || !rest.is_empty())?;
        let dialect = Dialect { delimiter: self.delimiter, ..Dialect::default() };
        Some(Records::resumed(Cursor::new(rest).chain(input), dialect, self.byte, self.line))
    }

    /// Reads more, keeping what is not yet taken.
    fn refill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.at..self.filled, 0);
        self.filled -= self.at;
        (self.at, self.left, self.block) = (0, 0, 0);
        if self.buffer.len() - self.filled < BLOCK / 2 + WIDTH {
            self.buffer.resize(self.filled + BLOCK + WIDTH, 0);
        }
        let end = self.buffer.len() - WIDTH;
        let Some(input) = &mut self.input else { return Ok(()) };
        loop {
            match input.read(&mut self.buffer[self.filled..end]) {
                Ok(0) => self.ended = true,
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            }
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::drops::Drops;
    use proptest::prelude::*;

    /// All that a record says, as text.
    fn told(record: &Record<'_>) -> String {
        let cells: Vec<String> =
            record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
        let Record { byte, line, too_long, unterminated, unclosed, broken, .. } = *record;
        format!(
            "{byte} {line} {cells:?} {:?} {too_long} {unterminated} {unclosed} {broken}",
            String::from_utf8_lossy(record.raw)
        )
    }

    /// What is told of all records; as many as can be are read ahead, up to the number of bytes that come at a time.
    fn fast(bytes: &[u8], drop: usize) -> (Vec<String>, u64, u64) {
        let mut records = CertainRecords::new(Drops(bytes, drop), b',');
        let mut all = Vec::new();
        loop {
            let ready = records.fill(drop).unwrap();
            if ready == 0 {
                break;
            }
            all.extend((0..ready).map(|number| told(&records.ahead(number))));
        }
        while let Some(record) = records.next().unwrap() {
            all.push(told(&record));
        }
        (all, records.position(), records.lines())
    }

    fn reference(bytes: &[u8]) -> (Vec<String>, u64, u64) {
        let mut records = Records::new(bytes, b',');
        let mut all = Vec::new();
        while let Some(record) = records.next().unwrap() {
            all.push(told(&record));
        }
        (all, records.position(), records.lines())
    }

    #[test]
    fn unusual_records_are_those_of_the_reference() {
        for text in [
            "",
            "\n",
            "a,b\r\nc,d\r\n",
            "a,b\nc,d",
            "\"a\",\"b\"\n\"c,\n\",\"d\"\r\n",
            "\"a\"\"b\",c\n\"\",\"\"\"\"\n",
            "a\rb\n",
            "a\"b,c\nd,e\n",
            "\"a\" ,b\nc,d\n",
            "\"a\nb,c\n",
            "\u{feff}a,b\n\u{feff}\u{feff}\"c\",d\n\u{feff}",
            "\r\n\r\n\ra,b\n",
            "a,b\n\u{ef}\n",
            "x,\"y\"",
            "x,\"y\"\"",
        ] {
            for drop in [1, 2, 3, 64, 1000] {
                assert_eq!(fast(text.as_bytes(), drop), reference(text.as_bytes()), "{text:?} by {drop}");
            }
        }
    }

    #[test]
    fn long_records_and_many_cells() {
        let mut text = b"a,b\n".to_vec();
        text.extend(vec![b'x'; LONGEST_RECORD + 10]);
        text.extend_from_slice(b"\nnext,3\n");
        text.extend(vec![b','; 10_000]);
        text.push(b'\n');
        assert!(fast(&text, 100_000) == reference(&text), "a record that is too long, and one of many cells");
        let mut text = b"\"x,".to_vec();
        text.extend(b"line\n".repeat(BLOCK));
        text.extend_from_slice(b"\",2\nnext,3\n");
        assert!(fast(&text, 100_000) == reference(&text), "a cell of many lines");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn every_record_is_that_of_the_reference(text in "[ab,\"\r\n\u{feff} ]{0,90}", drop in 1usize..200) {
            prop_assert_eq!(fast(text.as_bytes(), drop), reference(text.as_bytes()));
        }

        #[test]
        fn well_formed_records_too(
            rows in prop::collection::vec(prop::collection::vec("(\"([ab,\r\n]|\"\")*\"|[ab ]*)", 1..6), 0..20),
            end in prop::sample::select(vec!["\n", "\r\n"]),
            drop in 1usize..200,
        ) {
            let text: String = rows.iter().flat_map(|row| [row.join(","), end.to_owned()]).collect();
            prop_assert_eq!(fast(text.as_bytes(), drop), reference(text.as_bytes()));
        }
    }
}
