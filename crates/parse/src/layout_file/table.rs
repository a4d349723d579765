//! One table of a layout's file: its keys are checked against those that are known, its values against their kind.

use super::mistakes::{Mistakes, Text, suggestion};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

type Value<'i> = Spanned<DeValue<'i>>;

/// A table with what may stand in it.
pub(crate) struct Table<'s, 'i> {
    entries: &'s DeTable<'i>,
    span: Range<usize>,
    name: &'static str,
}

impl<'s, 'i> Table<'s, 'i> {
    /// A table whose keys should be among the known ones; those that are not are told.
    pub(crate) fn new(
        table: &'s DeTable<'i>,
        span: Range<usize>,
        name: &'static str,
        known: &[&str],
        mistakes: &mut Mistakes<'_>,
    ) -> Self {
        for key in table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let place = if name.is_empty() { String::new() } else { format!(" in {name}") };
            let what = format!("unknown key {:?}{place}", key.get_ref());
            mistakes.at(key.span(), what, suggestion(key.get_ref(), known));
        }
        Table { entries: table, span, name }
    }

    /// The bytes of the table's heading.
    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The bytes of a key's value, or else of the table.
    pub(crate) fn span_of(&self, key: &str) -> Range<usize> {
        self.entries.get(key).map_or(self.span(), Spanned::span)
    }

    /// Whether a key is given.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// A text.
    pub(crate) fn text(&self, key: &str, mistakes: &mut Mistakes<'_>) -> Option<Text> {
        text(key, self.entries.get(key)?, mistakes)
    }

    /// A text that has to be given and to say something.
    pub(crate) fn needed(&self, key: &str, example: &str, mistakes: &mut Mistakes<'_>) -> Option<Text> {
        let hint = format!("add {key} = {example}");
        if !self.has(key) {
            let whose = if self.name.is_empty() { "a layout" } else { self.name };
            mistakes.at(self.span(), format!("{whose} needs {key}"), hint);
            return None;
        }
        let text = self.text(key, mistakes)?;
        if text.get_ref().trim().is_empty() {
            mistakes.at(text.span(), format!("{key} says nothing"), hint);
        }
        Some(text)
    }

    /// True or false; `None` where it is not given.
    pub(crate) fn flag(&self, key: &str, mistakes: &mut Mistakes<'_>) -> Option<bool> {
        let value = self.entries.get(key)?;
        if let DeValue::Boolean(flag) = value.get_ref() {
            return Some(*flag);
        }
        mistakes.at(value.span(), format!("{key} is neither true nor false"), "write it without quotes");
        None
    }

    /// A list of texts.
    pub(crate) fn texts(&self, key: &str, mistakes: &mut Mistakes<'_>) -> Vec<Text> {
        self.entries.get(key).map(|value| texts(key, value, mistakes)).unwrap_or_default()
    }

    /// A list of lists of texts.
    pub(crate) fn groups(&self, key: &str, mistakes: &mut Mistakes<'_>) -> Vec<Vec<Text>> {
        let Some(value) = self.entries.get(key) else { return Vec::new() };
        let Some(values) = value.get_ref().as_array() else {
            let hint = format!("write {key} = [[\"remote\"], [\"list\", \"rule\"]]");
            mistakes.at(value.span(), format!("{key} is no list of lists"), hint);
            return Vec::new();
        };
        values.iter().map(|value| texts(key, value, mistakes)).collect()
    }

    /// Two numbers.
    pub(crate) fn pair(&self, key: &str, mistakes: &mut Mistakes<'_>) -> Option<(u64, u64)> {
        let value = self.entries.get(key)?;
        let number =
            |value: &Value<'_>| -> Option<u64> { value.get_ref().as_integer()?.as_str().parse().ok() };
        let pair = value.get_ref().as_array().and_then(|values| match values.iter().as_slice() {
            [least, most] => Some((number(least)?, number(most)?)),
            _ => None,
        });
        if pair.is_none_or(|(least, most)| least > most) {
            let hint = format!("write {key} = [10, 99], the least and the greatest");
            mistakes.at(value.span(), format!("{key} is no pair of numbers"), hint);
        }
        pair
    }

    /// A table inside.
    pub(crate) fn table(
        &self,
        key: &'static str,
        known: &[&str],
        mistakes: &mut Mistakes<'_>,
    ) -> Option<Table<'s, 'i>> {
        let value = self.entries.get(key)?;
        let table = table(key, value, mistakes)?;
        Some(Table::new(table, value.span(), key, known, mistakes))
    }

    /// A list of tables inside.
    pub(crate) fn tables(
        &self,
        key: &'static str,
        known: &[&str],
        mistakes: &mut Mistakes<'_>,
    ) -> Vec<Table<'s, 'i>> {
        let Some(value) = self.entries.get(key) else { return Vec::new() };
        let Some(entries) = value.get_ref().as_array() else {
            mistakes.at(value.span(), format!("{key} is a list of tables"), format!("write [[{key}]]"));
            return Vec::new();
        };
        let inside =
            |entry| Some(Table::new(table(key, entry, mistakes)?, entry.span(), key, known, mistakes));
        entries.iter().filter_map(inside).collect()
    }

    /// A table whose keys are checked by who reads them: each with its value, in the order of the file.
    pub(crate) fn entries(&self, key: &str, mistakes: &mut Mistakes<'_>) -> Vec<(Text, &'s Value<'i>)> {
        self.entries.get(key).map(|value| entries(key, value, mistakes)).unwrap_or_default()
    }
}

/// The keys and values of a table, in the order of the file.
pub(crate) fn entries<'s, 'i>(
    key: &str,
    value: &'s Value<'i>,
    mistakes: &mut Mistakes<'_>,
) -> Vec<(Text, &'s Value<'i>)> {
    let Some(table) = table(key, value, mistakes) else { return Vec::new() };
    let keyed = table.iter().map(|(key, value)| (Spanned::new(key.span(), key.get_ref().to_string()), value));
    let mut entries: Vec<(Text, &Value<'i>)> = keyed.collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

fn table<'s, 'i>(key: &str, value: &'s Value<'i>, mistakes: &mut Mistakes<'_>) -> Option<&'s DeTable<'i>> {
    let table = value.get_ref().as_table();
    if table.is_none() {
        mistakes.at(value.span(), format!("{key} is no table"), format!("write [{key}]"));
    }
    table
}

/// A value as a list of texts; a single text is told, as a list is meant.
pub(crate) fn texts(key: &str, value: &Value<'_>, mistakes: &mut Mistakes<'_>) -> Vec<Text> {
    let Some(values) = value.get_ref().as_array() else {
        let hint = format!("write {key} = [\"…\"]");
        mistakes.at(value.span(), format!("the value of {key} is no list"), hint);
        return Vec::new();
    };
    values.iter().filter_map(|value| text(key, value, mistakes)).collect()
}

/// A value as text.
pub(crate) fn text(key: &str, value: &Value<'_>, mistakes: &mut Mistakes<'_>) -> Option<Text> {
    let Some(text) = value.get_ref().as_str() else {
        let hint = format!("write {key} = \"…\", with quotes");
        mistakes.at(value.span(), format!("the value of {key} is no text"), hint);
        return None;
    };
    Some(Spanned::new(value.span(), text.to_owned()))
}
