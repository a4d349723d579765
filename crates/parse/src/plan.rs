//! What holds for a whole source: found in its first bytes, used by every split of it.

use crate::dates::DateOrder;
use crate::encoding::TextEncoding;
use crate::field::Field;
use crate::layout::{Layout, Layouts, fold};
use crate::records::{Record, Records};
use crate::split::Split;
use crate::times::{Readings, open_date};
use jiff::tz::TimeZone;
use ringback_model::Message;
use std::sync::Arc;

/// How many records are looked at to find the heading.
const HEADING_WITHIN: usize = 64;

/// How many dates prove the order of day and month before anything is counted.
const PROOF: u64 = 3;

/// The delimiters that consoles and spreadsheets write.
const DELIMITERS: &[u8] = b",;\t|";

/// How sources are read.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The zone of logs that name none.
    pub time_zone: Option<TimeZone>,
    /// The order of day and month, where the user gives it.
    pub date_order: Option<DateOrder>,
    /// The name of the layout, where the user gives it.
    pub layout: Option<String>,
}

/// Where the rows of a source start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// The first byte after the heading; in the decoded text where the source is not UTF-8.
    pub byte: u64,
    /// The number of its line, from 1.
    pub line: u64,
}

/// What holds for a whole source: encoding, delimiter, layout, columns, dates, zone.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) encoding: TextEncoding,
    pub(crate) delimiter: u8,
    pub(crate) layout: Arc<Layout>,
    /// The field of each column; unknown columns have none.
    pub(crate) columns: Vec<Option<Field>>,
    /// The column of each field.
    pub(crate) places: [Option<usize>; Field::COUNT],
    pub(crate) headings: Vec<String>,
    pub(crate) readings: Readings,
    pub(crate) zone: TimeZone,
    zone_basis: &'static str,
    start: Start,
    notes: Vec<Message>,
}

/// Why a source can not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// There is nothing in it.
    #[error("it is empty")]
    Empty,
    /// No layout has a name that the user gave.
    #[error("there is no layout {0:?}")]
    UnknownLayout(String),
    /// No line is the heading of a known layout.
    #[error("it fits no layout; the nearest is {nearest}, of which it lacks {}", missing.join(" and "))]
    NoLayout {
        /// The nearest layout.
        nearest: String,
        /// What it lacks, with a heading as example.
        missing: Vec<String>,
    },
}

/// A line that may be the heading.
struct Candidate {
    layout: Arc<Layout>,
    delimiter: u8,
    headings: Vec<String>,
    columns: Vec<Option<Field>>,
    known: usize,
    missing: Vec<String>,
    line: u64,
    end: Start,
}

/// Makes the plan of a source from its first bytes. `complete` says that they are all of it.
///
/// # Errors
/// A source without a heading that a layout knows.
pub fn plan(
    head: &[u8],
    complete: bool,
    layouts: &Layouts,
    options: &ReadOptions,
) -> Result<Plan, PlanError> {
    let encoding = TextEncoding::detect(head, complete);
    let text = encoding.decode(head);
    if text.trim().is_empty() {
        return Err(PlanError::Empty);
    }
    let wanted: Vec<&Arc<Layout>> = match &options.layout {
        Some(name) => vec![layouts.get(name).ok_or_else(|| PlanError::UnknownLayout(name.clone()))?],
        None => layouts.iter().collect(),
    };
    let best = best_candidate(&text, &wanted)?;
    let data = text.get(usize::try_from(best.end.byte).unwrap_or(usize::MAX)..).unwrap_or_default();
    let mark = if encoding.is_utf8() { encoding.mark as u64 } else { 0 };
    let (zone, zone_basis) = zone(&best.layout, options);
    let mut notes = notes(&encoding, &best);
    if zone_basis == "assumed" {
        notes.push(Message::new("input.zone-assumed"));
    }
    let places = places(&best.columns);
    Ok(Plan {
        encoding,
        delimiter: best.delimiter,
        readings: readings(data, best.delimiter, places[Field::Time as usize], options),
        layout: best.layout,
        columns: best.columns,
        places,
        headings: best.headings,
        zone,
        zone_basis,
        start: Start { byte: best.end.byte + mark, line: best.end.line },
        notes,
    })
}

impl Plan {
    /// Where the rows start.
    pub fn data_start(&self) -> Start {
        self.start
    }

    /// Whether the source can be read in splits: its bytes are UTF-8 as they stand.
    pub fn splittable(&self) -> bool {
        self.encoding.is_utf8()
    }

    /// Where a source must be opened to read a split: at its first byte, or at the source's where the text is decoded.
    pub fn opening(&self, split: Split) -> u64 {
        if self.splittable() { split.from } else { 0 }
    }

    /// The encoding's name.
    pub fn encoding(&self) -> &'static str {
        self.encoding.name()
    }

    /// The delimiter of its cells.
    pub fn delimiter(&self) -> char {
        char::from(self.delimiter)
    }

    /// The layout.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Where the zone of times without an offset comes from: `layout`, `option` or `assumed`.
    pub fn zone_basis(&self) -> &'static str {
        self.zone_basis
    }

    /// What was noticed.
    pub fn notes(&self) -> &[Message] {
        &self.notes
    }

    pub(crate) fn column(&self, field: Field) -> Option<usize> {
        self.places[field as usize]
    }
}

