//! Splitting a large source where nobody can forge a row.
//!
//! A split may start only where a record starts, and a line end inside a quoted cell starts none. Counting quotes tells
//! inside from outside, but a log's author can turn that count over: one stray quote in an unquoted cell, then a quoted
//! cell with made-up rows in it. So every quote before a split point must be certified: an opening quote follows a
//! delimiter or a record's end, a closing one precedes one, and two in a row inside a quoted cell are an escaped one.
//! From the first quote that is not certified, the rest of the source is one piece.

use crate::plan::Plan;
use std::io::{self, Read};

/// A part of a source that starts and ends where records do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// The first byte.
    pub from: u64,
    /// The first byte after it; `None` for the end of the source.
    pub to: Option<u64>,
}

/// How much is read at a time.
const BLOCK: usize = 1024 * 1024;

/// Follows the quotes of a source from a record's start, as far as they are certified.
#[derive(Clone, Copy, Debug)]
pub(crate) struct QuoteScan {
    delimiter: u8,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// At the start of a record or cell.
    CellStart,
    /// Within a cell without quotes.
    Plain,
    /// Within a quoted cell.
    Quoted,
    /// After a quote within a quoted cell: the end of the cell, or half of an escaped quote.
    QuoteInQuoted,
    /// A quote stood where none may.
    Uncertified,
}

impl QuoteScan {
    /// A scan that starts where a record does.
    pub(crate) fn new(delimiter: u8) -> Self {
        QuoteScan { delimiter, state: State::CellStart }
    }

    /// Whether all quotes so far are certified.
    pub(crate) fn is_certified(self) -> bool {
        self.state != State::Uncertified
    }

    /// Follows a block. `at_record` is told the place after each line feed that ends a record.
    pub(crate) fn follow(&mut self, block: &[u8], mut at_record: impl FnMut(usize)) {
        let mut at = 0;
        while at < block.len() && self.is_certified() {
            at += match self.state {
                State::Quoted => memchr::memchr(b'"', &block[at..]).unwrap_or(block.len() - at),
                State::Plain => self.skip_plain(&block[at..]),
                _ => 0,
            };
            let Some(&byte) = block.get(at) else { break };
            at += 1;
            self.step(byte);
            if byte == b'\n' && self.state == State::CellStart {
                at_record(at);
            }
        }
    }

    /// Passes over a block without quotes, if it may be: not from within a quoted cell.
    pub(crate) fn pass(&mut self, block: &[u8]) -> bool {
        let outside = matches!(self.state, State::CellStart | State::Plain);
        if !outside || memchr::memchr(b'"', block).is_some() {
            return false;
        }
        if let Some(last) = block.last() {
            self.step(*last);
        }
        true
    }

    /// How many bytes can be passed over within a cell without quotes.
    fn skip_plain(self, rest: &[u8]) -> usize {
        let quote = memchr::memchr3(b'"', self.delimiter, b'\n', rest).unwrap_or(rest.len());
        memchr::memchr(b'\r', &rest[..quote]).unwrap_or(quote)
    }

    fn step(&mut self, byte: u8) {
        let ends_cell = byte == self.delimiter || byte == b'\n' || byte == b'\r';
        self.state = match (self.state, byte) {
            (State::Quoted, b'"') => State::QuoteInQuoted,
            (State::CellStart | State::QuoteInQuoted, b'"') | (State::Quoted, _) => State::Quoted,
            (State::CellStart | State::Plain | State::QuoteInQuoted, _) if ends_cell => State::CellStart,
            (State::CellStart | State::Plain, _) if byte != b'"' => State::Plain,
            _ => State::Uncertified,
        };
    }
}

/// The parts of a source of `size` bytes, each of about `target` bytes. `open` gives the source's bytes from an offset on.
///
/// # Errors
/// What the source says.
pub fn split_points<R: Read>(
    plan: &Plan,
    size: u64,
    target: u64,
    open: impl Fn(u64) -> io::Result<R>,
) -> io::Result<Vec<Split>> {
    let start = plan.data_start().byte;
    let points = record_starts(open(start)?, start, size, target.max(1), QuoteScan::new(plan.delimiter))?;
    let ends = points.iter().skip(1).map(|point| Some(*point)).chain([None]);
    Ok(points.iter().zip(ends).map(|(from, to)| Split { from: *from, to }).collect())
}

/// The starts of the parts: `start`, then the first record's start after each multiple of `target`, while the quotes are
/// certified.
fn record_starts(
    mut input: impl Read,
    start: u64,
    size: u64,
    target: u64,
    mut scan: QuoteScan,
) -> io::Result<Vec<u64>> {
    let mut points = vec![start];
    let mut wanted = start + target;
    let mut offset = start;
    let mut block = vec![0; BLOCK];
    while scan.is_certified() && wanted < size {
        let read = input.read(&mut block)?;
        if read == 0 {
            break;
        }
        let end = offset + read as u64;
        if end >= wanted || !scan.pass(&block[..read]) {
            scan.follow(&block[..read], |after| {
                let place = offset + after as u64;
                if place >= wanted && place < size {
                    points.push(place);
                    wanted = place + target;
                }
            });
        }
        offset = end;
    }
    Ok(points)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(bytes: &[u8]) -> Vec<Vec<Vec<u8>>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        reader.byte_records().map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect()).collect()
    }

    fn rows_by_splits(bytes: &[u8], target: u64) -> Vec<Vec<Vec<u8>>> {
        let points = record_starts(bytes, 0, bytes.len() as u64, target, QuoteScan::new(b',')).unwrap();
        let at = |place: u64| usize::try_from(place).unwrap();
        let ends = points.iter().skip(1).copied().chain([bytes.len() as u64]);
        points.iter().zip(ends).flat_map(|(from, to)| rows(&bytes[at(*from)..at(to)])).collect()
    }

    #[test]
    fn made_up_rows_stay_inside_their_cell() {
        let mut text = String::from("time,host,process,user\n");
        for _ in 0..50 {
            text.push_str("1,DB01,C:\\a\" b.exe,x\n");
            text.push_str("2,DB01,\"\n9,FORGED,9,9\n9,FORGED,9,9\n\",x\n");
        }
        let honest = rows(text.as_bytes());
        for target in 1..200 {
            assert_eq!(rows_by_splits(text.as_bytes(), target), honest, "target {target}");
        }
        let forged = |rows: &[Vec<Vec<u8>>]| {
            rows.iter().filter(|row| row.get(1).is_some_and(|c| c == b"FORGED")).count()
        };
        assert_eq!(forged(&honest), 0, "the reference reader takes the made-up rows for text");
    }

    #[test]
    fn quoted_files_are_split() {
        let line = "\"1\",\"a \"\"quoted\"\" word\",\"two\r\nlines\"\r\n";
        let text = line.repeat(100);
        let points = record_starts(text.as_bytes(), 0, text.len() as u64, 200, QuoteScan::new(b',')).unwrap();
        assert!(points.len() > 10, "{points:?}");
        assert!(points.iter().all(|point| point % line.len() as u64 == 0));
    }

    proptest! {
        #[test]
        fn splits_of_any_size_give_the_rows_of_one_pass(text in "[ab,\"\r\n]{0,80}", target in 1u64..40) {
            prop_assert_eq!(rows_by_splits(text.as_bytes(), target), rows(text.as_bytes()));
        }
    }
}
