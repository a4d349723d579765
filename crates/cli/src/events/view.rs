//! One event as it is written: flat, with the names of the contract.

use crate::rejects::cell;
use ringback_model::{
    Basis, Case, Direction, Exposure, FindingId, IncidentId, Instant, ListSource, Log, Origin, RequestKind,
    ResultKind, Risk, Scenario, Scope, Severity, Stopped, Suspect, Target, Threat, Vulnerable,
};
use ringback_pipeline::{Event, Fate};
use ringback_report::EscapedControls;
use serde::Serialize;
use std::borrow::Cow;

/// A row with its verdict.
#[derive(Debug, Serialize)]
pub(super) struct EventView<'a> {
    source: &'a str,
    record: u64,
    line: u64,
    fate: &'static str,
    time: Instant,
    time_text: &'a str,
    received: Option<Instant>,
    zone_basis: &'static str,
    log: Log,
    endpoint: Option<&'a str>,
    domain: Option<&'a str>,
    user: Option<&'a str>,
    process: Option<&'a str>,
    product: Option<&'a str>,
    console: Option<&'a str>,
    local_ip: Option<String>,
    local_port: Option<u16>,
    remote_ip: Option<String>,
    remote_port: Option<u16>,
    remote: Cow<'a, str>,
    protocol: Option<&'a str>,
    direction: Direction,
    message: RequestKind,
    result: ResultKind,
    action: Option<&'a str>,
    list: ListSource,
    rule: Option<&'a str>,
    family: Option<&'a str>,
    threat: Threat,
    cve: Vec<&'a str>,
    risk: Risk,
    occurrences: u64,
    origin: Origin,
    origin_basis: Basis,
    remote_scope: Scope,
    remote_scope_detail: Option<&'static str>,
    scenario: Scenario,
    suspect: Suspect,
    stopped: Stopped,
    target: Target,
    exposure: Exposure,
    reached: bool,
    vulnerable: Vulnerable,
    severity: Severity,
    at_most: bool,
    reasons: &'a [String],
    finding: FindingId,
    incident: Option<IncidentId>,
}

/// The columns of the CSV form, in order.
pub(super) fn columns() -> impl Iterator<Item = &'static str> {
    PLACE.iter().chain(SAID).chain(JUDGED).copied()
}

/// Where and when a row is.
const PLACE: &[&str] = &["source", "record", "line", "fate", "time", "time_text", "received", "zone_basis"];

/// What a row says.
pub(crate) const SAID: &[&str] = &[
    "log",
    "endpoint",
    "domain",
    "user",
    "process",
    "product",
    "console",
    "local_ip",
    "local_port",
    "remote_ip",
    "remote_port",
    "remote",
    "protocol",
    "direction",
    "message",
    "result",
    "action",
    "list",
    "rule",
    "family",
    "threat",
    "cve",
    "risk",
    "occurrences",
];

/// What it means, and where it went.
const JUDGED: &[&str] = &[
    "origin",
    "origin_basis",
    "remote_scope",
    "remote_scope_detail",
    "scenario",
    "suspect",
    "stopped",
    "target",
    "exposure",
    "reached",
    "vulnerable",
    "severity",
    "at_most",
    "reasons",
    "finding",
    "incident",
];

impl<'a> EventView<'a> {
    /// The view of an event. `texts` are the case's lists of reasons as text.
    pub(super) fn of(case: &'a Case, event: &Event<'a>, texts: &'a [Vec<String>]) -> Self {
        let finding = event.finding;
        let (detection, verdict) = (&finding.detection, &finding.verdict);
        let row = detection.with(&case.symbols);
        let text = |sym| some(row.text(sym));
        EventView {
            source: event.source,
            record: event.place.record,
            line: event.place.line,
            fate: event.fate.as_str(),
            time: event.time,
            time_text: event.time_text,
            received: event.received,
            zone_basis: event.zone_basis,
            log: detection.log,
            endpoint: text(detection.endpoint),
            domain: text(detection.domain),
            user: text(detection.user),
            process: text(detection.process),
            product: text(detection.product),
            console: text(detection.console),
            local_ip: row.local().ip.map(|ip| ip.to_string()),
            local_port: event.local_port,
            remote_ip: row.remote().ip.map(|ip| ip.to_string()),
            remote_port: event.remote_port,
            remote: row.remote_text(),
            protocol: text(detection.protocol),
            direction: row.direction(),
            message: detection.message,
            result: detection.result,
            action: some(event.action),
            list: detection.list,
            rule: text(detection.rule),
            family: text(detection.family),
            threat: detection.threat,
            cve: row.cves().collect(),
            risk: detection.risk,
            occurrences: event.occurrences,
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
            reasons: &texts[finding.reasons as usize],
            finding: finding.id,
            incident: match event.fate {
                Fate::Suppressed => None,
                Fate::InFindings | Fate::Duplicate => {
                    case.incidents.get(finding.incident as usize).map(|incident| incident.id)
                }
            },
        }
    }

    /// Appends the event as a line of JSON.
    pub(super) fn write_json(&self, block: &mut Vec<u8>) {
        serde_json::to_writer(EscapedControls::new(&mut *block), self)
            .expect("an event has nothing that JSON can not say");
        block.push(b'\n');
    }

    /// Appends the event as a line of CSV: the JSON form's values, lists joined, every text cell guarded.
    pub(super) fn write_csv(&self, block: &mut Vec<u8>) {
        let value = serde_json::to_value(self).expect("an event has nothing that JSON can not say");
        for (number, column) in columns().enumerate() {
            if number > 0 {
                block.push(b',');
            }
            block.extend_from_slice(csv_cell(&value[column]).as_bytes());
        }
        block.push(b'\n');
    }
}

fn csv_cell(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => cell(text),
        serde_json::Value::Array(items) => {
            let texts: Vec<&str> = items.iter().filter_map(serde_json::Value::as_str).collect();
            if texts.is_empty() { String::new() } else { cell(&texts.join("; ")) }
        }
        other => other.to_string(),
    }
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}
