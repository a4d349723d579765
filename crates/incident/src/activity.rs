//! When hosts were active: days and hours of the day.

use crate::names::Name;
use ringback_model::case::Host;
use ringback_model::{Activity, Calendar, DetectionRef, Instant, Map, Symbols};
use std::collections::{BTreeMap, BTreeSet};

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
    days: BTreeSet<i64>,
    hours: [u64; 24],
    rows: u64,
}

impl Times {
    fn merge(&mut self, other: Times) {
        self.days.extend(other.days);
        self.hours.iter_mut().zip(other.hours).for_each(|(mine, theirs)| *mine += theirs);
        self.rows += other.rows;
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
        for (at, rows) in instants {
            let (day, hour) = self.calendar.day_and_hour(at);
            times.days.insert(day);
            times.hours[hour] += rows;
            times.rows += rows;
        }
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
                host.activity = Activity { days: days.len() as u64, hours: *hours, rows: *rows };
            }
        }
    }
}
