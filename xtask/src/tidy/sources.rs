//! What every source file has: a first line that says what it holds, a name that says it too, and no loose ends.

use anyhow::Context;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Names that say nothing of what a module holds.
const VAGUE: &[&str] = &["util", "utils", "helper", "helpers", "common", "misc", "shared", "stuff"];

/// Files of more lines than this no longer read as one thing.
const LONGEST: usize = 700;

/// Folders that hold sources.
const FOLDERS: &[&str] = &["crates", "xtask", "tests"];

/// The breaches in the sources below `root`.
///
/// # Errors
/// A file that can not be read.
pub(super) fn breaches(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut breaches = Vec::new();
    for file in rust_files(root) {
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let name = file.strip_prefix(root).unwrap_or(&file);
        breaches.extend(breaches_in(name, &text));
    }
    Ok(breaches)
}

fn rust_files(root: &Path) -> Vec<PathBuf> {
    let below = |folder: &&str| WalkDir::new(root.join(folder)).sort_by_file_name();
    FOLDERS
        .iter()
        .flat_map(below)
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect()
}

fn breaches_in(name: &Path, text: &str) -> Vec<String> {
    let mut breaches = Vec::new();
    let shown = name.display();
    if !text.starts_with("//! ") {
        breaches.push(format!("{shown}: the first line does not say what the file holds (//!)"));
    }
    if let Some(part) = name.iter().filter_map(|part| part.to_str()).find(|part| is_vague(part)) {
        breaches.push(format!("{shown}: {part:?} is a vague name"));
    }
    let lines = text.lines().count();
    if lines > LONGEST {
        breaches.push(format!("{shown}: {lines} lines; more than {LONGEST} do not read as one thing"));
    }
    for (number, line) in text.lines().enumerate() {
        if line.contains(concat!("TO", "DO")) || line.contains(concat!("FIX", "ME")) {
            breaches.push(format!("{shown}:{}: a loose end", number + 1));
        }
    }
    breaches
}

fn is_vague(part: &str) -> bool {
    VAGUE.contains(&part.strip_suffix(".rs").unwrap_or(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_has_a_breach() {
        let long = format!("//! Long.\n{}", "\n".repeat(LONGEST));
        for (name, text, breaches) in [
            ("crates/a/src/place.rs", "//! Places.\n", 0),
            ("crates/a/src/place.rs", "fn main() {}\n", 1),
            ("crates/a/src/utils.rs", "//! Things.\n", 1),
            ("crates/a/src/common/mod.rs", "//! Things.\n", 1),
            ("crates/a/src/place.rs", long.as_str(), 1),
            ("crates/a/src/place.rs", concat!("//! Places.\n// TO", "DO later\n"), 1),
        ] {
            assert_eq!(breaches_in(Path::new(name), text).len(), breaches, "{name}: {text:.20}");
        }
    }
}
