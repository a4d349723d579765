//! What was counted of one source.

use crate::RejectedRow;
use crate::active::ActiveHours;
use crate::described::Described;
use crate::hands::{CounterId, Tools};
use crate::hours::Hours;
use crate::source::Source;
use rayon::prelude::*;
use ringback_model::{Instant, Message, Place, RejectReason};
use ringback_parse::{DateEvidence, Plan, Row, Split, Survey, Unread, date_notes};
use ringback_tally::{Counts, Hour, KeptRows, Presence, Rejects, hour};
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

/// A source with its plan and what was counted of it. A source that could not be read has no plan.
#[derive(Debug)]
pub(crate) struct Counted {
    pub(crate) source: Source,
    pub(crate) sha256: Option<String>,
    pub(crate) plan: Option<Arc<Plan>>,
    /// What the plan says to people; of a source whose rows were counted elsewhere it is all that is left of the plan.
    pub(crate) described: Option<Described>,
    /// Why it could not be read, or not to its end.
    pub(crate) failure: Option<Failure>,
    /// The layout that comes nearest and what the source lacks of it, where none fits.
    pub(crate) nearest: Option<(String, Vec<String>)>,
    pub(crate) tally: SourceTally,
    /// Whether its rows are counted in what is common to all sources.
    pub(crate) common: bool,
    /// The number of the reading of its dates that holds.
    pub(crate) chosen: usize,
    /// What was noticed in its rows.
    pub(crate) notes: Vec<Message>,
    /// Rows within the window that an earlier source holds too, by the number of the earliest that does.
    pub(crate) duplicates: BTreeMap<u32, u64>,
}

/// Why a source could not be read, or not to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) reason: RejectReason,
    /// What is wrong, with a hint where there is one.
    pub(crate) text: String,
    /// Where reading stopped: the start of the split, and records before it. What was counted before that stands.
    pub(crate) stopped: Option<(u64, u64)>,
}

impl Failure {
    /// Nothing of a source, or not all of its bytes, could be read.
    pub(crate) fn whole(error: &io::Error) -> Self {
        Failure { reason: RejectReason::Unreadable, text: error.to_string(), stopped: None }
    }

    /// A split was not read to its end.
    pub(crate) fn stopped(split: u64, records: u64, error: &io::Error) -> Self {
        Failure { stopped: Some((split, records)), ..Failure::whole(error) }
    }

    /// The failure that comes first in the source; one without a place last.
    pub(crate) fn first(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        let place = |failure: &Failure| failure.stopped.map_or((1, (0, 0)), |stopped| (0, stopped));
        one.into_iter().chain(other).min_by_key(place)
    }

    /// What is wrong, and up to where it was not, for people.
    pub(crate) fn told(&self) -> String {
        match self.stopped {
            Some((_, records)) if records > 0 => {
                format!("read up to record {records} and no further: {}", self.text)
            }
            _ => self.text.clone(),
        }
    }
}

/// A part of a source that is read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) split: Split,
    /// How many records were read of it, where the source was not read to its end.
    pub(crate) records: Option<u64>,
    /// The first and the last hour that it has a row in.
    pub(crate) hours: Option<(Hour, Hour)>,
}

/// What the splits of one source counted, joined.
#[derive(Debug, Default)]
pub(crate) struct SourceTally {
    /// One reading, or two while the order of day and month is open.
    pub(crate) readings: Vec<Reading>,
    /// Rows that are rejected under every reading.
    pub(crate) rejects: Rejects,
    pub(crate) rejected: Vec<RejectedRow>,
    pub(crate) dates: DateEvidence,
    pub(crate) unread: Unread,
    /// The parts between checkpoints.
    pub(crate) extents: Vec<Extent>,
    pub(crate) records: u64,
    /// What stands in it; nothing where it was not surveyed.
    pub(crate) survey: Survey,
}

/// What was counted under one reading of the dates.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) counts: Counts,
    /// The endpoints of the rows that were counted, where other sources may hold them too.
    pub(crate) presence: Presence,
    /// How many rows were left for the second reading, by hour.
    pub(crate) left: BTreeMap<Hour, u64>,
    /// The rows of a pipe, where other sources may hold them too.
    pub(crate) kept: KeptRows,
    /// Rows whose time this reading can not read.
    pub(crate) rejects: Rejects,
    pub(crate) rejected: Vec<RejectedRow>,
    pub(crate) first: Option<Instant>,
    pub(crate) last: Option<Instant>,
    /// The hours that it has a row in.
    pub(crate) active: ActiveHours,
}

/// A checkpoint: where a part of the source starts and how much it holds, to make places absolute and to read the part
/// again by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Extent {
    pub(crate) from: u64,
    pub(crate) records: u64,
    pub(crate) lines: u64,
    /// The first and the last hour that it has a row in, under any reading of the dates.
    pub(crate) hours: Option<(Hour, Hour)>,
}

/// Adds counts to others, shard by shard.
pub(crate) fn merge(counts: &mut Counts, other: Counts) {
    let (pairs, remap) = counts.pairs(other);
    pairs.into_par_iter().for_each(|(mine, theirs)| mine.merge(theirs, &remap));
}

