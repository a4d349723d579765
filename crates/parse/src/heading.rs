//! Finding the heading: in the first records of a source, by any delimiter, for any layout.

use crate::field::Field;
use crate::layout::{Layout, fold};
use crate::plan::{PlanError, Start};
use crate::records::{Record, Records};
use ringback_model::Message;
use std::cmp::Reverse;
use std::sync::Arc;

/// How many records are looked at to find the heading.
const HEADING_WITHIN: usize = 64;

/// A record with more cells is no heading.
const MOST_COLUMNS: usize = 1024;

/// The delimiters that consoles and spreadsheets write.
const DELIMITERS: &[u8] = b",;\t|";

/// How many unknown columns are named in a note, and how much of each name.
const NAMED_COLUMNS: (usize, usize) = (20, 60);

/// A record as the heading of a layout.
pub(crate) struct Heading {
    pub(crate) layout: Arc<Layout>,
    pub(crate) delimiter: u8,
    /// The headings as they stand there.
    pub(crate) headings: Vec<String>,
    /// The field of each column; unknown columns have none.
    pub(crate) columns: Vec<Option<Field>>,
    /// How many columns are known.
    known: usize,
    /// What the layout asks for and is not there, for people.
    missing: Vec<String>,
    /// The number of its line, from 1.
    pub(crate) line: u64,
    /// What follows it, counted in the text that was searched.
    pub(crate) end: Start,
}

/// Finds the heading among the first records of a text.
///
/// # Errors
/// The nearest layout and what it lacks, where none fits.
pub(crate) fn find(text: &[u8], layouts: &[&Arc<Layout>]) -> Result<Heading, PlanError> {
    let mut best: Option<Heading> = None;
    for &delimiter in DELIMITERS {
        let mut records = Records::new(text, delimiter);
        for _ in 0..HEADING_WITHIN {
            let Ok(Some(record)) = records.next() else { break };
            if record.len() > MOST_COLUMNS {
                continue;
            }
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
    let nothing = || Some(candidate(layouts.first()?, b',', &[], 1, Start { byte: 0, line: 1 }));
    let best = best.or_else(nothing).ok_or(PlanError::Empty)?;
    if best.missing.is_empty() {
        return Ok(best);
    }
    Err(PlanError::NoLayout { nearest: best.layout.name.clone(), missing: best.missing })
}

fn headings(record: &Record<'_>) -> Vec<String> {
    record.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect()
}

fn candidate(layout: &Arc<Layout>, delimiter: u8, headings: &[String], line: u64, end: Start) -> Heading {
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
    Heading {
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

impl Heading {
    /// Whether it is the better heading: nothing missing, then the earlier line, then more known columns. What stands
    /// further down may be a cell that somebody wrote to be taken for a heading.
    fn beats(&self, other: &Heading) -> bool {
        let rank = |one: &Heading| {
            let whole = one.missing.is_empty();
            (whole, if whole { Reverse(one.line) } else { Reverse(0) }, one.known)
        };
        rank(self) > rank(other)
    }

    /// What was noticed about the columns.
    pub(crate) fn notes(&self) -> Vec<Message> {
        let mut notes = Vec::new();
        let mut seen: Vec<String> = Vec::new();
        for heading in &self.headings {
            let folded = fold(heading);
            if !folded.is_empty() && seen.contains(&folded) && notes.len() < NAMED_COLUMNS.0 {
                notes.push(Message::new("input.duplicate-heading").with("heading", heading.as_str()));
            }
            seen.push(folded);
        }
        let (most, longest) = NAMED_COLUMNS;
        let extra = |(column, heading): (usize, &String)| {
            (self.columns[column].is_none() && !heading.is_empty())
                .then(|| heading.chars().take(longest).collect())
        };
        let extras: Vec<String> = self.headings.iter().enumerate().filter_map(extra).take(most).collect();
        if !extras.is_empty() {
            notes.push(Message::new("input.extra-columns").with("columns", extras.join(", ")));
        }
        notes
    }
}
