//! What is known of each incident, for the playbook's advice and techniques.

use rayon::prelude::*;
use ringback_classify::{FindingFacts, IncidentFacts, Policy, advise, techniques};
use ringback_incident::Stories;
use ringback_model::{Finding, Incident, Symbols};

/// Gives every incident its advice, in a language, and the techniques that it is consistent with.
pub(crate) fn advise_all(stories: &mut Stories, policy: &Policy, symbols: &Symbols, language: &str) {
    let Stories { incidents, findings, .. } = stories;
    incidents.par_iter_mut().for_each(|incident| {
        let facts = facts(incident, findings, symbols);
        let (advice, techniques) = (advise(&facts, policy, language), techniques(&facts));
        incident.advice = advice;
        incident.techniques = techniques;
    });
}

fn facts<'a>(incident: &'a Incident, findings: &'a [Finding], symbols: &'a Symbols) -> IncidentFacts<'a> {
    let numbers = incident.findings.iter();
    IncidentFacts {
        scenario: incident.scenario,
        suspect: incident.suspect,
        severity: incident.severity,
        host: &incident.host,
        service: &incident.service,
        findings: numbers
            .map(|number| &findings[*number as usize])
            .map(|finding| FindingFacts { row: finding.detection.with(symbols), verdict: &finding.verdict })
            .collect(),
    }
}
