//! Stretches of time in which a detection is judged alike, each of which becomes a finding.
//!
//! Findings are large: what they were made of is given up part by part, and they are put in order where they are.

use rayon::prelude::*;
use ringback_incident::{NumberedHosts, is_enough, periodicity, rank};
use ringback_model::rhythm::is_outbound;
use ringback_model::timeline::Kind;
use ringback_model::{Detection, Finding, FindingId, Map, Periodicity, Symbols, Verdict};
use ringback_tally::{Cell, Counted, Series, SettledShard, TimelineTally};

/// What was judged of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) verdict: Verdict,
    /// The number of its list of reasons.
    pub(crate) reasons: u32,
    /// The number of the profile's entry that accepts it.
    pub(crate) suppression: Option<usize>,
}

/// Neighbouring cells of a detection that were judged alike.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    rows: u64,
    id: FindingId,
    outcome: u32,
    /// Which of the numbers are its cells': from where, and how many.
    from: u32,
    cells: u32,
}

/// The stretches of a shard.
#[derive(Debug, Default)]
pub(crate) struct Stretches {
    all: Vec<Stretch>,
    outcomes: Vec<Outcome>,
    /// The numbers of the outcomes, by that of the judgement and that of the profile's entry.
    known: Map<(usize, Option<usize>), u32>,
    /// The numbers of the shard's cells in the order in which they were judged.
    pub(crate) numbers: Vec<u32>,
    /// How evenly the rows of some stretches follow each other, by where their cells begin, in order.
    rhythms: Vec<(u32, Box<Periodicity>)>,
}

impl Stretches {
    /// Adds a cell, which was judged after so many others; `later` says that the one before it is of the same detection.
    /// `judgement` is the number under which its judgement is known, `id` is asked for where a stretch begins. Gives the id
    /// of the stretch that the cell is in.
    pub(crate) fn add(
        &mut self,
        (at, cell): (usize, Counted<'_>),
        (judgement, outcome): (usize, Outcome),
        later: bool,
        id: impl FnOnce() -> FindingId,
    ) -> FindingId {
        let before = self.all.last_mut().filter(|_| later);
        if let Some(before) = before.filter(|before| self.outcomes[before.outcome as usize] == outcome) {
            before.rows += cell.rows();
            before.cells += 1;
            return before.id;
        }
        let next = number(self.outcomes.len());
        let known = *self.known.entry((judgement, outcome.suppression)).or_insert(next);
        if known == next {
            self.outcomes.push(outcome);
        }
        let id = id();
        self.all.push(Stretch { rows: cell.rows(), id, outcome: known, from: number(at), cells: 1 });
        id
    }

    /// The rows over time of all stretches that the profile does not accept, by what some of the hosts are numbered with.
    pub(crate) fn timeline(
        &self,
        shard: &SettledShard,
        hosts: &mut NumberedHosts<'_>,
        symbols: &Symbols,
    ) -> TimelineTally {
        let mut timeline = TimelineTally::default();
        for stretch in &self.all {
            let Outcome { verdict, suppression, .. } = self.outcome(*stretch);
            if suppression.is_some() {
                continue;
            }
            let detection = self.first(*stretch, shard).detection;
            let host = hosts.number(detection.with(symbols));
            let Detection { list, result, .. } = *detection;
            let kind = Kind { severity: verdict.severity, scenario: verdict.scenario, list, result };
            for number in self.cells(*stretch) {
                timeline.add(host, kind, shard.get(*number).grid());
            }
        }
        timeline
    }

    /// Tells how evenly the rows of each stretch of outbound traffic follow each other, while the shard has its counts over
    /// time.
    pub(crate) fn tell_rhythms(&mut self, shard: &SettledShard) {
        let told =
            |stretch: &Stretch| is_enough(stretch.rows) && is_outbound(&self.outcome(*stretch).verdict);
        let rhythms = self.all.iter().filter(|stretch| told(stretch)).filter_map(|stretch| {
            let cells = self.cells(*stretch).iter().map(|number| shard.get(*number));
            Some((stretch.from, Box::new(rhythm(cells)?)))
        });
        self.rhythms = rhythms.collect();
    }

    /// What was told of a stretch's rhythm.
    fn rhythm(&self, stretch: Stretch) -> Option<Box<Periodicity>> {
        let at = self.rhythms.binary_search_by_key(&stretch.from, |(from, _)| *from).ok()?;
        Some(self.rhythms[at].1.clone())
    }

    /// The numbers of a stretch's cells.
    fn cells(&self, stretch: Stretch) -> &[u32] {
        &self.numbers[stretch.from as usize..][..stretch.cells as usize]
    }

    /// Gives the lists of reasons other numbers: in the place of each, the new one.
    pub(crate) fn renumber_reasons(&mut self, numbers: &[u32]) {
        for outcome in &mut self.outcomes {
            outcome.reasons = numbers[outcome.reasons as usize];
        }
    }

    fn outcome(&self, stretch: Stretch) -> &Outcome {
        &self.outcomes[stretch.outcome as usize]
    }

    /// The first of a stretch's cells.
    fn first<'s>(&self, stretch: Stretch, shard: &'s SettledShard) -> Counted<'s> {
        shard.get(self.numbers[stretch.from as usize])
    }

    /// Adds the findings of all stretches, and those that the profile accepts with the number of its entry. Each is made
    /// where it stays.
    fn add_findings(
        &self,
        shard: &SettledShard,
        findings: &mut Vec<Finding>,
        accepted: &mut Vec<(usize, Finding)>,
    ) {
        let entry = |stretch: &Stretch| self.outcome(*stretch).suppression;
        let taken = self.all.iter().filter_map(|one| Some((entry(one)?, self.finding(*one, shard))));
        accepted.extend(taken);
        let open: Vec<Stretch> = self.all.iter().copied().filter(|one| entry(one).is_none()).collect();
        findings.par_extend(open.into_par_iter().map(|one| self.finding(one, shard)));
    }

    /// The finding of a stretch.
    fn finding(&self, stretch: Stretch, shard: &SettledShard) -> Finding {
        let joined = |mut all: Cell, one: Cell| {
            all.merge(&one);
            all
        };
        let cell = self.cells(stretch).iter().map(|number| shard.get(*number).cell()).reduce(joined);
        let (Outcome { verdict, reasons, .. }, first) = (*self.outcome(stretch), self.first(stretch, shard));
        let mut tally = cell.expect("a stretch has a cell").finish();
        tally.periodicity = self.rhythm(stretch);
        Finding {
            id: stretch.id,
            fingerprint: first.key.fingerprint,
            detection: *first.detection,
            tally,
            verdict,
            reasons,
            incident: u32::MAX,
        }
    }
}

