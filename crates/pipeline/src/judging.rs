//! From counts to judged detections: each distinct detection is judged once for each stretch of time in which the
//! profile says the same.

use crate::in_window;
use crate::request::Window;
use crate::source_tally::{Counted, merge};
use rayon::prelude::*;
use ringback_classify::{Census, Policy, judge, orient};
use ringback_incident::{Judged, Reasons, finding_id};
use ringback_model::{
    Cuts, Detection, FindingId, Fingerprint, Map, Message, Segment, Symbols, Timeline, Verdict,
};
use ringback_tally::{self as tally, Cell, Counts, Key, Shard, TimelineTally};
use std::iter::Peekable;

/// What became of a detection in a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// It is in this finding.
    Finding(FindingId),
    /// It is in this finding, which the profile accepts.
    Suppressed(FindingId),
}

/// All that was judged.
#[derive(Debug, Default)]
pub(crate) struct AllJudged {
    pub(crate) symbols: Symbols,
    pub(crate) findings: Vec<Judged>,
    pub(crate) suppressed: Vec<(usize, Judged)>,
    pub(crate) reasons: Reasons,
    /// Where each cell went; empty unless the rows are asked for again.
    pub(crate) lookup: Map<Key, Found>,
    pub(crate) timeline: Timeline,
    /// Rows outside of the window.
    pub(crate) filtered: u64,
}

/// How detections are judged.
pub(crate) struct Judging<'j> {
    pub(crate) policy: &'j Policy,
    pub(crate) cuts: &'j Cuts,
    pub(crate) window: Window,
    /// Whether the rows are asked for again.
    pub(crate) read_again: bool,
}

/// One detection with its cells by segment, in order.
struct Group {
    fingerprint: Fingerprint,
    detection: Detection,
    cells: Vec<(Segment, Cell)>,
}

/// A stretch of segments that were judged alike.
struct Stretch {
    segments: Vec<Segment>,
    cell: Cell,
    verdict: Verdict,
    reasons: Vec<Message>,
    suppression: Option<usize>,
}

/// What a thread judged; its reasons have numbers of their own.
#[derive(Default)]
struct Piece {
    judged: Vec<(Option<usize>, Judged)>,
    reasons: Reasons,
    lookup: Vec<(Key, Found)>,
    timeline: TimelineTally,
}

