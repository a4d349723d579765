//! `cargo xtask codegen`: files that are made from the code, and the check that they are what the code makes.

use anyhow::{Context, bail};
use ringback_model::Report;
use std::path::Path;

/// Makes every generated file below `root`, or with `check` compares it.
///
/// # Errors
/// With `check`, the files that differ; else a file that can not be written.
pub(crate) fn run(root: &Path, check: bool) -> anyhow::Result<()> {
    let (name, text) = ("docs/report.schema.json", report_schema()?);
    let path = root.join(name);
    if !check {
        return std::fs::write(&path, text).with_context(|| format!("writing {name}"));
    }
    if std::fs::read_to_string(&path).ok().as_deref() == Some(text.as_str()) {
        return Ok(());
    }
    bail!("not what the code makes: {name}\nrun `cargo xtask codegen`")
}

fn report_schema() -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(&Report::schema())? + "\n")
}
