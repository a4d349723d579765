//! The innermost count: by detection and segment, while several threads read.

use crate::Seen;
use crate::counts::{Counts, Key, SHARDS};
use crate::part::{LeftRow, Run};
use crate::shard::Shard;
use ringback_model::{DetectionRef, Remap, Segment, Symbols};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

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

    /// No cell at all.
    pub(crate) const fn of_none() -> Self {
        CellNumber::VACANT
    }

    pub(crate) fn shard(self) -> usize {
        self.0 as usize % SHARDS
    }

    pub(crate) fn cell(self) -> usize {
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
    /// Which of the cells are there, in bits, which stay in the processor's cache where cells do not.
    entered: Vec<u64>,
    /// Turns the reader's symbols into those of the tally.
    remap: Remap,
    /// Rows that are not counted yet, and their cells.
    waiting: Vec<(Whose, Seen)>,
    /// The same by shard: the cell's number in it, and which of the waiting rows it is.
    sorted: Vec<Vec<(usize, usize)>>,
}

/// Whose a row is that waits: a cell's, or a spelling's whose cell is looked up when the row is counted, since one look-up
/// waits for memory and many at once wait together.
#[derive(Clone, Copy, Debug)]
enum Whose {
    Cell(CellNumber),
    /// The number of a spelling and segment.
    Entered(u32),
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
            entered: Vec::new(),
            remap: Remap::default(),
            waiting: Vec::with_capacity(TOGETHER),
            sorted: vec![Vec::new(); SHARDS],
        }
    }

    /// The cell in which a row counts, if rows of its spelling met it before.
    #[inline]
    pub fn cell(&self, spelling: u32, segment: Segment) -> Option<CellNumber> {
        let cell = *self.cells.get(self.number(spelling, segment))?;
        (cell != CellNumber::VACANT).then_some(cell)
    }

    /// Whether rows of a spelling met their cell before.
    #[inline]
    pub fn has(&self, spelling: u32, segment: Segment) -> bool {
        let number = self.number(spelling, segment);
        self.entered.get(number / 64).is_some_and(|bits| bits >> (number % 64) & 1 != 0)
    }

    fn number(&self, spelling: u32, segment: Segment) -> usize {
        spelling as usize * self.tally.segments + usize::from(segment)
    }

    /// Counts one row in a cell of the tally. All rows must be of one reader; they are seen by others after
    /// [`TallyWriter::finish`] at the latest.
    #[inline]
    pub fn count_in(&mut self, cell: CellNumber, seen: Seen) {
        self.wait(Whose::Cell(cell), seen);
    }

    /// Counts one row of a spelling that [has](Self::has) its cell.
    #[inline]
    pub fn count(&mut self, spelling: u32, segment: Segment, seen: Seen) {
        let number = self.number(spelling, segment);
        self.wait(Whose::Entered(u32::try_from(number).expect("enter() holds it below 2^32")), seen);
    }

    #[inline]
    fn wait(&mut self, whose: Whose, seen: Seen) {
        self.waiting.push((whose, seen));
        if self.waiting.len() == TOGETHER {
            self.count_waiting();
        }
    }

    /// Leaves rows of a source of a number for later, which were read with this writer's cells. Their order in the source is
    /// kept for each cell.
    pub fn leave(&mut self, source: u32, rows: &mut Vec<LeftRow>) {
        rows.sort_unstable_by_key(|row| (row.cell.shard(), row.cell.cell(), row.byte()));
        for rows in rows.chunk_by(|one, other| one.cell.shard() == other.cell.shard()) {
            let mut shard = lock(&self.tally.shards[rows[0].cell.shard()]);
            for rows in rows.chunk_by(|one, other| one.cell == other.cell) {
                shard.leave(rows[0].cell.cell(), Run::of(source, rows));
            }
        }
        rows.clear();
    }

    fn count_waiting(&mut self) {
        for (row, (whose, _)) in self.waiting.iter().enumerate() {
            let cell = match *whose {
                Whose::Cell(cell) => cell,
                Whose::Entered(number) => self.cells[number as usize],
            };
            self.sorted[cell.shard()].push((cell.cell(), row));
        }
        // Shards that another thread is at come last: to wait for each in turn would be to follow that thread from one to the
        // next.
        for (shard, rows) in self.tally.shards.iter().zip(&mut self.sorted) {
            if !rows.is_empty()
                && let Some(mut shard) = free(shard)
            {
                count_all(&mut shard, rows, &self.waiting);
            }
        }
        for (shard, rows) in self.tally.shards.iter().zip(&mut self.sorted) {
            if !rows.is_empty() {
                count_all(&mut lock(shard), rows, &self.waiting);
            }
        }
        self.waiting.clear();
    }

    /// Finds the cell in which a spelling's rows count, or makes it; one that is made must get a row. `said` is what the
    /// spelling says, whose table of symbols the reader only adds to.
    pub fn enter(&mut self, spelling: u32, key: Key, said: DetectionRef<'_>) -> CellNumber {
        if self.remap.len() < said.symbols.len() {
            lock(&self.tally.symbols).absorb_more(said.symbols, &mut self.remap);
        }
        let number = self.number(spelling, key.segment);
        let shard = key.shard();
        let found = lock(&self.tally.shards[shard]).cell(key, || said.detection.remap(&self.remap));
        let cell = CellNumber::new(shard, found);
        if number >= self.cells.len() {
            u32::try_from(number).expect("fewer than 2^32 cells fit memory");
            self.cells.resize(number + 1, CellNumber::VACANT);
            self.entered.resize(number / 64 + 1, 0);
        }
        self.cells[number] = cell;
        self.entered[number / 64] |= 1 << (number % 64);
        cell
    }

    /// Counts what waits.
    pub fn finish(mut self) {
        self.count_waiting();
    }
}

