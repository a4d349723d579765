//! Which endpoints have rows in which hours: what tells exports apart that hold nothing in common.

use ringback_model::{Digest, Fingerprint, Instant, Log, Set};
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
    hours: BTreeMap<Hour, Set<u64>>,
}

impl Presence {
    /// Takes in that an endpoint has a row in an hour.
    pub fn add(&mut self, hour: Hour, endpoint: u64) {
        self.hours.entry(hour).or_default().insert(endpoint);
    }

    /// Adds all that another split of the same source has.
    pub fn merge(&mut self, other: Presence) {
        for (hour, endpoints) in other.hours {
            self.hours.entry(hour).or_default().extend(endpoints);
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
    let mut by_hour: BTreeMap<Hour, Vec<&Set<u64>>> = BTreeMap::new();
    for (hour, endpoints) in sources.iter().flat_map(|source| &source.hours) {
        by_hour.entry(*hour).or_default().push(endpoints);
    }
    by_hour.into_iter().filter(|(_, sources)| meet(sources)).map(|(hour, _)| hour).collect()
}

/// Whether two of the sets have anything in common.
fn meet(sets: &[&Set<u64>]) -> bool {
    let mut seen = Set::default();
    sets.len() > 1 && sets.iter().copied().flatten().any(|endpoint| !seen.insert(*endpoint))
}

#[cfg(test)]
mod tests {
    use super::*;

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
