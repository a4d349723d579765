//! The innermost count: by detection and segment, while several threads read.

use crate::Seen;
use crate::counts::{Counts, Key, SHARDS};
use crate::shard::Shard;
use ringback_model::{Detection, Fingerprint, Remap, Segment, Symbols};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The number of a cell in its tally: that of its shard, and which of the shard's cells it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellNumber(u32);

impl CellNumber {
    /// No cell yet.
    const VACANT: CellNumber = CellNumber(u32::MAX);

    /// The bits that tell the shard.
    const SHARD_BITS: u32 = SHARDS.trailing_zeros();

    fn new(shard: usize, cell: usize) -> Self {
        let number = u32::try_from(cell << Self::SHARD_BITS | shard).ok().map(CellNumber);
        let number = number.filter(|number| *number != CellNumber::VACANT);
        number.expect("fewer cells than 2^28 of a shard fit memory")
    }

    fn shard(self) -> usize {
        self.0 as usize % SHARDS
    }

    fn cell(self) -> usize {
        (self.0 >> Self::SHARD_BITS) as usize
    }
}

/// How many rows are counted at once: one waits for memory again and again, many wait together, and a shard is locked
/// once for all that are its own.
const TOGETHER: usize = 256;

/// Cells that several threads count in at once, each with a [`TallyWriter`] of its own.
#[derive(Debug)]
pub struct SharedTally {
    segments: usize,
    symbols: Mutex<Symbols>,
    shards: Vec<Mutex<Shard>>,
}

/// One thread's hand in a [`SharedTally`].
#[derive(Debug)]
pub struct TallyWriter {
    tally: Arc<SharedTally>,
    /// The cells by spelling and segment. Spellings are numbered densely by the reader.
    cells: Vec<CellNumber>,
    /// Turns the reader's symbols into those of the tally.
    remap: Remap,
    /// Rows that are not counted yet, and their cells.
    waiting: Vec<(CellNumber, Seen)>,
    /// The same by shard: the cell's number in it, and which of the waiting rows it is.
    sorted: Vec<Vec<(usize, usize)>>,
}

/// What a spelling says, in the symbols of its reader.
#[derive(Clone, Copy, Debug)]
pub struct Said<'r> {
    /// The identity of the detection.
    pub fingerprint: &'r Fingerprint,
    /// The detection.
    pub detection: &'r Detection,
    /// The table of the detection's symbols, to which the reader only adds.
    pub symbols: &'r Symbols,
}

impl SharedTally {
    /// An empty tally for so many segments.
    pub fn new(segments: Segment) -> Self {
        SharedTally {
            segments: usize::from(segments),
            symbols: Mutex::default(),
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
        }
    }

    /// All that was counted.
    pub fn into_counts(self) -> Counts {
        let shards =
            self.shards.into_iter().map(|shard| shard.into_inner().unwrap_or_else(PoisonError::into_inner));
        let symbols = self.symbols.into_inner().unwrap_or_else(PoisonError::into_inner);
        Counts::new(shards.collect(), symbols)
    }
}

impl TallyWriter {
    /// A writer for the rows of one reader.
    pub fn new(tally: Arc<SharedTally>) -> Self {
        TallyWriter {
            tally,
            cells: Vec::new(),
            remap: Remap::default(),
            waiting: Vec::with_capacity(TOGETHER),
            sorted: vec![Vec::new(); SHARDS],
        }
    }

    /// Counts one row. All rows must be of one reader; they are seen by others after [`TallyWriter::finish`] at the latest.
    #[inline]
    pub fn count(&mut self, spelling: u32, said: Said<'_>, segment: Segment, seen: Seen) {
        let cell = self.cell(spelling, said, segment);
        self.count_in(cell, seen);
    }

    /// The cell of a row, which is made where there is none; one that is made must get a row.
    #[inline]
    pub fn cell(&mut self, spelling: u32, said: Said<'_>, segment: Segment) -> CellNumber {
        let number = spelling as usize * self.tally.segments + usize::from(segment);
        match self.cells.get(number) {
            Some(cell) if *cell != CellNumber::VACANT => *cell,
            _ => self.enter(number, said, segment),
        }
    }

    /// Counts one row in a cell of the tally.
    #[inline]
    pub fn count_in(&mut self, cell: CellNumber, seen: Seen) {
        self.waiting.push((cell, seen));
        if self.waiting.len() == TOGETHER {
            self.count_waiting();
        }
    }

