//! The table of the fuzzer's targets in `docs/SECURITY.md`: from the targets, what is kept of their inputs, and the runs that
//! `fuzz/runs.toml` has.

use anyhow::{Context, ensure};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// How long each target has to have run, in seconds.
const SHORTEST: u64 = 600;

/// The most bytes that all inputs may take that are kept.
const LARGEST: u64 = 1_000_000;

/// A run of a target.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Run {
    /// The day.
    date: String,
    /// How long it took, in seconds.
    seconds: u64,
    /// How many inputs were tried.
    executions: u64,
}

/// A target as its files are.
#[derive(Debug)]
struct Target {
    /// What must hold, from the first line of its file.
    holds: String,
    /// How many inputs are kept, and their bytes.
    kept: (usize, u64),
}

/// The table.
///
/// # Errors
/// A target that did not run, not for long enough, or of which no input is kept; inputs that take too much.
pub(crate) fn table_of(root: &Path) -> anyhow::Result<String> {
    let file = root.join("fuzz/runs.toml");
    let runs = std::fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
    table(&targets(root)?, &toml::from_str(&runs)?)
}

/// The targets by name.
fn targets(root: &Path) -> anyhow::Result<BTreeMap<String, Target>> {
    let mut targets = BTreeMap::new();
    for entry in std::fs::read_dir(root.join("fuzz/fuzz_targets"))? {
        let path = entry?.path();
        let name = path.file_stem().context("a target has a name")?.to_string_lossy().into_owned();
        let source = std::fs::read_to_string(&path)?;
        let holds = source.lines().next().unwrap_or_default().trim_start_matches("//! ").to_owned();
        let mut kept = (0, 0);
        for input in std::fs::read_dir(root.join("fuzz/corpus").join(&name))? {
            kept.0 += 1;
            kept.1 += input?.metadata()?.len();
        }
        targets.insert(name, Target { holds, kept });
    }
    let all: u64 = targets.values().map(|target| target.kept.1).sum();
    ensure!(all <= LARGEST, "the inputs in fuzz/corpus take {all} bytes, which is more than {LARGEST}");
    Ok(targets)
}

fn table(targets: &BTreeMap<String, Target>, runs: &BTreeMap<String, Run>) -> anyhow::Result<String> {
    if let Some(name) = runs.keys().find(|name| !targets.contains_key(*name)) {
        anyhow::bail!("fuzz/runs.toml has a run of {name}, which is no target");
    }
    let mut table = "| target | what must hold | inputs kept | ran on | for | inputs tried |\n|---|---|---|---|---|---|\n".to_owned();
    let mut all = 0;
    for (name, Target { holds, kept: (inputs, _) }) in targets {
        let run = runs.get(name).with_context(|| format!("fuzz/runs.toml has no run of {name}"))?;
        let Run { date, seconds, executions } = run;
        ensure!(*seconds >= SHORTEST, "{name} ran for {seconds} seconds; {SHORTEST} are needed");
        ensure!(*inputs > 0, "no input of {name} is kept");
        writeln!(table, "| `{name}` | {holds} | {inputs} | {date} | {seconds} s | {executions} |")
            .expect("a string takes any text");
        all += executions;
    }
    writeln!(table, "\n{all} inputs in all.").expect("a string takes any text");
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_told_with_its_run_or_refused() {
        let target = || Target { holds: "It holds.".to_owned(), kept: (3, 30) };
        let targets = BTreeMap::from([("rows".to_owned(), target())]);
        let told = |runs: &str| table(&targets, &toml::from_str(runs).unwrap());
        let run = "[rows]\ndate = \"2026-11-26\"\nseconds = 620\nexecutions = 7\n";
        assert!(told(run).unwrap().contains("| `rows` | It holds. | 3 | 2026-11-26 | 620 s | 7 |"));
        for (runs, why) in [
            (String::new(), "has no run of rows"),
            (run.replace("620", "599"), "ran for 599 seconds"),
            (format!("{run}{}", run.replace("rows", "other")), "which is no target"),
        ] {
            assert!(told(&runs).unwrap_err().to_string().contains(why), "{runs}");
        }
    }
}
