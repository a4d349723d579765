//! What is known of each incident, for the playbook's advice.

use ringback_classify::{IncidentFacts, Policy, RelayFacts, advise};
use ringback_incident::Stories;
use ringback_model::{Finding, Incident, Sym, Symbols};

/// Gives every incident its advice.
pub(crate) fn advise_all(stories: &mut Stories, policy: &Policy, symbols: &Symbols) {
    for incident in &mut stories.incidents {
        incident.advice = advise(&facts(incident, &stories.findings, policy, symbols));
    }
}

fn facts(incident: &Incident, findings: &[Finding], policy: &Policy, symbols: &Symbols) -> IncidentFacts {
    let mut facts = IncidentFacts {
        scenario: Some(incident.scenario),
        suspect: Some(incident.suspect),
        severity: Some(incident.severity),
        host: incident.host.clone(),
        service: incident.service.clone(),
        ..IncidentFacts::default()
    };
    for number in &incident.findings {
        take(&mut facts, &findings[*number as usize], policy, symbols);
    }
    facts
}

fn take(facts: &mut IncidentFacts, finding: &Finding, policy: &Policy, symbols: &Symbols) {
    let (detection, verdict) = (&finding.detection, &finding.verdict);
    let row = detection.with(symbols);
    facts.logs.insert(detection.log);
    facts.threats.insert(detection.threat);
    facts.lists.insert(detection.list);
    facts.messages.insert(detection.message);
    facts.stopped.insert(verdict.stopped);
    facts.exposures.insert(verdict.exposure);
    facts.vulnerable.insert(verdict.vulnerable);
    facts.remotes.insert(row.remote_text().into_owned());
    let text = |sym: Sym| (!sym.is_empty()).then(|| row.text(sym).to_owned());
    facts.processes.extend(text(detection.process));
    facts.rules.extend(text(detection.rule));
    facts.cves.extend(row.cves().map(str::to_owned));
    if let (None, Some(number)) = (&facts.relay, verdict.relay) {
        let relay = policy.relay(number).map(|relay| relay.kind);
        facts.relay = relay.map(|kind| RelayFacts { name: policy.relay_name(number), kind });
    }
}
