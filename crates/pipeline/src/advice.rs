//! What is known of each incident, for the playbook's advice and techniques.

use rayon::prelude::*;
use ringback_classify::{FindingFacts, IncidentFacts, Policy, advise, techniques};
use ringback_incident::Stories;
use ringback_model::{Finding, Incident, Symbols};

/// Gives every incident its advice, in a language, and the techniques that it is consistent with.
pub(crate) fn advise_all(stories: &mut Stories, policy: &Policy, symbols: &Symbols, language: &str) {
    let Stories { incidents, findings, .. } = stories;
    incidents.par_iter_mut().for_each(|incident| {
        let all = incident.findings.iter().map(|number| &findings[*number as usize]);
        let facts = facts(incident, all, symbols);
        let (advice, techniques) = (advise(&facts, policy, language), techniques(&facts));
        incident.advice = advice;
        incident.techniques = techniques;
    });
}

/// What is known of an incident by some of its findings.
pub(crate) fn facts<'a>(
    incident: &'a Incident,
    findings: impl IntoIterator<Item = &'a Finding>,
    symbols: &'a Symbols,
) -> IncidentFacts<'a> {
    IncidentFacts {
        scenario: incident.scenario,
        suspect: incident.suspect,
        severity: incident.severity,
        host: &incident.host,
        service: &incident.service,
        findings: findings
            .into_iter()
            .map(|finding| FindingFacts { row: finding.detection.with(symbols), verdict: &finding.verdict })
            .collect(),
    }
}
