//! The profile's own severities.

use crate::severity::Facts;
use ringback_model::{Exposure, ListSource, Risk, Scenario, Severity, Threat};
use std::str::FromStr;

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

    /// The severity that the profile gives a case: that of the override with most words; of two with as many, the later one.
    pub(crate) fn of(overrides: &[Override], facts: &Facts) -> Option<Severity> {
        let held = overrides.iter().filter(|one| one.holds(facts));
        held.max_by_key(|one| one.words.len()).map(|one| one.severity)
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

#[cfg(test)]
mod tests {
    use super::*;
    use ringback_model::{Direction, RequestKind, Vulnerable};

    fn parse(key: &str, severity: Severity) -> Result<Override, OverrideError> {
        Override::parse(key, severity)
    }

    #[test]
    fn the_narrowest_wins() {
        let overrides = [
            parse("outbound-callback.logged", Severity::Low).unwrap(),
            parse("outbound-callback.user-defined.logged", Severity::High).unwrap(),
            parse("outbound-callback.user-defined.callback.blocked", Severity::Info).unwrap(),
            parse("undetermined.logged", Severity::Medium).unwrap(),
            parse("outbound-callback.high.published.logged", Severity::Critical).unwrap(),
        ];
        for (scenario, list, risk, stopped, expected) in [
            ("outbound-callback", "user-defined", "low", false, Some(Severity::High)),
            ("outbound-callback", "user-defined", "low", true, Some(Severity::Info)),
            ("outbound-callback", "global", "low", false, Some(Severity::Low)),
            ("outbound-callback", "global", "low", true, None),
            ("outbound-callback", "user-defined", "high", false, Some(Severity::Critical)),
            ("undetermined", "global", "high", false, Some(Severity::Medium)),
            ("lateral-movement", "global", "high", false, None),
        ] {
            let facts = Facts {
                scenario: scenario.parse().unwrap(),
                threat: Threat::Callback,
                list: list.parse().unwrap(),
                risk: risk.parse().unwrap(),
                direction: Direction::Outgoing,
                message: RequestKind::Request,
                exposure: Exposure::Published,
                vulnerable: Vulnerable::Unknown,
                raised: false,
                exploited: false,
                stopped,
            };
            assert_eq!(Override::of(&overrides, &facts), expected, "{scenario} {list} {risk} {stopped}");
        }
    }

    #[test]
    fn keys_that_no_vocabulary_knows_are_told() {
        for (key, says) in [
            ("", "logged or blocked"),
            ("logged", "no scenario"),
            ("outbound.logged", "unknown word"),
            ("outbound-callback", "logged or blocked"),
            ("outbound-callback.purple.logged", "purple"),
            ("outbound-callback.logged.blocked", "\"logged\" is no list"),
        ] {
            let error = parse(key, Severity::Low).unwrap_err().to_string();
            assert!(error.contains(says) && error.contains("hint: "), "{key}: {error}");
        }
    }
}
