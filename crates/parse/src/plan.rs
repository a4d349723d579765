//! What holds for a whole source: found in its first bytes, used by every split of it.

use crate::bound::Bound;
use crate::dates::DateOrder;
use crate::encoding::TextEncoding;
use crate::field::Field;
use crate::format::Format;
use crate::keyed::Keys;
use crate::layout::Layout;
use crate::layouts::Layouts;
use crate::records::Dialect;
use crate::shape::{self, Shape};
use crate::split::Split;
use crate::stream::Stream;
use crate::times::Readings;
use crate::written::open_date;
use encoding_rs::Encoding;
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
    /// The names of the layouts of which one must fit, where the user gives them; empty for all that are known.
    pub layouts: Vec<String>,
    /// The encoding of text that is not UTF-8 and has no byte order mark, where the user gives it.
    pub encoding: Option<TextEncodingName>,
    /// The host of logs that name none, such as an agent's own files.
    pub endpoint: Option<String>,
}

/// An encoding by the name that the user gives it: one of the labels of the WHATWG's Encoding Standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextEncodingName(pub(crate) &'static Encoding);

impl TextEncodingName {
    /// The encoding's name in the standard.
    pub fn name(self) -> &'static str {
        self.0.name()
    }
}

impl std::str::FromStr for TextEncodingName {
    type Err = String;

    fn from_str(label: &str) -> Result<Self, String> {
        let label = match label.to_ascii_lowercase().as_str() {
            "cp932" => "shift_jis".to_owned(),
            "cp950" => "big5".to_owned(),
            "cp936" => "gbk".to_owned(),
            other => other.to_owned(),
        };
        let encoding = Encoding::for_label(label.as_bytes());
        encoding.map(TextEncodingName).ok_or_else(|| format!("there is no encoding {label:?}"))
    }
}

/// Where the rows of a source start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// The first byte after the heading; in the decoded text where the source is not UTF-8.
    pub byte: u64,
    /// The number of its line, from 1.
    pub line: u64,
}

/// What holds for a whole source: encoding, format, layouts, columns, dates, zones.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) encoding: TextEncoding,
    pub(crate) format: Format,
    pub(crate) dialect: Dialect,
    pub(crate) keys: Keys,
    /// The layouts of its records; each record has the first that applies.
    pub(crate) bounds: Vec<Bound>,
    pub(crate) headings: Vec<String>,
    pub(crate) readings: Readings,
    pub(crate) endpoint: Option<String>,
    runner_up: Option<(String, Vec<String>)>,
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
    let wanted = wanted(layouts, options)?;
    let mut failure = None;
    for encoding in TextEncoding::candidates(head, complete, options.encoding.map(|name| name.0)) {
        let text = encoding.decode(head);
        if text.trim_ascii().is_empty() {
            return Err(PlanError::Empty);
        }
        match shape::find(&text, &wanted, options) {
            Ok(shape) => return Ok(Plan::new(encoding, shape, &text, complete, options)),
            Err(error) => _ = failure.get_or_insert(error),
        }
    }
    Err(failure.unwrap_or(PlanError::Empty))
}

/// The layouts that may fit.
fn wanted<'l>(layouts: &'l Layouts, options: &ReadOptions) -> Result<Vec<&'l Arc<Layout>>, PlanError> {
    if let Some(name) = options.layouts.iter().find(|name| layouts.get(name).is_none()) {
        return Err(PlanError::UnknownLayout(name.clone()));
    }
    let is_wanted =
        |layout: &&Arc<Layout>| options.layouts.is_empty() || options.layouts.contains(&layout.name);
    Ok(layouts.iter().filter(is_wanted).collect())
}

impl Plan {
    fn new(encoding: TextEncoding, shape: Shape, text: &[u8], complete: bool, options: &ReadOptions) -> Self {
        let mark = if encoding.is_utf8() { encoding.mark as u64 } else { 0 };
        let mut plan = Plan {
            encoding,
            format: shape.format,
            dialect: shape.dialect,
            keys: shape.keys,
            bounds: shape.bounds,
            headings: shape.headings,
            readings: Readings::Plain,
            endpoint: options.endpoint.clone(),
            runner_up: shape.runner_up,
            heading_line: shape.line,
            start: Start { byte: shape.end.byte + mark, line: shape.end.line },
            notes: shape.notes,
        };
        let data = usize::try_from(shape.end.byte).ok().and_then(|end| text.get(end..)).unwrap_or_default();
        plan.readings = plan.readings_of(data, complete, options.date_order);
        plan.note(options);
        plan
    }

    /// Where the rows start.
    pub fn data_start(&self) -> Start {
        self.start
    }

    /// Whether the source can be read in splits: its bytes are UTF-8 as they stand, and where a record starts can be told
    /// from few of them.
    pub fn splittable(&self) -> bool {
        self.is_plain_text() && (self.format == Format::Delimited || self.format.is_by_line())
    }

    /// Whether cells are the source's bytes as they stand, so that a replacement character was logged as such.
    pub(crate) fn is_taken_as_written(&self) -> bool {
        self.is_plain_text() && self.format == Format::Delimited
    }

    /// Whether bytes of the source are bytes of the text.
    fn is_plain_text(&self) -> bool {
        self.encoding.is_utf8()
    }

    /// Whether its dates are counted under one reading alone.
    pub fn has_one_reading(&self) -> bool {
        self.readings != Readings::Two
    }

    /// Where a source must be opened to read a split: at its first byte, or at the source's where the text is decoded.
    pub fn opening(&self, split: Split) -> u64 {
        if self.is_plain_text() { split.from } else { 0 }
    }

