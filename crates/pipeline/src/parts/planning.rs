//! From what was seen of all splits of a file to a plan of how each is read.

use super::frame::{Options, options, read_only, read_options, write_only, write_options};
use super::meta::MOST;
use super::scanning::read_scan;
use crate::error::PipelineError;
use crate::reading::HEAD;
use crate::request::Request;
use ringback_model::Digest;
use ringback_parse::container::{Kind, kind};
use ringback_parse::{Plan, SplitScan, split_starts};
use ringback_tally::part::{FileKind, PartError, WireReader, WireWriter};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Bytes of a file, from one on up to another that is not among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteRange {
    /// The first.
    pub from: u64,
    /// The first behind them.
    pub to: u64,
}

/// How the splits of a file are read.
#[derive(Debug)]
pub struct PlannedSplits {
    /// The size of the file.
    pub size: u64,
    /// The splits, in their order.
    pub splits: Vec<PlannedSplit>,
    /// From where the rest is one piece, which one split reads: a quote in it is not certified, or its format can not be
    /// split.
    pub one_piece: Option<u64>,
}

/// How a split is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedSplit {
    /// The bytes that were looked at.
    pub range: ByteRange,
    /// The bytes that are read: whole records; `None` where no record starts in it.
    pub records: Option<ByteRange>,
}

/// A plan of splits as it is on disk.
pub(crate) struct SplitPlan {
    /// What tells it from the plans of other files.
    pub(crate) id: String,
    pub(crate) options: Options,
    pub(crate) planned: PlannedSplits,
    /// The first bytes of the file.
    pub(crate) head: Vec<u8>,
}

/// Folds the summaries of all splits of a file into a plan, and writes it.
///
/// # Errors
/// A summary is damaged or missing, or no layout fits the file.
pub fn plan_splits(
    request: &Request,
    scans: &[PathBuf],
    out: &mut dyn Write,
) -> Result<PlannedSplits, PipelineError> {
    let scans = files_of(scans)?;
    let mut all = scans.iter().map(|path| read_scan(path)).collect::<Result<Vec<_>, _>>()?;
    all.sort_by_key(|scan| (scan.from(), scan.to()));
    // What lies behind the end of the file has nothing in it.
    while all.len() > 1 && all.last().is_some_and(|scan| scan.from() == scan.to()) {
        all.pop();
    }
    let mut at = 0;
    for scan in &all {
        if scan.from() != at {
            let what = if scan.from() > at { "in no summary" } else { "in more than one summary" };
            let (from, to) = (at.min(scan.from()), at.max(scan.from()));
            return Err(PipelineError::Parts(format!(
                "bytes {from} to {to} are {what}\nhint: `ringback scan` once for each split of the file"
            )));
        }
        at = scan.to();
    }
    let head: Vec<u8> = all.iter().flat_map(SplitScan::head).copied().collect();
    let plan = plan_of(&head, at, request)?;
    let found = split_starts(&plan, &all);
    let mut next = at;
    let mut splits = Vec::with_capacity(all.len());
    for (scan, start) in all.iter().zip(&found.starts).rev() {
        let records = start.map(|from| ByteRange { from, to: std::mem::replace(&mut next, from) });
        splits.push(PlannedSplit { range: ByteRange { from: scan.from(), to: scan.to() }, records });
    }
    splits.reverse();
    let planned = PlannedSplits { size: at, splits, one_piece: found.one_piece };
    write_plan(&planned, &options(request), &head, out)?;
    Ok(planned)
}

/// How a file is read, from its first bytes.
///
/// # Errors
/// It is no plain file, or no layout fits it.
pub(crate) fn plan_of(head: &[u8], size: u64, request: &Request) -> Result<Plan, PipelineError> {
    if kind(head) != Kind::Plain {
        return Err(PipelineError::Parts(
            "it is compressed or an archive, which is read as a whole\nhint: `ringback tally FILE` without --bytes".to_owned(),
        ));
    }
    let complete = size < HEAD;
    ringback_parse::plan(head, complete, &request.layouts, &request.read)
        .map_err(|error| PipelineError::Parts(error.to_string()))
}

/// The files, and those in the folders, that were named.
fn files_of(paths: &[PathBuf]) -> Result<Vec<PathBuf>, PipelineError> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let failed = |source| PipelineError::Path { path: path.clone(), source };
        for entry in std::fs::read_dir(path).map_err(failed)? {
            files.push(entry.map_err(failed)?.path());
        }
    }
    Ok(files)
}

fn write_plan(
    planned: &PlannedSplits,
    options: &[(String, String)],
    head: &[u8],
    out: &mut dyn Write,
) -> Result<(), PipelineError> {
    let mut wire = WireWriter::new();
    write_options(&mut wire, options);
    wire.number(planned.size);
    wire.option(planned.one_piece, WireWriter::number);
    wire.count(planned.splits.len());
    for PlannedSplit { range, records } in &planned.splits {
        wire.number(range.from);
        wire.number(range.to);
        wire.option(*records, |wire, records| {
            wire.number(records.from);
            wire.number(records.to);
        });
    }
    wire.blob(head);
    write_only(out, FileKind::Plan, wire)
}

impl SplitPlan {
    /// Reads it.
    ///
    /// # Errors
    /// It is something else, or damaged.
    pub(crate) fn read(path: &Path) -> Result<Self, PipelineError> {
        read_only(path, FileKind::Plan, SplitPlan::of_bytes)
    }

    fn of_bytes(bytes: &[u8]) -> Result<Self, PartError> {
        let mut digest = Digest::of("plan of splits");
        digest.part(bytes);
        let mut input = WireReader::new(bytes);
        let options = read_options(&mut input)?;
        let size = input.below(MOST)?;
        let one_piece = input.option(WireReader::number)?;
        let range = |input: &mut WireReader<'_>| {
            let range = ByteRange { from: input.below(size + 1)?, to: input.below(size + 1)? };
            let ordered = range.from <= range.to;
            if ordered { Ok(range) } else { Err(PartError::Damaged("a split ends before it starts")) }
        };
        let splits = input.list(|input| {
            let found = PlannedSplit { range: range(input)?, records: input.option(range)? };
            let inside = found.records.is_none_or(|records| records.from >= found.range.from);
            if inside { Ok(found) } else { Err(PartError::Damaged("a split starts before its bytes")) }
        })?;
        let head = input.blob()?.to_vec();
        input.end()?;
        let planned = PlannedSplits { size, splits, one_piece };
        Ok(SplitPlan { id: format!("{:032x}", digest.fingerprint().0), options, planned, head })
    }
}
