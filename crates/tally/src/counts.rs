//! Rows grouped into detections.

use crate::part::Piece;
use crate::shard::Shard;
use ringback_model::{Fingerprint, Remap, Segment, Symbols};

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

    /// The number of its piece, of so many that its shard is written in: a power of two.
    pub(crate) fn piece_of_shard(self, pieces: usize) -> usize {
        let highest = self.fingerprint.0 >> (u128::BITS - (SHARDS * pieces).trailing_zeros());
        usize::try_from(highest).unwrap_or_default() % pieces
    }
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

impl Default for Counts {
    fn default() -> Self {
        Counts { shards: vec![Shard::default(); SHARDS], symbols: Symbols::new() }
    }
}

impl Counts {
    /// The counts of shards, which are all of a [`SharedTally`](crate::SharedTally) in their order, with the table of
    /// their symbols.
    pub(crate) fn new(shards: Vec<Shard>, symbols: Symbols) -> Self {
        Counts { shards, symbols }
    }

    /// How many shards there are.
    pub const SHARDS: usize = SHARDS;

    /// The counts of the first groups of what shards were written as, which are in their order.
    pub fn of_pieces(pieces: Vec<Piece>) -> Self {
        let mut symbols = Symbols::new();
        let shards = pieces.into_iter().map(|piece| {
            let (mut shard, texts) = piece.into_first();
            shard.remap(&symbols.absorb(&texts));
            shard
        });
        let shards: Vec<Shard> = shards.collect();
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

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.shards.iter().map(Shard::len).sum()
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.shards.iter().all(Shard::is_empty)
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
