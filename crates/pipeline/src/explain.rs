//! One row once more, with all that led to its verdict.

use crate::Investigation;
use crate::discover::{lexical, normalised};
use crate::hands::hash;
use crate::in_window;
use crate::judging::Found;
use crate::progress::Silent;
use crate::reading::{read_split, source_number};
use crate::request::Window;
use crate::source_tally::{Counted, Failure, Part};
use ringback_classify::{Census, Explained, FindingFacts, IncidentFacts, Policy, advise, explain, orient};
use ringback_model::explanation::{ExplainedCell, ExplainedField, ExplainedRow};
use ringback_model::{DetectionRef, Direction, Endpoints, Finding, FindingId, Instant, Place, RejectReason};
use ringback_parse::{Plan, Row, RowEvent, ShownCell, SplitReader, Told};
use ringback_tally::{DuplicateFilter, Key};
use std::io;
use std::path::{Path, PathBuf};

/// What rows are judged by, kept for explanations.
#[derive(Debug)]
pub(crate) struct JudgedBy {
    pub(crate) policy: Policy,
    pub(crate) census: Census,
    pub(crate) window: Window,
    /// The folder that the inputs' names are relative to.
    pub(crate) shared: PathBuf,
}

/// Why there is nothing to explain.
#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    /// No input has that name.
    #[error("there is no input {name}")]
    NoInput {
        /// The name.
        name: String,
        /// The names that there are.
        names: Vec<String>,
    },
    /// Several inputs lie in the container of that name.
    #[error("{name} holds several inputs")]
    SeveralInputs {
        /// The container's name.
        name: String,
        /// Their names.
        names: Vec<String>,
    },
    /// The input could not be read.
    #[error("{name}: {error}")]
    Unreadable {
        /// The input.
        name: String,
        /// Why.
        error: String,
    },
    /// The input has fewer records.
    #[error("{name} has no record {record}")]
    NoRecord {
        /// The input.
        name: String,
        /// The number asked for.
        record: u64,
        /// How many there are.
        records: u64,
        /// Why it was not read further, where it was not.
        failure: Option<String>,
    },
    /// The input could be read once and not again.
    #[error("{name} changed or vanished while it was read: {source}")]
    ReadAgain {
        /// The input.
        name: String,
        /// What the system says.
        source: io::Error,
    },
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFate {
    /// It can not be used.
    Rejected(RejectReason),
    /// It lies outside of the window.
    Filtered,
    /// The input of that number holds it too and comes before.
    Duplicate(u32),
    /// The profile's entry of that number accepts its finding.
    Suppressed(usize),
    /// It is in a finding of the report.
    InFindings,
}

impl RowFate {
    /// The word that stands for it on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            RowFate::Rejected(_) => "rejected",
            RowFate::Filtered => "filtered",
            RowFate::Duplicate(_) => "duplicate",
            RowFate::Suppressed(_) => "suppressed",
            RowFate::InFindings => "in-findings",
        }
    }
}

/// A row with all that led to its verdict.
#[derive(Debug)]
pub struct RowExplained {
    /// The record.
    pub row: ExplainedRow,
    /// What became of it.
    pub fate: RowFate,
    /// When it was, under the reading of the dates that holds.
    pub time: Option<Instant>,
    /// Each value, and what it is taken from; none where the row was rejected.
    pub fields: Vec<ExplainedField>,
    /// The judgement; `None` where the row was rejected.
    pub explained: Option<Explained>,
    /// The finding that it is in.
    pub finding: Option<FindingId>,
    /// The number of the finding's incident in the case.
    pub incident: Option<u32>,
    /// The steps of advice that its finding alone asks for, by id.
    pub own_advice: Vec<String>,
}

