//! Counts over time as bytes.

use super::wire::{PartError, WireReader, WireWriter};
use crate::early::{Early, INSTANTS};
use crate::{Grid, MAX_BUCKETS};

/// The numbers of buckets of one second, before and after 1970: what an entry of a grid has room for.
const SECONDS: i64 = 1 << 39;

/// The most rows of a bucket. A sum of very many of them fits 64 bits.
const ROWS: u64 = 1 << 48;

/// Writes a grid, and the first instants where it is wider than a second: those that are kept beside a narrow one are in it.
pub(crate) fn write(out: &mut WireWriter, grid: &Grid, early: Option<&Early>) {
    out.number(grid.shift().into());
    write_counts(out, grid.counts().count(), grid.counts());
    if grid.shift() > 0 {
        match early {
            Some(early) => write_counts(out, early.counts().count(), early.counts()),
            None => out.count(0),
        }
    }
}

/// Reads a grid, with the first instants where it is wider than a second.
pub(crate) fn read(input: &mut WireReader<'_>) -> Result<(Grid, Option<Early>), PartError> {
    let shift = u32::try_from(input.below(39)?).unwrap_or_default();
    let grid = Grid::of(shift, read_counts(input, MAX_BUCKETS, shift)?.into_iter());
    if grid.shift() == 0 {
        return Ok((grid, None));
    }
    let mut early = Early::default();
    for (second, rows) in read_counts(input, INSTANTS, 0)? {
        early.add(second, rows);
    }
    // Only what does not fit into one of its own makes a grid wider.
    let complete = early.counts().count() > MAX_BUCKETS;
    complete.then_some((grid, Some(early))).ok_or(PartError::Damaged("the first instants are missing"))
}

/// Writes so many counts by their numbers, which are in order.
fn write_counts(out: &mut WireWriter, count: usize, counts: impl Iterator<Item = (i64, u64)>) {
    out.count(count);
    let mut before = 0;
    for (number, count) in counts {
        out.signed(number - before);
        out.number(count);
        before = number;
    }
}

/// Reads up to so many counts of buckets of a width.
fn read_counts(input: &mut WireReader<'_>, most: usize, shift: u32) -> Result<Vec<(i64, u64)>, PartError> {
    let count = input.below(most as u64 + 1)?;
    let (mut counts, mut before) = (Vec::new(), None);
    for _ in 0..count {
        let number = before.unwrap_or(0_i64).checked_add(input.signed()?);
        let number = number.filter(|number| before.is_none_or(|before| before < *number));
        let number = number.filter(|number| (-SECONDS >> shift..SECONDS >> shift).contains(number));
        let number = number.ok_or(PartError::Damaged("a bucket of time is out of bounds"))?;
        counts.push((number, input.below(ROWS)?.max(1)));
        before = Some(number);
    }
    Ok(counts)
}
