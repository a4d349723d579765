//! Every row of every input has one fate, and the report accounts for it, whatever the files hold.

use crate::program::{profile, ringback, stdout};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

/// Cells of a row: time, endpoint, local, remote, result, list or rule, direction. Good ones, and each kind of bad one.
const CELLS: [&[&str]; 7] = [
    &["2026-11-01 10:00:00", "2026-11-01 10:00:01", "2026-11-05 09:00:00", "13/13/2026 25:00:00", ""],
    &["DB01", "WS-7", "", "a\"b", "two\nlines"],
    &["10.0.0.1", "10.0.0.2:51000", "26.1.1.1", "[2001:db8::1]:445", "10.0.0.999", ""],
    &["11.1.1.1:443", "10.0.0.3", "fe80::1%eth0", "c2.example.net", "1.2.3", ""],
    &["Logged", "Blocked", "odd"],
    &["Relevance Rule", "Global C&C List", "TCP_ETERNALBLUE_REQUEST", "TCP_NEW_THING_RESPONSE", ""],
    &["Outgoing", "Incoming", "sideways", ""],
];
/// The headings of those cells.
const HEADINGS: [&str; 7] =
    ["Date/Time", "Endpoint", "Local IP", "Remote IP", "Result", "List Source", "Traffic Direction"];

/// A made-up export: what it is called, its bytes and how many rows were put into it.
struct Export {
    name: String,
    bytes: Vec<u8>,
    rows: u64,
}

impl std::fmt::Debug for Export {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} of {} rows: {}", self.name, self.rows, self.bytes.escape_ascii())
    }
}

/// A row as indices into [`CELLS`], and how many cells are written of it.
fn row() -> impl Strategy<Value = ([usize; 7], usize)> {
    let index = |column: usize| prop_oneof![4 => Just(0), 3 => 0..CELLS[column].len()];
    let cells = [index(0), index(1), index(2), index(3), index(4), index(5), index(6)];
    (cells, prop_oneof![12 => Just(7usize), 1 => 1..9usize])
}

/// Writes one cell as a spreadsheet would.
fn written(cell: &str, delimiter: char) -> String {
    if cell.contains([delimiter, '"', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// Up to four exports in several dialects.
fn exports() -> impl Strategy<Value = Vec<Export>> {
    let dialect = (
        prop_oneof![Just(','), Just(';'), Just('\t')],
        prop_oneof![Just("\n"), Just("\r\n")],
        any::<bool>(),
        any::<bool>(),
    );
    let one = (dialect, proptest::collection::vec(row(), 0..40)).prop_map(
        |((delimiter, end, wide, preamble), rows)| {
            let mut text = String::new();
            if preamble {
                text.push_str(&format!("Log export{end}{end}"));
            }
            let line = |cells: &[&str]| {
                let cells: Vec<String> = cells.iter().map(|cell| written(cell, delimiter)).collect();
                cells.join(&delimiter.to_string())
            };
            text.push_str(&line(&HEADINGS));
            text.push_str(end);
            let mut count = 0;
            for (cells, length) in &rows {
                let mut cells: Vec<&str> =
                    cells.iter().zip(CELLS).map(|(index, pool)| pool[*index]).collect();
                cells.resize(*length, "more");
                count += u64::from(cells.iter().any(|cell| !cell.is_empty()));
                text.push_str(&line(&cells));
                text.push_str(end);
            }
            (wide, text, count)
        },
    );
    proptest::collection::vec(one, 1..4).prop_map(|files| {
        let export = |(number, (wide, text, rows)): (usize, (bool, String, u64))| Export {
            name: format!("export-{number}.csv"),
            bytes: if wide {
                [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
            } else {
                text.into_bytes()
            },
            rows,
        };
        files.into_iter().enumerate().map(export).collect()
    })
}

/// The report model of a folder, with further options.
fn model(folder: &Path, options: &[&str]) -> serde_json::Value {
    let mut command = ringback(["report", "-q", "-f", "json", "-p"]);
    command.arg(profile()).args(options).arg(folder);
    serde_json::from_str(&stdout(command)).unwrap()
}

/// Adds a count over the entries of a list.
fn total(list: &serde_json::Value, count: &str) -> u64 {
    list.as_array().unwrap().iter().map(|entry| entry[count].as_u64().unwrap()).sum()
}

/// Rows by fate, as `events` tells them.
fn fates(folder: &Path, options: &[&str]) -> BTreeMap<String, u64> {
    let mut command = ringback(["events", "-q", "-p"]);
    command.arg(profile()).args(options).arg(folder);
    let mut fates = BTreeMap::new();
    for line in stdout(command).lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        *fates.entry(event["fate"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    fates
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_row_is_accounted_for(files in exports(), window in any::<bool>(), keep in any::<bool>()) {
        let folder = tempfile::tempdir().unwrap();
        for file in &files {
            std::fs::write(folder.path().join(&file.name), &file.bytes).unwrap();
        }
        let mut options = Vec::new();
        if window {
            options.extend(["--since", "2026-11-02"]);
        }
        if keep {
            options.push("--keep-duplicates");
        }
        let model = model(folder.path(), &options);
        let accounting = &model["accounting"];
        let count = |name: &str| accounting[name].as_u64().unwrap();
        prop_assert_eq!(count("rows"), files.iter().map(|file| file.rows).sum::<u64>(), "every row is read");
        let parts = ["in_findings", "suppressed", "filtered", "duplicate", "rejected"];
        prop_assert_eq!(count("rows"), parts.iter().map(|part| count(part)).sum::<u64>(), "{}", accounting);
        prop_assert_eq!(count("rejected"), total(&accounting["rejects"], "rows"));
        prop_assert_eq!(count("rows"), total(&model["inputs"], "rows"));
        prop_assert_eq!(count("rejected"), total(&model["inputs"], "rejected"));
        prop_assert_eq!(count("in_findings"), total(&model["findings"], "rows"));
        prop_assert_eq!(count("in_findings"), total(&model["incidents"], "rows"));
        if keep {
            prop_assert_eq!(count("duplicate"), 0);
        }
        let fates = fates(folder.path(), &options);
        let told = |fate: &str| fates.get(fate).copied().unwrap_or(0);
        prop_assert_eq!(told("in-findings"), count("in_findings"), "{:?}", fates);
        prop_assert_eq!(told("duplicate"), count("duplicate"), "{:?}", fates);
        prop_assert_eq!(told("suppressed"), count("suppressed"), "{:?}", fates);
    }
}
