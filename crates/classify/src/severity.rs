//! How bad a finding is, by the rules of the playbook.

use ringback_model::{
    Direction, Exposure, ListSource, RequestKind, Risk, Scenario, Severity, Threat, Vulnerable,
};
use serde::Deserialize;
use std::str::FromStr;

/// The rules of severity.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Playbook {
    version: String,
    rule: Vec<Rule>,
    closed: Pair,
}

/// A severity for what was not stopped, and one for what was.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    open: Severity,
    stopped: Severity,
}

impl Pair {
    fn pick(self, stopped: bool) -> Severity {
        if stopped { self.stopped } else { self.open }
    }
}

/// One rule: conditions that are left out hold.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    name: String,
    #[serde(default)]
    scenario: Vec<Scenario>,
    #[serde(default)]
    threat: Vec<Threat>,
    #[serde(default)]
    list: Vec<ListSource>,
    #[serde(default)]
    risk: Vec<Risk>,
    #[serde(default)]
    direction: Vec<Direction>,
    #[serde(default)]
    message: Vec<RequestKind>,
    #[serde(default)]
    exposure: Vec<Exposure>,
    #[serde(default)]
    vulnerable: Vec<Vulnerable>,
    #[serde(default)]
    raised: bool,
    open: Severity,
    stopped: Severity,
}

/// What severity depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) scenario: Scenario,
    pub(crate) threat: Threat,
    pub(crate) list: ListSource,
    pub(crate) risk: Risk,
    pub(crate) direction: Direction,
    pub(crate) message: RequestKind,
    pub(crate) exposure: Exposure,
    pub(crate) vulnerable: Vulnerable,
    pub(crate) raised: bool,
    pub(crate) stopped: bool,
}

/// A playbook that is wrong.
#[derive(Debug, thiserror::Error)]
pub enum PlaybookError {
    /// It is not of a playbook's shape.
    #[error("playbook: {0}")]
    Shape(#[from] Box<toml::de::Error>),
}

/// A severity override that no vocabulary knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "severity override {key:?}: {problem}\nhint: keys are scenario[.word…].logged or .blocked, such as \"outbound-callback.user-defined.logged\""
)]
pub struct OverrideError {
    key: String,
    problem: String,
}

/// A severity override of the profile.
#[derive(Clone, Debug)]
pub(crate) struct Override {
    scenario: Scenario,
    words: Vec<String>,
    stopped: bool,
    severity: Severity,
}

impl Override {
    /// Reads `scenario[.word…].(logged|blocked)`; words are lists, threats, risks and exposures.
    pub(crate) fn parse(key: &str, severity: Severity) -> Result<Self, OverrideError> {
        let wrong = |problem: String| OverrideError { key: key.to_owned(), problem };
        let mut words: Vec<&str> = key.split('.').collect();
        let stopped = match words.pop() {
            Some("blocked") => true,
            Some("logged") => false,
            other => {
                return Err(wrong(format!(
                    "ends with {:?}, not with logged or blocked",
                    other.unwrap_or("")
                )));
            }
        };
        let (scenario, words) = words.split_first().ok_or_else(|| wrong("names no scenario".to_owned()))?;
        let scenario = Scenario::from_str(scenario).map_err(|error| wrong(error.to_string()))?;
        if let Some(unknown) = words.iter().find(|word| !is_condition(word)) {
            return Err(wrong(format!("{unknown:?} is no list, threat, risk or exposure")));
        }
        Ok(Override {
            scenario,
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            stopped,
            severity,
        })
    }

    fn holds(&self, facts: &Facts) -> bool {
        let said = [facts.list.as_str(), facts.threat.as_str(), facts.risk.as_str(), facts.exposure.as_str()];
        self.scenario == facts.scenario
            && self.stopped == facts.stopped
            && self.words.iter().all(|word| said.contains(&word.as_str()))
    }
}

fn is_condition(word: &str) -> bool {
    ListSource::from_str(word).is_ok()
        || Threat::from_str(word).is_ok()
        || Risk::from_str(word).is_ok()
        || Exposure::from_str(word).is_ok()
}

impl Playbook {
    /// The playbook that the program carries.
    pub(crate) fn builtin() -> Result<Self, PlaybookError> {
        toml::from_str(include_str!("../playbook/severity.toml")).map_err(|error| Box::new(error).into())
    }

    /// Its version, as reports show it.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// The severity by the rules and the overrides, and the name of the rule. Undetermined findings have no rule of their
    /// own; they are asked for as the scenarios that are still possible.
    pub(crate) fn severity(&self, facts: &Facts, overrides: &[Override]) -> (Severity, &str) {
        let chosen = overrides.iter().filter(|one| one.holds(facts)).max_by_key(|one| one.words.len());
        if let Some(chosen) = chosen {
            return (chosen.severity, "profile");
        }
        let Some(rule) = self.rule.iter().find(|rule| rule.holds(facts)) else { return (Severity::Info, "") };
        let severity = if facts.stopped { rule.stopped } else { rule.open };
        if facts.scenario == Scenario::InboundFromInternet
            && facts.exposure == Exposure::Closed
            && facts.threat != Threat::LogonFailure
        {
            return (severity.worse(self.closed.pick(facts.stopped)), &rule.name);
        }
        (severity, &rule.name)
    }
}

impl Rule {
    fn holds(&self, facts: &Facts) -> bool {
        fits(&self.scenario, facts.scenario)
            && fits(&self.threat, facts.threat)
            && fits(&self.list, facts.list)
            && fits(&self.risk, facts.risk)
            && fits(&self.direction, facts.direction)
            && fits(&self.message, facts.message)
            && fits(&self.exposure, facts.exposure)
            && fits(&self.vulnerable, facts.vulnerable)
            && (!self.raised || facts.raised)
    }
}

fn fits<T: Copy + PartialEq>(wanted: &[T], value: T) -> bool {
    wanted.is_empty() || wanted.contains(&value)
}

#[cfg(test)]
mod tests;
