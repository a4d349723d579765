//! Expressions of a few simple shapes, worked out without the template language: nearly every cell of a large workbook is
//! one of them. What they give is what the template language gives; where that is not certain, they leave it to it.

use crate::expression::Cell;
use crate::rows::RowValue;
use crate::scope::Scope;
use crate::words::Catalogue;
use minijinja::Value;
use ringback_model::report::Field;

/// An expression over one field of a row.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    row: String,
    field: String,
    step: Step,
}

/// What is done with the field.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// `row.field`
    Plain,
    /// `row.field|as_time`
    Time,
    /// `row.field|length`
    Length,
    /// `row.field|term("kind")`: the labels by word.
    Term(Vec<(String, String)>),
    /// `row.field|join("…")`
    Join(String),
    /// `row.field == "…"`
    Equals(String),
    /// `t("…") if row.field else none`: the text.
    Label(String),
}

impl Shape {
    /// The shape of an expression, if it has one.
    pub(crate) fn of(source: &str, words: &Catalogue) -> Option<Self> {
        if let Some(rest) = source.trim().strip_prefix("t(") {
            let (key, rest) = quoted(rest)?;
            let path = rest.strip_prefix(") if ")?.strip_suffix(" else none")?;
            let (row, field, "") = path_of(path)? else { return None };
            return Some(Shape { row, field, step: Step::Label(words.phrase(&key, &[])) });
        }
        let (row, field, rest) = path_of(source.trim())?;
        let step = match rest {
            "" => Step::Plain,
            "|as_time" => Step::Time,
            "|length" => Step::Length,
            _ => {
                let argument = |start: &str, end: &str| {
                    let (text, rest) = quoted(rest.strip_prefix(start)?)?;
                    (rest == end).then_some(text)
                };
                if let Some(kind) = argument("|term(", ")") {
                    Step::Term(words.labels(&kind))
                } else if let Some(separator) = argument("|join(", ")") {
                    Step::Join(separator)
                } else {
                    Step::Equals(argument(" == ", "")?)
                }
            }
        };
        Some(Shape { row, field, step })
    }

    /// The content of the cell; `None` where the template language has to say.
    pub(crate) fn cell(&self, scope: &Scope) -> Option<Cell> {
        let field = self.row(scope)?.field(&self.field)?;
        match &self.step {
            Step::Plain => plain(field),
            Step::Time => match field {
                Field::Time(instant) => Some(Cell::Time(instant)),
                Field::None => Some(Cell::Empty),
                _ => None,
            },
            Step::Length => length(&field),
            Step::Term(labels) => {
                let word = text(&field)?;
                let label = labels.iter().find(|(known, _)| known == word).map_or(word, |(_, label)| label);
                Some(Cell::text(label))
            }
            Step::Join(separator) => joined(field, separator),
            Step::Equals(wanted) => Some(Cell::Bool(text(&field).map(|text| text == wanted)?)),
            Step::Label(label) => Some(if is_true(&field)? { Cell::text(label) } else { Cell::Empty }),
        }
    }

    /// The texts of the catalogue that it can give.
    pub(crate) fn labels(&self) -> impl Iterator<Item = &str> {
        let (labels, label): (&[(String, String)], Option<&str>) = match &self.step {
            Step::Term(labels) => (labels, None),
            Step::Label(label) => (&[], Some(label)),
            _ => (&[], None),
        };
        labels.iter().map(|(_, label)| label.as_str()).chain(label)
    }

    /// The value of a bare field.
    pub(crate) fn value(&self, scope: &Scope) -> Option<Value> {
        if self.step == Step::Plain { self.row(scope)?.value(&self.field) } else { None }
    }

    fn row<'s>(&self, scope: &'s Scope) -> Option<&'s RowValue> {
        scope.own(&self.row)?.downcast_object_ref()
    }
}

