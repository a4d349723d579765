//! Which endpoints have rows in which hours: what tells exports apart that hold nothing in common.

use ringback_model::{Digest, Fingerprint, Instant, Log, Map};
use std::collections::BTreeMap;

/// An hour, counted from 1970.
pub type Hour = i64;

/// The hour that an instant lies in.
#[inline]
pub fn hour(at: Instant) -> Hour {
    at.seconds().div_euclid(3600)
}

/// A number for an endpoint in a kind of log: rows of two kinds are never the same. Two endpoints may have the same number,
/// which costs time and nothing else.
pub fn endpoint_number(log: Log, name: &str) -> u64 {
    let Fingerprint(bits) = Digest::of("endpoint").text(log.as_str()).text(name).fingerprint();
    u64::try_from(bits >> 64).expect("64 bits")
}

/// The endpoints that have rows in each hour of one source. It grows with endpoints and hours.
#[derive(Clone, Debug, Default)]
pub struct Presence {
    hours: BTreeMap<Hour, Present>,
}

/// The endpoints that have rows in an hour. Most are told of once, and most hours are never compared with others, so that a
/// list costs less than a set.
#[derive(Clone, Debug, Default)]
struct Present {
    endpoints: Vec<u64>,
    /// How many of them there were when each stood there once.
    distinct: usize,
}

/// A list with this many endpoints twice over is looked through for those that stand there more than once.
const FEW: usize = 512;

impl Present {
    fn add(&mut self, endpoint: u64) {
        if self.endpoints.len() >= 2 * self.distinct.max(FEW) {
            self.endpoints.sort_unstable();
            self.endpoints.dedup();
            self.distinct = self.endpoints.len();
        }
        self.endpoints.push(endpoint);
    }
}

impl Presence {
    /// Takes in that an endpoint has a row in an hour.
    pub fn add(&mut self, hour: Hour, endpoint: u64) {
        self.hours.entry(hour).or_default().add(endpoint);
    }

    /// Adds all that another split of the same source has.
    pub fn merge(&mut self, other: Presence) {
        for (hour, present) in other.hours {
            let mine = self.hours.entry(hour).or_default();
            present.endpoints.into_iter().for_each(|endpoint| mine.add(endpoint));
        }
    }

    /// The hours in which there are rows.
    pub fn hours(&self) -> impl Iterator<Item = Hour> + '_ {
        self.hours.keys().copied()
    }
}

/// The hours in which one endpoint has rows in several sources: there, and nowhere else, two sources may hold the same
/// row.
pub fn shared_hours(sources: &[&Presence]) -> Vec<Hour> {
    let mut by_hour: BTreeMap<Hour, Vec<&Present>> = BTreeMap::new();
    for (hour, present) in sources.iter().flat_map(|source| &source.hours) {
        by_hour.entry(*hour).or_default().push(present);
    }
    by_hour.into_iter().filter(|(_, sources)| meet(sources)).map(|(hour, _)| hour).collect()
}

/// Whether two of the sources have an endpoint in common.
fn meet(sources: &[&Present]) -> bool {
    // In which of the sources each was met first.
    let mut first: Map<u64, usize> = Map::default();
    let mut met = |endpoint: u64, source: usize| *first.entry(endpoint).or_insert(source) != source;
    let shares = |(source, present): (usize, &Present)| present.endpoints.iter().any(|one| met(*one, source));
    sources.len() > 1 && sources.iter().copied().enumerate().any(shares)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringback_model::Set;

    fn presence(rows: &[(Hour, u64)]) -> Presence {
        let mut presence = Presence::default();
        for (hour, endpoint) in rows {
            presence.add(*hour, *endpoint);
        }
        presence
    }

    #[test]
    fn hours_are_shared_by_endpoint() {
        let mut one = presence(&[(1, 10), (1, 11), (2, 10)]);
        one.merge(presence(&[(2, 12), (7, 1)]));
        let other = presence(&[(1, 12), (2, 12), (3, 10), (-4, 3)]);
        let third = presence(&[(3, 10), (-4, 4), (7, 2)]);
        assert_eq!(shared_hours(&[&one, &other, &third]), [2, 3]);
        assert!(shared_hours(&[&one]).is_empty());
        assert_eq!(one.hours().collect::<Vec<_>>(), [1, 2, 7]);
    }

    #[test]
    fn an_endpoint_that_is_told_of_again_and_again_is_there_once() {
        let (mut one, mut expected) = (Presence::default(), Set::default());
        for endpoint in (0..20).flat_map(|round| (0..700).map(move |number| number * (round % 3 + 1))) {
            one.add(5, endpoint);
            expected.insert(endpoint);
        }
        let present = &one.hours[&5];
        assert!(present.endpoints.len() <= 2 * expected.len(), "{}", present.endpoints.len());
        assert_eq!(present.endpoints.iter().copied().collect::<Set<u64>>(), expected);
        assert!(
            shared_hours(&[&one]).is_empty() && shared_hours(&[&one, &presence(&[(5, 3_001)])]).is_empty()
        );
        assert_eq!(shared_hours(&[&one, &presence(&[(5, 3_001), (5, 1_398)])]), [5]);
    }

    #[test]
    fn hours_start_at_full_hours() {
        for (second, expected) in [(0, 0), (3599, 0), (3600, 1), (-1, -1), (-3600, -1), (-3601, -2)] {
            assert_eq!(hour(Instant::from_seconds(second)), expected, "{second}");
        }
    }

    #[test]
    fn endpoints_are_told_apart_by_name_and_log() {
        let number = endpoint_number(Log::Callback, "A");
        assert_eq!(number, endpoint_number(Log::Callback, "A"));
        assert_ne!(number, endpoint_number(Log::Callback, "a"));
        assert_ne!(number, endpoint_number(Log::Connection, "A"));
    }
}
