//! What is touched for every row, apart from what is touched now and then.

use crate::{Cell, EVIDENCE, Grid, OTHER_PORTS, Seen};
use ringback_model::{Instant, Place, Smallest};

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
    /// Only rows that stand before this byte can be evidence.
    evidence_before: u64,
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
    evidence: Smallest<Place, EVIDENCE>,
    other_ports: Smallest<u16, OTHER_PORTS>,
}

impl Hot {
    /// Before any row; the first will be at this instant.
    pub(crate) fn new(first: Instant) -> Self {
        Hot {
            rows: 0,
            occurrences: 0,
            first,
            last: first,
            evidence_before: u64::MAX,
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

    /// Counts one row; all rows are of one source. `colds` and `number` say where its cold part is.
    #[inline]
    pub(crate) fn count(&mut self, seen: Seen, colds: &mut [Cold], number: usize) {
        self.rows += 1;
        self.occurrences = self.occurrences.saturating_add(seen.occurrences);
        self.first = self.first.min(seen.at);
        self.last = self.last.max(seen.at);
        if seen.place.byte < self.evidence_before {
            self.evidence_before = colds[number].keep_place(seen.place);
        }
        if let Some(port) = seen.other_port.filter(|port| u32::from(*port) < self.ports_below) {
            self.ports_below = colds[number].keep_port(port);
        }
        match u32::try_from(seen.at.seconds()) {
            Ok(second) => self.wait(second, colds, number),
            Err(_) => colds[number].grid.add(seen.at, 1),
        }
    }

    #[inline]
    fn wait(&mut self, second: u32, colds: &mut [Cold], number: usize) {
        self.times[self.waiting as usize] = second;
        self.waiting += 1;
        if self.waiting as usize == WAITING {
            self.settle(&mut colds[number]);
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
            evidence,
            other_ports,
        }
    }
}

impl Cold {
    /// Keeps a place, and says before which byte others can be kept.
    fn keep_place(&mut self, place: Place) -> u64 {
        self.evidence.insert(place);
        let last = self.evidence.as_slice().last().filter(|_| self.evidence.is_full());
        last.map_or(u64::MAX, |last| last.byte)
    }

    /// Keeps a port, and says below which others can be kept.
    fn keep_port(&mut self, port: u16) -> u32 {
        self.other_ports.insert(port);
        let last = self.other_ports.as_slice().last().filter(|_| self.other_ports.is_full());
        last.map_or(u32::MAX, |last| u32::from(*last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn both_parts_count_what_a_cell_counts(
            rows in prop::collection::vec((-100_000i64..9_000_000_000, 0u64..500, 0u16..30, 1u64..5), 1..90),
        ) {
            let seen = |(second, byte, port, occurrences): (i64, u64, u16, u64)| Seen {
                at: Instant::from_seconds(second),
                place: Place { source: 3, byte, record: byte, line: byte },
                other_port: Some(port).filter(|port| *port > 3),
                occurrences,
            };
            let first = seen(rows[0]);
            let mut cell = Cell::new(first);
            let (mut hot, mut colds) = (Hot::new(first.at), [Cold::default(), Cold::default()]);
            hot.count(first, &mut colds, 1);
            for row in &rows[1..] {
                cell.add(seen(*row));
                hot.count(seen(*row), &mut colds, 1);
            }
            let [_, cold] = colds;
            prop_assert_eq!(hot.with(cold), cell);
        }
    }
}
