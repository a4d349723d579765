//! What to do about an incident, from the playbook's steps.

mod facts;
mod said;
mod wording;

use crate::policy::Policy;
use crate::severity::words;
use crate::{attack, processes};
use ringback_model::case::{Advice, Phase};
use ringback_model::profile::RelayKind;
use ringback_model::{
    DetectionRef, Direction, Exposure, ListSource, Log, RequestKind, ResultKind, Scenario, Scope, Severity,
    Stopped, Suspect, Threat, Verdict, Vulnerable,
};
use said::{LISTED, LISTED_IN_REASONS, Names, Said};
use serde::Deserialize;
use std::sync::LazyLock;
use wording::{Otherwise, Wording};

static STEPS: LazyLock<Steps> = LazyLock::new(|| {
    toml::from_str(include_str!("../playbook/advice.toml")).expect("the steps that are carried are right")
});

/// What is known of an incident.
#[derive(Clone, Debug)]
pub struct IncidentFacts<'a> {
    /// The scenario.
    pub scenario: Scenario,
    /// Whose host is under suspicion.
    pub suspect: Suspect,
    /// The worst severity.
    pub severity: Severity,
    /// The host that the incident is about.
    pub host: &'a str,
    /// The attacked service; may be empty.
    pub service: &'a str,
    /// Its findings.
    pub findings: Vec<FindingFacts<'a>>,
}

/// What is known of a finding.
#[derive(Clone, Copy, Debug)]
pub struct FindingFacts<'a> {
    /// What its rows say.
    pub row: DetectionRef<'a>,
    /// What that means.
    pub verdict: &'a Verdict,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Steps {
    otherwise: Otherwise,
    step: Vec<StepRule>,
}

/// One step. Conditions that are left out hold; those on findings must all hold for one finding, or for every one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepRule {
    id: String,
    phase: Phase,
    #[serde(default)]
    scenario: Vec<Scenario>,
    #[serde(default)]
    suspect: Vec<Suspect>,
    #[serde(default)]
    severity: Vec<Severity>,
    #[serde(default)]
    every: bool,
    #[serde(default)]
    log: Vec<Log>,
    #[serde(default)]
    threat: Vec<Threat>,
    #[serde(default)]
    list: Vec<ListSource>,
    #[serde(default)]
    direction: Vec<Direction>,
    #[serde(default)]
    message: Vec<RequestKind>,
    #[serde(default)]
    result: Vec<ResultKind>,
    #[serde(default)]
    stopped: Vec<Stopped>,
    #[serde(default)]
    exposure: Vec<Exposure>,
    #[serde(default)]
    vulnerable: Vec<Vulnerable>,
    #[serde(default)]
    scope: Vec<Scope>,
    #[serde(default)]
    relay: Vec<RelayKind>,
    #[serde(default)]
    port: Vec<u16>,
    reached: Option<bool>,
    exploited: Option<bool>,
    process: Option<bool>,
    text: String,
    why: String,
    #[serde(default)]
    reference: String,
}

/// Reads the steps with their words in a language, the techniques and the table of processes, unless that is done or being done:
/// it takes a millisecond or two, which another thread may spend while inputs are read.
pub fn read_playbook(language: &str) {
    LazyLock::force(&STEPS);
    facts::facts(Wording::of(language));
    attack::read_table();
    processes::read_table();
}

/// The steps that apply to an incident, by phase and then in the order of the playbook, in a language by its BCP 47 tag;
/// in English where there are no texts in it.
pub fn advise(facts: &IncidentFacts<'_>, policy: &Policy, language: &str) -> Vec<Advice> {
    let wording = Wording::of(language);
    let names = Names::default();
    let steps = STEPS.step.iter();
    let mut advice: Vec<Advice> =
        steps.filter_map(|step| step.advice(facts, &names, policy, wording)).collect();
    advice.sort_by_key(|step| step.phase);
    advice
}

/// One step of the playbook, for people: when it applies, and what it says in English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepGuide {
    /// Its name.
    pub id: &'static str,
    /// When it is taken.
    pub phase: Phase,
    /// Its conditions by name, each with the words of which one must hold.
    pub conditions: Vec<(&'static str, String)>,
    /// Why it applies where it does.
    pub why: &'static str,
    /// Where it comes from; may be empty.
    pub reference: &'static str,
}

