//! Logs of the same events whose clocks differ: a time zone is probably wrong.
//!
//! Pairs of a host and a remote end that two logs hold are compared by the times of their first and last rows. Each pair
//! votes for the multiples of 15 minutes by which these differ; a multiple that most of the pairs vote for, and no fewer
//! than [`LEAST`], is told. Nothing is shifted.

use crate::names::Ends;
use crate::same_events::log_name;
use ringback_model::{Finding, Instant, Log, Map, Side, Sym, Symbols};
use std::collections::{BTreeMap, BTreeSet};

/// How many pairs have to agree at the least.
const LEAST: u64 = 5;

/// The step by which time zones differ, in seconds.
const STEP: i64 = 15 * 60;

/// By how much a difference may be off a multiple of it, in seconds: logs of one event are written at different moments.
const OFF: i64 = 120;

/// The largest difference between two time zones, in steps: 26 hours.
const MOST: i64 = 26 * 4;

/// The most logs that are compared with each other.
const LOGS: usize = 12;

/// Two logs of the same events, of which the clock of one is ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skew {
    /// The log that is behind: its kind and the product that it names.
    pub behind: (Log, Sym),
    /// The log that is ahead.
    pub ahead: (Log, Sym),
    /// By how many minutes.
    pub minutes: u64,
    /// How many pairs of a host and a remote end agree on that.
    pub pairs: u64,
    /// How many pairs both logs hold.
    pub of: u64,
}

/// The first and the last instant of each pair of ends.
type Pairs = Map<(u32, u32), (Instant, Instant)>;

/// The logs whose clocks differ, in the order of the logs.
pub fn skews(findings: &[Finding], ends: &Ends, symbols: &Symbols) -> Vec<Skew> {
    let names: BTreeSet<(Log, &str, Sym)> =
        findings.iter().map(log_name).map(|(log, product)| (log, symbols.text(product), product)).collect();
    if names.len() < 2 {
        return Vec::new();
    }
    let names: Vec<(Log, Sym)> =
        names.into_iter().map(|(log, _, product)| (log, product)).take(LOGS).collect();
    let mut pairs: Vec<Pairs> = vec![Pairs::default(); names.len()];
    for (number, finding) in findings.iter().enumerate() {
        let Some(log) = names.iter().position(|name| *name == log_name(finding)) else { continue };
        let tally = &finding.tally;
        let both = (ends.number(number, Side::Local), ends.number(number, Side::Remote));
        let known = pairs[log].entry(both).or_insert((tally.first, tally.last));
        *known = (known.0.min(tally.first), known.1.max(tally.last));
    }
    let mut skews = Vec::new();
    for (one, other) in (0..names.len()).flat_map(|one| (one + 1..names.len()).map(move |other| (one, other)))
    {
        skews.extend(skew((names[one], &pairs[one]), (names[other], &pairs[other])));
    }
    skews
}

fn skew(one: ((Log, Sym), &Pairs), other: ((Log, Sym), &Pairs)) -> Option<Skew> {
    let (mut votes, mut of) = (BTreeMap::<i64, u64>::new(), 0);
    #[expect(clippy::iter_over_hash_type, reason = "votes are counted, in any order")]
    for (both, (first, last)) in one.1 {
        let Some((other_first, other_last)) = other.1.get(both) else { continue };
        of += 1;
        let steps = [steps(*first, *other_first), steps(*last, *other_last)];
        for step in steps.into_iter().flatten().collect::<BTreeSet<_>>() {
            *votes.entry(step).or_default() += 1;
        }
    }
    // Of multiples with as many votes, the smallest difference.
    let (step, pairs) =
        votes.into_iter().min_by_key(|(step, votes)| (std::cmp::Reverse(*votes), step.abs(), *step))?;
    if step == 0 || pairs < LEAST || 2 * pairs <= of {
        return None;
    }
    let (behind, ahead) = if step > 0 { (one.0, other.0) } else { (other.0, one.0) };
    let minutes = step.unsigned_abs() * STEP.unsigned_abs() / 60;
    Some(Skew { behind, ahead, minutes, pairs, of })
}

/// By how many steps the second instant is after the first, if it is by a multiple.
fn steps(one: Instant, other: Instant) -> Option<i64> {
    let differ = other.seconds() - one.seconds();
    let steps = (differ + STEP / 2).div_euclid(STEP);
    ((differ - steps * STEP).abs() <= OFF && steps.abs() <= MOST).then_some(steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made::{Made, made};

    /// Pairs of which the callback log's times are `shift` later, `noise` more of them at times of their own.
    fn told(pairs: i64, shift: i64, noise: i64) -> Option<(i64, u64, u64)> {
        let mut symbols = Symbols::new();
        let mut findings = Vec::new();
        for n in 0..pairs + noise {
            let remote = format!("30.1.1.{n}");
            let first = n * 7919;
            let late = if n < pairs { shift + n % 3 } else { n * n * 577 + 400 };
            let one = Made { remote: &remote, first, last: first + 100, ..Made::default() };
            findings.push(made(&mut symbols, &one));
            let (first, last) = (first + late, first + late + 100);
            findings.push(made(&mut symbols, &Made { log: Log::Callback, first, last, ..one }));
        }
        let ends = Ends::of(&findings, &symbols);
        let told = skews(&findings, &ends, &symbols);
        findings.reverse();
        assert_eq!(skews(&findings, &Ends::of(&findings, &symbols), &symbols), told);
        let [skew] = told[..] else { return None };
        let sign = if skew.ahead.0 == Log::Callback { 1 } else { -1 };
        Some((sign * i64::try_from(skew.minutes).unwrap(), skew.pairs, skew.of))
    }

    #[test]
    fn a_constant_difference_of_most_pairs_is_told() {
        for (pairs, shift, noise, expected) in [
            (9, 7200, 0, Some((120, 9, 9))),
            (9, -3600, 4, Some((-60, 9, 13))),
            (5, 20_700, 0, Some((345, 5, 5))),
            (4, 7200, 0, None),
            (9, 0, 0, None),
            (9, 7400, 0, None),
            (9, 27 * 3600, 0, None),
            (6, 7200, 7, None),
        ] {
            assert_eq!(told(pairs, shift, noise), expected, "{pairs} {shift} {noise}");
        }
    }
}
