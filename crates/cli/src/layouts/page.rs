//! A layout, for people.

use super::confirmed;
use crate::terminal::safe;
use ringback_parse::{Layout, When};

/// The page of a layout. `text` is that of its file; the remarks at its start say where the facts come from.
pub(super) fn page(layout: &Layout, text: &str) -> String {
    let (log, format) = (layout.log.as_str(), layout.format.as_str());
    let mut page = format!("{}\n{}\n", safe(&layout.name), safe(&layout.title));
    page += &format!("{log} log, {format}, {}\n", confirmed(layout));
    let remarks: Vec<&str> = text.lines().map_while(|line| line.strip_prefix('#')).map(str::trim).collect();
    for remark in remarks {
        page += &format!("  {}\n", safe(remark));
    }
    page += &section("Columns, each heading tried in this order", &columns(layout));
    page += &section("A file must have one of each group", &required(layout));
    page += &section(
        "A record is one of these where",
        &layout.conditions().iter().map(condition).collect::<Vec<_>>(),
    );
    page += &section("Values", &values(layout));
    page += &section("Every row says", &implied(layout));
    page
}

fn section(title: &str, lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    format!("\n{title}\n  {}\n", lines.join("\n  "))
}

fn list(texts: &[String]) -> String {
    texts.iter().map(|text| safe(text)).collect::<Vec<_>>().join(" · ")
}

fn columns(layout: &Layout) -> Vec<String> {
    let read = layout.columns().filter(|(_, headings)| !headings.is_empty());
    read.map(|(field, headings)| format!("{:<17} {}", field.as_str(), list(headings))).collect()
}

fn required(layout: &Layout) -> Vec<String> {
    let group = |group: &Vec<ringback_parse::Field>| {
        group.iter().map(|field| field.as_str()).collect::<Vec<_>>().join(" or ")
    };
    layout.required().iter().map(group).collect()
}

fn condition(when: &When) -> String {
    let numbers = when.between.map(|(least, most)| format!("a number from {least} to {most}"));
    let words = (!when.is.is_empty()).then(|| list(&when.is));
    format!("{} is {}", safe(&when.key), words.into_iter().chain(numbers).collect::<Vec<_>>().join(" · "))
}

fn values(layout: &Layout) -> Vec<String> {
    let mut lines = Vec::new();
    let mut last = String::new();
    for spelled in layout.spellings() {
        if spelled.field != last {
            lines.push(spelled.field.clone());
            last.clone_from(&spelled.field);
        }
        let from = spelled.shared.map_or_else(String::new, |name| format!(" (of the table {name})"));
        lines.push(format!("  {:<17} {}{from}", spelled.word, list(&spelled.spellings)));
    }
    lines
}

fn implied(layout: &Layout) -> Vec<String> {
    let present = layout
        .present()
        .iter()
        .map(|(key, direction)| format!("direction is {direction} where {} is there", safe(key)));
    let session =
        layout.is_of_session().then(|| "source and destination are those of the session".to_owned());
    let said = layout.implied().into_iter().map(|(name, word)| format!("{name} is {}", safe(word)));
    said.chain(present).chain(session).chain(layout.times()).collect()
}
