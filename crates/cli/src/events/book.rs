//! Events as a workbook.

use super::view;
use crate::args::EventFormat;
use crate::terminal;
use ringback_model::Instant;
use ringback_pipeline::Investigation;
use ringback_report::Writing;
use ringback_report_xlsx::{EventBook, EventCell};
use ringback_template::Catalogue;
use serde_json::Value;
use std::io::{self, Write};
use std::sync::Arc;

/// Writes the events as a workbook; temporary files may be beside it.
///
/// # Errors
/// An input that can not be read again, or a writer that fails.
pub(super) fn write(found: &Investigation, words: &Arc<Catalogue>, out: &mut Writing) -> anyhow::Result<()> {
    let accent = &found.case.heading.accent;
    let book = EventBook::new(view::columns(), words.clone(), accent, out.folder())?;
    let mut rows = Rows { book, begun: Vec::new() };
    super::write(EventFormat::Xlsx, found, words.as_ref(), &mut rows)?;
    Ok(rows.book.finish(out)?)
}

/// Takes events as lines of JSON and makes rows of them.
struct Rows {
    book: EventBook,
    /// The line that is not at its end yet.
    begun: Vec<u8>,
}

impl Rows {
    fn row(&mut self, line: &[u8]) -> io::Result<()> {
        let event: Value = serde_json::from_slice(line)?;
        let texts: Vec<String> = view::columns().map(|column| text(&event[column])).collect();
        let cells = view::columns().zip(&texts).map(|(column, text)| cell(column, &event[column], text));
        self.book.row(cells)
    }
}

impl Write for Rows {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut rest = bytes;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let mut line = std::mem::take(&mut self.begun);
            line.extend_from_slice(&rest[..end]);
            self.row(&line)?;
            rest = &rest[end + 1..];
        }
        self.begun.extend_from_slice(rest);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is text in a value, as people may see it: the texts of a list in one.
fn text(value: &Value) -> String {
    let one = |value: &Value| value.as_str().map(terminal::safe_lines);
    match value {
        Value::Array(items) => items.iter().filter_map(one).collect::<Vec<_>>().join("; "),
        value => one(value).unwrap_or_default(),
    }
}

fn cell<'v>(column: &str, value: &Value, text: &'v str) -> EventCell<'v> {
    match value {
        Value::Bool(value) => EventCell::Bool(*value),
        Value::Number(number) => number.as_f64().map_or(EventCell::Empty, EventCell::Number),
        Value::Null | Value::String(_) | Value::Array(_) | Value::Object(_) => match column {
            _ if text.is_empty() => EventCell::Empty,
            "time" | "received" => instant(text).map_or(EventCell::Text(text), EventCell::Time),
            _ => EventCell::Text(text),
        },
    }
}

/// The instant that a text names, as events write it.
fn instant(text: &str) -> Option<Instant> {
    let timestamp: jiff::Timestamp = text.parse().ok()?;
    Some(Instant::from_micros(timestamp.as_microsecond()))
}
