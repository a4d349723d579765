//! The views of the long lists: incidents, findings, evidence, hosts, remote addresses.

use super::Report;
use crate::case::{Advice, Finding};
use crate::detection::{Direction, ListSource, Log, RequestKind, ResultKind, Risk, Threat};
use crate::fingerprint::{FindingId, IncidentId};
use crate::instant::Instant;
use crate::place::Place;
use crate::service::Side;
use crate::verdict::{
    Basis, Exposure, Origin, Scenario, Scope, Severity, Stopped, Suspect, Target, Vulnerable,
};
use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;

/// The findings that tell one story.
#[derive(Debug, Serialize, JsonSchema)]
pub struct IncidentView<'a> {
    /// Its id.
    pub id: IncidentId,
    /// What happened.
    pub scenario: Scenario,
    /// That of its worst finding.
    pub severity: Severity,
    /// Whether the severity is an upper bound.
    pub at_most: bool,
    /// Whose host is under suspicion.
    pub suspect: Suspect,
    /// The host that it is about.
    pub host: &'a str,
    /// The service that was attacked, where there is one.
    pub service: Option<&'a str>,
    /// Rows.
    pub rows: u64,
    /// Rows of which nothing reached its target.
    pub blocked: u64,
    /// Events that the console says the rows stand for.
    pub occurrences: u64,
    /// First time.
    pub first: Instant,
    /// Last time.
    pub last: Instant,
    /// The ids of its findings.
    pub findings: Vec<FindingId>,
    /// Why we say so.
    pub reasons: Vec<String>,
    /// The catalogue's keys of the reasons.
    pub reason_keys: Vec<&'static str>,
    /// What to do.
    pub advice: &'a [Advice],
}

impl<'a> IncidentView<'a> {
    pub(super) fn of(report: &'a Report, index: usize) -> Self {
        let case = &report.case;
        let incident = &case.incidents[index];
        IncidentView {
            id: incident.id,
            scenario: incident.scenario,
            severity: incident.severity,
            at_most: incident.at_most,
            suspect: incident.suspect,
            host: &incident.host,
            service: some(&incident.service),
            rows: incident.rows,
            blocked: incident.blocked,
            occurrences: incident.occurrences,
            first: incident.first,
            last: incident.last,
            findings: incident.findings.iter().map(|&n| case.findings[n as usize].id).collect(),
            reasons: report.texts(&incident.reasons),
            reason_keys: incident.reasons.iter().map(|reason| reason.key).collect(),
            advice: &incident.advice,
        }
    }
}

/// A detection with its tally and verdict.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FindingView<'a> {
    /// Its id.
    pub id: FindingId,
    /// The id of its incident.
    pub incident: Option<IncidentId>,
    /// The kind of log.
    pub log: Log,
    /// The name of the client's machine.
    pub endpoint: Option<&'a str>,
    /// Its domain.
    pub domain: Option<&'a str>,
    /// The user.
    pub user: Option<&'a str>,
    /// The process.
    pub process: Option<&'a str>,
    /// The product.
    pub product: Option<&'a str>,
    /// The console.
    pub console: Option<&'a str>,
    /// The host as people name it: endpoint, else address.
    pub host: Cow<'a, str>,
    /// The local address.
    pub local_ip: Option<String>,
    /// The local port, where it is the service's.
    pub local_port: Option<u16>,
    /// The remote address.
    pub remote_ip: Option<String>,
    /// The remote port, where it is the service's.
    pub remote_port: Option<u16>,
    /// The remote address, host name or URL as logged.
    pub remote: Cow<'a, str>,
    /// A few of the other ports.
    pub other_ports: &'a [u16],
    /// Whether there may be more of them.
    pub more_ports: bool,
    /// The protocol.
    pub protocol: Option<&'a str>,
    /// Where the packet went.
    pub direction: Direction,
    /// Request or response.
    pub message: RequestKind,
    /// Blocked or logged.
    pub result: ResultKind,
    /// The source of the detection.
    pub list: ListSource,
    /// The rule or threat name.
    pub rule: Option<&'a str>,
    /// The malware family.
    pub family: Option<&'a str>,
    /// What the name stands for.
    pub threat: Threat,
    /// CVE ids and bulletins.
    pub cve: Vec<&'a str>,
    /// The console's view of the risk.
    pub risk: Risk,
    /// Who asked.
    pub origin: Origin,
    /// What that was told from.
    pub origin_basis: Basis,
    /// Whose the remote address is.
    pub remote_scope: Scope,
    /// The range's or registry's name.
    pub remote_scope_detail: Option<&'static str>,
    /// What happened.
    pub scenario: Scenario,
    /// Whose host is under suspicion.
    pub suspect: Suspect,
    /// What was stopped.
    pub stopped: Stopped,
    /// Which side was attacked.
    pub target: Target,
    /// Whether the target is meant to be reached.
    pub exposure: Exposure,
    /// Whether outside traffic is proven to reach it.
    pub reached: bool,
    /// Whether it is vulnerable to the exploit.
    pub vulnerable: Vulnerable,
    /// How bad it is.
    pub severity: Severity,
    /// Whether the severity is an upper bound.
    pub at_most: bool,
    /// Why we say so.
    pub reasons: Vec<String>,
    /// The catalogue's keys of the reasons.
    pub reason_keys: Vec<&'static str>,
    /// Rows.
    pub rows: u64,
    /// Events that the console says the rows stand for.
    pub occurrences: u64,
    /// First time.
    pub first: Instant,
    /// Last time.
    pub last: Instant,
    /// The first rows.
    pub evidence: Vec<EvidenceView<'a>>,
}