    fn count_waiting(&mut self) {
        for (row, (cell, _)) in self.waiting.iter().enumerate() {
            self.sorted[cell.shard()].push((cell.cell(), row));
        }
        for (shard, rows) in self.tally.shards.iter().zip(&mut self.sorted) {
            if rows.is_empty() {
                continue;
            }
            let mut shard = lock(shard);
            shard.warm(rows.iter().map(|(cell, _)| *cell));
            for (cell, row) in rows.drain(..) {
                shard.count(cell, self.waiting[row].1);
            }
        }
        self.waiting.clear();
    }

    /// Finds the cell of a row, or makes it where the row is the first.
    fn enter(&mut self, number: usize, said: Said<'_>, segment: Segment) -> CellNumber {
        if self.remap.len() < said.symbols.len() {
            lock(&self.tally.symbols).absorb_more(said.symbols, &mut self.remap);
        }
        let key = Key { fingerprint: *said.fingerprint, segment };
        let shard = key.shard();
        let found = lock(&self.tally.shards[shard]).cell(key, || said.detection.remap(&self.remap));
        let cell = CellNumber::new(shard, found);
        if number >= self.cells.len() {
            self.cells.resize(number + 1, CellNumber::VACANT);
        }
        self.cells[number] = cell;
        cell
    }

    /// Counts what waits.
    pub fn finish(mut self) {
        self.count_waiting();
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cell, SettledShard};
    use proptest::prelude::*;
    use ringback_model::{Instant, Place};
    use std::collections::BTreeMap;

    /// What a row says is its first number, spelled in two ways; the segment is the second.
    fn said(symbols: &mut Symbols, number: u8) -> (Fingerprint, Detection) {
        let detection = Detection { user: symbols.intern(&format!("user {number}")), ..Detection::default() };
        (detection.fingerprint(symbols), detection)
    }

    fn seen(row: usize, second: u32) -> Seen {
        let row = row as u64;
        Seen {
            at: Instant::from_seconds(second.into()),
            place: Place { source: 2, byte: row * 10, record: row, line: row },
            other_port: u16::try_from(second % 9000).ok(),
            occurrences: 1 + row % 2,
        }
    }

    proptest! {
        #[test]
        fn many_writers_count_what_one_would(
            rows in prop::collection::vec((0u8..40, 0u16..3, any::<u32>(), any::<bool>()), 0..700),
            writers in 1usize..4,
        ) {
            let tally = Arc::new(SharedTally::new(3));
            std::thread::scope(|scope| {
                for mine in 0..writers {
                    let (rows, tally) = (&rows, Arc::clone(&tally));
                    scope.spawn(move || {
                        let (mut symbols, mut writer) = (Symbols::new(), TallyWriter::new(tally));
                        for (row, (number, segment, second, other)) in rows.iter().enumerate() {
                            if row % writers != mine {
                                continue;
                            }
                            let (fingerprint, detection) = said(&mut symbols, *number);
                            let said =
                                Said { fingerprint: &fingerprint, detection: &detection, symbols: &symbols };
                            let spelling = u32::from(*number) * 2 + u32::from(*other);
                            writer.count(spelling, said, *segment, seen(row, *second));
                        }
                        writer.finish();
                    });
                }
            });
            let mut expected: BTreeMap<(String, Segment), Cell> = BTreeMap::new();
            for (row, (number, segment, second, _)) in rows.iter().enumerate() {
                let seen = seen(row, *second);
                let cell = expected.entry((format!("user {number}"), *segment));
                cell.and_modify(|cell| cell.add(seen)).or_insert_with(|| Cell::new(seen));
            }
            let (shards, symbols) = Arc::into_inner(tally).unwrap().into_counts().into_shards();
            let shards: Vec<SettledShard> = shards.into_iter().map(Shard::settle).collect();
            let counted = shards.iter().flat_map(|shard| shard.numbers(true).into_iter().map(|one| shard.get(one)));
            let found: BTreeMap<(String, Segment), Cell> = counted
                .map(|one| ((symbols.text(one.detection.user).to_owned(), one.key.segment), one.cell()))
                .collect();
            prop_assert_eq!(found, expected);
        }
    }
}
