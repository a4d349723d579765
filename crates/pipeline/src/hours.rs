//! Hours in which several exports may hold the same rows.

use ringback_model::Instant;
use ringback_tally::Hour;

/// Hours, as stretches that do not touch each other: first hour, and the first one after.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hours(Vec<(Hour, Hour)>);

/// Asks whether instants lie in some hours. Most lie where the one before does, which costs next to nothing.
#[derive(Debug)]
pub(crate) struct WithinHours<'h> {
    hours: &'h Hours,
    /// A stretch in microseconds in which the answer is the same.
    known: (i64, i64),
    within: bool,
}

impl Hours {
    /// The hours that at least so many of the stretches have in common.
    pub(crate) fn covered(stretches: &[(Hour, Hour)], times: usize) -> Self {
        let starts = stretches.iter().map(|(from, _)| (*from, 1_i64));
        let ends = stretches.iter().map(|(_, to)| (*to, -1));
        let mut turns: Vec<(Hour, i64)> = starts.chain(ends).collect();
        turns.sort_unstable_by_key(|(hour, by)| (*hour, -by));
        let (mut open, mut since, mut covered) = (0_i64, 0, Vec::new());
        let times = i64::try_from(times).unwrap_or(i64::MAX);
        for (hour, by) in turns {
            if by > 0 && open + by == times {
                since = hour;
            } else if by < 0 && open == times && hour > since {
                covered.push((since, hour));
            }
            open += by;
        }
        Hours::of(covered)
    }

    /// All hours of some stretches.
    pub(crate) fn of(mut stretches: Vec<(Hour, Hour)>) -> Self {
        stretches.sort_unstable();
        let mut joined: Vec<(Hour, Hour)> = Vec::new();
        for (from, to) in stretches {
            match joined.last_mut().filter(|last| from <= last.1) {
                Some(last) => last.1 = last.1.max(to),
                None => joined.push((from, to)),
            }
        }
        Hours(joined)
    }

    /// These and others.
    pub(crate) fn and(&self, others: impl IntoIterator<Item = Hour>) -> Self {
        let others = others.into_iter().map(|hour| (hour, hour + 1));
        Hours::of(self.0.iter().copied().chain(others).collect())
    }

    /// The stretches, in order.
    pub(crate) fn stretches(&self) -> &[(Hour, Hour)] {
        &self.0
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an hour is one of them.
    pub(crate) fn contains(&self, hour: Hour) -> bool {
        self.meet(hour, hour)
    }

    /// Whether any hour from one to another, that one included, is one of them.
    pub(crate) fn meet(&self, first: Hour, last: Hour) -> bool {
        self.from(first).is_some_and(|(from, _)| from <= last)
    }

    /// The stretch that an hour lies in, or else the next one.
    fn from(&self, hour: Hour) -> Option<(Hour, Hour)> {
        let at = self.0.partition_point(|(_, to)| *to <= hour);
        self.0.get(at).copied()
    }

    /// What asks whether instants lie in them.
    pub(crate) fn asking(&self) -> WithinHours<'_> {
        let known = if self.is_empty() { (i64::MIN, i64::MAX) } else { (0, 0) };
        WithinHours { hours: self, known, within: false }
    }
}

impl WithinHours<'_> {
    /// Whether an instant lies in the hours.
    #[inline]
    pub(crate) fn contain(&mut self, at: Instant) -> bool {
        let micros = at.micros();
        if micros < self.known.0 || micros >= self.known.1 {
            self.look_up(at);
        }
        self.within
    }

    fn look_up(&mut self, at: Instant) {
        let hour = ringback_tally::hour(at);
        let stretches = self.hours.stretches();
        let next = stretches.partition_point(|(_, to)| *to <= hour);
        let before = next.checked_sub(1).map_or(Hour::MIN, |before| stretches[before].1);
        let (from, to) = stretches.get(next).copied().unwrap_or((Hour::MAX, Hour::MAX));
        self.within = from <= hour;
        let (from, to) = if self.within { (from, to) } else { (before, from) };
        let micros = |hour: Hour| hour.saturating_mul(3_600_000_000);
        self.known = (micros(from), micros(to));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn hours_are_those_that_several_cover(
            stretches in prop::collection::vec((-20i64..20, 0i64..9), 0..8),
            more in prop::collection::vec(-25i64..25, 0..4),
            order in Just((-30i64..30).collect::<Vec<_>>()).prop_shuffle(),
        ) {
            let stretches: Vec<_> = stretches.into_iter().map(|(from, length)| (from, from + length)).collect();
            let covers = |hour: Hour| {
                stretches.iter().filter(|(from, to)| *from <= hour && hour < *to).count() >= 2
            };
            let hours = Hours::covered(&stretches, 2);
            prop_assert!(hours.stretches().iter().all(|(from, to)| from < to));
            prop_assert!(hours.stretches().windows(2).all(|pair| pair[0].1 < pair[1].0));
            let all = hours.and(more.iter().copied());
            let (mut asking, mut asking_all) = (hours.asking(), all.asking());
            for hour in order {
                prop_assert_eq!(hours.contains(hour), covers(hour), "{}", hour);
                prop_assert_eq!(all.contains(hour), covers(hour) || more.contains(&hour), "{}", hour);
                prop_assert_eq!(hours.meet(hour, hour + 3), (hour..=hour + 3).any(covers), "{}", hour);
                for second in [0, 1800, 3599] {
                    let at = Instant::from_seconds(hour * 3600 + second);
                    prop_assert_eq!(asking.contain(at), covers(hour));
                    prop_assert_eq!(asking_all.contain(at), all.contains(hour));
                }
            }
        }
    }
}
