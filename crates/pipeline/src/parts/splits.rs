//! Splits of one file that are read by processes that know nothing of each other: each is looked at, the looks are folded
//! into a plan, and each is read by the plan.

use super::inputs::Naming;
use super::meta::{Meta, RangeMeta, SourceMeta, SplitsMeta};
use super::writing::{Content, Tallied, options, write};
use super::{cuts_of, joining::differing};
use crate::assemble::rejected_rows;
use crate::bytes::Store;
use crate::discover::discover_in;
use crate::error::PipelineError;
use crate::judging::gather;
use crate::opening::Opening;
use crate::progress::{Progress, Silent};
use crate::reading::{Aim, HEAD, Planned, Prepared};
use crate::request::Request;
use crate::source::{Origin, Source};
use crate::source_tally::Counted;
use crate::united::{United, read_prepared};
use ringback_model::{Cuts, Digest};
use ringback_parse::container::{Kind, kind};
use ringback_parse::{Plan, QuoteScan, Split, SplitScan, split_starts};
use ringback_tally::part::{Envelope, EnvelopeWriter, FileKind, PartError, WireReader, WireWriter};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write, stdin};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How much is read at a time.
const BLOCK: usize = 256 * 1024;

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
struct SplitPlan {
    id: String,
    options: Vec<(String, String)>,
    planned: PlannedSplits,
    head: Vec<u8>,
}

/// Looks at a split of a file, or of what comes through standard input (`-`), which then begins with the split, and writes
/// what whoever plans the splits needs.
///
/// # Errors
/// What the system says.
pub fn scan_split(path: &Path, range: ByteRange, out: &mut dyn Write) -> Result<(), PipelineError> {
    let failed = |source| PipelineError::Path { path: path.to_owned(), source };
    let mut input: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(stdin().lock())
    } else {
        let mut file = File::open(path).map_err(failed)?;
        file.seek(SeekFrom::Start(range.from)).map_err(failed)?;
        Box::new(file)
    };
    let mut input = input.by_ref().take(range.to.saturating_sub(range.from));
    let mut scan = SplitScan::new(range.from, HEAD);
    let mut block = vec![0; BLOCK];
    loop {
        match input.read(&mut block).map_err(failed)? {
            0 => break,
            read => scan.follow(&block[..read]),
        }
    }
    let mut wire = WireWriter::new();
    wire.number(scan.from());
    wire.option(scan.last(), WireWriter::byte);
    wire.count(scan.quotes().len());
    for quotes in scan.quotes() {
        wire.numbers(&quotes.to_numbers());
    }
    wire.blob(scan.head());
    let written = |error| PipelineError::part("writing", error);
    let mut writer = EnvelopeWriter::new(out, FileKind::Scan).map_err(written)?;
    writer.section(&wire.into_bytes()).map_err(written)?;
    writer.finish().map_err(written)?;
    Ok(())
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
    let (_, cuts) = cuts_of(request)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(request.threads).build()?;
    pool.install(|| {
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
    })
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

/// The plan of a file from its first bytes.
fn plan_of(head: &[u8], size: u64, request: &Request) -> Result<Plan, PipelineError> {
    if kind(head) != Kind::Plain {
        return Err(PipelineError::Parts(
            "it is compressed or an archive, which is read as a whole\nhint: `ringback tally FILE` without --bytes".to_owned(),
        ));
    }
    let complete = size < HEAD;
    ringback_parse::plan(head, complete, &request.layouts, &request.read)
        .map_err(|error| PipelineError::Parts(error.to_string()))
}

fn opened(path: &Path, what: FileKind) -> Result<(Envelope, File), PipelineError> {
    let name = path.display().to_string();
    let mut file =
        File::open(path).map_err(|source| PipelineError::Path { path: path.to_owned(), source })?;
    let envelope = Envelope::open(&mut file, what).map_err(|error| PipelineError::part(&name, error))?;
    Ok((envelope, file))
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

fn read_scan(path: &Path) -> Result<SplitScan, PipelineError> {
    let (envelope, mut file) = opened(path, FileKind::Scan)?;
    let mut read = || -> Result<SplitScan, PartError> {
        let section = envelope.section(&mut file, 0)?;
        let mut input = WireReader::new(&section);
        let from = input.number()?;
        let last = input.option(WireReader::byte)?;
        let quotes = input.list(|input| {
            let numbers = input.list(WireReader::number)?;
            QuoteScan::from_numbers(&numbers).ok_or(PartError::Damaged("its quotes say nothing"))
        })?;
        let head = input.blob()?.to_vec();
        input.end()?;
        SplitScan::of(from, HEAD, head, quotes, last).ok_or(PartError::Damaged("it does not fit together"))
    };
    read().map_err(|error| PipelineError::part(&path.display().to_string(), error))
}

fn write_plan(
    planned: &PlannedSplits,
    options: &[(String, String)],
    head: &[u8],
    out: &mut dyn Write,
) -> Result<(), PipelineError> {
    let mut wire = WireWriter::new();
    wire.count(options.len());
    for (name, value) in options {
        wire.text(name);
        wire.text(value);
    }
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
    let written = |error| PipelineError::part("writing", error);
    let mut writer = EnvelopeWriter::new(out, FileKind::Plan).map_err(written)?;
    writer.section(&wire.into_bytes()).map_err(written)?;
    writer.finish().map_err(written)?;
    Ok(())
}

impl SplitPlan {
    fn read(path: &Path) -> Result<Self, PipelineError> {
        let (envelope, mut file) = opened(path, FileKind::Plan)?;
        let section = envelope.section(&mut file, 0);
        section
            .and_then(|bytes| SplitPlan::of_bytes(&bytes))
            .map_err(|error| PipelineError::part(&path.display().to_string(), error))
    }

    fn of_bytes(bytes: &[u8]) -> Result<Self, PartError> {
        let mut digest = Digest::of("plan of splits");
        digest.part(bytes);
        let mut input = WireReader::new(bytes);
        let options = input.list(|input| Ok((input.text()?.to_owned(), input.text()?.to_owned())))?;
        let size = input.below(1 << 48)?;
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