/// How evenly the rows of neighbouring cells follow each other.
fn rhythm<'s>(cells: impl Iterator<Item = Counted<'s>>) -> Option<Periodicity> {
    let joined = cells.map(|cell| cell.series()).reduce(|mut all: Series, one| {
        all.merge(one);
        all
    })?;
    Some(periodicity(joined.instants(), joined.is_complete()))
}

fn number(number: usize) -> u32 {
    u32::try_from(number).expect("a shard has fewer than 2^32 cells")
}

/// The findings in the report's order, and those that the profile accepts with the number of its entry, by fingerprint.
/// There are as many shards as stretches of them; each is given up once its findings are made, so that these take no more
/// memory than what was counted.
pub(crate) fn findings(
    judged: Vec<Stretches>,
    shards: Vec<SettledShard>,
) -> (Vec<Finding>, Vec<(usize, Finding)>) {
    let stretches = judged.iter().map(|stretches| stretches.all.len()).sum();
    let (mut findings, mut accepted) = (Vec::with_capacity(stretches), Vec::new());
    for (stretches, shard) in judged.into_iter().zip(shards) {
        stretches.add_findings(&shard, &mut findings, &mut accepted);
    }
    put_in_order(&mut findings);
    // Where one detection has several, they are in order of time.
    accepted.sort_by_key(|(_, finding)| finding.fingerprint);
    (findings, accepted)
}

/// Puts findings into the report's order. They are large, so each is moved to where it belongs once.
fn put_in_order(findings: &mut [Finding]) {
    let ranked = |(at, one): (usize, &Finding)| (rank(one), number(at));
    let mut order: Vec<_> = findings.par_iter().enumerate().map(ranked).collect();
    let print = |at: u32| findings[at as usize].fingerprint;
    order.par_sort_unstable_by(|(one, at), (other, other_at)| {
        one.cmp(other).then_with(|| print(*at).cmp(&print(*other_at)))
    });
    let mut targets = vec![0; order.len()];
    for (target, (_, at)) in order.into_iter().enumerate() {
        targets[at as usize] = target;
    }
    for at in 0..targets.len() {
        while targets[at] != at {
            let target = targets[at];
            findings.swap(at, target);
            targets.swap(at, target);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringback_incident::place;
    use ringback_model::{Digest, FindingTally, Fingerprint, Instant, Severity};

    #[test]
    fn findings_are_put_in_the_order_of_the_report() {
        let finding = |number: u64| Finding {
            // Some have one id and as many rows, as no two detections should.
            id: FindingId::new(Digest::of("finding").part(&(number % 50).to_le_bytes())),
            fingerprint: Fingerprint(u128::from(number.wrapping_mul(0x9e37_79b9_7f4a_7c15))),
            detection: Detection::default(),
            tally: FindingTally {
                rows: number % 7,
                occurrences: 0,
                first: Instant::from_seconds(0),
                last: Instant::from_seconds(0),
                evidence: Vec::new(),
                other_ports: Vec::new(),
                more_ports: false,
                periodicity: None,
            },
            verdict: Verdict {
                severity: [Severity::Low, Severity::High][usize::from(number.is_multiple_of(2))],
                ..Verdict::default()
            },
            reasons: 0,
            incident: 0,
        };
        let mut findings: Vec<Finding> = (0..500).map(finding).collect();
        put_in_order(&mut findings);
        assert!(findings.is_sorted_by_key(place));
        let mut prints: Vec<Fingerprint> = findings.iter().map(|one| one.fingerprint).collect();
        prints.sort_unstable();
        prints.dedup();
        assert_eq!(prints.len(), 500);
    }
}
