//! From findings to incidents.

use crate::names::{Ends, Name, Spelled};
use crate::same_events::{Ports, add, count_once};
use crate::subject::{Subject, is_stopped, subject_side};
use ringback_model::{
    DetectionRef, Finding, Incident, Map, Message, Scenario, Set, Severity, Suspect, Sym, Symbols,
};
use std::cmp::Reverse;

/// How many distinct reasons an incident lists: those of its worst findings come first.
const REASONS: usize = 12;

/// Groups findings, which are in the report's order, into incidents. `reasons` are the lists that findings point into.
pub(crate) fn incidents(
    findings: &[Finding],
    ends: &Ends,
    reasons: &[Vec<Message>],
    symbols: &Symbols,
) -> Vec<Incident> {
    let mut places: Map<SubjectKey, usize> = Map::default();
    let mut begun: Vec<Begun> = Vec::new();
    let ports = Ports::of(findings, ends, symbols);
    for (number, finding) in findings.iter().enumerate() {
        let row = finding.detection.with(symbols);
        let (scenario, suspect) = (finding.verdict.scenario, finding.verdict.suspect);
        let side = subject_side(&finding.verdict);
        let name = Name::of_side(row, side);
        let port = ports.port(number, finding, row, ends);
        let place =
            *places.entry((scenario, suspect, ends.number(number, side), port)).or_insert_with(|| {
                begun.push(Begun::new(&Subject { port, ..Subject::of(row, &finding.verdict) }, finding));
                begun.len() - 1
            });
        begun[place].host.see(name, symbols);
        begun[place].add(number, finding, row, &reasons[finding.reasons as usize]);
    }
    let mut incidents: Vec<Incident> = begun.into_iter().map(Begun::finish).collect();
    for incident in &mut incidents {
        count_once(incident, findings, ends, symbols);
    }
    incidents.sort_by_key(|incident| (incident.severity, Reverse(incident.rows), incident.id));
    incidents
}

/// Tells each finding the number of its incident.
pub(crate) fn number(findings: &mut [Finding], incidents: &[Incident]) {
    for (number, incident) in incidents.iter().enumerate() {
        for finding in &incident.findings {
            findings[*finding as usize].incident = to_u32(number);
        }
    }
}

/// A subject, with the number of its host's name.
type SubjectKey = (Scenario, Suspect, u32, Option<u16>);

/// An incident that is being put together.
struct Begun {
    incident: Incident,
    host: Spelled,
    /// The service and the protocol that were looked at last.
    service: Option<(Option<u16>, Sym)>,
    /// The lists of reasons that were looked through.
    lists: Set<u32>,
}

impl Begun {
    fn new(subject: &Subject, finding: &Finding) -> Self {
        let incident = Incident {
            id: subject.id(),
            scenario: subject.scenario,
            severity: Severity::Info,
            at_most: subject.scenario == Scenario::Undetermined,
            suspect: subject.suspect,
            host: String::new(),
            service: String::new(),
            rows: 0,
            blocked: 0,
            rows_once: 0,
            blocked_once: 0,
            logs: Vec::new(),
            occurrences: 0,
            first: finding.tally.first,
            last: finding.tally.last,
            findings: Vec::new(),
            reasons: Vec::new(),
            techniques: Vec::new(),
            advice: Vec::new(),
        };
        Begun { incident, host: Spelled::default(), service: None, lists: Set::default() }
    }

    fn add(&mut self, number: usize, finding: &Finding, row: DetectionRef<'_>, reasons: &[Message]) {
        let (incident, tally) = (&mut self.incident, &finding.tally);
        incident.severity = incident.severity.worse(finding.verdict.severity);
        let service = (row.detection.service.map(|service| service.port), row.detection.protocol);
        if incident.scenario == Scenario::InboundFromInternet && self.service != Some(service) {
            self.service = Some(service);
            keep_smaller(&mut incident.service, service_text(row));
        }
        incident.rows += tally.rows;
        incident.blocked += if is_stopped(&finding.verdict) { tally.rows } else { 0 };
        incident.occurrences = incident.occurrences.saturating_add(tally.occurrences);
        incident.first = incident.first.min(tally.first);
        incident.last = incident.last.max(tally.last);
        add(&mut incident.logs, finding);
        incident.findings.push(to_u32(number));
        if incident.reasons.len() == REASONS || !self.lists.insert(finding.reasons) {
            return;
        }
        for reason in reasons {
            if incident.reasons.len() < REASONS && !incident.reasons.contains(reason) {
                incident.reasons.push(reason.clone());
            }
        }
    }

    fn finish(self) -> Incident {
        Incident { host: self.host.into_text(), ..self.incident }
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
