//! Trials of the periodicity score: made-up programs that call home by the clock, among traffic that does not. All of it comes
//! from a seed, so the table in `docs/PERIODICITY.md` is the same wherever it is made.

use crate::corpus::Random;
use ringback_incident::{LEAST_GAPS, periodicity};
use ringback_model::Instant;
use std::collections::BTreeMap;

/// The seed of the trials.
const SEED: u64 = 2_026;

/// How often each jitter is tried with each loss.
const EACH: usize = 25;

/// The jitter of the programs: each gap is drawn evenly within so many per cent of the period.
const JITTER: [u64; 5] = [0, 10, 20, 30, 40];

/// How many calls in a hundred are lost.
const LOSS: [u64; 4] = [0, 10, 25, 50];

/// Their periods in seconds.
const PERIODS: [u64; 8] = [30, 60, 120, 300, 600, 1_800, 3_600, 7_200];

/// The mean gaps of the other traffic in seconds.
const MEANS: [u64; 7] = [60, 120, 300, 600, 1_800, 3_600, 7_200];

/// How many pairs of each kind of other traffic a program is put among.
const PAIRS: usize = 4;

const DAY: u64 = 86_400;

/// More events than the score looks at.
const EVENTS: usize = 400;

/// What came of a trial.
#[derive(Clone, Copy, Debug)]
struct Outcome {
    jitter: u64,
    loss: u64,
    /// The score of the program.
    beacon: u8,
    /// The best of the other traffic.
    background: u8,
}

/// All trials in order.
fn trials() -> Vec<Outcome> {
    let mut random = Random::new(SEED);
    let mut outcomes = Vec::new();
    for jitter in JITTER {
        for loss in LOSS {
            outcomes.extend((0..EACH).map(|_| trial(jitter, loss, &mut random)));
        }
    }
    outcomes
}

fn trial(jitter: u64, loss: u64, random: &mut Random) -> Outcome {
    let beacon = scored(random, |random| beacon(jitter, loss, random));
    let kinds: [fn(&mut Random) -> Vec<u64>; 3] = [poisson, office, browsing];
    let background = kinds.iter().flat_map(|kind| std::iter::repeat_n(kind, PAIRS));
    let background = background.map(|kind| scored(random, kind)).max().unwrap_or_default();
    Outcome { jitter, loss, beacon, background }
}

/// The score of traffic; that with too few gaps to tell is made anew.
fn scored(random: &mut Random, make: impl Fn(&mut Random) -> Vec<u64>) -> u8 {
    loop {
        let mut seconds = BTreeMap::<u64, u64>::new();
        for milliseconds in make(random) {
            *seconds.entry(milliseconds / 1_000).or_default() += 1;
        }
        let instant = |(second, rows): (u64, u64)| (Instant::from_seconds(second.cast_signed()), rows);
        let instants: Vec<(Instant, u64)> = seconds.into_iter().take(256).map(instant).collect();
        if let Some(score) = periodicity(&instants, true).score {
            return score;
        }
    }
}

/// Calls home, in milliseconds: for one to seven days, but long enough for 40 of them.
fn beacon(jitter: u64, loss: u64, random: &mut Random) -> Vec<u64> {
    let period = random.pick(&PERIODS) * 1_000;
    let days = random.pick(&[1, 2, 3, 7]) * DAY * 1_000;
    let end = days.max(period * 40 * 100 / (100 - loss));
    let (mut at, mut calls) = (random.below(period), Vec::new());
    while at < end && calls.len() < EVENTS {
        if !random.percent(loss) {
            calls.push(at);
        }
        at += period * (100 - jitter) / 100 + random.below(2 * period * jitter / 100 + 1);
    }
    calls
}

/// Events that know nothing of each other, for a week.
fn poisson(random: &mut Random) -> Vec<u64> {
    let mean = random.pick(&MEANS) * 1_000;
    let (mut at, mut events) = (0, Vec::new());
    while at < 7 * DAY * 1_000 && events.len() < EVENTS {
        at += waited(mean, random);
        events.push(at);
    }
    events
}

/// The same in office hours alone.
fn office(random: &mut Random) -> Vec<u64> {
    let mut events = poisson(random);
    events.retain(|at| (8 * 3_600..18 * 3_600).contains(&(at / 1_000 % DAY)));
    events
}

/// Somebody who reads pages in office hours: bursts of requests, half a minute apart on average.
fn browsing(random: &mut Random) -> Vec<u64> {
    let mut events = Vec::new();
    for mut at in office(random) {
        for _ in 0..3 + random.below(18) {
            events.push(at);
            at += waited(30_000, random);
        }
    }
    events.sort_unstable();
    events
}

/// How long it takes until something happens that happens at any moment alike: tried in steps of a fiftieth of the mean, as a
/// logarithm is not the same everywhere.
fn waited(mean: u64, random: &mut Random) -> u64 {
    let step = mean / 50;
    let mut waited = random.below(step);
    while random.below(50) > 0 {
        waited += step;
    }
    waited
}

/// The table of the trials by jitter and loss, and what they come to.
pub(crate) fn table() -> String {
    let outcomes = trials();
    let mut text = "| jitter | loss | trials | above all others | score: lowest | median | best of the others: median | highest |\n|--:|--:|--:|--:|--:|--:|--:|--:|\n".to_owned();
    for of in outcomes.chunk_by(|one, other| (one.jitter, one.loss) == (other.jitter, other.loss)) {
        let (jitter, loss) = (of[0].jitter, of[0].loss);
        let sorted = |score: fn(&Outcome) -> u8| {
            let mut scores: Vec<u8> = of.iter().map(score).collect();
            scores.sort_unstable();
            scores
        };
        let (beacons, others) = (sorted(|one| one.beacon), sorted(|one| one.background));
        text += &format!(
            "| {jitter} % | {loss} % | {} | {} | {} | {} | {} | {} |\n",
            of.len(),
            above(of),
            beacons[0],
            beacons[of.len() / 2],
            others[of.len() / 2],
            others[of.len() - 1],
        );
    }
    let (all, above) = (outcomes.len(), above(&outcomes));
    text + &format!(
        "\n{above} of {all} programs ({} %) have a higher score than each of the {} other pairs that they are put among, each \
         of which has at least {LEAST_GAPS} gaps.\n",
        above * 100 / all,
        3 * PAIRS
    )
}

fn above(outcomes: &[Outcome]) -> usize {
    outcomes.iter().filter(|one| one.beacon > one.background).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringback_incident::REGULAR;

    #[test]
    fn the_report_says_with_how_few_gaps_nothing_is_told() {
        for language in ringback_model::LANGUAGES {
            let file = crate::root().join("crates/template/words").join(language).join("spread.toml");
            let words: toml::Table = toml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
            let said = words["label.rhythms-intro"].as_str().unwrap();
            assert!(said.contains(&LEAST_GAPS.to_string()), "{language}: {said}");
            assert!(said.contains(&REGULAR.to_string()), "{language}: {said}");
        }
    }

    #[test]
    fn programs_that_call_home_rank_above_other_traffic() {
        let outcomes = trials();
        assert_eq!(outcomes.len(), 500);
        let above = above(&outcomes);
        assert!(above * 100 >= outcomes.len() * 95, "{above} of {}", outcomes.len());
        let regular = outcomes.iter().filter(|one| one.beacon >= REGULAR).count();
        assert!(regular * 100 >= outcomes.len() * 95, "{regular} of {} are called regular", outcomes.len());
        let wrong = outcomes.iter().filter(|one| one.background >= REGULAR).count();
        assert!(wrong * 100 <= outcomes.len(), "{wrong} other pairs are called regular");
    }
}
