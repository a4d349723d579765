//! One row once more, with all that led to its verdict.

mod fields;
mod reading;

use crate::Investigation;
use crate::discover::{lexical, normalised};
use crate::events::Fate;
use crate::request::Window;
use crate::source_tally::Failure;
use reading::Reading;
use ringback_classify::{Census, Explained, Policy};
use ringback_model::explanation::{ExplainedField, ExplainedRow};
use ringback_model::{FindingId, Instant, RejectReason};
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
            RowFate::Duplicate(_) => Fate::Duplicate.as_str(),
            RowFate::Suppressed(_) => Fate::Suppressed.as_str(),
            RowFate::InFindings => Fate::InFindings.as_str(),
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
