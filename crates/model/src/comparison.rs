//! What an earlier report said, and what changed since.

use crate::fingerprint::{FindingId, IncidentId};
use crate::instant::Instant;
use crate::map::Map;
use crate::symbols::{Sym, Symbols};
use crate::verdict::{Scenario, Severity};
use crate::vocabulary::vocabulary;
use std::hash::Hash;

vocabulary! {
    /// How something stands against an earlier report.
    Change {
        /// The earlier report does not hold it.
        New = "new",
        /// Both hold it.
        Continuing = "continuing",
        /// The earlier report alone holds it.
        Gone = "gone",
    }
}

vocabulary! {
    /// What a report holds that another may lack.
    Told {
        /// An incident.
        Incident = "incident",
        /// A finding.
        Finding = "finding",
    }
}

/// An earlier report, as far as another is held against it.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    /// What is known of it as a whole.
    pub about: About,
    /// Its incidents.
    pub incidents: Vec<Earlier<IncidentId>>,
    /// Its findings.
    pub findings: Vec<Earlier<FindingId>>,
    /// The names of their hosts.
    pub hosts: Symbols,
}

/// What is known of an earlier report as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The name of its file, without folders.
    pub name: String,
    /// SHA-256 of its file in hexadecimal.
    pub sha256: String,
    /// When it was made, where it says so.
    pub generated_at: Option<Instant>,
    /// The version of the program that made it; may be empty.
    pub version: String,
    /// The first event in it.
    pub first: Option<Instant>,
    /// The last event in it.
    pub last: Option<Instant>,
    /// Whether names in it were replaced, so that its ids may be others.
    pub redacted: bool,
    /// Incidents and findings that its summary counts and its lists lack.
    pub left_out: u64,
}

/// An incident or a finding of an earlier report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earlier<Id> {
    /// Its id.
    pub id: Id,
    /// What happened.
    pub scenario: Scenario,
    /// How bad it was.
    pub severity: Severity,
    /// The host that it was about: one of the baseline's symbols.
    pub host: Sym,
    /// Its rows.
    pub rows: u64,
    /// Its last row, where the report says so.
    pub last: Option<Instant>,
}

/// What changed since an earlier report.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// The earlier report.
    pub about: About,
    /// How the case's incidents stand.
    pub incidents: Changes<IncidentId>,
    /// How the case's findings stand.
    pub findings: Changes<FindingId>,
    /// What the earlier report alone holds: incidents, then findings, each by severity, rows and id.
    pub gone: Vec<Gone>,
    /// The names of the hosts of what is gone.
    pub hosts: Symbols,
}

/// How the incidents or the findings of a case stand against those of an earlier report.
#[derive(Clone, Debug)]
pub struct Changes<Id> {
    /// The rows that what both hold had before, by its id.
    pub before: Map<Id, u64>,
    /// How many are new.
    pub new: u64,
    /// How many both hold.
    pub continuing: u64,
    /// How many the earlier report alone holds.
    pub gone: u64,
    /// How many of those are not gone from the exports: the profile accepts them now.
    pub accepted: u64,
    /// The rows of all of them in the earlier report.
    pub rows_before: u64,
    /// The rows of all of them now.
    pub rows: u64,
}

impl<Id> Default for Changes<Id> {
    fn default() -> Self {
        let (new, continuing, gone, accepted, rows_before, rows) = (0, 0, 0, 0, 0, 0);
        Changes { before: Map::default(), new, continuing, gone, accepted, rows_before, rows }
    }
}

impl<Id: Copy + Eq + Hash> Changes<Id> {
    /// How something of the case stands.
    pub fn of(&self, id: Id) -> Change {
        if self.before.contains_key(&id) { Change::Continuing } else { Change::New }
    }

    /// The rows that something of the case had in the earlier report.
    pub fn rows_before(&self, id: Id) -> Option<u64> {
        self.before.get(&id).copied()
    }
}

/// Something that the earlier report alone holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone {
    /// Its id.
    pub id: GoneId,
    /// What happened.
    pub scenario: Scenario,
    /// How bad it was.
    pub severity: Severity,
    /// The host that it was about: one of the comparison's symbols.
    pub host: Sym,
    /// Its rows.
    pub rows: u64,
    /// Its last row, where the report says so.
    pub last: Option<Instant>,
    /// Whether its rows are still there, and the profile accepts them now.
    pub accepted: bool,
}

/// The id of something that is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoneId {
    /// An incident's.
    Incident(IncidentId),
    /// A finding's.
    Finding(FindingId),
}

impl GoneId {
    /// What it is the id of.
    pub fn told(self) -> Told {
        match self {
            GoneId::Incident(_) => Told::Incident,
            GoneId::Finding(_) => Told::Finding,
        }
    }
}

impl std::fmt::Display for GoneId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            GoneId::Incident(id) => id.fmt(f),
            GoneId::Finding(id) => id.fmt(f),
        }
    }
}
