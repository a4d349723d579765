//! The timeline of a case from the grids of its cells.

use crate::Grid;
use ringback_model::case::{Bucket, BucketPart};
use ringback_model::{Instant, ListSource, Scenario, Severity, Timeline};
use std::collections::BTreeMap;

/// What rows of the timeline are told apart by.
type Kind = (Scenario, Severity, ListSource);

/// Rows over time by scenario, severity and list, on the narrowest grid that keeps the case within
/// [`MAX_BUCKETS`](crate::MAX_BUCKETS).
#[derive(Clone, Debug, Default)]
pub struct TimelineTally {
    by_kind: BTreeMap<Kind, Grid>,
}

impl TimelineTally {
    /// Adds the rows of one finding.
    pub fn add(&mut self, scenario: Scenario, severity: Severity, list: ListSource, grid: &Grid) {
        self.by_kind.entry((scenario, severity, list)).or_default().merge(grid);
    }

    /// Adds all that another tally has.
    pub fn merge(&mut self, other: TimelineTally) {
        for (kind, grid) in other.by_kind {
            self.by_kind.entry(kind).or_default().merge(&grid);
        }
    }

    /// The timeline.
    pub fn finish(mut self) -> Timeline {
        let mut whole = Grid::default();
        self.by_kind.values().for_each(|grid| whole.merge(grid));
        let shift = whole.shift();
        let mut buckets: BTreeMap<Instant, Vec<BucketPart>> = BTreeMap::new();
        for ((scenario, severity, list), grid) in &mut self.by_kind {
            grid.widen(shift);
            for (start, rows) in grid.buckets() {
                let part = BucketPart { scenario: *scenario, severity: *severity, list: *list, rows };
                buckets.entry(start).or_default().push(part);
            }
        }
        Timeline {
            bucket_seconds: if buckets.is_empty() { 0 } else { 1 << shift },
            buckets: buckets.into_iter().map(|(start, parts)| Bucket { start, parts }).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_kinds_share_one_grid() {
        let mut tally = TimelineTally::default();
        let (mut long, mut short) = (Grid::default(), Grid::default());
        for second in 0..100 {
            long.add(Instant::from_seconds(second), 1);
        }
        short.add(Instant::from_seconds(3), 5);
        let mut other = TimelineTally::default();
        other.add(Scenario::OutboundCallback, Severity::Low, ListSource::Global, &short);
        tally.add(Scenario::OutboundCallback, Severity::High, ListSource::Global, &long);
        tally.merge(other);
        let timeline = tally.finish();
        assert_eq!(timeline.bucket_seconds, 2);
        assert_eq!(timeline.buckets.len(), 50);
        let second = &timeline.buckets[1];
        assert_eq!(second.start, Instant::from_seconds(2));
        let part = |severity, rows| {
            let (scenario, list) = (Scenario::OutboundCallback, ListSource::Global);
            BucketPart { scenario, severity, list, rows }
        };
        assert_eq!(second.parts, [part(Severity::High, 2), part(Severity::Low, 5)]);
    }

    #[test]
    fn no_rows_no_buckets() {
        assert_eq!(TimelineTally::default().finish(), Timeline::default());
    }
}
