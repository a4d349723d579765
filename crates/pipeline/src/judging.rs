//! From counts to judged detections: each distinct detection is judged once for each stretch of time in which the
//! profile says the same.

use crate::in_window;
use crate::request::Window;
use crate::source_tally::{Counted, merge};
use crate::stretches::{Outcome, Stretches, findings};
use rayon::prelude::*;
use ringback_classify::{Census, Judgements, OtherLogs, Policy, orient};
use ringback_incident::{AllTimes, HostTimes, NumberedHosts, Reasons, finding_id};
use ringback_model::{
    Calendar, Cuts, DetectionRef, Endpoints, Finding, FindingId, Map, Severity, Symbols, Timeline, guarded,
};
use ringback_tally::{Counted as Cell, Counts, Key, SettledShard, Shard, TimelineTally};

/// Of how many hosts rows are told apart over time: the first in the report's order.
const TOLD_HOSTS: usize = 100;

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
    /// Its hosts are numbers into `first_hosts`.
    pub(crate) timeline: Timeline,
    /// The first hosts in the report's order, by name in lower case; none unless their times are asked for.
    pub(crate) first_hosts: Vec<String>,
    /// When the hosts were active; empty unless that is asked for.
    pub(crate) times: AllTimes,
    /// Rows outside of the window.
    pub(crate) filtered: u64,
    /// What was gathered over all detections; nothing unless the rows are asked for again.
    pub(crate) census: Census,
}

/// How detections are judged.
pub(crate) struct Judging<'j> {
    pub(crate) policy: &'j Policy,
    pub(crate) cuts: &'j Cuts,
    pub(crate) window: Window,
    /// Whether the rows are asked for again.
    pub(crate) read_again: bool,
    /// In which days and hours hosts were active is told by this.
    pub(crate) calendar: Option<Calendar>,
}

/// What a thread judged.
struct Piece {
    stretches: Stretches,
    /// The lists that the outcomes' reasons are numbers of.
    reasons: Reasons,
    lookup: Vec<(Key, Found)>,
    times: AllTimes,
}

