//! What goes beyond one incident: a remote end that many hosts contact, and what follows an attack.

use crate::detection::Risk;
use crate::instant::Instant;
use crate::verdict::{Scope, Severity};

/// One remote end that many of the client's hosts contacted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Campaign {
    /// Its address, host name or URL as logged.
    pub remote: String,
    /// Whose it is.
    pub scope: Scope,
    /// The worst risk that the console saw in it.
    pub risk: Risk,
    /// That of the worst of its findings.
    pub severity: Severity,
    /// Distinct hosts that contacted it.
    pub hosts: u64,
    /// The first of them, by the time of their first row.
    pub contacts: Vec<Contact>,
    /// Rows.
    pub rows: u64,
    /// Rows of which nothing reached its target.
    pub blocked: u64,
    /// First time.
    pub first: Instant,
    /// Last time.
    pub last: Instant,
    /// How many findings it has.
    pub finding_count: u64,
    /// The first of them in the report's order: numbers into [`Case::findings`](crate::Case::findings).
    pub findings: Vec<u32>,
}

/// One host of a campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Its name.
    pub host: String,
    /// When it contacted the remote end first.
    pub first: Instant,
    /// Rows.
    pub rows: u64,
}

/// A host that was attacked, and contacts of its own that are new after that. One followed the other; that is no cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// The host.
    pub host: String,
    /// That of the worst finding among what followed.
    pub severity: Severity,
    /// The last attack that began before anything followed: a number into [`Case::findings`](crate::Case::findings).
    pub attack: u32,
    /// How many findings attack the host and began before anything followed.
    pub attacks: u64,
    /// How many findings followed.
    pub followed: u64,
    /// The first of them in time: numbers into [`Case::findings`](crate::Case::findings).
    pub next: Vec<u32>,
    /// Seconds from the first row of the attack to the first of what followed.
    pub gap_seconds: u64,
    /// Whether the host had made other such contacts before it was attacked.
    pub called_before: bool,
    /// Rows of the attacks and of what followed.
    pub rows: u64,
}

/// When a host was active, in the report's time zone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// Days with rows.
    pub days: u64,
    /// Rows by hour of the day.
    pub hours: [u64; 24],
    /// How many rows these figures are made from; where a finding has too many instants, only its first ones are known.
    pub rows: u64,
}