impl Investigation {
    /// The number of the input of that name: as reports name it, as a path, or a container that holds one input alone.
    ///
    /// # Errors
    /// None, or several.
    pub fn input_named(&self, name: &str) -> Result<usize, ExplainError> {
        let path = std::path::absolute(name).map(|path| lexical(&path)).unwrap_or_default();
        let shared = self.judged_by.as_ref().map_or(Path::new(""), |by| by.shared.as_path());
        let below = path.strip_prefix(shared).map(normalised).unwrap_or_default();
        let names = || self.case.inputs.iter().map(|input| input.name.as_str());
        for wanted in [below.as_str(), name].into_iter().filter(|wanted| !wanted.is_empty()) {
            if let Some(number) = names().position(|name| name == wanted) {
                return Ok(number);
            }
            let within = |name: &&str| name.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('/'));
            let held: Vec<&str> = names().filter(within).collect();
            match held.as_slice() {
                [] => {}
                [one] => return Ok(names().position(|name| name == *one).unwrap_or_default()),
                several => {
                    let names = several.iter().map(|name| (*name).to_owned()).collect();
                    return Err(ExplainError::SeveralInputs { name: name.to_owned(), names });
                }
            }
        }
        let names = names().map(str::to_owned).collect();
        Err(ExplainError::NoInput { name: name.to_owned(), names })
    }

    /// Explains a record of an input, by the input's number and the record's, from 1. The request must have asked for
    /// rows to be read again.
    ///
    /// # Errors
    /// An input that could not be read, or has fewer records.
    pub fn explain(&self, input: usize, record: u64) -> Result<RowExplained, ExplainError> {
        let counted = &self.sources[input];
        let name = || counted.source.name.clone();
        let failure = counted.failure.as_ref().map(Failure::told);
        let (Some(plan), Some(by)) = (&counted.plan, &self.judged_by) else {
            let error = failure.unwrap_or_else(|| "it was not read".to_owned());
            return Err(ExplainError::Unreadable { name: name(), error });
        };
        let records = counted.tally.records;
        if !(1..=records).contains(&record) {
            return Err(ExplainError::NoRecord { name: name(), record, records, failure });
        }
        let reading = Reading { investigation: self, by, counted, plan, input, record };
        let again = |source| ExplainError::ReadAgain { name: name(), source };
        let changed = || again(io::Error::other("the record is not there any more"));
        reading.row().map_err(again)?.ok_or_else(changed)
    }
}

/// Reading one input up to a record.
struct Reading<'r> {
    investigation: &'r Investigation,
    by: &'r JudgedBy,
    counted: &'r Counted,
    plan: &'r Plan,
    input: usize,
    record: u64,
}

