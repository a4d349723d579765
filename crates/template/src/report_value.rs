//! The report as templates see it: the wire format, with the long lists made one element at a time.

use crate::rows::{Kind, rows};
use minijinja::Value;
use minijinja::value::Serde;
use ringback_model::Report;
use ringback_model::report::{ComparisonView, ReportView};

/// The report as a value. Its fields are those of the wire format; besides, every incident has `finding_rows`, its
/// findings in full, and the report `rhythm_rows`, the findings with statistics of their times.
pub fn report_value(report: &Report) -> Value {
    let rows = |kind| rows(report, kind);
    let ReportView {
        schema,
        tool,
        generated_at,
        language,
        title,
        author,
        marking,
        client,
        period,
        inputs,
        summary,
        incidents: _,
        findings: _,
        hosts: _,
        remotes: _,
        overview,
        campaigns,
        sequences,
        rhythms,
        timeline,
        questions,
        unasked,
        unknowns,
        accounting,
        suppressions,
        comparison,
        method,
        own_texts,
    } = report.view();
    let compared = comparison.map_or(Value::from(()), |view| compared(view, rows(Kind::Gone)));
    Value::from_pairs([
        ("schema", Value::from(schema)),
        ("tool", Value::from(Serde(tool))),
        ("generated_at", Value::from(Serde(generated_at))),
        ("language", Value::from(language)),
        ("title", Value::from(title)),
        ("author", Value::from(author)),
        ("marking", Value::from(Serde(marking))),
        ("client", Value::from(Serde(client))),
        ("period", Value::from(Serde(period))),
        ("inputs", Value::from(Serde(inputs))),
        ("summary", Value::from(Serde(summary))),
        ("incidents", rows(Kind::Incidents)),
        ("findings", rows(Kind::Findings)),
        ("hosts", rows(Kind::Hosts)),
        ("remotes", rows(Kind::Remotes)),
        ("overview", Value::from(Serde(overview))),
        ("campaigns", Value::from(Serde(campaigns))),
        ("sequences", Value::from(Serde(sequences))),
        ("rhythms", Value::from(Serde(rhythms))),
        ("rhythm_rows", rows(Kind::Rhythms)),
        ("timeline", Value::from(Serde(timeline))),
        ("questions", Value::from(Serde(questions))),
        ("unasked", Value::from(unasked)),
        ("unknowns", Value::from(Serde(unknowns))),
        ("accounting", Value::from(Serde(accounting))),
        ("suppressions", Value::from(Serde(suppressions))),
        ("comparison", compared),
        ("method", Value::from(Serde(method))),
        ("own_texts", Value::from(Serde(own_texts))),
    ])
}

/// What changed since an earlier report, with the list of what is gone made one element at a time.
fn compared(view: ComparisonView<'_>, gone: Value) -> Value {
    let ComparisonView { baseline, incidents, findings, gone: _ } = view;
    Value::from_pairs([
        ("baseline", Value::from(Serde(baseline))),
        ("incidents", Value::from(Serde(incidents))),
        ("findings", Value::from(Serde(findings))),
        ("gone", gone),
    ])
}

/// Anything that can be serialised, as a value.
pub fn value_of(content: impl serde::Serialize) -> Value {
    Value::from(Serde(content))
}
