//! `cargo xtask corpus`: example exports as three clients would have them, and the truth about every row.
//!
//! The truth does not come from the classifier: each row is made by a story that knows what it means, and the story's
//! answer is written down beside the row.

mod clients;
mod dialect;
mod random;
mod rhythms;
mod stories;
mod truth;

use anyhow::{Context, bail};
pub(crate) use random::Random;
use std::collections::BTreeMap;
use std::path::Path;

/// The seed of the exports in the project.
pub(crate) const SEED: u64 = 7;

/// What a row means, in the words of the contract.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Meaning {
    pub(crate) origin: &'static str,
    pub(crate) basis: &'static str,
    pub(crate) scope: &'static str,
    pub(crate) scenario: &'static str,
    pub(crate) suspect: &'static str,
    pub(crate) message: &'static str,
    pub(crate) threat: &'static str,
    pub(crate) list: &'static str,
    pub(crate) result: &'static str,
    pub(crate) severity: &'static str,
}

/// What becomes of a row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fate {
    /// It is in a finding, or in one that the profile accepts.
    Good(Meaning, &'static str),
    /// It can not be read, for this reason.
    Rejected(&'static str),
}

/// One row before it is written down.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Seconds since 1970, UTC.
    pub(crate) at: i64,
    pub(crate) endpoint: String,
    pub(crate) user: String,
    pub(crate) process: String,
    pub(crate) local: String,
    pub(crate) local_port: u16,
    pub(crate) remote: String,
    pub(crate) remote_port: u16,
    pub(crate) protocol: &'static str,
    pub(crate) blocked: bool,
    /// A rule's or a list's name.
    pub(crate) source: String,
    pub(crate) direction: &'static str,
    pub(crate) risk: &'static str,
    pub(crate) fate: Fate,
}

/// One export before it is written down.
pub(crate) struct Export {
    pub(crate) name: String,
    pub(crate) dialect: dialect::Dialect,
    pub(crate) rows: Vec<Row>,
}

/// Makes the exports, or with `check` compares them.
///
/// # Errors
/// With `check`, the files that differ; else a file that can not be written.
pub(crate) fn run(root: &Path, seed: u64, check: bool) -> anyhow::Result<()> {
    let files = files(seed);
    if check {
        let differs =
            |(name, bytes): &(&String, &Vec<u8>)| std::fs::read(root.join(name)).ok().as_ref() != Some(bytes);
        let stale: Vec<&String> = files.iter().filter(differs).map(|(name, _)| name).collect();
        if !stale.is_empty() {
            bail!("not what the seed makes: {stale:?}\nrun `cargo xtask corpus`");
        }
        return Ok(());
    }
    for (name, bytes) in &files {
        let path = root.join(name);
        let folder = path.parent().context("every file has a folder")?;
        std::fs::create_dir_all(folder)?;
        std::fs::write(&path, bytes).with_context(|| name.clone())?;
    }
    Ok(())
}

/// Every file by its path in the project.
fn files(seed: u64) -> BTreeMap<String, Vec<u8>> {
    let mut exports = clients::exports(&mut Random::new(seed));
    rhythms::add(&mut exports, seed);
    exports.sort_by(|a, b| a.name.cmp(&b.name));
    let mut files: BTreeMap<String, Vec<u8>> = exports
        .iter()
        .map(|export| (format!("tests/exports/{}", export.name), export.dialect.write(&export.rows)))
        .collect();
    files.insert("tests/truth/truth.tsv".to_owned(), truth::write(&exports).into_bytes());
    files.insert("tests/exports/profile.toml".to_owned(), clients::PROFILE.as_bytes().to_vec());
    files
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn is_export(name: &str) -> bool {
        name.strip_prefix("tests/exports/").is_some_and(|rest| rest.contains('/'))
    }

    #[test]
    fn the_same_seed_makes_the_same_bytes_and_enough_of_them() {
        let files = files(SEED);
        assert_eq!(files, super::files(SEED));
        let exports: Vec<_> = files.keys().filter(|name| is_export(name)).collect();
        assert!(exports.len() >= 12, "{exports:?}");
        let bytes: usize = files.iter().filter(|(name, _)| is_export(name)).map(|(_, b)| b.len()).sum();
        assert!(bytes < 4_000_000, "{bytes}");
    }

    #[test]
    fn every_scenario_is_there_blocked_and_logged() {
        let exports = clients::exports(&mut Random::new(SEED));
        let rows: usize = exports.iter().map(|export| export.rows.len()).sum();
        assert!(rows >= 20_000, "{rows}");
        let seen: BTreeSet<(&str, &str)> = exports
            .iter()
            .flat_map(|export| &export.rows)
            .filter_map(|row| match &row.fate {
                Fate::Good(meaning, _) => Some((meaning.scenario, meaning.result)),
                Fate::Rejected(_) => None,
            })
            .collect();
        let scenarios: BTreeSet<&str> = seen.iter().map(|(scenario, _)| *scenario).collect();
        assert_eq!(scenarios.len(), 9, "{scenarios:?}");
    }
}
