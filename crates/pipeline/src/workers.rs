//! The threads' work: splits are read and inputs hashed in any order, by readers that remember what they met.

use crate::counter::{Counter, Rest, Target};
use crate::hands::{Hand, HandId, Hands};
use crate::hashes::sha256;
use crate::hours::Hours;
use crate::progress::Progress;
use crate::reading::{Aim, Found, Planned, read_split, source_number};
use crate::request::Request;
use crate::source_tally::{Failure, SourceTally};
use rayon::prelude::*;
use ringback_model::{Cuts, guarded};
use ringback_parse::{Plan, Split, Stopped, Survey};
use ringback_tally::SharedTally;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How sources are read.
pub(crate) struct Reading<'w, 'r> {
    pub(crate) request: &'w Request,
    pub(crate) cuts: &'w Cuts,
    pub(crate) progress: &'w dyn Progress,
    /// The plans of the sources that can be read.
    pub(crate) plans: &'r [Option<Arc<Plan>>],
    pub(crate) hands: &'w Hands<'r>,
    /// Where there are other sources that may hold the same rows: the hours in which they probably do.
    pub(crate) unite: Option<&'w Hours>,
    /// What they are read for.
    pub(crate) aim: Aim,
}

/// A piece of work for a thread.
enum Task {
    Hash(usize),
    Split(usize, Split),
}

/// What counts for one source. Spellings have the numbers that a reader gave them, so it belongs to that reader.
struct Worker<'w> {
    hand: HandId,
    counter: Counter<'w>,
    survey: Option<Survey>,
}

/// What the workers of a source count in, by reading of the dates.
type Tallies = [Arc<SharedTally>; 2];

/// What is going on with a source: what was counted, and what is known besides.
#[derive(Default)]
struct Desk<'w> {
    idle: Vec<Worker<'w>>,
    /// What is counted in, by reading of the dates.
    tallies: Option<Tallies>,
    /// How many of its splits were read.
    splits: usize,
    /// What was counted, once all splits were read.
    tally: SourceTally,
    sha256: Option<String>,
    failure: Option<Failure>,
    /// Whether a split began where no record does.
    misguessed: bool,
    /// Whether the program failed in reading it.
    faulty: bool,
}

