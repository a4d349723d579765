//! Hosts and remote addresses, each with what its findings come to.

use crate::names::{Name, Names, Spelled};
use ringback_model::case::{Host, Remote};
use ringback_model::{DetectionRef, Finding, Instant, Risk, Scope, Set, Severity, Symbols};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// What the findings of one name come to, while they are added up.
struct Sum {
    name: Spelled,
    severity: Severity,
    rows: u64,
    findings: u64,
    /// The numbers of the names at the other end.
    others: Set<u32>,
    first: Instant,
    last: Instant,
    addresses: BTreeSet<IpAddr>,
    scope: Scope,
    risk: Risk,
}

impl Sum {
    fn new(finding: &Finding) -> Self {
        Sum {
            name: Spelled::default(),
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

    fn add(&mut self, other: u32, finding: &Finding) {
        let tally = &finding.tally;
        self.others.insert(other);
        self.severity = self.severity.worse(finding.verdict.severity);
        self.rows += tally.rows;
        self.findings += 1;
        self.first = self.first.min(tally.first);
        self.last = self.last.max(tally.last);
        self.scope = self.scope.min(finding.verdict.remote_scope);
        self.risk = self.risk.min(finding.detection.risk);
    }
}

/// What findings are added up by: the one name, and the one that is counted beside it.
type Ends = fn(DetectionRef<'_>) -> (Name, Name);

/// Adds findings up by a name, and sorts by severity, rows and name.
fn sums(
    findings: &[Finding],
    symbols: &Symbols,
    names: &mut Names<'_>,
    ends: Ends,
    mut also: impl FnMut(&mut Sum, DetectionRef<'_>),
) -> Vec<(String, Sum)> {
    let mut places: Vec<Option<usize>> = Vec::new();
    let mut sums: Vec<Sum> = Vec::new();
    for finding in findings {
        let row = finding.detection.with(symbols);
        let (name, other) = ends(row);
        let number = names.number(name) as usize;
        let other = names.number(other);
        if number >= places.len() {
            places.resize(number + 1, None);
        }
        let place = *places[number].get_or_insert_with(|| {
            sums.push(Sum::new(finding));
            sums.len() - 1
        });
        sums[place].name.see(name, symbols);
        sums[place].add(other, finding);
        also(&mut sums[place], row);
    }
    let mut sums: Vec<(String, Sum)> =
        sums.into_iter().map(|mut sum| (std::mem::take(&mut sum.name).into_text(), sum)).collect();
    sums.sort_by(|(a_name, a), (b_name, b)| {
        (a.severity, Reverse(a.rows), a_name).cmp(&(b.severity, Reverse(b.rows), b_name))
    });
    sums
}

/// The hosts with an agent.
pub(crate) fn hosts(findings: &[Finding], symbols: &Symbols, names: &mut Names<'_>) -> Vec<Host> {
    let ends: Ends = |row| (Name::of_host(row), Name::of_remote(row));
    let view = |(host, sum): (String, Sum)| Host {
        host,
        remotes: sum.others.len() as u64,
        addresses: sum.addresses.into_iter().collect(),
        severity: sum.severity,
        rows: sum.rows,
        findings: sum.findings,
        first: sum.first,
        last: sum.last,
    };
    let addresses = |sum: &mut Sum, row: DetectionRef<'_>| sum.addresses.extend(row.telling_local_ip());
    sums(findings, symbols, names, ends, addresses).into_iter().map(view).collect()
}

/// The other ends.
pub(crate) fn remotes(findings: &[Finding], symbols: &Symbols, names: &mut Names<'_>) -> Vec<Remote> {
    let ends: Ends = |row| (Name::of_remote(row), Name::of_host(row));
    let view = |(remote, sum): (String, Sum)| Remote {
        remote,
        hosts: sum.others.len() as u64,
        scope: sum.scope,
        risk: sum.risk,
        severity: sum.severity,
        rows: sum.rows,
        findings: sum.findings,
        first: sum.first,
        last: sum.last,
    };
    sums(findings, symbols, names, ends, |_, _| ()).into_iter().map(view).collect()
}
