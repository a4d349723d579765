//! The text of a drafted layout. Nothing of the sample gets into it but as an escaped text between quotes.

use super::columns::{Columns, Placed};
use super::sample::Sample;
use super::spelled::{Known, SHARED, suggested};
use crate::field::Field;
use crate::format::Format;
use crate::layout::fold;
use crate::values::{VALUE_FIELDS, words_of};
use crate::written::open_date;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// How much of a cell is shown.
const SHOWN: usize = 40;

/// How many columns that are not read, and how many values of a column, are named.
const NAMED: (usize, usize) = (200, 24);

/// Keys that say which kind of event a record is, where all that can be read have one value in them.
const KINDS: &[&str] = &[
    "deviceVendor",
    "deviceProduct",
    "event_type",
    "event_kind",
    "eventtype",
    "log_type",
    "logtype",
    "type",
    "dataset",
];

/// The draft's text.
pub(super) fn written(sample: &Sample, columns: &Columns, file: &str) -> String {
    let parts = [
        head(sample, columns, file),
        conditions(sample, columns),
        fields(sample, columns),
        unread(sample, columns),
        values(sample, columns),
        implied(columns),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

fn head(sample: &Sample, columns: &Columns, file: &str) -> String {
    let mut text = format!(
        "# Drafted from {}: {} columns, of which {} are read.\n",
        quoted(file),
        sample.headings.len(),
        columns.read()
    );
    text += "# Whatever is marked as a guess is one: look at it, then take the mark away. `ringback layouts check FILE` says\n\
             # whether the file is right; docs/LAYOUTS.md explains every key.\n";
    _ = writeln!(text, "name = {}", quoted(&name(file)));
    _ = writeln!(
        text,
        "title = {}  # guess: what it is, for people",
        quoted(&format!("Drafted from {file}"))
    );
    text += "confirmed = false\n";
    text += "log = \"connection\"  # guess: connection, callback, web, firewall or intrusion\n";
    _ = writeln!(text, "format = \"{}\"", sample.format.as_str());
    text += &times(sample, columns);
    if is_directed(columns) {
        text += "#ends = \"session\"  # where source and destination stay the same for what comes back\n";
    }
    _ = writeln!(
        text,
        "words = [\"{SHARED}\"]  # words of many consoles for directions, results, lists and risks"
    );
    _ = writeln!(
        text,
        "required = {}  # guess: what a file must have to be one of these",
        required(sample, columns)
    );
    text
}

/// What the times are, as far as the sample tells.
fn times(sample: &Sample, columns: &Columns) -> String {
    if columns.epoch {
        return "epoch = true  # guess: the times are numbers since 1970\n".to_owned();
    }
    let mut text = "#time_zone = \"UTC\"  # where times that name no zone are always of one\n".to_owned();
    let open = |column| sample.cells(column).any(|cell| open_date(cell).is_some());
    if columns.column(Field::Time).is_some_and(open) {
        text += "#date_order = \"dmy\"  # or \"mdy\", where dates like 06/07/2026 are always of one order\n";
    }
    text
}

/// A name from a file's: small letters, digits, hyphens; never that of a layout that is carried.
fn name(file: &str) -> String {
    let stem = file.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = stem.split_once('.').map_or(stem, |(stem, _)| stem).to_ascii_lowercase();
    let parts = stem.split(|char: char| !char.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    let name: String = parts.collect::<Vec<_>>().join("-").chars().take(60).collect();
    format!("my-{}", if name.is_empty() { "layout" } else { name.trim_end_matches('-') })
}

fn is_directed(columns: &Columns) -> bool {
    columns.column(Field::Source).is_some() && columns.column(Field::Destination).is_some()
}

/// The groups that are required, as TOML: headings that tell the layout from others; of events, what each must say.
fn required(sample: &Sample, columns: &Columns) -> String {
    let sides: &[Field] =
        if is_directed(columns) { &[Field::Source, Field::Destination] } else { &[Field::Remote] };
    let read = |fields: &[Field]| -> Vec<Field> {
        fields.iter().copied().filter(|field| columns.column(*field).is_some()).collect()
    };
    let names = read(&[Field::Rule, Field::ListOrRule, Field::List]);
    let mut groups: Vec<Vec<Field>> = sides.iter().map(|field| vec![*field]).collect();
    if sample.format == Format::Delimited {
        let telling = names.into_iter().chain(read(&[Field::Direction, Field::Message, Field::Time]));
        groups.extend(telling.map(|field| vec![field]));
    } else if !names.is_empty() {
        groups.push(names);
    }
    let word = |field: &Field| format!("\"{}\"", field.as_str());
    let group = |fields: &Vec<Field>| format!("[{}]", fields.iter().map(word).collect::<Vec<_>>().join(", "));
    format!("[{}]", groups.iter().map(group).collect::<Vec<_>>().join(", "))
}

/// The columns of records that have all that is required.
fn complete<'s>(sample: &'s Sample, columns: &Columns) -> Vec<&'s Vec<String>> {
    let telling = [Field::Source, Field::Destination, Field::Remote, Field::Rule];
    let needed: Vec<usize> = telling.into_iter().filter_map(|field| columns.column(field)).collect();
    let says = |record: &&Vec<String>| {
        needed.iter().all(|column| record.get(*column).is_some_and(|cell| !cell.is_empty()))
    };
    sample.records.iter().filter(says).collect()
}

/// What tells the records from those of other products in one file.
fn conditions(sample: &Sample, columns: &Columns) -> String {
    if !matches!(sample.format, Format::Json | Format::Cef | Format::Leef) {
        return String::new();
    }
    let records = complete(sample, columns);
    let mut text = String::new();
    for key in KINDS {
        let Some(column) = sample.headings.iter().position(|heading| fold(heading) == fold(key)) else {
            continue;
        };
        let cells: BTreeSet<&str> =
            records.iter().map(|record| record.get(column).map_or("", String::as_str)).collect();
        let Some(cell) = cells.first().filter(|cell| cells.len() == 1 && !cell.is_empty()) else { continue };
        let (key, cell) = (quoted(&sample.headings[column]), quoted(cell));
        _ = write!(
            text,
            "[[when]]\nkey = {key}  # guess: all records that can be read say this\nis = [{cell}]\n\n"
        );
    }
    text.trim_end().to_owned() + if text.is_empty() { "" } else { "\n" }
}

fn fields(sample: &Sample, columns: &Columns) -> String {
    let mut text = "[columns]\n".to_owned();
    if !is_directed(columns) && columns.column(Field::Remote).is_none() {
        text += "# No column looks like the other side of the connection. Put the heading of its address here.\n\
                 remote = [\"(the heading of the remote address)\"]\n";
    }
    for placed in &columns.placed {
        text += &field(sample, *placed);
    }
    text
}

fn field(sample: &Sample, placed: Placed) -> String {
    let (word, heading) = (placed.field.as_str(), quoted(&sample.headings[placed.column]));
    let example = match sample.example(placed.column) {
        "" => "no cell of the sample says anything".to_owned(),
        cell => shown(cell),
    };
    if placed.codes {
        return format!(
            "#{word} = [{heading}]  # codes such as {example}: say below what they mean, then take the # away\n"
        );
    }
    format!("{word} = [{heading}]  # guess: {}; {example}\n", placed.why.as_str())
}

fn unread(sample: &Sample, columns: &Columns) -> String {
    if columns.others.is_empty() {
        return String::new();
    }
    let mut text = "# Columns that are not read, each with a cell:\n".to_owned();
    for (column, field) in columns.others.iter().take(NAMED.0) {
        let looks = field.map_or_else(String::new, |field| format!(" (looks like {} too)", field.as_str()));
        _ = writeln!(
            text,
            "#   {}: {}{looks}",
            quoted(&sample.headings[*column]),
            shown(sample.example(*column))
        );
    }
    if let Some(more) = columns.others.len().checked_sub(NAMED.0).filter(|more| *more > 0) {
        _ = writeln!(text, "#   and {more} more");
    }
    text
}

/// The different cells of the columns that hold words, each with the word that it probably stands for.
fn values(sample: &Sample, columns: &Columns) -> String {
    let known = Known::new();
    let mut tables = String::new();
    for placed in &columns.placed {
        let table = if placed.field == Field::ListOrRule { "list" } else { placed.field.as_str() };
        // In a column of lists and rules only the lists are of a few words, and those are known or look like one.
        let few = |cell: &&str| placed.field != Field::ListOrRule || known.any(table, cell).is_some();
        if VALUE_FIELDS.contains(&table) {
            tables += &value_table(table, sample.cells(placed.column).filter(few), &known, placed.codes);
        }
    }
    if tables.is_empty() {
        return String::new();
    }
    format!(
        "# What the sample says in these columns. Take the leading # away where a guess is right; what stands nowhere stays \
         unknown.\n{tables}"
    )
}

fn value_table<'s>(table: &str, cells: impl Iterator<Item = &'s str>, known: &Known, codes: bool) -> String {
    let mut spelled: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let (mut told, mut open, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for cell in cells {
        if seen.len() == NAMED.1 || !seen.insert(fold(cell)) {
            continue;
        }
        match (known.word(table, cell), suggested(table, cell)) {
            _ if codes => open.push(quoted(cell)),
            (Some(word), _) => told.push(format!("{} = {word}", shown(cell))),
            (None, Some(word)) => spelled.entry(word).or_default().push(quoted(cell)),
            (None, None) => open.push(quoted(cell)),
        }
    }
    if seen.is_empty() {
        return String::new();
    }
    let mut text = format!("#[values.{table}]\n");
    if !told.is_empty() {
        _ = writeln!(text, "# known already: {}", told.join(", "));
    }
    for (word, cells) in spelled {
        _ = writeln!(text, "#{word} = [{}]  # guess", cells.join(", "));
    }
    if !open.is_empty() {
        let words = words_of(table).unwrap_or_default().join(", ");
        _ = writeln!(text, "#unknown = [{}]  # no guess; the words are {words}", open.join(", "));
    }
    text
}

fn implied(columns: &Columns) -> String {
    let hosts = [Field::Local, Field::Endpoint, Field::Source];
    let hosted = hosts.into_iter().any(|field| columns.column(field).is_some());
    let mut text = "# What every row says without a column for it:\n".to_owned();
    text += if hosted { "#[implied]\n" } else { "[implied]\n" };
    if !hosted {
        text += "endpoint = \"unnamed host\"  # no column names the client's host; --endpoint NAME puts its name here\n";
    }
    if columns.column(Field::List).or(columns.column(Field::ListOrRule)).is_none() {
        let words = words_of("list").unwrap_or_default().join(", ");
        _ = writeln!(text, "#list = \"relevance-rule\"  # what the detections come from: {words}");
    }
    text += "#product = \"…\"\n";
    text
}

/// A text of the sample, cut, between quotes.
fn shown(text: &str) -> String {
    let cut: String = text.chars().take(SHOWN).collect();
    if cut.len() < text.len() { quoted(&(cut + "…")) } else { quoted(text) }
}

/// A text as a TOML string: without line breaks, controls and characters that hide or turn text.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => quoted.extend(['\\', char]),
            _ if is_hidden(char) => _ = write!(quoted, "\\U{:08X}", u32::from(char)),
            _ => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}

fn is_hidden(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(char, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