impl<'a> FindingView<'a> {
    pub(super) fn at(report: &'a Report, index: usize) -> Self {
        FindingView::of(report, &report.case.findings[index])
    }

    /// The view of one finding of the report's case.
    pub fn of(report: &'a Report, finding: &'a Finding) -> Self {
        let case = &report.case;
        let row = finding.detection.with(&case.symbols);
        let text = |sym| some(row.text(sym));
        let reasons = &case.reasons[finding.reasons as usize];
        let (detection, verdict, tally) = (&finding.detection, &finding.verdict, &finding.tally);
        FindingView {
            id: finding.id,
            incident: case.incidents.get(finding.incident as usize).map(|incident| incident.id),
            log: detection.log,
            endpoint: text(detection.endpoint),
            domain: text(detection.domain),
            user: text(detection.user),
            process: text(detection.process),
            product: text(detection.product),
            console: text(detection.console),
            host: row.host(),
            local_ip: row.local().ip.map(|ip| ip.to_string()),
            local_port: row.port(Side::Local),
            remote_ip: row.remote().ip.map(|ip| ip.to_string()),
            remote_port: row.port(Side::Remote),
            remote: row.remote_text(),
            other_ports: &tally.other_ports,
            more_ports: tally.more_ports,
            protocol: text(detection.protocol),
            direction: row.direction(),
            message: detection.message,
            result: detection.result,
            list: detection.list,
            rule: text(detection.rule),
            family: text(detection.family),
            threat: detection.threat,
            cve: row.cves().collect(),
            risk: detection.risk,
            origin: verdict.origin,
            origin_basis: verdict.origin_basis,
            remote_scope: verdict.remote_scope,
            remote_scope_detail: some(verdict.remote_scope_detail),
            scenario: verdict.scenario,
            suspect: verdict.suspect,
            stopped: verdict.stopped,
            target: verdict.target,
            exposure: verdict.exposure,
            reached: verdict.reached,
            vulnerable: verdict.vulnerable,
            severity: verdict.severity,
            at_most: verdict.at_most,
            reasons: report.texts(reasons),
            reason_keys: reasons.iter().map(|reason| reason.key).collect(),
            rows: tally.rows,
            occurrences: tally.occurrences,
            first: tally.first,
            last: tally.last,
            evidence: tally.evidence.iter().map(|place| EvidenceView::of(report, *place, None)).collect(),
        }
    }
}

/// One row that shows what is said.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EvidenceView<'a> {
    /// The input's name.
    pub source: &'a str,
    /// The number of the data record, from 1.
    pub record: u64,
    /// The line in the file, from 1.
    pub line: u64,
    /// The time of the row, where it is kept.
    pub time: Option<Instant>,
}

impl<'a> EvidenceView<'a> {
    pub(super) fn of(report: &'a Report, place: Place, time: Option<Instant>) -> Self {
        let source = report.case.inputs.get(place.source as usize).map_or("", |input| input.name.as_str());
        EvidenceView { source, record: place.record, line: place.line, time }
    }
}

/// One of the client's hosts.
#[derive(Debug, Serialize, JsonSchema)]
pub struct HostView<'a> {
    /// Its name, else its address.
    pub host: &'a str,
    /// The addresses that it was logged with.
    pub addresses: Vec<String>,
    /// That of its worst finding.
    pub severity: Severity,
    /// Rows.
    pub rows: u64,
    /// Findings.
    pub findings: u64,
    /// Distinct other ends.
    pub remotes: u64,
    /// First time.
    pub first: Instant,
    /// Last time.
    pub last: Instant,
}

impl<'a> HostView<'a> {
    pub(super) fn of(report: &'a Report, index: usize) -> Self {
        let host = &report.case.hosts[index];
        HostView {
            host: &host.host,
            addresses: host.addresses.iter().map(ToString::to_string).collect(),
            severity: host.severity,
            rows: host.rows,
            findings: host.findings,
            remotes: host.remotes,
            first: host.first,
            last: host.last,
        }
    }
}

/// One of the other ends.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RemoteView<'a> {
    /// Its address, host name or URL as logged.
    pub remote: &'a str,
    /// Whose it is.
    pub scope: Scope,
    /// The worst risk that the console saw in it.
    pub risk: Risk,
    /// That of its worst finding.
    pub severity: Severity,
    /// Rows.
    pub rows: u64,
    /// Findings.
    pub findings: u64,
    /// Distinct hosts of the client.
    pub hosts: u64,
    /// First time.
    pub first: Instant,
    /// Last time.
    pub last: Instant,
}

impl<'a> RemoteView<'a> {
    pub(super) fn of(report: &'a Report, index: usize) -> Self {
        let remote = &report.case.remotes[index];
        RemoteView {
            remote: &remote.remote,
            scope: remote.scope,
            risk: remote.risk,
            severity: remote.severity,
            rows: remote.rows,
            findings: remote.findings,
            hosts: remote.hosts,
            first: remote.first,
            last: remote.last,
        }
    }
}

/// A text, or nothing where it is empty.
fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}
