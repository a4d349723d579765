//! From findings to incidents.

use crate::subject::{Subject, is_stopped};
use ringback_model::{DetectionRef, Finding, Incident, Map, Message, Scenario, Severity, Symbols};
use std::cmp::Reverse;
use std::collections::hash_map::Entry;

/// How many distinct reasons an incident lists: those of its worst findings come first.
const REASONS: usize = 12;

/// Groups findings (in the report's order) into incidents and tells each finding its incident's number.
pub(crate) fn incidents(
    findings: &mut [Finding],
    reasons: &[Vec<Message>],
    symbols: &Symbols,
) -> Vec<Incident> {
    let mut numbers: Map<Subject, usize> = Map::default();
    let mut incidents: Vec<Incident> = Vec::new();
    for (number, finding) in findings.iter().enumerate() {
        let row = finding.detection.with(symbols);
        let (subject, name) = Subject::of(row, &finding.verdict);
        let at = match numbers.entry(subject) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                incidents.push(begin(new.key(), finding));
                *new.insert(incidents.len() - 1)
            }
        };
        add(&mut incidents[at], number, finding, row, name, &reasons[finding.reasons as usize]);
    }
    incidents.sort_by_key(|incident| (incident.severity, Reverse(incident.rows), incident.id));
    for (number, incident) in incidents.iter().enumerate() {
        for finding in &incident.findings {
            findings[*finding as usize].incident = to_u32(number);
        }
    }
    incidents
}

fn begin(subject: &Subject, finding: &Finding) -> Incident {
    Incident {
        id: subject.id(),
        scenario: subject.scenario,
        severity: Severity::Info,
        at_most: subject.scenario == Scenario::Undetermined,
        suspect: subject.suspect,
        host: String::new(),
        service: String::new(),
        rows: 0,
        blocked: 0,
        occurrences: 0,
        first: finding.tally.first,
        last: finding.tally.last,
        findings: Vec::new(),
        reasons: Vec::new(),
        advice: Vec::new(),
    }
}

fn add(
    incident: &mut Incident,
    number: usize,
    finding: &Finding,
    row: DetectionRef<'_>,
    name: String,
    reasons: &[Message],
) {
    let tally = &finding.tally;
    incident.severity = incident.severity.worse(finding.verdict.severity);
    keep_smaller(&mut incident.host, name);
    if incident.scenario == Scenario::InboundFromInternet {
        keep_smaller(&mut incident.service, service_text(row));
    }
    incident.rows += tally.rows;
    incident.blocked += if is_stopped(&finding.verdict) { tally.rows } else { 0 };
    incident.occurrences = incident.occurrences.saturating_add(tally.occurrences);
    incident.first = incident.first.min(tally.first);
    incident.last = incident.last.max(tally.last);
    incident.findings.push(to_u32(number));
    for reason in reasons {
        if incident.reasons.len() < REASONS && !incident.reasons.contains(reason) {
            incident.reasons.push(reason.clone());
        }
    }
}

/// The service in words: `tcp/443` where the log names the transport, else `443`.
fn service_text(row: DetectionRef<'_>) -> String {
    let Some(service) = row.detection.service else { return String::new() };
    let protocol = row.text(row.detection.protocol).to_ascii_lowercase();
    match protocol.as_str() {
        "tcp" | "udp" => format!("{protocol}/{}", service.port),
        _ => service.port.to_string(),
    }
}

/// Keeps the text that comes first, so that the choice among spellings does not depend on any order. Empty comes last.
fn keep_smaller(kept: &mut String, text: String) {
    if kept.is_empty() || (!text.is_empty() && text < *kept) {
        *kept = text;
    }
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).expect("there are fewer than 2^32 findings")
}