impl Judging<'_> {
    /// Judges everything that the sources counted, in common and by themselves. The counts are taken out of the sources.
    pub(crate) fn judge_all(&self, common: Counts, counted: &mut [Counted]) -> AllJudged {
        let (shards, symbols) = gather(common, counted).into_shards();
        let (shards, seen): (Vec<SettledShard>, Vec<(Census, u64)>) =
            shards.into_par_iter().with_max_len(1).map(|shard| self.look_over(shard, &symbols)).unzip();
        let filtered = seen.iter().map(|(_, outside)| outside).sum();
        let census = seen.into_iter().map(|(census, _)| census).fold(Census::default(), Census::joined);
        let census = self.hear_other_logs(census, &shards, &symbols);
        let mut all = AllJudged { symbols, filtered, ..AllJudged::default() };
        let (pieces, shards) = if self.calendar.is_some() {
            self.with_hosts(shards, &census, &mut all)
        } else {
            self.without_hosts(shards, &census, &mut all)
        };
        all.take(pieces, shards);
        if self.read_again {
            all.census = census;
        }
        all
    }

    /// Judges shards. Their counts over time are given up as soon as they are told, since they are the largest part of them.
    fn without_hosts(
        &self,
        shards: Vec<SettledShard>,
        census: &Census,
        all: &mut AllJudged,
    ) -> (Vec<Piece>, Vec<SettledShard>) {
        let symbols = &all.symbols;
        let judge = |mut shard: SettledShard| {
            let piece = self.piece(&shard, symbols, census);
            let timeline = piece.stretches.timeline(&shard, &mut NumberedHosts::new(&[], symbols), symbols);
            shard.forget_grids();
            (timeline, (piece, shard))
        };
        let (timelines, judged): (Vec<TimelineTally>, Vec<(Piece, SettledShard)>) =
            shards.into_par_iter().with_max_len(1).map(judge).unzip();
        all.timeline = finish(timelines);
        judged.into_iter().unzip()
    }

    /// Judges shards, and tells the rows of the first hosts apart over time: which hosts these are is only known when
    /// everything is judged.
    fn with_hosts(
        &self,
        shards: Vec<SettledShard>,
        census: &Census,
        all: &mut AllJudged,
    ) -> (Vec<Piece>, Vec<SettledShard>) {
        let symbols = &all.symbols;
        let judge = |shard: SettledShard| (self.piece(&shard, symbols, census), shard);
        let (mut pieces, mut shards): (Vec<Piece>, Vec<SettledShard>) =
            shards.into_par_iter().with_max_len(1).map(judge).unzip();
        for piece in &mut pieces {
            all.times.merge(std::mem::take(&mut piece.times));
        }
        let first_hosts = all.times.first_hosts(TOLD_HOSTS);
        let tell = |(piece, shard): (&Piece, &mut SettledShard)| {
            let mut hosts = NumberedHosts::new(&first_hosts, symbols);
            let timeline = piece.stretches.timeline(shard, &mut hosts, symbols);
            shard.forget_grids();
            timeline
        };
        let timelines = pieces.par_iter().zip(&mut shards).with_max_len(1).map(tell).collect();
        all.timeline = finish(timelines);
        all.first_hosts = first_hosts.into_iter().map(str::to_owned).collect();
        (pieces, shards)
    }

    /// Tells the sides of all detections apart and gathers what those within the window say together; gives the number of
    /// rows outside of it.
    fn look_over(&self, shard: Shard, symbols: &Symbols) -> (SettledShard, (Census, u64)) {
        let mut shard = shard.settle();
        let (mut census, mut outside) = (Census::default(), 0);
        for number in shard.numbers(false) {
            let one = shard.get(number);
            if !in_window(self.cuts, self.window, one.key.segment) {
                outside += one.rows();
                continue;
            }
            if matches!(one.detection.endpoints, Endpoints::Directed { .. }) {
                // A detection in which the program fails keeps its sides as they are logged.
                let sided = guarded(|| orient(one.detection.with(symbols), self.policy));
                if let Ok(sided) = sided {
                    *shard.detection_mut(number) = sided;
                }
            }
            let one = shard.get(number);
            // What it says beside others is missed then, which can make those look worse and never harmless.
            _ = guarded(|| census.see(one.detection.with(symbols), one.last(), self.policy));
        }
        (shard, (census, outside))
    }

    /// Lets connection logs say what callback logs of the same events leave open, where there are both.
    fn hear_other_logs(&self, mut census: Census, shards: &[SettledShard], symbols: &Symbols) -> Census {
        if !census.has_both_logs() {
            return census;
        }
        let asked = self.of_all(shards, |shard, number, asked| {
            asked.ask(shard.get(number).detection.with(symbols));
        });
        if !asked.is_empty() {
            let told = self.of_all(shards, |shard, number, told| {
                let one = shard.get(number);
                let record = (one.detection.with(symbols), one.key.fingerprint, one.first());
                asked.answer(told, record, self.policy, &census);
            });
            census.hear(told);
        }
        census
    }

    /// What a visit to every cell within the window gathers.
    fn of_all(
        &self,
        shards: &[SettledShard],
        visit: impl Fn(&SettledShard, u32, &mut OtherLogs) + Sync,
    ) -> OtherLogs {
        let gather = |shard: &SettledShard| {
            let mut gathered = OtherLogs::default();
            for number in shard.numbers(false) {
                if in_window(self.cuts, self.window, shard.get(number).key.segment) {
                    // What a detection in which the program fails says of others is missed.
                    _ = guarded(|| visit(shard, number, &mut gathered));
                }
            }
            gathered
        };
        shards.par_iter().with_max_len(1).map(gather).reduce(OtherLogs::default, OtherLogs::joined)
    }

    /// Judges the detections of some cells. Neighbours in time that are judged alike are one stretch.
    fn piece(&self, shard: &SettledShard, symbols: &Symbols, census: &Census) -> Piece {
        // Where time is not cut, each detection has one cell.
        let mut numbers = shard.numbers(self.cuts.segments() > 1);
        numbers.retain(|number| in_window(self.cuts, self.window, shard.get(*number).key.segment));
        let mut judgements = Judgements::new(self.policy, census);
        // The numbers of the reasons, by judgement.
        let mut reasons: Vec<u32> = Vec::new();
        let mut piece = Piece {
            stretches: Stretches::default(),
            reasons: Reasons::default(),
            lookup: Vec::new(),
            times: AllTimes::default(),
        };
        let mut times = self.calendar.as_ref().map(|calendar| HostTimes::new(calendar, symbols));
        let mut before: Option<Key> = None;
        for (at, number) in numbers.iter().enumerate() {
            let one = shard.get(*number);
            let row = one.detection.with(symbols);
            let (judgement_number, judgement) = judgements.judge(row, one.first());
            if judgement_number == reasons.len() {
                reasons.push(piece.reasons.number(judgement.reasons.clone()));
            }
            let outcome = Outcome {
                verdict: judgement.verdict,
                reasons: reasons[judgement_number],
                // What can not be held against the profile is not accepted by it.
                suppression: guarded(|| self.policy.suppression(row, &judgement.verdict, one.first()))
                    .unwrap_or_default(),
            };
            let later = before.is_some_and(|before| before.fingerprint == one.key.fingerprint);
            let id = piece.stretches.add((at, one), (judgement_number, outcome), later, || {
                finding_id(one.key.fingerprint, self.cuts.start(one.key.segment).filter(|_| later))
            });
            before = Some(one.key);
            if let Some(times) = times.as_mut().filter(|_| outcome.suppression.is_none()) {
                add_times(times, row, outcome.verdict.severity, one);
            }
            if self.read_again {
                let suppressed = outcome.suppression.is_some();
                let found = if suppressed { Found::Suppressed(id) } else { Found::Finding(id) };
                piece.lookup.push((one.key, found));
            }
        }
        piece.stretches.numbers = numbers;
        piece.stretches.tell_rhythms(shard);
        piece.times = times.map(HostTimes::finish).unwrap_or_default();
        piece
    }
}

