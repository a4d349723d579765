//! How evenly rows follow each other: statistics of their gaps, and a score that is made from them.
//!
//! `docs/PERIODICITY.md` tells the method and its sources. All of it is in whole numbers, so that it comes out the same
//! everywhere.

use ringback_model::{Gaps, Instant, Periodicity, Rhythm};

/// With fewer gaps than these nothing is said of how even they are: of 16 gaps at random one in forty looks even, of these
/// one in two hundred.
pub const LEAST_GAPS: usize = 24;

/// The lowest score of what is called regular.
pub const REGULAR: u8 = 50;

/// Instants that follow the one before within so many seconds belong to one burst.
pub const BURST: u64 = 10;

/// The shortest period, in seconds, that may be told from the starts of bursts: far above the gap that ends one, which would
/// look like a period by itself.
pub const LEAST_BURST_PERIOD: u64 = 60;

/// A second with so many rows is one of a batch.
pub const BATCH: u64 = 5;

/// How many beats a gap stands for at the most: a longer one is a pause, as when a host is switched off.
const MOST_BEATS: u64 = 10;

/// The evenness of gaps that are all multiples of a period, of which at least half of the beats are seen.
const EVEN: u64 = 1_000_000;

/// Whether so many rows are enough for statistics of them.
pub fn is_enough(rows: u64) -> bool {
    rows > LEAST_GAPS as u64
}

/// The statistics of distinct seconds, which are in order, with the rows that were logged in each. `complete` says whether
/// they are all of the finding's.
pub fn periodicity(instants: &[(Instant, u64)], complete: bool) -> Periodicity {
    let rows = |least: u64| instants.iter().map(|(_, rows)| *rows).filter(|rows| *rows >= least).sum::<u64>();
    let (events, equal, batched) = (rows(1), rows(2), rows(BATCH));
    let seconds: Vec<i64> = instants.iter().map(|(at, _)| at.seconds()).collect();
    let fit = best(&seconds);
    let told = fit.as_ref().filter(|(gaps, _, _)| gaps.len() >= LEAST_GAPS).map(|(_, _, fit)| fit.score());
    let (rhythm, score) = match told {
        _ if batched > 0 && batched * 2 >= events => (Rhythm::BatchUpload, None),
        None => (Rhythm::TooFew, None),
        Some(score) if score >= REGULAR => (Rhythm::Regular, Some(score)),
        Some(score) => (Rhythm::Irregular, Some(score)),
    };
    let end = |at: Option<&(Instant, u64)>| at.map_or(Instant::from_seconds(0), |(at, _)| *at);
    Periodicity {
        rhythm,
        score,
        events,
        instants: to_u32(instants.len()),
        complete,
        equal,
        first: end(instants.first()),
        last: end(instants.last()),
        gaps: fit.map(|(gaps, of_bursts, fit)| statistics(&gaps, of_bursts, fit)),
    }
}

/// The gaps that are judged, sorted, whether they are between the starts of bursts, and what fits them best.
fn best(seconds: &[i64]) -> Option<(Vec<u64>, bool, Fit)> {
    let gaps = gaps(seconds);
    let fit = Fit::best(&gaps)?;
    Some(match of_bursts(seconds) {
        Some((of_bursts, burst_fit)) if burst_fit.evenness() > fit.evenness() => (of_bursts, true, burst_fit),
        _ => (gaps, false, fit),
    })
}

/// The gaps between the starts of bursts and what fits them best, where there are bursts and enough of them to tell a period.
fn of_bursts(seconds: &[i64]) -> Option<(Vec<u64>, Fit)> {
    let starts = starts(seconds);
    if starts.len() == seconds.len() || starts.len() <= LEAST_GAPS {
        return None;
    }
    let gaps = gaps(&starts);
    let fit = Fit::best(&gaps).filter(|fit| fit.period >= LEAST_BURST_PERIOD)?;
    Some((gaps, fit))
}

/// The seconds in which bursts start.
fn starts(seconds: &[i64]) -> Vec<i64> {
    let mut before = None;
    let starts = seconds.iter().filter(|second| {
        let within = before.is_some_and(|before: i64| second.abs_diff(before) <= BURST);
        before = Some(**second);
        !within
    });
    starts.copied().collect()
}

/// The gaps between neighbours, the shortest first.
fn gaps(seconds: &[i64]) -> Vec<u64> {
    let mut gaps: Vec<u64> = seconds.windows(2).map(|pair| pair[1].abs_diff(pair[0])).collect();
    gaps.sort_unstable();
    gaps
}

/// How well a period fits gaps.
#[derive(Clone, Copy, Debug)]
struct Fit {
    period: u64,
    gaps: u64,
    /// The sum of how far each gap is from the nearest multiple of the period.
    off: u64,
    /// How many beats the gaps stand for.
    beats: u64,
}

