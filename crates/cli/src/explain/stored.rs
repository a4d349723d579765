//! What a report holds of a finding, as an explanation: without the row and without what would have changed the verdict.

use super::finding::{Stored, list, text};
use super::told::{advice, step_of};
use crate::events::SAID;
use ringback_model::case::{Advice, Phase};
use ringback_model::explanation::{
    EXPLANATION_SCHEMA_VERSION, ExplainedField, ExplainedReason, ExplainedStep, Explanation,
};
use ringback_template::Catalogue;
use serde_json::Value;

/// What rows say of themselves alone: a finding does not hold the console's own word.
const OF_ROWS: &str = "action";

/// The steps of a verdict, with the finding's field that holds each, and the one that says by what it was settled.
const STEPS: &[(&str, &str, &str)] = &[
    ("scope", "remote_scope", "remote_scope_detail"),
    ("origin", "origin", "origin_basis"),
    ("scenario", "scenario", ""),
    ("suspect", "suspect", ""),
    ("stopped", "stopped", ""),
    ("target", "target", ""),
    ("exposure", "exposure", ""),
    ("vulnerable", "vulnerable", ""),
    ("severity", "severity", ""),
];

/// The explanation of a finding from what its report holds.
pub(super) fn explanation(stored: &Stored<'_>, words: &Catalogue) -> Explanation {
    let finding = stored.finding;
    let incident = text(&finding["incident"]);
    let incidents = list(&stored.report["incidents"]);
    let told = incidents.iter().find(|one| text(&one["id"]) == incident);
    let said = SAID.iter().filter(|name| **name != OF_ROWS);
    let inputs = list(&stored.report["inputs"]).iter().map(|one| text(&one["name"]).to_owned());
    Explanation {
        schema: EXPLANATION_SCHEMA_VERSION,
        row: None,
        finding: Some(text(&finding["id"]).to_owned()),
        incident: Some(incident.to_owned()).filter(|incident| !incident.is_empty()),
        inputs: inputs.collect(),
        fate: "stored".to_owned(),
        fate_text: words.phrase("explain.fate.stored", &[]),
        fields: said.map(|name| field(name, &finding[*name])).collect(),
        steps: STEPS.iter().map(|names| step(*names, finding)).collect(),
        settles: reasons(finding).filter(|one| one.key.starts_with("settle.")).collect(),
        advice: told
            .map_or(&[][..], |one| list(&one["advice"]))
            .iter()
            .filter_map(step_of_advice)
            // Which rows of the incident met the conditions is not known.
            .map(|step| advice(&step, std::slice::from_ref(&step.id)))
            .collect(),
        notes: Vec::new(),
    }
}

fn field(name: &str, value: &Value) -> ExplainedField {
    let value = match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => Some(items.iter().map(text).collect::<Vec<_>>().join(" ")),
        other => Some(other.to_string()),
    };
    ExplainedField {
        name: name.to_owned(),
        value: value.filter(|value| !value.is_empty()),
        from: "report".to_owned(),
        ..ExplainedField::default()
    }
}

fn step((what, value, by): (&str, &str, &str), finding: &Value) -> ExplainedStep {
    ExplainedStep {
        step: what.to_owned(),
        value: text(&finding[value]).to_owned(),
        at_most: what == "severity" && finding["at_most"].as_bool().unwrap_or_default(),
        rule: if by.is_empty() { String::new() } else { text(&finding[by]).to_owned() },
        reasons: reasons(finding).filter(|one| step_of(&one.key) == what).collect(),
        ..ExplainedStep::default()
    }
}

fn reasons(finding: &Value) -> impl Iterator<Item = ExplainedReason> {
    let pairs = list(&finding["reasons"]).iter().zip(list(&finding["reason_keys"]));
    pairs.map(|(said, key)| ExplainedReason { key: text(key).to_owned(), text: text(said).to_owned() })
}

fn step_of_advice(step: &Value) -> Option<Advice> {
    let said = |name: &str| text(&step[name]).to_owned();
    let phase: Phase = text(&step["phase"]).parse().ok()?;
    Some(Advice { id: said("id"), phase, text: said("text"), why: said("why"), reference: said("reference") })
}
