//! Stretches of time in which a log that has rows before and after has none, although it is not usually silent for so long.

use ringback_model::Instant;

/// How many hours with rows there have to be, so that something can be called usual.
const LEAST_HOURS: usize = 20;

/// The shortest silence that is told, in hours.
const LEAST: i64 = 24;

/// How many times as long as usual a silence has to be.
const TIMES: i64 = 5;

/// How many of the longest steps from one hour with rows to the next say what is usual.
const LONGEST: usize = 10;

/// The silences of a log, by the hours (counted from 1970) in which it has rows, in order and each once.
///
/// The usual is the median of the ten longest steps from one hour with rows to the next, which takes nights and weekends
/// into account where there are some of them. A silence is told from 24 hours on, if it is five times as long as that.
pub fn silences(hours: &[i64]) -> Vec<(Instant, Instant)> {
    if hours.len() < LEAST_HOURS {
        return Vec::new();
    }
    let mut steps: Vec<i64> = hours.windows(2).map(|pair| pair[1] - pair[0]).collect();
    steps.sort_unstable_by_key(|step| std::cmp::Reverse(*step));
    steps.truncate(LONGEST);
    let usual = steps[steps.len() / 2];
    let is_long = |pair: &&[i64]| pair[1] - pair[0] > LEAST && pair[1] - pair[0] >= TIMES * usual;
    let at = |hour: i64| Instant::from_seconds(hour * 3600);
    hours.windows(2).filter(is_long).map(|pair| (at(pair[0] + 1), at(pair[1]))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The silences over some hours, in hours.
    fn told(hours: impl Iterator<Item = i64>) -> Vec<(i64, i64)> {
        let hours: Vec<i64> = hours.collect();
        silences(&hours).iter().map(|(from, to)| (from.seconds() / 3600, to.seconds() / 3600)).collect()
    }

    #[test]
    fn only_what_is_longer_than_usual_is_told() {
        let without = |from: i64, to: i64| move |hour: &i64| !(from..to).contains(hour);
        assert_eq!(told(0..700), []);
        assert_eq!(told((0..700).filter(without(100, 124))), [(100, 124)]);
        assert_eq!(told((0..700).filter(without(100, 123))), []);
        assert_eq!(
            told((-700..-10).filter(without(-500, -400)).filter(without(-300, -200))),
            [(-500, -400), (-300, -200)]
        );
        // Nights of twelve hours, then weekends too, then a week off.
        let works = |hour: &i64| (7..19).contains(&(hour % 24));
        let weekdays = |hour: &i64| hour / 24 % 7 < 5;
        assert_eq!(told((0..1400).filter(works).filter(without(200, 240))), []);
        assert_eq!(told((0..1400).filter(works).filter(weekdays)), []);
        assert_eq!(told((0..1400).filter(works).filter(without(240, 408))), [(235, 415)]);
        assert_eq!(told([0, 1, 500].into_iter()), [], "too few to tell");
    }
}
