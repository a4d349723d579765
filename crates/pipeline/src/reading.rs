//! Reading and counting all sources, with files and parts of files spread over threads.

use crate::ahead::Ahead;
use crate::described::Described;
use crate::fault::{FAULT, FAULT_AGAIN};
use crate::guess;
use crate::hands::Hands;
use crate::hours::Hours;
use crate::pipe::Failing;
use crate::progress::{Progress, Silent};
use crate::request::Request;
use crate::source::{Source, SourceError};
use crate::source_tally::{Before, Counted, Failure, Part, SourceTally};
use crate::workers::Reading;
use rayon::prelude::*;
use ringback_model::{Cuts, Instant, Place, RejectReason, guarded};
use ringback_parse::{
    Layouts, Plan, PlanError, Row, RowEvent, Split, SplitReader, SplitSummary, Stopped, Survey,
};
use ringback_tally::SharedTally;
use std::io;
use std::sync::Arc;

/// How much of a source is looked at to make its plan.
pub(crate) const HEAD: u64 = 256 * 1024;

/// Sources are split into parts of sizes between these.
const SMALLEST_SPLIT: u64 = 4 * 1024 * 1024;
const LARGEST_SPLIT: u64 = 64 * 1024 * 1024;

/// The progress is told each time that so many rows were read.
const PROGRESS_ROWS: u64 = 8192;

/// What sources are read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aim {
    /// Each row that several of them hold counts once.
    Report,
    /// The same, and they are surveyed.
    Survey,
    /// They are counted for a part: which other sources hold their rows too is known when all parts are together.
    Part,
}

/// A source as it is about to be read.
pub(crate) struct Planned {
    pub(crate) source: Source,
    pub(crate) plan: Result<Arc<Plan>, (RejectReason, String)>,
    pub(crate) splits: Vec<Split>,
    /// Whether it is one split of a source of which others are read elsewhere: places stay as they count from its start.
    pub(crate) within: bool,
    /// The layout that comes nearest and what the source lacks of it, where none fits.
    pub(crate) nearest: Option<(String, Vec<String>)>,
}

impl Planned {
    /// Whether its rows are counted in what is common to all sources: there is nothing to find out about it meanwhile that
    /// they could have to be taken back for.
    pub(crate) fn in_common(&self) -> bool {
        let settled = |plan: &Arc<Plan>| plan.has_one_reading() && self.splits.len() == 1;
        self.plan.as_ref().is_ok_and(settled) && !self.source.is_pipe()
    }
}

/// What threads have found of a source so far.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) tally: SourceTally,
    pub(crate) sha256: Option<String>,
    pub(crate) failure: Option<Failure>,
    /// Whether the program failed in reading it, so that nothing that was counted meanwhile can be trusted.
    pub(crate) faulty: bool,
}

/// Sources as they are about to be read.
pub(crate) struct Prepared {
    planned: Vec<Planned>,
    target: u64,
}

/// What was read of all sources.
pub(crate) struct ReadSources {
    /// The sources, in their order. What they counted in common with others is not among it.
    pub(crate) counted: Vec<Counted>,
    /// The hours whose rows were left for the second reading; `None` where there is to be none.
    pub(crate) left: Option<Hours>,
}

/// Looks at the first bytes of every source.
pub(crate) fn prepare(sources: Vec<Source>, request: &Request, progress: &dyn Progress) -> Prepared {
    progress.started(sources.len(), sources.iter().filter_map(|source| source.size).sum());
    let target = split_target(&sources);
    let planned: Vec<Planned> =
        sources.into_par_iter().map(|source| planned(source, &request.layouts, request, target)).collect();
    Prepared { planned, target }
}

impl Prepared {
    /// A source of which the plan and the splits are known.
    pub(crate) fn of(planned: Planned) -> Self {
        Prepared { planned: vec![planned], target: LARGEST_SPLIT }
    }

    /// The plans of those that can be read, for readers to keep hold of.
    pub(crate) fn plans(&self) -> Vec<Option<Arc<Plan>>> {
        self.planned.iter().map(|one| one.plan.as_ref().ok().cloned()).collect()
    }
}

