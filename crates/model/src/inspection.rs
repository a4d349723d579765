//! The inspection: what was recognised in every input, as programs get it.
//!
//! The types of this module are a wire format of their own, version [`INSPECTION_SCHEMA_VERSION`]. Within a version fields
//! are added, never renamed.

use crate::instant::Instant;
use crate::place::{Place, RejectReason};
use schemars::JsonSchema;
use serde::Serialize;

/// The version of the inspection's wire format.
pub const INSPECTION_SCHEMA_VERSION: u32 = 1;

/// What was recognised in every input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Ringback inspection")]
pub struct Inspection {
    /// The version of this format.
    pub schema: u32,
    /// The inputs, in the order of their names.
    pub inputs: Vec<InspectedInput>,
}

/// One input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InspectedInput {
    /// Its normalised name.
    pub name: String,
    /// Size in bytes, where it is known.
    pub size: Option<u64>,
    /// The container.
    pub container: String,
    /// Why it could not be read, or not to its end.
    pub failure: Option<Failure>,
    /// What it is; nothing where it fits no layout or could not be opened.
    pub recognised: Option<Recognised>,
    /// Records read, rejected ones included.
    pub records: u64,
    /// Records that can be used.
    pub rows: u64,
    /// Records that can not.
    pub rejected: u64,
    /// Those by reason, in the order of the vocabulary.
    pub rejects: Vec<InspectedReject>,
    /// Rows that earlier inputs hold too, by the earliest that does.
    pub duplicates: Vec<InspectedDuplicates>,
    /// What was noticed.
    pub notes: Vec<InspectedNote>,
}

/// Why an input could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Failure {
    /// `no-layout` or `unreadable`.
    pub reason: RejectReason,
    /// The error in words.
    pub error: String,
    /// The layout that comes nearest, where there is one.
    pub nearest: Option<Nearest>,
}

/// A layout that does not fit, or not as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Nearest {
    /// Its name.
    pub layout: String,
    /// What the input lacks of it; nothing where it would fit too and fewer columns or records are its.
    pub lacks: Vec<String>,
}

/// What an input is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Recognised {
    /// The encoding.
    pub encoding: String,
    /// Whether the encoding is a guess.
    pub encoding_guessed: bool,
    /// The shape of its records: `delimited`, `cef`, `leef`, `json`, `positions`, `mail`.
    pub format: String,
    /// What stands between cells, in delimited text.
    pub delimiter: Option<char>,
    /// Which cells stand in quotes, in delimited text.
    pub quoting: Option<InspectedQuoting>,
    /// How records' lines end.
    pub line_ends: InspectedLineEnds,
    /// The number of the line with the headings, from 1; nothing where there are none.
    pub heading_line: Option<u64>,
    /// The layouts that its records have, the main one first.
    pub layouts: Vec<InspectedLayout>,
    /// The layout that would have been next.
    pub runner_up: Option<Nearest>,
    /// The columns in their order; in formats with keys, those that are met, then those that no layout reads.
    pub columns: Vec<InspectedColumn>,
    /// Whether there are more keys that no layout reads than are listed.
    pub more_columns: bool,
    /// How its times are read.
    pub times: InspectedTimes,
}

/// Which cells stand in quotes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InspectedQuoting {
    /// `every` cell, `every-filled` one, `some`, or `none`.
    pub kind: String,
    /// Cells in quotes.
    pub quoted: u64,
    /// All cells.
    pub cells: u64,
}

/// How records' lines end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InspectedLineEnds {
    /// `lf`, `crlf`, `cr`, `mixed`, or `none`.
    pub kind: String,
    /// Line feeds.
    pub lf: u64,
    /// Carriage returns with line feeds.
    pub crlf: u64,
    /// Carriage returns alone.
    pub cr: u64,
}

/// A layout and why it applies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InspectedLayout {
    /// Its name, as `--layout` takes it.
    pub name: String,
    /// What it is.
    pub title: String,
    /// Whether a vendor's document confirms its headings.
    pub confirmed: bool,
    /// What it asks for: of each group one must be there.
    pub required: Vec<InspectedRequirement>,
    /// What a record must say to be one of its; all held for its records.
    pub conditions: Vec<InspectedCondition>,
    /// Columns of the input that it reads.
    pub known_columns: u64,
    /// Records that it applies to.
    pub records: u64,
}