fn best_candidate(text: &str, layouts: &[&Arc<Layout>]) -> Result<Candidate, PlanError> {
    let mut best: Option<Candidate> = None;
    for &delimiter in DELIMITERS {
        let mut records = Records::new(text.as_bytes(), delimiter);
        for _ in 0..HEADING_WITHIN {
            let Ok(Some(record)) = records.next() else { break };
            let (headings, line) = (headings(&record), record.line);
            let end = Start { byte: records.position(), line: records.lines() + 1 };
            for layout in layouts {
                let candidate = candidate(layout, delimiter, &headings, line, end);
                if best.as_ref().is_none_or(|best| candidate.beats(best)) {
                    best = Some(candidate);
                }
            }
        }
    }
    let best = best.ok_or(PlanError::Empty)?;
    if best.missing.is_empty() {
        return Ok(best);
    }
    Err(PlanError::NoLayout { nearest: best.layout.name.clone(), missing: best.missing })
}

fn headings(record: &Record<'_>) -> Vec<String> {
    record.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect()
}

fn candidate(layout: &Arc<Layout>, delimiter: u8, headings: &[String], line: u64, end: Start) -> Candidate {
    let mut columns: Vec<Option<Field>> = Vec::with_capacity(headings.len());
    for heading in headings {
        let field = layout.field(heading).filter(|field| !columns.contains(&Some(*field)));
        columns.push(field);
    }
    let lacks = |group: &&Vec<Field>| !group.iter().any(|field| columns.contains(&Some(*field)));
    let named = |group: &Vec<Field>| {
        let names: Vec<String> =
            group.iter().map(|field| format!("{:?}", layout.heading_of(*field))).collect();
        format!("a column like {}", names.join(" or "))
    };
    Candidate {
        missing: layout.required.iter().filter(lacks).map(named).collect(),
        known: columns.iter().flatten().count(),
        layout: Arc::clone(layout),
        delimiter,
        headings: headings.to_vec(),
        columns,
        line,
        end,
    }
}

impl Candidate {
    /// Whether it is the better heading: nothing missing, then more known columns. The earlier one stays on a tie.
    fn beats(&self, other: &Candidate) -> bool {
        let rank = |one: &Candidate| (one.missing.is_empty(), one.known);
        rank(self) > rank(other)
    }
}

fn places(columns: &[Option<Field>]) -> [Option<usize>; Field::COUNT] {
    let mut places = [None; Field::COUNT];
    for (column, field) in columns.iter().enumerate() {
        if let Some(field) = field {
            places[*field as usize] = Some(column);
        }
    }
    places
}

fn zone(layout: &Layout, options: &ReadOptions) -> (TimeZone, &'static str) {
    if let Some(zone) = layout.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok()) {
        return (zone, "layout");
    }
    match &options.time_zone {
        Some(zone) => (zone.clone(), "option"),
        None => (TimeZone::UTC, "assumed"),
    }
}

/// How many readings the dates need: one where the user or the first rows tell the order, else two.
fn readings(data: &str, delimiter: u8, time: Option<usize>, options: &ReadOptions) -> Readings {
    if let Some(order) = options.date_order {
        return Readings::One(Some(order));
    }
    let Some(time) = time else { return Readings::One(None) };
    let mut records = Records::new(data.as_bytes(), delimiter);
    let (mut open, mut day_first, mut month_first) = (false, 0, 0);
    while let Ok(Some(record)) = records.next() {
        let cell = std::str::from_utf8(record.get(time)).unwrap_or_default();
        if let Some((first, second)) = open_date(cell) {
            open = true;
            day_first += u64::from(first > 12 && second <= 12);
            month_first += u64::from(second > 12 && first <= 12);
        }
    }
    match (open, day_first, month_first) {
        (false, ..) => Readings::One(None),
        (true, PROOF.., 0) => Readings::One(Some(DateOrder::DayFirst)),
        (true, 0, PROOF..) => Readings::One(Some(DateOrder::MonthFirst)),
        _ => Readings::Two,
    }
}

fn notes(encoding: &TextEncoding, best: &Candidate) -> Vec<Message> {
    let mut notes = Vec::new();
    if encoding.guessed {
        notes.push(Message::new("input.encoding-guessed").with("encoding", encoding.name()));
    }
    if best.line > 1 {
        notes.push(Message::new("input.heading-line").with("line", best.line));
    }
    let mut seen: Vec<String> = Vec::new();
    for heading in &best.headings {
        let folded = fold(heading);
        if !folded.is_empty() && seen.contains(&folded) {
            notes.push(Message::new("input.duplicate-heading").with("heading", heading.as_str()));
        }
        seen.push(folded);
    }
    let extra = |(column, heading): (usize, &String)| {
        (best.columns[column].is_none() && !heading.is_empty()).then(|| heading.clone())
    };
    let extras: Vec<String> = best.headings.iter().enumerate().filter_map(extra).collect();
    if !extras.is_empty() {
        notes.push(Message::new("input.extra-columns").with("columns", extras.join(", ")));
    }
    if best.columns.iter().all(|field| *field != Some(Field::Time)) {
        notes.push(Message::new("input.no-time-column"));
    }
    notes
}