/// Every step of the playbook, in its order.
pub fn step_guides() -> Vec<StepGuide> {
    let guide = |step: &'static StepRule| StepGuide {
        id: &step.id,
        phase: step.phase,
        conditions: step.conditions(),
        why: &step.why,
        reference: &step.reference,
    };
    STEPS.step.iter().map(guide).collect()
}

impl StepRule {
    /// The conditions that it has, by name.
    fn conditions(&self) -> Vec<(&'static str, String)> {
        let yes_or_no = |wanted: Option<bool>| match wanted {
            Some(true) => "yes".to_owned(),
            Some(false) => "no".to_owned(),
            None => String::new(),
        };
        let all = [
            ("scenario", words(&self.scenario)),
            ("suspect", words(&self.suspect)),
            ("severity", words(&self.severity)),
            ("log", words(&self.log)),
            ("threat", words(&self.threat)),
            ("list", words(&self.list)),
            ("direction", words(&self.direction)),
            ("message", words(&self.message)),
            ("result", words(&self.result)),
            ("stopped", words(&self.stopped)),
            ("exposure", words(&self.exposure)),
            ("vulnerable", words(&self.vulnerable)),
            ("scope", words(&self.scope)),
            ("relay", words(&self.relay)),
            ("port", words(&self.port)),
            ("reached", yes_or_no(self.reached)),
            ("exploited", yes_or_no(self.exploited)),
            ("process", yes_or_no(self.process)),
            ("every", yes_or_no(self.every.then_some(true))),
        ];
        all.into_iter().filter(|(_, words)| !words.is_empty()).collect()
    }

    /// The step's advice for an incident, if it applies.
    fn advice<'a>(
        &self,
        facts: &IncidentFacts<'a>,
        names: &Names<'a>,
        policy: &Policy,
        wording: Option<&Wording>,
    ) -> Option<Advice> {
        let incident = fits(&self.scenario, facts.scenario)
            && fits(&self.suspect, facts.suspect)
            && fits(&self.severity, facts.severity);
        if !incident {
            return None;
        }
        let findings = facts.findings.iter().copied();
        let fitting: Vec<FindingFacts<'a>> =
            findings.filter(|finding| self.holds(*finding, policy)).collect();
        if fitting.is_empty() || (self.every && fitting.len() < facts.findings.len()) {
            return None;
        }
        let otherwise = wording.map_or(&STEPS.otherwise, |wording| &wording.otherwise);
        let told = wording.and_then(|wording| wording.step.get(&self.id));
        let facts_told = facts::facts(wording);
        let said = Said {
            step: self,
            facts,
            fitting: &fitting,
            policy,
            otherwise,
            told: facts_told,
            names: Some(names).filter(|_| fitting.len() == facts.findings.len()),
            listed: LISTED,
        };
        let why = Said { listed: LISTED_IN_REASONS, ..said };
        Some(Advice {
            id: self.id.clone(),
            phase: self.phase,
            text: said.filled(told.map_or(&self.text, |told| &told.text)),
            why: why.filled(told.map_or(&self.why, |told| &told.why)),
            reference: self.reference.clone(),
        })
    }

    fn holds(&self, FindingFacts { row, verdict }: FindingFacts<'_>, policy: &Policy) -> bool {
        let detection = row.detection;
        let relay = || verdict.relay.and_then(|number| policy.relay(number)).map(|relay| relay.kind);
        let port = || detection.service.map(|service| service.port);
        fits(&self.log, detection.log)
            && fits(&self.threat, detection.threat)
            && fits(&self.list, detection.list)
            && fits(&self.direction, row.direction())
            && fits(&self.message, detection.message)
            && fits(&self.result, detection.result)
            && fits(&self.stopped, verdict.stopped)
            && fits(&self.exposure, verdict.exposure)
            && fits(&self.vulnerable, verdict.vulnerable)
            && fits(&self.scope, verdict.remote_scope)
            && self.reached.is_none_or(|reached| reached == verdict.reached)
            && self.process.is_none_or(|logged| logged != detection.process.is_empty())
            && self.exploited.is_none_or(|exploited| exploited == policy.exploited.worst(row).is_some())
            && (self.relay.is_empty() || relay().is_some_and(|kind| self.relay.contains(&kind)))
            && (self.port.is_empty() || port().is_some_and(|port| self.port.contains(&port)))
    }
}

fn fits<T: Copy + PartialEq>(wanted: &[T], value: T) -> bool {
    wanted.is_empty() || wanted.contains(&value)
}

#[cfg(test)]
mod tests;
