//! The spellings of values, and how spellings are compared.

use ringback_model::{Direction, ListSource, Map, RequestKind, ResultKind, Risk, Threat};
use std::collections::BTreeMap;
use std::str::FromStr;

/// The tables of a layout as its file has them: field, word, spellings.
pub(crate) type Tables = BTreeMap<String, BTreeMap<String, Vec<String>>>;

/// The fields whose values have words, by the names of their tables.
pub(crate) const VALUE_FIELDS: &[&str] =
    &["direction", "message", "result", "list", "callback-list", "risk", "category"];

/// The words that the values of a field may be; `None` where the field has none.
pub(crate) fn words_of(field: &str) -> Option<Vec<&'static str>> {
    fn all<T: Copy + Into<&'static str>>(values: &[T]) -> Vec<&'static str> {
        values.iter().map(|value| (*value).into()).collect()
    }
    Some(match field {
        "direction" => all(Direction::ALL),
        "message" => all(RequestKind::ALL),
        "result" => all(ResultKind::ALL),
        "list" | "callback-list" => all(ListSource::ALL),
        "risk" => all(Risk::ALL),
        "category" => all(Threat::ALL),
        _ => return None,
    })
}

/// The spellings of values, folded.
#[derive(Debug, Default)]
pub(crate) struct Values {
    pub(crate) direction: Map<String, Direction>,
    pub(crate) message: Map<String, RequestKind>,
    pub(crate) result: Map<String, ResultKind>,
    pub(crate) list: Map<String, ListSource>,
    pub(crate) callback_list: Map<String, ListSource>,
    pub(crate) risk: Map<String, Risk>,
    pub(crate) category: Map<String, Threat>,
}

impl Values {
    /// Adds tables. What is known already stays: a layout's own spellings come before those that it shares.
    ///
    /// # Errors
    /// A spelling with two meanings in these tables, a word that is in no vocabulary, a field without values.
    pub(crate) fn add(&mut self, tables: &Tables) -> Result<(), String> {
        for (field, table) in tables {
            match field.as_str() {
                "direction" => add(field, &mut self.direction, table)?,
                "message" => add(field, &mut self.message, table)?,
                "result" => add(field, &mut self.result, table)?,
                "list" => add(field, &mut self.list, table)?,
                "callback-list" => add(field, &mut self.callback_list, table)?,
                "risk" => add(field, &mut self.risk, table)?,
                "category" => add(field, &mut self.category, table)?,
                other => return Err(format!("values.{other}: no field has values of this name")),
            }
        }
        Ok(())
    }
}

fn add<T>(
    field: &str,
    known: &mut Map<String, T>,
    table: &BTreeMap<String, Vec<String>>,
) -> Result<(), String>
where
    T: Copy + FromStr + PartialEq,
    T::Err: std::fmt::Display,
{
    let mut map: Map<String, T> = Map::default();
    for (word, spelled) in table {
        let value: T = word.parse().map_err(|error| format!("values.{field}: {error}"))?;
        for spelling in spelled {
            let folded = fold(spelling);
            if map.insert(folded.clone(), value).is_some_and(|other| other != value) {
                return Err(format!("values.{field}: {spelling:?} stands for two values"));
            }
            known.entry(folded).or_insert(value);
        }
    }
    Ok(())
}

/// A heading or value as it is compared: without case, full-width forms, outer and repeated blanks.
pub(crate) fn fold(text: &str) -> String {
    let plain = text.trim_matches(' ');
    if plain.is_ascii() && !plain.bytes().any(|byte| byte < b' ') && !plain.contains("  ") {
        return plain.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for char in text.chars() {
        let char = match char {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(char) - 0xfee0).unwrap_or(char),
            '\u{feff}' => continue,
            other => other,
        };
        if char.is_whitespace() {
            if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
        } else {
            folded.extend(char.to_lowercase());
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_compared_without_their_dress() {
        for (heading, folded) in [
            ("  Date/Time ", "date/time"),
            ("Ｄate　／Time", "date /time"),
            ("\u{feff}User\u{a0} name", "user name"),
            (" Global   C&C IP  List", "global c&c ip list"),
            ("A\t B\n", "a b"),
            ("", ""),
            ("  ", ""),
        ] {
            assert_eq!(fold(heading), folded);
        }
    }
}
