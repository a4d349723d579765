//! Sources made from a layout: its own headings or keys, its own conditions, its own format.

use super::*;
use crate::layout::When;
use std::collections::BTreeMap;

/// The cells of one record, by field.
pub(super) type Cells = BTreeMap<Field, String>;

/// How delimited text is to be written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub(super) delimiter: char,
    pub(super) quoted: bool,
    pub(super) end: &'static str,
}

pub(super) const PLAIN: Style = Style { delimiter: ',', quoted: true, end: "\n" };

/// Cells with which a record of a layout is one, for every field that it reads.
pub(super) fn usual(layout: &Layout) -> Cells {
    let time = if layout.epoch { "1763978400" } else { "2026-06-18 21:15:02" };
    let all = [
        (Field::Time, time),
        (Field::TimeUtc, ""),
        (Field::Received, time),
        (Field::Endpoint, "WS-101"),
        (Field::Domain, "CORP"),
        (Field::User, "anna"),
        (Field::Process, "x.exe"),
        (Field::Local, "10.0.0.5"),
        (Field::LocalPort, "50123"),
        (Field::Remote, "http://26.1.2.3/x"),
        (Field::Source, "10.0.0.5"),
        (Field::Destination, "26.1.2.3"),
        (Field::Protocol, "TCP"),
        (Field::Rule, "x"),
    ];
    let read: Vec<Field> = layout.columns().map(|(field, _)| field).collect();
    all.into_iter()
        .filter(|(field, _)| read.contains(field))
        .map(|(field, cell)| (field, cell.to_owned()))
        .collect()
}

/// A source with these records; `order` turns the columns, `name` chooses the heading of each field.
pub(super) fn source(
    layout: &Layout,
    rows: &[Cells],
    order: usize,
    style: Style,
    name: &dyn Fn(&[String]) -> String,
) -> String {
    let mut columns: Vec<(Field, String)> =
        layout.columns().map(|(field, headings)| (field, name(headings))).collect();
    let turn = order % columns.len().max(1);
    columns.rotate_left(turn);
    let conditions = conditions(layout);
    match layout.format {
        Format::Delimited => delimited(&columns, &conditions, rows, style),
        format => rows.iter().map(|row| keyed(format, &columns, &conditions, row)).collect(),
    }
}

/// For each condition a key and a value that meets it.
fn conditions(layout: &Layout) -> Vec<(String, String)> {
    let met = |when: &When| {
        let word = when.is.first().map(|is| is.replace('*', if is == "*" { "1" } else { "x" }));
        let number = when.between.map(|(least, _)| least.to_string());
        (when.key.clone(), word.or(number).unwrap_or_default())
    };
    layout.when.iter().map(met).collect()
}

fn delimited(
    columns: &[(Field, String)],
    conditions: &[(String, String)],
    rows: &[Cells],
    style: Style,
) -> String {
    let quote = |cell: &str| {
        if style.quoted || cell.contains([style.delimiter, '"', '\n', '\r']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.to_owned()
        }
    };
    let line = |cells: Vec<String>| cells.join(&style.delimiter.to_string()) + style.end;
    let heads =
        conditions.iter().map(|(key, _)| quote(key)).chain(columns.iter().map(|(_, heading)| quote(heading)));
    let mut text = line(heads.collect());
    for row in rows {
        let said = conditions.iter().map(|(_, value)| quote(value));
        let cells = columns.iter().map(|(field, _)| quote(row.get(field).map_or("", String::as_str)));
        text += &line(said.chain(cells).collect());
    }
    text
}

fn keyed(
    format: Format,
    columns: &[(Field, String)],
    conditions: &[(String, String)],
    row: &Cells,
) -> String {
    let mut pairs: BTreeMap<&str, &str> = BTreeMap::new();
    for (field, key) in columns {
        if let Some(cell) = row.get(field).filter(|cell| !cell.is_empty()) {
            pairs.insert(key, cell);
        }
    }
    for (key, value) in conditions {
        pairs.entry(key).or_insert(value);
    }
    match format {
        Format::Json => {
            let object: serde_json::Map<String, serde_json::Value> =
                pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).into())).collect();
            serde_json::Value::Object(object).to_string() + "\n"
        }
        Format::Mail => pairs.iter().flat_map(|(key, value)| [key, ": ", value, "\n"]).collect(),
        Format::Positions => {
            let at = |cell: usize| pairs.get(cell.to_string().as_str()).copied().unwrap_or_default();
            (1..=14).map(at).collect::<Vec<_>>().join("<;>") + "\n"
        }
        Format::Cef | Format::Leef | Format::Delimited => event(format, pairs),
    }
}

fn event(format: Format, mut pairs: BTreeMap<&str, &str>) -> String {
    let time =
        pairs.remove("syslogTime").map(|time| time.replacen(' ', "T", 1) + "Z host ").unwrap_or_default();
    let mut part = |name: &str| pairs.remove(name).unwrap_or("1").to_owned();
    let (vendor, product) = (part("deviceVendor"), part("deviceProduct"));
    if format == Format::Leef {
        let attributes: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
        return format!("{time}LEEF:1.0|{vendor}|{product}|1|1|{}\n", attributes.join("\t"));
    }
    let (id, name, severity) = (part("signatureId"), part("eventName"), part("severity"));
    let name = name.replace('\\', "\\\\").replace('|', "\\|");
    let escape = |value: &str| value.replace('\\', "\\\\").replace('=', "\\=").replace('\n', "\\n");
    let extensions: Vec<String> =
        pairs.iter().map(|(key, value)| format!("{key}={}", escape(value))).collect();
    format!("{time}CEF:0|{vendor}|{product}|1|{id}|{name}|{severity}|{}\n", extensions.join(" "))
}
