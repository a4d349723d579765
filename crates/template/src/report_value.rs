//! The report as templates see it: the wire format, with the long lists made one element at a time.

use crate::rows::{Kind, rows};
use minijinja::Value;
use minijinja::value::Serde;
use ringback_model::Report;
use ringback_model::report::ReportView;

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
        campaigns,
        sequences,
        rhythms,
        timeline,
        questions,
        accounting,
        suppressions,
        method,
    } = report.view();
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
        ("campaigns", Value::from(Serde(campaigns))),
        ("sequences", Value::from(Serde(sequences))),
        ("rhythms", Value::from(Serde(rhythms))),
        ("rhythm_rows", rows(Kind::Rhythms)),
        ("timeline", Value::from(Serde(timeline))),
        ("questions", Value::from(Serde(questions))),
        ("accounting", Value::from(Serde(accounting))),
        ("suppressions", Value::from(Serde(suppressions))),
        ("method", Value::from(Serde(method))),
    ])
}

/// Anything that can be serialised, as a value.
pub fn value_of(content: impl serde::Serialize) -> Value {
    Value::from(Serde(content))
}
