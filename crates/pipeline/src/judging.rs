//! From counts to judged detections: each distinct detection is judged once for each stretch of time in which the
//! profile says the same.

use crate::in_window;
use crate::request::Window;
use crate::source_tally::Counted;
use rayon::prelude::*;
use ringback_classify::{Census, Policy, judge, orient};
use ringback_incident::Judged;
use ringback_model::{
    Cuts, Detection, FindingId, Fingerprint, Map, Message, Segment, Symbols, Timeline, Verdict,
};
use ringback_tally::{Cell, Counts, Key, TimelineTally};

/// What became of a detection in a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// It is in this finding.
    Finding(FindingId),
    /// It is in this finding, which the profile accepts.
    Suppressed(FindingId),
}

/// All that was judged.
#[derive(Debug)]
pub(crate) struct AllJudged {
    pub(crate) symbols: Symbols,
    pub(crate) findings: Vec<Judged>,
    pub(crate) suppressed: Vec<(usize, Judged)>,
    pub(crate) lookup: Map<Key, Found>,
    pub(crate) timeline: Timeline,
    /// Rows outside of the window.
    pub(crate) filtered: u64,
}

/// One detection with its cells by segment, in order.
struct Group<'c> {
    fingerprint: Fingerprint,
    detection: Detection,
    cells: Vec<(Segment, &'c Cell)>,
}

/// A stretch of segments that were judged alike.
struct Stretch {
    segments: Vec<Segment>,
    cell: Cell,
    verdict: Verdict,
    reasons: Vec<Message>,
    suppression: Option<usize>,
}

/// Judges everything that the sources counted. The counts are taken out of the sources.
pub(crate) fn judge_all(counted: &mut [Counted], policy: &Policy, cuts: &Cuts, window: Window) -> AllJudged {
    let counts = gather(counted);
    let filtered: u64 = counts
        .sorted()
        .iter()
        .filter(|(key, _)| !in_window(cuts, window, key.segment))
        .map(|(_, cell)| cell.rows())
        .sum();
    let groups = groups(&counts, policy, |segment| in_window(cuts, window, segment));
    let census = census(&groups, counts.symbols(), policy);
    let judged: Vec<Vec<Stretch>> =
        groups.par_iter().map(|group| stretches(group, counts.symbols(), policy, &census)).collect();
    let mut all = AllJudged {
        symbols: Symbols::new(),
        findings: Vec::new(),
        suppressed: Vec::new(),
        lookup: Map::default(),
        timeline: Timeline::default(),
        filtered,
    };
    let mut timeline = TimelineTally::default();
    for (group, stretches) in groups.iter().zip(judged) {
        for (number, stretch) in stretches.into_iter().enumerate() {
            all.take(group, stretch, number == 0, cuts, &mut timeline);
        }
    }
    all.timeline = timeline.finish();
    drop(groups);
    all.symbols = counts.into_symbols();
    all
}

impl AllJudged {
    fn take(
        &mut self,
        group: &Group<'_>,
        stretch: Stretch,
        first: bool,
        cuts: &Cuts,
        timeline: &mut TimelineTally,
    ) {
        let start = stretch.segments.first().and_then(|segment| cuts.start(*segment));
        let judged = Judged {
            fingerprint: group.fingerprint,
            since: if first { None } else { start },
            detection: group.detection,
            tally: stretch.cell.finish(),
            verdict: stretch.verdict,
            reasons: stretch.reasons,
        };
        let id = judged.id();
        let found = if stretch.suppression.is_some() { Found::Suppressed(id) } else { Found::Finding(id) };
        for segment in stretch.segments {
            self.lookup.insert(Key { fingerprint: group.fingerprint, segment }, found);
        }
        if let Some(entry) = stretch.suppression {
            self.suppressed.push((entry, judged));
        } else {
            timeline.add(judged.verdict.scenario, stretch.cell.grid());
            self.findings.push(judged);
        }
    }
}

/// The counts of all sources, joined. What a source counted under the reading that does not hold is dropped.
fn gather(counted: &mut [Counted]) -> Counts {
    let mut all = Counts::default();
    for one in counted {
        for (number, reading) in one.tally.readings.iter_mut().enumerate() {
            let counts = std::mem::take(&mut reading.counts);
            if number == one.chosen {
                all.merge(counts);
            }
        }
    }
    all
}

fn groups<'c>(counts: &'c Counts, policy: &Policy, wanted: impl Fn(Segment) -> bool) -> Vec<Group<'c>> {
    let mut groups: Vec<Group<'c>> = Vec::new();
    for (key, cell) in counts.sorted() {
        if !wanted(key.segment) {
            continue;
        }
        match groups.last_mut() {
            Some(group) if group.fingerprint == key.fingerprint => group.cells.push((key.segment, cell)),
            _ => {
                let detection = counts.detection(key.fingerprint).expect("every cell's detection is known");
                groups.push(Group {
                    fingerprint: key.fingerprint,
                    detection: orient(detection.with(counts.symbols()), policy),
                    cells: vec![(key.segment, cell)],
                });
            }
        }
    }
    groups
}

fn census(groups: &[Group<'_>], symbols: &Symbols, policy: &Policy) -> Census {
    let mut census = Census::default();
    for group in groups {
        for (_, cell) in &group.cells {
            census.see(group.detection.with(symbols), cell.last(), policy);
        }
    }
    census
}

/// Judges the cells of one detection; neighbours that are judged alike are one stretch.
fn stretches(group: &Group<'_>, symbols: &Symbols, policy: &Policy, census: &Census) -> Vec<Stretch> {
    let row = group.detection.with(symbols);
    let mut stretches: Vec<Stretch> = Vec::new();
    for (segment, cell) in &group.cells {
        let judgement = judge(row, cell.first(), policy, census);
        let suppression = policy.suppression(row, &judgement.verdict, cell.first());
        match stretches.last_mut() {
            Some(last)
                if last.verdict == judgement.verdict
                    && last.reasons == judgement.reasons
                    && last.suppression == suppression =>
            {
                last.segments.push(*segment);
                last.cell.merge(cell);
            }
            _ => stretches.push(Stretch {
                segments: vec![*segment],
                cell: (*cell).clone(),
                verdict: judgement.verdict,
                reasons: judgement.reasons,
                suppression,
            }),
        }
    }
    stretches
}