impl Reading {
    /// Widens the stretch of time by an instant.
    #[inline]
    pub(crate) fn see(&mut self, at: Instant) {
        self.active.see(at);
        self.first = Some(self.first.map_or(at, |first| first.min(at)));
        self.last = Some(self.last.map_or(at, |last| last.max(at)));
    }

    /// Notes that the endpoint of a row has one at that instant; `by` is who counts here.
    #[inline]
    pub(crate) fn note(&mut self, row: &mut Row<'_>, at: Instant, by: CounterId, tools: &mut Tools) {
        let hour = hour(at);
        if let Some(endpoint) = tools.identities.newly_present(row, by, hour) {
            self.presence.add(hour, endpoint);
        }
    }

    /// Leaves rows of an hour for the second reading.
    pub(crate) fn leave(&mut self, hour: Hour, rows: u64) {
        *self.left.entry(hour).or_default() += rows;
    }

    /// Whether rows of some hours were left.
    pub(crate) fn has_left(&self, hours: &Hours) -> bool {
        self.left.keys().any(|hour| hours.contains(*hour))
    }

    fn merge(&mut self, other: Reading) {
        merge(&mut self.counts, other.counts);
        self.presence.merge(other.presence);
        for (hour, rows) in other.left {
            self.leave(hour, rows);
        }
        self.kept.merge(other.kept);
        self.active.merge(&other.active);
        self.rejects.merge(&other.rejects);
        self.rejected.extend(other.rejected);
        for at in [other.first, other.last].into_iter().flatten() {
            self.see(at);
        }
    }
}

impl SourceTally {
    /// Adds what another split of the same source counted.
    pub(crate) fn merge(&mut self, other: SourceTally) {
        if self.readings.len() < other.readings.len() {
            self.readings.resize_with(other.readings.len(), Reading::default);
        }
        for (mine, theirs) in self.readings.iter_mut().zip(other.readings) {
            mine.merge(theirs);
        }
        self.rejects.merge(&other.rejects);
        self.rejected.extend(other.rejected);
        self.dates.merge(&other.dates);
        self.unread.merge(other.unread);
        self.extents.extend(other.extents);
        self.records += other.records;
        self.survey.merge(other.survey);
    }

    /// The first and the last instant under each reading of the dates.
    pub(crate) fn stretches(&self) -> [Option<(Instant, Instant)>; 2] {
        [0, 1].map(|number| {
            let reading = self.readings.get(number)?;
            reading.first.zip(reading.last)
        })
    }

    /// Makes every place absolute, now that all splits are known. Places count from the start of their split.
    pub(crate) fn place(&mut self, plan: &Plan, splits: &[Split]) {
        self.extents.sort_unstable();
        let places = Places::new(&self.extents, plan.data_start().line).of_splits(splits);
        self.place_rejects(&places);
        self.survey.place(|place| places.make_absolute(place));
        for row in &mut self.rejected {
            places.make_absolute(&mut row.place);
        }
        for reading in &mut self.readings {
            let shards = reading.counts.shards_mut().par_iter_mut();
            shards.for_each(|shard| {
                shard.place_evidence(|place| places.make_absolute(place));
                shard.place_left(|byte| places.before(byte).numbers());
            });
            for row in &mut reading.rejected {
                places.make_absolute(&mut row.place);
            }
        }
    }

    /// Makes the places of rejected rows absolute.
    pub(crate) fn place_rejects(&mut self, places: &Places) {
        self.rejects.place(|place| places.make_absolute(place));
        for reading in &mut self.readings {
            reading.rejects.place(|place| places.make_absolute(place));
        }
    }
}

/// Turns places within parts of a source into places within the source.
#[derive(Debug)]
pub(crate) struct Places {
    bases: Bases,
}

/// From where parts of a source start, each with the records and lines before it.
pub(crate) type Bases = Vec<(u64, u64, u64)>;

/// Where parts start, from the first byte of each with its records and lines, in their order; rows start on this line.
pub(crate) fn bases(parts: impl Iterator<Item = (u64, u64, u64)>, first_line: u64) -> Bases {
    let mut before = (0, first_line.saturating_sub(1));
    let base = |(from, records, lines)| {
        let base = (from, before.0, before.1);
        before = (before.0 + records, before.1 + lines);
        base
    };
    parts.map(base).collect()
}

/// The number of the reading of its dates that holds, of so many that a source has.
pub(crate) fn reading_that_holds(dates: &DateEvidence, readings: usize) -> usize {
    dates.decide().reading().min(readings.saturating_sub(1))
}

impl Places {
    pub(crate) fn new(extents: &[Extent], first_line: u64) -> Self {
        Places::of(bases(
            extents.iter().map(|extent| (extent.from, extent.records, extent.lines)),
            first_line,
        ))
    }

    /// From where parts start, each with the records and lines before it.
    pub(crate) fn of(bases: Bases) -> Self {
        Places { bases }
    }

    /// Only the places where splits start.
    fn of_splits(mut self, splits: &[Split]) -> Self {
        self.bases.retain(|base| splits.iter().any(|split| split.from == base.0));
        self
    }

