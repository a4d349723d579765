//! `cargo xtask codegen`: files that are made from the code, and the check that they are what the code makes.

use anyhow::{Context, bail};
use ringback_model::Report;
use ringback_model::inspection::Inspection;
use std::path::Path;

/// Makes every generated file below `root`, or with `check` compares it.
///
/// # Errors
/// With `check`, the files that differ; else a file that can not be written.
pub(crate) fn run(root: &Path, check: bool) -> anyhow::Result<()> {
    let generated = [
        ("docs/report.schema.json", pretty(&Report::schema())?),
        ("docs/inspection.schema.json", pretty(&Inspection::schema())?),
    ];
    let mut differing = Vec::new();
    for (name, text) in &generated {
        let path = root.join(name);
        if !check {
            std::fs::write(&path, text).with_context(|| format!("writing {name}"))?;
        } else if std::fs::read_to_string(&path).ok().as_ref() != Some(text) {
            differing.push(*name);
        }
    }
    if differing.is_empty() {
        return Ok(());
    }
    bail!("not what the code makes: {}\nrun `cargo xtask codegen`", differing.join(", "))
}

fn pretty(schema: &serde_json::Value) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(schema)? + "\n")
}
