//! The innermost count: by spelling and segment, while the splits of one source are read.

use crate::hot::{Cold, Hot};
use crate::{Counts, Key, Seen};
use ringback_model::{Detection, Fingerprint, Segment, Symbols};

/// No cell yet.
const VACANT: u32 = u32::MAX;

/// How many rows are counted at once: one waits for memory again and again, many wait together.
const TOGETHER: usize = 64;

/// Cells by spelling and segment. Spellings are numbered densely by the reader, so a row finds its cell by two array
/// accesses.
#[derive(Debug)]
pub struct SpellingTally {
    segments: usize,
    slots: Vec<u32>,
    hot: Vec<Hot>,
    cold: Vec<Cold>,
    /// The spelling and segment of each cell.
    whose: Vec<(u32, Segment)>,
    /// Rows that are not counted yet.
    waiting: Vec<(u32, Segment, Seen)>,
}

impl SpellingTally {
    /// An empty tally for so many segments.
    pub fn new(segments: Segment) -> Self {
        SpellingTally {
            segments: usize::from(segments),
            slots: Vec::new(),
            hot: Vec::new(),
            cold: Vec::new(),
            whose: Vec::new(),
            waiting: Vec::with_capacity(TOGETHER),
        }
    }

    /// Counts one row. All rows must be of one source.
    #[inline]
    pub fn count(&mut self, spelling: u32, segment: Segment, seen: Seen) {
        self.waiting.push((spelling, segment, seen));
        if self.waiting.len() == TOGETHER {
            self.count_waiting();
        }
    }

    fn count_waiting(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        let hot = |(spelling, segment, _): &(u32, Segment, Seen)| {
            let slot = self.slots.get(self.slot(*spelling, *segment))?;
            self.hot.get(*slot as usize).map(Hot::warm)
        };
        std::hint::black_box(waiting.iter().filter_map(hot).fold(0, |sum, one| sum ^ one));
        for (spelling, segment, seen) in &waiting {
            let number = self.cell(*spelling, *segment, *seen);
            self.hot[number].count(*seen, &mut self.cold, number);
        }
        self.waiting = waiting;
        self.waiting.clear();
    }

    fn slot(&self, spelling: u32, segment: Segment) -> usize {
        spelling as usize * self.segments + usize::from(segment)
    }

    /// The number of a row's cell, which is made where it is the first.
    fn cell(&mut self, spelling: u32, segment: Segment, seen: Seen) -> usize {
        let slot = self.slot(spelling, segment);
        if slot >= self.slots.len() {
            self.slots.resize((spelling as usize + 1) * self.segments, VACANT);
        }
        if self.slots[slot] == VACANT {
            self.slots[slot] = u32::try_from(self.hot.len()).expect("fewer cells than 2^32 fit memory");
            self.hot.push(Hot::new(seen.at));
            self.cold.push(Cold::default());
            self.whose.push((spelling, segment));
        }
        self.slots[slot] as usize
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
        let parts = self.hot.into_iter().zip(self.cold);
        for ((spelling, segment), (hot, cold)) in self.whose.into_iter().zip(parts) {
            let (fingerprint, detection) = detection(spelling);
            counts.add(Key { fingerprint, segment }, hot.with(cold), || detection.remap(&remap));
        }
        counts
    }
}
