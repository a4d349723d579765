//! The explanation of one row or finding, as programs get it: the row as read, where each value comes from, each step of
//! the judgement, and the advice.
//!
//! The types of this module are a wire format of their own, version [`EXPLANATION_SCHEMA_VERSION`]. Within a version fields
//! are added, never renamed.

use crate::case::Phase;
use schemars::JsonSchema;
use serde::Serialize;

/// The version of the explanation's wire format.
pub const EXPLANATION_SCHEMA_VERSION: u32 = 1;

/// Why one row was judged as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Ringback explanation")]
pub struct Explanation {
    /// The version of this format.
    pub schema: u32,
    /// The row that is explained; nothing where a finding of a report is explained whose inputs can not be reached.
    pub row: Option<ExplainedRow>,
    /// The finding that the row is in, by its id.
    pub finding: Option<String>,
    /// The incident that the finding is in, by its id.
    pub incident: Option<String>,
    /// The inputs that were read together: the context of the row.
    pub inputs: Vec<String>,
    /// What became of the row: `in-findings`, `suppressed`, `duplicate`, `filtered` or `rejected`; `stored` where the
    /// fields of a report's finding are all that is known.
    pub fate: String,
    /// The same in a sentence, with why.
    pub fate_text: String,
    /// Each value of the row, and what it is taken from.
    pub fields: Vec<ExplainedField>,
    /// The steps of the judgement, in the order in which they depend on each other.
    pub steps: Vec<ExplainedStep>,
    /// What would settle it, where it is undetermined.
    pub settles: Vec<ExplainedReason>,
    /// What to do about its incident.
    pub advice: Vec<ExplainedAdvice>,
    /// What should be known of this explanation.
    pub notes: Vec<String>,
}

/// One record of an input.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExplainedRow {
    /// The input's name.
    pub source: String,
    /// Its layout.
    pub layout: String,
    /// The record's number, from 1.
    pub record: u64,
    /// Its line, from 1.
    pub line: u64,
    /// The cells as they were read.
    pub cells: Vec<ExplainedCell>,
}

/// A cell as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExplainedCell {
    /// The number of its column, from 1.
    pub column: usize,
    /// The heading; nothing where the record is longer than the heading.
    pub heading: Option<String>,
    /// What the column is read as.
    pub field: Option<String>,
    /// What stands there.
    pub text: String,
}

/// A value of a row, and what it is taken from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExplainedField {
    /// Its name, as in `events`.
    pub name: String,
    /// The value; nothing where the row says none.
    pub value: Option<String>,
    /// What it is taken from: `cell`, `rule-name`, `list-hit`, `ports`, `networks`, `layout`, `option`, `nothing`,
    /// `report`.
    pub from: String,
    /// The number of the column, from 1: the cell's, or that of the rule's name.
    pub column: Option<usize>,
    /// Its heading.
    pub heading: Option<String>,
    /// What stands there.
    pub spelling: Option<String>,
}

/// One step of the judgement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExplainedStep {
    /// What was settled: `scope`, `origin`, `authorised`, `relay`, `scenario`, `suspect`, `stopped`, `target`, `exposure`,
    /// `vulnerable`, `severity`.
    pub step: String,
    /// The value.
    pub value: String,
    /// Whether the severity is an upper bound.
    pub at_most: bool,
    /// The rule, basis or entry that settled it; may be empty.
    pub rule: String,
    /// Where the rule comes from, where somebody states it.
    pub reference: String,
    /// Why, as the report says it.
    pub reasons: Vec<ExplainedReason>,
    /// What would have changed it.
    pub changes: Vec<ExplainedChange>,
}

/// A reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExplainedReason {
    /// Its key; empty where it was read from a report.
    pub key: String,
    /// The same in words.
    pub text: String,
}

/// A value that a step would have under other premises.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExplainedChange {
    /// The value.
    pub value: String,
    /// The premises, each of which alone is enough.
    pub premises: Vec<ExplainedPremise>,
}

/// Something that is otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExplainedPremise {
    /// Its key.
    pub key: String,
    /// The words, any of which it would be.
    pub words: Vec<String>,
    /// The same in words.
    pub text: String,
}

/// A step of advice with its conditions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExplainedAdvice {
    /// The step's name in the playbook.
    pub id: String,
    /// When to take it.
    pub phase: Phase,
    /// What to do.
    pub text: String,
    /// Why it applies here.
    pub why: String,
    /// The vendor's solution or another source; may be empty.
    pub reference: String,
    /// The conditions that were met, as the playbook has them.
    pub conditions: Vec<ExplainedCondition>,
    /// Whether this row meets them by itself; otherwise other rows of the incident do.
    pub by_this_row: bool,
}

/// A condition of the playbook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExplainedCondition {
    /// What it is about.
    pub name: String,
    /// The words of which one must hold.
    pub words: String,
}

impl Explanation {
    /// The JSON Schema of the wire format.
    pub fn schema() -> serde_json::Value {
        let generator = schemars::generate::SchemaSettings::draft2020_12().for_serialize().into_generator();
        generator.into_root_schema_for::<Explanation>().to_value()
    }
}
