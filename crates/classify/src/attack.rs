//! The techniques of MITRE ATT&CK that incidents are consistent with, from the playbook's table.

use crate::advice::{FindingFacts, IncidentFacts};
use crate::processes;
use ringback_model::background::Technique;
use ringback_model::{ListSource, Origin, RequestKind, Scenario, Set, Suspect, Sym, Threat};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("../playbook/attack.toml")).expect("the table that is carried is right")
});

static NAMES: LazyLock<BTreeMap<&str, &str>> =
    LazyLock::new(|| TABLE.technique.iter().map(|one| (one.id.as_str(), one.name.as_str())).collect());

/// Reads the table, unless that is done.
pub(crate) fn read_table() {
    LazyLock::force(&NAMES);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    matrix: String,
    technique: Vec<Named>,
    row: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    id: String,
    name: String,
}

/// One row. Conditions that are left out hold.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    scenario: Vec<Scenario>,
    #[serde(default)]
    suspect: Vec<Suspect>,
    #[serde(default)]
    threat: Vec<Threat>,
    #[serde(default)]
    list: Vec<ListSource>,
    #[serde(default)]
    message: Vec<RequestKind>,
    #[serde(default)]
    port: Vec<u16>,
    #[serde(default)]
    not_port: Vec<u16>,
    #[serde(default)]
    protocol: Vec<String>,
    #[serde(default)]
    otherwise: bool,
    techniques: Vec<String>,
}

/// Scenarios in which the process that called is part of the story.
const CALLED: &[Scenario] = &[
    Scenario::OutboundCallback,
    Scenario::OutboundAttack,
    Scenario::InternalCallback,
    Scenario::LateralMovement,
];

/// What of a finding decides on its techniques: findings that are alike are looked at once.
#[derive(PartialEq, Eq, Hash)]
struct Kind {
    scenario: Scenario,
    suspect: Suspect,
    origin: Origin,
    threat: Threat,
    list: ListSource,
    message: RequestKind,
    port: Option<u16>,
    protocol: Sym,
    process: Sym,
}

impl Kind {
    fn of(FindingFacts { row, verdict }: FindingFacts<'_>) -> Self {
        let detection = row.detection;
        Kind {
            scenario: verdict.scenario,
            suspect: verdict.suspect,
            origin: verdict.origin,
            threat: detection.threat,
            list: detection.list,
            message: detection.message,
            port: detection.service.map(|service| service.port),
            protocol: detection.protocol,
            process: detection.process,
        }
    }
}

/// The name and version of the matrix that ids and names are of.
pub fn attack_matrix() -> &'static str {
    &TABLE.matrix
}

/// The techniques that an incident is consistent with, in the order of their ids.
pub fn techniques(facts: &IncidentFacts<'_>) -> Vec<Technique> {
    let mut seen: Set<Kind> = Set::default();
    let mut ids: BTreeSet<&'static str> = BTreeSet::new();
    for finding in &facts.findings {
        let kind = Kind::of(*finding);
        if !seen.contains(&kind) {
            ids.extend(of_rows(&kind, finding.row.text(kind.protocol)));
            ids.extend(of_process(&kind, finding.row.text(kind.process)).iter().map(String::as_str));
            seen.insert(kind);
        }
    }
    ids.into_iter().filter_map(technique).collect()
}

/// The technique of an id.
pub(crate) fn technique(id: &'static str) -> Option<Technique> {
    NAMES.get(id).map(|name| Technique { id, name })
}

fn of_rows(kind: &Kind, protocol: &str) -> BTreeSet<&'static str> {
    let mut ids = BTreeSet::new();
    for row in &TABLE.row {
        if (ids.is_empty() || !row.otherwise) && row.fits(kind, protocol) {
            ids.extend(row.techniques.iter().map(String::as_str));
        }
    }
    ids
}

fn of_process(kind: &Kind, process: &str) -> &'static [String] {
    if kind.origin == Origin::Local && CALLED.contains(&kind.scenario) {
        processes::techniques(process)
    } else {
        &[]
    }
}

impl Row {
    fn fits(&self, kind: &Kind, protocol: &str) -> bool {
        any(&self.scenario, kind.scenario)
            && any(&self.suspect, kind.suspect)
            && any(&self.threat, kind.threat)
            && any(&self.list, kind.list)
            && any(&self.message, kind.message)
            && (self.port.is_empty() || kind.port.is_some_and(|port| self.port.contains(&port)))
            && (self.not_port.is_empty() || kind.port.is_some_and(|port| !self.not_port.contains(&port)))
            && (self.protocol.is_empty()
                || self.protocol.iter().any(|one| one.eq_ignore_ascii_case(protocol)))
    }
}

fn any<T: Copy + PartialEq>(wanted: &[T], value: T) -> bool {
    wanted.is_empty() || wanted.contains(&value)
}

#[cfg(test)]
mod tests;
