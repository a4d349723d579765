//! Rows grouped into detections.

use crate::Cell;
use ringback_model::{Detection, Fingerprint, Map, Place, Segment, Symbols};
use std::collections::hash_map::Entry;

/// What a cell is kept under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The detection.
    pub fingerprint: Fingerprint,
    /// The segment between cuts.
    pub segment: Segment,
}

/// Cells by detection and segment, and what each detection says.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    cells: Map<Key, Cell>,
    detections: Map<Fingerprint, Detection>,
    symbols: Symbols,
}

impl Counts {
    /// Adds a cell. `detection` is asked for what the detection says, in this table's symbols, if it is new.
    pub fn add(&mut self, key: Key, cell: Cell, detection: impl FnOnce() -> Detection) {
        self.detections.entry(key.fingerprint).or_insert_with(detection);
        match self.cells.entry(key) {
            Entry::Occupied(mut mine) => mine.get_mut().merge(&cell),
            Entry::Vacant(vacant) => {
                vacant.insert(cell);
            }
        }
    }

    /// Adds all that another counted.
    pub fn merge(&mut self, other: Counts) {
        if self.cells.is_empty() {
            *self = other;
            return;
        }
        let remap = self.symbols.absorb(&other.symbols);
        #[expect(clippy::iter_over_hash_type, reason = "cells merge in any order")]
        for (key, cell) in other.cells {
            self.add(key, cell, || other.detections[&key.fingerprint].remap(&remap));
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

    /// What a detection says.
    pub fn detection(&self, fingerprint: Fingerprint) -> Option<&Detection> {
        self.detections.get(&fingerprint)
    }

    /// Rows counted.
    pub fn rows(&self) -> u64 {
        self.cells.values().map(Cell::rows).sum()
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Makes the places of evidence absolute; `change` must keep their order.
    pub fn place_evidence(&mut self, mut change: impl FnMut(&mut Place)) {
        #[expect(clippy::iter_over_hash_type, reason = "each cell is changed by itself")]
        for cell in self.cells.values_mut() {
            cell.place_evidence(&mut change);
        }
    }

    /// The cells in the order of their keys.
    pub fn sorted(&self) -> Vec<(Key, &Cell)> {
        let mut cells: Vec<(Key, &Cell)> = self.cells.iter().map(|(key, cell)| (*key, cell)).collect();
        cells.sort_unstable_by_key(|(key, _)| *key);
        cells
    }

    /// Gives up the table of symbols.
    pub fn into_symbols(self) -> Symbols {
        self.symbols
    }
}
