//! The rows once more, each with the finding that it is in.

use crate::Investigation;
use crate::hands::{Hands, hash};
use crate::judging::Found;
use crate::reading::{SeenRow, each_row, source_number};
use crate::source_tally::{Counted, Part};
use rayon::prelude::*;
use ringback_model::{Finding, FindingId, Instant, Map, Place};
use ringback_tally::{DuplicateFilter, Key, SharedTally};
use std::io::{self, Write};

/// A row with the finding that it is in.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// The input's name.
    pub source: &'a str,
    /// Where the row stands.
    pub place: Place,
    /// What became of it.
    pub fate: Fate,
    /// When it was.
    pub time: Instant,
    /// The time as logged.
    pub time_text: &'a str,
    /// When the console received it, where the log has that too.
    pub received: Option<Instant>,
    /// Where the zone of the time comes from: `logged`, `layout`, `option` or `assumed`.
    pub zone_basis: &'static str,
    /// The local port as logged.
    pub local_port: Option<u16>,
    /// The remote port as logged.
    pub remote_port: Option<u16>,
    /// The console's own word for what it did.
    pub action: &'a str,
    /// Events that the console says the row stands for.
    pub occurrences: u64,
    /// The finding: detection and verdict.
    pub finding: &'a Finding,
}

/// What became of a row that was read and lies within the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is in a finding of the report.
    InFindings,
    /// An earlier export holds it too.
    Duplicate,
    /// The profile accepts its finding.
    Suppressed,
}

impl Fate {
    /// The word that stands for it on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Fate::InFindings => "in-findings",
            Fate::Duplicate => "duplicate",
            Fate::Suppressed => "suppressed",
        }
    }
}

/// Appends one event to a block of output.
type Append<'f> = &'f (dyn Fn(&Event<'_>, &mut Vec<u8>) + Sync);

/// A part of a source that is read in one go.
struct Job {
    source: usize,
    part: Part,
}

/// Parts of more rows are written while they are read and not held in memory. Those between checkpoints have fewer; a
/// source in which reading can not begin anywhere is one part.
const HELD_ROWS: u64 = 100_000;

/// How much of such a part is written at a time.
const HELD_BYTES: usize = 1024 * 1024;

impl Investigation {
    /// Reads every input again and writes its rows in the order of the inputs, as `append` makes them. Rejected and
    /// filtered rows are left out.
    ///
    /// # Errors
    /// An input that could be read once and not again, or a writer that fails.
    pub fn events(&self, append: Append<'_>, out: &mut dyn Write) -> io::Result<()> {
        let pool =
            rayon::ThreadPoolBuilder::new().num_threads(self.threads).build().map_err(io::Error::other)?;
        let again = Again::of(self);
        let jobs: Vec<Job> = (0..self.sources.len())
            .flat_map(|source| self.sources[source].parts().into_iter().map(move |part| Job { source, part }))
            .collect();
        for batch in jobs.chunk_by(|a, b| self.together(a.source, b.source)) {
            if self.alone(batch[0].source) {
                let mut filter = self.union.filter(source_number(batch[0].source));
                for job in batch {
                    self.pour(job, Some(&mut filter), &again, append, out)?;
                }
                continue;
            }
            for window in batch.chunks(8 * pool.current_num_threads()) {
                let blocks: Vec<io::Result<Vec<u8>>> =
                    pool.install(|| window.par_iter().map(|job| self.block(job, &again, append)).collect());
                for block in blocks {
                    out.write_all(&block?)?;
                }
            }
        }
        Ok(())
    }

    /// Whether jobs of two sources may be read at the same time.
    fn together(&self, a: usize, b: usize) -> bool {
        a == b || !(self.alone(a) || self.alone(b))
    }

    /// Whether the jobs of a source go by themselves: those with duplicates, in order; those that are too large to hold.
    fn alone(&self, source: usize) -> bool {
        let counted = &self.sources[source];
        let large = counted.tally.records > HELD_ROWS && counted.parts().len() == 1;
        large || self.union.has_duplicates(source)
    }

    /// The events of one part of a source.
    fn block<'i>(&'i self, job: &Job, again: &Again<'i>, append: Append<'_>) -> io::Result<Vec<u8>> {
        let mut block = Vec::new();
        self.rows(job, None, again, &mut |event| append(event, &mut block))?;
        Ok(block)
    }

    /// Writes the events of one part of a source while it is read.
    fn pour<'i>(
        &'i self,
        job: &Job,
        filter: Option<&mut DuplicateFilter<'_>>,
        again: &Again<'i>,
        append: Append<'_>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut block = Vec::new();
        let mut written = Ok(());
        self.rows(job, filter, again, &mut |event| {
            append(event, &mut block);
            if block.len() >= HELD_BYTES {
                if written.is_ok() {
                    written = out.write_all(&block);
                }
                block.clear();
            }
        })?;
        written?;
        out.write_all(&block)
    }

    /// Each row of one part of a source that is in a finding.
    fn rows<'i>(
        &'i self,
        job: &Job,
        mut filter: Option<&mut DuplicateFilter<'_>>,
        again: &Again<'i>,
        on: &mut dyn FnMut(&Event<'_>),
    ) -> io::Result<()> {
        let counted = &self.sources[job.source];
        let Some(plan) = &counted.plan else { return Ok(()) };
        let mut hand = again.hands.take(plan, source_number(job.source));
        let read = each_row(counted, &mut hand.reader, job.part, &mut |seen| {
            let key = Key { fingerprint: *seen.row.fingerprint, segment: self.cuts.segment(seen.at) };
            let Some((finding, suppressed)) = again.findings.get(&key).copied() else { return };
            let repeated =
                filter.as_mut().is_some_and(|filter| filter.earlier(hash(seen.row, seen.at)).is_some());
            let fate = match (repeated, suppressed) {
                (true, _) => Fate::Duplicate,
                (false, true) => Fate::Suppressed,
                (false, false) => Fate::InFindings,
            };
            on(&event(counted, &seen, finding, fate));
        });
        if read.is_ok() {
            again.hands.take_back(hand);
        }
        read.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", counted.source.name)))
    }
}

fn event<'e>(counted: &'e Counted, seen: &'e SeenRow<'_, '_>, finding: &'e Finding, fate: Fate) -> Event<'e> {
    Event {
        source: &counted.source.name,
        place: seen.place,
        fate,
        time: seen.at,
        time_text: seen.row.time_text(),
        received: seen.row.received(),
        zone_basis: seen.row.zone_basis(),
        local_port: seen.row.local_port,
        remote_port: seen.row.remote_port,
        action: seen.row.action(),
        occurrences: seen.row.occurrences,
        finding,
    }
}

/// What rows are read again with.
struct Again<'i> {
    /// The finding of each detection in a segment, and whether the profile accepts it.
    findings: Map<Key, (&'i Finding, bool)>,
    hands: Hands<'i>,
}

impl<'i> Again<'i> {
    fn of(investigation: &'i Investigation) -> Self {
        let shown = investigation.case.findings.iter().map(|finding| (finding.id, (finding, false)));
        let accepted = investigation.suppressed.iter().map(|one| (one.finding.id, (&one.finding, true)));
        let by_id: Map<FindingId, (&'i Finding, bool)> = shown.chain(accepted).collect();
        let known = investigation.lookup.iter().filter_map(|(key, found)| {
            let (Found::Finding(id) | Found::Suppressed(id)) = found;
            Some((*key, *by_id.get(id)?))
        });
        // Nothing is counted any more.
        Again { findings: known.collect(), hands: Hands::new(SharedTally::new(1)) }
    }
}
