//! Reading and counting all sources, with files and parts of files spread over threads.

use crate::counter::{Counter, Identities, seen};
use crate::hashes::sha256;
use crate::progress::{Progress, Silent};
use crate::request::Request;
use crate::source::{Source, SourceError};
use crate::source_tally::{Counted, SourceTally};
use rayon::prelude::*;
use ringback_model::{Cuts, Instant, Place, RejectReason};
use ringback_parse::{Layouts, Plan, Row, RowEvent, Split, SplitReader, SplitSummary};
use ringback_tally::{Counts, RowHash, Seen, SlabKey, SpellingTally};
use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};

/// How much of a source is looked at to make its plan.
const HEAD: u64 = 256 * 1024;

/// Sources are split into parts of at least this size.
const SMALLEST_SPLIT: u64 = 16 * 1024 * 1024;

/// The progress is told each time that so many rows were read.
const PROGRESS_ROWS: u64 = 8192;

/// A piece of work for a thread.
enum Task {
    Hash(usize),
    Split(usize, Split),
}

/// A source as it is about to be read.
struct Planned {
    source: Source,
    plan: Result<Plan, (RejectReason, String)>,
    splits: Vec<Split>,
    /// Whether there are other sources that may hold the same rows.
    unite: bool,
}

/// What threads have found of a source so far.
#[derive(Default)]
struct Found {
    tally: SourceTally,
    sha256: Option<String>,
    failure: Option<(RejectReason, String)>,
}

/// Reads and counts every source; the result is in the order of the sources.
pub(crate) fn read_all(
    sources: Vec<Source>,
    request: &Request,
    cuts: &Cuts,
    progress: &dyn Progress,
) -> Vec<Counted> {
    progress.started(sources.len(), sources.iter().filter_map(|source| source.size).sum());
    let target = split_target(&sources);
    let unite = sources.len() > 1 && !request.keep_duplicates;
    let plan_one = |source| Planned { unite, ..planned(source, &request.layouts, request, target) };
    let planned: Vec<Planned> = sources.into_par_iter().map(plan_one).collect();
    let found: Vec<Mutex<Found>> = planned.iter().map(|_| Mutex::default()).collect();
    tasks(&planned, request.hash_inputs).into_par_iter().for_each(|task| {
        let (Task::Hash(number) | Task::Split(number, _)) = task;
        let outcome = match task {
            Task::Hash(number) => hash(&planned[number].source),
            Task::Split(number, split) => {
                split_found(&planned[number], number, split, request, cuts, progress)
            }
        };
        found[number].lock().unwrap_or_else(PoisonError::into_inner).merge(outcome);
    });
    let finish = |(planned, found): (Planned, Mutex<Found>)| {
        finish(planned, found.into_inner().unwrap_or_else(PoisonError::into_inner))
    };
    planned.into_par_iter().zip(found).map(finish).collect()
}

impl Found {
    fn merge(&mut self, other: Found) {
        self.tally.merge(other.tally);
        self.sha256 = self.sha256.take().or(other.sha256);
        self.failure = self.failure.take().or(other.failure);
    }

    fn failed(error: &io::Error) -> Self {
        Found { failure: Some((RejectReason::Unreadable, error.to_string())), ..Found::default() }
    }
}

/// The size at which sources are split: so that each thread has a few parts of the whole.
fn split_target(sources: &[Source]) -> u64 {
    let total: u64 = sources.iter().filter_map(|source| source.size).sum();
    (total / (2 * rayon::current_num_threads() as u64).max(1)).max(SMALLEST_SPLIT)
}

fn planned(source: Source, layouts: &Layouts, request: &Request, target: u64) -> Planned {
    match plan(&source, layouts, request, target) {
        Ok((plan, splits)) => Planned { source, plan: Ok(plan), splits, unite: false },
        Err(error) => {
            let reason = match error {
                SourceError::Io(_) => RejectReason::Unreadable,
                SourceError::Plan(_) => RejectReason::NoLayout,
            };
            Planned { source, plan: Err((reason, error.to_string())), splits: Vec::new(), unite: false }
        }
    }
}

fn plan(
    source: &Source,
    layouts: &Layouts,
    request: &Request,
    target: u64,
) -> Result<(Plan, Vec<Split>), SourceError> {
    let mut head = Vec::new();
    source.open(0)?.take(HEAD).read_to_end(&mut head)?;
    let complete = (head.len() as u64) < HEAD;
    let plan = ringback_parse::plan(&head, complete, layouts, &request.read)?;
    let splits = match source.size {
        Some(size) if plan.splittable() && size > 2 * target => {
            ringback_parse::split_points(&plan, size, target, |offset| source.open(offset))?
        }
        _ => vec![Split { from: plan.data_start().byte, to: None }],
    };
    Ok((plan, splits))
}

fn tasks(planned: &[Planned], hash_inputs: bool) -> Vec<Task> {
    let mut tasks = Vec::new();
    for (number, one) in planned.iter().enumerate() {
        tasks.extend(one.splits.iter().map(|split| Task::Split(number, *split)));
        if hash_inputs {
            tasks.push(Task::Hash(number));
        }
    }
    tasks
}

