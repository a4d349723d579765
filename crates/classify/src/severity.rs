//! How bad a finding is, by the rules of the playbook.

use ringback_model::{
    Direction, Exposure, ListSource, RequestKind, Risk, Scenario, Severity, Threat, Vulnerable,
};
use serde::Deserialize;

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
    #[serde(default)]
    exploited: bool,
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
    /// Whether what the rule names is known to be exploited in the wild.
    pub(crate) exploited: bool,
    pub(crate) stopped: bool,
}

/// A playbook that is wrong.
#[derive(Debug, thiserror::Error)]
pub enum PlaybookError {
    /// It is not of a playbook's shape.
    #[error("playbook: {0}")]
    Shape(#[from] Box<toml::de::Error>),
    /// A scenario may find no rule: it needs one without any further condition, after which none can follow.
    #[error(
        "playbook: no rule holds for every case of {0}\nhint: end its rules with one that names nothing but the scenario"
    )]
    NotTotal(Scenario),
    /// A rule stands behind one that holds for all of its cases.
    #[error("playbook: the rule {0:?} is never reached")]
    Unreachable(String),
    /// A rule calls what was stopped worse than what was not.
    #[error("playbook: the rule {0:?} calls what was stopped worse than what was not")]
    StoppedIsWorse(String),
}

impl Playbook {
    /// The playbook that the program carries.
    pub(crate) fn builtin() -> Result<Self, PlaybookError> {
        Playbook::parse(include_str!("../playbook/severity.toml"))
    }

    /// Reads a playbook and checks that every case but the undetermined has a severity.
    pub(crate) fn parse(text: &str) -> Result<Self, PlaybookError> {
        let playbook: Playbook = toml::from_str(text).map_err(Box::new)?;
        for scenario in Scenario::ALL.iter().filter(|scenario| **scenario != Scenario::Undetermined) {
            playbook.check(*scenario)?;
        }
        let mut rules = playbook.rule.iter();
        match rules.find(|rule| rule.stopped < rule.open) {
            Some(rule) => Err(PlaybookError::StoppedIsWorse(rule.name.clone())),
            None => Ok(playbook),
        }
    }

    /// The last rule of a scenario, and only that, holds for all of its cases.
    fn check(&self, scenario: Scenario) -> Result<(), PlaybookError> {
        let mut rules = self.rule.iter().filter(|rule| fits(&rule.scenario, scenario));
        if !rules.any(Rule::is_general) {
            return Err(PlaybookError::NotTotal(scenario));
        }
        match rules.find(|rule| rule.scenario == [scenario]) {
            Some(rule) => Err(PlaybookError::Unreachable(rule.name.clone())),
            None => Ok(()),
        }
    }

    /// Its version, as reports show it.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// The severity of a case by the first rule that holds, and the rule's name. The undetermined has no rules of its own:
    /// it is asked for as the scenarios that are still possible.
    pub(crate) fn severity(&self, facts: &Facts) -> (Severity, &str) {
        let rule = self.rule_of(facts);
        let severity = rule.pick(facts.stopped);
        if facts.is_closed() {
            return (severity.worse(self.closed.pick(facts.stopped)), &rule.name);
        }
        (severity, &rule.name)
    }

    /// The severity by the first rule that holds alone.
    pub(crate) fn by_rule(&self, facts: &Facts) -> Severity {
        self.rule_of(facts).pick(facts.stopped)
    }

    fn rule_of(&self, facts: &Facts) -> &Rule {
        let rule = self.rule.iter().find(|rule| rule.holds(facts));
        rule.expect("a checked playbook has a rule for every case of every scenario that is determined")
    }

    /// The rules as rows for people: the name, the conditions, and the severities of what was not stopped and what was.
    pub(crate) fn rows(&self) -> Vec<RuleRow<'_>> {
        self.rule
            .iter()
            .map(|rule| (rule.name.as_str(), rule.conditions(), rule.open, rule.stopped))
            .collect()
    }

    /// What an inbound hit on a closed target is at least: where it was not stopped, and where it was.
    pub(crate) fn closed(&self) -> (Severity, Severity) {
        (self.closed.open, self.closed.stopped)
    }
}

/// A rule for people: its name, its conditions by name, the severity of what was not stopped, and of what was.
pub(crate) type RuleRow<'p> = (&'p str, Vec<(&'static str, String)>, Severity, Severity);

/// The words of a condition, in one text.
pub(crate) fn words<T: std::fmt::Display>(values: &[T]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl Facts {
    /// Whether outside traffic came to a service that is said to be closed. A failed logon is none the worse for it.
    fn is_closed(&self) -> bool {
        self.scenario == Scenario::InboundFromInternet
            && self.exposure == Exposure::Closed
            && self.threat != Threat::LogonFailure
    }
}

impl Rule {
    fn pick(&self, stopped: bool) -> Severity {
        if stopped { self.stopped } else { self.open }
    }

    /// The conditions by name; those that are left out have no words.
    fn conditions(&self) -> Vec<(&'static str, String)> {
        let yes = |wanted: bool| if wanted { "yes".to_owned() } else { String::new() };
        vec![
            ("scenario", words(&self.scenario)),
            ("threat", words(&self.threat)),
            ("list", words(&self.list)),
            ("risk", words(&self.risk)),
            ("direction", words(&self.direction)),
            ("message", words(&self.message)),
            ("exposure", words(&self.exposure)),
            ("vulnerable", words(&self.vulnerable)),
            ("worked", yes(self.raised)),
            ("exploited", yes(self.exploited)),
        ]
    }

    /// Whether the rule has no condition but its scenario.
    fn is_general(&self) -> bool {
        self.threat.is_empty()
            && self.list.is_empty()
            && self.risk.is_empty()
            && self.direction.is_empty()
            && self.message.is_empty()
            && self.exposure.is_empty()
            && self.vulnerable.is_empty()
            && !self.raised
            && !self.exploited
    }

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
            && (!self.exploited || facts.exploited)
    }
}

fn fits<T: Copy + PartialEq>(wanted: &[T], value: T) -> bool {
    wanted.is_empty() || wanted.contains(&value)
}

#[cfg(test)]
mod tests;
