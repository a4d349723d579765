//! Exports of some size that overlap in awkward ways: not in order of time, compressed, through a pipe, with dates of which
//! the order is proven late, with hours that the first and the last rows do not show.

use crate::program::{profile, ringback, stdout};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

/// How a time is written, by day of the month and second of the day.
type Spelled = fn(u64, u64) -> String;

const HEADINGS: &str =
    "Date/Time,Endpoint,Process,Local IP and Port,Remote IP and Port,Result,Detected By,Traffic Direction";

/// Number, day of November and second of the day of each row of the log, in order of time; some rows stand there twice.
fn log() -> Vec<(u64, u64, u64)> {
    let row = |number: u64| (number, 1 + number * 30 / 6000, number * 30 % 6000 * 14 + number % 7);
    (0..6000).map(row).flat_map(|row| std::iter::repeat_n(row, if row.0 % 50 == 0 { 2 } else { 1 })).collect()
}

fn line((number, day, second): (u64, u64, u64), time: Spelled) -> String {
    let (host, remote) = (number % 83, number * number % 400);
    format!(
        "{},WS-{host:03},C:\\tools\\p{}.exe,10.0.{}.{}:{},11.{}.1.1:443,{},Relevance Rule,Outgoing\n",
        time(day, second),
        number % 3,
        host / 50,
        host % 50 + 1,
        50_000 + number % 900,
        remote % 200 + 1,
        ["Logged", "Blocked"][usize::try_from(number % 2).unwrap()],
    )
}

fn clock(second: u64) -> String {
    format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}

fn iso(day: u64, second: u64) -> String {
    format!("2026-11-{day:02} {}", clock(second))
}

fn month_first(day: u64, second: u64) -> String {
    format!("11/{day:02}/2026 {}", clock(second))
}

fn export(rows: &[(u64, u64, u64)], time: Spelled) -> String {
    [HEADINGS, "\n"].into_iter().map(str::to_owned).chain(rows.iter().map(|row| line(*row, time))).collect()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// What a report says of the log itself; the evidence by what its rows say.
fn told(model: &Value) -> Vec<Value> {
    let mut findings = model["findings"].as_array().unwrap().clone();
    for finding in &mut findings {
        finding["evidence"] = finding["evidence"].as_array().unwrap().len().into();
    }
    findings.extend([model["timeline"].clone(), model["hosts"].clone()]);
    findings
}

/// Runs on paths, the last input through a pipe where one is given.
fn piped(arguments: &[&str], paths: &Path, pipe: Option<&str>) -> String {
    let mut command = ringback(arguments);
    command.arg("-p").arg(profile()).arg(paths);
    let Some(text) = pipe else { return stdout(command) };
    let mut child = command.arg("-").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let text = text.to_owned();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// Holds a folder of overlapping exports, and what comes through a pipe, to the whole log.
fn holds(folder: &Path, pipe: Option<&str>, about: &str) {
    let log = log();
    let whole = tempfile::tempdir().unwrap();
    fs::write(whole.path().join("log.csv"), export(&log, iso)).unwrap();
    let report = ["report", "-q", "-f", "json"];
    let model = |folder, pipe| serde_json::from_str::<Value>(&piped(&report, folder, pipe)).unwrap();
    let (expected, found) = (model(whole.path(), None), model(folder, pipe));
    assert_eq!(found["accounting"]["in_findings"], log.len() as u64, "{about}");
    for (one, other) in told(&expected).iter().zip(&told(&found)) {
        assert_eq!(one, other, "{about}");
    }
    let single: Value =
        serde_json::from_str(&piped(&["report", "-q", "-f", "json", "--threads", "1"], folder, pipe))
            .unwrap();
    assert_eq!(found["findings"], single["findings"], "{about}: one thread");
    events_agree(&found, &piped(&["events", "-q"], folder, pipe), about);
}

/// The rows tell the same as the report: how many are duplicates, and which come first in each finding.
fn events_agree(model: &Value, events: &str, about: &str) {
    let mut first: BTreeMap<String, Vec<(String, u64)>> = BTreeMap::new();
    let mut duplicates = 0;
    for event in events.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        if event["fate"] == "duplicate" {
            duplicates += 1;
            continue;
        }
        let place = (event["source"].as_str().unwrap().to_owned(), event["record"].as_u64().unwrap());
        first.entry(event["finding"].as_str().unwrap().to_owned()).or_default().push(place);
    }
    assert_eq!(model["accounting"]["duplicate"], duplicates, "{about}");
    for finding in model["findings"].as_array().unwrap() {
        let evidence = finding["evidence"].as_array().unwrap().iter();
        let evidence: Vec<(String, u64)> = evidence
            .map(|place| (place["source"].as_str().unwrap().to_owned(), place["record"].as_u64().unwrap()))
            .collect();
        let rows = &first[finding["id"].as_str().unwrap()];
        assert_eq!(evidence, rows[..evidence.len()], "{about} {}", finding["id"]);
    }
}

fn days(log: &[(u64, u64, u64)], days: std::ops::RangeInclusive<u64>) -> Vec<(u64, u64, u64)> {
    log.iter().filter(|row| days.contains(&row.1)).copied().collect()
}

#[test]
fn awkward_exports_tell_what_the_log_tells() {
    let log = log();
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    // The order of its dates is open in its first rows and proven in its last ones.
    write("a-open-dates.csv", export(&days(&log, 1..=15), month_first).as_bytes());
    write("b-plain.csv", export(&days(&log, 8..=20), iso).as_bytes());
    write("c-packed.csv.gz", &gzip(&export(&days(&log, 18..=25), iso)));
    holds(folder.path(), Some(&export(&days(&log, 24..=31), iso)), "with a pipe");
    // Sorted by host, and its first and last day stand in the middle of the file.
    let mut by_host = days(&log, 22..=31);
    by_host.sort_by_key(|row| ((row.1 == 22 || row.1 > 29) != (row.0 % 83 > 40), row.0 % 83));
    write("d-by-host.csv", export(&by_host, iso).as_bytes());
    let mut newest_first = days(&log, 14..=27);
    newest_first.reverse();
    write("0-newest-first.csv", export(&newest_first, iso).as_bytes());
    holds(folder.path(), None, "in no order");
    let twice = fs::read(folder.path().join("b-plain.csv")).unwrap();
    write("e-again.csv", &twice);
    holds(folder.path(), None, "one twice");
}
