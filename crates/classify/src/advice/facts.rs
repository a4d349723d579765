//! The facts that made a step apply, in words: what its reason speaks of.

use super::wording::Wording;
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

/// The texts of facts in the language of a wording; those of English where there is none.
pub(super) fn facts(wording: Option<&Wording>) -> &'static Facts {
    match wording.map(|wording| wording.language) {
        Some("de") => &GERMAN,
        Some("ja") => &JAPANESE,
        _ => &ENGLISH,
    }
}

/// A family of facts that a reason can speak of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Family {
    Stopped,
    Exposure,
    Reached,
    Vulnerable,
    Exploited,
    List,
    Log,
    Packet,
    Scope,
    Logged,
    Suspect,
    Severity,
    Threat,
}

/// The families by the names of their placeholders.
const FAMILIES: &[(&str, Family)] = &[
    ("stopped", Family::Stopped),
    ("exposure", Family::Exposure),
    ("reached", Family::Reached),
    ("vulnerable", Family::Vulnerable),
    ("exploited", Family::Exploited),
    ("list", Family::List),
    ("log", Family::Log),
    ("packet", Family::Packet),
    ("scope", Family::Scope),
    ("logged", Family::Logged),
    ("suspect", Family::Suspect),
    ("severity", Family::Severity),
    ("threat", Family::Threat),
];

/// The family that a placeholder stands for, if it stands for one.
pub(super) fn family(placeholder: &str) -> Option<Family> {
    FAMILIES.iter().find(|(name, _)| *name == placeholder).map(|(_, family)| *family)
}

/// The value of a family for a finding of an incident: one word of the key of its text, or two where a step asks for both
/// direction and message; the second is empty else.
pub(super) fn value(
    family: Family,
    step: &StepRule,
    facts: &IncidentFacts<'_>,
    FindingFacts { row, verdict }: FindingFacts<'_>,
    policy: &Policy,
) -> (&'static str, &'static str) {
    let detection = row.detection;
    let flag = |yes: bool| if yes { "yes" } else { "no" };
    let word = match family {
        Family::Stopped => verdict.stopped.as_str(),
        Family::Exposure => verdict.exposure.as_str(),
        Family::Reached => flag(verdict.reached),
        Family::Vulnerable => verdict.vulnerable.as_str(),
        Family::Exploited => flag(policy.exploited.worst(row).is_some()),
        Family::List => detection.list.as_str(),
        Family::Log => detection.log.as_str(),
        Family::Packet if !step.message.is_empty() => {
            return (row.direction().as_str(), detection.message.as_str());
        }
        Family::Packet => row.direction().as_str(),
        Family::Scope => verdict.remote_scope.as_str(),
        Family::Logged => flag(!detection.process.is_empty()),
        Family::Suspect => facts.suspect.as_str(),
        Family::Severity => facts.severity.as_str(),
        Family::Threat => detection.threat.as_str(),
    };
    (word, "")
}

#[cfg(test)]
mod tests;