/// Reads and counts every source, and surveys it where that is wanted; the result is in the order of the sources. `plans`
/// are those of the sources.
pub(crate) fn read_all<'r>(
    prepared: Prepared,
    plans: &'r [Option<Arc<Plan>>],
    request: &Request,
    cuts: &Cuts,
    aim: Aim,
    hands: &Hands<'r>,
    progress: &dyn Progress,
) -> ReadSources {
    let Prepared { mut planned, target } = prepared;
    let unite = planned.len() > 1 && !request.keep_duplicates && aim != Aim::Part;
    let left = unite.then(|| guess::shared_hours(&planned, plans, hands));
    let reading = Reading { request, cuts, progress, plans, hands, unite: left.as_ref(), aim };
    let mut found = reading.read(&planned, request.hash_inputs);
    for number in 0..planned.len() {
        if found[number].is_none() && planned[number].within {
            let error = io::Error::other(
                "its records do not end where its plan says; it has changed, or is another file",
            );
            found[number] = Some(Found { failure: Some(Failure::whole(&error)), ..Found::default() });
        }
        if found[number].is_none() {
            split_for_certain(&mut planned[number], target);
            found[number] = reading.read_one(&planned[number], number, request.hash_inputs);
        }
    }
    let mut found: Vec<Found> = found.into_iter().map(Option::unwrap_or_default).collect();
    while give_up_faulty(&mut planned, &mut found) {
        // What several sources count in may lack rows, or have some twice: they are counted anew without the faulty ones.
        hands.start_over(SharedTally::new(cuts.segments()));
        for number in (0..planned.len()).filter(|number| planned[*number].in_common()).collect::<Vec<_>>() {
            found[number] =
                reading.read_one(&planned[number], number, request.hash_inputs).unwrap_or_default();
        }
    }
    let found = found.into_par_iter();
    let counted = planned.into_par_iter().zip(found).map(|(planned, found)| finish(planned, found)).collect();
    ReadSources { counted, left }
}

/// Gives up sources in whose reading the program failed; whether there was one.
fn give_up_faulty(planned: &mut [Planned], found: &mut [Found]) -> bool {
    let mut any = false;
    for (planned, found) in planned.iter_mut().zip(found).filter(|(_, found)| found.faulty) {
        planned.plan = Err((RejectReason::Unreadable, FAULT.to_owned()));
        planned.splits = Vec::new();
        *found = Found { sha256: found.sha256.take(), ..Found::default() };
        any = true;
    }
    any
}

/// The size at which sources are split: so that each thread has many parts of the whole, and none waits long for the
/// last.
fn split_target(sources: &[Source]) -> u64 {
    let total: u64 = sources.iter().filter_map(|source| source.size).sum();
    (total / (16 * rayon::current_num_threads() as u64).max(1)).clamp(SMALLEST_SPLIT, LARGEST_SPLIT)
}

fn planned(source: Source, layouts: &Layouts, request: &Request, target: u64) -> Planned {
    let made = guarded(|| plan(&source, layouts, request, target));
    match made.unwrap_or_else(|_| Err(io::Error::other(FAULT).into())) {
        Ok((plan, splits)) => {
            Planned { source, plan: Ok(Arc::new(plan)), splits, within: false, nearest: None }
        }
        Err(error) => {
            let text = error.to_string();
            let (reason, nearest) = match error {
                SourceError::Io(_) => (RejectReason::Unreadable, None),
                SourceError::Plan(PlanError::NoLayout { nearest, missing }) => {
                    (RejectReason::NoLayout, Some((nearest, missing)))
                }
                SourceError::Plan(_) => (RejectReason::NoLayout, None),
            };
            Planned { source, plan: Err((reason, text)), splits: Vec::new(), within: false, nearest }
        }
    }
}

fn plan(
    source: &Source,
    layouts: &Layouts,
    request: &Request,
    target: u64,
) -> Result<(Plan, Vec<Split>), SourceError> {
    let head = source.head(HEAD)?;
    let plan = match (ringback_parse::plan(&head.bytes, head.complete, layouts, &request.read), head.error) {
        // Why it could not be read on matters more than that the little that was read fits no layout.
        (Err(_), Some(error)) => return Err(io::Error::other(error).into()),
        (plan, _) => plan?,
    };
    let splits = match source.seekable() {
        Some(size) if plan.splittable() && size > 2 * target => {
            ringback_parse::guess_splits(&plan, size, target, |offset| source.open(offset, &Silent))?
        }
        _ => vec![whole(&plan)],
    };
    Ok((plan, splits))
}

/// Splits a source anew of which the guess was wrong.
fn split_for_certain(planned: &mut Planned, target: u64) {
    let (Ok(plan), Some(size)) = (&planned.plan, planned.source.seekable()) else { return };
    let open = |offset| planned.source.open(offset, &Silent);
    let splits = ringback_parse::split_points(plan, size, target, open);
    planned.splits = splits.unwrap_or_else(|_| vec![whole(plan)]);
}

