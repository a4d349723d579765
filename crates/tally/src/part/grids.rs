//! Counts over time as bytes.

use super::wire::{PartError, WireReader, WireWriter};
use crate::{Grid, MAX_BUCKETS};

/// The numbers of buckets of one second, before and after 1970: what an entry of a grid has room for.
const SECONDS: i64 = 1 << 39;

/// The most rows of a bucket. A sum of very many of them fits 64 bits.
const ROWS: u64 = 1 << 48;

pub(crate) fn write(out: &mut WireWriter, grid: &Grid) {
    out.number(grid.shift().into());
    out.count(grid.counts().count());
    let mut before = 0;
    for (number, count) in grid.counts() {
        out.signed(number - before);
        out.number(count);
        before = number;
    }
}

pub(crate) fn read(input: &mut WireReader<'_>) -> Result<Grid, PartError> {
    let shift = u32::try_from(input.below(39)?).unwrap_or_default();
    let count = input.below(MAX_BUCKETS as u64 + 1)?;
    let (mut counts, mut before) = (Vec::new(), None);
    for _ in 0..count {
        let number = before.unwrap_or(0_i64).checked_add(input.signed()?);
        let number = number.filter(|number| before.is_none_or(|before| before < *number));
        let number = number.filter(|number| (-SECONDS >> shift..SECONDS >> shift).contains(number));
        let number = number.ok_or(PartError::Damaged("a bucket of time is out of bounds"))?;
        counts.push((number, input.below(ROWS)?.max(1)));
        before = Some(number);
    }
    Ok(Grid::of(shift, counts.into_iter()))
}
