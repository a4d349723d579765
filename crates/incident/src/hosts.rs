//! Hosts and remote addresses, each with what its findings come to.

use crate::names::{Ends, Name, Spelled};
use ringback_model::case::{Host, Remote};
use ringback_model::{Activity, DetectionRef, Finding, Instant, Risk, Scope, Severity, Side, Symbols};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// What the findings of one name come to, while they are added up.
struct Sum {
    name: Spelled,
    severity: Severity,
    rows: u64,
    findings: u64,
    /// How many names stand at the other end.
    others: u64,
    first: Instant,
    last: Instant,
    addresses: BTreeSet<IpAddr>,
    scope: Scope,
    risk: Risk,
}

impl Sum {
    fn new(finding: &Finding, others: u64) -> Self {
        Sum {
            name: Spelled::default(),
            severity: Severity::Info,
            rows: 0,
            findings: 0,
            others,
            first: finding.tally.first,
            last: finding.tally.last,
            addresses: BTreeSet::new(),
            scope: finding.verdict.remote_scope,
            risk: Risk::Unknown,
        }
    }

    fn add(&mut self, finding: &Finding) {
        let tally = &finding.tally;
        self.severity = self.severity.worse(finding.verdict.severity);
        self.rows += tally.rows;
        self.findings += 1;
        self.first = self.first.min(tally.first);
        self.last = self.last.max(tally.last);
        self.scope = self.scope.min(finding.verdict.remote_scope);
        self.risk = self.risk.min(finding.detection.risk);
    }
}

/// Adds findings up by the name at a side, and sorts by severity, rows and name.
fn sums(
    findings: &[Finding],
    ends: &Ends,
    symbols: &Symbols,
    side: Side,
    mut also: impl FnMut(&mut Sum, DetectionRef<'_>),
) -> Vec<(String, Sum)> {
    let mut places: Vec<Option<usize>> = vec![None; ends.names()];
    let mut sums: Vec<Sum> = Vec::new();
    for (at, finding) in findings.iter().enumerate() {
        let row = finding.detection.with(symbols);
        let number = ends.number(at, side);
        let place = *places[number as usize].get_or_insert_with(|| {
            sums.push(Sum::new(finding, ends.others(number, side)));
            sums.len() - 1
        });
        let sum = &mut sums[place];
        sum.name.see(Name::of_side(row, side), symbols);
        sum.add(finding);
        also(sum, row);
    }
    let mut sums: Vec<(String, Sum)> =
        sums.into_iter().map(|mut sum| (std::mem::take(&mut sum.name).into_text(), sum)).collect();
    sums.sort_by(|(a_name, a), (b_name, b)| {
        (a.severity, Reverse(a.rows), a_name).cmp(&(b.severity, Reverse(b.rows), b_name))
    });
    sums
}

/// The hosts with an agent, in the report's order.
pub(crate) fn hosts(findings: &[Finding], ends: &Ends, symbols: &Symbols) -> Vec<Host> {
    let view = |(host, sum): (String, Sum)| Host {
        host,
        remotes: sum.others,
        addresses: sum.addresses.into_iter().collect(),
        severity: sum.severity,
        rows: sum.rows,
        findings: sum.findings,
        first: sum.first,
        last: sum.last,
        activity: Activity::default(),
    };
    let addresses = |sum: &mut Sum, row: DetectionRef<'_>| sum.addresses.extend(row.telling_local_ip());
    sums(findings, ends, symbols, Side::Local, addresses).into_iter().map(view).collect()
}

/// The other ends, in the report's order.
pub(crate) fn remotes(findings: &[Finding], ends: &Ends, symbols: &Symbols) -> Vec<Remote> {
    let view = |(remote, sum): (String, Sum)| Remote {
        remote,
        hosts: sum.others,
        scope: sum.scope,
        risk: sum.risk,
        severity: sum.severity,
        rows: sum.rows,
        findings: sum.findings,
        first: sum.first,
        last: sum.last,
    };
    sums(findings, ends, symbols, Side::Remote, |_, _| ()).into_iter().map(view).collect()
}