impl Judging<'_> {
    /// Judges everything that the sources counted, in common and by themselves. The counts are taken out of the sources.
    pub(crate) fn judge_all(&self, common: Counts, counted: &mut [Counted]) -> AllJudged {
        let (mut shards, symbols) = gather(common, counted).into_shards();
        let seen: Vec<(Census, u64)> =
            shards.par_iter_mut().map(|shard| self.look_over(shard, &symbols)).collect();
        let outside = seen.iter().map(|(_, outside)| outside).sum();
        let join = |mut one: Census, other| {
            one.merge(other);
            one
        };
        let census = seen.into_iter().map(|(census, _)| census).reduce(join).unwrap_or_default();
        let judge = |shard| self.piece(shard, &symbols, &census);
        let pieces: Vec<Piece> = shards.into_par_iter().with_max_len(1).map(judge).collect();
        let mut all = AllJudged { filtered: outside, ..AllJudged::default() };
        all.findings.reserve_exact(pieces.iter().map(|piece| piece.judged.len()).sum());
        let mut timeline = TimelineTally::default();
        for piece in pieces {
            all.take(piece, &mut timeline);
        }
        all.timeline = timeline.finish();
        all.symbols = symbols;
        all
    }

    /// Tells the sides of all detections apart and gathers what those within the window say together; gives the number of
    /// rows outside of it.
    fn look_over(&self, shard: &mut Shard, symbols: &Symbols) -> (Census, u64) {
        let (mut census, mut outside) = (Census::default(), 0);
        shard.each(|key, detection, last, rows| {
            if !in_window(self.cuts, self.window, key.segment) {
                outside += rows;
                return;
            }
            *detection = orient(detection.with(symbols), self.policy);
            census.see(detection.with(symbols), last, self.policy);
        });
        (census, outside)
    }

    /// Judges the detections of some cells.
    fn piece(&self, shard: Shard, symbols: &Symbols, census: &Census) -> Piece {
        let mut piece = Piece::default();
        piece.judged.reserve(shard.len());
        let within = |one: &tally::Counted| in_window(self.cuts, self.window, one.key.segment);
        let mut cells = shard.into_sorted().filter(within).peekable();
        while let Some(group) = next_group(&mut cells) {
            let (fingerprint, detection) = (group.fingerprint, group.detection);
            for (number, stretch) in self.stretches(group, symbols, census).into_iter().enumerate() {
                self.add(&mut piece, fingerprint, detection, stretch, number == 0);
            }
        }
        piece
    }

    fn add(
        &self,
        piece: &mut Piece,
        fingerprint: Fingerprint,
        detection: Detection,
        stretch: Stretch,
        first: bool,
    ) {
        let start = stretch.segments.first().and_then(|segment| self.cuts.start(*segment));
        let id = finding_id(fingerprint, start.filter(|_| !first));
        if stretch.suppression.is_none() {
            piece.timeline.add(stretch.verdict.scenario, stretch.cell.grid());
        }
        if self.read_again {
            let found =
                if stretch.suppression.is_some() { Found::Suppressed(id) } else { Found::Finding(id) };
            let keys = stretch.segments.into_iter().map(|segment| Key { fingerprint, segment });
            piece.lookup.extend(keys.map(|key| (key, found)));
        }
        let judged = Judged {
            id,
            fingerprint,
            detection,
            tally: stretch.cell.finish(),
            verdict: stretch.verdict,
            reasons: piece.reasons.number(stretch.reasons),
        };
        piece.judged.push((stretch.suppression, judged));
    }

    /// Judges the cells of one detection; neighbours that are judged alike are one stretch.
    fn stretches(&self, group: Group, symbols: &Symbols, census: &Census) -> Vec<Stretch> {
        let row = group.detection.with(symbols);
        let mut stretches: Vec<Stretch> = Vec::with_capacity(1);
        for (segment, cell) in group.cells {
            let judgement = judge(row, cell.first(), self.policy, census);
            let suppression = self.policy.suppression(row, &judgement.verdict, cell.first());
            match stretches.last_mut() {
                Some(last)
                    if last.verdict == judgement.verdict
                        && last.reasons == judgement.reasons
                        && last.suppression == suppression =>
                {
                    last.segments.push(segment);
                    last.cell.merge(&cell);
                }
                _ => stretches.push(Stretch {
                    segments: vec![segment],
                    cell,
                    verdict: judgement.verdict,
                    reasons: judgement.reasons,
                    suppression,
                }),
            }
        }
        stretches
    }
}

impl AllJudged {
    fn take(&mut self, piece: Piece, timeline: &mut TimelineTally) {
        let numbers: Vec<u32> =
            piece.reasons.into_lists().into_iter().map(|list| self.reasons.number(list)).collect();
        for (suppression, judged) in piece.judged {
            let judged = Judged { reasons: numbers[judged.reasons as usize], ..judged };
            match suppression {
                Some(entry) => self.suppressed.push((entry, judged)),
                None => self.findings.push(judged),
            }
        }
        self.lookup.extend(piece.lookup);
        timeline.merge(piece.timeline);
    }
}

/// The counts of all sources, joined. What a source counted under the reading that does not hold is dropped.
fn gather(common: Counts, counted: &mut [Counted]) -> Counts {
    let mut all = vec![common];
    for one in counted {
        for (number, reading) in one.tally.readings.iter_mut().enumerate() {
            let counts = std::mem::take(&mut reading.counts);
            all.extend(Some(counts).filter(|counts| number == one.chosen && !counts.is_empty()));
        }
    }
    // Small ones are added to large ones.
    all.sort_by_key(|counts| std::cmp::Reverse(counts.len()));
    let joined = all.into_iter().reduce(|mut all, counts| {
        merge(&mut all, counts);
        all
    });
    joined.unwrap_or_default()
}

/// The next detection with all its cells.
fn next_group(cells: &mut Peekable<impl Iterator<Item = tally::Counted>>) -> Option<Group> {
    let tally::Counted { key, detection, cell } = cells.next()?;
    let mut group = Group { fingerprint: key.fingerprint, detection, cells: vec![(key.segment, cell)] };
    while let Some(one) = cells.next_if(|one| one.key.fingerprint == group.fingerprint) {
        group.cells.push((one.key.segment, one.cell));
    }
    Some(group)
}
