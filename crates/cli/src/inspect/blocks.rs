//! The inspection as a page: one block of labelled entries for each input.

use super::page::{Align, Page, Tone};
use super::times;
use ringback_model::inspection::{
    Failure, InspectedColumn, InspectedField, InspectedInput, InspectedLayout, InspectedPlace,
    InspectedReject, Inspection, Recognised,
};
use ringback_template::Catalogue;

/// How many places of rejected records are shown for each reason.
const PLACES: usize = 4;

/// Notes that a block tells in an entry of its own.
const TOLD: &[&str] = &[
    "input.encoding-guessed",
    "input.heading-line",
    "input.extra-columns",
    "input.dates-proven",
    "input.dates-by-order",
    "input.dates-ambiguous",
    "input.zone-assumed",
    "input.no-layout",
    "input.unreadable",
    "input.duplicates",
];

/// Blocks of a page in the making.
pub(super) struct Blocks<'w> {
    pub(super) page: Page,
    pub(super) words: &'w Catalogue,
}

impl Blocks<'_> {
    /// The page of an inspection.
    pub(super) fn of(mut self, inspection: &Inspection) -> String {
        for input in &inspection.inputs {
            self.input(input);
            self.page.gap();
        }
        self.total(&inspection.inputs);
        self.page.into_text()
    }

    fn total(&mut self, inputs: &[InspectedInput]) {
        let sum = |count: fn(&InspectedInput) -> u64| inputs.iter().map(count).sum::<u64>();
        let recognised = inputs.iter().filter(|input| input.recognised.is_some()).count() as u64;
        self.page.title(&format!(
            "{}, {} recognised: {}, {}, {} rejected",
            self.counted(inputs.len() as u64, "input"),
            self.words.count(recognised),
            self.counted(sum(|input| input.records), "record"),
            self.counted(sum(|input| input.rows), "row"),
            self.words.count(sum(|input| input.rejected))
        ));
    }

    fn input(&mut self, input: &InspectedInput) {
        self.page.title(&input.name);
        let size = input.size.map_or_else(String::new, |size| format!("{}, ", self.counted(size, "byte")));
        let container = self.words.term("container", &input.container).to_lowercase();
        self.page.entry("File", &format!("{size}{container}"), Tone::Plain);
        if let Some(recognised) = &input.recognised {
            self.recognised(recognised);
        }
        if let Some(failure) = &input.failure {
            self.failure(failure);
        }
        if input.recognised.is_some() {
            self.records(input);
        }
        self.duplicates(input);
        let notes = input.notes.iter().filter(|note| !TOLD.contains(&note.key.as_str()));
        for (number, note) in notes.enumerate() {
            self.page.entry(if number == 0 { "Notes" } else { "" }, &note.text, Tone::Warning);
        }
    }

    fn failure(&mut self, failure: &Failure) {
        let Some(nearest) = &failure.nearest else {
            self.page.entry("Not read", &failure.error, Tone::Bad);
            return;
        };
        self.page.entry("Layout", &format!("none fits; the nearest is {}", nearest.layout), Tone::Bad);
        for lack in &nearest.lacks {
            self.page.indented("", 2, &format!("it lacks {lack}"), Tone::Plain);
        }
        let hint = "hint: `ringback layouts new FILE` drafts a layout for files like this";
        self.page.entry("", hint, Tone::Faint);
    }

    fn recognised(&mut self, recognised: &Recognised) {
        let guessed =
            if recognised.encoding_guessed { ", guessed from its bytes (see --encoding)" } else { "" };
        let tone = if recognised.encoding_guessed { Tone::Warning } else { Tone::Plain };
        self.page.entry("Encoding", &format!("{}{guessed}", recognised.encoding), tone);
        self.page.entry("Format", &self.format(recognised), Tone::Plain);
        for (number, layout) in recognised.layouts.iter().enumerate() {
            self.layout(layout, recognised, number == 0);
        }
        self.runner_up(recognised);
        self.columns(recognised);
        times::tell(self, &recognised.times);
    }

    fn format(&self, recognised: &Recognised) -> String {
        let mut parts = vec![match recognised.delimiter {
            Some(delimiter) => format!("delimited by {}", delimiter_name(delimiter)),
            None => format_name(&recognised.format).to_owned(),
        }];
        if let Some(quoting) = &recognised.quoting {
            parts.push(match quoting.kind.as_str() {
                "every" => "every cell in quotes".to_owned(),
                "every-filled" => "every cell that holds something in quotes".to_owned(),
                "none" => "no cell in quotes".to_owned(),
                _ => format!(
                    "{} of {} cells in quotes",
                    self.words.count(quoting.quoted),
                    self.words.count(quoting.cells)
                ),
            });
        }
        let ends = &recognised.line_ends;
        let count =
            |name: &str, count: u64| (count > 0).then(|| format!("{} {name}", self.words.count(count)));
        match ends.kind.as_str() {
            "none" => {}
            "mixed" => {
                let kinds = [count("LF", ends.lf), count("CRLF", ends.crlf), count("CR", ends.cr)];
                let kinds: Vec<String> = kinds.into_iter().flatten().collect();
                parts.push(format!("lines end in different ways ({})", kinds.join(", ")));
            }
            kind => parts.push(format!("lines end with {}", kind.to_uppercase())),
        }
        if let Some(line) = recognised.heading_line {
            parts.push(format!("heading in line {}", self.words.count(line)));
        }
        parts.join("; ")
    }

    fn layout(&mut self, layout: &InspectedLayout, recognised: &Recognised, main: bool) {
        let label = if main { "Layout" } else { "" };
        let basis = if layout.confirmed { "confirmed by a vendor's document" } else { "not confirmed" };
        self.page.entry(label, &format!("{} ({basis})", layout.name), Tone::Title);
        self.page.indented("", 2, &layout.title, Tone::Plain);
        for required in &layout.required {
            let named = |found: &InspectedField| match required.fields.as_slice() {
                [_] => format!("\"{}\"", found.heading),
                _ => format!("{} \"{}\"", found.field, found.heading),
            };
            let found: Vec<String> = required.found.iter().map(named).collect();
            let found = if found.is_empty() { "none yet".to_owned() } else { found.join(", ") };
            let text = format!("needs {}: {found}", required.fields.join(" or "));
            self.page.indented("", 2, &text, Tone::Plain);
        }
        for condition in &layout.conditions {
            let range = condition.between.map(|(least, most)| format!("{least} to {most}"));
            let values: Vec<String> = condition.is.iter().cloned().chain(range).collect();
            let text = format!("holds: {} is {}", condition.key, values.join(" or "));
            self.page.indented("", 2, &text, Tone::Plain);
        }
        let columns = self.counted(recognised.columns.len() as u64, "column");
        let known = format!("reads {} of {columns}", self.words.count(layout.known_columns));
        let alone = layout.conditions.is_empty() && recognised.layouts.len() == 1;
        let records = if alone {
            String::new()
        } else {
            format!("; applies to {}", self.counted(layout.records, "record"))
        };
        self.page.indented("", 2, &(known + &records), Tone::Plain);
    }

    fn runner_up(&mut self, recognised: &Recognised) {
        let Some(next) = &recognised.runner_up else { return };
        let lacks = if next.lacks.is_empty() {
            "fits too, with fewer columns or records".to_owned()
        } else {
            format!("lacks {}", next.lacks.join(" and "))
        };
        self.page.entry("Runner-up", &format!("{}, which {lacks}", next.layout), Tone::Plain);
    }

    fn columns(&mut self, recognised: &Recognised) {
        let heading = self.page.room() - 2 * 2 - 18 - 11;
        let widths = [Align::Left(heading), Align::Left(18), Align::Right(11)];
        let line = |cells: [&'_ str; 3]| -> [(String, Align); 3] {
            let [a, b, c] = cells.map(str::to_owned);
            [(a, widths[0]), (b, widths[1]), (c, widths[2])]
        };
        self.cells("Columns", &line(["heading", "read as", "filled"]), Tone::Faint);
        for column in &recognised.columns {
            let filled = self.words.count(column.filled);
            let field = match column.role.as_str() {
                "condition" => "tells the layout",
                "direction" => "tells direction",
                _ => column.field.as_deref().unwrap_or("not read"),
            };
            let tone = if column.role == "not-read" { Tone::Warning } else { Tone::Plain };
            self.cells("", &line([&column.heading, field, &filled]), tone);
            self.samples(column);
        }
        if recognised.more_columns {
            self.page.entry("", "… and more keys that are not read", Tone::Faint);
        }
    }

    fn cells(&mut self, label: &str, cells: &[(String, Align); 3], tone: Tone) {
        let cells: Vec<(&str, Align)> = cells.iter().map(|(cell, align)| (cell.as_str(), *align)).collect();
        self.page.cells(label, &cells, tone);
    }

    fn samples(&mut self, column: &InspectedColumn) {
        if !column.samples.is_empty() {
            let quoted: Vec<String> = column.samples.iter().map(|value| format!("\"{value}\"")).collect();
            self.page.indented("", 2, &format!("such as {}", quoted.join(", ")), Tone::Faint);
        }
    }

    fn records(&mut self, input: &InspectedInput) {
        let text = format!(
            "{}: {}, {} rejected",
            self.counted(input.records, "record"),
            self.counted(input.rows, "row"),
            self.words.count(input.rejected)
        );
        self.page.entry("Records", &text, Tone::Plain);
        for (number, reject) in input.rejects.iter().enumerate() {
            self.reject(reject, number == 0);
        }
    }

    fn reject(&mut self, reject: &InspectedReject, first: bool) {
        let label = if first { "Rejected" } else { "" };
        let title = self.words.term("reject", reject.reason.as_str());
        let text = format!("{} as {}: {title}", self.words.count(reject.records), reject.reason);
        self.page.entry(label, &text, Tone::Bad);
        let mut places: Vec<String> =
            reject.places.iter().take(PLACES).map(|place| self.place(*place)).collect();
        if reject.records > places.len() as u64 {
            places.push("…".to_owned());
        }
        self.page.indented("", 2, &places.join("; "), Tone::Plain);
        self.page.indented("", 2, &reject.meaning, Tone::Plain);
    }

    fn duplicates(&mut self, input: &InspectedInput) {
        for (number, shared) in input.duplicates.iter().enumerate() {
            let label = if number == 0 { "Duplicates" } else { "" };
            let text = format!("{} in {} too", self.counted(shared.rows, "row"), shared.input);
            self.page.entry(label, &text, Tone::Plain);
        }
    }

    /// A place in words.
    pub(super) fn place(&self, place: InspectedPlace) -> String {
        format!("record {}, line {}", self.words.count(place.record), self.words.count(place.line))
    }

    /// A count with its noun.
    pub(super) fn counted(&self, count: u64, noun: &str) -> String {
        format!("{} {noun}{}", self.words.count(count), if count == 1 { "" } else { "s" })
    }
}

fn delimiter_name(delimiter: char) -> String {
    match delimiter {
        ',' => "comma".to_owned(),
        ';' => "semicolon".to_owned(),
        '\t' => "tab".to_owned(),
        '|' => "bar".to_owned(),
        other => format!("{other:?}"),
    }
}

fn format_name(format: &str) -> &str {
    match format {
        "cef" => "events in CEF",
        "leef" => "events in LEEF",
        "json" => "JSON objects",
        "positions" => "lines of cells between <;>",
        "mail" => "notifications with lines of name and value",
        other => other,
    }
}
