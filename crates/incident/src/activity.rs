//! When hosts were active: days and hours of the day.

use crate::names::Name;
use ringback_model::case::Host;
use ringback_model::{Activity, Calendar, DetectionRef, Instant, Map, Severity, Symbols};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The times of hosts while they are added up, in the order in which hosts are met.
#[derive(Debug)]
pub struct HostTimes<'s> {
    calendar: &'s Calendar,
    symbols: &'s Symbols,
    places: Map<Name, usize>,
    times: Vec<(Name, Times)>,
}

/// The times of one host.
#[derive(Clone, Debug)]
struct Times {
    days: Days,
    hours: [u64; 24],
    rows: u64,
    /// How bad the worst of its rows are, and how many it has, those included of which no instant is known.
    weight: (Severity, u64),
}

impl Default for Times {
    fn default() -> Self {
        Times { days: Days::default(), hours: [0; 24], rows: 0, weight: (Severity::Info, 0) }
    }
}

impl Times {
    fn weigh(&mut self, (severity, rows): (Severity, u64)) {
        self.weight = (self.weight.0.worse(severity), self.weight.1 + rows);
    }

    fn merge(&mut self, other: Times) {
        self.days.merge(other.days);
        self.hours.iter_mut().zip(other.hours).for_each(|(mine, theirs)| *mine += theirs);
        self.rows += other.rows;
        self.weigh(other.weight);
    }
}

/// A set of days: 64 in a row are the bits of one number, so that days which are close to each other cost next to nothing.
#[derive(Clone, Debug, Default)]
struct Days(BTreeMap<i64, u64>);

impl Days {
    /// The number that a day is a bit of, and the bit.
    fn bit(day: i64) -> (i64, u64) {
        (day.div_euclid(64), 1 << day.rem_euclid(64))
    }

    fn add(&mut self, place: i64, bits: u64) {
        if bits != 0 {
            *self.0.entry(place).or_default() |= bits;
        }
    }

    fn merge(&mut self, other: Days) {
        other.0.into_iter().for_each(|(place, bits)| self.add(place, bits));
    }

    fn count(&self) -> u64 {
        self.0.values().map(|bits| u64::from(bits.count_ones())).sum()
    }
}

/// The times of all hosts, by name in lower case.
#[derive(Clone, Debug, Default)]
pub struct AllTimes(BTreeMap<String, Times>);

impl<'s> HostTimes<'s> {
    /// No times yet.
    pub fn new(calendar: &'s Calendar, symbols: &'s Symbols) -> Self {
        HostTimes { calendar, symbols, places: Map::default(), times: Vec::new() }
    }

    /// Adds rows of a detection: how bad and how many they are, and the instants that are known of them.
    pub fn add(
        &mut self,
        row: DetectionRef<'_>,
        weight: (Severity, u64),
        instants: impl IntoIterator<Item = (Instant, u64)>,
    ) {
        let name = Name::of_host(row);
        let HostTimes { places, times, .. } = self;
        let place = *places.entry(name).or_insert_with(|| {
            times.push((name, Times::default()));
            times.len() - 1
        });
        let times = &mut times[place].1;
        times.weigh(weight);
        let (mut begun, mut bits) = (0, 0);
        for (at, rows) in instants {
            let (day, hour) = self.calendar.day_and_hour(at);
            let (place, bit) = Days::bit(day);
            if place != begun {
                times.days.add(begun, bits);
                (begun, bits) = (place, 0);
            }
            bits |= bit;
            times.hours[hour] += rows;
            times.rows += rows;
        }
        times.days.add(begun, bits);
    }

    /// The times by name.
    pub fn finish(self) -> AllTimes {
        let mut all: BTreeMap<String, Times> = BTreeMap::new();
        for (name, times) in self.times {
            all.entry(name.text(self.symbols).to_lowercase()).or_default().merge(times);
        }
        AllTimes(all)
    }
}

impl AllTimes {
    /// Adds all that another has.
    pub fn merge(&mut self, other: AllTimes) {
        for (name, times) in other.0 {
            self.0.entry(name).or_default().merge(times);
        }
    }

    /// The names of the first hosts in the report's order, in lower case.
    pub fn first_hosts(&self, most: usize) -> Vec<&str> {
        let mut ranked: Vec<(Severity, Reverse<u64>, &str)> = Vec::with_capacity(self.0.len());
        ranked.extend(self.0.iter().map(|(name, Times { weight: (severity, rows), .. })| {
            (*severity, Reverse(*rows), name.as_str())
        }));
        ranked.sort_unstable();
        ranked.truncate(most);
        ranked.into_iter().map(|(.., name)| name).collect()
    }

    /// Tells hosts when they were active.
    pub fn tell(&self, hosts: &mut [Host]) {
        for host in hosts {
            if let Some(times) = self.0.get(&host.host.to_lowercase()) {
                let Times { days, hours, rows, weight: _ } = times;
                host.activity = Activity { days: days.count(), hours: *hours, rows: *rows };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_a_set_before_and_after_the_first() {
        let mut days = Days::default();
        for day in [-65, -64, -1, 0, 63, 64, 20_000, -1, 63] {
            let (place, bit) = Days::bit(day);
            days.add(place, bit);
        }
        days.add(9, 0);
        assert_eq!(days.count(), 7);
        let mut other = Days::default();
        for day in [0, 1] {
            let (place, bit) = Days::bit(day);
            other.add(place, bit);
        }
        other.merge(days);
        assert_eq!(other.count(), 8);
    }
}