    /// Makes a place absolute that counts from the start of the part that it lies in.
    pub(crate) fn make_absolute(&self, place: &mut Place) {
        *place = self.before(place.byte).place(*place);
    }

    /// What stands before the part in which a byte lies.
    pub(crate) fn before(&self, byte: u64) -> Before {
        let after = self.bases.partition_point(|base| base.0 <= byte);
        let base = after.checked_sub(1).map(|at| self.bases[at]);
        base.map_or(Before::default(), |(_, records, lines)| Before { records, lines })
    }
}

/// How many records and lines of a source stand before a part of it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Before {
    records: u64,
    lines: u64,
}

impl Before {
    /// Records and lines.
    pub(crate) fn numbers(self) -> (u64, u64) {
        (self.records, self.lines)
    }

    /// A place that counts from the start of the part, made absolute.
    pub(crate) fn place(self, place: Place) -> Place {
        Place { record: place.record + self.records, line: place.line + self.lines, ..place }
    }
}

impl Counted {
    /// A source of which nothing is known yet.
    pub(crate) fn new(source: Source) -> Self {
        Counted {
            source,
            sha256: None,
            plan: None,
            described: None,
            failure: None,
            nearest: None,
            tally: SourceTally::default(),
            common: false,
            chosen: 0,
            notes: Vec::new(),
            duplicates: BTreeMap::new(),
        }
    }

    /// The same, to change it.
    pub(crate) fn reading_mut(&mut self) -> Option<&mut Reading> {
        self.tally.readings.get_mut(self.chosen)
    }

    /// Decides which reading of the dates holds, and notes how that was found and what could not be read.
    pub(crate) fn decide(&mut self, zone: &str) {
        let tally = &self.tally;
        self.chosen = reading_that_holds(&tally.dates, tally.readings.len());
        self.notes = date_notes(&tally.dates, tally.stretches(), zone);
        self.notes.extend(tally.unread.notes());
    }

    /// The reading of the dates that holds.
    pub(crate) fn reading(&self) -> Option<&Reading> {
        self.tally.readings.get(self.chosen)
    }

    /// Rows within the window that any earlier source holds too.
    pub(crate) fn duplicate_rows(&self) -> u64 {
        self.duplicates.values().sum()
    }

    /// The parts in which it is read again, in order: those between the checkpoints where reading can begin there.
    pub(crate) fn parts(&self) -> Vec<Part> {
        let Some(plan) = &self.plan else { return Vec::new() };
        let cut_short = self.failure.as_ref().is_some_and(|failure| failure.stopped.is_some());
        let records = |records| cut_short.then_some(records);
        if !plan.splittable() || self.source.seekable().is_none() {
            let split = Split { from: plan.data_start().byte, to: None };
            return vec![Part { split, records: records(self.tally.records), hours: self.hours() }];
        }
        let next = self.tally.extents.iter().skip(1).map(|extent| Some(extent.from)).chain([None]);
        let part = |(extent, to): (&Extent, Option<u64>)| Part {
            split: Split { from: extent.from, to },
            records: records(extent.records),
            hours: extent.hours,
        };
        self.tally.extents.iter().zip(next).map(part).collect()
    }

    /// The first and the last hour that it has a row in.
    fn hours(&self) -> Option<(Hour, Hour)> {
        let hours = self.tally.extents.iter().filter_map(|extent| extent.hours);
        hours.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
    }

    /// Makes the record at which reading stopped count from the start of the source.
    pub(crate) fn place_failure(&mut self) {
        self.place_failure_with(&self.places());
    }

    /// The same, with what makes places absolute.
    pub(crate) fn place_failure_with(&mut self, places: &Places) {
        if let Some((split, records)) = self.failure.as_mut().and_then(|failure| failure.stopped.as_mut()) {
            let mut place = Place { source: 0, byte: *split, record: *records, line: 0 };
            places.make_absolute(&mut place);
            *records = place.record;
        }
    }

    /// What makes places absolute that count from the start of a part.
    pub(crate) fn places(&self) -> Places {
        let line = self.plan.as_ref().map_or(1, |plan| plan.data_start().line);
        Places::new(&self.tally.extents, line)
    }

    /// All rejected rows of the reading that holds.
    pub(crate) fn rejects(&self) -> Rejects {
        let mut rejects = self.tally.rejects.clone();
        if let Some(reading) = self.reading() {
            rejects.merge(&reading.rejects);
        }
        rejects
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_on_over_splits() {
        let extent = |from, records, lines| Extent { from, records, lines, hours: None };
        let extents = [extent(40, 3, 5), extent(100, 2, 2)];
        let places = Places::new(&extents, 3);
        for (byte, record, line, expected) in
            [(40, 1, 1, (1, 3)), (99, 3, 4, (3, 6)), (100, 1, 1, (4, 8)), (140, 2, 2, (5, 9))]
        {
            let mut place = Place { source: 0, byte, record, line };
            places.make_absolute(&mut place);
            assert_eq!((place.record, place.line), expected, "byte {byte}");
        }
    }
}
