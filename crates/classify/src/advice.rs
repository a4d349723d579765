//! What to do about an incident, from the playbook's steps.

use ringback_model::case::{Advice, Phase};
use ringback_model::profile::RelayKind;
use ringback_model::{
    Exposure, ListSource, Log, RequestKind, Scenario, Severity, Stopped, Suspect, Threat, Vulnerable,
};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static STEPS: LazyLock<Steps> = LazyLock::new(|| {
    toml::from_str(include_str!("../playbook/advice.toml")).expect("the steps that are carried are right")
});

/// What is known of an incident: the values that its findings have.
#[derive(Clone, Debug, Default)]
pub struct IncidentFacts {
    /// The scenario.
    pub scenario: Option<Scenario>,
    /// Whose host is under suspicion.
    pub suspect: Option<Suspect>,
    /// The worst severity.
    pub severity: Option<Severity>,
    /// The kinds of log.
    pub logs: BTreeSet<Log>,
    /// The threats.
    pub threats: BTreeSet<Threat>,
    /// The lists.
    pub lists: BTreeSet<ListSource>,
    /// Requests, responses or unknown.
    pub messages: BTreeSet<RequestKind>,
    /// What was stopped.
    pub stopped: BTreeSet<Stopped>,
    /// Exposure of the targets.
    pub exposures: BTreeSet<Exposure>,
    /// Vulnerability of the targets.
    pub vulnerable: BTreeSet<Vulnerable>,
    /// The declared relay that stands in the traffic.
    pub relay: Option<RelayFacts>,
    /// The host that the incident is about.
    pub host: String,
    /// The attacked service.
    pub service: String,
    /// Remote addresses and names.
    pub remotes: BTreeSet<String>,
    /// Processes.
    pub processes: BTreeSet<String>,
    /// Rules.
    pub rules: BTreeSet<String>,
    /// CVE ids and bulletins.
    pub cves: BTreeSet<String>,
}

/// A declared relay in an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelayFacts {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: RelayKind,
}

/// How many names a placeholder lists.
const LISTED: usize = 3;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Steps {
    step: Vec<StepRule>,
}

/// One step: conditions that are left out hold.
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
    log: Vec<Log>,
    #[serde(default)]
    threat: Vec<Threat>,
    #[serde(default)]
    list: Vec<ListSource>,
    #[serde(default)]
    message: Vec<RequestKind>,
    #[serde(default)]
    stopped: Vec<Stopped>,
    #[serde(default)]
    exposure: Vec<Exposure>,
    #[serde(default)]
    vulnerable: Vec<Vulnerable>,
    #[serde(default)]
    relay: Vec<RelayKind>,
    text: String,
    why: String,
    #[serde(default)]
    reference: String,
}

/// The steps that apply to an incident, by phase and then in the order of the playbook.
pub fn advise(facts: &IncidentFacts) -> Vec<Advice> {
    let mut advice: Vec<Advice> =
        STEPS.step.iter().filter(|step| step.applies(facts)).map(|step| step.advice(facts)).collect();
    advice.sort_by_key(|step| step.phase);
    advice
}

impl StepRule {
    fn applies(&self, facts: &IncidentFacts) -> bool {
        one(&self.scenario, facts.scenario)
            && one(&self.suspect, facts.suspect)
            && one(&self.severity, facts.severity)
            && one(&self.relay, facts.relay.as_ref().map(|relay| relay.kind))
            && any(&self.log, &facts.logs)
            && any(&self.threat, &facts.threats)
            && any(&self.list, &facts.lists)
            && any(&self.message, &facts.messages)
            && any(&self.stopped, &facts.stopped)
            && any(&self.exposure, &facts.exposures)
            && any(&self.vulnerable, &facts.vulnerable)
    }

    fn advice(&self, facts: &IncidentFacts) -> Advice {
        Advice {
            id: self.id.clone(),
            phase: self.phase,
            text: filled(&self.text, facts),
            why: self.why.clone(),
            reference: self.reference.clone(),
        }
    }
}

fn one<T: Copy + PartialEq>(wanted: &[T], value: Option<T>) -> bool {
    wanted.is_empty() || value.is_some_and(|value| wanted.contains(&value))
}

fn any<T: Ord>(wanted: &[T], values: &BTreeSet<T>) -> bool {
    wanted.is_empty() || wanted.iter().any(|value| values.contains(value))
}

/// The text with its placeholders filled, in one pass, so that what is filled in is never read for placeholders.
fn filled(text: &str, facts: &IncidentFacts) -> String {
    let mut filled = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, tail)) = after.split_once('}') else { break };
        filled.push_str(&value(name, facts));
        rest = tail;
    }
    filled.push_str(rest);
    filled
}

