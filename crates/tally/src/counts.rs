//! Rows grouped into detections.

use crate::Cell;
use hashbrown::{DefaultHashBuilder, HashTable};
use ringback_model::{Detection, Fingerprint, Place, Remap, Segment, Symbols};
use std::hash::BuildHasher;

/// How many shards counts have: a power of two.
pub(crate) const SHARDS: usize = 16;

/// What a cell is kept under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The detection.
    pub fingerprint: Fingerprint,
    /// The segment between cuts.
    pub segment: Segment,
}

impl Key {
    /// The number of its shard: shards are in the order of fingerprints.
    pub(crate) fn shard(self) -> usize {
        let highest = self.fingerprint.0 >> (u128::BITS - SHARDS.trailing_zeros());
        usize::try_from(highest).unwrap_or_default()
    }
}

/// A cell with what it is kept under and what its detection says.
#[derive(Clone, Debug)]
pub struct Counted {
    /// What it is kept under.
    pub key: Key,
    /// What the detection says.
    pub detection: Detection,
    /// What was counted.
    pub cell: Cell,
}

/// Cells by detection and segment, and what each detection says.
///
/// They are kept in shards by fingerprint, so that those who have threads can join, place and judge the shards of two
/// tables at the same time.
#[derive(Clone, Debug)]
pub struct Counts {
    shards: Vec<Shard>,
    symbols: Symbols,
}

/// The cells of some of the fingerprints, each under a key of its own.
#[derive(Clone, Debug, Default)]
pub struct Shard {
    hasher: DefaultHashBuilder,
    /// The cells by their keys, as far as others were added to them.
    index: HashTable<u32>,
    counted: Vec<Counted>,
}

impl Default for Counts {
    fn default() -> Self {
        Counts { shards: vec![Shard::default(); SHARDS], symbols: Symbols::new() }
    }
}

impl Counts {
    /// The counts of shards, which are all of a [`SharedTally`](crate::SharedTally) in their order, with the table of
    /// their symbols.
    pub fn new(shards: Vec<Shard>, symbols: Symbols) -> Self {
        Counts { shards, symbols }
    }

    /// Adds all that another counted.
    pub fn merge(&mut self, other: Counts) {
        let (pairs, remap) = self.pairs(other);
        for (mine, theirs) in pairs {
            mine.merge(theirs, &remap);
        }
    }

    /// The shards of two tables in pairs: when [`Shard::merge`] has joined each, in any order, this one has all that the
    /// other counted.
    pub fn pairs(&mut self, other: Counts) -> (Vec<(&mut Shard, Shard)>, Remap) {
        if self.is_empty() {
            *self = other;
            return (Vec::new(), Remap::default());
        }
        let remap = self.symbols.absorb(&other.symbols);
        (self.shards.iter_mut().zip(other.shards).collect(), remap)
    }

    /// The table of the detections' symbols.
    pub fn symbols(&self) -> &Symbols {
        &self.symbols
    }

    /// The table of the detections' symbols, to enter text.
    pub fn symbols_mut(&mut self) -> &mut Symbols {
        &mut self.symbols
    }

    /// Rows counted.
    pub fn rows(&self) -> u64 {
        self.shards.iter().flat_map(|shard| &shard.counted).map(|one| one.cell.rows()).sum()
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.counted.len()).sum()
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.shards.iter().all(|shard| shard.counted.is_empty())
    }

    /// The shards, to change their cells.
    pub fn shards_mut(&mut self) -> &mut [Shard] {
        &mut self.shards
    }

    /// The shards in the order of their fingerprints, and the table of the detections' symbols.
    pub fn into_shards(self) -> (Vec<Shard>, Symbols) {
        (self.shards, self.symbols)
    }
}

impl Shard {
    /// Cells that have a key of their own each.
    pub(crate) fn new(counted: Vec<Counted>) -> Self {
        Shard { counted, ..Shard::default() }
    }

    /// Adds all that the other table's shard of the same fingerprints counted.
    pub fn merge(&mut self, other: Shard, remap: &Remap) {
        let Shard { hasher, index, counted } = self;
        let number = |number: usize| u32::try_from(number).expect("fewer cells than 2^32 fit memory");
        for known in index.len()..counted.len() {
            let hash = hasher.hash_one(counted[known].key);
            index.insert_unique(hash, number(known), |&known| hasher.hash_one(counted[known as usize].key));
        }
        for mut one in other.counted {
            let hash = hasher.hash_one(one.key);
            if let Some(&known) = index.find(hash, |&known| counted[known as usize].key == one.key) {
                counted[known as usize].cell.merge(&one.cell);
                continue;
            }
            one.detection = one.detection.remap(remap);
            counted.push(one);
            let last = number(counted.len() - 1);
            index.insert_unique(hash, last, |&known| hasher.hash_one(counted[known as usize].key));
        }
    }

    /// Makes the places of evidence absolute; `change` must keep their order.
    pub fn place_evidence(&mut self, mut change: impl FnMut(&mut Place)) {
        for one in &mut self.counted {
            one.cell.place_evidence(&mut change);
        }
    }

    /// The cells in no order.
    pub fn into_cells(self) -> Vec<Counted> {
        self.counted
    }

    /// The cells in the order of their keys.
    pub fn into_sorted(self) -> Vec<Counted> {
        let Shard { index, mut counted, .. } = self;
        drop(index);
        counted.sort_unstable_by_key(|one| one.key);
        counted
    }
}
