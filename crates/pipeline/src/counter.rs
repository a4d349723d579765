//! Counting the rows of splits, under each reading of their dates.

use crate::RejectedRow;
use crate::source_tally::{Extent, Reading, SourceTally};
use ringback_model::{Cuts, Instant, Place, Reject, RejectReason};
use ringback_parse::{DateEvidence, Row, RowEvent, Split, SplitSummary, Survey, Unread};
use ringback_tally::{
    Rejects, RowHash, Said, Seen, SharedTally, SlabKey, Slabs, TallyWriter, row_hash, slab_key,
};
use std::sync::Arc;

/// How much of a rejected row's text is kept.
const REJECTED_TEXT: usize = 4096;

/// A checkpoint is set each time that so many bytes were read.
const CHECKPOINT: u64 = 8 * 1024 * 1024;

/// Counts what the splits of a source hold.
pub(crate) struct Counter<'c> {
    cuts: &'c Cuts,
    keep_rejected: bool,
    /// Whether there are other sources that may hold the same rows.
    unite: bool,
    /// Whether the hash of every row is kept, since the source can not be read again.
    keep_rows: bool,
    /// What all counters of the source count in, by reading.
    tallies: [Arc<SharedTally>; 2],
    readings: Vec<ReadingCounter>,
    rejects: Rejects,
    rejected: Vec<RejectedRow>,
    /// The checkpoints of the split that is read: byte, records before it, lines before it.
    checkpoints: Vec<(u64, u64, u64)>,
    dates: DateEvidence,
    unread: Unread,
    /// The parts between checkpoints, of the splits that were read.
    extents: Vec<Extent>,
    records: u64,
}

/// What is counted under one reading.
struct ReadingCounter {
    tally: TallyWriter,
    reading: Reading,
}

/// Works out which slab a row belongs to, and its hash. Endpoints are numbered once for each spelling.
#[derive(Default)]
pub(crate) struct Identities {
    slabs: Slabs,
    endpoints: Vec<Option<u64>>,
}

impl Identities {
    /// The slab and the hash of a row at an instant.
    pub(crate) fn of(&mut self, row: &Row<'_>, at: Instant) -> (SlabKey, RowHash) {
        let spelling = row.spelling as usize;
        if spelling >= self.endpoints.len() {
            self.endpoints.resize(spelling + 1, None);
        }
        let endpoint = match self.endpoints[spelling] {
            Some(endpoint) => endpoint,
            None => self.slabs.endpoint(&row.detection.with(row.symbols).host()),
        };
        self.endpoints[spelling] = Some(endpoint);
        (slab_key(endpoint, at), row_hash(*row.fingerprint, at, row.other_port()))
    }
}

/// What a row says.
pub(crate) fn said<'r>(row: &Row<'r>) -> Said<'r> {
    Said { fingerprint: row.fingerprint, detection: row.detection, symbols: row.symbols }
}

/// What a row adds to its cell.
pub(crate) fn seen(row: &Row<'_>, at: Instant) -> Seen {
    Seen { at, place: row.place, other_port: row.other_port(), occurrences: row.occurrences }
}

impl<'c> Counter<'c> {
    /// A counter for the splits of a source.
    pub(crate) fn new(
        cuts: &'c Cuts,
        keep_rejected: bool,
        unite: bool,
        keep_rows: bool,
        tallies: [Arc<SharedTally>; 2],
    ) -> Self {
        Counter {
            tallies,
            cuts,
            keep_rejected,
            unite,
            keep_rows,
            readings: Vec::new(),
            rejects: Rejects::default(),
            rejected: Vec::new(),
            checkpoints: Vec::new(),
            dates: DateEvidence::default(),
            unread: Unread::default(),
            extents: Vec::new(),
            records: 0,
        }
    }

    /// Begins a split.
    pub(crate) fn begin(&mut self, split: Split) {
        self.checkpoints.clear();
        self.checkpoints.push((split.from, 0, 0));
    }

    /// Ends a split.
    pub(crate) fn end(&mut self, summary: &SplitSummary) {
        let next = self.checkpoints.iter().skip(1).map(|next| (next.1, next.2));
        let ends = next.chain([(summary.records, summary.lines)]);
        self.extents.extend(self.checkpoints.iter().zip(ends).map(|((from, records, lines), end)| Extent {
            from: *from,
            records: end.0 - records,
            lines: end.1 - lines,
        }));
        self.records += summary.records;
        self.dates.merge(&summary.dates);
        self.unread.merge(summary.unread);
    }

    /// Counts one record; `identities` are those of its reader.
    pub(crate) fn take(&mut self, event: &RowEvent<'_>, identities: &mut Identities) {
        match event {
            RowEvent::Row(row) => {
                self.checkpoint(row.place);
                self.row(row, identities);
            }
            RowEvent::Reject(reject) => {
                self.checkpoint(reject.place);
                self.rejects.add(Reject { reason: reject.reason, place: reject.place });
                if self.keep_rejected {
                    self.rejected.push(rejected(reject.place, reject.reason, reject.raw));
                }
            }
        }
    }

    fn checkpoint(&mut self, place: Place) {
        let last = self.checkpoints.last().map_or(0, |checkpoint| checkpoint.0);
        if place.byte >= last + CHECKPOINT {
            self.checkpoints.push((place.byte, place.record - 1, place.line - 1));
        }
    }

    fn row(&mut self, row: &Row<'_>, identities: &mut Identities) {
        for (number, at) in row.times.readings().enumerate() {
            if number == self.readings.len() {
                let tally = TallyWriter::new(Arc::clone(&self.tallies[number]));
                self.readings.push(ReadingCounter { tally, reading: Reading::default() });
            }
            let ReadingCounter { tally, reading } = &mut self.readings[number];
            match at {
                Ok(at) => {
                    tally.count(row.spelling, said(row), self.cuts.segment(at), seen(row, at));
                    if self.unite {
                        let (slab, hash) = identities.of(row, at);
                        reading.slabs.add(slab, hash);
                        if self.keep_rows {
                            reading.kept.add(slab, hash);
                        }
                    }
                    reading.see(at);
                }
                Err(reason) => {
                    reading.rejects.add(Reject { reason, place: row.place });
                    if self.keep_rejected {
                        reading.rejected.push(rejected(row.place, reason, row.raw()));
                    }
                }
            }
        }
    }

    /// What was counted besides what is in the tallies, which have all that this counter counted from now on.
    pub(crate) fn finish(self) -> SourceTally {
        let readings = self.readings.into_iter().map(|ReadingCounter { tally, reading }| {
            tally.finish();
            reading
        });
        SourceTally {
            readings: readings.collect(),
            rejects: self.rejects,
            rejected: self.rejected,
            dates: self.dates,
            unread: self.unread,
            extents: self.extents,
            records: self.records,
            survey: Survey::default(),
        }
    }
}

fn rejected(place: Place, reason: RejectReason, raw: &[u8]) -> RejectedRow {
    let shown = &raw[..raw.len().min(REJECTED_TEXT)];
    RejectedRow { place, reason, text: String::from_utf8_lossy(shown).into_owned() }
}
