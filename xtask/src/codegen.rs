//! `cargo xtask codegen`: files that are made from the code, and the check that they are what the code makes.

use crate::{survived, trials};
use anyhow::{Context, bail};
use ringback_model::Report;
use ringback_model::explanation::Explanation;
use ringback_model::inspection::Inspection;
use ringback_parse::{Layout, Layouts};
use std::path::Path;

/// The document with the table of layouts, and the marks around the table.
const LAYOUTS: (&str, &str, &str) = ("docs/LAYOUTS.md", "<!-- layouts -->\n", "<!-- end -->");

/// The document on periodicity, and the marks around the table of the trials.
const PERIODICITY: (&str, &str, &str) = ("docs/PERIODICITY.md", "<!-- trials -->\n", "<!-- end -->");

/// The decision guide. Each of its tables stands behind a mark with its name.
const VERDICTS: &str = "docs/VERDICTS.md";

/// Makes every generated file below `root`, or with `check` compares it.
///
/// # Errors
/// With `check`, the files that differ; else a file that can not be read or written.
pub(crate) fn run(root: &Path, check: bool) -> anyhow::Result<()> {
    let mut different = Vec::new();
    for (name, text) in [
        ("docs/report.schema.json", pretty(&Report::schema())?),
        ("docs/inspection.schema.json", pretty(&Inspection::schema())?),
        ("docs/explanation.schema.json", pretty(&Explanation::schema())?),
        (VERDICTS, verdicts_document(root)?),
        (LAYOUTS.0, document(root, LAYOUTS, &layouts_table(&Layouts::builtin()?))?),
        (PERIODICITY.0, document(root, PERIODICITY, &trials::table())?),
        survived::document(root)?,
    ] {
        let path = root.join(name);
        if !check {
            std::fs::write(&path, text).with_context(|| format!("writing {name}"))?;
        } else if std::fs::read_to_string(&path).ok().as_deref() != Some(text.as_str()) {
            different.push(name);
        }
    }
    if different.is_empty() {
        return Ok(());
    }
    bail!("not what the code makes: {}\nrun `cargo xtask codegen`", different.join(", "))
}

fn pretty(schema: &serde_json::Value) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(schema)? + "\n")
}

/// The decision guide, with the tables that the code and the playbook make.
fn verdicts_document(root: &Path) -> anyhow::Result<String> {
    let mut text =
        std::fs::read_to_string(root.join(VERDICTS)).with_context(|| format!("reading {VERDICTS}"))?;
    for table in ringback_classify::guide_tables()? {
        let begin = format!("<!-- table: {} -->\n", table.name);
        text = between((VERDICTS, &begin, LAYOUTS.2), &text, &table.markdown())?;
    }
    Ok(text)
}

/// A document with something else between two marks.
///
/// # Errors
/// It lacks a mark.
pub(crate) fn between(
    (name, begin, end): (&str, &str, &str),
    text: &str,
    table: &str,
) -> anyhow::Result<String> {
    let (before, rest) = text.split_once(begin).with_context(|| format!("{name} has no {begin:?}"))?;
    let (_, after) = rest.split_once(end).with_context(|| format!("{name} has no {end:?}"))?;
    Ok(format!("{before}{begin}{table}{end}{after}"))
}

/// A document of the repository with what is made between two marks.
fn document(root: &Path, marks: (&str, &str, &str), made: &str) -> anyhow::Result<String> {
    let name = marks.0;
    let text = std::fs::read_to_string(root.join(name)).with_context(|| format!("reading {name}"))?;
    between(marks, &text, made)
}

fn layouts_table(layouts: &Layouts) -> String {
    let head = "| layout | what it is | format | log | headings | languages | sides |\n|---|---|---|---|---|---|---|\n";
    layouts.iter().fold(head.to_owned(), |table, layout| table + &layouts_row(layout))
}

fn layouts_row(layout: &Layout) -> String {
    let cell = |text: &str| text.replace('|', "\\|");
    format!(
        "| `{}` | {} | {} | {} | {} | {} | {} |\n",
        layout.name,
        cell(&layout.title),
        layout.format.as_str(),
        layout.log.as_str(),
        if layout.confirmed { "confirmed" } else { "unconfirmed" },
        if layout.languages.is_empty() { "–".to_owned() } else { layout.languages.join(", ") },
        if layout.is_directed() { "source, destination" } else { "local, remote" },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringback_parse::{Field, LAYOUT_KEYS, doubts};

    fn guide() -> String {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        std::fs::read_to_string(root.join(LAYOUTS.0)).unwrap()
    }

    #[test]
    fn every_key_and_field_of_layouts_is_explained() {
        let guide = guide();
        let (_, keys) = guide.split_once("## Every key").unwrap();
        let (keys, fields) = keys.split_once("## Every field").unwrap();
        for key in LAYOUT_KEYS {
            let forms = [format!("| `{key}` |"), format!("| `[{key}"), format!("| `[[{key}]]` |")];
            assert!(forms.iter().any(|form| keys.contains(form)), "{key} is not explained");
        }
        for field in Field::all() {
            assert!(fields.contains(&format!("`{}`", field.as_str())), "{} is not explained", field.as_str());
        }
    }

    #[test]
    fn the_layout_in_the_guide_is_right() {
        let guide = guide();
        let (_, text) = guide.split_once("```toml\n").unwrap();
        let (text, _) = text.split_once("```").unwrap();
        let layout = Layout::parse(text, "docs/LAYOUTS.md").unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(doubts(&layout, &Layouts::builtin().unwrap()), [""; 0]);
    }
}
