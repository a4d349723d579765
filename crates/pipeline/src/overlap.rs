//! Uniting exports that overlap: a row that several exports hold counts once.
//!
//! Rows of hours that exports share are left aside when they are first read. They are read once more, some hours at a
//! time, and each that no earlier export holds is counted. Where the first reading counted rows that turn out to stand in
//! shared hours, those exports are counted anew.

use crate::error::PipelineError;
use crate::hands::{Hand, Hands, cell, hash, seen};
use crate::hours::Hours;
use crate::in_window;
use crate::progress::Progress;
use crate::reading::{SeenRow, each_row, source_number};
use crate::request::Window;
use crate::source_tally::{Counted, Part};
use rayon::prelude::*;
use ringback_model::Cuts;
use ringback_parse::Plan;
use ringback_tally::{
    CellNumber, Counts, Hour, KeptRows, Presence, Repetitions, RowHash, Seen, SharedTally, TallyWriter,
    Union, hour, shared_hours,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// About how many rows are looked at together: as many as there are in some hours.
const TOGETHER: u64 = 400_000;

/// Rows are compared in so many groups by their hashes, each by another thread.
const GROUPS: usize = 32;

/// Counts each row of the sources once.
pub(crate) struct Uniting<'u, 'r> {
    /// Whether the rows are asked for again.
    pub(crate) read_again: bool,
    pub(crate) cuts: &'u Cuts,
    pub(crate) window: Window,
    pub(crate) plans: &'r [Option<Arc<Plan>>],
    pub(crate) hands: &'u Hands<'r>,
    pub(crate) progress: &'u dyn Progress,
}

/// A row of a shared hour.
struct Candidate {
    hash: RowHash,
    cell: CellNumber,
    /// Whether it lies in the window that is asked for; else it is no duplicate.
    inside: bool,
    seen: Seen,
}

/// A part of a source that is read again.
#[derive(Clone, Copy)]
struct Job {
    source: usize,
    part: Part,
}

/// Duplicates by source, and by the earliest source that holds them.
type Duplicates = BTreeMap<(u32, u32), u64>;

/// What was found of the rows of a group.
struct Settled {
    duplicates: Duplicates,
    repetitions: Repetitions,
}

impl Uniting<'_, '_> {
    /// Counts the rows of the hours that were left aside, and all rows of those sources anew that need it.
    ///
    /// # Errors
    /// A source that could be read once and not again.
    pub(crate) fn unite(&self, counted: &mut [Counted], left: &Hours) -> Result<Union, PipelineError> {
        let mut union = Union::none(counted.len());
        let nothing = Presence::default();
        let presences: Vec<&Presence> =
            counted.iter().map(|one| one.reading().map_or(&nothing, |reading| &reading.presence)).collect();
        let hours = left.and(shared_hours(&presences));
        let anew = anew(counted, &hours);
        self.count_anew(counted, &anew, &hours)?;
        let mut rows: BTreeMap<Hour, u64> = BTreeMap::new();
        for (hour, count) in counted.iter().filter_map(Counted::reading).flat_map(|reading| &reading.left) {
            *rows.entry(*hour).or_default() += count;
        }
        let jobs: Vec<Job> = (0..counted.len()).flat_map(|source| jobs(counted, source)).collect();
        for hours in together(&rows) {
            let duplicates = self.settle(counted, &jobs, &hours, &mut union)?;
            for ((source, earlier), rows) in duplicates {
                union.repeats(source as usize);
                *counted[source as usize].duplicates.entry(earlier).or_default() += rows;
            }
        }
        for reading in counted.iter_mut().flat_map(|one| &mut one.tally.readings) {
            reading.kept = KeptRows::default();
        }
        Ok(union)
    }

    /// Counts sources anew, but for the rows of some hours.
    fn count_anew(
        &self,
        counted: &mut [Counted],
        anew: &[usize],
        hours: &Hours,
    ) -> Result<(), PipelineError> {
        if anew.iter().any(|number| counted[*number].common) {
            self.hands.start_over(SharedTally::new(self.cuts.segments()));
        }
        for number in anew {
            if let Some(reading) = counted[*number].reading_mut() {
                (reading.counts, reading.left) = (Counts::default(), BTreeMap::new());
            }
        }
        let jobs: Vec<Job> = anew.iter().flat_map(|source| jobs(counted, *source)).collect();
        let left: Vec<(usize, BTreeMap<Hour, u64>)> = jobs
            .into_par_iter()
            .with_max_len(1)
            .map(|job| self.count_part(&counted[job.source], job, hours).map(|left| (job.source, left)))
            .collect::<Result<_, _>>()?;
        for (source, left) in left {
            if let Some(reading) = counted[source].reading_mut() {
                for (hour, rows) in left {
                    reading.leave(hour, rows);
                }
            }
        }
        Ok(())
    }

    /// Counts the rows of a part but those of some hours, of which the number is given.
    fn count_part(
        &self,
        counted: &Counted,
        job: Job,
        hours: &Hours,
    ) -> Result<BTreeMap<Hour, u64>, PipelineError> {
        let (mut left, mut asking) = (BTreeMap::new(), hours.asking());
        self.read_again(counted, job, &mut |one, writer| {
            if asking.contain(one.at) {
                *left.entry(hour(one.at)).or_default() += 1;
                return;
            }
            let cell = cell(one.row, self.cuts.segment(one.at), writer);
            writer.count_in(cell, seen(one.row, one.at, one.place));
        })?;
        Ok(left)
    }

    /// Counts the rows of some hours that were left, each once; gives the duplicates.
    fn settle(
        &self,
        counted: &[Counted],
        jobs: &[Job],
        hours: &Hours,
        union: &mut Union,
    ) -> Result<Duplicates, PipelineError> {
        let concerned = |job: &&Job| {
            job.part.hours.is_some_and(|(first, last)| hours.meet(first, last))
                && counted[job.source].reading().is_some_and(|reading| reading.has_left(hours))
        };
        let jobs: Vec<Job> = jobs.iter().filter(concerned).copied().collect();
        let blocks: Vec<Vec<Vec<Candidate>>> = jobs
            .into_par_iter()
            .with_max_len(1)
            .map(|job| self.candidates(&counted[job.source], job, hours))
            .collect::<Result<_, _>>()?;
        let settled: Vec<Settled> = (0..GROUPS)
            .into_par_iter()
            .map(|group| self.settle_group(counted, group, hours, &blocks))
            .collect();
        let mut duplicates = Duplicates::new();
        for one in settled {
            for (who, rows) in one.duplicates {
                *duplicates.entry(who).or_default() += rows;
            }
            if self.read_again {
                union.learn(one.repetitions);
            }
        }
        Ok(duplicates)
    }

    /// The rows of a part in some hours, by group.
    fn candidates(
        &self,
        counted: &Counted,
        job: Job,
        hours: &Hours,
    ) -> Result<Vec<Vec<Candidate>>, PipelineError> {
        let mut groups: Vec<Vec<Candidate>> = (0..GROUPS).map(|_| Vec::new()).collect();
        let mut asking = hours.asking();
        self.read_again(counted, job, &mut |one, writer| {
            if !asking.contain(one.at) {
                return;
            }
            let segment = self.cuts.segment(one.at);
            let candidate = Candidate {
                hash: hash(one.row, one.at),
                cell: cell(one.row, segment, writer),
                inside: in_window(self.cuts, self.window, segment),
                seen: seen(one.row, one.at, one.place),
            };
            groups[group(candidate.hash)].push(candidate);
        })?;
        Ok(groups)
    }

    /// Counts the rows of a group that no earlier source holds.
    fn settle_group(
        &self,
        counted: &[Counted],
        number: usize,
        hours: &Hours,
        blocks: &[Vec<Vec<Candidate>>],
    ) -> Settled {
        let mut settled = Settled { duplicates: Duplicates::new(), repetitions: Repetitions::default() };
        for (source, one) in counted.iter().enumerate().filter(|(_, one)| one.source.is_pipe()) {
            let within =
                |(from, to): &(Hour, Hour)| one.reading().map(|reading| reading.kept.within(*from..*to));
            let kept = hours.stretches().iter().filter_map(within).flatten();
            for (hash, count) in kept.filter(|(hash, _)| group(*hash) == number) {
                settled.repetitions.hold(hash, source_number(source), count);
            }
        }
        let mut writer = self.hands.writer();
        for Candidate { hash, cell, inside, seen } in blocks.iter().flat_map(|block| &block[number]) {
            let source = seen.place.source;
            match inside.then(|| settled.repetitions.take(*hash, source)).flatten() {
                Some(earlier) => *settled.duplicates.entry((source, earlier)).or_default() += 1,
                None => writer.count_in(*cell, *seen),
            }
        }
        writer.finish();
        settled
    }

    /// Reads a part of a source again.
    fn read_again(
        &self,
        counted: &Counted,
        job: Job,
        on: &mut dyn FnMut(SeenRow<'_, '_>, &mut TallyWriter),
    ) -> Result<(), PipelineError> {
        let Some(plan) = &self.plans[job.source] else { return Ok(()) };
        self.progress.opened(&counted.source.name);
        let mut hand = self.hands.take(plan, source_number(job.source));
        let Hand { reader, tools, .. } = &mut hand;
        let read = each_row(counted, reader, job.part, &mut |row| on(row, &mut tools.writer));
        if read.is_ok() {
            self.hands.take_back(hand);
        }
        self.progress.closed(&counted.source.name);
        read.map_err(|source| PipelineError::ReadAgain { name: counted.source.name.clone(), source })
    }
}

/// The sources of which rows were counted in hours that are shared. Those that count in common are counted anew together.
fn anew(counted: &[Counted], hours: &Hours) -> Vec<usize> {
    let in_shared = |one: &Counted| {
        let noted = one.reading().filter(|_| !one.source.is_pipe());
        noted.is_some_and(|reading| reading.presence.hours().any(|hour| hours.contains(hour)))
    };
    let common = counted.iter().any(|one| one.common && in_shared(one));
    let anew = |one: &Counted| if one.common { common } else { in_shared(one) };
    (0..counted.len()).filter(|number| anew(&counted[*number])).collect()
}

/// The parts of a source that can be read again, in order.
fn jobs(counted: &[Counted], source: usize) -> Vec<Job> {
    if counted[source].source.is_pipe() {
        return Vec::new();
    }
    counted[source].parts().into_iter().map(|part| Job { source, part }).collect()
}

/// The group of a row.
fn group(hash: RowHash) -> usize {
    usize::try_from(hash >> 123).unwrap_or_default() % GROUPS
}

/// Hours with rows, taken together until they have about as many rows as are looked at at once.
fn together(rows: &BTreeMap<Hour, u64>) -> Vec<Hours> {
    let mut all: Vec<Vec<Hour>> = Vec::new();
    let mut count = u64::MAX;
    for (hour, more) in rows {
        if let Some(hours) = all.last_mut().filter(|_| count.saturating_add(*more) <= TOGETHER) {
            hours.push(*hour);
            count += more;
        } else {
            all.push(vec![*hour]);
            count = *more;
        }
    }
    all.into_iter().map(|hours| Hours::default().and(hours)).collect()
}
