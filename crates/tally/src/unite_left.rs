//! Counting the rows that parts left: each row that several sources hold once.
//!
//! Equal rows are of one detection and lie in one segment, so every cell's rows are united by themselves: nothing has to be
//! known of any other cell.

use crate::Seen;
use crate::counts::Key;
use crate::part::Run;
use crate::shard::Shard;
use crate::union::Holders;
use ringback_model::Segment;
use std::collections::BTreeMap;

/// Duplicates by source, and by the earliest source that holds them.
pub type Duplicates = BTreeMap<(u32, u32), u64>;

/// Which rows are united.
#[derive(Clone, Copy)]
pub struct Uniting<'u> {
    /// Whether rows of a segment can be duplicates: those outside of what is looked at are none.
    pub inside: &'u (dyn Fn(Segment) -> bool + Sync),
    /// Whether rows that several sources hold count every time.
    pub keep_duplicates: bool,
}

impl Shard {
    /// Counts all rows that were left but the duplicates, of which the numbers are given.
    pub fn unite(&mut self, uniting: Uniting<'_>) -> Duplicates {
        let mut duplicates = Duplicates::new();
        let mut rows: Vec<Seen> = Vec::new();
        for (cell, runs) in std::mem::take(&mut self.left).into_iter().enumerate() {
            let Some(first) = runs.first().map(|run| run.first.0) else { continue };
            rows.clear();
            rows.extend(runs.iter().flat_map(Run::seen));
            let Key { segment, .. } = self.whose[cell].0;
            let several = runs.iter().any(|run| run.first.0 != first);
            if several && !uniting.keep_duplicates && (uniting.inside)(segment) {
                self.count_united(cell, &mut rows, &mut duplicates);
            } else {
                for row in &rows {
                    self.count(cell, *row);
                }
            }
        }
        duplicates
    }

    fn count_united(&mut self, cell: usize, rows: &mut [Seen], duplicates: &mut Duplicates) {
        rows.sort_unstable_by_key(|row| (row.at, row.other_port, row.place));
        for equal in rows.chunk_by(|one, other| (one.at, one.other_port) == (other.at, other.other_port)) {
            let mut holders = Holders::default();
            for of_source in equal.chunk_by(|one, other| one.place.source == other.place.source) {
                let source = of_source[0].place.source;
                let mut held = 0;
                for row in of_source {
                    held += 1;
                    match holders.earliest(held) {
                        Some(earlier) => *duplicates.entry((source, earlier)).or_default() += 1,
                        None => self.count(cell, *row),
                    }
                }
                holders.add((source, held));
            }
        }
    }
}
