//! Records of delimited text whose structure is beyond doubt, found by their marks: the fast way.
//!
//! A record is taken here only where every reader agrees on it: each quote opens or closes a whole cell or is half of an
//! escaped one, each carriage return stands before a line feed, and the record ends with a line feed. The first record
//! that is anything else, and all that follow it, go to the reference, [`Records`]. So both yield the same; a test holds
//! them together.

use crate::follow::{Ahead, Buffer};
use crate::marks::{self, WIDTH};
use crate::records::{Dialect, LONGEST_RECORD, Record, Records};
use std::io::{self, Chain, Cursor, Read};

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
    ended: bool,
    buffer: Buffer,
}

impl<R: Read> CertainRecords<R> {
    pub(crate) fn new(input: R, delimiter: u8) -> Self {
        let buffer = Buffer::new(delimiter, vec![0; BLOCK + WIDTH]);
        CertainRecords::Marked(Box::new(MarkedRecords { input: Some(input), ended: false, buffer }))
    }

    /// Bytes consumed so far.
    pub(crate) fn position(&self) -> u64 {
        match self {
            CertainRecords::Marked(records) => records.buffer.position(),
            CertainRecords::Reference(records) => records.position(),
        }
    }

    /// Line ends consumed so far.
    pub(crate) fn lines(&self) -> u64 {
        match self {
            CertainRecords::Marked(records) => records.buffer.line - 1,
            CertainRecords::Reference(records) => records.lines(),
        }
    }

    /// The next record, once none can be read ahead; blank lines are none.
    ///
    /// # Errors
    /// What the input says.
    pub(crate) fn next(&mut self) -> io::Result<Option<Record<'_>>> {
        match self {
            CertainRecords::Marked(_) => Ok(None),
            CertainRecords::Reference(records) => records.next(),
        }
    }

    /// Reads about so many records ahead, as far as that needs no more input once there is one; none where the input ends,
    /// or where the reference has to read on.
    ///
    /// # Errors
    /// What the input says.
    pub(crate) fn fill(&mut self, about: usize) -> io::Result<Ahead<'_>> {
        if let CertainRecords::Marked(records) = self
            && !records.fill(about)?
            && let Some(rest) = records.rest()
        {
            *self = CertainRecords::Reference(Box::new(rest));
        }
        Ok(match self {
            CertainRecords::Marked(records) => records.buffer.ahead(),
            CertainRecords::Reference(_) => Ahead::default(),
        })
    }
}

impl<R: Read> MarkedRecords<R> {
    /// Reads records ahead; false where there are none.
    fn fill(&mut self, about: usize) -> io::Result<bool> {
        self.buffer.begin(about);
        loop {
            let delimiter = self.buffer.delimiter;
            marks::follow(&mut self.buffer, delimiter);
            if self.buffer.has_ahead() {
                return Ok(true);
            }
            if self.ended || self.buffer.is_unusual() || self.buffer.rest().len() > LONGEST_RECORD {
                return Ok(false);
            }
            self.refill()?;
        }
    }

    /// What is left, for the reference; `None` at the end of the input.
    fn rest(&mut self) -> Option<Records<Chain<Cursor<Vec<u8>>, R>>> {
        let rest = self.buffer.rest().to_vec();
        let input = self.input.take().filter(|_| !self.ended || !rest.is_empty())?;
        let dialect = Dialect { delimiter: self.buffer.delimiter, ..Dialect::default() };
        let (position, line) = (self.buffer.position(), self.buffer.line);
        Some(Records::resumed(Cursor::new(rest).chain(input), dialect, position, line))
    }

    /// Reads more, keeping what is not yet taken.
    fn refill(&mut self) -> io::Result<()> {
        let Some(input) = &mut self.input else { return Ok(()) };
        let room = self.buffer.room(BLOCK);
        loop {
            match input.read(room) {
                Ok(0) => self.ended = true,
                Ok(read) => self.buffer.filled += read,
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
    use crate::differential::{records_by_marks as fast, records_of_reference as reference};
    use proptest::prelude::*;

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
