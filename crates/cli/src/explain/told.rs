//! From what was found out about a row to its explanation in the reader's language.

use ringback_classify::{
    Change, ExplainedStep as Step, PREMISES, Premise, StepGuide, origin_reference, step_guides,
};
use ringback_model::case::Case;
use ringback_model::explanation::{
    EXPLANATION_SCHEMA_VERSION, ExplainedAdvice, ExplainedChange, ExplainedCondition, ExplainedPremise,
    ExplainedReason, ExplainedStep, Explanation,
};
use ringback_model::{Arg, Instant, Message, Verdict, Words};
use ringback_pipeline::{Investigation, RowExplained, RowFate};
use ringback_template::Catalogue;

/// The explanation of a row.
pub(super) fn explanation(found: &Investigation, row: &RowExplained, words: &Catalogue) -> Explanation {
    let case = &found.case;
    let incident = row.incident.and_then(|number| case.incidents.get(number as usize));
    let reasons: &[Message] = row.explained.as_ref().map_or(&[], |explained| &explained.reasons);
    let alone = case.inputs.len() == 1;
    Explanation {
        schema: EXPLANATION_SCHEMA_VERSION,
        row: Some(row.row.clone()),
        finding: row.finding.map(|id| id.to_string()),
        incident: incident.map(|incident| incident.id.to_string()),
        inputs: case.inputs.iter().map(|input| input.name.clone()).collect(),
        fate: row.fate.as_str().to_owned(),
        fate_text: fate(case, found, row, words),
        fields: row.fields.clone(),
        steps: row
            .explained
            .iter()
            .flat_map(|told| steps(&told.steps, &told.verdict, reasons, row, words))
            .collect(),
        settles: reasons
            .iter()
            .filter(|reason| reason.key.starts_with("settle."))
            .map(|one| reason(one, words))
            .collect(),
        advice: incident.map_or_else(Vec::new, |incident| {
            incident.advice.iter().map(|step| advice(step, &row.own_advice)).collect()
        }),
        notes: if alone { vec![words.phrase("explain.alone", &[])] } else { Vec::new() },
    }
}

/// What became of a row, and why.
fn fate(case: &Case, found: &Investigation, row: &RowExplained, words: &Catalogue) -> String {
    let id = row.finding.map(|id| id.to_string()).unwrap_or_default();
    let finding = ("finding", Arg::Text(id));
    match row.fate {
        RowFate::Rejected(reason) => {
            let title = words.term("reject", reason.as_str());
            let about = words.about("reject", reason.as_str());
            format!("{} {about}", words.phrase("explain.fate.rejected", &[("title", Arg::Text(title))]))
        }
        RowFate::Filtered => {
            let time = Arg::Time(row.time.unwrap_or(Instant::from_seconds(0)));
            words.phrase("explain.fate.filtered", &[("time", time)])
        }
        RowFate::Duplicate(earlier) => {
            let name = case.inputs.get(earlier as usize).map_or("", |input| input.name.as_str());
            words.phrase("explain.fate.duplicate", &[("source", Arg::Text(name.to_owned())), finding])
        }
        RowFate::Suppressed(entry) => {
            let entry = found.case.suppressions.get(entry);
            let reason = entry.map_or_else(String::new, |entry| match entry.entry.owner.as_str() {
                "" => entry.entry.reason.clone(),
                owner => format!("{} ({owner})", entry.entry.reason),
            });
            words.phrase("explain.fate.suppressed", &[finding, ("reason", Arg::Text(reason))])
        }
        RowFate::InFindings => {
            let incident = row.incident.and_then(|number| case.incidents.get(number as usize));
            let incident = incident.map(|incident| incident.id.to_string()).unwrap_or_default();
            words.phrase("explain.fate.in-findings", &[finding, ("incident", Arg::Text(incident))])
        }
    }
}

fn steps(
    steps: &[Step],
    verdict: &Verdict,
    reasons: &[Message],
    row: &RowExplained,
    words: &Catalogue,
) -> Vec<ExplainedStep> {
    let said = |name: &str| {
        row.fields.iter().find(|field| field.name == name).and_then(|field| field.value.as_deref())
    };
    let one = |step: &Step| {
        let what = step.step.what;
        let reference = match what {
            "origin" => origin_reference(verdict.origin_basis, said("direction"), said("message")),
            _ => "",
        };
        ExplainedStep {
            step: what.to_owned(),
            value: step.step.value.to_owned(),
            at_most: what == "severity" && verdict.at_most,
            rule: step.step.by.clone(),
            reference: reference.to_owned(),
            reasons: reasons
                .iter()
                .filter(|one| step_of(one.key) == what)
                .map(|one| reason(one, words))
                .collect(),
            changes: step.changes.iter().map(|one| change(one, words)).collect(),
        }
    };
    steps.iter().map(one).collect()
}

/// The step that a reason belongs to.
pub(super) fn step_of(key: &str) -> &'static str {
    match key.split('.').next().unwrap_or_default() {
        "origin" => "origin",
        "scope" => "scope",
        "authorised" => "authorised",
        "relay" => "relay",
        "scenario" => "scenario",
        "stopped" => "stopped",
        "exposure" => "exposure",
        "vulnerable" => "vulnerable",
        "raised" | "known-exploited" | "severity" => "severity",
        _ => "",
    }
}

fn reason(message: &Message, words: &Catalogue) -> ExplainedReason {
    ExplainedReason { key: message.key.to_owned(), text: words.text(message) }
}

fn change(change: &Change, words: &Catalogue) -> ExplainedChange {
    ExplainedChange {
        value: change.value.to_owned(),
        premises: change.premises.iter().map(|one| premise(one, words)).collect(),
    }
}

fn premise(premise: &Premise, words: &Catalogue) -> ExplainedPremise {
    let kind = PREMISES.iter().find(|(key, _)| *key == premise.key).map_or("", |(_, kind)| *kind);
    let terms: Vec<String> = premise
        .words
        .iter()
        .map(|word| words.phrase("explain.quoted", &[("value", Arg::Text(words.term(kind, word)))]))
        .collect();
    let value = [("value", Arg::Text(terms.join(" / ")))];
    ExplainedPremise {
        key: premise.key.to_owned(),
        words: premise.words.iter().map(|word| (*word).to_owned()).collect(),
        text: words.phrase(premise.key, if terms.is_empty() { &[] } else { &value }),
    }
}

/// A step of advice with the conditions that the playbook has for it.
pub(super) fn advice(step: &ringback_model::case::Advice, own: &[String]) -> ExplainedAdvice {
    let guides = step_guides();
    let guide = guides.into_iter().find(|guide| guide.id == step.id);
    let conditions = guide.map_or_else(Vec::new, |StepGuide { conditions, .. }| conditions);
    let condition = |(name, words): (&str, String)| ExplainedCondition { name: name.to_owned(), words };
    ExplainedAdvice {
        id: step.id.clone(),
        phase: step.phase,
        text: step.text.clone(),
        why: step.why.clone(),
        reference: step.reference.clone(),
        conditions: conditions.into_iter().map(condition).collect(),
        by_this_row: own.contains(&step.id),
    }
}
