//! What is counted of one detection in one segment of time.

use crate::{EVIDENCE, OTHER_PORTS};
use ringback_model::{FindingTally, Instant, Place, Smallest};

/// What a row adds to its detection's cell.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// When.
    pub at: Instant,
    /// Where the row stands.
    pub place: Place,
    /// The port that is not the service's.
    pub other_port: Option<u16>,
    /// Events that the console says the row stands for.
    pub occurrences: u64,
}

/// Count, first and last time, evidence rows and a sample of ports: what a finding shows. The time grid is beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub(crate) rows: u64,
    pub(crate) occurrences: u64,
    pub(crate) first: Instant,
    pub(crate) last: Instant,
    pub(crate) evidence: Smallest<Place, EVIDENCE>,
    pub(crate) other_ports: Smallest<u16, OTHER_PORTS>,
}

impl Cell {
    /// The cell of a first row.
    pub fn new(seen: Seen) -> Self {
        let mut cell = Cell {
            rows: 0,
            occurrences: 0,
            first: seen.at,
            last: seen.at,
            evidence: Smallest::default(),
            other_ports: Smallest::default(),
        };
        cell.add(seen);
        cell
    }

    /// Counts one more row.
    pub fn add(&mut self, seen: Seen) {
        self.rows += 1;
        self.occurrences = self.occurrences.saturating_add(seen.occurrences);
        self.first = self.first.min(seen.at);
        self.last = self.last.max(seen.at);
        self.evidence.insert(seen.place);
        if let Some(port) = seen.other_port {
            self.other_ports.insert(port);
        }
    }

    /// Adds all that another cell counted.
    pub fn merge(&mut self, other: &Cell) {
        self.rows += other.rows;
        self.occurrences = self.occurrences.saturating_add(other.occurrences);
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.evidence.merge(&other.evidence);
        self.other_ports.merge(&other.other_ports);
    }

    /// What a finding shows of the cell.
    pub fn finish(self) -> FindingTally {
        FindingTally {
            rows: self.rows,
            occurrences: self.occurrences,
            first: self.first,
            last: self.last,
            more_ports: self.other_ports.is_full(),
            evidence: self.evidence.into_vec(),
            other_ports: self.other_ports.into_vec(),
            periodicity: None,
        }
    }
}
