//! What is not wrong in a layout and yet should be looked at: names and headings that other layouts have too, and parts
//! that nothing uses.

use crate::bound::fits;
use crate::field::Field;
use crate::format::Format;
use crate::layout::{Layout, When, fold};
use crate::layouts::Layouts;
use std::collections::BTreeSet;

/// What should be looked at in a layout, beside those that are known.
pub fn doubts(layout: &Layout, known: &Layouts) -> Vec<String> {
    let mut doubts = Vec::new();
    if known.get(&layout.name).is_some() {
        doubts.push(format!(
            "the name {:?} is that of a layout that is known already; this one takes its place\nhint: give it a name of its own \
             to keep both",
            layout.name
        ));
    }
    for other in known.iter().filter(|other| other.name != layout.name && both_fit(layout, other)) {
        doubts.push(format!(
            "what has all of its columns can fit {} too; a layout of your own goes first\nhint: require more, or add a \
             [[when]] that tells them apart",
            other.name
        ));
    }
    for table in layout.tables.keys().filter(|table| !layout.reads_values(table)) {
        doubts.push(format!("values.{table} is not used: no column is read as {table}"));
    }
    let read: Vec<Field> = layout.columns().map(|(field, _)| field).collect();
    if !read.contains(&Field::Time) && !read.contains(&Field::TimeUtc) {
        doubts.push(
            "no column holds the time, so every row will be rejected\nhint: add time = [\"…\"]".to_owned(),
        );
    }
    doubts
}

/// Whether a source that has all columns of a layout fits another one too, as far as the two layouts tell.
fn both_fit(layout: &Layout, other: &Layout) -> bool {
    if layout.format != other.format {
        return false;
    }
    let keys = layout.when.iter().map(|when| &when.key).chain(layout.present.iter().map(|(key, _)| key));
    let there: BTreeSet<String> = layout
        .columns()
        .flat_map(|(_, headings)| headings)
        .chain(keys)
        .map(|heading| fold(heading))
        .collect();
    let has = |field: &Field| {
        let mut columns = other.columns().filter(|(column, _)| column == field);
        columns.any(|(_, headings)| headings.iter().any(|heading| there.contains(&fold(heading))))
    };
    let asked = |when: &When| there.contains(&fold(&when.key)) || layout.format != Format::Delimited;
    other.required.iter().all(|group| group.iter().any(has))
        && other.when.iter().all(asked)
        && layout.when.iter().all(|mine| other.when.iter().all(|theirs| may_both_hold(mine, theirs)))
}

/// Whether one cell can be what two conditions say; where they are about different cells, it can.
fn may_both_hold(one: &When, two: &When) -> bool {
    if fold(&one.key) != fold(&two.key) {
        return true;
    }
    let within = |text: &str, (least, most): (u64, u64)| {
        text.parse().is_ok_and(|number: u64| (least..=most).contains(&number))
    };
    let words =
        one.is.iter().any(|mine| two.is.iter().any(|theirs| patterns_meet(&fold(mine), &fold(theirs))));
    let ranges = one.between.zip(two.between).is_some_and(|(a, b)| a.0 <= b.1 && b.0 <= a.1);
    let mixed = one.between.is_some_and(|range| two.is.iter().any(|text| within(text, range)))
        || two.between.is_some_and(|range| one.is.iter().any(|text| within(text, range)));
    words || ranges || mixed
}

/// Whether a text can fit two patterns: one fits the other, stars taken as they stand.
fn patterns_meet(one: &str, two: &str) -> bool {
    let bare = |pattern: &str| pattern.replace('*', "x");
    fits(&bare(one), two) || fits(&bare(two), one) || one == "*" || two == "*"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(text: &str) -> Layout {
        let head = "name = \"ours\"\ntitle = \"T\"\nconfirmed = false\nlog = \"connection\"\n";
        Layout::parse(&format!("{head}{text}"), "ours.toml").unwrap()
    }

    #[test]
    fn shadows_and_loose_ends_are_told() {
        let known = Layouts::builtin().unwrap();
        let json = "format = \"json\"\nrequired = [[\"source\"]]\n[columns]\ntime = [\"eventTime\"]\nsource = [\"src\"]\n\
            destination = [\"dst\"]\nrule = [\"threatName\"]\n";
        for (text, said) in [
            ("required = [[\"remote\"]]\n[columns]\ntime = [\"When\"]\nremote = [\"Peer\"]\n".to_owned(), &[][..]),
            (
                "required = [[\"remote\"]]\n[columns]\ntime = [\"When\"]\nremote = [\"Remote IP\"]\nrule = [\"Rule\"]\n\
                 direction = [\"Direction\"]\n"
                    .to_owned(),
                &["can fit officescan-suspicious-connection too"],
            ),
            (json.to_owned(), &["can fit vision-one-detections too"]),
            (format!("{json}[[when]]\nkey = \"pname\"\nis = [\"Ours*\"]\n"), &["can fit vision-one-detections too"]),
            ("required = [[\"remote\"]]\n[columns]\nremote = [\"Peer\"]\n".to_owned(), &["no column holds the time"]),
            (
                "required = [[\"remote\"]]\n[columns]\ntime = [\"T\"]\nremote = [\"Peer\"]\n[values.risk]\nhigh = [\"x\"]\n"
                    .to_owned(),
                &["values.risk is not used"],
            ),
        ] {
            let doubts = doubts(&layout(&text), &known);
            assert_eq!(doubts.len(), said.len(), "{text}{doubts:?}");
            assert!(doubts.iter().zip(said).all(|(doubt, said)| doubt.contains(said)), "{doubts:?}");
        }
    }

    #[test]
    fn events_that_conditions_tell_apart_do_not_shadow_each_other() {
        let known = Layouts::builtin().unwrap();
        let events = known.iter().filter(|layout| !layout.when.is_empty());
        for layout in events {
            let text = Layouts::builtin_text(&layout.name).unwrap();
            let same = doubts(&Layout::parse(text, "x").unwrap(), &known);
            assert_eq!(same.len(), 1, "{}: {same:?}", layout.name);
            assert!(same[0].contains("takes its place"), "{same:?}");
        }
    }
}