impl Fit {
    /// The one that fits best of the periods that the gaps themselves suggest; the shortest of those that fit alike.
    fn best(gaps: &[u64]) -> Option<Fit> {
        const STEPS: usize = 40;
        let last = gaps.len().checked_sub(1)?;
        let mut best = Fit::at_least(gaps[last / 2], gaps, 0)?;
        let mut evenness = best.evenness();
        let mut before = 0;
        for step in 2..STEPS - 1 {
            let period = gaps[last * step / STEPS];
            if period == before {
                continue;
            }
            before = period;
            let Some(fit) = Fit::at_least(period, gaps, evenness) else { continue };
            let its = fit.evenness();
            if (its, best.period) > (evenness, period) {
                (best, evenness) = (fit, its);
            }
        }
        Some(best)
    }

    /// How well a period fits sorted gaps: one after the other they stand for as many beats or for more, so that beats are
    /// worked out where they become more. `None` as soon as it is certain that they are less even than `least`: what is off
    /// only grows with every gap that is added, and seeing too few of the beats makes nothing more even.
    fn at_least(period: u64, gaps: &[u64], least: u64) -> Option<Fit> {
        let mut fit = Fit { period, gaps: gaps.len() as u64, off: 0, beats: 0 };
        let most_off = fit.most_off(least);
        // What comes before half of the period is over does not keep to it at all.
        let early = gaps.partition_point(|gap| 2 * gap < period);
        fit.off = early as u64 * period;
        let (mut beats, mut until) = (0, period);
        for gap in &gaps[early..] {
            if fit.off > most_off {
                return None;
            }
            if 2 * gap >= until {
                beats = (2 * gap + period) / (2 * period);
                until = (2 * beats + 1) * period;
            }
            fit.off += gap.abs_diff(beats * period);
            fit.beats += beats.min(MOST_BEATS);
        }
        (fit.evenness() >= least).then_some(fit)
    }

    /// How much the gaps may be off to be as even as a figure, were all beats seen.
    fn most_off(&self, figure: u64) -> u64 {
        if figure == 0 {
            return u64::MAX;
        }
        let whole = u128::from(self.period * self.gaps);
        u64::try_from(whole * u128::from(EVEN.saturating_sub(figure)) / (2 * u128::from(EVEN)))
            .unwrap_or(u64::MAX)
    }

    /// How even the gaps are, from 0 to [`EVEN`]: nothing off, and at least half of the beats seen.
    fn evenness(&self) -> u64 {
        let whole = u128::from(self.period * self.gaps);
        let steady = whole.saturating_sub(2 * u128::from(self.off));
        let beats = self.beats.max(1);
        let even = u128::from(EVEN) * steady * u128::from(beats.min(2 * self.gaps));
        u64::try_from(even / (whole * u128::from(beats))).unwrap_or(u64::MAX)
    }

    fn score(&self) -> u8 {
        percent(self.evenness(), EVEN)
    }
}

/// The statistics of sorted gaps.
fn statistics(gaps: &[u64], of_bursts: bool, fit: Fit) -> Gaps {
    let median = median(gaps);
    let mut deviations: Vec<u64> = gaps.iter().map(|gap| gap.abs_diff(median)).collect();
    deviations.sort_unstable();
    let (mode, near_mode) = mode(gaps);
    Gaps {
        count: to_u32(gaps.len()),
        of_bursts,
        median,
        deviation: self::median(&deviations),
        mode,
        near_mode,
        period: fit.period,
        jitter: percent(2 * fit.off, fit.period * fit.gaps),
        seen: percent(fit.gaps, fit.beats.max(fit.gaps)),
    }
}

