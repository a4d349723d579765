//! Which of the client's hosts met which remote end, the first ones against each other.

use crate::detection::ListSource;
use crate::instant::Instant;
use crate::verdict::{Scenario, Scope, Severity};
use schemars::JsonSchema;
use serde::Serialize;

/// Hosts against remote ends. Every row in a finding is in one of the pairs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// The first hosts, in the report's order.
    pub hosts: Vec<String>,
    /// The remote ends that weigh most among theirs: by severity, rows and name.
    pub remotes: Vec<(String, Scope)>,
    /// How many hosts there are besides.
    pub more_hosts: u64,
    /// How many remote ends there are besides.
    pub more_remotes: u64,
    /// What was between them: by host, then by remote end, those besides last.
    pub pairs: Vec<Pair>,
}

/// What was between a host and a remote end, or between all of those besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The host: a number into [`Overview::hosts`]; none for those besides.
    pub host: Option<u32>,
    /// The remote end: a number into [`Overview::remotes`]; none for those besides.
    pub remote: Option<u32>,
    /// That of the worst of its findings.
    pub severity: Severity,
    /// Rows.
    pub rows: u64,
    /// Its rows by severity, scenario and list, in this order.
    pub parts: Vec<PairPart>,
}

/// Rows between two ends that are judged alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PairPart {
    /// How bad they are.
    pub severity: Severity,
    /// What happened.
    pub scenario: Scenario,
    /// The list that they matched.
    pub list: ListSource,
    /// Rows.
    pub rows: u64,
    /// First time.
    pub first: Instant,
    /// Last time.
    pub last: Instant,
}