/// Counts rows of one shard: the numbers of their cells in it, and which of the waiting rows they are.
fn count_all(shard: &mut Shard, rows: &mut Vec<(usize, usize)>, waiting: &[(Whose, Seen)]) {
    shard.warm(rows.iter().map(|(cell, row)| (*cell, &waiting[*row].1)));
    for (cell, row) in rows.drain(..) {
        shard.count(cell, waiting[row].1);
    }
}

/// What is shared, unless another thread is at it.
fn free<T>(shared: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    match shared.try_lock() {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cell, Grid, SettledShard};
    use proptest::prelude::*;
    use ringback_model::{Detection, Fingerprint, Instant, Place};
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
                            let key = Key { fingerprint, segment: *segment };
                            let spelling = u32::from(*number) * 2 + u32::from(*other);
                            assert_eq!(
                                writer.has(spelling, *segment),
                                writer.cell(spelling, *segment).is_some()
                            );
                            if !writer.has(spelling, *segment) {
                                writer.enter(spelling, key, detection.with(&symbols));
                            }
                            match writer.cell(spelling, *segment) {
                                Some(cell) if *other => writer.count_in(cell, seen(row, *second)),
                                _ => writer.count(spelling, *segment, seen(row, *second)),
                            }
                        }
                        writer.finish();
                    });
                }
            });
            let mut expected: BTreeMap<(String, Segment), (Cell, Grid)> = BTreeMap::new();
            for (row, (number, segment, second, _)) in rows.iter().enumerate() {
                let seen = seen(row, *second);
                let cell = expected.entry((format!("user {number}"), *segment));
                cell.and_modify(|(cell, _)| cell.add(seen))
                    .or_insert_with(|| (Cell::new(seen), Grid::default()))
                    .1
                    .add(seen.at, 1);
            }
            let (shards, symbols) = Arc::into_inner(tally).unwrap().into_counts().into_shards();
            let shards: Vec<SettledShard> = shards.into_iter().map(Shard::settle).collect();
            let counted = shards
                .iter()
                .flat_map(|shard| shard.numbers(true).into_iter().map(|number| shard.get(number)));
            let found: BTreeMap<(String, Segment), (Cell, Grid)> = counted
                .map(|one| {
                    let user = symbols.text(one.detection.user).to_owned();
                    ((user, one.key.segment), (one.cell(), one.grid().clone()))
                })
                .collect();
            prop_assert_eq!(found, expected);
        }
    }
}
