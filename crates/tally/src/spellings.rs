//! The innermost count: by spelling and segment, while one split is read.

use crate::{Cell, Counts, Key, Seen};
use ringback_model::{Detection, Fingerprint, Segment, Symbols};

/// No cell yet.
const VACANT: u32 = u32::MAX;

/// Cells by spelling and segment. Spellings are numbered densely by the reader, so a row finds its cell by two array
/// accesses.
#[derive(Debug)]
pub struct SpellingTally {
    segments: usize,
    slots: Vec<u32>,
    cells: Vec<(u32, Segment, Cell)>,
    /// Rows that are not counted yet.
    waiting: Vec<(u32, Segment, Seen)>,
}

/// How many rows are counted at once: one waits for memory again and again, many wait together.
const TOGETHER: usize = 64;

impl SpellingTally {
    /// An empty tally for so many segments.
    pub fn new(segments: Segment) -> Self {
        SpellingTally {
            segments: usize::from(segments),
            slots: Vec::new(),
            cells: Vec::new(),
            waiting: Vec::new(),
        }
    }

    /// Counts one row.
    #[inline]
    pub fn count(&mut self, spelling: u32, segment: Segment, seen: Seen) {
        self.waiting.push((spelling, segment, seen));
        if self.waiting.len() == TOGETHER {
            self.count_waiting();
        }
    }

    fn count_waiting(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        let mut sum = 0;
        for (spelling, segment, _) in &waiting {
            let slot = self.slots.get(*spelling as usize * self.segments + usize::from(*segment));
            let cell = slot.and_then(|slot| self.cells.get(*slot as usize));
            sum ^= cell.map_or(0, |(_, _, cell)| cell.warm());
        }
        std::hint::black_box(sum);
        for (spelling, segment, seen) in &waiting {
            self.count_now(*spelling, *segment, *seen);
        }
        self.waiting = waiting;
        self.waiting.clear();
    }

    fn count_now(&mut self, spelling: u32, segment: Segment, seen: Seen) {
        let slot = spelling as usize * self.segments + usize::from(segment);
        if slot >= self.slots.len() {
            self.slots.resize((spelling as usize + 1) * self.segments, VACANT);
        }
        match self.slots[slot] {
            VACANT => {
                self.slots[slot] = u32::try_from(self.cells.len()).expect("fewer cells than 2^32 fit memory");
                self.cells.push((spelling, segment, Cell::new(seen)));
            }
            cell => self.cells[cell as usize].2.add(seen),
        }
    }

    /// Groups the spellings into detections. `detection` tells what a spelling says, in symbols of `symbols`.
    pub fn into_counts<'d>(
        mut self,
        symbols: &Symbols,
        detection: impl Fn(u32) -> (Fingerprint, &'d Detection),
    ) -> Counts {
        self.count_waiting();
        let mut counts = Counts::default();
        let remap = counts.symbols_mut().absorb(symbols);
        for (spelling, segment, cell) in self.cells {
            let (fingerprint, detection) = detection(spelling);
            counts.add(Key { fingerprint, segment }, cell, || detection.remap(&remap));
        }
        counts
    }
}
