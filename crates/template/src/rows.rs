//! The long lists of a report and their rows as values: a row makes those of its fields that are asked for.

use minijinja::Value;
use minijinja::value::{Enumerator, Object, ObjectRepr};
use ringback_model::background::Technique;
use ringback_model::case::Advice;
use ringback_model::comparison::Gone;
use ringback_model::report::{
    EvidenceView, Field, FindingView, GoneView, HostView, IncidentView, LogRowsView, PeriodicityView,
    RemoteView,
};
use ringback_model::{Case, Periodicity, Report};
use std::sync::Arc;

/// What an incident has besides the fields of the wire format: its findings in full.
const FINDING_ROWS: &str = "finding_rows";

/// The field of a finding that is a row of another kind by itself.
const PERIODICITY: &str = "periodicity";

/// The fields of a step of advice.
const STEP_FIELDS: &[&str] = &["id", "phase", "text", "why", "reference"];

/// The fields of a technique.
const TECHNIQUE_FIELDS: &[&str] = &["id", "name"];

/// Which row it is, by numbers into the case.
#[derive(Clone, Copy, Debug)]
enum Row {
    Incident(usize),
    Finding(usize),
    Host(usize),
    Remote(usize),
    /// One of the places of a finding.
    Evidence(usize, usize),
    /// One of the steps of an incident's advice.
    Step(usize, usize),
    /// The statistics of the times of a finding that has some.
    Periodicity(usize),
    /// The rows of an incident in one log.
    Log(usize, usize),
    /// One of the techniques of an incident.
    Technique(usize, usize),
    /// One of those that the earlier report alone holds.
    Gone(usize),
}

/// A row of one of the lists.
#[derive(Debug)]
pub(crate) struct RowValue {
    report: Report,
    row: Row,
}

impl RowValue {
    /// One field; `None` where the wire format has none of that name.
    pub(crate) fn field(&self, name: &str) -> Option<Field<'_>> {
        self.field_of(self.row, name)
    }

    /// One field of a row of the same report.
    fn field_of(&self, row: Row, name: &str) -> Option<Field<'_>> {
        let report = &self.report;
        let case = &*report.case;
        match row {
            Row::Incident(n) => IncidentView::field(report, &case.incidents[n], name),
            Row::Finding(n) => FindingView::field(report, &case.findings[n], name),
            Row::Host(n) => HostView::field(report, &case.hosts[n], name),
            Row::Remote(n) => RemoteView::field(report, &case.remotes[n], name),
            Row::Evidence(finding, n) => {
                EvidenceView::field(report, &case.findings[finding].tally.evidence[n], name)
            }
            Row::Periodicity(n) => PeriodicityView::field(report, told(case, n)?, name),
            Row::Step(incident, n) => step_field(&case.incidents[incident].advice[n], name),
            Row::Log(incident, n) => LogRowsView::field(report, &case.incidents[incident].logs[n], name),
            Row::Technique(incident, n) => technique_field(case.incidents[incident].techniques[n], name),
            Row::Gone(n) => GoneView::field(report, gone(case).get(n)?, name),
        }
    }

    /// One field as a value.
    pub(crate) fn value(&self, name: &str) -> Option<Value> {
        Some(match (self.row, self.field(name)) {
            (Row::Incident(n), Some(Field::Rows(_))) if name == "findings" => self.list(Kind::IdsOf(n)),
            (Row::Incident(n), Some(Field::Rows(_))) if name == "logs" => self.list(Kind::LogsOf(n)),
            (Row::Incident(n), Some(Field::Rows(_))) if name == "techniques" => {
                self.list(Kind::TechniquesOf(n))
            }
            (Row::Incident(n), Some(Field::Rows(_))) => self.list(Kind::StepsOf(n)),
            (Row::Finding(n), Some(Field::Rows(_))) if name == PERIODICITY => self.periodicity(n),
            (Row::Finding(n), Some(Field::Rows(_))) => self.list(Kind::EvidenceOf(n)),
            (Row::Incident(n), None) if name == FINDING_ROWS => self.list(Kind::FindingsOf(n)),
            (_, field) => value_of_field(field?)?,
        })
    }

    /// A field of the only row that one of its fields is; `None` where it is no such field.
    pub(crate) fn field_within(&self, name: &str, within: &str) -> Option<Field<'_>> {
        match self.row {
            Row::Finding(n) if name == PERIODICITY => self.field_of(Row::Periodicity(n), within),
            _ => None,
        }
    }

    /// The statistics of the times of a finding.
    fn periodicity(&self, finding: usize) -> Value {
        match told(&self.report.case, finding) {
            Some(_) => row(&self.report, Row::Periodicity(finding)),
            None => Value::from(()),
        }
    }

    fn list(&self, kind: Kind) -> Value {
        rows(&self.report, kind)
    }

    fn fields(&self) -> &'static [&'static str] {
        match self.row {
            Row::Incident(_) => IncidentView::FIELDS,
            Row::Finding(_) => FindingView::FIELDS,
            Row::Host(_) => HostView::FIELDS,
            Row::Remote(_) => RemoteView::FIELDS,
            Row::Evidence(..) => EvidenceView::FIELDS,
            Row::Periodicity(_) => PeriodicityView::FIELDS,
            Row::Step(..) => STEP_FIELDS,
            Row::Log(..) => LogRowsView::FIELDS,
            Row::Technique(..) => TECHNIQUE_FIELDS,
            Row::Gone(_) => GoneView::FIELDS,
        }
    }
}

