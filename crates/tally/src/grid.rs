//! Counts over time with a bound: a grid whose buckets grow by powers of two.

use ringback_model::Instant;

/// The most buckets that a grid keeps occupied.
pub const MAX_BUCKETS: usize = 64;

/// Counts in buckets of one width: the smallest power of two in seconds for which at most [`MAX_BUCKETS`] buckets are
/// occupied. Buckets are aligned at the epoch, so widening a grid joins whole buckets and any order of merging ends at
/// the same grid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    shift: u32,
    /// Bucket number and count, by number.
    buckets: Vec<(i64, u64)>,
}

impl Grid {
    /// Counts one row at an instant.
    pub fn add(&mut self, at: Instant, count: u64) {
        let bucket = at.seconds() >> self.shift;
        match self.buckets.last_mut() {
            Some((last, n)) if *last == bucket => *n += count,
            Some((last, _)) if *last > bucket => match self.buckets.binary_search_by_key(&bucket, |b| b.0) {
                Ok(at) => self.buckets[at].1 += count,
                Err(at) => self.buckets.insert(at, (bucket, count)),
            },
            _ => self.buckets.push((bucket, count)),
        }
        self.fit();
    }

    /// Adds all counts of another grid.
    pub fn merge(&mut self, other: &Grid) {
        self.widen(other.shift);
        let by = self.shift - other.shift;
        let mut joined = Vec::with_capacity(self.buckets.len() + other.buckets.len());
        let mut mine = self.buckets.drain(..).peekable();
        for (bucket, count) in other.buckets.iter().map(|(bucket, count)| (bucket >> by, *count)) {
            while let Some(smaller) = mine.next_if(|m| m.0 < bucket) {
                push(&mut joined, smaller);
            }
            push(&mut joined, (bucket, count));
        }
        for rest in mine {
            push(&mut joined, rest);
        }
        self.buckets = joined;
        self.fit();
    }

    /// Makes the buckets at least `1 << shift` seconds wide.
    pub fn widen(&mut self, shift: u32) {
        if shift > self.shift {
            let by = shift - self.shift;
            self.shift = shift;
            let mut joined: Vec<(i64, u64)> = Vec::with_capacity(self.buckets.len());
            for (bucket, count) in self.buckets.drain(..) {
                push(&mut joined, (bucket >> by, count));
            }
            self.buckets = joined;
        }
    }

    /// The width of a bucket is `1 << shift()` seconds.
    pub fn shift(&self) -> u32 {
        self.shift
    }

    /// The occupied buckets in order: first instant and count.
    pub fn buckets(&self) -> impl Iterator<Item = (Instant, u64)> + '_ {
        self.buckets.iter().map(|(bucket, count)| (Instant::from_seconds(bucket << self.shift), *count))
    }

    fn fit(&mut self) {
        while self.buckets.len() > MAX_BUCKETS {
            self.widen(self.shift + 1);
        }
    }
}

/// Appends a bucket to an ordered list, joining it with the last where both are the same bucket.
fn push(buckets: &mut Vec<(i64, u64)>, (bucket, count): (i64, u64)) {
    match buckets.last_mut() {
        Some((last, n)) if *last == bucket => *n += count,
        _ => buckets.push((bucket, count)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn grid_of(seconds: &[i64]) -> Grid {
        let mut grid = Grid::default();
        for second in seconds {
            grid.add(Instant::from_seconds(*second), 1);
        }
        grid
    }

    proptest! {
        #[test]
        fn any_order_and_grouping_gives_one_grid(
            mut seconds in prop::collection::vec(-2_000_000_000i64..4_000_000_000, 0..200),
            near in prop::collection::vec(0i64..500, 0..200),
            cut in 0usize..400,
        ) {
            seconds.extend(near);
            let whole = grid_of(&seconds);
            let (left, right) = seconds.split_at(cut.min(seconds.len()));
            let (mut a, mut b) = (grid_of(left), grid_of(right));
            let a_before = a.clone();
            a.merge(&b);
            b.merge(&a_before);
            let mut backwards = seconds.clone();
            backwards.reverse();
            prop_assert_eq!(&whole, &a);
            prop_assert_eq!(&whole, &b);
            prop_assert_eq!(&whole, &grid_of(&backwards));
            prop_assert!(whole.buckets().count() <= MAX_BUCKETS);
            prop_assert_eq!(whole.buckets().map(|(_, n)| n).sum::<u64>(), seconds.len() as u64);
        }
    }

    #[test]
    fn the_width_is_the_smallest_that_fits() {
        let grid = grid_of(&(0..65).collect::<Vec<_>>());
        assert_eq!(grid.shift(), 1);
        assert_eq!(grid.buckets().next(), Some((Instant::from_seconds(0), 2)));
        assert_eq!(grid_of(&(0..64).collect::<Vec<_>>()).shift(), 0);
    }
}