/// `row.field` at the start of a text, and what follows it.
fn path_of(text: &str) -> Option<(String, String, &str)> {
    let (row, rest) = name(text)?;
    let (field, rest) = name(rest.strip_prefix('.')?)?;
    // A further step, a call or an index is something else.
    (!rest.starts_with(['.', '(', '['])).then(|| (row.to_owned(), field.to_owned(), rest))
}

fn name(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    name.starts_with(|c: char| c.is_ascii_lowercase()).then_some((name, rest))
}

/// A text in quotes at the start, and what follows it. Of the escapes only the line break is known.
fn quoted(text: &str) -> Option<(String, &str)> {
    let (inner, rest) = text.strip_prefix('"')?.split_once('"')?;
    let plain = inner.replace("\\n", "\n");
    (!plain.contains('\\')).then_some((plain, rest))
}

fn plain(field: Field<'_>) -> Option<Cell> {
    Some(match field {
        Field::None => Cell::Empty,
        Field::Flag(flag) => Cell::Bool(flag),
        Field::Count(count) => number(count),
        Field::Word(word) => Cell::text(word),
        Field::Text(text) => Cell::owned(text),
        Field::Time(instant) => Cell::Text(instant.to_string()),
        Field::Texts(_) | Field::Counts(_) => return joined(field, ", "),
        Field::Numbers(_) | Field::Rows(_) => return None,
    })
}

fn joined(field: Field<'_>, separator: &str) -> Option<Cell> {
    let mut joined = String::new();
    let mut add = |text: &str| {
        if !joined.is_empty() {
            joined.push_str(separator);
        }
        joined.push_str(text);
    };
    match field {
        Field::Texts(texts) => {
            // An empty text at the start would lose its separator.
            if texts.iter().any(str::is_empty) {
                return None;
            }
            texts.iter().for_each(add);
        }
        Field::Counts(counts) => counts.iter().for_each(|count| add(&count.to_string())),
        _ => return None,
    }
    Some(Cell::owned(joined.into()))
}

fn length(field: &Field<'_>) -> Option<Cell> {
    Some(number(match field {
        Field::Texts(texts) => texts.iter().count() as u64,
        Field::Counts(counts) => counts.len() as u64,
        Field::Rows(len) => *len as u64,
        _ => return None,
    }))
}

/// The text that a field is; nothing is the empty text.
fn text<'f>(field: &'f Field<'_>) -> Option<&'f str> {
    match field {
        Field::None => Some(""),
        Field::Word(word) => Some(word),
        Field::Text(text) => Some(text),
        _ => None,
    }
}

fn is_true(field: &Field<'_>) -> Option<bool> {
    match field {
        Field::Flag(flag) => Some(*flag),
        Field::Count(count) => Some(*count != 0),
        _ => text(field).map(|text| !text.is_empty()),
    }
}

#[expect(clippy::cast_precision_loss, reason = "cells hold numbers of double precision")]
fn number(count: u64) -> Cell {
    Cell::Number(count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_simple_shapes_have_one() {
        let words = crate::words("en").unwrap();
        for source in [
            "finding.id",
            "finding.first|as_time",
            "incident.findings|length",
            "finding.severity|term(\"severity\")",
            "finding.reasons|join(\"\\n\")",
            "finding.scenario == \"undetermined\"",
            "t(\"label.yes\") if finding.reached else none",
        ] {
            assert!(Shape::of(source, &words).is_some(), "{source}");
        }
        for source in [
            "finding",
            "finding.first.x",
            "finding.first[0]",
            "finding.first()",
            "finding.first|as_time|x",
            "finding.cve|join(\", \") ~ \"x\"",
            "finding.cve|join(\"\\\"\")",
            "finding.rows - finding.blocked",
            "finding.scenario == \"a\" or true",
            "t(\"label.yes\") if finding.reached else t(\"label.no\")",
            "t(\"label.yes\", n=1) if finding.reached else none",
            "1.5",
            "\"a.b\"",
        ] {
            assert!(Shape::of(source, &words).is_none(), "{source}");
        }
    }
}
