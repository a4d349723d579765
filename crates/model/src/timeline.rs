//! Rows over time.

use crate::detection::{ListSource, ResultKind};
use crate::instant::Instant;
use crate::verdict::{Scenario, Severity};

/// Rows over time, in buckets of one width. Every row in a finding is in one of the series.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// The width of a bucket in seconds: a power of two.
    pub bucket_seconds: u64,
    /// The first instants of the occupied buckets, in order.
    pub buckets: Vec<Instant>,
    /// What is in them, by host and kind; no two are of the same host and kind.
    pub series: Vec<Series>,
}

/// Rows over time of one host, or of all hosts that are not told apart, that are judged alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// The host: a number into [`Case::hosts`](crate::Case::hosts); none for those that are not told apart.
    pub host: Option<u32>,
    /// What its rows have in common.
    pub kind: Kind,
    /// The buckets with rows of it, in order: a number into [`Timeline::buckets`] and how many rows. None are zero.
    pub rows: Vec<(u32, u64)>,
}

/// What rows over time are told apart by, besides their hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    /// How bad they are.
    pub severity: Severity,
    /// What happened.
    pub scenario: Scenario,
    /// The list that they matched.
    pub list: ListSource,
    /// What the product did.
    pub result: ResultKind,
}