fn value(name: &str, facts: &IncidentFacts) -> String {
    match name {
        "host" => or(&facts.host, "the host"),
        "service" => or(&facts.service, "the port in question"),
        "remote" => listed(&facts.remotes, "the remote address"),
        "process" => listed(&facts.processes, "no process"),
        "rule" => listed(&facts.rules, "a list entry without a rule"),
        "cve" => listed(&facts.cves, "what the rule names"),
        "relay" => facts.relay.as_ref().map_or_else(|| "the relay".to_owned(), |relay| relay.name.clone()),
        other => format!("{{{other}}}"),
    }
}

fn or(text: &str, otherwise: &str) -> String {
    if text.is_empty() { otherwise.to_owned() } else { text.to_owned() }
}

fn listed(values: &BTreeSet<String>, otherwise: &str) -> String {
    if values.is_empty() {
        return otherwise.to_owned();
    }
    let mut text = values.iter().take(LISTED).cloned().collect::<Vec<_>>().join(", ");
    if values.len() > LISTED {
        text.push_str(&format!(" and {} more", values.len() - LISTED));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(scenario: Scenario) -> IncidentFacts {
        IncidentFacts {
            scenario: Some(scenario),
            suspect: Some(Suspect::None),
            severity: Some(Severity::High),
            host: "WEB01".to_owned(),
            service: "tcp/443".to_owned(),
            rules: BTreeSet::from(["{host} {{ 7*7 }}".to_owned()]),
            ..IncidentFacts::default()
        }
    }

    fn ids(facts: &IncidentFacts) -> Vec<String> {
        advise(facts).into_iter().map(|step| step.id).collect()
    }

    #[test]
    fn every_scenario_has_advice_and_ends_with_what_to_attach() {
        for scenario in Scenario::ALL {
            let advice = advise(&facts(*scenario));
            assert!(advice.len() >= 2, "{scenario}");
            assert_eq!(advice.last().unwrap().phase, Phase::Attach, "{scenario}");
            assert!(advice.iter().all(|step| !step.why.is_empty()), "{scenario}");
        }
    }

    #[test]
    fn the_inbound_guide_is_answered_where_the_profile_answers() {
        let mut inbound = facts(Scenario::InboundFromInternet);
        inbound.threats.insert(Threat::Exploit);
        for (exposure, vulnerable, wanted, unwanted) in [
            (
                Exposure::Unknown,
                Vulnerable::Unknown,
                ["inbound-should-be-public", "inbound-is-it-vulnerable"],
                "inbound-patch",
            ),
            (
                Exposure::Closed,
                Vulnerable::Yes,
                ["inbound-why-reached", "inbound-patch"],
                "inbound-public-explains",
            ),
            (
                Exposure::Published,
                Vulnerable::No,
                ["inbound-public-explains", "inbound-exploit-fails"],
                "inbound-why-reached",
            ),
        ] {
            inbound.exposures = BTreeSet::from([exposure]);
            inbound.vulnerable = BTreeSet::from([vulnerable]);
            let ids = ids(&inbound);
            for id in wanted.iter().chain(&["inbound-list-source", "inbound-filter"]) {
                assert!(ids.iter().any(|known| known == id), "{exposure} {vulnerable}: {id} not in {ids:?}");
            }
            assert!(ids.iter().all(|known| known != unwanted), "{exposure} {vulnerable}: {ids:?}");
        }
    }

    #[test]
    fn placeholders_are_filled_once() {
        let advice = advise(&facts(Scenario::InboundFromInternet));
        let step = advice.iter().find(|step| step.id == "inbound-list-source").unwrap();
        assert!(step.text.contains("{host} {{ 7*7 }}"), "{}", step.text);
        let names = ["host", "service", "remote", "process", "rule", "cve", "relay"];
        for step in &STEPS.step {
            for part in step.text.split('{').skip(1) {
                assert!(names.contains(&part.split('}').next().unwrap()), "{}", step.id);
            }
        }
    }

    #[test]
    fn relays_name_their_log() {
        for kind in RelayKind::ALL {
            let inside = matches!(kind, RelayKind::Dns | RelayKind::Proxy | RelayKind::Nat | RelayKind::Vpn);
            let scenario = if inside { Scenario::OutboundCallback } else { Scenario::InboundFromInternet };
            let mut facts = facts(scenario);
            facts.suspect = Some(if inside { Suspect::BehindRelay } else { Suspect::None });
            facts.relay = Some(RelayFacts { name: "RELAY9".to_owned(), kind: *kind });
            assert!(advise(&facts).iter().any(|step| step.text.contains("RELAY9")), "{kind}");
        }
    }
}
