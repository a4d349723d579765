//! The view of hosts against remote ends.

use super::Report;
use crate::overview::{Pair, PairPart};
use crate::verdict::Severity;
use schemars::JsonSchema;
use serde::Serialize;

/// Which of the client's hosts met which remote end, the first ones against each other. Every row in a finding is in one of
/// the pairs.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OverviewView<'a> {
    /// The remote ends that weigh most among those of the hosts.
    pub remotes: Vec<&'a str>,
    /// How many remote ends there are besides; they share the last place of each row.
    pub more_remotes: u64,
    /// How many hosts there are besides; they share the last row.
    pub more_hosts: u64,
    /// The first hosts, and those besides.
    pub hosts: Vec<HostPairsView<'a>>,
}

/// What was between a host and each of the remote ends.
#[derive(Debug, Serialize, JsonSchema)]
pub struct HostPairsView<'a> {
    /// The host; none for those besides.
    pub host: Option<&'a str>,
    /// A place for each of the remote ends, and one for those besides.
    pub pairs: Vec<Option<PairView<'a>>>,
}

/// What was between a host and a remote end, or between all of those besides.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PairView<'a> {
    /// That of the worst of its findings.
    pub severity: Severity,
    /// Rows.
    pub rows: u64,
    /// Its rows by severity, scenario and list.
    pub parts: &'a [PairPart],
}

pub(super) fn overview(report: &Report) -> OverviewView<'_> {
    let overview = &report.case.overview;
    let besides = |more: u64| usize::from(more > 0);
    let places = overview.remotes.len() + besides(overview.more_remotes);
    let row = |at: usize| HostPairsView {
        host: overview.hosts.get(at).map(String::as_str),
        pairs: (0..places).map(|_| None).collect(),
    };
    let mut hosts: Vec<HostPairsView<'_>> =
        (0..overview.hosts.len() + besides(overview.more_hosts)).map(row).collect();
    for pair in &overview.pairs {
        let at = |number: Option<u32>, besides: usize| number.map_or(besides, |number| number as usize);
        let row = &mut hosts[at(pair.host, overview.hosts.len())];
        row.pairs[at(pair.remote, overview.remotes.len())] = Some(PairView::of(pair));
    }
    OverviewView {
        remotes: overview.remotes.iter().map(|(remote, _)| remote.as_str()).collect(),
        more_remotes: overview.more_remotes,
        more_hosts: overview.more_hosts,
        hosts,
    }
}

impl<'a> PairView<'a> {
    fn of(pair: &'a Pair) -> Self {
        PairView { severity: pair.severity, rows: pair.rows, parts: &pair.parts }
    }
}
