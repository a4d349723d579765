//! `cargo xtask conformance`: holds the reading of records to public test suites.
//!
//! Every file of a suite is read as rows are, and record by record by the reference reader, `csv`. Where the two differ,
//! the difference must be a reject that is counted or one of the differences that `records.rs` documents; anything else
//! is wrong. A suite that says itself what its files hold is held to that too.

mod delimited;
mod outcome;
mod spectrum;

use anyhow::bail;
use outcome::{Kind, Outcome};
use std::io::Write;
use std::path::{Path, PathBuf};

/// A public suite.
struct Suite {
    /// Its folder.
    name: &'static str,
    /// Checks all of its files.
    check: fn(&Path) -> anyhow::Result<Outcome>,
}

/// The suites. One for another kind of log is a further line with a check of its own.
const SUITES: &[Suite] = &[
    Suite { name: "csv-spectrum", check: spectrum::check },
    Suite { name: "w3c-csvw", check: delimited::check },
    Suite { name: "clevercsv", check: delimited::check },
    Suite { name: "rust-csv", check: delimited::check },
];

/// Where the suites are unless somebody says otherwise.
pub(crate) fn data_folder(root: &Path) -> PathBuf {
    let beside = || root.parent().unwrap_or(root).join("shared/data");
    std::env::var_os("RINGBACK_PUBLIC_DATA").map_or_else(beside, PathBuf::from)
}

/// Checks every suite below `data` and writes a table. What is absent is skipped and said.
///
/// # Errors
/// What is wrong, a suite without files, or a file that can not be read.
pub(crate) fn run(data: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    if !data.is_dir() {
        writeln!(out, "SKIPPED: the folder of the public suites, {}, is absent", data.display())?;
        return Ok(());
    }
    let mut outcomes = Vec::new();
    for suite in SUITES {
        let folder = data.join(suite.name);
        if folder.is_dir() {
            outcomes.push((suite.name, (suite.check)(&folder)?));
        } else {
            writeln!(out, "SKIPPED: the suite {}, {}, is absent", suite.name, folder.display())?;
        }
    }
    write!(out, "{}", outcome::table(&outcomes))?;
    for (name, outcome) in &outcomes {
        for difference in &outcome.differences {
            writeln!(out, "{name}: {difference}")?;
        }
    }
    if let Some((name, _)) = outcomes.iter().find(|(_, outcome)| outcome.files == 0) {
        bail!("the suite {name} has no file that could be checked")
    }
    match outcomes.iter().map(|(_, outcome)| outcome.count(Kind::Wrong)).sum::<u64>() {
        0 => Ok(()),
        wrong => bail!("{wrong} wrong"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn said(data: &Path) -> (bool, String) {
        let mut out = Vec::new();
        let fine = run(data, &mut out).is_ok();
        (fine, String::from_utf8(out).unwrap())
    }

    #[test]
    fn the_public_suites_are_read_as_the_reference_reads_them() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let (fine, said) = said(&data_folder(root));
        println!("{said}");
        assert!(fine, "{said}");
    }

    #[test]
    fn what_is_absent_is_skipped_and_said() {
        let data = tempfile::tempdir().unwrap();
        let (fine, absent) = said(&data.path().join("nothing"));
        assert!(fine && absent.starts_with("SKIPPED: the folder"), "{absent}");
        let (fine, absent) = said(data.path());
        assert!(fine && absent.matches("SKIPPED: the suite").count() == SUITES.len(), "{absent}");
    }

    #[test]
    fn a_suite_that_says_something_else_is_a_failure() {
        for (expected, fine, told) in [
            (r#"[{"a":"1","b":""}]"#, true, "csv-spectrum            1"),
            (r#"[{"a":"1","b":"2"}]"#, false, "wrong: csvs/one.csv"),
            (r#"[{"a":"1","b":""},{"a":"1","b":""}]"#, false, "wrong: csvs/one.csv"),
            (r"[]", false, "wrong: csvs/one.csv"),
        ] {
            let data = tempfile::tempdir().unwrap();
            let suite = data.path().join("csv-spectrum");
            fs::create_dir_all(suite.join("csvs")).unwrap();
            fs::create_dir_all(suite.join("json")).unwrap();
            fs::write(suite.join("csvs/one.csv"), "a,b\n1,\"\"\n").unwrap();
            fs::write(suite.join("json/one.json"), expected).unwrap();
            let (held, said) = said(data.path());
            assert_eq!(held, fine, "{expected}: {said}");
            assert!(said.contains(told), "{expected}: {said}");
        }
    }

    #[test]
    fn a_suite_without_files_is_a_failure() {
        let data = tempfile::tempdir().unwrap();
        fs::create_dir(data.path().join("rust-csv")).unwrap();
        assert!(!said(data.path()).0);
    }
}
