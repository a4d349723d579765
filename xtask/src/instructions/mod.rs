//! `cargo xtask instructions`: a guard of speed that needs no clock, since it counts instructions under valgrind.
//!
//! Two generated exports are read by one thread, and a tiny one whose count, which is that of starting, is subtracted.

mod callgrind;
mod counts;

use crate::bench::{self, DATASETS, SEED};
use anyhow::{Context, bail};
use counts::Counts;
use std::io::Write;
use std::path::Path;

/// The rows of each export.
const ROWS: u64 = 20_000;

/// The exports that are read.
const READ: [&str; 2] = ["plain", "quoted"];

/// Counts the instructions and writes them down, or with `check` holds them to those in the project.
///
/// # Errors
/// A count is larger than the tolerance allows; or something can not be built, run or read.
pub(crate) fn run(root: &Path, check: bool, out: &mut dyn Write) -> anyhow::Result<()> {
    let Some(valgrind) = callgrind::version() else {
        writeln!(out, "SKIPPED: valgrind is absent, so no instructions were counted")?;
        return Ok(());
    };
    let counts = counted(root)?;
    let path = root.join("benches/instructions.toml");
    if !check {
        std::fs::write(&path, counts.to_file(&valgrind)).with_context(|| path.display().to_string())?;
        return Ok(());
    }
    let kept = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let comparison = counts.compare(&kept).with_context(|| path.display().to_string())?;
    write!(out, "{}", comparison.text)?;
    if comparison.slipped {
        bail!("more instructions than before\nhint: if they are worth it, run `cargo xtask instructions`")
    }
    Ok(())
}

/// The instructions of starting and of reading each export.
fn counted(root: &Path) -> anyhow::Result<Counts> {
    let target = bench::target_folder(root)?;
    let program = bench::build(root)?;
    let count = |name: &str| {
        let dataset = DATASETS.iter().find(|dataset| dataset.name == name).context("a data set")?;
        let made = dataset.make(&target.join("bench-data"), Some(ROWS), SEED)?;
        callgrind::count(&program, &made.files)
    };
    let start = count("small")?;
    let read = READ.iter().map(|name| Ok(((*name).to_owned(), count(name)?.saturating_sub(start))));
    Ok(Counts { rows: ROWS, start, read: read.collect::<anyhow::Result<_>>()? })
}
