//! Counts of instructions, and how they compare with those that are kept.

use serde::Deserialize;
use std::collections::BTreeMap;

/// How much larger a count may be, as a share. Hashes are seeded anew in each run, which changes counts by less than a
/// thousandth; other processors and C libraries take other paths, which may change them by some hundredths.
const TOLERANCE: f64 = 0.05;

/// What was counted.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Counts {
    /// The rows of each export.
    pub(super) rows: u64,
    /// Starting, and reading next to nothing.
    pub(super) start: u64,
    /// Reading each export, by its name, without starting.
    pub(super) read: BTreeMap<String, u64>,
}

/// How counts compare.
pub(super) struct Comparison {
    /// Each count on a line.
    pub(super) text: String,
    /// Whether one is too large.
    pub(super) slipped: bool,
}

impl Counts {
    /// The file that keeps them.
    pub(super) fn to_file(&self, valgrind: &str) -> String {
        let mut text = format!(
            "# Instructions of `ringback triage -q --threads 1`, counted by callgrind ({valgrind}) and written by\n\
             # `cargo xtask instructions`. Starting is subtracted from reading.\n\
             rows = {}\nstart = {}\n\n[read]\n",
            self.rows, self.start
        );
        for (name, count) in &self.read {
            text.push_str(&format!("{name} = {count}\n"));
        }
        text
    }

    /// Compares them with a file's.
    ///
    /// # Errors
    /// The file is none of counts.
    pub(super) fn compare(&self, file: &str) -> Result<Comparison, toml::de::Error> {
        let kept: Counts = toml::from_str(file)?;
        let mut comparison = Comparison { text: String::new(), slipped: kept.rows != self.rows };
        if comparison.slipped {
            comparison.text.push_str(&format!("{} rows were counted, {} are kept\n", self.rows, kept.rows));
        }
        comparison.add("start", self.start, Some(kept.start));
        for (name, count) in &self.read {
            comparison.add(name, *count, kept.read.get(name).copied());
        }
        Ok(comparison)
    }
}

impl Comparison {
    fn add(&mut self, name: &str, count: u64, kept: Option<u64>) {
        let Some(kept) = kept else {
            self.slipped = true;
            self.text.push_str(&format!("{name}: {count} instructions, none kept\n"));
            return;
        };
        let change = change(count, kept);
        let word = match change {
            change if change > TOLERANCE => ", too many",
            change if change < -TOLERANCE => ", fewer: `cargo xtask instructions` keeps them",
            _ => "",
        };
        self.slipped |= change > TOLERANCE;
        let percent = 100.0 * change;
        self.text.push_str(&format!("{name}: {count} instructions, {percent:+.1} % to {kept}{word}\n"));
    }
}

/// By what share a count is larger than another.
#[expect(clippy::cast_precision_loss, reason = "a share needs no more digits than that")]
fn change(count: u64, kept: u64) -> f64 {
    count as f64 / kept.max(1) as f64 - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(start: u64, plain: u64) -> Counts {
        Counts { rows: 20_000, start, read: BTreeMap::from([("plain".to_owned(), plain)]) }
    }

    #[test]
    fn only_more_than_the_tolerance_is_a_slip() {
        let kept = counts(1000, 100_000).to_file("valgrind-3");
        for (start, plain, slipped, told) in [
            (1000, 100_000, false, "plain: 100000 instructions, +0.0 % to 100000\n"),
            (1000, 104_900, false, "+4.9 % to 100000\n"),
            (1000, 105_100, true, "+5.1 % to 100000, too many\n"),
            (1000, 50_000, false, "-50.0 % to 100000, fewer"),
            (1100, 100_000, true, "start: 1100 instructions, +10.0 % to 1000, too many\n"),
        ] {
            let comparison = counts(start, plain).compare(&kept).unwrap();
            assert_eq!(comparison.slipped, slipped, "{start} {plain}");
            assert!(comparison.text.contains(told), "{}", comparison.text);
        }
    }

    #[test]
    fn other_rows_or_an_export_that_is_not_kept_are_a_slip() {
        let kept = counts(1000, 100_000).to_file("valgrind-3");
        assert!(Counts { rows: 10, ..counts(1000, 100_000) }.compare(&kept).unwrap().slipped);
        let mut more = counts(1000, 100_000);
        more.read.insert("quoted".into(), 5);
        assert!(more.compare(&kept).unwrap().slipped);
        assert!(more.compare("rows = 1").is_err());
    }

    #[test]
    fn the_file_in_the_project_holds_all_that_is_counted() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let file = std::fs::read_to_string(root.join("benches/instructions.toml")).unwrap();
        let kept: Counts = toml::from_str(&file).unwrap();
        assert!(
            kept.rows == super::super::ROWS
                && super::super::READ.iter().all(|name| kept.read.contains_key(*name))
        );
    }
}
