//! The program that is measured, built as it is released.

use anyhow::{Context, bail};
use cargo_metadata::MetadataCommand;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder that Cargo builds into.
///
/// # Errors
/// `cargo metadata` fails.
pub(crate) fn target_folder(root: &Path) -> anyhow::Result<PathBuf> {
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .no_deps()
        .exec()
        .context("cargo metadata")?;
    Ok(metadata.target_directory.into_std_path_buf())
}

/// Builds the program in release and says where it is.
///
/// # Errors
/// The build fails.
pub(crate) fn build(root: &Path) -> anyhow::Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.current_dir(root).args(["build", "--release", "--locked", "--quiet", "--package", "ringback"]);
    if !build.status().context("cargo build")?.success() {
        bail!("cargo build --release failed")
    }
    Ok(target_folder(root)?.join("release/ringback"))
}