impl Reading<'_> {
    /// The row, from the parts that have to be read for it: the one that it lies in, and where the input has duplicates
    /// those before it, since which of equal rows is one depends on their order.
    fn row(&self) -> io::Result<Option<RowExplained>> {
        let (parts, number) = (self.counted.parts(), source_number(self.input));
        let union = &self.investigation.union;
        let mut filter = union.has_duplicates(self.input).then(|| union.filter(number));
        let holding = self.holding(&parts);
        let first = if filter.is_some() { 0 } else { holding };
        let mut reader = SplitReader::new(self.plan, number);
        let mut found = None;
        for part in parts.iter().take(holding + 1).skip(first) {
            self.part(*part, &mut reader, filter.as_mut(), &mut found)?;
        }
        Ok(found)
    }

    /// The number of the part that the record lies in.
    fn holding(&self, parts: &[Part]) -> usize {
        let extents = &self.counted.tally.extents;
        if parts.len() != extents.len() {
            return 0;
        }
        let mut before = 0;
        let after = |records: &u64| {
            before += records;
            before >= self.record
        };
        extents.iter().map(|extent| extent.records).collect::<Vec<u64>>().iter().position(after).unwrap_or(0)
    }

    fn part(
        &self,
        part: Part,
        reader: &mut SplitReader<'_>,
        mut filter: Option<&mut DuplicateFilter<'_>>,
        found: &mut Option<RowExplained>,
    ) -> io::Result<()> {
        let places = self.counted.places();
        let mut left = part.records;
        let on = &mut |event: RowEvent<'_>| {
            match &mut left {
                Some(0) => return,
                Some(left) => *left -= 1,
                None => {}
            }
            let absolute = |mut place: Place| {
                places.count_from(part.split.from, &mut place);
                place
            };
            match event {
                RowEvent::Reject(reject) => {
                    let place = absolute(reject.place);
                    if place.record == self.record {
                        *found = Some(self.rejected(reject.reason, place, &reject.cells()));
                    }
                }
                RowEvent::Row(mut row) => {
                    let place = absolute(row.place);
                    let earlier = self.earlier(&row, filter.as_deref_mut());
                    if place.record == self.record {
                        *found = Some(self.usable(&mut row, place, earlier));
                    }
                }
            }
        };
        let read = read_split(&self.counted.source, self.plan, reader, part.split, None, &Silent, on);
        match read {
            Err(stopped) if found.is_none() && left != Some(0) => Err(stopped.error),
            _ => Ok(()),
        }
    }

    /// When a row was, under the reading of the dates that holds.
    fn at(&self, row: &Row<'_>) -> Option<Result<Instant, RejectReason>> {
        row.times.readings().nth(self.counted.chosen)
    }

    fn key(&self, row: &Row<'_>, at: Instant) -> Key {
        Key { fingerprint: *row.fingerprint, segment: self.investigation.cuts.segment(at) }
    }

    /// The earlier input that holds a row too. Every row up to the one that is explained must be asked for.
    fn earlier(&self, row: &Row<'_>, filter: Option<&mut DuplicateFilter<'_>>) -> Option<u32> {
        let filter = filter?;
        let at = self.at(row)?.ok()?;
        self.investigation.lookup.get(&self.key(row, at))?;
        filter.earlier(hash(row, at))
    }

    fn shown(&self, place: Place, cells: &[ShownCell<'_>]) -> ExplainedRow {
        ExplainedRow {
            source: self.counted.source.name.clone(),
            layout: self.plan.layout().name.as_str().to_owned(),
            record: place.record,
            line: place.line,
            cells: cells.iter().map(cell).collect(),
        }
    }

    fn rejected(&self, reason: RejectReason, place: Place, cells: &[ShownCell<'_>]) -> RowExplained {
        RowExplained {
            row: self.shown(place, cells),
            fate: RowFate::Rejected(reason),
            time: None,
            fields: Vec::new(),
            explained: None,
            finding: None,
            incident: None,
            own_advice: Vec::new(),
        }
    }

    fn usable(&self, row: &mut Row<'_>, place: Place, earlier: Option<u32>) -> RowExplained {
        let at = match self.at(row) {
            Some(Ok(at)) => at,
            Some(Err(reason)) => return self.rejected(reason, place, &row.shown_cells()),
            None => return self.rejected(RejectReason::BadTime, place, &row.shown_cells()),
        };
        let mut shown = self.shown(place, &row.shown_cells());
        row.layout().name.as_str().clone_into(&mut shown.layout);
        let found = self.investigation.lookup.get(&self.key(row, at)).copied();
        let by = self.by;
        let told = row.told();
        let said = row.said();
        let oriented = orient(said, &by.policy);
        let directed = matches!(said.detection.endpoints, Endpoints::Directed { .. });
        let fields = fields(told, directed, oriented.with(said.symbols));
        let mut explained = RowExplained {
            row: shown,
            fate: RowFate::Filtered,
            time: Some(at),
            fields,
            explained: None,
            finding: None,
            incident: None,
            own_advice: Vec::new(),
        };
        let inside = in_window(&self.investigation.cuts, by.window, self.investigation.cuts.segment(at));
        let Some((finding, entry)) = found.filter(|_| inside).and_then(|found| self.finding(found)) else {
            explained.explained = Some(explain(oriented.with(said.symbols), at, &by.policy, &by.census));
            return explained;
        };
        explained.fate = match (earlier, entry) {
            (Some(earlier), _) => RowFate::Duplicate(earlier),
            (None, Some(entry)) => RowFate::Suppressed(entry),
            (None, None) => RowFate::InFindings,
        };
        let case = &self.investigation.case;
        let said = finding.detection.with(&case.symbols);
        explained.explained = Some(explain(said, finding.tally.first, &by.policy, &by.census));
        explained.finding = Some(finding.id);
        if entry.is_none() {
            explained.incident = Some(finding.incident);
            explained.own_advice = self.own_advice(finding);
        }
        explained
    }

    /// The finding that a row is in, and the number of the profile's entry that accepts it.
    fn finding(&self, found: Found) -> Option<(&Finding, Option<usize>)> {
        let investigation = self.investigation;
        match found {
            Found::Finding(id) => {
                investigation.case.findings.iter().find(|finding| finding.id == id).map(|one| (one, None))
            }
            Found::Suppressed(id) => {
                let accepted = investigation.suppressed.iter().find(|one| one.finding.id == id);
                accepted.map(|one| (&one.finding, Some(one.entry)))
            }
        }
    }

    fn own_advice(&self, finding: &Finding) -> Vec<String> {
        let case = &self.investigation.case;
        let Some(incident) = case.incidents.get(finding.incident as usize) else { return Vec::new() };
        let facts = IncidentFacts {
            scenario: incident.scenario,
            suspect: incident.suspect,
            severity: incident.severity,
            host: &incident.host,
            service: &incident.service,
            findings: vec![FindingFacts {
                row: finding.detection.with(&case.symbols),
                verdict: &finding.verdict,
            }],
        };
        advise(&facts, &self.by.policy, "en").into_iter().map(|step| step.id).collect()
    }
}

fn cell(cell: &ShownCell<'_>) -> ExplainedCell {
    ExplainedCell {
        column: cell.column + 1,
        heading: cell.heading.map(str::to_owned),
        field: cell.field.map(|field| field.as_str().to_owned()),
        text: cell.text.to_string(),
    }
}

/// The values of a row. Where the log has a true source and destination, the client's networks tell the sides.
fn fields(told: Vec<Told<'_>>, directed: bool, oriented: DetectionRef<'_>) -> Vec<ExplainedField> {
    let mut fields: Vec<ExplainedField> = told.into_iter().map(field).collect();
    if !directed {
        return fields;
    }
    let at = |fields: &[ExplainedField], name: &str| fields.iter().position(|field| field.name == name);
    if oriented.direction() == Direction::Incoming {
        for (one, other) in [("local_ip", "remote_ip"), ("local_port", "remote_port")] {
            if let (Some(one), Some(other)) = (at(&fields, one), at(&fields, other)) {
                fields.swap(one, other);
                let name = std::mem::take(&mut fields[one].name);
                fields[one].name = std::mem::replace(&mut fields[other].name, name);
            }
        }
    }
    let local = at(&fields, "local_ip").map(|number| fields[number].clone());
    let remote = at(&fields, "remote_ip").map(|number| fields[number].clone());
    for field in &mut fields {
        let (value, like) = match field.name.as_str() {
            "direction" => (oriented.direction().as_str().to_owned(), local.as_ref()),
            "remote" => (oriented.remote_text().into_owned(), remote.as_ref()),
            _ => continue,
        };
        field.value = Some(value);
        if let Some(like) = like {
            (field.column, field.heading, field.spelling) =
                (like.column, like.heading.clone(), like.spelling.clone());
        }
        field.from = if field.name == "direction" { "networks".to_owned() } else { "cell".to_owned() };
    }
    fields
}

fn field(told: Told<'_>) -> ExplainedField {
    let cell = told.cell.as_ref();
    ExplainedField {
        name: told.what.to_owned(),
        value: Some(told.value).filter(|value| !value.is_empty()),
        from: told.ground.as_str().to_owned(),
        column: cell.map(|cell| cell.column + 1),
        heading: cell.and_then(|cell| cell.heading).map(str::to_owned),
        spelling: cell.map(|cell| cell.text.to_string()),
    }
}
