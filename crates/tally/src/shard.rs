//! The cells of some of the fingerprints, each under a key of its own.

use crate::counts::Key;
use crate::hot::{Cold, Hot};
use crate::pages::Pages;
use crate::part::Run;
use crate::{Cell, Grid, Seen, Series};
use hashbrown::{DefaultHashBuilder, HashTable};
use ringback_model::{Detection, Instant, Place, Remap};
use std::hash::BuildHasher;

/// The cells of some of the fingerprints.
#[derive(Clone, Debug, Default)]
pub struct Shard {
    hasher: DefaultHashBuilder,
    index: HashTable<u32>,
    pub(crate) hot: Pages<Hot>,
    pub(crate) cold: Pages<Cold>,
    /// What each cell is kept under, and what its detection says.
    pub(crate) whose: Pages<(Key, Detection)>,
    /// The rows of each cell that are not counted yet; nothing for the last cells, or for all, where there are none.
    pub(crate) left: Vec<Vec<Run>>,
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

    /// The number of a cell, which is made where there is none; one that is made must get a row.
    pub(crate) fn cell(&mut self, key: Key, detection: impl FnOnce() -> Detection) -> usize {
        let Shard { hasher, index, hot, cold, whose, .. } = self;
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

    /// Looks at what counting some rows will look at: many at once wait for memory together. First at what each looks at, then
    /// at what some do.
    #[inline]
    pub(crate) fn warm<'s>(&self, rows: impl Iterator<Item = (usize, &'s Seen)> + Clone) {
        let hot = rows.clone().fold(0, |sum, (cell, _)| sum ^ self.hot[cell].warm());
        let cold = rows.filter(|(cell, seen)| self.hot[*cell].looks_further(seen));
        std::hint::black_box(cold.fold(hot, |sum, (cell, _)| sum ^ self.cold[cell].warm()));
    }

    /// Counts a row in a cell.
    #[inline]
    pub(crate) fn count(&mut self, cell: usize, seen: Seen) {
        self.hot[cell].count(seen, &mut self.cold, cell);
    }

    /// Adds all that the other table's shard of the same fingerprints counted.
    pub fn merge(&mut self, other: Shard, remap: &Remap) {
        let parts = other.hot.into_iter().zip(other.cold.into_iter()).zip(other.whose.into_iter());
        let mut left = other.left.into_iter();
        for ((hot, cold), (key, detection)) in parts {
            let cell = self.cell(key, || detection.remap(remap));
            self.hot[cell].merge(&mut self.cold[cell], hot, cold);
            for run in left.next().into_iter().flatten() {
                self.leave(cell, run);
            }
        }
    }

    /// Leaves rows of a cell for later.
    pub(crate) fn leave(&mut self, cell: usize, run: Run) {
        if self.left.len() <= cell {
            self.left.resize_with(cell + 1, Vec::new);
        }
        let runs = &mut self.left[cell];
        let at = runs.partition_point(|other| other.first <= run.first);
        if runs.is_empty() {
            // Most cells of most parts have one run.
            runs.reserve_exact(1);
        }
        runs.insert(at, run);
    }

    /// Makes the places of evidence absolute; `change` must keep their order.
    pub fn place_evidence(&mut self, mut change: impl FnMut(&mut Place)) {
        for number in 0..self.cold.len() {
            self.cold[number].place_evidence(&mut change);
        }
    }

    /// Tells the rows that were left what stands before the split that they lie in; `before` gives the records and lines
    /// before the split that a byte lies in.
    pub fn place_left(&mut self, mut before: impl FnMut(u64) -> (u64, u64)) {
        for run in self.left.iter_mut().flatten() {
            run.place(before(run.first.1));
        }
    }

    /// Counts all that is not counted yet, and gives up what finds cells by their keys.
    pub fn settle(mut self) -> SettledShard {
        for number in 0..self.hot.len() {
            self.hot[number].settle(&mut self.cold[number]);
        }
        SettledShard { cold: self.cold, whose: self.whose }
    }
}

/// The cells of some of the fingerprints, to be looked at.
#[derive(Clone, Debug, Default)]
pub struct SettledShard {
    cold: Pages<Cold>,
    whose: Pages<(Key, Detection)>,
}

impl SettledShard {
    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.cold.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The numbers of the cells, in the order of their keys or as they come.
    pub fn numbers(&self, in_order: bool) -> Vec<u32> {
        let number = |number| u32::try_from(number).expect("cell() holds the number of cells below 2^32");
        let mut numbers: Vec<u32> = (0..self.len()).map(number).collect();
        if in_order {
            numbers.sort_unstable_by_key(|number| self.whose[*number as usize].0);
        }
        numbers
    }

    /// The cell of a number.
    pub fn get(&self, number: u32) -> Counted<'_> {
        let (key, detection) = &self.whose[number as usize];
        Counted { key: *key, detection, cold: &self.cold[number as usize] }
    }

    /// Gives up the counts over time: they are the largest part of a cell, and nothing is made of them but what was.
    pub fn forget_grids(&mut self) {
        for number in 0..self.cold.len() {
            self.cold[number].forget_grid();
        }
    }

    /// The detection of a cell, to change it.
    pub fn detection_mut(&mut self, number: u32) -> &mut Detection {
        &mut self.whose[number as usize].1
    }
}

/// A cell with what it is kept under and what its detection says.
#[derive(Clone, Copy, Debug)]
pub struct Counted<'s> {
    /// What it is kept under.
    pub key: Key,
    /// What the detection says.
    pub detection: &'s Detection,
    cold: &'s Cold,
}

impl<'s> Counted<'s> {
    /// Rows counted.
    pub fn rows(&self) -> u64 {
        self.cold.rows()
    }

    /// First time.
    pub fn first(&self) -> Instant {
        self.cold.stretch().0
    }

    /// Last time.
    pub fn last(&self) -> Instant {
        self.cold.stretch().1
    }

    /// Rows over time.
    pub fn grid(&self) -> &'s Grid {
        self.cold.grid()
    }

    /// When rows were counted, to the second.
    pub fn series(&self) -> Series {
        self.cold.series()
    }

    /// All that was counted but the grid.
    pub fn cell(&self) -> Cell {
        self.cold.cell()
    }
}
