//! In which hours several exports probably hold the same rows, from their first and last rows.
//!
//! Rows of such hours are not counted when they are first read: the second reading tells which of them count. Where the
//! guess leaves hours out, the exports are counted anew; where it has too many, their rows are read twice in vain.

use crate::hands::{Hands, endpoint};
use crate::hours::Hours;
use crate::progress::Silent;
use crate::reading::{Planned, read_split, source_number};
use rayon::prelude::*;
use ringback_model::{Map, Set, guarded};
use ringback_parse::{Plan, RowEvent, Split, line_end};
use ringback_tally::{Hour, hour};
use std::io::Read;
use std::sync::Arc;

/// How much is looked at, at the start and at the end of a source.
const SAMPLE: u64 = 64 * 1024;

/// What some rows of a source say.
#[derive(Default)]
struct Sample {
    hours: Vec<Hour>,
    endpoints: Set<u64>,
}

/// The hours that sources probably share.
pub(crate) fn shared_hours<'r>(
    planned: &[Planned],
    plans: &'r [Option<Arc<Plan>>],
    hands: &Hands<'r>,
) -> Hours {
    let look = |number: usize| -> Option<Sample> {
        let plan = plans[number].as_deref().filter(|plan| plan.has_one_reading())?;
        // A fault is told when the source is read in earnest.
        guarded(|| sample(&planned[number], number, plan, hands)).ok().flatten()
    };
    let samples: Vec<Sample> = (0..planned.len()).into_par_iter().filter_map(look).collect();
    let mut by_endpoint: Map<u64, Vec<(Hour, Hour)>> = Map::default();
    for sample in &samples {
        let Some(stretch) = sample.stretch() else { continue };
        #[expect(clippy::iter_over_hash_type, reason = "each endpoint enters a list of its own")]
        for endpoint in &sample.endpoints {
            by_endpoint.entry(*endpoint).or_default().push(stretch);
        }
    }
    let shared = by_endpoint.into_values().filter(|stretches| stretches.len() > 1);
    let shared: Set<Vec<(Hour, Hour)>> = shared.collect();
    Hours::of(shared.iter().flat_map(|them| Hours::covered(them, 2).stretches().to_vec()).collect())
}

/// The first and last rows of a source; `None` where its end can not be looked at.
fn sample<'r>(planned: &Planned, number: usize, plan: &'r Plan, hands: &Hands<'r>) -> Option<Sample> {
    let source = &planned.source;
    let size = source.seekable()?;
    let start = plan.data_start().byte;
    let mut splits = vec![Split { from: start, to: Some((start + SAMPLE).min(size)) }];
    if size > start + SAMPLE {
        let from = size.saturating_sub(SAMPLE).max(start + SAMPLE);
        let to_line = line_end(source.open(from, &Silent).ok()?.take(SAMPLE)).ok()??;
        let split = Split { from: from + to_line, to: Some(size) };
        splits.extend(Some(split).filter(|split| plan.opening(*split) == split.from));
    }
    let mut sample = Sample::default();
    let mut hand = hands.take(plan, source_number(number));
    for split in splits {
        let on = &mut |event: RowEvent<'_>| {
            let RowEvent::Row(mut row) = event else { return };
            let Some(Ok(at)) = row.times.readings().next() else { return };
            sample.hours.push(hour(at));
            sample.endpoints.insert(endpoint(&mut row));
        };
        // What can not be read is told of when it is read in earnest.
        if read_split(source, plan, &mut hand.reader, split, None, &Silent, on).is_err() {
            break;
        }
    }
    hands.take_back(hand);
    Some(sample)
}

impl Sample {
    /// The hours that the source probably has rows in. Where rows are not in order of time, the first and the last ones are
    /// hardly those that stand at the ends; then it is a stretch that is longer by half.
    fn stretch(&self) -> Option<(Hour, Hour)> {
        let (first, last) = (*self.hours.iter().min()?, *self.hours.iter().max()?);
        let in_order = self.hours.is_sorted() || self.hours.is_sorted_by(|a, b| a >= b);
        let more = if in_order { 0 } else { (last - first) / 4 + 1 };
        Some((first - more, last + more + 1))
    }
}
