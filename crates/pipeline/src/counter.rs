//! Counting the rows of splits, under each reading of their dates.

use crate::RejectedRow;
use crate::hands::{self, CounterId, Tools, cell, hash, seen};
use crate::hours::WithinHours;
use crate::source_tally::{Extent, Reading, SourceTally};
use ringback_model::{Cuts, Instant, Place, Reject, RejectReason};
use ringback_parse::{DateEvidence, Row, RowEvent, Split, SplitSummary, Survey, Unread};
use ringback_tally::part::LeftRow;
use ringback_tally::{Rejects, SharedTally, TallyWriter, hour};
use std::sync::Arc;

/// How much of a rejected row's text is kept.
const REJECTED_TEXT: usize = 4096;

/// A checkpoint is set each time that so many bytes were read.
const CHECKPOINT: u64 = 1024 * 1024;

/// So many rows that are left are packed together: the more, the shorter.
const LEFT_TOGETHER: usize = 512 * 1024;

/// Counts what the splits of a source hold.
pub(crate) struct Counter<'c> {
    id: CounterId,
    cuts: &'c Cuts,
    keep_rejected: bool,
    target: Target,
    rest: Rest<'c>,
    readings: Vec<ReadingCounter>,
    rejects: Rejects,
    rejected: Vec<RejectedRow>,
    /// The part of the split that is read.
    part: Part,
    dates: DateEvidence,
    unread: Unread,
    /// The parts of the splits that were read.
    extents: Vec<Extent>,
    records: u64,
}

/// What the rows of a source are counted in.
pub(crate) enum Target {
    /// What is common to all sources, by those who read. The source has one split and one reading; its places count on from
    /// so many lines.
    Common { lines_before: u64 },
    /// What is the source's own, by reading.
    Own([Arc<SharedTally>; 2]),
}

/// What is done with rows that other sources may hold too.
pub(crate) enum Rest<'c> {
    /// They are counted as all others: there are no other sources.
    Nothing,
    /// Those of some hours are left for the second reading.
    Left(WithinHours<'c>),
    /// They are counted, and if it turns out that others may hold them, the source is counted anew.
    Noted,
    /// They are counted, and their hashes are kept, since the source can not be read again.
    Kept,
    /// Every row is left, since other sources are not known yet. The source has this number.
    Rows(u32),
}

/// A part of a split: where it begins, records and lines before it, and the hours of its rows.
struct Part {
    from: u64,
    records: u64,
    lines: u64,
    first: i64,
    last: i64,
}

impl Part {
    fn new(from: u64, records: u64, lines: u64) -> Self {
        Part { from, records, lines, first: i64::MAX, last: i64::MIN }
    }

    #[inline]
    fn see(&mut self, at: Instant) {
        self.first = self.first.min(at.micros());
        self.last = self.last.max(at.micros());
    }

    /// What it is, when it ends after so many records and lines of the split.
    fn end(&self, records: u64, lines: u64) -> Extent {
        let hours = [self.first, self.last].map(|micros| hour(Instant::from_micros(micros)));
        Extent {
            from: self.from,
            records: records - self.records,
            lines: lines - self.lines,
            hours: (self.first <= self.last).then_some((hours[0], hours[1])),
        }
    }
}

/// What is counted under one reading.
struct ReadingCounter {
    tally: Tally,
    reading: Reading,
    /// Rows that are left, until there are enough of them to be packed together.
    left: Vec<LeftRow>,
}

/// Where its rows are counted: as [`Target`] says.
enum Tally {
    Common { lines_before: u64 },
    Own(TallyWriter),
}

impl<'c> Counter<'c> {
    /// A counter for the splits of a source.
    pub(crate) fn new(
        id: CounterId,
        cuts: &'c Cuts,
        keep_rejected: bool,
        target: Target,
        rest: Rest<'c>,
    ) -> Self {
        Counter {
            id,
            cuts,
            keep_rejected,
            target,
            rest,
            readings: Vec::new(),
            rejects: Rejects::default(),
            rejected: Vec::new(),
            part: Part::new(0, 0, 0),
            dates: DateEvidence::default(),
            unread: Unread::default(),
            extents: Vec::new(),
            records: 0,
        }
    }

