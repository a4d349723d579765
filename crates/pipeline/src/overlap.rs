//! Uniting exports that overlap: a row that several exports hold counts once.

use crate::error::PipelineError;
use crate::in_window;
use crate::progress::Progress;
use crate::reading::{SeenRow, count_where, each_row};
use crate::request::Window;
use crate::source_tally::Counted;
use rayon::prelude::*;
use ringback_model::{Cuts, Map};
use ringback_tally::{KeptRows, RowHash, Slabs, Union};
use std::collections::BTreeMap;

/// Finds the duplicates among the sources and counts those sources again without them.
///
/// # Errors
/// A source that could be read once and not again.
pub(crate) fn unite(
    counted: &mut [Counted],
    cuts: &Cuts,
    window: Window,
    progress: &dyn Progress,
) -> Result<Union, PipelineError> {
    let nothing = Slabs::default();
    let slabs: Vec<&Slabs> =
        counted.iter().map(|one| one.reading().map_or(&nothing, |reading| &reading.slabs)).collect();
    let mut union = Union::of(&slabs);
    let rows: Vec<Map<RowHash, u32>> = (0..counted.len())
        .into_par_iter()
        .map(|n| wanted_rows(&counted[n], n, &union))
        .collect::<Result<_, _>>()?;
    union.settle(&rows);
    for reading in counted.iter_mut().flat_map(|one| &mut one.tally.readings) {
        reading.kept = KeptRows::default();
    }
    let again: Vec<_> = (0..counted.len())
        .into_par_iter()
        .filter(|n| union.has_duplicates(*n))
        .map(|n| recount(&counted[n], n, &union, cuts, window, progress).map(|recounted| (n, recounted)))
        .collect::<Result<_, _>>()?;
    for (number, recounted) in again {
        let one = &mut counted[number];
        one.duplicates = recounted.duplicates;
        one.tally.readings[one.chosen].counts = recounted.counts;
    }
    Ok(union)
}

/// How often each row of the slabs that must be looked at stands in a source.
fn wanted_rows(counted: &Counted, number: usize, union: &Union) -> Result<Map<RowHash, u32>, PipelineError> {
    let wanted = union.rows_wanted(number);
    let mut rows = Map::default();
    if wanted.is_empty() {
        return Ok(rows);
    }
    if counted.source.is_pipe() {
        return Ok(counted.reading().map_or(rows, |reading| reading.kept.of(wanted)));
    }
    for part in counted.parts() {
        each_row(counted, number, part, &mut |one: &SeenRow<'_>| {
            if wanted.contains(&one.slab) {
                *rows.entry(one.hash).or_insert(0) += 1;
            }
        })
        .map_err(|source| read_again(counted, source))?;
    }
    Ok(rows)
}

/// What is left of a source without its duplicates.
struct Recounted {
    counts: ringback_tally::Counts,
    /// Rows that an earlier source holds too, by the earliest that does.
    duplicates: BTreeMap<u32, u64>,
}

fn recount(
    counted: &Counted,
    number: usize,
    union: &Union,
    cuts: &Cuts,
    window: Window,
    progress: &dyn Progress,
) -> Result<Recounted, PipelineError> {
    progress.opened(&counted.source.name);
    let mut filter = union.filter(number);
    let mut duplicates = BTreeMap::new();
    let counts = count_where(counted, number, cuts, &mut |one: &SeenRow<'_>| {
        let inside = in_window(cuts, window, cuts.segment(one.at));
        let earlier = inside.then(|| filter.earlier(one.slab, one.hash)).flatten();
        if let Some(earlier) = earlier {
            *duplicates.entry(earlier).or_insert(0) += 1;
        }
        earlier.is_none()
    })
    .map_err(|source| read_again(counted, source))?;
    progress.closed(&counted.source.name);
    Ok(Recounted { counts, duplicates })
}

fn read_again(counted: &Counted, source: std::io::Error) -> PipelineError {
    PipelineError::ReadAgain { name: counted.source.name.clone(), source }
}
