//! Writing parts: of inputs that were just counted, and of other parts.

use super::frame::{begun, options, written};
use super::inputs::{Naming, PartFile};
use super::joining::Joined;
use super::meta::{Meta, ReadingMeta, SourceMeta};
use crate::assemble::rejected_rows;
use crate::discover::discover_in;
use crate::error::PipelineError;
use crate::judging::gather;
use crate::opening::Opening;
use crate::progress::Progress;
use crate::reading::Aim;
use crate::request::Request;
use crate::source_tally::{Counted, reading_that_holds};
use crate::threads::by_threads;
use crate::united::{United, read_united};
use crate::{RejectedRow, discover};
use rayon::prelude::*;
use ringback_model::{Cuts, Symbols};
use ringback_tally::part::{FileKind, Piece};
use ringback_tally::{Counts, Shard};
use std::io::Write;
use std::path::PathBuf;

/// What went into a part.
#[derive(Debug, Default)]
pub struct Tallied {
    /// The names of the inputs, in their order.
    pub inputs: Vec<String>,
    /// Records read.
    pub rows: u64,
    /// Records rejected under the reading of the dates that holds.
    pub rejected: u64,
    /// Every rejected row with its text, where the request asked for them.
    pub rejected_rows: Vec<RejectedRow>,
    /// Inputs that could not be read, or not to their end, with the reason.
    pub failed: Vec<(String, String)>,
    /// Files in folders and archives that were left aside because they do not look like exports.
    pub ignored: Vec<PathBuf>,
    /// Distinct detections, once for each stretch between cuts.
    pub detections: u64,
}

/// What a part is made of.
pub(crate) struct Content {
    pub(crate) meta: Meta,
    /// The counts: what is decided, and then the groups of the meta.
    pub(crate) groups: Vec<Counts>,
    pub(crate) told: Tallied,
}

/// Counts what the paths of a request lead to, and writes it as a part.
///
/// # Errors
/// What the request gets wrong, or what the output says. An input that can not be read is part of the result.
pub fn tally(
    request: &Request,
    naming: &Naming,
    out: &mut (dyn Write + Send),
    progress: &dyn Progress,
) -> Result<Tallied, PipelineError> {
    let (_, cuts) = request.policy_and_cuts()?;
    let opening = Opening { hash: request.hash_inputs, ..Opening::default() };
    by_threads(request.threads, || {
        let mut found = discover_in(&request.paths, opening, naming.relative_to.as_deref())?;
        if let Some(part) = found.parts.first() {
            return Err(PipelineError::Parts(format!(
                "{} is a part already\nhint: `ringback merge` joins parts; tally the exports into a part of their own",
                part.name
            )));
        }
        naming.apply(&mut found.sources)?;
        let read = read_united(found.sources, request, &cuts, request.window, Aim::Part, progress)?;
        let mut content = Content::of_whole(read, request, &cuts);
        content.told.ignored = found.ignored;
        write(content, out)
    })?
}

/// Joins parts, in any order and grouping.
///
/// # Errors
/// A path that is not there or is no part, parts that do not belong together, or what the output says.
pub fn merge(
    paths: &[PathBuf],
    threads: usize,
    out: &mut (dyn Write + Send),
) -> Result<Tallied, PipelineError> {
    by_threads(threads, || {
        let found = discover(paths, Opening::default())?;
        if let Some(source) = found.sources.first() {
            return Err(PipelineError::Parts(format!(
                "{} is no part\nhint: `ringback tally` makes one of it",
                source.name
            )));
        }
        let parts = found.parts.into_par_iter().map(PartFile::open).collect::<Result<Vec<_>, _>>()?;
        let joined = Joined::of(parts)?;
        let groups = joined.meta.groups.clone();
        let place = |group: (usize, usize)| groups.binary_search(&group).ok().map(|number| number + 1);
        let imports = joined.imports(&[], &place);
        let mut writer = begun(out, FileKind::Part)?;
        writer.section(&joined.meta.to_bytes()).map_err(written)?;
        let numbers: Vec<usize> = (0..Piece::NUMBER).collect();
        for some in numbers.chunks(rayon::current_num_threads().max(1)) {
            let pieces: Vec<Vec<u8>> = some
                .par_iter()
                .with_max_len(1)
                .map(|number| Ok(joined.piece(*number..*number + 1, &imports)?.write_all(groups.len() + 1)))
                .collect::<Result<_, PipelineError>>()?;
            for piece in pieces {
                writer.section(&piece).map_err(written)?;
            }
        }
        writer.finish().map_err(written)?;
        Ok(Tallied::of(&joined.meta))
    })?
}

