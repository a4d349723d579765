//! The file of a layout: what its keys are, what they may say, and everything that is wrong in one, with its place.

mod mistakes;
mod parts;
mod table;

pub use mistakes::Mistake;
pub(crate) use mistakes::nearest;

use crate::dates::DateOrder;
use crate::field::Field;
use crate::format::Format;
use crate::layout::{Implied, When};
use crate::values::Tables;
use jiff::tz::TimeZone;
use mistakes::{Mistakes, Text};
use ringback_model::{Direction, Log};
use std::collections::BTreeMap;
use table::Table;
use toml::de::DeTable;

/// The keys of a layout's file.
pub const KEYS: &[&str] = &[
    "name",
    "title",
    "confirmed",
    "log",
    "format",
    "languages",
    "time_zone",
    "date_order",
    "epoch",
    "ends",
    "required",
    "when",
    "present",
    "columns",
    "words",
    "values",
    "implied",
];

/// The formats by their words.
const FORMATS: &[(&str, Format)] = &[
    ("delimited", Format::Delimited),
    ("cef", Format::Cef),
    ("leef", Format::Leef),
    ("json", Format::Json),
    ("positions", Format::Positions),
    ("mail", Format::Mail),
];

/// The orders of day and month by their words.
const ORDERS: &[(&str, DateOrder)] = &[("dmy", DateOrder::DayFirst), ("mdy", DateOrder::MonthFirst)];

/// What source and destination are: those of the packet, or of the session (who opened it and whom it was opened to).
const ENDS: &[(&str, bool)] = &[("packet", false), ("session", true)];

/// A layout as its file says it.
#[derive(Debug, Default)]
pub(crate) struct LayoutFile {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) confirmed: bool,
    pub(crate) log: Option<Log>,
    pub(crate) format: Format,
    pub(crate) languages: Vec<String>,
    pub(crate) time_zone: Option<String>,
    pub(crate) date_order: Option<DateOrder>,
    pub(crate) epoch: bool,
    pub(crate) session: bool,
    pub(crate) required: Vec<Vec<Field>>,
    pub(crate) when: Vec<When>,
    pub(crate) present: Vec<(String, Direction)>,
    pub(crate) columns: BTreeMap<Field, Vec<String>>,
    pub(crate) words: Vec<String>,
    pub(crate) values: Tables,
    pub(crate) implied: Implied,
}

/// Reads the text of a layout's file.
///
/// # Errors
/// Everything that is wrong in it: its syntax, or, where that is right, its content.
pub(crate) fn read(text: &str) -> Result<LayoutFile, Vec<Mistake>> {
    let mut mistakes = Mistakes::new(text);
    let (file, syntax) = DeTable::parse_recoverable(text);
    for error in &syntax {
        mistakes.at(error.span().unwrap_or(0..0), error.message().trim(), "");
    }
    mistakes.keep_first_of_each_line();
    if mistakes.is_empty() {
        let file = Table::new(file.get_ref(), 0..0, "", KEYS, &mut mistakes);
        let layout = layout(&file, &mut mistakes);
        if mistakes.is_empty() {
            return Ok(layout);
        }
    }
    Err(mistakes.into_vec())
}

fn layout(file: &Table<'_, '_>, mistakes: &mut Mistakes<'_>) -> LayoutFile {
    let format = choice(file, "format", FORMATS, mistakes).unwrap_or_default();
    if !file.has("confirmed") {
        let hint =
            "add confirmed = false, or true where a vendor's document or a real export shows the headings";
        mistakes.at(file.span(), "a layout needs confirmed", hint);
    }
    let confirmed = file.flag("confirmed", mistakes).unwrap_or_default();
    let log = file.needed("log", "\"connection\"", mistakes);
    let columns = parts::columns(file, format, mistakes);
    LayoutFile {
        name: name(file, mistakes),
        title: plain(file.needed("title", "\"Our console: connections\"", mistakes)),
        confirmed,
        log: log.and_then(|log| mistakes.word(&log)),
        format,
        languages: file.texts("languages", mistakes).into_iter().map(Text::into_inner).collect(),
        time_zone: file.text("time_zone", mistakes).map(|zone| time_zone(zone, mistakes)),
        date_order: choice(file, "date_order", ORDERS, mistakes),
        epoch: file.flag("epoch", mistakes).unwrap_or_default(),
        session: choice(file, "ends", ENDS, mistakes).unwrap_or_default(),
        required: parts::required(file, &columns, mistakes),
        when: parts::when(file, mistakes),
        present: parts::present(file, mistakes),
        words: parts::words(file, mistakes),
        values: parts::values(file, mistakes),
        implied: parts::implied(file, mistakes),
        columns,
    }
}

fn plain(text: Option<Text>) -> String {
    text.map(Text::into_inner).unwrap_or_default()
}

/// The name, which stands in commands and in file names.
fn name(file: &Table<'_, '_>, mistakes: &mut Mistakes<'_>) -> String {
    let Some(name) = file.needed("name", "\"our-console\"", mistakes) else { return String::new() };
    let sound = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-';
    if !name.get_ref().chars().all(sound) {
        let hint = "write it with small letters, digits and hyphens, such as our-console";
        mistakes.at(name.span(), format!("{:?} is no name", name.get_ref()), hint);
    }
    name.into_inner()
}

fn time_zone(zone: Text, mistakes: &mut Mistakes<'_>) -> String {
    if TimeZone::get(zone.get_ref()).is_err() {
        let hint = "names are those of the IANA database, such as Europe/Berlin or UTC";
        mistakes.at(zone.span(), format!("time_zone {:?} is no zone", zone.get_ref()), hint);
    }
    zone.into_inner()
}

fn choice<T: Copy>(
    file: &Table<'_, '_>,
    key: &str,
    choices: &[(&'static str, T)],
    mistakes: &mut Mistakes<'_>,
) -> Option<T> {
    let word = file.text(key, mistakes)?;
    mistakes.choice(key, &word, choices)
}
