//! Splitting a large source where nobody can forge a row.
//!
//! A split may start only where a record starts, and a line end inside a quoted cell starts none. Counting quotes tells
//! inside from outside, but a log's author can turn that count over: one stray quote in an unquoted cell, then a quoted
//! cell with made-up rows in it. So every quote before a split point must be certified; from the first one that is not,
//! the rest of the source is one piece. Where each line is a record, as in CEF, every line feed is such a place.

use crate::plan::Plan;
use crate::quotes::{QuoteScan, State};
use std::io::{self, Read};

/// A part of a source. The parts of [`ranges`] start anywhere, those of [`join`] and [`split_points`] where records do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// The first byte.
    pub from: u64,
    /// The first byte after it; `None` for the end of the source.
    pub to: Option<u64>,
}

/// How much is read at a time.
const BLOCK: usize = 256 * 1024;

/// The parts of a source of `size` bytes, each of `target` bytes, that are to be scanned: wherever records start.
pub fn ranges(plan: &Plan, size: u64, target: u64) -> Vec<Split> {
    ranges_from(plan.data_start().byte, size, target)
}

fn ranges_from(start: u64, size: u64, target: u64) -> Vec<Split> {
    let mut ranges = Vec::new();
    let mut from = start;
    while size.saturating_sub(from) > target.max(1) {
        ranges.push(Split { from, to: Some(from + target.max(1)) });
        from += target.max(1);
    }
    ranges.push(Split { from, to: None });
    ranges
}

/// Scans one of the [`ranges`]; `input` stands at its first byte. The scans of a source may be made in any order.
///
/// # Errors
/// What the input says.
pub fn scan(plan: &Plan, range: Split, input: impl Read) -> io::Result<QuoteScan> {
    scan_into(QuoteScan::new(plan, range.from), range, input)
}