impl<'w> Reading<'w, '_> {
    /// Reads and counts sources; `None` for one of which the splits turned out to be wrong.
    pub(crate) fn read(&self, planned: &[Planned], hash: bool) -> Vec<Option<Found>> {
        let desks: Vec<Mutex<Desk<'w>>> = planned.iter().map(|_| Mutex::default()).collect();
        let work = |task| match task {
            Task::Hash(number) => Self::guarded_hash(&planned[number], &desks[number]),
            Task::Split(number, split) => self.guarded_split(&planned[number], number, split, &desks[number]),
        };
        // In their order: then the rows of a detection that come first are met first, and what is kept of it stands.
        tasks(planned, hash).into_iter().par_bridge().for_each(work);
        desks
            .into_iter()
            .map(|desk| desk.into_inner().unwrap_or_else(PoisonError::into_inner).found())
            .collect()
    }

    /// Reads and counts one source.
    pub(crate) fn read_one(&self, planned: &Planned, number: usize, hash: bool) -> Option<Found> {
        let desk = Mutex::default();
        let splits = planned.splits.par_iter().with_max_len(1);
        splits.for_each(|split| self.guarded_split(planned, number, *split, &desk));
        if hash && !planned.source.is_pipe() {
            Self::guarded_hash(planned, &desk);
        }
        let mut desk: Desk<'_> = desk.into_inner().unwrap_or_else(PoisonError::into_inner);
        desk.misguessed = false;
        desk.found()
    }

    /// Hashes a source. Should the program fail in it, the source is marked.
    fn guarded_hash(planned: &Planned, desk: &Mutex<Desk<'w>>) {
        if guarded(|| Self::hash(planned, desk)).is_err() {
            lock(desk).faulty = true;
        }
    }

    fn hash(planned: &Planned, desk: &Mutex<Desk<'w>>) {
        let hashed = sha256(&planned.source);
        let mut desk = lock(desk);
        match hashed {
            Ok(sha256) => desk.sha256 = Some(sha256),
            Err(error) => desk.fail(Failure::whole(&error)),
        }
    }

    /// Reads a split. Should the program fail in it, reader and worker go with what they hold, and the source is marked.
    fn guarded_split(&self, planned: &Planned, number: usize, split: Split, desk: &Mutex<Desk<'w>>) {
        if guarded(|| self.split(planned, number, split, desk)).is_err() {
            lock(desk).faulty = true;
        }
    }

    fn split(&self, planned: &Planned, number: usize, split: Split, desk: &Mutex<Desk<'w>>) {
        let Some(plan) = &self.plans[number] else { return };
        let source = &planned.source;
        let mut hand = self.hands.take(plan, source_number(number));
        let mut worker = self.worker(planned, plan, number, hand.id, &mut lock(desk));
        let Worker { counter, survey, .. } = &mut worker;
        self.progress.opened(&source.name);
        counter.begin(split);
        let Hand { reader, tools, .. } = &mut hand;
        let read = read_split(source, plan, reader, split, survey.as_mut(), self.progress, &mut |event| {
            counter.take(event, tools);
        });
        self.progress.closed(&source.name);
        counter.leave_rows(tools);
        self.hands.take_back(hand);
        let mut failure = None;
        let summary = read.unwrap_or_else(|Stopped { summary, error }| {
            failure = Some(Failure::stopped(split.from, summary.records, &error));
            *summary
        });
        counter.end(&summary);
        let misguessed = split.to.is_some() && !summary.whole && failure.is_none();
        let done = {
            let mut desk = lock(desk);
            desk.misguessed |= misguessed;
            if let Some(failure) = failure {
                desk.fail(failure);
            }
            desk.take_back(worker, planned.splits.len())
        };
        // Threads that wait for others take up other work, which may want this desk: it must not be locked meanwhile.
        if let Some((workers, tallies)) = done {
            let tally = joined(workers, tallies);
            lock(desk).tally = tally;
        }
    }

    /// A worker of a reader that no thread has, or else a new one.
    fn worker(
        &self,
        planned: &Planned,
        plan: &Plan,
        number: usize,
        hand: HandId,
        desk: &mut Desk<'w>,
    ) -> Worker<'w> {
        if let Some(at) = desk.idle.iter().position(|worker| worker.hand == hand) {
            return desk.idle.swap_remove(at);
        }
        let target = if planned.in_common() {
            let heading = plan.data_start().line.saturating_sub(1);
            Target::Common { lines_before: if planned.within { 0 } else { heading } }
        } else {
            let tally = || Arc::new(SharedTally::new(self.cuts.segments()));
            Target::Own(desk.tallies.get_or_insert_with(|| [tally(), tally()]).clone())
        };
        let rest = match self.unite {
            None if self.aim == Aim::Part && !self.request.keep_duplicates => {
                Rest::Rows(source_number(number))
            }
            None => Rest::Nothing,
            Some(_) if planned.source.is_pipe() => Rest::Kept,
            Some(hours) if plan.has_one_reading() => Rest::Left(hours.asking()),
            Some(_) => Rest::Noted,
        };
        let keep_rejected = self.request.keep_rejected;
        Worker {
            hand,
            counter: Counter::new(self.hands.counter(), self.cuts, keep_rejected, target, rest),
            survey: (self.aim == Aim::Survey).then(Survey::default),
        }
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desk<'_> {
    fn fail(&mut self, failure: Failure) {
        self.failure = Failure::first(self.failure.take(), Some(failure));
    }
}

impl<'w> Desk<'w> {
    /// Takes a worker back that read a split. Gives all of them, with what they counted in, after the last of so many.
    fn take_back(&mut self, worker: Worker<'w>, splits: usize) -> Option<(Vec<Worker<'w>>, Option<Tallies>)> {
        self.idle.push(worker);
        self.splits += 1;
        (self.splits == splits).then(|| (std::mem::take(&mut self.idle), self.tallies.take()))
    }

    /// What was found of a source.
    fn found(self) -> Option<Found> {
        let Desk { tally, sha256, failure, faulty, misguessed, .. } = self;
        (faulty || !misguessed).then_some(Found { tally, sha256, failure, faulty })
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

/// All that the workers of a source counted.
fn joined(workers: Vec<Worker<'_>>, tallies: Option<Tallies>) -> SourceTally {
    let mut all = SourceTally::default();
    for Worker { counter, survey, .. } in workers {
        all.merge(SourceTally { survey: survey.unwrap_or_default(), ..counter.finish() });
    }
    for (reading, tally) in all.readings.iter_mut().zip(tallies.into_iter().flatten()) {
        reading.counts = Arc::into_inner(tally).expect("its writers are finished").into_counts();
    }
    all
}