fn hash(source: &Source) -> Found {
    match sha256(source) {
        Ok(sha256) => Found { sha256: Some(sha256), ..Found::default() },
        Err(error) => Found::failed(&error),
    }
}

fn split_found(
    planned: &Planned,
    number: usize,
    split: Split,
    request: &Request,
    cuts: &Cuts,
    progress: &dyn Progress,
) -> Found {
    let Ok(plan) = &planned.plan else { return Found::default() };
    progress.opened(&planned.source.name);
    let mut counter = Counter::new(cuts, split, request.keep_rejected, planned.unite);
    let mut reader = SplitReader::new(plan, source_number(number));
    let read =
        read_split(&planned.source, plan, &mut reader, split, progress, &mut |event| counter.take(&event));
    progress.closed(&planned.source.name);
    match read {
        Ok(summary) => Found { tally: counter.finish(&reader, summary), ..Found::default() },
        Err(error) => Found::failed(&error),
    }
}

/// The number of a source, as places hold it.
pub(crate) fn source_number(number: usize) -> u32 {
    u32::try_from(number).expect("there are fewer than 2^32 inputs")
}

/// Reads one split with a reader, telling the progress.
fn read_split(
    source: &Source,
    plan: &Plan,
    reader: &mut SplitReader<'_>,
    split: Split,
    progress: &dyn Progress,
    on: &mut dyn FnMut(RowEvent<'_>),
) -> io::Result<SplitSummary> {
    let input = Metered { input: source.open(plan.opening(split))?, progress };
    let mut rows = 0;
    let summary = reader.read(input, split, &mut |event| {
        rows += 1;
        if rows == PROGRESS_ROWS {
            progress.read(0, rows);
            rows = 0;
        }
        on(event);
    })?;
    progress.read(0, rows);
    Ok(summary)
}

/// Tells how many bytes are read.
struct Metered<'p, R> {
    input: R,
    progress: &'p dyn Progress,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.progress.read(read as u64, 0);
        Ok(read)
    }
}

fn finish(planned: Planned, mut found: Found) -> Counted {
    let mut counted = Counted::new(planned.source);
    counted.sha256 = found.sha256;
    counted.failure = found.failure;
    match planned.plan {
        Ok(plan) => {
            found.tally.place(&plan, &planned.splits);
            let decision = found.tally.dates.decide();
            counted.chosen = decision.reading().min(found.tally.readings.len().saturating_sub(1));
            counted.date_note = decision.note();
            counted.plan = Some(plan);
        }
        Err(failure) => counted.failure = Some(failure),
    }
    counted.tally = found.tally;
    counted
}

/// A row of a source that is read again, under the reading of its dates that holds.
pub(crate) struct SeenRow<'r> {
    pub(crate) row: &'r Row<'r>,
    pub(crate) place: Place,
    pub(crate) at: Instant,
    pub(crate) slab: SlabKey,
    pub(crate) hash: RowHash,
}

/// Reads a part of a source again; rows that were rejected are left out.
///
/// # Errors
/// A source that could be read once and not again.
pub(crate) fn each_row(
    counted: &Counted,
    number: usize,
    part: Split,
    on: &mut dyn FnMut(&SeenRow<'_>),
) -> io::Result<()> {
    let Some(plan) = &counted.plan else { return Ok(()) };
    let mut reader = SplitReader::new(plan, source_number(number));
    again(counted, plan, &mut reader, part, on)
}

fn again(
    counted: &Counted,
    plan: &Plan,
    reader: &mut SplitReader<'_>,
    part: Split,
    on: &mut dyn FnMut(&SeenRow<'_>),
) -> io::Result<()> {
    let places = counted.places();
    let mut identities = Identities::default();
    read_split(&counted.source, plan, reader, part, &Silent, &mut |event| {
        let RowEvent::Row(row) = event else { return };
        let Some(Ok(at)) = row.times.readings().nth(counted.chosen) else { return };
        let mut place = row.place;
        places.count_from(part.from, &mut place);
        let (slab, hash) = identities.of(&row, at);
        on(&SeenRow { row: &row, place, at, slab, hash });
    })?;
    Ok(())
}

/// Counts a whole source again, with only the rows that are wanted.
///
/// # Errors
/// A source that could be read once and not again.
pub(crate) fn count_where(
    counted: &Counted,
    number: usize,
    cuts: &Cuts,
    wanted: &mut dyn FnMut(&SeenRow<'_>) -> bool,
) -> io::Result<Counts> {
    let Some(plan) = &counted.plan else { return Ok(Counts::default()) };
    let mut tally = SpellingTally::new(cuts.segments());
    let mut reader = SplitReader::new(plan, source_number(number));
    let whole = Split { from: plan.data_start().byte, to: None };
    again(counted, plan, &mut reader, whole, &mut |one| {
        if wanted(one) {
            tally.count(
                one.row.spelling,
                cuts.segment(one.at),
                Seen { place: one.place, ..seen(one.row, one.at) },
            );
        }
    })?;
    Ok(tally.into_counts(reader.symbols(), |spelling| {
        let (detection, fingerprint) =
            reader.spelling(spelling).expect("rows are counted if they can be used");
        (fingerprint, detection)
    }))
}
