//! The parts of a layout's file that are lists and tables: columns, conditions, words, values.

use super::mistakes::{Mistakes, Text, suggestion};
use super::table::{Table, entries, text, texts};
use crate::field::Field;
use crate::format::Format;
use crate::layout::{Implied, When};
use crate::layouts::shared_words_names;
use crate::values::{Tables, VALUE_FIELDS, fold, words_of};
use ringback_model::{Direction, Map};
use std::collections::BTreeMap;

/// The parts of `[implied]`.
const IMPLIED: &[&str] = &["threat", "direction", "message", "list", "result", "endpoint", "product"];

fn field(word: &Text, mistakes: &mut Mistakes<'_>) -> Option<Field> {
    let known: Vec<(&'static str, Field)> = Field::all().map(|field| (field.as_str(), field)).collect();
    mistakes.choice("field", word, &known)
}

/// The headings of each field. A heading stands for one field; a key of an event may tell of several.
pub(super) fn columns(
    file: &Table<'_, '_>,
    format: Format,
    mistakes: &mut Mistakes<'_>,
) -> BTreeMap<Field, Vec<String>> {
    let mut columns: BTreeMap<Field, Vec<String>> = BTreeMap::new();
    let mut owners: Map<String, Field> = Map::default();
    for (word, value) in file.entries("columns", mistakes) {
        let headings = texts(word.get_ref(), value, mistakes);
        let Some(field) = field(&word, mistakes) else { continue };
        for heading in &headings {
            check_heading(heading, field, format, &mut owners, mistakes);
        }
        columns.insert(field, headings.into_iter().map(Text::into_inner).collect());
    }
    let has = |field| columns.get(&field).is_some_and(|headings: &Vec<String>| !headings.is_empty());
    let (source, destination) = (has(Field::Source), has(Field::Destination));
    if has(Field::Remote) == (source && destination) {
        let what = "it needs either a remote column, or a source and a destination column";
        let hint = "remote is the other side of a log that knows which side is its own; source and destination are those of one \
            that does not";
        mistakes.at(file.span_of("columns"), what, hint);
    }
    columns
}

fn check_heading(
    heading: &Text,
    field: Field,
    format: Format,
    owners: &mut Map<String, Field>,
    mistakes: &mut Mistakes<'_>,
) {
    let text = heading.get_ref();
    let folded = fold(text);
    if folded.is_empty() {
        let hint = "write the heading as it stands in the export";
        mistakes.at(heading.span(), "a heading that says nothing", hint);
    } else if format == Format::Positions && text.parse::<usize>().ok().is_none_or(|place| place == 0) {
        let hint = "write \"1\" for the first cell of a line";
        mistakes.at(
            heading.span(),
            format!("{text:?} is no place of a cell, which is a number from 1"),
            hint,
        );
    }
    let other = owners.insert(folded, field).filter(|other| *other != field && !format.is_keyed());
    if let Some(other) = other {
        let what = format!("heading {text:?} stands for {} and {}", other.as_str(), field.as_str());
        mistakes.at(heading.span(), what, "leave it where it belongs; case and blanks make no difference");
    }
}

/// The groups of fields of which a source must have one each.
pub(super) fn required(
    file: &Table<'_, '_>,
    columns: &BTreeMap<Field, Vec<String>>,
    mistakes: &mut Mistakes<'_>,
) -> Vec<Vec<Field>> {
    let groups = file.groups("required", mistakes);
    let all = groups.iter().all(Vec::is_empty);
    if all {
        let hint = "add required = [[\"remote\"], [\"list\", \"rule\"]]: of each group a file must have one";
        mistakes.at(file.span_of("required"), "nothing is required, so that any file would fit", hint);
    }
    let mut required = Vec::new();
    for group in groups {
        let mut fields = Vec::new();
        for word in &group {
            let Some(field) = field(word, mistakes) else { continue };
            if columns.get(&field).is_none_or(Vec::is_empty) {
                let what = format!("{} is required and has no headings", field.as_str());
                let hint = format!("add {} = [\"…\"] under [columns], or take it out here", field.as_str());
                mistakes.at(word.span(), what, hint);
            }
            fields.push(field);
        }
        required.push(fields);
    }
    required
}

/// What records must say.
pub(super) fn when(file: &Table<'_, '_>, mistakes: &mut Mistakes<'_>) -> Vec<When> {
    let mut all = Vec::new();
    for entry in file.tables("when", &["key", "is", "between"], mistakes) {
        let key = entry.needed("key", "\"event_type\"", mistakes);
        let is: Vec<String> = entry.texts("is", mistakes).into_iter().map(Text::into_inner).collect();
        let between = entry.pair("between", mistakes);
        let key = key.map(Text::into_inner).unwrap_or_default();
        if is.is_empty() && between.is_none() {
            let hint = "add is = [\"alert\"], in which a star at the start or end stands for anything, or between = [10, 99]";
            mistakes.at(entry.span(), format!("when {key:?}: it says neither `is` nor `between`"), hint);
        }
        all.push(When { key, is, between });
    }
    all
}

/// Keys whose being there tells the direction.
pub(super) fn present(file: &Table<'_, '_>, mistakes: &mut Mistakes<'_>) -> Vec<(String, Direction)> {
    let mut present = Vec::new();
    for (key, value) in file.entries("present", mistakes) {
        let direction = text(key.get_ref(), value, mistakes).and_then(|word| mistakes.word(&word));
        present.extend(direction.map(|direction| (key.into_inner(), direction)));
    }
    present.sort();
    present
}

/// The names of the shared tables of words.
pub(super) fn words(file: &Table<'_, '_>, mistakes: &mut Mistakes<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for name in file.texts("words", mistakes) {
        let known = shared_words_names();
        if !known.contains(&name.get_ref().as_str()) {
            let what = format!("words: there is no table {:?}", name.get_ref());
            mistakes.at(name.span(), what, suggestion(name.get_ref(), &known));
        }
        names.push(name.into_inner());
    }
    names
}

/// The spellings of values.
pub(super) fn values(file: &Table<'_, '_>, mistakes: &mut Mistakes<'_>) -> Tables {
    let mut tables = Tables::new();
    for (field, value) in file.entries("values", mistakes) {
        let Some(known) = words_of(field.get_ref()) else {
            let what = format!("values.{}: no field has values of this name", field.get_ref());
            mistakes.at(field.span(), what, suggestion(field.get_ref(), VALUE_FIELDS));
            continue;
        };
        let mut owners: BTreeMap<String, String> = BTreeMap::new();
        let table = tables.entry(field.get_ref().clone()).or_default();
        for (word, spelled) in entries(field.get_ref(), value, mistakes) {
            if !known.contains(&word.get_ref().as_str()) {
                let what = format!("values.{}: unknown word {:?}", field.get_ref(), word.get_ref());
                mistakes.at(word.span(), what, suggestion(word.get_ref(), &known));
            }
            let spellings = texts(word.get_ref(), spelled, mistakes);
            for spelling in &spellings {
                let other = owners.insert(fold(spelling.get_ref()), word.get_ref().clone());
                if let Some(other) = other.filter(|other| other != word.get_ref()) {
                    let spelling_text = spelling.get_ref();
                    let what = format!("values.{}: {spelling_text:?} stands for two values", field.get_ref());
                    mistakes.at(spelling.span(), what, format!("it is {other} above"));
                }
            }
            table.insert(word.into_inner(), spellings.into_iter().map(Text::into_inner).collect());
        }
    }
    tables
}

/// What every row says without a column for it.
pub(super) fn implied(file: &Table<'_, '_>, mistakes: &mut Mistakes<'_>) -> Implied {
    let Some(part) = file.table("implied", IMPLIED, mistakes) else { return Implied::default() };
    let free = |key: &str, mistakes: &mut Mistakes<'_>| {
        part.text(key, mistakes).map(Text::into_inner).unwrap_or_default()
    };
    Implied {
        threat: part.text("threat", mistakes).and_then(|word| mistakes.word(&word)),
        direction: part.text("direction", mistakes).and_then(|word| mistakes.word(&word)),
        message: part.text("message", mistakes).and_then(|word| mistakes.word(&word)),
        list: part.text("list", mistakes).and_then(|word| mistakes.word(&word)),
        result: part.text("result", mistakes).and_then(|word| mistakes.word(&word)),
        endpoint: free("endpoint", mistakes),
        product: free("product", mistakes),
    }
}