    /// Begins a split.
    pub(crate) fn begin(&mut self, split: Split) {
        self.part = Part::new(split.from, 0, 0);
    }

    /// Ends a split.
    pub(crate) fn end(&mut self, summary: &SplitSummary) {
        self.extents.push(self.part.end(summary.records, summary.lines));
        self.records += summary.records;
        self.dates.merge(&summary.dates);
        self.unread.merge(summary.unread);
    }

    /// Counts one record, with the tools of its reader.
    #[inline]
    pub(crate) fn take(&mut self, event: RowEvent<'_>, tools: &mut Tools) {
        match event {
            RowEvent::Row(mut row) => {
                self.checkpoint(row.place);
                self.row(&mut row, tools);
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

    #[inline]
    fn checkpoint(&mut self, place: Place) {
        if place.byte >= self.part.from + CHECKPOINT {
            let next = Part::new(place.byte, place.record - 1, place.line - 1);
            self.extents.push(self.part.end(next.records, next.lines));
            self.part = next;
        }
    }

    #[inline]
    fn row(&mut self, row: &mut Row<'_>, tools: &mut Tools) {
        let times = row.times;
        for (number, at) in times.readings().enumerate() {
            if number == self.readings.len() {
                self.add_reading(number);
            }
            match at {
                Ok(at) => self.count(row, number, at, tools),
                Err(reason) => {
                    let reading = &mut self.readings[number].reading;
                    reading.rejects.add(Reject { reason, place: row.place });
                    if self.keep_rejected {
                        reading.rejected.push(rejected(row.place, reason, row.raw()));
                    }
                }
            }
        }
    }

    fn add_reading(&mut self, number: usize) {
        let tally = match &self.target {
            Target::Common { lines_before } => Tally::Common { lines_before: *lines_before },
            Target::Own(tallies) => Tally::Own(TallyWriter::new(Arc::clone(&tallies[number]))),
        };
        self.readings.push(ReadingCounter { tally, reading: Reading::default(), left: Vec::new() });
    }

    /// Counts a row at its instant under one of the readings.
    #[inline]
    fn count(&mut self, row: &mut Row<'_>, number: usize, at: Instant, tools: &mut Tools) {
        self.part.see(at);
        let ReadingCounter { tally, reading, left } = &mut self.readings[number];
        reading.see(at);
        match &mut self.rest {
            Rest::Nothing | Rest::Rows(_) => {}
            Rest::Left(hours) => {
                if hours.contain(at) {
                    reading.leave(hour(at), 1);
                    return;
                }
                reading.note(row, at, self.id, tools);
            }
            Rest::Noted => reading.note(row, at, self.id, tools),
            Rest::Kept => {
                reading.note(row, at, self.id, tools);
                reading.kept.add(hour(at), hash(row, at));
            }
        }
        let (tally, lines_before) = match tally {
            Tally::Common { lines_before } => (&mut tools.writer, *lines_before),
            Tally::Own(own) => (own, 0),
        };
        let place = Place { line: row.place.line + lines_before, ..row.place };
        let (segment, seen) = (self.cuts.segment(at), seen(row, at, place));
        match self.rest {
            Rest::Rows(source) => {
                left.push(LeftRow::new(cell(row, segment, tally), seen));
                if left.len() == LEFT_TOGETHER {
                    tally.leave(source, left);
                }
            }
            _ => hands::count(row, segment, seen, tally),
        }
    }

    /// Packs the rows of a split that are left, with the tools of its reader.
    pub(crate) fn leave_rows(&mut self, tools: &mut Tools) {
        let Rest::Rows(source) = self.rest else { return };
        for ReadingCounter { tally, left, .. } in &mut self.readings {
            match tally {
                Tally::Common { .. } => tools.writer.leave(source, left),
                Tally::Own(own) => own.leave(source, left),
            }
        }
    }

    /// What was counted besides what is in the tallies, which have all that this counter counted from now on.
    pub(crate) fn finish(self) -> SourceTally {
        let readings = self.readings.into_iter().map(|ReadingCounter { tally, reading, .. }| {
            if let Tally::Own(own) = tally {
                own.finish();
            }
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
