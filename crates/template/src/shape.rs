//! Expressions of a few simple shapes, worked out without the template language: nearly every cell of a large workbook is
//! one of them. What they give is what the template language gives; where that is not certain, they leave it to it.

mod read;

use crate::expression::Cell;
use crate::rows::RowValue;
use crate::scope::Scope;
use minijinja::Value;
use ringback_model::report::Field;
use std::borrow::Cow;

/// An expression over fields of a row.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A field, and what is done with it.
    Of(Path, Step),
    /// `t("…")` or `"…"`: the text.
    Text(String),
    /// `none`
    Nothing,
    /// `… if row.field else …`
    If(Path, Box<Shape>, Box<Shape>),
    /// `… ~ (…)`: a text behind the other.
    Joined(Box<Shape>, Box<Shape>),
}

/// Where a field is: `row.field`, or `row.field.within`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Path {
    row: String,
    field: String,
    within: Option<String>,
}

/// What is done with a field.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
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
    /// `row.field / 100`
    Share(u32),
}

impl Shape {
    /// The content of the cell; `None` where the template language has to say.
    pub(crate) fn cell(&self, scope: &Scope) -> Option<Cell> {
        match self {
            Shape::Of(path, step) => step.cell(path.field(scope)?),
            Shape::Text(text) => Some(Cell::text(text)),
            Shape::Nothing => Some(Cell::Empty),
            Shape::If(path, yes, no) => if is_true(&path.field(scope)?)? { yes } else { no }.cell(scope),
            Shape::Joined(..) => self.text(scope).map(Cell::owned),
        }
    }

    /// The text that it is, as the template language would join it with others.
    fn text(&self, scope: &Scope) -> Option<Cow<'_, str>> {
        match self {
            Shape::Of(path, Step::Join(separator)) => joined(&path.field(scope)?, separator).map(Cow::Owned),
            Shape::Text(text) => Some(text.into()),
            Shape::If(path, yes, no) => if is_true(&path.field(scope)?)? { yes } else { no }.text(scope),
            Shape::Joined(first, second) => Some(first.text(scope)? + second.text(scope)?),
            Shape::Of(..) | Shape::Nothing => None,
        }
    }

    /// The texts of the catalogue that it can give.
    pub(crate) fn labels(&self) -> Vec<&str> {
        match self {
            Shape::Of(_, Step::Term(labels)) => labels.iter().map(|(_, label)| label.as_str()).collect(),
            Shape::Text(text) => vec![text],
            Shape::If(_, yes, no) => [yes.labels(), no.labels()].concat(),
            Shape::Of(..) | Shape::Nothing | Shape::Joined(..) => Vec::new(),
        }
    }

    /// The value of a bare field.
    pub(crate) fn value(&self, scope: &Scope) -> Option<Value> {
        match self {
            Shape::Of(Path { row, field, within: None }, Step::Plain) => row_of(scope, row)?.value(field),
            _ => None,
        }
    }
}

impl Path {
    fn field<'s>(&self, scope: &'s Scope) -> Option<Field<'s>> {
        let row = row_of(scope, &self.row)?;
        match &self.within {
            Some(within) => row.field_within(&self.field, within),
            None => row.field(&self.field),
        }
    }
}

impl Step {
    fn cell(&self, field: Field<'_>) -> Option<Cell> {
        match self {
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
            Step::Join(separator) => joined(&field, separator).map(|text| Cell::owned(text.into())),
            Step::Equals(wanted) => Some(Cell::Bool(text(&field).map(|text| text == wanted)?)),
            Step::Share(whole) => match field {
                Field::Count(count) => Some(Cell::Number(number(count) / f64::from(*whole))),
                _ => None,
            },
        }
    }
}

fn row_of<'s>(scope: &'s Scope, name: &str) -> Option<&'s RowValue> {
    scope.own(name)?.downcast_object_ref()
}

fn plain(field: Field<'_>) -> Option<Cell> {
    Some(match field {
        Field::None => Cell::Empty,
        Field::Flag(flag) => Cell::Bool(flag),
        Field::Count(count) => Cell::Number(number(count)),
        Field::Word(word) => Cell::text(word),
        Field::Text(text) => Cell::owned(text),
        Field::Time(instant) => Cell::Text(instant.to_string()),
        Field::Texts(_) | Field::Counts(_) => Cell::owned(joined(&field, ", ")?.into()),
        Field::Numbers(_) | Field::Rows(_) => return None,
    })
}

fn joined(field: &Field<'_>, separator: &str) -> Option<String> {
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
    Some(joined)
}

fn length(field: &Field<'_>) -> Option<Cell> {
    let length = match field {
        Field::Texts(texts) => texts.iter().count() as u64,
        Field::Counts(counts) => counts.len() as u64,
        Field::Rows(len) => *len as u64,
        _ => return None,
    };
    Some(Cell::Number(number(length)))
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
fn number(count: u64) -> f64 {
    count as f64
}
