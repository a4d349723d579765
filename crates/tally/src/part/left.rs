//! Rows that are not counted yet: whether other exports hold them too is known only when all parts are together.
//!
//! Equal rows are of one detection, so each detection's rows stand by themselves, source by source, and are united by
//! themselves. On disk and in memory a row takes some ten bytes: what differs from the row of the same detection before.

use super::import::{BOUNDS, Import, OUT};
use super::wire::{PartError, WireReader, WireWriter};
use crate::{CellNumber, Seen};
use ringback_model::{Instant, Place};

/// A row that is left for later, while a source is read.
#[derive(Clone, Copy, Debug)]
pub struct LeftRow {
    /// The cell in which it will count.
    pub(crate) cell: CellNumber,
    at: Instant,
    byte: u64,
    record: u64,
    line: u64,
    other_port: Option<u16>,
    occurrences: u32,
}

impl LeftRow {
    /// Leaves what a row adds to a cell.
    pub fn new(cell: CellNumber, seen: Seen) -> Self {
        let Seen { at, place: Place { byte, record, line, .. }, other_port, occurrences } = seen;
        let occurrences = u32::try_from(occurrences).unwrap_or(u32::MAX);
        LeftRow { cell, at, byte, record, line, other_port, occurrences }
    }

    /// Where it stands in its source.
    pub(crate) fn byte(&self) -> u64 {
        self.byte
    }
}

/// Rows of one detection in one split of a source, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The source, and the byte at which the first row stands: runs are in this order.
    pub(crate) first: (u32, u64),
    rows: u64,
    /// Records and lines before the split.
    before: (u64, u64),
    bytes: Box<[u8]>,
}

impl Run {
    /// The run of some rows of a source, in their order.
    pub(crate) fn of(source: u32, rows: &[LeftRow]) -> Self {
        let mut out = WireWriter::new();
        let mut before = LeftRow::start();
        for row in rows {
            row.write_after(&before, &mut out);
            before = *row;
        }
        let first = (source, rows.first().map_or(0, LeftRow::byte));
        Run { first, rows: rows.len() as u64, before: (0, 0), bytes: out.into_bytes().into() }
    }

    /// Takes in how many records and lines stand before the split.
    pub(crate) fn place(&mut self, before: (u64, u64)) {
        self.before = before;
    }

    /// What its rows add to their cell, in order. Those of a run that was read were all found to be right.
    pub(crate) fn seen(&self) -> impl Iterator<Item = Seen> {
        let ((source, _), (records, lines)) = (self.first, self.before);
        let mut input = WireReader::new(&self.bytes);
        let mut before = LeftRow::start();
        (0..self.rows).map_while(move |_| {
            before = LeftRow::read_after(&before, &mut input).ok()?;
            let LeftRow { at, byte, record, line, other_port, occurrences, .. } = before;
            let place = Place { source, byte, record: record + records, line: line + lines };
            Some(Seen { at, place, other_port, occurrences: occurrences.into() })
        })
    }

    pub(crate) fn write(&self, out: &mut WireWriter) {
        out.number(self.first.0.into());
        out.number(self.rows);
        out.number(self.before.0);
        out.number(self.before.1);
        out.blob(&self.bytes);
    }

    pub(crate) fn read(input: &mut WireReader<'_>, import: &Import) -> Result<Self, PartError> {
        let source = u32::try_from(input.below(1 << 32)?).unwrap_or_default();
        let rows = input.number()?;
        let [_, records, lines] = BOUNDS;
        let before = (input.below(records)?, input.below(lines)?);
        let bytes = input.blob()?;
        let byte = check(bytes, rows)?;
        let (source, more) = import.source(source, byte)?;
        let sum = |one: u64, other: u64, bound| one.checked_add(other).filter(|sum| *sum < bound).ok_or(OUT);
        let before = (sum(before.0, more.0, records)?, sum(before.1, more.1, lines)?);
        Ok(Run { first: (source, byte), rows, before, bytes: bytes.into() })
    }
}

/// Whether bytes are so many rows in their order, and where the first of them stands.
fn check(bytes: &[u8], rows: u64) -> Result<u64, PartError> {
    let mut input = WireReader::new(bytes);
    let (mut before, mut first) = (LeftRow::start(), None);
    for _ in 0..rows {
        let next = LeftRow::read_after(&before, &mut input)?;
        if first.is_some() && next.byte <= before.byte {
            return Err(OUT);
        }
        first = first.or(Some(next.byte));
        before = next;
    }
    input.end()?;
    first.ok_or(PartError::Damaged("a run has no rows"))
}

impl LeftRow {
    /// What the first row of a run differs from.
    fn start() -> Self {
        let (at, cell) = (Instant::from_seconds(0), CellNumber::of_none());
        LeftRow { cell, at, byte: 0, record: 0, line: 0, other_port: None, occurrences: 1 }
    }

    fn write_after(&self, before: &LeftRow, out: &mut WireWriter) {
        let record = self.record.wrapping_sub(before.record);
        out.number(self.byte.wrapping_sub(before.byte));
        out.number(record);
        // A record is a line, but for cells with line ends in them.
        out.signed(self.line.wrapping_sub(before.line).wrapping_sub(record).cast_signed());
        out.instant(Instant::from_micros(self.at.micros().saturating_sub(before.at.micros())));
        let port = self.other_port.map_or(0, |port| u64::from(port) + 1);
        out.number(port << 1 | u64::from(self.occurrences != 1));
        if self.occurrences != 1 {
            out.number(self.occurrences.into());
        }
    }

    fn read_after(before: &LeftRow, input: &mut WireReader<'_>) -> Result<Self, PartError> {
        let bounded = |sum: Option<u64>, bound: u64| sum.filter(|sum| *sum < bound).ok_or(OUT);
        let [bytes, records, lines] = BOUNDS;
        let byte = bounded(before.byte.checked_add(input.number()?), bytes)?;
        let records_on = input.number()?;
        let record = bounded(before.record.checked_add(records_on), records)?;
        let lines_on = records_on.checked_add_signed(input.signed()?);
        let line = bounded(lines_on.and_then(|on| before.line.checked_add(on)), lines)?;
        let micros = before.at.micros().saturating_add(input.instant()?.micros());
        let rest = input.below((1 << 17) + 2)?;
        let other_port = (rest >> 1).checked_sub(1).and_then(|port| u16::try_from(port).ok());
        let occurrences = if rest & 1 == 0 { 1 } else { input.below(1 << 32)? };
        let occurrences = u32::try_from(occurrences).unwrap_or(u32::MAX);
        if micros.unsigned_abs() > 1 << 58 {
            return Err(PartError::Damaged("a time is out of bounds"));
        }
        Ok(LeftRow {
            cell: before.cell,
            at: Instant::from_micros(micros),
            byte,
            record,
            line,
            other_port,
            occurrences,
        })
    }
}
