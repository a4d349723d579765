//! `cargo xtask tidy`: the rules of the house that no compiler checks.

mod arrows;
mod sources;
mod words;

use anyhow::bail;
use std::path::Path;

/// Checks the workspace at `root`.
///
/// # Errors
/// Every breach, one on each line.
pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    let mut breaches = arrows::breaches(root)?;
    breaches.extend(sources::breaches(root)?);
    breaches.extend(words::breaches(root)?);
    if breaches.is_empty() {
        return Ok(());
    }
    bail!("{} breaches:\n{}", breaches.len(), breaches.join("\n"))
}
