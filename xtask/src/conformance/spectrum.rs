//! csv-spectrum: each file comes with the rows that it holds, as JSON.

use super::delimited;
use super::outcome::{Kind, Outcome};
use anyhow::Context;
use ringback_parse::{decoded, raw_records};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use walkdir::WalkDir;

/// A cell of which the suite says something else than its file holds: the file and the column.
const MISTAKEN: &[(&str, &str)] = &[("location_coordinates", "Contact Phone Number")];

/// A row by its headings.
type Row = BTreeMap<String, String>;

/// Checks every file against the reference and against what the suite says.
///
/// # Errors
/// A file that can not be read.
pub(super) fn check(folder: &Path) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::default();
    for entry in WalkDir::new(folder.join("csvs")).min_depth(1).sort_by_file_name() {
        let path = entry?.into_path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
        let (name, bytes) = (format!("csvs/{stem}.csv"), checked_out(&stem, bytes));
        delimited::check_file(&name, &bytes, &mut outcome)?;
        let json = folder.join("json").join(format!("{stem}.json"));
        let json = std::fs::read(&json).with_context(|| json.display().to_string())?;
        let expected = expected(&json).with_context(|| format!("json/{stem}.json"))?;
        compare(&stem, &name, &rows(&bytes)?, &expected, &mut outcome);
    }
    Ok(outcome)
}

/// The file with the line ends that the suite's `.gitattributes` asks for; not every copy of the suite has them.
fn checked_out(stem: &str, bytes: Vec<u8>) -> Vec<u8> {
    if !stem.ends_with("_crlf") || bytes.contains(&b'\r') {
        return bytes;
    }
    let mut text = Vec::with_capacity(bytes.len());
    for byte in bytes {
        if byte == b'\n' {
            text.push(b'\r');
        }
        text.push(byte);
    }
    text
}

/// The rows of a file as we read them, by its first record.
fn rows(bytes: &[u8]) -> anyhow::Result<Vec<Row>> {
    let mut records: Vec<Vec<String>> = Vec::new();
    raw_records(&decoded(bytes)?[..], b',', &mut |record| {
        records.push(record.cells().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect());
    })?;
    let mut records = records.into_iter();
    let headings = records.next().unwrap_or_default();
    Ok(records.map(|cells| headings.iter().cloned().zip(cells).collect()).collect())
}

/// The rows as the suite gives them: a list, or one alone.
fn expected(json: &[u8]) -> anyhow::Result<Vec<Row>> {
    let value: Value = serde_json::from_slice(json)?;
    Ok(match value {
        Value::Array(_) => serde_json::from_value(value)?,
        one => vec![serde_json::from_value(one)?],
    })
}

fn compare(stem: &str, name: &str, ours: &[Row], expected: &[Row], outcome: &mut Outcome) {
    if ours.len() != expected.len() {
        let what = format!("{} rows, where the suite says {}", ours.len(), expected.len());
        outcome.differ(Kind::Wrong, name, 0, what);
    }
    for (number, (ours, expected)) in ours.iter().zip(expected).enumerate() {
        if ours == expected {
            outcome.expected += 1;
        } else if without_mistakes(stem, ours) == without_mistakes(stem, expected) {
            let what = format!("row {}: the suite says something else than its file holds", number + 1);
            outcome.differ(Kind::Documented, name, 0, what);
        } else {
            let what = format!("row {} is {ours:?}, the suite says {expected:?}", number + 1);
            outcome.differ(Kind::Wrong, name, 0, what);
        }
    }
}

/// A row without the cells of which the suite is mistaken.
fn without_mistakes(stem: &str, row: &Row) -> Row {
    let mistaken = |column: &String| MISTAKEN.contains(&(stem, column.as_str()));
    row.iter().filter(|(column, _)| !mistaken(column)).map(|(c, cell)| (c.clone(), cell.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_those_that_the_suite_asks_for() {
        for (stem, stored, expected) in [
            ("simple", "a\nb\n", "a\nb\n"),
            ("simple_crlf", "a\nb\n", "a\r\nb\r\n"),
            ("simple_crlf", "a\r\nb\r\n", "a\r\nb\r\n"),
        ] {
            assert_eq!(checked_out(stem, stored.as_bytes().to_vec()), expected.as_bytes(), "{stem}");
        }
    }

    #[test]
    fn only_the_mistaken_cell_may_differ() {
        let row = |phone: &str, city: &str| {
            Row::from([("Contact Phone Number".into(), phone.into()), ("Cities".into(), city.into())])
        };
        for (stem, expected, documented, wrong) in [
            ("location_coordinates", row("1", "Modesto"), 0, 0),
            ("location_coordinates", row("2", "Modesto"), 1, 0),
            ("location_coordinates", row("2", "Turlock"), 0, 1),
            ("simple", row("2", "Modesto"), 0, 1),
        ] {
            let mut outcome = Outcome::default();
            compare(stem, stem, &[row("1", "Modesto")], &[expected], &mut outcome);
            assert_eq!((outcome.count(Kind::Documented), outcome.count(Kind::Wrong)), (documented, wrong));
        }
    }
}