/// Writes a part; tells what went into it.
pub(crate) fn write(content: Content, out: &mut dyn Write) -> Result<Tallied, PipelineError> {
    let Content { meta, groups, mut told } = content;
    told.detections = groups.iter().map(|counts| counts.len() as u64).sum();
    let mut groups: Vec<(Vec<Shard>, Symbols)> = groups.into_iter().map(Counts::into_shards).collect();
    let mut writer = begun(out, FileKind::Part)?;
    writer.section(&meta.to_bytes()).map_err(written)?;
    for number in 0..Counts::SHARDS {
        let mut shards: Vec<(&Symbols, &mut Shard)> =
            groups.iter_mut().map(|(shards, symbols)| (&*symbols, &mut shards[number])).collect();
        for piece in Piece::write(&mut shards) {
            writer.section(&piece).map_err(written)?;
        }
    }
    writer.finish().map_err(written)?;
    Ok(told)
}

impl Content {
    /// What was counted of whole inputs: the order of day and month in their dates is decided.
    pub(crate) fn of_whole(read: United, request: &Request, cuts: &Cuts) -> Self {
        let United { mut counted, common, .. } = read;
        let counts = gather(common, &mut counted);
        let sources: Vec<SourceMeta> = counted.iter().map(SourceMeta::of).collect();
        let meta =
            Meta { cuts: cuts.instants().to_vec(), options: options(request), sources, groups: Vec::new() };
        let told = Tallied { rejected_rows: rejected_rows(&counted), ..Tallied::of(&meta) };
        Content { meta, groups: vec![counts], told }
    }
}

impl Tallied {
    /// What a part says of its inputs.
    pub(crate) fn of(meta: &Meta) -> Self {
        let failure =
            |source: &SourceMeta| source.failure.as_ref().map(|why| (source.name.clone(), why.told()));
        Tallied {
            inputs: meta.sources.iter().map(|source| source.name.clone()).collect(),
            rows: meta.sources.iter().map(|source| source.records).sum(),
            rejected: meta.sources.iter().map(SourceMeta::rejected).sum(),
            failed: meta.sources.iter().filter_map(failure).collect(),
            ..Tallied::default()
        }
    }
}

impl SourceMeta {
    /// What is carried of an input that was counted.
    pub(crate) fn of(one: &Counted) -> Self {
        let tally = &one.tally;
        let readings = tally.readings.iter();
        SourceMeta {
            name: one.source.name.clone(),
            size: one.source.size,
            sha256: one.sha256.clone(),
            container: one.source.container.clone(),
            leads: one.source.leads,
            described: one.described.clone(),
            failure: one.failure.clone(),
            dates: tally.dates.clone(),
            unread: tally.unread,
            rejects: tally.rejects.clone(),
            records: tally.records,
            readings: readings
                .map(|one| ReadingMeta {
                    first: one.first,
                    last: one.last,
                    active: one.active.clone(),
                    rejects: one.rejects.clone(),
                })
                .collect(),
            splits: None,
        }
    }

    fn rejected(&self) -> u64 {
        let chosen = reading_that_holds(&self.dates, self.readings.len());
        self.rejects.rows() + self.readings.get(chosen).map_or(0, |reading| reading.rejects.rows())
    }
}