fn scan_into(mut scan: QuoteScan, range: Split, input: impl Read) -> io::Result<QuoteScan> {
    let length = range.to.map_or(u64::MAX, |to| to.saturating_sub(range.from));
    let mut input = input.take(length);
    let mut block = vec![0; BLOCK];
    // Behind the last range nothing starts: of it, only the first record's start is wanted.
    while range.to.is_some() || !scan.is_settled() {
        match input.read(&mut block) {
            Ok(0) => break,
            Ok(read) => scan.follow(&block[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(scan)
}

/// The splits of a source of `size` bytes from the scans of its [`ranges`], in their order.
pub fn join(plan: &Plan, size: u64, scans: &[QuoteScan]) -> Vec<Split> {
    let mut points = Points::new(plan.data_start().byte, size);
    for scan in scans {
        if points.add(scan).is_none() {
            break;
        }
    }
    points.into_splits()
}

/// How far the end of a line is looked for.
const LINE_WITHIN: u64 = 2 * 1024 * 1024;

/// The splits of a source of `size` bytes, each of about `target` bytes, by a guess: each starts behind a line feed, which
/// may be one within quotes. The guess is right where each split but the last turns out [whole](crate::SplitSummary::whole):
/// then each next one starts where a record does, since the first does. Else nothing that was read of them holds. `open`
/// gives the source's bytes from an offset on.
///
/// # Errors
/// What the source says.
pub fn guess_splits<R: Read>(
    plan: &Plan,
    size: u64,
    target: u64,
    open: impl Fn(u64) -> io::Result<R>,
) -> io::Result<Vec<Split>> {
    let mut points = Points::new(plan.data_start().byte, size);
    for range in ranges(plan, size, target).into_iter().skip(1) {
        let last = points.starts.last().copied().unwrap_or_default();
        let start = line_end(open(range.from)?.take(LINE_WITHIN))?.map(|length| range.from + length);
        points.starts.extend(start.filter(|start| *start > last && *start < size));
    }
    Ok(points.into_splits())
}

/// The place behind the first line feed; `None` where there is none.
///
/// # Errors
/// What the input says.
pub fn line_end(mut input: impl Read) -> io::Result<Option<u64>> {
    let (mut block, mut before) = ([0; 4096], 0);
    loop {
        match input.read(&mut block) {
            Ok(0) => return Ok(None),
            Ok(read) => match memchr::memchr(b'\n', &block[..read]) {
                Some(at) => return Ok(Some(before + at as u64 + 1)),
                None => before += read as u64,
            },
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The splits of a source of `size` bytes, each of about `target` bytes, found in one thread. Where each line is a record,
/// they are those of [`guess_splits`], which can not be wrong then. `open` gives the source's bytes from an offset on.
///
/// # Errors
/// What the source says.
pub fn split_points<R: Read>(
    plan: &Plan,
    size: u64,
    target: u64,
    open: impl Fn(u64) -> io::Result<R>,
) -> io::Result<Vec<Split>> {
    if plan.format.is_by_line() {
        return guess_splits(plan, size, target, open);
    }
    let start = plan.data_start().byte;
    points_of(open(start)?, start, size, target, plan.dialect.delimiter).map(Points::into_splits)
}

fn points_of(mut input: impl Read, start: u64, size: u64, target: u64, delimiter: u8) -> io::Result<Points> {
    let mut points = Points::new(start, size);
    for range in ranges_from(start, size, target) {
        let Some(state) = points.state else { break };
        let scan = QuoteScan::with_delimiter(delimiter, range.from).known(state);
        points.add(&scan_into(scan, range, &mut input)?);
    }
    Ok(points)
}

/// The starts of splits, as scans come in.
struct Points {
    starts: Vec<u64>,
    size: u64,
    /// The state after the last scan; `None` after a stray quote.
    state: Option<State>,
}

impl Points {
    fn new(start: u64, size: u64) -> Self {
        Points { starts: vec![start], size, state: Some(State::CellStart) }
    }

    /// Takes the next range's scan: where its first record starts, a split does. Gives the state after it.
    fn add(&mut self, scan: &QuoteScan) -> Option<State> {
        let (end, first) = scan.outcome(self.state?);
        if scan.from() != self.starts[0] {
            self.starts.extend(first.filter(|first| *first < self.size));
        }
        self.state = end;
        end
    }

    fn into_splits(self) -> Vec<Split> {
        let ends = self.starts.iter().skip(1).map(|start| Some(*start)).chain([None]);
        self.starts.iter().zip(ends).map(|(from, to)| Split { from: *from, to }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(bytes: &[u8]) -> Vec<Vec<Vec<u8>>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        reader.byte_records().map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect()).collect()
    }

    fn at(place: u64) -> usize {
        usize::try_from(place).unwrap()
    }

    /// The starts of splits, found range by range in one go and by scans that know nothing of each other.
    fn starts(bytes: &[u8], target: u64) -> Vec<u64> {
        let size = bytes.len() as u64;
        let in_one_go = points_of(bytes, 0, size, target, b',').unwrap();
        let mut apart = Points::new(0, size);
        for range in ranges_from(0, size, target) {
            let scan = QuoteScan::with_delimiter(b',', range.from);
            apart.add(&scan_into(scan, range, &bytes[at(range.from)..]).unwrap());
        }
        assert_eq!(in_one_go.starts, apart.starts);
        in_one_go.starts
    }

    fn rows_by_splits(bytes: &[u8], target: u64) -> Vec<Vec<Vec<u8>>> {
        let starts = starts(bytes, target);
        let ends = starts.iter().skip(1).copied().chain([bytes.len() as u64]);
        starts.iter().zip(ends).flat_map(|(from, to)| rows(&bytes[at(*from)..at(to)])).collect()
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
        let starts = starts(text.as_bytes(), 200);
        assert!(starts.len() > 10, "{starts:?}");
        assert!(starts.iter().all(|start| start % line.len() as u64 == 0));
    }

    #[test]
    fn splits_start_in_order_within_the_source() {
        for text in ["", "\n", "a\nb\n", "\"a\n", "a\n\n\n\nb"] {
            for target in 0..8 {
                let starts = starts(text.as_bytes(), target);
                assert!(starts.windows(2).all(|pair| pair[0] < pair[1]), "{text:?} {target} {starts:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn splits_of_any_size_give_the_rows_of_one_pass(text in "[ab,\"\r\n]{0,80}", target in 1u64..40) {
            prop_assert_eq!(rows_by_splits(text.as_bytes(), target), rows(text.as_bytes()));
        }
    }
}
