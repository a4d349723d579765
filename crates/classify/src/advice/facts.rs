//! The facts that made a step apply, in words: what its reason speaks of.

use super::{FindingFacts, IncidentFacts, StepRule};
use crate::policy::Policy;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The texts of facts in a language, by family and value: `stopped.no`.
pub(super) type Facts = BTreeMap<String, String>;

static ENGLISH: LazyLock<Facts> = LazyLock::new(|| read(include_str!("../../playbook/facts.toml")));

static GERMAN: LazyLock<Facts> = LazyLock::new(|| read(include_str!("../../playbook/facts.de.toml")));

static JAPANESE: LazyLock<Facts> = LazyLock::new(|| read(include_str!("../../playbook/facts.ja.toml")));

fn read(source: &str) -> Facts {
    toml::from_str(source).expect("the texts that are carried are right")
}

/// The texts of a language; those of English where there are none.
pub(super) fn facts(language: &str) -> &'static Facts {
    match language {
        "de" => &GERMAN,
        "ja" => &JAPANESE,
        _ => &ENGLISH,
    }
}

/// The families of facts that a reason can speak of: a placeholder each.
pub(super) const FAMILIES: &[&str] = &[
    "stopped",
    "exposure",
    "reached",
    "vulnerable",
    "exploited",
    "list",
    "log",
    "packet",
    "scope",
    "logged",
    "suspect",
    "severity",
    "threat",
];

/// The value of a family for a finding of an incident: one word of the key of its text, or two where a step asks for both
/// direction and message; the second is empty else.
pub(super) fn value(
    family: &str,
    step: &StepRule,
    facts: &IncidentFacts<'_>,
    FindingFacts { row, verdict }: FindingFacts<'_>,
    policy: &Policy,
) -> (&'static str, &'static str) {
    let detection = row.detection;
    let flag = |yes: bool| if yes { "yes" } else { "no" };
    let word = match family {
        "stopped" => verdict.stopped.as_str(),
        "exposure" => verdict.exposure.as_str(),
        "reached" => flag(verdict.reached),
        "vulnerable" => verdict.vulnerable.as_str(),
        "exploited" => flag(policy.exploited.worst(row).is_some()),
        "list" => detection.list.as_str(),
        "log" => detection.log.as_str(),
        "packet" if !step.message.is_empty() => {
            return (row.direction().as_str(), detection.message.as_str());
        }
        "packet" => row.direction().as_str(),
        "scope" => verdict.remote_scope.as_str(),
        "logged" => flag(!detection.process.is_empty()),
        "suspect" => facts.suspect.as_str(),
        "severity" => facts.severity.as_str(),
        "threat" => detection.threat.as_str(),
        _ => "",
    };
    (word, "")
}

#[cfg(test)]
mod tests;
