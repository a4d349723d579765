//! Rows grouped into detections.

use crate::Cell;
use hashbrown::{DefaultHashBuilder, HashTable};
use ringback_model::{Detection, Fingerprint, Place, Segment, Symbols};
use std::hash::BuildHasher;

/// What a cell is kept under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The detection.
    pub fingerprint: Fingerprint,
    /// The segment between cuts.
    pub segment: Segment,
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
#[derive(Clone, Debug, Default)]
pub struct Counts {
    hasher: DefaultHashBuilder,
    index: HashTable<u32>,
    counted: Vec<Counted>,
    symbols: Symbols,
}

impl Counts {
    /// An empty table with room for so many cells.
    pub fn with_room(cells: usize) -> Self {
        Counts {
            index: HashTable::with_capacity(cells),
            counted: Vec::with_capacity(cells),
            ..Counts::default()
        }
    }

    /// Adds a cell. `detection` is asked for what the detection says, in this table's symbols, if it is new.
    pub fn add(&mut self, key: Key, cell: Cell, detection: impl FnOnce() -> Detection) {
        let Counts { hasher, index, counted, .. } = self;
        let hash = hasher.hash_one(key);
        if let Some(&known) = index.find(hash, |&number| counted[number as usize].key == key) {
            counted[known as usize].cell.merge(&cell);
            return;
        }
        let number = u32::try_from(counted.len()).expect("fewer cells than 2^32 fit memory");
        counted.push(Counted { key, detection: detection(), cell });
        index.insert_unique(hash, number, |&number| hasher.hash_one(counted[number as usize].key));
    }

    /// Adds all that another counted.
    pub fn merge(&mut self, other: Counts) {
        if self.counted.is_empty() {
            *self = other;
            return;
        }
        let remap = self.symbols.absorb(&other.symbols);
        for Counted { key, detection, cell } in other.counted {
            self.add(key, cell, || detection.remap(&remap));
        }
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
        self.counted.iter().map(|one| one.cell.rows()).sum()
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.counted.len()
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.counted.is_empty()
    }

    /// Makes the places of evidence absolute; `change` must keep their order.
    pub fn place_evidence(&mut self, mut change: impl FnMut(&mut Place)) {
        for one in &mut self.counted {
            one.cell.place_evidence(&mut change);
        }
    }

    /// The cells in the order of their keys, and the table of the detections' symbols.
    pub fn into_sorted(self) -> (Vec<Counted>, Symbols) {
        let Counts { index, mut counted, symbols, .. } = self;
        drop(index);
        counted.sort_unstable_by_key(|one| one.key);
        (counted, symbols)
    }
}