fn whole(plan: &Plan) -> Split {
    Split { from: plan.data_start().byte, to: None }
}

/// The number of a source, as places hold it.
pub(crate) fn source_number(number: usize) -> u32 {
    u32::try_from(number).expect("there are fewer than 2^32 inputs")
}

/// Reads one split with a reader, telling the progress; surveys it where a survey is given.
pub(crate) fn read_split(
    source: &Source,
    plan: &Plan,
    reader: &mut SplitReader<'_>,
    split: Split,
    survey: Option<&mut Survey>,
    progress: &dyn Progress,
    on: &mut (impl FnMut(RowEvent<'_>) + ?Sized),
) -> Result<SplitSummary, Stopped> {
    let input = source.open(plan.opening(split), progress);
    let input = input.unwrap_or_else(|error| Box::new(Failing(Some(error))));
    let mut rows = 0;
    let told = &mut |event: RowEvent<'_>| {
        rows += 1;
        if rows == PROGRESS_ROWS {
            progress.read(0, rows);
            rows = 0;
        }
        on(event);
    };
    let read = |input: &mut dyn io::Read| match survey {
        Some(survey) => reader.survey(input, split, survey, told),
        None => reader.read(input, split, told),
    };
    let outcome = if source.is_packed() && rayon::current_num_threads() > 1 {
        std::thread::scope(|scope| read(&mut Ahead::of(scope, input)))
    } else {
        let mut input = input;
        read(&mut input)
    };
    progress.read(0, rows);
    outcome
}

fn finish(planned: Planned, mut found: Found) -> Counted {
    let common = planned.in_common();
    let mut counted = Counted { common, ..Counted::new(planned.source) };
    counted.sha256 = found.sha256;
    if let Some((size, sha256)) = counted.source.passed() {
        counted.source.size = Some(size);
        counted.sha256 = sha256;
    }
    counted.failure = found.failure;
    counted.nearest = planned.nearest;
    match planned.plan {
        Ok(plan) => {
            if !planned.within {
                found.tally.place(&plan, &planned.splits);
            }
            counted.tally = found.tally;
            counted.decide(plan.zone());
            counted.described = Some(Described::of(&plan));
            counted.plan = Some(plan);
        }
        Err((reason, text)) => {
            counted.tally = found.tally;
            counted.failure = Some(Failure { reason, text, stopped: None });
        }
    }
    if !planned.within {
        counted.place_failure();
    }
    counted
}

/// A row of a source that is read again, under the reading of its dates that holds.
pub(crate) struct SeenRow<'s, 'r> {
    pub(crate) row: &'s mut Row<'r>,
    pub(crate) place: Place,
    pub(crate) at: Instant,
}

/// Reads a part of a source again; rows that were rejected are left out. Where the first reading stopped in it, so does
/// this one, after as many records.
///
/// # Errors
/// A source that could be read once and not again.
pub(crate) fn each_row(
    counted: &Counted,
    reader: &mut SplitReader<'_>,
    part: Part,
    on: &mut dyn FnMut(SeenRow<'_, '_>),
) -> io::Result<()> {
    each_record(counted, reader, part, &mut |event, before| {
        let RowEvent::Row(mut row) = event else { return };
        let Some(Ok(at)) = row.times.readings().nth(counted.chosen) else { return };
        let place = before.place(row.place);
        on(SeenRow { row: &mut row, place, at });
    })
}

/// The same of every record, with what stands before the part.
///
/// # Errors
/// A source that could be read once and not again. A fault of the program in it is one, too; the reader is to be given up
/// then.
pub(crate) fn each_record(
    counted: &Counted,
    reader: &mut SplitReader<'_>,
    part: Part,
    on: &mut (impl FnMut(RowEvent<'_>, Before) + ?Sized),
) -> io::Result<()> {
    let before = counted.places().before(part.split.from);
    let mut left = part.records;
    let plan = reader.plan();
    let read = guarded(|| {
        read_split(&counted.source, plan, reader, part.split, None, &Silent, &mut |event| {
            match &mut left {
                Some(0) => return,
                Some(left) => *left -= 1,
                None => {}
            }
            on(event, before);
        })
    });
    match read {
        Err(_) => Err(io::Error::other(FAULT_AGAIN)),
        Ok(Err(stopped)) if left != Some(0) => Err(stopped.error),
        Ok(_) => Ok(()),
    }
}
