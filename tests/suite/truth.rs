//! `events` says of every row of the example exports what the story behind the row means.

use crate::program::{exports, profile, ringback, root, stdout};
use std::collections::BTreeMap;

/// The columns of a meaning.
const COLUMNS: [&str; 11] = [
    "fate",
    "origin",
    "origin_basis",
    "remote_scope",
    "scenario",
    "suspect",
    "message",
    "threat",
    "list",
    "result",
    "severity",
];

/// The meaning of every record, by file and number.
fn truth() -> BTreeMap<(String, u64), String> {
    let text = std::fs::read_to_string(root().join("tests/truth/truth.tsv")).unwrap();
    let mut meanings: BTreeMap<&str, &str> = BTreeMap::new();
    let mut truth = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let [kind, name, rest] = line.splitn(3, '\t').collect::<Vec<_>>().try_into().unwrap();
        if kind == "meaning" {
            meanings.insert(name, rest);
            continue;
        }
        let mut record = 1;
        for run in rest.split(' ') {
            let (number, times) = run.split_once('*').unwrap_or((run, "1"));
            for _ in 0..times.parse::<u64>().unwrap() {
                truth.insert((name.to_owned(), record), meanings[number].to_owned());
                record += 1;
            }
        }
    }
    truth
}

#[test]
fn every_row_means_what_its_story_says() {
    let mut command = ringback(["events", "-q", "-p"]);
    command.arg(profile()).arg(exports());
    let mut truth = truth();
    let mut wrong = Vec::new();
    for line in stdout(command).lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        let key = (event["source"].as_str().unwrap().to_owned(), event["record"].as_u64().unwrap());
        let said: Vec<&str> = COLUMNS.iter().map(|column| event[column].as_str().unwrap()).collect();
        let meant = truth.remove(&key).unwrap_or_else(|| panic!("{key:?} is told twice, or is no row"));
        if meant != said.join("\t") {
            wrong.push(format!("{key:?}\n  meant {meant}\n  said  {}", said.join("\t")));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} rows are wrong, such as\n{}",
        wrong.len(),
        wrong[..3.min(wrong.len())].join("\n")
    );
    let untold: Vec<_> = truth.iter().filter(|(_, meant)| !meant.starts_with("rejected:")).collect();
    assert!(untold.is_empty(), "{untold:?}");
}

#[test]
fn rejected_rows_are_where_the_truth_says_and_for_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let rejects = folder.path().join("rejects.csv");
    let mut command = ringback(["triage", "-q", "--rejects"]);
    command.arg(&rejects).arg("-p").arg(profile()).arg(exports());
    stdout(command);
    let mut reader = csv::Reader::from_path(&rejects).unwrap();
    let said: BTreeMap<(String, u64), String> = reader
        .records()
        .map(|record| {
            let record = record.unwrap();
            ((record[0].to_owned(), record[1].parse().unwrap()), format!("rejected:{}", &record[3]))
        })
        .collect();
    let meant: BTreeMap<_, _> =
        truth().into_iter().filter(|(_, meant)| meant.starts_with("rejected:")).collect();
    assert_eq!(said, meant);
}
