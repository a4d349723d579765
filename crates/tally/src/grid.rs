//! Counts over time with a bound: a grid whose buckets grow by powers of two.

use ringback_model::Instant;

/// The most buckets that a grid keeps occupied.
pub const MAX_BUCKETS: usize = 64;

/// How many buckets a grid makes room for at a time: many detections have few rows.
const ROOM: usize = 8;

/// Counts in buckets of one width: the smallest power of two in seconds for which at most [`MAX_BUCKETS`] buckets are
/// occupied. Buckets are aligned at the epoch, so widening a grid joins whole buckets and any order of merging ends at
/// the same grid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    shift: u32,
    /// By number. A bucket with more rows than one entry counts has several, of which all but the last are full.
    buckets: Vec<Bucket>,
}

/// A bucket's number and count in eight bytes: 40 bits for seconds since the epoch, which is more than any calendar date
/// of four digits needs, and 24 for rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bucket(i64);

impl Bucket {
    /// How many rows one entry counts at the most.
    const FULL: u64 = (1 << 24) - 1;

    /// An entry; a count that is more than full is cut.
    pub(crate) fn new(number: i64, count: u64) -> Self {
        Bucket(number << 24 | count.min(Self::FULL).cast_signed())
    }

    pub(crate) fn number(self) -> i64 {
        self.0 >> 24
    }

    pub(crate) fn count(self) -> u64 {
        self.0.cast_unsigned() & Self::FULL
    }
}

impl Grid {
    /// Counts rows at an instant.
    #[inline]
    pub fn add(&mut self, at: Instant, count: u64) {
        let number = at.seconds() >> self.shift;
        match self.buckets.last_mut() {
            Some(last) if last.number() == number && last.count() + count <= Bucket::FULL => {
                *last = Bucket::new(number, last.count() + count);
                return;
            }
            Some(last) if last.number() > number => self.insert(number, count),
            _ => push(&mut self.buckets, number, count),
        }
        self.fit();
    }

    fn insert(&mut self, number: i64, count: u64) {
        let at = self.buckets.partition_point(|bucket| bucket.number() <= number);
        match at.checked_sub(1).map(|before| self.buckets[before]) {
            Some(before) if before.number() == number && before.count() + count <= Bucket::FULL => {
                self.buckets[at - 1] = Bucket::new(number, before.count() + count);
            }
            Some(before) if before.number() == number => {
                self.buckets[at - 1] = Bucket::new(number, Bucket::FULL);
                self.insert_new(at, number, before.count() + count - Bucket::FULL);
            }
            _ => self.insert_new(at, number, count),
        }
    }

    fn insert_new(&mut self, at: usize, number: i64, count: u64) {
        make_room(&mut self.buckets);
        self.buckets.insert(at, Bucket::new(number, count));
        if count > Bucket::FULL {
            self.insert_new(at + 1, number, count - Bucket::FULL);
        }
    }

    /// Adds all counts of another grid.
    pub fn merge(&mut self, other: &Grid) {
        self.widen(other.shift);
        let by = self.shift - other.shift;
        let mut at = 0;
        for bucket in &other.buckets {
            let (number, count) = (bucket.number() >> by, bucket.count());
            at += self.buckets[at..].iter().take_while(|mine| mine.number() < number).count();
            match self.buckets.get_mut(at) {
                Some(mine) if mine.number() == number && mine.count() + count <= Bucket::FULL => {
                    *mine = Bucket::new(number, mine.count() + count);
                }
                _ => self.insert(number, count),
            }
        }
        self.fit();
    }

    /// Makes the buckets at least `1 << shift` seconds wide.
    pub fn widen(&mut self, shift: u32) {
        if shift > self.shift {
            let by = shift - self.shift;
            self.shift = shift;
            // Entries are joined in place: there are never more of them than were looked at.
            let mut joined = 0;
            for at in 0..self.buckets.len() {
                let (number, mut count) = (self.buckets[at].number() >> by, self.buckets[at].count());
                if let Some(last) = self.buckets[..joined].last_mut().filter(|last| last.number() == number) {
                    count += last.count();
                    *last = Bucket::new(number, count);
                    count = count.saturating_sub(Bucket::FULL);
                }
                if count > 0 {
                    self.buckets[joined] = Bucket::new(number, count);
                    joined += 1;
                }
            }
            self.buckets.truncate(joined);
        }
    }

    /// Whether another row may make the buckets wider than a second, or has done so.
    #[inline]
    pub(crate) fn is_crowded(&self) -> bool {
        self.buckets.len() >= MAX_BUCKETS || self.shift > 0
    }