    /// The encoding's name.
    pub fn encoding(&self) -> &'static str {
        self.encoding.name()
    }

    /// How many bytes of what is opened lie before a split.
    pub(crate) fn skipped(&self, split: Split) -> u64 {
        if self.is_plain_text() { 0 } else { split.from }
    }

    /// Whether the encoding is a guess.
    pub fn encoding_guessed(&self) -> bool {
        self.encoding.guessed
    }

    /// The format of its records.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The delimiter of its cells, where it has one.
    pub fn delimiter(&self) -> Option<char> {
        (self.format == Format::Delimited).then(|| char::from(self.dialect.delimiter))
    }

    /// The layout: the main one, where records have several.
    pub fn layout(&self) -> &Layout {
        &self.bounds[0].layout
    }

    /// The layouts of its records.
    pub fn layouts(&self) -> impl Iterator<Item = &Layout> {
        self.bounds.iter().map(|bound| &*bound.layout)
    }

    /// The layout that would have been next, and what it lacks.
    pub fn runner_up(&self) -> Option<(&str, &[String])> {
        self.runner_up.as_ref().map(|(name, missing)| (name.as_str(), missing.as_slice()))
    }

    /// The number of the line with the headings, from 1; 0 where there are none.
    pub fn heading_line(&self) -> u64 {
        self.heading_line
    }

    /// The headings as they stand in the source, or the keys of its records, each with the field that it is read as; those
    /// without one are extras.
    pub fn headings(&self) -> impl Iterator<Item = (&str, Option<Field>)> {
        let field =
            |column: usize| self.bounds.iter().find_map(|bound| bound.columns.get(column).copied().flatten());
        self.headings.iter().enumerate().map(move |(column, heading)| (heading.as_str(), field(column)))
    }

    /// Where the zone of times without an offset comes from: `layout`, `option` or `assumed`.
    pub fn zone_basis(&self) -> &'static str {
        self.bounds[0].zone_basis
    }

    /// The zone of times that name none.
    pub fn zone(&self) -> &str {
        self.bounds[0].zone.iana_name().unwrap_or("UTC")
    }

    /// Whether the layout fixes the order of day and month.
    pub fn fixed_date_order(&self) -> Option<DateOrder> {
        self.bounds[0].layout.date_order
    }

    /// What was noticed.
    pub fn notes(&self) -> &[Message] {
        &self.notes
    }

    /// The layout of a record, by its number; `None` where the record is another kind of event.
    pub(crate) fn bound_of(&self, record: &crate::records::Record<'_>) -> Option<usize> {
        self.bounds.iter().position(|bound| bound.applies(record))
    }

    /// Whether equal records of both sources say the same, but for when, so that what a reader remembers of one holds for the
    /// other.
    pub fn reads_like(&self, other: &Plan) -> bool {
        let bounds = self.bounds.iter().zip(&other.bounds);
        self.format == other.format
            && self.dialect == other.dialect
            && self.encoding == other.encoding
            && self.headings == other.headings
            && self.keys == other.keys
            && self.endpoint == other.endpoint
            && self.bounds.len() == other.bounds.len()
            && bounds.into_iter().all(|(one, other)| Arc::ptr_eq(&one.layout, &other.layout))
    }

    /// How many readings the dates need: one where the user, the layout or the first rows tell the order, else two. In a
    /// source of which all rows are seen, one date that shows the order is proof.
    fn readings_of(&self, data: &[u8], complete: bool, given: Option<DateOrder>) -> Readings {
        if let Some(order) = given {
            return Readings::Given(order);
        }
        let mut records = Stream::new(self, data);
        let (mut open, mut day_first, mut month_first) = (false, 0, 0);
        let read = records.each(|record| {
            let Some(bound) = self.bound_of(record).map(|at| &self.bounds[at]) else { return };
            let cell = std::str::from_utf8(bound.cell(record, Field::Time)).unwrap_or_default();
            if let Some((first, second)) = open_date(cell).filter(|_| bound.layout.date_order.is_none()) {
                open = true;
                day_first += u64::from(first > 12 && second <= 12);
                month_first += u64::from(second > 12 && first <= 12);
            }
        });
        debug_assert!(read.is_ok(), "bytes in memory can be read");
        let proof = if complete { 1 } else { PROOF };
        match (day_first, month_first) {
            _ if !open => Readings::Plain,
            (proofs, 0) if proofs >= proof => Readings::Proven(DateOrder::DayFirst),
            (0, proofs) if proofs >= proof => Readings::Proven(DateOrder::MonthFirst),
            _ => Readings::Two,
        }
    }

    /// Notes what people should know.
    fn note(&mut self, options: &ReadOptions) {
        if self.encoding.guessed {
            let guessed = Message::new("input.encoding-guessed").with("encoding", self.encoding.name());
            self.notes.insert(0, guessed);
        }
        let reads = |field: Field| self.bounds.iter().any(|bound| bound.column(field).is_some());
        let timed = reads(Field::Time) || reads(Field::TimeUtc);
        let zoned = self.bounds.iter().all(|bound| bound.zone_basis != "assumed" || bound.layout.epoch);
        let named = |bound: &Bound| bound.layout.implied.endpoint.clone();
        let stand_in = self.bounds.iter().map(named).find(|name| !name.is_empty());
        if !timed {
            self.notes.push(Message::new("input.no-time-column"));
        }
        if !zoned {
            self.notes.push(Message::new("input.zone-assumed"));
        }
        if let Some(stand_in) = stand_in.filter(|_| options.endpoint.is_none()) {
            self.notes.push(Message::new("input.no-endpoint").with("endpoint", stand_in));
        }
    }
}
