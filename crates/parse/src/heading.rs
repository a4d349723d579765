//! Finding the heading: in the first records of a source, by any delimiter, for any layout.

use crate::bound::Bound;
use crate::field::Field;
use crate::format::Format;
use crate::keyed::Keys;
use crate::layout::{Layout, fold};
use crate::plan::{PlanError, ReadOptions, Start};
use crate::records::{Dialect, Record, Records};
use crate::shape::Shape;
use ringback_model::Message;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How many records are looked at to find the heading.
const HEADING_WITHIN: usize = 64;

/// A record with more cells is no heading.
const MOST_COLUMNS: usize = 1024;

/// The delimiters that consoles and spreadsheets write.
pub(crate) const DELIMITERS: &[u8] = b",;\t|";

/// How many unknown columns are named in a note, and how much of each name.
const NAMED_COLUMNS: (usize, usize) = (20, 60);

/// The first cell of a heading in Zeek's logs, in which other lines with this sign are remarks and quotes mean nothing.
pub(crate) const ZEEK_HEADING: &[u8] = b"#fields";

/// A record as the heading of a layout.
struct Heading {
    layout: Arc<Layout>,
    dialect: Dialect,
    /// The headings as they stand there.
    headings: Vec<String>,
    /// The field of each column; unknown columns have none.
    columns: Vec<Option<Field>>,
    /// How many columns are known.
    known: usize,
    /// What the layout asks for and is not there, for people.
    missing: Vec<String>,
    /// The number of its line, from 1.
    line: u64,
    /// What follows it, counted in the text that was searched.
    end: Start,
}

/// Finds the heading among the first records of a text.
///
/// # Errors
/// The nearest layout and what it lacks, where none fits.
pub(crate) fn find(text: &[u8], layouts: &[&Arc<Layout>], options: &ReadOptions) -> Result<Shape, PlanError> {
    let mut best: Option<Heading> = None;
    let mut second: Option<(String, Vec<String>)> = None;
    for &delimiter in DELIMITERS {
        let mut records = Records::new(text, delimiter);
        for _ in 0..HEADING_WITHIN {
            let Ok(Some(record)) = records.next() else { break };
            if best.as_ref().is_some_and(|best| best.missing.is_empty() && best.line < record.line) {
                break;
            }
            if record.len() > MOST_COLUMNS {
                continue;
            }
            let (headings, line) = (headings(&record), record.line);
            let dialect = dialect(&record, delimiter);
            let end = Start { byte: records.position(), line: records.lines() + 1 };
            for layout in layouts {
                let candidate = candidate(layout, dialect, &headings, line, end);
                if best.as_ref().is_none_or(|best| candidate.beats(best)) {
                    second =
                        best.take().map(Heading::told).filter(|(name, _)| *name != layout.name).or(second);
                    best = Some(candidate);
                } else if candidate.is_second(best.as_ref(), second.as_ref()) {
                    second = Some(candidate.told());
                }
            }
        }
    }
    let nothing =
        || Some(candidate(layouts.first()?, Dialect::default(), &[], 1, Start { byte: 0, line: 1 }));
    let best = best.or_else(nothing).ok_or(PlanError::Empty)?;
    if best.missing.is_empty() {
        let second = second.filter(|(name, _)| *name != best.layout.name);
        return Ok(best.into_shape(layouts, second, options));
    }
    Err(PlanError::NoLayout { nearest: best.layout.name.clone(), missing: best.missing })
}

fn dialect(record: &Record<'_>, delimiter: u8) -> Dialect {
    if record.get(0) == ZEEK_HEADING {
        return Dialect { delimiter, quoting: false, comment: Some(b'#') };
    }
    Dialect { delimiter, ..Dialect::default() }
}

fn headings(record: &Record<'_>) -> Vec<String> {
    let skipped = usize::from(record.get(0) == ZEEK_HEADING);
    record.iter().skip(skipped).map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect()
}

fn candidate(layout: &Arc<Layout>, dialect: Dialect, headings: &[String], line: u64, end: Start) -> Heading {
    let mut seen: Vec<String> = Vec::new();
    let mut field_of = |heading: &String| {
        let field = layout.field(heading)?;
        let folded = fold(heading);
        let first = !seen.contains(&folded);
        seen.push(folded);
        first.then_some(field)
    };
    let columns: Vec<Option<Field>> = headings.iter().map(&mut field_of).collect();
    let lacks = |group: &&Vec<Field>| !group.iter().any(|field| columns.contains(&Some(*field)));
    let named = |group: &Vec<Field>| {
        let names: Vec<String> =
            group.iter().map(|field| format!("{:?}", layout.heading_of(*field))).collect();
        format!("a column like {}", names.join(" or "))
    };
    let mut missing: Vec<String> = layout.required.iter().filter(lacks).map(named).collect();
    for when in &layout.when {
        if !headings.iter().any(|heading| fold(heading) == fold(&when.key)) {
            missing.push(format!("the column {:?}", when.key));
        }
    }
    Heading {
        missing,
        known: columns.iter().flatten().collect::<BTreeSet<_>>().len(),
        layout: Arc::clone(layout),
        dialect,
        headings: headings.to_vec(),
        columns,
        line,
        end,
    }
}

impl Heading {
    /// Whether it is the better heading: nothing missing, then the earlier line, then a layout of the user's own, then more
    /// known columns. What stands further down may be a cell that somebody wrote to be taken for a heading.
    fn beats(&self, other: &Heading) -> bool {
        let rank = |one: &Heading| {
            let whole = one.missing.is_empty();
            let line = if whole { Reverse(one.line) } else { Reverse(0) };
            (whole, line, whole && one.layout.own, one.known)
        };
        rank(self) > rank(other)
    }

    /// Its layout and what that lacks.
    fn told(self) -> (String, Vec<String>) {
        (self.layout.name.clone(), self.missing)
    }

    /// Whether it comes next after the best: another layout that lacks less than the second so far.
    fn is_second(&self, best: Option<&Heading>, second: Option<&(String, Vec<String>)>) -> bool {
        best.is_none_or(|best| best.layout.name != self.layout.name)
            && self.known > 0
            && second.is_none_or(|(_, missing)| self.missing.len() < missing.len())
    }

    /// The shape of the source. Where the layout's records are told by what they say, other layouts that fit the same
    /// heading and say that too are asked as well.
    fn into_shape(
        self,
        layouts: &[&Arc<Layout>],
        runner_up: Option<(String, Vec<String>)>,
        options: &ReadOptions,
    ) -> Shape {
        let mut notes = Vec::new();
        if self.line > 1 {
            notes.push(Message::new("input.heading-line").with("line", self.line));
        }
        notes.extend(self.notes());
        let mut bounds = vec![Bound::to_headings(&self.layout, &self.headings, &self.columns, options)];
        for layout in layouts.iter().filter(|_| !self.layout.when.is_empty()) {
            let other = candidate(layout, self.dialect, &self.headings, self.line, self.end);
            if layout.name != self.layout.name && !layout.when.is_empty() && other.missing.is_empty() {
                bounds.push(Bound::to_headings(layout, &self.headings, &other.columns, options));
            }
        }
        Shape {
            format: Format::Delimited,
            dialect: self.dialect,
            keys: Keys::default(),
            headings: self.headings,
            bounds,
            line: self.line,
            end: self.end,
            runner_up,
            notes,
        }
    }

    /// What was noticed about the columns.
    fn notes(&self) -> Vec<Message> {
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
