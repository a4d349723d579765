//! What checking a suite came to, and the table of it.

use std::fmt;

/// What checking one suite came to.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// Files.
    pub(super) files: u64,
    /// Readings of them: each file is read with each delimiter.
    pub(super) readings: u64,
    /// Records that the reference found in all readings.
    pub(super) records: u64,
    /// Those that are equal in ours.
    pub(super) equal: u64,
    /// Rows that are what the suite itself says of them.
    pub(super) expected: u64,
    /// All others.
    pub(super) differences: Vec<Difference>,
}

/// What a difference is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The record is rejected and counted as such.
    Rejected,
    /// It is meant, and documented.
    Documented,
    /// It is a fault.
    Wrong,
}

/// Something that is not equal.
#[derive(Debug)]
pub(super) struct Difference {
    /// What it is.
    pub(super) kind: Kind,
    /// The file, below the suite's folder, and how it was read.
    pub(super) reading: String,
    /// The line in it, from 1; 0 where it is about the whole file.
    pub(super) line: u64,
    /// What differs.
    pub(super) text: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Rejected => "rejected",
            Kind::Documented => "documented",
            Kind::Wrong => "wrong",
        };
        write!(out, "{kind}: {}", self.reading)?;
        if self.line > 0 {
            write!(out, ", line {}", self.line)?;
        }
        write!(out, ": {}", self.text)
    }
}

impl Outcome {
    /// How many differences of a kind there are.
    pub(super) fn count(&self, kind: Kind) -> u64 {
        self.differences.iter().filter(|difference| difference.kind == kind).count() as u64
    }

    /// Adds a difference.
    pub(super) fn differ(&mut self, kind: Kind, reading: &str, line: u64, text: impl Into<String>) {
        self.differences.push(Difference { kind, reading: reading.to_owned(), line, text: text.into() });
    }
}

/// The outcomes as a table, one suite on each line.
pub(super) fn table(outcomes: &[(&str, Outcome)]) -> String {
    let headings = ["files", "readings", "records", "equal", "rejected", "documented", "expected", "wrong"];
    let mut table = format!("{:14}", "suite");
    for heading in headings {
        table.push_str(&format!(" {heading:>10}"));
    }
    table.push('\n');
    for (name, outcome) in outcomes {
        table.push_str(&format!("{name:14}"));
        for number in [
            outcome.files,
            outcome.readings,
            outcome.records,
            outcome.equal,
            outcome.count(Kind::Rejected),
            outcome.count(Kind::Documented),
            outcome.expected,
            outcome.count(Kind::Wrong),
        ] {
            table.push_str(&format!(" {number:>10}"));
        }
        table.push('\n');
    }
    table
}
