//! Stretches of time in which a detection is judged alike, each of which becomes a finding.
//!
//! Findings are large. So what orders them is gathered first, and each is made where it belongs.

use rayon::prelude::*;
use ringback_incident::{is_enough, periodicity, rank};
use ringback_model::rhythm::is_outbound;
use ringback_model::{Finding, FindingId, Map, Periodicity, Severity, Verdict};
use ringback_tally::{Cell, Counted, Series, SettledShard};

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
    severity: Severity,
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
        self.all.push(Stretch {
            rows: cell.rows(),
            id,
            severity: outcome.verdict.severity,
            outcome: known,
            from: number(at),
            cells: 1,
        });
        id
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

    /// The finding of a stretch.
    fn finding(&self, stretch: Stretch, shard: &SettledShard) -> Finding {
        let cells = &self.numbers[stretch.from as usize..][..stretch.cells as usize];
        let joined = |mut all: Cell, one: Cell| {
            all.merge(&one);
            all
        };
        let cell = cells.iter().map(|number| shard.get(*number).cell()).reduce(joined);
        let (Outcome { verdict, reasons, .. }, first) = (*self.outcome(stretch), self.first(stretch, shard));
        let mut tally = cell.expect("a stretch has a cell").finish();
        if is_enough(tally.rows) && is_outbound(&verdict) {
            tally.periodicity = rhythm(cells.iter().map(|number| shard.get(*number))).map(Box::new);
        }
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
/// There are as many shards as stretches of them.
pub(crate) fn findings(
    judged: &[Stretches],
    shards: &[SettledShard],
) -> (Vec<Finding>, Vec<(usize, Finding)>) {
    let parts = || judged.par_iter().zip(shards);
    let all = parts()
        .enumerate()
        .flat_map_iter(|(part, (stretches, _))| stretches.all.iter().map(move |stretch| (part, *stretch)));
    let suppression = |(part, stretch): &(usize, Stretch)| judged[*part].outcome(*stretch).suppression;
    let (mut accepted, mut order): (Vec<_>, Vec<_>) = all.partition(|one| suppression(one).is_some());
    let print =
        |(part, stretch): &(usize, Stretch)| judged[*part].first(*stretch, &shards[*part]).key.fingerprint;
    order.par_sort_unstable_by(|one, other| {
        let ranked = |(_, one): &(usize, Stretch)| rank(one.severity, one.rows, one.id);
        ranked(one).cmp(&ranked(other)).then_with(|| print(one).cmp(&print(other)))
    });
    // Where one detection has several, they are in order of time.
    accepted.sort_by_key(print);
    let finding = |(part, stretch): (usize, Stretch)| judged[part].finding(stretch, &shards[part]);
    let findings = order.into_par_iter().map(finding).collect();
    let accepted = accepted.into_iter().filter_map(|one| Some((suppression(&one)?, finding(one))));
    (findings, accepted.collect())
}
