//! The threads' work: splits are read and inputs hashed in any order, by readers that remember what they met.

use crate::counter::Counter;
use crate::hashes::sha256;
use crate::progress::Progress;
use crate::reading::{Found, Planned, read_split, source_number};
use crate::request::Request;
use crate::source_tally::{Failure, SourceTally};
use rayon::prelude::*;
use ringback_model::Cuts;
use ringback_parse::{Plan, Split, SplitReader, Stopped, Survey};
use ringback_tally::{Counts, SharedTally, TallyShard};
use std::sync::{Arc, Mutex, PoisonError};

/// How sources are read.
pub(crate) struct Reading<'r> {
    pub(crate) request: &'r Request,
    pub(crate) cuts: &'r Cuts,
    pub(crate) progress: &'r dyn Progress,
    /// Whether there are other sources that may hold the same rows.
    pub(crate) unite: bool,
    /// Whether sources are surveyed.
    pub(crate) survey: bool,
}

/// A piece of work for a thread.
enum Task {
    Hash(usize),
    Split(usize, Split),
}

/// A reader of one source with what it counted. It goes from split to split, so that a spelling is read once by each
/// thread and not in each split.
struct Worker<'r> {
    reader: SplitReader<'r>,
    counter: Counter<'r>,
    survey: Option<Survey>,
}

/// What is going on with a source: readers that no thread has, and what is known besides their counts.
#[derive(Default)]
struct Desk<'r> {
    idle: Vec<Worker<'r>>,
    /// What the readers count in, by reading of the dates.
    tallies: Option<[Arc<SharedTally>; 2]>,
    sha256: Option<String>,
    failure: Option<Failure>,
    /// Whether a split began where no record does.
    misguessed: bool,
}

impl<'r> Reading<'r> {
    /// Reads and counts sources; `None` for one of which the splits turned out to be wrong.
    pub(crate) fn read(&self, planned: &'r [Planned], hash: bool) -> Vec<Option<Found>> {
        let desks: Vec<Mutex<Desk<'r>>> = planned.iter().map(|_| Mutex::default()).collect();
        let work = |task| match task {
            Task::Hash(number) => Self::hash(&planned[number], &desks[number]),
            Task::Split(number, split) => self.split(&planned[number], number, split, &desks[number]),
        };
        tasks(planned, hash).into_par_iter().with_max_len(1).for_each(work);
        desks
            .into_par_iter()
            .map(|desk| found(desk.into_inner().unwrap_or_else(PoisonError::into_inner)))
            .collect()
    }

    /// Reads and counts one source.
    pub(crate) fn read_one(&self, planned: &'r Planned, number: usize, hash: bool) -> Option<Found> {
        let desk = Mutex::default();
        let splits = planned.splits.par_iter().with_max_len(1);
        splits.for_each(|split| self.split(planned, number, *split, &desk));
        if hash && !planned.source.is_pipe() {
            Self::hash(planned, &desk);
        }
        let mut desk: Desk<'_> = desk.into_inner().unwrap_or_else(PoisonError::into_inner);
        desk.misguessed = false;
        found(desk)
    }

    fn hash(planned: &Planned, desk: &Mutex<Desk<'r>>) {
        let hashed = sha256(&planned.source);
        let mut desk = desk.lock().unwrap_or_else(PoisonError::into_inner);
        match hashed {
            Ok(sha256) => desk.sha256 = Some(sha256),
            Err(error) => desk.fail(Failure::whole(&error)),
        }
    }

    fn split(&self, planned: &'r Planned, number: usize, split: Split, desk: &Mutex<Desk<'r>>) {
        let Ok(plan) = &planned.plan else { return };
        let mut worker = self.worker(planned, plan, number, desk);
        let Worker { reader, counter, survey } = &mut worker;
        self.progress.opened(&planned.source.name);
        counter.begin(split);
        let source = &planned.source;
        let read = read_split(source, plan, reader, split, survey.as_mut(), self.progress, &mut |event| {
            counter.take(&event);
        });
        self.progress.closed(&planned.source.name);
        let mut failure = None;
        let summary = read.unwrap_or_else(|Stopped { summary, error }| {
            failure = Some(Failure::stopped(split.from, summary.records, &error));
            *summary
        });
        let misguessed = split.to.is_some() && !summary.whole && failure.is_none();
        counter.end(&summary);
        let mut desk = desk.lock().unwrap_or_else(PoisonError::into_inner);
        desk.misguessed |= misguessed;
        if let Some(failure) = failure {
            desk.fail(failure);
        }
        desk.idle.push(worker);
    }

    /// A worker that no thread has, or else a new one.
    fn worker(&self, planned: &Planned, plan: &'r Plan, number: usize, desk: &Mutex<Desk<'r>>) -> Worker<'r> {
        let mut desk = desk.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(idle) = desk.idle.pop() {
            return idle;
        }
        let tally = || Arc::new(SharedTally::new(self.cuts.segments()));
        let tallies = desk.tallies.get_or_insert_with(|| [tally(), tally()]).clone();
        let keep_rows = self.unite && planned.source.is_pipe();
        Worker {
            reader: SplitReader::new(plan, source_number(number)),
            counter: Counter::new(self.cuts, self.request.keep_rejected, self.unite, keep_rows, tallies),
            survey: self.survey.then(Survey::default),
        }
    }
}

impl Desk<'_> {
    fn fail(&mut self, failure: Failure) {
        self.failure = Failure::first(self.failure.take(), Some(failure));
    }
}

/// Hashes come first: each is one long piece of work.
fn tasks(planned: &[Planned], hash: bool) -> Vec<Task> {
    let hashed = planned.iter().enumerate().filter(|(_, one)| hash && !one.source.is_pipe());
    let mut tasks: Vec<Task> = hashed.map(|(number, _)| Task::Hash(number)).collect();
    for (number, one) in planned.iter().enumerate() {
        tasks.extend(one.splits.iter().map(|split| Task::Split(number, *split)));
    }
    tasks
}

/// What was found of a source, from what its readers counted.
fn found(desk: Desk<'_>) -> Option<Found> {
    if desk.misguessed {
        return None;
    }
    let counted = desk.idle.into_par_iter().map(|Worker { counter, survey, .. }| SourceTally {
        survey: survey.unwrap_or_default(),
        ..counter.finish()
    });
    let join = |mut one: SourceTally, other| {
        one.merge(other);
        one
    };
    let mut tally = counted.reduce(SourceTally::default, join);
    for (reading, shared) in tally.readings.iter_mut().zip(desk.tallies.into_iter().flatten()) {
        reading.counts = counts(Arc::into_inner(shared).expect("its writers are finished"));
    }
    Some(Found { tally, sha256: desk.sha256, failure: desk.failure })
}

/// All that was counted, shard by shard.
fn counts(shared: SharedTally) -> Counts {
    let (shards, symbols) = shared.into_shards();
    Counts::new(shards.into_par_iter().map(TallyShard::finish).collect(), symbols)
}
