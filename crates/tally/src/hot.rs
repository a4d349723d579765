//! What is touched for every row, apart from what is touched now and then.

use crate::pages::Pages;
use crate::samples::{Places, Ports, key};
use crate::{Cell, Grid, Seen};
use ringback_model::Instant;

/// How many times wait to be counted on the grid.
const WAITING: usize = 20;

/// What counting a row looks at: two neighbouring lines of a processor's cache. Where there are many detections, a row
/// takes the time of waiting for memory; so nothing else is touched but for the first rows and each twentieth.
#[repr(align(128))]
#[derive(Clone, Debug)]
pub(crate) struct Hot {
    rows: u64,
    occurrences: u64,
    first: Instant,
    last: Instant,
    /// Only places with a key up to this one can be evidence.
    evidence_to: u64,
    /// Only ports below this one can be among the smallest.
    ports_below: u32,
    waiting: u32,
    /// Seconds since 1970 that are not yet counted on the grid.
    times: [u32; WAITING],
}

/// What is touched now and then.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cold {
    grid: Grid,
    evidence: Places,
    other_ports: Ports,
}

impl Hot {
    /// Before any row; the first will be at this instant.
    pub(crate) fn new(first: Instant) -> Self {
        Hot {
            rows: 0,
            occurrences: 0,
            first,
            last: first,
            evidence_to: u64::MAX,
            ports_below: u32::MAX,
            waiting: 0,
            times: [0; WAITING],
        }
    }

    /// Looks at both lines.
    #[inline]
    pub(crate) fn warm(&self) -> u64 {
        self.rows ^ u64::from(self.times[WAITING - 1])
    }

    /// Counts one row. `number` is that of its cold part.
    #[inline]
    pub(crate) fn count(&mut self, seen: Seen, cold: &mut Pages<Cold>, number: usize) {
        self.rows += 1;
        self.occurrences = self.occurrences.saturating_add(seen.occurrences);
        self.first = self.first.min(seen.at);
        self.last = self.last.max(seen.at);
        if key(seen.place) <= self.evidence_to {
            self.evidence_to = cold[number].evidence.keep(seen.place);
        }
        if let Some(port) = seen.other_port.filter(|port| u32::from(*port) < self.ports_below) {
            self.ports_below = cold[number].other_ports.keep(port);
        }
        match u32::try_from(seen.at.seconds()) {
            Ok(second) => self.wait(second, cold, number),
            Err(_) => cold[number].grid.add(seen.at, 1),
        }
    }

    #[inline]
    fn wait(&mut self, second: u32, cold: &mut Pages<Cold>, number: usize) {
        self.times[self.waiting as usize] = second;
        self.waiting += 1;
        if self.waiting as usize == WAITING {
            self.settle(&mut cold[number]);
        }
    }

    /// Counts on the grid what waits.
    fn settle(&mut self, cold: &mut Cold) {
        for second in &self.times[..self.waiting as usize] {
            cold.grid.add(Instant::from_seconds(i64::from(*second)), 1);
        }
        self.waiting = 0;
    }

    /// Both parts as one cell.
    pub(crate) fn with(mut self, mut cold: Cold) -> Cell {
        self.settle(&mut cold);
        let Cold { grid, evidence, other_ports } = cold;
        Cell {
            rows: self.rows,
            occurrences: self.occurrences,
            first: self.first,
            last: self.last,
            grid,
            evidence: evidence.sample(),
            other_ports: other_ports.sample(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ringback_model::Place;

    proptest! {
        #[test]
        fn both_parts_count_what_a_cell_counts(
            rows in prop::collection::vec((-100_000i64..9_000_000_000, 0u64..1500, 0u16..30, 1u64..5), 1..90),
        ) {
            let seen = |(second, byte, port, occurrences): (i64, u64, u16, u64)| Seen {
                at: Instant::from_seconds(second),
                place: Place { source: u32::from(port % 3), byte, record: byte, line: byte },
                other_port: Some(port).filter(|port| *port > 3),
                occurrences,
            };
            let first = seen(rows[0]);
            let mut cell = Cell::new(first);
            let (mut hot, mut cold) = (Hot::new(first.at), Pages::default());
            cold.push(Cold::default());
            cold.push(Cold::default());
            hot.count(first, &mut cold, 1);
            for row in &rows[1..] {
                cell.add(seen(*row));
                hot.count(seen(*row), &mut cold, 1);
            }
            let cold = cold.into_iter().last().unwrap();
            prop_assert_eq!(hot.with(cold), cell);
        }
    }
}
