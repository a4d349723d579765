//! When hosts were active: days and hours of the day.

use crate::names::Name;
use ringback_model::case::Host;
use ringback_model::{Activity, Calendar, DetectionRef, Instant, Map, Symbols};
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
#[derive(Clone, Debug, Default)]
struct Times {
    days: Days,
    hours: [u64; 24],
    rows: u64,
}

impl Times {
    fn merge(&mut self, other: Times) {
        self.days.merge(other.days);
        self.hours.iter_mut().zip(other.hours).for_each(|(mine, theirs)| *mine += theirs);
        self.rows += other.rows;
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

    /// Adds rows of a detection at some instants.
    pub fn add(&mut self, row: DetectionRef<'_>, instants: impl IntoIterator<Item = (Instant, u64)>) {
        let name = Name::of_host(row);
        let HostTimes { places, times, .. } = self;
        let place = *places.entry(name).or_insert_with(|| {
            times.push((name, Times::default()));
            times.len() - 1
        });
        let times = &mut times[place].1;
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

    /// Tells hosts when they were active.
    pub fn tell(&self, hosts: &mut [Host]) {
        for host in hosts {
            if let Some(times) = self.0.get(&host.host.to_lowercase()) {
                let Times { days, hours, rows } = times;
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