/// The median of a sorted list; of an even number the lower of the two in the middle.
fn median(sorted: &[u64]) -> u64 {
    sorted.get(sorted.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}

/// The gap that most others are within a twentieth of, or a second; the shortest of those with as many.
fn mode(gaps: &[u64]) -> (u64, u32) {
    let mut best = (0, 0);
    let (mut from, mut to) = (0, 0);
    for gap in gaps {
        let near = (gap / 20).max(1);
        // Both ends of what is near go up with the gap.
        from += gaps[from..].iter().take_while(|one| *one + near < *gap).count();
        to += gaps[to..].iter().take_while(|one| **one <= gap + near).count();
        if to - from > best.1 {
            best = (*gap, to - from);
        }
    }
    (best.0, to_u32(best.1))
}

/// A share in per cent, rounded.
fn percent(part: u64, whole: u64) -> u8 {
    let (part, whole) = (u128::from(part), u128::from(whole.max(1)));
    u8::try_from((200 * part + whole) / (2 * whole)).unwrap_or(u8::MAX)
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(seconds: impl IntoIterator<Item = i64>) -> Periodicity {
        let instants: Vec<(Instant, u64)> =
            seconds.into_iter().map(|second| (Instant::from_seconds(second), 1)).collect();
        periodicity(&instants, true)
    }

    #[test]
    fn an_even_beat_has_the_full_score() {
        let told = told((0..30).map(|beat| 1_000 + beat * 300));
        let gaps = Gaps {
            count: 29,
            of_bursts: false,
            median: 300,
            deviation: 0,
            mode: 300,
            near_mode: 29,
            period: 300,
            jitter: 0,
            seen: 100,
        };
        let expected = Periodicity {
            rhythm: Rhythm::Regular,
            score: Some(100),
            events: 30,
            instants: 30,
            complete: true,
            equal: 0,
            first: Instant::from_seconds(1_000),
            last: Instant::from_seconds(9_700),
            gaps: Some(gaps),
        };
        assert_eq!(told, expected);
    }

    #[test]
    fn missed_beats_are_folded() {
        // Each third beat is missing: gaps of 300 and 600 by turns, and three beats for two gaps.
        let told = told((0..40).filter(|beat| beat % 3 != 2).map(|beat| beat * 300));
        let gaps = told.gaps.unwrap();
        assert_eq!((told.score, gaps.count), (Some(100), 26));
        assert_eq!((gaps.period, gaps.jitter, gaps.seen), (300, 0, 67));
        assert_eq!((gaps.median, gaps.deviation, gaps.mode, gaps.near_mode), (300, 0, 300, 13));
    }

    #[test]
    fn the_jitter_is_that_of_the_gaps() {
        // Gaps of 80, 90, 100, 110 and 120: 12 off on average, which is what gaps evenly within 24 of 100 are.
        let mut at = 0;
        let told = told((0..26).map(|beat| {
            at += [80, 110, 90, 120, 100][beat % 5];
            at
        }));
        let gaps = told.gaps.unwrap();
        assert_eq!((gaps.count, gaps.median, gaps.deviation), (25, 100, 10));
        assert_eq!((gaps.period, gaps.jitter, gaps.seen, told.score), (100, 24, 100, Some(76)));
        assert_eq!((gaps.mode, gaps.near_mode), (80, 5));
    }

    #[test]
    fn a_night_is_a_pause_and_bursts_are_one_beat() {
        let day = |day: i64| (0..100).map(move |beat| day * 86_400 + beat * 300);
        let told_days = told(day(0).chain(day(1)));
        assert_eq!((told_days.score, told_days.gaps.unwrap().seen), (Some(100), 96));
        let burst = told((0..30).flat_map(|beat| [0, 3, 9].map(|second| beat * 600 + second)));
        let gaps = burst.gaps.unwrap();
        assert!(gaps.of_bursts);
        assert_eq!((burst.instants, gaps.count, gaps.period, burst.score), (90, 29, 600, Some(100)));
    }

    #[test]
    fn gaps_of_every_length_are_irregular() {
        // The quantiles of an exponential distribution with a mean of 1,000, shuffled by a step.
        let quantile = |n: u32| (-1_000.0 * (1.0 - (f64::from(n) + 0.5) / 101.0).ln()).round();
        let mut at = 0;
        let told = told((0..101u32).map(|n| {
            #[expect(clippy::cast_possible_truncation, reason = "quantiles are small")]
            let gap = quantile(n * 37 % 101) as i64;
            at += gap;
            at
        }));
        assert_eq!(told.rhythm, Rhythm::Irregular);
        assert!(told.score.unwrap() < 35, "{told:?}");
    }

    #[test]
    fn what_is_given_up_early_would_not_have_been_the_best() {
        let mut seed: u64 = 7;
        let mut next = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        for case in 0..2_000 {
            let spread = [3, 100, 5_000, 1_000_000][case % 4];
            let mut gaps: Vec<u64> = (0..=next(80)).map(|_| 1 + next(spread)).collect();
            gaps.sort_unstable();
            for period in gaps.iter().copied() {
                let whole = Fit::at_least(period, &gaps, 0).unwrap();
                for least in [whole.evenness(), whole.evenness() + 1, next(1_000_000)] {
                    let fit = Fit::at_least(period, &gaps, least);
                    assert_eq!(fit.is_some(), whole.evenness() >= least, "{gaps:?} {period} {least}");
                    assert!(fit.is_none_or(|fit| (fit.off, fit.beats) == (whole.off, whole.beats)));
                }
            }
        }
    }

    #[test]
    fn batches_and_few_times_have_no_score() {
        let batch: Vec<(Instant, u64)> = (0..30).map(|n| (Instant::from_seconds(n * 3_600), 6)).collect();
        let told_batch = periodicity(&batch, true);
        assert_eq!((told_batch.rhythm, told_batch.score), (Rhythm::BatchUpload, None));
        assert_eq!((told_batch.events, told_batch.equal, told_batch.instants), (180, 180, 30));
        let pairs: Vec<(Instant, u64)> = (0..30).map(|n| (Instant::from_seconds(n * 3_600), 2)).collect();
        assert_eq!(periodicity(&pairs, true).score, Some(100));
        let least = i64::try_from(LEAST_GAPS).unwrap();
        let few = told((0..least).map(|n| n * 60));
        assert_eq!((few.rhythm, few.score, few.gaps.unwrap().count), (Rhythm::TooFew, None, 23));
        assert_eq!(told((0..=least).map(|n| n * 60)).rhythm, Rhythm::Regular);
        for nothing in [told([]), told([5])] {
            assert_eq!((nothing.rhythm, nothing.gaps), (Rhythm::TooFew, None));
        }
    }
}
