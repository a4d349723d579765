//! Holding two reports together, but for what splits of a file can not know.

use anyhow::{Context, bail};
use serde_json::Value;
use std::path::Path;

/// Compares two reports as JSON; where a file was read in splits its hash is left out, and that is said. Tells how many
/// files that were.
///
/// # Errors
/// They differ in anything else.
pub(crate) fn same(expected: &Path, found: &Path) -> anyhow::Result<usize> {
    let (mut expected, mut found) = (read(expected)?, read(found)?);
    let mut split = 0;
    let (ours, theirs) = (inputs(&mut expected)?, inputs(&mut found)?);
    for (mine, other) in ours.iter_mut().zip(theirs.iter_mut()) {
        let said = notes(other).iter().any(is_of_hash);
        if said {
            split += 1;
            notes(other).retain(|note| !is_of_hash(note));
            mine["sha256"] = Value::Null;
        }
    }
    if expected == found {
        return Ok(split);
    }
    bail!("the reports differ: {}", difference(&expected, &found, "").unwrap_or_default())
}

/// Where two values first differ, and what they say there.
fn difference(expected: &Value, found: &Value, place: &str) -> Option<String> {
    let inside = |key: &dyn std::fmt::Display, one: &Value, other: Option<&Value>| {
        difference(one, other.unwrap_or(&Value::Null), &format!("{place}/{key}"))
    };
    match (expected, found) {
        (one, other) if one == other => None,
        (Value::Object(one), Value::Object(other)) if one.len() >= other.len() => {
            one.iter().find_map(|(key, value)| inside(key, value, other.get(key)))
        }
        (Value::Array(one), Value::Array(other)) if one.len() >= other.len() => {
            one.iter().enumerate().find_map(|(at, value)| inside(&at, value, other.get(at)))
        }
        _ => Some(format!("{place}: {} and not {}", start(expected), start(found))),
    }
}

/// The beginning of a value, as text.
fn start(value: &Value) -> String {
    value.to_string().chars().take(300).collect()
}

fn read(path: &Path) -> anyhow::Result<Value> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).with_context(|| path.display().to_string())
}

fn inputs(report: &mut Value) -> anyhow::Result<&mut Vec<Value>> {
    report["inputs"].as_array_mut().context("a report has inputs")
}

fn notes(input: &mut Value) -> &mut Vec<Value> {
    if !input["notes"].is_array() {
        input["notes"] = Value::Array(Vec::new());
    }
    input["notes"].as_array_mut().expect("it was just made one")
}

fn is_of_hash(note: &Value) -> bool {
    note.to_string().contains("there is no SHA-256")
}
