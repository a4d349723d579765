//! How the times of an input are read, in words.

use super::blocks::Blocks;
use super::page::{Align, Tone};
use ringback_model::Instant;
use ringback_model::inspection::{InspectedOrder, InspectedTimes};
use unicode_width::UnicodeWidthStr;

/// Tells how times are read: their forms, the order of day and month, the zone and the stretch that they span.
pub(super) fn tell(blocks: &mut Blocks<'_>, times: &InspectedTimes) {
    forms(blocks, times);
    if !times.forms.is_empty() {
        order(blocks, &times.order);
        zone(blocks, times);
    }
    if let (Some(first), Some(last)) = (times.first, times.last) {
        let text = stretch(blocks, first, last);
        blocks.page.entry("Period", &text, Tone::Plain);
    }
}

fn forms(blocks: &mut Blocks<'_>, times: &InspectedTimes) {
    let longest = times.forms.iter().map(|form| form.form.width()).max().unwrap_or(0);
    for (number, form) in times.forms.iter().enumerate() {
        let label = if number == 0 { "Times" } else { "" };
        let record = blocks.words.count(form.first.record);
        let rows = format!("{}, from record {record}", blocks.counted(form.rows, "row"));
        let room = blocks.page.room() - longest - 2;
        let cells = [(form.form.as_str(), Align::Left(longest)), (rows.as_str(), Align::Left(room))];
        blocks.page.cells(label, &cells, if form.read { Tone::Plain } else { Tone::Warning });
    }
    if !times.unknown.is_empty() {
        let unknown: Vec<String> = times.unknown.iter().map(|value| format!("\"{value}\"")).collect();
        blocks.page.indented("", 2, &format!("unknown are {}", unknown.join(", ")), Tone::Faint);
    }
}

fn order(blocks: &mut Blocks<'_>, order: &InspectedOrder) {
    let Some(word) = order.order.as_deref() else {
        if order.basis == "either" {
            let text = "makes no difference: in every date day and month are the same number";
            blocks.page.entry("Order", text, Tone::Plain);
        }
        return;
    };
    let (name, other) = (name(word), if word == "dmy" { "mdy" } else { "dmy" });
    let (text, tone) = match order.basis.as_str() {
        "given" => (format!("{name}, as given with --date-order"), Tone::Plain),
        "layout" => (format!("{name}, as the layout says"), Tone::Plain),
        "proven" => {
            let proof = order
                .proof
                .map_or_else(|| "by later dates".to_owned(), |place| format!("by {}", blocks.place(place)));
            (format!("{name}, proven {proof}"), Tone::Plain)
        }
        "log-order" => {
            (format!("{name}: no date proves it, but so the log runs in the order of time"), Tone::Warning)
        }
        _ => (format!("ambiguous: no date proves it; {name} was taken"), Tone::Warning),
    };
    blocks.page.entry("Order", &text, tone);
    for reading in &order.readings {
        let (Some(first), Some(last)) = (reading.first, reading.last) else { continue };
        let text = format!("{}: {}", self::name(&reading.order), stretch(blocks, first, last));
        blocks.page.indented("", 2, &text, Tone::Plain);
    }
    if !order.readings.is_empty() {
        let hint = format!("hint: --date-order {word} confirms it, --date-order {other} takes the other");
        blocks.page.entry("", &hint, Tone::Faint);
    }
    if order.contradicted > 0 {
        let text =
            format!("{} against it, rejected as date-order", blocks.counted(order.contradicted, "date"));
        blocks.page.indented("", 2, &text, Tone::Bad);
    }
}

fn zone(blocks: &mut Blocks<'_>, times: &InspectedTimes) {
    let (text, tone) = match times.zone_basis.as_str() {
        "logged" => ("every time names its own".to_owned(), Tone::Plain),
        "layout" => (format!("{}, as the layout says", times.zone), Tone::Plain),
        "option" => (format!("{}, as given", times.zone), Tone::Plain),
        _ => (format!("{} assumed, since the log names none (see --time-zone)", times.zone), Tone::Warning),
    };
    blocks.page.entry("Zone", &text, tone);
    if times.with_offset > 0 && times.zone_basis != "logged" {
        let text = format!("{} with an own offset", blocks.counted(times.with_offset, "row"));
        blocks.page.indented("", 2, &text, Tone::Plain);
    }
}

fn name(order: &str) -> &'static str {
    if order == "dmy" { "day first" } else { "month first" }
}

/// A stretch of time in the reader's zone.
fn stretch(blocks: &Blocks<'_>, first: Instant, last: Instant) -> String {
    format!("{} to {}", blocks.words.time(first, true), blocks.words.time(last, true))
}
