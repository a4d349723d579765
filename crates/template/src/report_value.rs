//! The report as templates see it: the wire format, with the long lists made one element at a time.

use minijinja::Value;
use minijinja::value::{Enumerator, Object, ObjectRepr, Serde};
use ringback_model::Report;
use ringback_model::report::{FindingView, ReportView};
use std::sync::Arc;

/// The report as a value. Its fields are those of the wire format; besides, every incident has `finding_rows`, its
/// findings in full.
pub fn report_value(report: &Report) -> Value {
    let rows = |kind| Value::from_object(Rows { report: report.clone(), kind });
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

/// Which list it is.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Incidents,
    Findings,
    Hosts,
    Remotes,
    /// The findings of the incident of this number.
    FindingsOf(usize),
}

/// A long list of the report.
#[derive(Debug)]
struct Rows {
    report: Report,
    kind: Kind,
}

impl Rows {
    fn len(&self) -> usize {
        let case = &self.report.case;
        match self.kind {
            Kind::Incidents => case.incidents.len(),
            Kind::Findings => case.findings.len(),
            Kind::Hosts => case.hosts.len(),
            Kind::Remotes => case.remotes.len(),
            Kind::FindingsOf(incident) => case.incidents[incident].findings.len(),
        }
    }

    fn at(&self, index: usize) -> Option<Value> {
        let report = &self.report;
        match self.kind {
            Kind::Incidents => {
                let fields = Value::from(Serde(report.incidents().get(index)?));
                Some(Value::from_object(IncidentValue { report: report.clone(), index, fields }))
            }
            Kind::Findings => report.findings().get(index).map(|view| Value::from(Serde(view))),
            Kind::Hosts => report.hosts().get(index).map(|view| Value::from(Serde(view))),
            Kind::Remotes => report.remotes().get(index).map(|view| Value::from(Serde(view))),
            Kind::FindingsOf(incident) => {
                let case = &report.case;
                let number = *case.incidents[incident].findings.get(index)?;
                let finding = case.findings.get(number as usize)?;
                Some(Value::from(Serde(FindingView::of(report, finding))))
            }
        }
    }
}

impl Object for Rows {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.at(key.as_usize()?)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.len())
    }
}

/// An incident with its findings in full.
#[derive(Debug)]
struct IncidentValue {
    report: Report,
    index: usize,
    fields: Value,
}

impl Object for IncidentValue {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        if key == "finding_rows" {
            let kind = Kind::FindingsOf(self.index);
            return Some(Value::from_object(Rows { report: self.report.clone(), kind }));
        }
        self.fields.get_attr(key).ok().filter(|value| !value.is_undefined())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let mut keys: Vec<Value> = self.fields.try_iter().into_iter().flatten().collect();
        keys.push(Value::from("finding_rows"));
        Enumerator::Values(keys)
    }
}
