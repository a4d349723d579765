//! The sample as columns of text, whatever its format.

use super::DraftError;
use crate::bound::says_nothing;
use crate::chunks::{Chunks, Unit};
use crate::encoding::TextEncoding;
use crate::events::{self, OnPair};
use crate::format::Format;
use crate::plan::TextEncodingName;
use crate::records::Records;
use crate::values::fold;
use crate::written::written;
use crate::{address, heading};
use ringback_model::Map;

/// How many records are looked at.
const RECORDS: usize = 500;

/// Among how many records the headings are looked for.
const HEADING_WITHIN: usize = 64;

/// How many columns are looked at, and how much of each heading and cell.
const COLUMNS: usize = 1024;
const LONGEST: usize = 256;

/// How many `Name: value` lines make a text a notification.
const MAIL_LINES: usize = 3;

/// The columns of a sample.
#[derive(Debug, Default)]
pub(super) struct Sample {
    pub(super) format: Format,
    /// The headings or keys, in their order.
    pub(super) headings: Vec<String>,
    /// The cells of each record, by column; what a record does not have is empty.
    pub(super) records: Vec<Vec<String>>,
}

impl Sample {
    /// Reads the first bytes of a sample.
    ///
    /// # Errors
    /// Nothing in it, or nothing that looks like columns.
    pub(super) fn read(
        head: &[u8],
        complete: bool,
        encoding: Option<TextEncodingName>,
    ) -> Result<Self, DraftError> {
        let candidates = TextEncoding::candidates(head, complete, encoding.map(|name| name.0));
        let encoding = candidates.first().ok_or(DraftError::Empty)?;
        let text = encoding.decode(head);
        if text.trim_ascii().is_empty() {
            return Err(DraftError::Empty);
        }
        let text = if complete { &text[..] } else { whole_lines(&text) };
        let sample = match Format::of(text) {
            Format::Delimited => delimited(text).or_else(|| keyed(text, Format::behind_preamble(text))),
            format => keyed(text, format),
        };
        sample.ok_or(DraftError::NoColumns)
    }

    /// The cells of a column that say something.
    pub(super) fn cells(&self, column: usize) -> impl Iterator<Item = &str> {
        let cells = self.records.iter().filter_map(move |record| record.get(column));
        cells.map(|cell| cell.trim()).filter(|cell| !says_nothing(cell.as_bytes()))
    }

    /// The first cell of a column that says something.
    pub(super) fn example(&self, column: usize) -> &str {
        self.cells(column).next().unwrap_or_default()
    }
}

/// The text up to its last line end: what follows may be half a record.
fn whole_lines(text: &[u8]) -> &[u8] {
    memchr::memrchr(b'\n', text).map_or(text, |end| &text[..=end])
}

fn cut(cell: &[u8]) -> String {
    String::from_utf8_lossy(cell).trim().chars().take(LONGEST).collect()
}

/// Delimited text: the delimiter that gives the most records of one width, and the first of them that can be headings.
fn delimited(text: &[u8]) -> Option<Sample> {
    let best = heading::DELIMITERS.iter().map(|delimiter| (score(text, *delimiter), *delimiter));
    let ((_, width), delimiter) =
        best.max_by_key(|((score, _), _)| *score).filter(|((score, _), _)| *score > 0)?;
    let mut records = Records::new(text, delimiter);
    let mut headings: Option<(Vec<String>, usize)> = None;
    let mut rows = Vec::new();
    let mut seen = 0;
    while let Ok(Some(record)) = records.next() {
        seen += 1;
        let skipped = usize::from(record.get(0) == heading::ZEEK_HEADING);
        let cells: Vec<String> = record.iter().take(COLUMNS + 1).map(cut).collect();
        match &headings {
            _ if cells.len() > COLUMNS => {}
            None if seen > HEADING_WITHIN => return None,
            None if skipped == 1 => headings = Some((cells[1..].to_vec(), 1)),
            None if cells.len() == width && are_headings(&cells) => headings = Some((cells, 0)),
            Some((_, 1)) if cells[0].starts_with('#') => {}
            Some((names, _)) if cells.len() >= names.len() => rows.push(cells),
            _ => {}
        }
        if rows.len() == RECORDS {
            break;
        }
    }
    headings.map(|(headings, _)| Sample { format: Format::Delimited, headings, records: rows })
}