    /// Whether adding another grid may make the buckets wider than a second, or has done so.
    pub(crate) fn is_crowded_with(&self, other: &Grid) -> bool {
        self.buckets.len() + other.buckets.len() > MAX_BUCKETS || self.is_crowded() || other.is_crowded()
    }

    /// A grid of this width with counts in some buckets, by their numbers in ascending order.
    pub(crate) fn of(shift: u32, counts: impl Iterator<Item = (i64, u64)>) -> Self {
        let mut grid = Grid { shift, buckets: Vec::new() };
        for (number, count) in counts {
            push(&mut grid.buckets, number, count);
        }
        grid.fit();
        grid
    }

    /// The numbers of the occupied buckets in order, with their counts.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (i64, u64)> + '_ {
        let same = self.buckets.chunk_by(|a, b| a.number() == b.number());
        same.map(|same| (same[0].number(), same.iter().map(|bucket| bucket.count()).sum()))
    }

    /// The width of a bucket is `1 << shift()` seconds.
    pub fn shift(&self) -> u32 {
        self.shift
    }

    /// The occupied buckets in order: first instant and count.
    pub fn buckets(&self) -> impl Iterator<Item = (Instant, u64)> + '_ {
        self.buckets.chunk_by(|a, b| a.number() == b.number()).map(|same| {
            let count = same.iter().map(|bucket| bucket.count()).sum();
            (Instant::from_seconds(same[0].number() << self.shift), count)
        })
    }

    /// Widens the buckets as far as it takes to have no more of them than there may be.
    #[inline]
    fn fit(&mut self) {
        if self.buckets.len() > MAX_BUCKETS {
            self.widen(self.shift + self.excess());
        }
    }

    /// By how many bits the buckets are too narrow. Two neighbours fall into one bucket where all bits in which their
    /// numbers differ are shifted out.
    fn excess(&self) -> u32 {
        let mut joined_by = [0u32; 65];
        for pair in self.buckets.windows(2) {
            let differ = pair[0].number() ^ pair[1].number();
            joined_by[(64 - differ.leading_zeros()) as usize] += 1;
        }
        let mut buckets = self.buckets.len() - joined_by[0] as usize;
        let mut by = 0;
        while buckets > MAX_BUCKETS {
            by += 1;
            buckets -= joined_by[by] as usize;
        }
        u32::try_from(by).unwrap_or_default()
    }
}

/// Appends a count to an ordered list, joining it with the last bucket where both are the same.
fn push(buckets: &mut Vec<Bucket>, number: i64, count: u64) {
    let mut left = count;
    if let Some(last) = buckets.last_mut().filter(|last| last.number() == number) {
        left += last.count();
        *last = Bucket::new(number, left);
        left = left.saturating_sub(Bucket::FULL);
        if left == 0 {
            return;
        }
    }
    while left > 0 {
        make_room(buckets);
        buckets.push(Bucket::new(number, left));
        left = left.saturating_sub(Bucket::FULL);
    }
}

fn make_room(buckets: &mut Vec<Bucket>) {
    if buckets.len() == buckets.capacity() {
        buckets.reserve_exact(if buckets.is_empty() { 1 } else { ROOM });
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
    fn more_rows_than_an_entry_counts() {
        let (at, before) = (Instant::from_seconds(-5), Instant::from_seconds(-9));
        let (mut a, mut b) = (Grid::default(), Grid::default());
        for count in [1, Bucket::FULL, 7, 3 * Bucket::FULL] {
            a.add(at, count);
        }
        a.add(before, 2 * Bucket::FULL + 1);
        a.add(before, Bucket::FULL);
        b.add(at, 4 * Bucket::FULL + 8);
        b.add(before, 3 * Bucket::FULL + 1);
        assert_eq!(a, b);
        assert_eq!(
            a.buckets().collect::<Vec<_>>(),
            [(before, 3 * Bucket::FULL + 1), (at, 4 * Bucket::FULL + 8)]
        );
        a.merge(&b);
        assert_eq!(a.buckets().map(|(_, count)| count).sum::<u64>(), 14 * Bucket::FULL + 18);
    }

    #[test]
    fn the_width_is_the_smallest_that_fits() {
        let grid = grid_of(&(0..65).collect::<Vec<_>>());
        assert_eq!(grid.shift(), 1);
        assert_eq!(grid.buckets().next(), Some((Instant::from_seconds(0), 2)));
        assert_eq!(grid_of(&(0..64).collect::<Vec<_>>()).shift(), 0);
    }
}
