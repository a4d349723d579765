//! The client's hosts and the other ends, ranked.

use ringback_model::case::{Host, Remote};
use ringback_model::{Finding, Instant, Map, Risk, Scope, Set, Severity, Symbols};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// What hosts and remote addresses have in common while they are added up.
struct Sum {
    name: String,
    severity: Severity,
    rows: u64,
    findings: u64,
    others: Set<String>,
    first: Instant,
    last: Instant,
    addresses: BTreeSet<IpAddr>,
    scope: Scope,
    risk: Risk,
}

impl Sum {
    fn new(name: &str, finding: &Finding) -> Self {
        Sum {
            name: name.to_owned(),
            severity: Severity::Info,
            rows: 0,
            findings: 0,
            others: Set::default(),
            first: finding.tally.first,
            last: finding.tally.last,
            addresses: BTreeSet::new(),
            scope: finding.verdict.remote_scope,
            risk: Risk::Unknown,
        }
    }

    fn add(&mut self, name: &str, other: &str, finding: &Finding) {
        let tally = &finding.tally;
        if name < self.name.as_str() {
            name.clone_into(&mut self.name);
        }
        if !self.others.contains(other) {
            self.others.insert(other.to_owned());
        }
        self.severity = self.severity.worse(finding.verdict.severity);
        self.rows += tally.rows;
        self.findings += 1;
        self.first = self.first.min(tally.first);
        self.last = self.last.max(tally.last);
        self.scope = self.scope.min(finding.verdict.remote_scope);
        self.risk = self.risk.min(finding.detection.risk);
    }
}

/// Adds findings up by a name, and sorts by severity, rows and name.
fn sums<'f>(
    findings: &'f [Finding],
    names: impl Fn(&'f Finding) -> (String, String),
    mut also: impl FnMut(&mut Sum, &Finding),
) -> Vec<Sum> {
    let mut numbers: Map<String, usize> = Map::default();
    let mut sums: Vec<Sum> = Vec::new();
    for finding in findings {
        let (name, other) = names(finding);
        let number = *numbers.entry(name.to_lowercase()).or_insert_with(|| {
            sums.push(Sum::new(&name, finding));
            sums.len() - 1
        });
        sums[number].add(&name, &other.to_lowercase(), finding);
        also(&mut sums[number], finding);
    }
    sums.sort_by(|a, b| (a.severity, Reverse(a.rows), &a.name).cmp(&(b.severity, Reverse(b.rows), &b.name)));
    sums
}

/// The hosts with an agent.
pub(crate) fn hosts(findings: &[Finding], symbols: &Symbols) -> Vec<Host> {
    let names = |finding: &Finding| {
        let row = finding.detection.with(symbols);
        (row.host().into_owned(), row.remote_text().into_owned())
    };
    let addresses = |sum: &mut Sum, finding: &Finding| {
        sum.addresses.extend(finding.detection.with(symbols).telling_local_ip());
    };
    let view = |sum: Sum| Host {
        remotes: sum.others.len() as u64,
        host: sum.name,
        addresses: sum.addresses.into_iter().collect(),
        severity: sum.severity,
        rows: sum.rows,
        findings: sum.findings,
        first: sum.first,
        last: sum.last,
    };
    sums(findings, names, addresses).into_iter().map(view).collect()
}

/// The other ends.
pub(crate) fn remotes(findings: &[Finding], symbols: &Symbols) -> Vec<Remote> {
    let names = |finding: &Finding| {
        let row = finding.detection.with(symbols);
        (row.remote_text().into_owned(), row.host().into_owned())
    };
    let view = |sum: Sum| Remote {
        hosts: sum.others.len() as u64,
        remote: sum.name,
        scope: sum.scope,
        risk: sum.risk,
        severity: sum.severity,
        rows: sum.rows,
        findings: sum.findings,
        first: sum.first,
        last: sum.last,
    };
    sums(findings, names, |_, _| ()).into_iter().map(view).collect()
}