/// Adds when the rows of a cell were logged; most cells have one row.
fn add_times(times: &mut HostTimes<'_>, row: DetectionRef<'_>, severity: Severity, cell: Cell<'_>) {
    let weight = (severity, cell.rows());
    match cell.rows() {
        1 => times.add(row, weight, [(cell.first(), 1)]),
        _ => times.add(row, weight, cell.series().instants().iter().copied()),
    }
}

/// The timeline of what was told of all shards.
fn finish(timelines: Vec<TimelineTally>) -> Timeline {
    timelines.into_par_iter().reduce(TimelineTally::default, TimelineTally::joined).finish()
}

impl AllJudged {
    /// Takes in what all threads judged of shards.
    fn take(&mut self, pieces: Vec<Piece>, shards: Vec<SettledShard>) {
        let mut judged = Vec::with_capacity(pieces.len());
        for mut piece in pieces {
            let lists = piece.reasons.into_lists().into_iter();
            let numbers: Vec<u32> = lists.map(|list| self.reasons.number(list)).collect();
            piece.stretches.renumber_reasons(&numbers);
            judged.push(piece.stretches);
            self.lookup.extend(piece.lookup);
        }
        (self.findings, self.suppressed) = findings(judged, shards);
    }
}

/// The counts of all sources, joined. What a source counted under the reading that does not hold is dropped.
pub(crate) fn gather(common: Counts, counted: &mut [Counted]) -> Counts {
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