/// The statistics of the times of a finding, where it has some.
fn told(case: &Case, finding: usize) -> Option<&Periodicity> {
    case.findings[finding].tally.periodicity.as_deref()
}

/// What the earlier report of a case alone holds.
fn gone(case: &Case) -> &[Gone] {
    case.comparison.as_ref().map_or(&[], |comparison| &comparison.gone)
}

fn step_field<'a>(step: &'a Advice, name: &str) -> Option<Field<'a>> {
    Some(match name {
        "id" => step.id.as_str().into(),
        "phase" => step.phase.into(),
        "text" => step.text.as_str().into(),
        "why" => step.why.as_str().into(),
        "reference" => step.reference.as_str().into(),
        _ => return None,
    })
}

fn technique_field(technique: Technique, name: &str) -> Option<Field<'static>> {
    match name {
        "id" => Some(technique.id.into()),
        "name" => Some(technique.name.into()),
        _ => None,
    }
}

/// A field as a value; `None` for rows, which only the row that has them can make.
fn value_of_field(field: Field<'_>) -> Option<Value> {
    Some(match field {
        Field::None => Value::from(()),
        Field::Flag(flag) => Value::from(flag),
        Field::Count(count) => Value::from(count),
        Field::Word(word) => Value::from(word),
        Field::Text(text) => Value::from(text.as_ref()),
        Field::Time(instant) => Value::from(instant.to_string()),
        Field::Texts(texts) => Value::from(texts.iter().map(Value::from).collect::<Vec<_>>()),
        Field::Counts(counts) => Value::from(counts.iter().copied().map(Value::from).collect::<Vec<_>>()),
        Field::Numbers(numbers) => Value::from(numbers.iter().copied().map(Value::from).collect::<Vec<_>>()),
        Field::Rows(_) => return None,
    })
}

impl Object for RowValue {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.value(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.value(key)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let more = matches!(self.row, Row::Incident(_)).then_some(FINDING_ROWS);
        Enumerator::Values(self.fields().iter().copied().chain(more).map(Value::from).collect())
    }
}

/// Which list it is, by numbers into the case.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Incidents,
    Findings,
    Hosts,
    Remotes,
    /// The findings with statistics of their times.
    Rhythms,
    /// The findings of an incident.
    FindingsOf(usize),
    /// The ids of the findings of an incident.
    IdsOf(usize),
    /// The steps of the advice of an incident.
    StepsOf(usize),
    /// The rows of an incident by log.
    LogsOf(usize),
    /// The techniques of an incident.
    TechniquesOf(usize),
    /// The places of a finding.
    EvidenceOf(usize),
    /// What the earlier report alone holds.
    Gone,
}

/// A list of a report as a value.
pub(crate) fn rows(report: &Report, kind: Kind) -> Value {
    Value::from_object(Rows { report: report.clone(), kind })
}

/// A row as a value.
fn row(report: &Report, row: Row) -> Value {
    Value::from_object(RowValue { report: report.clone(), row })
}

/// A list of rows.
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
            Kind::Rhythms => case.rhythms.len(),
            Kind::FindingsOf(incident) | Kind::IdsOf(incident) => case.incidents[incident].findings.len(),
            Kind::StepsOf(incident) => case.incidents[incident].advice.len(),
            Kind::LogsOf(incident) => case.incidents[incident].logs.len(),
            Kind::TechniquesOf(incident) => case.incidents[incident].techniques.len(),
            Kind::EvidenceOf(finding) => case.findings[finding].tally.evidence.len(),
            Kind::Gone => gone(case).len(),
        }
    }

    fn at(&self, index: usize) -> Option<Value> {
        let number = |incident: usize| self.report.case.incidents[incident].findings[index] as usize;
        if index >= self.len() {
            return None;
        }
        let row = match self.kind {
            Kind::Incidents => Row::Incident(index),
            Kind::Findings => Row::Finding(index),
            Kind::Hosts => Row::Host(index),
            Kind::Remotes => Row::Remote(index),
            Kind::Rhythms => Row::Finding(self.report.case.rhythms[index] as usize),
            Kind::FindingsOf(incident) => Row::Finding(number(incident)),
            Kind::StepsOf(incident) => Row::Step(incident, index),
            Kind::LogsOf(incident) => Row::Log(incident, index),
            Kind::TechniquesOf(incident) => Row::Technique(incident, index),
            Kind::EvidenceOf(finding) => Row::Evidence(finding, index),
            Kind::Gone => Row::Gone(index),
            Kind::IdsOf(incident) => {
                return Some(Value::from(self.report.case.findings[number(incident)].id.to_string()));
            }
        };
        Some(self::row(&self.report, row))
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
