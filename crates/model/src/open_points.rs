//! What a case leaves open: questions, what it could not tell, hosts that may be relays, logs whose clocks differ.

use crate::detection::Log;
use crate::message::Message;
use crate::profile::RelayKind;
use crate::symbols::Sym;
use crate::vocabulary::vocabulary;

/// How much a row that has no verdict without an answer counts when questions are ranked: the answer settles who started it
/// and whose the suspicion is, where others refine a verdict.
const VERDICT_WEIGHT: u64 = 10;

/// What only the client can answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// A name that stays the same between reports.
    pub id: String,
    /// The question.
    pub text: Message,
    /// What it is about, one by one: addresses with their rows, reasons of a suggestion, what is missing.
    pub details: Vec<Message>,
    /// Rows that the answer would settle.
    pub rows: u64,
    /// Those of them that have no verdict without it.
    pub undetermined: u64,
    /// Findings that the answer would settle.
    pub findings: u64,
    /// What to paste into the profile; empty where no profile can answer, but another export would.
    pub toml: String,
}

impl Question {
    /// What it is worth to have the answer: the rows that it settles, those without a verdict ten times.
    pub fn weight(&self) -> u64 {
        self.rows + (VERDICT_WEIGHT - 1) * self.undetermined
    }
}

vocabulary! {
    /// Why something is not told.
    UnknownKind {
        /// The rows do not say enough for a verdict, or for a part of one.
        Undetermined = "undetermined",
        /// An export may not hold everything that its log held.
        Incomplete = "incomplete",
        /// No log of this kind can show it.
        Invisible = "invisible",
    }
}

/// Something that a report could not tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// A name that stays the same between reports.
    pub id: &'static str,
    /// Why it is not told.
    pub kind: UnknownKind,
    /// What is not told.
    pub text: Message,
    /// Why.
    pub why: Message,
    /// The column, setting, profile entry or other log that would settle it.
    pub settle: Message,
    /// What it is about, one by one.
    pub details: Vec<Message>,
    /// Rows in findings that it bears on; none where no row can tell.
    pub rows: u64,
    /// Findings that it bears on.
    pub findings: u64,
    /// The id of the question that asks for it; empty where none does.
    pub question: String,
}

/// A host that behaves as relays do, and is not declared as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuggestedRelay {
    /// What it would be.
    pub kind: RelayKind,
    /// Why it looks like one.
    pub reasons: Vec<Message>,
}

/// Rows of an incident that stand in one log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogRows {
    /// The kind of log.
    pub log: Log,
    /// The product that the log names; may be empty.
    pub product: Sym,
    /// Rows.
    pub rows: u64,
    /// Rows of which nothing reached its target.
    pub blocked: u64,
}
