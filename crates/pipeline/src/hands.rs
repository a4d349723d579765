//! The readers: each goes from split to split and from source to source that read alike, and remembers what it met.

use ringback_model::{Instant, Place, Segment};
use ringback_parse::{Plan, Row, SplitReader};
use ringback_tally::{
    CellNumber, Hour, Key, RowHash, Seen, SharedTally, TallyWriter, endpoint_number, row_hash,
};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Which of the readers.
pub(crate) type HandId = usize;

/// Which of those who count what readers read.
pub(crate) type CounterId = usize;

/// A reader with what it remembers, so that a spelling is read once by each thread, and not in each split or export.
pub(crate) struct Hand<'r> {
    pub(crate) id: HandId,
    pub(crate) reader: SplitReader<'r>,
    pub(crate) tools: Tools,
}

/// What a reader counts with.
pub(crate) struct Tools {
    pub(crate) identities: Identities,
    /// Counts in what is common to all sources.
    pub(crate) writer: TallyWriter,
}

/// The readers that no thread has.
pub(crate) struct Hands<'r>(Mutex<Pool<'r>>);

struct Pool<'r> {
    idle: Vec<Hand<'r>>,
    made: HandId,
    counters: CounterId,
    common: Arc<SharedTally>,
}

impl<'r> Hands<'r> {
    /// No readers yet. They will count in a tally that is common to them.
    pub(crate) fn new(common: SharedTally) -> Self {
        Hands(Mutex::new(Pool { idle: Vec::new(), made: 0, counters: 0, common: Arc::new(common) }))
    }

    /// A reader for a source of that number: one that reads like it, or else a new one.
    pub(crate) fn take(&self, plan: &'r Plan, source: u32) -> Hand<'r> {
        let mut pool = self.pool();
        if let Some(at) = pool.idle.iter().rposition(|hand| hand.reader.plan().reads_like(plan)) {
            let mut hand = pool.idle.swap_remove(at);
            hand.reader.turn_to(plan, source);
            return hand;
        }
        pool.made += 1;
        let writer = TallyWriter::new(Arc::clone(&pool.common));
        let tools = Tools { identities: Identities::default(), writer };
        Hand { id: pool.made, reader: SplitReader::new(plan, source), tools }
    }

    /// Takes a reader back.
    pub(crate) fn take_back(&self, hand: Hand<'r>) {
        self.pool().idle.push(hand);
    }

    /// A number for somebody who counts.
    pub(crate) fn counter(&self) -> CounterId {
        let mut pool = self.pool();
        pool.counters += 1;
        pool.counters
    }

    /// Something else that counts in what is common.
    pub(crate) fn writer(&self) -> TallyWriter {
        TallyWriter::new(Arc::clone(&self.pool().common))
    }

    /// Has all count anew, from nothing; no thread may have a reader.
    pub(crate) fn start_over(&self, common: SharedTally) {
        let mut pool = self.pool();
        pool.common = Arc::new(common);
        let common = Arc::clone(&pool.common);
        for hand in &mut pool.idle {
            hand.tools.writer = TallyWriter::new(Arc::clone(&common));
        }
    }

    /// What was counted in common, once no thread has a reader.
    pub(crate) fn finish(self) -> SharedTally {
        let Pool { idle, common, .. } = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        for hand in idle {
            hand.tools.writer.finish();
        }
        Arc::into_inner(common).expect("its writers are finished")
    }

    fn pool(&self) -> MutexGuard<'_, Pool<'r>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Works out the endpoints and hashes of rows. Endpoints are numbered once for each spelling.
#[derive(Default)]
pub(crate) struct Identities {
    /// Which of the endpoints each spelling has, counted from 1 by when they were met. Each row asks for one: the smaller the
    /// table, the less it waits for memory.
    met: Vec<Option<NonZeroU32>>,
    numbers: Vec<u64>,
    by_number: ringback_model::Map<u64, usize>,
    /// For whom and in which hour each was noted last.
    noted: Vec<(CounterId, Hour)>,
}

impl Identities {
    /// The number of a row's endpoint, unless it was told last for the same hour to the same who asks.
    #[inline]
    pub(crate) fn newly_present(&mut self, row: &mut Row<'_>, by: CounterId, hour: Hour) -> Option<u64> {
        let met = match self.met.get(row.spelling as usize) {
            Some(Some(met)) => met.get() as usize - 1,
            _ => self.meet(row),
        };
        let now = (by, hour);
        if self.noted[met] == now {
            return None;
        }
        self.noted[met] = now;
        Some(self.numbers[met])
    }

    fn meet(&mut self, row: &mut Row<'_>) -> usize {
        let number = endpoint(row);
        let met = *self.by_number.entry(number).or_insert(self.numbers.len());
        if met == self.numbers.len() {
            self.numbers.push(number);
            self.noted.push((CounterId::MAX, Hour::MIN));
        }
        let spelling = row.spelling as usize;
        if spelling >= self.met.len() {
            self.met.resize(spelling + 1, None);
        }
        self.met[spelling] = u32::try_from(met + 1).ok().and_then(NonZeroU32::new);
        met
    }
}

/// The number of a row's endpoint.
pub(crate) fn endpoint(row: &mut Row<'_>) -> u64 {
    let said = row.said();
    endpoint_number(said.detection.log, &said.host())
}

/// The hash of a row at an instant.
pub(crate) fn hash(row: &Row<'_>, at: Instant) -> RowHash {
    row_hash(*row.fingerprint, at, row.other_port())
}

/// The cell in which a row counts, which is made where there is none; one that is made must get a row.
pub(crate) fn cell(row: &mut Row<'_>, segment: Segment, writer: &mut TallyWriter) -> CellNumber {
    writer.cell(row.spelling, segment).unwrap_or_else(|| {
        let key = Key { fingerprint: *row.fingerprint, segment };
        writer.enter(row.spelling, key, row.said())
    })
}

/// Counts a row under its spelling.
#[inline]
pub(crate) fn count(row: &mut Row<'_>, segment: Segment, seen: Seen, writer: &mut TallyWriter) {
    if !writer.has(row.spelling, segment) {
        let key = Key { fingerprint: *row.fingerprint, segment };
        writer.enter(row.spelling, key, row.said());
    }
    writer.count(row.spelling, segment, seen);
}

/// What a row adds to its cell.
pub(crate) fn seen(row: &Row<'_>, at: Instant, place: Place) -> Seen {
    Seen { at, place, other_port: row.other_port(), occurrences: row.occurrences }
}