/// A group of fields of which a layout needs one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InspectedRequirement {
    /// The fields.
    pub fields: Vec<String>,
    /// Those that are there.
    pub found: Vec<InspectedField>,
}

/// A field and the heading or key that it is read under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InspectedField {
    /// The field.
    pub field: String,
    /// The heading or key.
    pub heading: String,
}

/// What a record must say in one of its cells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InspectedCondition {
    /// The heading or key.
    pub key: String,
    /// What the cell may say; a star stands for anything.
    pub is: Vec<String>,
    /// The least and the greatest number that it may be.
    pub between: Option<(u64, u64)>,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InspectedColumn {
    /// Its heading or key as it stands in the input.
    pub heading: String,
    /// The field that it is read as; nothing where it is read as none.
    pub field: Option<String>,
    /// `read` as a field; else `condition` (it tells which layout a record has), `direction` (that it is there tells the
    /// direction), or `not-read`.
    pub role: String,
    /// Records of which the cell says something.
    pub filled: u64,
    /// The first distinct values, of a column that is read as no field; long ones are cut and end in `…`.
    pub samples: Vec<String>,
}

/// How times are read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InspectedTimes {
    /// The forms in which they are written, by how many rows have them.
    pub forms: Vec<InspectedForm>,
    /// The first distinct times in no form that is known; long ones are cut and end in `…`.
    pub unknown: Vec<String>,
    /// The order of day and month.
    pub order: InspectedOrder,
    /// Times in the hour that the end of summer time repeats.
    pub folds: u64,
    /// Times in the hour that the start of summer time leaves out.
    pub gaps: u64,
    /// The zone of times that name none.
    pub zone: String,
    /// Where that zone comes from: `layout`, `option`, `assumed`; `logged` where every time names its own offset.
    pub zone_basis: String,
    /// Rows whose time names its own offset.
    pub with_offset: u64,
    /// The first time.
    pub first: Option<Instant>,
    /// The last time.
    pub last: Option<Instant>,
}

/// A form of times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InspectedForm {
    /// The form, such as `MM/DD/YYYY hh:mm:ss AM`, or a word where there is none.
    pub form: String,
    /// Whether times of this form can be read.
    pub read: bool,
    /// Rows.
    pub rows: u64,
    /// The first of them.
    pub first: InspectedPlace,
}

/// The order of day and month, and how it was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InspectedOrder {
    /// `dmy` or `mdy`; nothing where no form leaves it open, or it makes no difference.
    pub order: Option<String>,
    /// `plain` (no form leaves it open), `either` (in every date day and month are the same number), `given`, `layout`, `proven`, `log-order`, or `ambiguous`.
    pub basis: String,
    /// The first date that proves it.
    pub proof: Option<InspectedPlace>,
    /// Dates that contradict it; they are rejected.
    pub contradicted: u64,
    /// The stretch of time under each order, where both are possible.
    pub readings: Vec<InspectedReading>,
}

/// The stretch of time under one order of day and month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InspectedReading {
    /// `dmy` or `mdy`.
    pub order: String,
    /// The first time.
    pub first: Option<Instant>,
    /// The last time.
    pub last: Option<Instant>,
}

/// Rejected records of one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InspectedReject {
    /// Why.
    pub reason: RejectReason,
    /// How many.
    pub records: u64,
    /// What that means and what to do.
    pub meaning: String,
    /// The first of them.
    pub places: Vec<InspectedPlace>,
}

/// Rows that an earlier input holds too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InspectedDuplicates {
    /// The earlier input.
    pub input: String,
    /// How many rows.
    pub rows: u64,
}

/// Something that was noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InspectedNote {
    /// Its key, which stays the same in every language.
    pub key: String,
    /// Its text.
    pub text: String,
}

/// A place in an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InspectedPlace {
    /// The number of the data record, from 1.
    pub record: u64,
    /// The number of its first line, from 1.
    pub line: u64,
}

impl From<Place> for InspectedPlace {
    fn from(place: Place) -> Self {
        InspectedPlace { record: place.record, line: place.line }
    }
}

impl Inspection {
    /// The JSON Schema of the wire format.
    pub fn schema() -> serde_json::Value {
        let generator = schemars::generate::SchemaSettings::draft2020_12().for_serialize().into_generator();
        generator.into_root_schema_for::<Inspection>().to_value()
    }
}
