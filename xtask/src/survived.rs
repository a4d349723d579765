//! The table of attacks and faults in `docs/SECURITY.md`, from the tests that say what they survive.

use crate::codegen::between;
use crate::fuzzed;
use anyhow::{Context, bail};
use std::fmt::Write as _;
use std::path::Path;
use walkdir::WalkDir;

/// The document with the table, and the marks around it.
const DOCUMENT: (&str, &str, &str) = ("docs/SECURITY.md", "<!-- survived -->\n", "<!-- end -->");

/// The mark before the table of the fuzzer's targets.
const FUZZED: &str = "<!-- fuzzed -->\n";

/// What a test's documentation says of it, before the attack and its outcome.
const MARK: &str = "/// Survives: ";

/// Folders that hold tests.
const FOLDERS: &[&str] = &["tests/suite", "crates"];

/// Kinds of results besides the packs that all of them go through: what `VERBS` in `tests/suite/security/injection.rs` print.
const PRINTED: usize = 5;

/// A test with the attack that it survives and what is left then.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Survived {
    file: String,
    attack: String,
    outcome: String,
    test: String,
}

/// The document's name and its text with the table as the tests say it.
///
/// # Errors
/// A file that can not be read, or a mark without a test or an outcome.
pub(crate) fn document(root: &Path) -> anyhow::Result<(&'static str, String)> {
    let name = DOCUMENT.0;
    let text = std::fs::read_to_string(root.join(name)).with_context(|| format!("reading {name}"))?;
    let text = between(DOCUMENT, &text, &(numbers(root)? + &table(&all(root)?)))?;
    Ok((name, between((name, FUZZED, DOCUMENT.2), &text, &fuzzed::table_of(root)?)?))
}

/// All tests that say what they survive, in the order of their files.
fn all(root: &Path) -> anyhow::Result<Vec<Survived>> {
    let mut all = Vec::new();
    for folder in FOLDERS {
        for entry in WalkDir::new(root.join(folder)).sort_by_file_name() {
            let path = entry?.into_path();
            if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(root)?.display().to_string().replace('\\', "/");
                all.extend(of(&name, &std::fs::read_to_string(&path)?)?);
            }
        }
    }
    Ok(all)
}

/// Those of one file, in its order.
fn of(file: &str, source: &str) -> anyhow::Result<Vec<Survived>> {
    let mut all = Vec::new();
    let mut lines = source.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(said) = line.trim_start().strip_prefix(MARK) else { continue };
        let mut said = said.to_owned();
        while let Some(more) = lines.next_if(|line| line.trim_start().starts_with("///")) {
            said += more.trim_start().trim_start_matches("///");
        }
        let test = lines.find_map(|line| line.trim_start().strip_prefix("fn ")?.split('(').next());
        let (Some((attack, outcome)), Some(test)) = (said.split_once(" | "), test) else {
            bail!("{file}: {said:?} has no outcome after a bar, or no test");
        };
        let [attack, outcome, test] = [attack, outcome, test].map(|text| text.trim().to_owned());
        all.push(Survived { file: file.to_owned(), attack, outcome, test });
    }
    Ok(all)
}

fn table(all: &[Survived]) -> String {
    let mut table = "| attack or fault | what is left | test |\n|---|---|---|\n".to_owned();
    for Survived { file, attack, outcome, test } in all {
        writeln!(table, "| {attack} | {outcome} | `{test}` in `{file}` |").expect("a string takes any text");
    }
    table
}

/// How many texts are put into how many places and are looked for in how many kinds of results.
fn numbers(root: &Path) -> anyhow::Result<String> {
    let folder = root.join("tests/hostile");
    let texts = std::fs::read_to_string(folder.join("strings.tsv"))?;
    let texts = texts.lines().filter(|line| !line.starts_with('#')).count();
    let mut places = 0;
    for entry in std::fs::read_dir(folder.join("inputs"))? {
        places += std::fs::read_to_string(entry?.path())?.matches("@@").count();
    }
    let mut packs = 0;
    for entry in std::fs::read_dir(root.join("templates"))? {
        packs += usize::from(entry?.path().join("reporter.toml").exists());
    }
    let kinds = packs + PRINTED;
    Ok(format!(
        "{texts} hostile texts, each in {places} fields of {} inputs, given to {packs} packs and {PRINTED} kinds of printed \
         results: {} combinations, none of which came out as more than text. What a pack leaves out by its caps does not \
         come out of it at all. Limits are tried with 1.5 GiB of address space.\n\n",
        std::fs::read_dir(folder.join("inputs"))?.count(),
        texts * places * kinds,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_says_what_it_survives() {
        let source = "/// Survives: a flood | it is\n/// dry\n#[test]\nfn it_rains() {\n}\n";
        let all = of("a.rs", source).unwrap();
        assert_eq!(table(&all).lines().last(), Some("| a flood | it is dry | `it_rains` in `a.rs` |"));
        assert!(of("a.rs", "/// Survives: a flood\n#[test]\nfn it_rains() {}\n").is_err());
        assert!(of("a.rs", "/// Survives: a flood | dry\n").is_err());
    }
}
