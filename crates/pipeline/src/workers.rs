//! The threads' work: splits are read and inputs hashed in any order, by readers that remember what they met.

use crate::counter::{Counter, Identities};
use crate::hashes::sha256;
use crate::progress::Progress;
use crate::reading::{Found, Planned, read_split, source_number};
use crate::request::Request;
use crate::source::Source;
use crate::source_tally::{Failure, SourceTally};
use rayon::prelude::*;
use ringback_model::Cuts;
use ringback_parse::{Plan, Split, SplitReader, Stopped, Survey};
use ringback_tally::{Counts, SharedTally, TallyShard};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// So many cells are not worth the trouble of handing them to other threads.
const FEW_CELLS: usize = 1 << 17;

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

/// What counts for one source. Spellings have the numbers that a reader gave them, so it belongs to that reader.
struct Worker<'r> {
    reader: ReaderId,
    counter: Counter<'r>,
    survey: Option<Survey>,
}

/// Which of the readers.
type ReaderId = usize;

/// A reader with what it remembers. It goes from split to split and from source to source that read alike, so that a
/// spelling is read once by each thread, and not in each split or export.
struct Hand<'r> {
    id: ReaderId,
    reader: SplitReader<'r>,
    identities: Identities,
}

/// The readers that no thread has.
struct Hands<'r> {
    idle: Vec<Hand<'r>>,
    made: ReaderId,
    /// How many splits are still to be read.
    splits: usize,
}

impl<'r> Hands<'r> {
    /// No readers yet for the splits of some sources.
    fn of(planned: &[Planned]) -> Mutex<Self> {
        let readable = planned.iter().filter(|one| one.plan.is_ok());
        Mutex::new(Hands { idle: Vec::new(), made: 0, splits: readable.map(|one| one.splits.len()).sum() })
    }

    /// Takes a reader back that read a split. After the last one, what readers remember is of no more use.
    fn take_back(&mut self, hand: Hand<'r>) {
        self.idle.push(hand);
        self.splits -= 1;
        if self.splits == 0 {
            self.idle.clear();
        }
    }

    /// A reader for a source: one that reads like it, or else a new one.
    fn take(&mut self, plan: &'r Plan, source: u32) -> Hand<'r> {
        if let Some(at) = self.idle.iter().rposition(|hand| hand.reader.plan().reads_like(plan)) {
            let mut hand = self.idle.swap_remove(at);
            hand.reader.turn_to(plan, source);
            return hand;
        }
        self.made += 1;
        Hand { id: self.made, reader: SplitReader::new(plan, source), identities: Identities::default() }
    }
}

/// What the workers of a source count in, by reading of the dates.
type Tallies = [Arc<SharedTally>; 2];

/// What is going on with a source: what was counted, and what is known besides.
#[derive(Default)]
struct Desk<'r> {
    idle: Vec<Worker<'r>>,
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
}

impl<'r> Reading<'r> {
    /// Reads and counts sources; `None` for one of which the splits turned out to be wrong.
    pub(crate) fn read(&self, planned: &'r [Planned], hash: bool) -> Vec<Option<Found>> {
        let desks: Vec<Mutex<Desk<'r>>> = planned.iter().map(|_| Mutex::default()).collect();
        let hands = Hands::of(planned);
        let work = |task| match task {
            Task::Hash(number) => Self::hash(&planned[number], &desks[number]),
            Task::Split(number, split) => self.split(&planned[number], number, split, &desks[number], &hands),
        };
        tasks(planned, hash).into_par_iter().with_max_len(1).for_each(work);
        desks
            .into_iter()
            .map(|desk| desk.into_inner().unwrap_or_else(PoisonError::into_inner).found())
            .collect()
    }

    /// Reads and counts one source.
    pub(crate) fn read_one(&self, planned: &'r Planned, number: usize, hash: bool) -> Option<Found> {
        let (desk, hands) = (Mutex::default(), Hands::of(std::slice::from_ref(planned)));
        let splits = planned.splits.par_iter().with_max_len(1);
        splits.for_each(|split| self.split(planned, number, *split, &desk, &hands));
        if hash && !planned.source.is_pipe() {
            Self::hash(planned, &desk);
        }
        let mut desk: Desk<'_> = desk.into_inner().unwrap_or_else(PoisonError::into_inner);
        desk.misguessed = false;
        desk.found()
    }

    fn hash(planned: &Planned, desk: &Mutex<Desk<'r>>) {
        let hashed = sha256(&planned.source);
        let mut desk = lock(desk);
        match hashed {
            Ok(sha256) => desk.sha256 = Some(sha256),
            Err(error) => desk.fail(Failure::whole(&error)),
        }
    }

    fn split(
        &self,
        planned: &'r Planned,
        number: usize,
        split: Split,
        desk: &Mutex<Desk<'r>>,
        hands: &Mutex<Hands<'r>>,
    ) {
        let Ok(plan) = &planned.plan else { return };
        let source = &planned.source;
        let mut hand = lock(hands).take(plan, source_number(number));
        let mut worker = self.worker(source, hand.id, &mut lock(desk));
        let Worker { counter, survey, .. } = &mut worker;
        self.progress.opened(&source.name);
        counter.begin(split);
        let Hand { reader, identities, .. } = &mut hand;
        let read = read_split(source, plan, reader, split, survey.as_mut(), self.progress, &mut |event| {
            counter.take(&event, identities);
        });
        self.progress.closed(&source.name);
        lock(hands).take_back(hand);
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
    fn worker(&self, source: &Source, reader: ReaderId, desk: &mut Desk<'r>) -> Worker<'r> {
        if let Some(at) = desk.idle.iter().position(|worker| worker.reader == reader) {
            return desk.idle.swap_remove(at);
        }
        let tally = || Arc::new(SharedTally::new(self.cuts.segments()));
        let tallies = desk.tallies.get_or_insert_with(|| [tally(), tally()]).clone();
        let keep_rows = self.unite && source.is_pipe();
        Worker {
            reader,
            counter: Counter::new(self.cuts, self.request.keep_rejected, self.unite, keep_rows, tallies),
            survey: self.survey.then(Survey::default),
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

impl<'r> Desk<'r> {
    /// Takes a worker back that read a split. Gives all of them, with what they counted in, after the last of so many.
    fn take_back(&mut self, worker: Worker<'r>, splits: usize) -> Option<(Vec<Worker<'r>>, Tallies)> {
        self.idle.push(worker);
        self.splits += 1;
        let all = (self.splits == splits).then(|| self.tallies.take()).flatten();
        all.map(|tallies| (std::mem::take(&mut self.idle), tallies))
    }

    /// What was found of a source.
    fn found(self) -> Option<Found> {
        let found = Found { tally: self.tally, sha256: self.sha256, failure: self.failure };
        (!self.misguessed).then_some(found)
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
fn joined(workers: Vec<Worker<'_>>, tallies: Tallies) -> SourceTally {
    let mut all = SourceTally::default();
    for Worker { counter, survey, .. } in workers {
        all.merge(SourceTally { survey: survey.unwrap_or_default(), ..counter.finish() });
    }
    for (reading, tally) in all.readings.iter_mut().zip(tallies) {
        reading.counts = counts(Arc::into_inner(tally).expect("its writers are finished"));
    }
    all
}

/// All that was counted, shard by shard; by one thread where that is not much.
fn counts(shared: SharedTally) -> Counts {
    if shared.len() < FEW_CELLS {
        return shared.into_counts();
    }
    let (shards, symbols) = shared.into_shards();
    Counts::new(shards.into_par_iter().map(TallyShard::finish).collect(), symbols)
}
