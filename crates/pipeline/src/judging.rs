//! From counts to judged detections: each distinct detection is judged once for each stretch of time in which the
//! profile says the same.

use crate::in_window;
use crate::request::Window;
use crate::source_tally::{Counted, merge};
use rayon::prelude::*;
use ringback_classify::{Census, Judgements, Policy, orient};
use ringback_incident::{Reasons, finding_id, rank};
use ringback_model::{Cuts, Detection, Endpoints, Finding, FindingId, Map, Symbols, Timeline, Verdict};
use ringback_tally::{self as tally, Cell, Counts, Key, Shard, TimelineTally};

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
    /// In the report's order.
    pub(crate) findings: Vec<Finding>,
    pub(crate) suppressed: Vec<(usize, Finding)>,
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

/// A stretch of segments in which a detection was judged alike.
struct Stretch {
    id: FindingId,
    key: Key,
    detection: Detection,
    cell: Cell,
    outcome: Outcome,
}

/// What was judged of a cell: its reasons have the number of the piece.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Outcome {
    verdict: Verdict,
    reasons: u32,
    suppression: Option<usize>,
}

/// What a thread judged; its reasons have numbers of their own.
#[derive(Default)]
struct Piece {
    findings: Vec<Finding>,
    suppressed: Vec<(usize, Finding)>,
    reasons: Reasons,
    lookup: Vec<(Key, Found)>,
    timeline: TimelineTally,
}

impl Judging<'_> {
    /// Judges everything that the sources counted, in common and by themselves. The counts are taken out of the sources.
    pub(crate) fn judge_all(&self, common: Counts, counted: &mut [Counted]) -> AllJudged {
        let (mut shards, symbols) = gather(common, counted).into_shards();
        let (censuses, outside): (Vec<Census>, Vec<u64>) =
            shards.par_iter_mut().with_max_len(1).map(|shard| self.look_over(shard, &symbols)).unzip();
        let census = censuses.into_par_iter().reduce(Census::default, Census::joined);
        let judge = |shard| self.piece(shard, &symbols, &census);
        let pieces: Vec<Piece> = shards.into_par_iter().with_max_len(1).map(judge).collect();
        let mut all = AllJudged { filtered: outside.iter().sum(), symbols, ..AllJudged::default() };
        all.take(pieces);
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
            if matches!(detection.endpoints, Endpoints::Directed { .. }) {
                *detection = orient(detection.with(symbols), self.policy);
            }
            census.see(detection.with(symbols), last, self.policy);
        });
        (census, outside)
    }

    /// Judges the detections of some cells. Neighbours in time that are judged alike are one stretch.
    fn piece(&self, shard: Shard, symbols: &Symbols, census: &Census) -> Piece {
        let mut piece = Piece::default();
        piece.findings.reserve_exact(shard.len());
        // Where time is not cut, each detection has one cell.
        let cells = shard.into_cells(self.cuts.segments() > 1);
        let cells = cells.filter(|one| in_window(self.cuts, self.window, one.key.segment));
        let mut judgements = Judgements::new(self.policy, census);
        // The numbers of the reasons, by judgement.
        let mut reasons: Vec<u32> = Vec::new();
        let mut open: Option<Stretch> = None;
        for tally::Counted { key, detection, cell } in cells {
            let row = detection.with(symbols);
            let (number, judgement) = judgements.judge(row, cell.first());
            if number == reasons.len() {
                reasons.push(piece.reasons.number(judgement.reasons.clone()));
            }
            let outcome = Outcome {
                verdict: judgement.verdict,
                reasons: reasons[number],
                suppression: self.policy.suppression(row, &judgement.verdict, cell.first()),
            };
            let before = open.as_mut().filter(|open| open.key.fingerprint == key.fingerprint);
            let later = before.is_some();
            let id = match before {
                Some(open) if open.outcome == outcome => {
                    open.cell.merge(&cell);
                    open.id
                }
                _ => {
                    let since = if later { self.cuts.start(key.segment) } else { None };
                    let id = finding_id(key.fingerprint, since);
                    let next = Stretch { id, key, detection, cell, outcome };
                    piece.extend(open.replace(next));
                    id
                }
            };
            if self.read_again {
                let suppressed = outcome.suppression.is_some();
                piece.lookup.push((key, if suppressed { Found::Suppressed(id) } else { Found::Finding(id) }));
            }
        }
        piece.extend(open);
        piece
    }
}

impl Piece {
    /// Takes in a stretch that has ended.
    fn extend(&mut self, stretch: Option<Stretch>) {
        let Some(Stretch { id, key, detection, cell, outcome }) = stretch else { return };
        if outcome.suppression.is_none() {
            self.timeline.add(outcome.verdict.scenario, cell.grid());
        }
        let finding = Finding {
            id,
            fingerprint: key.fingerprint,
            detection,
            tally: cell.finish(),
            verdict: outcome.verdict,
            reasons: outcome.reasons,
            incident: u32::MAX,
        };
        match outcome.suppression {
            Some(entry) => self.suppressed.push((entry, finding)),
            None => self.findings.push(finding),
        }
    }
}

impl AllJudged {
    /// Takes in what all threads judged.
    fn take(&mut self, pieces: Vec<Piece>) {
        let mut timeline = TimelineTally::default();
        let mut findings = Vec::with_capacity(pieces.len());
        for mut piece in pieces {
            let lists = piece.reasons.into_lists().into_iter();
            let numbers: Vec<u32> = lists.map(|list| self.reasons.number(list)).collect();
            let all = piece.findings.iter_mut().chain(piece.suppressed.iter_mut().map(|(_, one)| one));
            all.for_each(|one| one.reasons = numbers[one.reasons as usize]);
            findings.push(piece.findings);
            self.suppressed.extend(piece.suppressed);
            self.lookup.extend(piece.lookup);
            timeline.merge(piece.timeline);
        }
        self.suppressed.sort_by_key(|(_, one)| one.fingerprint);
        self.findings = in_order(findings);
        self.timeline = timeline.finish();
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

/// Findings in the report's order. They are large, so that what orders them is sorted, and each is moved once.
fn in_order(pieces: Vec<Vec<Finding>>) -> Vec<Finding> {
    let number = |number: usize| u32::try_from(number).expect("there are fewer than 2^32 findings");
    let ranks = |(piece, findings): (usize, &Vec<Finding>)| -> Vec<_> {
        let places = (0..number(findings.len())).map(move |at| (number(piece), at));
        findings.iter().map(rank).zip(places).collect()
    };
    let mut order: Vec<_> = pieces.par_iter().enumerate().flat_map_iter(ranks).collect();
    order.par_sort_unstable_by(|(one, (piece, at)), (other, (other_piece, other_at))| {
        let print = |piece: &u32, at: &u32| pieces[*piece as usize][*at as usize].fingerprint;
        one.cmp(other).then_with(|| print(piece, at).cmp(&print(other_piece, other_at)))
    });
    let mut pieces: Vec<Vec<Option<Finding>>> =
        pieces.into_iter().map(|findings| findings.into_iter().map(Some).collect()).collect();
    let take = |(_, (piece, at)): (_, (u32, u32))| {
        pieces[piece as usize][at as usize].take().expect("each place is in the order once")
    };
    order.into_iter().map(take).collect()
}
