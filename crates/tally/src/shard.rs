//! The cells of some of the fingerprints, each under a key of its own.

use crate::Seen;
use crate::counts::{Counted, Key};
use crate::hot::{Cold, Hot};
use crate::pages::Pages;
use hashbrown::{DefaultHashBuilder, HashTable};
use ringback_model::{Detection, Instant, Place, Remap};
use std::hash::BuildHasher;

/// The cells of some of the fingerprints.
#[derive(Clone, Debug, Default)]
pub struct Shard {
    hasher: DefaultHashBuilder,
    index: HashTable<u32>,
    hot: Pages<Hot>,
    cold: Pages<Cold>,
    /// What each cell is kept under, and what its detection says.
    whose: Pages<(Key, Detection)>,
}

impl Shard {
    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.hot.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Rows counted.
    pub fn rows(&self) -> u64 {
        (0..self.len()).map(|number| self.hot[number].rows(&self.cold[number])).sum()
    }

    /// The number of a cell, which is made where there is none; one that is made must get a row.
    pub(crate) fn cell(&mut self, key: Key, detection: impl FnOnce() -> Detection) -> usize {
        let Shard { hasher, index, hot, cold, whose } = self;
        let hash = hasher.hash_one(key);
        if let Some(number) = index.find(hash, |number| whose[*number as usize].0 == key) {
            return *number as usize;
        }
        let number = hot.len();
        let entry = u32::try_from(number).expect("fewer cells than 2^32 fit memory");
        hot.push(Hot::default());
        cold.push(Cold::default());
        whose.push((key, detection()));
        index.insert_unique(hash, entry, |number| hasher.hash_one(whose[*number as usize].0));
        number
    }

    /// Looks at what counting rows of some cells will look at: many at once wait for memory together.
    #[inline]
    pub(crate) fn warm(&self, cells: impl Iterator<Item = usize>) {
        std::hint::black_box(cells.fold(0, |sum, cell| sum ^ self.hot[cell].warm()));
    }

    /// Counts a row in a cell.
    #[inline]
    pub(crate) fn count(&mut self, cell: usize, seen: Seen) {
        self.hot[cell].count(seen, &mut self.cold, cell);
    }

    /// Adds all that the other table's shard of the same fingerprints counted.
    pub fn merge(&mut self, other: Shard, remap: &Remap) {
        let parts = other.hot.into_iter().zip(other.cold.into_iter()).zip(other.whose.into_iter());
        for ((hot, cold), (key, detection)) in parts {
            let cell = self.cell(key, || detection.remap(remap));
            self.hot[cell].merge(&mut self.cold[cell], hot, cold);
        }
    }

    /// Makes the places of evidence absolute; `change` must keep their order.
    pub fn place_evidence(&mut self, mut change: impl FnMut(&mut Place)) {
        for number in 0..self.cold.len() {
            self.cold[number].place_evidence(&mut change);
        }
    }

    /// Shows what each cell is kept under, its detection, which may be changed, and its last instant and rows.
    pub fn each(&mut self, mut on: impl FnMut(Key, &mut Detection, Instant, u64)) {
        for number in 0..self.hot.len() {
            let (hot, cold) = (&self.hot[number], &self.cold[number]);
            let (key, detection) = &mut self.whose[number];
            if let Some(last) = hot.last(cold) {
                on(*key, detection, last, hot.rows(cold));
            }
        }
    }

    /// The cells, in the order of their keys or as they come.
    pub fn into_cells(self, in_order: bool) -> impl Iterator<Item = Counted> {
        let Shard { hasher: _, index, hot, mut cold, whose } = self;
        drop(index);
        let number = |number| u32::try_from(number).expect("cell() holds the number of cells below 2^32");
        let mut order: Vec<u32> = (0..hot.len()).map(number).collect();
        if in_order {
            order.sort_unstable_by_key(|number| whose[*number as usize].0);
        }
        order.into_iter().map(move |number| {
            let number = number as usize;
            let (key, detection) = whose[number];
            let cold = std::mem::take(&mut cold[number]);
            Counted { key, detection, cell: hot[number].clone().with(cold) }
        })
    }
}
