//! One table of the profile: its keys are checked against those that are known, its values against their kind.

use crate::error::suggestion;
use crate::problems::{Problems, Text};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

type Value<'i> = Spanned<DeValue<'i>>;

/// An element of a list that may hold both.
pub(crate) enum TextOrSection<'s, 'i> {
    /// A text.
    Text(Text),
    /// A table.
    Section(Section<'s, 'i>),
}

/// A table with what may stand in it.
pub(crate) struct Section<'s, 'i> {
    table: &'s DeTable<'i>,
    span: Range<usize>,
    name: &'static str,
    known: &'static [&'static str],
}

impl<'s, 'i> Section<'s, 'i> {
    /// A table whose keys should be among the known ones; those that are not are told.
    pub(crate) fn new(
        table: &'s DeTable<'i>,
        span: Range<usize>,
        name: &'static str,
        known: &'static [&'static str],
        problems: &mut Problems<'_>,
    ) -> Self {
        for key in table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let place = if name.is_empty() { String::new() } else { format!(" in {name}") };
            let what = format!("unknown key {:?}{place}", key.get_ref());
            problems.at(key.span(), what, suggestion(key.get_ref(), known));
        }
        Section { table, span, name, known }
    }

    /// The bytes of the table's heading.
    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    fn value(&self, key: &'static str) -> Option<&'s Value<'i>> {
        debug_assert!(self.known.contains(&key), "{key} is read in {}, so it is known there", self.name);
        self.table.get(key)
    }

    /// Whether a key is given.
    pub(crate) fn has(&self, key: &'static str) -> bool {
        self.value(key).is_some()
    }

    /// A text. Numbers and dates that TOML knows by themselves are taken as they are written.
    pub(crate) fn text(&self, key: &'static str, problems: &mut Problems<'_>) -> Option<Text> {
        text(key, self.value(key)?, problems)
    }

    /// A text of which nothing but its being one is asked; empty where it is not given.
    pub(crate) fn free(&self, key: &'static str, problems: &mut Problems<'_>) -> String {
        self.text(key, problems).map(Spanned::into_inner).unwrap_or_default()
    }

    /// A text that has to be given.
    pub(crate) fn needed(
        &self,
        key: &'static str,
        example: &str,
        problems: &mut Problems<'_>,
    ) -> Option<Text> {
        if !self.has(key) {
            let what = format!("{} needs {key}", self.name);
            problems.at(self.span(), what, format!("add {key} = {example}"));
        }
        self.text(key, problems)
    }

    /// True or false; false where it is not given.
    pub(crate) fn flag(&self, key: &'static str, problems: &mut Problems<'_>) -> bool {
        match self.value(key).map(|value| (value.get_ref(), value)) {
            None => false,
            Some((DeValue::Boolean(flag), _)) => *flag,
            Some((_, value)) => {
                problems.at(
                    value.span(),
                    format!("{key} is neither true nor false"),
                    "write it without quotes",
                );
                false
            }
        }
    }

    /// A list of texts; a single text is a list of one.
    pub(crate) fn texts(&self, key: &'static str, problems: &mut Problems<'_>) -> Vec<Text> {
        let Some(value) = self.value(key) else { return Vec::new() };
        match value.get_ref() {
            DeValue::Array(values) => values.iter().filter_map(|value| text(key, value, problems)).collect(),
            _ => text(key, value, problems).into_iter().collect(),
        }
    }

    /// A list whose elements are texts or tables; a single one is a list of one.
    pub(crate) fn texts_or_sections(
        &self,
        key: &'static str,
        known: &'static [&'static str],
        problems: &mut Problems<'_>,
    ) -> Vec<TextOrSection<'s, 'i>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let values = value.get_ref().as_array().map_or(std::slice::from_ref(value), |array| &array[..]);
        let mut found = Vec::new();
        for value in values {
            if let Some(table) = value.get_ref().as_table() {
                let section = Section::new(table, value.span(), key, known, problems);
                found.push(TextOrSection::Section(section));
            } else {
                found.extend(text(key, value, problems).map(TextOrSection::Text));
            }
        }
        found
    }

    /// A table inside.
    pub(crate) fn section(
        &self,
        key: &'static str,
        known: &'static [&'static str],
        problems: &mut Problems<'_>,
    ) -> Option<Section<'s, 'i>> {
        let value = self.value(key)?;
        let Some(table) = value.get_ref().as_table() else {
            problems.at(value.span(), format!("{key} is no table"), format!("write [{key}]"));
            return None;
        };
        Some(Section::new(table, value.span(), key, known, problems))
    }

    /// A list of tables inside.
    pub(crate) fn sections(
        &self,
        key: &'static str,
        name: &'static str,
        known: &'static [&'static str],
        problems: &mut Problems<'_>,
    ) -> Vec<Section<'s, 'i>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let no_list = |span| (span, format!("{name} is a list of tables"), format!("write [[{name}]]"));
        let Some(entries) = value.get_ref().as_array() else {
            let (span, what, hint) = no_list(value.span());
            problems.at(span, what, hint);
            return Vec::new();
        };
        let mut sections = Vec::new();
        for entry in entries {
            if let Some(table) = entry.get_ref().as_table() {
                sections.push(Section::new(table, entry.span(), name, known, problems));
            } else {
                let (span, what, hint) = no_list(entry.span());
                problems.at(span, what, hint);
            }
        }
        sections
    }

    /// A table whose keys are not from a list: all of them with their values as texts, in the order of the file.
    pub(crate) fn entries(&self, key: &'static str, problems: &mut Problems<'_>) -> Vec<(Text, Text)> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let Some(table) = value.get_ref().as_table() else {
            problems.at(value.span(), format!("{key} is no table"), format!("write [{key}]"));
            return Vec::new();
        };
        let mut entries: Vec<(Text, Text)> = Vec::new();
        for (key, value) in table {
            let key = Spanned::new(key.span(), key.get_ref().to_string());
            entries.extend(text(key.get_ref(), value, problems).map(|value| (key.clone(), value)));
        }
        entries.sort_by_key(|(key, _)| key.span().start);
        entries
    }
}

/// A value as text.
fn text(key: &str, value: &Value<'_>, problems: &mut Problems<'_>) -> Option<Text> {
    let text = match value.get_ref() {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Datetime(time) => time.to_string(),
        DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Array(_) | DeValue::Table(_) => {
            let hint = format!("write {key} = \"…\"");
            problems.at(value.span(), format!("the value of {key} is no text"), hint);
            return None;
        }
    };
    Some(Spanned::new(value.span(), text))
}
