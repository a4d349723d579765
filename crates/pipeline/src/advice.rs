//! What is known of each incident, for the playbook's advice and techniques.

use crate::PipelineError;
use rayon::prelude::*;
use ringback_classify::{FindingFacts, IncidentFacts, Policy, advise, techniques};
use ringback_model::background::Technique;
use ringback_model::case::Advice;
use ringback_model::{Case, Finding, Incident, Profile, Symbols};

/// What is to be done about an incident, and the techniques that it is consistent with.
pub(crate) type Advised = (Vec<Advice>, Vec<Technique>);

/// The advice on every incident, in a language.
pub(crate) fn advised(
    incidents: &[Incident],
    findings: &[Finding],
    policy: &Policy,
    symbols: &Symbols,
    language: &str,
) -> Vec<Advised> {
    let of_incident = |incident: &Incident| {
        let all = incident.findings.iter().map(|number| &findings[*number as usize]);
        let facts = facts(incident, all, symbols);
        (advise(&facts, policy, language), techniques(&facts))
    };
    incidents.par_iter().map(of_incident).collect()
}

/// Gives incidents the advice on them.
pub(crate) fn give(incidents: &mut [Incident], advised: Vec<Advised>) {
    for (incident, (advice, techniques)) in incidents.iter_mut().zip(advised) {
        incident.advice = advice;
        incident.techniques = techniques;
    }
}

/// Gives every incident of a case its advice anew, since what advice names has other names now. Of the profile only what
/// advice names is asked: relays, and what is known to be exploited.
///
/// # Errors
/// A profile that can not be compiled.
pub fn advise_again(case: &mut Case, profile: &Profile) -> Result<(), PipelineError> {
    let policy = Policy::compile(profile).map_err(PipelineError::Policy)?;
    let Case { incidents, findings, symbols, heading, .. } = case;
    let advised = advised(incidents, findings, &policy, symbols, &heading.language);
    give(incidents, advised);
    Ok(())
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