/// How well a delimiter cuts a text: the number of its records of the most frequent width, weighed by that width.
fn score(text: &[u8], delimiter: u8) -> (usize, usize) {
    let mut widths: Map<usize, usize> = Map::default();
    let mut records = Records::new(text, delimiter);
    for _ in 0..HEADING_WITHIN {
        let Ok(Some(record)) = records.next() else { break };
        if record.get(0) == heading::ZEEK_HEADING {
            return (usize::MAX, record.len());
        }
        if (2..=COLUMNS).contains(&record.len()) {
            *widths.entry(record.len()).or_default() += 1;
        }
    }
    let mut widths: Vec<(usize, usize)> = widths.into_iter().collect();
    widths.sort_unstable();
    let scored = widths.into_iter().map(|(width, count)| (count * (width - 1), width));
    scored.max().unwrap_or_default()
}

/// Whether cells can be headings: most say something, none is an address, a date or a number.
fn are_headings(cells: &[String]) -> bool {
    let said: Vec<&String> = cells.iter().filter(|cell| !cell.is_empty()).collect();
    let value = |cell: &&String| {
        address::read(cell).is_some_and(|read| read.ip.is_some())
            || written(cell).is_some()
            || cell.bytes().all(|byte| byte.is_ascii_digit())
    };
    said.len() * 5 >= cells.len() * 4 && said.len() >= 2 && !said.iter().any(value)
}

/// Records with keys of their own.
fn keyed(text: &[u8], format: Format) -> Option<Sample> {
    let read: fn(&[u8], &mut OnPair<'_>) -> Option<()> = match format {
        Format::Cef => events::cef,
        Format::Leef => events::leef,
        Format::Json => events::json,
        Format::Mail => events::mail,
        Format::Positions | Format::Delimited => events::positions,
    };
    let unit = if format == Format::Json { Unit::Object } else { Unit::Line };
    let mut chunks = Chunks::new(text, unit);
    let mut keys = Keys { sample: Sample { format, ..Sample::default() }, columns: Map::default() };
    while let Ok(Some(chunk)) = chunks.next() {
        if chunk.too_long || chunk.unterminated && chunk.raw.is_empty() {
            continue;
        }
        let mut pairs: Vec<(String, String)> = Vec::new();
        let whole = read(chunk.raw, &mut |key, value| pairs.push((cut(key), cut(value)))).is_some();
        if whole && !keys.take(pairs) {
            break;
        }
    }
    let sample = keys.sample;
    let enough = if format == Format::Mail { MAIL_LINES } else { 1 };
    (sample.headings.len() >= enough && !sample.records.is_empty()).then_some(sample)
}

/// The keys met so far.
struct Keys {
    sample: Sample,
    columns: Map<String, usize>,
}

impl Keys {
    /// Takes the pairs of a record; whether there is room for more. The lines of a notification are one record.
    fn take(&mut self, pairs: Vec<(String, String)>) -> bool {
        let Sample { format, headings, records } = &mut self.sample;
        if *format != Format::Mail || records.is_empty() {
            records.push(Vec::new());
        }
        let record = records.last_mut().expect("one was pushed");
        for (key, value) in pairs {
            let sentence = *format == Format::Mail && key.split_whitespace().count() > 4;
            if sentence || fold(&key).is_empty() || headings.len() >= COLUMNS {
                continue;
            }
            let column = *self.columns.entry(fold(&key)).or_insert_with(|| {
                headings.push(key);
                headings.len() - 1
            });
            if record.len() <= column {
                record.resize(column + 1, String::new());
            }
            if record[column].is_empty() {
                record[column] = value;
            }
        }
        records.len() < RECORDS
    }
}
