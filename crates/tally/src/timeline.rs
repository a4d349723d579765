//! The timeline of a case from the grids of its cells.

use crate::Grid;
use ringback_model::case::Bucket;
use ringback_model::{Instant, Scenario, Timeline};
use std::collections::BTreeMap;

/// Rows over time by scenario, on the narrowest grid that keeps the case within [`MAX_BUCKETS`](crate::MAX_BUCKETS).
#[derive(Clone, Debug, Default)]
pub struct TimelineTally {
    by_scenario: BTreeMap<Scenario, Grid>,
}

impl TimelineTally {
    /// Adds the rows of one finding.
    pub fn add(&mut self, scenario: Scenario, grid: &Grid) {
        self.by_scenario.entry(scenario).or_default().merge(grid);
    }

    /// Adds all that another tally has.
    pub fn merge(&mut self, other: TimelineTally) {
        for (scenario, grid) in other.by_scenario {
            self.by_scenario.entry(scenario).or_default().merge(&grid);
        }
    }

    /// The timeline.
    pub fn finish(mut self) -> Timeline {
        let mut whole = Grid::default();
        self.by_scenario.values().for_each(|grid| whole.merge(grid));
        let shift = whole.shift();
        let mut buckets: BTreeMap<Instant, Vec<(Scenario, u64)>> = BTreeMap::new();
        for (scenario, grid) in &mut self.by_scenario {
            grid.widen(shift);
            for (start, rows) in grid.buckets() {
                buckets.entry(start).or_default().push((*scenario, rows));
            }
        }
        Timeline {
            bucket_seconds: if buckets.is_empty() { 0 } else { 1 << shift },
            buckets: buckets.into_iter().map(|(start, rows)| Bucket { start, rows }).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_scenarios_share_one_grid() {
        let mut tally = TimelineTally::default();
        let (mut long, mut short) = (Grid::default(), Grid::default());
        for second in 0..100 {
            long.add(Instant::from_seconds(second), 1);
        }
        short.add(Instant::from_seconds(3), 5);
        tally.add(Scenario::LateralMovement, &short);
        tally.add(Scenario::OutboundCallback, &long);
        let timeline = tally.finish();
        assert_eq!(timeline.bucket_seconds, 2);
        assert_eq!(timeline.buckets.len(), 50);
        let second = &timeline.buckets[1];
        assert_eq!(second.start, Instant::from_seconds(2));
        assert_eq!(second.rows, [(Scenario::OutboundCallback, 2), (Scenario::LateralMovement, 5)]);
    }

    #[test]
    fn no_rows_no_buckets() {
        assert_eq!(TimelineTally::default().finish(), Timeline::default());
    }
}
