//! Counting one split of a file as the plan of its splits says.

use super::frame::{differing, options};
use super::inputs::Naming;
use super::meta::{Meta, RangeMeta, SourceMeta, SplitsMeta};
use super::planning::{ByteRange, PlannedSplit, SplitPlan, plan_of};
use super::writing::{Content, Tallied, write};
use crate::assemble::rejected_rows;
use crate::bytes::Store;
use crate::discover::discover_in;
use crate::error::PipelineError;
use crate::judging::gather;
use crate::opening::Opening;
use crate::progress::{Progress, Silent};
use crate::reading::{Aim, Planned, Prepared};
use crate::request::Request;
use crate::source::{Origin, Source};
use crate::source_tally::Counted;
use crate::threads::by_threads;
use crate::united::{United, read_prepared};
use ringback_model::Cuts;
use ringback_parse::Split;
use std::io::{self, Read, Write, stdin};
use std::path::Path;
use std::sync::Arc;

/// Counts the records that start in a split, and writes them as a part.
///
/// # Errors
/// The plan has no such split or is of another file, or what the output says.
pub fn tally_split(
    request: &Request,
    naming: &Naming,
    (plan, range): (&Path, ByteRange),
    out: &mut (dyn Write + Send),
    progress: &dyn Progress,
) -> Result<Tallied, PipelineError> {
    let splits = SplitPlan::read(plan)?;
    if let Some(name) = differing(&options(request), &splits.options) {
        return Err(PipelineError::Parts(format!(
            "{} was made with another --{name}\nhint: `ringback plan` and `ringback tally` take the same options",
            plan.display()
        )));
    }
    let split = *splits.planned.splits.iter().find(|split| split.range == range).ok_or_else(|| {
        PipelineError::Parts(format!(
            "{} has no split {}-{}\nhint: splits are read as they were scanned; `ringback plan --json` lists them",
            plan.display(),
            range.from,
            range.to
        ))
    })?;
    let parse_plan = plan_of(&splits.head, splits.planned.size, request)?;
    let (_, cuts) = request.policy_and_cuts()?;
    by_threads(request.threads, || {
        let store = Store::default();
        let source = source_of(request, naming, &splits, split, &store)?;
        let whole = split.records.map(|records| Split {
            from: records.from,
            to: Some(records.to).filter(|to| *to < splits.planned.size),
        });
        let one_reading = parse_plan.has_one_reading();
        let planned = Planned {
            source,
            plan: Ok(Arc::new(parse_plan)),
            splits: whole.into_iter().collect(),
            within: true,
            nearest: None,
        };
        let prepared = Prepared::of(planned);
        let read = read_prepared(prepared, request, &cuts, request.window, Aim::Part, progress)?;
        let content = content(read, one_reading, request, &cuts, (&splits, split));
        write(content, out)
    })?
}

/// What was counted of a split. Where the order of day and month is not known, each reading is a group.
fn content(
    read: United,
    one_reading: bool,
    request: &Request,
    cuts: &Cuts,
    (splits, split): (&SplitPlan, PlannedSplit),
) -> Content {
    let United { mut counted, common, .. } = read;
    let mut sources: Vec<SourceMeta> = counted.iter().map(SourceMeta::of).collect();
    for (source, one) in sources.iter_mut().zip(&counted) {
        source.size = Some(splits.planned.size);
        source.sha256 = None;
        source.splits = Some(SplitsMeta { plan: splits.id.clone(), ranges: vec![range_of(one, split)] });
    }
    let told_rows = rejected_rows(&counted);
    let (groups, counts) = if one_reading {
        (Vec::new(), vec![gather(common, &mut counted)])
    } else {
        let readings = counted.iter_mut().flat_map(|one| &mut one.tally.readings);
        let of_readings: Vec<_> = readings.map(|reading| std::mem::take(&mut reading.counts)).collect();
        let numbers = (0..of_readings.len()).map(|reading| (0, reading)).collect();
        (numbers, std::iter::once(common).chain(of_readings).collect())
    };
    let meta = Meta { cuts: cuts.instants().to_vec(), options: options(request), sources, groups };
    let told = Tallied { rejected_rows: told_rows, ..Tallied::of(&meta) };
    Content { meta, groups: counts, told }
}

fn range_of(one: &Counted, split: PlannedSplit) -> RangeMeta {
    RangeMeta {
        from: split.range.from,
        to: split.range.to,
        start: split.records.map(|records| records.from),
        records: one.tally.records,
        lines: one.tally.extents.iter().map(|extent| extent.lines).sum(),
    }
}

/// The file that a split is of. Of standard input, what is read is kept.
fn source_of(
    request: &Request,
    naming: &Naming,
    splits: &SplitPlan,
    split: PlannedSplit,
    store: &Store,
) -> Result<Source, PipelineError> {
    let piped = matches!(request.paths.as_slice(), [path] if path.as_os_str() == "-");
    let mut sources = if piped {
        vec![piece(split, store)?]
    } else {
        discover_in(&request.paths, Opening::default(), naming.relative_to.as_deref())?.sources
    };
    naming.apply(&mut sources)?;
    let Some(source) = sources.pop().filter(|_| sources.is_empty()) else {
        return Err(PipelineError::Parts(
            "--plan is for one file, and there are several\nhint: each file has a plan of its own".to_owned(),
        ));
    };
    if piped {
        return Ok(source);
    }
    let other = || {
        PipelineError::Parts(format!(
            "{} is not the file that was planned, or has changed\nhint: scan and plan it again",
            source.name
        ))
    };
    if source.seekable() != Some(splits.planned.size) {
        return Err(other());
    }
    let head = source.open(0, &Silent).and_then(|input| {
        let mut head = Vec::new();
        input.take(splits.head.len() as u64).read_to_end(&mut head).map(|_| head)
    });
    let head = head.map_err(|error| PipelineError::part(&source.name, error.into()))?;
    if head == splits.head { Ok(source) } else { Err(other()) }
}

/// What comes through standard input, which begins with the split.
fn piece(split: PlannedSplit, store: &Store) -> Result<Source, PipelineError> {
    let end = split.records.map_or(split.range.from, |records| records.to);
    let length = end - split.range.from;
    let mut input = stdin().lock().take(length);
    let failed = |error: io::Error| PipelineError::part("standard input", error.into());
    let (bytes, copied) = store.keep(|mut out| io::copy(&mut input, &mut out)).map_err(failed)?;
    if copied.map_err(failed)? < length {
        return Err(PipelineError::Parts(format!(
            "standard input ended before the split did\nhint: it must hold the file from byte {} to byte {end}",
            split.range.from
        )));
    }
    Ok(Source {
        name: "-".to_owned(),
        size: None,
        container: "plain".to_owned(),
        leads: false,
        from: Origin::Piece(bytes, split.range.from),
        original: None,
    })
}
