//! The timeline of a case from the grids of its cells.

use crate::Grid;
use ringback_model::timeline::{Kind, Series};
use ringback_model::{Instant, Timeline};
use std::collections::BTreeMap;

/// Rows over time by host and kind, on the narrowest grid that keeps the case within [`MAX_BUCKETS`](crate::MAX_BUCKETS).
#[derive(Clone, Debug, Default)]
pub struct TimelineTally {
    grids: BTreeMap<(Option<u32>, Kind), Grid>,
}

impl TimelineTally {
    /// Adds the rows of one finding; `host` is a number that its host has, where it has one.
    pub fn add(&mut self, host: Option<u32>, kind: Kind, grid: &Grid) {
        self.grids.entry((host, kind)).or_default().merge(grid);
    }

    /// Adds all that another tally has.
    #[must_use]
    pub fn joined(mut self, other: TimelineTally) -> Self {
        for ((host, kind), grid) in other.grids {
            self.add(host, kind, &grid);
        }
        self
    }

    /// The timeline.
    pub fn finish(mut self) -> Timeline {
        let mut whole = Grid::default();
        self.grids.values().for_each(|grid| whole.merge(grid));
        let shift = whole.shift();
        let buckets: Vec<Instant> = whole.buckets().map(|(start, _)| start).collect();
        let number = |start| {
            let at = buckets.binary_search(&start).expect("the whole has every bucket of its parts");
            u32::try_from(at).expect("there are few buckets")
        };
        let series = self.grids.iter_mut().map(|((host, kind), grid)| {
            grid.widen(shift);
            let rows = grid.buckets().map(|(start, rows)| (number(start), rows)).collect();
            Series { host: *host, kind: *kind, rows }
        });
        let series = series.collect();
        Timeline { bucket_seconds: if buckets.is_empty() { 0 } else { 1 << shift }, buckets, series }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringback_model::{ListSource, ResultKind, Scenario, Severity};

    #[test]
    fn all_hosts_and_kinds_share_one_grid() {
        let kind = |severity| Kind {
            severity,
            scenario: Scenario::OutboundCallback,
            list: ListSource::Global,
            result: ResultKind::Logged,
        };
        let (mut long, mut short) = (Grid::default(), Grid::default());
        for second in 0..100 {
            long.add(Instant::from_seconds(second), 1);
        }
        short.add(Instant::from_seconds(3), 5);
        let (mut tally, mut other) = (TimelineTally::default(), TimelineTally::default());
        other.add(Some(7), kind(Severity::High), &short);
        other.add(Some(7), kind(Severity::High), &short);
        other.add(None, kind(Severity::Low), &short);
        tally.add(None, kind(Severity::High), &long);
        let timeline = tally.joined(other).finish();
        assert_eq!(timeline.bucket_seconds, 2);
        assert_eq!(timeline.buckets.len(), 50);
        assert_eq!(timeline.buckets[1], Instant::from_seconds(2));
        let of = |host, severity| {
            let is = |one: &&Series| (one.host, one.kind) == (host, kind(severity));
            timeline.series.iter().find(is).map(|one| one.rows.clone()).unwrap()
        };
        assert_eq!(timeline.series.len(), 3);
        assert_eq!(of(None, Severity::High), (0..50).map(|bucket| (bucket, 2)).collect::<Vec<_>>());
        assert_eq!(of(None, Severity::Low), [(1, 5)]);
        assert_eq!(of(Some(7), Severity::High), [(1, 10)]);
    }

    #[test]
    fn no_rows_no_buckets() {
        assert_eq!(TimelineTally::default().finish(), Timeline::default());
    }
}
