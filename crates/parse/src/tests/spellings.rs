//! Every spelling and code of every layout, as a table: `fixtures/spellings.tsv`. A layout's table and this one must say
//! the same, and each spelling must come out of a whole source that is written with it.

use super::compose::{PLAIN, source, usual};
use super::*;
use std::collections::BTreeSet;

const TABLE: &str = include_str!("../../fixtures/spellings.tsv");

/// The spelled values of one layout as (field, spelling, word).
fn spelled(layout: &Layout) -> BTreeSet<(String, String, String)> {
    let mut all = BTreeSet::new();
    let mut add = |field: &str, pairs: Vec<(&String, String)>| {
        all.extend(pairs.into_iter().map(|(spelling, word)| (field.to_owned(), spelling.clone(), word)));
    };
    let values = layout.values();
    add("direction", values.direction.iter().map(|(text, value)| (text, value.to_string())).collect());
    add("message", values.message.iter().map(|(text, value)| (text, value.to_string())).collect());
    add("result", values.result.iter().map(|(text, value)| (text, value.to_string())).collect());
    add("list", values.list.iter().map(|(text, value)| (text, value.to_string())).collect());
    add(
        "callback-list",
        values.callback_list.iter().map(|(text, value)| (text, value.to_string())).collect(),
    );
    add("risk", values.risk.iter().map(|(text, value)| (text, value.to_string())).collect());
    add("category", values.category.iter().map(|(text, value)| (text, value.to_string())).collect());
    let reads = |field: &str| {
        layout
            .columns()
            .any(|(column, _)| column.as_str() == field || (field == "list" && column == Field::ListOrRule))
    };
    all.into_iter().filter(|(field, _, _)| reads(field)).collect()
}

#[test]
fn the_table_of_spellings_is_complete() {
    let layouts = Layouts::builtin().unwrap();
    let mut known = String::from("layout\tfield\tspelling\tword\n");
    for layout in layouts.iter() {
        for (field, spelling, word) in spelled(layout) {
            known += &format!("{}\t{field}\t{spelling}\t{word}\n", layout.name);
        }
    }
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/spellings.tsv");
        std::fs::write(path, &known).unwrap();
        return;
    }
    let table: BTreeSet<&str> = TABLE.lines().collect();
    let known: BTreeSet<&str> = known.lines().collect();
    let (missing, extra) = (known.difference(&table), table.difference(&known));
    let lines: Vec<String> =
        missing.map(|line| format!("+{line}")).chain(extra.map(|line| format!("-{line}"))).collect();
    assert!(lines.is_empty(), "the table and the layouts differ:\n{}", lines.join("\n"));
}

#[test]
fn every_spelling_is_read_from_a_whole_source() {
    let layouts = Layouts::builtin().unwrap();
    let mut read = 0;
    for line in TABLE.lines().skip(1) {
        let [name, field, spelling, word]: [&str; 4] =
            line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let layout = layouts.get(name).unwrap();
        let column = layout
            .columns()
            .map(|(column, _)| column)
            .find(|column| column.as_str() == field || (field == "list" && *column == Field::ListOrRule))
            .unwrap();
        let mut row = usual(layout);
        let other_list = if column == Field::CallbackList { None } else { layout.implied.list };
        row.insert(column, spelling.to_owned());
        if field == "category" {
            row.remove(&Field::Rule);
        }
        for (needed, cell) in [
            (Field::Direction, "x"),
            (Field::ListOrRule, "x"),
            (Field::List, "x"),
            (Field::Risk, "x"),
            (Field::Message, "x"),
            (Field::CallbackList, "x"),
        ] {
            if layout.columns().any(|(column, _)| column == needed) {
                row.entry(needed).or_insert_with(|| cell.to_owned());
            }
        }
        let text = source(layout, &[row], 0, PLAIN, &|headings| headings[0].clone());
        let options = ReadOptions { layouts: vec![name.to_owned()], ..ReadOptions::default() };
        let plan = plan(text.as_bytes(), true, &layouts, &options)
            .unwrap_or_else(|error| panic!("{line}: {error}\n{text}"));
        let mut said = Vec::new();
        each(text.as_bytes(), &plan, &mut |event| match event {
            RowEvent::Row(mut row) => said.push(match field {
                "direction" if same_direction(row.said().direction(), layout, word) => word.to_owned(),
                "direction" => row.said().direction().to_string(),
                "message" => row.said().detection.message.to_string(),
                "result" => row.said().detection.result.to_string(),
                "list" | "callback-list" => row.said().detection.list.to_string(),
                "risk" => row.said().detection.risk.to_string(),
                _ => row.said().detection.threat.to_string(),
            }),
            RowEvent::Reject(reject) => said.push(format!("{} {text}", reject.reason)),
        });
        let silent = word == "unknown" && other_list.is_some();
        assert!(said == [word] || silent, "{line}: {said:?}\n{text}");
        read += 1;
    }
    assert!(read > 500, "{read} spellings");
}

/// Whether a direction was read as its word says. Where source and destination stand for the sides, one that is not known
/// is not there.
fn same_direction(direction: Direction, layout: &Layout, word: &str) -> bool {
    direction.as_str() == word || (layout.is_directed() && direction == Direction::Unknown && word == "none")
}
