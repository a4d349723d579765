//! What holds for a whole source: found in its first bytes, used by every split of it.

use crate::dates::DateOrder;
use crate::encoding::TextEncoding;
use crate::field::Field;
use crate::heading::{self, Heading};
use crate::layout::{Layout, Layouts};
use crate::records::Records;
use crate::split::Split;
use crate::times::Readings;
use crate::written::open_date;
use jiff::tz::TimeZone;
use ringback_model::Message;
use std::sync::Arc;

/// How many dates among the first bytes of a source prove the order of day and month for all of it, so that only one
/// reading is counted. The first bytes hold more than a thousand rows.
const PROOF: u64 = 100;

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
    heading_line: u64,
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
    if text.trim_ascii().is_empty() {
        return Err(PlanError::Empty);
    }
    let wanted: Vec<&Arc<Layout>> = match &options.layout {
        Some(name) => vec![layouts.get(name).ok_or_else(|| PlanError::UnknownLayout(name.clone()))?],
        None => layouts.iter().collect(),
    };
    let best = heading::find(&text, &wanted)?;
    let data = usize::try_from(best.end.byte).ok().and_then(|end| text.get(end..)).unwrap_or_default();
    let mark = if encoding.is_utf8() { encoding.mark as u64 } else { 0 };
    let (zone, zone_basis) = zone(&best.layout, options);
    let mut notes = notes(encoding, &best);
    if zone_basis == "assumed" {
        notes.push(Message::new("input.zone-assumed"));
    }
    let places = places(&best.columns);
    Ok(Plan {
        encoding,
        delimiter: best.delimiter,
        readings: readings(data, complete, best.delimiter, places[Field::Time as usize], options),
        layout: best.layout,
        columns: best.columns,
        places,
        headings: best.headings,
        zone,
        zone_basis,
        heading_line: best.line,
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

    /// The number of the line with the headings, from 1.
    pub fn heading_line(&self) -> u64 {
        self.heading_line
    }

    /// The headings as they stand in the source, each with the field that it is read as; those without one are extras.
    pub fn headings(&self) -> impl Iterator<Item = (&str, Option<Field>)> {
        self.headings.iter().map(String::as_str).zip(self.columns.iter().copied())
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

/// How many readings the dates need: one where the user or the first rows tell the order, else two. In a source of which
/// all rows are seen, one date that shows the order is proof.
fn readings(
    data: &[u8],
    complete: bool,
    delimiter: u8,
    time: Option<usize>,
    options: &ReadOptions,
) -> Readings {
    if let Some(order) = options.date_order {
        return Readings::Given(order);
    }
    let Some(time) = time else { return Readings::Plain };
    let mut records = Records::new(data, delimiter);
    let (mut open, mut day_first, mut month_first) = (false, 0, 0);
    while let Ok(Some(record)) = records.next() {
        let cell = std::str::from_utf8(record.get(time)).unwrap_or_default();
        if let Some((first, second)) = open_date(cell) {
            open = true;
            day_first += u64::from(first > 12 && second <= 12);
            month_first += u64::from(second > 12 && first <= 12);
        }
    }
    let proof = if complete { 1 } else { PROOF };
    match (day_first, month_first) {
        _ if !open => Readings::Plain,
        (proofs, 0) if proofs >= proof => Readings::Proven(DateOrder::DayFirst),
        (0, proofs) if proofs >= proof => Readings::Proven(DateOrder::MonthFirst),
        _ => Readings::Two,
    }
}

fn notes(encoding: TextEncoding, best: &Heading) -> Vec<Message> {
    let mut notes = Vec::new();
    if encoding.guessed {
        notes.push(Message::new("input.encoding-guessed").with("encoding", encoding.name()));
    }
    if best.line > 1 {
        notes.push(Message::new("input.heading-line").with("line", best.line));
    }
    notes.extend(best.notes());
    if best.columns.iter().all(|field| *field != Some(Field::Time)) {
        notes.push(Message::new("input.no-time-column"));
    }
    notes
}
