//! The first instants of a detection, once they are more than its grid tells apart.

use crate::Grid;
use crate::grid::Bucket;
use ringback_model::Instant;
use std::collections::VecDeque;

/// How many distinct seconds are kept of a detection with more of them: the earliest.
pub const INSTANTS: usize = 256;

/// How many more seconds are made room for at a time.
const ROOM: usize = 64;

/// The earliest seconds in which rows were counted, and how many in each (up to 2^24 - 1). What is among the earliest of all is among the
/// earliest of each part, so any order of merging ends at the same list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Early {
    /// By second. Rows come in order of time or against it, so both ends grow and shrink at no cost.
    kept: VecDeque<Bucket>,
}

impl Early {
    /// What a grid holds that is not wider than a second.
    pub(crate) fn of(grid: &Grid) -> Self {
        let mut early = Early::default();
        early.take(grid);
        early
    }

    /// Takes in all that a grid holds that is not wider than a second.
    pub(crate) fn take(&mut self, grid: &Grid) {
        debug_assert_eq!(grid.shift(), 0, "a wider grid does not tell seconds apart");
        grid.buckets().for_each(|(at, rows)| self.add(at.seconds(), rows));
    }

    /// Takes in all that another list keeps.
    pub(crate) fn merge(&mut self, other: &Early) {
        other.kept.iter().for_each(|one| self.add(one.number(), one.count()));
    }

    /// Counts rows in a second, if it is among the earliest.
    #[inline]
    pub(crate) fn add(&mut self, second: i64, rows: u64) {
        match self.kept.back_mut() {
            Some(last) if last.number() < second => {
                if self.kept.len() < INSTANTS {
                    self.make_room();
                    self.kept.push_back(Bucket::new(second, rows));
                }
            }
            Some(last) if last.number() == second => *last = Bucket::new(second, last.count() + rows),
            _ => self.insert(second, rows),
        }
    }

    /// Counts rows in a second that is before the last one kept, or the first of all.
    fn insert(&mut self, second: i64, rows: u64) {
        match self.kept.binary_search_by_key(&second, |known| known.number()) {
            Ok(at) => self.kept[at] = Bucket::new(second, self.kept[at].count() + rows),
            Err(at) => {
                if self.kept.len() == INSTANTS {
                    self.kept.pop_back();
                }
                self.make_room();
                self.kept.insert(at, Bucket::new(second, rows));
            }
        }
    }

    fn make_room(&mut self) {
        if self.kept.len() == self.kept.capacity() {
            self.kept.reserve_exact(ROOM);
        }
    }

    /// The numbers of the seconds in order, and how many rows were counted in each.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (i64, u64)> + '_ {
        self.kept.iter().map(|one| (one.number(), one.count()))
    }

    /// The seconds in order, and how many rows were counted in each.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Instant, u64)> {
        self.counts().map(|(second, rows)| (Instant::from_seconds(second), rows))
    }
}

/// When a detection was logged, to the second: all of it, or the first [`INSTANTS`] distinct seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series {
    instants: Vec<(Instant, u64)>,
    /// Whether there is nothing after the last of them.
    complete: bool,
}

impl Series {
    /// The series of what was counted in a grid, with the list of the earliest where the grid is wider than a second.
    pub(crate) fn of(grid: &Grid, early: Option<&Early>, rows: u64) -> Self {
        let instants: Vec<(Instant, u64)> = match early {
            Some(early) if grid.shift() > 0 => early.iter().collect(),
            _ => grid.buckets().collect(),
        };
        let complete = instants.iter().map(|(_, rows)| rows).sum::<u64>() == rows;
        Series { instants, complete }
    }

    /// Adds the series of another stretch of time.
    pub fn merge(&mut self, other: Series) {
        self.complete &= other.complete;
        self.instants.extend(other.instants);
        self.instants.sort_unstable_by_key(|(at, _)| *at);
        self.instants.dedup_by(|later, one| {
            let same = later.0 == one.0;
            one.1 += if same { later.1 } else { 0 };
            same
        });
        self.complete &= self.instants.len() <= INSTANTS;
        self.instants.truncate(INSTANTS);
    }

    /// The distinct seconds in order, and how many rows were logged in each.
    pub fn instants(&self) -> &[(Instant, u64)] {
        &self.instants
    }

    /// Whether these are all.
    pub fn is_complete(&self) -> bool {
        self.complete
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn early_of(seconds: &[i64]) -> Early {
        let mut early = Early::default();
        for second in seconds {
            early.add(*second, 1);
        }
        early
    }

    proptest! {
        #[test]
        fn any_order_and_grouping_keeps_the_earliest(
            seconds in prop::collection::vec(-300i64..900, 0..700),
            cut in 0usize..700,
        ) {
            let mut expected = std::collections::BTreeMap::<i64, u64>::new();
            for second in &seconds {
                *expected.entry(*second).or_default() += 1;
            }
            let expected: Vec<(i64, u64)> = expected.into_iter().take(INSTANTS).collect();
            let (left, right) = seconds.split_at(cut.min(seconds.len()));
            let (mut a, mut b) = (early_of(left), early_of(right));
            let before = a.clone();
            a.merge(&b);
            b.merge(&before);
            let mut sorted = seconds.clone();
            sorted.sort_unstable();
            let forwards = early_of(&sorted);
            sorted.reverse();
            for early in [early_of(&seconds), a, b, forwards, early_of(&sorted)] {
                prop_assert_eq!(early.iter().map(|(at, rows)| (at.seconds(), rows)).collect::<Vec<_>>(), expected.clone());
            }
        }
    }

    #[test]
    fn series_of_neighbouring_stretches_join() {
        let series = |seconds: std::ops::Range<i64>| Series {
            instants: seconds.map(|second| (Instant::from_seconds(second), 1)).collect(),
            complete: true,
        };
        let mut joined = series(5..9);
        joined.merge(series(0..6));
        assert_eq!(joined.instants().len(), 9);
        assert_eq!(joined.instants()[5], (Instant::from_seconds(5), 2));
        assert!(joined.is_complete());
        joined.merge(series(9..300));
        assert_eq!(joined.instants().len(), INSTANTS);
        assert!(!joined.is_complete());
    }
}
